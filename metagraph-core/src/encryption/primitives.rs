//! The functions of other crates that everything here is made of, each in the one shape that is used.

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut as _, Aes256Gcm, KeyInit as _, Nonce, Tag};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

pub use super::buffer::Wiped;

/// The length of AES-256 and HMAC keys, in bytes.
pub const KEY: usize = 32;
/// The length of a nonce, in bytes.
pub const NONCE: usize = 12;
/// The length of a tag, in bytes.
pub const TAG: usize = 16;

/// Encrypts in place and puts the tag behind; nothing when the text is longer than the cipher takes.
pub fn encrypt(key: &[u8; KEY], nonce: &[u8; NONCE], associated: &[u8], mut text: Wiped) -> Option<Vec<u8>> {
    let cipher = Aes256Gcm::new(key.into());
    let tag = cipher.encrypt_inout_detached(&Nonce::from(*nonce), associated, InOutBuf::from(text.as_mut_slice()));
    let tag = tag.ok()?;
    let mut sealed = text.take();
    sealed.extend_from_slice(&tag);
    Some(sealed)
}

/// Decrypts what [`encrypt`] made; nothing when it is not that, or too short to have a tag.
pub fn decrypt(key: &[u8; KEY], nonce: &[u8; NONCE], associated: &[u8], sealed: &[u8]) -> Option<Wiped> {
    let (text, tag) = sealed.split_at_checked(sealed.len().checked_sub(TAG)?)?;
    let tag = Tag::try_from(tag).ok()?;
    let mut text = Wiped::of(text);
    let cipher = Aes256Gcm::new(key.into());
    let opened =
        cipher.decrypt_inout_detached(&Nonce::from(*nonce), associated, InOutBuf::from(text.as_mut_slice()), &tag);
    opened.ok()?;
    Some(text)
}

/// HKDF-SHA-256; nothing when more is asked for than it gives.
pub fn hkdf(key: &[u8], salt: &[u8], info: &[u8], derived: &mut [u8]) -> Option<()> {
    hkdf::Hkdf::<Sha256>::new(Some(salt), key).expand(info, derived).ok()
}

/// PBKDF2-HMAC-SHA-256.
pub fn pbkdf2(password: &[u8], salt: &[u8], iterations: u32, derived: &mut [u8]) {
    pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, iterations, derived);
}

/// HMAC-SHA-256 of several parts, each preceded by its length.
pub fn mac(key: &[u8; KEY], parts: &[&[u8]]) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    Some(mac.finalize().into_bytes().into())
}

/// Fills a buffer from the operating system.
pub fn random(bytes: &mut [u8]) -> Result<(), getrandom::Error> {
    getrandom::fill(bytes)
}
