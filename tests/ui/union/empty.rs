use metagraph::GraphType;

#[derive(GraphType)]
#[graph(union)]
enum Owner {}

fn main() {}
