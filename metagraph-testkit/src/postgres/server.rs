//! The server behind the databases: one that this process started, or one it was given.

use std::env;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::account::Account;
use super::address::{Address, PORT};
use super::binaries::Binaries;
use super::failure::Failure;
use super::psql::Psql;
use super::reaper::Reaper;

/// A server, and who cleans up on it after this process.
pub(super) struct Server {
    directory: Option<PathBuf>,
    prefix: String,
    reaper: Mutex<Reaper>,
}

impl Server {
    /// Makes a cluster in a temporary directory and starts a server on it, reachable through a socket only.
    ///
    /// A durable one takes care of its files, at the cost of speed.
    pub(super) fn start(binaries: &Binaries, durable: bool) -> Result<(Self, Address), Failure> {
        let (programs, base) = (binaries.directory().to_string_lossy(), env::temp_dir());
        let arguments = [programs.as_ref(), &base.to_string_lossy(), PORT, if durable { "durable" } else { "fast" }];
        let (reaper, line) = Reaper::start(include_str!("start.sh"), &arguments, Account::for_server()?)?;
        let directory = PathBuf::from(line);
        let address = Address::of_socket(&directory);
        Ok((Self { directory: Some(directory), prefix: prefix(), reaper: Mutex::new(reaper) }, address))
    }

    /// Uses a server that already runs.
    pub(super) fn given(psql: &Psql) -> Result<Self, Failure> {
        psql.execute("SELECT 1")?;
        let prefix = prefix();
        let arguments = [&*psql.program().to_string_lossy(), &prefix];
        let (reaper, _) = Reaper::start(include_str!("given.sh"), &arguments, None)?;
        Ok(Self { directory: None, prefix, reaper: Mutex::new(reaper) })
    }

    /// Ends all processes of a server that this process started, without warning, and starts it again.
    pub(super) fn crash(&self) -> Result<(), Failure> {
        self.reaper.lock().unwrap_or_else(PoisonError::into_inner).ask()
    }

    pub(super) fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// How the names of this process's databases begin.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }
}

// The number of a process is given again sooner or later, on a server that others use at once even at the same time.
fn prefix() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("metagraph_test_{}_{:x}_", process::id(), since.as_nanos())
}
