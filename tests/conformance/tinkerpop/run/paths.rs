//! Walks as paths: hops that repeat, and along several edge types at once.

use metagraph::prelude::*;
use metagraph::traverse::{Arrives, Hopped, Path, Start, Traversal};

use super::{Walk, starts};
use crate::tinkerpop::bag::{Branch, Outcome, Reason};
use crate::tinkerpop::condition::{Way, node};
use crate::tinkerpop::vocabulary::{Created, Develops, Knows, Label, Link, Tinker, ToItself, Traverses, Uses, Vertex};
use crate::tinkerpop::world::World;

/// Goes on along one edge type or several at once, as often as the hop says.
macro_rules! reach {
    ($from:expr, $hop:expr, [$($($label:ident)|+ => $edges:ty),+], $next:ident => $then:expr) => {{
        let (hop, range) = (&$hop, $hop.least..=$hop.most);
        match (hop.labels.as_slice(), hop.way) {
            $(
                ([$(Label::$label),+], Way::Out) => {
                    let to = $from.out::<$edges>().to::<Vertex>();
                    if range == (1..=1) {
                        let $next = to.matching(node(&hop.node));
                        $then
                    } else {
                        let $next = to.depth(range).matching(node(&hop.node));
                        $then
                    }
                }
                ([$(Label::$label),+], Way::In) => {
                    let to = $from.in_::<$edges>().to::<Vertex>();
                    if range == (1..=1) {
                        let $next = to.matching(node(&hop.node));
                        $then
                    } else {
                        let $next = to.depth(range).matching(node(&hop.node));
                        $then
                    }
                }
                ([$(Label::$label),+], Way::Both) => {
                    let to = $from.both::<$edges>().to::<Vertex>();
                    if range == (1..=1) {
                        let $next = to.matching(node(&hop.node));
                        $then
                    } else {
                        let $next = to.depth(range).matching(node(&hop.node));
                        $then
                    }
                }
            )+
            _ => Err(Reason::Walks),
        }
    }};
}

pub(super) fn paths<C: GraphConnection>(
    conn: &mut C,
    world: &World,
    branch: &Branch,
    kind: Kind,
) -> Outcome<Vec<Walk>> {
    let from: Start<'_, Tinker, Vertex> = world.graph.from_all(starts(world, branch));
    match branch.hops.as_slice() {
        [one] => reach!(from, one, [
            Knows => Knows, Created => Created, Knows | Created => (Knows, Created),
            Link | ToItself => (Link, ToItself), Uses | Develops | Traverses => (Uses, Develops, Traverses)
        ], first => Ok(found(conn, first, kind))),
        [one, two] => reach!(from, one, [Knows => Knows, Created => Created, Knows | Created => (Knows, Created)],
            first => reach!(first, two, [Knows => Knows, Created => Created, Knows | Created => (Knows, Created)],
                second => Ok(found(conn, second, kind)))),
        _ => Err(Reason::Walks),
    }
}

/// What is asked of a traversal.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Walks(usize),
    Simple(usize),
    Ends,
}

fn found<C: GraphConnection, P: Arrives + Hopped<Node = Vertex>>(
    conn: &mut C,
    traversal: Traversal<'_, Tinker, P>,
    kind: Kind,
) -> Vec<Walk> {
    let walk = |path: Path<P::Edges>| Walk {
        nodes: path.nodes.iter().map(|node| node.raw()).collect(),
        edges: path.edges.iter().map(|edge| edge.raw()).collect(),
    };
    match kind {
        Kind::Walks(limit) => traversal.walks(conn, limit).unwrap().into_iter().map(walk).collect(),
        Kind::Simple(limit) => traversal.paths(conn, limit).unwrap().into_iter().map(walk).collect(),
        Kind::Ends => {
            let ids = traversal.ids(conn).unwrap();
            ids.into_iter().map(|id| Walk { nodes: vec![id.raw()], edges: Vec::new() }).collect()
        }
    }
}
