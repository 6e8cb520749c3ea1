//! What to make of an error: its code, who has to act, and how.

use diesel::result::Error as DieselError;

use super::Error;
use crate::backend::failure::{self, Failure};
use crate::conflict::NodeName;

/// Who has to act on an error.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::{Category, Error};
///
/// /// The status of a web service's answer.
/// fn status(error: &Error) -> u16 {
///     match error.category() {
///         Category::Data => 422,
///         Category::State => 409,
///         _ => 500,
///     }
/// }
///
/// graph.insert(&mut conn, &package("serde"))?;
/// assert_eq!(status(&graph.insert(&mut conn, &package("serde")).unwrap_err()), 409);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Category {
    /// The program's types or calls are wrong.
    Program,
    /// The data that was to be written is wrong.
    Data,
    /// The stored graph does not allow it, or not any more.
    State,
    /// The database could not do it.
    Database,
}

impl Error {
    /// A code that stays the same between releases, for logs and documentation.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let mut conn = metagraph::sqlite::connect(":memory:")?;
    /// let error = metagraph::sync::<Packages, _>(&mut conn).unwrap_err();
    /// assert_eq!(error.code(), "MG4003", "the tables are missing");
    /// # Ok(())
    /// # }
    /// ```
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidSchema(_) => "MG1001",
            Self::SchemaDrift { .. } => "MG1002",
            Self::StaleSchema { .. } => "MG1003",
            Self::UnknownGraphType { .. } => "MG1004",
            Self::UnknownType { .. } => "MG1005",
            Self::NoIdentity { .. } => "MG1006",
            Self::InvalidQuery { .. } => "MG1007",
            Self::NotUnique { .. } => "MG1008",
            Self::LoadEnded => "MG1009",
            #[cfg(feature = "validate")]
            Self::NeedsEvolution { .. } => "MG1010",
            #[cfg(feature = "encryption")]
            Self::Sealing(_) => "MG1011",
            #[cfg(feature = "encryption")]
            Self::KeyFile(_) => "MG1012",
            Self::Invalid { .. } => "MG2001",
            Self::InvalidKey { .. } => "MG2002",
            Self::NulCharacter { .. } => "MG2003",
            Self::Encode { .. } => "MG2004",
            Self::TooLong { .. } => "MG2005",
            Self::InvalidCursor { .. } => "MG2006",
            Self::AbsentIdentity { .. } => "MG2007",
            Self::Input { .. } => "MG2008",
            #[cfg(feature = "encryption")]
            Self::Opening(_) => "MG2009",
            Self::GraphNotFound { .. } => "MG3001",
            Self::AmbiguousGraph { .. } => "MG3002",
            Self::NotFound { .. } => "MG3003",
            Self::GraphArchived { .. } => "MG3004",
            Self::EndpointNotFound { .. } => "MG3005",
            Self::EndpointType { .. } => "MG3006",
            Self::SelfLoop { .. } => "MG3007",
            Self::Conflict(_) => "MG3008",
            Self::Cycle { .. } => "MG3009",
            Self::Restricted { .. } => "MG3010",
            Self::EndpointsMoved { .. } => "MG3011",
            Self::Stale { .. } => "MG3012",
            Self::NoOrder { .. } => "MG3013",
            Self::TypeInUse { .. } => "MG3014",
            Self::NotOne { .. } => "MG3015",
            Self::InvalidWeight { .. } => "MG3016",
            Self::LoadDiffers { .. } => "MG3017",
            Self::LoadTaken { .. } => "MG3018",
            Self::Evolving { .. } => "MG3019",
            #[cfg(feature = "validate")]
            Self::Refused(_) => "MG3020",
            Self::Decode { .. } => "MG4001",
            Self::ForeignKeysOff => "MG4002",
            Self::NotMigrated { .. } => "MG4003",
            Self::DatabaseIsNewer { .. } => "MG4004",
            Self::Database { .. } => "MG4005",
            Self::Connect { .. } => "MG4006",
            #[cfg(feature = "r2d2")]
            Self::Pool { .. } => "MG4007",
            Self::Encoding { .. } => "MG4008",
            Self::ReadOnly { .. } => "MG4009",
            Self::DiskFull { .. } => "MG4010",
            Self::Behind { .. } => "MG4011",
            Self::Load(failure) => failure.cause.code(),
        }
    }

    /// Who has to act.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Category;
    ///
    /// let error = graph.insert(&mut conn, &package("nul \0")).unwrap_err();
    /// assert_eq!(error.category(), Category::Data);
    /// # Ok(())
    /// # }
    /// ```
    pub fn category(&self) -> Category {
        match self.code().as_bytes().get(2) {
            Some(b'1') => Category::Program,
            Some(b'2') => Category::Data,
            Some(b'3') => Category::State,
            _ => Category::Database,
        }
    }

    /// What to do about it, where that can be said in general.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let mut conn = metagraph::sqlite::connect(":memory:")?;
    /// let error = Graph::<Packages>::open(&mut conn, "app").unwrap_err();
    /// assert_eq!(error.hint(), Some("call `metagraph::migrate(&mut conn)` once before"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::SchemaDrift { .. } => {
                "`metagraph::sync` stores what leaves rows as they are; `metagraph::Evolution` changes rows (both need the \
                 feature `validate`)"
            }
            #[cfg(feature = "validate")]
            Self::NeedsEvolution { .. } => {
                "see what would become of the rows with `metagraph::Evolution::<YourGraphType>::new().plan(&mut conn)`, \
                 and do it with `apply`"
            }
            #[cfg(feature = "validate")]
            Self::Refused(_) => {
                "change these rows first, or say what becomes of them: `#[graph(renamed_from = \"..\")]`, \
                 `#[graph(upgrade = ..)]`, a default; or let go of values with `make_up`, of rows with `delete_rows_of`"
            }
            Self::Behind { .. } => {
                "run `metagraph::migrate`, and then `metagraph::sync` or an `Evolution`, with a role that may write"
            }
            Self::Evolving { .. } => {
                "wait until that is done; where it was interrupted, go on with it: \
                 `metagraph::Evolution::<YourGraphType>::new().apply(&mut conn)`"
            }
            Self::StaleSchema { .. } => {
                "open the graph again: its type was changed since; where that does not help, the program is older than \
                 the database, and can only read"
            }
            Self::UnknownGraphType { .. } => "call `metagraph::sync::<YourGraphType, _>(&mut conn)` once before",
            Self::NotFound { element, .. } if element != "actor" => {
                "ids are valid only in the graph that gave them; look the row up by its key"
            }
            Self::Encode { source, .. } if source.is_syntax() => {
                "what nests deeper than 127 levels could not be read again"
            }
            Self::NoIdentity { .. } => "give the type a `#[graph(key)]` field, or insert instead",
            Self::NotUnique { .. } => {
                "put `#[graph(unique)]` on the field, or `#[graph(unique = \"..\")]` with one name on several"
            }
            Self::AbsentIdentity { .. } => "give it a value, or insert instead",
            Self::NulCharacter { .. } => "remove U+0000 from the text, or encode it",
            Self::GraphNotFound { graph } if graph.starts_with('`') => {
                "create it first, with `create` or `open_or_create`"
            }
            Self::Load(failure) => return failure.cause.hint(),
            Self::LoadEnded => "begin another with `graph.loader(&mut conn)`",
            Self::LoadDiffers { .. } => {
                "run the program that began the load with the same rows, or give the load up with `graph.forget_load`"
            }
            Self::LoadTaken { .. } => "let one program finish the load; run again, this one goes on where that one is",
            Self::TypeInUse { .. } => "delete its graphs first, with `metagraph::graphs::delete`",
            Self::AmbiguousGraph { .. } => "open it by uid",
            Self::InvalidCursor { .. } => {
                "begin again without one: a cursor belongs to one graph, filter and order, and to one release"
            }
            Self::NotOne { several: true, .. } => "narrow the filter, or take the first with `first`",
            Self::GraphArchived { .. } => "set the graph's status to active first",
            Self::EndpointNotFound { node: NodeName::Key { .. }, .. } => {
                "keys are compared letter by letter; insert the node first, if it is not there yet"
            }
            Self::EndpointNotFound { .. } => {
                "ids are valid only in the graph that gave them; look the node up by its key"
            }
            Self::Cycle { .. } => "the graph type or the edge type is `acyclic`",
            Self::Restricted { .. } => "delete its edges first; the node type says `on_delete = restrict`",
            Self::Stale { .. } => "read it again and repeat the change",
            Self::Decode { source, .. } if source.to_string().contains("invalid type: null") => {
                "it is missing from this row: read it as an `Option`"
            }
            Self::Decode { .. } => "the stored attributes were written for another shape of the type",
            Self::ForeignKeysOff => {
                "open the connection with `metagraph::sqlite::connect`, or run `PRAGMA foreign_keys = ON` on it"
            }
            Self::NotMigrated { .. } => "call `metagraph::migrate(&mut conn)` once before",
            Self::Encoding { .. } => {
                "create the database anew: in SQLite without `PRAGMA encoding`, in PostgreSQL with `ENCODING 'UTF8'`"
            }
            Self::DatabaseIsNewer { .. } => "use the release of metagraph that wrote this database, or a newer one",
            Self::ReadOnly { .. } => {
                "open it for writing: SQLite without `mode=ro`, `immutable=1` and `PRAGMA query_only`, and with a file \
                 and a folder that may be written to; PostgreSQL on a server that is no standby, in a transaction that \
                 is not `READ ONLY` (see `default_transaction_read_only`)"
            }
            Self::DiskFull { .. } => "make room, then repeat the transaction: nothing of it was stored",
            Self::Database { source, .. } if Failure::of(source) == Failure::Lost => {
                "open another connection, or take one from the pool, and repeat the transaction; whether one was done \
                 whose end was under way, only the database can tell"
            }
            Self::Database { transient: true, .. } => {
                "repeat the transaction, as `metagraph::Retry` does; a SQLite connection waits for others when it has \
                 a `busy_timeout`, as those of `metagraph::sqlite::connect` have, and those of a pool with \
                 `metagraph::sqlite::PoolPragmas`"
            }
            Self::Database { source, .. } if is_taken_back(source) => {
                "SQLite took the transaction back by itself, as it does when there is no room, before the error that \
                 ended it could be told; `metagraph::Retry` tells it"
            }
            _ => return None,
        })
    }

    /// Whether the same may succeed when it is repeated: after a lost race, a busy database, a deadlock, a lost connection.
    ///
    /// Inside a transaction all of it has to be repeated, which is what [`Retry`](crate::Retry) does, and after a lost
    /// connection on another one: see [`is_connection_lost`](Error::is_connection_lost).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    ///
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let version = loop {
    ///     match graph.update(&mut conn, serde, |package| package.downloads += 1) {
    ///         Err(error) if error.is_transient() && !error.is_connection_lost() => continue,
    ///         outcome => break outcome?,
    ///     }
    /// };
    /// assert_eq!(version, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database { transient, .. } => *transient,
            Self::Stale { .. } => true,
            Self::Connect { source, .. } => failure::may_open_later(source),
            #[cfg(feature = "r2d2")]
            Self::Pool { source } => {
                // What a pool waited for in vain was given back too late, or could not be opened for this reason.
                let reason = source.to_string();
                reason.ends_with("timed out waiting for connection") || failure::may_open_later_by(&reason)
            }
            Self::Load(failure) => failure.cause.is_transient(),
            _ => false,
        }
    }

    /// Whether the connection is gone or of no use any more, so that only another one can help.
    ///
    /// What was committed before is there, and what was not is taken back. Of a commit that was under way nobody knows:
    /// writes that say what they want, such as [`upsert`](crate::Graph::upsert), can be repeated then, others have to look.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// use diesel::SqliteConnection;
    /// use metagraph::Error;
    ///
    /// /// Counts a download, on a second connection where the first is gone.
    /// fn count(conn: &mut SqliteConnection, graph: &Graph<Packages>, id: NodeId<Package>) -> metagraph::Result<i64> {
    ///     match graph.update(conn, id, |package| package.downloads += 1) {
    ///         Err(error) if error.is_connection_lost() => {
    ///             *conn = metagraph::sqlite::connect("packages.db")?;
    ///             graph.update(conn, id, |package| package.downloads += 1)
    ///         }
    ///         outcome => outcome,
    ///     }
    /// }
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// # assert_eq!(count(&mut conn, &graph, serde)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_connection_lost(&self) -> bool {
        match self {
            Self::Database { source, .. } => Failure::of(source) == Failure::Lost,
            Self::Load(failure) => failure.cause.is_connection_lost(),
            _ => false,
        }
    }

    /// Whether a unique rule refused the write.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert(&mut conn, &package("serde"))?;
    /// assert!(graph.insert(&mut conn, &package("serde")).unwrap_err().is_conflict());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_conflict(&self) -> bool {
        match self {
            Self::Load(failure) => failure.cause.is_conflict(),
            error => matches!(error, Self::Conflict(_)),
        }
    }
}

fn is_taken_back(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(_, told) if failure::is_taken_back(told.message()))
}
