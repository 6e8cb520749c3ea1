//! Connection strings that differ in the database only.

use std::path::Path;

/// Names a socket's file only: every server has a directory of its own.
pub(super) const PORT: &str = "5432";

/// The connection string of a server's maintenance database.
pub(super) struct Address(String);

impl Address {
    /// The address of a server that listens on a socket in `directory`.
    pub(super) fn of_socket(directory: &Path) -> Self {
        // The port is named because `PGPORT` would change the default.
        Self(format!("postgres://postgres@{}:{PORT}/postgres", percent_encoded(directory)))
    }

    pub(super) fn given(url: String) -> Self {
        Self(url)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The connection string of another database on the server; the name needs no escaping.
    pub(super) fn of_database(&self, name: &str) -> String {
        let Some((scheme, rest)) = self.0.split_once("://") else {
            // In `host=.. dbname=..` the last mention of a keyword counts.
            return format!("{} dbname={name}", self.0);
        };
        let (location, parameters) = rest.split_once('?').map_or((rest, None), |(left, right)| (left, Some(right)));
        let authority = location.split('/').next().unwrap_or(location);
        match parameters {
            Some(parameters) => format!("{scheme}://{authority}/{name}?{parameters}"),
            None => format!("{scheme}://{authority}/{name}"),
        }
    }
}

fn percent_encoded(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    bytes
        .map(|&byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(url: &str) -> String {
        Address::given(url.to_owned()).of_database("other")
    }

    #[test]
    fn only_the_database_of_an_address_changes() {
        assert_eq!(other("postgres://me:pw@host:5433/mine"), "postgres://me:pw@host:5433/other");
        assert_eq!(other("postgresql://host/mine?sslmode=require"), "postgresql://host/other?sslmode=require");
        assert_eq!(other("postgres://host?sslmode=disable"), "postgres://host/other?sslmode=disable");
        assert_eq!(other("postgres://[::1]:5432"), "postgres://[::1]:5432/other");
        assert_eq!(other("host=/run user=me dbname=mine"), "host=/run user=me dbname=mine dbname=other");
    }

    #[test]
    fn a_socket_directory_becomes_a_host() {
        let address = Address::of_socket(Path::new("/tmp/a b"));
        assert_eq!(address.of_database("db"), "postgres://postgres@%2Ftmp%2Fa%20b:5432/db");
    }
}
