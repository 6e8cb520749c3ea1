//! Pages: a few rows, and where to go on in both directions.

use std::marker::PhantomData;

use diesel::deserialize;
use diesel::row::Row;
use metagraph_core::query::Kind;
use metagraph_core::query::literal::Literal;
use metagraph_core::query::order::OrderKey;

use super::cursor::Cursor;
use super::expression::Scope;
use super::plan::{Beyond, Plan, Position};
use super::{Answer, Query};
use crate::backend::{GraphConnection, Seam};
use crate::error::Result;
use crate::record;
use crate::run;
use crate::statement::Statement;

/// How many rows a page has where nobody said.
const DEFAULT: u32 = 100;

/// Some rows of a query, and cursors to the ones before and after.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
/// let pages = || graph.nodes::<Package>().order_by(|p| p.downloads.asc()).limit(2);
///
/// let first = pages().page(&mut conn)?;
/// assert_eq!((first.items.len(), first.previous.is_some()), (2, false));
/// let second = pages().after(&first.next.clone().unwrap()).page(&mut conn)?;
/// assert_eq!((second.items.len(), second.next.is_some()), (1, false));
/// assert_eq!(pages().before(&second.previous.unwrap()).page(&mut conn)?.items, first.items);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Page<A> {
    /// The rows.
    pub items: Vec<A>,
    /// Where the rows after these begin; `None` where there are none.
    pub next: Option<Cursor>,
    /// Where the rows before these end; `None` where there are none.
    pub previous: Option<Cursor>,
}

impl<A: Answer> Query<'_, A> {
    /// Only rows after a cursor.
    ///
    /// A cursor of another query is refused when this one is read.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
    /// let by_name = || graph.nodes::<Package>().order_by(|p| p.id.asc()).limit(2);
    /// let first = by_name().page(&mut conn)?;
    /// assert_eq!(by_name().after(&first.next.unwrap()).load(&mut conn)?[0].key, "syn");
    /// # Ok(())
    /// # }
    /// ```
    pub fn after(self, cursor: &Cursor) -> Self {
        self.beyond(Beyond::After, cursor)
    }

    /// Only rows before a cursor: the last ones of them, where there is a limit.
    ///
    /// A cursor of another query is refused when this one is read.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
    /// let by_name = || graph.nodes::<Package>().order_by(|p| p.id.asc()).limit(1);
    /// let first = by_name().page(&mut conn)?;
    /// let second = by_name().after(&first.next.unwrap()).page(&mut conn)?;
    /// assert_eq!(by_name().before(&second.previous.unwrap()).load(&mut conn)?[0].key, "app");
    /// # Ok(())
    /// # }
    /// ```
    pub fn before(self, cursor: &Cursor) -> Self {
        self.beyond(Beyond::Before, cursor)
    }

    fn beyond(self, beyond: Beyond, cursor: &Cursor) -> Self {
        let plan = self.plan.and_then(|plan| match plan.page {
            Some((known, _)) if known != beyond => {
                Err(Scope::invalid("rows are either after a cursor or before one, and not between two"))
            }
            _ => Ok(Plan { page: Some((beyond, cursor.clone())), ..plan }),
        });
        Self { plan, of: PhantomData }
    }

    /// Reads as many rows as [`Query::limit`] says, or 100, with cursors to go on from.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
    /// let page = graph.nodes::<Package>().limit(2).page(&mut conn)?;
    /// assert_eq!(page.items.len(), 2);
    /// assert!(page.next.is_some() && page.previous.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidCursor`](crate::Error::InvalidCursor) when the cursor belongs to another query; else as
    /// [`Query::load`].
    pub fn page<C: GraphConnection>(self, conn: &mut C) -> Result<Page<A>> {
        let paged = Paged::new(self.into_plan()?);
        let plan = &paged.plan;
        let scope = plan.scope()?;
        let columns = Statement::new(A::COLUMNS.strip_suffix(" FROM ").unwrap_or(A::COLUMNS));
        let statement = keys_after(columns, &scope, &plan.order)?.sql(" FROM ");
        let statement = plan.ordered(plan.from(statement, &plan.order_sources())?)?;
        let rows = run::each(conn, "reading a page", statement, |row| {
            let answer = A::read(plan.graph.vocabulary, row)?;
            Ok((answer, position(row, A::WIDTH, &plan.order)?))
        })?;
        Ok(paged.page(rows))
    }
}

/// A query whose rows are read as a page.
pub(super) struct Paged<'g> {
    pub(super) plan: Plan<'g>,
    size: usize,
}

impl<'g> Paged<'g> {
    pub(super) fn new(mut plan: Plan<'g>) -> Self {
        let size = plan.limit.unwrap_or(DEFAULT);
        // One more than asked tells whether there are more.
        plan.limit = Some(size.saturating_add(1));
        Self { plan, size: usize::try_from(size).unwrap_or(usize::MAX) }
    }

    /// The page of the rows that were read, each with its position.
    pub(super) fn page<T>(&self, mut rows: Vec<(T, Position)>) -> Page<T> {
        let more = rows.len() > self.size;
        rows.truncate(self.size);
        let beyond = self.plan.page.as_ref().map(|(beyond, _)| *beyond);
        if beyond == Some(Beyond::Before) {
            rows.reverse();
        }
        let cursor = |row: Option<&(T, Position)>| row.map(|(_, position)| Cursor::new(&self.plan, position.clone()));
        let (first, last) = (cursor(rows.first()), cursor(rows.last()));
        let (next, previous) = match beyond {
            None => (last.filter(|_| more), first.filter(|_| self.plan.offset > 0)),
            // Where one came from there is the row that the cursor stood for.
            Some(Beyond::After) => (last.filter(|_| more), first),
            Some(Beyond::Before) => (last, first.filter(|_| more)),
        };
        Page { items: rows.into_iter().map(|(item, _)| item).collect(), next, previous }
    }
}

/// Puts the order's keys behind the columns of a read.
pub(super) fn keys_after<'a, Db: Seam>(
    statement: Statement<'a, Db>,
    scope: &Scope<'_>,
    order: &[OrderKey],
) -> Result<Statement<'a, Db>> {
    let mut statement = statement;
    for key in order {
        let (before, after) = if is_number(key) { Db::NUMBER_TEXT } else { ("", "") };
        statement = scope.value(statement.sql(", ").sql(before), &key.source, key.kind)?.sql(after);
    }
    Ok(statement)
}

fn number(text: &str) -> Option<Literal> {
    let integer = text.parse().map(Literal::Integer).or_else(|_| text.parse().map(Literal::Unsigned)).ok();
    integer.or_else(|| text.parse().map(Literal::Float).ok())
}

fn is_number(key: &OrderKey) -> bool {
    key.kind == Kind::Number && !Scope::is_column_time(&key.source)
}

/// Reads where a row is in the order: its id is the first column, its keys are behind `width`.
pub(super) fn position<'a, Db: Seam>(
    row: &impl Row<'a, Db>,
    width: usize,
    order: &[OrderKey],
) -> deserialize::Result<Position> {
    let value = |(place, key): (usize, &OrderKey)| {
        let at = width + place;
        if Scope::is_column_time(&key.source) {
            return Ok(record::optional_time::<Db>(row, at)?.map(|time| Literal::Text(time.to_string())));
        }
        Ok(match key.kind {
            Kind::Text => record::optional_text::<Db>(row, at)?.map(Literal::Text),
            Kind::Flag => record::optional_flag::<Db>(row, at)?.map(Literal::Flag),
            Kind::Number => record::optional_number::<Db, _>(row, at, |text| Ok(text.and_then(number)))?,
        })
    };
    let values: deserialize::Result<Vec<_>> = order.iter().enumerate().map(value).collect();
    Ok(Position { values: values?, id: record::integer::<Db>(row, 0)? })
}
