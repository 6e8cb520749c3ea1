//! The words that columns hold.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$word_doc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// The word that is stored.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            pub(crate) fn from_word(word: &str) -> diesel::deserialize::Result<Self> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!("`{word}` is not a {}", stringify!($name)).into()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// Where a graph is in its life.
    #[derive(Default)]
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use metagraph::row::GraphStatus;
    ///
    /// assert_eq!(GraphStatus::Archived.as_str(), "archived");
    /// assert_eq!(serde_json::to_value(GraphStatus::Draft).unwrap(), "draft");
    /// ```
    GraphStatus {
        /// New; takes writes.
        #[default]
        Draft = "draft",
        /// In use; takes writes.
        Active = "active",
        /// Kept as it is; refuses writes.
        Archived = "archived",
    }
}

words! {
    /// What an actor is.
    ActorKind {
        /// A human being.
        Person = "person",
        /// A program that runs on its own account.
        Service = "service",
        /// A program that acts on somebody's behalf.
        Agent = "agent",
        /// The system itself.
        System = "system",
    }
}

words! {
    /// Whether an actor may act.
    ActorStatus {
        /// It may.
        Active = "active",
        /// Not for now.
        Suspended = "suspended",
        /// Never again.
        Deactivated = "deactivated",
    }
}
