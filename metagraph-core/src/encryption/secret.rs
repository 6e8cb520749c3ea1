//! Opened values.

use std::any::Any;
use std::fmt;

use zeroize::Zeroize;

/// An opened value: wiped when it is dropped, and silent when it is printed.
///
/// ```
/// use metagraph_core::encryption::Secret;
///
/// let secret = Secret::new("s3cr3t".to_owned());
/// assert_eq!(secret.expose(), "s3cr3t");
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// ```
pub struct Secret<T: Zeroize + 'static>(T);

impl<T: Zeroize + 'static> Secret<T> {
    /// Takes charge of a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for as long as the secret is borrowed.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize + 'static> Drop for Secret<T> {
    fn drop(&mut self) {
        // Of these two, slices are wiped at once, and vectors byte by byte.
        let value: &mut dyn Any = &mut self.0;
        if let Some(text) = value.downcast_mut::<String>() {
            text.as_mut_str().zeroize();
            text.clear();
        } else if let Some(bytes) = value.downcast_mut::<Vec<u8>>() {
            bytes.as_mut_slice().zeroize();
            bytes.clear();
        }
        self.0.zeroize();
    }
}

impl<T: Zeroize + 'static> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
