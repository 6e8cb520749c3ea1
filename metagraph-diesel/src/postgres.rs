//! Opening PostgreSQL databases.

use diesel::{Connection, PgConnection};

use crate::error::{Error, Result};

/// Connects to a PostgreSQL database by its URL.
///
/// This is a convenience: any Diesel connection will do.
///
/// # Errors
/// [`Error::Connect`] when the server cannot be reached or refuses.
pub fn connect(url: &str) -> Result<PgConnection> {
    PgConnection::establish(url).map_err(|source| Error::Connect { source })
}
