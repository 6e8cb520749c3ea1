//! Rows of one graph that are the same where they must differ.
//!
//! Each rule has a unique index. It is asked again only where that index is not as it should be, or where rows were
//! found that it does not see.

use diesel::deserialize;
use diesel::row::Row;

use super::findings::{At, Findings};
use super::scope::Scope;
use super::tables::Tables;
use super::{Damage, Subject};
use crate::backend::{GraphConnection, Seam};
use crate::error::Result;
use crate::indexes;
use crate::record::{self, Record};
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::EdgeKind;

/// Rows that are the same.
pub(super) struct Same {
    first: i64,
    last: i64,
    rows: i64,
    /// How many rows there are beyond the first ones, of all such rows.
    beyond: i64,
    key: Option<String>,
}

impl Record for Same {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok(Self {
            first: record::integer(row, 0)?,
            last: record::integer(row, 1)?,
            rows: record::integer(row, 2)?,
            beyond: record::integer(row, 3)?,
            key: record::optional_text(row, 4)?,
        })
    }
}

/// What [`Same`] reads, before the key; after it come the table, the groups, and [`ending`].
const SELECT: &str = "SELECT min(id), max(id), count(*), CAST(sum(count(*) - 1) OVER () AS bigint), ";

/// A pair of nodes without its order.
const PAIR: &str = "CASE WHEN source_id < target_id THEN source_id ELSE target_id END, \
                    CASE WHEN source_id < target_id THEN target_id ELSE source_id END";

fn ending<'a, Db: Seam>(statement: Statement<'a, Db>, findings: &Findings) -> Statement<'a, Db> {
    statement.sql(" HAVING count(*) > 1 ORDER BY min(id) LIMIT ").integer(findings.wanted())
}

pub(super) fn check<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    scope: &Scope<'_>,
    tables: &Tables,
) -> Result<()> {
    let Some(vocabulary) = scope.vocabulary else { return Ok(()) };
    if !tables.guards("__metagraph_nodes") {
        for kind in vocabulary.all_nodes() {
            let at = At { element: Some(&kind.name), ..scope.at(Subject::Node) };
            keys(conn, findings, at, "__metagraph_nodes WHERE node_type_id = ", kind.id)?;
        }
    }
    let guarded = tables.guards("__metagraph_edges");
    let mut edges: Vec<_> =
        vocabulary.all_edges().filter(|kind| !guarded || scope.suspects.contains(&kind.id)).collect();
    edges.sort_unstable_by_key(|kind| kind.id);
    for kind in &edges {
        let at = At { element: Some(&kind.name), ..scope.at(Subject::Edge) };
        if !guarded {
            keys(conn, findings, at, "__metagraph_edges WHERE edge_type_id = ", kind.id)?;
        }
        edge_rules(conn, findings, at, kind)?;
    }
    if edges.iter().any(|kind| kind.simple.is_some()) {
        let simple: Vec<_> = vocabulary.all_edges().filter(|kind| kind.simple.is_some()).collect();
        let unordered = simple.iter().any(|kind| kind.rules.undirected);
        let ids: Vec<_> = simple.iter().map(|kind| kind.id).collect();
        let groups = if unordered { PAIR } else { "source_id, target_id" };
        let at = scope.at(Subject::Edge);
        let statement = Statement::new("edge_type_id").one_of(ids);
        edge_rule(conn, findings, at, Damage::Simple, statement, groups, "run between the same two nodes")?;
    }
    unique_attributes(conn, findings, scope, tables)
}

fn keys<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    at: At<'_>,
    rows: &'static str,
    kind: i64,
) -> Result<()> {
    let statement = Statement::new(SELECT)
        .sql("key FROM ")
        .sql(rows)
        .integer(kind)
        .sql(" AND graph_id = ")
        .integer(at.graph.unwrap_or_default())
        .sql(" AND key IS NOT NULL GROUP BY key");
    told(conn, findings, at, Damage::DuplicateKey, statement, "have this key")
}

fn edge_rules<C: GraphConnection>(conn: &mut C, findings: &mut Findings, at: At<'_>, kind: &EdgeKind) -> Result<()> {
    let rules = &kind.rules;
    let pair = if rules.undirected { PAIR } else { "source_id, target_id" };
    let asked = [
        (!rules.multi, Damage::Parallel, pair, "run between the same two nodes"),
        (rules.one_out, Damage::OneOut, "source_id", "leave the same node"),
        (rules.one_in, Damage::OneIn, "target_id", "enter the same node"),
    ];
    for (_, damage, groups, what) in asked.into_iter().filter(|(asked, ..)| *asked) {
        let statement = Statement::new("edge_type_id = ").integer(kind.id);
        edge_rule(conn, findings, at, damage, statement, groups, what)?;
    }
    Ok(())
}

fn edge_rule<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    at: At<'_>,
    damage: Damage,
    of_type: Statement<'_, C::Db>,
    groups: &'static str,
    what: &str,
) -> Result<()> {
    let statement = Statement::new(SELECT)
        .sql("CAST(NULL AS text) FROM __metagraph_edges WHERE graph_id = ")
        .integer(at.graph.unwrap_or_default())
        .sql(" AND ")
        .append(of_type)
        .sql(" GROUP BY ")
        .sql(groups);
    told(conn, findings, at, damage, statement, what)
}

fn unique_attributes<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    scope: &Scope<'_>,
    tables: &Tables,
) -> Result<()> {
    let Some(vocabulary) = scope.vocabulary else { return Ok(()) };
    for declared in indexes::declared::<C::Db>(vocabulary) {
        let index = &declared.index;
        if !index.unique || tables.attribute_indexes.contains(&index.name) {
            continue;
        }
        let subject = if declared.on_nodes { Subject::Node } else { Subject::Edge };
        let at = At { element: Some(&index.element), ..scope.at(subject) };
        let values = declared.values::<C::Db>(vocabulary);
        let statement = Statement::new(SELECT)
            .sql("CAST(NULL AS text) FROM ")
            .printed(declared.rows.as_str())
            .sql(" AND graph_id = ")
            .integer(scope.graph)
            .sql(" AND ")
            .printed(values.iter().map(|value| format!("{value} IS NOT NULL")).collect::<Vec<_>>().join(" AND "))
            .sql(" GROUP BY ")
            .printed(values.join(", "));
        let names = index.attributes.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
        told(conn, findings, at, Damage::DuplicateAttribute, statement, &format!("have the same {names}"))?;
    }
    Ok(())
}

/// Runs a statement up to its groups, and notes what it finds.
fn told<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    at: At<'_>,
    damage: Damage,
    statement: Statement<'_, C::Db>,
    what: &str,
) -> Result<()> {
    let found: Vec<Same> = run::all(conn, "looking for rows that are the same", ending(statement, findings))?;
    note(findings, at, damage, &found, what);
    Ok(())
}

/// Notes rows that are the same, all but the first of each.
pub(super) fn note(findings: &mut Findings, at: At<'_>, damage: Damage, found: &[Same], what: &str) {
    let Some(first) = found.first() else { return };
    findings.count(damage, at, u64::try_from(first.beyond).unwrap_or(0));
    for same in found {
        let at = At { id: Some(same.first), key: same.key.as_deref(), ..at };
        findings
            .sample(damage, at, || format!("{} {}s {what}, the last of them is {}", same.rows, at.subject, same.last));
    }
}

/// Rows of a table that have the same text in a column.
pub(super) fn check_column<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    at: At<'_>,
    damage: Damage,
    (table, column): (&'static str, &'static str),
    what: &str,
) -> Result<()> {
    let statement = Statement::new(SELECT)
        .sql("CAST(")
        .sql(column)
        .sql(" AS text) FROM ")
        .sql(table)
        .sql(" WHERE ")
        .sql(column)
        .sql(" IS NOT NULL GROUP BY ")
        .sql(column);
    told(conn, findings, at, damage, statement, what)
}
