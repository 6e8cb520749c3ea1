//! The kinds of damage, each with a name that stays the same between releases.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal: $meaning:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $meaning] #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// The name, which stays the same between releases.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// What it means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning),+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

kinds! {
    /// What can be wrong with a database that somebody else wrote to.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use metagraph::integrity::Damage;
    ///
    /// assert_eq!(Damage::MissingEnd.as_str(), "missing_end");
    /// assert_eq!(Damage::MissingEnd.meaning(), "An end of an edge does not exist in the edge's graph.");
    /// ```
    Damage {
        MissingMigration = "missing_migration": "The ledger lacks a migration of this release.",
        MissingObject = "missing_object": "A table, column, key, constraint or index of ours is missing.",
        AlteredObject = "altered_object": "A table, column, key, constraint or index of ours is not as we create it.",
        MissingIndex = "missing_index": "An index that a graph type declares is missing.",
        MissingDocument = "missing_document": "The schema document of a graph type's revision is missing.",
        InvalidDocument = "invalid_document": "A stored schema document cannot be used.",
        DocumentHash = "document_hash": "A stored hash is not the one of the schema document.",
        DocumentText = "document_text": "A schema document is not stored in its canonical text.",
        TypeColumns = "type_columns": "The row of a type says something else than its schema document.",
        MissingType = "missing_type": "A member of a schema document has no row.",
        UnlistedType = "unlisted_type": "A node or edge type is no member of its graph type's schema document.",
        DuplicateType = "duplicate_type": "Several types have one name.",
        StrayType = "stray_type": "A row belongs to a graph type that does not exist.",
        UnknownGraphType = "unknown_graph_type": "The graph type of a graph does not exist.",
        Revision = "revision": "The rows of a graph are of another revision than its graph type.",
        DuplicateUid = "duplicate_uid": "Several graphs have one uid.",
        MissingGraph = "missing_graph": "The graph of a node or an edge does not exist.",
        UnknownType = "unknown_type": "The type of a node or an edge does not exist.",
        ForeignType = "foreign_type": "The type of a node or an edge belongs to another graph type.",
        NullColumn = "null_column": "A column that must hold a value is null.",
        InvalidWord = "invalid_word": "A column holds a word that it cannot hold.",
        InvalidText = "invalid_text": "A text is not UTF-8.",
        NulCharacter = "nul_character": "A text holds U+0000, which PostgreSQL does not store.",
        TooLong = "too_long": "A text is longer than an index entry can be.",
        Version = "version": "A version is less than 1.",
        Times = "times": "A time is out of range, or a row was updated before it was created.",
        InvalidJson = "invalid_json": "A JSON column holds what cannot be read as JSON.",
        NotAnObject = "not_an_object": "Attributes are no JSON object.",
        Schema = "schema": "Attributes do not fit the stored schema.",
        InvalidKey = "invalid_key": "A key is missing, or cannot be a key.",
        KeyColumn = "key_column": "The key column differs from the key attribute.",
        UnexpectedKey = "unexpected_key": "An edge has a key, and its type has none.",
        DuplicateKey = "duplicate_key": "Several rows of a graph and type have one key.",
        DuplicateAttribute = "duplicate_attribute": "Several rows of a graph have the same unique attributes.",
        MissingEnd = "missing_end": "An end of an edge does not exist in the edge's graph.",
        EndType = "end_type": "An end of an edge has a type that the edge type does not connect.",
        SelfLoop = "self_loop": "An edge ends where it starts, and its type refuses that.",
        Direction = "direction": "The column `undirected` is not what the edge type says.",
        EndOrder = "end_order": "An undirected edge is not stored with its smaller end first.",
        Reversed = "reversed": "The column `reversed` gives an edge ends that it cannot have.",
        Slot = "slot": "The column `slot` is not what the edge type says, so that no key decides about parallel edges.",
        RuleColumn = "rule_column": "A column with a rule is not what the edge type says, so that its index does not see the edge.",
        Parallel = "parallel": "Several edges of one type run between two nodes, and the type refuses that.",
        Simple = "simple": "Several edges run between two nodes of a simple graph.",
        OneOut = "one_out": "Several edges of a `one_out` type leave a node.",
        OneIn = "one_in": "Several edges of a `one_in` type enter a node.",
        Cycle = "cycle": "Edges of acyclic types close a cycle.",
        DuplicateSubject = "duplicate_subject": "Several actors have one subject.",
    }
}

impl Damage {
    /// Whether each sample is one of the rows that are counted, and not several at once.
    pub(super) fn names_rows(self) -> bool {
        !matches!(
            self,
            Self::MissingGraph
                | Self::DuplicateUid
                | Self::DuplicateKey
                | Self::DuplicateAttribute
                | Self::DuplicateSubject
                | Self::Parallel
                | Self::Simple
                | Self::OneOut
                | Self::OneIn
                | Self::Cycle
        )
    }
}

kinds! {
    /// What a finding is about.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use metagraph::integrity::Subject;
    ///
    /// assert_eq!(Subject::Node.to_string(), "node");
    /// ```
    Subject {
        Table = "table": "Our own tables.",
        GraphType = "graph type": "A graph type, or one of its node and edge types.",
        Graph = "graph": "The row of a graph.",
        Node = "node": "A node.",
        Edge = "edge": "An edge.",
        Actor = "actor": "An actor.",
    }
}
