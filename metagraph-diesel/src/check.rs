//! Whether a database is what a program needs, by reading alone.

use metagraph_core::GraphType;
use metagraph_core::document::CompiledType;

use crate::backend::GraphConnection;
use crate::error::{Error, Result};
use crate::indexes;
use crate::migrations;
use crate::stored_type::StoredType;
use crate::vocabulary::Vocabulary;

/// Finds out whether the database has what the graph type `G` needs, and writes nothing: for continuous integration, and
/// for the start of a program whose role may not create tables.
///
/// What [`migrate`](crate::migrate), [`sync`](crate::sync()) and an evolution would have to do is in the error.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// use metagraph::Error;
///
/// let mut conn = metagraph::sqlite::connect(":memory:")?;
/// assert!(matches!(metagraph::check::<Packages, _>(&mut conn), Err(Error::NotMigrated { .. })));
/// metagraph::migrate(&mut conn)?;
/// let behind = metagraph::check::<Packages, _>(&mut conn).unwrap_err();
/// assert_eq!(
///     behind.to_string(),
///     "the database is not what the graph type `packages` needs:\n  the graph type is not stored",
/// );
/// metagraph::sync::<Packages, _>(&mut conn)?;
/// metagraph::check::<Packages, _>(&mut conn)
/// # }
/// ```
///
/// # Errors
/// [`Error::NotMigrated`] without our tables; [`Error::Behind`] with everything that is missing; [`Error::StaleSchema`]
/// when the program is older than the database; [`Error::Evolving`] while rows are changed.
pub fn check<G: GraphType, C: GraphConnection>(conn: &mut C) -> Result<()> {
    let compiled = CompiledType::of::<G>()?;
    let graph_type = compiled.document().name.clone();
    let unapplied = migrations::unapplied(conn)?;
    if !unapplied.is_empty() {
        // The tables are not the ones that are read below.
        let missing = unapplied
            .iter()
            .map(|migration| format!("the migration `{}` ({}) was not applied", migration.version(), migration.name()));
        return Err(Error::Behind { graph_type, missing: missing.collect() });
    }
    let Some(stored) = StoredType::find(conn, &graph_type)? else {
        return Err(Error::Behind { graph_type, missing: vec!["the graph type is not stored".to_owned()] });
    };
    let missing = changes(conn, &stored, &compiled)?;
    if !missing.is_empty() {
        if let Some(opened) = stored.earlier(conn, &compiled)? {
            return Err(stored.refusal(opened));
        }
        return Err(Error::Behind { graph_type, missing });
    }
    if stored.evolving {
        return Err(Error::Evolving { graph_type });
    }
    let vocabulary = Vocabulary::load(conn, stored.id, stored.revision, compiled.document().clone())?;
    let existing = indexes::existing(conn)?;
    let declared = indexes::declared::<C::Db>(&vocabulary).into_iter().map(|declared| declared.index);
    let missing: Vec<_> = declared
        .filter(|index| !existing.contains(&index.name))
        .map(|index| format!("the index `{}` of `{}` does not exist", index.declared, index.element))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(Error::Behind { graph_type, missing }) }
}

/// What differs from the compiled type, a line each.
fn changes<C: GraphConnection>(conn: &mut C, stored: &StoredType, compiled: &CompiledType) -> Result<Vec<String>> {
    if stored.hash == compiled.hash() {
        return Ok(Vec::new());
    }
    let document = stored.document(conn)?;
    let differences = document.differences(compiled.document());
    #[cfg(feature = "validate")]
    if !differences.is_empty() {
        let diff = metagraph_core::evolution::TypeDiff::between(&document, compiled);
        return Ok(diff.changes.iter().map(ToString::to_string).collect());
    }
    Ok(differences.iter().map(ToString::to_string).collect())
}
