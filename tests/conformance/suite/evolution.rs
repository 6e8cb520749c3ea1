//! Rows that become rows of the next revision of their type, or stay what they are.

mod attacks;
mod rules;
mod walk;

use metagraph::evolution::{Aspect, Class, Phase, Plan};
use metagraph::prelude::*;
use metagraph::{DynamicGraph, Error, Evolution, Synced, types};
use serde_json::{Value, json};

pub(crate) use self::attacks::*;
pub(crate) use self::rules::*;
pub(crate) use self::walk::*;
use crate::harness::at_once;
use crate::refusal::{refusal, told};
use crate::scenarios::release;
use crate::store::{Inspect, Store};

release! {
    jobs {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node)]
        pub(crate) struct Job { #[graph(key)] pub(crate) id: String, pub(crate) size: u32, pub(crate) mail: String }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Job, to = Job))]
        pub(crate) struct Needs { pub(crate) why: String }

        #[derive(GraphType)]
        #[graph(name = "jobs")]
        pub(crate) enum Jobs { Job(Job), Needs(Needs) }
    }
}

release! {
    /// The size is small, and one more attribute may be there.
    tighter {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node)]
        pub(crate) struct Job {
            #[graph(key)]
            pub(crate) id: String,
            pub(crate) size: u8,
            pub(crate) mail: String,
        }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Job, to = Job))]
        pub(crate) struct Needs { pub(crate) why: String }

        #[derive(GraphType)]
        #[graph(name = "jobs", version = 2)]
        pub(crate) enum Jobs { Job(Job), Needs(Needs) }
    }
}

release! {
    /// Everything has another name, and nothing else is new.
    renamed {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node, renamed_from = "job")]
        pub(crate) struct Task {
            #[graph(key, renamed_from = "id")]
            pub(crate) code: String,
            pub(crate) size: u32,
            #[graph(renamed_from = "mail", index)]
            pub(crate) address: String,
        }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Task, to = Task), renamed_from = "needs")]
        pub(crate) struct DependsOn { #[graph(renamed_from = "why")] pub(crate) reason: String }

        #[derive(GraphType)]
        #[graph(name = "jobs", version = 2)]
        pub(crate) enum Jobs { Task(Task), DependsOn(DependsOn) }
    }
}

release! {
    /// One attribute less, and no others are taken.
    closed {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct Job { #[graph(key)] pub(crate) id: String, pub(crate) size: bool }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Job, to = Job))]
        pub(crate) struct Needs { pub(crate) why: String }

        #[derive(GraphType)]
        #[graph(name = "jobs", version = 2)]
        pub(crate) enum Jobs { Job(Job), Needs(Needs) }
    }
}

release! {
    /// One attribute more may be there.
    wider {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node)]
        pub(crate) struct Job {
            #[graph(key)]
            pub(crate) id: String,
            pub(crate) size: u32,
            pub(crate) mail: String,
            pub(crate) note: Option<String>,
        }

        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Job, to = Job))]
        pub(crate) struct Needs { pub(crate) why: String }

        #[derive(GraphType)]
        #[graph(name = "jobs")]
        pub(crate) enum Jobs { Job(Job), Needs(Needs) }
    }
}

release! {
    /// The jobs are gone.
    without_jobs {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node)]
        pub(crate) struct Person { #[graph(key)] pub(crate) name: String }

        #[derive(GraphType)]
        #[graph(name = "jobs", version = 2)]
        pub(crate) enum Jobs { Person(Person) }
    }
}

/// A graph with jobs of these sizes, each of which needs the one before.
fn jobs_of(conn: &mut impl GraphConnection, sizes: &[u32]) -> Graph<jobs::Jobs> {
    metagraph::sync::<jobs::Jobs, _>(conn).unwrap();
    let graph = Graph::<jobs::Jobs>::open_or_create(conn, "plant").unwrap();
    let job = |(number, size): (usize, &u32)| jobs::Job {
        id: format!("j{number}"),
        size: *size,
        mail: format!("m{number}@example.com"),
    };
    let ids = graph.insert_many(conn, sizes.iter().enumerate().map(job)).unwrap();
    let edges = ids.windows(2).map(|pair| (pair[1], pair[0], jobs::Needs { why: "order".to_owned() }));
    graph.connect_many(conn, edges.collect::<Vec<_>>()).unwrap();
    graph
}

/// The attributes of all nodes, by id, past the library.
pub(crate) fn stored(conn: &mut impl Inspect) -> Vec<Value> {
    let texts = conn.texts("SELECT CAST(attributes AS text) AS answer FROM __metagraph_nodes ORDER BY id");
    texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

pub(crate) fn assert_sound(conn: &mut impl Inspect) {
    let report = metagraph::integrity::check(conn).unwrap();
    assert!(report.is_clean(), "{report}");
}

fn plan<G: metagraph::GraphType>(conn: &mut impl GraphConnection) -> Plan {
    Evolution::<G>::new().plan(conn).unwrap()
}

pub(crate) fn a_plan_counts_and_names_rows_and_writes_nothing(conn: &mut impl Inspect) {
    jobs_of(conn, &[1, 300, 2, 70_000]);
    let before = (conn.census(), stored(conn));
    let plan = plan::<tighter::Jobs>(conn);
    assert_eq!((conn.census(), stored(conn)), before);
    assert!(!plan.is_possible());
    assert_eq!((plan.checked, plan.rewritten), (4, 0));
    let range = plan.changes.iter().find(|planned| planned.refused > 0).unwrap();
    assert_eq!((range.change.path.as_str(), range.change.class, range.refused), ("/size", Class::Breaking, 2));
    let named: Vec<_> = range.samples.iter().map(|sample| sample.key.as_deref().unwrap()).collect();
    assert_eq!(named, ["j1", "j3"]);
    assert!(range.samples[0].message.contains("300 is greater than the maximum of 255"), "{range}");
}

pub(crate) fn rows_that_do_not_fit_stop_everything(conn: &mut impl Inspect) {
    let graph = jobs_of(conn, &[1, 300]);
    let error = refusal(conn, |conn| Evolution::<tighter::Jobs>::new().apply(conn));
    assert!(matches!(&error, Error::Refused(plan) if !plan.is_possible()), "{}", told(&error));
    let large = graph.get_by_key::<jobs::Job>(conn, "j1").unwrap().unwrap().id;
    graph.update(conn, large, |job| job.size = 7).unwrap();
    let applied = Evolution::<tighter::Jobs>::new().apply(conn).unwrap();
    assert_eq!((applied.revision, applied.rewritten), (2, 0), "the rows fit as they are");
    assert_sound(conn);
}

pub(crate) fn what_does_not_fit_is_made_up_on_request_and_told(conn: &mut impl Inspect) {
    jobs_of(conn, &[1, 300]);
    assert!(!plan::<closed::Jobs>(conn).is_possible());
    let evolution = || Evolution::<closed::Jobs>::new().make_up().drop_unknown();
    let plan = evolution().plan(conn).unwrap();
    assert!(plan.is_possible(), "{plan}");
    let losses: Vec<_> = plan.losses.iter().map(|lost| (lost.path.as_str(), lost.rows)).collect();
    // 1 converts to true, 300 to nothing.
    assert_eq!(losses, [("/mail", 2), ("/size", 1)]);
    let applied = evolution().apply(conn).unwrap();
    assert_eq!((applied.rewritten, applied.lost), (2, 2));
    assert_eq!(stored(conn), [json!({"id": "j0", "size": true}), json!({"id": "j1", "size": false})]);
    assert_sound(conn);
}

pub(crate) fn names_of_types_attributes_and_keys_change_with_their_rows(conn: &mut impl Inspect) {
    let graph = jobs_of(conn, &[1, 2, 3]);
    let ids = conn.integers("SELECT id AS answer FROM __metagraph_nodes ORDER BY id");
    let uid = graph.uid().to_owned();
    let plan = plan::<renamed::Jobs>(conn);
    assert!(plan.is_possible(), "{plan}");
    let applied = Evolution::<renamed::Jobs>::new().batch(2).apply(conn).unwrap();
    assert_eq!((applied.rewritten, applied.lost), (5, 0), "three nodes and two edges");
    let graph = Graph::<renamed::Jobs>::open_by_uid(conn, &uid).unwrap();
    let task = graph.get_by_key::<renamed::Task>(conn, "j2").unwrap().unwrap();
    assert_eq!(task.value, renamed::Task { code: "j2".into(), size: 3, address: "m2@example.com".into() });
    assert_eq!((task.id.raw(), task.version), (ids[2], 2));
    let edges = graph.edges::<renamed::DependsOn>().load(conn).unwrap();
    assert!(edges.iter().all(|edge| edge.value.reason == "order"));
    let found = graph.nodes::<renamed::Task>().filter(|task| task.address.eq("m1@example.com")).count(conn).unwrap();
    assert_eq!(found, 1);
    assert_sound(conn);
}

pub(crate) fn a_new_attribute_waits_for_rows_that_have_one_of_its_name(conn: &mut impl Inspect) {
    let graph = jobs_of(conn, &[1, 2]);
    let dynamic = DynamicGraph::open_by_uid(conn, graph.uid()).unwrap();
    dynamic.insert_many(conn, "job", &[json!({"id": "j9", "size": 3, "mail": "m", "note": 5})]).unwrap();
    let error = refusal(conn, |conn| metagraph::sync::<wider::Jobs, _>(conn));
    assert!(matches!(&error, Error::NeedsEvolution { changes, .. } if changes[0].aspect == Aspect::Member), "{error}");
    let applied = Evolution::<wider::Jobs>::new().apply(conn).unwrap();
    assert_eq!((applied.rewritten, applied.lost), (1, 0), "only the row in the way is written");
    assert_eq!(stored(conn)[2], json!({"id": "j9", "size": 3, "mail": "m", "note": "5"}));
    assert_sound(conn);
}

pub(crate) fn a_new_attribute_is_taken_by_sync_where_nothing_is_in_its_way(conn: &mut impl Inspect) {
    let graph = jobs_of(conn, &[1, 2]);
    let rows = stored(conn);
    assert_eq!(metagraph::sync::<wider::Jobs, _>(conn).unwrap(), Synced::Advanced);
    assert_eq!(stored(conn), rows);
    let stale = graph.insert(conn, &jobs::Job { id: "new".into(), size: 1, mail: "m".into() }).unwrap_err();
    assert!(matches!(stale, Error::StaleSchema { opened: 1, found: 2, .. }));
    assert_sound(conn);
}

pub(crate) fn a_type_with_rows_is_removed_only_when_told_to(conn: &mut impl Inspect) {
    jobs_of(conn, &[1, 2, 3]);
    let error = refusal(conn, |conn| Evolution::<without_jobs::Jobs>::new().apply(conn));
    let Error::Refused(plan) = &error else { panic!("{error}") };
    let refused: u64 = plan.changes.iter().map(|planned| planned.refused).sum();
    assert_eq!(refused, 5, "three nodes and two edges: {plan}");
    let evolution = || Evolution::<without_jobs::Jobs>::new().delete_rows_of("job").delete_rows_of("needs");
    let applied = evolution().apply(conn).unwrap();
    assert_eq!(applied.deleted, 5);
    assert_eq!(stored(conn), Vec::<Value>::new());
    let names: Vec<_> = types::node_types(conn, "jobs").unwrap().into_iter().map(|kind| kind.name).collect();
    assert_eq!(names, ["person"]);
    assert!(types::edge_types(conn, "jobs").unwrap().is_empty());
    assert_sound(conn);
    // The type comes back, and its rows do not.
    assert_eq!(metagraph::sync::<jobs::Jobs, _>(conn).unwrap(), Synced::Older);
    let refused = refusal(conn, |conn| Evolution::<jobs::Jobs>::new().apply(conn));
    assert!(matches!(refused, Error::StaleSchema { opened: 1, found: 2, .. }), "{refused}");
    assert_eq!(Evolution::<jobs::Jobs>::new().back().apply(conn).unwrap().revision, 3);
    let graph = Graph::<jobs::Jobs>::open(conn, "plant").unwrap();
    assert_eq!(graph.nodes::<jobs::Job>().count(conn).unwrap(), 0);
}

pub(crate) fn types_without_rows_come_and_go_by_sync(conn: &mut impl Inspect) {
    metagraph::sync::<jobs::Jobs, _>(conn).unwrap();
    assert_eq!(metagraph::sync::<without_jobs::Jobs, _>(conn).unwrap(), Synced::Advanced);
    assert!(types::edge_types(conn, "jobs").unwrap().is_empty());
    assert_sound(conn);
}

pub(crate) fn an_archived_graph_is_changed_as_well(conn: &mut impl Inspect) {
    let graph = jobs_of(conn, &[1]);
    graph.set_status(conn, metagraph::row::GraphStatus::Archived).unwrap();
    assert_eq!(Evolution::<renamed::Jobs>::new().apply(conn).unwrap().rewritten, 1);
    assert_eq!(stored(conn)[0]["code"], "j0");
    assert_sound(conn);
}

pub(crate) fn every_graph_of_the_type_is_changed_and_no_other(conn: &mut impl Inspect) {
    jobs_of(conn, &[1, 2]);
    for name in ["second", "third", "empty"] {
        let graph = Graph::<jobs::Jobs>::open_or_create(conn, name).unwrap();
        if name != "empty" {
            graph.insert(conn, &jobs::Job { id: name.into(), size: 1, mail: name.into() }).unwrap();
        }
    }
    let office = crate::scenarios::office(conn);
    let applied = Evolution::<renamed::Jobs>::new().batch(1).apply(conn).unwrap();
    assert_eq!(applied.rewritten, 5);
    for name in ["plant", "second", "third", "empty"] {
        Graph::<renamed::Jobs>::open(conn, name).unwrap().clear(conn).unwrap();
    }
    assert_eq!(office.graph.get(conn, office.ada).unwrap().unwrap().version, 1);
    assert_sound(conn);
}

pub(crate) fn nobody_else_writes_while_rows_are_changed(store: &impl Store) {
    let conn = &mut store.connect();
    let graph = jobs_of(conn, &[1, 2, 3]);
    let mut other = store.connect();
    let mut told_of = Vec::new();
    let evolution = Evolution::<renamed::Jobs>::new().batch(1).on_progress(|progress| {
        told_of.push(progress);
        if progress.phase == Phase::Changing && progress.rows == 1 {
            let write = graph.insert(&mut other, &jobs::Job { id: "late".into(), size: 1, mail: "m".into() });
            assert!(matches!(write, Err(Error::Evolving { .. })), "{write:?}");
            let open = Graph::<renamed::Jobs>::open(&mut other, "plant");
            assert!(matches!(open, Err(Error::Evolving { .. })), "{open:?}");
            assert!(matches!(DynamicGraph::open(&mut other, "jobs", "plant"), Err(Error::Evolving { .. })));
            let create = Graph::<jobs::Jobs>::open_or_create(&mut other, "new");
            assert!(matches!(create, Err(Error::Evolving { .. })), "{create:?}");
            let another = Evolution::<tighter::Jobs>::new().apply(&mut other);
            assert!(matches!(another, Err(Error::Evolving { .. })), "{another:?}");
            assert!(matches!(metagraph::sync::<renamed::Jobs, _>(&mut other), Err(Error::Evolving { .. })));
            assert!(matches!(metagraph::check::<renamed::Jobs, _>(&mut other), Err(Error::Evolving { .. })));
        }
    });
    evolution.apply(conn).unwrap();
    let last = told_of.last().unwrap();
    assert_eq!((last.rows, last.of), (5, Some(5)), "{told_of:?}");
    assert_eq!(told_of[0].to_string(), "checked 3 rows");
    assert_eq!(last.to_string(), "changed 5 of 5 rows");
    assert_sound(conn);
}

pub(crate) fn racing_evolutions_change_each_row_once(store: &impl Store) {
    let sizes: Vec<_> = (0..200).collect();
    jobs_of(&mut store.connect(), &sizes);
    let applied = at_once(store, 4, |conn, _| Evolution::<renamed::Jobs>::new().batch(7).apply(conn).unwrap().revision);
    assert_eq!(applied, [2, 2, 2, 2]);
    let conn = &mut store.connect();
    let versions = conn.integers("SELECT DISTINCT version AS answer FROM __metagraph_nodes");
    assert_eq!(versions, [2], "each row was written once");
    assert_eq!(conn.integers("SELECT count(*) AS answer FROM __metagraph_evolutions"), [0]);
    assert_sound(conn);
}

pub(crate) fn an_evolution_shares_the_fate_of_the_transaction_around_it(conn: &mut impl Inspect) {
    jobs_of(conn, &[1, 2]);
    let before = (conn.census(), stored(conn));
    let outcome = conn.transaction(|conn| {
        assert_eq!(Evolution::<renamed::Jobs>::new().apply(conn)?.rewritten, 3);
        Err::<(), Error>(Error::ForeignKeysOff)
    });
    assert!(matches!(outcome, Err(Error::ForeignKeysOff)));
    assert_eq!((conn.census(), stored(conn)), before);
    assert_sound(conn);
}

pub(crate) fn a_check_reads_and_tells_what_is_missing<S: Store>(store: &S) {
    let conn = &mut store.connect();
    let reader = &mut store.connect();
    reader.run(S::READ_ONLY);
    assert!(matches!(metagraph::sync::<renamed::Jobs, _>(reader), Err(Error::ReadOnly { .. })));
    let mut check = || told(&metagraph::check::<renamed::Jobs, _>(reader).unwrap_err());
    expect_test::expect![[r#"
        MG4011: the database is not what the graph type `jobs` needs:
          the graph type is not stored
        (run `metagraph::migrate`, and then `metagraph::sync` or an `Evolution`, with a role that may write)"#]]
    .assert_eq(&check());
    jobs_of(conn, &[1]);
    expect_test::expect![[r#"
        MG4011: the database is not what the graph type `jobs` needs:
          the graph type: version 1 became 2 (compatible)
          `task`: its description changed (compatible)
          `task`: there is a new index on ["address"] (compatible)
          `task`: it was called `job`, and is `task` now (compatible)
          `task` /address: it was called `mail`, and is `address` now (migratable)
          `task` /code: it was called `id`, and is `code` now (migratable)
          `depends_on`: its description changed (compatible)
          `depends_on`: it was called `needs`, and is `depends_on` now (compatible)
          `depends_on` /reason: it was called `why`, and is `reason` now (migratable)
        (run `metagraph::migrate`, and then `metagraph::sync` or an `Evolution`, with a role that may write)"#]]
    .assert_eq(&check());
    Evolution::<renamed::Jobs>::new().apply(conn).unwrap();
    metagraph::check::<renamed::Jobs, _>(&mut store.connect()).unwrap();
    let index = metagraph::indexes::list(conn, "jobs").unwrap().remove(0).name;
    conn.run(&format!("DROP INDEX {index}"));
    expect_test::expect![[r#"
        MG4011: the database is not what the graph type `jobs` needs:
          the index `address` of `task` does not exist
        (run `metagraph::migrate`, and then `metagraph::sync` or an `Evolution`, with a role that may write)"#]]
    .assert_eq(&check());
    let older = metagraph::check::<jobs::Jobs, _>(conn).unwrap_err();
    assert!(matches!(older, Error::StaleSchema { opened: 1, found: 2, .. }), "{older}");
}

pub(crate) fn documents_of_all_revisions_are_kept(conn: &mut impl Inspect) {
    metagraph::sync::<jobs::Jobs, _>(conn).unwrap();
    metagraph::sync::<wider::Jobs, _>(conn).unwrap();
    metagraph::sync::<renamed::Jobs, _>(conn).unwrap();
    let revisions = conn.integers("SELECT revision AS answer FROM __metagraph_graph_type_versions ORDER BY revision");
    assert_eq!(revisions, [1, 2, 3]);
    let versions = conn.integers("SELECT version AS answer FROM __metagraph_graph_type_versions ORDER BY revision");
    assert_eq!(versions, [1, 1, 2]);
    assert_eq!(types::get(conn, "jobs").unwrap().unwrap().version, 2);
    assert_eq!(metagraph::sync::<jobs::Jobs, _>(conn).unwrap(), Synced::Older);
    assert_sound(conn);
}
