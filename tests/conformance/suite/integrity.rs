//! Damage done past the library: each kind is found, named and counted, and nothing else is.

mod texts;
mod types;

use expect_test::{expect, expect_file};
use metagraph::graphs::GraphFilter;
use metagraph::integrity::{self, Check, Damage, Subject};
use metagraph::prelude::*;
use metagraph::row::{ActorKind, GraphStatus, NewActor, NewGraph};
use metagraph::{Error, GraphBackend, actors, graphs};
use serde_json::{Value, json};

pub(crate) use self::texts::{
    attributes_that_are_too_long_for_their_index_are_found, keys_that_cannot_be_keys_are_found,
    texts_that_only_one_database_stores_are_found,
};
pub(crate) use self::types::{
    documents_that_are_not_as_they_are_written_are_found, schemas_that_cannot_be_used_are_found,
    types_of_one_name_are_found,
};
use crate::refusal::told;
use crate::scenarios::{
    Arena, Bond, Borrowed, BuildsWith, Bus, Chain, Club, DependsOn, Ferry, Follows, Keyed, Knows, Lane, Leads, Linked,
    Mixed, Office, OneIn, OneOut, OneWay, Owns, ReportsTo, Road, Sponsors, Touches, Track, TwoWay, Wire, Wrote, arena,
    book, club, library, member, network, note, notes, office, original, packages, people, pins, roads, sample,
    samples,
};
use crate::store::{Inspect, Store};

fn is_sqlite<C: Inspect>(_: &C) -> bool {
    C::Db::NAME == "SQLite"
}

/// Runs what somebody does in this kind of database.
fn run(conn: &mut impl Inspect, sqlite: &str, postgres: &str) {
    let sql = if is_sqlite(conn) { sqlite } else { postgres };
    conn.run(sql);
}

/// From here on, this connection enforces no foreign keys.
fn careless(conn: &mut impl Inspect) {
    run(
        conn,
        "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON",
        "SET session_replication_role = replica",
    );
}

/// What a check of the whole database tells, but for what it says of our tables.
fn found(conn: &mut impl Inspect) -> String {
    let mut report = integrity::check(conn).unwrap();
    assert!(report.complete && !report.is_clean());
    report.findings.retain(|finding| finding.subject != Subject::Table);
    report.to_string()
}

/// An office after somebody ran this, without foreign keys, on either database.
fn office_after(conn: &mut impl Inspect, sql: &str) -> String {
    office(conn);
    careless(conn);
    conn.run(sql);
    found(conn)
}

pub(crate) fn our_tables_are_as_the_list_has_them<S: Store>(store: &S) {
    let objects = integrity::objects(&mut store.connect()).unwrap();
    let list = if S::NAME == "sqlite" {
        expect_file!["../../../metagraph-diesel/migrations/sqlite/objects.txt"]
    } else {
        expect_file!["../../../metagraph-diesel/migrations/postgres/objects.txt"]
    };
    list.assert_eq(&objects);
}

/// One graph of every kind, with edges of every kind.
fn everything(conn: &mut impl Inspect) {
    metagraph::sync::<Arena, _>(conn).unwrap();
    let (graph, seats) = arena(conn, 4);
    graph.connect(conn, seats[1], seats[0], &crate::scenarios::Pair).unwrap();
    graph.connect(conn, seats[0], seats[1], &OneOut).unwrap();
    graph.connect(conn, seats[0], seats[1], &OneIn).unwrap();
    graph.connect(conn, seats[0], seats[1], &Keyed { number: 1 }).unwrap();
    graph.connect(conn, seats[0], seats[1], &Keyed { number: 2 }).unwrap();
    for (source, target) in [(0, 1), (1, 3), (3, 2), (0, 2)] {
        graph.connect(conn, seats[source], seats[target], &Chain).unwrap();
    }
    let (graph, pin) = pins::<OneWay, 2>(conn);
    graph.connect(conn, pin[0], pin[1], &Wire).unwrap();
    graph.connect(conn, pin[1], pin[0], &Bus).unwrap();
    let (graph, pin) = pins::<TwoWay, 2>(conn);
    graph.connect(conn, pin[1], pin[0], &Wire).unwrap();
    let (graph, pin) = pins::<Mixed, 3>(conn);
    graph.connect(conn, pin[1], pin[0], &Bond).unwrap();
    graph.connect(conn, pin[2], pin[1], &Wire).unwrap();
    let graph = club(conn);
    let members = graph
        .insert_many(
            conn,
            ["ada", "grace"]
                .map(|name| crate::scenarios::Member { email: Some(format!("{name}@example.org")), ..member(name) }),
        )
        .unwrap();
    graph.connect(conn, members[0], members[0], &Sponsors { contract: Some(1) }).unwrap();
    graph.connect(conn, members[0], members[0], &Sponsors { contract: None }).unwrap();
    let graph = library(conn);
    let book = graph.insert(conn, &book("1")).unwrap();
    let reader = graph.insert(conn, &crate::scenarios::Reader { name: "ada".into(), born: 1815 }).unwrap();
    graph.connect(conn, reader, book, &Borrowed { days: 3 }).unwrap();
    let (graph, [one, two]) = network(conn, ["one", "two"]);
    graph.connect(conn, two, one, &Lane { km: Some(1e300) }).unwrap();
    graph.connect(conn, two, one, &Track { km: None }).unwrap();
    let graph = notes(conn);
    let near = graph.insert(conn, &note("near")).unwrap();
    graph.connect(conn, near, near, &Touches { strength: -1 }).unwrap();
    let Office { graph, ada, grace, kernel, paper, .. } = office(conn);
    graph.connect(conn, ada, grace, &ReportsTo).unwrap();
    graph.connect(conn, ada, kernel, &Leads).unwrap();
    graph.connect(conn, ada, paper, &Owns).unwrap();
    graph.update(conn, ada, |ada| ada.age += 1).unwrap();
    let (graph, [app, serde, syn]) = packages(conn, ["app", "serde", "syn"]);
    graph.connect(conn, syn, serde, &DependsOn { optional: true }).unwrap();
    graph.connect(conn, app, syn, &DependsOn { optional: true }).unwrap();
    graph.connect(conn, app, serde, &BuildsWith).unwrap();
    let (graph, [ada, grace]) = people(conn, ["ada", "grace"]);
    let post = graph.insert(conn, &crate::scenarios::Post { number: 7 }).unwrap();
    graph.connect(conn, grace, ada, &Knows { since: 1940 }).unwrap();
    graph.connect(conn, grace, ada, &Follows).unwrap();
    graph.connect(conn, grace, post, &Wrote).unwrap();
    let (graph, [york, leeds]) = roads(conn, ["york", "leeds"]);
    for hour in 0..3 {
        graph.connect(conn, york, leeds, &Ferry { hour }).unwrap();
    }
    graph.connect(conn, york, york, &Road { number: "A1".into(), lanes: 2 }).unwrap();
    graph.duplicate(conn, &NewGraph::named("a copy")).unwrap().set_status(conn, GraphStatus::Archived).unwrap();
    let graph = samples(conn);
    let naughty = crate::suite::hostile::naughty();
    let nodes = naughty.iter().map(|text| crate::scenarios::Sample { text: text.clone(), ..sample(text) });
    let nodes = graph.insert_many(conn, nodes.chain([sample("\u{FFFD}"), sample("no such string")])).unwrap();
    graph.connect(conn, nodes[0], nodes[1], &Linked { key: "\u{FFFD}".into(), any: json!(1e300) }).unwrap();
    metagraph::sync::<original::Shop, _>(conn).unwrap();
    Graph::<original::Shop>::open_or_create(conn, "shop").unwrap();
    let actor = NewActor { kind: ActorKind::Agent, name: "a".into(), subject: Some("a".into()), metadata: json!({}) };
    actors::insert(conn, &actor).unwrap();
}

pub(crate) fn what_the_library_wrote_is_clean(conn: &mut impl Inspect) {
    everything(conn);
    let report = integrity::check(conn).unwrap();
    assert!(report.is_clean(), "{report}");
    let census = conn.census();
    let checked = [report.checked.graph_types, report.checked.graphs, report.checked.nodes, report.checked.edges];
    assert_eq!(checked.map(|count| i64::try_from(count).unwrap()), [census[0], census[4], census[5], census[6]]);
    for graph in graphs::find(conn, &GraphFilter::default()).unwrap() {
        let report = Check::new().graph(graph.id).run(conn).unwrap();
        assert!(report.is_clean(), "{report}");
        assert_eq!((report.checked.graph_types, report.checked.graphs), (1, 1));
    }
}

pub(crate) fn a_check_only_reads(conn: &mut impl Inspect) {
    everything(conn);
    run(conn, "PRAGMA query_only = ON", "SET default_transaction_read_only = on");
    assert!(integrity::check(conn).unwrap().is_clean());
    let inside = conn.transaction(|conn| integrity::check(conn));
    assert!(inside.unwrap().is_clean());
}

pub(crate) fn rows_of_graphs_that_do_not_exist_are_found(conn: &mut impl Inspect) {
    let gone = office_after(conn, "DELETE FROM __metagraph_graphs");
    expect![[r#"
        checked 1 graph type, 0 graphs, 0 nodes, 0 edges and 0 actors; 2 kinds of damage were found:
        missing_graph        node        5  The graph of a node or an edge does not exist.
            graph 1, id 1: 5 nodes of a graph that does not exist
        missing_graph        edge        1  The graph of a node or an edge does not exist.
            graph 1, id 1: 1 edge of a graph that does not exist"#]]
    .assert_eq(&gone);
}

pub(crate) fn ends_that_do_not_exist_are_found(conn: &mut impl Inspect) {
    let first = office(conn);
    let other = Graph::<crate::scenarios::OfficeGraph>::open_or_create(conn, "other").unwrap();
    careless(conn);
    conn.run(&format!("UPDATE __metagraph_nodes SET graph_id = {} WHERE id = {}", other.id(), first.kernel));
    conn.run(&format!("DELETE FROM __metagraph_nodes WHERE id = {}", first.ada));
    expect![[r#"
        checked 1 graph type, 2 graphs, 4 nodes, 1 edge and 0 actors; 1 kind of damage was found:
        missing_end          edge office/member_of        2  An end of an edge does not exist in the edge's graph.
            graph 1, id 1: its source, node 1, does not exist in this graph
            graph 1, id 1: its target, node 3, does not exist in this graph"#]]
    .assert_eq(&found(conn));
}

pub(crate) fn types_that_a_graph_does_not_have_are_found(conn: &mut impl Inspect) {
    packages(conn, []);
    let depends = conn.integers("SELECT id AS answer FROM __metagraph_edge_types WHERE name = 'depends_on'")[0];
    let package = conn.integers("SELECT id AS answer FROM __metagraph_node_types WHERE name = 'package'")[0];
    let changes = format!(
        "UPDATE __metagraph_nodes SET node_type_id = 99 WHERE key = 'ada'; \
         UPDATE __metagraph_nodes SET node_type_id = {package} WHERE key = 'kernel'; \
         UPDATE __metagraph_edges SET edge_type_id = {depends}"
    );
    expect![[r#"
        checked 2 graph types, 2 graphs, 5 nodes, 1 edge and 0 actors; 3 kinds of damage were found:
        unknown_type         node office                   1  The type of a node or an edge does not exist.
            graph 2, id 1, `ada`: there is no node type 99
        foreign_type         node office/package           1  The type of a node or an edge belongs to another graph type.
            graph 2, id 3, `kernel`: the type `package` belongs to graph type `packages`
        foreign_type         edge office/depends_on        1  The type of a node or an edge belongs to another graph type.
            graph 2, id 1: the type `depends_on` belongs to graph type `packages`"#]].assert_eq(&office_after(conn, &changes));
}

pub(crate) fn a_graph_of_no_type_is_found(conn: &mut impl Inspect) {
    expect![[r#"
        checked 1 graph type, 1 graph, 4 nodes, 1 edge and 0 actors; 4 kinds of damage were found:
        unknown_graph_type   graph                 1  The graph type of a graph does not exist.
            id 1: there is no graph type 99
        foreign_type         node person           2  The type of a node or an edge belongs to another graph type.
            graph 1, id 1, `ada`: the type `person` belongs to graph type `office`
            graph 1, id 2, `grace`: the type `person` belongs to graph type `office`
        foreign_type         node team             2  The type of a node or an edge belongs to another graph type.
            graph 1, id 3, `kernel`: the type `team` belongs to graph type `office`
            graph 1, id 4, `tools`: the type `team` belongs to graph type `office`
        foreign_type         edge member_of        1  The type of a node or an edge belongs to another graph type.
            graph 1, id 1: the type `member_of` belongs to graph type `office`"#]]
    .assert_eq(&office_after(
        conn,
        "DELETE FROM __metagraph_nodes WHERE id = 5; UPDATE __metagraph_graphs SET graph_type_id = 99",
    ));
}

pub(crate) fn attributes_that_do_not_fit_are_found_with_their_paths(conn: &mut impl Inspect) {
    let changes = r#"UPDATE __metagraph_nodes SET attributes = '{"name":"ada","age":200,"nickname":7}' WHERE key = 'ada';
        UPDATE __metagraph_nodes SET attributes = '[]' WHERE key = 'grace';
        UPDATE __metagraph_edges SET attributes = NULL"#;
    expect![[r#"
        checked 1 graph type, 1 graph, 5 nodes, 1 edge and 0 actors; 3 kinds of damage were found:
        not_an_object        node office/person           1  Attributes are no JSON object.
            graph 1, id 2, `grace`: `attributes` is no JSON object
        schema               node office/person           1  Attributes do not fit the stored schema.
            graph 1, id 1, `ada`: /age: 200 is greater than the maximum of 120; /nickname: 7 is not of types "null", "string"
        schema               edge office/member_of        1  Attributes do not fit the stored schema.
            graph 1, id 1: /: "since" is a required property"#]].assert_eq(&office_after(conn, changes));
}

pub(crate) fn attributes_that_are_no_json_are_found(conn: &mut impl Inspect) {
    office(conn);
    careless(conn);
    // PostgreSQL keeps no such text, but numbers that nobody reads.
    run(
        conn,
        r#"UPDATE __metagraph_nodes SET attributes = '{"name":"ada","age":1e400}' WHERE key = 'ada'"#,
        r#"UPDATE __metagraph_nodes SET attributes = '{"name":"ada","age":1e400}' WHERE key = 'ada'"#,
    );
    let numbers = found(conn);
    assert!(numbers.contains("invalid_json") && numbers.contains("number out of range"), "{numbers}");
    run(
        conn,
        r#"UPDATE __metagraph_nodes SET attributes = 'none' WHERE key = 'ada';
           UPDATE __metagraph_nodes SET attributes = '{"name":"grace","age":1,"age":2}' WHERE key = 'grace';
           UPDATE __metagraph_nodes SET attributes = '{"name":"kernel\u0000"}' WHERE key = 'kernel';
           UPDATE __metagraph_nodes SET attributes = CAST(x'7B2261223A22FF227D' AS TEXT) WHERE key = 'tools';
           UPDATE __metagraph_edges SET metadata = '{'"#,
        "SELECT 1",
    );
    if is_sqlite(conn) {
        expect![[r#"
            checked 1 graph type, 1 graph, 5 nodes, 1 edge and 0 actors; 5 kinds of damage were found:
            invalid_text         node office/team             1  A text is not UTF-8.
                graph 1, id 4, `tools`: `attributes` is not UTF-8
            nul_character        node office/team             1  A text holds U+0000, which PostgreSQL does not store.
                graph 1, id 3, `kernel`: `attributes` holds U+0000
            invalid_json         node office/person           2  A JSON column holds what cannot be read as JSON.
                graph 1, id 1, `ada`: `attributes` cannot be read as JSON: expected ident at line 1 column 2
                graph 1, id 2, `grace`: `attributes` cannot be read as JSON: the attribute `age` is there twice at line 1 column 29
            invalid_json         edge office/member_of        1  A JSON column holds what cannot be read as JSON.
                graph 1, id 1: `metadata` cannot be read as JSON: EOF while parsing an object at line 1 column 1
            invalid_key          node office/team             1  A key is missing, or cannot be a key.
                graph 1, id 3, `kernel`: a key cannot hold U+0000 (at byte 6), which PostgreSQL does not store"#]].assert_eq(&found(conn));
    }
}

pub(crate) fn keys_that_are_none_or_others_are_found(conn: &mut impl Inspect) {
    let changes = "UPDATE __metagraph_nodes SET key = 'eda' WHERE key = 'ada'; \
                   UPDATE __metagraph_nodes SET attributes = '{\"name\":null}' WHERE key = 'kernel'; \
                   UPDATE __metagraph_edges SET key = 'e'";
    expect![[r#"
        checked 1 graph type, 1 graph, 5 nodes, 1 edge and 0 actors; 4 kinds of damage were found:
        schema               node office/team             1  Attributes do not fit the stored schema.
            graph 1, id 3, `kernel`: /name: null is not of type "string"
        invalid_key          node office/team             1  A key is missing, or cannot be a key.
            graph 1, id 3, `kernel`: the key attribute `name` must hold a string or an integer, found null
        key_column           node office/person           1  The key column differs from the key attribute.
            graph 1, id 1, `eda`: the attribute `name` holds `ada`
        unexpected_key       edge office/member_of        1  An edge has a key, and its type has none.
            graph 1, id 1, `e`: edges of the type `member_of` have no key"#]]
    .assert_eq(&office_after(conn, changes));
}

pub(crate) fn an_edge_without_its_key_is_found(conn: &mut impl Inspect) {
    let (graph, [york]) = roads(conn, ["york"]);
    graph.connect(conn, york, york, &Road { number: "A1".into(), lanes: 2 }).unwrap();
    graph.connect(conn, york, york, &Road { number: "A2".into(), lanes: 2 }).unwrap();
    conn.run("UPDATE __metagraph_edges SET key = CASE WHEN key = 'A2' THEN 'A3' END");
    expect![[r#"
        checked 1 graph type, 1 graph, 1 node, 2 edges and 0 actors; 2 kinds of damage were found:
        invalid_key          edge roads/road        1  A key is missing, or cannot be a key.
            graph 1, id 1: there is no key
        key_column           edge roads/road        1  The key column differs from the key attribute.
            graph 1, id 2, `A3`: the attribute `number` holds `A2`"#]]
    .assert_eq(&found(conn));
}

pub(crate) fn ends_of_other_types_and_self_loops_are_found(conn: &mut impl Inspect) {
    let first = office(conn);
    first.graph.connect(conn, first.ada, first.grace, &ReportsTo).unwrap();
    conn.run(&format!(
        "UPDATE __metagraph_edges SET target_id = {0} WHERE id = {1}; \
         UPDATE __metagraph_edges SET target_id = source_id WHERE id <> {1}",
        first.paper, first.membership
    ));
    expect![[r#"
        checked 1 graph type, 1 graph, 5 nodes, 2 edges and 0 actors; 2 kinds of damage were found:
        end_type             edge office/member_of         1  An end of an edge has a type that the edge type does not connect.
            graph 1, id 1: runs from `person` to `document`; it can run from `person` to `team`
        self_loop            edge office/reports_to        1  An edge ends where it starts, and its type refuses that.
            graph 1, id 2: connects node 1 to itself"#]].assert_eq(&found(conn));
}

pub(crate) fn edges_without_direction_are_found_in_the_wrong_order(conn: &mut impl Inspect) {
    let (graph, [ada, grace]) = people(conn, ["ada", "grace"]);
    let post = graph.insert(conn, &crate::scenarios::Post { number: 7 }).unwrap();
    graph.connect(conn, ada, grace, &Knows { since: 1940 }).unwrap();
    graph.connect(conn, ada, grace, &Follows).unwrap();
    graph.connect(conn, ada, post, &Wrote).unwrap();
    let (yes, no) = if is_sqlite(conn) { ("1", "0") } else { ("true", "false") };
    conn.run(&format!(
        "UPDATE __metagraph_edges SET source_id = target_id, target_id = source_id WHERE id = 1; \
         UPDATE __metagraph_edges SET undirected = {yes}, reversed = {yes} WHERE id = 2; \
         UPDATE __metagraph_edges SET reversed = {yes} WHERE id = 3"
    ));
    expect![[r#"
        checked 1 graph type, 1 graph, 3 nodes, 3 edges and 0 actors; 4 kinds of damage were found:
        direction            edge people/follows        1  The column `undirected` is not what the edge type says.
            graph 1, id 2: `undirected` is 1 and should be 0
        end_order            edge people/knows          1  An undirected edge is not stored with its smaller end first.
            graph 1, id 1: runs from node 2 to node 1, the larger id first
        reversed             edge people/follows        1  The column `reversed` gives an edge ends that it cannot have.
            graph 1, id 2: `reversed` is 1 and should be 0
        reversed             edge people/wrote          1  The column `reversed` gives an edge ends that it cannot have.
            graph 1, id 3: `reversed` is 1 and should be 0"#]]
    .assert_eq(&found(conn));
    // The other way round, an edge whose ends fit only as reversed.
    conn.run(&format!(
        "UPDATE __metagraph_edges SET source_id = {post}, target_id = {ada}, reversed = {no} WHERE id = 3"
    ));
    expect![[r#"
        checked 1 graph type, 1 graph, 3 nodes, 3 edges and 0 actors; 5 kinds of damage were found:
        direction            edge people/follows        1  The column `undirected` is not what the edge type says.
            graph 1, id 2: `undirected` is 1 and should be 0
        end_order            edge people/knows          1  An undirected edge is not stored with its smaller end first.
            graph 1, id 1: runs from node 2 to node 1, the larger id first
        end_order            edge people/wrote          1  An undirected edge is not stored with its smaller end first.
            graph 1, id 3: runs from node 3 to node 1, the larger id first
        reversed             edge people/follows        1  The column `reversed` gives an edge ends that it cannot have.
            graph 1, id 2: `reversed` is 1 and should be 0
        reversed             edge people/wrote          1  The column `reversed` gives an edge ends that it cannot have.
            graph 1, id 3: `reversed` is 0 and should be 1"#]]
    .assert_eq(&found(conn));
}

pub(crate) fn columns_that_hide_edges_from_their_rules_are_found(conn: &mut impl Inspect) {
    metagraph::sync::<Arena, _>(conn).unwrap();
    let (graph, seats) = arena(conn, 2);
    graph.connect(conn, seats[0], seats[1], &crate::scenarios::Pair).unwrap();
    graph.connect(conn, seats[0], seats[1], &OneOut).unwrap();
    graph.connect(conn, seats[0], seats[1], &OneIn).unwrap();
    graph.connect(conn, seats[0], seats[1], &Keyed { number: 1 }).unwrap();
    let (graph, [a, b]) = pins::<OneWay, 2>(conn);
    graph.connect(conn, a, b, &Wire).unwrap();
    conn.run(
        "UPDATE __metagraph_edges SET slot = 7, one_out = 1 WHERE id = 1; \
         UPDATE __metagraph_edges SET one_out = NULL WHERE id = 2; UPDATE __metagraph_edges SET one_in = 2 WHERE id = 3; \
         UPDATE __metagraph_edges SET slot = 0 WHERE id = 4; UPDATE __metagraph_edges SET simple = NULL WHERE id = 5",
    );
    expect![[r#"
        checked 2 graph types, 2 graphs, 4 nodes, 5 edges and 0 actors; 6 kinds of damage were found:
        slot                 edge arena/keyed          1  The column `slot` is not what the edge type says, so that no key decides about parallel edges.
            graph 1, id 4, `1`: `slot` is 0 and should be 4
        slot                 edge arena/pair           1  The column `slot` is not what the edge type says, so that no key decides about parallel edges.
            graph 1, id 1: `slot` is 7 and should be 0
        rule_column          edge arena/one_in         1  A column with a rule is not what the edge type says, so that its index does not see the edge.
            graph 1, id 3: `one_in` is 2 and should be 1
        rule_column          edge arena/one_out        1  A column with a rule is not what the edge type says, so that its index does not see the edge.
            graph 1, id 2: `one_out` is null and should be 1
        rule_column          edge arena/pair           1  A column with a rule is not what the edge type says, so that its index does not see the edge.
            graph 1, id 1: `one_out` is 1 and should be null
        rule_column          edge one-way/wire         1  A column with a rule is not what the edge type says, so that its index does not see the edge.
            graph 2, id 5: `simple` is null and should be 1"#]].assert_eq(&found(conn));
}

pub(crate) fn rules_that_hidden_edges_break_are_found(conn: &mut impl Inspect) {
    metagraph::sync::<Arena, _>(conn).unwrap();
    let (graph, seats) = arena(conn, 3);
    graph.connect(conn, seats[0], seats[1], &crate::scenarios::Pair).unwrap();
    graph.connect(conn, seats[0], seats[1], &OneOut).unwrap();
    graph.connect(conn, seats[0], seats[1], &OneIn).unwrap();
    let (graph, [a, b]) = pins::<Mixed, 2>(conn);
    graph.connect(conn, a, b, &Wire).unwrap();
    let again = |id: i64, source: &str, target: &str| {
        format!(
            "INSERT INTO __metagraph_edges (graph_id, edge_type_id, source_id, target_id, undirected, reversed, version, \
             created_at, updated_at, slot) SELECT graph_id, edge_type_id, {source}, {target}, undirected, reversed, 1, \
             created_at, updated_at, {} FROM __metagraph_edges WHERE id = {id};",
            if id == 1 { 5 } else { 0 },
        )
    };
    let changes = [
        again(1, "source_id", "target_id"),
        again(2, "source_id", &seats[2].to_string()),
        again(3, &seats[2].to_string(), "target_id"),
        again(4, "target_id", "source_id"),
    ];
    conn.run(&changes.concat());
    expect![[r#"
        checked 2 graph types, 2 graphs, 5 nodes, 8 edges and 0 actors; 8 kinds of damage were found:
        slot                 edge arena/pair             1  The column `slot` is not what the edge type says, so that no key decides about parallel edges.
            graph 1, id 5: `slot` is 5 and should be 0
        rule_column          edge arena/one_in           1  A column with a rule is not what the edge type says, so that its index does not see the edge.
            graph 1, id 7: `one_in` is null and should be 1
        rule_column          edge arena/one_out          1  A column with a rule is not what the edge type says, so that its index does not see the edge.
            graph 1, id 6: `one_out` is null and should be 1
        rule_column          edge either-way/wire        1  A column with a rule is not what the edge type says, so that its index does not see the edge.
            graph 2, id 8: `simple` is null and should be 2
        parallel             edge arena/pair             1  Several edges of one type run between two nodes, and the type refuses that.
            graph 1, id 1: 2 edges run between the same two nodes, the last of them is 5
        simple               edge either-way             1  Several edges run between two nodes of a simple graph.
            graph 2, id 4: 2 edges run between the same two nodes, the last of them is 8
        one_out              edge arena/one_out          1  Several edges of a `one_out` type leave a node.
            graph 1, id 2: 2 edges leave the same node, the last of them is 6
        one_in               edge arena/one_in           1  Several edges of a `one_in` type enter a node.
            graph 1, id 3: 2 edges enter the same node, the last of them is 7"#]].assert_eq(&found(conn));
}

/// Drops the unique keys of nodes and edges; SQLite has one inside of its table.
fn without_keys(conn: &mut impl Inspect) {
    careless(conn);
    run(
        conn,
        "PRAGMA legacy_alter_table = ON; CREATE TABLE loose AS SELECT * FROM __metagraph_nodes; \
         DROP TABLE __metagraph_nodes; ALTER TABLE loose RENAME TO __metagraph_nodes; \
         DROP INDEX __metagraph_edges_out; DROP INDEX __metagraph_edges_key; DROP INDEX __metagraph_edges_one_out",
        "ALTER TABLE __metagraph_nodes DROP CONSTRAINT __metagraph_nodes_key; \
         DROP INDEX __metagraph_edges_out; DROP INDEX __metagraph_edges_key; DROP INDEX __metagraph_edges_one_out",
    );
}

pub(crate) fn duplicates_are_found_where_keys_were_dropped(conn: &mut impl Inspect) {
    metagraph::sync::<Arena, _>(conn).unwrap();
    let (graph, seats) = arena(conn, 3);
    graph.connect(conn, seats[0], seats[1], &Keyed { number: 1 }).unwrap();
    graph.connect(conn, seats[0], seats[1], &Keyed { number: 2 }).unwrap();
    graph.connect(conn, seats[0], seats[1], &crate::scenarios::Pair).unwrap();
    graph.connect(conn, seats[0], seats[2], &crate::scenarios::Pair).unwrap();
    graph.connect(conn, seats[0], seats[1], &OneOut).unwrap();
    graph.connect(conn, seats[1], seats[2], &OneOut).unwrap();
    without_keys(conn);
    metagraph::sync::<Arena, _>(conn).unwrap();
    conn.run(
        "UPDATE __metagraph_nodes SET key = '0', attributes = '{\"number\":0}' WHERE key = '2'; \
         UPDATE __metagraph_edges SET key = '1', attributes = '{\"number\":1}' WHERE key = '2'; \
         UPDATE __metagraph_edges SET target_id = 2 WHERE id = 4; UPDATE __metagraph_edges SET source_id = 1 WHERE id = 6",
    );
    expect![[r#"
        checked 1 graph type, 1 graph, 3 nodes, 6 edges and 0 actors; 4 kinds of damage were found:
        duplicate_key        node arena/seat           1  Several rows of a graph and type have one key.
            graph 1, id 1, `0`: 2 nodes have this key, the last of them is 3
        duplicate_key        edge arena/keyed          1  Several rows of a graph and type have one key.
            graph 1, id 1, `1`: 2 edges have this key, the last of them is 2
        parallel             edge arena/pair           1  Several edges of one type run between two nodes, and the type refuses that.
            graph 1, id 3: 2 edges run between the same two nodes, the last of them is 4
        one_out              edge arena/one_out        1  Several edges of a `one_out` type leave a node.
            graph 1, id 5: 2 edges leave the same node, the last of them is 6"#]].assert_eq(&found(conn));
}

pub(crate) fn unique_attributes_are_asked_where_their_index_is_missing(conn: &mut impl Inspect) {
    let graph = club(conn);
    let members = ["ada", "bob", "cid", "dan"].map(|name| crate::scenarios::Member {
        email: Some(format!("{name}@example.org")),
        table: Some(1),
        chair: Some(name.into()),
        ..member(name)
    });
    graph.insert_many(conn, members).unwrap();
    let indexes = metagraph::indexes::list(conn, "club").unwrap();
    for index in &indexes {
        conn.run(&format!("DROP INDEX {}", index.name));
    }
    careless(conn);
    run(
        conn,
        "UPDATE __metagraph_nodes SET attributes = json_set(attributes, '$.email', 'same', '$.chair', 'same') \
         WHERE key <> 'bob'; UPDATE __metagraph_nodes SET attributes = 'none' WHERE key = 'bob'",
        "UPDATE __metagraph_nodes SET attributes = attributes || '{\"email\": \"same\", \"chair\": \"same\"}' \
         WHERE key <> 'bob'",
    );
    let mut report = integrity::check(conn).unwrap();
    report.findings.retain(|finding| finding.damage != Damage::InvalidJson);
    // The hash in a name is of the database's own expression.
    let text = indexes.iter().fold(report.to_string(), |text, index| text.replace(&index.name, "[name]"));
    expect![[r#"
        checked 1 graph type, 1 graph, 4 nodes, 0 edges and 0 actors; 3 kinds of damage were found:
        missing_index        graph type club/member          3  An index that a graph type declares is missing.
            there is no `[name]` for index `age`; `sync` creates it
            there is no `[name]` for unique `email`; `sync` creates it
            there is no `[name]` for unique `seat`; `sync` creates it
        missing_index        graph type club/sponsors        1  An index that a graph type declares is missing.
            there is no `[name]` for unique `contract`; `sync` creates it
        duplicate_attribute  node club/member                4  Several rows of a graph have the same unique attributes.
            graph 1, id 1: 3 nodes have the same `email`, the last of them is 4
            graph 1, id 1: 3 nodes have the same `table` and `chair`, the last of them is 4"#]]
    .assert_eq(&text);
    metagraph::sync::<Club, _>(conn).unwrap_err();
}

/// Packages that need each other in these ways, written past the rule that there are no cycles.
fn cyclic(conn: &mut impl Inspect, needs: &[(usize, usize)]) {
    let names: [String; 14] = std::array::from_fn(|number| format!("p{number}"));
    let (graph, ids) = packages(conn, std::array::from_fn::<&str, 14, _>(|place| &names[place]));
    graph.connect(conn, ids[0], ids[1], &DependsOn { optional: false }).unwrap();
    for (source, target) in needs {
        let kind = if (source + target) % 2 == 0 { "depends_on" } else { "builds_with" };
        conn.run(&format!(
            "INSERT INTO __metagraph_edges (graph_id, edge_type_id, source_id, target_id, undirected, reversed, \
             attributes, version, created_at, updated_at, slot) SELECT e.graph_id, t.id, {}, {}, e.undirected, \
             e.reversed, CASE WHEN t.id = e.edge_type_id THEN e.attributes END, 1, e.created_at, e.updated_at, 0 \
             FROM __metagraph_edges AS e, __metagraph_edge_types AS t WHERE t.name = '{kind}' AND e.id = \
             (SELECT min(id) FROM __metagraph_edges)",
            ids[*source], ids[*target]
        ));
    }
}

pub(crate) fn cycles_are_found_and_what_is_beside_them_is_not(conn: &mut impl Inspect) {
    // Two cycles with a way between them, a way to the first and one from the second, and a cycle of their own.
    cyclic(
        conn,
        &[
            (1, 2),
            (2, 3),
            (3, 1),
            (3, 4),
            (4, 5),
            (5, 6),
            (6, 5),
            (6, 7),
            (7, 8),
            (8, 12),
            (12, 13),
            (9, 11),
            (11, 9),
            (10, 9),
        ],
    );
    expect![[r#"
        checked 1 graph type, 1 graph, 14 nodes, 15 edges and 0 actors; 1 kind of damage was found:
        cycle                edge packages/builds_with, depends_on        8  Edges of acyclic types close a cycle.
            graph 1: nodes 2 → 3 → 4 → 2
            graph 1: nodes 6 → 7 → 6
            graph 1: nodes 10 → 12 → 10"#]]
    .assert_eq(&found(conn));
}

pub(crate) fn edges_that_run_both_ways_without_a_cycle_are_clean(conn: &mut impl Inspect) {
    cyclic(conn, &[(1, 5), (5, 3), (3, 4), (4, 2), (1, 2), (0, 2), (11, 6)]);
    let report = integrity::check(conn).unwrap();
    assert!(report.is_clean(), "{report}");
}

pub(crate) fn versions_times_and_nulls_are_found(conn: &mut impl Inspect) {
    office(conn);
    conn.run("UPDATE __metagraph_nodes SET version = 0 WHERE key = 'ada'");
    run(
        conn,
        "UPDATE __metagraph_nodes SET created_at = 2000000, updated_at = 1000000 WHERE key = 'grace'; \
         UPDATE __metagraph_edges SET created_at = 9223372036854775807",
        "UPDATE __metagraph_nodes SET created_at = to_timestamp(2), updated_at = to_timestamp(1) WHERE key = 'grace'; \
         UPDATE __metagraph_edges SET created_at = 'infinity'",
    );
    expect![[r#"
        checked 1 graph type, 1 graph, 5 nodes, 1 edge and 0 actors; 3 kinds of damage were found:
        version              node office/person           1  A version is less than 1.
            graph 1, id 1, `ada`: the version is 0
        times                node office/person           1  A time is out of range, or a row was updated before it was created.
            graph 1, id 2, `grace`: updated at 1970-01-01T00:00:01Z, before it was created at 1970-01-01T00:00:02Z
        times                edge office/member_of        1  A time is out of range, or a row was updated before it was created.
            graph 1, id 1: `created_at` is out of range"#]].assert_eq(&found(conn));
    if !is_sqlite(conn) {
        // SQLite has no way to drop such a rule.
        conn.run(
            "ALTER TABLE __metagraph_nodes ALTER version DROP NOT NULL, ALTER attributes DROP NOT NULL; \
             UPDATE __metagraph_nodes SET version = NULL, attributes = NULL WHERE key = 'ada'",
        );
        let nulls = integrity::check(conn).unwrap();
        let nulls: Vec<_> = nulls.of(Damage::NullColumn).flat_map(|finding| &finding.samples).collect();
        expect![[r#"
            graph 1, id 1, `ada`: `attributes` is null
            graph 1, id 1, `ada`: `version` is null"#]]
        .assert_eq(&nulls.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }
}

pub(crate) fn documents_that_were_changed_are_found(conn: &mut impl Inspect) {
    office(conn);
    metagraph::sync::<original::Shop, _>(conn).unwrap();
    packages(conn, ["app"]);
    people(conn, []);
    careless(conn);
    let of = |name: &str| format!("graph_type_id = (SELECT id FROM __metagraph_graph_types WHERE name = '{name}')");
    conn.run(&format!(
        "UPDATE __metagraph_graph_type_versions SET document = replace(document, 'An office', 'A house') WHERE {}; \
         DELETE FROM __metagraph_graph_type_versions WHERE {}; \
         UPDATE __metagraph_graph_type_versions SET document = '{{}}' WHERE {}; \
         UPDATE __metagraph_graph_types SET hash = 'none', scope = 'user' WHERE name = 'people'",
        of("office"),
        of("shop"),
        of("packages"),
    ));
    expect![[r#"
        checked 4 graph types, 3 graphs, 6 nodes, 1 edge and 0 actors; 7 kinds of damage were found:
        missing_document     graph type shop            1  The schema document of a graph type's revision is missing.
            id 2: there is no schema document of revision 1
        invalid_document     graph type packages        1  A stored schema document cannot be used.
            id 3: the schema document of revision 1 cannot be read: missing field `name` at line 1 column 2
        document_hash        graph type office          1  A stored hash is not the one of the schema document.
            id 1: the hash of revision 1 is not the one of its schema document
        document_hash        graph type packages        1  A stored hash is not the one of the schema document.
            id 3: the hash of revision 1 is not the one of its schema document
        document_hash        graph type people          1  A stored hash is not the one of the schema document.
            id 4: the hash of the graph type is not the one of revision 1
        type_columns         graph type office          1  The row of a type says something else than its schema document.
            id 1: `description` is not what the schema document says
        type_columns         graph type people          1  The row of a type says something else than its schema document.
            id 4: `scope` is not what the schema document says"#]].assert_eq(&found(conn));
}

pub(crate) fn rows_of_types_that_were_changed_are_found(conn: &mut impl Inspect) {
    office(conn);
    careless(conn);
    conn.run(
        "UPDATE __metagraph_node_types SET name = 'squad' WHERE name = 'team'; \
         UPDATE __metagraph_edge_types SET allowed_target_types = '[\"person\"]' WHERE name = 'leads'; \
         UPDATE __metagraph_node_types SET schema = '{}' WHERE name = 'document'; \
         UPDATE __metagraph_edge_types SET graph_type_id = 99 WHERE name = 'owns'; \
         INSERT INTO __metagraph_graph_type_versions (graph_type_id, revision, version, hash, document, created_at, \
         updated_at) SELECT 98, revision, version, hash, document, created_at, updated_at \
         FROM __metagraph_graph_type_versions",
    );
    expect![[r#"
        checked 1 graph type, 1 graph, 5 nodes, 1 edge and 0 actors; 8 kinds of damage were found:
        type_columns         graph type office/document        1  The row of a type says something else than its schema document.
            id 1: `schema` is not what the schema document says
        type_columns         graph type office/leads           1  The row of a type says something else than its schema document.
            id 1: `allowed_target_types` is not what the schema document says
        missing_type         graph type office/owns            1  A member of a schema document has no row.
            the edge type has no row
        missing_type         graph type office/team            1  A member of a schema document has no row.
            the node type has no row
        unlisted_type        graph type office/squad           1  A node or edge type is no member of its graph type's schema document.
            id 3: the schema document has no such node type
        stray_type           graph type                        1  A row belongs to a graph type that does not exist.
            id 2: the schema document belongs to graph type 98, which does not exist
        stray_type           graph type owns                   1  A row belongs to a graph type that does not exist.
            id 3: the edge type belongs to graph type 99, which does not exist
        end_type             edge office/member_of             1  An end of an edge has a type that the edge type does not connect.
            graph 1, id 1: runs from `person` to `squad`; it can run from `person` to no type that has a row"#]].assert_eq(&found(conn));
}

pub(crate) fn rows_of_graphs_and_actors_are_checked(conn: &mut impl Inspect) {
    office(conn);
    let second = Graph::<crate::scenarios::OfficeGraph>::open_or_create(conn, "second").unwrap();
    for name in ["a", "b"] {
        let actor =
            NewActor { kind: ActorKind::Agent, name: name.into(), subject: Some(name.into()), metadata: json!({}) };
        actors::insert(conn, &actor).unwrap();
    }
    careless(conn);
    run(
        conn,
        "PRAGMA legacy_alter_table = ON; CREATE TABLE loose AS SELECT * FROM __metagraph_actors; \
         DROP TABLE __metagraph_actors; ALTER TABLE loose RENAME TO __metagraph_actors",
        "ALTER TABLE __metagraph_graphs DROP CONSTRAINT __metagraph_graphs_status; \
         ALTER TABLE __metagraph_actors DROP CONSTRAINT __metagraph_actors_kind; \
         ALTER TABLE __metagraph_actors DROP CONSTRAINT __metagraph_actors_subject",
    );
    let uid = "00000000-0000-0000-0000-000000000007";
    conn.run(&format!(
        "UPDATE __metagraph_graphs SET uid = '{uid}'; \
         UPDATE __metagraph_graphs SET status = 'busy', name = '{}' WHERE id = {}; \
         UPDATE __metagraph_actors SET subject = 'a'; UPDATE __metagraph_actors SET kind = 'robot' WHERE name = 'b'",
        "x".repeat(1025),
        second.id(),
    ));
    expect![[r#"
        checked 1 graph type, 2 graphs, 5 nodes, 1 edge and 2 actors; 5 kinds of damage were found:
        duplicate_uid        graph               1  Several graphs have one uid.
            id 1, `00000000-0000-0000-0000-000000000007`: 2 graphs have this uid, the last of them is 2
        invalid_word         graph office        1  A column holds a word that it cannot hold.
            id 2: `status` is `busy`; it can be `draft`, `active`, `archived`
        invalid_word         actor               1  A column holds a word that it cannot hold.
            id 2: `kind` is `robot`; it can be `person`, `service`, `agent`, `system`
        too_long             graph office        1  A text is longer than an index entry can be.
            id 2: `name` has 1025 bytes, at most 1024 can be indexed
        duplicate_subject    actor               1  Several actors have one subject.
            id 1, `a`: 2 actors have this subject, the last of them is 2"#]]
    .assert_eq(&found(conn));
}

pub(crate) fn our_tables_are_compared_with_what_we_create(conn: &mut impl Inspect) {
    office(conn);
    conn.run(
        "DROP INDEX __metagraph_edges_in; DROP INDEX __metagraph_edges_simple; \
         CREATE INDEX __metagraph_edges_simple ON __metagraph_edges (graph_id, source_id); \
         DELETE FROM __metagraph_migrations",
    );
    let report = integrity::check(conn).unwrap();
    let kinds: Vec<_> = report.findings.iter().map(|finding| (finding.damage.as_str(), finding.count)).collect();
    assert_eq!(kinds, [("missing_migration", 3), ("missing_object", 1), ("altered_object", 1)]);
    assert!(report.findings[1].samples[0].message.starts_with("there is no `__metagraph_edges_in`, "));
    assert!(report.findings[2].samples[0].message.starts_with("`__metagraph_edges_simple` is "));
    assert!(report.complete);
    conn.run("DROP TABLE __metagraph_actors");
    let report = integrity::check(conn).unwrap();
    assert!(!report.complete && !report.is_clean());
    assert!(report.to_string().ends_with("the rows were not read, since a table or a column is missing"));
}

pub(crate) fn a_database_that_is_not_ours_is_refused(store: &impl Store) {
    let conn = &mut store.connect();
    expect![[r#"
        MG4003: metagraph's tables are missing from this database (while reading the ledger of migrations)
        (call `metagraph::migrate(&mut conn)` once before)"#]]
    .assert_eq(&told(&integrity::check(conn).unwrap_err()));
    metagraph::migrate(conn).unwrap();
    conn.run("INSERT INTO __metagraph_migrations SELECT '9999', name, applied_at FROM __metagraph_migrations WHERE version = '0001'");
    assert!(matches!(integrity::check(conn), Err(Error::DatabaseIsNewer { .. })));
}

pub(crate) fn a_graph_is_checked_alone_even_archived(conn: &mut impl Inspect) {
    let first = office(conn);
    let (other, _) = packages(conn, ["app", "serde"]);
    conn.run("UPDATE __metagraph_nodes SET version = 0 WHERE key IN ('ada', 'app')");
    first.graph.set_status(conn, GraphStatus::Archived).unwrap();
    let report = first.graph.check_integrity(conn).unwrap();
    assert_eq!((report.checked.graph_types, report.checked.graphs, report.checked.nodes), (1, 1, 5));
    assert_eq!(report.findings[0].samples[0].key.as_deref(), Some("ada"));
    assert_eq!(report.findings.len(), 1);
    #[cfg(feature = "validate")]
    {
        let dynamic = metagraph::DynamicGraph::open(conn, "packages", "packages").unwrap();
        assert_eq!(dynamic.check_integrity(conn).unwrap().findings[0].samples[0].key.as_deref(), Some("app"));
    }
    other.clone().delete_graph(conn).unwrap();
    assert!(matches!(other.check_integrity(conn), Err(Error::GraphNotFound { .. })));
}

pub(crate) fn samples_are_the_smallest_and_the_rest_is_counted(conn: &mut impl Inspect) {
    let names: Vec<_> = (0..1_200).map(|number| number.to_string()).collect();
    let (graph, []) = packages(conn, []);
    graph.insert_many(conn, names.iter().map(|name| crate::scenarios::package(name))).unwrap();
    conn.run("UPDATE __metagraph_nodes SET version = -1");
    let mut seen = Vec::new();
    let report = Check::new().samples(2).on_progress(|checked| seen.push(checked.nodes)).run(conn).unwrap();
    seen.dedup();
    assert_eq!(seen, [0, 500, 1_000, 1_200]);
    expect![[r#"
        checked 1 graph type, 1 graph, 1200 nodes, 0 edges and 0 actors; 1 kind of damage was found:
        version              node packages/package     1200  A version is less than 1.
            graph 1, id 1, `0`: the version is -1
            graph 1, id 2, `1`: the version is -1
            and 1198 more"#]]
    .assert_eq(&report.to_string());
    let none = Check::new().samples(0).run(conn).unwrap();
    assert_eq!((none.findings[0].count, none.findings[0].samples.len()), (1_200, 0));
    let read: integrity::Report = serde_json::from_value(serde_json::to_value(&report).unwrap()).unwrap();
    assert_eq!(read, report);
    let value = serde_json::to_value(&report).unwrap();
    assert_eq!(value["findings"][0]["damage"], Value::from("version"));
    assert_eq!(schemars::schema_for!(integrity::Report).get("type"), Some(&json!("object")));
}
