//! One graph type as four releases of a program have it.

/// The first release.
pub(crate) mod original {
    use metagraph::prelude::*;
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    /// Something to buy.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node)]
    pub(crate) struct Item {
        #[graph(key)]
        pub(crate) name: String,
        pub(crate) price: u32,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(edge(from = Item, to = Item))]
    pub(crate) struct GoesWith;

    /// A small shop.
    #[derive(GraphType)]
    #[graph(name = "shop")]
    pub(crate) enum Shop {
        Item(Item),
        GoesWith(GoesWith),
    }
}

/// The same in another order.
pub(crate) mod reordered {
    use metagraph::prelude::*;
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(edge(from = Item, to = Item))]
    pub(crate) struct GoesWith;

    /// Something to buy.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node)]
    pub(crate) struct Item {
        pub(crate) price: u32,
        #[graph(key)]
        pub(crate) name: String,
    }

    /// A small shop.
    #[derive(GraphType)]
    #[graph(name = "shop")]
    pub(crate) enum Shop {
        GoesWith(GoesWith),
        Item(Item),
    }
}

/// The same in other words.
pub(crate) mod redescribed {
    use metagraph::prelude::*;
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    /// What can be bought.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node)]
    pub(crate) struct Item {
        /// Its name.
        #[graph(key)]
        pub(crate) name: String,
        pub(crate) price: u32,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(edge(from = Item, to = Item))]
    pub(crate) struct GoesWith;

    /// A very small shop.
    #[derive(GraphType)]
    #[graph(name = "shop")]
    pub(crate) enum Shop {
        Item(Item),
        GoesWith(GoesWith),
    }
}

/// Another shape and other rules.
pub(crate) mod changed {
    use metagraph::prelude::*;
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    /// Something to buy.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node)]
    pub(crate) struct Item {
        #[graph(key)]
        pub(crate) name: String,
        pub(crate) price: i64,
        pub(crate) colour: Option<String>,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(edge(from = Item, to = Item), one_out)]
    pub(crate) struct GoesWith;

    /// A small shop.
    #[derive(GraphType)]
    #[graph(name = "shop", version = 2)]
    pub(crate) enum Shop {
        Item(Item),
        GoesWith(GoesWith),
    }
}
