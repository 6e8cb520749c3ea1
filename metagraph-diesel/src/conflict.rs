//! What a database key refused, and on whose account.

use std::fmt;

/// A rule that a key of the database enforces.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::{Error, Rule};
///
/// graph.insert(&mut conn, &package("serde"))?;
/// match graph.insert(&mut conn, &package("serde")) {
///     Err(Error::Conflict(conflict)) if conflict.rule == Rule::NodeKey => {}
///     other => panic!("{other:?}"),
/// }
/// # Ok(())
/// # }
/// ```
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
    /// Attributes that are `unique` differ between the rows of a graph and type.
    Unique,
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
            Self::Unique => "`unique`: no two in a graph have the same",
            Self::ActorSubject => "an actor's subject is unique",
        })
    }
}

/// A node as an error names it.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::NodeLabel;
///
/// let label = |key| NodeLabel { id: 7, node_type: Some("package".into()), key };
/// assert_eq!(label(Some("serde".into())).to_string(), "package `serde`");
/// assert_eq!(label(None).to_string(), "package 7");
/// ```
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

/// A node as a program named it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::{Error, NodeName};
///
/// let app = graph.insert(&mut conn, &package("app"))?;
/// let serde = NodeKey::<Package>::new("serde");
/// let refused = graph.connect(&mut conn, app, serde, &DependsOn { optional: false });
/// let Err(Error::EndpointNotFound { node, .. }) = refused else { panic!("{refused:?}") };
/// assert_eq!(node, NodeName::Key { node_type: "package".into(), key: "serde".into() });
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeName {
    /// By its local id.
    Id(i64),
    /// By its key.
    Key {
        /// Name of the node type.
        node_type: String,
        /// The key.
        key: String,
    },
}

impl fmt::Display for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "node {id}"),
            Self::Key { node_type, key } => write!(f, "{node_type} `{key}`"),
        }
    }
}

/// A write that a unique rule refused; nothing of it was stored.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// use metagraph::{Error, Rule};
///
/// let stored = graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// let refused = graph.connect(&mut conn, app, serde, &DependsOn { optional: true }).unwrap_err();
/// let Error::Conflict(conflict) = &refused else { panic!("{refused}") };
/// assert_eq!((conflict.rule, conflict.existing), (Rule::Parallel, Some(stored.raw())));
/// let (source, target) = conflict.ends.as_ref().unwrap();
/// assert_eq!((source.id, target.id), (app.raw(), serde.raw()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The rule.
    pub rule: Rule,
    /// Name of the type that was written.
    pub element: String,
    /// The key that is taken, where the rule is about keys.
    pub key: Option<String>,
    /// The attributes that are taken, where the rule is about attributes.
    pub attributes: Vec<String>,
    /// Source and target of the refused edge.
    pub ends: Option<(NodeLabel, NodeLabel)>,
    /// Id of the stored row that stands in the way; `None` when it is in the same batch, or gone again.
    pub existing: Option<i64>,
    /// Whether it is another row of the same batch that stands in the way.
    pub in_batch: bool,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, element, key, attributes, ends, existing, in_batch } = self;
        match (key, ends) {
            _ if !attributes.is_empty() => write!(f, "{element} with the same {}", Attributes(attributes))?,
            (Some(key), _) if *in_batch => write!(f, "{element} `{key}` is given twice in one batch")?,
            (Some(key), _) => write!(f, "{element} `{key}` exists already")?,
            (None, Some((source, target))) => write!(f, "{element} from {source} to {target} conflicts")?,
            (None, None) => write!(f, "{element} conflicts")?,
        }
        match existing {
            Some(id) if !attributes.is_empty() => write!(f, " exists already with id {id}")?,
            None if *in_batch && !attributes.is_empty() => f.write_str(" is given twice in one batch")?,
            None if !attributes.is_empty() => f.write_str(" exists already")?,
            Some(id) if key.is_none() => write!(f, " with edge {id}")?,
            Some(id) => write!(f, " with id {id}")?,
            None if *in_batch && key.is_none() => f.write_str(" with another in the same batch")?,
            None => {}
        }
        write!(f, " ({rule})")
    }
}

/// Names of attributes in a sentence.
struct Attributes<'a>(&'a [String]);

impl fmt::Display for Attributes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, name) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { " and " };
            write!(f, "{separator}`{name}`")?;
        }
        Ok(())
    }
}
