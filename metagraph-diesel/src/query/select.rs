//! Reading some values of each row instead of all of it.

use std::fmt;
use std::marker::PhantomData;

use diesel::deserialize;
use diesel::row::Row;
use metagraph_core::Element;
use metagraph_core::query::source::{Source, Step};
use metagraph_core::query::{Projection, SelectedRow, Selection};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::explain::{Explanation, explain};
use super::expression::{ReadAs, Scope};
use super::page::{Page, Paged, keys_after, position};
use super::plan::Plan;
use super::{Answer, Query};
use crate::backend::{GraphConnection, Seam};
use crate::error::{DecodeFailure, Error, Result};
use crate::record;
use crate::run;
use crate::statement::Statement;

/// A query that reads some fields of each row; made by [`Query::select`] and [`Query::project`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// graph.insert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
/// let pairs = graph.nodes::<Package>().select(|p| (p.id, p.downloads)).load(&mut conn)?;
/// assert_eq!(pairs, [("serde".to_owned(), 7)]);
/// # Ok(())
/// # }
/// ```
#[must_use = "a query does nothing until it is read"]
pub struct Selected<'g, A, S> {
    query: Query<'g, A>,
    selection: S,
}

impl<A, S> fmt::Debug for Selected<'_, A, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Selected").field("query", &self.query).finish_non_exhaustive()
    }
}

impl<'g, A: Answer> Query<'g, A> {
    /// Reads these fields of each row instead of all of it: one, or a tuple.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let (from, to) = (Package::F.id.at_source(), Package::F.id.at_target());
    /// let edges = graph.edges::<DependsOn>().select(|needs| (from, to, needs.optional)).load(&mut conn)?;
    /// assert_eq!(edges, [("app".to_owned(), "serde".to_owned(), true)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn select<S>(self, selection: impl FnOnce(<A::Of as Element>::Fields) -> S) -> Selected<'g, A, S>
    where
        A::Of: Element,
        S: Selection<A::Of>,
    {
        Selected { query: self, selection: selection(A::Of::F) }
    }

    /// Reads each row as a struct that has some of its fields.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// #[derive(Debug, PartialEq, GraphType)]
    /// #[graph(projection(of = Package))]
    /// # #[graph(crate = "metagraph_core")]
    /// struct Fame {
    ///     downloads: u32,
    /// }
    ///
    /// graph.insert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
    /// assert_eq!(graph.nodes::<Package>().project::<Fame>().load(&mut conn)?, [Fame { downloads: 7 }]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn project<P>(self) -> Selected<'g, A, Projected<A::Of, P>>
    where
        P: Projection<A::Of>,
    {
        Selected { query: self, selection: Projected(PhantomData) }
    }
}

/// The selection of what a projection needs, read as that projection.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// #[derive(Debug, PartialEq, GraphType)]
/// #[graph(projection(of = DependsOn), crate = "metagraph_core")]
/// struct Need {
///     optional: bool,
/// }
///
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// let needs: Vec<Need> = graph.edges::<DependsOn>().project().load(&mut conn)?;
/// assert_eq!(needs, [Need { optional: false }]);
/// # Ok(())
/// # }
/// ```
pub struct Projected<O, P>(PhantomData<fn() -> (O, P)>);

impl<O, P> fmt::Debug for Projected<O, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Projected")
    }
}

impl<O, P> Clone for Projected<O, P> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<O, P: Projection<O>> Selection<O> for Projected<O, P> {
    type Output = P;

    fn sources(&self) -> Vec<Source> {
        P::fields().sources()
    }

    fn read<R: SelectedRow>(row: &mut R) -> Result<P, R::Error> {
        P::Fields::read(row).map(P::build)
    }
}

impl<A: Answer, S: Selection<A::Of>> Selected<'_, A, S> {
    /// Reads the fields of the rows.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
    /// let ids = graph.nodes::<Package>().order_by(|p| p.id.desc()).select(|p| p.id).load(&mut conn)?;
    /// assert_eq!(ids, ["serde", "app"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`] when a stored value does not fit, [`Error::InvalidQuery`] when a part of the query cannot be
    /// asked.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<S::Output>> {
        let plan = self.query.into_plan()?;
        let (statement, reads) = statement(&plan, &self.selection.sources())?;
        let element = A::name();
        let mut rows = run::each(conn, "reading fields", statement, |row| {
            S::read(&mut FieldsOf { row, reads: &reads, first: 0, at: 0, element: &element, of: PhantomData::<C::Db> })
        })?;
        if plan.is_backwards() {
            rows.reverse();
        }
        Ok(rows)
    }

    /// Reads the fields of the first row, if there is one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
    /// let last = graph.nodes::<Package>().order_by(|p| p.id.desc()).select(|p| p.id).first(&mut conn)?;
    /// assert_eq!(last.as_deref(), Some("serde"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Selected::load`].
    pub fn first<C: GraphConnection>(self, conn: &mut C) -> Result<Option<S::Output>> {
        Ok(Selected { query: self.query.at_most(1), ..self }.load(conn)?.pop())
    }

    /// Reads the fields of the one row there is.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
    /// let downloads = graph.nodes::<Package>().filter(|p| p.id.eq("app")).select(|p| p.downloads).one(&mut conn)?;
    /// assert_eq!(downloads, 0);
    /// assert!(graph.nodes::<Package>().select(|p| p.id).one(&mut conn).is_err(), "there are two");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotOne`] when there is none, or more than one; else as [`Selected::load`].
    pub fn one<C: GraphConnection>(self, conn: &mut C) -> Result<S::Output> {
        let mut rows = Selected { query: self.query.at_most(2), ..self }.load(conn)?;
        match (rows.pop(), rows.pop()) {
            (Some(one), None) => Ok(one),
            (found, _) => Err(Error::NotOne { element: A::name(), several: found.is_some() }),
        }
    }

    /// Reads a page of the fields, with cursors to go on from; they belong to the query, whatever is selected of it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
    /// let by_name = || graph.nodes::<Package>().order_by(|p| p.id.asc()).limit(2);
    /// let first = by_name().select(|p| p.id).page(&mut conn)?;
    /// assert_eq!(first.items, ["app", "serde"]);
    /// let second = by_name().after(&first.next.unwrap()).select(|p| p.id).page(&mut conn)?;
    /// assert_eq!((second.items, second.next), (vec!["syn".to_owned()], None));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidCursor`] when the cursor belongs to another query; else as [`Selected::load`].
    pub fn page<C: GraphConnection>(self, conn: &mut C) -> Result<Page<S::Output>> {
        let sources = self.selection.sources();
        let paged = Paged::new(self.query.into_plan()?);
        let plan = &paged.plan;
        let scope = plan.scope()?;
        // The id comes first, as in whole rows, and the keys of the order last.
        let id = Statement::new("SELECT ").printed(format!("{}.id, ", scope.alias));
        let (statement, reads) = columns(&scope, id, &sources, 0)?;
        let statement = keys_after(statement, &scope, &plan.order)?.sql(" FROM ");
        let needed: Vec<_> = sources.iter().chain(plan.order_sources()).collect();
        let statement = plan.ordered(plan.from(statement, &needed)?)?;
        let element = A::name();
        let rows = run::each(conn, "reading a page of fields", statement, |row| {
            let place = position(row, 1 + reads.len(), &plan.order)?;
            let fields =
                &mut FieldsOf { row, reads: &reads, first: 1, at: 0, element: &element, of: PhantomData::<C::Db> };
            Ok((S::read(fields)?, place))
        })?;
        Ok(paged.page(rows))
    }

    /// How the database would run what [`Selected::load`] runs.
    ///
    /// # Errors
    /// [`Error::InvalidQuery`] when a part of the query cannot be asked.
    pub fn explain<C: GraphConnection>(self, conn: &mut C) -> Result<Explanation> {
        let plan = self.query.into_plan()?;
        explain(conn, statement(&plan, &self.selection.sources())?.0)
    }

    /// The statement that [`Selected::load`] runs, with placeholders for what is bound.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let sql = graph.nodes::<Package>().select(|p| p.downloads).to_sql(&conn)?;
    /// assert!(sql.contains("downloads") && !sql.contains("created_at"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`] when a part of the query cannot be asked.
    pub fn to_sql<C: GraphConnection>(self, _: &C) -> Result<String> {
        let plan = self.query.into_plan()?;
        Ok(format!("{:?}", statement::<C::Db>(&plan, &self.selection.sources())?.0))
    }
}

fn statement<'a, Db: Seam>(plan: &Plan<'_>, sources: &[Source]) -> Result<(Statement<'a, Db>, Vec<Read>)> {
    let scope = plan.scope()?;
    let (statement, reads) = columns(&scope, Statement::new("SELECT "), sources, 0)?;
    let needed: Vec<_> = sources.iter().chain(plan.order_sources()).collect();
    let statement = plan.from(statement.sql(" FROM "), &needed)?;
    Ok((plan.ordered(statement)?, reads))
}

/// Appends the columns that hold values, the first `keys` of them to be grouped by, and says how each is read.
pub(super) fn columns<'a, Db: Seam>(
    scope: &Scope<'_>,
    statement: Statement<'a, Db>,
    sources: &[Source],
    keys: usize,
) -> Result<(Statement<'a, Db>, Vec<Read>)> {
    let mut statement = statement;
    let mut reads = Vec::with_capacity(sources.len());
    for (place, source) in sources.iter().enumerate() {
        let separated = if place == 0 { statement } else { statement.sql(", ") };
        let (selected, read) =
            if place < keys { scope.selected_key(separated, source)? } else { scope.selected(separated, source)? };
        statement = selected;
        reads.push(Read { how: read, name: named(source) });
    }
    Ok((statement, reads))
}

/// A selected value: how it is read, and how errors name it.
pub(super) struct Read {
    how: ReadAs,
    name: String,
}

/// The attribute that a value comes from, as errors name it.
fn named(source: &Source) -> String {
    match source {
        Source::Attribute(path) => {
            let path = path.steps().iter().fold(String::new(), |path, step| match step {
                Step::Member(name) if path.is_empty() => name.to_string(),
                Step::Member(name) => format!("{path}.{name}"),
                Step::Element(place) => format!("{path}[{place}]"),
            });
            format!("`{path}`")
        }
        Source::AtEnd(_, _, inner) | Source::Aggregate(_, _, inner) => named(inner),
        _ => "value".to_owned(),
    }
}

/// The values of a row, from the column `at` on.
pub(super) struct FieldsOf<'r, Row, Db> {
    pub(super) row: &'r Row,
    pub(super) reads: &'r [Read],
    /// The column of the first value.
    pub(super) first: usize,
    pub(super) at: usize,
    pub(super) element: &'r str,
    pub(super) of: PhantomData<Db>,
}

impl<'a, R: Row<'a, Db>, Db: Seam> SelectedRow for FieldsOf<'_, R, Db> {
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn next<T: DeserializeOwned>(&mut self) -> deserialize::Result<T> {
        let read = self.reads.get(self.at).ok_or("more values are read than were selected")?;
        let at = self.first + self.at;
        self.at += 1;
        let value = match read.how {
            ReadAs::Json => {
                record::optional_json::<Db, _>(self.row, at, |text| Ok(serde_json::from_str(text.unwrap_or("null"))))?
            }
            ReadAs::Number => record::optional_number::<Db, _>(self.row, at, |text| match text {
                // SQLite sums up to infinity, where PostgreSQL refuses.
                Some("null") => Err("the result is beyond floating point numbers".into()),
                text => Ok(serde_json::from_str(text.unwrap_or("null"))),
            })?,
            ReadAs::Integer => of(record::optional_integer::<Db>(self.row, at)?),
            ReadAs::Text => of(record::optional_text::<Db>(self.row, at)?),
            ReadAs::TimeText => of(record::optional_text::<Db>(self.row, at)?.map(|text| text + "Z")),
            ReadAs::Flag => of(record::optional_flag::<Db>(self.row, at)?),
            ReadAs::Time => of(record::optional_time::<Db>(self.row, at)?.map(|time| time.to_string())),
        };
        value.map_err(|source| DecodeFailure { element: format!("{} of {}", read.name, self.element), source }.into())
    }
}

/// Reads a value that the database did not keep as JSON.
fn of<T: DeserializeOwned>(value: Option<impl Into<Value>>) -> Result<T, serde_json::Error> {
    serde_json::from_value(value.map_or(Value::Null, Into::into))
}
