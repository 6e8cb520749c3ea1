//! Topological order.

use expect_test::expect;
use metagraph::prelude::*;

use crate::refusal::refused;
use crate::scenarios::{DependsOn, Ferry, Package, Town, packages, roads};
use crate::store::Inspect;

pub(crate) fn sources_come_before_their_targets(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c, d]) = packages(conn, ["a", "b", "c", "d"]);
    let edges = [(d, b), (b, a), (d, c), (c, a)];
    graph.connect_many(conn, edges.map(|(source, target)| (source, target, DependsOn { optional: true }))).unwrap();
    assert_eq!(graph.topological_order::<DependsOn, Package>(conn).unwrap(), [d, b, c, a]);
}

pub(crate) fn where_the_order_is_free_the_oldest_come_first(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c]) = packages(conn, ["a", "b", "c"]);
    assert_eq!(graph.topological_order::<DependsOn, Package>(conn).unwrap(), [a, b, c]);
}

pub(crate) fn a_graph_with_a_cycle_has_no_order_and_says_which(conn: &mut impl Inspect) {
    let (graph, [a, b, c, d]) = roads(conn, ["a", "b", "c", "d"]);
    let edges = [(a, b), (b, c), (c, b), (c, d)];
    graph.connect_many(conn, edges.map(|(source, target)| (source, target, Ferry { hour: 1 }))).unwrap();
    expect!["MG3013: there is no order along ferry, for it has the cycle town `b` → town `c` → town `b`"]
        .assert_eq(&refused(conn, |conn| graph.topological_order::<Ferry, Town>(conn)));
}
