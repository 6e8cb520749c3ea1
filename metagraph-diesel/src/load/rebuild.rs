//! Indexes that a load drops and creates again, where it writes most of what they will hold.
//!
//! One row after another in an index costs several times what sorting all of them costs. On a database where this would
//! shut others out, nothing of it happens.

use std::collections::HashSet;

use diesel::deserialize;
use diesel::row::Row;

use crate::backend::{GraphConnection, Rebuild, Seam};
use crate::conflict::{Conflict, Rule};
use crate::error::{Error, Result};
use crate::indexes;
use crate::open_graph::OpenGraph;
use crate::record::{self, Record};
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::{EdgeKind, NodeKind};
use crate::write::Table;
use crate::write::label::Labels;

/// Fewer rows are not worth it: every other connection has to read the schema again.
const WORTH: i64 = 5_000;

/// What a load knows of a table.
#[derive(Debug, Default)]
struct Filled {
    /// The greatest id before the load.
    last: Option<i64>,
    written: i64,
}

/// An index that is not there at the moment.
#[derive(Debug)]
struct Index {
    table: Table,
    name: String,
    create: String,
}

#[derive(Debug, Default)]
pub(super) struct Dropped {
    nodes: Filled,
    edges: Filled,
    indexes: Vec<Index>,
    /// Edge types whose indexes are gone.
    edge_types: HashSet<i64>,
    node_types: HashSet<i64>,
}

impl Dropped {
    /// Drops the indexes on attributes of a node type, where that pays.
    pub(super) fn consider_nodes<C: GraphConnection>(
        &mut self,
        conn: &mut C,
        kind: &NodeKind,
        coming: usize,
    ) -> Result<()> {
        if self.node_types.contains(&kind.id) || !self.pays(conn, Table::Nodes, coming)? {
            return Ok(());
        }
        self.node_types.insert(kind.id);
        let prefix = indexes::prefix(Table::Nodes, kind.id);
        self.drop_of(conn, Table::Nodes, |name| name.starts_with(&prefix))
    }

    /// Drops the indexes that edges of a type go into, where that pays.
    pub(super) fn consider_edges<C: GraphConnection>(
        &mut self,
        conn: &mut C,
        kind: &EdgeKind,
        coming: usize,
    ) -> Result<()> {
        if self.edge_types.contains(&kind.id) || !self.pays(conn, Table::Edges, coming)? {
            return Ok(());
        }
        self.edge_types.insert(kind.id);
        let prefix = indexes::prefix(Table::Edges, kind.id);
        self.drop_of(conn, Table::Edges, |name| match name {
            "__metagraph_edges_out" | "__metagraph_edges_in" => true,
            "__metagraph_edges_key" => kind.key.is_some(),
            "__metagraph_edges_simple" => kind.simple == Some(1),
            "__metagraph_edges_simple_mixed" => kind.simple == Some(2),
            "__metagraph_edges_one_out" => kind.rules.one_out,
            "__metagraph_edges_one_in" => kind.rules.one_in,
            name => name.starts_with(&prefix),
        })
    }

    pub(super) fn has_edges_of(&self, kind: &EdgeKind) -> bool {
        self.edge_types.contains(&kind.id)
    }

    pub(super) fn count(&mut self, table: Table, rows: usize) {
        self.filled(table).written += i64::try_from(rows).unwrap_or(i64::MAX);
    }

    fn filled(&mut self, table: Table) -> &mut Filled {
        match table {
            Table::Nodes => &mut self.nodes,
            Table::Edges => &mut self.edges,
        }
    }

    /// Whether the load brings at least as many rows as the table can have.
    fn pays<C: GraphConnection>(&mut self, conn: &mut C, table: Table, coming: usize) -> Result<bool> {
        let Some(Rebuild { last_id, .. }) = C::Db::REBUILD else { return Ok(false) };
        let filled = self.filled(table);
        let last = if let Some(last) = filled.last {
            last
        } else {
            let statement = Statement::new(last_id).text(name_of(table));
            run::optional(conn, "asking for the size of a table", statement)?.unwrap_or(0)
        };
        filled.last = Some(last);
        Ok(filled.written.saturating_add(i64::try_from(coming).unwrap_or(i64::MAX)) >= last.max(WORTH))
    }

    fn drop_of<C: GraphConnection>(
        &mut self,
        conn: &mut C,
        table: Table,
        concerns: impl Fn(&str) -> bool,
    ) -> Result<()> {
        let Some(Rebuild { indexes, .. }) = C::Db::REBUILD else { return Ok(()) };
        let statement = Statement::new(indexes).text(name_of(table));
        let existing: Vec<(String, String)> = run::all(conn, "listing indexes", statement)?;
        let existing: Vec<_> = existing.into_iter().filter(|(name, _)| concerns(name)).collect();
        let names: Vec<_> = existing.iter().map(|(name, _)| name.clone()).collect();
        indexes::drop_named(conn, &names)?;
        self.indexes.extend(existing.into_iter().map(|(name, create)| Index { table, name, create }));
        Ok(())
    }

    /// Creates the indexes again; rows that one of them refuses are a conflict.
    pub(super) fn rebuild<C: GraphConnection>(&mut self, conn: &mut C, graph: OpenGraph<'_>) -> Result<()> {
        for index in std::mem::take(&mut self.indexes) {
            let statement = Statement::new("").printed(index.create.as_str());
            match run::execute(conn, "creating an index", statement) {
                Err(Error::Conflict(conflict)) => {
                    let last = self.filled(index.table).last.unwrap_or(0);
                    return Err(named(conn, graph, &index, *conflict, last)?);
                }
                outcome => outcome?,
            };
        }
        Ok(())
    }
}

fn name_of(table: Table) -> &'static str {
    match table {
        Table::Nodes => "__metagraph_nodes",
        Table::Edges => "__metagraph_edges",
    }
}

/// Names the rows on whose account a unique index was not created; up to the id `last` they are older than the load.
fn named<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    index: &Index,
    conflict: Conflict,
    last: i64,
) -> Result<Error> {
    let declared = indexes::by_name::<C::Db>(graph.vocabulary, &index.name);
    let (columns, condition) = parts(&index.create);
    let statement = Statement::new("SELECT min(id), max(id) FROM ")
        .sql(name_of(index.table))
        .sql(" WHERE graph_id = ")
        .integer(graph.id)
        .printed(condition.map(|condition| format!(" AND {condition}")).unwrap_or_default());
    // What is absent claims nothing.
    let statement = declared
        .iter()
        .flat_map(|(_, expressions)| expressions)
        .fold(statement, |statement, expression| statement.printed(format!(" AND {expression} IS NOT NULL")));
    let statement = statement.printed(format!(" GROUP BY {columns} HAVING count(*) > 1 ORDER BY max(id) LIMIT 1"));
    let pair: Option<(i64, i64)> = run::optional(conn, "looking for a conflict", statement)?;
    let Some((first, second)) = pair else { return Ok(conflict.into()) };
    let existing = (first <= last).then_some(first);
    let conflict = Conflict { existing, in_batch: existing.is_none(), ..conflict };
    if let Some((declared, _)) = declared {
        return Ok(Conflict { element: declared.element, attributes: declared.attributes, ..conflict }.into());
    }
    let edge: Option<Edge> = run::optional(conn, "looking for a conflict", Edge::read_by(graph.id, second))?;
    let Some(edge) = edge else { return Ok(conflict.into()) };
    let labels = Labels::read(conn, graph, vec![edge.source, edge.target])?;
    let element = graph.vocabulary.edge_by_id(edge.of_type).map_or(conflict.element, |kind| kind.name.clone());
    let key = edge.key.filter(|_| conflict.rule == Rule::EdgeKey);
    let ends = Some((labels.label(edge.source), labels.label(edge.target)));
    Ok(Conflict { element, key, ends, ..conflict }.into())
}

/// The columns of an index and its condition, as the statement that creates it has them.
fn parts(create: &str) -> (&str, Option<&str>) {
    let (_, columns) = create.split_once('(').unwrap_or_default();
    match columns.rsplit_once(") WHERE ") {
        Some((columns, condition)) => (columns, Some(condition)),
        None => (columns.strip_suffix(')').unwrap_or(columns), None),
    }
}

/// An edge with its ends in the order in which they were given.
struct Edge {
    of_type: i64,
    source: i64,
    target: i64,
    key: Option<String>,
}

impl Edge {
    fn read_by<Db: Seam>(graph: i64, id: i64) -> Statement<'static, Db> {
        Statement::new(
            "SELECT e.edge_type_id, e.source_id, e.target_id, e.reversed, e.key FROM __metagraph_edges AS e \
             WHERE e.graph_id = ",
        )
        .integer(graph)
        .sql(" AND e.id = ")
        .integer(id)
    }
}

impl Record for Edge {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        let (source, target) = (record::integer(row, 1)?, record::integer(row, 2)?);
        let (source, target) = if record::flag(row, 3)? { (target, source) } else { (source, target) };
        Ok(Self { of_type: record::integer(row, 0)?, source, target, key: record::optional_text(row, 4)? })
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn an_index_is_taken_apart() {
        let whole = parts("CREATE UNIQUE INDEX i ON t (graph_id, min(a, b))");
        assert_eq!(whole, ("graph_id, min(a, b)", None));
        let partial = parts("CREATE UNIQUE INDEX i ON t (graph_id, min(a, b)) WHERE simple = 2");
        assert_eq!(partial, ("graph_id, min(a, b)", Some("simple = 2")));
    }
}
