//! Keys from a file that nobody else can read.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use metagraph_core::encryption::{InvalidRing, StaticKeyRing, Zeroize as _};

use crate::error::Result;

/// Why a file gave no keys.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// It cannot be read.
    #[error("the key file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Others than its owner may read or change it.
    #[error("the key file {} is open to others (its mode is {mode:o}); run `chmod 600` on it", path.display())]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// What it holds is no key ring.
    #[error("the key file {} holds no keys: {source}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: InvalidRing,
    },
}

/// The most bytes that a key file has.
const LONGEST: usize = 64 * 1024;

/// Reads a key ring from a file, in the form of [`StaticKeyRing::from_text`].
///
/// On Unix only the owner may have any permission on the file; elsewhere permissions are not looked at.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/accounts.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::fs::{self, OpenOptions};
/// use std::io::Write;
///
/// use metagraph::encryption::{KeyRing, read_key_file};
///
/// # let path = std::env::temp_dir().join(format!("metagraph-keys-{}", std::process::id()));
/// let mut options = OpenOptions::new();
/// options.write(true).create(true);
/// #[cfg(unix)]
/// std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
/// options.open(&path)?.write_all(b"1 native MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n")?;
/// assert_eq!(read_key_file(&path)?.current(), 1);
/// # fs::remove_file(path)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::KeyFile`](crate::Error::KeyFile), which shows nothing of the keys.
pub fn read_key_file(path: impl AsRef<Path>) -> Result<StaticKeyRing> {
    Ok(read(path.as_ref())?)
}

fn read(path: &Path) -> Result<StaticKeyRing, KeyFileError> {
    let unreadable = |source| KeyFileError::Unreadable { path: path.to_owned(), source };
    // Opening a pipe would wait for whoever writes into it.
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err(unreadable(io::Error::new(io::ErrorKind::InvalidInput, "it is no ordinary file")));
    }
    let file = File::open(path).map_err(unreadable)?;
    // Permissions are those of what is read, whatever stands under the name a moment later.
    refuse_others(path, &file)?;
    // A buffer that never grows leaves no copies behind.
    let mut text = String::with_capacity(LONGEST + 1);
    let read = file.take(LONGEST as u64 + 1).read_to_string(&mut text).map_err(unreadable);
    let read = read.and_then(|bytes| match bytes {
        ..=LONGEST => Ok(bytes),
        _ => Err(unreadable(io::Error::new(io::ErrorKind::InvalidData, "it is longer than 64 KiB"))),
    });
    let ring = read.and_then(|_| {
        StaticKeyRing::from_text(&text).map_err(|source| KeyFileError::Invalid { path: path.to_owned(), source })
    });
    text.zeroize();
    ring
}

#[cfg(unix)]
fn refuse_others(path: &Path, file: &File) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt as _;

    let unreadable = |source| KeyFileError::Unreadable { path: path.to_owned(), source };
    let mode = file.metadata().map_err(unreadable)?.permissions().mode() & 0o777;
    let of_others = mode & 0o077;
    if of_others == 0 { Ok(()) } else { Err(KeyFileError::OpenToOthers { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_others(_: &Path, _: &File) -> Result<(), KeyFileError> {
    Ok(())
}
