//! A board of tasks and people, as four releases of a program have it.

/// A module with the imports that graph types need.
macro_rules! release {
    ($(#[$doc:meta])* $name:ident { $($item:item)+ }) => {
        $(#[$doc])*
        pub(crate) mod $name {
            #[allow(unused_imports, reason = "not every release uses every name")]
            use metagraph::prelude::*;
            use schemars::JsonSchema;
            use serde::{Deserialize, Serialize};

            $($item)+
        }
    };
}

pub(crate) use release;

release! {
    /// The first release.
    board_first {
        #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
        pub(crate) enum Status { Open, Done }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node)]
        pub(crate) struct Task {
            #[graph(key)]
            pub(crate) id: String,
            pub(crate) name: String,
            pub(crate) points: u32,
            pub(crate) owner: Option<String>,
            pub(crate) status: Status,
        }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node)]
        pub(crate) struct Person {
            #[graph(key)]
            pub(crate) login: String,
            pub(crate) name: String,
        }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node)]
        pub(crate) struct Tag {
            #[graph(key)]
            pub(crate) word: String,
        }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Task, to = Task))]
        pub(crate) struct Blocks;

        #[derive(GraphType)]
        #[graph(name = "board")]
        pub(crate) enum Board { Task(Task), Person(Person), Tag(Tag), Blocks(Blocks) }
    }
}

release! {
    /// An optional and a defaulted field, an edge type and a value more.
    board_second {
        use super::board_first::{Person, Tag};

        #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
        pub(crate) enum Status { Open, Waiting, Done }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node)]
        pub(crate) struct Task {
            #[graph(key)]
            pub(crate) id: String,
            pub(crate) name: String,
            pub(crate) points: u32,
            pub(crate) owner: Option<String>,
            pub(crate) status: Status,
            pub(crate) note: Option<String>,
            #[serde(default = "usual")]
            pub(crate) priority: u8,
        }

        fn usual() -> u8 { 3 }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Task, to = Task))]
        pub(crate) struct Blocks;

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Person, to = Task))]
        pub(crate) struct Watches;

        #[derive(GraphType)]
        #[graph(name = "board")]
        pub(crate) enum Board { Task(Task), Person(Person), Tag(Tag), Blocks(Blocks), Watches(Watches) }
    }
}

release! {
    /// A field has another name, one must be there, one is text, and a person's name is two.
    board_third {
        use super::board_first::Tag;
        pub(crate) use super::board_second::Status;

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node)]
        pub(crate) struct Task {
            #[graph(key)]
            pub(crate) id: String,
            #[graph(renamed_from = "name")]
            pub(crate) title: String,
            pub(crate) points: String,
            #[serde(default = "nobody")]
            pub(crate) owner: String,
            pub(crate) status: Status,
            pub(crate) note: Option<String>,
            #[serde(default = "usual")]
            pub(crate) priority: u8,
        }

        fn nobody() -> String { "nobody".to_owned() }

        fn usual() -> u8 { 3 }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node, upgrade = split)]
        pub(crate) struct Person {
            #[graph(key)]
            pub(crate) login: String,
            pub(crate) first: String,
            pub(crate) last: String,
        }

        fn split(old: super::board_first::Person) -> Result<Person, String> {
            let (first, last) = old.name.split_once(' ').ok_or_else(|| format!("`{}` is one word", old.name))?;
            Ok(Person { login: old.login, first: first.to_owned(), last: last.to_owned() })
        }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Task, to = Task))]
        pub(crate) struct Blocks;

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Person, to = Task))]
        pub(crate) struct Watches;

        #[derive(GraphType)]
        #[graph(name = "board", version = 2)]
        pub(crate) enum Board { Task(Task), Person(Person), Tag(Tag), Blocks(Blocks), Watches(Watches) }
    }
}

release! {
    /// A value less, which rows have.
    board_fourth {
        use super::board_first::Tag;
        use super::board_third::Person;

        #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
        pub(crate) enum Status { Open, Waiting }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node)]
        pub(crate) struct Task {
            #[graph(key)]
            pub(crate) id: String,
            pub(crate) title: String,
            pub(crate) points: String,
            #[serde(default = "nobody")]
            pub(crate) owner: String,
            pub(crate) status: Status,
            pub(crate) note: Option<String>,
            #[serde(default = "usual")]
            pub(crate) priority: u8,
        }

        fn nobody() -> String { "nobody".to_owned() }

        fn usual() -> u8 { 3 }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Task, to = Task))]
        pub(crate) struct Blocks;

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Person, to = Task))]
        pub(crate) struct Watches;

        #[derive(GraphType)]
        #[graph(name = "board", version = 3)]
        pub(crate) enum Board { Task(Task), Person(Person), Tag(Tag), Blocks(Blocks), Watches(Watches) }
    }
}
