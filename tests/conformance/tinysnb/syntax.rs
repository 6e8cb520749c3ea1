//! What the text of a read says.

use std::str::FromStr as _;

use jiff::civil::{Date, DateTime};

/// A value that is written down.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Null,
    Integer(i64),
    Float(f64),
    Text(String),
    Flag(bool),
    Date(Date),
    Time(DateTime),
}

impl Literal {
    /// What `date(..)` and `timestamp(..)` make of a text.
    pub(super) fn dated(function: &str, text: &str) -> Option<Self> {
        match function {
            "date" => Date::from_str(text).ok().map(Self::Date),
            "timestamp" => DateTime::from_str(text).ok().map(Self::Time),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The same with its sides exchanged.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Literal(Literal),
    Variable(String),
    Property(String, String),
    /// Every property of a variable: `a.*`.
    All(String),
    Compare(Box<Self>, Comparison, Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Xor(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Exists(Box<Subquery>),
    Count(Box<Subquery>),
    CountRows,
    Call {
        name: String,
        distinct: bool,
        arguments: Vec<Self>,
    },
    Struct(Vec<(String, Self)>),
    List(Vec<Self>),
}

/// A pattern in braces, with its own condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subquery {
    pub(super) path: PathPattern,
    pub(super) filter: Option<Expression>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct NodePattern {
    pub(super) variable: String,
    pub(super) labels: Vec<String>,
    pub(super) properties: Vec<(String, Expression)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Out,
    In,
    Both,
}

/// What must hold of each edge, and of each node between two, of a repeated hop.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Each {
    pub(super) edge: String,
    pub(super) node: String,
    pub(super) filter: Option<Expression>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct EdgePattern {
    pub(super) variable: String,
    pub(super) types: Vec<String>,
    pub(super) properties: Vec<(String, Expression)>,
    pub(super) way: Way,
    pub(super) depth: Option<(u32, u32)>,
    pub(super) shortest: bool,
    pub(super) each: Option<Each>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct PathPattern {
    pub(super) start: NodePattern,
    pub(super) hops: Vec<(EdgePattern, NodePattern)>,
}

/// A column with the name it has from there on.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) expression: Expression,
    pub(super) name: Option<String>,
}

/// What follows `WITH` or `RETURN`.
#[derive(Debug, Clone, Default)]
pub(super) struct Projection {
    pub(super) items: Vec<Item>,
    /// The keys, and whether the greatest comes first.
    pub(super) order: Vec<(Expression, bool)>,
    pub(super) skip: Option<u32>,
    pub(super) limit: Option<u32>,
}

#[derive(Debug, Clone)]
pub(super) enum Clause {
    Match { optional: bool, paths: Vec<PathPattern>, filter: Option<Expression> },
    With(Projection, Option<Expression>),
    Return(Projection),
}

impl Each {
    /// The conditions about one of its variables.
    pub(super) fn about(&self, variable: &str) -> impl Iterator<Item = &Expression> {
        let conditions = self.filter.as_ref().map(Expression::conjuncts).unwrap_or_default();
        conditions.into_iter().filter(move |condition| condition.variables().iter().any(|known| known == variable))
    }
}
