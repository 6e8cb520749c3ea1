use metagraph::GraphType;

#[derive(GraphType)]
#[graph(crate = "metagraph")]
enum Anything {}

fn main() {}
