//! What to make of an error: its code, who has to act, and how.

use super::Error;

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
            Self::LoadEnded => "MG1008",
            Self::Invalid { .. } => "MG2001",
            Self::InvalidKey { .. } => "MG2002",
            Self::NulCharacter { .. } => "MG2003",
            Self::Encode { .. } => "MG2004",
            Self::TooLong { .. } => "MG2005",
            Self::InvalidCursor { .. } => "MG2006",
            Self::Input { .. } => "MG2007",
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
            Self::Decode { .. } => "MG4001",
            Self::ForeignKeysOff => "MG4002",
            Self::NotMigrated { .. } => "MG4003",
            Self::DatabaseIsNewer { .. } => "MG4004",
            Self::Database { .. } => "MG4005",
            Self::Connect { .. } => "MG4006",
            #[cfg(feature = "r2d2")]
            Self::Pool { .. } => "MG4007",
            Self::Encoding { .. } => "MG4008",
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
                "a stored type cannot be changed yet: delete its graphs and then the type (`metagraph::types::delete`), \
                 or give the new one another name (`#[graph(name = \"..\")]`)"
            }
            Self::StaleSchema { .. } => "open the graph again: its type was changed since",
            Self::UnknownGraphType { .. } => "call `metagraph::sync::<YourGraphType, _>(&mut conn)` once before",
            Self::NotFound { element, .. } if element != "actor" => {
                "ids are valid only in the graph that gave them; look the row up by its key"
            }
            Self::Encode { source, .. } if source.is_syntax() => {
                "what nests deeper than 127 levels could not be read again"
            }
            Self::NoIdentity { .. } => "give the type a `#[graph(key)]` field, or insert instead",
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
            Self::Database { transient: true, .. } => {
                "try again; a SQLite connection waits for others when it has a `busy_timeout`, as those of \
                 `metagraph::sqlite::connect` have, and those of a pool with `metagraph::sqlite::PoolPragmas`"
            }
            _ => return None,
        })
    }

    /// Whether the same call may succeed when it is repeated, as it is after a lost race or a busy database.
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
    ///         Err(error) if error.is_transient() => continue,
    ///         outcome => break outcome?,
    ///     }
    /// };
    /// assert_eq!(version, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Load(failure) => failure.cause.is_transient(),
            error => matches!(error, Self::Database { transient: true, .. } | Self::Stale { .. }),
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
