//! Reads a long list in pages: a cursor goes to a client and comes back, and nothing is skipped or shown twice, whatever
//! is written in between.
//!
//! ```sh
//! cargo run --example pages
//! ```
//!
//! ```text
//! page 1: Ida in Aarhus, Lena in Graz, Bao in Hanoi
//!         (Abe in Accra was added)
//! page 2: Tom in Hanoi, Mara in Lisbon, Noor in Lisbon
//! page 3: Yuki in Nara
//! back:   Abe in Accra, Lena in Graz, Bao in Hanoi
//! more before these: yes
//! refused: the cursor does not continue this query: it comes from another graph, filter or order
//! refused: the cursor does not continue this query: it is no cursor
//! all names together have 28 letters
//! ```

use std::error::Error;
use std::io::{self, Write};

use metagraph::prelude::*;
use metagraph::query::NodeQuery;
use metagraph::{Cursor, Page};

/// Somebody in the address book.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Contact {
    #[graph(key)]
    name: String,
    #[graph(index)]
    town: String,
}

#[derive(Debug, GraphType)]
#[graph(name = "address-book")]
enum AddressBook {
    Contact(Contact),
}

fn contact((name, town): (&str, &str)) -> Contact {
    Contact { name: name.to_owned(), town: town.to_owned() }
}

/// The list that is shown in pages. A cursor belongs to it: to its filter and its order.
fn by_town(graph: &Graph<AddressBook>) -> NodeQuery<'_, Contact> {
    graph.nodes::<Contact>().order_by(|c| [c.town.asc(), c.name.asc()])
}

/// What a server does when it is asked for a page: with no token, or with one that it gave out before.
fn answer(
    conn: &mut impl GraphConnection,
    graph: &Graph<AddressBook>,
    token: Option<&str>,
) -> metagraph::Result<Page<Node<Contact>>> {
    let page = by_town(graph).limit(3);
    match token {
        None => page.page(conn),
        Some(token) => page.after(&token.parse()?).page(conn),
    }
}

fn show(page: &[Node<Contact>]) -> String {
    let contacts = page.iter().map(|contact| format!("{} in {}", contact.value.name, contact.value.town));
    contacts.collect::<Vec<_>>().join(", ")
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout())
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let conn = &mut metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(conn)?;
    metagraph::sync::<AddressBook, _>(conn)?;
    let graph = Graph::<AddressBook>::open_or_create(conn, "mine")?;
    let contacts = [
        ("Ida", "Aarhus"),
        ("Bao", "Hanoi"),
        ("Mara", "Lisbon"),
        ("Noor", "Lisbon"),
        ("Lena", "Graz"),
        ("Tom", "Hanoi"),
        ("Yuki", "Nara"),
    ];
    graph.insert_many(conn, contacts.map(contact))?;

    let mut token: Option<String> = None;
    let mut second = None;
    for number in 1.. {
        let page = answer(conn, &graph, token.as_deref())?;
        writeln!(out, "page {number}: {}", show(&page.items))?;
        if number == 1 {
            // Somebody writes between two pages: on the first one, where the client has been already.
            graph.insert(conn, &contact(("Abe", "Accra")))?;
            writeln!(out, "        (Abe in Accra was added)")?;
        }
        if number == 2 {
            second = page.previous;
        }
        // A cursor is text to whoever carries it, and serde writes it as such.
        let Some(next) = page.next else { break };
        token = Some(next.to_string());
    }

    // Backwards: the rows before the second page, of which there are more than one page holds.
    let before = second.as_ref().ok_or("a second page has one before it")?;
    let back = by_town(&graph).limit(3).before(before).page(conn)?;
    writeln!(out, "back:   {}", show(&back.items))?;
    writeln!(out, "more before these: {}", if back.previous.is_some() { "yes" } else { "no" })?;

    // A cursor of another list, or none at all, is refused rather than misread.
    let foreign: Cursor = before.to_string().parse()?;
    let other_order = graph.nodes::<Contact>().order_by(|c| c.name.asc());
    for refused in [other_order.after(&foreign).page(conn), answer(conn, &graph, Some("12"))] {
        writeln!(out, "refused: {}", refused.err().map_or(String::new(), |error| error.to_string()))?;
    }

    // A whole table, however long, a page in memory at a time.
    let mut letters = 0;
    for contact in by_town(&graph).stream(conn, 2) {
        letters += contact?.value.name.chars().count();
    }
    Ok(writeln!(out, "all names together have {letters} letters")?)
}
