//! A shell that outlives this process by the time it takes to clean up.
//!
//! Statics are never dropped and a killed process drops nothing, so the clean-up cannot be ours:
//! the shell reads from a pipe that only this process can write to, and cleans up when that pipe closes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};

use super::account::Account;
use super::failure::Failure;

pub(super) struct Reaper {
    shell: Child,
    output: Option<BufReader<ChildStdout>>,
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
        let mut shell = command.spawn().map_err(|source| Failure::Spawn { program: "sh".to_owned(), source })?;
        let output = shell.stdout.take().map(BufReader::new);
        let mut reaper = Self { shell, output };
        match reaper.line() {
            Some(line) => Ok((reaper, line)),
            None => Err(Failure::Start { said: reaper.complaint() }),
        }
    }

    /// Writes a line to the script, and waits for the one it answers with.
    pub(super) fn ask(&mut self) -> Result<(), Failure> {
        let written = self.shell.stdin.as_mut().map_or(Ok(()), |input| input.write_all(b"\n"));
        match written.ok().and_then(|()| self.line()) {
            Some(_) => Ok(()),
            None => Err(Failure::Start { said: self.complaint() }),
        }
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.output.as_mut()?.read_line(&mut line).ok()?;
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
