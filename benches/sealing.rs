//! What sealing and opening 1 KiB costs beyond the cipher itself, side by side and taking turns.
//!
//! ```sh
//! cargo bench -p metagraph-benches --bench sealing
//! ```
#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut as _, Aes256Gcm, KeyInit as _, Nonce, Tag};
use metagraph::encryption::{Context, Encrypted, Key, StaticKeyRing};

const ROUNDS: usize = 41;
const TURNS: u32 = 5_000;

/// AES-256-GCM of the same bytes with a key that is there, and back.
fn bare(key: &[u8; 32], text: &[u8]) {
    let mut bytes = text.to_vec();
    let nonce = Nonce::from([7; 12]);
    let cipher = Aes256Gcm::new(key.into());
    let sealed = cipher.encrypt_inout_detached(&nonce, b"", InOutBuf::from(bytes.as_mut_slice()));
    let tag: Tag = sealed.expect("it is short");
    let cipher = Aes256Gcm::new(key.into());
    let opened = cipher.decrypt_inout_detached(&nonce, b"", InOutBuf::from(bytes.as_mut_slice()), black_box(&tag));
    opened.expect("it was just sealed");
    black_box(bytes);
}

fn ours(ring: &StaticKeyRing, context: &Context, text: &str) {
    let sealed: Encrypted<String> = Encrypted::seal(text, ring, context).expect("the ring has a key");
    black_box(black_box(sealed).open(ring, context).expect("it was just sealed").expose());
}

fn each(work: impl Fn()) -> Duration {
    let begun = Instant::now();
    (0..TURNS).for_each(|_| work());
    begun.elapsed() / TURNS
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn main() {
    let key = [42; 32];
    let ring = StaticKeyRing::new(1, [(1, Key::native(key))]).expect("there is a key");
    let context = Context::new("accounts", "account", "token", "mara");
    // With its quotes it is 1 KiB of JSON.
    let text = "x".repeat(1022);
    let json = format!("\"{text}\"");
    let (mut bares, mut sealings, mut beyond) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (bare, ours) = (each(|| bare(&key, json.as_bytes())), each(|| ours(&ring, &context, &text)));
        bares.push(bare);
        sealings.push(ours);
        beyond.push(ours.saturating_sub(bare));
    }
    let [bare, ours, beyond] = [bares, sealings, beyond].map(median);
    println!("seal and open 1 KiB: bare={bare:?} metagraph={ours:?} beyond={beyond:?} (median of {ROUNDS} rounds)");
}
