//! Executes statements, and reads their rows.

use diesel::RunQueryDsl;
use diesel::connection::{LoadConnection, TransactionManager as _};
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

/// The rows of a statement, one by one as the connection reads them.
pub(crate) struct Rows<'c, C: GraphConnection + 'c> {
    doing: &'static str,
    cursor: <C as LoadConnection>::Cursor<'c, 'static>,
}

impl<'c, C: GraphConnection + 'c> Rows<'c, C> {
    pub(crate) fn new(conn: &'c mut C, doing: &'static str, statement: Statement<'static, C::Db>) -> Result<Self> {
        let observed = Observed::new(doing, &statement);
        let cursor = LoadConnection::load(conn, statement);
        // How many there are is not known before the last one.
        observed.finish(cursor.as_ref().map(|_| 0));
        cursor.map(|cursor| Self { doing, cursor }).map_err(|error| classified::<C::Db>(doing, error))
    }

    pub(crate) fn next<T>(
        &mut self,
        read: impl FnOnce(&<C as LoadConnection>::Row<'c, 'static>) -> diesel::deserialize::Result<T>,
    ) -> Option<Result<T>> {
        let row = self.cursor.next()?;
        let value = row.and_then(|row| read(&row).map_err(DieselError::DeserializationError));
        Some(value.map_err(|error| classified::<C::Db>(self.doing, error)))
    }
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
pub(crate) fn transaction<C: GraphConnection, T, E: From<Error>>(
    conn: &mut C,
    work: impl FnOnce(&mut C) -> Result<T, E>,
) -> Result<T, E> {
    match ended(conn, work) {
        Ok(value) => Ok(value),
        Err(Ended::Work(error)) => Err(error),
        Err(Ended::Transaction(error)) => Err(classified::<C::Db>("in a transaction", error).into()),
    }
}

/// Like [`transaction`], and what was done is taken back where `work` answers with nothing.
pub(crate) fn attempt<C: GraphConnection, T>(
    conn: &mut C,
    work: impl FnOnce(&mut C) -> Result<Option<T>>,
) -> Result<Option<T>> {
    match ended(conn, |conn| work(conn).map_err(Some)?.ok_or(None)) {
        Ok(done) => Ok(Some(done)),
        Err(Ended::Work(None)) => Ok(None),
        Err(Ended::Work(Some(error))) => Err(error),
        Err(Ended::Transaction(error)) => Err(classified::<C::Db>("in a transaction", error)),
    }
}

/// Why a transaction was not done.
pub(crate) enum Ended<E> {
    /// What was done in it failed.
    Work(E),
    /// It could not be begun or committed.
    Transaction(DieselError),
}

impl<E> From<DieselError> for Ended<E> {
    fn from(error: DieselError) -> Self {
        Self::Transaction(error)
    }
}

/// Runs `work` in a transaction. Where it fails, that is told, also when taking back fails after it: SQLite takes a
/// transaction back by itself when there is no room, and then says that there was nothing to take back.
pub(crate) fn ended<C: GraphConnection, T, E>(
    conn: &mut C,
    work: impl FnOnce(&mut C) -> Result<T, E>,
) -> Result<T, Ended<E>> {
    let mut failed = None;
    let outcome = conn.transaction(|conn| {
        work(conn).map_err(|error| {
            failed = Some(error);
            // Takes the transaction back; nobody sees it.
            Ended::Transaction(DieselError::RollbackTransaction)
        })
    });
    match (outcome, failed) {
        (Err(_), Some(error)) => Err(Ended::Work(error)),
        (outcome, _) => outcome,
    }
}

/// Whether a transaction is open, also one that can only be taken back.
pub(crate) fn is_in_transaction<C: GraphConnection>(conn: &mut C) -> bool {
    let status = C::TransactionManager::transaction_manager_status_mut(conn);
    !matches!(status.transaction_depth(), Ok(None))
}

/// Whether no transaction can be begun on this connection any more.
pub(crate) fn is_broken<C: GraphConnection>(conn: &mut C) -> bool {
    C::TransactionManager::transaction_manager_status_mut(conn).transaction_depth().is_err()
}
