use metagraph::prelude::*;

#[derive(Serialize, Deserialize, JsonSchema)]
struct Encrypted(String);

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Account {
    token: Encrypted,
}

fn main() {}
