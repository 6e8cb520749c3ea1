//! The one error type, where the small errors of every layer converge.

mod classify;
mod guide;
mod lists;

use std::fmt;

use metagraph_core::document::Difference;
#[cfg(feature = "encryption")]
use metagraph_core::encryption::{OpenError, ResealError, SealError};
#[cfg(feature = "validate")]
use metagraph_core::evolution::Change;
use metagraph_core::schema::InvalidSchema;
use metagraph_core::validate::Invalid;
use metagraph_core::{InvalidKey, Key};

pub(crate) use classify::{DecodeFailure, classified};
pub use guide::Category;
use lists::{Counts, Lines, Names, Path, Place, Rules, Together, Weight};

use crate::conflict::{Conflict, NodeLabel, NodeName};
#[cfg(feature = "encryption")]
use crate::encryption::KeyFileError;
#[cfg(feature = "validate")]
use crate::evolution::Plan;
use crate::load::Failure;

/// The result of everything that can fail here.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// use diesel::SqliteConnection;
///
/// fn downloads(conn: &mut SqliteConnection, graph: &Graph<Packages>) -> metagraph::Result<u32> {
///     Ok(graph.nodes::<Package>().load(conn)?.iter().map(|node| node.value.downloads).sum())
/// }
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # assert_eq!(downloads(&mut conn, &graph)?, 0);
/// # Ok(())
/// # }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One side of an edge.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// use metagraph::{Error, Side};
///
/// graph.delete(&mut conn, serde)?;
/// let refused = graph.connect(&mut conn, app, serde, &DependsOn { optional: false });
/// assert!(matches!(refused, Err(Error::EndpointNotFound { side: Side::Target, .. })));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Where the edge starts.
    Source,
    /// Where the edge ends.
    Target,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Source => "source",
            Self::Target => "target",
        })
    }
}

/// Why an operation was refused or failed. Nothing of it was stored.
///
/// Variants carry facts to match on. For logs there is [`code`](Error::code), which stays the same between releases;
/// [`category`](Error::category) says who has to act, [`hint`](Error::hint) what to do, and
/// [`is_transient`](Error::is_transient) whether to repeat.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::{Category, Error};
///
/// let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.update(&mut conn, serde, |package| package.downloads += 1)?;
/// let error = graph.update_if(&mut conn, serde, 1, |package| package.downloads = 0).unwrap_err();
///
/// assert!(matches!(error, Error::Stale { expected: 1, found: 2, .. }));
/// assert_eq!(error.to_string(), format!("package {serde} is at version 2, not 1"));
/// assert_eq!((error.code(), error.category()), ("MG3012", Category::State));
/// assert_eq!(error.hint(), Some("read it again and repeat the change"));
/// assert!(error.is_transient() && !error.is_conflict());
/// # Ok(())
/// # }
/// ```
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The compiled graph type cannot be stored.
    #[error(transparent)]
    InvalidSchema(#[from] InvalidSchema),

    /// A value was not sealed.
    #[cfg(feature = "encryption")]
    #[error(transparent)]
    Sealing(#[from] SealError),

    /// A sealed value was not opened.
    #[cfg(feature = "encryption")]
    #[error(transparent)]
    Opening(#[from] OpenError),

    /// A file gave no keys.
    #[cfg(feature = "encryption")]
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),

    /// The stored graph type differs from the compiled one.
    #[error("the stored graph type `{graph_type}` differs from the code:{}", Lines(differences))]
    SchemaDrift {
        /// Name of the graph type.
        graph_type: String,
        /// Every difference.
        differences: Vec<Difference>,
    },

    /// The stored graph type differs from the compiled one, and rows may have to change with it.
    #[cfg(feature = "validate")]
    #[error(
        "the stored graph type `{graph_type}` is not the one of the program, and rows may have to change:{}",
        Lines(changes)
    )]
    NeedsEvolution {
        /// Name of the graph type.
        graph_type: String,
        /// Every change that is not compatible.
        changes: Vec<Change>,
    },

    /// Rows do not fit the revision that they were to be changed to; nothing was done.
    #[cfg(feature = "validate")]
    #[error("rows do not fit the next revision, and nothing was done\n{}", .0)]
    Refused(Box<Plan>),

    /// The database is not what the program needs.
    #[error("the database is not what the graph type `{graph_type}` needs:{}", Lines(missing))]
    Behind {
        /// Name of the graph type.
        graph_type: String,
        /// What would have to be done.
        missing: Vec<String>,
    },

    /// The rows of the graph type are being changed to another revision of it.
    #[error("the rows of the graph type `{graph_type}` are being changed to another revision of it")]
    Evolving {
        /// Name of the graph type.
        graph_type: String,
    },

    /// The graph type changed after this handle was opened.
    #[error("the graph type `{graph_type}` is at revision {found}, this handle was opened at {opened}")]
    StaleSchema {
        /// Name of the graph type.
        graph_type: String,
        /// Revision the handle knows.
        opened: i64,
        /// Revision that is stored.
        found: i64,
    },

    /// No graph type of this name is stored.
    #[error("no graph type `{name}` is stored in this database; it has {}", Names(known))]
    UnknownGraphType {
        /// The name.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },

    /// The graph type has no such member.
    #[error("the graph type `{graph_type}` has no {kind} `{name}`; it has {}", Names(known))]
    UnknownType {
        /// Name of the graph type.
        graph_type: String,
        /// `node type` or `edge type`.
        kind: &'static str,
        /// The name that was asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },

    /// A value does not fit its type's schema.
    #[error("{element} does not fit its schema: {source}")]
    Invalid {
        /// Name of the type.
        element: String,
        /// Every violation, with its path.
        source: Invalid,
    },

    /// A value has no usable key.
    #[error("{element}: {source}")]
    InvalidKey {
        /// Name of the type.
        element: String,
        /// What is wrong with it.
        source: InvalidKey,
    },

    /// A text holds U+0000, which PostgreSQL does not store.
    #[error("{element} holds U+0000 in a text, which PostgreSQL does not store")]
    NulCharacter {
        /// Name of the type, or of the column.
        element: String,
    },

    /// A text is longer than an index entry can be.
    #[error("{element} has {bytes} bytes, at most {} can be indexed", Key::MAX_BYTES)]
    TooLong {
        /// Name of the column.
        element: String,
        /// Length of the refused text.
        bytes: usize,
    },

    /// A value could not be turned into JSON that can be read again.
    #[error("{element} cannot be written as JSON: {source}")]
    Encode {
        /// Name of the type.
        element: String,
        /// What serde says.
        source: serde_json::Error,
    },

    /// An upsert of something that has no identity to be found by.
    #[error("{element} has no identity to upsert by")]
    NoIdentity {
        /// Name of the type.
        element: String,
    },

    /// Attributes that are not declared to be unique together, and so name no row.
    #[error("{element} has no `unique` rule on {}; it has {}", Together(attributes), Rules(declared))]
    NotUnique {
        /// Name of the type.
        element: String,
        /// The attributes that were given.
        attributes: Vec<String>,
        /// The attributes of each declared rule.
        declared: Vec<Vec<String>>,
    },

    /// A value that lacks what it is to be found by.
    #[error("{element}: what has no {} is not to be found by it", Together(attributes))]
    AbsentIdentity {
        /// Name of the type.
        element: String,
        /// The attributes of the rule, one of which is missing or null.
        attributes: Vec<String>,
    },

    /// A query that cannot be asked.
    #[error("this cannot be asked: {reason}")]
    InvalidQuery {
        /// Which part of it, and why.
        reason: String,
    },

    /// A cursor that does not continue this query.
    #[error("the cursor does not continue this query: {reason}")]
    InvalidCursor {
        /// Why not.
        reason: String,
    },

    /// A query for one row that found none, or several.
    #[error("expected one {element}, found {}", if *several { "several" } else { "none" })]
    NotOne {
        /// Name of the type.
        element: String,
        /// Whether there are several, or none.
        several: bool,
    },

    /// An edge whose weight no shortest path can be computed with.
    #[error("{edge} {id} has {}, and a shortest path needs weights of at least 0", Weight(weight))]
    InvalidWeight {
        /// Name of the edge type.
        edge: String,
        /// The edge.
        id: i64,
        /// The weight as JSON; `None` where it has none.
        weight: Option<String>,
    },

    /// The graph does not exist.
    #[error("there is no graph {graph}")]
    GraphNotFound {
        /// Its name, uid or id.
        graph: String,
    },

    /// Several graphs have the name.
    #[error("several graphs of this type are called `{name}`")]
    AmbiguousGraph {
        /// The name.
        name: String,
        /// The uids of the oldest, ten at most.
        uids: Vec<String>,
    },

    /// What the rows of a load come from failed.
    #[error("the rows cannot be read: {source}")]
    Input {
        /// What the iterator says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// A load failed: where, and why.
    #[error(transparent)]
    Load(Box<Failure>),

    /// A load that failed before is given more.
    #[error("the load has failed before and takes nothing more")]
    LoadEnded,

    /// A load goes on with other steps than it began with.
    #[error("the load `{load}` has {found} in step {step}, and this program gives it {given}")]
    LoadDiffers {
        /// Name of the load.
        load: String,
        /// Which call of `nodes` or `edges`, counted from 1.
        step: usize,
        /// What is stored of the step.
        found: String,
        /// What the program has.
        given: String,
    },

    /// Somebody else goes on with the same load.
    #[error("somebody else took the load `{load}` on from row {row} of step {step}")]
    LoadTaken {
        /// Name of the load.
        load: String,
        /// Which call of `nodes` or `edges`, counted from 1.
        step: usize,
        /// The row of the step that was to come next.
        row: u64,
    },

    /// The node, edge, type or actor does not exist in this graph.
    #[error("there is no {element} {id}")]
    NotFound {
        /// Name of the type.
        element: String,
        /// Its id or key.
        id: String,
    },

    /// The graph is archived and refuses writes.
    #[error("the graph `{graph}` is archived and refuses writes")]
    GraphArchived {
        /// Name of the graph.
        graph: String,
    },

    /// An end of an edge does not exist in this graph.
    #[error("{edge}: its {side}, {node}, does not exist in this graph")]
    EndpointNotFound {
        /// Name of the edge type.
        edge: String,
        /// Which end.
        side: Side,
        /// The missing node, as it was named.
        node: NodeName,
    },

    /// An end of an edge has a type that the edge type does not connect.
    #[error("{edge}: its {side} cannot be {found}; it can be {}", Names(allowed))]
    EndpointType {
        /// Name of the edge type.
        edge: String,
        /// Which end.
        side: Side,
        /// The node.
        found: NodeLabel,
        /// Names of the node types it may be.
        allowed: Vec<String>,
    },

    /// An edge that ends where it starts, where that is not allowed.
    #[error("{edge} cannot connect {node} to itself")]
    SelfLoop {
        /// Name of the edge type.
        edge: String,
        /// The node.
        node: NodeLabel,
    },

    /// A unique rule refused the write.
    #[error(transparent)]
    Conflict(Box<Conflict>),

    /// The edge would close a cycle.
    #[error("{edge} would close the cycle {}", Path(path))]
    Cycle {
        /// Name of the edge type.
        edge: String,
        /// The nodes along the cycle; the first is also the last.
        path: Vec<NodeLabel>,
    },

    /// The graph type has graphs and cannot be deleted.
    #[error("the graph type `{graph_type}` has {graphs} graphs")]
    TypeInUse {
        /// Name of the graph type.
        graph_type: String,
        /// How many graphs it has.
        graphs: i64,
    },

    /// There is no topological order, since edges that are stored close a cycle.
    #[error("there is no order along {edge}, for it has the cycle {}", Path(path))]
    NoOrder {
        /// Name of the edge type.
        edge: String,
        /// The nodes along one cycle; the first is also the last.
        path: Vec<NodeLabel>,
    },

    /// The node has edges and its type restricts deletion.
    #[error("{node} cannot be deleted while it has edges: {}", Counts(edges))]
    Restricted {
        /// The node.
        node: NodeLabel,
        /// How many edges of which type.
        edges: Vec<(String, i64)>,
    },

    /// An upsert would move an edge to other nodes.
    #[error("{edge} `{key}` exists between other nodes; the ends of an edge never move")]
    EndpointsMoved {
        /// Name of the edge type.
        edge: String,
        /// The edge's key.
        key: String,
    },

    /// The row was written by somebody else since it was read.
    #[error("{element} {id} is at version {found}, not {expected}")]
    Stale {
        /// Name of the type.
        element: String,
        /// The local id.
        id: i64,
        /// The version that was read.
        expected: i64,
        /// The version that is stored.
        found: i64,
    },

    /// A stored value does not fit the Rust type.
    #[error("a stored {element} does not fit its Rust type: {source}")]
    Decode {
        /// Name of the type.
        element: String,
        /// What serde says.
        source: serde_json::Error,
    },

    /// The connection does not enforce foreign keys, so deletions would leave edges without nodes.
    #[error("this SQLite connection does not enforce foreign keys")]
    ForeignKeysOff,

    /// metagraph's tables are missing.
    #[error("metagraph's tables are missing from this database (while {doing})")]
    NotMigrated {
        /// What was being done.
        doing: &'static str,
        /// What the database says.
        source: diesel::result::Error,
    },

    /// The database keeps text in another encoding than UTF-8, in which text has another order.
    #[error("this database stores text as {encoding}, and metagraph needs UTF-8")]
    Encoding {
        /// What the database calls it.
        encoding: String,
    },

    /// The database was migrated by a newer release.
    #[error("this database has the migration `{version}`, which this release does not know")]
    DatabaseIsNewer {
        /// The unknown migration.
        version: String,
    },

    /// The database or the connection failed.
    #[error("{doing}: {source}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the driver says.
        source: diesel::result::Error,
        /// Whether trying again may help.
        transient: bool,
    },

    /// The database, or the transaction, only allows reading.
    #[error("{doing}: this database is open for reading only: {source}")]
    ReadOnly {
        /// What was being done.
        doing: &'static str,
        /// What the driver says.
        source: diesel::result::Error,
    },

    /// The database has no room left.
    ///
    /// SQLite may have taken back more than the statement that found no room: all of the transaction around it. So let
    /// the error end that transaction; what is written behind it would be stored on its own.
    #[error("{doing}: the database has no room left: {source}")]
    DiskFull {
        /// What was being done.
        doing: &'static str,
        /// What the driver says.
        source: diesel::result::Error,
    },

    /// The database could not be opened.
    #[error("cannot open the database{}: {source}", Place(database))]
    Connect {
        /// The file; empty for a server, whose URL may hold a password.
        database: String,
        /// What the driver says.
        source: diesel::ConnectionError,
    },

    /// A pool gave no connection.
    #[cfg(feature = "r2d2")]
    #[error("the pool gave no connection: {source}")]
    Pool {
        /// What the pool says.
        source: diesel::r2d2::PoolError,
    },
}

/// What a program shows that ends with an error: code, message and hint, not the structure.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.code())?;
        match self.hint() {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

#[cfg(feature = "r2d2")]
impl From<diesel::r2d2::PoolError> for Error {
    fn from(source: diesel::r2d2::PoolError) -> Self {
        Self::Pool { source }
    }
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(Box::new(conflict))
    }
}

impl std::error::Error for Conflict {}

const _: () = {
    const fn sendable<T: Send + Sync + 'static>() {}
    sendable::<Error>();
    assert!(size_of::<Error>() <= 128);
};

#[cfg(feature = "encryption")]
impl From<ResealError> for Error {
    fn from(error: ResealError) -> Self {
        match error {
            ResealError::Open(error) => error.into(),
            ResealError::Seal(error) => error.into(),
        }
    }
}
