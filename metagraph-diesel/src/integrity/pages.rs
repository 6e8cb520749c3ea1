//! How many rows are read at once: fewer where they are large, so that a page takes a bounded part of memory.

/// The most rows of a page.
const MOST: usize = 500;

/// What a page should take, in bytes of attributes.
const BYTES: usize = 4 << 20;

pub(super) struct Pages {
    size: usize,
}

impl Pages {
    pub(super) fn new() -> Self {
        Self { size: MOST }
    }

    pub(super) fn size(&self) -> i64 {
        i64::try_from(self.size).unwrap_or(i64::MAX)
    }

    /// Takes in how large a page was, and tells whether it was the last.
    pub(super) fn was_last(&mut self, rows: usize, bytes: usize) -> bool {
        let last = rows < self.size;
        let mean = bytes / rows.max(1);
        self.size = (BYTES / mean.max(1)).clamp(1, MOST);
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_rows_come_in_small_pages() {
        let mut pages = Pages::new();
        assert!(!pages.was_last(MOST, MOST * (1 << 20)));
        assert_eq!(pages.size(), 4);
        assert!(!pages.was_last(4, 4 * (64 << 20)));
        assert_eq!(pages.size(), 1);
        assert!(!pages.was_last(1, 100));
        assert_eq!(pages.size(), 500);
        assert!(pages.was_last(499, 0));
    }
}
