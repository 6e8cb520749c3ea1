// A graph type in two releases of a program, for the examples of evolution.
#[allow(unused_imports, reason = "not every example uses every name")]
mod metagraph {
    pub use metagraph_diesel::*;
}
#[allow(unused_imports, reason = "not every example uses every name")]
use metagraph_diesel::Graph;

#[allow(dead_code, reason = "not every example uses every release")]
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

#[allow(dead_code, reason = "not every example uses every release")]
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

#[allow(dead_code, reason = "not every example uses every release")]
mod third {
    use metagraph_derive::GraphType;
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node, crate = "metagraph_core")]
    pub struct Note {
        pub text: String,
    }

    #[derive(Debug, GraphType)]
    #[graph(crate = "metagraph_core", name = "tasks", version = 3)]
    pub enum Tasks {
        Note(Note),
    }
}

/// A database in memory that a program of the first release wrote one task to.
#[allow(dead_code, reason = "not every example begins with it")]
fn example() -> metagraph::Result<diesel::SqliteConnection> {
    let mut conn = metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(&mut conn)?;
    metagraph::sync::<first::Tasks, _>(&mut conn)?;
    let graph = Graph::<first::Tasks>::open_or_create(&mut conn, "home")?;
    graph.insert(&mut conn, &first::Task { name: "paint".into(), points: 8 })?;
    Ok(conn)
}
