//! Where a compared, ordered or selected value comes from: backend-neutral, and read by the store that prints it.

use std::borrow::Cow;
use std::sync::Arc;

use super::condition::Condition;

/// One step into a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A member of an object.
    Member(Cow<'static, str>),
    /// An element of an array, counted from 0.
    Element(usize),
}

/// The way from an element's attributes to a value in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Path {
    /// An attribute itself.
    Attribute(&'static str),
    /// A value inside of one.
    Nested(Arc<[Step]>),
}

impl Path {
    /// The steps from the attributes down.
    pub fn steps(&self) -> Cow<'_, [Step]> {
        match self {
            Self::Attribute(name) => Cow::Owned(vec![Step::Member(Cow::Borrowed(name))]),
            Self::Nested(steps) => Cow::Borrowed(steps),
        }
    }

    /// The path that goes one step further.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.steps().into_owned();
        steps.push(step);
        Self::Nested(steps.into())
    }
}

/// What a row has beside its attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The local handle.
    Id,
    /// The identity inside graph and type.
    Key,
    /// How often the row was written.
    Version,
    /// When it was inserted.
    CreatedAt,
    /// When it was last written.
    UpdatedAt,
}

/// One end of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Where it starts.
    Source,
    /// Where it ends.
    Target,
}

/// Which way edges are followed from a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From source to target.
    Out,
    /// From target to source.
    In,
    /// Either way.
    Both,
}

/// The edges at a node that are counted, or of which there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// The edge type's name.
    pub edge: &'static str,
    /// Which way they are followed.
    pub way: Way,
    /// Names of the node types at the far end.
    pub far: Vec<&'static str>,
    /// What must hold of the edge.
    pub edge_condition: Condition,
    /// What must hold of the node at the far end.
    pub node_condition: Condition,
}

/// What is computed over many rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// How many rows there are.
    Count,
    /// In how many rows the value is present.
    Present,
    /// How many different values there are.
    Distinct,
    /// The sum of integers.
    ExactSum,
    /// The sum of floating point numbers.
    FloatSum,
    /// The arithmetic mean.
    Average,
    /// The least value.
    Least,
    /// The greatest value.
    Greatest,
}

/// What kind of JSON a compared value is.
///
/// ```
/// use metagraph_core::query::{Kind, Scalar};
///
/// assert_eq!((u32::KIND, String::KIND, bool::KIND), (Kind::Number, Kind::Text, Kind::Flag));
/// assert_eq!(jiff::Timestamp::KIND, Kind::Text);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Text, compared by its bytes; text that the schema calls a `date-time` is compared as a point in time, given that
    /// it is stored as `jiff::Timestamp` writes it: in UTC with `Z`, without zeros at the end of the fraction.
    Text,
    /// Numbers, compared by value.
    Number,
    /// Truth values, `false` before `true`.
    Flag,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A value in the attributes.
    Attribute(Path),
    /// How many elements an array in the attributes has.
    Length(Path),
    /// How many members an object in the attributes has.
    Members(Path),
    /// A column of the row.
    Column(Column),
    /// A value of the node at an end of the edge, where that node is of one of these types.
    AtEnd(End, Vec<&'static str>, Box<Source>),
    /// How many edges a node has.
    Degree(Arc<Incident>),
    /// Something computed over all rows of a group.
    Aggregate(Function, Kind, Box<Source>),
}

impl Source {
    /// The edges that are counted.
    pub(crate) fn incident(&self) -> Option<&Incident> {
        match self {
            Self::Degree(incident) => Some(incident),
            Self::AtEnd(_, _, inner) | Self::Aggregate(_, _, inner) => inner.incident(),
            _ => None,
        }
    }
}
