//! Rows as they come from the database, decoded by position and straight into what the caller asked for.

use diesel::deserialize::{self, QueryableByName};
use diesel::row::{Field, NamedRow, Row};
use uuid::Uuid;

use crate::backend::Seam;
use crate::statement::Microseconds;

/// What one row of a statement is read as.
pub(crate) trait Record: Sized + 'static {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self>;
}

pub(crate) struct Decoded<R>(pub(crate) R);

impl<Db: Seam, R: Record> QueryableByName<Db> for Decoded<R> {
    fn build<'a>(row: &impl NamedRow<'a, Db>) -> deserialize::Result<Self> {
        R::read(row).map(Self)
    }
}

fn value<'a, Db: Seam, T>(
    row: &impl Row<'a, Db>,
    at: usize,
    read: impl FnOnce(Db::RawValue<'_>) -> deserialize::Result<T>,
) -> deserialize::Result<Option<T>> {
    let field = row.get(at).ok_or_else(|| format!("the row has no column {at}"))?;
    field.value().map(read).transpose()
}

fn present<T>(value: Option<T>, at: usize) -> deserialize::Result<T> {
    value.ok_or_else(|| format!("column {at} is null").into())
}

pub(crate) fn integer<'a, Db: Seam>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<i64> {
    present(value::<Db, _>(row, at, Db::read_integer)?, at)
}

pub(crate) fn optional_integer<'a, Db: Seam>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<Option<i64>> {
    value::<Db, _>(row, at, Db::read_integer)
}

pub(crate) fn flag<'a, Db: Seam>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<bool> {
    present(value::<Db, _>(row, at, Db::read_flag)?, at)
}

pub(crate) fn text<'a, Db: Seam>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<String> {
    present(optional_text(row, at)?, at)
}

pub(crate) fn optional_text<'a, Db: Seam>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<Option<String>> {
    value::<Db, _>(row, at, |raw| Db::read_text(raw, |text| Ok(text.to_owned())))
}

pub(crate) fn uid<'a, Db: Seam>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<Uuid> {
    present(value::<Db, _>(row, at, Db::read_uid)?, at)
}

/// Reads a JSON column through `read`; a null column reads as an empty object.
pub(crate) fn json<'a, Db: Seam, T>(
    row: &impl Row<'a, Db>,
    at: usize,
    read: impl FnOnce(&str) -> deserialize::Result<T>,
) -> deserialize::Result<T> {
    let field = row.get(at).ok_or_else(|| format!("the row has no column {at}"))?;
    match field.value() {
        Some(raw) => Db::read_json(raw, read),
        None => read("{}"),
    }
}

/// Reads a JSON column through `read`, which is told when it is null.
pub(crate) fn optional_json<'a, Db: Seam, T>(
    row: &impl Row<'a, Db>,
    at: usize,
    read: impl FnOnce(Option<&str>) -> deserialize::Result<T>,
) -> deserialize::Result<T> {
    let field = row.get(at).ok_or_else(|| format!("the row has no column {at}"))?;
    match field.value() {
        Some(raw) => Db::read_json(raw, |text| read(Some(text))),
        None => read(None),
    }
}

/// Reads the shortest text of a number through `read`, which is told when it is null.
pub(crate) fn optional_number<'a, Db: Seam, T>(
    row: &impl Row<'a, Db>,
    at: usize,
    read: impl FnOnce(Option<&str>) -> deserialize::Result<T>,
) -> deserialize::Result<T> {
    let field = row.get(at).ok_or_else(|| format!("the row has no column {at}"))?;
    match field.value() {
        Some(raw) => Db::read_number(raw, |text| read(Some(text))),
        None => read(None),
    }
}

pub(crate) fn optional_flag<'a, Db: Seam>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<Option<bool>> {
    value::<Db, _>(row, at, Db::read_flag)
}

pub(crate) fn json_value<'a, Db: Seam>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<serde_json::Value> {
    json::<Db, _>(row, at, |text| Ok(serde_json::from_str(text)?))
}

pub(crate) fn time<'a, Db: Seam>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<jiff::Timestamp> {
    present(optional_time(row, at)?, at)
}

pub(crate) fn optional_time<'a, Db: Seam>(
    row: &impl Row<'a, Db>,
    at: usize,
) -> deserialize::Result<Option<jiff::Timestamp>> {
    let microseconds = value::<Db, _>(row, at, Db::read_time)?;
    Ok(microseconds.map(jiff::Timestamp::from_microsecond).transpose()?)
}

impl Microseconds {
    pub(crate) fn now() -> Self {
        Self(jiff::Timestamp::now().as_microsecond())
    }
}

impl Record for i64 {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        integer(row, 0)
    }
}

impl Record for String {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        text(row, 0)
    }
}

impl Record for (i64, i64) {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok((integer(row, 0)?, integer(row, 1)?))
    }
}

impl Record for (String, String) {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok((text(row, 0)?, text(row, 1)?))
    }
}

impl Record for (String, i64) {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok((text(row, 0)?, integer(row, 1)?))
    }
}

impl Record for (i64, String, i64) {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok((integer(row, 0)?, text(row, 1)?, integer(row, 2)?))
    }
}
