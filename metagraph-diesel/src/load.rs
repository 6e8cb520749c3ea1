//! Large imports: rows from iterators, stored in batches, checked like all others.
//!
//! [`Graph::loader`] begins one. It keeps one batch of rows in memory and nothing that grows with the graph: of the nodes
//! that it stored it knows ranges of ids.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
//! # fn main() -> metagraph::Result<()> {
//! # let (mut conn, graph) = example()?;
//! use metagraph::load::Commit;
//!
//! let names = (0..1000).map(|number| package(&format!("package {number}")));
//! let mut loader = graph.loader(&mut conn).commit(Commit::Once);
//! let packages = loader.nodes::<Package>(names)?;
//! let chain = (1..packages.len()).filter_map(|place| {
//!     Some((packages.id(place - 1)?, packages.id(place)?, DependsOn { optional: false }))
//! });
//! loader.edges::<DependsOn, _, _>(chain)?;
//! let report = loader.finish()?;
//! assert_eq!(report.total(), 1999);
//! # Ok(())
//! # }
//! ```
//!
//! # What to expect
//! - [`Commit`] says what a failure leaves: all batches before it, or nothing.
//! - Edges of types that are `acyclic` are searched as a whole, after each batch or, with [`Commit::Once`], at the end,
//!   which is therefore much faster. The search holds a number for each node.
//! - A load into a SQLite table that has many rows already keeps its indexes, since creating them again costs the old
//!   rows as well.
//! - The database's statistics are the application's: after a large load run `ANALYZE`, on SQLite and where PostgreSQL's
//!   autovacuum does not come soon enough. PostgreSQL takes a graph that its statistics do not know for an empty one, and
//!   then believes that any index finds a row of it.

mod edges;
mod loaded;
mod nodes;
mod rebuild;
mod record;
mod report;
mod session;

use std::borrow::Borrow;
use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

use metagraph_core::{Connects, Keyed, NodeId, NodeType, PartOf};

pub use self::loaded::Loaded;
pub use self::report::{Commit, Failure, Progress, Report};

use self::edges::{End, KeysOf, Row};
use self::session::Session;
use crate::backend::GraphConnection;
use crate::encode::{self, invalid_key};
use crate::error::{Error, Result};
use crate::graph::Graph;

/// What an iterator of rows may fail with.
type Cause = Box<dyn std::error::Error + Send + Sync>;

impl<G> Graph<G> {
    /// Begins a large import; see [`load`](crate::load).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let mut loader = graph.loader(&mut conn);
    /// let packages = loader.nodes::<Package>(["app", "serde"].map(package))?;
    /// loader.finish()?;
    /// assert_eq!(packages.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn loader<'l, C: GraphConnection>(&'l self, conn: &'l mut C) -> Loader<'l, G, C> {
        Loader { graph: self, session: Session::new(conn, self.opened()) }
    }

    /// Gives up a [resumable](Commit::Resumable) load: what it stored stays, how far it came is forgotten.
    ///
    /// Answers `false` where there is no such load.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::load::Commit;
    ///
    /// let mut loader = graph.loader(&mut conn).commit(Commit::Resumable("november".into()));
    /// loader.nodes::<Package>([package("app")])?;
    /// drop(loader);
    /// assert!(graph.forget_load(&mut conn, "november")?);
    /// assert!(!graph.forget_load(&mut conn, "november")?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`] when the database fails.
    pub fn forget_load<C: GraphConnection>(&self, conn: &mut C, name: &str) -> Result<bool> {
        record::forget(conn, self.opened(), name)
    }
}

/// A load under way: each call of `nodes` or `edges` is a step, and [`finish`](Loader::finish) ends it.
///
/// After an error it takes nothing more. With [`Commit::Once`] a loader that is dropped before `finish` leaves nothing.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::load::Loader;
///
/// fn load<C: metagraph::GraphConnection>(loader: &mut Loader<'_, Packages, C>) -> metagraph::Result<u64> {
///     loader.nodes::<Package>(["app", "serde"].map(package))?;
///     loader.edges_by_key::<DependsOn, Package, Package, _>([("app", "serde", DependsOn { optional: false })])
/// }
///
/// let mut loader = graph.loader(&mut conn).batch(500);
/// assert_eq!(load(&mut loader)?, 1);
/// loader.finish()?;
/// # Ok(())
/// # }
/// ```
pub struct Loader<'l, G, C: GraphConnection> {
    graph: &'l Graph<G>,
    session: Session<'l, C>,
}

impl<'l, G, C: GraphConnection> Loader<'l, G, C> {
    /// When it commits; [`Commit::EachBatch`] unless told otherwise.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::load::Commit;
    ///
    /// let resumable = || Commit::Resumable("november".into());
    /// let mut first = graph.loader(&mut conn).commit(resumable());
    /// first.nodes::<Package>(["app", "serde"].map(package))?;
    /// drop(first); // the program ends here
    ///
    /// let mut again = graph.loader(&mut conn).commit(resumable());
    /// let packages = again.nodes::<Package>(["app", "serde"].map(package))?;
    /// again.edges::<DependsOn, _, _>([(packages.id(0).unwrap(), packages.id(1).unwrap(), DependsOn { optional: true })])?;
    /// assert_eq!(again.finish()?.skipped, 2);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn commit(mut self, commit: Commit) -> Self {
        self.session.commit = commit;
        self
    }

    /// How many rows it takes from an iterator before it stores them; 10,000 unless told otherwise, and one at least.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let mut batches = 0;
    /// let mut loader = graph.loader(&mut conn).batch(100).on_progress(|_| batches += 1);
    /// loader.nodes::<Package>((0..250).map(|number| package(&number.to_string())))?;
    /// loader.finish()?;
    /// assert_eq!(batches, 3);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn batch(mut self, rows: usize) -> Self {
        self.session.batch = rows.max(1);
        self
    }

    /// Is told after every batch how far the load has come.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let mut loader = graph.loader(&mut conn).on_progress(|progress| {
    ///     println!("{} {} after {:?}", progress.rows, progress.element, progress.elapsed);
    /// });
    /// loader.nodes::<Package>([package("app")])?;
    /// loader.finish()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_progress(mut self, observer: impl FnMut(&Progress) + 'l) -> Self {
        self.session.observer = Some(Box::new(observer));
        self
    }

    /// Loads nodes, given by value or by reference.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let mut loader = graph.loader(&mut conn);
    /// let packages = loader.nodes::<Package>(&["app", "serde"].map(package))?;
    /// assert_eq!(packages.ids().count(), 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Load`] with the step, the row and the cause, which is as for [`Graph::insert_many`]; two nodes of one
    /// batch that conflict are told as there. [`Error::LoadDiffers`] and [`Error::LoadTaken`] when a load cannot be
    /// resumed, [`Error::LoadEnded`] after another error.
    pub fn nodes<N>(&mut self, nodes: impl IntoIterator<Item = impl Borrow<N>>) -> Result<Loaded<N>>
    where
        N: NodeType + PartOf<G>,
    {
        self.try_nodes::<N, Infallible>(nodes.into_iter().map(Ok))
    }

    /// Loads nodes from an iterator that may fail, as the reader of a file.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    ///
    /// let lines = [r#"{"id": "app", "downloads": 0}"#, "{"];
    /// let packages = lines.into_iter().map(serde_json::from_str::<Package>);
    /// let refused = graph.loader(&mut conn).try_nodes::<Package, _>(packages).unwrap_err();
    /// let Error::Load(failure) = refused else { panic!("{refused}") };
    /// assert_eq!(failure.row, Some(1));
    /// assert!(matches!(failure.cause, Error::Input { .. }));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Loader::nodes`]; [`Error::Input`] holds what the iterator failed with.
    pub fn try_nodes<N, X>(&mut self, nodes: impl IntoIterator<Item = Result<impl Borrow<N>, X>>) -> Result<Loaded<N>>
    where
        N: NodeType + PartOf<G>,
        X: Into<Cause>,
    {
        let kind = self.graph.opened().vocabulary.node(N::NAME)?;
        let ids = self.session.step(N::NAME, |session| {
            let (stored, ids) = session.resume()?;
            let mut nodes = nodes.into_iter();
            skip(session, &mut nodes, stored)?;
            let mut rows = nodes.map(|node| encode::typed(&kind.check, node.map_err(input)?.borrow()));
            nodes::load(session, kind, ids, &mut rows)
        })?;
        Ok(Loaded { ids, of: PhantomData })
    }

    /// Loads edges between nodes given by id, and counts them with those that an earlier run stored.
    ///
    /// Ends that this load stored are known to it; others are looked up.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let mut loader = graph.loader(&mut conn);
    /// let apps = loader.nodes::<Package>(["app", "tool"].map(package))?;
    /// let edges = loader.edges::<DependsOn, _, _>(apps.ids().map(|app| (app, serde, DependsOn { optional: false })))?;
    /// assert_eq!(edges, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Loader::nodes`], with the causes of [`Graph::connect_many`].
    pub fn edges<E, S, T>(
        &mut self,
        edges: impl IntoIterator<Item = (NodeId<S>, NodeId<T>, impl Borrow<E>)>,
    ) -> Result<u64>
    where
        E: Connects<S, T> + PartOf<G>,
    {
        self.try_edges::<E, S, T, Infallible>(edges.into_iter().map(Ok))
    }

    /// Loads edges from an iterator that may fail.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let mut loader = graph.loader(&mut conn);
    /// let packages = loader.nodes::<Package>(["app", "serde"].map(package))?;
    /// let edges = [Err("the file ends here")];
    /// let ids = packages.id(0).zip(packages.id(1)).unwrap();
    /// let edges = edges.map(|edge: Result<DependsOn, _>| Ok::<_, &str>((ids.0, ids.1, edge?)));
    /// let refused = loader.try_edges::<DependsOn, _, _, _>(edges).unwrap_err();
    /// assert!(refused.to_string().contains("the file ends here"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Loader::edges`]; [`Error::Input`] holds what the iterator failed with.
    pub fn try_edges<E, S, T, X>(
        &mut self,
        edges: impl IntoIterator<Item = Result<(NodeId<S>, NodeId<T>, impl Borrow<E>), X>>,
    ) -> Result<u64>
    where
        E: Connects<S, T> + PartOf<G>,
        X: Into<Cause>,
    {
        let keys = KeysOf { source: Vec::new(), target: Vec::new() };
        let ends = edges.into_iter().map(|edge| {
            edge.map(|(source, target, edge)| (Ok(End::Id(source.raw())), Ok(End::Id(target.raw())), edge))
        });
        self.load_edges(&keys, ends)
    }

    /// Loads edges between nodes given by key; the keys of a batch are looked up together.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let mut loader = graph.loader(&mut conn);
    /// loader.nodes::<Package>(["app", "serde"].map(package))?;
    /// let needs = [("app", "serde", DependsOn { optional: false }), ("app", "log", DependsOn { optional: true })];
    /// let refused = loader.edges_by_key::<DependsOn, Package, Package, _>(needs).unwrap_err();
    /// assert!(refused.to_string().starts_with("row 1 of depends_on (step 2): there is no package `log`"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Loader::edges`]; [`Error::NotFound`] when no node has a key.
    pub fn edges_by_key<E, S, T, K>(&mut self, edges: impl IntoIterator<Item = (K, K, impl Borrow<E>)>) -> Result<u64>
    where
        E: Connects<S, T> + PartOf<G>,
        S: Keyed,
        T: Keyed,
        K: AsRef<str>,
    {
        self.try_edges_by_key::<E, S, T, K, Infallible>(edges.into_iter().map(Ok))
    }

    /// Loads edges between nodes given by key, from an iterator that may fail.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let mut loader = graph.loader(&mut conn);
    /// loader.nodes::<Package>(["app", "serde"].map(package))?;
    /// let lines = [r#"["app", "serde", {"optional": true}]"#].map(serde_json::from_str::<(String, String, DependsOn)>);
    /// assert_eq!(loader.try_edges_by_key::<DependsOn, Package, Package, _, _>(lines)?, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Loader::edges_by_key`]; [`Error::Input`] holds what the iterator failed with.
    pub fn try_edges_by_key<E, S, T, K, X>(
        &mut self,
        edges: impl IntoIterator<Item = Result<(K, K, impl Borrow<E>), X>>,
    ) -> Result<u64>
    where
        E: Connects<S, T> + PartOf<G>,
        S: Keyed,
        T: Keyed,
        K: AsRef<str>,
        X: Into<Cause>,
    {
        let vocabulary = self.graph.opened().vocabulary;
        let (source, target) = (vocabulary.node(S::NAME)?.id, vocabulary.node(T::NAME)?.id);
        let keys = KeysOf { source: vec![source], target: vec![target] };
        let ends = edges.into_iter().map(|edge| {
            edge.map(|(source, target, edge)| (end(S::NAME, source.as_ref()), end(T::NAME, target.as_ref()), edge))
        });
        self.load_edges(&keys, ends)
    }

    fn load_edges<E, X>(
        &mut self,
        keys: &KeysOf,
        mut edges: impl Iterator<Item = Result<(Result<End>, Result<End>, impl Borrow<E>), X>>,
    ) -> Result<u64>
    where
        E: metagraph_core::EdgeType,
        X: Into<Cause>,
    {
        let kind = self.graph.opened().vocabulary.edge(E::NAME)?;
        self.session.step(E::NAME, |session| {
            let (stored, _) = session.resume()?;
            skip(session, &mut edges, stored)?;
            let mut rows = edges.map(|edge| {
                let (source, target, edge) = edge.map_err(input)?;
                let value = encode::typed(&kind.check, edge.borrow())?;
                Ok(Row { source: source?, target: target?, value })
            });
            edges::load(session, (kind, E::NAME), keys, &mut rows)?;
            Ok(session.rows())
        })
    }

    /// Ends the load: commits what is not committed, searches for cycles, and forgets how far a resumable one had come.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::load::Commit;
    ///
    /// let mut loader = graph.loader(&mut conn).commit(Commit::Once);
    /// loader.nodes::<Package>(["app", "serde"].map(package))?;
    /// let needs = [("app", "serde"), ("serde", "app")].map(|(from, to)| (from, to, DependsOn { optional: false }));
    /// loader.edges_by_key::<DependsOn, Package, Package, _>(needs)?;
    /// let refused = loader.finish().unwrap_err();
    /// assert_eq!(refused.code(), "MG3009", "a cycle");
    /// assert_eq!(graph.nodes::<Package>().count(&mut conn)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Load`] with [`Error::Conflict`] or [`Error::Cycle`] where the end finds one; [`Error::LoadDiffers`] when
    /// an earlier run of the load had further steps.
    pub fn finish(mut self) -> Result<Report> {
        self.session.finish()
    }
}

impl<G, C: GraphConnection> fmt::Debug for Loader<'_, G, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader")
            .field("graph", self.graph)
            .field("commit", &self.session.commit)
            .finish_non_exhaustive()
    }
}

fn input(source: impl Into<Cause>) -> Error {
    Error::Input { source: source.into() }
}

fn end(element: &str, key: &str) -> Result<End> {
    metagraph_core::Key::new(key).map(End::Key).map_err(|source| invalid_key(element, source))
}

/// Leaves out the rows that an earlier run stored.
fn skip<C: GraphConnection, T, X: Into<Cause>>(
    session: &mut Session<'_, C>,
    rows: &mut impl Iterator<Item = Result<T, X>>,
    stored: u64,
) -> Result<()> {
    for given in 0..stored {
        match rows.next() {
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(input(error)),
            None => return Err(session.too_few(stored, given)),
        }
    }
    if stored > 0 {
        session.skipped(stored);
    }
    Ok(())
}
