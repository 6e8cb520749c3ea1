//! Transactions in a fixed order, so that their number says what must be there.

use std::collections::{BTreeMap, BTreeSet};

use metagraph::prelude::*;
use metagraph::{Error, Result};

use crate::scenarios::{Arena, Chain, Fan, Seat, fan};
use crate::store::Inspect;

/// So many nodes at a time, in statements of several sizes.
const BATCH: u32 = 40;

/// What is stored: fans with their tickets and versions, seats, and chains between seats.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Ledger {
    fans: BTreeMap<String, (Option<u32>, i64)>,
    seats: BTreeSet<u32>,
    chains: BTreeSet<(u32, u32)>,
}

/// Makes the graph that is written to.
pub(super) fn begin(conn: &mut impl GraphConnection) {
    metagraph::sync::<Arena, _>(conn).unwrap();
    Graph::<Arena>::open_or_create(conn, "ledger").unwrap();
}

/// Runs one transaction after the other for ever, and says when each is committed.
pub(crate) fn write_on<C: Inspect>(conn: &mut C, first: usize, mut acknowledge: impl FnMut(usize)) -> usize {
    if first.is_multiple_of(2) {
        conn.run(C::DURABLE);
    }
    let graph = Graph::<Arena>::open(conn, "ledger").unwrap();
    for number in first.. {
        match write(conn, &graph, number) {
            Ok(()) => acknowledge(number),
            // A server that crashed.
            Err(error) if error.is_transient() => return number,
            Err(error) => panic!("{error}"),
        }
    }
    unreachable!("it writes until it is killed")
}

/// The seats that transaction `number` makes.
fn seats(number: usize) -> impl Iterator<Item = u32> {
    let first = u32::try_from(number).unwrap() * BATCH;
    first..first + BATCH
}

fn ticket(number: usize) -> u32 {
    u32::try_from(number).unwrap()
}

/// Runs the transaction with a number, which comes after all with a smaller one.
fn write<C: GraphConnection>(conn: &mut C, graph: &Graph<Arena>, number: usize) -> Result<()> {
    let name = |kind: &str, number: usize| format!("{kind} {number}");
    let fan_of = |conn: &mut C, name: &str| -> Result<NodeId<Fan>> {
        Ok(graph.get_by_key::<Fan>(conn, name)?.unwrap_or_else(|| panic!("no fan {name}")).id)
    };
    match number % 6 {
        0 => graph.insert(conn, &fan(name("single", number))).map(drop),
        1 => conn.transaction::<_, Error, _>(|conn| {
            let ids = graph.insert_many(conn, seats(number).map(|number| Seat { number }))?;
            graph.connect_many(conn, ids.windows(2).map(|pair| (pair[0], pair[1], Chain)))?;
            graph.insert(conn, &fan(name("marker", number))).map(drop)
        }),
        2 => {
            let single = fan_of(conn, &name("single", number - 2))?;
            graph.update(conn, single, |fan| fan.ticket = Some(ticket(number))).map(drop)
        }
        3 => graph.insert_many(conn, seats(number).map(|number| Seat { number })).map(drop),
        4 => graph.upsert(conn, &Fan { ticket: Some(ticket(number)), ..fan("upserted") }).map(drop),
        _ => {
            let chained = graph.nodes::<Seat>().load(conn)?.into_iter().map(|seat| seat.id);
            let marker = fan_of(conn, &name("marker", number - 4))?;
            conn.transaction::<_, Error, _>(|conn| {
                graph.delete_many(conn, chained)?;
                graph.delete(conn, marker).map(drop)
            })
        }
    }
}

/// What is stored after so many transactions.
pub(super) fn expected(count: usize) -> Ledger {
    let mut ledger = Ledger::default();
    for number in 0..count {
        match number % 6 {
            0 => drop(ledger.fans.insert(format!("single {number}"), (None, 1))),
            1 => {
                let seats: Vec<u32> = seats(number).collect();
                ledger.chains.extend(seats.windows(2).map(|pair| (pair[0], pair[1])));
                ledger.seats.extend(seats);
                ledger.fans.insert(format!("marker {number}"), (None, 1));
            }
            2 => drop(ledger.fans.insert(format!("single {}", number - 2), (Some(ticket(number)), 2))),
            3 => ledger.seats.extend(seats(number)),
            4 => {
                let upserted = ledger.fans.entry("upserted".to_owned()).or_insert((None, 0));
                *upserted = (Some(ticket(number)), upserted.1 + 1);
            }
            _ => {
                ledger.seats.clear();
                ledger.chains.clear();
                ledger.fans.remove(&format!("marker {}", number - 4));
            }
        }
    }
    ledger
}

pub(super) fn stored(conn: &mut impl GraphConnection) -> Ledger {
    let graph = Graph::<Arena>::open(conn, "ledger").unwrap();
    let seats = graph.nodes::<Seat>().load(conn).unwrap();
    let numbers: BTreeMap<_, u32> = seats.iter().map(|seat| (seat.id, seat.value.number)).collect();
    let chains = graph.edges::<Chain>().load(conn).unwrap();
    let fans = graph.nodes::<Fan>().load(conn).unwrap();
    Ledger {
        fans: fans.into_iter().map(|fan| (fan.key, (fan.value.ticket, fan.version))).collect(),
        chains: chains.iter().map(Edge::ends).map(|(from, to)| (numbers[&from], numbers[&to])).collect(),
        seats: numbers.into_values().collect(),
    }
}
