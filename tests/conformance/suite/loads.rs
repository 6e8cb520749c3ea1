//! Large imports: what they store, where they go on, what they refuse, and what they leave behind.

use std::cell::RefCell;

use diesel::Connection as _;
use expect_test::expect;
use metagraph::load::Commit;
use metagraph::prelude::*;
use metagraph::row::GraphStatus;
use metagraph::{Error, GraphBackend};

use crate::harness::{Child, Log, Work};
use crate::refusal::{refusal, refused, told};
use crate::scenarios::{
    Arena, Chain, Ferry, Follows, Human, Knows, Member, OneOut, Pair, People, Post, Road, Roads, Seat, Sponsors, Town,
    Wrote, arena, club, member, people, roads,
};
use crate::store::{Inspect, Store};

fn named(load: &str) -> Commit {
    Commit::Resumable(load.to_owned())
}

fn ways() -> [Commit; 3] {
    [Commit::EachBatch, named("november"), Commit::Once]
}

/// All rows of all graphs in their order, without what every row has of its own.
pub(super) fn content(conn: &mut impl Inspect, graph: i64) -> Vec<String> {
    let mut rows = conn.texts(&format!(
        "SELECT n.key || CAST(n.attributes AS text) AS answer FROM __metagraph_nodes AS n WHERE n.graph_id = {graph} \
         ORDER BY n.id"
    ));
    rows.extend(conn.texts(&format!(
        "SELECT s.key || ' ' || t.key || ' ' || CAST(e.undirected AS text) || CAST(e.reversed AS text) \
         || coalesce(e.key, '-') || coalesce(CAST(e.attributes AS text), '-') || e.edge_type_id \
         || CASE WHEN e.slot = 0 THEN '0' WHEN e.slot = e.id THEN 'id' ELSE 'x' END || e.version \
         || coalesce(e.simple, 0) || coalesce(e.one_out, 0) || coalesce(e.one_in, 0) AS answer \
         FROM __metagraph_edges AS e JOIN __metagraph_nodes AS s ON s.id = e.source_id \
         JOIN __metagraph_nodes AS t ON t.id = e.target_id WHERE e.graph_id = {graph} ORDER BY 1"
    )));
    rows
}

pub(crate) fn a_load_stores_what_the_verbs_do(conn: &mut impl Inspect) {
    let (graph, []) = people(conn, []);
    let humans: Vec<_> = (0..40).map(|name| Human { name: format!("h{name}") }).collect();
    let posts: Vec<_> = (0..20).map(|number| Post { number }).collect();
    let knows = || (0..120_usize).map(|n| (n * 7 % 40, (n * 7 + 1 + n / 40) % 40, Knows { since: 2000 }));
    let wrote = || (0..60_usize).map(|n| (n % 40, (n + n / 40) % 20));
    let ids: Vec<NodeId<Human>> = graph.insert_many(conn, &humans).unwrap();
    let numbers: Vec<NodeId<Post>> = graph.insert_many(conn, &posts).unwrap();
    graph.connect_many(conn, knows().map(|(from, to, edge)| (ids[from], ids[to], edge))).unwrap();
    graph.connect_many(conn, wrote().map(|(from, to)| (ids[from], numbers[to], Wrote))).unwrap();
    let stored = content(conn, graph.id().raw());
    assert_eq!(stored.len(), 240);
    for (place, commit) in ways().into_iter().enumerate() {
        let graph = Graph::<People>::open_or_create(conn, &format!("loaded {place}")).unwrap();
        let mut loader = graph.loader(conn).commit(commit).batch(23);
        let ids = loader.nodes::<Human>(&humans).unwrap();
        let numbers = loader.nodes::<Post>(posts.clone()).unwrap();
        let knows = knows().map(|(from, to, edge)| (ids.id(from).unwrap(), ids.id(to).unwrap(), edge));
        assert_eq!(loader.edges::<Knows, _, _>(knows).unwrap(), 120);
        let wrote = wrote().map(|(from, to)| (ids.id(from).unwrap(), numbers.id(to).unwrap(), Wrote));
        assert_eq!(loader.edges::<Wrote, _, _>(wrote).unwrap(), 60);
        let report = loader.finish().unwrap();
        assert_eq!(report.steps, [("human", 40), ("post", 20), ("knows", 120), ("wrote", 60)]);
        assert_eq!(content(conn, graph.id().raw()), stored);
        let keys: Vec<_> = graph.get_many(conn, ids.ids()).unwrap().into_iter().map(|node| node.unwrap().key).collect();
        assert!(keys.iter().eq(humans.iter().map(|human| &human.name)));
    }
    assert!(conn.integers("SELECT step AS answer FROM __metagraph_loads").is_empty());
}

pub(crate) fn ends_that_are_not_of_the_load_are_looked_up(conn: &mut impl Inspect) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    for commit in ways() {
        let mut loader = graph.loader(conn).commit(commit).batch(2);
        let edges = [(a, b), (b, a), (a, a)].map(|(from, to)| (from, to, Ferry { hour: 1 }));
        assert_eq!(loader.edges::<Ferry, _, _>(edges).unwrap(), 3);
        let by_key = [("a", "b", Ferry { hour: 2 }), ("b", "b", Ferry { hour: 3 })];
        assert_eq!(loader.edges_by_key::<Ferry, Town, Town, _>(by_key).unwrap(), 2);
        loader.finish().unwrap();
    }
    assert_eq!(graph.edges::<Ferry>().count(conn).unwrap(), 15);
    let (other, [foreign]) = {
        let other = Graph::<Roads>::open_or_create(conn, "other").unwrap();
        let id = other.insert(conn, &Town { name: "far".into() }).unwrap();
        (other, [id])
    };
    for commit in ways() {
        let text = refused(conn, |conn| {
            let edges = [(a, b, Ferry { hour: 1 }), (a, foreign, Ferry { hour: 1 })];
            graph.loader(conn).commit(commit.clone()).edges::<Ferry, _, _>(edges)
        });
        expect!["MG3005: row 1 of ferry (step 1): ferry: its target, node 3, does not exist in this graph; nothing of the load is stored\n(ids are valid only in the graph that gave them; look the node up by its key)"].assert_eq(&text);
    }
    drop(other);
    expect!["MG3003: row 1 of ferry (step 1): there is no town `c`; nothing of the load is stored\n(ids are valid only in the graph that gave them; look the row up by its key)"].assert_eq(&refused(conn, |conn| {
        let edges = [("a", "b", Ferry { hour: 1 }), ("a", "c", Ferry { hour: 1 })];
        graph.loader(conn).edges_by_key::<Ferry, Town, Town, _>(edges)
    }));
}

/// Ends of other types can be had from ids without their types.
pub(crate) fn ends_of_other_types_are_refused(conn: &mut impl Inspect) {
    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    for commit in ways() {
        let text = refused(conn, |conn| {
            let post = NodeId::<Post>::from_raw(bob.raw());
            graph.loader(conn).commit(commit.clone()).edges::<Wrote, _, _>([(ann, post, Wrote)])
        });
        expect!["MG3006: row 0 of wrote (step 1): wrote: its target cannot be human `bob`; it can be `post`; nothing of the load is stored"].assert_eq(&text);
        let text = refused(conn, |conn| {
            conn.transaction(|conn| {
                let mut loader = graph.loader(conn).commit(commit.clone());
                let humans = loader.nodes::<Human>(["cid", "dan"].map(|name| Human { name: name.into() }))?;
                let (cid, dan) = (humans.id(0).unwrap(), humans.id(1).unwrap());
                loader.edges::<Wrote, _, _>([(cid, NodeId::<Post>::from_raw(dan.raw()), Wrote)])
            })
        });
        assert!(text.starts_with("MG3006: row 0 of wrote (step 2): wrote: its target"), "{text}");
    }
}

/// An edge without direction that is given from its other end is read from the end where its type has it start.
pub(crate) fn ends_given_the_other_way_round_are_turned(conn: &mut impl Inspect) {
    for (place, commit) in ways().into_iter().enumerate() {
        let (graph, []) = people(conn, []);
        let graph = if place == 0 { graph } else { Graph::open_or_create(conn, &format!("people {place}")).unwrap() };
        let mut loader = graph.loader(conn).commit(commit);
        let older = loader.nodes::<Post>([0, 1].map(|number| Post { number })).unwrap();
        let ann = loader.nodes::<Human>([Human { name: "ann".into() }]).unwrap().id(0).unwrap();
        let newer = loader.nodes::<Post>([2, 3].map(|number| Post { number })).unwrap();
        let turned =
            |post: NodeId<Post>| (NodeId::<Human>::from_raw(post.raw()), NodeId::<Post>::from_raw(ann.raw()), Wrote);
        loader.edges::<Wrote, _, _>([&older, &newer].map(|posts| turned(posts.id(0).unwrap()))).unwrap();
        loader.edges::<Wrote, _, _>([&older, &newer].map(|posts| (ann, posts.id(1).unwrap(), Wrote))).unwrap();
        loader.finish().unwrap();
        let edges = graph.edges::<Wrote>().load(conn).unwrap();
        assert_eq!(edges.len(), 4);
        assert!(edges.iter().all(|edge| edge.source.raw() == ann.raw()), "{edges:?}");
        assert!(graph.check_integrity(conn).unwrap().is_clean());
    }
}

pub(crate) fn an_end_that_is_gone_meanwhile_is_told<S: Store>(store: &S) {
    let (conn, other) = (&mut store.connect(), &mut store.connect());
    let (graph, ()) = arena_of(conn, "arena");
    for commit in [Commit::EachBatch, named("november")] {
        let mut loader = graph.loader(conn).commit(commit);
        let seats = loader.nodes::<Seat>((0..3).map(|number| Seat { number })).unwrap();
        let at = |place| seats.id(place).unwrap();
        graph.delete(other, at(2)).unwrap();
        let error = loader.edges::<Pair, _, _>([(at(0), at(1), Pair), (at(1), at(2), Pair)]).unwrap_err();
        assert_eq!(error.code(), "MG3005");
        assert!(error.to_string().starts_with("row 1 of pair (step 2): pair: its target, node "), "{error}");
        drop(loader);
        assert_eq!(graph.edges::<Pair>().count(conn).unwrap(), 0);
        graph.forget_load(conn, "november").unwrap();
        graph.clear(conn).unwrap();
    }
}

/// A connection that waits for nobody.
fn impatient<S: Store>(store: &S) -> S::Conn {
    let mut conn = store.connect();
    conn.run(if S::NAME == "sqlite" { "PRAGMA busy_timeout = 0" } else { "SET lock_timeout = '50ms'" });
    conn
}

pub(crate) fn a_load_that_failed_lets_others_write_at_once<S: Store>(store: &S) {
    let (conn, other) = (&mut store.connect(), &mut impatient(store));
    let (graph, ()) = arena_of(conn, "arena");
    let mut loader = graph.loader(conn).commit(Commit::Once);
    loader.nodes::<Seat>([7].map(|number| Seat { number })).unwrap();
    let waits = graph.insert(other, &Seat { number: 7 }).unwrap_err();
    assert!(waits.is_transient(), "{waits}");
    loader.try_nodes::<Seat, _>([Err::<Seat, _>("the file ends here")]).unwrap_err();
    graph.insert(other, &Seat { number: 7 }).unwrap();
    drop(loader);
}

/// A load that reads before it writes does not find on SQLite that somebody else was faster.
pub(crate) fn a_load_has_its_turn_before_it_reads<S: Store>(store: &S) {
    let (conn, other) = (&mut store.connect(), &mut impatient(store));
    let (graph, ()) = arena_of(conn, "arena");
    let seats = (0..3).map(|number| {
        if number == 0 {
            graph.insert(other, &Seat { number: 7 }).ok();
        }
        Seat { number }
    });
    let mut loader = graph.loader(conn).commit(Commit::Once);
    loader.nodes::<Seat>(seats).unwrap();
    loader.finish().unwrap();
}

pub(crate) fn loads_that_may_close_a_cycle_take_turns<S: Store>(store: &S) {
    let (conn, other) = (&mut store.connect(), &mut impatient(store));
    metagraph::sync::<Arena, _>(conn).unwrap();
    let (graph, seats) = arena(conn, 6);
    for (place, commit) in ways().into_iter().enumerate() {
        let (from, to) = (seats[2 * place], seats[2 * place + 1]);
        let load = |conn: &mut S::Conn, from, to| {
            let mut loader = graph.loader(conn).commit(commit.clone());
            loader.edges::<Chain, _, _>([(from, to, Chain)])?;
            loader.finish()
        };
        conn.transaction::<_, Error, _>(|conn| {
            load(conn, from, to)?;
            let waits = load(other, to, from).unwrap_err();
            assert!(waits.is_transient(), "{waits}");
            Ok(())
        })
        .unwrap();
        assert_eq!(load(other, to, from).unwrap_err().code(), "MG3009");
    }
}

/// Seats, and a pair from each to the next; the row `fails` of all is an error.
fn load(conn: &mut impl GraphConnection, graph: &Graph<Arena>, fails: usize) -> Result<metagraph::load::Report, Error> {
    let row = std::cell::Cell::new(0);
    let next = || {
        row.set(row.get() + 1);
        if row.get() > fails { Err("the file ends here") } else { Ok(()) }
    };
    let mut loader = graph.loader(conn).commit(named("seats")).batch(3);
    let seats = loader.try_nodes::<Seat, _>((0..8).map(|number| next().map(|()| Seat { number })))?;
    let at = |place: usize| seats.id(place).unwrap();
    loader.try_edges::<Pair, _, _, _>((1..8).map(|to| next().map(|()| (at(to - 1), at(to), Pair))))?;
    loader.finish()
}

pub(crate) fn a_load_goes_on_behind_its_last_batch(conn: &mut impl Inspect) {
    let (graph, ()) = arena_of(conn, "whole");
    load(conn, &graph, usize::MAX).unwrap();
    let whole = content(conn, graph.id().raw());
    for first in 0..15 {
        for second in [first, 15] {
            let (graph, ()) = arena_of(conn, &format!("{first} {second}"));
            let failed = load(conn, &graph, first).unwrap_err();
            let Error::Load(failure) = &failed else { panic!("{failed}") };
            let (step, row) = if first < 8 { (1, first) } else { (2, first - 8) };
            assert_eq!((failure.step, failure.row), (step, Some(row as u64)));
            let stored = if first < 8 { first / 3 * 3 } else { 8 + row / 3 * 3 };
            assert_eq!(failure.stored, stored as u64, "{failed}");
            assert_eq!(content(conn, graph.id().raw()).len(), stored);
            if let Err(again) = load(conn, &graph, second) {
                assert_eq!(again.to_string(), failed.to_string());
            }
            if second == first {
                load(conn, &graph, usize::MAX).unwrap();
            }
            assert_eq!(content(conn, graph.id().raw()), whole, "after row {first}");
        }
    }
    assert!(conn.integers("SELECT step AS answer FROM __metagraph_loads").is_empty());
}

fn arena_of(conn: &mut impl GraphConnection, name: &str) -> (Graph<Arena>, ()) {
    metagraph::sync::<Arena, _>(conn).unwrap();
    (Graph::open_or_create(conn, name).unwrap(), ())
}

pub(crate) fn of_two_who_go_on_with_a_load_one_does<S: Store>(store: &S) {
    let (conn, other) = (&mut store.connect(), RefCell::new(store.connect()));
    // At the first row of a step there is no position yet to move on.
    for (at, name) in [(0, "begun"), (4, "moved"), (7, "finished")] {
        let (graph, ()) = arena_of(conn, name);
        let seats = (0..8).map(|number| {
            if number == at {
                load(&mut *other.borrow_mut(), &graph, if at == 7 { usize::MAX } else { 7 }).ok();
            }
            Seat { number }
        });
        let late = graph.loader(conn).commit(named("seats")).batch(3).nodes::<Seat>(seats).unwrap_err();
        assert_eq!(late.code(), "MG3018", "{late}");
        load(conn, &graph, usize::MAX).ok();
        assert_eq!(graph.nodes::<Seat>().count(conn).unwrap(), 8, "{name}");
        graph.forget_load(conn, "seats").unwrap();
    }
    let text = Error::LoadTaken { load: "seats".into(), step: 1, row: 3 };
    expect!["MG3018: somebody else took the load `seats` on from row 3 of step 1\n(let one program finish the load; run again, this one goes on where that one is)"].assert_eq(&told(&text));
}

pub(crate) fn a_load_that_differs_from_the_one_begun_is_refused(conn: &mut impl Inspect) {
    let (graph, ()) = arena_of(conn, "arena");
    load(conn, &graph, 10).unwrap_err();
    let resumed = |conn: &mut _| {
        refused(conn, |conn| {
            let mut loader = graph.loader(conn).commit(named("seats"));
            loader.edges::<Pair, Seat, Seat>([] as [(NodeId<Seat>, NodeId<Seat>, Pair); 0])
        })
    };
    expect!["MG3017: the load `seats` has 8 seat in step 1, and this program gives it pair\n(run the program that began the load with the same rows, or give the load up with `graph.forget_load`)"].assert_eq(&resumed(conn));
    expect!["MG3017: the load `seats` has 8 seat in step 1, and this program gives it only 2\n(run the program that began the load with the same rows, or give the load up with `graph.forget_load`)"].assert_eq(&refused(conn, |conn| {
        graph.loader(conn).commit(named("seats")).nodes::<Seat>([Seat { number: 0 }, Seat { number: 1 }])
    }));
    load(conn, &graph, 12).unwrap_err();
    expect!["MG3017: the load `seats` has 3 pair in step 2, and this program gives it nothing\n(run the program that began the load with the same rows, or give the load up with `graph.forget_load`)"].assert_eq(&refused(conn, |conn| {
        let mut loader = graph.loader(conn).commit(named("seats"));
        loader.nodes::<Seat>((0..8).map(|number| Seat { number }))?;
        loader.finish()
    }));
    // Of another name it is another load, and of another graph.
    let refusal = graph.loader(conn).commit(named("others")).nodes::<Seat>([Seat { number: 0 }]).unwrap_err();
    assert!(refusal.is_conflict());
    assert!(graph.forget_load(conn, "seats").unwrap());
    assert!(load(conn, &graph, usize::MAX).unwrap_err().is_conflict());
}

pub(crate) fn a_load_that_failed_takes_nothing_more(conn: &mut impl Inspect) {
    let (graph, ()) = arena_of(conn, "arena");
    for commit in ways() {
        let mut loader = graph.loader(conn).commit(commit);
        loader.nodes::<Seat>([1, 1].map(|number| Seat { number })).unwrap_err();
        expect![
            "MG1009: the load has failed before and takes nothing more\n(begin another with `graph.loader(&mut conn)`)"
        ]
        .assert_eq(&told(&loader.nodes::<Seat>([Seat { number: 2 }]).unwrap_err()));
        assert_eq!(loader.finish().unwrap_err().code(), "MG1009");
    }
    assert_eq!(graph.nodes::<Seat>().count(conn).unwrap(), 0);
}

pub(crate) fn progress_is_told_after_every_batch(conn: &mut impl Inspect) {
    let (graph, ()) = arena_of(conn, "arena");
    load(conn, &graph, 7).unwrap_err();
    let told = RefCell::new(Vec::new());
    let mut loader = graph.loader(conn).commit(named("seats")).batch(3).on_progress(|progress| {
        told.borrow_mut().push((progress.step, progress.element, progress.rows, progress.total, progress.skipped));
    });
    let seats = loader.nodes::<Seat>((0..8).map(|number| Seat { number })).unwrap();
    loader.edges::<Pair, _, _>([(seats.id(0).unwrap(), seats.id(7).unwrap(), Pair)]).unwrap();
    let report = loader.finish().unwrap();
    assert_eq!(told.take(), [(1, "seat", 6, 6, 6), (1, "seat", 8, 8, 6), (2, "pair", 1, 9, 6)]);
    assert_eq!((report.total(), report.skipped), (9, 6));
}

pub(crate) fn a_refused_row_is_named_with_its_place(conn: &mut impl Inspect) {
    let (graph, seats) = {
        metagraph::sync::<Arena, _>(conn).unwrap();
        arena(conn, 4)
    };
    let seat = |number| Seat { number };
    expect!["MG3008: row 1 of seat (step 1): seat `3` exists already with id 4 (a node's key is unique in its graph and type); nothing of the load is stored"]
        .assert_eq(&refused(conn, |conn| graph.loader(conn).nodes::<Seat>([9, 3, 9].map(seat))));
    expect!["MG3008: row 2 of seat (step 1): seat `9` is given twice in one batch (a node's key is unique in its graph and type); nothing of the load is stored"]
        .assert_eq(&refused(conn, |conn| graph.loader(conn).nodes::<Seat>([9, 8, 9].map(seat))));
    let pairs = [(0, 1), (2, 3), (1, 0), (0, 1)].map(|(from, to)| (seats[from], seats[to], Pair));
    expect!["MG3008: row 3 of pair (step 1): pair from seat `0` to seat `1` conflicts with another in the same batch (one edge of this type per pair of nodes); nothing of the load is stored"]
        .assert_eq(&refused(conn, |conn| graph.loader(conn).edges::<Pair, _, _>(pairs.clone())));
    let looped = [(seats[0], seats[1], Pair), (seats[1], seats[1], Pair)];
    expect!["MG3007: row 1 of pair (step 1): pair cannot connect seat `1` to itself; nothing of the load is stored"]
        .assert_eq(&refused(conn, |conn| graph.loader(conn).edges::<Pair, _, _>(looped.clone())));
    // Across batches what came before stays stored.
    let stored = graph.loader(conn).batch(2).edges::<Pair, _, _>(pairs).unwrap_err();
    let first = graph.edges::<Pair>().load(conn).unwrap()[0].id;
    expect!["MG3008: row 3 of pair (step 1): pair from seat `0` to seat `1` conflicts with edge 1 (one edge of this type per pair of nodes); 2 rows of the load are stored"]
        .assert_eq(&told(&stored).replace(&format!("edge {first}"), "edge 1"));
    assert_eq!(graph.edges::<Pair>().count(conn).unwrap(), 2);
}

pub(crate) fn what_was_taken_back_with_a_load_is_named_as_part_of_it(conn: &mut impl Inspect) {
    let (graph, seats) = {
        metagraph::sync::<Arena, _>(conn).unwrap();
        arena(conn, 4)
    };
    let seat = |number| Seat { number };
    expect!["MG3008: row 2 of seat (step 1): seat `9` is given twice in one batch (a node's key is unique in its graph and type); nothing of the load is stored"]
        .assert_eq(&refused(conn, |conn| {
            graph.loader(conn).commit(Commit::Once).batch(1).nodes::<Seat>([9, 8, 9].map(seat))
        }));
    let pairs = [(0, 1), (1, 0), (0, 1)].map(|(from, to)| (seats[from], seats[to], Pair));
    expect!["MG3008: row 2 of pair (step 1): pair from seat `0` to seat `1` conflicts with another in the same batch (one edge of this type per pair of nodes); nothing of the load is stored"]
        .assert_eq(&refused(conn, |conn| {
            graph.loader(conn).commit(Commit::Once).batch(1).edges::<Pair, _, _>(pairs.clone())
        }));
    let stored = graph.connect(conn, seats[0], seats[1], &Pair).unwrap();
    let refused = refusal(conn, |conn| graph.loader(conn).commit(Commit::Once).edges::<Pair, _, _>(pairs.clone()));
    let Error::Load(failure) = &refused else { panic!("{refused}") };
    assert!(
        matches!(&failure.cause, Error::Conflict(conflict) if conflict.existing == Some(stored.raw())),
        "{refused}"
    );
}

pub(crate) fn a_closed_graph_refuses_a_load_first_of_all(conn: &mut impl Inspect) {
    let (graph, ()) = arena_of(conn, "arena");
    graph.set_status(conn, GraphStatus::Archived).unwrap();
    for commit in ways() {
        expect!["MG3004: seat (step 1): the graph `arena` is archived and refuses writes; nothing of the load is stored\n(set the graph's status to active first)"].assert_eq(&refused(conn, |conn| {
            graph.loader(conn).commit(commit.clone()).try_nodes::<Seat, _>([Err::<Seat, _>("unread")])
        }));
    }
    graph.set_status(conn, GraphStatus::Active).unwrap();
    conn.run("UPDATE __metagraph_graphs SET revision = revision + 1");
    let stale = graph.loader(conn).nodes::<Seat>([Seat { number: 1 }]).unwrap_err();
    assert_eq!(stale.code(), "MG1003");
}

pub(crate) fn a_load_shares_the_fate_of_the_transaction_around_it(conn: &mut impl Inspect) {
    let (graph, ()) = arena_of(conn, "arena");
    for commit in ways() {
        let outcome = conn.transaction(|conn| {
            let mut loader = graph.loader(conn).commit(commit.clone()).batch(2);
            loader.nodes::<Seat>((0..5).map(|number| Seat { number }))?;
            loader.finish()?;
            // A load that is refused leaves the transaction usable.
            graph.loader(conn).commit(commit.clone()).nodes::<Seat>([Seat { number: 4 }]).unwrap_err();
            assert_eq!(graph.nodes::<Seat>().count(conn)?, 5);
            Err::<(), Error>(Error::ForeignKeysOff)
        });
        assert!(matches!(outcome, Err(Error::ForeignKeysOff)));
        assert_eq!(graph.nodes::<Seat>().count(conn).unwrap(), 0);
        assert!(conn.integers("SELECT step AS answer FROM __metagraph_loads").is_empty());
    }
}

pub(crate) fn cycles_are_found_batch_by_batch_or_at_the_end(conn: &mut impl Inspect) {
    metagraph::sync::<Arena, _>(conn).unwrap();
    let (graph, seats) = arena(conn, 6);
    let chain =
        |pairs: &[(usize, usize)]| pairs.iter().map(|&(from, to)| (seats[from], seats[to], Chain)).collect::<Vec<_>>();
    let closed = [(0, 1), (1, 2), (4, 0), (2, 3), (3, 1), (3, 5)];
    for commit in ways() {
        let text = refused(conn, |conn| {
            let mut loader = graph.loader(conn).commit(commit.clone());
            loader.edges::<Chain, _, _>(chain(&closed))?;
            loader.finish()
        });
        expect!["MG3009: chain (step 1): chain would close the cycle seat `2` → seat `3` → seat `1` → seat `2`; nothing of the load is stored\n(the graph type or the edge type is `acyclic`)"].assert_eq(&text);
    }
    for (commit, diamond) in ways().into_iter().zip([[(0, 1), (0, 2)], [(1, 3), (2, 3)], [(3, 4), (0, 4)]]) {
        let mut loader = graph.loader(conn).commit(commit);
        loader.edges::<Chain, _, _>(chain(&diamond)).unwrap();
        loader.finish().unwrap();
    }
    let back = graph.loader(conn).batch(1).edges::<Chain, _, _>(chain(&[(4, 5), (5, 0)])).unwrap_err();
    assert_eq!(back.code(), "MG3009");
    assert_eq!(graph.edges::<Chain>().count(conn).unwrap(), 7);
}

/// The indexes of nodes and edges, as the database tells them.
pub(super) fn indexes<C: Inspect>(conn: &mut C) -> Vec<String> {
    conn.texts(match <C as GraphConnection>::Db::NAME {
        "SQLite" => "SELECT sql AS answer FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
        _ => "SELECT indexdef AS answer FROM pg_indexes WHERE indexname LIKE '__metagraph%' ORDER BY indexname",
    })
}

/// More than enough rows for indexes to be dropped.
const MANY: usize = 6_000;

pub(crate) fn indexes_are_there_again_after_a_load(conn: &mut impl Inspect) {
    let graph = club(conn);
    let before = indexes(conn);
    let load = |conn: &mut _, twice: bool| {
        let mut loader = graph.loader(conn).commit(Commit::Once).batch(1_000);
        let members = (0..MANY).map(|n| Member { email: Some(format!("m{n}")), ..member(n.to_string()) });
        let ids = loader.nodes::<Member>(members)?;
        let sponsors = (0..MANY).map(|n| {
            let contract = Some(if twice && n == MANY - 1 { 7 } else { n as u64 });
            (ids.id(n).unwrap(), ids.id(n * 17 % MANY).unwrap(), Sponsors { contract })
        });
        loader.edges::<Sponsors, _, _>(sponsors)?;
        loader.finish()
    };
    assert!(load(conn, true).unwrap_err().is_conflict());
    assert_eq!(indexes(conn), before);
    assert_eq!(graph.nodes::<Member>().count(conn).unwrap(), 0);
    load(conn, false).unwrap();
    assert_eq!(indexes(conn), before);
    assert_eq!(usize::try_from(graph.edges::<Sponsors>().count(conn).unwrap()), Ok(MANY));
    let same = Member { email: Some("m7".into()), ..member("other") };
    assert!(graph.insert(conn, &same).unwrap_err().is_conflict());
}

/// SQLite drops them where nobody is shut out by it, and a load is large enough; PostgreSQL never.
pub(crate) fn indexes_are_dropped_where_that_pays<C: Inspect>(conn: &mut C) {
    let (graph, ()) = arena_of(conn, "arena");
    let log = Log::of(conn);
    for (commit, many, drops) in [
        (Commit::Once, 100, false),
        (Commit::EachBatch, MANY, false),
        (Commit::Once, 2 * MANY, <C as GraphConnection>::Db::NAME == "SQLite"),
    ] {
        let mut loader = graph.loader(conn).commit(commit);
        let seats = loader.nodes::<Seat>((0..).take(many).map(|number| Seat { number })).unwrap();
        let pairs = (1..many).map(|n| (seats.id(n - 1).unwrap(), seats.id(n).unwrap(), Pair));
        loader.edges::<Pair, _, _>(pairs).unwrap();
        loader.finish().unwrap();
        let dropped = log.queries().iter().any(|query| query.contains("DROP INDEX"));
        assert_eq!(dropped, drops, "{many} rows");
        graph.clear(conn).unwrap();
    }
}

pub(crate) fn a_load_that_is_dropped_leaves_nothing(conn: &mut impl Inspect) {
    metagraph::sync::<Arena, _>(conn).unwrap();
    let (graph, ()) = arena_of(conn, "arena");
    let (before, census) = (indexes(conn), conn.census());
    let mut loader = graph.loader(conn).commit(Commit::Once);
    let seats = loader.nodes::<Seat>((0..).take(MANY).map(|number| Seat { number })).unwrap();
    let pairs = (1..MANY).map(|n| (seats.id(n - 1).unwrap(), seats.id(n).unwrap(), Pair));
    loader.edges::<Pair, _, _>(pairs).unwrap();
    drop(loader);
    assert_eq!(indexes(conn), before);
    assert_eq!(conn.census(), census);
}

/// Loads a ring of pairs and once more the edge of row 2, with the index there or not.
pub(crate) fn rows_that_a_rebuilt_index_refuses_are_a_conflict(conn: &mut impl Inspect) {
    let (graph, ()) = arena_of(conn, "arena");
    let seats = graph.insert_many(conn, (0..).take(MANY).map(|number| Seat { number })).unwrap();
    let stored = graph.connect(conn, seats[2], seats[3], &Pair).unwrap();
    let load = |conn: &mut _, twice: (usize, usize)| {
        let ring = (100..MANY).map(|n| (n - 1, n)).chain([twice]);
        let ring = ring.map(|(from, to)| (seats[from], seats[to], Pair));
        let mut loader = graph.loader(conn).commit(Commit::Once).batch(1_000);
        // Without a hint of its length the first batches go into the indexes.
        loader.edges::<Pair, _, _>(ring)?;
        loader.finish().map(drop)
    };
    let tell = |text: String| text.split("; nothing").next().unwrap().split("): ").nth(1).unwrap().to_owned();
    expect!["pair from seat `2` to seat `3` conflicts with edge 1 (one edge of this type per pair of nodes)"]
        .assert_eq(&tell(refused(conn, |conn| load(conn, (2, 3)))).replace(&stored.to_string(), "1"));
    let twice = tell(told(&load(conn, (499, 500)).unwrap_err()));
    assert!(twice.starts_with("pair from seat `499` to seat `500` conflicts with "), "{twice}");
    let one_out = tell(refused(conn, |conn| {
        let two = (1..MANY).map(|n| (seats[n], seats[0], OneOut)).chain([(seats[9], seats[1], OneOut)]);
        let mut loader = graph.loader(conn).commit(Commit::Once).batch(10 * MANY);
        loader.edges::<OneOut, _, _>(two)?;
        loader.finish()
    }));
    expect!["one_out from seat `9` to seat `1` conflicts with another in the same batch (`one_out`: one edge of this type per source)"].assert_eq(&one_out);
    let (roads, []) = roads(conn, []);
    let road = tell(refused(conn, |conn| {
        let mut loader = roads.loader(conn).commit(Commit::Once).batch(10 * MANY);
        let towns = loader.nodes::<Town>(["a", "b"].map(|name| Town { name: name.into() }))?;
        let numbers = (0..MANY).chain([4]).map(|n| Road { number: format!("A {n}"), lanes: 1 });
        let (a, b) = (towns.id(0).unwrap(), towns.id(1).unwrap());
        loader.edges::<Road, _, _>(numbers.map(|road| (a, b, road)))?;
        loader.finish()
    }));
    expect!["road `A 4` is given twice in one batch (an edge's key is unique in its graph and type)"].assert_eq(&road);
    let club = club(conn);
    let email = tell(refused(conn, |conn| {
        let members = (0..MANY).chain([4]).zip(0..);
        let members =
            members.map(|(n, name): (_, usize)| Member { email: Some(format!("m{n}")), ..member(name.to_string()) });
        let mut loader = club.loader(conn).commit(Commit::Once).batch(10 * MANY);
        loader.nodes::<Member>(members)?;
        loader.finish()
    }));
    expect!["member with the same `email` is given twice in one batch (`unique`: no two in a graph have the same)"]
        .assert_eq(&email);
}

/// Loads so many pairs, and tells how many kibibytes that took.
pub(crate) fn load_pairs(conn: &mut impl GraphConnection, seats: u32) -> usize {
    super::large::keep_few_pages(conn);
    metagraph::sync::<Arena, _>(conn).unwrap();
    let graph = Graph::<Arena>::open_or_create(conn, "arena").unwrap();
    let mut loader = graph.loader(conn).batch(2_000);
    let ids = loader.nodes::<Seat>((0..seats).map(|number| Seat { number })).unwrap();
    let at = |n: usize| ids.id(n % seats as usize).unwrap();
    loader
        .edges::<Pair, _, _>((0..3 * seats as usize).map(|n| (at(n * 7), at(n * 7 + 1 + n / seats as usize), Pair)))
        .unwrap();
    loader.finish().unwrap();
    super::large::most_memory()
}

pub(crate) fn memory_does_not_grow_with_the_load<S: Store>(store: &S) {
    let few = Child::at_once(store, 1, Work::LoadFew)[0];
    store.connect().run("DELETE FROM __metagraph_nodes");
    let many = Child::at_once(store, 1, Work::LoadMany)[0];
    assert!(many < few + few / 4 + 4096, "{few} KiB for few rows, {many} KiB for ten times as many");
}

pub(crate) fn follows_has_no_attributes_to_load(conn: &mut impl Inspect) {
    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    let mut loader = graph.loader(conn);
    loader.edges::<Follows, _, _>([(ann, bob, Follows), (bob, ann, Follows)]).unwrap();
    loader.finish().unwrap();
    assert_eq!(conn.integers("SELECT count(*) AS answer FROM __metagraph_edges WHERE attributes IS NULL"), [2]);
}
