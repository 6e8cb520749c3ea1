//! The lock file: the graph types of a program as they were reviewed, in a file that stands beside the code.
//!
//! A test of the program compares it with what is compiled. Whoever changes a Rust type in a way that changes what is
//! stored sees it there, and so does the reviewer, line by line:
//!
//! ```no_run
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
//! # fn main() {
//! use metagraph::document::CompiledType;
//! use metagraph::lock;
//!
//! // #[test]
//! fn the_lock_is_current() -> Result<(), Box<dyn std::error::Error>> {
//!     let types = [CompiledType::of::<Packages>()?];
//!     lock::verify(concat!(env!("CARGO_MANIFEST_DIR"), "/metagraph.lock"), &types)?;
//!     Ok(())
//! }
//! # the_lock_is_current().unwrap();
//! # }
//! ```
//!
//! `METAGRAPH_LOCK=write cargo test` writes the file, at first and after each change that is meant.

mod unverified;

use std::path::Path;
use std::sync::Arc;
use std::{env, fs, io};

use metagraph_core::document::CompiledType;
pub use metagraph_core::evolution::lock::{Comparison, Lock, LockError};

pub use self::unverified::{Drift, Unverified};

/// Writes the file instead of only reading it, where it is `write`.
const VARIABLE: &str = "METAGRAPH_LOCK";

/// What [`verify`] found, or did.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use metagraph::document::CompiledType;
/// use metagraph::lock::{self, Verified};
///
/// # let path = std::env::temp_dir().join(format!("metagraph-verified-{}.lock", std::process::id()));
/// let types = [CompiledType::of::<Packages>()?];
/// assert_eq!(lock::write(&path, &types)?, Verified::Written);
/// assert_eq!(lock::write(&path, &types)?, Verified::Current);
/// # std::fs::remove_file(path)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verified {
    /// The file says what is compiled.
    Current,
    /// The file was written.
    Written,
}

/// Compares the file with all graph types of a program; where the environment variable `METAGRAPH_LOCK` is `write`, it
/// writes the file, as [`write()`] does.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use metagraph::document::CompiledType;
/// use metagraph::lock::{self, Unverified, Verified};
///
/// # let path = std::env::temp_dir().join(format!("metagraph-verify-{}.lock", std::process::id()));
/// let types = [CompiledType::of::<Packages>()?];
/// assert!(matches!(lock::verify(&path, &types), Err(Unverified::Missing { .. })));
///
/// lock::write(&path, &types)?;
/// assert_eq!(lock::verify(&path, &types)?, Verified::Current);
/// # std::fs::remove_file(path)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Unverified::Behind`] with everything that is not as it was reviewed; [`Unverified::Missing`] where there is no file,
/// [`Unverified::Lock`] where it is no lock.
pub fn verify(path: impl AsRef<Path>, types: &[Arc<CompiledType>]) -> Result<Verified, Unverified> {
    if env::var_os(VARIABLE).is_some_and(|value| value == "write") {
        return write(path, types);
    }
    let path = path.as_ref();
    let lock = read(path)?;
    let mut drifts: Vec<Drift> = lock
        .names()
        .filter(|name| !types.iter().any(|compiled| compiled.document().name == *name))
        .map(|name| Drift::Gone { graph_type: name.to_owned() })
        .collect();
    drifts.extend(types.iter().filter_map(|compiled| Drift::of(&lock, compiled)));
    if drifts.is_empty() { Ok(Verified::Current) } else { Err(Unverified::Behind { path: path.to_owned(), drifts }) }
}

/// Writes all graph types of a program into the file, unless it says so already.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use metagraph::document::CompiledType;
/// use metagraph::lock::{self, Lock};
///
/// # let path = std::env::temp_dir().join(format!("metagraph-write-{}.lock", std::process::id()));
/// lock::write(&path, &[CompiledType::of::<Packages>()?])?;
/// let lock = Lock::parse(&std::fs::read_to_string(&path)?)?;
/// assert_eq!(lock.document("packages").map(|document| document.version), Some(1));
/// # std::fs::remove_file(path)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Unverified::Unwritable`] when the file cannot be written.
pub fn write(path: impl AsRef<Path>, types: &[Arc<CompiledType>]) -> Result<Verified, Unverified> {
    let path = path.as_ref();
    let mut lock = Lock::new();
    for compiled in types {
        lock.insert(compiled);
    }
    // Also where the line ends are those of Windows.
    if read(path).is_ok_and(|stored| stored == lock) {
        return Ok(Verified::Current);
    }
    fs::write(path, lock.to_string()).map_err(|source| Unverified::Unwritable { path: path.to_owned(), source })?;
    Ok(Verified::Written)
}

fn read(path: &Path) -> Result<Lock, Unverified> {
    let text = fs::read_to_string(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => Unverified::Missing { path: path.to_owned() },
        _ => Unverified::Unreadable { path: path.to_owned(), source },
    })?;
    Lock::parse(&text).map_err(|source| Unverified::Lock { path: path.to_owned(), source })
}
