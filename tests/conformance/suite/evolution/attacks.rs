//! Rows that are awkward to change: what collides on the way, what fits only as JSON, what others wrote.

use std::time::Duration;

use diesel::Connection as _;
use expect_test::expect;
use metagraph::evolution::{Phase, Plan};
use metagraph::prelude::*;
use metagraph::row::{NewEdge, NewGraph};
use metagraph::{DynamicGraph, Error, Evolution, Synced};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{assert_sound, stored};
use crate::harness::at_once;
use crate::refusal::told;
use crate::scenarios::release;
use crate::store::{Inspect, Store};

/// A graph type of parts, with what a release says of them.
macro_rules! parts {
    ($name:ident, [$($node:tt)*], { $($fields:tt)* }) => {
        release! {
            $name {
                #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
                #[graph(node, $($node)*)]
                pub(crate) struct Part { $($fields)* }

                #[derive(GraphType)]
                #[graph(name = "parts")]
                pub(crate) enum Parts { Part(Part) }
            }
        }
    };
}

parts!(keyed_by_code, [], { #[graph(key)] pub(crate) code: String, pub(crate) name: String, pub(crate) count: u32 });
parts!(keyed_by_name, [], { pub(crate) code: String, #[graph(key)] pub(crate) name: String, pub(crate) count: u32 });
parts!(plain, [], { pub(crate) code: String, pub(crate) name: String, pub(crate) count: u32 });
parts!(unique_count, [], { pub(crate) name: String, #[graph(unique)] pub(crate) count: u32 });
parts!(counted_on, [upgrade = super::count_on], { pub(crate) name: String, #[graph(unique)] pub(crate) count: i64 });
parts!(float, [], { pub(crate) size: f64 });
parts!(whole, [], { pub(crate) size: i64 });
parts!(text, [], { pub(crate) at: String });
parts!(time, [], { #[schemars(with = "String", extend("format" = "date-time"))] pub(crate) at: jiff::Timestamp });
parts!(unique_time, [], { #[graph(unique)] #[schemars(with = "String", extend("format" = "date-time"))] pub(crate) at: jiff::Timestamp });
parts!(indexed_text, [], { #[graph(index)] pub(crate) at: String });
parts!(indexed_moment, [], { #[graph(index, renamed_from = "at")] pub(crate) moment: String });
parts!(label, [], { pub(crate) label: String });
parts!(title, [], { #[graph(renamed_from = "label")] pub(crate) title: String });
parts!(unique_number, [], { #[graph(unique)] pub(crate) at: u32 });

fn count_on(part: unique_count::Part) -> counted_on::Part {
    counted_on::Part { name: part.name, count: i64::from(part.count) + 1 }
}

/// Rows of a release, as anybody may write them.
fn parts<G: metagraph::GraphType>(conn: &mut impl GraphConnection, rows: &[Value]) -> Graph<G> {
    metagraph::sync::<G, _>(conn).unwrap();
    let graph = Graph::<G>::open_or_create(conn, "shelf").unwrap();
    let dynamic = DynamicGraph::open_by_uid(conn, graph.uid()).unwrap();
    dynamic.insert_many(conn, "part", rows).unwrap();
    graph
}

fn refusal_of<G: metagraph::GraphType>(conn: &mut impl GraphConnection) -> Plan {
    match Evolution::<G>::new().apply(conn) {
        Err(Error::Refused(plan)) => *plan,
        outcome => panic!("{outcome:?}"),
    }
}

pub(crate) fn keys_change_places(conn: &mut impl Inspect) {
    let part = |code: &str, name: &str| json!({"code": code, "name": name, "count": 1});
    parts::<keyed_by_code::Parts>(
        conn,
        &[part("a", "b"), part("b", "a"), part("c", "d"), part("d", "e"), part("x", "x")],
    );
    let applied = Evolution::<keyed_by_name::Parts>::new().batch(1).apply(conn).unwrap();
    assert_eq!(applied.rewritten, 4);
    let keys = conn.texts("SELECT key AS answer FROM __metagraph_nodes ORDER BY id");
    assert_eq!(keys, ["b", "a", "d", "e", "x"]);
    assert_sound(conn);
}

pub(crate) fn unique_values_move_on(conn: &mut impl Inspect) {
    let part = |count: u32| json!({"name": "n", "count": count});
    parts::<unique_count::Parts>(conn, &[part(1), part(2), part(3)]);
    Evolution::<counted_on::Parts>::new().batch(1).apply(conn).unwrap();
    assert_eq!(stored(conn).iter().map(|row| row["count"].clone()).collect::<Vec<_>>(), [2, 3, 4]);
    assert_sound(conn);
}

parts!(counted, [], { pub(crate) name: String, pub(crate) count: u32 });
parts!(spread, [upgrade = super::spread_out], { pub(crate) name: String, #[graph(unique)] pub(crate) count: i64 });

fn spread_out(part: counted::Part) -> Result<spread::Part, std::num::ParseIntError> {
    Ok(spread::Part { count: part.name.parse()?, name: part.name })
}

pub(crate) fn values_are_unique_after_their_upgrade(conn: &mut impl Inspect) {
    let part = |name: &str, count: u32| json!({"name": name, "count": count});
    let graph = parts::<counted::Parts>(conn, &[part("1", 0), part("2", 0), part("2", 7), part("three", 8)]);
    let plan = refusal_of::<spread::Parts>(conn);
    expect![[r#"
        parts: from revision 1 to 2
          `part`: there is a new unique rule on ["count"] (undecidable: the rows decide): 1 row would not fit
              graph 1, id 3: another row has the same `count` already: 2
          `part` /count: no longer: at least 0 (compatible): 2 rows to change: 1 row would not fit
              graph 1, id 4: `super::spread_out` refused it: invalid digit found in string
          `part` /count: of the format `int64` now, and before: of the format `uint32` (compatible)
        4 rows checked, 2 to write over, 0 to delete; not possible: 2 rows would not fit"#]]
    .assert_eq(&without_keys(&plan));
    let fitting = graph.nodes::<counted::Part>().filter(|part| part.count.gt(0));
    fitting.delete(conn).unwrap();
    assert_eq!(Evolution::<spread::Parts>::new().apply(conn).unwrap().rewritten, 2);
    assert_sound(conn);
}

pub(crate) fn a_number_without_fraction_is_read_as_an_integer(conn: &mut impl Inspect) {
    parts::<float::Parts>(conn, &[json!({"size": 1.0}), json!({"size": 2}), json!({"size": 1e3})]);
    match metagraph::sync::<whole::Parts, _>(conn) {
        Ok(synced) => panic!("{synced:?}"),
        Err(error) => assert!(matches!(error, Error::NeedsEvolution { .. })),
    }
    Evolution::<whole::Parts>::new().apply(conn).unwrap();
    let graph = Graph::<whole::Parts>::open(conn, "shelf").unwrap();
    let sizes: Vec<_> = graph.nodes::<whole::Part>().load(conn).unwrap().iter().map(|node| node.value.size).collect();
    assert_eq!(sizes, [1, 2, 1000]);
    assert_sound(conn);
}

pub(crate) fn times_are_written_alike(conn: &mut impl Inspect) {
    parts::<text::Parts>(conn, &[json!({"at": "2024-01-01T02:00:00+02:00"}), json!({"at": "2024-01-01T01:00:00Z"})]);
    Evolution::<time::Parts>::new().apply(conn).unwrap();
    assert_sound(conn);
    let graph = Graph::<time::Parts>::open(conn, "shelf").unwrap();
    let half_past = "2024-01-01T00:30:00Z".parse::<jiff::Timestamp>().unwrap();
    let early = graph.nodes::<time::Part>().filter(|part| part.at.lt(half_past)).count(conn).unwrap();
    assert_eq!(early, 1);
}

pub(crate) fn times_that_are_the_same_are_found(conn: &mut impl Inspect) {
    parts::<text::Parts>(conn, &[json!({"at": "2024-01-01T02:00:00+02:00"}), json!({"at": "2024-01-01T00:00:00Z"})]);
    let plan = refusal_of::<unique_time::Parts>(conn);
    assert_eq!(plan.changes.iter().map(|planned| planned.refused).sum::<u64>(), 1, "{plan}");
}

pub(crate) fn text_that_is_too_long_for_a_new_index_is_found(conn: &mut impl Inspect) {
    parts::<text::Parts>(
        conn,
        &[json!({"at": "short"}), json!({"at": "ä".repeat(5000)}), json!({"at": "x".repeat(500_000)})],
    );
    assert!(matches!(metagraph::sync::<indexed_text::Parts, _>(conn), Err(Error::NeedsEvolution { .. })));
    for plan in [refusal_of::<indexed_text::Parts>(conn), refusal_of::<indexed_moment::Parts>(conn)] {
        assert_eq!(plan.changes.iter().map(|planned| planned.refused).sum::<u64>(), 2, "{plan}");
    }
}

pub(crate) fn a_stray_member_does_not_take_the_place_of_a_renamed_one(conn: &mut impl Inspect) {
    parts::<label::Parts>(conn, &[json!({"label": "real", "title": "stray"})]);
    let plan = refusal_of::<title::Parts>(conn);
    expect![[r#"
        parts: from revision 1 to 2
          `part` /title: it was called `label`, and is `title` now (migratable): 1 row would not fit
              graph 1, id 1: /title: `label` is called `title` now, and "stray" is there already, which no type knew
        1 row checked, 0 to write over, 0 to delete; not possible: 1 row would not fit"#]]
    .assert_eq(&without_keys(&plan));
    let applied = Evolution::<title::Parts>::new().drop_unknown().apply(conn).unwrap();
    assert_eq!((applied.rewritten, applied.lost), (1, 1));
    assert_eq!(stored(conn), [json!({"title": "real"})]);
}

/// A plan without the keys that were made for its rows.
fn without_keys(plan: &Plan) -> String {
    let lines = plan.to_string();
    let lines = lines.lines().map(|line| match line.split_once(", `") {
        Some((before, after)) if line.contains(", id ") => format!("{before}{}", after.split_once('`').unwrap().1),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub(crate) fn a_row_that_is_no_object_is_named(conn: &mut impl Inspect) {
    parts::<text::Parts>(conn, &[json!({"at": "7"}), json!({"at": "07"}), json!({"at": "seven"}), json!({"at": "9"})]);
    conn.run("UPDATE __metagraph_nodes SET attributes = '[]' WHERE id = 4");
    expect![[r#"
        parts: from revision 1 to 2
          `part`: there is a new unique rule on ["at"] (undecidable: the rows decide): 1 row would not fit
              graph 1, id 2: another row has the same `at` already: 7
          `part` /at: it was text, and is a whole number now (breaking: "" was valid): 1 row to change: 2 rows would not fit
              graph 1, id 3: /at: "seven" is not of type "integer"
              graph 1, id 4: /: [] is not of type "object"
        4 rows checked, 1 to write over, 0 to delete; not possible: 3 rows would not fit"#]].assert_eq(&without_keys(&refusal_of::<unique_number::Parts>(conn)));
}

pub(crate) fn what_writers_were_told_is_there_after_an_evolution<S: Store>(store: &S) {
    parts::<plain::Parts>(&mut store.connect(), &[]);
    let told = at_once(store, 8, |conn: &mut S::Conn, who| {
        if who.is_multiple_of(2) {
            conn.run(S::SERIALIZABLE);
        }
        let graph = Graph::<plain::Parts>::open(conn, "shelf").unwrap();
        if who == 7 {
            std::thread::sleep(Duration::from_millis(50));
            while let Err(error) = Evolution::<keyed_by_name::Parts>::new().batch(3).apply(conn) {
                assert!(error.is_transient(), "{error}");
            }
            return 0;
        }
        let mut written = 0;
        for count in 0..400 {
            let part = plain::Part { code: "c".into(), name: format!("{who} {count}"), count };
            match graph.insert(conn, &part) {
                Ok(_) => written += 1,
                Err(Error::StaleSchema { .. } | Error::Evolving { .. }) => break,
                Err(error) => assert!(error.is_transient(), "{error}"),
            }
        }
        written
    });
    let conn = &mut store.connect();
    assert_eq!(stored(conn).len(), told.iter().sum::<usize>());
    assert_sound(conn);
}

/// What somebody does who begins while a row of an earlier release is written, and is not committed yet.
fn beside_a_writer<S: Store, T: Send + 'static>(store: &S, work: impl FnOnce(&mut S::Conn) -> T + Send + 'static) -> T {
    let conn = &mut store.connect();
    let graph = parts::<label::Parts>(conn, &[]);
    let mut other = store.connect();
    let beside = conn.transaction(|conn| {
        graph.insert(conn, &label::Part { label: "late".to_owned() })?;
        let beside = std::thread::spawn(move || {
            other.run(S::SERIALIZABLE);
            work(&mut other)
        });
        std::thread::sleep(Duration::from_millis(300));
        Ok::<_, Error>(beside)
    });
    beside.unwrap().join().unwrap()
}

pub(crate) fn an_evolution_sees_what_was_written_before_it<S: Store>(store: &S) {
    let applied = beside_a_writer(store, |conn| Evolution::<title::Parts>::new().apply(conn));
    assert_eq!(applied.unwrap().rewritten, 1);
    let conn = &mut store.connect();
    assert_eq!(stored(conn), [json!({"title": "late"})]);
    assert_sound(conn);
}

pub(crate) fn a_sync_sees_what_was_written_before_it<S: Store>(store: &S) {
    let synced = beside_a_writer(store, metagraph::sync::<title::Parts, _>);
    assert!(matches!(synced, Err(Error::NeedsEvolution { .. })), "{synced:?}");
}

pub(crate) fn small_graphs_share_batches(conn: &mut impl Inspect) {
    metagraph::sync::<label::Parts, _>(conn).unwrap();
    conn.transaction(|conn| {
        for number in 0..200 {
            let graph = Graph::<label::Parts>::create(conn, &NewGraph::named(format!("g{number}")))?;
            graph.insert(conn, &label::Part { label: "x".to_owned() })?;
        }
        Ok::<_, Error>(())
    })
    .unwrap();
    let mut batches = 0;
    let evolution = Evolution::<title::Parts>::new()
        .on_progress(|progress| batches += u32::from(progress.phase == Phase::Changing));
    assert_eq!(evolution.apply(conn).unwrap().rewritten, 200);
    assert!(batches < 5, "{batches}");
    assert_sound(conn);
}

parts!(flat, [], { pub(crate) name: String, #[serde(flatten)] pub(crate) size: super::Size });
parts!(flat_renamed, [], { #[graph(renamed_from = "name")] pub(crate) title: String, #[serde(flatten)] pub(crate) size: super::Size });

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Size {
    pub(crate) wide: u32,
}

pub(crate) fn attributes_beside_flattened_ones_are_renamed(conn: &mut impl Inspect) {
    parts::<flat::Parts>(conn, &[json!({"name": "n", "wide": 3})]);
    Evolution::<flat_renamed::Parts>::new().apply(conn).unwrap();
    assert_eq!(stored(conn), [json!({"title": "n", "wide": 3})]);
    assert_sound(conn);
}

pub(crate) fn graphs_that_are_deleted_on_the_way_are_left_out(store: &impl Store) {
    let conn = &mut store.connect();
    for name in ["one", "two", "three"] {
        metagraph::sync::<label::Parts, _>(conn).unwrap();
        let graph = Graph::<label::Parts>::open_or_create(conn, name).unwrap();
        graph
            .insert_many(conn, [label::Part { label: "x".to_owned() }, label::Part { label: "y".to_owned() }])
            .unwrap();
    }
    let mut other = store.connect();
    let graphs = conn.integers("SELECT id AS answer FROM __metagraph_graphs ORDER BY id");
    let mut left = vec![graphs[0], graphs[2]];
    let evolution = Evolution::<title::Parts>::new().batch(1).on_progress(|progress| {
        if progress.of.is_some()
            && let Some(graph) = left.pop()
        {
            assert!(metagraph::graphs::delete(&mut other, graph).unwrap());
        }
    });
    evolution.apply(conn).unwrap();
    assert_eq!(stored(conn), [json!({"title": "x"}), json!({"title": "y"})]);
    assert_sound(conn);
}

parts!(shut, [], { pub(crate) state: super::Shut });
parts!(closed_by, [], { #[graph(renamed_value(from = "Shut", to = "Closed"))] pub(crate) state: super::Closed });

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Shut {
    Open,
    Shut { by: u32 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Closed {
    Open,
    Closed { by: u32 },
}

pub(crate) fn a_variant_is_renamed_with_its_content(conn: &mut impl Inspect) {
    parts::<shut::Parts>(conn, &[json!({"state": "Open"}), json!({"state": {"Shut": {"by": 1}}})]);
    let applied = Evolution::<closed_by::Parts>::new().apply(conn).unwrap();
    assert_eq!((applied.rewritten, applied.lost), (1, 0));
    assert_eq!(stored(conn), [json!({"state": "Open"}), json!({"state": {"Closed": {"by": 1}}})]);
    assert_sound(conn);
}

parts!(first_names, [], { #[graph(unique)] pub(crate) a: String, #[graph(index)] pub(crate) n: u32 });
parts!(second_names, [], {
    #[graph(unique, renamed_from = "a")]
    pub(crate) b: String,
    #[graph(index, renamed_from = "n")]
    pub(crate) m: u32,
});
parts!(third_names, [], {
    #[graph(unique, renamed_from = "a", renamed_from = "b")]
    pub(crate) c: String,
    #[graph(index, renamed_from = "n", renamed_from = "m")]
    pub(crate) o: u32,
});

pub(crate) fn indexed_attributes_are_renamed_twice(conn: &mut impl Inspect) {
    parts::<first_names::Parts>(conn, &[json!({"a": "x", "n": 1}), json!({"a": "y", "n": 2})]);
    assert!(Evolution::<third_names::Parts>::new().plan(conn).unwrap().is_possible());
    Evolution::<second_names::Parts>::new().apply(conn).unwrap();
    Evolution::<third_names::Parts>::new().apply(conn).unwrap();
    assert_eq!(stored(conn), [json!({"c": "x", "o": 1}), json!({"c": "y", "o": 2})]);
    let graph = Graph::<third_names::Parts>::open(conn, "shelf").unwrap();
    assert!(graph.insert(conn, &third_names::Part { c: "x".into(), o: 1 }).unwrap_err().is_conflict());
    assert!(metagraph::indexes::stale(conn).unwrap().is_empty());
    assert_sound(conn);
}

/// A graph type of joints, with what a release says of its edges.
macro_rules! joints {
    ($name:ident, [$($edge:tt)*], $($body:tt)*) => {
        release! {
            $name {
                #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
                #[graph(node)]
                pub(crate) struct Beam { #[graph(key)] pub(crate) name: String }

                #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
                #[graph(edge(from = Beam, to = Beam), $($edge)*)]
                pub(crate) struct Joint $($body)*

                #[derive(GraphType)]
                #[graph(name = "joints", mixed)]
                pub(crate) enum Joints { Beam(Beam), Joint(Joint) }
            }
        }
    };
}

joints!(bare, [undirected], ;);
joints!(bolted, [undirected], { #[serde(default = "super::bolts")] pub(crate) bolts: u32 });
joints!(must_be_bolted, [undirected], { pub(crate) bolts: u32 });
joints!(numbered, [undirected], { pub(crate) number: u32, pub(crate) code: String });
joints!(keyed_by_number, [undirected, multi], { #[graph(key)] pub(crate) number: u32, pub(crate) code: String });
joints!(keyed_by_text, [undirected, multi], { pub(crate) number: u32, #[graph(key)] pub(crate) code: String });

fn bolts() -> u32 {
    4
}

fn joined<G: metagraph::GraphType>(conn: &mut impl GraphConnection, attributes: &[Value]) -> Graph<G> {
    metagraph::sync::<G, _>(conn).unwrap();
    let graph = Graph::<G>::open_or_create(conn, "frame").unwrap();
    let dynamic = DynamicGraph::open_by_uid(conn, graph.uid()).unwrap();
    let beams = dynamic.insert_many(conn, "beam", &["a", "b", "c", "d"].map(|name| json!({"name": name}))).unwrap();
    for (place, attributes) in attributes.iter().enumerate() {
        // Every other one the other way round.
        let (one, other) = if place.is_multiple_of(2) { (place, place + 1) } else { (place + 1, place) };
        let (edge_type, attributes) = ("joint".to_owned(), attributes.clone());
        dynamic.connect(conn, &NewEdge { edge_type, source: beams[one], target: beams[other], attributes }).unwrap();
    }
    graph
}

pub(crate) fn edges_without_attributes_get_some_and_lose_them(conn: &mut impl Inspect) {
    joined::<bare::Joints>(conn, &[json!({}), json!({}), json!({})]);
    let attributes = |conn: &mut _| {
        let select = "SELECT coalesce(CAST(attributes AS text), '-') AS answer FROM __metagraph_edges ORDER BY id";
        Inspect::texts(conn, select).iter().map(|text| text.replace(' ', "")).collect::<Vec<_>>()
    };
    assert_eq!(metagraph::sync::<bolted::Joints, _>(conn).unwrap(), Synced::Advanced);
    assert_eq!(attributes(conn), ["-", "-", "-"]);
    let applied = Evolution::<must_be_bolted::Joints>::new().make_up().apply(conn).unwrap();
    assert_eq!(applied.rewritten, 3);
    assert_eq!(attributes(conn), [r#"{"bolts":0}"#; 3]);
    assert_sound(conn);
    let applied = Evolution::<bare::Joints>::new().back().drop_unknown().apply(conn).unwrap();
    assert_eq!((applied.rewritten, applied.lost), (3, 3));
    assert_eq!(attributes(conn), ["-", "-", "-"]);
    assert_sound(conn);
}

pub(crate) fn a_transaction_that_does_not_see_others_is_refused<S: Store>(store: &S) {
    let conn = &mut store.connect();
    parts::<label::Parts>(conn, &[json!({"label": "x"})]);
    conn.run(S::SERIALIZABLE);
    let outcome = conn.transaction(|conn| Evolution::<title::Parts>::new().apply(conn));
    match outcome {
        // Where there is one writer, it sees everything.
        Ok(applied) => assert_eq!((applied.rewritten, S::NAME), (1, "sqlite")),
        Err(error) => expect![[r#"MG1007: this cannot be asked: which rows there are, in a transaction that does not see what others commit; change a graph type outside of a transaction, or in one at the level READ COMMITTED"#]].assert_eq(&told(&error)),
    }
    assert_sound(conn);
}

pub(crate) fn keys_of_edges_come_move_and_go(conn: &mut impl Inspect) {
    let joint = |number: u32, code: &str| json!({"number": number, "code": code});
    joined::<numbered::Joints>(conn, &[joint(1, "2"), joint(2, "1"), joint(3, "3")]);
    let keys =
        |conn: &mut _| Inspect::texts(conn, "SELECT coalesce(key, '-') AS answer FROM __metagraph_edges ORDER BY id");
    Evolution::<keyed_by_number::Joints>::new().batch(1).apply(conn).unwrap();
    assert_eq!(keys(conn), ["1", "2", "3"]);
    assert_sound(conn);
    Evolution::<keyed_by_text::Joints>::new().batch(1).apply(conn).unwrap();
    assert_eq!(keys(conn), ["2", "1", "3"]);
    assert_sound(conn);
    Evolution::<numbered::Joints>::new().back().batch(1).apply(conn).unwrap();
    assert_eq!(keys(conn), ["-", "-", "-"]);
    assert_sound(conn);
    let graph = Graph::<numbered::Joints>::open(conn, "frame").unwrap();
    assert_eq!(graph.edges::<numbered::Joint>().load(conn).unwrap().len(), 3);
}
