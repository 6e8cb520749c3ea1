//! The rows of a query one after the other, and never all of them in memory.

use std::fmt;
use std::marker::PhantomData;

use super::{Answer, Query, Scope, statement};
use crate::backend::{GraphConnection, Seam};
use crate::error::{Error, Result};
use crate::run;
use crate::vocabulary::Vocabulary;

impl<'g, A: Answer> Query<'g, A> {
    /// Reads the rows one after the other, and holds no more than a page of this size.
    ///
    /// SQLite reads them while they are asked for, with one statement, and so as they were when it began. PostgreSQL is
    /// asked for page after page: what others write in between is seen where the order has it still to come.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
    /// let mut keys = Vec::new();
    /// for package in graph.nodes::<Package>().stream(&mut conn, 1_000) {
    ///     keys.push(package?.key);
    /// }
    /// assert_eq!(keys, ["app", "serde", "syn"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream<'c, C: GraphConnection>(self, conn: &'c mut C, page_size: u32) -> Stream<'g, 'c, A, C> {
        let rows = match self.plan {
            Ok(plan) if plan.is_backwards() => {
                let refusal = Scope::invalid("rows before a cursor are read in pages, and not as a stream");
                Source::Refused(Some(refusal))
            }
            Err(error) => Source::Refused(Some(error)),
            Ok(mut plan) if C::Db::READS_ROW_BY_ROW => {
                let rows = plan.sample(conn).and_then(|()| statement::<A, C::Db>(&plan));
                match rows.and_then(|rows| run::Rows::new(conn, "reading rows", rows)) {
                    Ok(rows) => Source::Rows(rows, plan.graph.vocabulary),
                    Err(error) => Source::Refused(Some(error)),
                }
            }
            Ok(plan) => Source::Pages(Box::new(Pages {
                left: plan.limit.map(u64::from),
                query: Some(Self { plan: Ok(plan), of: PhantomData }),
                conn,
                size: page_size.max(1),
                read: Vec::new().into_iter(),
            })),
        };
        Stream { rows }
    }
}

/// The rows of a query, one after the other; made by [`Query::stream`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
/// let first_letters: metagraph::Result<String> =
///     graph.nodes::<Package>().stream(&mut conn, 1_000).map(|package| Ok(package?.key[..1].to_owned())).collect();
/// assert_eq!(first_letters?, "ass");
/// # Ok(())
/// # }
/// ```
pub struct Stream<'g, 'c, A, C: GraphConnection> {
    rows: Source<'g, 'c, A, C>,
}

enum Source<'g, 'c, A, C: GraphConnection> {
    Rows(run::Rows<'c, C>, &'g Vocabulary),
    Pages(Box<Pages<'g, 'c, A, C>>),
    Refused(Option<Error>),
}

impl<A, C: GraphConnection> fmt::Debug for Stream<'_, '_, A, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

impl<A: Answer, C: GraphConnection> Iterator for Stream<'_, '_, A, C> {
    type Item = Result<A>;

    fn next(&mut self) -> Option<Result<A>> {
        match &mut self.rows {
            Source::Rows(rows, vocabulary) => rows.next(|row| A::read(vocabulary, row)),
            Source::Pages(pages) => pages.next(),
            Source::Refused(error) => error.take().map(Err),
        }
    }
}

/// Rows that are read a page at a time.
struct Pages<'g, 'c, A, C> {
    query: Option<Query<'g, A>>,
    conn: &'c mut C,
    size: u32,
    /// How many rows may still be read.
    left: Option<u64>,
    read: std::vec::IntoIter<A>,
}

impl<A: Answer, C: GraphConnection> Pages<'_, '_, A, C> {
    fn next(&mut self) -> Option<Result<A>> {
        if let Some(row) = self.read.next() {
            return Some(Ok(row));
        }
        let query = self.query.take()?;
        let size = self.left.map_or(self.size, |left| self.size.min(u32::try_from(left).unwrap_or(u32::MAX)));
        if size == 0 {
            return None;
        }
        let page = match query.clone().limit(size).page(self.conn) {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        self.left = self.left.map(|left| left - u64::from(size));
        // What an offset left out is left out once.
        self.query = page.next.map(|cursor| query.offset(0).after(&cursor));
        self.read = page.items.into_iter();
        self.read.next().map(Ok)
    }
}
