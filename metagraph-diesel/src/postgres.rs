//! Opening PostgreSQL databases.
//!
//! Nothing here is needed by a program that has a connection already.

use diesel::{Connection, PgConnection};

use crate::error::Result;

/// Connects to a PostgreSQL database by its URL.
///
/// This is a convenience: any Diesel connection will do.
///
/// ```no_run
/// # use metagraph_diesel as metagraph;
/// # fn main() -> metagraph::Result<()> {
/// let mut conn = metagraph::postgres::connect("postgres://mara@localhost/packages")?;
/// metagraph::migrate(&mut conn)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Connect`](crate::Error::Connect) when the server cannot be reached or refuses.
pub fn connect(url: &str) -> Result<PgConnection> {
    Ok(PgConnection::establish(url)?)
}
