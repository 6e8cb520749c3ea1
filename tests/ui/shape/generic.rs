use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package<T> {
    value: T,
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Matrix<const N: usize> {}

fn main() {}
