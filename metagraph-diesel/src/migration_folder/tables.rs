//! Our tables, with the rows of our ledger.

use super::FolderError;
use super::sql::{Script, delete, insert};
use crate::backend::Seam;
use crate::migration::Migration;

pub(super) fn all<Db: Seam>() -> Script {
    let mut script = of::<Db>(Db::MIGRATIONS, "the tables of metagraph");
    // Whoever calls `migrate` meanwhile waits for the lock, and then finds nothing to do.
    script.up.splice(0..0, [Db::CREATE_LEDGER.to_owned(), Db::LOCK_MIGRATIONS.to_owned()]);
    script.down.push("DROP TABLE __metagraph_migrations".to_owned());
    script
}

pub(super) fn after<Db: Seam>(version: &str) -> Result<Script, FolderError> {
    let place = Db::MIGRATIONS.iter().position(|migration| migration.version == version);
    let following = place.and_then(|place| Db::MIGRATIONS.get(place + 1..)).unwrap_or_default();
    if following.is_empty() {
        let last = Db::MIGRATIONS.last().map_or("", |migration| migration.version);
        return Err(FolderError::UnknownVersion { version: version.to_owned(), last });
    }
    let mut script = of::<Db>(following, "what a later release of metagraph adds to its tables");
    script.up.insert(0, Db::LOCK_MIGRATIONS.to_owned());
    let recorded = following.iter().map(|migration| format!("version = {}", Db::text_literal(migration.version)));
    script.down.extend(recorded.map(|row| delete("__metagraph_migrations", &row)));
    Ok(script)
}

fn of<Db: Seam>(migrations: &[Migration], title: &str) -> Script {
    let mut up = Vec::new();
    for migration in migrations {
        up.extend(migration.up().map(str::to_owned));
        let row = [
            ("version", Db::text_literal(migration.version)),
            ("name", Db::text_literal(migration.name)),
            ("applied_at", Db::NOW.to_owned()),
        ];
        up.push(insert("__metagraph_migrations", &row));
    }
    let down = migrations.iter().rev().flat_map(Migration::down).map(str::to_owned).collect();
    Script { title: title.to_owned(), up, down, is_of_tables: true }
}
