//! Declares indexes and unique attributes: what `sync` creates, which queries use it, and how a conflict is told.
//!
//! ```sh
//! cargo run --example indexes
//! ```
//!
//! ```text
//! unique  email on passenger: exists
//! index   name on passenger: exists
//! unique  row, letter on passenger: exists
//! name is Passenger 77             1, found by its index
//! name starts with Passenger 7    11, found by its index
//! the first by name                1, found by its index
//! email is passenger9's            1, found by its index
//! meal is vegan                    5, all passengers are read
//! a free seat: booked
//! another, without an address: booked
//! a seat that is taken: row and letter are ticket 77's
//! an address that is taken: the address is ticket 9's
//! passenger with the same `row` and `letter` exists already with id 299 (`unique`: no two in a graph have the same)
//! ```

use std::error::Error;
use std::io::{self, Write};

use metagraph::prelude::*;
use metagraph::{Conflict, Rule, indexes};

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Passenger {
    #[graph(key)]
    ticket: u16,
    /// Fast to look for; many may have the same.
    #[graph(index)]
    name: String,
    /// No two in a graph have the same; whoever has none takes nothing.
    #[graph(unique)]
    email: Option<String>,
    /// Together they are one seat.
    #[graph(unique = "seat")]
    row: u16,
    #[graph(unique = "seat")]
    letter: String,
    /// Nothing is declared of it. It can be asked for all the same.
    meal: Option<String>,
}

#[derive(Debug, GraphType)]
#[graph(name = "flight")]
enum Flight {
    Passenger(Passenger),
}

fn passenger(ticket: u16) -> Passenger {
    Passenger {
        ticket,
        name: format!("Passenger {ticket}"),
        email: Some(format!("passenger{ticket}@example.com")),
        row: ticket / 2,
        letter: if ticket.is_multiple_of(2) { "A" } else { "B" }.into(),
        meal: ticket.is_multiple_of(50).then(|| "vegan".into()),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout())
}

/// Books a seat, and says what to do where somebody else was faster: the refusal is data, not text.
fn book(conn: &mut impl GraphConnection, graph: &Graph<Flight>, new: &Passenger) -> metagraph::Result<String> {
    let conflict: Conflict = match graph.insert(conn, new) {
        Ok(_) => return Ok("booked".to_owned()),
        Err(metagraph::Error::Conflict(conflict)) if conflict.rule == Rule::Unique => *conflict,
        Err(error) => return Err(error),
    };
    let holder = match conflict.existing {
        Some(id) => graph.get(conn, NodeId::<Passenger>::from_raw(id))?,
        None => None,
    };
    let holder = holder.map_or("nobody".to_owned(), |holder| format!("ticket {}", holder.value.ticket));
    Ok(match conflict.attributes.as_slice() {
        [email] if email == "email" => format!("the address is {holder}'s"),
        _ => format!("{} are {holder}'s", conflict.attributes.join(" and ")),
    })
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let conn = &mut metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(conn)?;
    // Registers the type, and creates the indexes that it declares and the database lacks.
    metagraph::sync::<Flight, _>(conn)?;
    for index in indexes::list(conn, "flight")? {
        let kind = if index.unique { "unique" } else { "index" };
        let state = if index.exists { "exists" } else { "missing" };
        writeln!(out, "{kind:<7} {} on {}: {state}", index.attributes.join(", "), index.element)?;
    }

    let graph = Graph::<Flight>::open_or_create(conn, "MG 7")?;
    graph.insert_many(conn, (2..300).map(passenger))?;

    // An index changes how rows are found, and never which. `explain` asks the database how it would go about it.
    let declared = indexes::list(conn, "flight")?;
    let index_on = |attribute| declared.iter().find(|index| index.attributes == [attribute]);
    let passengers = || graph.nodes::<Passenger>();
    let queries = [
        ("name is Passenger 77", passengers().filter(|p| p.name.eq("Passenger 77")), "name"),
        ("name starts with Passenger 7", passengers().filter(|p| p.name.starts_with("Passenger 7")), "name"),
        ("the first by name", passengers().order_by(|p| p.name.asc()).limit(1), "name"),
        ("email is passenger9's", passengers().filter(|p| p.email.eq("passenger9@example.com")), "email"),
        ("meal is vegan", passengers().filter(|p| p.meal.eq("vegan")), "meal"),
    ];
    for (what, query, attribute) in queries {
        let explanation = query.explain(conn)?;
        let by_index = index_on(attribute).is_some_and(|index| explanation.mentions(&index.name));
        let how = if by_index { "found by its index" } else { "all passengers are read" };
        writeln!(out, "{what:<30} {:>3}, {how}", query.count(conn)?)?;
    }

    let late = |ticket, row, letter: &str, email: Option<&str>| Passenger {
        row,
        letter: letter.into(),
        email: email.map(str::to_owned),
        ..passenger(ticket)
    };
    for (what, new) in [
        ("a free seat", late(300, 300, "A", None)),
        ("another, without an address", late(301, 300, "B", None)),
        ("a seat that is taken", late(302, 38, "B", None)),
        ("an address that is taken", late(302, 301, "A", Some("passenger9@example.com"))),
    ] {
        writeln!(out, "{what}: {}", book(conn, &graph, &new)?)?;
    }
    // The message of the error itself, as a log would have it.
    let refused = graph.insert(conn, &late(302, 300, "A", None));
    Ok(writeln!(out, "{}", refused.err().map_or(String::new(), |error| error.to_string()))?)
}
