//! Goes from node to node: hops in a chain, as deep as one likes, every way as a row, an answer for each start, unions.
//!
//! ```sh
//! cargo run --example traversals
//! ```
//!
//! ```text
//! Cleo's teams own: plan, budget, sketch
//!   of these secret: budget
//!   her team since 2022: design
//! Ben is 1 below Ada
//! Cleo is 2 below Ada
//! Dina is 2 below Ada
//! Ada works alone
//! Ben works in design since 2019
//! Cleo works in design since 2024
//! Cleo works in build since 2021
//! Dina works alone
//! build has Cleo and maybe others
//! design has Ben and maybe others
//! Ada owns some of it, a person
//! Dina owns some of it, a person
//! design owns some of it, a team
//! build owns some of it, a team
//! ```

use std::error::Error;
use std::io::{self, Write};

use metagraph::Reached;
use metagraph::prelude::*;

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Person {
    #[graph(key)]
    name: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Team {
    #[graph(key)]
    name: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Document {
    #[graph(key)]
    title: String,
    secret: bool,
}

/// Whoever can own something: a set of node types, used as one.
#[derive(Debug, GraphType)]
#[graph(union)]
enum Owner {
    Person(Person),
    Team(Team),
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Person), one_out, acyclic)]
struct ReportsTo;

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Team))]
struct WorksIn {
    since: u16,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Owner, to = Document))]
struct Owns;

#[derive(Debug, GraphType)]
#[graph(name = "company")]
enum Company {
    Person(Person),
    Team(Team),
    Document(Document),
    ReportsTo(ReportsTo),
    WorksIn(WorksIn),
    Owns(Owns),
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout())
}

fn keys<T>(reached: &[Reached<T>]) -> String {
    reached.iter().map(|node| node.key.as_str()).collect::<Vec<_>>().join(", ")
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let conn = &mut metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(conn)?;
    metagraph::sync::<Company, _>(conn)?;
    let graph = Graph::<Company>::open_or_create(conn, "ours")?;
    let mut person = |name: &str| graph.insert(conn, &Person { name: name.into() });
    let (ada, ben, cleo, dina) = (person("Ada")?, person("Ben")?, person("Cleo")?, person("Dina")?);
    let design = graph.insert(conn, &Team { name: "design".into() })?;
    let build = graph.insert(conn, &Team { name: "build".into() })?;
    let document = |title: &str, secret| Document { title: title.into(), secret };
    let plan = graph.insert(conn, &document("plan", false))?;
    let budget = graph.insert(conn, &document("budget", true))?;
    let sketch = graph.insert(conn, &document("sketch", false))?;
    graph.connect_many(conn, [(ben, ada, ReportsTo), (cleo, ben, ReportsTo), (dina, ben, ReportsTo)])?;
    let since = |since| WorksIn { since };
    graph.connect_many(conn, [(ben, design, since(2019)), (cleo, design, since(2024)), (cleo, build, since(2021))])?;
    graph.connect_many(conn, [(design, plan, Owns), (design, sketch, Owns), (build, budget, Owns)])?;
    graph.connect_many(conn, [(ada, budget, Owns), (dina, sketch, Owns)])?;

    // A chain, typed at every step: it answers with the set of nodes behind its last hop, each once.
    let documents = || graph.from(cleo).out::<WorksIn>().to::<Team>().out::<Owns>().to::<Document>();
    writeln!(out, "Cleo's teams own: {}", keys(&documents().load(conn)?))?;
    writeln!(out, "  of these secret: {}", keys(&documents().filter(|d| d.secret.eq(true)).load(conn)?))?;
    let recent = graph.from(cleo).out::<WorksIn>().filter_edge(|w| w.since.ge(2022)).to::<Team>();
    writeln!(out, "  her team since 2022: {}", keys(&recent.load(conn)?))?;

    // The same hop again and again, with the least number of hops to each node.
    for below in graph.from(ada).in_::<ReportsTo>().to::<Person>().depth(1..).load(conn)? {
        writeln!(out, "{} is {} below Ada", below.key, below.depth)?;
    }

    // Every way through as a row of nodes and edges; an optional hop keeps rows without it.
    let people = graph.from_all(graph.nodes::<Person>());
    let rows = people.out::<WorksIn>().to::<Team>().optional().rows().load(conn)?;
    for (person, work) in rows {
        let team = work.map(|(works, team)| format!("in {} since {}", team.key, works.value.since));
        writeln!(out, "{} works {}", person.key, team.as_deref().unwrap_or("alone"))?;
    }

    // One question for many starts at once: as much of each answer as a list shows, in the order of the starts.
    let teams = [build, design];
    let some = graph.from_many(teams).in_::<WorksIn>().to::<Person>().load_each(conn, 1)?;
    for (team, members) in graph.get_many(conn, teams)?.iter().flatten().zip(&some) {
        writeln!(out, "{} has {} and maybe others", team.key, keys(members))?;
    }

    // A union answers with values of all its types.
    for owner in graph.from_many([budget, sketch]).in_::<Owns>().to::<Owner>().load(conn)? {
        match &owner.value {
            Owner::Person(person) => writeln!(out, "{} owns some of it, a person", person.name)?,
            Owner::Team(team) => writeln!(out, "{} owns some of it, a team", team.name)?,
        }
    }
    Ok(())
}
