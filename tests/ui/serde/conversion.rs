use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(into = "String", from = "String")]
#[graph(node)]
struct Package {
    name: String,
}

impl From<String> for Package {
    fn from(name: String) -> Self {
        Self { name }
    }
}

impl From<Package> for String {
    fn from(package: Package) -> Self {
        package.name
    }
}

fn main() {}
