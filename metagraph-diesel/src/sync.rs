//! Registers a compiled graph type, and tells when the stored one differs.

use std::sync::Arc;

use metagraph_core::GraphType;
use metagraph_core::document::CompiledType;

use crate::backend::GraphConnection;
use crate::error::{Error, Result};
use crate::guard;
use crate::indexes;
use crate::revision;
use crate::stored_type::StoredType;
use crate::vocabulary::Vocabulary;

/// What [`sync`] did.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// use metagraph::Synced;
///
/// # let mut conn = metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(&mut conn)?;
/// if metagraph::sync::<Packages, _>(&mut conn)? == Synced::Registered {
///     println!("the first start on this database");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Synced {
    /// The type was not stored before.
    Registered,
    /// The stored type is the compiled one.
    Unchanged,
    /// Only titles and descriptions differed; they were stored anew.
    Redescribed,
    /// The compiled type is the next revision of the stored one now; every row stays as it is.
    Advanced,
    /// The compiled type is an earlier revision of the stored one: graphs can be opened and read, and not written to.
    Older,
}

/// Stores the graph type `G` with its node and edge types, or finds it stored.
///
/// A type that is stored already costs one read, and two more where it declares indexes. The ones that the database lacks
/// are created: in PostgreSQL, writers wait meanwhile. Safe to call from several processes at once: one registers, the others
/// find it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// use metagraph::Synced;
///
/// let mut conn = metagraph::sqlite::connect(":memory:")?;
/// metagraph::migrate(&mut conn)?;
/// assert_eq!(metagraph::sync::<Packages, _>(&mut conn)?, Synced::Registered);
/// assert_eq!(metagraph::sync::<Packages, _>(&mut conn)?, Synced::Unchanged);
/// # Ok(())
/// # }
/// ```
///
/// A type that differs from the stored one becomes its next revision where every row stays as it is: with the feature
/// `validate`, and if each change is compatible or there are no rows that it is about. Older programs can then open their
/// graphs, and only read.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// use metagraph::{Error, Synced};
///
/// /// What an older release called `packages`.
/// #[derive(GraphType)]
/// #[graph(name = "packages")]
/// # #[graph(crate = "metagraph_core")]
/// enum OlderPackages {
///     Package(Package),
///     DependsOn(DependsOn),
/// }
///
/// # let mut conn = metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(&mut conn)?;
/// metagraph::sync::<OlderPackages, _>(&mut conn)?;
/// let older = Graph::<OlderPackages>::open_or_create(&mut conn, "app")?;
/// assert_eq!(metagraph::sync::<Packages, _>(&mut conn)?, Synced::Advanced);
/// assert!(matches!(older.insert(&mut conn, &package("serde")), Err(Error::StaleSchema { opened: 1, found: 2, .. })));
/// assert_eq!(metagraph::sync::<OlderPackages, _>(&mut conn)?, Synced::Older);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::InvalidSchema`] when the type cannot be stored; [`Error::NeedsEvolution`] with every change that may
/// be about rows; [`Error::Evolving`] while they are changed; [`Error::InvalidQuery`] when it would have to change inside of a
/// PostgreSQL transaction that is not `READ COMMITTED`. Without the feature `validate`, [`Error::SchemaDrift`] with
/// every difference.
pub fn sync<G: GraphType, C: GraphConnection>(conn: &mut C) -> Result<Synced> {
    let compiled = CompiledType::of::<G>()?;
    guard::begin_write_inside(conn)?;
    if let Some(stored) = StoredType::find(conn, &compiled.document().name)?
        && stored.hash == compiled.hash()
    {
        if stored.evolving {
            return Err(Error::Evolving { graph_type: stored.name });
        }
        create_indexes(conn, &stored, &compiled)?;
        return Ok(Synced::Unchanged);
    }
    guard::transaction(conn, |conn| {
        let synced = register(conn, &compiled)?;
        if synced != Synced::Older {
            let stored = StoredType::require(conn, &compiled.document().name)?;
            create_indexes(conn, &stored, &compiled)?;
        }
        Ok(synced)
    })
}

/// Creates the indexes that the type declares and the database lacks.
fn create_indexes<C: GraphConnection>(conn: &mut C, stored: &StoredType, compiled: &CompiledType) -> Result<()> {
    let document = compiled.document();
    let nodes = document.nodes.values().map(|node| &node.indexes);
    if nodes.chain(document.edges.values().map(|edge| &edge.indexes)).all(Vec::is_empty) {
        return Ok(());
    }
    let vocabulary = Vocabulary::load(conn, stored.id, stored.revision, document.clone())?;
    indexes::create_missing(conn, &vocabulary)
}

fn register<C: GraphConnection>(conn: &mut C, compiled: &Arc<CompiledType>) -> Result<Synced> {
    if revision::insert(conn, compiled)?.is_some() {
        return Ok(Synced::Registered);
    }
    // Somebody has it, in this form or in another; the insert above made this transaction a writing one.
    let stored = StoredType::hold(conn, &compiled.document().name)?;
    if stored.hash == compiled.hash() {
        return if stored.evolving { Err(Error::Evolving { graph_type: stored.name }) } else { Ok(Synced::Unchanged) };
    }
    let differences = stored.document(conn)?.differences(compiled.document());
    if differences.is_empty() {
        revision::redescribe(conn, &stored, compiled)?;
        return Ok(Synced::Redescribed);
    }
    if stored.earlier(conn, compiled)?.is_some() {
        return Ok(Synced::Older);
    }
    if stored.evolving {
        return Err(Error::Evolving { graph_type: stored.name });
    }
    #[cfg(feature = "validate")]
    return crate::evolution::sync_alone(conn, &stored, compiled).map(|()| Synced::Advanced);
    #[cfg(not(feature = "validate"))]
    Err(Error::SchemaDrift { graph_type: stored.name, differences })
}
