use metagraph::GraphType;

#[derive(GraphType)]
#[graph(node)]
union Number {
    whole: u32,
    fraction: f32,
}

fn main() {}
