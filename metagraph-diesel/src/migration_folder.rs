//! Diesel migrations from compiled types, written without a database.

mod change;
mod error;
mod files;
mod literal;
mod rows;
mod sql;
mod tables;

use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use metagraph_core::GraphType;
use metagraph_core::document::{CompiledType, GraphDocument};

pub use self::error::FolderError;
use self::sql::Script;
use crate::backend::GraphBackend;

/// A folder of Diesel's, with an `up.sql` and a `down.sql`: our tables and graph types among an application's own
/// migrations, for whoever may not change the database in any other way.
///
/// After it ran, [`migrate`](crate::migrate) finds nothing to do and [`sync`](crate::sync()) finds the types unchanged.
/// What `sync` does all the same is to create the indexes that types declare: their statements name the ids that the
/// types have in the database, which no file can know.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use diesel::connection::SimpleConnection;
/// use diesel::sqlite::Sqlite;
/// use metagraph::Synced;
/// use metagraph::migrations::MigrationFolder;
///
/// let folder = MigrationFolder::<Sqlite>::new().tables().register::<Packages>()?;
/// # let migrations = std::env::temp_dir().join(format!("metagraph-folder-{}", std::process::id()));
/// let written = folder.write(&migrations, "metagraph")?;
///
/// let mut conn = metagraph::sqlite::connect(":memory:")?;
/// // Diesel does this, beside what else is in the folder `migrations`.
/// conn.batch_execute(&std::fs::read_to_string(written.join("up.sql"))?)?;
/// assert!(metagraph::migrate(&mut conn)?.is_empty());
/// assert_eq!(metagraph::sync::<Packages, _>(&mut conn)?, Synced::Unchanged);
/// # std::fs::remove_dir_all(migrations)?;
/// # Ok(())
/// # }
/// ```
#[must_use = "it does nothing until it is written"]
pub struct MigrationFolder<Db> {
    parts: Vec<Script>,
    /// Whether taking it back drops all tables, and with them what the other parts created.
    creates_tables: bool,
    database: PhantomData<fn() -> Db>,
}

impl<Db> fmt::Debug for MigrationFolder<Db> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MigrationFolder").field("parts", &self.parts).finish_non_exhaustive()
    }
}

impl<Db: GraphBackend> Default for MigrationFolder<Db> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Db: GraphBackend> MigrationFolder<Db> {
    /// A migration of nothing, for the database `Db`: `diesel::sqlite::Sqlite` or `diesel::pg::Pg`.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use diesel::sqlite::Sqlite;
    /// use metagraph::migrations::{FolderError, MigrationFolder};
    ///
    /// let nothing = MigrationFolder::<Sqlite>::new().write("migrations", "nothing");
    /// assert!(matches!(nothing, Err(FolderError::Empty)));
    /// ```
    pub fn new() -> Self {
        Self { parts: Vec::new(), creates_tables: false, database: PhantomData }
    }

    /// Creates our tables; taken back, it drops them with everything in them.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use diesel::sqlite::Sqlite;
    /// use metagraph::migrations::MigrationFolder;
    ///
    /// let folder = MigrationFolder::<Sqlite>::new().tables();
    /// assert!(folder.up().contains("CREATE TABLE __metagraph_nodes"));
    /// assert!(folder.down().contains("DROP TABLE __metagraph_nodes"));
    /// ```
    pub fn tables(mut self) -> Self {
        self.parts.push(tables::all::<Db>());
        self.creates_tables = true;
        self
    }

    /// Brings our tables from the version of an earlier release to that of this one.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// # fn main() -> Result<(), metagraph::migrations::FolderError> {
    /// use diesel::sqlite::Sqlite;
    /// use metagraph::migrations::{FolderError, MigrationFolder};
    ///
    /// let folder = MigrationFolder::<Sqlite>::new().tables_after("0001")?;
    /// assert!(folder.up().contains("CREATE TABLE __metagraph_loads"));
    /// let unknown = MigrationFolder::<Sqlite>::new().tables_after("7");
    /// assert!(matches!(unknown, Err(FolderError::UnknownVersion { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`FolderError::UnknownVersion`] when `version` is none of [`all`](crate::migrations::all), or the last of them.
    pub fn tables_after(mut self, version: &str) -> Result<Self, FolderError> {
        self.parts.push(tables::after::<Db>(version)?);
        Ok(self)
    }

    /// Stores the graph type `G`, as [`sync`](crate::sync()) would. Taken back, it is refused while there are graphs of
    /// the type, unless the tables are dropped with it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use diesel::sqlite::Sqlite;
    /// use metagraph::migrations::MigrationFolder;
    ///
    /// let folder = MigrationFolder::<Sqlite>::new().register::<Packages>()?;
    /// assert!(folder.up().contains("INSERT INTO __metagraph_graph_types"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`FolderError::InvalidSchema`] when the type cannot be stored, [`FolderError::NulCharacter`] when a text of it
    /// cannot.
    pub fn register<G: GraphType>(mut self) -> Result<Self, FolderError> {
        let compiled = CompiledType::of::<G>()?;
        self.parts.push(rows::register::<Db>(compiled.document())?);
        Ok(self)
    }

    /// Brings the graph type `G` from a stored document, as a lock file has it, to the compiled one:
    /// for changes after which every stored row is as valid as it was.
    ///
    /// Run on a database with another document, it fails and changes nothing. Taken back, it takes back the type and
    /// leaves rows as they are; it is refused while there are rows of a node or edge type that it would remove.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use diesel::connection::SimpleConnection;
    /// use diesel::sqlite::Sqlite;
    /// use metagraph::document::CompiledType;
    /// use metagraph::migrations::MigrationFolder;
    /// use metagraph::{Synced, types};
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
    /// let mut conn = metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(&mut conn)?;
    /// metagraph::sync::<OlderPackages, _>(&mut conn)?;
    ///
    /// let older = CompiledType::of::<OlderPackages>()?;
    /// let folder = MigrationFolder::<Sqlite>::new().change::<Packages>(older.document())?;
    /// conn.batch_execute(&folder.up())?;
    /// assert_eq!(metagraph::sync::<Packages, _>(&mut conn)?, Synced::Unchanged);
    /// assert_eq!(types::get(&mut conn, "packages")?.map(|stored| stored.revision), Some(2));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`FolderError::RowsDecide`] with the changes that could need rows to change, [`FolderError::Unchanged`] when there
    /// is none, and what [`register`](Self::register) refuses.
    pub fn change<G: GraphType>(mut self, stored: &GraphDocument) -> Result<Self, FolderError> {
        let compiled = CompiledType::of::<G>()?;
        self.parts.push(change::between::<Db>(stored, &compiled)?);
        Ok(self)
    }

    /// What `up.sql` says.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use diesel::sqlite::Sqlite;
    /// use metagraph::migrations::MigrationFolder;
    ///
    /// let up = MigrationFolder::<Sqlite>::new().tables().up();
    /// assert!(up.contains("INSERT INTO __metagraph_migrations"), "`migrate` finds nothing to do");
    /// ```
    pub fn up(&self) -> String {
        sql::file(self.parts.iter().map(|part| (part.title.as_str(), part.up.as_slice())))
    }

    /// What `down.sql` says.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use diesel::sqlite::Sqlite;
    /// use metagraph::migrations::MigrationFolder;
    ///
    /// let down = MigrationFolder::<Sqlite>::new().tables().down();
    /// assert!(down.ends_with("DROP TABLE __metagraph_migrations;\n"));
    /// ```
    pub fn down(&self) -> String {
        let parts = self.parts.iter().rev().filter(|part| part.is_of_tables || !self.creates_tables);
        sql::file(parts.map(|part| (part.title.as_str(), part.down.as_slice())))
    }

    /// Writes the folder `<time>_<name>` into Diesel's folder `migrations`, and returns its path. The time is
    /// written as Diesel's own tool does, with a number for the migrations of one second.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// # fn main() -> Result<(), metagraph::migrations::FolderError> {
    /// use diesel::sqlite::Sqlite;
    /// use metagraph::migrations::MigrationFolder;
    ///
    /// # let migrations = std::env::temp_dir().join(format!("metagraph-written-{}", std::process::id()));
    /// let written = MigrationFolder::<Sqlite>::new().tables().write(&migrations, "metagraph")?;
    /// assert!(written.join("up.sql").is_file() && written.join("down.sql").is_file());
    /// # let _ = std::fs::remove_dir_all(migrations);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`FolderError::Empty`] when there is nothing to do, [`FolderError::Name`] when no folder can have the name,
    /// [`FolderError::Unwritable`] when the system refuses.
    pub fn write(&self, migrations: impl AsRef<Path>, name: &str) -> Result<PathBuf, FolderError> {
        if self.parts.is_empty() {
            return Err(FolderError::Empty);
        }
        files::write(migrations.as_ref(), name, &self.up(), &self.down())
    }
}
