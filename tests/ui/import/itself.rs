use metagraph::GraphType;

#[derive(GraphType)]
#[graph(name = "dependencies")]
enum Dependencies {
    #[graph(import)]
    Itself(Dependencies),
}

fn main() {}
