//! Why no migration is written.

use std::io;
use std::path::PathBuf;

use metagraph_core::schema::InvalidSchema;

/// A migration that cannot be written.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::migrations::FolderError;
///
/// let error = FolderError::Name { name: "a/b".into() };
/// assert_eq!(error.to_string(), "\"a/b\" cannot name a migration: use letters, digits, `_` and `-`");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// The compiled graph type cannot be stored.
    #[error(transparent)]
    InvalidSchema(#[from] InvalidSchema),
    /// A text holds U+0000, which PostgreSQL does not store.
    #[error("{column} of `{element}` holds U+0000 in a text, which PostgreSQL does not store")]
    NulCharacter {
        /// Name of the type.
        element: String,
        /// Where the text would be stored.
        column: &'static str,
    },
    /// No migration of our tables has this version, or none follows it.
    #[error("our tables have no version that follows {version:?}; the last one is {last:?}")]
    UnknownVersion {
        /// What was given.
        version: String,
        /// The last version of this release.
        last: &'static str,
    },
    /// The stored document is that of another type.
    #[error("the stored document is that of `{stored}`, and the type is `{compiled}`")]
    OtherType {
        /// Name in the stored document.
        stored: String,
        /// Name of the compiled type.
        compiled: String,
    },
    /// The stored document is the compiled one.
    #[error("the stored `{graph_type}` is the compiled one: there is nothing to migrate")]
    Unchanged {
        /// Name of the graph type.
        graph_type: String,
    },
    /// Rows would have to be looked at, which a file cannot do.
    #[error(
        "changes of `{graph_type}` could need rows to change, which a file cannot decide; \
         `metagraph::Evolution` does:{}",
        lines(changes)
    )]
    RowsDecide {
        /// Name of the graph type.
        graph_type: String,
        /// The changes, in words.
        changes: Vec<String>,
    },
    /// There is nothing in it.
    #[error("the migration does nothing; say what it does with `tables`, `register` or `change`")]
    Empty,
    /// No folder can have the name.
    #[error("{name:?} cannot name a migration: use letters, digits, `_` and `-`")]
    Name {
        /// What was given.
        name: String,
    },
    /// The system refuses to write.
    #[error("`{}` cannot be written: {source}", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

fn lines(changes: &[String]) -> String {
    changes.iter().map(|change| format!("\n  {change}")).collect::<Vec<_>>().concat()
}
