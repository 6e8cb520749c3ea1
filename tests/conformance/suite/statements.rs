//! What the library sends to the database: few statements, and always the same ones.

use metagraph::prelude::*;
use metagraph::query;

use crate::harness::Log;
use crate::scenarios::{Document, Ferry, MemberOf, Person, ReportsTo, Team, office, roads};

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
    let paper = office.graph.nodes::<Document>().matching(query::id().eq(office.paper));
    assert_eq!(paper.set(conn, |d| d.title.set("new")).unwrap(), 1);
    expect_one("set");
    let papers = office.graph.nodes::<Document>().filter(|d| d.title.eq("new"));
    assert_eq!(papers.set(conn, |d| d.title.set("old")).unwrap(), 1);
    expect_one("set of some");
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

pub(crate) fn every_table_of_a_query_is_bound_to_its_graph(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let graph = &office.graph;
    let log = Log::of(conn);
    let people = || graph.nodes::<Person>().filter(|p| p.age.ge(1));
    graph.nodes::<Document>().filter(|d| d.title.ne("x")).set(conn, |d| d.title.set("y")).unwrap();
    graph.nodes::<Document>().matching(query::id().eq(office.paper)).set(conn, |d| d.title.set("z")).unwrap();
    people().order_by(|p| p.name.desc()).load(conn).unwrap();
    people().limit(1).page(conn).unwrap();
    people().limit(1).count(conn).unwrap();
    people().group_by(|p| p.age).aggregate(|_| query::count()).load(conn).unwrap();
    people().limit(2).aggregate(conn, |p| p.age.avg()).unwrap();
    people().matching(query::out::<MemberOf, Person, Team>().node(|t| t.name.ne("x")).exists()).load(conn).unwrap();
    people().sorted(query::both::<ReportsTo, Person, Person>().count().asc()).load(conn).unwrap();
    graph.edges::<MemberOf>().filter(|_| Person::F.age.at_source().gt(1)).load(conn).unwrap();
    graph.edges::<MemberOf>().limit(3).aggregate(conn, |_| Person::F.age.at_source().max()).unwrap();
    graph.edges::<MemberOf>().group_by(|_| Team::F.name.at_target()).aggregate(|_| query::count()).load(conn).unwrap();
    let teams = || graph.from_all(people()).out::<MemberOf>().to::<Team>();
    teams().load(conn).unwrap();
    teams().in_::<MemberOf>().to::<Person>().filter(|p| p.age.gt(1)).optional().rows().load(conn).unwrap();
    let reports = || graph.from(office.ada).both::<ReportsTo>().to::<Person>().filter(|p| p.age.gt(1));
    reports().depth(..=3).load(conn).unwrap();
    reports().depth(..=3).paths(conn, 9).unwrap();
    reports().shortest_path(conn, office.grace).unwrap();
    reports().depth(..=3).subgraph(conn).unwrap();
    graph.from_many([office.ada, office.grace]).out::<MemberOf>().to::<Team>().load_each(conn, 2).unwrap();
    graph.leaves::<ReportsTo, Person>().load(conn).unwrap();
    graph.find_cycle::<ReportsTo, Person>(conn).unwrap();
    let queries = log.queries();
    assert!(queries.len() > 20);
    for query in queries {
        let tables = query.matches("__metagraph_nodes AS").count() + query.matches("__metagraph_edges AS").count();
        let bound = query.matches("graph_id = ").count();
        assert!(bound >= tables.max(1), "{tables} tables, {bound} of them bound: {query}");
    }
}
