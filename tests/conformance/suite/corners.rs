//! Values, handles and copies at the edge of what is allowed.

use std::thread;

use diesel::Connection as _;
use expect_test::expect;
use metagraph::prelude::*;
use metagraph::row::{EdgePatch, GraphStatus, NewGraph};
use metagraph::{DynamicGraph, Error, Outcome};
use serde_json::json;

use crate::refusal::refused;
use crate::scenarios::{Account, DependsOn, OfficeGraph, Sample, Team, office, package, packages, sample, samples};
use crate::store::{Inspect, Store};

pub(crate) fn a_large_float_stays_a_float(conn: &mut impl GraphConnection) {
    let graph = samples(conn);
    for float in [1e15, 1e16, -1.25e17, 9_007_199_254_740_993.5, 4_503_599_627_370_496.5, 1e300, f64::MAX, 1e-300] {
        let large = Sample { float, any: json!([float, {"inner": float}]), ..sample(&float.to_string()) };
        graph.upsert(conn, &large).unwrap();
        assert_eq!(graph.get_by_key::<Sample>(conn, &large.key).unwrap().unwrap().value, large);
        assert_eq!(graph.upsert(conn, &large).unwrap().outcome, Outcome::Unchanged, "{float}");
    }
}

pub(crate) fn an_attribute_that_is_there_twice_is_refused(conn: &mut impl Inspect) {
    let graph = samples(conn);
    let rest = [("name".to_owned(), json!("other"))].into();
    let account = Account { name: "name".into(), trust: 0.5, aliases: Vec::new(), rest };
    expect!["MG2004: account cannot be written as JSON: the attribute `name` is there twice at line 1 column 46"]
        .assert_eq(&refused(conn, |conn| graph.insert(conn, &account)));
}

pub(crate) fn by_name_too_archived_comes_before_missing(conn: &mut impl Inspect) {
    let office = office(conn);
    let dynamic = DynamicGraph::open(conn, "office", "office").unwrap();
    office.graph.set_status(conn, GraphStatus::Archived).unwrap();
    let told = expect![[r#"
        MG3004: the graph `office` is archived and refuses writes
        (set the graph's status to active first)"#]];
    told.assert_eq(&refused(conn, |conn| dynamic.replace_node(conn, 99, &json!({}))));
    told.assert_eq(&refused(conn, |conn| dynamic.patch_edge(conn, 99, &EdgePatch { attributes: json!({}) })));
}

pub(crate) fn a_handle_changes_nothing_in_another_database<S: Store>(store: &S) {
    let office = office(&mut store.connect());
    let Some(other) = S::migrated() else { return };
    let conn = &mut other.connect();
    // The same ids mean something else here.
    let (elsewhere, [a, b]) = packages(conn, ["a", "b"]);
    assert_eq!(elsewhere.id().raw(), office.graph.id().raw());
    elsewhere.connect(conn, a, b, &DependsOn { optional: false }).unwrap();
    let told = expect!["MG3001: there is no graph 1"];
    told.assert_eq(&refused(conn, |conn| office.graph.insert(conn, &Team { name: "new".into() })));
    told.assert_eq(&refused(conn, |conn| office.graph.delete(conn, office.membership)));
    told.assert_eq(&refused(conn, |conn| office.graph.clear(conn)));
    told.assert_eq(&refused(conn, |conn| office.graph.rename(conn, "mine")));
    told.assert_eq(&refused(conn, |conn| office.graph.duplicate(conn, &NewGraph::named("copy"))));
    assert!(!office.graph.clone().delete_graph(conn).unwrap());
    assert_eq!(elsewhere.info(conn).unwrap().name, "packages");
}

pub(crate) fn a_copy_has_every_edge_while_nodes_are_renamed<S: Store>(store: &S) {
    let conn = &mut store.connect();
    let (graph, [hub]) = packages(conn, ["hub"]);
    let leaves = graph.insert_many(conn, (0..500).map(|leaf| package(&leaf.to_string()))).unwrap();
    let edges = leaves.iter().map(|&leaf| (hub, leaf, DependsOn { optional: false }));
    graph.connect_many(conn, edges).unwrap();
    let (renamed, url) = (graph.clone(), store.url().to_owned());
    let renaming = thread::spawn(move || {
        let mut conn = S::connect_to(&url);
        for round in 0..100 {
            renamed.update(&mut conn, hub, |hub| hub.id = format!("hub {round}")).unwrap();
        }
    });
    for _ in 0..5 {
        let copy = graph.duplicate(conn, &NewGraph::named("copy")).unwrap();
        assert_eq!(copy.edges::<DependsOn>().count(conn).unwrap(), 500);
    }
    renaming.join().unwrap();
}

pub(crate) fn a_long_chain_in_one_batch_closes_no_cycle_and_its_end_does(conn: &mut impl Inspect) {
    let (graph, [first, second]) = packages(conn, ["first", "second"]);
    let needs = DependsOn { optional: false };
    let mut chain = vec![first, second];
    chain.extend(graph.insert_many(conn, (0..2000).map(|link| package(&link.to_string()))).unwrap());
    graph.connect_many(conn, chain.windows(2).map(|link| (link[0], link[1], needs.clone()))).unwrap();
    let back = [(chain[1], chain[3]), (chain[2], chain[0])].map(|(source, target)| (source, target, needs.clone()));
    expect![[r#"
        MG3009: depends_on would close the cycle package `second` → package `0` → package `first` → package `second`
        (the graph type or the edge type is `acyclic`)"#]]
    .assert_eq(&refused(conn, |conn| graph.connect_many(conn, back.clone())));
}

pub(crate) fn migrations_race_inside_transactions<S: Store>(store: &S) {
    let url = store.url();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(move || {
                S::connect_to(url).transaction::<_, Error, _>(metagraph::migrate).unwrap();
            });
        }
    });
    let conn = &mut store.connect();
    assert!(metagraph::migrate(conn).unwrap().is_empty());
    metagraph::sync::<OfficeGraph, _>(conn).unwrap();
}
