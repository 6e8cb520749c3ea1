//! The lock file: the graph types of a program as they were reviewed, in a text that git compares line by line.
//!
//! Only texts live here; whoever uses the facade finds the file in its module `lock`.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use metagraph_core::evolution::lock::Lock;
//!
//! let text = Lock::new().with::<Packages>()?.to_string();
//! assert!(text.starts_with("# metagraph.lock, format 1."));
//! let read = Lock::parse(&text)?;
//! assert_eq!(read.names().collect::<Vec<_>>(), ["packages"]);
//! # Ok(())
//! # }
//! ```

mod comparison;
mod error;
mod pretty;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use comparison::Comparison;
pub use error::LockError;

use crate::document::{CompiledType, GraphDocument};
use crate::element::GraphType;
use crate::schema::InvalidSchema;

/// The format that is written, and the only one that is read.
const FORMAT: u32 = 1;

/// What every lock file begins with, before the number of its format.
const TITLE: &str = "# metagraph.lock, format ";

/// What the first line says after the number.
const REMARK: &str = ". The graph types of this program, as they were reviewed: METAGRAPH_LOCK=write writes it.";

/// The documents of one or several graph types.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use metagraph_core::evolution::lock::Lock;
///
/// let lock = Lock::new().with::<Packages>()?;
/// assert_eq!(lock.document("packages").map(|document| document.version), Some(1));
/// assert_eq!(Lock::parse(&lock.to_string())?, lock);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lock {
    documents: BTreeMap<String, GraphDocument>,
}

/// One graph type in the file. The hash changes with everything, so that git sees a conflict where two branches change
/// one type in different places.
#[derive(Serialize, Deserialize)]
struct Entry {
    document: GraphDocument,
    hash: String,
}

impl Lock {
    /// A lock of no type at all.
    ///
    /// ```
    /// use metagraph_core::evolution::lock::Lock;
    ///
    /// assert_eq!(Lock::new().names().count(), 0);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the graph type `G` as it is compiled.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use metagraph_core::evolution::lock::Lock;
    ///
    /// let lock = Lock::new().with::<Packages>()?;
    /// assert!(lock.document("packages").is_some());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`InvalidSchema`] when the type cannot be stored.
    pub fn with<G: GraphType>(mut self) -> Result<Self, InvalidSchema> {
        let compiled = CompiledType::of::<G>()?;
        self.insert(&compiled);
        Ok(self)
    }

    /// Adds a compiled type, in place of the one that has its name.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use metagraph_core::document::CompiledType;
    /// use metagraph_core::evolution::lock::Lock;
    ///
    /// let compiled = CompiledType::of::<Packages>()?;
    /// let mut lock = Lock::new();
    /// lock.insert(&compiled);
    /// assert_eq!(lock, Lock::new().with::<Packages>()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn insert(&mut self, compiled: &CompiledType) {
        let document = compiled.document().clone();
        self.documents.insert(document.name.clone(), document);
    }

    /// Reads the text of a lock file.
    ///
    /// ```
    /// use metagraph_core::evolution::lock::{Lock, LockError};
    ///
    /// assert!(matches!(Lock::parse("{}"), Err(LockError::NoLock { .. })));
    /// assert!(matches!(Lock::parse("# metagraph.lock, format 2.\n{}\n"), Err(LockError::Format { found: 2 })));
    ///
    /// let merged = "<<<<<<< HEAD\n# metagraph.lock, format 1.\n";
    /// let refused = Lock::parse(merged).unwrap_err();
    /// assert!(refused.to_string().starts_with("line 1 is a conflict marker of a merge"));
    /// ```
    ///
    /// # Errors
    /// [`LockError`] with what is wrong, and where. A text that says what a lock says in other words is wrong, too: it
    /// would be another text when it is written.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        let text = text.replace("\r\n", "\n");
        if let Some(line) = text.lines().position(is_conflict_marker) {
            return Err(LockError::ConflictMarker { line: line + 1 });
        }
        let first = text.lines().next().unwrap_or_default();
        let found = format_of(first).ok_or_else(|| LockError::NoLock { found: first.to_owned() })?;
        if found != FORMAT {
            return Err(LockError::Format { found });
        }
        // Without the words of the first line, and with the line, so that mistakes have their number.
        let json = text.get(first.len()..).unwrap_or_default();
        let entries: BTreeMap<String, Entry> =
            serde_json::from_str(json).map_err(|source| LockError::Json { line: source.line(), source })?;
        let mut documents = BTreeMap::new();
        for (name, Entry { document, hash }) in entries {
            if document.name != name {
                return Err(LockError::Name { found: name, document: document.name });
            }
            if document.hash() != hash {
                return Err(LockError::Hash { graph_type: name });
            }
            documents.insert(name, document);
        }
        let lock = Self { documents };
        let written = lock.to_string();
        let same = text.lines().zip(written.lines()).take_while(|(read, written)| read == written).count();
        if text == written { Ok(lock) } else { Err(LockError::Altered { line: same + 1 }) }
    }

    /// The document of the graph type with this name.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use metagraph_core::evolution::lock::Lock;
    ///
    /// let lock = Lock::new().with::<Packages>()?;
    /// assert!(lock.document("packages").is_some() && lock.document("parcels").is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn document(&self, name: &str) -> Option<&GraphDocument> {
        self.documents.get(name)
    }

    /// The names of its graph types, in their order.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use metagraph_core::evolution::lock::Lock;
    ///
    /// assert_eq!(Lock::new().with::<Packages>()?.names().collect::<Vec<_>>(), ["packages"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.documents.keys().map(String::as_str)
    }
}

/// The text of the file.
impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{TITLE}{FORMAT}{REMARK}")?;
        let entries: BTreeMap<_, _> = self
            .documents
            .iter()
            .map(|(name, document)| (name, Entry { document: document.clone(), hash: document.hash() }))
            .collect();
        // A document holds only texts, numbers, flags and JSON.
        let value: Value = serde_json::to_value(entries).map_err(|_error| fmt::Error)?;
        pretty::write(f, &value)?;
        f.write_str("\n")
    }
}

fn is_conflict_marker(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|marker| line.starts_with(marker))
}

fn format_of(first: &str) -> Option<u32> {
    let rest = first.strip_prefix(TITLE)?;
    let digits = rest.find(|letter: char| !letter.is_ascii_digit()).map_or(rest, |end| rest.split_at(end).0);
    digits.parse().ok()
}

#[cfg(test)]
mod tests;
