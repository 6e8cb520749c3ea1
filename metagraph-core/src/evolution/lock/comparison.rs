//! A compiled type beside the one in a lock.

use super::Lock;
use crate::document::{CompiledType, GraphDocument};
use crate::evolution::{Class, TypeDiff};

/// What a lock says of a compiled type.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use metagraph_core::document::CompiledType;
/// use metagraph_core::evolution::lock::{Comparison, Lock};
///
/// let compiled = CompiledType::of::<Packages>()?;
/// assert_eq!(Lock::new().compare(&compiled), Comparison::New);
/// assert_eq!(Lock::new().with::<Packages>()?.compare(&compiled), Comparison::Same);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Comparison {
    /// The type is the locked one.
    Same,
    /// The lock has no such type.
    New,
    /// The type is another one than when it was reviewed.
    Changed {
        /// The most harmful class among the changes.
        class: Class,
        /// Each change, in words; never empty.
        changes: Vec<String>,
    },
}

impl Lock {
    /// Whether `compiled` is as this lock has it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use metagraph_core::document::CompiledType;
    /// use metagraph_core::evolution::lock::{Comparison, Lock};
    ///
    /// let lock = Lock::new().with::<Packages>()?;
    /// let compiled = CompiledType::of::<Packages>()?;
    /// assert_eq!(lock.compare(&compiled), Comparison::Same);
    /// # Ok(())
    /// # }
    /// ```
    pub fn compare(&self, compiled: &CompiledType) -> Comparison {
        match self.document(&compiled.document().name) {
            None => Comparison::New,
            Some(locked) if locked == compiled.document() => Comparison::Same,
            Some(locked) => {
                let (class, changes) = classified(locked, compiled);
                Comparison::Changed { class, changes }
            }
        }
    }
}

/// What changed, and the most harmful class of it.
fn classified(locked: &GraphDocument, compiled: &CompiledType) -> (Class, Vec<String>) {
    let diff = TypeDiff::between(locked, compiled);
    (diff.class(), diff.changes.iter().map(ToString::to_string).collect())
}
