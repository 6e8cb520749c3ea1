use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
struct OldTask {}

fn from_v1(_: OldTask) -> Task {
    Task {}
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, upgrade = "from_v1", upgrade, upgrade(from_v1), upgrade = |old| old)]
#[graph(upgrade = from_v1, upgrade = from_v1)]
struct Task {}

fn main() {}
