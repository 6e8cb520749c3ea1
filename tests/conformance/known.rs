//! Questions about public graphs whose answers are known, asked through typed queries.
//!
//! Every question is one query where the language has one; the functions say where it takes several.

mod air_routes;
mod answers;
mod crew;
mod dependencies;
pub(crate) mod load;
mod modern;
mod sink;
mod tinysnb;

use std::io::{self, Write as _};

use metagraph::GraphConnection;

use self::answers::{Answers, differences, questions};
use crate::store::{Sqlite, Store};

/// Questions that the language cannot ask, and why.
const INEXPRESSIBLE: [(&str, &str); 0] = [];

/// Asks everything of the database, and fails unless every answer is the known one.
fn ask<S: Store>(database: &str) {
    let (Some(questions), Some(store)) = (questions(), S::migrated()) else { return };
    let Some(answers) = answered(&mut store.connect()) else { return };
    let unasked: Vec<_> = questions
        .keys()
        .filter(|id| !answers.contains_key(id.as_str()) && !INEXPRESSIBLE.iter().any(|(known, _)| known == id))
        .collect();
    assert!(unasked.is_empty(), "nobody asked {unasked:?}");
    let wrong = differences(&questions, &answers);
    let (asked, equal) = (answers.len(), answers.len() - wrong.len());
    let line =
        format!("known-answers: db={database} asked={asked} equal={equal} inexpressible={}", INEXPRESSIBLE.len());
    // The harness captures the print macros only, and this line is to be read.
    writeln!(io::stdout().lock(), "\n{line}").unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn answered(conn: &mut impl GraphConnection) -> Option<Answers> {
    let mut answers = Answers::new();
    answers.extend(modern::answers(conn)?);
    answers.extend(crew::answers(conn)?);
    answers.extend(sink::answers(conn)?);
    answers.extend(tinysnb::answers(conn)?);
    answers.extend(dependencies::answers(conn)?);
    answers.extend(air_routes::answers(conn)?);
    Some(answers)
}

#[test]
fn sqlite_gives_the_known_answers() {
    ask::<Sqlite>("SQLite");
}

#[cfg(feature = "postgres")]
#[test]
fn postgres_gives_the_known_answers() {
    ask::<crate::store::Postgres>("PostgreSQL");
}
