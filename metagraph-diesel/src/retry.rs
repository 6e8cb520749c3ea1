//! Transactions that are repeated when somebody else was in the way.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::thread;
use std::time::Duration;

use crate::backend::GraphConnection;
use crate::error::Error;
use crate::guard;
use crate::run::{self, Ended};

/// Repeats a transaction while its failure is transient: a busy database, a deadlock, a serialization failure, a row that
/// somebody else wrote since it was read.
///
/// Each attempt runs the closure from its beginning in a new transaction, so it has to read what it decides by inside.
/// What it did to the database is taken back before it runs again; what it did elsewhere is not: a message that was sent,
/// a file, a counter in memory. Do that after the transaction, with what it returns.
///
/// On SQLite the transaction takes the write lock before the closure runs, so that what the closure reads is still true
/// when it writes. A transaction that begins with reading, as Diesel's does, cannot write any more once somebody else has
/// written meanwhile, however long it waits. So use this for what writes, and read outside of it where you only read.
/// On PostgreSQL the transaction has the isolation level that the connection's session has; a closure can begin with
/// `SET TRANSACTION ISOLATION LEVEL SERIALIZABLE`.
///
/// Nothing is repeated
/// - inside of a transaction that is open already: only the outermost one can begin anew, so there the closure runs once;
/// - after a lost connection: what it was to say of a commit that was under way, nobody heard. See
///   [`Error::is_connection_lost`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// use metagraph::Retry;
///
/// let downloads = Retry::default().transaction(&mut conn, |conn| -> metagraph::Result<u32> {
///     let node = graph.get(conn, serde)?.expect("it is stored");
///     let counted = Package { downloads: node.value.downloads + 1, ..node.value };
///     graph.replace(conn, serde, &counted)?;
///     graph.upsert_edge(conn, app, serde, &DependsOn { optional: false })?;
///     Ok(counted.downloads)
/// })?;
/// assert_eq!(downloads, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "it does nothing before `transaction`"]
pub struct Retry {
    attempts: u32,
    first_pause: Duration,
    longest_pause: Duration,
    jitter: bool,
}

/// Ten attempts, with pauses that double from 5 milliseconds to half a second, each shortened by chance.
impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 10,
            first_pause: Duration::from_millis(5),
            longest_pause: Duration::from_millis(500),
            jitter: true,
        }
    }
}

impl Retry {
    /// How often a transaction runs at most; once at least.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// use metagraph::{Error, Retry};
    ///
    /// let mut runs = 0;
    /// let outcome = Retry::default().attempts(3).transaction(&mut conn, |conn| {
    ///     runs += 1;
    ///     graph.update_if(conn, serde, 7, |package| package.downloads = 0) // it is at version 1
    /// });
    /// assert!(matches!(outcome, Err(Error::Stale { expected: 7, found: 1, .. })));
    /// assert_eq!(runs, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub const fn attempts(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// How long to wait before the second attempt; before each one after it twice as long as before the last.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use std::time::Duration;
    ///
    /// let patient = metagraph::Retry::default().first_pause(Duration::from_millis(50));
    /// assert_ne!(patient, metagraph::Retry::default());
    /// ```
    pub const fn first_pause(self, first_pause: Duration) -> Self {
        Self { first_pause, ..self }
    }

    /// How long to wait at most between two attempts.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use std::time::Duration;
    ///
    /// let impatient = metagraph::Retry::default().longest_pause(Duration::from_millis(20));
    /// assert_ne!(impatient, metagraph::Retry::default());
    /// ```
    pub const fn longest_pause(self, longest_pause: Duration) -> Self {
        Self { longest_pause, ..self }
    }

    /// Waits exactly that long. Otherwise each pause is between half of it and all of it, so that those who were in each
    /// other's way do not meet again.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// let exact = metagraph::Retry::default().without_jitter();
    /// assert_ne!(exact, metagraph::Retry::default());
    /// ```
    pub const fn without_jitter(self) -> Self {
        Self { jitter: false, ..self }
    }

    /// Runs `work` in a transaction, and again while its failure is transient and attempts are left.
    ///
    /// The closure's error may be [`Error`], or the application's own, if it is [`Transient`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// use metagraph::{Error, Retry, Transient};
    ///
    /// #[derive(Debug)]
    /// enum Refusal {
    ///     Unpopular,
    ///     Graph(Error),
    /// }
    ///
    /// impl From<Error> for Refusal {
    ///     fn from(error: Error) -> Self {
    ///         Self::Graph(error)
    ///     }
    /// }
    ///
    /// impl From<diesel::result::Error> for Refusal {
    ///     fn from(error: diesel::result::Error) -> Self {
    ///         Self::Graph(error.into())
    ///     }
    /// }
    ///
    /// impl Transient for Refusal {
    ///     fn is_transient(&self) -> bool {
    ///         matches!(self, Self::Graph(error) if error.is_transient())
    ///     }
    /// }
    ///
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let outcome = Retry::default().transaction(&mut conn, |conn| {
    ///     let serde = graph.insert(conn, &package("serde"))?;
    ///     match graph.get(conn, serde)?.map_or(0, |node| node.value.downloads) {
    ///         0 => Err(Refusal::Unpopular),
    ///         _ => Ok(serde),
    ///     }
    /// });
    /// assert!(matches!(outcome, Err(Refusal::Unpopular)));
    /// assert_eq!(graph.nodes::<Package>().count(&mut conn)?, 0, "nothing of it is stored");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the last attempt failed with. Where SQLite has taken a transaction back by itself, as it does when there is no
    /// room, this tells the reason, and Diesel's own `transaction` only that there was nothing to take back.
    pub fn transaction<C: GraphConnection, T, E: Transient>(
        &self,
        conn: &mut C,
        mut work: impl FnMut(&mut C) -> Result<T, E>,
    ) -> Result<T, E> {
        if run::is_in_transaction(conn) {
            return once(conn, work);
        }
        let mut attempt = 1;
        loop {
            match once(conn, &mut work) {
                Err(error) if attempt < self.attempts && error.is_transient() && !run::is_broken(conn) => {
                    thread::sleep(self.pause(attempt));
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// How long to wait after an attempt.
    fn pause(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let pause = self.first_pause.saturating_mul(doubled).min(self.longest_pause);
        // The standard library has no other source of chance.
        let chance = RandomState::new().build_hasher().finish() % 1024;
        let part = if self.jitter { 512 + u32::try_from(chance / 2).unwrap_or(0) } else { 1024 };
        pause.saturating_mul(part) / 1024
    }
}

fn once<C: GraphConnection, T, E: Transient>(
    conn: &mut C,
    mut work: impl FnMut(&mut C) -> Result<T, E>,
) -> Result<T, E> {
    let outcome = run::ended(conn, |conn| {
        match guard::begin_write(conn) {
            // Without our tables there is nothing of ours to wait for.
            Ok(()) | Err(Error::NotMigrated { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        work(conn)
    });
    outcome.map_err(|ended| match ended {
        Ended::Work(error) => error,
        Ended::Transaction(error) => error.into(),
    })
}

/// An error of a transaction that [`Retry`] runs: it takes in those of the database, and says whether to try again.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::{Error, Transient};
///
/// fn again<E: Transient>(error: &E) -> bool {
///     error.is_transient()
/// }
///
/// let late = Error::Stale { element: "package".into(), id: 7, expected: 1, found: 2 };
/// assert!(again(&late));
/// assert!(!again(&Error::ForeignKeysOff));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether a transaction that failed with it is to be repeated",
    note = "return `metagraph::Error`, or implement `metagraph::Transient` for your own error",
    note = "it also needs `From<metagraph::Error>` and `From<diesel::result::Error>`"
)]
pub trait Transient: From<Error> + From<diesel::result::Error> {
    /// Whether the transaction may succeed when it is repeated: as a rule what [`Error::is_transient`] says of the error
    /// inside.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use metagraph::{Error, Transient};
    ///
    /// assert!(!Transient::is_transient(&Error::ForeignKeysOff));
    /// ```
    fn is_transient(&self) -> bool;
}

impl Transient for Error {
    fn is_transient(&self) -> bool {
        self.is_transient()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let retry = Retry::default().first_pause(Duration::from_millis(10)).longest_pause(Duration::from_millis(50));
        let exact = retry.without_jitter();
        let pauses: Vec<_> = (1..=5).map(|attempt| exact.pause(attempt).as_millis()).collect();
        assert_eq!(pauses, [10, 20, 40, 50, 50]);
        assert_eq!(exact.pause(u32::MAX).as_millis(), 50);
        let shortened: Vec<_> = (0..100).map(|_| retry.pause(2)).collect();
        assert!(shortened.iter().all(|pause| (10..=20).contains(&pause.as_millis())), "{shortened:?}");
        assert!(shortened.iter().any(|pause| *pause != shortened[0]), "{shortened:?}");
    }
}
