//! A typed handle of one stored graph; its verbs take the connection.

mod change;
mod edges;
mod fetch;
pub(crate) mod handle;
mod metadata;
mod nodes;
mod parts;
mod remove;
mod save;
mod start;
mod unique;
mod upsert_edges;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use metagraph_core::{GraphId, GraphType};
use serde_json::Value;
use uuid::Uuid;

pub use handle::{Handle, WriteHandle};
pub use parts::{Part, Parts};
pub use save::Saved;
pub use unique::ByUnique;

use crate::backend::GraphConnection;
use crate::error::{Error, Result};
use crate::graphs;
use crate::guard;
use crate::integrity::{self, Report};
use crate::open_graph::OpenGraph;
use crate::row::{self, GraphPatch, GraphStatus, NewGraph};
use crate::run;
use crate::stored_type::StoredType;
use crate::vocabulary::Vocabulary;
use crate::write;

/// One stored graph of the type `G`.
///
/// It belongs to the database in which it was opened; writes through it on another one are refused.
///
/// A handle is small, can be cloned and shared between threads, and holds no connection: every verb takes one, so graph
/// writes join whatever transaction the caller is in.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// let mut conn = metagraph::sqlite::connect(":memory:")?;
/// metagraph::migrate(&mut conn)?;
/// metagraph::sync::<Packages, _>(&mut conn)?;
///
/// let graph = Graph::<Packages>::open_or_create(&mut conn, "app")?;
/// let app = graph.insert(&mut conn, &Package { id: "app".into(), downloads: 0 })?;
/// let serde = graph.insert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// assert_eq!(graph.nodes::<Package>().count(&mut conn)?, 2);
/// # Ok(())
/// # }
/// ```
///
/// # Transactions
/// A verb is all or nothing by itself. In a transaction of the caller's it shares the fate of everything else there:
/// when the graph refuses, the row in the application's own table goes too.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// use diesel::prelude::*;
///
/// diesel::table! {
///     downloads (id) { id -> Integer, package -> Text }
/// }
///
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # diesel::sql_query("CREATE TABLE downloads (id INTEGER PRIMARY KEY, package TEXT NOT NULL)").execute(&mut conn)?;
/// let outcome: metagraph::Result<()> = conn.transaction(|conn| {
///     diesel::insert_into(downloads::table).values(downloads::package.eq("serde")).execute(conn)?;
///     graph.insert(conn, &package("serde"))?;
///     graph.insert(conn, &package("serde"))?; // its key is taken
///     Ok(())
/// });
/// assert!(outcome.unwrap_err().is_conflict());
/// assert_eq!(downloads::table.count().get_result::<i64>(&mut conn)?, 0);
/// assert_eq!(graph.nodes::<Package>().count(&mut conn)?, 0);
/// # Ok(())
/// # }
/// ```
pub struct Graph<G> {
    id: i64,
    uid: Arc<str>,
    vocabulary: Arc<Vocabulary>,
    of: PhantomData<fn() -> G>,
}

impl<G> Clone for Graph<G> {
    fn clone(&self) -> Self {
        Self { id: self.id, uid: Arc::clone(&self.uid), vocabulary: Arc::clone(&self.vocabulary), of: PhantomData }
    }
}

impl<G> fmt::Debug for Graph<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Graph")
            .field("type", &self.vocabulary.document.name)
            .field("id", &self.id)
            .field("uid", &self.uid)
            .finish()
    }
}

impl<G: GraphType> Graph<G> {
    /// Creates a graph. Names need not be unique; [`Graph::open_or_create`] finds one first.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, _) = example()?;
    /// use metagraph::row::NewGraph;
    ///
    /// let draft = NewGraph { project: Some("billing".into()), ..NewGraph::named("november") };
    /// let graph = Graph::<Packages>::create(&mut conn, &draft)?;
    /// assert_eq!(graph.info(&mut conn)?.project.as_deref(), Some("billing"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownGraphType`](crate::Error::UnknownGraphType) before [`sync`](crate::sync()),
    /// [`Error::SchemaDrift`](crate::Error::SchemaDrift) when the stored type is not the compiled one,
    /// [`Error::NotMigrated`](crate::Error::NotMigrated) without our tables,
    /// [`Error::ForeignKeysOff`](crate::Error::ForeignKeysOff) on a SQLite connection that does not enforce them,
    /// [`Error::NulCharacter`](crate::Error::NulCharacter) when a text holds U+0000.
    pub fn create<C: GraphConnection>(conn: &mut C, graph: &NewGraph) -> Result<Self> {
        let vocabulary = Self::vocabulary(conn)?;
        let id = graphs::create(conn, &vocabulary, graph)?;
        let row = graphs::get(conn, id)?;
        Ok(Self::of(&row, vocabulary))
    }

    /// Opens the graph of this type with this name.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, _) = example()?;
    /// use metagraph::{Error, row::NewGraph};
    ///
    /// let draft = NewGraph::named("november");
    /// let graph = Graph::<Packages>::create(&mut conn, &draft)?;
    /// assert_eq!(Graph::<Packages>::open(&mut conn, "november")?.uid(), graph.uid());
    ///
    /// assert!(matches!(Graph::<Packages>::open(&mut conn, "december"), Err(Error::GraphNotFound { .. })));
    /// Graph::<Packages>::create(&mut conn, &draft)?;
    /// assert!(matches!(Graph::<Packages>::open(&mut conn, "november"), Err(Error::AmbiguousGraph { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::GraphNotFound`](crate::Error::GraphNotFound) when there is none,
    /// [`Error::AmbiguousGraph`](crate::Error::AmbiguousGraph) when there are several; otherwise as [`Graph::create`].
    pub fn open<C: GraphConnection>(conn: &mut C, name: &str) -> Result<Self> {
        let vocabulary = Self::vocabulary(conn)?;
        let row = graphs::by_name(conn, &vocabulary.document.name, name)?;
        let row = row.ok_or_else(|| Error::GraphNotFound {
            graph: format!("`{name}` of type `{}`", vocabulary.document.name),
        })?;
        Ok(Self::of(&row, vocabulary))
    }

    /// Opens the graph with this uid.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let same = Graph::<Packages>::open_by_uid(&mut conn, graph.uid())?;
    /// assert_eq!(same.id(), graph.id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::GraphNotFound`](crate::Error::GraphNotFound) when no graph of this type has it; otherwise as
    /// [`Graph::create`].
    pub fn open_by_uid<C: GraphConnection>(conn: &mut C, uid: &str) -> Result<Self> {
        let vocabulary = Self::vocabulary(conn)?;
        let row = graphs::get_by_uid(conn, uid)?;
        if row.graph_type != vocabulary.document.name {
            return Err(Error::GraphNotFound { graph: format!("{uid} of type `{}`", vocabulary.document.name) });
        }
        Ok(Self::of(&row, vocabulary))
    }

    /// Opens the graph of this type with this name, and creates it where there is none.
    ///
    /// Callers that race get the same graph.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, _) = example()?;
    /// let first = Graph::<Packages>::open_or_create(&mut conn, "november")?;
    /// let again = Graph::<Packages>::open_or_create(&mut conn, "november")?;
    /// assert_eq!(first.uid(), again.uid());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::open`], without `GraphNotFound`.
    pub fn open_or_create<C: GraphConnection>(conn: &mut C, name: &str) -> Result<Self> {
        guard::begin_write_inside(conn)?;
        let vocabulary = Self::vocabulary(conn)?;
        let row = graphs::by_name_or_create(conn, &vocabulary, &NewGraph::named(name))?;
        Ok(Self::of(&row, vocabulary))
    }

    /// Copies the graph with all nodes and edges into a new one, in one transaction, and opens the copy.
    ///
    /// The copy has a uid of its own; keys, attributes and metadata are the same, and versions begin at 1.
    /// Writers of the graph that is copied wait until the transaction ends.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::row::NewGraph;
    ///
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let copy = graph.duplicate(&mut conn, &NewGraph::named("experiment"))?;
    /// assert!(copy.get_by_key::<Package>(&mut conn, "serde")?.is_some());
    /// assert!(copy.get(&mut conn, serde)?.is_none(), "an id belongs to the graph that gave it");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::GraphNotFound`](crate::Error::GraphNotFound) when the graph was deleted.
    pub fn duplicate<C: GraphConnection>(&self, conn: &mut C, copy: &NewGraph) -> Result<Self> {
        run::transaction(conn, |conn| {
            let id = graphs::create(conn, &self.vocabulary, copy)?;
            self.info(conn)?;
            graphs::copy(conn, self.id, id)?;
            let row = graphs::get(conn, id)?;
            Ok(Self::of(&row, Arc::clone(&self.vocabulary)))
        })
    }

    /// The local handle.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// assert_eq!(graph.id().raw(), graph.info(&mut conn)?.id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn id(&self) -> GraphId<G> {
        GraphId::from_raw(self.id)
    }

    /// The identity that travels between databases.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// assert_eq!(graph.uid(), graph.info(&mut conn)?.uid);
    /// assert_eq!(graph.uid().len(), 36, "a UUID");
    /// # Ok(())
    /// # }
    /// ```
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// The graph's own row, as it is now.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::row::GraphStatus;
    ///
    /// let row = graph.info(&mut conn)?;
    /// assert_eq!((row.graph_type.as_str(), row.status), ("packages", GraphStatus::Draft));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::GraphNotFound`](crate::Error::GraphNotFound) when the graph was deleted.
    pub fn info<C: GraphConnection>(&self, conn: &mut C) -> Result<row::Graph> {
        self.own(graphs::get(conn, self.id)?)
    }

    /// Checks whether the graph holds what metagraph would have written, after somebody else wrote to the database.
    ///
    /// Its rows are checked against the stored graph type, which may differ from the one this handle was opened with. For
    /// a whole database, for options, and for what it costs, see [`integrity`](crate::integrity).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let report = graph.check_integrity(&mut conn)?;
    /// assert!(report.is_clean(), "{report}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::GraphNotFound`](crate::Error::GraphNotFound) when the graph was deleted.
    pub fn check_integrity<C: GraphConnection>(&self, conn: &mut C) -> Result<Report> {
        integrity::of_open(conn, self.opened())
    }

    /// Gives the graph another name, which other graphs may have as well.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.rename(&mut conn, "november")?;
    /// assert_eq!(graph.info(&mut conn)?.name, "november");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::info`]; [`Error::NulCharacter`](crate::Error::NulCharacter) when the name holds U+0000.
    pub fn rename<C: GraphConnection>(&self, conn: &mut C, name: &str) -> Result<()> {
        let patch = GraphPatch { name: Some(name.to_owned()), ..GraphPatch::default() };
        self.patch_row(conn, &patch)
    }

    /// Moves the graph to another status; every status can follow every other.
    ///
    /// Archiving waits for writers that are under way, and later ones get
    /// [`Error::GraphArchived`](crate::Error::GraphArchived).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::{Error, row::GraphStatus};
    ///
    /// graph.set_status(&mut conn, GraphStatus::Archived)?;
    /// let refused = graph.insert(&mut conn, &package("serde")).unwrap_err();
    /// assert!(matches!(refused, Error::GraphArchived { .. }));
    ///
    /// graph.set_status(&mut conn, GraphStatus::Active)?;
    /// graph.insert(&mut conn, &package("serde"))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::info`].
    pub fn set_status<C: GraphConnection>(&self, conn: &mut C, status: GraphStatus) -> Result<()> {
        let patch = GraphPatch { status: Some(status), ..GraphPatch::default() };
        self.patch_row(conn, &patch)
    }

    /// Replaces the graph's metadata.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.set_metadata(&mut conn, serde_json::json!({"source": "Cargo.lock"}))?;
    /// assert_eq!(graph.info(&mut conn)?.metadata["source"], "Cargo.lock");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::info`]; [`Error::NulCharacter`](crate::Error::NulCharacter) when a text holds U+0000.
    pub fn set_metadata<C: GraphConnection>(&self, conn: &mut C, metadata: Value) -> Result<()> {
        let patch = GraphPatch { metadata: Some(metadata), ..GraphPatch::default() };
        self.patch_row(conn, &patch)
    }

    /// Deletes all nodes and edges of the graph, also restricted ones, and returns how many nodes there were.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, [package("app"), package("serde")])?;
    /// assert_eq!(graph.clear(&mut conn)?, 2);
    /// assert_eq!(graph.nodes::<Package>().count(&mut conn)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::GraphArchived`](crate::Error::GraphArchived) when the graph refuses writes.
    pub fn clear<C: GraphConnection>(&self, conn: &mut C) -> Result<usize> {
        write::delete::all(conn, self.opened())
    }

    /// Deletes the graph with all nodes and edges, also an archived one; `false` when it was gone.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    ///
    /// let other = graph.clone();
    /// assert!(graph.delete_graph(&mut conn)?);
    /// assert!(matches!(other.insert(&mut conn, &package("serde")), Err(Error::GraphNotFound { .. })));
    /// assert!(!other.delete_graph(&mut conn)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::ForeignKeysOff`](crate::Error::ForeignKeysOff) on a SQLite connection that would leave nodes behind.
    pub fn delete_graph<C: GraphConnection>(self, conn: &mut C) -> Result<bool> {
        graphs::delete_own(conn, self.id, self.opened().uid)
    }

    fn patch_row<C: GraphConnection>(&self, conn: &mut C, patch: &GraphPatch) -> Result<()> {
        run::transaction(conn, |conn| {
            let row = graphs::update(conn, self.id, patch)?;
            self.own(row).map(drop)
        })
    }

    /// Refuses the row that has this id in another database than the handle's.
    fn own(&self, row: row::Graph) -> Result<row::Graph> {
        if row.uid == *self.uid { Ok(row) } else { Err(Error::GraphNotFound { graph: self.id.to_string() }) }
    }

    fn vocabulary<C: GraphConnection>(conn: &mut C) -> Result<Arc<Vocabulary>> {
        guard::require_foreign_keys(conn)?;
        StoredType::vocabulary_of::<G, C>(conn)
    }

    fn of(row: &row::Graph, vocabulary: Arc<Vocabulary>) -> Self {
        Self { id: row.id, uid: row.uid.as_str().into(), vocabulary, of: PhantomData }
    }
}

impl<G> Graph<G> {
    pub(crate) fn opened(&self) -> OpenGraph<'_> {
        OpenGraph { id: self.id, uid: Uuid::try_parse(&self.uid).unwrap_or_default(), vocabulary: &self.vocabulary }
    }

    /// Puts what is wrong with the graph before what is wrong with a value.
    fn refused<C: GraphConnection, T>(&self, conn: &mut C, error: Error) -> Result<T> {
        guard::explain(conn, self.opened().target())?;
        Err(error)
    }
}
