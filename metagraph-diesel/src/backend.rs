//! The seam: everything that differs between databases is one item of [`Seam`].

pub(crate) mod failure;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::connection::LoadConnection;
use diesel::deserialize;
use diesel::expression::QueryMetadata;
use diesel::query_builder::AstPass;
use diesel::result::DatabaseErrorInformation;
use diesel::sql_types::Untyped;
use metagraph_core::query::Kind;
use metagraph_core::query::condition::Quantity;
use metagraph_core::query::pattern::Token;
use metagraph_core::query::source::Step;
use uuid::Uuid;

use crate::batch::{EdgeBatch, NodeBatch, RowBatch};
use crate::conflict::Rule;
use crate::migration::Migration;
use crate::statement::{Bind, Statement};

/// A database that metagraph can store graphs in: SQLite or PostgreSQL, through Diesel.
///
/// The trait is sealed: tables, statements and the conformance suite belong together.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::{GraphBackend, GraphConnection};
///
/// fn name_of<C: GraphConnection>(_: &C) -> &'static str {
///     C::Db::NAME
/// }
///
/// # fn main() -> Result<(), metagraph::Error> {
/// let conn = metagraph::sqlite::connect(":memory:")?;
/// assert_eq!(name_of(&conn), "SQLite");
/// # Ok(())
/// # }
/// ```
pub trait GraphBackend: Seam {
    /// The name for messages: `SQLite` or `PostgreSQL`.
    const NAME: &'static str;
}

/// A Diesel connection that metagraph can use: `SqliteConnection`, `PgConnection`, a pooled connection, or a wrapper.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::GraphConnection;
///
/// /// Runs on either database.
/// fn downloads(conn: &mut impl GraphConnection, graph: &Graph<Packages>) -> metagraph::Result<u32> {
///     Ok(graph.nodes::<Package>().load(conn)?.iter().map(|node| node.value.downloads).sum())
/// }
///
/// graph.insert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
/// assert_eq!(downloads(&mut conn, &graph)?, 7);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Diesel connection that metagraph can use",
    label = "expected `&mut SqliteConnection`, `&mut PgConnection`, a pooled connection, or a wrapper around one",
    note = "call `pool.get()?` first if this is a pool",
    note = "metagraph's features `sqlite` and `postgres` decide which databases are built in"
)]
pub trait GraphConnection: LoadConnection<Backend = <Self as GraphConnection>::Db> {
    /// The database behind the connection.
    type Db: GraphBackend;
}

#[diagnostic::do_not_recommend]
impl<C> GraphConnection for C
where
    C: LoadConnection,
    C::Backend: GraphBackend,
{
    type Db = C::Backend;
}

/// Which rows of a graph a list of ids, or of keys, finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// Nodes by their own id.
    Node,
    /// Nodes by their key.
    NodeKey,
    /// Nodes by conditions that follow.
    NodeWanted,
    /// Edges by their own id.
    Edge,
    /// Edges by their key.
    EdgeKey,
    /// Edges by the node where they start.
    Source,
    /// Edges by the node where they end.
    Target,
}

/// In which form a value in a JSON column is wanted; null where it is of another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Text, compared by its bytes.
    Text,
    /// The same, or the text of a value of another kind.
    AnyText,
    /// Text with a point in time in UTC, so that its bytes are in the order of time.
    Time,
    /// A number.
    Number,
    /// A truth value.
    Flag,
    /// JSON; null where it is a JSON null.
    Json,
    /// The same, and equal scalars are the same.
    Key,
    /// The length of an array.
    Length,
    /// The number of members of an object.
    Members,
    /// Whether it is missing or null.
    IsNull,
    /// Whether it is text.
    IsText,
}

/// The indexes of a table, for a load that fills most of it.
#[derive(Debug, Clone, Copy)]
pub struct Rebuild {
    /// Names and statements of all indexes of a table whose name follows.
    pub indexes: &'static str,
    /// The greatest id that a table ever gave, whose name follows.
    pub last_id: &'static str,
}

/// What a database does its own way. Each item has the same meaning on both.
pub trait Seam: Backend + QueryMetadata<Untyped> + 'static {
    /// The migrations, oldest first.
    const MIGRATIONS: &'static [Migration];

    /// Creates the ledger of migrations where there is none.
    const CREATE_LEDGER: &'static str;

    /// Makes other migrations wait until this transaction ends; never the first statement on a table that may not
    /// exist.
    const LOCK_MIGRATIONS: &'static str;

    /// Takes the write lock where there is one for the whole database, so that what is read next stays true.
    const BEGIN_WRITE: Option<&'static str>;

    /// Makes every statement of a transaction that has just begun see what was committed before that statement, and asks
    /// a transaction whether it does; `None` where who may write sees that anyway.
    const SEE_COMMITTED: Option<(&'static str, &'static str)>;

    /// What stands before and after a list bound as one value, in a condition on the expression before it.
    const IS_ONE_OF: (&'static str, &'static str);

    /// What stands before and after a list of ids, bound as one value, that is read as rows `ids` with the column `id`.
    const IDS: (&'static str, &'static str);

    /// What stands before and after a list of pairs of ids, bound by [`Seam::bind_pairs`], that is read as rows `ids` with
    /// the columns `id` and `other`.
    const PAIRS: (&'static str, &'static str);

    /// What stands before and after an array of objects, bound as JSON, that is read as rows `ids` with their `place` in the
    /// array, from 0, and the object `wanted`.
    const WANTED: (&'static str, &'static str);

    /// Appends the binds of a list of pairs of ids.
    fn bind_pairs(statement: Statement<'_, Self>, pairs: Vec<(i64, i64)>) -> Statement<'_, Self>;

    /// How rows of a graph are found by the rows `ids`, each with an `id`: what stands between these and the graph, and
    /// after the conditions that follow the graph. The rows are `n` or `e`.
    ///
    /// Without statistics both planners believe that few rows have one graph, and would rather read them all than look
    /// up a list. So SQLite is given a cross join, whose order it keeps, and PostgreSQL a lateral one, which it cannot
    /// take apart.
    fn found_by(found: FoundBy) -> (&'static str, &'static str);

    /// How rows of a table are joined to the ones before them, in that order: what stands before the conditions and
    /// after them. Where the join is optional, a row without a partner stays.
    fn joined(table: &str, alias: &str, optional: bool) -> (String, String);

    /// Whether rows of a graph may be read faster by going through all rows of a table, which has them in the order of
    /// their ids: where the planner does not see that for itself.
    const MAY_READ_ALL: bool;

    /// Whether the driver reads the rows of a statement while they are asked for, and not all of them before the first.
    const READS_ROW_BY_ROW: bool;

    /// How many hops one statement follows: as many as there are where a round trip costs more than what the database
    /// has to remember in between.
    const HOPS_PER_STATEMENT: usize;

    /// Whether a recursive table may be named in several of its own terms; otherwise there are lateral joins.
    const SEVERAL_RECURSIVE_TERMS: bool;

    /// How edges are found between the tables `near` and `far`: what joins the second one, and what a column is compared
    /// with. PostgreSQL expects so many pairs of two recursive tables that it would compile the statement first.
    const TO_FAR: (&'static str, &'static str);

    /// Stands before a column that must not decide how rows are found.
    const NOT_BY: &'static str;

    /// Ends the read of a graph that must not be archived before this transaction ends.
    const HOLD_GRAPH: &'static str;

    /// Ends a read of rows that this transaction is about to change or relies on.
    const HOLD_ROWS: &'static str;

    /// The same, of rows that keep their id: who only relies on them does not wait.
    const HOLD_CONTENT: &'static str;

    /// The same, of rows that nobody else holds: before and behind the name of the table. `None` where nobody can.
    const HOLD_FREE: Option<(&'static str, &'static str)>;

    /// The same, of rows that only have to stay where they are.
    const HOLD_PLACE: &'static str;

    /// What stands before a comparison of an attribute that is a range; a parenthesis ends it.
    const RANGE: &'static str;

    /// What stands before and after a number that is bound as text.
    const NUMBER: (&'static str, &'static str);

    /// What stands before and after a list of numbers that are bound as one value, in a condition.
    const IS_ONE_OF_NUMBERS: (&'static str, &'static str);

    /// Compares what may be null, and holds where one of two is or they are not the same.
    const DIFFERS_FROM: &'static str;

    /// Finds the first place of a bound text in the text before it, both in parentheses; 0 where there is none.
    const POSITION: &'static str;

    /// What stands before a text, between it and a bound text, and after both: the end of the first that is as long.
    const END_OF: (&'static str, &'static str, &'static str);

    /// Matches the text before it with a pattern.
    const MATCHES: &'static str;

    /// What stands before and after an expression that is summed as floating point numbers.
    const AS_FLOAT: (&'static str, &'static str);

    /// The aggregates of the least and of the greatest truth value.
    const EXTREME_FLAGS: (&'static str, &'static str);

    /// Whether what is the same in all rows of a group may be asked of any of them, outside of an aggregate.
    const ASKS_ANY_OF_GROUP: bool;

    /// What stands before and after a number that is read as text.
    const NUMBER_TEXT: (&'static str, &'static str);

    /// What stands before a statement to ask how it would be run.
    const EXPLAIN: &'static str;

    /// In which column of the answer the steps are.
    const EXPLAINED_AT: usize;

    /// What ends the list of columns of an index whose rows are read in the order of their ids.
    const INDEX_TAIL: &'static str;

    /// The condition of the index with a mark: a row is of a type. Where planners can be wrong about which index finds a
    /// row, they have no choice when a statement spells it so, while the plain condition lets them use every index.
    fn of_type(column: &str, id: i64, mark: u32) -> String;

    /// The expression for a value in the JSON column `attributes`, as queries and indexes both spell it.
    fn json(attributes: &str, steps: &[Step], form: Form) -> String;

    /// What stands before and after JSON whose members, all scalars, take the place of those of the column `attributes`.
    fn merged(attributes: &str) -> (String, String);

    /// The pattern in this database's own notation.
    fn pattern(tokens: &[Token]) -> String;

    /// A condition on the array at `steps` in `attributes`: what stands before and after a list of scalars of this kind,
    /// bound as JSON.
    fn elements(attributes: &str, steps: &[Step], quantity: Quantity, kind: Kind) -> (String, String);

    /// A condition on the object at `steps` in `attributes`: what stands before and after a member's name.
    fn has_member(attributes: &str, steps: &[Step]) -> (String, String);

    /// Makes others who would create or drop indexes wait until this transaction ends.
    const LOCK_INDEXES: &'static str;

    /// The names of our indexes on attributes that exist, as a statement with one column.
    const ATTRIBUTE_INDEXES: &'static str;

    /// Our tables, keys and indexes as migrations leave them: on each line a name, a tabulator and a definition.
    const OBJECTS: &'static str;

    /// The same of this database, as a statement with two columns; what is on attributes is left out.
    const LIST_OBJECTS: &'static str;

    /// The column `attributes`, or null where it holds no JSON.
    const READABLE_ATTRIBUTES: &'static str;

    /// The columns by which the edges of a graph are read in pages: an index has them, and the last is the id.
    const EDGES_IN_ORDER: &'static [&'static str];

    /// What stands before and after a text whose bytes are counted.
    const BYTES: (&'static str, &'static str);

    /// A condition that holds only where foreign keys are enforced.
    const FOREIGN_KEYS_ENFORCED: &'static str;

    /// The present time, as a column of times holds it.
    const NOW: &'static str;

    /// Asks for the encoding of the database's text.
    const ENCODING: &'static str;

    /// A text without U+0000 as a literal, for files that others run; statements of our own bind what users gave.
    fn text_literal(text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    /// Binds a value in the type its column has.
    fn bind<'b>(out: &mut AstPass<'_, 'b, Self>, value: &'b Bind<'_>) -> QueryResult<()>;

    fn read_integer(value: Self::RawValue<'_>) -> deserialize::Result<i64>;

    fn read_flag(value: Self::RawValue<'_>) -> deserialize::Result<bool>;

    /// Reads microseconds since 1970.
    fn read_time(value: Self::RawValue<'_>) -> deserialize::Result<i64>;

    fn read_uid(value: Self::RawValue<'_>) -> deserialize::Result<Uuid>;

    /// Reads a number that [`Seam::NUMBER_TEXT`] surrounds, as its shortest text.
    fn read_number<T>(
        value: Self::RawValue<'_>,
        read: impl FnOnce(&str) -> deserialize::Result<T>,
    ) -> deserialize::Result<T>;

    fn read_text<T>(
        value: Self::RawValue<'_>,
        read: impl FnOnce(&str) -> deserialize::Result<T>,
    ) -> deserialize::Result<T>;

    /// Whether a text is UTF-8 as it is stored.
    fn is_utf8(value: Self::RawValue<'_>) -> bool;

    fn read_json<T>(
        value: Self::RawValue<'_>,
        read: impl FnOnce(&str) -> deserialize::Result<T>,
    ) -> deserialize::Result<T>;

    /// How many of the remaining rows the next statement of a batch takes: few different sizes, so few statements.
    fn chunk(remaining: usize) -> usize;

    /// Inserts nodes of one type and returns their ids, which ascend in the order of the batch.
    ///
    /// Where the graph refuses writes nothing is inserted; rows that a unique key refuses are left out.
    fn insert_nodes(batch: NodeBatch<'_>) -> Statement<'_, Self>;

    /// Inserts edges of one type and returns their ids, which ascend in the order of the batch.
    ///
    /// Where the graph refuses writes nothing is inserted; rows whose endpoints are missing or of other types, and rows
    /// that a unique key refuses, are left out.
    fn insert_edges(batch: EdgeBatch<'_>) -> Statement<'_, Self>;

    /// Writes rows of one type over and returns their ids.
    ///
    /// Where the graph refuses writes nothing is written; rows that are gone or at another version are left out.
    fn update_rows(batch: RowBatch<'_>) -> Statement<'_, Self>;

    /// Inserts edges of one type whose ends are known to be nodes of allowed types, in the order that readers see, and
    /// changes as many rows as it inserted.
    ///
    /// Where the graph refuses writes nothing is inserted; rows that a unique key refuses are left out. An end that is
    /// gone fails the statement, so it runs in a savepoint.
    fn load_edges(batch: EdgeBatch<'_>) -> Statement<'_, Self>;

    /// How indexes are listed that a load drops and creates again, where that shuts nobody out.
    const REBUILD: Option<Rebuild>;

    /// Which of our unique rules the database speaks of.
    fn violated_rule(violation: &dyn DatabaseErrorInformation) -> Option<Rule>;

    /// Whether the error says that our tables are missing.
    fn is_missing_table(message: &str) -> bool;
}
