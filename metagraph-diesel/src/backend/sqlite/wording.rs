//! What SQLite says: Diesel keeps no result code. It speaks English, and says the same for all codes of one family.

/// `SQLITE_BUSY` with all its extended codes, and `SQLITE_PROTOCOL`, a lost race for the write-ahead log; the whole
/// message.
pub(in crate::backend) const BUSY: &[&str] = &["database is locked", "locking protocol"];

/// `SQLITE_LOCKED` between connections with one cache; how the message begins.
pub(in crate::backend) const LOCKED: &[&str] = &["database table is locked", "database schema is locked"];

/// `SQLITE_READONLY`; the whole message.
pub(in crate::backend) const READ_ONLY: &str = "attempt to write a readonly database";

/// `SQLITE_FULL`; the whole message.
pub(in crate::backend) const FULL: &str = "database or disk is full";

/// What is said to somebody who takes back a transaction that SQLite took back itself; the whole message.
pub(in crate::backend) const TAKEN_BACK: &str = "cannot rollback - no transaction is active";
