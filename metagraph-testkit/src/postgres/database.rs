//! One database of one test.

use std::fmt;
use std::sync::Arc;

use super::psql::Psql;
use crate::environment;

/// A database that exists as long as the value does.
pub struct Database {
    name: String,
    url: String,
    psql: Arc<Psql>,
}

impl Database {
    pub(super) fn new(name: String, psql: Arc<Psql>) -> Self {
        Self { url: psql.address().of_database(&name), name, psql }
    }

    /// The connection string, in the form that libpq and thereby Diesel reads.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The name of the database on its server; it needs no quotes.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Connections that a failed test left open must not keep the database.
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        if let Err(failure) = self.psql.execute(&statement) {
            environment::announce(&failure.to_string());
        }
    }
}

// The URL may carry a password.
impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Database").field("name", &self.name).finish_non_exhaustive()
    }
}
