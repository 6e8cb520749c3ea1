//! What a database key refused, and on whose account.

use std::fmt;

/// A rule that a key of the database enforces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// A node's key is unique inside its graph and type.
    NodeKey,
    /// An edge's key is unique inside its graph and type.
    EdgeKey,
    /// At most one edge of the type runs between two nodes.
    Parallel,
    /// At most one edge of any type runs between two nodes.
    Simple,
    /// At most one edge of the type leaves a node.
    OneOut,
    /// At most one edge of the type enters a node.
    OneIn,
    /// An actor's subject is unique.
    ActorSubject,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NodeKey => "a node's key is unique in its graph and type",
            Self::EdgeKey => "an edge's key is unique in its graph and type",
            Self::Parallel => "one edge of this type per pair of nodes",
            Self::Simple => "one edge per pair of nodes",
            Self::OneOut => "`one_out`: one edge of this type per source",
            Self::OneIn => "`one_in`: one edge of this type per target",
            Self::ActorSubject => "an actor's subject is unique",
        })
    }
}

/// A node as an error names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeLabel {
    /// The local id.
    pub id: i64,
    /// The node type's name, where it is known.
    pub node_type: Option<String>,
    /// The node's key, where it is known.
    pub key: Option<String>,
}

impl fmt::Display for NodeLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.node_type, &self.key) {
            (Some(node_type), Some(key)) => write!(f, "{node_type} `{key}`"),
            (Some(node_type), None) => write!(f, "{node_type} {}", self.id),
            _ => write!(f, "node {}", self.id),
        }
    }
}

/// A write that a unique rule refused; nothing of it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The rule.
    pub rule: Rule,
    /// Name of the type that was written.
    pub element: String,
    /// The key that is taken, where the rule is about keys.
    pub key: Option<String>,
    /// Source and target of the refused edge.
    pub ends: Option<(NodeLabel, NodeLabel)>,
    /// Id of the stored row that stands in the way; `None` when it is in the same batch, or gone again.
    pub existing: Option<i64>,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, element, key, ends, existing } = self;
        match (key, ends) {
            (Some(key), _) => write!(f, "{element} `{key}` exists already")?,
            (None, Some((source, target))) => write!(f, "{element} from {source} to {target} conflicts")?,
            (None, None) => write!(f, "{element} conflicts")?,
        }
        match existing {
            Some(id) if key.is_none() => write!(f, " with edge {id}")?,
            Some(id) => write!(f, " with id {id}")?,
            None => {}
        }
        write!(f, " ({rule})")
    }
}
