//! Stores metagraph's graphs in SQLite and PostgreSQL, through the caller's own Diesel connection and transactions.
//!
//! | feature | what it does |
//! |---|---|
//! | `sqlite` | SQLite, linked against the system's library |
//! | `sqlite-bundled` | SQLite, built in; needs a C compiler |
//! | `postgres` | PostgreSQL, linked against the system's libpq |
//! | `postgres-bundled` | PostgreSQL, with libpq built in (without TLS); needs a C compiler |
//! | `r2d2` | Diesel's connection pool |
//! | `encryption` | attributes that are stored sealed |
//! | `validate` | JSON is checked against its schema before every write; needed by the dynamic layer |
//! | `tracing` | one event for every statement, on the target `metagraph::query` |
//!
//! Users depend on the facade crate `metagraph`, which re-exports what is here. The parts, from the bottom up:
//!
//! | part | what it is for |
//! |---|---|
//! | [`migrate()`], [`migrations`] | our tables |
//! | [`sync()`], [`types`], [`indexes`] | graph types in the database |
//! | [`Graph`], [`query`], [`traverse`] | one graph, through its Rust types |
//! | [`load`] | large imports |
//! | `lock` | the file with the reviewed graph types; with the feature `validate` |
//! | `DynamicGraph`, [`row`] | the same by name and as JSON |
//! | [`graphs`], [`actors`] | the rows of all graphs, and of who acts |
//! | [`integrity`] | whether a database that others wrote to is what metagraph would have written |
//! | [`schema`] | our tables for Diesel's query language |
//! | [`Error`], [`Retry`] | why something was refused or failed, and doing it again |

#![allow(
    unnameable_types,
    reason = "the seam is public to be a bound, and sealed: neither it nor what it speaks of can be named outside"
)]

pub mod actors;
mod algorithm;
mod backend;
mod batch;
mod check;
mod conflict;
#[cfg(feature = "validate")]
mod dynamic;
mod encode;
#[cfg(feature = "encryption")]
pub mod encryption;
mod error;
#[cfg(feature = "validate")]
pub mod evolution;
mod graph;
pub mod graphs;
mod guard;
pub mod indexes;
pub mod integrity;
pub mod load;
#[cfg(feature = "validate")]
pub mod lock;
mod merge;
mod migration;
mod migration_folder;
pub mod migrations;
mod observe;
mod open_graph;
mod outcome;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod query;
mod read;
mod record;
mod retry;
mod revision;
pub mod row;
mod run;
pub mod schema;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod statement;
mod stored_type;
mod sync;
pub mod traverse;
pub mod types;
mod vocabulary;
mod write;

pub use algorithm::Degree;
pub use backend::{GraphBackend, GraphConnection};
pub use check::check;
pub use conflict::{Conflict, NodeLabel, NodeName, Rule};
#[cfg(feature = "validate")]
pub use dynamic::DynamicGraph;
pub use error::{Category, Error, Result, Side};
#[cfg(feature = "validate")]
pub use evolution::Evolution;
pub use graph::{ByUnique, Graph, Handle, Part, Parts, Saved, WriteHandle};
pub use migrations::migrate;
pub use outcome::{Outcome, Upserted};
pub use query::{Cursor, EdgeQuery, Explanation, NodeQuery, Page};
pub use read::{Edge, Node};
pub use retry::{Retry, Transient};
pub use sync::{Synced, sync};
pub use traverse::Reached;
