use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[serde(rename = "a\"b")]
    quoted: String,
    #[serde(rename = "a\\b")]
    escaped: String,
    #[serde(rename = "a\nb")]
    broken: String,
    #[serde(rename = "")]
    empty: String,
}

fn main() {}
