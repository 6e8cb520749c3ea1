//! The nodes of one graph, row by row.

use diesel::deserialize;
use diesel::row::Row;
use metagraph_core::Key;
use serde_json::Value;

use super::column::{self, Text};
use super::findings::{At, Findings};
use super::pages::Pages;
use super::scope::Scope;
use super::{Damage, Progress, Subject};
use crate::backend::{GraphConnection, Seam};
#[cfg(feature = "validate")]
use crate::error::Error;
use crate::error::Result;
use crate::record;
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::Check;

pub(super) fn check<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    scope: &Scope<'_>,
    progress: &mut Progress<'_>,
) -> Result<()> {
    let mut pages = Pages::new();
    let mut last = i64::MIN;
    loop {
        let statement = Statement::new(
            "SELECT id, node_type_id, key, attributes, version, metadata, created_at, updated_at \
             FROM __metagraph_nodes WHERE graph_id = ",
        )
        .integer(scope.graph)
        .sql(" AND id > ")
        .integer(last)
        .sql(" ORDER BY id LIMIT ")
        .integer(pages.size());
        let mut bytes = 0;
        let ids = run::each(conn, "checking nodes", statement, |row| {
            bytes += check_row::<C::Db>(row, findings, scope)?;
            record::integer::<C::Db>(row, 0)
        })?;
        let Some(id) = ids.last() else { return Ok(()) };
        last = *id;
        findings.checked.nodes += u64::try_from(ids.len()).unwrap_or(u64::MAX);
        progress.report(findings);
        if pages.was_last(ids.len(), bytes) {
            return Ok(());
        }
    }
}

fn check_row<'a, Db: Seam>(
    row: &impl Row<'a, Db>,
    findings: &mut Findings,
    scope: &Scope<'_>,
) -> deserialize::Result<usize> {
    let id = record::integer::<Db>(row, 0)?;
    let node_type = record::optional_integer::<Db>(row, 1)?;
    let key = column::text::<Db>(row, 2)?;
    let typed = node_type.map(|id| scope.node(id));
    let kind = typed.as_ref().and_then(|typed| typed.kind);
    let at = At {
        id: Some(id),
        key: key.as_ref().map(|key| key.text.as_str()),
        element: typed.and_then(|typed| typed.name),
        ..scope.at(Subject::Node)
    };
    match node_type {
        Some(id) => scope.check_type(findings, at, id),
        None => column::null(findings, at, "node_type_id"),
    }
    check_key(findings, at, key.as_ref(), true);
    if column::is_null(row, 3) {
        column::null(findings, at, "attributes");
    }
    let bytes = column::json(row, 3, findings, at, "attributes", |findings, text, value| {
        let kind = kind.map(|kind| (kind.name.as_str(), &kind.check, kind.key.as_deref()));
        check_attributes(findings, at, kind, text, &value);
    })?;
    column::check_version(row, 4, findings, at)?;
    column::check_common(row, 5, findings, at, true)?;
    Ok(bytes)
}

/// The key as it stands in its column.
pub(super) fn check_key(findings: &mut Findings, at: At<'_>, key: Option<&Text>, required: bool) {
    match key {
        None if required => findings.add(Damage::InvalidKey, at, || "there is no key".to_owned()),
        None => {}
        Some(key) => {
            if let Err(error) = Key::new(key.text.as_str()) {
                findings.add(Damage::InvalidKey, at, || error.to_string());
            }
            if !key.is_utf8() {
                findings.add(Damage::InvalidText, at, || "`key` is not UTF-8".to_owned());
            }
        }
    }
}

/// The attributes of a node or an edge whose type has this name, check and key attribute.
pub(super) fn check_attributes(
    findings: &mut Findings,
    at: At<'_>,
    kind: Option<(&str, &Check, Option<&str>)>,
    text: &str,
    value: &Value,
) {
    if !value.is_object() {
        findings.add(Damage::NotAnObject, at, || "`attributes` is no JSON object".to_owned());
        return;
    }
    let Some((name, check, key)) = kind else { return };
    if let Err(error) = check.refuse_long(name, text) {
        findings.add(Damage::TooLong, at, || error.to_string());
    }
    check_schema(findings, at, name, check, value);
    let Some(attribute) = key else { return };
    match Key::from_json(attribute, value.get(attribute).cloned().unwrap_or_default()) {
        Ok(held) if at.key.is_none_or(|key| key == held.as_str()) => {}
        Ok(held) => findings.add(Damage::KeyColumn, at, || {
            format!("the attribute `{attribute}` holds `{}`", held.as_str().escape_debug())
        }),
        Err(error) => findings.add(Damage::InvalidKey, at, || error.to_string()),
    }
}

#[cfg(feature = "validate")]
fn check_schema(findings: &mut Findings, at: At<'_>, name: &str, check: &Check, value: &Value) {
    /// How many violations of one row are told.
    const TOLD: usize = 3;
    // A schema that cannot be used is told once, of the type.
    if !check.is_usable() {
        return;
    }
    if let Err(Error::Invalid { source, .. }) = check.check(name, value) {
        findings.add(Damage::Schema, at, || {
            let told = source.violations.iter().take(TOLD).map(ToString::to_string).collect::<Vec<_>>().join("; ");
            match source.violations.len().saturating_sub(TOLD) {
                0 => told,
                more => format!("{told}; and {more} more"),
            }
        });
    }
}

#[cfg(not(feature = "validate"))]
fn check_schema(_: &mut Findings, _: At<'_>, _: &str, _: &Check, _: &Value) {}
