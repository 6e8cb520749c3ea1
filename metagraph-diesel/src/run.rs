//! Executes statements and turns what a driver reports into [`Error`].

use diesel::RunQueryDsl;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::backend::{self, GraphConnection, Seam};
use crate::conflict::Conflict;
use crate::error::{DecodeFailure, Error, Result};
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
    enum Outcome {
        Ours(Error),
        Theirs(DieselError),
    }
    impl From<DieselError> for Outcome {
        fn from(error: DieselError) -> Self {
            Self::Theirs(error)
        }
    }
    conn.transaction(|conn| work(conn).map_err(Outcome::Ours)).map_err(|outcome| match outcome {
        Outcome::Ours(error) => error,
        Outcome::Theirs(error) => classified::<C::Db>("in a transaction", error),
    })
}

/// What the error of a driver means.
pub(crate) fn classified<Db: Seam>(doing: &'static str, error: DieselError) -> Error {
    if let DieselError::DatabaseError(kind, information) = &error {
        if matches!(kind, DatabaseErrorKind::UniqueViolation)
            && let Some(rule) = Db::violated_rule(information.as_ref())
        {
            let element = "the row".to_owned();
            return Conflict { rule, element, key: None, ends: None, existing: None }.into();
        }
        if Db::is_missing_table(information.message()) {
            return Error::NotMigrated { doing, source: error };
        }
    }
    failure(doing, error)
}

/// Tells a value that could not be decoded from a database that failed.
pub(crate) fn failure(doing: &'static str, error: DieselError) -> Error {
    let transient = backend::is_transient(&error);
    match error {
        DieselError::DeserializationError(cause) => match cause.downcast::<DecodeFailure>() {
            Ok(failure) => Error::Decode { element: failure.element, source: failure.source },
            Err(cause) => Error::Database { doing, source: DieselError::DeserializationError(cause), transient },
        },
        source => Error::Database { doing, source, transient },
    }
}
