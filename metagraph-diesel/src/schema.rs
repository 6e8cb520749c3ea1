//! Our tables for Diesel's query language, so that applications can join, filter and count with their own.
//!
//! The columns mean the same on both databases and have each one's own types. Reading is free; rows that are written
//! past the [`Graph`](crate::Graph) are not validated. Statements of the application should name
//! the graph they are about, as the indexes begin with it.

/// The tables as SQLite has them: JSON is text, times are microseconds since 1970, a uid is text.
#[cfg(feature = "sqlite")]
pub mod sqlite;

/// The tables as PostgreSQL has them: JSON is `jsonb`, times are `timestamptz`, a uid is `uuid`.
#[cfg(feature = "postgres")]
pub mod postgres;
