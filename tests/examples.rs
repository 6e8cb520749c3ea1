//! The small examples, which say in their first comment what they print: they do print it.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]
#![allow(dead_code, reason = "the `main` of each example")]

#[cfg(feature = "graphs")]
#[path = "../examples/access.rs"]
mod access;
#[path = "../examples/bulk_load.rs"]
mod bulk_load;
#[cfg(feature = "graphs")]
#[path = "../examples/call_graph.rs"]
mod call_graph;
#[path = "../examples/indexes.rs"]
mod indexes;
#[cfg(feature = "validate")]
#[path = "../examples/migrations.rs"]
mod migrations;
#[path = "../examples/pages.rs"]
mod pages;
#[path = "../examples/queries.rs"]
mod queries;
#[path = "../examples/reports.rs"]
mod reports;
#[path = "../examples/routes.rs"]
mod routes;
#[cfg(all(feature = "encryption", feature = "graphs"))]
#[path = "../examples/secrets.rs"]
mod secrets;
#[cfg(feature = "graphs")]
#[path = "../examples/task_graph.rs"]
mod task_graph;
#[path = "../examples/traversals.rs"]
mod traversals;

use std::error::Error;

/// The block of text in the comment that a file begins with.
fn promised(source: &str) -> String {
    let comment = source.lines().map_while(|line| line.strip_prefix("//!"));
    let comment = comment.map(|line| line.strip_prefix(' ').unwrap_or(line));
    let block = comment.skip_while(|line| *line != "```text").skip(1).take_while(|line| *line != "```");
    block.flat_map(|line| [line, "\n"]).collect()
}

fn prints_what_it_says(source: &str, run: impl FnOnce(&mut Vec<u8>) -> Result<(), Box<dyn Error>>) {
    let mut printed = Vec::new();
    run(&mut printed).unwrap();
    let printed = String::from_utf8(printed).unwrap();
    let comment: Vec<_> = printed.lines().map(|line| format!("//! {line}").trim_end().to_owned()).collect();
    assert!(printed == promised(source), "the example prints\n\n{}\n", comment.join("\n"));
}

#[cfg(feature = "graphs")]
#[test]
fn access_prints_what_it_says() {
    prints_what_it_says(include_str!("../examples/access.rs"), access::run);
}

#[test]
fn queries_prints_what_it_says() {
    prints_what_it_says(include_str!("../examples/queries.rs"), queries::run);
}

#[test]
fn pages_prints_what_it_says() {
    prints_what_it_says(include_str!("../examples/pages.rs"), pages::run);
}

#[test]
fn reports_prints_what_it_says() {
    prints_what_it_says(include_str!("../examples/reports.rs"), reports::run);
}

#[test]
fn traversals_prints_what_it_says() {
    prints_what_it_says(include_str!("../examples/traversals.rs"), traversals::run);
}

#[test]
fn routes_prints_what_it_says() {
    prints_what_it_says(include_str!("../examples/routes.rs"), routes::run);
}

#[test]
fn indexes_prints_what_it_says() {
    prints_what_it_says(include_str!("../examples/indexes.rs"), indexes::run);
}

#[cfg(all(feature = "encryption", feature = "graphs"))]
#[test]
fn secrets_prints_what_it_says() {
    prints_what_it_says(include_str!("../examples/secrets.rs"), secrets::run);
}

#[cfg(feature = "validate")]
#[test]
fn migrations_prints_what_it_says() {
    prints_what_it_says(include_str!("../examples/migrations.rs"), migrations::run);
}

#[test]
fn bulk_load_prints_what_it_says() {
    prints_what_it_says(include_str!("../examples/bulk_load.rs"), bulk_load::run);
}

#[cfg(feature = "graphs")]
#[test]
fn task_graph_prints_what_it_says() {
    prints_what_it_says(include_str!("../examples/task_graph.rs"), task_graph::run);
}

#[cfg(feature = "graphs")]
#[test]
fn call_graph_prints_what_it_says() {
    prints_what_it_says(include_str!("../examples/call_graph.rs"), call_graph::run);
}
