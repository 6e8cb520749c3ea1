//! Reads that were recorded with their answers by another database, kuzu: each is translated to typed queries, and the
//! databases answer as it did.
//!
//! The databases filter, join, count, order, group and aggregate; what is done here only brings their rows into the
//! columns that were asked for, as kuzu prints them.

mod chains;
mod fields;
mod lexer;
mod load;
mod model;
mod owner;
mod parse;
mod predicate;
mod read;
mod rename;
mod render;
mod syntax;
mod table;
mod untranslated;
mod walks;

use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use metagraph::prelude::*;
use serde_json::Value;

use self::model::TinySnb;
use self::read::Read;
use self::syntax::Way;
use self::untranslated::UNTRANSLATED;
use crate::store::{Sqlite, Store as _};

/// How many reads are translated; fewer are a step back.
const TRANSLATED: usize = 108;

#[test]
fn sqlite() {
    if let Some(store) = Sqlite::migrated() {
        answers_are_as_recorded(&mut store.connect(), "SQLite");
    }
}

#[cfg(feature = "postgres")]
#[test]
fn postgres() {
    if let Some(store) = crate::store::Postgres::migrated() {
        answers_are_as_recorded(&mut store.connect(), "PostgreSQL");
    }
}

fn answers_are_as_recorded(conn: &mut impl GraphConnection, database: &str) {
    let Some(cases) = metagraph_testkit::json_lines("graphs/tinysnb-cypher-cases.jsonl.gz") else { return };
    let Some(graph) = load::load(conn) else { return };
    let (mut translated, mut equal, mut wrong) = (0, 0, Vec::new());
    for (line, case) in (1..).zip(&cases) {
        if UNTRANSLATED.iter().any(|(_, lines)| lines.contains(&line)) {
            continue;
        }
        translated += 1;
        let text = case["cypher"].as_str().unwrap();
        let answer = catch_unwind(AssertUnwindSafe(|| answer(conn, &graph, text)));
        let recorded: Vec<String> = serde_json::from_value(case["rows"].clone()).unwrap();
        match answer {
            Ok(rows) if same(&rows, &recorded, case["ordered"] == Value::Bool(true)) => equal += 1,
            Ok(rows) => wrong.push(format!("line {line}: {text}\n  recorded {recorded:?}\n  answered {rows:?}")),
            Err(_) => wrong.push(format!("line {line}: {text}\n  cannot be translated")),
        }
    }
    let listed: usize = UNTRANSLATED.iter().map(|(_, lines)| lines.len()).sum();
    assert_eq!(translated + listed, cases.len(), "each read is translated, or listed once with the reason");
    // The harness captures the print macros only, and this line is to be read.
    writeln!(io::stdout().lock(), "\ntinysnb: db={database} translated={translated} equal={equal}").unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(translated >= TRANSLATED && equal == translated);
}

fn same(rows: &[String], recorded: &[String], ordered: bool) -> bool {
    let arranged = |rows: &[String]| {
        let mut rows = rows.to_vec();
        if !ordered {
            rows.sort_unstable();
        }
        rows
    };
    arranged(rows) == arranged(recorded)
}

/// Which part of the API a read is for.
fn answer(conn: &mut impl GraphConnection, graph: &Graph<TinySnb>, text: &str) -> Vec<String> {
    let read = Read::of(text);
    let is_bounded = read.bounds != (0, None);
    let read = if is_bounded && read.hops.iter().any(|hop| hop.edge.depth.is_some()) { read.unrolled() } else { read };
    let single = |hop: &read::Hop| hop.edge.depth.is_none() && hop.edge.types.len() == 1;
    match read.hops.as_slice() {
        [] => table::nodes(conn, graph, &read),
        [hop] if single(hop) && !hop.optional && hop.edge.way != Way::Both && read.start_limit.is_none() => {
            table::edges(conn, graph, &read)
        }
        hops if hops.iter().all(single) => chains::rows(conn, graph, &read),
        _ => walks::walks(conn, graph, &read),
    }
}
