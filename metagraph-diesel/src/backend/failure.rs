//! What a driver's error means for who sees it: Diesel keeps few of the databases' codes, so the words have to tell.

use diesel::ConnectionError;
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};

#[cfg(feature = "postgres")]
use super::postgres::wording as postgres;
#[cfg(feature = "sqlite")]
use super::sqlite::wording as sqlite;

/// Why a database failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Somebody else was in the way.
    Busy,
    /// The connection is gone, or of no use any more.
    Lost,
    /// The database, or the transaction, cannot be written to.
    ReadOnly,
    /// There is no room to write.
    NoRoom,
    /// Anything else, which is the same the next time.
    Other,
}

impl Failure {
    pub(crate) fn of(error: &DieselError) -> Self {
        match error {
            DieselError::DatabaseError(kind, information) => Self::told(*kind, information.as_ref()),
            DieselError::BrokenTransactionManager => Self::Lost,
            // Diesel gives such a connection up.
            DieselError::RollbackErrorOnCommit { commit_error, .. } => match Self::of(commit_error) {
                told @ (Self::ReadOnly | Self::NoRoom) => told,
                Self::Busy | Self::Lost | Self::Other => Self::Lost,
            },
            _ => Self::Other,
        }
    }

    fn told(kind: DatabaseErrorKind, information: &dyn DatabaseErrorInformation) -> Self {
        let message = information.message();
        match kind {
            DatabaseErrorKind::ClosedConnection => Self::Lost,
            DatabaseErrorKind::SerializationFailure => Self::Busy,
            DatabaseErrorKind::ReadOnlyTransaction => Self::ReadOnly,
            DatabaseErrorKind::UnableToSendCommand if is_gone(message) => Self::Lost,
            DatabaseErrorKind::UniqueViolation
            | DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::RestrictViolation
            | DatabaseErrorKind::NotNullViolation
            | DatabaseErrorKind::CheckViolation
            | DatabaseErrorKind::ExclusionViolation => Self::Other,
            _ => Self::said(message),
        }
    }

    /// What the words say where the driver has no kind.
    fn said(message: &str) -> Self {
        #[cfg(feature = "sqlite")]
        match message {
            sqlite::READ_ONLY => return Self::ReadOnly,
            sqlite::FULL => return Self::NoRoom,
            _ if is(message, sqlite::BUSY) || starts(message, sqlite::LOCKED) => return Self::Busy,
            _ => {}
        }
        #[cfg(feature = "postgres")]
        {
            let whole = [postgres::DEADLOCK, postgres::LOCK_TIMEOUT];
            if whole.into_iter().any(|words| is(message, words)) || has(message, postgres::LOCKED) {
                return Self::Busy;
            }
            if has(message, postgres::NO_ROOM)
                || message.starts_with(postgres::NO_ROOM_FOR_ALL.0) && message.contains(postgres::NO_ROOM_FOR_ALL.1)
            {
                return Self::NoRoom;
            }
        }
        Self::Other
    }

    /// Whether the same call may succeed when it is repeated, if on another connection.
    pub(crate) fn is_transient(self) -> bool {
        matches!(self, Self::Busy | Self::Lost)
    }
}

/// Whether a database that could not be opened may let somebody in the next time.
pub(crate) fn may_open_later(error: &ConnectionError) -> bool {
    match error {
        ConnectionError::BadConnection(message) => may_open_later_by(message),
        ConnectionError::CouldntSetupConfiguration(error) => Failure::of(error).is_transient(),
        _ => false,
    }
}

/// The same of what a driver says.
pub(crate) fn may_open_later_by(message: &str) -> bool {
    #[cfg(feature = "sqlite")]
    if has(message, sqlite::BUSY) {
        return true;
    }
    #[cfg(feature = "postgres")]
    if [postgres::NOT_NOW, postgres::NOT_THERE, postgres::GONE].into_iter().any(|words| has(message, words)) {
        return true;
    }
    // Without any database there are no words.
    let _ = message;
    false
}

/// Whether a transaction could not be taken back since the database had done so already.
pub(crate) fn is_taken_back(message: &str) -> bool {
    #[cfg(feature = "sqlite")]
    return message == sqlite::TAKEN_BACK;
    #[cfg(not(feature = "sqlite"))]
    return message.is_empty();
}

fn is_gone(message: &str) -> bool {
    #[cfg(feature = "postgres")]
    return has(message, postgres::GONE) || has(message, postgres::GONE_ENCRYPTED);
    #[cfg(not(feature = "postgres"))]
    return message.is_empty();
}

fn is(message: &str, words: &[&str]) -> bool {
    words.contains(&message)
}

#[cfg(feature = "sqlite")]
fn starts(message: &str, words: &[&str]) -> bool {
    words.iter().any(|words| message.starts_with(words))
}

fn has(message: &str, words: &[&str]) -> bool {
    words.iter().any(|words| message.contains(words))
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use diesel::result::{DatabaseErrorKind, Error as DieselError};

    use super::Failure;

    fn told(kind: DatabaseErrorKind, message: &str) -> Failure {
        Failure::of(&DieselError::DatabaseError(kind, Box::new(message.to_owned())))
    }

    #[test]
    fn a_command_that_nobody_takes_is_a_lost_connection() {
        for message in [
            "no connection to the server\n",
            "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n",
            "could not send data to server: Broken pipe\n",
            "could not receive data from server: Connection reset by peer\n",
            "could not receive data from server: Connection timed out\n",
            "SSL connection has been closed unexpectedly\n",
            "SSL SYSCALL error: EOF detected\n",
            "SSL SYSCALL error: Connection reset by peer\n",
            "SSL error: unexpected eof while reading\n",
            "unrecognized SSL error code: 5\n",
            "GSSAPI unwrap error: A token had an invalid MIC\n",
            "lost synchronization with server: got message type \"S\", length 1\n",
        ] {
            assert_eq!(told(DatabaseErrorKind::UnableToSendCommand, message), Failure::Lost, "{message}");
            assert_eq!(told(DatabaseErrorKind::ClosedConnection, message), Failure::Lost, "{message}");
        }
        for message in
            ["number of parameters must be between 0 and 65535\n", "another command is already in progress\n"]
        {
            assert_eq!(told(DatabaseErrorKind::UnableToSendCommand, message), Failure::Other, "{message}");
        }
    }

    #[test]
    fn a_certificate_is_the_same_the_next_time() {
        assert!(!super::may_open_later_by("SSL error: certificate verify failed"));
    }

    #[test]
    fn a_commit_that_nobody_answers_is_a_lost_connection() {
        let told = |kind, message: &str| Box::new(DieselError::DatabaseError(kind, Box::new(message.to_owned())));
        let commit_error = told(DatabaseErrorKind::Unknown, "terminating connection due to administrator command");
        let rollback_error = told(DatabaseErrorKind::UnableToSendCommand, "no connection to the server\n");
        assert_eq!(Failure::of(&DieselError::RollbackErrorOnCommit { rollback_error, commit_error }), Failure::Lost);
        assert_eq!(Failure::of(&DieselError::BrokenTransactionManager), Failure::Lost);
    }
}
