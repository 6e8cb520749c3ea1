//! A shell that outlives this process by the time it takes to clean up.
//!
//! Statics are never dropped and a killed process drops nothing, so the clean-up cannot be ours:
//! the shell reads from a pipe that only this process can write to, and cleans up when that pipe closes.

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use super::account::Account;
use super::failure::Failure;

pub(super) struct Reaper {
    shell: Child,
}

impl Reaper {
    /// Starts a script that does its work, prints one line and reads its input to the end; returns that line too.
    pub(super) fn start(script: &str, arguments: &[&str], account: Option<Account>) -> Result<(Self, String), Failure> {
        let mut command = Command::new("sh");
        command
            .args(["-c", script, "metagraph-testkit"])
            .args(arguments)
            .env("LC_ALL", "C")
            // The account of the server may be unable to enter the directory of the tests.
            .current_dir("/")
            // Ctrl-C goes to the group of the tests, and must not reach the one who cleans up after them.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(account) = account {
            account.apply(&mut command);
        }
        let shell = command.spawn().map_err(|source| Failure::Spawn { program: "sh".to_owned(), source })?;
        let mut reaper = Self { shell };
        match reaper.first_line() {
            Some(line) => Ok((reaper, line)),
            None => Err(Failure::Start { said: reaper.complaint() }),
        }
    }

    fn first_line(&mut self) -> Option<String> {
        let mut line = String::new();
        BufReader::new(self.shell.stdout.take()?).read_line(&mut line).ok()?;
        line.strip_suffix('\n').map(str::to_owned)
    }

    fn complaint(&mut self) -> String {
        let mut said = Vec::new();
        // What could be read before an error is still the best explanation there is.
        self.shell.stderr.take().map(|mut stderr| stderr.read_to_end(&mut said));
        String::from_utf8_lossy(&said).trim().to_owned()
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }
}
