//! Lets the database count and add up: aggregates, groups, selected fields, edges by what is at their ends.
//!
//! ```sh
//! cargo run --example reports
//! ```
//!
//! ```text
//! 6 sales of 9 loaves for 3520 cents
//! a loaf costs at least 350 cents, 415 on average
//!
//! bread that sold twice or more
//!   rye     4 loaves in 3 sales
//!   wheat   4 loaves in 2 sales
//!
//! what was paid for bread below 500 cents
//!   Bern    rye     400 cents
//!   Bern    wheat   350 cents
//!   Ulm     rye     1260 cents
//!   Ulm     wheat   1000 cents
//!
//! Cleo got rye for 400 cents instead of 420
//!
//! customers by visits
//!   Ada     3
//!   Cleo    2
//!   Ben     1
//!   Dina    0
//!
//! never here: Dina; twice for rye: Ada
//! ```

use std::error::Error;
use std::io::{self, Write};

use metagraph::prelude::*;
use metagraph::query::{self, count};

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Customer {
    #[graph(key)]
    name: String,
    town: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Bread {
    #[graph(key)]
    name: String,
    cents: u32,
}

/// Somebody bought some loaves; there is an edge for each time.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Customer, to = Bread), multi)]
struct Bought {
    loaves: u32,
    /// In cents.
    paid: u32,
}

#[derive(Debug, GraphType)]
#[graph(name = "bakery")]
enum Bakery {
    Customer(Customer),
    Bread(Bread),
    Bought(Bought),
}

fn fill(conn: &mut impl GraphConnection) -> metagraph::Result<Graph<Bakery>> {
    let graph = Graph::<Bakery>::open_or_create(conn, "corner shop")?;
    let customer = |(name, town): (&str, &str)| Customer { name: name.into(), town: town.into() };
    let bread = |(name, cents): (&str, u32)| Bread { name: name.into(), cents };
    let people = [("Ada", "Ulm"), ("Ben", "Ulm"), ("Cleo", "Bern"), ("Dina", "Bern")];
    let people = graph.insert_many(conn, people.map(customer))?;
    let breads = graph.insert_many(conn, [("rye", 420), ("spelt", 510), ("wheat", 350), ("corn", 380)].map(bread))?;
    // Who, which, how many, paid.
    let sales = [(0, 0, 1, 420), (0, 0, 2, 840), (0, 1, 1, 510), (1, 2, 3, 1000), (2, 2, 1, 350), (2, 0, 1, 400)];
    let bought = sales.into_iter().filter_map(|(who, which, loaves, paid)| {
        Some((*people.get(who)?, *breads.get(which)?, Bought { loaves, paid }))
    });
    graph.connect_many(conn, bought.collect::<Vec<_>>())?;
    Ok(graph)
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout())
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let conn = &mut metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(conn)?;
    metagraph::sync::<Bakery, _>(conn)?;
    let graph = fill(conn)?;
    let sales = || graph.edges::<Bought>();

    // Over all rows. Where there are none, a sum is `None`, and so are a mean, a least and a greatest.
    let (times, loaves, paid) = sales().aggregate(conn, |b| (count(), b.loaves.sum(), b.paid.sum()))?;
    writeln!(out, "{times} sales of {} loaves for {} cents", loaves.unwrap_or(0), paid.unwrap_or(0))?;
    let (cheapest, mean) = graph.nodes::<Bread>().aggregate(conn, |b| (b.cents.min(), b.cents.avg()))?;
    writeln!(out, "a loaf costs at least {} cents, {} on average", cheapest.unwrap_or(0), mean.unwrap_or(0.0))?;

    // In groups, by an attribute of the node at an end of the edge.
    let by_bread = sales()
        .group_by(|_| Bread::F.name.at_target())
        .aggregate(|b| (count(), b.loaves.sum()))
        .having(|_, (times, _)| times.ge(2))
        .order_by(|bread, (_, loaves)| [loaves.desc(), bread.asc()])
        .load(conn)?;
    writeln!(out, "\nbread that sold twice or more")?;
    for (bread, (times, loaves)) in by_bread {
        writeln!(out, "  {bread:<8}{} loaves in {times} sales", loaves.unwrap_or(0))?;
    }

    // By two keys at once, and only some of the sales.
    let by_town = sales()
        .filter(|_| Bread::F.cents.at_target().lt(500))
        .group_by(|_| (Customer::F.town.at_source(), Bread::F.name.at_target()))
        .aggregate(|b| b.paid.sum())
        .order_by(|(town, bread), _| [town.asc(), bread.asc()])
        .load(conn)?;
    writeln!(out, "\nwhat was paid for bread below 500 cents")?;
    for ((town, bread), paid) in by_town {
        writeln!(out, "  {town:<8}{bread:<8}{} cents", paid.unwrap_or(0))?;
    }

    // Some values of each row instead of whole ones; an edge is compared with what is at its end.
    let cheaper = sales()
        .filter(|b| b.loaves.eq(1) & b.paid.lt(Bread::F.cents.at_target()))
        .select(|b| (Customer::F.name.at_source(), Bread::F.name.at_target(), b.paid, Bread::F.cents.at_target()))
        .load(conn)?;
    for (who, bread, paid, cents) in cheaper {
        writeln!(out, "\n{who} got {bread} for {paid} cents instead of {cents}")?;
    }

    // By how many edges a node has; a filter counts some of them only.
    let visits = || query::out::<Bought, Customer, Bread>().count();
    let regulars = graph.nodes::<Customer>().order_by(|c| [visits().desc(), c.name.asc()]);
    writeln!(out, "\ncustomers by visits")?;
    for (who, visits) in regulars.select(|c| (c.name, visits())).load(conn)? {
        writeln!(out, "  {who:<8}{visits}")?;
    }
    let never = graph.nodes::<Customer>().filter(|_| !query::out::<Bought, _, Bread>().exists()).one(conn)?;
    let often = query::out::<Bought, Customer, Bread>().node(|bread| bread.name.eq("rye")).count();
    let often = graph.nodes::<Customer>().filter(|_| often.ge(2)).one(conn)?;
    Ok(writeln!(out, "\nnever here: {}; twice for rye: {}", never.key, often.key)?)
}
