use metagraph::GraphType;

#[derive(GraphType)]
#[graph(union)]
struct Owner {}

fn main() {}
