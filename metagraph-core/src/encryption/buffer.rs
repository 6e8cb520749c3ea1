//! JSON of a secret value, of which no copy stays in memory.

use std::io::{self, Write};

use serde::Serialize;
use zeroize::Zeroize as _;

/// Writes into memory, and wipes what it leaves behind when it grows.
#[derive(Default)]
struct Wiping(Vec<u8>);

impl Write for Wiping {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.capacity() - self.0.len() < bytes.len() {
            let mut larger = Vec::with_capacity((self.0.capacity() * 2).max(self.0.len() + bytes.len()));
            larger.extend_from_slice(&self.0);
            std::mem::swap(&mut self.0, &mut larger);
            larger.zeroize();
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Wiping {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The JSON of a value, with room for a tag behind it; nothing when the value refuses to be written.
pub(super) fn json(value: &(impl Serialize + ?Sized)) -> Option<Vec<u8>> {
    let mut buffer = Wiping(Vec::with_capacity(128));
    serde_json::to_writer(&mut buffer, value).ok()?;
    buffer.write_all(&[0; super::primitives::TAG]).ok()?;
    let length = buffer.0.len() - super::primitives::TAG;
    buffer.0.truncate(length);
    Some(std::mem::take(&mut buffer.0))
}
