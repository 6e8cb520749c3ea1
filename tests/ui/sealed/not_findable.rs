use metagraph::encryption::Encrypted;
use metagraph::prelude::*;

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Account {
    #[graph(encrypted_index)]
    token: Encrypted<String>,
}

fn main() {}
