//! Walks as rows: each hop once and along one edge type, so that edges can be filtered.

use metagraph::prelude::*;
use metagraph::traverse::{Hopped, Pattern, Traversal};

use super::{Walk, starts};
use crate::tinkerpop::bag::{Branch, Outcome, Reason};
use crate::tinkerpop::condition::{Way, edge, node};
use crate::tinkerpop::vocabulary::{Created, Develops, Knows, Label, Link, Tinker, ToItself, Traverses, Uses, Vertex};
use crate::tinkerpop::world::World;

/// The branch for each choice of one edge type per hop; where edges may be self loops, also of one way per hop.
pub(super) fn alternatives(world: &World, branch: &Branch) -> Vec<Branch> {
    let mut branches = vec![branch.clone()];
    for at in 0..branch.hops.len() {
        let hop = &branch.hops[at];
        let ways = if hop.way == Way::Both && world.has_self_loops() { vec![Way::Out, Way::In] } else { vec![hop.way] };
        let choices: Vec<_> = hop.labels.iter().flat_map(|label| ways.iter().map(move |way| (*label, *way))).collect();
        let chosen = |branch: &Branch, (label, way): (Label, Way)| {
            let mut branch = branch.clone();
            branch.hops[at].labels = vec![label];
            branch.hops[at].way = way;
            branch
        };
        branches = branches.iter().flat_map(|one| choices.iter().map(|choice| chosen(one, *choice))).collect();
    }
    branches
}

/// Goes on along one edge type, whichever it is.
macro_rules! along {
    ($from:expr, $hop:expr, [$($label:ident),+], $next:ident, $edge:ident => $then:expr) => {
        match ($hop.labels[0], $hop.way) {
            $(
                (Label::$label, Way::Out) => { type $edge = $label; let $next = $from.out::<$label>().to::<Vertex>(); $then }
                (Label::$label, Way::In) => { type $edge = $label; let $next = $from.in_::<$label>().to::<Vertex>(); $then }
                (Label::$label, Way::Both) => { type $edge = $label; let $next = $from.both::<$label>().to::<Vertex>(); $then }
            )+
            #[allow(unreachable_patterns, reason = "the list may hold every edge type")]
            _ => Err(Reason::Walks),
        }
    };
}

pub(super) fn rows<C: GraphConnection>(conn: &mut C, world: &World, branch: &Branch) -> Outcome<Vec<Walk>> {
    let from = world.graph.from_all(starts(world, branch));
    let bounds = (branch.limit, branch.offset);
    match branch.hops.as_slice() {
        [one] => along!(from, one, [Knows, Created, Link, ToItself, Uses, Develops, Traverses], first, E => {
            let first = first.filter_edge(|_| edge::<E>(&one.edge)).matching(node(&one.node));
            Ok(if one.optional { read(conn, first.optional(), bounds) } else { read(conn, first, bounds) })
        }),
        [one, two] if one.optional == two.optional => along!(from, one, [Knows, Created], first, E => {
            let first = first.filter_edge(|_| edge::<E>(&one.edge)).matching(node(&one.node));
            if one.optional {
                along!(first.optional(), two, [Knows, Created], second, F => {
                    let second = second.filter_edge(|_| edge::<F>(&two.edge)).matching(node(&two.node));
                    Ok(read(conn, second.optional(), bounds))
                })
            } else {
                along!(first, two, [Knows, Created], second, F => {
                    let second = second.filter_edge(|_| edge::<F>(&two.edge)).matching(node(&two.node));
                    Ok(read(conn, second, bounds))
                })
            }
        }),
        _ => Err(Reason::Walks),
    }
}

fn read<C: GraphConnection, P: Pattern + Hopped>(
    conn: &mut C,
    traversal: Traversal<'_, Tinker, P>,
    (limit, offset): (Option<u32>, u64),
) -> Vec<Walk>
where
    P::Row: IntoWalk,
{
    let rows = traversal.rows().offset(offset);
    let rows = if let Some(limit) = limit { rows.limit(limit) } else { rows };
    rows.load(conn).unwrap().into_iter().map(IntoWalk::into_walk).collect()
}

/// A row as the walk that it is.
trait IntoWalk {
    fn into_walk(self) -> Walk;
}

type Reach<E> = (Edge<E>, Node<Vertex>);

fn walk<const N: usize>(start: &Node<Vertex>, hops: [Option<(i64, i64)>; N]) -> Walk {
    let (edges, nodes): (Vec<_>, Vec<_>) = hops.into_iter().flatten().unzip();
    Walk { nodes: [vec![start.id.raw()], nodes].concat(), edges }
}

fn ids<E>((edge, node): &Reach<E>) -> (i64, i64) {
    (edge.id.raw(), node.id.raw())
}

impl<E> IntoWalk for (Node<Vertex>, Reach<E>) {
    fn into_walk(self) -> Walk {
        walk(&self.0, [Some(ids(&self.1))])
    }
}

impl<E> IntoWalk for (Node<Vertex>, Option<Reach<E>>) {
    fn into_walk(self) -> Walk {
        walk(&self.0, [self.1.as_ref().map(ids)])
    }
}

impl<E, F> IntoWalk for (Node<Vertex>, Reach<E>, Reach<F>) {
    fn into_walk(self) -> Walk {
        walk(&self.0, [Some(ids(&self.1)), Some(ids(&self.2))])
    }
}

impl<E, F> IntoWalk for (Node<Vertex>, Option<Reach<E>>, Option<Reach<F>>) {
    fn into_walk(self) -> Walk {
        walk(&self.0, [self.1.as_ref().map(ids), self.2.as_ref().map(ids)])
    }
}
