//! One change of a graph type, with what it means for stored rows.

use std::fmt;

use serde_json::Value;

/// What a change means for the rows that are stored, from harmless to harmful.
///
/// ```
/// use metagraph_core::evolution::Class;
///
/// assert!(Class::Compatible < Class::Breaking);
/// assert_eq!(Class::Undecidable.to_string(), "undecidable");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Everything that was valid is proven to stay valid: no row has to change.
    Compatible,
    /// Rows change, by steps that are known and lose nothing.
    Migratable,
    /// Neither is proven that every valid row stays valid, nor was one found that does not: the rows decide.
    Undecidable,
    /// Something that was valid no longer is, and nobody said what becomes of it.
    Breaking,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Compatible => "compatible",
            Self::Migratable => "migratable",
            Self::Undecidable => "undecidable",
            Self::Breaking => "breaking",
        })
    }
}

/// What a change is about; names are those of the newer version, or of the older where the newer has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The graph type as a whole.
    Graph,
    /// A node type.
    Node(String),
    /// An edge type.
    Edge(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Graph => f.write_str("the graph type"),
            Self::Node(name) | Self::Edge(name) => write!(f, "`{name}`"),
        }
    }
}

/// Which side of its subject a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Aspect {
    /// The version that the author declared.
    Version,
    /// Whose concern graphs of the type are.
    Scope,
    /// Descriptions and titles.
    Description,
    /// Which edges a graph has: directed, undirected or both.
    Direction,
    /// Whether edges of a type have a direction.
    Undirected,
    /// Whether an edge may end where it starts.
    SelfLoops,
    /// Whether several edges of a type may run between two nodes.
    Parallel,
    /// Whether there is at most one edge between two nodes, whatever its type.
    Simple,
    /// Sets of edge types that close no cycle.
    Acyclic,
    /// At most one edge of the type leaves a node.
    OneOut,
    /// At most one edge of the type enters a node.
    OneIn,
    /// The node types at which edges start.
    Sources,
    /// The node types at which edges end.
    Targets,
    /// What a deletion does to the edges.
    OnDelete,
    /// The attribute that holds the key.
    Key,
    /// A declared index.
    Index,
    /// A declared unique rule.
    Unique,
    /// The node or edge type itself.
    Element,
    /// The name of a type, an attribute or a value.
    Name,
    /// A member of an object: an attribute.
    Member,
    /// Whether a member must be there.
    Required,
    /// The kinds of JSON that a value may be.
    Kind,
    /// The values that are listed.
    Values,
    /// The least and the greatest number.
    Range,
    /// What a number is a multiple of.
    Multiple,
    /// The length of a text.
    Length,
    /// The pattern of a text.
    Pattern,
    /// The format of a text or number.
    Format,
    /// The elements of a list that have places of their own.
    Places,
    /// How many elements a list has, and whether they differ.
    Elements,
    /// How many members an object has, and how they are called.
    Members,
    /// What members may be there beside the named ones.
    OtherMembers,
    /// The value that stands for a missing one.
    Default,
    /// One of several schemas for a value.
    Alternative,
    /// What is sealed in an attribute.
    Sealed,
    /// Any other rule of a schema.
    Rule,
}

/// What happened to what a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// It is there now.
    Added,
    /// It is no longer there.
    Removed,
    /// It is another.
    Changed,
}

/// One change between two versions of a graph type, or of a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What it is about.
    pub subject: Subject,
    /// Where in the attributes of the subject, as a JSON pointer (RFC 6901) in which `*` is any element or any other
    /// member; empty for the subject as a whole.
    pub path: String,
    /// Which side of it.
    pub aspect: Aspect,
    /// What happened.
    pub how: How,
    /// What was said before; `None` where nothing was.
    pub before: Option<Value>,
    /// What is said now; `None` where nothing is.
    pub after: Option<Value>,
    /// What it means for stored rows.
    pub class: Class,
    /// A value at `path` that was valid before and is not any more, where one was found. Where the change is about
    /// whether a member is there, it is the value that has the member or lacks it.
    pub counterexample: Option<Value>,
}

impl Change {
    /// Whether it is harmless unless a stored value has a member already that only the newer schema names.
    ///
    /// ```
    /// use metagraph_core::evolution::{Class, SchemaDiff};
    /// use serde_json::json;
    ///
    /// let before = json!({"type": "object", "properties": {"name": {"type": "string"}}});
    /// let mut after = before.clone();
    /// after["properties"]["age"] = json!({"type": "integer"});
    /// let diff = SchemaDiff::between(&before, &after)?;
    /// assert_eq!((diff.class(), diff.changes.len()), (Class::Undecidable, 1));
    /// assert!(diff.changes[0].only_clashes());
    /// # Ok::<(), String>(())
    /// ```
    pub fn only_clashes(&self) -> bool {
        self.aspect == Aspect::Member && self.how == How::Added && self.class == Class::Undecidable
    }

    /// Whether it is about what attributes or keys may be, so that each row is asked by itself.
    ///
    /// ```
    /// use metagraph_core::evolution::SchemaDiff;
    /// use serde_json::json;
    ///
    /// let diff = SchemaDiff::between(&json!({"type": "integer"}), &json!({"type": "string"}))?;
    /// assert!(diff.changes.iter().all(|change| change.is_of_attributes()));
    /// # Ok::<(), String>(())
    /// ```
    pub fn is_of_attributes(&self) -> bool {
        match self.aspect {
            Aspect::Version
            | Aspect::Scope
            | Aspect::Description
            | Aspect::Direction
            | Aspect::Undirected
            | Aspect::SelfLoops
            | Aspect::Parallel
            | Aspect::Simple
            | Aspect::Acyclic
            | Aspect::OneOut
            | Aspect::OneIn
            | Aspect::Sources
            | Aspect::Targets
            | Aspect::OnDelete
            | Aspect::Index
            | Aspect::Unique
            | Aspect::Element => false,
            Aspect::Name => !self.path.is_empty(),
            _ => true,
        }
    }

    /// Whether a member is no longer known.
    ///
    /// ```
    /// use metagraph_core::evolution::SchemaDiff;
    /// use serde_json::json;
    ///
    /// let before = json!({"type": "object", "properties": {"age": {"type": "integer"}}});
    /// let diff = SchemaDiff::between(&before, &json!({"type": "object"}))?;
    /// assert!(diff.changes[0].is_removed_member());
    /// # Ok::<(), String>(())
    /// ```
    pub fn is_removed_member(&self) -> bool {
        self.aspect == Aspect::Member && self.how == How::Removed
    }
}
