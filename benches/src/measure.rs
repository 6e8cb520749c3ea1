//! Times of several peers that do the same, taken in turns: what slows the machine slows all of them.

use std::time::{Duration, Instant};

/// The time each peer takes for one operation, in each round.
#[derive(Debug, Default, Clone)]
pub struct Times(Vec<Vec<Duration>>);

impl Times {
    /// Nothing yet, of so many peers.
    pub fn of(peers: usize) -> Self {
        Self(vec![Vec::new(); peers])
    }

    /// Adds what a peer took for so many operations.
    pub fn add(&mut self, peer: usize, took: Duration, operations: usize) {
        let operations = u32::try_from(operations.max(1)).unwrap_or(u32::MAX);
        if let Some(times) = self.0.get_mut(peer) {
            times.push(took / operations);
        }
    }

    /// The median of a peer's rounds.
    pub fn median(&self, peer: usize) -> Option<Duration> {
        middle(self.0.get(peer)?.clone())
    }

    /// How many times as long as another a peer takes: the median over the rounds.
    pub fn ratio(&self, peer: usize, other: usize) -> Option<f64> {
        let rounds = self.0.get(peer)?.iter().zip(self.0.get(other)?);
        let ratios: Vec<_> = rounds.map(|(own, other)| own.as_secs_f64() / other.as_secs_f64()).collect();
        let mut sorted = ratios;
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied()
    }
}

fn middle(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

/// How long it takes.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    let answer = work();
    (answer, begin.elapsed())
}

/// The most memory that this process has had so far, in bytes; 0 where the system does not tell.
pub fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes: u64 = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0);
    kibibytes * 1024
}
