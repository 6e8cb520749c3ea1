//! Why there is no server, or why it refused.

use std::io;
use std::path::PathBuf;

use crate::environment::{PG_BIN, REQUIRE_POSTGRES, TEST_PG_URL};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(
        "{REQUIRE_POSTGRES} is set, but no directory with `initdb`, `postgres` and `psql` was found; install a PostgreSQL server, or name the directory in {PG_BIN}"
    )]
    Required,

    #[error("{PG_BIN} names {}, which lacks `{missing}`", .directory.display())]
    Incomplete { directory: PathBuf, missing: &'static str },

    #[error("{TEST_PG_URL} is set, but no `psql` was found to reach the server with")]
    NoClient,

    #[error("PostgreSQL refuses to run as root, and there is no account `postgres` or `nobody` to run it as")]
    NoAccount,

    #[error("cannot run {program}: {source}")]
    Spawn { program: String, source: io::Error },

    #[error("the server did not start: {said}")]
    Start { said: String },

    #[error("PostgreSQL refused `{statement}`: {said}")]
    Refused { statement: String, said: String },
}
