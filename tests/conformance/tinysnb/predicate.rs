//! Conditions of a read as predicates over typed fields.

use jiff::civil::{Date, DateTime};
use metagraph::Field;
use metagraph::query::{Operand, Predicate, Scalar};

use super::fields::Typed;
use super::model::Any;
use super::owner::{Labelled, Linked, Owner, Roles, for_label};
use super::syntax::{Comparison, EdgePattern, Expression, Literal, NodePattern};

/// The labels there are.
const LABELS: [&str; 3] = ["person", "organisation", "movies"];

impl Expression {
    /// The conditions that hold where this one does.
    pub(super) fn conjuncts(&self) -> Vec<&Self> {
        match self {
            Self::And(first, second) => [first.conjuncts(), second.conjuncts()].concat(),
            other => vec![other],
        }
    }

    /// The variables that are asked about, of which a pattern in it shares the first.
    pub(super) fn variables(&self) -> Vec<String> {
        match self {
            Self::Literal(_) | Self::CountRows => Vec::new(),
            Self::Variable(name) | Self::Property(name, _) | Self::All(name) => vec![name.clone()],
            Self::Compare(first, _, second)
            | Self::And(first, second)
            | Self::Or(first, second)
            | Self::Xor(first, second) => [first.variables(), second.variables()].concat(),
            Self::Not(inner) => inner.variables(),
            Self::Exists(pattern) | Self::Count(pattern) => vec![pattern.path.start.variable.clone()],
            Self::Call { arguments, .. } | Self::List(arguments) => {
                arguments.iter().flat_map(Self::variables).collect()
            }
            Self::Struct(members) => members.iter().flat_map(|(_, member)| member.variables()).collect(),
        }
    }
}

/// What the labels and properties in a pattern, and the conditions, say of a node of whatever type.
pub(super) fn of_any(pattern: &NodePattern, conditions: &[Expression]) -> Predicate<Any> {
    let given: Vec<&str> = pattern.labels.iter().map(String::as_str).collect();
    let labels = if given.is_empty() { LABELS.to_vec() } else { given };
    Predicate::any(labels.into_iter().map(|label| for_label!(label, N => of::<N>(pattern, conditions).within())))
}

/// The same of nodes of one type, whose label is not asked again.
pub(super) fn of<N: Labelled>(pattern: &NodePattern, conditions: &[Expression]) -> Predicate<N> {
    let roles = Roles::of(&pattern.variable);
    conditions.iter().fold(patterned(pattern), |all, condition| all & holds(condition, &roles))
}

/// What the properties in a pattern say.
pub(super) fn patterned<N: Labelled>(pattern: &NodePattern) -> Predicate<N> {
    let roles = Roles::of(&pattern.variable);
    Predicate::all(pattern.properties().iter().map(|condition| holds(condition, &roles)))
}

/// The same of an edge.
pub(super) fn patterned_edge<E: Linked>(pattern: &EdgePattern, roles: &Roles) -> Predicate<E> {
    let conditions = equalities(&pattern.variable, &pattern.properties);
    Predicate::all(conditions.iter().map(|condition| holds(condition, roles)))
}

impl NodePattern {
    /// The properties in it, as conditions.
    pub(super) fn properties(&self) -> Vec<Expression> {
        equalities(&self.variable, &self.properties)
    }
}

fn equalities(variable: &str, properties: &[(String, Expression)]) -> Vec<Expression> {
    let equality = |(name, value): &(String, Expression)| {
        let property = Expression::Property(variable.to_owned(), name.clone());
        Expression::Compare(Box::new(property), Comparison::Equal, Box::new(value.clone()))
    };
    properties.iter().map(equality).collect()
}

/// The predicate; what asks for a property that rows of this type do not have holds of none of them.
pub(super) fn holds<O: Owner>(condition: &Expression, roles: &Roles) -> Predicate<O> {
    predicate(condition, roles).unwrap_or_else(|| Predicate::any([]))
}

/// `None` is Cypher's null.
fn predicate<O: Owner>(condition: &Expression, roles: &Roles) -> Option<Predicate<O>> {
    let both =
        |first: &Expression, second: &Expression| Some((predicate::<O>(first, roles)?, predicate::<O>(second, roles)?));
    match condition {
        Expression::And(first, second) => both(first, second).map(|(first, second)| first & second),
        Expression::Or(first, second) => match (predicate(first, roles), predicate(second, roles)) {
            (Some(first), Some(second)) => Some(first | second),
            // It holds where the other one does, and is null elsewhere: its negation is not translated.
            (one, other) => one.or(other),
        },
        Expression::Xor(first, second) => {
            both(first, second).map(|(first, second)| (first.clone() & !second.clone()) | (!first & second))
        }
        Expression::Not(inner) => match inner.as_ref() {
            Expression::Exists(_) => predicate(inner, roles).map(|inner| !inner),
            other => panic!("a negation of {other:?} may be one of null"),
        },
        Expression::Exists(pattern) => Some(O::exists_of(roles, pattern)),
        Expression::Literal(Literal::Null) => None,
        Expression::Compare(first, comparison, second) => compared(first, *comparison, second, roles),
        Expression::Property(variable, name) => match O::property_of(roles, variable, name)?.typed {
            Typed::Flag(field) => Some(field.eq(true)),
            _ => panic!("{condition:?} is no truth value"),
        },
        Expression::Call { name, arguments, .. } if name == "list_contains" => {
            let [Expression::Property(variable, list), Expression::Literal(Literal::Text(text))] = arguments.as_slice()
            else {
                panic!("not a list of texts: {condition:?}")
            };
            match O::property_of(roles, variable, list)?.typed {
                Typed::Texts(field) => Some(field.contains(text)),
                _ => panic!("not a list of texts: {condition:?}"),
            }
        }
        other => panic!("no condition: {other:?}"),
    }
}

fn compared<O: Owner>(
    first: &Expression,
    comparison: Comparison,
    second: &Expression,
    roles: &Roles,
) -> Option<Predicate<O>> {
    let typed = |expression: &Expression| match expression {
        Expression::Property(variable, name) => Some(O::property_of(roles, variable, name)?.typed),
        Expression::Call { name, arguments, .. } if name == "id" => match arguments.as_slice() {
            [Expression::Variable(variable)] => Some(Typed::Integer(O::id_of(roles, variable))),
            other => panic!("no ids: {other:?}"),
        },
        other => panic!("neither a property nor a constant: {other:?}"),
    };
    match (first, second) {
        (Expression::Literal(_), Expression::Literal(_)) => panic!("two constants are not compared"),
        (Expression::Literal(literal), other) => Some(with_literal(typed(other)?, comparison.mirrored(), literal)),
        (other, Expression::Literal(literal)) => Some(with_literal(typed(other)?, comparison, literal)),
        (first, second) => Some(with_field(typed(first)?, comparison, typed(second)?)),
    }
}

fn with_literal<O>(field: Typed<O>, comparison: Comparison, literal: &Literal) -> Predicate<O> {
    match (field, literal) {
        (Typed::Integer(field), Literal::Integer(value)) => compare(&field, comparison, *value),
        (Typed::Float(field), Literal::Float(value)) => compare(&field, comparison, *value),
        (Typed::Text(field), Literal::Text(value)) => compare(&field, comparison, value.as_str()),
        (Typed::Flag(field), Literal::Flag(value)) => compare(&field, comparison, *value),
        (Typed::Date(field), Literal::Date(value)) => compare::<_, Date, _>(&field, comparison, *value),
        (Typed::Time(field), Literal::Time(value)) => compare::<_, DateTime, _>(&field, comparison, *value),
        (_, literal) => panic!("{literal:?} is of another type"),
    }
}

fn with_field<O>(first: Typed<O>, comparison: Comparison, second: Typed<O>) -> Predicate<O> {
    match (first, second) {
        (Typed::Integer(first), Typed::Integer(second)) => compare(&first, comparison, second),
        (Typed::Float(first), Typed::Float(second)) => compare(&first, comparison, second),
        (Typed::Text(first), Typed::Text(second)) => compare(&first, comparison, second),
        (Typed::Date(first), Typed::Date(second)) => compare(&first, comparison, second),
        _ => panic!("fields of different types are not compared"),
    }
}

/// No field that is compared is ever missing, so that what is not equal is different.
fn compare<O, T: Scalar, V: Operand<O, T>>(field: &Field<O, T>, comparison: Comparison, value: V) -> Predicate<O> {
    match comparison {
        Comparison::Equal => field.eq(value),
        Comparison::NotEqual => field.ne(value),
        Comparison::Less => field.lt(value),
        Comparison::LessOrEqual => field.le(value),
        Comparison::Greater => field.gt(value),
        Comparison::GreaterOrEqual => field.ge(value),
    }
}
