//! Key rings as text, one key a line.

use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::findable::FindKey;
use super::key::Key;
use super::ring::{InvalidRing, StaticKeyRing};

impl StaticKeyRing {
    /// A ring from text: one key a line, as its version, its scheme and its bytes in base64.
    ///
    /// The schemes are `native`, `raw`, and `pbkdf2:` with a number of iterations, whose bytes are a password. `find` in
    /// place of a version is the key for equality, without a scheme. `current` and a version says which is the current one;
    /// without it, it is the greatest, so that a key that other programs have to know first is not used at once. Lines
    /// that are empty or begin with `#` say nothing.
    ///
    /// ```
    /// use metagraph_core::encryption::{KeyRing, StaticKeyRing};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ring = StaticKeyRing::from_text(
    ///     "1 pbkdf2:100000 aHVudGVyMg==\n\
    ///      2 native        MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n\
    ///      find            YWJjZGVmZ2hpamFiY2RlZmdoaWphYmNkZWZnaGlqYWI=",
    /// )?;
    /// assert_eq!(ring.current(), 2);
    ///
    /// let refused = StaticKeyRing::from_text("1 native c2hvcnQ=").unwrap_err();
    /// assert_eq!(refused.to_string(), "line 1 is no key: a key of this scheme has 32 bytes");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`InvalidRing`], which shows nothing of the text.
    pub fn from_text(text: &str) -> Result<Self, InvalidRing> {
        let mut keys = Vec::new();
        let (mut find_key, mut current) = (None, None);
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (place, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let no_key = |reason| InvalidRing::Line { line: place + 1, reason };
            match entry(line).map_err(no_key)? {
                Entry::Key(version, key) => keys.push((version, key)),
                Entry::Find(key) if find_key.is_none() => find_key = Some(key),
                Entry::Current(version) if current.is_none() => current = Some(version),
                Entry::Current(_) => return Err(no_key("the current version was said already")),
                Entry::Find(_) => return Err(no_key("there is a key for equality already")),
            }
        }
        let greatest = keys.iter().map(|(version, _)| *version).max().unwrap_or(1);
        let current = current.unwrap_or(greatest);
        let ring = Self::new(current, keys)?;
        Ok(match find_key {
            Some(key) => ring.with_find_key(key),
            None => ring,
        })
    }
}

enum Entry {
    Key(u32, Key),
    Find(FindKey),
    Current(u32),
}

fn entry(line: &str) -> Result<Entry, &'static str> {
    let words: Vec<_> = line.split_whitespace().collect();
    match words.as_slice() {
        ["current", version] => {
            version.parse().map(Entry::Current).ok().ok_or("`current` is followed by a version, such as 1")
        }
        ["find", bytes] => Ok(Entry::Find(FindKey::new(*whole(&decoded(bytes)?)?))),
        [version, scheme, bytes] => {
            let version = version.parse().ok().ok_or("a line begins with a version, such as 1, or with `find`")?;
            let bytes = decoded(bytes)?;
            let key = match (*scheme, scheme.strip_prefix("pbkdf2:")) {
                ("native", _) => Key::native(*whole(&bytes)?),
                ("raw", _) => Key::raw(*whole(&bytes)?),
                (_, Some(iterations)) => {
                    let iterations = iterations.parse::<NonZeroU32>();
                    Key::pbkdf2(
                        bytes.to_vec(),
                        iterations.ok().ok_or("`pbkdf2:` is followed by a number of iterations")?,
                    )
                }
                _ => return Err("the scheme is `native`, `raw` or `pbkdf2:` with a number of iterations"),
            };
            Ok(Entry::Key(version, key))
        }
        _ => Err("a line is a version, a scheme and base64; `find` and base64; or `current` and a version"),
    }
}

fn decoded(bytes: &str) -> Result<Zeroizing<Vec<u8>>, &'static str> {
    STANDARD.decode(bytes).map(Zeroizing::new).ok().ok_or("its bytes are not base64 with padding")
}

fn whole(bytes: &[u8]) -> Result<Zeroizing<[u8; 32]>, &'static str> {
    <[u8; 32]>::try_from(bytes).map(Zeroizing::new).ok().ok_or("a key of this scheme has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::super::ring::KeyRing as _;
    use super::*;

    const KEY: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    fn refused(text: &str) -> String {
        StaticKeyRing::from_text(text).unwrap_err().to_string()
    }

    #[test]
    fn a_key_can_be_known_before_it_is_used() {
        let keys = format!("\u{feff}1 native {KEY}\r\n2 raw {KEY}\r\n");
        assert_eq!(StaticKeyRing::from_text(&keys).unwrap().current(), 2);
        let ring = StaticKeyRing::from_text(&format!("{keys}current 1\n")).unwrap();
        assert!(ring.current() == 1 && ring.key(2).is_some() && ring.find_key().is_none());
        let unknown = refused(&format!("{keys}current 3"));
        assert_eq!(unknown, "the current version is 3, and there is no such key; there are 1, 2");
    }

    #[test]
    fn a_line_that_is_no_key_is_named_and_not_shown() {
        for (text, reason) in [
            ("1 native hunter2!", "line 1 is no key: its bytes are not base64 with padding"),
            ("\n\none native aGk=", "line 3 is no key: a line begins with a version, such as 1, or with `find`"),
            ("1 aes aGk=", "line 1 is no key: the scheme is `native`, `raw` or `pbkdf2:` with a number of iterations"),
            ("1 pbkdf2:0 aGk=", "line 1 is no key: `pbkdf2:` is followed by a number of iterations"),
            ("current one", "line 1 is no key: `current` is followed by a version, such as 1"),
            ("", "the current version is 1, and there is no such key; there are none"),
        ] {
            assert_eq!(refused(text), reason);
        }
        let twice = |line: &str| refused(&format!("1 native {KEY}\n{line}\n{line}"));
        assert_eq!(twice(&format!("find {KEY}")), "line 3 is no key: there is a key for equality already");
        assert_eq!(twice("current 1"), "line 3 is no key: the current version was said already");
        assert_eq!(twice(&format!("2 raw {KEY}")), "there are two keys of version 2; a version names one key for good");
    }
}
