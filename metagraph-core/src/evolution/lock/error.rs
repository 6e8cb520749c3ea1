//! What is wrong with a lock file.

/// A text that is no lock, or no longer one.
///
/// ```
/// use metagraph_core::evolution::lock::LockError;
///
/// let error = LockError::Format { found: 7 };
/// assert_eq!(
///     error.to_string(),
///     "the lock has format 7, and this release reads format 1; use the release that wrote it, or write it anew",
/// );
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// The first line is not that of a lock.
    #[error("this is no lock: it begins with {found:?} instead of \"# metagraph.lock, format 1\"")]
    NoLock {
        /// The first line.
        found: String,
    },
    /// It was written by a release with another format.
    #[error(
        "the lock has format {found}, and this release reads format {}; use the release that wrote it, or write it anew",
        super::FORMAT
    )]
    Format {
        /// The format that the first line names.
        found: u32,
    },
    /// A merge was not finished.
    #[error("line {line} is a conflict marker of a merge; merge the Rust types, and write the lock anew")]
    ConflictMarker {
        /// The first line with one, counted from 1.
        line: usize,
    },
    /// What follows the first line is no JSON of documents.
    #[error("line {line} is not what a lock has there: {source}; write it anew")]
    Json {
        /// The line, counted from 1.
        line: usize,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// A document stands under a name that is not its own.
    #[error("the document under `{found}` is that of `{document}`; write the lock anew")]
    Name {
        /// The name it stands under.
        found: String,
        /// Its own name.
        document: String,
    },
    /// A document is not the one its hash was made of.
    #[error(
        "the hash of `{graph_type}` is not that of its document: the lock was edited, or two branches were merged into a \
         type that neither had; write it anew"
    )]
    Hash {
        /// Name of the graph type.
        graph_type: String,
    },
    /// The documents are right, and the text is not the one that is written for them.
    #[error("line {line} is not as it is written: the lock was edited or formatted; write it anew")]
    Altered {
        /// The first line that differs, counted from 1.
        line: usize,
    },
}
