//! Executes statements, and reads their rows.

use diesel::RunQueryDsl;
use diesel::connection::LoadConnection;
use diesel::result::Error as DieselError;

use crate::backend::GraphConnection;
use crate::error::{Error, Result, classified};
use crate::observe::Observed;
use crate::record::{Decoded, Record};
use crate::statement::Statement;

/// Runs a statement and reads all its rows.
pub(crate) fn all<C: GraphConnection, R: Record>(
    conn: &mut C,
    doing: &'static str,
    statement: Statement<'_, C::Db>,
) -> Result<Vec<R>> {
    let observed = Observed::new(doing, &statement);
    let rows: Result<Vec<Decoded<R>>, _> = statement.load::<Decoded<R>>(conn);
    observed.finish(rows.as_ref().map(Vec::len));
    match rows {
        Ok(rows) => Ok(rows.into_iter().map(|Decoded(record)| record).collect()),
        Err(error) => Err(classified::<C::Db>(doing, error)),
    }
}

/// Runs a statement and reads its rows through `read`, which may know more than a type does.
pub(crate) fn each<C: GraphConnection, T>(
    conn: &mut C,
    doing: &'static str,
    statement: Statement<'_, C::Db>,
    mut read: impl FnMut(&<C as LoadConnection>::Row<'_, '_>) -> diesel::deserialize::Result<T>,
) -> Result<Vec<T>> {
    let observed = Observed::new(doing, &statement);
    let rows = LoadConnection::load(conn, statement).and_then(|rows| {
        rows.map(|row| read(&row?).map_err(DieselError::DeserializationError)).collect::<Result<Vec<T>, _>>()
    });
    observed.finish(rows.as_ref().map(Vec::len));
    rows.map_err(|error| classified::<C::Db>(doing, error))
}

/// Runs a statement and reads its row, if there is one.
pub(crate) fn optional<C: GraphConnection, R: Record>(
    conn: &mut C,
    doing: &'static str,
    statement: Statement<'_, C::Db>,
) -> Result<Option<R>> {
    // `get_result` would add nothing: the rows are loaded either way, and statements here answer with one at most.
    all(conn, doing, statement).map(|rows| rows.into_iter().next())
}

/// Runs a statement and counts the rows it changed.
pub(crate) fn execute<C: GraphConnection>(
    conn: &mut C,
    doing: &'static str,
    statement: Statement<'_, C::Db>,
) -> Result<usize> {
    let observed = Observed::new(doing, &statement);
    let changed = statement.execute(conn);
    observed.finish(changed.as_ref().copied());
    changed.map_err(|error| classified::<C::Db>(doing, error))
}

/// Runs `work` in a transaction, or in a savepoint of the caller's.
pub(crate) fn transaction<C: GraphConnection, T>(conn: &mut C, work: impl FnOnce(&mut C) -> Result<T>) -> Result<T> {
    conn.transaction(|conn| work(conn).map_err(Outcome::Ours)).map_err(Outcome::error::<C>)
}

/// Like [`transaction`], and what was done is taken back where `work` answers with nothing.
pub(crate) fn attempt<C: GraphConnection, T>(
    conn: &mut C,
    work: impl FnOnce(&mut C) -> Result<Option<T>>,
) -> Result<Option<T>> {
    match conn.transaction(|conn| work(conn).map_err(Outcome::Ours)?.ok_or(Outcome::Refused)) {
        Ok(done) => Ok(Some(done)),
        Err(Outcome::Refused) => Ok(None),
        Err(outcome) => Err(outcome.error::<C>()),
    }
}

/// Why a transaction is taken back.
enum Outcome {
    Ours(Error),
    Theirs(DieselError),
    Refused,
}

impl Outcome {
    fn error<C: GraphConnection>(self) -> Error {
        match self {
            Self::Ours(error) => error,
            Self::Theirs(error) => classified::<C::Db>("in a transaction", error),
            Self::Refused => classified::<C::Db>("in a transaction", DieselError::RollbackTransaction),
        }
    }
}

impl From<DieselError> for Outcome {
    fn from(error: DieselError) -> Self {
        Self::Theirs(error)
    }
}
