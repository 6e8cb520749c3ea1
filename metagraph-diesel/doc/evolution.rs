// A graph type in two releases of a program, for the examples of evolution.
#[allow(unused_imports, reason = "not every example uses every name")]
mod metagraph {
    pub use metagraph_diesel::*;
}
#[allow(unused_imports, reason = "not every example uses every name")]
use metagraph_diesel::Graph;

mod first {
    use metagraph_derive::GraphType;
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node, crate = "metagraph_core")]
    pub struct Task {
        pub name: String,
        pub points: u32,
    }

    #[derive(Debug, GraphType)]
    #[graph(crate = "metagraph_core", name = "tasks")]
    pub enum Tasks {
        Task(Task),
    }
}

mod second {
    use metagraph_derive::GraphType;
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node, crate = "metagraph_core")]
    pub struct Task {
        #[graph(renamed_from = "name")]
        pub title: String,
        pub points: String,
    }

    #[derive(Debug, GraphType)]
    #[graph(crate = "metagraph_core", name = "tasks", version = 2)]
    pub enum Tasks {
        Task(Task),
    }
}
