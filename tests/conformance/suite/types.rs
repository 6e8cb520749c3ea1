//! Stored types: listed, read and described.

use expect_test::expect;
use metagraph::GraphConnection;
use metagraph::types;
use serde_json::json;

use crate::refusal::refused;
use crate::scenarios::{OfficeGraph, Packages, Roads, office};
use crate::store::Inspect;

pub(crate) fn stored_types_are_listed_by_name(conn: &mut impl GraphConnection) {
    assert!(types::list(conn).unwrap().is_empty());
    metagraph::sync::<Roads, _>(conn).unwrap();
    metagraph::sync::<OfficeGraph, _>(conn).unwrap();
    let names: Vec<_> = types::list(conn).unwrap().into_iter().map(|stored| stored.name).collect();
    assert_eq!(names, ["office", "roads"]);
    assert_eq!(types::get(conn, "streets").unwrap(), None);
}

pub(crate) fn a_stored_type_tells_its_rules(conn: &mut impl GraphConnection) {
    metagraph::sync::<Packages, _>(conn).unwrap();
    let stored = types::get(conn, "packages").unwrap().unwrap();
    assert_eq!((stored.version, stored.revision, stored.scope.as_str()), (1, 1, "system"));
    assert_eq!(stored.description, "What needs what.");
    let config = json!({"type": "directed", "multi": false, "simple": false, "allowSelfLoops": false, "acyclic": true});
    assert_eq!(stored.config, config);
}

pub(crate) fn members_are_stored_with_schema_and_ends(conn: &mut impl GraphConnection) {
    metagraph::sync::<OfficeGraph, _>(conn).unwrap();
    let nodes = types::node_types(conn, "office").unwrap();
    assert_eq!(nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>(), ["document", "person", "team"]);
    assert_eq!(nodes[1].description, "Somebody who works here.");
    assert_eq!(nodes[1].schema["properties"]["age"]["maximum"], 120);
    let edges = types::edge_types(conn, "office").unwrap();
    let owns = edges.iter().find(|edge| edge.name == "owns").unwrap();
    assert_eq!(owns.allowed_source_types, ["person", "team"]);
    assert_eq!(owns.allowed_target_types, ["document"]);
}

pub(crate) fn a_document_says_all_that_was_declared(conn: &mut impl GraphConnection) {
    metagraph::sync::<OfficeGraph, _>(conn).unwrap();
    let document = types::describe(conn, "office").unwrap();
    assert!(document.nodes["person"].restrict_delete);
    assert_eq!(document.nodes["person"].key.as_deref(), Some("name"));
    assert_eq!(document.nodes["document"].key, None);
    assert!(document.edges["reports_to"].rules.one_out);
    assert!(document.edges["leads"].rules.one_in);
}

pub(crate) fn a_type_is_deleted_when_its_graphs_are(conn: &mut impl Inspect) {
    let office = office(conn);
    expect![[r#"
        MG3014: the graph type `office` has 1 graphs
        (delete its graphs first, with `metagraph::graphs::delete`)"#]]
    .assert_eq(&refused(conn, |conn| types::delete(conn, "office")));
    office.graph.delete_graph(conn).unwrap();
    assert!(types::delete(conn, "office").unwrap());
    assert!(!types::delete(conn, "office").unwrap());
    assert!(types::list(conn).unwrap().is_empty());
}

pub(crate) fn names_that_nothing_can_have_find_nothing(conn: &mut impl GraphConnection) {
    assert_eq!(types::get(conn, "nul \0").unwrap(), None);
    assert_eq!(types::describe(conn, "nul \0").unwrap_err().code(), "MG1004");
    assert_eq!(types::node_types(conn, "nul \0").unwrap_err().code(), "MG1004");
}
