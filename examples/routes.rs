//! Finds ways: with the fewest hops, with the least weight, all of them, round in a circle, and what lies around a node.
//!
//! ```sh
//! cargo run --example routes
//! ```
//!
//! ```text
//! fewest ferries: Harbour → Rock
//! none over an hour: Harbour → North → West → Reef → Rock
//! the same at night: no way
//! fewest minutes: Harbour → North → West → Reef → Rock, 80 minutes
//!
//! the first paths of 6 walks of up to three ferries
//!   Harbour → North
//!   Harbour → Rock
//!   Harbour → North → West
//!   Harbour → North → Rock
//!   Harbour → North → West → Reef
//!
//! a round trip: Harbour → North → West and back
//! nothing leaves: Rock
//!
//! minutes around the harbour
//!   Harbour     -   30    -  120
//!   North       -    -   25   70
//!   West       40    -    -    -
//!   Rock        -    -    -    -
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};

use metagraph::prelude::*;
use metagraph::traverse::Path;

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Island {
    #[graph(key)]
    name: String,
}

/// A ferry, one way.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Island, to = Island))]
struct Ferry {
    minutes: u32,
    at_night: bool,
}

#[derive(Debug, GraphType)]
#[graph(name = "archipelago")]
enum Archipelago {
    Island(Island),
    Ferry(Ferry),
}

const FERRIES: [(&str, &str, u32, bool); 7] = [
    ("Harbour", "North", 30, true),
    ("North", "West", 25, false),
    ("West", "Harbour", 40, true),
    ("Harbour", "Rock", 120, true),
    ("North", "Rock", 70, true),
    ("West", "Reef", 15, true),
    ("Reef", "Rock", 10, true),
];

/// The names of the islands, for what is printed.
type Names = BTreeMap<NodeId<Island>, &'static str>;

fn fill(conn: &mut impl GraphConnection) -> metagraph::Result<(Graph<Archipelago>, Names)> {
    let graph = Graph::<Archipelago>::open_or_create(conn, "summer")?;
    let names = ["Harbour", "North", "West", "Reef", "Rock"];
    let ids = graph.insert_many(conn, names.map(|name| Island { name: name.into() }))?;
    let names: Names = ids.into_iter().zip(names).collect();
    let island = |name| names.iter().find(|island| *island.1 == name).map(|island| *island.0);
    let ferries = FERRIES
        .iter()
        .filter_map(|&(from, to, minutes, at_night)| Some((island(from)?, island(to)?, Ferry { minutes, at_night })));
    graph.connect_many(conn, ferries.collect::<Vec<_>>())?;
    Ok((graph, names))
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout())
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let conn = &mut metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(conn)?;
    metagraph::sync::<Archipelago, _>(conn)?;
    let (graph, names) = fill(conn)?;
    let chain = |nodes: &[NodeId<Island>]| {
        nodes.iter().filter_map(|node| names.get(node).copied()).collect::<Vec<_>>().join(" → ")
    };
    let way = |path: Option<Path<Ferry>>| path.map_or("no way".to_owned(), |path| chain(&path.nodes_as::<Island>()));
    let harbour = graph.get_by_key::<Island>(conn, "Harbour")?.ok_or("there is a harbour")?.id;
    let rock = graph.get_by_key::<Island>(conn, "Rock")?.ok_or("there is a rock")?.id;
    let from_harbour = || graph.from(harbour).out::<Ferry>().to::<Island>();

    // Searched from both ends at once, with a few statements for each hop: the graph is never loaded.
    writeln!(out, "fewest ferries: {}", way(from_harbour().shortest_path(conn, rock)?))?;
    let calm = from_harbour().filter_edge(|f| f.minutes.le(60)).shortest_path(conn, rock)?;
    writeln!(out, "none over an hour: {}", way(calm))?;
    let night = from_harbour().filter_edge(|f| f.minutes.le(60) & f.at_night.eq(true)).shortest_path(conn, rock)?;
    writeln!(out, "the same at night: {}", way(night))?;
    if let Some((path, minutes)) = from_harbour().lightest_path(conn, rock, |f| f.minutes)? {
        writeln!(out, "fewest minutes: {}, {minutes} minutes", way(Some(path)))?;
    }

    // All ways of up to so many hops, shortest first; a path comes through no island twice.
    let rounds = || from_harbour().depth(1..=3);
    writeln!(out, "\nthe first paths of {} walks of up to three ferries", rounds().count_walks(conn)?)?;
    for path in rounds().paths(conn, 5)? {
        writeln!(out, "  {}", way(Some(path)))?;
    }

    match graph.find_cycle::<Ferry, Island>(conn)? {
        Some(circle) => writeln!(out, "\na round trip: {} and back", chain(&circle))?,
        None => writeln!(out, "\nno round trip")?,
    }
    let stranded = graph.leaves::<Ferry, Island>().load(conn)?;
    let stranded: Vec<_> = stranded.into_iter().map(|island| island.key).collect();
    writeln!(out, "nothing leaves: {}", stranded.join(", "))?;

    // A part of the graph for a library that works in memory: the nodes in a list, and edges by places in it.
    // With petgraph: `add_node` for each node, then `add_edge(source.into(), target.into(), edge)` for each place.
    let around = graph.from(harbour).both::<Ferry>().to::<Island>().depth(..=1).subgraph(conn)?;
    let mut matrix = vec![vec![None::<u32>; around.nodes.len()]; around.nodes.len()];
    for (source, target, ferry) in around.places() {
        if let Some(cell) = matrix.get_mut(source).and_then(|row| row.get_mut(target)) {
            *cell = Some(ferry.value.minutes);
        }
    }
    writeln!(out, "\nminutes around the harbour")?;
    for (island, row) in around.nodes.iter().zip(matrix) {
        write!(out, "  {:<8}", island.key)?;
        for minutes in row {
            write!(out, "{:>5}", minutes.map_or("-".to_owned(), |minutes| minutes.to_string()))?;
        }
        writeln!(out)?;
    }
    Ok(())
}
