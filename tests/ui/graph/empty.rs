use metagraph::GraphType;

#[derive(GraphType)]
#[graph(name = "nothing")]
enum Nothing {}

fn main() {}
