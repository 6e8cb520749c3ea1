//! What must hold of a row: backend-neutral, and read by the store that prints it.

use serde_json::Value;

use super::literal::{Given, Incomparable, Literal};
use super::pattern::Token;
use super::source::{Incident, Kind, Path, Source, Step, Way};

/// How two scalars are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Both are the same.
    Equal,
    /// The first is smaller.
    Less,
    /// The first is not greater.
    LessOrEqual,
    /// The first is greater.
    Greater,
    /// The first is not smaller.
    GreaterOrEqual,
}

/// Where a text is looked for in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// At its beginning.
    Start,
    /// At its end.
    End,
    /// Anywhere.
    Anywhere,
}

/// How many of the listed elements an array must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// One of them.
    Any,
    /// Each of them.
    All,
}

/// Scalars of one kind, bound as one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Literals(pub Vec<Literal>);

/// What must hold of a row; every condition holds or does not, never neither.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All of these; of none, it holds.
    All(Vec<Condition>),
    /// One of these; of none, it does not hold.
    Any(Vec<Condition>),
    /// This does not.
    Not(Box<Condition>),
    /// A value compares like this with another.
    Compare(Source, Comparison, Literal),
    /// Two values of the row compare like this.
    CompareWith(Source, Comparison, Source, Kind),
    /// A value is one of these.
    OneOf(Source, Literals),
    /// A value is missing or null.
    Null(Source),
    /// A text has another in it.
    Text(Source, Part, String),
    /// A text has a pattern.
    Like(Source, Vec<Token>),
    /// An array has elements among these.
    Elements(Path, Quantity, Literals),
    /// An object has a member of this name, be it null.
    HasMember(Path, String),
    /// The node is of this type, and more holds of it.
    OfType(&'static str, Box<Condition>),
    /// A node has such an edge.
    Incident(Box<Incident>),
    /// Nothing that can be asked; why not.
    Invalid(String),
}

impl Condition {
    /// Holds of every row.
    pub const ALWAYS: Self = Self::All(Vec::new());

    /// Holds of no row.
    pub const NEVER: Self = Self::Any(Vec::new());

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All(mut all), Self::All(more)) => {
                all.extend(more);
                Self::All(all)
            }
            (Self::All(mut all), other) => {
                all.push(other);
                Self::All(all)
            }
            (first, Self::All(mut all)) => {
                all.insert(0, first);
                Self::All(all)
            }
            (first, other) => Self::All(vec![first, other]),
        }
    }

    /// One of both holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any(mut any), Self::Any(more)) => {
                any.extend(more);
                Self::Any(any)
            }
            (Self::Any(mut any), other) => {
                any.push(other);
                Self::Any(any)
            }
            (first, Self::Any(mut any)) => {
                any.insert(0, first);
                Self::Any(any)
            }
            (first, other) => Self::Any(vec![first, other]),
        }
    }

    /// How many levels of conditions it has.
    pub fn depth(&self) -> usize {
        let mut level = vec![self];
        let mut depth = 0;
        while !level.is_empty() {
            depth += 1;
            level = level.into_iter().flat_map(Self::inner).collect();
        }
        depth
    }

    /// How often edges are asked for at the ends of edges; a hop either way is two.
    pub fn hops(&self) -> usize {
        let mut open = vec![(self, 0)];
        let mut most = 0;
        while let Some((condition, hops)) = open.pop() {
            let ways = condition.incidents().into_iter().map(|incident| if incident.way == Way::Both { 2 } else { 1 });
            let hops = hops + ways.max().unwrap_or(0);
            most = most.max(hops);
            open.extend(condition.inner().into_iter().map(|inner| (inner, hops)));
        }
        most
    }

    fn inner(&self) -> Vec<&Self> {
        match self {
            Self::All(inner) | Self::Any(inner) => inner.iter().collect(),
            Self::Not(inner) | Self::OfType(_, inner) => vec![inner],
            other => {
                let incidents = other.incidents().into_iter();
                incidents.flat_map(|incident| [&incident.edge_condition, &incident.node_condition]).collect()
            }
        }
    }

    /// The edges it asks for itself.
    fn incidents(&self) -> Vec<&Incident> {
        match self {
            Self::Incident(incident) => vec![incident],
            Self::Compare(source, ..)
            | Self::OneOf(source, _)
            | Self::Null(source)
            | Self::Text(source, ..)
            | Self::Like(source, _) => source.incident().into_iter().collect(),
            Self::CompareWith(first, _, second, _) => first.incident().into_iter().chain(second.incident()).collect(),
            _ => Vec::new(),
        }
    }

    /// It does not hold.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}

/// A value equals another: scalars by kind and value, arrays and objects part by part.
pub fn equals(source: &Source, given: Result<Given, Incomparable>) -> Condition {
    match given {
        Ok(Given::Null) => Condition::Null(source.clone()),
        Ok(Given::Scalar(literal)) => Condition::Compare(source.clone(), Comparison::Equal, literal),
        Ok(Given::Composite(value)) => match source {
            Source::Attribute(path) => equals_composite(path, value),
            _ => Condition::Invalid("arrays and objects are compared as attributes of the row itself".to_owned()),
        },
        Err(reason) => Condition::Invalid(reason.0),
    }
}

fn equals_composite(path: &Path, value: Value) -> Condition {
    let part = |step, value| equals(&Source::Attribute(path.then(step)), Given::from_json(value));
    let size = |source: fn(Path) -> Source, size: usize| {
        let size = Literal::Integer(i64::try_from(size).unwrap_or(i64::MAX));
        Condition::Compare(source(path.clone()), Comparison::Equal, size)
    };
    let mut all = Vec::new();
    match value {
        Value::Array(elements) => {
            all.push(size(Source::Length, elements.len()));
            all.extend(elements.into_iter().enumerate().map(|(place, value)| part(Step::Element(place), value)));
        }
        Value::Object(members) => {
            all.push(size(Source::Members, members.len()));
            for (name, value) in members {
                if value.is_null() {
                    all.push(Condition::HasMember(path.clone(), name.clone()));
                }
                all.push(part(Step::Member(name.into()), value));
            }
        }
        scalar => all.push(equals(&Source::Attribute(path.clone()), Given::from_json(scalar))),
    }
    Condition::All(all)
}

/// A value compares like this with another, which must be a scalar.
pub fn compares(source: &Source, comparison: Comparison, given: Result<Given, Incomparable>) -> Condition {
    match given {
        Ok(Given::Scalar(literal)) => Condition::Compare(source.clone(), comparison, literal),
        // Nothing is smaller or greater than what is missing.
        Ok(Given::Null) => Condition::NEVER,
        Ok(Given::Composite(value)) => Condition::Invalid(format!("{value} has no order")),
        Err(reason) => Condition::Invalid(reason.0),
    }
}

/// A value is one of many: scalars are bound as one list for each kind.
pub fn one_of(source: &Source, given: impl IntoIterator<Item = Result<Given, Incomparable>>) -> Condition {
    let mut lists: [Vec<Literal>; 3] = Default::default();
    let mut others = Vec::new();
    for given in given {
        match given {
            Ok(Given::Scalar(literal)) => {
                let [texts, numbers, flags] = &mut lists;
                match literal.kind() {
                    Kind::Text => texts.push(literal),
                    Kind::Number => numbers.push(literal),
                    Kind::Flag => flags.push(literal),
                }
            }
            given => others.push(equals(source, given)),
        }
    }
    let listed = lists.into_iter().filter(|list| !list.is_empty());
    let mut any: Vec<_> = listed.map(|list| Condition::OneOf(source.clone(), Literals(list))).collect();
    any.append(&mut others);
    match <[Condition; 1]>::try_from(any) {
        Ok([only]) => only,
        Err(any) => Condition::Any(any),
    }
}

/// An array has elements among these, which must be scalars of one kind.
pub fn elements(
    source: &Source,
    quantity: Quantity,
    given: impl IntoIterator<Item = Result<Given, Incomparable>>,
) -> Condition {
    let Source::Attribute(path) = source else {
        return Condition::Invalid("only an attribute can be an array".to_owned());
    };
    let mut literals: Vec<Literal> = Vec::new();
    for given in given {
        match given {
            Ok(Given::Scalar(literal)) => match literals.first() {
                Some(first) if first.kind() != literal.kind() => {
                    return Condition::Invalid("the elements looked for are of several kinds".to_owned());
                }
                _ => literals.push(literal),
            },
            Ok(Given::Null) => return Condition::Invalid("null cannot be looked for in an array".to_owned()),
            Ok(Given::Composite(value)) => {
                return Condition::Invalid(format!("{value} cannot be looked for in an array, only scalars can"));
            }
            Err(reason) => return Condition::Invalid(reason.0),
        }
    }
    if literals.is_empty() {
        return match quantity {
            Quantity::Any => Condition::NEVER,
            // Any array has all of nothing, and what is no array has not.
            Quantity::All => Condition::Null(Source::Length(path.clone())).negated(),
        };
    }
    Condition::Elements(path.clone(), quantity, Literals(literals))
}
