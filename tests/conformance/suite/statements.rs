//! What the library sends to the database: few statements, and always the same ones.

use metagraph::prelude::*;

use crate::harness::Log;
use crate::scenarios::{Ferry, MemberOf, Team, office, roads};

fn teams(round: usize, length: usize) -> impl Iterator<Item = Team> {
    (0..length).map(move |place| Team { name: format!("{round} {place}") })
}

pub(crate) fn batches_of_all_lengths_share_a_handful_of_statements(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let log = Log::of(conn);
    for length in 1..=200 {
        office.graph.insert_many(conn, teams(length, length)).unwrap();
    }
    let cached = log.cached();
    assert!(cached <= 8, "{cached} statements for batches of nodes");
}

pub(crate) fn batches_of_edges_share_a_handful_of_statements(conn: &mut impl GraphConnection) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    let log = Log::of(conn);
    for length in 1..=200 {
        graph.connect_many(conn, (0..length).map(|_| (a, b, Ferry { hour: 1 }))).unwrap();
    }
    let cached = log.cached();
    assert!(cached <= 8, "{cached} statements for batches of edges");
}

pub(crate) fn lists_of_all_lengths_share_their_statement(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let ids = office.graph.insert_many(conn, teams(0, 100)).unwrap();
    for first in [1, 2] {
        office.graph.get_many(conn, ids.iter().copied().take(first)).unwrap();
    }
    let log = Log::of(conn);
    for length in 1..=100 {
        office.graph.get_many(conn, ids.iter().copied().take(length)).unwrap();
    }
    assert_eq!(log.cached(), 0);
    assert_eq!(log.queries().len(), 100);
}

pub(crate) fn one_row_is_one_statement(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let log = Log::of(conn);
    let expect_one = |what: &str| {
        let queries = log.queries();
        assert_eq!(queries.len(), 1, "{what}: {queries:?}");
    };
    let team = office.graph.insert(conn, &Team { name: "new".into() }).unwrap();
    expect_one("insert");
    office.graph.connect(conn, office.grace, team, &MemberOf { since: 2000 }).unwrap();
    expect_one("connect");
    office.graph.get(conn, team).unwrap();
    expect_one("get");
    office.graph.get_by_key::<Team>(conn, "new").unwrap();
    expect_one("get_by_key");
    office.graph.delete(conn, team).unwrap();
    expect_one("delete");
}

pub(crate) fn every_statement_on_nodes_or_edges_names_its_graph(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let log = Log::of(conn);
    let graph = &office.graph;
    graph.update(conn, office.ada, |ada| ada.age = 1).unwrap();
    graph.upsert_edge(conn, office.ada, office.kernel, &MemberOf { since: 1999 }).unwrap();
    graph.connect(conn, office.ada, office.kernel, &MemberOf { since: 1999 }).unwrap_err();
    graph.delete(conn, office.ada).unwrap_err();
    graph.from(office.ada).out::<MemberOf>().to::<Team>().load(conn).unwrap();
    graph.nodes::<Team>().count(conn).unwrap();
    graph.clear(conn).unwrap();
    for query in log.queries() {
        let asks = query.contains("FROM __metagraph_nodes") || query.contains("FROM __metagraph_edges");
        assert!(!asks || query.contains("graph_id ="), "{query}");
    }
}
