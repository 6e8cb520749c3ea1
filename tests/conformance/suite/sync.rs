//! Registering graph types, and noticing when the stored one is another.

use expect_test::expect;
use metagraph::prelude::*;
use metagraph::{Synced, types};

use crate::harness::{Log, at_once};
use crate::refusal::refused;
use crate::scenarios::{OfficeGraph, Team, ada, office};
use crate::scenarios::{changed, original, redescribed, reordered};
use crate::store::{Inspect, Store};

pub(crate) fn a_type_is_registered_once(conn: &mut impl Inspect) {
    assert_eq!(metagraph::sync::<OfficeGraph, _>(conn).unwrap(), Synced::Registered);
    let stored = types::get(conn, "office").unwrap().unwrap();
    let census = conn.census();
    assert_eq!(metagraph::sync::<OfficeGraph, _>(conn).unwrap(), Synced::Unchanged);
    assert_eq!(conn.census(), census);
    assert_eq!(types::get(conn, "office").unwrap().unwrap(), stored);
}

pub(crate) fn a_type_that_is_stored_costs_one_read(conn: &mut impl Inspect) {
    metagraph::sync::<OfficeGraph, _>(conn).unwrap();
    let log = Log::of(conn);
    metagraph::sync::<OfficeGraph, _>(conn).unwrap();
    let queries = log.queries();
    assert_eq!(queries.len(), 1, "{queries:?}");
    assert!(queries[0].starts_with("SELECT"), "{queries:?}");
}

pub(crate) fn the_order_of_members_and_fields_does_not_matter(conn: &mut impl Inspect) {
    metagraph::sync::<original::Shop, _>(conn).unwrap();
    let hash = types::get(conn, "shop").unwrap().unwrap().hash;
    assert_eq!(metagraph::sync::<reordered::Shop, _>(conn).unwrap(), Synced::Unchanged);
    assert_eq!(types::get(conn, "shop").unwrap().unwrap().hash, hash);
    let graph = Graph::<reordered::Shop>::open_or_create(conn, "corner").unwrap();
    graph.insert(conn, &reordered::Item { price: 7, name: "tea".into() }).unwrap();
    let original = Graph::<original::Shop>::open(conn, "corner").unwrap();
    assert_eq!(original.get_by_key::<original::Item>(conn, "tea").unwrap().unwrap().value.price, 7);
}

pub(crate) fn other_words_are_stored_anew_and_are_no_difference(conn: &mut impl Inspect) {
    metagraph::sync::<original::Shop, _>(conn).unwrap();
    let graph = Graph::<original::Shop>::open_or_create(conn, "corner").unwrap();
    assert_eq!(metagraph::sync::<redescribed::Shop, _>(conn).unwrap(), Synced::Redescribed);
    assert_eq!(metagraph::sync::<redescribed::Shop, _>(conn).unwrap(), Synced::Unchanged);
    let stored = types::get(conn, "shop").unwrap().unwrap();
    assert_eq!((stored.description.as_str(), stored.revision), ("A very small shop.", 1));
    assert_eq!(types::node_types(conn, "shop").unwrap()[0].description, "What can be bought.");
    graph.insert(conn, &original::Item { name: "tea".into(), price: 7 }).unwrap();
    Graph::<original::Shop>::open(conn, "corner").unwrap();
}

pub(crate) fn a_type_that_differs_is_refused_with_every_difference(conn: &mut impl Inspect) {
    metagraph::sync::<original::Shop, _>(conn).unwrap();
    let graph = Graph::<original::Shop>::open_or_create(conn, "corner").unwrap();
    let tea = graph.insert(conn, &original::Item { name: "tea".into(), price: 7 }).unwrap();
    let pot = graph.insert(conn, &original::Item { name: "pot".into(), price: 20 }).unwrap();
    graph.connect(conn, tea, pot, &original::GoesWith).unwrap();
    expect![[r#"
        MG1010: the stored graph type `shop` is not the one of the program, and rows may have to change:
          `item` /colour: it is new (undecidable: a row may have one of that name already)
          `goes_with`: only one edge may leave a node now (undecidable: the rows decide)
        (see what would become of the rows with `metagraph::Evolution::<YourGraphType>::new().plan(&mut conn)`, and do it with `apply`)"#]].assert_eq(&refused(conn, |conn| metagraph::sync::<changed::Shop, _>(conn)));
    let told = refused(conn, |conn| Graph::<changed::Shop>::open(conn, "corner"));
    expect![[r#"
        MG1002: the stored graph type `shop` differs from the code:
          /edges/goes_with/rules/oneOut: stored false, in the code true
          /nodes/item/schema/properties/colour: new in the code: {"type":["string","null"]}
          /nodes/item/schema/properties/price/format: stored "uint32", in the code "int64"
          /nodes/item/schema/properties/price/minimum: no longer in the code: 0
          /version: stored 1, in the code 2
        (`metagraph::sync` stores what leaves rows as they are; `metagraph::Evolution` changes rows (both need the feature `validate`))"#]].assert_eq(&told);
    assert_eq!(refused(conn, |conn| Graph::<changed::Shop>::open_or_create(conn, "new")), told);
    assert_eq!(metagraph::sync::<original::Shop, _>(conn).unwrap(), Synced::Unchanged);
}

pub(crate) fn a_type_that_was_never_synced_is_unknown(conn: &mut impl Inspect) {
    expect![[r#"
        MG1004: no graph type `office` is stored in this database; it has none
        (call `metagraph::sync::<YourGraphType, _>(&mut conn)` once before)"#]]
    .assert_eq(&refused(conn, |conn| Graph::<OfficeGraph>::open_or_create(conn, "office")));
    expect![[r#"
        MG1004: no graph type `office` is stored in this database; it has none
        (call `metagraph::sync::<YourGraphType, _>(&mut conn)` once before)"#]]
    .assert_eq(&refused(conn, |conn| types::describe(conn, "office")));
}

pub(crate) fn racing_syncs_register_once(store: &impl Store) {
    let synced = at_once(store, 8, |conn, _| metagraph::sync::<OfficeGraph, _>(conn).unwrap());
    assert_eq!(synced.iter().filter(|synced| **synced == Synced::Registered).count(), 1, "{synced:?}");
    assert!(synced.iter().all(|synced| matches!(synced, Synced::Registered | Synced::Unchanged)), "{synced:?}");
    assert_eq!(store.connect().census()[..4], [1, 1, 3, 4]);
}

pub(crate) fn racing_syncs_of_two_versions_take_turns(store: &impl Store) {
    let outcomes = at_once(store, 8, |conn, who| {
        if who % 2 == 0 {
            metagraph::sync::<original::Shop, _>(conn).unwrap()
        } else {
            metagraph::sync::<changed::Shop, _>(conn).unwrap()
        }
    });
    let count = |outcome| outcomes.iter().filter(|found| **found == outcome).count();
    // Whoever was first is older as soon as one of the others came.
    assert_eq!((count(Synced::Registered), count(Synced::Advanced)), (1, 1), "{outcomes:?}");
    assert_eq!(count(Synced::Unchanged) + count(Synced::Older), 6, "{outcomes:?}");
    let conn = &mut store.connect();
    let revisions = conn.integers("SELECT revision AS answer FROM __metagraph_graph_type_versions ORDER BY revision");
    assert_eq!(revisions, [1, 2]);
    assert!(metagraph::integrity::check(conn).unwrap().is_clean());
}

pub(crate) fn a_handle_older_than_its_type_refuses_to_write_and_reads_on(conn: &mut impl Inspect) {
    let office = office(conn);
    conn.batch_execute("UPDATE __metagraph_graphs SET revision = revision + 1").unwrap();
    let graph = &office.graph;
    expect![[r#"
        MG1003: the graph type `office` is at revision 2, this handle was opened at 1
        (open the graph again: its type was changed since; where that does not help, the program is older than the database, and can only read)"#]]
    .assert_eq(&refused(conn, |conn| graph.insert(conn, &Team { name: "new".into() })));
    expect![[r#"
        MG1003: the graph type `office` is at revision 2, this handle was opened at 1
        (open the graph again: its type was changed since; where that does not help, the program is older than the database, and can only read)"#]]
    .assert_eq(&refused(conn, |conn| graph.update(conn, office.ada, |ada| ada.age = 1)));
    expect![[r#"
        MG1003: the graph type `office` is at revision 2, this handle was opened at 1
        (open the graph again: its type was changed since; where that does not help, the program is older than the database, and can only read)"#]]
    .assert_eq(&refused(conn, |conn| graph.delete(conn, office.tools)));
    assert_eq!(graph.get(conn, office.ada).unwrap().unwrap().value, ada());
}
