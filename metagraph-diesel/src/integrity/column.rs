//! Columns read as they are, whatever is in them, and what all rows have in common.

use diesel::deserialize;
use diesel::row::{Field, Row};
use jiff::Timestamp;
use metagraph_core::{Key, holds_nul};
use serde_json::Value;

use super::Damage;
use super::findings::{At, Findings};
use crate::backend::Seam;
use crate::encode;
use crate::record;

/// A text, and whether it is UTF-8 as it stands in the database.
pub(super) struct Text {
    pub(super) text: String,
    utf8: bool,
}

impl Text {
    pub(super) fn is_utf8(&self) -> bool {
        self.utf8
    }
}

pub(super) fn text<'a, Db: Seam>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<Option<Text>> {
    let Some(text) = record::optional_text::<Db>(row, at)? else { return Ok(None) };
    let utf8 = is_utf8(row, at, &text);
    Ok(Some(Text { text, utf8 }))
}

/// What is not UTF-8 is read with U+FFFD in it, which may also stand there by right.
fn is_utf8<'a, Db: Seam>(row: &impl Row<'a, Db>, at: usize, read: &str) -> bool {
    !read.contains('\u{FFFD}') || row.get(at).is_some_and(|field| field.value().is_none_or(Db::is_utf8))
}

/// A text column of which only this is asked: that it can be stored, and indexed if it is to be.
pub(super) fn check_text(findings: &mut Findings, at: At<'_>, column: &str, text: Option<&Text>, indexed: bool) {
    let Some(text) = text else { return };
    if !text.utf8 {
        findings.add(Damage::InvalidText, at, || format!("`{column}` is not UTF-8"));
    }
    if text.text.contains('\0') {
        findings.add(Damage::NulCharacter, at, || format!("`{column}` holds U+0000"));
    }
    if indexed && text.text.len() > Key::MAX_BYTES {
        let (bytes, most) = (text.text.len(), Key::MAX_BYTES);
        findings.add(Damage::TooLong, at, || format!("`{column}` has {bytes} bytes, at most {most} can be indexed"));
    }
}

pub(super) fn null(findings: &mut Findings, at: At<'_>, column: &str) {
    findings.add(Damage::NullColumn, at, || format!("`{column}` is null"));
}

/// A column with one of these words.
pub(super) fn check_word(findings: &mut Findings, at: At<'_>, column: &str, text: Option<&Text>, words: &[&str]) {
    match text {
        None => null(findings, at, column),
        Some(text) if words.contains(&text.text.as_str()) => {}
        Some(Text { text, .. }) => {
            let known = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
            let found = text.escape_debug();
            findings.add(Damage::InvalidWord, at, || format!("`{column}` is `{found}`; it can be {known}"));
        }
    }
}

/// Reads a JSON column, says what is wrong with it, and gives its text and value to `read` where there is one.
pub(super) fn json<'a, Db: Seam>(
    row: &impl Row<'a, Db>,
    place: usize,
    findings: &mut Findings,
    at: At<'_>,
    column: &str,
    read: impl FnOnce(&mut Findings, &str, Value),
) -> deserialize::Result<usize> {
    record::optional_json::<Db, _>(row, place, |text| {
        let Some(text) = text else { return Ok(0) };
        if is_utf8(row, place, text) {
            match encode::parse(text) {
                Ok(value) => {
                    if holds_nul(text) {
                        findings.add(Damage::NulCharacter, at, || format!("`{column}` holds U+0000"));
                    }
                    read(findings, text, value);
                }
                Err(error) => {
                    findings.add(Damage::InvalidJson, at, || format!("`{column}` cannot be read as JSON: {error}"));
                }
            }
        } else {
            findings.add(Damage::InvalidText, at, || format!("`{column}` is not UTF-8"));
        }
        Ok(text.len())
    })
}

/// Whether a column is null.
pub(super) fn is_null<'a, Db: Seam>(row: &impl Row<'a, Db>, at: usize) -> bool {
    row.get(at).is_none_or(|field| field.is_null())
}

/// The columns `metadata`, `created_at` and `updated_at`, which stand side by side.
pub(super) fn check_common<'a, Db: Seam>(
    row: &impl Row<'a, Db>,
    place: usize,
    findings: &mut Findings,
    at: At<'_>,
    metadata_may_be_null: bool,
) -> deserialize::Result<()> {
    if !metadata_may_be_null && is_null(row, place) {
        null(findings, at, "metadata");
    }
    json(row, place, findings, at, "metadata", |_, _, _| ())?;
    let created = time(row, place + 1, findings, at, "created_at");
    let updated = time(row, place + 2, findings, at, "updated_at");
    if let (Some(created), Some(updated)) = (created, updated)
        && updated < created
    {
        findings.add(Damage::Times, at, || format!("updated at {updated}, before it was created at {created}"));
    }
    Ok(())
}

fn time<'a, Db: Seam>(
    row: &impl Row<'a, Db>,
    place: usize,
    findings: &mut Findings,
    at: At<'_>,
    column: &str,
) -> Option<Timestamp> {
    if is_null(row, place) {
        null(findings, at, column);
        return None;
    }
    let time = record::time::<Db>(row, place).ok();
    if time.is_none() {
        findings.add(Damage::Times, at, || format!("`{column}` is out of range"));
    }
    time
}

/// The column `version` of nodes and edges.
pub(super) fn check_version<'a, Db: Seam>(
    row: &impl Row<'a, Db>,
    place: usize,
    findings: &mut Findings,
    at: At<'_>,
) -> deserialize::Result<()> {
    match record::optional_integer::<Db>(row, place)? {
        None => null(findings, at, "version"),
        Some(1..) => {}
        Some(version) => findings.add(Damage::Version, at, || format!("the version is {version}")),
    }
    Ok(())
}
