//! What a refused write says, and what it leaves behind: nothing.

use metagraph::{Error, Result};

use crate::store::Inspect;

/// Tries a write that must be refused, alone and inside an open transaction, and returns the refusal.
///
/// No row may come of it, and the transaction must still be usable.
pub(crate) fn refusal<C: Inspect, T>(conn: &mut C, write: impl Fn(&mut C) -> Result<T>) -> Error {
    let before = conn.census();
    let alone = write(conn).err().expect("the write was not refused");
    assert_eq!(conn.census(), before, "something was left behind by: {alone}");
    let inside = conn.transaction(|conn| {
        let inside = write(conn).err().expect("the write was not refused in a transaction");
        assert_eq!(conn.census(), before, "something was left in the transaction by: {inside}");
        Ok::<_, Error>(inside)
    });
    assert_eq!(conn.census(), before);
    assert_eq!(inside.unwrap().to_string(), alone.to_string());
    alone
}

/// Like [`refusal`], as the user reads it.
pub(crate) fn refused<C: Inspect, T>(conn: &mut C, write: impl Fn(&mut C) -> Result<T>) -> String {
    told(&refusal(conn, write))
}

/// All that an error tells: its code, its message, and its hint where it has one.
pub(crate) fn told(error: &Error) -> String {
    match error.hint() {
        Some(hint) => format!("{}: {error}\n({hint})", error.code()),
        None => format!("{}: {error}", error.code()),
    }
}
