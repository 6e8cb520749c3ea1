//! What was typed on the command line.

use std::path::PathBuf;

use lexopt::prelude::*;

pub(crate) const USAGE: &str = "\
Stores a Cargo.lock as a typed graph and answers questions about it.

Usage: dependency_graph [LOCK_FILE] [--database FILE_OR_URL] [--needs NAME] [--why NAME] [--without NAME]

  LOCK_FILE      the lock file to read; this repository's own by default
  --database     a SQLite file, or a postgres:// URL; target/dependency_graph.db by default
  --needs NAME   list everything that needs this package
  --why NAME     show a shortest chain to this package from one of the workspace
  --without NAME list what nothing would need any more if this package were gone

A NAME is that of a package, or \"name version\" for one of several.";

#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) lock_file: PathBuf,
    pub(crate) database: String,
    pub(crate) needs: Option<String>,
    pub(crate) why: Option<String>,
    pub(crate) without: Option<String>,
}

impl Arguments {
    /// Reads the command line; `None` when help was asked for.
    pub(crate) fn parse() -> Result<Option<Self>, lexopt::Error> {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let (mut lock_file, mut database) = (None, None);
        let (mut needs, mut why, mut without) = (None, None, None);
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("database") => database = Some(parser.value()?.string()?),
                Long("needs") => needs = Some(parser.value()?.string()?),
                Long("why") => why = Some(parser.value()?.string()?),
                Long("without") => without = Some(parser.value()?.string()?),
                Short('h') | Long("help") => return Ok(None),
                Value(path) if lock_file.is_none() => lock_file = Some(PathBuf::from(path)),
                other => return Err(other.unexpected()),
            }
        }
        let default = || here.join("target/dependency_graph.db").display().to_string();
        Ok(Some(Self {
            lock_file: lock_file.unwrap_or_else(|| here.join("Cargo.lock")),
            database: database.unwrap_or_else(default),
            needs,
            why,
            without,
        }))
    }

    /// The packages that are asked about.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = &String> {
        [&self.needs, &self.why, &self.without].into_iter().flatten()
    }
}
