//! Hops one after the other, each along one edge type: every way is a row of nodes and edges.

use metagraph::prelude::*;
use metagraph::traverse::{Arrives, Begin, Hopped, Pattern, Start, Then, Traversal};
use metagraph::{EdgeSet, Joins};
use serde_json::Value;

use super::model::{Any, Knows, Meets, StudyAt, TinySnb, WorkAt};
use super::owner::Linked;
use super::predicate::{holds, of_any, patterned_edge};
use super::read::{Hop, Read};
use super::render;
use super::syntax::{Expression, NodePattern, Way};
use super::table::{any_nodes, edge_roles};

/// What a hop can be made from: a start, or a traversal.
pub(super) trait Onward<'g> {
    /// What it is made of so far.
    type Before;

    /// A hop to any node.
    fn hop<E>(self, way: Way) -> Traversal<'g, TinySnb, Then<Self::Before, E, Any>>
    where
        E: EdgeSet + Joins<Any, Any> + PartOf<TinySnb>;
}

impl<'g> Onward<'g> for Start<'g, TinySnb, Any> {
    type Before = Begin<Any>;

    fn hop<E>(self, way: Way) -> Traversal<'g, TinySnb, Then<Begin<Any>, E, Any>>
    where
        E: EdgeSet + Joins<Any, Any> + PartOf<TinySnb>,
    {
        match way {
            Way::Out => self.out::<E>().to::<Any>(),
            Way::In => self.in_::<E>().to::<Any>(),
            Way::Both => self.both::<E>().to::<Any>(),
        }
    }
}

impl<'g, P: Hopped<Node = Any>> Onward<'g> for Traversal<'g, TinySnb, P> {
    type Before = P;

    fn hop<E>(self, way: Way) -> Traversal<'g, TinySnb, Then<P, E, Any>>
    where
        E: EdgeSet + Joins<Any, Any> + PartOf<TinySnb>,
    {
        match way {
            Way::Out => self.out::<E>().to::<Any>(),
            Way::In => self.in_::<E>().to::<Any>(),
            Way::Both => self.both::<E>().to::<Any>(),
        }
    }
}

/// A single hop, with what is said of its edge and of the node behind it.
pub(super) fn single<'g, O: Onward<'g>, E: Linked>(
    from: O,
    near: &NodePattern,
    hop: &Hop,
) -> Traversal<'g, TinySnb, Then<O::Before, E, Any>> {
    let roles = edge_roles(near, hop);
    let edges = |_| {
        let known = patterned_edge::<E>(&hop.edge, &roles);
        hop.edge_conditions.iter().fold(known, |all, condition| all & holds(condition, &roles))
    };
    from.hop::<E>(hop.edge.way).filter_edge(edges).matching(of_any(&hop.node, &hop.node_conditions))
}

/// A node or edge in a row, as its attributes.
type Cell = Option<Value>;

/// The nodes and edges of a row, from the first to the last.
trait Cells {
    fn cells(self) -> Vec<Cell>;

    /// The node behind the last hop.
    fn last(&self) -> Option<NodeId<Any>>;
}

/// The edge of a hop and the node behind it.
trait Pair {
    fn pair(self) -> [Cell; 2];

    fn node(&self) -> Option<NodeId<Any>>;
}

pub(super) fn attributes(node: &Any) -> Value {
    match node {
        Any::Person(person) => serde_json::to_value(person),
        Any::Organisation(organisation) => serde_json::to_value(organisation),
        Any::Movies(movies) => serde_json::to_value(movies),
    }
    .unwrap()
}

impl<E: EdgeType> Pair for (Edge<E>, Node<Any>) {
    fn pair(self) -> [Cell; 2] {
        [Some(serde_json::to_value(self.0.value).unwrap()), Some(attributes(&self.1.value))]
    }

    fn node(&self) -> Option<NodeId<Any>> {
        Some(self.1.id)
    }
}

impl<E: EdgeType> Pair for Option<(Edge<E>, Node<Any>)> {
    fn pair(self) -> [Cell; 2] {
        self.map(Pair::pair).unwrap_or_default()
    }

    fn node(&self) -> Option<NodeId<Any>> {
        self.as_ref().and_then(Pair::node)
    }
}

macro_rules! cells {
    ($($($hop:ident)+;)+) => {
        $(impl<$($hop: Pair),+> Cells for (Node<Any>, $($hop,)+) {
            fn cells(self) -> Vec<Cell> {
                #[allow(non_snake_case, reason = "each is named after its type")]
                let (start, $($hop,)+) = self;
                let mut cells = vec![Some(attributes(&start.value))];
                $(cells.extend($hop.pair());)+
                cells
            }

            fn last(&self) -> Option<NodeId<Any>> {
                #[allow(non_snake_case, reason = "each is named after its type")]
                let (_, $($hop,)+) = self;
                [$($hop.node()),+].last().copied().flatten()
            }
        })+
    };
}

cells! {
    A;
    A B;
    A B C;
    A B C D;
}

macro_rules! shapes {
    (@agree $conn:expr, $chain:ident; ) => { agree($conn, &$chain) };
    (@agree $conn:expr, $chain:ident; $(maybe)+) => {};
    (@optional) => { false };
    (@optional maybe) => { true };
    (@hop $from:expr, $near:expr, $hop:expr, $edge:ident) => { single::<_, $edge>($from, $near, $hop) };
    (@hop $from:expr, $near:expr, $hop:expr, $edge:ident maybe) => {
        single::<_, $edge>($from, $near, $hop).optional()
    };
    ($conn:expr, $graph:expr, $read:expr; $([$($edge:ident $($maybe:ident)?),+])+) => {{
        let shape: Vec<_> = $read.hops.iter().map(|hop| (hop.edge.types[0].as_str(), hop.optional)).collect();
        $(if shape == [$((<$edge as Element>::NAME, shapes!(@optional $($maybe)?))),+] {
            let chain = || {
                let mut hops = $read.hops.iter().enumerate().map(|(place, hop)| ($read.near(place), hop));
                let from = $graph.from_all(any_nodes($graph, $read));
                $(
                    let (near, hop) = hops.next().expect("as many hops as the shape has");
                    let from = shapes!(@hop from, near, hop, $edge $($maybe)?);
                )+
                from
            };
            shapes!(@agree $conn, chain; $($($maybe)?)+);
            return answer($conn, $read, chain);
        })+
        panic!("no shape for {shape:?}")
    }};
}

/// The rows of a chain. Its hops are types, so that the shapes that reads have are listed.
pub(super) fn rows(conn: &mut impl GraphConnection, graph: &Graph<TinySnb>, read: &Read) -> Vec<String> {
    shapes! {
        conn, graph, read;
        [Knows]
        [Knows, Knows]
        [Knows, StudyAt]
        [Knows, WorkAt]
        [Knows, Knows, StudyAt]
        [Knows, Knows, Knows, Knows]
        [StudyAt, Meets, WorkAt]
        [StudyAt maybe]
        [Knows, Knows maybe]
        [Knows, StudyAt maybe]
        [Knows maybe, Knows]
        [Knows maybe, StudyAt]
        [Knows maybe, Knows maybe]
    }
}

fn answer<'g, P>(
    conn: &mut impl GraphConnection,
    read: &Read,
    chain: impl Fn() -> Traversal<'g, TinySnb, P>,
) -> Vec<String>
where
    P: Pattern + Hopped<Node = Any>,
    P::Row: Cells,
{
    assert!(read.order.is_empty(), "the rows of a chain come in one order");
    let (skip, limit) = read.bounds;
    let rows = chain().rows().offset(skip.into());
    let rows = limit.into_iter().fold(rows, metagraph::traverse::Rows::limit);
    if read.counts() {
        return vec![rows.count(conn).unwrap().to_string()];
    }
    let variables: Vec<&str> = std::iter::once(read.start.variable.as_str())
        .chain(read.hops.iter().flat_map(|hop| [hop.edge.variable.as_str(), hop.node.variable.as_str()]))
        .collect();
    let row = |row: P::Row| {
        let cells = row.cells();
        let value_of = |part: &Expression| {
            let Expression::Property(variable, name) = part else { panic!("not a property: {part:?}") };
            let place = variables.iter().position(|known| known == variable).expect("a variable of the chain");
            cells[place].as_ref().and_then(|cell| cell.get(name)).cloned().unwrap_or_default()
        };
        read.columns.iter().map(|column| render::column(column, &value_of)).collect::<Vec<_>>().join("|")
    };
    rows.load(conn).unwrap().into_iter().map(row).collect()
}

/// Rows, walks and the set of last nodes are three answers to one question.
fn agree<'g, P>(conn: &mut impl GraphConnection, chain: &impl Fn() -> Traversal<'g, TinySnb, P>)
where
    P: Pattern + Arrives + Hopped<Node = Any>,
    P::Row: Cells,
{
    let rows = chain().rows().load(conn).unwrap();
    let many = u64::try_from(rows.len()).unwrap();
    assert_eq!(chain().rows().count(conn).unwrap().unsigned_abs(), many);
    assert_eq!(chain().count_walks(conn).unwrap(), many, "each row is a walk");
    let mut last: Vec<_> = rows.iter().filter_map(Cells::last).collect();
    last.sort_unstable();
    last.dedup();
    assert_eq!(chain().ids(conn).unwrap(), last);
    assert_eq!(chain().exists(conn).unwrap(), !last.is_empty());
}
