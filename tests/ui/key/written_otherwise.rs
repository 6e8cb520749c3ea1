use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

fn shout<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text.to_uppercase())
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[graph(key)]
    #[serde(serialize_with = "shout")]
    id: String,
}

fn main() {}
