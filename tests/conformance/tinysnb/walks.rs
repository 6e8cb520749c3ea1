//! Hops that are repeated, or that follow several edge types: walks, counted or read.

use metagraph::prelude::*;
use metagraph::traverse::{Arrives, Hopped, Traversal};
use metagraph::{EdgeSet, Joins};
use serde_json::Value;

use super::chains::{Onward, attributes, single};
use super::model::{Any, Knows, Marries, Meets, StudyAt, TinySnb, WorkAt};
use super::owner::{Linked, Roles};
use super::predicate::{holds, of_any, patterned_edge};
use super::read::{Hop, Read};
use super::render;
use super::syntax::{Expression, NodePattern};
use super::table::any_nodes;

/// More than any read has.
const ENOUGH: usize = 10_000;

/// What was found.
enum Found {
    Count(u64),
    /// The first and the last node of each walk, and its length.
    Walks(Vec<(NodeId<Any>, NodeId<Any>, usize)>),
}

/// Edge types that are followed together, of which something may have to hold.
trait Followed: EdgeSet + Joins<Any, Any> + PartOf<TinySnb> + Sized {
    fn filtered<'g, P: Hopped<Edges = Self>>(walk: Traversal<'g, TinySnb, P>, hop: &Hop) -> Traversal<'g, TinySnb, P>;
}

impl<E: Linked> Followed for E {
    fn filtered<'g, P: Hopped<Edges = Self>>(walk: Traversal<'g, TinySnb, P>, hop: &Hop) -> Traversal<'g, TinySnb, P> {
        assert!(hop.edge_conditions.is_empty(), "what holds of each edge is said in its pattern");
        let known = patterned_edge::<E>(&hop.edge, &Roles::of(&hop.edge.variable));
        let each = hop.edge.each.as_ref();
        let predicate = each.into_iter().flat_map(|each| each.about(&each.edge).map(move |one| (each, one)));
        let predicate = predicate.fold(known, |all, (each, one)| all & holds(one, &Roles::of(&each.edge)));
        walk.filter_edge(|_| predicate)
    }
}

macro_rules! followed {
    ($(($($edge:ty),+))+) => {
        $(impl Followed for ($($edge,)+) {
            fn filtered<'g, P: Hopped<Edges = Self>>(
                walk: Traversal<'g, TinySnb, P>,
                hop: &Hop,
            ) -> Traversal<'g, TinySnb, P> {
                let is_free = hop.edge_conditions.is_empty() && hop.edge.properties.is_empty();
                assert!(is_free && hop.edge.each.is_none(), "nothing is said of edges of several types");
                walk
            }
        })+
    };
}

followed! {
    (Knows, StudyAt, WorkAt)
    (Meets, Marries, WorkAt)
    (Meets, Marries, StudyAt)
    (Knows, StudyAt, WorkAt, Meets, Marries)
}

/// The walks of a read: at most one single hop, and then one that is repeated or follows several types.
pub(super) fn walks(conn: &mut impl GraphConnection, graph: &Graph<TinySnb>, read: &Read) -> Vec<String> {
    let start = graph.from_all(any_nodes(graph, read));
    let last = read.hops.last().expect("a hop");
    let types = sorted(&last.edge.types);
    let found = match (read.hops.as_slice(), types.as_slice()) {
        ([_], ["knows"]) if last.edge.shortest => return nearest(conn, graph, read),
        ([_], ["knows"]) => repeated::<_, Knows, _>(conn, start, read),
        ([_], ["meets"]) => repeated::<_, Meets, _>(conn, start, read),
        ([_], ["knows", "studyAt", "workAt"]) => repeated::<_, (Knows, StudyAt, WorkAt), _>(conn, start, read),
        ([_], ["marries", "meets", "workAt"]) => repeated::<_, (Meets, Marries, WorkAt), _>(conn, start, read),
        ([_], ["marries", "meets", "studyAt"]) => repeated::<_, (Meets, Marries, StudyAt), _>(conn, start, read),
        ([_], [_, _, _, _, _] | []) => repeated::<_, (Knows, StudyAt, WorkAt, Meets, Marries), _>(conn, start, read),
        ([first, _], [last]) if first.edge.types == ["knows"] && first.edge.depth.is_none() => {
            let first = single::<_, Knows>(start, &read.start, first);
            match *last {
                "knows" => repeated::<_, Knows, _>(conn, first, read),
                "meets" => repeated::<_, Meets, _>(conn, first, read),
                other => panic!("no shape for {other}"),
            }
        }
        _ => panic!("no shape for {types:?}"),
    };
    match found {
        Found::Count(count) => vec![count.to_string()],
        Found::Walks(walks) => rows(conn, graph, read, &walks),
    }
}

fn sorted(types: &[String]) -> Vec<&str> {
    let mut types: Vec<_> = types.iter().map(String::as_str).collect();
    types.sort_unstable();
    types
}

/// The last hop of a read. What is said of the last node is said of a hop of its own, for nodes on the way may differ.
fn repeated<'g, O, E, C>(conn: &mut C, from: O, read: &Read) -> Found
where
    O: Onward<'g>,
    E: Followed,
    C: GraphConnection,
{
    let hop = read.hops.last().expect("a hop");
    let way = hop.edge.way;
    let (least, most) = hop.edge.depth.unwrap_or((1, 1));
    let end = of_any(&hop.node, &hop.node_conditions);
    if most <= 1 {
        let walk = E::filtered(from.hop::<E>(way).depth(least..=most), hop).matching(end);
        return ask(conn, walk, read);
    }
    assert!(least > 0, "a walk of many hops has one at least");
    let before = E::filtered(from.hop::<E>(way).depth(least - 1..most), hop);
    let between = hop.edge.each.iter().flat_map(|each| each.about(&each.node).cloned()).collect::<Vec<_>>();
    let variable = hop.edge.each.as_ref().map(|each| each.node.clone()).unwrap_or_default();
    assert!(between.is_empty() || least > 1, "where a walk begins is no node on its way");
    let before = before.matching(of_any(&NodePattern { variable, ..NodePattern::default() }, &between));
    ask(conn, E::filtered(before.hop::<E>(way), hop).matching(end), read)
}

fn ask<P: Arrives>(conn: &mut impl GraphConnection, walk: Traversal<'_, TinySnb, P>, read: &Read) -> Found {
    if read.counts() {
        return Found::Count(walk.count_walks(conn).unwrap());
    }
    let walks = walk.walks(conn, ENOUGH).unwrap();
    assert!(walks.len() < ENOUGH, "all walks are read");
    let ends = walks.into_iter().map(|walk| {
        let node = |node: Option<&NodeId<metagraph::AnyNode>>| NodeId::from_raw(node.expect("a node").raw());
        (node(walk.nodes.first()), node(walk.nodes.last()), walk.len())
    });
    Found::Walks(ends.collect())
}

/// Each node at its least distance from the one start.
fn nearest(conn: &mut impl GraphConnection, graph: &Graph<TinySnb>, read: &Read) -> Vec<String> {
    let start = any_nodes(graph, read).one(conn).unwrap();
    let hop = &read.hops[0];
    let (least, most) = hop.edge.depth.expect("a repeated hop");
    let reached = graph.from(start.id).hop::<Knows>(hop.edge.way).depth(least..=most).load(conn).unwrap();
    assert!(hop.edge_conditions.is_empty() && hop.node_conditions.is_empty(), "only the start is chosen");
    let rows = reached.iter().map(|reached| row(read, &start.value, &reached.value, reached.depth as usize));
    rows.collect()
}

fn rows(
    conn: &mut impl GraphConnection,
    graph: &Graph<TinySnb>,
    read: &Read,
    walks: &[(NodeId<Any>, NodeId<Any>, usize)],
) -> Vec<String> {
    assert!(read.order.is_empty() && read.bounds == (0, None), "walks come in one order");
    let ids = walks.iter().flat_map(|(first, last, _)| [*first, *last]);
    let nodes = graph.get_many(conn, ids).unwrap();
    let ends = nodes.chunks(2).zip(walks);
    let rows = ends.map(|(ends, (_, _, length))| match ends {
        [Some(first), Some(last)] => row(read, &first.value, &last.value, *length),
        _ => panic!("the ends of a walk are there"),
    });
    rows.collect()
}

/// The columns of a walk: properties of its first and its last node, and its length.
fn row(read: &Read, first: &Any, last: &Any, length: usize) -> String {
    let end = &read.hops.last().expect("a hop").node.variable;
    let (first, last) = (attributes(first), attributes(last));
    let value_of = |part: &Expression| match part {
        Expression::Property(variable, name) if *variable == read.start.variable => property(&first, name),
        Expression::Property(variable, name) if variable == end => property(&last, name),
        Expression::Call { name, .. } if name == "length" => Value::from(length),
        other => panic!("not known of a walk: {other:?}"),
    };
    read.columns.iter().map(|column| render::column(column, &value_of)).collect::<Vec<_>>().join("|")
}

fn property(attributes: &Value, name: &str) -> Value {
    attributes.get(name).cloned().unwrap_or_default()
}
