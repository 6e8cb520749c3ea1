//! Derived keys that are expensive to make again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use super::primitives::KEY;

type Entry = (Box<[u8]>, Zeroizing<[u8; KEY]>);

/// The keys that were used last, by their salt; wiped when they have to go.
pub(super) struct Cached {
    most: usize,
    entries: Mutex<VecDeque<Entry>>,
}

impl Cached {
    pub(super) fn new(most: usize) -> Self {
        Self { most, entries: Mutex::default() }
    }

    /// The key of this salt. While one is made nobody waits, so two threads may make the same.
    pub(super) fn get_or(&self, salt: &[u8], derive: impl FnOnce() -> Zeroizing<[u8; KEY]>) -> Zeroizing<[u8; KEY]> {
        if let Some(known) = self.find(salt) {
            return known;
        }
        let derived = derive();
        let mut entries = self.entries();
        entries.truncate(self.most - 1);
        entries.push_front((salt.into(), derived.clone()));
        derived
    }

    fn find(&self, salt: &[u8]) -> Option<Zeroizing<[u8; KEY]>> {
        let mut entries = self.entries();
        let place = entries.iter().position(|(known, _)| **known == *salt)?;
        let entry = entries.remove(place)?;
        let key = entry.1.clone();
        entries.push_front(entry);
        Some(key)
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_used_stay() {
        let cached = Cached::new(2);
        let key = |byte| Zeroizing::new([byte; KEY]);
        let made = std::cell::Cell::new(0);
        let ask = |salt: u8| {
            *cached.get_or(&[salt], || {
                made.set(made.get() + 1);
                key(salt)
            })
        };
        assert_eq!((ask(1), ask(2), ask(1)), ([1; KEY], [2; KEY], [1; KEY]));
        assert_eq!(made.get(), 2);
        ask(3);
        ask(1);
        assert_eq!(made.get(), 3, "1 was used after 2");
        ask(2);
        assert_eq!(made.get(), 4);
        assert_eq!(cached.entries().len(), 2);
    }
}
