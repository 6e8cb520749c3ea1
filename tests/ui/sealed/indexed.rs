use metagraph::encryption::{Encrypted, Findable};
use metagraph::prelude::*;

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Account {
    #[graph(key)]
    name: Encrypted<String>,
    #[graph(index)]
    token: Encrypted<String>,
    #[graph(unique)]
    pin: Option<metagraph::encryption::Encrypted<u32>>,
    #[graph(unique = "both")]
    one: Encrypted<String, Findable>,
    #[graph(index, encrypted_index)]
    two: Encrypted<String, Findable>,
    #[graph(encrypted_index)]
    plain: String,
    #[graph(encrypted_index, encrypted_index)]
    twice: Encrypted<String, Findable>,
}

fn main() {}
