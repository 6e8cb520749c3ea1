//! One step of our tables' history, as data.

/// One step of our tables' history.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use diesel::SqliteConnection;
///
/// for migration in metagraph::migrations::all::<SqliteConnection>() {
///     println!("{}_{}: {} statements", migration.version(), migration.name(), migration.up().count());
///     assert!(migration.down().count() > 0, "every step can be taken back");
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    pub(crate) version: &'static str,
    pub(crate) name: &'static str,
    pub(crate) up: &'static str,
    pub(crate) down: &'static str,
}

impl Migration {
    /// The version under which it is recorded; versions ascend.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// let first = metagraph::migrations::all::<diesel::SqliteConnection>()[0];
    /// assert_eq!(first.version(), "0001");
    /// ```
    pub fn version(&self) -> &'static str {
        self.version
    }

    /// What it does, in a word.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// let first = metagraph::migrations::all::<diesel::SqliteConnection>()[0];
    /// assert_eq!(first.name(), "foundation");
    /// ```
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The statements that apply it.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// let first = metagraph::migrations::all::<diesel::SqliteConnection>()[0];
    /// assert!(first.up().any(|statement| statement.contains("CREATE TABLE __metagraph_nodes")));
    /// ```
    pub fn up(&self) -> impl Iterator<Item = &'static str> {
        statements(self.up)
    }

    /// The statements that take it back.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// let first = metagraph::migrations::all::<diesel::SqliteConnection>()[0];
    /// assert!(first.down().any(|statement| statement == "DROP TABLE __metagraph_nodes"));
    /// ```
    pub fn down(&self) -> impl Iterator<Item = &'static str> {
        statements(self.down)
    }
}

/// Statements are separated by blank lines: our files have no other use for them.
fn statements(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.split("\n\n").map(|statement| statement.trim().trim_end_matches(';')).filter(|statement| !statement.is_empty())
}
