//! Whether our own tables, keys and indexes are as migrations create them.

use std::collections::{BTreeMap, BTreeSet};

use super::Damage;
use super::Subject;
use super::findings::{At, Findings};
use crate::backend::{GraphConnection, Seam};
use crate::error::Result;
use crate::indexes;
use crate::migrations;
use crate::run;
use crate::statement::Statement;

/// What the database has of what is ours.
pub(super) struct Tables {
    /// Names of what is missing or altered.
    damaged: BTreeSet<String>,
    /// Names of the indexes on attributes.
    pub(super) attribute_indexes: BTreeSet<String>,
    /// Whether every table and column is there, so that rows can be read.
    pub(super) readable: bool,
}

impl Tables {
    pub(super) fn check<C: GraphConnection>(conn: &mut C, findings: &mut Findings) -> Result<Self> {
        let at = At::of(Subject::Table);
        for migration in migrations::unapplied(conn)? {
            let (version, name) = (migration.version(), migration.name());
            findings.add(Damage::MissingMigration, at, || format!("the ledger lacks `{version}` ({name})"));
        }
        let found: BTreeMap<_, _> = list(conn)?.into_iter().collect();
        let mut tables = Self { damaged: BTreeSet::new(), attribute_indexes: BTreeSet::new(), readable: true };
        for (name, expected) in C::Db::OBJECTS.lines().filter_map(|line| line.split_once('\t')) {
            match found.get(name) {
                Some(definition) if definition == expected => continue,
                Some(definition) => {
                    findings.add(Damage::AlteredObject, at, || {
                        format!("`{name}` is {definition}\n        and should be {expected}")
                    });
                }
                None => {
                    findings.add(Damage::MissingObject, at, || format!("there is no `{name}`, {expected}"));
                    // A column is named after its table and a point.
                    tables.readable &= !expected.starts_with("CREATE TABLE") && !name.contains('.');
                }
            }
            tables.damaged.insert(name.to_owned());
        }
        if tables.readable {
            tables.attribute_indexes = indexes::existing(conn)?;
        }
        Ok(tables)
    }

    /// Whether the keys and indexes of a table are all there, so that what they refuse cannot be in it.
    pub(super) fn guards(&self, table: &str) -> bool {
        !self.damaged.iter().any(|name| name.starts_with(table))
    }
}

/// What the database has of ours, in the form of [`Seam::OBJECTS`].
pub(super) fn list<C: GraphConnection>(conn: &mut C) -> Result<Vec<(String, String)>> {
    let found: Vec<(String, String)> = run::all(conn, "listing our tables", Statement::new(C::Db::LIST_OBJECTS))?;
    Ok(found.into_iter().map(|(name, definition)| (name, one_line(&definition))).collect())
}

/// A definition with every space, and every line's end, as one space.
fn one_line(definition: &str) -> String {
    definition.split_whitespace().collect::<Vec<_>>().join(" ")
}
