use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

struct Undescribed {}

#[derive(Deserialize, JsonSchema)]
struct OldTask {}

fn of_undescribed(_: Undescribed) -> Task {
    Task {}
}

fn of_two(_: OldTask, _: u32) -> Task {
    Task {}
}

fn of_borrowed(_: &OldTask) -> Task {
    Task {}
}

const NUMBER: u32 = 7;

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, upgrade = of_undescribed, upgrade = of_two, upgrade = of_borrowed, upgrade = NUMBER, upgrade = nowhere)]
struct Task {}

fn main() {}
