//! Changing stored rows to the next revision of their graph type.
//!
//! [`sync`](crate::sync()) by itself applies what leaves every row as it is. Everything else is an [`Evolution`]: first
//! a [`Plan`], counted on the rows that are stored, then applied in batches. What was a row of the earlier revision gets
//! its new names and goes through the upgrade function of its type, if there is one. Where it does not fit the next
//! revision then, what converts without loss is converted, and what is missing gets its default. Values are dropped and
//! made up only on request, and each loss is counted.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
//! # fn main() -> metagraph::Result<()> {
//! # let mut conn = example()?;
//! use metagraph::{Error, Evolution};
//!
//! // The stored tasks have a `name` and a number of points; the program has a `title` and text.
//! let refused = metagraph::sync::<second::Tasks, _>(&mut conn);
//! assert!(matches!(refused, Err(Error::NeedsEvolution { .. })), "rows have to change");
//!
//! let plan = Evolution::<second::Tasks>::new().plan(&mut conn)?;
//! assert!(plan.is_possible() && plan.rewritten == 1, "{plan}");
//! let applied = Evolution::<second::Tasks>::new().apply(&mut conn)?;
//! assert_eq!((applied.revision, applied.rewritten), (2, 1));
//!
//! let graph = Graph::<second::Tasks>::open(&mut conn, "home")?;
//! let tasks = graph.nodes::<second::Task>().load(&mut conn)?;
//! assert_eq!(tasks[0].value, second::Task { title: "paint".into(), points: "8".into() });
//! # Ok(())
//! # }
//! ```
//!
//! # While it is applied
//! All rows are checked first, in one transaction that lets nobody else write to graphs of the type: either every row
//! will fit, or nothing is done. Then rows are changed in batches, each a transaction of its own that also notes how far
//! it came. Until the last one, handles refuse to write with [`Error::Evolving`](crate::Error::Evolving), and reads may
//! find rows of either revision; a row whose key another one gets is found under neither until it has its own. A program that is killed on the way loses nothing: the same program, or several at once,
//! go on where it stopped.

mod apply;
mod batch;
mod plan;
mod position;
mod prepare;
mod progress;
mod rows;
mod rules;
#[cfg(feature = "encryption")]
mod seal;
mod sealed;
mod tally;
mod verify;

use std::fmt;
use std::marker::PhantomData;

use metagraph_core::GraphType;
use metagraph_core::document::CompiledType;
pub use metagraph_core::evolution::{
    Aspect, Change, Class, How, Passage, Passing, Renames, RowUpgrade, SchemaDiff, Subject, TypeDiff, UpgradedRow,
};

use self::apply::Order;
pub(crate) use self::apply::sync_alone;
pub use self::plan::{Lost, Plan, PlannedChange};
use self::prepare::Options;
use self::progress::Reporter;
pub use self::progress::{Phase, Progress};
use self::sealed::Sealing;
pub(crate) use self::sealed::needs_ring;
use crate::backend::GraphConnection;
use crate::error::Result;

const SAMPLES: usize = 5;
const BATCH: usize = 1000;

/// Changes what is stored of the graph type `G` to what the program has.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, _) = example()?;
/// use metagraph::Evolution;
///
/// let applied = Evolution::<Packages>::new().on_progress(|progress| println!("{progress}")).apply(&mut conn)?;
/// assert_eq!((applied.revision, applied.rewritten), (1, 0), "it is what the program has already");
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is done before `plan` or `apply`"]
pub struct Evolution<'p, G> {
    options: Options,
    sealings: Vec<Sealing>,
    back: bool,
    samples: usize,
    batch: usize,
    reporter: Reporter<'p>,
    of: PhantomData<fn() -> G>,
}

impl<G> fmt::Debug for Evolution<'_, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evolution").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<G> Default for Evolution<'_, G> {
    fn default() -> Self {
        Self {
            options: Options::default(),
            sealings: Vec::new(),
            back: false,
            samples: SAMPLES,
            batch: BATCH,
            reporter: Reporter(None),
            of: PhantomData,
        }
    }
}

/// What an evolution did.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let mut conn = example()?;
/// use metagraph::Evolution;
///
/// let applied = Evolution::<second::Tasks>::new().apply(&mut conn)?;
/// assert_eq!((applied.revision, applied.rewritten, applied.deleted, applied.lost), (2, 1, 0, 0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// The revision that is in force now.
    pub revision: i64,
    /// How many rows were written over.
    pub rewritten: u64,
    /// How many rows were deleted with their types, apart from edges that went with their nodes.
    pub deleted: u64,
    /// How many rows lost something.
    pub lost: u64,
}

impl<'p, G: GraphType> Evolution<'p, G> {
    /// One that loses nothing.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let mut conn = example()?;
    /// use metagraph::Evolution;
    ///
    /// let plan = Evolution::<second::Tasks>::new().plan(&mut conn)?;
    /// assert!(plan.losses.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Drops members of rows that their types do not know any more, and counts each as a loss.
    ///
    /// Unless a type refuses unknown members (`#[serde(deny_unknown_fields)]`), they may as well stay: nobody sees them.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let mut conn = example()?;
    /// use metagraph::Evolution;
    ///
    /// // What an older program wrote as extra members goes, too.
    /// let applied = Evolution::<second::Tasks>::new().drop_unknown().apply(&mut conn)?;
    /// assert_eq!(applied.lost, 0, "there were none");
    /// # Ok(())
    /// # }
    /// ```
    pub fn drop_unknown(mut self) -> Self {
        self.options.drop_unknown = true;
        self
    }

    /// Makes up what is missing, or does not fit and cannot be converted (a default, zero, the first of several values), and
    /// counts each value that is replaced as a loss.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let mut conn = example()?;
    /// use metagraph::Evolution;
    ///
    /// let plan = Evolution::<second::Tasks>::new().make_up().plan(&mut conn)?;
    /// assert!(plan.losses.is_empty(), "everything can be converted");
    /// # Ok(())
    /// # }
    /// ```
    pub fn make_up(mut self) -> Self {
        self.options.make_up = true;
        self
    }

    /// Deletes the rows of a node or edge type that the program no longer has; edges go with their nodes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let mut conn = example()?;
    /// use metagraph::Evolution;
    ///
    /// let refused = Evolution::<third::Tasks>::new().plan(&mut conn)?;
    /// assert!(!refused.is_possible(), "there is a row of a type that is gone");
    /// let applied = Evolution::<third::Tasks>::new().delete_rows_of("task").apply(&mut conn)?;
    /// assert_eq!(applied.deleted, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_rows_of(mut self, name: impl Into<String>) -> Self {
        self.options.delete.insert(name.into());
        self
    }

    /// Goes back to a revision that the type had before, too. Without a word of it, an older program that is started once
    /// more is refused, and does not take from the newer ones what they need.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let mut conn = example()?;
    /// use metagraph::{Error, Evolution};
    ///
    /// Evolution::<second::Tasks>::new().apply(&mut conn)?;
    /// let refused = Evolution::<first::Tasks>::new().plan(&mut conn);
    /// assert!(matches!(refused, Err(Error::StaleSchema { opened: 1, found: 2, .. })));
    /// let plan = Evolution::<first::Tasks>::new().back().plan(&mut conn)?;
    /// assert!(!plan.is_possible(), "what has no `name` needs one");
    /// # Ok(())
    /// # }
    /// ```
    pub fn back(mut self) -> Self {
        self.back = true;
        self
    }

    /// How many rows are changed in one transaction: 1,000 unless said otherwise.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let mut conn = example()?;
    /// use metagraph::Evolution;
    ///
    /// Evolution::<second::Tasks>::new().batch(100).apply(&mut conn)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn batch(mut self, rows: usize) -> Self {
        self.batch = rows.max(1);
        self
    }

    /// How many rows are named for each change: five unless said otherwise.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let mut conn = example()?;
    /// use metagraph::Evolution;
    ///
    /// let plan = Evolution::<third::Tasks>::new().samples(1).plan(&mut conn)?;
    /// assert!(plan.changes.iter().all(|planned| planned.samples.len() <= 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn samples(mut self, samples: usize) -> Self {
        self.samples = samples;
        self
    }

    /// What is called after every batch of rows.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let mut conn = example()?;
    /// use metagraph::Evolution;
    ///
    /// let mut told = Vec::new();
    /// Evolution::<second::Tasks>::new().on_progress(|progress| told.push(progress.to_string())).apply(&mut conn)?;
    /// assert_eq!(told[..2], ["checked 1 row", "changed 1 of 1 row"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_progress(mut self, report: impl FnMut(Progress) + 'p) -> Self {
        self.reporter = Reporter(Some(Box::new(report)));
        self
    }

    /// Looks at every row that has to change, and tells what would become of it. Nothing is written.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let mut conn = example()?;
    /// use metagraph::Evolution;
    ///
    /// let plan = Evolution::<second::Tasks>::new().plan(&mut conn)?;
    /// assert_eq!(
    ///     plan.to_string(),
    ///     "tasks: from revision 1 to 2\n  \
    ///      the graph type: version 1 became 2 (compatible)\n  \
    ///      `task` /points: it was a whole number, and is text now (migratable: 0 was valid): 1 row to change\n  \
    ///      `task` /title: it was called `name`, and is `title` now (migratable): 1 row to change\n\
    ///      1 row checked, 1 to write over, 0 to delete",
    /// );
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownGraphType`](crate::Error::UnknownGraphType) when the type is not stored,
    /// [`Error::StaleSchema`](crate::Error::StaleSchema) when the program is older than the database,
    /// [`Error::Evolving`](crate::Error::Evolving) while rows are changed.
    pub fn plan<C: GraphConnection>(mut self, conn: &mut C) -> Result<Plan> {
        let compiled = CompiledType::of::<G>()?;
        apply::plan(conn, &mut self.order(&compiled))
    }

    /// Changes the rows, or goes on with it, and returns when all is done.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let mut conn = example()?;
    /// use metagraph::Evolution;
    ///
    /// assert_eq!(Evolution::<second::Tasks>::new().apply(&mut conn)?.rewritten, 1);
    /// assert_eq!(Evolution::<second::Tasks>::new().apply(&mut conn)?.rewritten, 0, "it is done");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Batches are transactions of their own only outside of a transaction of the caller's.
    ///
    /// # Errors
    /// [`Error::Refused`](crate::Error::Refused) with the plan when rows would not fit, and nothing was done;
    /// [`Error::StaleSchema`](crate::Error::StaleSchema) when the program is older than the database;
    /// [`Error::Evolving`](crate::Error::Evolving) while rows are changed to another revision than the program's;
    /// [`Error::ForeignKeysOff`](crate::Error::ForeignKeysOff); [`Error::InvalidQuery`](crate::Error::InvalidQuery) inside
    /// of a PostgreSQL transaction that is not `READ COMMITTED`, which would not see what others wrote before.
    pub fn apply<C: GraphConnection>(mut self, conn: &mut C) -> Result<Applied> {
        let compiled = CompiledType::of::<G>()?;
        apply::apply(conn, &mut self.order(&compiled))
    }

    fn order<'o>(&'o mut self, compiled: &'o std::sync::Arc<CompiledType>) -> Order<'o, 'p> {
        let Self { options, sealings, back, samples, batch, reporter, .. } = self;
        Order { compiled, options, sealings, back: *back, samples: *samples, batch: *batch, reporter }
    }
}
