use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
struct OldTask {}

struct Silent;

fn to_nothing(_: OldTask) {}

fn to_another(_: OldTask) -> Result<OldTask, String> {
    Ok(OldTask {})
}

fn to_silence(_: OldTask) -> Result<Task, Silent> {
    Ok(Task {})
}

fn perhaps(_: OldTask) -> Option<Task> {
    None
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, upgrade = to_nothing, upgrade = to_another, upgrade = to_silence, upgrade = perhaps)]
struct Task {}

fn main() {}
