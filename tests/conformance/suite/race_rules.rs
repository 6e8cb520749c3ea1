//! Every declared rule, raced for by threads and by processes: as many rows remain as the rule allows.

use metagraph::prelude::*;
use metagraph::{Error, Outcome};
use serde_json::json;

use crate::harness::{Child, Work, at_once};
use crate::scenarios::{
    Arena, Bond, Booking, Bus, Chain, DependsOn, Fan, Guard, Keyed, Mixed, OneIn, OneOut, OneWay, Package, Packages,
    Pair, Pin, Seat, TwoWay, Watches, Wire, arena, fan, package, pins,
};
use crate::store::Store;

/// What is raced for, once per round.
const ROUNDS: usize = 6;
const THREADS: usize = 8;
const PROCESSES: usize = 4;

macro_rules! races {
    ($($race:ident: $threads:ident, $processes:ident;)+) => {
        /// A rule that all writers want to use up.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Race {
            $($race),+
        }

        impl Race {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$race),+];
        }

        $(
            pub(crate) fn $threads(store: &impl Store) {
                Race::$race.between_threads(store);
            }

            pub(crate) fn $processes(store: &impl Store) {
                Race::$race.between_processes(store);
            }
        )+
    };
}

races! {
    Parallel: threads_racing_for_a_pair, processes_racing_for_a_pair;
    Undirected: threads_racing_for_an_undirected_pair, processes_racing_for_an_undirected_pair;
    OneOut: threads_racing_for_a_source, processes_racing_for_a_source;
    OneIn: threads_racing_for_a_target, processes_racing_for_a_target;
    Simple: threads_racing_for_the_only_edge, processes_racing_for_the_only_edge;
    SimpleUndirected: threads_racing_for_the_only_undirected_edge, processes_racing_for_the_only_undirected_edge;
    SimpleMixed: threads_racing_for_a_pair_either_way, processes_racing_for_a_pair_either_way;
    NodeKey: threads_racing_for_a_node_key, processes_racing_for_a_node_key;
    EdgeKey: threads_racing_for_an_edge_key, processes_racing_for_an_edge_key;
    Unique: threads_racing_for_an_attribute, processes_racing_for_an_attribute;
    UniqueTogether: threads_racing_for_two_attributes, processes_racing_for_two_attributes;
    UniqueOfEdges: threads_racing_for_an_attribute_of_edges, processes_racing_for_an_attribute_of_edges;
    UniqueByUpdate: threads_updating_to_one_attribute, processes_updating_to_one_attribute;
    UniqueByPatch: threads_patching_edges_to_one_attribute, processes_patching_edges_to_one_attribute;
    NodeKeyByUpdate: threads_renaming_to_one_key, processes_renaming_to_one_key;
    Restrict: threads_racing_to_delete_and_to_connect, processes_racing_to_delete_and_to_connect;
    Upsert: threads_racing_to_upsert, processes_racing_to_upsert;
    FindOrInsert: threads_racing_to_find_or_insert, processes_racing_to_find_or_insert;
    UpsertEdge: threads_racing_to_upsert_an_edge, processes_racing_to_upsert_an_edge;
    FindOrConnect: threads_racing_to_find_or_connect, processes_racing_to_find_or_connect;
    Acyclic: threads_racing_to_close_a_cycle, processes_racing_to_close_a_cycle;
    AcyclicGraph: threads_racing_to_close_a_cycle_of_a_graph, processes_racing_to_close_a_cycle_of_a_graph;
}

impl Race {
    fn prepare(conn: &mut impl GraphConnection) {
        metagraph::sync::<Arena, _>(conn).unwrap();
        let (graph, seats) = arena(conn, 20);
        graph.insert_many(conn, (0..ROUNDS * THREADS).map(|number| fan(number.to_string()))).unwrap();
        let guards = graph.insert_many::<_, Guard>(conn, (0..ROUNDS).map(|_| Guard {})).unwrap();
        // Who comes late finds no guard any more, and has to know which there were.
        let guards: Vec<i64> = guards.into_iter().map(NodeId::raw).collect();
        graph.set_metadata(conn, json!(guards)).unwrap();
        let booking = || (seats[0], seats[1], Booking { number: None });
        graph.connect_many(conn, (0..ROUNDS * THREADS).map(|_| booking())).unwrap();
        pins::<OneWay, 20>(conn);
        pins::<TwoWay, 20>(conn);
        pins::<Mixed, 20>(conn);
        metagraph::sync::<Packages, _>(conn).unwrap();
        let packages = Graph::<Packages>::create(conn, &metagraph::row::NewGraph::named("packages")).unwrap();
        packages.insert_many(conn, (10..30).map(|number| package(&number.to_string()))).unwrap();
    }

    /// Takes part as one of several writers, and counts its victories.
    pub(crate) fn run(self, conn: &mut impl GraphConnection, who: usize) -> usize {
        let mut racer = Racer::enter(conn, who);
        (0..ROUNDS)
            .filter(|&round| match racer.race(conn, self, round) {
                Ok(won) => won,
                Err(Error::Conflict(_)) => false,
                Err(Error::Restricted { .. } | Error::EndpointNotFound { .. }) if self == Self::Restrict => false,
                Err(Error::Cycle { .. }) if matches!(self, Self::Acyclic | Self::AcyclicGraph) => false,
                Err(error) => panic!("{self:?}: {error} {error:?}"),
            })
            .count()
    }

    /// How many rows there are of what was raced for.
    fn left(self, conn: &mut impl GraphConnection) -> i64 {
        let (graph, _) = arena(conn, 20);
        let left = match self {
            Self::Parallel | Self::UpsertEdge | Self::FindOrConnect => graph.edges::<Pair>().count(conn),
            Self::Undirected => circuit::<Mixed>(conn).edges::<Bond>().count(conn),
            Self::OneOut => graph.edges::<OneOut>().count(conn),
            Self::OneIn => graph.edges::<OneIn>().count(conn),
            Self::Simple => {
                let circuit = circuit::<OneWay>(conn);
                circuit.edges::<Wire>().count(conn).map(|wires| wires + circuit.edges::<Bus>().count(conn).unwrap())
            }
            Self::SimpleUndirected => {
                let circuit = circuit::<TwoWay>(conn);
                circuit.edges::<Wire>().count(conn).map(|wires| wires + circuit.edges::<Bus>().count(conn).unwrap())
            }
            Self::SimpleMixed => circuit::<Mixed>(conn).edges::<Wire>().count(conn),
            Self::NodeKey | Self::Upsert | Self::FindOrInsert => {
                graph.nodes::<Seat>().count(conn).map(|count| count - 20)
            }
            Self::EdgeKey => graph.edges::<Keyed>().count(conn),
            Self::Unique | Self::UniqueByUpdate => graph.nodes::<Fan>().filter(|f| f.ticket.is_not_null()).count(conn),
            Self::UniqueTogether => graph.nodes::<Fan>().filter(|f| f.row.is_not_null()).count(conn),
            Self::UniqueOfEdges | Self::UniqueByPatch => {
                graph.edges::<Booking>().filter(|b| b.number.is_not_null()).count(conn)
            }
            Self::NodeKeyByUpdate => graph.nodes::<Fan>().filter(|f| f.name.starts_with("new")).count(conn),
            // Either the node is gone or it has its edge.
            Self::Restrict => {
                let guards = graph.nodes::<Guard>().count(conn).unwrap();
                graph.edges::<Watches>().count(conn).map(|edges| edges + i64::try_from(ROUNDS).unwrap() - guards)
            }
            Self::Acyclic => graph.edges::<Chain>().count(conn),
            Self::AcyclicGraph => Graph::<Packages>::open(conn, "packages").unwrap().edges::<DependsOn>().count(conn),
        };
        left.unwrap()
    }

    fn between_threads(self, store: &impl Store) {
        Self::prepare(&mut store.connect());
        let wins = at_once(store, THREADS, move |conn, who| self.run(conn, who));
        self.judge(store, &wins);
    }

    fn between_processes(self, store: &impl Store) {
        Self::prepare(&mut store.connect());
        let wins = Child::at_once(store, PROCESSES, Work::Race(self));
        self.judge(store, &wins);
    }

    fn judge(self, store: &impl Store, wins: &[usize]) {
        assert_eq!(wins.iter().sum::<usize>(), ROUNDS, "{wins:?}");
        assert_eq!(self.left(&mut store.connect()), i64::try_from(ROUNDS).unwrap());
    }
}

/// One of several writers, with all it needs to know before the start.
struct Racer {
    who: usize,
    graph: Graph<Arena>,
    seats: Vec<NodeId<Seat>>,
    fans: Vec<NodeId<Fan>>,
    bookings: Vec<EdgeId<Booking>>,
    guards: Vec<NodeId<Guard>>,
    one_way: (Graph<OneWay>, Vec<NodeId<Pin>>),
    two_way: (Graph<TwoWay>, Vec<NodeId<Pin>>),
    mixed: (Graph<Mixed>, Vec<NodeId<Pin>>),
    packages: (Graph<Packages>, Vec<NodeId<Package>>),
}

impl Racer {
    fn enter(conn: &mut impl GraphConnection, who: usize) -> Self {
        let (graph, seats) = arena(conn, 20);
        let fans = graph.nodes::<Fan>().load(conn).unwrap().into_iter().map(|fan| fan.id).collect();
        let bookings = graph.edges::<Booking>().load(conn).unwrap().into_iter().map(|booking| booking.id).collect();
        let guards: Vec<i64> = serde_json::from_value(graph.info(conn).unwrap().metadata).unwrap();
        let guards = guards.into_iter().map(NodeId::from_raw).collect();
        let packages = Graph::<Packages>::open(conn, "packages").unwrap();
        let needed = packages.nodes::<Package>().load(conn).unwrap().into_iter().map(|node| node.id).collect();
        let one_way = (circuit::<OneWay>(conn), circuit::<OneWay>(conn).nodes::<Pin>().load(conn).unwrap());
        let two_way = (circuit::<TwoWay>(conn), circuit::<TwoWay>(conn).nodes::<Pin>().load(conn).unwrap());
        let mixed = (circuit::<Mixed>(conn), circuit::<Mixed>(conn).nodes::<Pin>().load(conn).unwrap());
        let ids = |pins: Vec<Node<Pin>>| pins.into_iter().map(|pin| pin.id).collect();
        Self {
            who,
            graph,
            seats,
            fans,
            bookings,
            guards,
            one_way: (one_way.0, ids(one_way.1)),
            two_way: (two_way.0, ids(two_way.1)),
            mixed: (mixed.0, ids(mixed.1)),
            packages: (packages, needed),
        }
    }

    /// Tries once to use up a rule; another round is about other rows.
    fn race(&mut self, conn: &mut impl GraphConnection, race: Race, round: usize) -> metagraph::Result<bool> {
        let Self { who, graph, seats, fans, bookings, guards, one_way, two_way, mixed, packages } = self;
        let forward = who.is_multiple_of(2);
        let number = 100 + u32::try_from(round).unwrap();
        let (own, common) = (seats[10 + *who], seats[round]);
        let name = format!("racer {who} {round}");
        // A row of this writer's own in this round.
        let row = round * THREADS + *who;
        let won = |()| true;
        let created = |outcome: Outcome| outcome == Outcome::Created;
        match race {
            Race::Parallel => graph.connect(conn, common, seats[10], &Pair).map(drop).map(won),
            Race::Undirected => {
                let (one, other) = turned(forward, mixed.1[round], mixed.1[round + 10]);
                mixed.0.connect(conn, one, other, &Bond).map(drop).map(won)
            }
            Race::OneOut => graph.connect(conn, common, own, &OneOut).map(drop).map(won),
            Race::OneIn => graph.connect(conn, own, common, &OneIn).map(drop).map(won),
            Race::Simple => {
                let (one, other) = (one_way.1[round], one_way.1[round + 10]);
                if forward {
                    one_way.0.connect(conn, one, other, &Wire).map(drop).map(won)
                } else {
                    one_way.0.connect(conn, one, other, &Bus).map(drop).map(won)
                }
            }
            Race::SimpleUndirected => {
                let (one, other) = (two_way.1[round], two_way.1[round + 10]);
                if forward {
                    two_way.0.connect(conn, one, other, &Wire).map(drop).map(won)
                } else {
                    two_way.0.connect(conn, other, one, &Bus).map(drop).map(won)
                }
            }
            Race::SimpleMixed => {
                let (one, other) = turned(forward, mixed.1[round], mixed.1[round + 10]);
                mixed.0.connect(conn, one, other, &Wire).map(drop).map(won)
            }
            Race::NodeKey => graph.insert(conn, &Seat { number }).map(drop).map(won),
            Race::EdgeKey => graph.connect(conn, own, common, &Keyed { number }).map(drop).map(won),
            Race::Unique => graph.insert(conn, &Fan { ticket: Some(number), ..fan(name) }).map(drop).map(won),
            Race::UniqueTogether => {
                let seated = Fan { row: Some(number), place: Some("a".into()), ..fan(name) };
                graph.insert(conn, &seated).map(drop).map(won)
            }
            Race::UniqueOfEdges => {
                graph.connect(conn, own, common, &Booking { number: Some(number) }).map(drop).map(won)
            }
            Race::UniqueByUpdate => graph.update(conn, fans[row], |fan| fan.ticket = Some(number)).map(drop).map(won),
            Race::UniqueByPatch => graph.patch(conn, bookings[row], &json!({"number": number})).map(drop).map(won),
            Race::NodeKeyByUpdate => {
                graph.update(conn, fans[row], |fan| fan.name = format!("new {number}")).map(drop).map(won)
            }
            Race::Restrict if forward => graph.delete(conn, guards[round]),
            Race::Restrict => graph.connect(conn, common, guards[round], &Watches).map(drop).map(won),
            Race::Upsert => graph.upsert(conn, &Seat { number }).map(|upserted| created(upserted.outcome)),
            Race::FindOrInsert => graph.find_or_insert(conn, &Seat { number }).map(|found| created(found.outcome)),
            Race::UpsertEdge => {
                graph.upsert_edge(conn, common, seats[10], &Pair).map(|upserted| created(upserted.outcome))
            }
            Race::FindOrConnect => {
                graph.find_or_connect(conn, common, seats[10], &Pair).map(|found| created(found.outcome))
            }
            Race::Acyclic => {
                let (one, other) = turned(forward, common, seats[round + 10]);
                graph.connect(conn, one, other, &Chain).map(drop).map(won)
            }
            Race::AcyclicGraph => {
                let (one, other) = turned(forward, packages.1[round], packages.1[round + 10]);
                packages.0.connect(conn, one, other, &DependsOn { optional: false }).map(drop).map(won)
            }
        }
    }
}

fn circuit<G: metagraph::GraphType>(conn: &mut impl GraphConnection) -> Graph<G> {
    Graph::open(conn, "circuit").unwrap()
}

fn turned<T>(forward: bool, one: T, other: T) -> (T, T) {
    if forward { (one, other) } else { (other, one) }
}
