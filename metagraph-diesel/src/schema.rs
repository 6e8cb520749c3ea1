//! Our tables for Diesel's query language, so that applications can join, filter and count with their own.
//!
//! The columns mean the same on both databases and have each one's own types. Reading is free; rows that are written
//! past the [`Graph`](crate::Graph) are not validated.
//!
//! | table | a row is |
//! |---|---|
//! | `graph_types`, `graph_type_versions` | a graph type; one schema document that was committed for it |
//! | `node_types`, `edge_types` | a member of a graph type |
//! | `graphs` | a graph |
//! | `nodes`, `edges` | a node or an edge, of any type and graph |
//! | `actors` | somebody or something that acts |
//!
//! All graphs share `nodes` and `edges`, so a statement of the application names the graph it is about: a key means
//! something only inside one.

/// The tables as SQLite has them: JSON is text, times are microseconds since 1970, a uid is text.
#[cfg(feature = "sqlite")]
pub mod sqlite;

/// The tables as PostgreSQL has them: JSON is `jsonb`, times are `timestamptz`, a uid is `uuid`.
#[cfg(feature = "postgres")]
pub mod postgres;
