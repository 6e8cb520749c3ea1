//! The edges of one graph, row by row, each with the types of its ends.

use diesel::deserialize;
use diesel::row::Row;
use serde_json::json;

use super::column;
use super::findings::{At, Findings};
use super::nodes::{check_attributes, check_key};
use super::pages::Pages;
use super::scope::Scope;
use super::{Damage, Progress, Subject};
use crate::backend::{GraphConnection, Seam};
use crate::error::{Result, Side};
use crate::record;
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::EdgeKind;

/// How many columns stand before those that give the order.
const WIDTH: usize = 19;

pub(super) fn check<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    scope: &mut Scope<'_>,
    progress: &mut Progress<'_>,
) -> Result<()> {
    let order = C::Db::EDGES_IN_ORDER;
    let columns = order.iter().map(|column| format!("e.{column}")).collect::<Vec<_>>().join(", ");
    let mut pages = Pages::new();
    let mut last = vec![i64::MIN; order.len()];
    loop {
        // SQLite's flags are numbers, and may be any.
        let statement = Statement::new(
            "SELECT e.id, e.edge_type_id, e.key, e.source_id, e.target_id, \
             CAST(CAST(e.undirected AS integer) AS bigint), CAST(CAST(e.reversed AS integer) AS bigint), e.slot, \
             e.simple, e.one_out, e.one_in, s.id, s.node_type_id, t.id, t.node_type_id, e.version, e.metadata, \
             e.created_at, e.updated_at, ",
        )
        .printed(columns.as_str())
        .sql(", e.attributes FROM __metagraph_edges AS e LEFT JOIN __metagraph_nodes AS s ON s.graph_id = ")
        .integer(scope.graph)
        .sql(" AND s.id = e.source_id LEFT JOIN __metagraph_nodes AS t ON t.graph_id = ")
        .integer(scope.graph)
        .sql(" AND t.id = e.target_id WHERE e.graph_id = ")
        .integer(scope.graph)
        .sql(" AND (")
        .printed(columns.as_str())
        .sql(") > (")
        .join(last.iter().copied(), ", ", Statement::integer)
        .sql(") ORDER BY ")
        .printed(columns.as_str())
        .sql(" LIMIT ")
        .integer(pages.size());
        let mut bytes = 0;
        let mut rows = 0;
        run::each(conn, "checking edges", statement, |row| {
            let id = record::integer::<C::Db>(row, 0)?;
            bytes += check_row::<C::Db>(row, findings, scope, WIDTH + order.len(), id)?;
            for (place, value) in (WIDTH..).zip(&mut last) {
                *value = record::integer::<C::Db>(row, place)?;
            }
            rows += 1;
            Ok(())
        })?;
        findings.checked.edges += u64::try_from(rows).unwrap_or(u64::MAX);
        progress.report(findings);
        if pages.was_last(rows, bytes) {
            return Ok(());
        }
    }
}

/// The columns of an edge that its type and its ends decide.
struct Columns {
    source: i64,
    target: i64,
    undirected: Option<i64>,
    reversed: Option<i64>,
    slot: Option<i64>,
    simple: Option<i64>,
    one_out: Option<i64>,
    one_in: Option<i64>,
    /// The types of the ends, where these exist in the graph.
    source_type: Option<i64>,
    target_type: Option<i64>,
}

fn check_row<'a, Db: Seam>(
    row: &impl Row<'a, Db>,
    findings: &mut Findings,
    scope: &mut Scope<'_>,
    attributes: usize,
    id: i64,
) -> deserialize::Result<usize> {
    let integer = |place| record::optional_integer::<Db>(row, place);
    let edge_type = integer(1)?;
    let key = column::text::<Db>(row, 2)?;
    let typed = edge_type.map(|id| scope.edge(id));
    let kind = typed.as_ref().and_then(|typed| typed.kind);
    let at = At {
        id: Some(id),
        key: key.as_ref().map(|key| key.text.as_str()),
        element: typed.and_then(|typed| typed.name),
        ..scope.at(Subject::Edge)
    };
    match edge_type {
        Some(id) => scope.check_type(findings, at, id),
        None => column::null(findings, at, "edge_type_id"),
    }
    let (source, target) = (integer(3)?, integer(4)?);
    for (side, end, found) in [(Side::Source, source, integer(11)?), (Side::Target, target, integer(13)?)] {
        match (end, found) {
            (None, _) => column::null(findings, at, if side == Side::Source { "source_id" } else { "target_id" }),
            (Some(end), None) => {
                findings
                    .add(Damage::MissingEnd, at, || format!("its {side}, node {end}, does not exist in this graph"));
            }
            _ => {}
        }
    }
    if let (Some(source), Some(target), Some(kind)) = (source, target, kind) {
        let columns = Columns {
            source,
            target,
            undirected: integer(5)?,
            reversed: integer(6)?,
            slot: integer(7)?,
            simple: integer(8)?,
            one_out: integer(9)?,
            one_in: integer(10)?,
            source_type: integer(12)?,
            target_type: integer(14)?,
        };
        check_ends(findings, at, scope, kind, &columns);
        if !check_rule_columns(findings, at, kind, &columns) {
            scope.suspects.insert(kind.id);
        }
        if kind.key.is_none() && key.is_some() {
            findings.add(Damage::UnexpectedKey, at, || format!("edges of the type `{}` have no key", kind.name));
        }
    }
    check_key(findings, at, key.as_ref(), kind.is_some_and(|kind| kind.key.is_some()));
    let kind = kind.map(|kind| (kind.name.as_str(), &kind.check, kind.key.as_deref()));
    let bytes = column::json(row, attributes, findings, at, "attributes", |findings, text, value| {
        check_attributes(findings, at, kind, text, &value);
    })?;
    if column::is_null(row, attributes) {
        check_attributes(findings, at, kind, "{}", &json!({}));
    }
    column::check_version(row, 15, findings, at)?;
    column::check_common(row, 16, findings, at, true)?;
    Ok(bytes)
}

/// Whether an edge may run between its ends, and in which order it says that it does.
fn check_ends(findings: &mut Findings, at: At<'_>, scope: &Scope<'_>, kind: &EdgeKind, edge: &Columns) {
    if edge.source == edge.target && !kind.rules.self_loops {
        findings.add(Damage::SelfLoop, at, || format!("connects node {} to itself", edge.source));
    }
    let reversed = edge.reversed == Some(1);
    if !matches!(edge.reversed, Some(0 | 1)) || reversed && !kind.rules.undirected {
        findings.add(Damage::Reversed, at, || told("reversed", edge.reversed, Some(0)));
        return;
    }
    let (Some(source), Some(target)) = (edge.source_type, edge.target_type) else { return };
    let fits = |from: i64, to: i64| kind.from.contains(&from) && kind.to.contains(&to);
    let (as_read, otherwise) = if reversed {
        (fits(target, source), fits(source, target))
    } else {
        (fits(source, target), fits(target, source))
    };
    if as_read {
        return;
    }
    if otherwise && kind.rules.undirected {
        let other = Some(i64::from(!reversed));
        findings.add(Damage::Reversed, at, || told("reversed", edge.reversed, other));
        return;
    }
    let name = |id| scope.node(id).name.map_or_else(|| format!("node type {id}"), |name| format!("`{name}`"));
    findings.add(Damage::EndType, at, || {
        let names = |ids: &[i64]| match ids {
            [] => "no type that has a row".to_owned(),
            ids => ids.iter().map(|id| name(*id)).collect::<Vec<_>>().join(" or "),
        };
        format!(
            "runs from {} to {}; it can run from {} to {}",
            name(source),
            name(target),
            names(&kind.from),
            names(&kind.to)
        )
    });
}

/// Whether the columns are right by which indexes decide about the edge.
fn check_rule_columns(findings: &mut Findings, at: At<'_>, kind: &EdgeKind, edge: &Columns) -> bool {
    let mut right = true;
    let rules = &kind.rules;
    if edge.undirected != Some(i64::from(rules.undirected)) {
        findings.add(Damage::Direction, at, || told("undirected", edge.undirected, Some(i64::from(rules.undirected))));
        right = false;
    }
    if rules.undirected && edge.source > edge.target {
        findings.add(Damage::EndOrder, at, || {
            format!("runs from node {} to node {}, the larger id first", edge.source, edge.target)
        });
        right = false;
    }
    // Of parallel edges a copied graph has the slots of the original, so they are only some number.
    let slot = match edge.slot {
        Some(slot) => {
            if rules.multi {
                slot > 0
            } else {
                slot == 0
            }
        }
        None => false,
    };
    if !slot {
        findings
            .add(Damage::Slot, at, || told("slot", edge.slot, Some(if rules.multi { at.id.unwrap_or(0) } else { 0 })));
        right = false;
    }
    let expected = [
        ("simple", edge.simple, kind.simple),
        ("one_out", edge.one_out, rules.one_out.then_some(1)),
        ("one_in", edge.one_in, rules.one_in.then_some(1)),
    ];
    for (column, found, expected) in expected {
        if found != expected {
            findings.add(Damage::RuleColumn, at, || told(column, found, expected));
            right = false;
        }
    }
    right
}

fn told(column: &str, found: Option<i64>, expected: Option<i64>) -> String {
    let value = |value: Option<i64>| value.map_or_else(|| "null".to_owned(), |value| value.to_string());
    format!("`{column}` is {} and should be {}", value(found), value(expected))
}
