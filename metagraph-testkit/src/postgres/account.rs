//! Whom the server runs as: PostgreSQL refuses to run as root.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use super::failure::Failure;

/// An account other than the one of this process.
#[derive(Clone, Copy)]
pub(super) struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// The account to change to, or `None` where the present one will do.
    pub(super) fn for_server() -> Result<Option<Self>, Failure> {
        if identity(&["-u"]) != Some(0) {
            return Ok(None);
        }
        ["postgres", "_postgres", "nobody"].into_iter().find_map(Self::named).map(Some).ok_or(Failure::NoAccount)
    }

    pub(super) fn apply(self, command: &mut Command) {
        command.uid(self.user).gid(self.group);
    }

    fn named(name: &str) -> Option<Self> {
        Some(Self { user: identity(&["-u", name])?, group: identity(&["-g", name])? })
    }
}

// `id` also knows accounts that are not in the passwd file, and needs no unsafe code.
fn identity(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
