//! What the error of a driver means.

use diesel::ConnectionError;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::Error;
use crate::backend::Seam;
use crate::backend::failure::Failure;
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

/// Tells a value that could not be decoded from a database that failed, and what failed it.
fn failure(doing: &'static str, error: DieselError) -> Error {
    match (Failure::of(&error), error) {
        (_, DieselError::DeserializationError(cause)) => match cause.downcast::<DecodeFailure>() {
            Ok(failure) => Error::Decode { element: failure.element, source: failure.source },
            Err(cause) => Error::Database { doing, source: DieselError::DeserializationError(cause), transient: false },
        },
        (Failure::ReadOnly, source) => Error::ReadOnly { doing, source },
        (Failure::NoRoom, source) => Error::DiskFull { doing, source },
        (failure, source) => Error::Database { doing, source, transient: failure.is_transient() },
    }
}

/// Lets `conn.transaction(|conn| ..)` return [`Error`].
impl From<diesel::result::Error> for Error {
    fn from(source: diesel::result::Error) -> Self {
        failure("in the application's transaction", source)
    }
}

/// A database that has no room for its first page could not be opened, and is full.
impl From<ConnectionError> for Error {
    fn from(source: ConnectionError) -> Self {
        Self::connecting("", source)
    }
}

impl Error {
    pub(crate) fn connecting(database: &str, source: ConnectionError) -> Self {
        match source {
            ConnectionError::CouldntSetupConfiguration(source) if Failure::of(&source) == Failure::NoRoom => {
                Self::DiskFull { doing: "opening the database", source }
            }
            source => Self::Connect { database: database.to_owned(), source },
        }
    }
}
