//! Rules that become tighter are asked of the rows that are there, and looser ones no longer bind them.

use metagraph::evolution::{Aspect, Class, Plan};
use metagraph::prelude::*;
use metagraph::{Error, Evolution, Synced};

use super::assert_sound;
use crate::scenarios::release;
use crate::store::Inspect;

/// A graph type of places and ways, with what a release says of both and of the graph.
macro_rules! ways {
    ($name:ident, [$($node:tt)*], [$($edge:tt)*], [$($graph:tt)*], $from:ty) => {
        release! {
            $name {
                #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
                #[graph(node)]
                pub(crate) struct Place {
                    #[graph(key)]
                    pub(crate) name: String,
                    #[graph($($node)*)]
                    pub(crate) code: Option<String>,
                }

                #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
                #[graph(node)]
                pub(crate) struct Harbour { #[graph(key)] pub(crate) name: String }

                #[derive(Debug, Clone, PartialEq, GraphType)]
                #[graph(union)]
                pub(crate) enum Somewhere { Place(Place), Harbour(Harbour) }

                #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
                #[graph(edge(from = $from, to = Place), $($edge)*)]
                pub(crate) struct Way { pub(crate) number: u32 }

                #[derive(GraphType)]
                #[graph(name = "ways", $($graph)*)]
                pub(crate) enum Ways { Place(Place), Harbour(Harbour), Way(Way) }
            }
        }
    };
}

ways!(loose, [], [multi], [self_loops], Somewhere);
ways!(unique_code, [unique], [multi], [self_loops], Somewhere);
ways!(single, [], [], [self_loops], Somewhere);
ways!(one_out, [], [multi, one_out], [self_loops], Somewhere);
ways!(one_in, [], [multi, one_in], [self_loops], Somewhere);
ways!(no_loops, [], [multi], [], Somewhere);
ways!(acyclic, [], [multi, acyclic], [self_loops], Somewhere);
ways!(simple, [], [], [simple, self_loops], Somewhere);
ways!(undirected, [], [multi], [undirected, self_loops], Somewhere);
ways!(from_places, [], [multi], [self_loops], Place);

/// Places `a`, `b` and `c`, a harbour `h`, and a way for each pair of names.
fn places(conn: &mut impl Inspect, ways: &[&str]) -> Graph<loose::Ways> {
    metagraph::sync::<loose::Ways, _>(conn).unwrap();
    let graph = Graph::<loose::Ways>::open_or_create(conn, "ways").unwrap();
    for name in ["a", "b", "c"] {
        graph.insert(conn, &loose::Place { name: name.into(), code: Some(format!("code {name}")) }).unwrap();
    }
    graph.insert(conn, &loose::Harbour { name: "h".into() }).unwrap();
    for (number, way) in ways.iter().enumerate() {
        let (from, to) = way.split_at(1);
        let to = NodeKey::<loose::Place>::new(to);
        let way = loose::Way { number: u32::try_from(number).unwrap() };
        if from == "h" {
            graph.connect(conn, NodeKey::<loose::Harbour>::new(from), to, &way).unwrap();
        } else {
            graph.connect(conn, NodeKey::<loose::Place>::new(from), to, &way).unwrap();
        }
    }
    graph
}

/// Ways that break a rule keep it from being applied, and are counted; without them it is.
fn verified<G: metagraph::GraphType>(
    conn: &mut impl Inspect,
    aspect: Aspect,
    breaking: &[&str],
    fitting: &[&str],
    refused: u64,
) {
    let graph = places(conn, breaking);
    let before = conn.census();
    assert!(matches!(metagraph::sync::<G, _>(conn), Err(Error::NeedsEvolution { .. })));
    let plan = refusal_of::<G>(conn);
    let planned = plan.changes.iter().find(|planned| planned.change.aspect == aspect).unwrap();
    assert!(planned.change.class > Class::Compatible, "{plan}");
    assert_eq!(planned.refused, refused, "{plan}");
    assert!(!planned.samples.is_empty(), "{plan}");
    assert_eq!(conn.census(), before);
    graph.clear(conn).unwrap();
    places(conn, fitting);
    Evolution::<G>::new().apply(conn).unwrap();
    assert_sound(conn);
}

fn refusal_of<G: metagraph::GraphType>(conn: &mut impl Inspect) -> Plan {
    match Evolution::<G>::new().apply(conn) {
        Err(Error::Refused(plan)) => *plan,
        outcome => panic!("{outcome:?}"),
    }
}

pub(crate) fn ways_that_are_parallel_are_found(conn: &mut impl Inspect) {
    verified::<single::Ways>(conn, Aspect::Parallel, &["ab", "ab", "ba"], &["ab", "ba", "ac"], 1);
    let graph = Graph::<single::Ways>::open(conn, "ways").unwrap();
    let (a, b) = (NodeKey::<single::Place>::new("a"), NodeKey::<single::Place>::new("b"));
    assert!(graph.connect(conn, a, b, &single::Way { number: 9 }).unwrap_err().is_conflict());
}

pub(crate) fn several_ways_out_or_in_are_found(conn: &mut impl Inspect) {
    verified::<one_out::Ways>(conn, Aspect::OneOut, &["ab", "ac", "bc"], &["ab", "bc"], 1);
    let graph = Graph::<one_out::Ways>::open(conn, "ways").unwrap();
    let (a, c) = (NodeKey::<one_out::Place>::new("a"), NodeKey::<one_out::Place>::new("c"));
    assert!(graph.connect(conn, a, c, &one_out::Way { number: 9 }).unwrap_err().is_conflict());
}

pub(crate) fn several_ways_in_are_found(conn: &mut impl Inspect) {
    verified::<one_in::Ways>(conn, Aspect::OneIn, &["ac", "bc", "hc"], &["ab", "bc"], 2);
}

pub(crate) fn ways_to_where_they_begin_are_found(conn: &mut impl Inspect) {
    verified::<no_loops::Ways>(conn, Aspect::SelfLoops, &["aa", "ab"], &["ab", "ba"], 1);
}

pub(crate) fn circles_are_found(conn: &mut impl Inspect) {
    verified::<acyclic::Ways>(conn, Aspect::Acyclic, &["ab", "bc", "ca"], &["ab", "bc", "ac"], 3);
}

pub(crate) fn a_simple_graph_has_one_way_between_two_places(conn: &mut impl Inspect) {
    verified::<simple::Ways>(conn, Aspect::Simple, &["ab", "ab"], &["ab", "bc"], 1);
}

pub(crate) fn ways_keep_their_direction(conn: &mut impl Inspect) {
    verified::<undirected::Ways>(conn, Aspect::Undirected, &["ab"], &[], 1);
}

pub(crate) fn ways_from_elsewhere_are_found(conn: &mut impl Inspect) {
    verified::<from_places::Ways>(conn, Aspect::Sources, &["ha", "ab"], &["ab"], 1);
}

pub(crate) fn values_that_are_there_twice_are_found(conn: &mut impl Inspect) {
    let graph = places(conn, &[]);
    let b = graph.get_by_key::<loose::Place>(conn, "b").unwrap().unwrap().id;
    graph.update(conn, b, |place| place.code = Some("code a".to_owned())).unwrap();
    let plan = refusal_of::<unique_code::Ways>(conn);
    let planned = plan.changes.iter().find(|planned| planned.change.aspect == Aspect::Unique).unwrap();
    assert_eq!(planned.refused, 1, "{plan}");
    graph.update(conn, b, |place| place.code = None).unwrap();
    Evolution::<unique_code::Ways>::new().apply(conn).unwrap();
    let graph = Graph::<unique_code::Ways>::open(conn, "ways").unwrap();
    let taken = unique_code::Place { name: "d".into(), code: Some("code a".into()) };
    assert!(graph.insert(conn, &taken).unwrap_err().is_conflict());
    assert_sound(conn);
    // The rule is taken back, and nothing refuses the value any more.
    assert_eq!(Evolution::<loose::Ways>::new().back().apply(conn).unwrap().revision, 3);
    let graph = Graph::<loose::Ways>::open(conn, "ways").unwrap();
    graph.insert(conn, &loose::Place { name: "d".into(), code: Some("code a".into()) }).unwrap();
    assert_sound(conn);
}

pub(crate) fn looser_rules_no_longer_bind_what_is_there(conn: &mut impl Inspect) {
    metagraph::sync::<one_out::Ways, _>(conn).unwrap();
    let graph = Graph::<one_out::Ways>::open_or_create(conn, "ways").unwrap();
    for name in ["a", "b", "c"] {
        graph.insert(conn, &one_out::Place { name: name.into(), code: None }).unwrap();
    }
    let key = NodeKey::<one_out::Place>::new;
    graph.connect(conn, key("a"), key("b"), &one_out::Way { number: 1 }).unwrap();
    assert_eq!(metagraph::sync::<loose::Ways, _>(conn).unwrap(), Synced::Advanced);
    let graph = Graph::<loose::Ways>::open(conn, "ways").unwrap();
    let key = NodeKey::<loose::Place>::new;
    for to in ["c", "b", "b"] {
        graph.connect(conn, key("a"), key(to), &loose::Way { number: 2 }).unwrap();
    }
    assert_sound(conn);
}
