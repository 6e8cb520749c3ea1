//! What a graph and a connection must allow before anything is written: why they refuse, and whose turn it is.
//!
//! That a graph takes writes is asked inside the statement that writes ([`crate::batch::guarded`]); here is said why not.

use crate::backend::{GraphConnection, Seam};
use crate::batch::Target;
use crate::error::{Error, Result};
use crate::record::{self, Record};
use crate::run;
use crate::statement::{Bind, Statement, Uid};

struct Found {
    name: String,
    status: String,
    graph_type: String,
    /// The one that the graph's rows are of.
    revision: i64,
}

impl Record for Found {
    fn read<'a, Db: Seam>(row: &impl diesel::row::Row<'a, Db>) -> diesel::deserialize::Result<Self> {
        Ok(Self {
            name: record::text(row, 0)?,
            status: record::text(row, 1)?,
            graph_type: record::text(row, 2)?,
            revision: record::integer(row, 3)?,
        })
    }
}

/// Says why a graph refuses writes; `Ok` when it does not.
pub(crate) fn explain<C: GraphConnection>(conn: &mut C, target: Target) -> Result<()> {
    let statement = Statement::new(
        "SELECT g.name, g.status, t.name, g.revision FROM __metagraph_graphs AS g \
         JOIN __metagraph_graph_types AS t ON t.id = g.graph_type_id WHERE g.id = ",
    )
    .integer(target.graph)
    .sql(" AND g.uid = ")
    .bind(Bind::Uid(Uid(target.uid)));
    let found: Option<Found> = run::optional(conn, "reading the graph", statement)?;
    match found {
        None => Err(Error::GraphNotFound { graph: target.graph.to_string() }),
        Some(found) if found.status == "archived" => Err(Error::GraphArchived { graph: found.name }),
        Some(found) if found.revision == Target::EVOLVING => Err(Error::Evolving { graph_type: found.graph_type }),
        Some(found) if found.revision != target.revision => {
            Err(Error::StaleSchema { graph_type: found.graph_type, opened: target.revision, found: found.revision })
        }
        Some(_) => Ok(()),
    }
}

/// Makes other guarded writers of the graph wait until this transaction ends.
///
/// A lock alone would not do: under a snapshot isolation level the writer that waited must fail, and only a changed row
/// makes it.
pub(crate) fn serialize<C: GraphConnection>(conn: &mut C, target: Target) -> Result<()> {
    // Also of an archived graph: it may take writes again before this one is under way.
    let statement = Statement::new("UPDATE __metagraph_graphs SET guarded_writes = guarded_writes + 1 WHERE id = ")
        .integer(target.graph)
        .sql(" AND uid = ")
        .bind(Bind::Uid(Uid(target.uid)));
    if run::execute(conn, "taking turns with other writers of the graph", statement)? == 0 {
        explain(conn, target)?;
    }
    Ok(())
}

/// Takes the write lock where there is one for the whole database, so that what is read next stays true.
pub(crate) fn begin_write<C: GraphConnection>(conn: &mut C) -> Result<()> {
    match C::Db::BEGIN_WRITE {
        Some(sql) => run::execute(conn, "beginning a write", Statement::new(sql)).map(drop),
        None => Ok(()),
    }
}

/// The same inside of a transaction that is open already, as its caller's: a verb that reads first, each time in a
/// transaction of its own where there is none around it, must not find there that somebody else wrote in between.
pub(crate) fn begin_write_inside<C: GraphConnection>(conn: &mut C) -> Result<()> {
    if !run::is_in_transaction(conn) {
        return Ok(());
    }
    match begin_write(conn) {
        // Then nobody writes in between; what is asked for next may be had all the same, or says it better.
        Err(Error::ReadOnly { .. } | Error::NotMigrated { .. }) => Ok(()),
        outcome => outcome,
    }
}

/// Runs `work` in a transaction, in which who waited for others then sees what they wrote: a session may have another
/// isolation level. In a savepoint of the caller's nothing can be done about that; see [`require_committed`].
pub(crate) fn transaction<C: GraphConnection, T>(conn: &mut C, work: impl FnOnce(&mut C) -> Result<T>) -> Result<T> {
    let is_own = !run::is_in_transaction(conn);
    run::transaction(conn, |conn| {
        if let Some((set, _)) = C::Db::SEE_COMMITTED.filter(|_| is_own) {
            run::execute(conn, "setting the isolation level", Statement::new(set))?;
        }
        begin_write(conn)?;
        work(conn)
    })
}

/// Refuses a transaction that would not see what others wrote before they let it have the graphs.
#[cfg(feature = "validate")]
pub(crate) fn require_committed<C: GraphConnection>(conn: &mut C) -> Result<()> {
    let Some((_, ask)) = C::Db::SEE_COMMITTED else { return Ok(()) };
    match run::optional::<C, i64>(conn, "asking for the isolation level", Statement::new(ask))? {
        Some(_) => Ok(()),
        None => Err(Error::InvalidQuery {
            reason: "which rows there are, in a transaction that does not see what others commit; change a graph type \
                     outside of a transaction, or in one at the level READ COMMITTED"
                .to_owned(),
        }),
    }
}

/// Refuses a connection on which deletions would leave edges without their nodes.
pub(crate) fn require_foreign_keys<C: GraphConnection>(conn: &mut C) -> Result<()> {
    let statement = Statement::new("SELECT CAST(1 AS bigint) WHERE ").sql(C::Db::FOREIGN_KEYS_ENFORCED);
    match run::optional::<C, i64>(conn, "checking foreign keys", statement)? {
        Some(_) => Ok(()),
        None => Err(Error::ForeignKeysOff),
    }
}
