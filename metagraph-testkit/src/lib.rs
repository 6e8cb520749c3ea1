//! Throw-away PostgreSQL servers and databases for metagraph's own tests, and the way to the shared test data.
//!
//! Nothing here is published, and nothing but tests and benchmarks may depend on it.
//! What is missing on a machine is skipped with a line on stderr that the test harness cannot swallow;
//! an environment variable turns each skip into a failure, for runs that must be complete:
//!
//! | variable | meaning |
//! |---|---|
//! | `METAGRAPH_TEST_PG_URL` | a server to use instead of starting one; databases are created there and dropped |
//! | `METAGRAPH_PG_BIN` | the directory with `initdb`, `postgres` and `psql`; `none` does without PostgreSQL |
//! | `METAGRAPH_REQUIRE_POSTGRES` | `1`: fail where PostgreSQL would be skipped |
//! | `METAGRAPH_SHARED_DATA` | the directory with the shared test data |
//! | `METAGRAPH_REQUIRE_DATA` | `1`: fail where missing test data would be skipped |

#![allow(clippy::panic, reason = "a test that cannot have its database has to fail, and says why")]

mod data;
mod environment;
mod postgres;

pub use data::{json_lines, shared_data};
pub use postgres::{Database, Postgres};
