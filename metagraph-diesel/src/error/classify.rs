//! What the error of a driver means.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::Error;
use crate::backend::{self, Seam};
use crate::conflict::Conflict;

/// What decoding a row reports through Diesel, so that it can be told from a failing database.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub(crate) struct DecodeFailure {
    pub(crate) element: String,
    pub(crate) source: serde_json::Error,
}

/// Tells conflicts and missing tables from failures of the database.
pub(crate) fn classified<Db: Seam>(doing: &'static str, error: DieselError) -> Error {
    if let DieselError::DatabaseError(kind, information) = &error {
        if matches!(kind, DatabaseErrorKind::UniqueViolation)
            && let Some(rule) = Db::violated_rule(information.as_ref())
        {
            let element = "the row".to_owned();
            return Conflict {
                rule,
                element,
                key: None,
                attributes: Vec::new(),
                ends: None,
                existing: None,
                in_batch: false,
            }
            .into();
        }
        if Db::is_missing_table(information.message()) {
            return Error::NotMigrated { doing, source: error };
        }
    }
    failure(doing, error)
}

/// Tells a value that could not be decoded from a database that failed.
fn failure(doing: &'static str, error: DieselError) -> Error {
    let transient = backend::is_transient(&error);
    match error {
        DieselError::DeserializationError(cause) => match cause.downcast::<DecodeFailure>() {
            Ok(failure) => Error::Decode { element: failure.element, source: failure.source },
            Err(cause) => Error::Database { doing, source: DieselError::DeserializationError(cause), transient },
        },
        source => Error::Database { doing, source, transient },
    }
}

/// Lets `conn.transaction(|conn| ..)` return [`Error`].
impl From<diesel::result::Error> for Error {
    fn from(source: diesel::result::Error) -> Self {
        failure("in the application's transaction", source)
    }
}
