//! Loads a large file: rows from a reader that may fail, how far it has come, on where it ended, or all or nothing.
//!
//! ```sh
//! cargo run --example bulk_load
//! ```
//!
//! ```text
//! a file with a broken line
//!   200 paper, 400 paper
//!   ended: row 450 of paper (step 1): the rows cannot be read: `MMXXV` is no year; 400 rows of the load are stored
//! the same load, once the line is mended
//!   400 paper, 500 paper, 200 cites, 400 cites, 600 cites, 800 cites, 996 cites
//!   loaded: 1496 rows, 400 of them before
//!   papers before 1990: 100, citations: 996
//! all or nothing, where the first paper cites a later one
//!   200 paper, 400 paper, 500 paper, 200 cites, 400 cites, 600 cites, 800 cites, 997 cites
//!   ended: cites (step 2): cites would close the cycle paper `4` → paper `2` → paper `1` → paper `0` → paper `4`; nothing of the load is stored
//!   papers: 0
//! all or nothing, without it
//!   200 paper, 400 paper, 500 paper, 200 cites, 400 cites, 600 cites, 800 cites, 996 cites
//!   loaded: 1496 rows, 0 of them before
//!   papers: 500
//! ```

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write};

use metagraph::load::{Commit, Progress, Report};
use metagraph::prelude::*;

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Paper {
    #[graph(key)]
    number: u32,
    year: u16,
}

/// A paper names another, which was there before it.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Paper, to = Paper), acyclic)]
struct Cites;

#[derive(Debug, GraphType)]
#[graph(name = "library")]
enum Library {
    Paper(Paper),
    Cites(Cites),
}

/// What is wrong with a line of a file. The loader takes any error, and says which row it was.
type Broken = Box<dyn Error + Send + Sync>;

fn paper(line: &str) -> Result<Paper, Broken> {
    let (number, year) = line.split_once(',').ok_or("a paper has a number and a year")?;
    Ok(Paper { number: number.parse()?, year: year.parse().map_err(|_| format!("`{year}` is no year"))? })
}

fn citation(line: &str) -> Result<(&str, &str, Cites), Broken> {
    let (from, to) = line.split_once(',').ok_or("a citation has two papers")?;
    Ok((from, to, Cites))
}

/// Two files, as somebody else's database wrote them: five hundred papers, each of which cites one or two before it.
fn files() -> Result<(String, String), std::fmt::Error> {
    let (mut papers, mut citations) = (String::new(), String::new());
    for number in 0..500 {
        writeln!(papers, "{number},{}", 1980 + number / 10)?;
        let before = BTreeSet::from([number / 2, number / 3]);
        for cited in before.into_iter().filter(|cited| *cited < number) {
            writeln!(citations, "{number},{cited}")?;
        }
    }
    Ok((papers, citations))
}

/// The same program for the first attempt and for all others: what is stored already is skipped.
fn import(
    conn: &mut impl GraphConnection,
    graph: &Graph<Library>,
    (papers, citations): (&str, &str),
    commit: Commit,
    observer: impl FnMut(&Progress),
) -> metagraph::Result<Report> {
    // So few for a batch only that there is something to see. The default is right for files of any length.
    let mut loader = graph.loader(conn).commit(commit).batch(200).on_progress(observer);
    loader.try_nodes::<Paper, _>(papers.lines().map(paper))?;
    loader.try_edges_by_key::<Cites, Paper, Paper, _, _>(citations.lines().map(citation))?;
    loader.finish()
}

fn attempt(
    out: &mut impl Write,
    conn: &mut impl GraphConnection,
    graph: &Graph<Library>,
    files: (&str, &str),
    commit: Commit,
) -> io::Result<()> {
    let mut seen = Vec::new();
    let done = import(conn, graph, files, commit, |progress| {
        // `progress.elapsed` says how long it took so far.
        seen.push(format!("{} {}", progress.rows, progress.element));
    });
    writeln!(out, "  {}", seen.join(", "))?;
    match done {
        Ok(report) => writeln!(out, "  loaded: {} rows, {} of them before", report.total(), report.skipped),
        Err(metagraph::Error::Load(failure)) => writeln!(out, "  ended: {failure}"),
        Err(error) => writeln!(out, "  refused: {error}"),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout())
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let conn = &mut metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(conn)?;
    metagraph::sync::<Library, _>(conn)?;
    let (papers, citations) = files()?;

    // A load that has a name stores with each batch how far it has come.
    let graph = Graph::<Library>::open_or_create(conn, "resumed")?;
    let november = || Commit::Resumable("november".into());
    writeln!(out, "a file with a broken line")?;
    let broken = papers.replacen("450,2025", "450,MMXXV", 1);
    attempt(out, conn, &graph, (&broken, &citations), november())?;
    writeln!(out, "the same load, once the line is mended")?;
    attempt(out, conn, &graph, (&papers, &citations), november())?;
    let cited = graph.nodes::<Paper>().filter(|p| p.year.lt(1990)).count(conn)?;
    writeln!(out, "  papers before 1990: {cited}, citations: {}", graph.edges::<Cites>().count(conn)?)?;

    // Everything or nothing: the fastest way, and the one for a graph that is shown while it is filled.
    let graph = Graph::<Library>::open_or_create(conn, "whole")?;
    writeln!(out, "all or nothing, where the first paper cites a later one")?;
    let round = format!("{citations}0,4\n");
    attempt(out, conn, &graph, (&papers, &round), Commit::Once)?;
    writeln!(out, "  papers: {}", graph.nodes::<Paper>().count(conn)?)?;
    writeln!(out, "all or nothing, without it")?;
    attempt(out, conn, &graph, (&papers, &citations), Commit::Once)?;
    Ok(writeln!(out, "  papers: {}", graph.nodes::<Paper>().count(conn)?)?)
}
