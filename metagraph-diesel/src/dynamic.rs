//! The same rows by name and as JSON, for tools that know only the stored schema.

mod edges;
mod nodes;

use std::sync::Arc;

use metagraph_core::document::GraphDocument;
use uuid::Uuid;

use crate::backend::GraphConnection;
use crate::error::{Error, Result};
use crate::graphs;
use crate::guard;
use crate::integrity::{self, Report};
use crate::open_graph::OpenGraph;
use crate::row::{self, NewGraph};
use crate::stored_type::StoredType;
use crate::vocabulary::Vocabulary;
use crate::write;

/// One stored graph, with types by name and attributes as JSON.
///
/// Every write is validated against the stored schema and refused with the same errors as a typed one; rows come as
/// [`row::Node`] and [`row::Edge`]. Text that the schema calls a `date-time` is stored as a [`jiff::Timestamp`] is
/// written: in UTC, with `Z` and the shortest fraction, so that a point in time is found, ordered and unique whichever
/// layer wrote it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// use metagraph::{DynamicGraph, Error};
/// use metagraph::row::NewNode;
/// use serde_json::json;
///
/// let mut conn = metagraph::sqlite::connect(":memory:")?;
/// metagraph::migrate(&mut conn)?;
/// metagraph::sync::<Packages, _>(&mut conn)?;
///
/// let graph = DynamicGraph::open_or_create(&mut conn, "packages", "app")?;
/// let package = |attributes| NewNode { node_type: "package".into(), attributes };
/// let id = graph.insert(&mut conn, &package(json!({"id": "serde", "downloads": 7})))?;
/// assert_eq!(graph.node(&mut conn, id)?.unwrap().attributes["downloads"], 7);
///
/// let refused = graph.insert(&mut conn, &package(json!({"id": 1, "downloads": -1}))).unwrap_err();
/// let Error::Invalid { source, .. } = &refused else { panic!("{refused}") };
/// let paths: Vec<_> = source.violations.iter().map(|violation| violation.path.as_str()).collect();
/// assert_eq!(paths, ["/downloads", "/id"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct DynamicGraph {
    id: i64,
    uid: Arc<str>,
    vocabulary: Arc<Vocabulary>,
}

impl DynamicGraph {
    /// Creates a graph of a stored type.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, _) = example()?;
    /// use metagraph::{DynamicGraph, Error, row::NewGraph};
    ///
    /// let graph = DynamicGraph::create(&mut conn, "packages", &NewGraph::named("november"))?;
    /// assert_eq!(graph.info(&mut conn)?.name, "november");
    /// let unknown = DynamicGraph::create(&mut conn, "parcels", &NewGraph::named("november"));
    /// assert!(matches!(unknown, Err(Error::UnknownGraphType { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownGraphType`] when no such type is stored.
    pub fn create<C: GraphConnection>(conn: &mut C, graph_type: &str, graph: &NewGraph) -> Result<Self> {
        let vocabulary = Self::vocabulary(conn, graph_type)?;
        let id = graphs::create(conn, &vocabulary, graph)?;
        let row = graphs::get(conn, id)?;
        Ok(Self::of(&row, vocabulary))
    }

    /// Opens the graph of a stored type with this name.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, _) = example()?;
    /// use metagraph::DynamicGraph;
    ///
    /// # let typed = Graph::<Packages>::open(&mut conn, "app")?;
    /// let graph = DynamicGraph::open(&mut conn, "packages", "app")?;
    /// assert_eq!(graph.uid(), typed.uid(), "the same graph that a `Graph<Packages>` opens");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownGraphType`], [`Error::GraphNotFound`], [`Error::AmbiguousGraph`].
    pub fn open<C: GraphConnection>(conn: &mut C, graph_type: &str, name: &str) -> Result<Self> {
        let vocabulary = Self::vocabulary(conn, graph_type)?;
        let row = graphs::by_name(conn, graph_type, name)?;
        let row = row.ok_or_else(|| Error::GraphNotFound { graph: format!("`{name}` of type `{graph_type}`") })?;
        Ok(Self::of(&row, vocabulary))
    }

    /// Opens the graph of a stored type with this name, and creates it where there is none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, _) = example()?;
    /// use metagraph::DynamicGraph;
    ///
    /// let first = DynamicGraph::open_or_create(&mut conn, "packages", "november")?;
    /// let again = DynamicGraph::open_or_create(&mut conn, "packages", "november")?;
    /// assert_eq!(first.uid(), again.uid());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownGraphType`], [`Error::AmbiguousGraph`].
    pub fn open_or_create<C: GraphConnection>(conn: &mut C, graph_type: &str, name: &str) -> Result<Self> {
        guard::begin_write_inside(conn)?;
        let vocabulary = Self::vocabulary(conn, graph_type)?;
        let row = graphs::by_name_or_create(conn, &vocabulary, &NewGraph::named(name))?;
        Ok(Self::of(&row, vocabulary))
    }

    /// Opens the graph with this uid, whatever its type.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// use metagraph::DynamicGraph;
    ///
    /// let same = DynamicGraph::open_by_uid(&mut conn, graph.uid())?;
    /// assert_eq!(same.document().name, "packages");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::GraphNotFound`].
    pub fn open_by_uid<C: GraphConnection>(conn: &mut C, uid: &str) -> Result<Self> {
        let row = graphs::get_by_uid(conn, uid)?;
        let vocabulary = Self::vocabulary(conn, &row.graph_type)?;
        Ok(Self::of(&row, vocabulary))
    }

    /// The local id.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// assert_eq!(graph.id(), graph.info(&mut conn)?.id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The identity that travels between databases.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// assert_eq!(graph.uid(), graph.info(&mut conn)?.uid);
    /// # Ok(())
    /// # }
    /// ```
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// The schema document of the graph's type, as it was stored when the graph was opened.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// let document = graph.document();
    /// assert_eq!(document.nodes["package"].key.as_deref(), Some("id"));
    /// assert_eq!(document.edges["maintains"].to, ["package", "person"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn document(&self) -> &GraphDocument {
        &self.vocabulary.document
    }

    /// The graph's own row, as it is now.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// assert_eq!(graph.info(&mut conn)?.graph_type, "packages");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::GraphNotFound`] when the graph was deleted.
    pub fn info<C: GraphConnection>(&self, conn: &mut C) -> Result<row::Graph> {
        let row = graphs::get(conn, self.id)?;
        if row.uid == *self.uid { Ok(row) } else { Err(Error::GraphNotFound { graph: self.id.to_string() }) }
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
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
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

    /// Deletes all nodes and edges of the graph, also restricted ones, and returns how many nodes there were.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// graph.insert_many(&mut conn, "person", &[json!({"name": "Mara"}), json!({"name": "Noor"})])?;
    /// assert_eq!(graph.clear(&mut conn)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::GraphArchived`] when the graph refuses writes.
    pub fn clear<C: GraphConnection>(&self, conn: &mut C) -> Result<usize> {
        write::delete::all(conn, self.opened())
    }

    fn vocabulary<C: GraphConnection>(conn: &mut C, graph_type: &str) -> Result<Arc<Vocabulary>> {
        guard::require_foreign_keys(conn)?;
        let stored = StoredType::require(conn, graph_type)?;
        if stored.evolving {
            return Err(Error::Evolving { graph_type: stored.name });
        }
        let document = stored.document(conn)?;
        Vocabulary::load(conn, stored.id, stored.revision, document).map(Arc::new)
    }

    fn of(row: &row::Graph, vocabulary: Arc<Vocabulary>) -> Self {
        Self { id: row.id, uid: row.uid.as_str().into(), vocabulary }
    }

    fn opened(&self) -> OpenGraph<'_> {
        OpenGraph { id: self.id, uid: Uuid::try_parse(&self.uid).unwrap_or_default(), vocabulary: &self.vocabulary }
    }

    /// Puts what is wrong with the graph before what is wrong with a value.
    fn judged<C: GraphConnection, T>(&self, conn: &mut C, judged: Result<T>) -> Result<T> {
        judged.or_else(|error| {
            guard::explain(conn, self.opened().target())?;
            Err(error)
        })
    }
}

/// How a write of all attributes treats what is stored.
#[derive(Clone, Copy)]
enum Expect {
    Any,
    Version(i64),
}

/// Writes what `encode` makes of the stored row; again while somebody else is faster, where any version will do.
fn write_over<C: GraphConnection>(
    conn: &mut C,
    expect: Expect,
    mut write: impl FnMut(&mut C) -> Result<i64>,
) -> Result<i64> {
    let mut attempt = 1;
    loop {
        match (write(conn), expect) {
            (Err(Error::Stale { .. }), Expect::Any) if attempt < write::ATTEMPTS => attempt += 1,
            (outcome, _) => return outcome,
        }
    }
}
