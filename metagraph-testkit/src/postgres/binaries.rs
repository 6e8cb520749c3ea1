//! Where this machine keeps PostgreSQL's programs.

use std::cmp::Reverse;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use crate::environment::{self, PG_BIN};

const PROGRAMS: [&str; 3] = ["initdb", "postgres", "psql"];

/// Directories with one subdirectory per installed version: parent, prefix of the name, and what follows it.
const VERSIONED: [(&str, &str, &str); 5] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
];

/// A directory that holds all the programs a server needs.
pub(super) struct Binaries {
    directory: PathBuf,
}

impl Binaries {
    /// Finds the programs: where `METAGRAPH_PG_BIN` says, the newest of the installed versions, or the search path.
    pub(super) fn find() -> Result<Option<Self>, Failure> {
        if let Some(named) = environment::text(PG_BIN) {
            return if named == "none" { Ok(None) } else { Self::named(PathBuf::from(named)).map(Some) };
        }
        let places = installed().into_iter().chain(search_path());
        Ok(places.into_iter().find(|place| missing(place).is_none()).map(|directory| Self { directory }))
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(super) fn psql(&self) -> PathBuf {
        self.directory.join("psql")
    }

    fn named(directory: PathBuf) -> Result<Self, Failure> {
        match missing(&directory) {
            None => Ok(Self { directory }),
            Some(missing) => Err(Failure::Incomplete { directory, missing }),
        }
    }
}

/// Finds the client alone: a server that runs elsewhere needs no more here.
pub(super) fn psql() -> Result<PathBuf, Failure> {
    let named = environment::text(PG_BIN).map(PathBuf::from);
    let mut places = named.into_iter().chain(installed()).chain(search_path());
    places.find_map(|place| Some(place.join("psql")).filter(|path| path.is_file())).ok_or(Failure::NoClient)
}

fn missing(directory: &Path) -> Option<&'static str> {
    PROGRAMS.into_iter().find(|program| !directory.join(program).is_file())
}

fn installed() -> Vec<PathBuf> {
    VERSIONED.into_iter().flat_map(|(parent, prefix, below)| versions(Path::new(parent), prefix, below)).collect()
}

fn versions(parent: &Path, prefix: &str, below: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<(Vec<u32>, PathBuf)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            Some((version(name.strip_prefix(prefix)?)?, entry.path().join(below)))
        })
        .collect();
    found.sort_by_key(|(version, _)| Reverse(version.clone()));
    found.into_iter().map(|(_, path)| path).collect()
}

fn version(text: &str) -> Option<Vec<u32>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

fn search_path() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).chain(["/opt/homebrew/bin", "/usr/local/bin"].map(PathBuf::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_comes_first() {
        let parent = tempfile::tempdir().unwrap();
        for name in ["9.6", "15", "9.5", "17", "common", "x16"] {
            fs::create_dir(parent.path().join(name)).unwrap();
        }
        let expected = ["17", "15", "9.6", "9.5"].map(|name| parent.path().join(name).join("bin"));
        assert_eq!(versions(parent.path(), "", "bin"), expected);
    }

    #[test]
    fn a_named_directory_that_lacks_a_program_is_an_error_that_names_it() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("initdb"), "").unwrap();
        let failure = Binaries::named(directory.path().to_owned()).map(|_| ()).unwrap_err();
        assert!(failure.to_string().ends_with("which lacks `postgres`"), "{failure}");
    }
}
