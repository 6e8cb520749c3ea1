//! Administration through the `psql` program, so that tests of a driver do not depend on the driver.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::address::Address;
use super::failure::Failure;

pub(super) struct Psql {
    program: PathBuf,
    address: Address,
}

impl Psql {
    pub(super) fn new(program: PathBuf, address: Address) -> Self {
        Self { program, address }
    }

    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// Runs one statement in the maintenance database, outside of a transaction.
    pub(super) fn execute(&self, statement: &str) -> Result<(), Failure> {
        let output = Command::new(&self.program)
            .args([
                "--no-psqlrc",
                "--quiet",
                "--no-password",
                "--command",
                statement,
                "--dbname",
                self.address.as_str(),
            ])
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output()
            .map_err(|source| Failure::Spawn { program: self.program.display().to_string(), source })?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Failure::Refused { statement: statement.to_owned(), said })
    }
}
