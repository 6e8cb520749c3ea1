//! What a traversal asks of a vertex or an edge, as predicates of the query language.

mod values;

use metagraph::prelude::*;
use metagraph::query::{self, Predicate};
use metagraph::{EdgeType, Field};
use serde_json::Value;

use self::values::{key, passes, value};
use super::vocabulary::{Label, Loops, Message, Person, Software, Vertex, with_edge};

/// A test of one value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Equal(Value),
    Less(Value),
    Greater(Value),
    Within(Vec<Value>),
    Starts(String),
    Ends(String),
    Contains(String),
    Not(Box<Test>),
    All(Vec<Test>),
    Any(Vec<Test>),
}

/// The way of a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Out,
    In,
    Both,
}

/// A hop that a vertex has to have.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Around {
    pub(super) labels: Vec<Label>,
    pub(super) way: Way,
    pub(super) edge: Condition,
    pub(super) node: Condition,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    /// An attribute is there and passes.
    Attribute(String, Test),
    Missing(String),
    /// The id in the data, which is the key, passes.
    Id(Test),
    /// The row is one of these in the database.
    Row(Vec<i64>),
    Label(Test),
    /// There are at least so many hops.
    Hops(Box<Around>, u32),
}

impl Condition {
    pub(super) const ALWAYS: Self = Self::All(Vec::new());

    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All(all), other) if all.is_empty() => other,
            (all, Self::All(other)) if other.is_empty() => all,
            (one, other) => Self::All(vec![one, other]),
        }
    }

    pub(super) fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }
}

/// What predicates can be about.
pub(super) trait Owner: Sized + 'static {
    /// The type's own name; none of the union.
    const LABEL: Option<&'static str>;

    fn attributes() -> Vec<&'static str>;

    fn labelled(test: &Test) -> Predicate<Self> {
        when(Self::LABEL.is_some_and(|label| passes(test, label)))
    }

    fn hops(around: &Around, least: u32) -> Predicate<Self>;
}

macro_rules! owners {
    ($($node:ident)+) => {
        $(impl Owner for $node {
            const LABEL: Option<&'static str> = Some($node::NAME);

            fn attributes() -> Vec<&'static str> {
                $node::DEFINITION.element.fields.iter().map(|field| field.name).collect()
            }

            fn hops(around: &Around, least: u32) -> Predicate<Self> {
                hops::<Self>(around, least)
            }
        })+

        impl Owner for Vertex {
            const LABEL: Option<&'static str> = None;

            fn attributes() -> Vec<&'static str> {
                let mut all = Vec::new();
                $(all.extend($node::attributes());)+
                all
            }

            fn labelled(test: &Test) -> Predicate<Self> {
                Predicate::any([$($node::labelled(test).within()),+])
            }

            fn hops(around: &Around, least: u32) -> Predicate<Self> {
                hops::<Self>(around, least)
            }
        }

        /// The edges at a vertex, counted for every edge type and every type of vertex behind it.
        fn counts<O>(around: &Around) -> Vec<Field<O, i64>>
        where
            O: MemberOf<Vertex> + 'static,
        {
            let mut counts = Vec::new();
            for label in &around.labels {
                with_edge!(label, E => {
                    if around.node == Condition::ALWAYS {
                        let edges = match around.way {
                            Way::Out => query::out::<E, O, Vertex>(),
                            Way::In => query::in_::<E, O, Vertex>(),
                            Way::Both => query::both::<E, O, Vertex>(),
                        };
                        counts.push(edges.edge(|_| edge::<E>(&around.edge)).count());
                    } else {
                        $(
                            let edges = match around.way {
                                Way::Out => query::out::<E, O, $node>(),
                                Way::In => query::in_::<E, O, $node>(),
                                Way::Both => query::both::<E, O, $node>(),
                            };
                            let edges = edges.edge(|_| edge::<E>(&around.edge)).node(|_| node::<$node>(&around.node));
                            counts.push(edges.count());
                        )+
                    }
                });
            }
            counts
        }
    };
}

owners! { Person Software Message Loops }

fn hops<O: MemberOf<Vertex> + 'static>(around: &Around, least: u32) -> Predicate<O> {
    at_least(&counts::<O>(around), least)
}

/// The counts add up to this at least: some share of it is in the first, and the rest in the others.
fn at_least<O>(counts: &[Field<O, i64>], least: u32) -> Predicate<O> {
    match counts {
        _ if least == 0 => when(true),
        [] => when(false),
        [only] => only.ge(i64::from(least)),
        [first, others @ ..] => {
            Predicate::any((0..=least).map(|share| first.ge(i64::from(share)) & at_least(others, least - share)))
        }
    }
}

fn when<O>(holds: bool) -> Predicate<O> {
    if holds { Predicate::all([]) } else { Predicate::any([]) }
}

/// The predicate over vertices, or over those of one type.
pub(super) fn node<O: Owner>(condition: &Condition) -> Predicate<O> {
    match condition {
        Condition::Label(test) => O::labelled(test),
        Condition::Hops(around, least) => O::hops(around, *least),
        Condition::All(all) => Predicate::all(all.iter().map(node)),
        Condition::Any(any) => Predicate::any(any.iter().map(node)),
        Condition::Not(not) => !node::<O>(not),
        // A vertex may be asked for what no type has; a type is only asked for what it has.
        Condition::Attribute(name, _) if O::LABEL.is_some() && !O::attributes().contains(&name.as_str()) => when(false),
        Condition::Missing(name) if O::LABEL.is_some() && !O::attributes().contains(&name.as_str()) => when(true),
        own => row(own),
    }
}

/// The predicate over the edges of one type.
pub(super) fn edge<E: EdgeType>(condition: &Condition) -> Predicate<E> {
    let has = |name: &String| E::DEFINITION.element.fields.iter().any(|field| field.name == name);
    match condition {
        Condition::Label(test) => when(passes(test, E::NAME)),
        Condition::All(all) => Predicate::all(all.iter().map(edge)),
        Condition::Any(any) => Predicate::any(any.iter().map(edge)),
        Condition::Not(not) => !edge::<E>(not),
        Condition::Attribute(name, _) if !has(name) => when(false),
        Condition::Missing(name) if !has(name) => when(true),
        own => row(own),
    }
}

fn row<O>(condition: &Condition) -> Predicate<O> {
    match condition {
        Condition::Attribute(name, test) => value(named(name), test),
        Condition::Missing(name) => Field::<O, Value>::new(named(name)).is_null(),
        Condition::Id(test) => key(test),
        Condition::Row(ids) => query::id().is_in(ids.iter().copied()),
        _ => when(false),
    }
}

/// The name of a field, which lives as long as the program: what a test leaks is little.
pub(super) fn named(name: &str) -> &'static str {
    name.to_owned().leak()
}
