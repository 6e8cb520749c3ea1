//! What a query answers with: all rows, the first, the only one, how many, and how it would be asked.

use super::{Answer, Explanation, Query, explain, statement};
use crate::backend::GraphConnection;
use crate::error::{Error, Result};
use crate::run;
use crate::statement::Statement;

impl<A: Answer> Query<'_, A> {
    /// Reads the rows.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, [package("serde"), package("app")])?;
    /// let packages = graph.nodes::<Package>().load(&mut conn)?;
    /// let keys: Vec<_> = packages.iter().map(|node| node.key.as_str()).collect();
    /// assert_eq!(keys, ["serde", "app"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`] when stored attributes do not fit the type, [`Error::InvalidQuery`] when a part of the query
    /// cannot be asked.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<A>> {
        let plan = self.plan?;
        let statement = statement::<A, C::Db>(&plan)?;
        let mut rows = run::each(conn, "reading rows", statement, |row| A::read(plan.graph.vocabulary, row))?;
        if plan.is_backwards() {
            rows.reverse();
        }
        Ok(rows)
    }

    /// Reads the first row, if there is one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
    /// let last = graph.nodes::<Package>().order_by(|p| p.id.desc()).first(&mut conn)?;
    /// assert_eq!(last.unwrap().key, "serde");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Query::load`].
    pub fn first<C: GraphConnection>(self, conn: &mut C) -> Result<Option<A>> {
        Ok(self.at_most(1).load(conn)?.pop())
    }

    /// Reads the one row there is.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
    /// let serde = graph.nodes::<Package>().filter(|p| p.id.ends_with("de")).one(&mut conn)?;
    /// assert_eq!(serde.key, "serde");
    /// let error = graph.nodes::<Package>().one(&mut conn).unwrap_err();
    /// assert_eq!(error.to_string(), "expected one package, found several");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotOne`] when there is none, or more than one; else as [`Query::load`].
    pub fn one<C: GraphConnection>(self, conn: &mut C) -> Result<A> {
        let mut rows = self.at_most(2).load(conn)?;
        match (rows.pop(), rows.pop()) {
            (Some(one), None) => Ok(one),
            (found, _) => Err(Error::NotOne { element: A::name(), several: found.is_some() }),
        }
    }

    /// Counts the rows that [`Query::load`] would read.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// assert_eq!(graph.nodes::<Person>().count(&mut conn)?, 1);
    /// assert_eq!(graph.nodes::<Package>().count(&mut conn)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`] when a part of the query cannot be asked.
    pub fn count<C: GraphConnection>(self, conn: &mut C) -> Result<i64> {
        let plan = self.plan?;
        let statement = if plan.is_bounded() {
            let rows = plan.from(Statement::new("SELECT count(*) FROM (SELECT 1 FROM "), &plan.order_sources())?;
            plan.ordered(rows)?.sql(") AS counted")
        } else {
            plan.from(Statement::new("SELECT count(*) FROM "), &[])?
        };
        Ok(run::optional(conn, "counting rows", statement)?.unwrap_or(0))
    }

    /// Whether there is any such row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert(&mut conn, &package("serde"))?;
    /// assert!(graph.nodes::<Package>().filter(|p| p.id.eq("serde")).exists(&mut conn)?);
    /// assert!(!graph.nodes::<Package>().filter(|p| p.id.eq("syn")).exists(&mut conn)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`] when a part of the query cannot be asked.
    pub fn exists<C: GraphConnection>(self, conn: &mut C) -> Result<bool> {
        let mut plan = self.at_most(1).plan?;
        if plan.page.is_none() {
            // No order decides whether there is one; only a cursor is a place in it.
            plan.order.clear();
        }
        let scope = plan.scope()?;
        let statement =
            plan.from(Statement::new("SELECT ").printed(format!("{}.id FROM ", scope.alias)), &plan.order_sources())?;
        let found: Option<i64> = run::optional(conn, "looking for a row", statement.limited(plan.limit, plan.offset))?;
        Ok(found.is_some())
    }

    /// The statement that [`Query::load`] runs, with placeholders for what is bound.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let sql = graph.nodes::<Package>().filter(|p| p.downloads.ge(7)).to_sql(&conn)?;
    /// assert!(sql.contains("n.attributes ->> '$.\"downloads\"' END) >= ?"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`] when a part of the query cannot be asked.
    pub fn to_sql<C: GraphConnection>(&self, _: &C) -> Result<String> {
        Ok(format!("{:?}", statement::<A, C::Db>(self.planned()?)?))
    }

    /// How the database would run what [`Query::load`] runs: which indexes it uses, and what it scans.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let explanation = graph.nodes::<Package>().filter(|p| p.downloads.ge(7)).explain(&mut conn)?;
    /// assert!(explanation.to_string().contains("__metagraph_nodes") || explanation.mentions("SEARCH n"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`] when a part of the query cannot be asked.
    pub fn explain<C: GraphConnection>(&self, conn: &mut C) -> Result<Explanation> {
        let statement = statement::<A, C::Db>(self.planned()?)?;
        explain(conn, statement)
    }
}
