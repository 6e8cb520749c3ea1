//! Several processes that write everything there is to write, for a while, into one database: nobody is sent away.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use metagraph::prelude::*;
use metagraph::row::{ActorKind, ActorPatch, GraphPatch, GraphStatus, NewActor, NewGraph};
use metagraph::{Error, GraphBackend as _, Retry, actors, graphs, indexes, types};
use serde_json::json;

use crate::harness::{Child, Work};
use crate::scenarios::{
    DependsOn, Diary, Leads, Library, MemberOf, Notes, OfficeGraph, Packages, Person, Roads, Team, office, package,
    packages,
};
use crate::store::Store;

const PROCESSES: usize = 4;
const LONG: Duration = Duration::from_secs(4);

pub(crate) fn processes_that_write_everything_meet_no_error(store: &impl Store) {
    office(&mut store.connect());
    packages(&mut store.connect(), []);
    let done = AtomicBool::new(false);
    let rounds = thread::scope(|scope| {
        let reader = scope.spawn(|| read_until(store, &done));
        let rounds = Child::at_once(store, PROCESSES, Work::Crowd);
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 0);
        rounds
    });
    assert!(rounds.iter().all(|rounds| *rounds > 0), "{rounds:?}");
    let conn = &mut store.connect();
    let graph = Graph::<OfficeGraph>::open(conn, "office").unwrap();
    let written: usize = rounds.iter().sum();
    let teams = usize::try_from(graph.nodes::<Team>().count(conn).unwrap()).unwrap();
    assert_eq!(teams, 2 + 4 * written, "{rounds:?}");
    let counted = graph.edges::<MemberOf>().load(conn).unwrap().remove(0);
    assert_eq!(usize::from(counted.value.since), 1992 + 2 * written, "{rounds:?}");
}

/// Reads all the time; teams that were written in one transaction are seen together.
fn read_until<S: Store>(store: &S, done: &AtomicBool) -> usize {
    let conn = &mut store.connect();
    let graph = Graph::<OfficeGraph>::open(conn, "office").unwrap();
    let mut reads = 0;
    while !done.load(Ordering::Relaxed) {
        let pairs = graph.nodes::<Team>().filter(|team| team.name.starts_with("pair")).count(conn).unwrap();
        assert_eq!(pairs % 2, 0);
        reads += 1;
    }
    reads
}

/// Writes until the time is over, and tells how many rounds that were.
pub(crate) fn write<C: GraphConnection>(conn: &mut C, who: usize) -> usize {
    let began = Instant::now();
    let mut rounds = 0;
    while began.elapsed() < LONG {
        let own = format!("{who} {rounds}");
        if let Err(error) = round(conn, who, &own) {
            panic!("{own} after {:?}: {error:?}", began.elapsed());
        }
        rounds += 1;
    }
    rounds
}

fn round<C: GraphConnection>(conn: &mut C, who: usize, own: &str) -> metagraph::Result<()> {
    metagraph::migrate(conn)?;
    metagraph::sync::<OfficeGraph, _>(conn)?;
    let graph = Graph::<OfficeGraph>::open_or_create(conn, "office")?;
    nodes_and_edges(conn, &graph, own)?;
    in_transactions(conn, &graph, own)?;
    without_cycles(conn, own)?;
    rows_of_graphs(conn, &graph, own)?;
    types_and_actors(conn, who, own)
}

fn nodes_and_edges<C: GraphConnection>(conn: &mut C, graph: &Graph<OfficeGraph>, own: &str) -> metagraph::Result<()> {
    let person = |name: &str| Person { name: name.to_owned(), age: 0, nickname: None };
    let shared = graph.find_or_insert(conn, &person("shared"))?.id;
    let team = graph.insert(conn, &Team { name: format!("alone {own}") })?;
    graph.insert_many(conn, [person(&format!("a {own}")), person(&format!("b {own}"))])?;
    let other = graph.upsert(conn, &person(&format!("a {own}")))?.id;
    graph.connect(conn, other, team, &MemberOf { since: 2000 })?;
    graph.upsert_edge(conn, other, team, &MemberOf { since: 2001 })?;
    graph.upsert_edge(conn, shared, team, &MemberOf { since: 2000 })?;
    graph.patch(conn, shared, &json!({"nickname": own}))?;
    graph.set_metadata_of(conn, shared, &json!({"by": own}))?;
    assert!(matches!(graph.delete(conn, other), Ok(true) | Err(Error::Restricted { .. })));
    graph
        .connect(conn, shared, team, &Leads)
        .map(drop)
        .or_else(|error| if error.is_conflict() { Ok(()) } else { Err(error) })?;
    graph.disconnect::<Leads, _, _>(conn, shared, team).map(drop)
}

/// The application's own transactions: one that writes first, and one that reads first and is made for it.
fn in_transactions<C: GraphConnection>(conn: &mut C, graph: &Graph<OfficeGraph>, own: &str) -> metagraph::Result<()> {
    conn.transaction::<_, Error, _>(|conn| {
        graph.insert_many(conn, ["pair 1", "pair 2"].map(|name| Team { name: format!("{name} {own}") }))?;
        let shared = graph.get_by_key::<Person>(conn, "shared")?.unwrap();
        graph.set_metadata_of(conn, shared.id, &json!({"by": own}))?;
        Ok(())
    })?;
    let (ada, kernel) =
        (graph.get_by_key::<Person>(conn, "ada")?.unwrap(), graph.get_by_key::<Team>(conn, "kernel")?.unwrap());
    let counted = graph.edges_between::<MemberOf, _, _>(conn, ada.id, kernel.id)?.remove(0).id;
    let patient = Retry::default().attempts(1000);
    patient.transaction(conn, |conn| {
        let shown = graph.get(conn, counted)?.unwrap();
        graph.update_if(conn, counted, shown.version, |edge| edge.since += 1)
    })?;
    patient.transaction(conn, |conn| {
        graph.update(conn, counted, |edge| edge.since += 1)?;
        graph.insert(conn, &Team { name: format!("read first {own}") })
    })?;
    // The first thing that is done in it reads, and then writes.
    conn.transaction(|conn| {
        let graph = Graph::<OfficeGraph>::open_or_create(conn, &format!("opened {own}"))?;
        graph.delete_graph(conn).map(drop)
    })
}

fn without_cycles<C: GraphConnection>(conn: &mut C, own: &str) -> metagraph::Result<()> {
    let graph = Graph::<Packages>::open(conn, "packages")?;
    let ids = graph.insert_many(conn, [package(&format!("a {own}")), package(&format!("b {own}"))])?;
    graph.connect(conn, ids[0], ids[1], &DependsOn { optional: false })?;
    let closed = graph.connect(conn, ids[1], ids[0], &DependsOn { optional: false });
    assert!(matches!(closed, Err(Error::Cycle { .. })), "{closed:?}");
    graph.delete_many(conn, ids).map(drop)
}

fn rows_of_graphs<C: GraphConnection>(conn: &mut C, graph: &Graph<OfficeGraph>, own: &str) -> metagraph::Result<()> {
    let owner = GraphPatch { owner: Some(Some(own.to_owned())), ..GraphPatch::default() };
    graphs::update(conn, graph.id().raw(), &owner)?;
    let draft = Graph::<OfficeGraph>::open_or_create(conn, &format!("draft {own}"))?;
    draft.insert(conn, &Team { name: "only".into() })?;
    let copy = draft.duplicate(conn, &NewGraph::named(format!("copy {own}")))?;
    copy.set_status(conn, GraphStatus::Archived)?;
    draft.clear(conn)?;
    draft.rename(conn, &format!("renamed {own}"))?;
    copy.delete_graph(conn)?;
    draft.delete_graph(conn).map(drop)
}

fn types_and_actors<C: GraphConnection>(conn: &mut C, who: usize, own: &str) -> metagraph::Result<()> {
    // PostgreSQL locks whole tables for an index, which writers may be in a deadlock with.
    if C::Db::NAME == "SQLite" {
        let name = match who % 4 {
            0 => metagraph::sync::<Diary, _>(conn).map(|_| "diary"),
            1 => metagraph::sync::<Library, _>(conn).map(|_| "library"),
            2 => metagraph::sync::<Notes, _>(conn).map(|_| "notes"),
            _ => metagraph::sync::<Roads, _>(conn).map(|_| "roads"),
        }?;
        assert!(types::delete(conn, name)?);
        indexes::drop_stale(conn)?;
    }
    let actor = actors::insert(
        conn,
        &NewActor { kind: ActorKind::Service, name: own.into(), subject: Some(own.into()), metadata: json!({}) },
    )?;
    actors::update(conn, actor.id, &ActorPatch { name: Some("nobody".into()), ..ActorPatch::default() })?;
    actors::delete(conn, actor.id).map(drop)
}
