//! The twelve questions, asked of all peers in turns.

use std::hint::black_box;

use crate::generate::{Data, Random, newcomer};
use crate::measure::{Times, timed};
use crate::peer::Peer;

/// A line of the report.
#[derive(Debug)]
pub struct Cell {
    /// Its short name.
    pub name: &'static str,
    /// What is done.
    pub what: &'static str,
    /// How long it took.
    pub times: Times,
    /// How many rows one operation is about, where that matters.
    pub rows: Option<usize>,
}

/// Newcomers from here on are others than those before.
const OTHERS: usize = 1_000_000;

/// Whoever takes part; the first one is measured against the others.
pub type Peers = Vec<Box<dyn Peer>>;

/// The questions about a network that every peer has loaded.
#[derive(Debug, Clone, Copy)]
pub struct Workload<'d> {
    data: &'d Data,
    rounds: usize,
    only: Option<&'d [String]>,
}

type Ask<'a> = &'a mut dyn FnMut(&mut dyn Peer, usize) -> u64;

impl<'d> Workload<'d> {
    /// So many rounds of the questions with these names, or of all.
    pub fn new(data: &'d Data, rounds: usize, only: Option<&'d [String]>) -> Self {
        Self { data, rounds, only }
    }

    /// Whether a question is asked.
    pub fn wants(&self, name: &str) -> bool {
        self.only.is_none_or(|only| only.iter().any(|wanted| wanted.eq_ignore_ascii_case(name)))
    }

    /// Asks all questions but the first, whose answer everybody must have.
    pub fn ask_all(&self, peers: &mut Peers, say: &mut dyn FnMut(&Cell)) -> Vec<Cell> {
        let people = self.data.people.len();
        let mut random = Random::new(7);
        let starts: Vec<usize> = (0..2_000).map(|_| random.below(people)).collect();
        let start = |place: usize| starts.get(place % starts.len()).copied().unwrap_or_default();
        let key =
            |place: usize| self.data.people.get(start(place)).map(|person| person.key.as_str()).unwrap_or_default();
        let mut cells = Vec::new();
        let mut ask = |peers: &mut Peers, name, what, operations, rows, work: Ask<'_>| {
            if !self.wants(name) {
                return;
            }
            let cell = Cell { name, what, times: self.turns(peers, name, operations, work), rows };
            say(&cell);
            cells.push(cell);
        };
        ask(peers, "W3", "a person by key", 200, None, &mut |peer, place| {
            black_box(peer.person(key(place))).map_or(0, |person| u64::from(person.age))
        });
        ask(peers, "W4", "acquaintances of one, and how", 100, None, &mut |peer, place| {
            let found = black_box(peer.neighbours(start(place)));
            found.iter().map(|(knows, person)| u64::from(knows.since) + u64::from(person.age)).sum()
        });
        ask(peers, "W5", "others two steps away, counted", 60, None, &mut |peer, place| {
            peer.two_steps(start(place)) as u64
        });
        ask(peers, "W6", "others within three steps, counted", 20, None, &mut |peer, place| {
            peer.three_steps(start(place)) as u64
        });
        ask(peers, "W7", "a shortest path of at most six steps", 20, None, &mut |peer, place| {
            peer.distance(start(2 * place), start(2 * place + 1)).map_or(99, |length| length as u64)
        });
        ask(peers, "W8", "100 filtered and ordered, no index", 4, None, &mut |peer, _| {
            peer.inactive().iter().map(|person| u64::from(person.age)).sum()
        });
        if self.wants("W8i") {
            for peer in peers.iter_mut() {
                peer.list(self.data);
            }
        }
        ask(peers, "W8i", "100 filtered and ordered, indexed", 20, None, &mut |peer, _| {
            peer.inactive_listed().iter().map(|person| u64::from(person.age)).sum()
        });
        let rows = self.data.rows();
        ask(peers, "W11", "every node and edge as a value", 1, Some(rows), &mut |peer, _| peer.export().content);
        ask(peers, "W12", "likes by the liker's city", 1, None, &mut |peer, _| {
            peer.likes_per_city().iter().map(|(city, likes)| city.len() as u64 + likes.unsigned_abs()).sum()
        });
        let mut insert = |peer: &mut dyn Peer, place: usize| {
            peer.insert(&newcomer(place));
            place as u64
        };
        ask(peers, "W2", "one person in a transaction", 50, None, &mut insert);
        if self.wants("W2F") {
            for peer in peers.iter_mut() {
                peer.synchronous(true);
            }
        }
        ask(peers, "W2F", "the same, on the disk", 20, None, &mut |peer, place| insert(peer, OTHERS + place));
        if self.wants("W2F") {
            for peer in peers.iter_mut() {
                peer.synchronous(false);
            }
        }
        ask(peers, "W9", "a person's age by key", 50, None, &mut |peer, place| {
            peer.set_age(key(place), 20 + u32::try_from(place % 50).unwrap_or_default());
            place as u64
        });
        // Each person can be deleted once.
        let order: Vec<usize> = (0..people).collect();
        ask(peers, "W10", "a person with all edges", (people / (self.rounds + 1)).min(10), None, &mut |peer, place| {
            peer.delete(order.get(place).copied().unwrap_or_default());
            place as u64
        });
        cells
    }

    /// All peers do the same so many times, one after the other, each round beginning with another; they must agree.
    fn turns(&self, peers: &mut Peers, name: &str, operations: usize, work: Ask<'_>) -> Times {
        let count = peers.len();
        let mut times = Times::of(count);
        // The first round only warms up.
        for round in 0..=self.rounds {
            let mut sums = vec![0_u64; count];
            for turn in 0..count {
                let who = (turn + round) % count;
                let Some(peer) = peers.get_mut(who) else { continue };
                let places = round * operations..(round + 1) * operations;
                let (sum, took) = timed(|| places.map(|place| work(peer.as_mut(), place)).fold(0, u64::wrapping_add));
                if round > 0 {
                    times.add(who, took, operations);
                }
                if let Some(slot) = sums.get_mut(who) {
                    *slot = sum;
                }
            }
            assert!(sums.windows(2).all(|pair| pair.first() == pair.last()), "{name}: the peers disagree: {sums:?}");
        }
        times
    }
}
