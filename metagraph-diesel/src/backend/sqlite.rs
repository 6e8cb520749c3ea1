//! SQLite's side of the seam: JSON as text, times as microseconds, lists as JSON arrays.

mod json;
mod load;
pub(super) mod wording;

use diesel::QueryResult;
use diesel::deserialize::{self, FromSql};
use diesel::query_builder::AstPass;
use diesel::result::DatabaseErrorInformation;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteType, SqliteValue};
use metagraph_core::query::Kind;
use metagraph_core::query::condition::Quantity;
use metagraph_core::query::pattern::Token;
use metagraph_core::query::source::Step;
use uuid::Uuid;

use super::{Form, FoundBy, GraphBackend, Rebuild, Seam};
use crate::batch::{EdgeBatch, NodeBatch, RowBatch, Target, guarded};
use crate::conflict::Rule;
use crate::migration::Migration;
use crate::statement::{Bind, IntegerList, JsonText, Microseconds, NumberList, Statement, TextList, Uid};
use crate::write::Table;

impl GraphBackend for Sqlite {
    const NAME: &'static str = "SQLite";
}

impl Seam for Sqlite {
    const MIGRATIONS: &'static [Migration] = &[
        Migration {
            version: "0001",
            name: "foundation",
            up: include_str!("../../migrations/sqlite/0001_foundation/up.sql"),
            down: include_str!("../../migrations/sqlite/0001_foundation/down.sql"),
        },
        Migration {
            version: "0002",
            name: "loads",
            up: include_str!("../../migrations/sqlite/0002_loads/up.sql"),
            down: include_str!("../../migrations/sqlite/0002_loads/down.sql"),
        },
        Migration {
            version: "0003",
            name: "evolution",
            up: include_str!("../../migrations/sqlite/0003_evolution/up.sql"),
            down: include_str!("../../migrations/sqlite/0003_evolution/down.sql"),
        },
    ];

    const CREATE_LEDGER: &'static str = "CREATE TABLE IF NOT EXISTS __metagraph_migrations \
        (version TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT";

    // Any write takes the lock, also one that changes no row.
    const LOCK_MIGRATIONS: &'static str = "DELETE FROM __metagraph_migrations WHERE version IS NULL";

    // No row has this id: the statement takes the lock, and looks at one page.
    const BEGIN_WRITE: Option<&'static str> = Some("UPDATE __metagraph_graphs SET name = name WHERE id = 0");

    const NOW: &'static str = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000";

    const SEE_COMMITTED: Option<(&'static str, &'static str)> = None;

    const IS_ONE_OF: (&'static str, &'static str) = (" IN (SELECT value FROM json_each(", "))");

    const NOT_BY: &'static str = "+";

    // There is one writer, and every write takes the lock before it reads.
    const HOLD_GRAPH: &'static str = "";

    const HOLD_ROWS: &'static str = "";

    const HOLD_CONTENT: &'static str = "";

    const HOLD_FREE: Option<(&'static str, &'static str)> = None;

    const HOLD_PLACE: &'static str = "";

    const BYTES: (&'static str, &'static str) = ("length(CAST(", " AS blob))");

    const FOREIGN_KEYS_ENFORCED: &'static str = "(SELECT foreign_keys FROM pragma_foreign_keys)";

    const ENCODING: &'static str = "SELECT encoding FROM pragma_encoding";

    // It does not know the value when it plans, and would rather read rows in the order of their ids than search an index.
    const RANGE: &'static str = "unlikely(";

    const NUMBER: (&'static str, &'static str) = ("CAST(", " AS REAL)");

    const IS_ONE_OF_NUMBERS: (&'static str, &'static str) = Self::IS_ONE_OF;

    const DIFFERS_FROM: &'static str = " IS NOT ";

    const POSITION: &'static str = "instr";

    const END_OF: (&'static str, &'static str, &'static str) = ("substr(", ", -length(", "))");

    const MATCHES: &'static str = " GLOB ";

    const AS_FLOAT: (&'static str, &'static str) = ("(", ")");

    const EXTREME_FLAGS: (&'static str, &'static str) = ("min(", "max(");

    // <https://sqlite.org/lang_select.html#bareagg>
    const ASKS_ANY_OF_GROUP: bool = true;

    // Its own text of a floating point number would be rounded.
    const NUMBER_TEXT: (&'static str, &'static str) = ("", "");

    const EXPLAIN: &'static str = "EXPLAIN QUERY PLAN ";

    const EXPLAINED_AT: usize = 3;

    // Every index ends with the id.
    const INDEX_TAIL: &'static str = "";

    // What finds at most one row comes first.
    fn of_type(column: &str, id: i64, _: u32) -> String {
        format!("{column} = {id}")
    }

    // Taking the write lock is enough; the statement changes and returns nothing.
    const LOCK_INDEXES: &'static str = "UPDATE __metagraph_graphs SET name = name WHERE id = 0 RETURNING id";

    const ATTRIBUTE_INDEXES: &'static str =
        "SELECT name FROM sqlite_master WHERE type = 'index' AND name GLOB '__metagraph_ix_*' ORDER BY name";

    const OBJECTS: &'static str = include_str!("../../migrations/sqlite/objects.txt");

    const LIST_OBJECTS: &'static str = "SELECT name, sql FROM sqlite_master WHERE name GLOB '__metagraph_*' \
         AND name NOT GLOB '__metagraph_ix_*' AND sql IS NOT NULL ORDER BY name";

    const READABLE_ATTRIBUTES: &'static str = "(CASE WHEN json_valid(attributes) THEN attributes END)";

    // No index has the graph and the id.
    const EDGES_IN_ORDER: &'static [&'static str] = &["source_id", "edge_type_id", "target_id", "slot", "id"];

    fn json(attributes: &str, steps: &[Step], form: Form) -> String {
        json::value(attributes, steps, form)
    }

    fn merged(attributes: &str) -> (String, String) {
        (format!("json_patch(coalesce({attributes}, '{{}}'), "), ")".to_owned())
    }

    fn pattern(tokens: &[Token]) -> String {
        json::glob(tokens)
    }

    fn elements(attributes: &str, steps: &[Step], quantity: Quantity, kind: Kind) -> (String, String) {
        json::elements(attributes, steps, quantity, kind)
    }

    fn has_member(attributes: &str, steps: &[Step]) -> (String, String) {
        json::has_member(attributes, steps)
    }

    const IDS: (&'static str, &'static str) = ("(SELECT value AS id FROM json_each(", ")) AS ids");

    const PAIRS: (&'static str, &'static str) =
        ("(SELECT value ->> 0 AS id, value ->> 1 AS other FROM json_each(", ")) AS ids");

    const WANTED: (&'static str, &'static str) = ("(SELECT key AS place, value AS wanted FROM json_each(", ")) AS ids");

    fn bind_pairs(statement: Statement<'_, Self>, pairs: Vec<(i64, i64)>) -> Statement<'_, Self> {
        statement.json(serde_json::to_string(&pairs).unwrap_or_default())
    }

    const MAY_READ_ALL: bool = true;

    const READS_ROW_BY_ROW: bool = true;

    const HOPS_PER_STATEMENT: usize = 2;

    const SEVERAL_RECURSIVE_TERMS: bool = true;

    const TO_FAR: (&'static str, &'static str) = (" CROSS JOIN far", " = far.id");

    fn found_by(found: FoundBy) -> (&'static str, &'static str) {
        let matched = match found {
            FoundBy::Node => " CROSS JOIN __metagraph_nodes AS n WHERE n.id = ids.id AND n.graph_id = ",
            FoundBy::NodeWanted => " CROSS JOIN __metagraph_nodes AS n WHERE n.graph_id = ",
            FoundBy::NodeKey => " CROSS JOIN __metagraph_nodes AS n WHERE n.key = ids.id AND n.graph_id = ",
            FoundBy::EdgeKey => " CROSS JOIN __metagraph_edges AS e WHERE e.key = ids.id AND e.graph_id = ",
            FoundBy::Edge => " CROSS JOIN __metagraph_edges AS e WHERE e.id = ids.id AND e.graph_id = ",
            FoundBy::Source => " CROSS JOIN __metagraph_edges AS e WHERE e.source_id = ids.id AND e.graph_id = ",
            FoundBy::Target => " CROSS JOIN __metagraph_edges AS e WHERE e.target_id = ids.id AND e.graph_id = ",
        };
        (matched, "")
    }

    fn joined(table: &str, alias: &str, optional: bool) -> (String, String) {
        let join = if optional { "LEFT JOIN" } else { "CROSS JOIN" };
        (format!(" {join} {table} AS {alias} ON "), String::new())
    }

    fn bind<'b>(out: &mut AstPass<'_, 'b, Self>, value: &'b Bind<'_>) -> QueryResult<()> {
        // With the statistics of ANALYZE, SQLite plans by the values of bare parameters, and so plans anew each time
        // that one is bound.
        out.push_sql("+");
        match value {
            Bind::Integer(value) => out.push_bind_param::<BigInt, _>(value),
            Bind::OptionalInteger(value) => out.push_bind_param::<Nullable<BigInt>, _>(value),
            Bind::Text(value) => out.push_bind_param::<Text, str>(value),
            Bind::OptionalText(value) => out.push_bind_param::<Nullable<Text>, _>(value),
            Bind::Flag(value) => out.push_bind_param::<Integer, i32>(if *value { &1 } else { &0 }),
            Bind::Json(value) => out.push_bind_param::<Text, _>(value),
            Bind::OptionalJson(value) => out.push_bind_param::<Nullable<Text>, _>(value),
            Bind::Time(value) => out.push_bind_param::<BigInt, _>(value),
            Bind::Uid(value) => out.push_bind_param::<Text, _>(value),
            Bind::Integers(list) => out.push_bind_param::<Text, _>(list),
            Bind::Texts(list) => out.push_bind_param::<Text, _>(list),
            Bind::Number(value) => out.push_bind_param::<Text, str>(value),
            Bind::Numbers(list) => out.push_bind_param::<Text, _>(list),
            Bind::Columns(_) => Err(diesel::result::Error::QueryBuilderError("SQLite binds rows, not columns".into())),
        }
    }

    fn read_integer(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<i64> {
        FromSql::<BigInt, Sqlite>::from_sql(value)
    }

    fn read_flag(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<bool> {
        Self::read_integer(value).map(|flag| flag != 0)
    }

    fn read_time(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<i64> {
        Self::read_integer(value)
    }

    fn read_uid(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Uuid> {
        Self::read_text(value, |text| Ok(Uuid::try_parse(text)?))
    }

    fn read_number<T>(
        mut value: SqliteValue<'_, '_, '_>,
        read: impl FnOnce(&str) -> deserialize::Result<T>,
    ) -> deserialize::Result<T> {
        match value.value_type() {
            Some(SqliteType::Double) => read(&serde_json::to_string(&value.read_double())?),
            _ => read(value.read_text()),
        }
    }

    fn read_text<T>(
        mut value: SqliteValue<'_, '_, '_>,
        read: impl FnOnce(&str) -> deserialize::Result<T>,
    ) -> deserialize::Result<T> {
        read(value.read_text())
    }

    fn is_utf8(mut value: SqliteValue<'_, '_, '_>) -> bool {
        std::str::from_utf8(value.read_blob()).is_ok()
    }

    fn read_json<T>(
        value: SqliteValue<'_, '_, '_>,
        read: impl FnOnce(&str) -> deserialize::Result<T>,
    ) -> deserialize::Result<T> {
        Self::read_text(value, read)
    }

    fn chunk(remaining: usize) -> usize {
        // The text of a multi-row statement depends on its number of rows.
        match remaining {
            0..16 => 1,
            16..128 => 16,
            _ => 128,
        }
    }

    fn insert_nodes(batch: NodeBatch<'_>) -> Statement<'_, Self> {
        let now = batch.target.now;
        guarded(batch.target)
            .sql(
                " INSERT INTO __metagraph_nodes \
                 (id, graph_id, node_type_id, key, attributes, version, created_at, updated_at) \
                 SELECT (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '__metagraph_nodes') \
                 + v.column1, guard.id, ",
            )
            .integer(batch.node_type)
            .sql(", v.column2, v.column3, 1, ")
            .time(now)
            .sql(", ")
            .time(now)
            .sql(" FROM (VALUES ")
            .join((1..).zip(batch.nodes), ", ", |statement, (place, node)| {
                statement.sql("(").integer(place).sql(", ").text(node.key).sql(", ").json(node.attributes).sql(")")
            })
            .sql(") AS v CROSS JOIN guard WHERE true ON CONFLICT DO NOTHING RETURNING id")
    }

    fn insert_edges(batch: EdgeBatch<'_>) -> Statement<'_, Self> {
        const NEXT: &str = "(SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '__metagraph_edges') \
                            + v.column1";
        let EdgeBatch { target: Target { now, .. }, from, to, .. } = batch;
        let statement = guarded(batch.target)
            .sql(
                " INSERT INTO __metagraph_edges (id, graph_id, edge_type_id, key, source_id, target_id, undirected, \
                 reversed, attributes, version, created_at, updated_at, slot, simple, one_out, one_in) SELECT ",
            )
            .sql(NEXT)
            .sql(", guard.id, ")
            .integer(batch.edge_type)
            .sql(", v.column5, s.id, t.id, ")
            .bind(Bind::Flag(batch.undirected))
            .sql(", ");
        let statement = if batch.undirected {
            // Whichever order fits the types is the one that readers see; where both fit, the one that was given.
            let statement = fits(statement.sql("CASE WHEN NOT "), from, to).sql(" THEN 1 WHEN NOT ");
            fits(statement, to, from).sql(" THEN 0 ELSE v.column4 END")
        } else {
            statement.sql("v.column4")
        };
        let statement = statement.sql(", v.column6, 1, ").time(now).sql(", ").time(now).sql(if batch.multi {
            ", "
        } else {
            ", 0, "
        });
        let statement = if batch.multi { statement.sql(NEXT).sql(", ") } else { statement };
        let statement = statement
            .bind(Bind::OptionalInteger(batch.simple))
            .sql(", ")
            .bind(Bind::OptionalInteger(batch.one_out))
            .sql(", ")
            .bind(Bind::OptionalInteger(batch.one_in))
            .sql(" FROM (VALUES ")
            .join((1..).zip(batch.edges), ", ", |statement, (place, edge)| {
                statement
                    .sql("(")
                    .integer(place)
                    .sql(", ")
                    .integer(edge.source)
                    .sql(", ")
                    .integer(edge.target)
                    .sql(", ")
                    .bind(Bind::Flag(edge.reversed))
                    .sql(", ")
                    .bind(Bind::OptionalText(edge.key))
                    .sql(", ")
                    .bind(Bind::OptionalJson(edge.attributes.map(JsonText)))
                    .sql(")")
            })
            .sql(
                ") AS v CROSS JOIN guard \
                 JOIN __metagraph_nodes AS s ON s.id = v.column2 AND s.graph_id = guard.id \
                 JOIN __metagraph_nodes AS t ON t.id = v.column3 AND t.graph_id = guard.id WHERE ",
            );
        let statement = fits(statement, from, to);
        let statement = if batch.undirected { fits(statement.sql(" OR "), to, from) } else { statement };
        statement.sql(" ON CONFLICT DO NOTHING RETURNING id")
    }

    fn update_rows(batch: RowBatch<'_>) -> Statement<'_, Self> {
        let RowBatch { target, table, kind, keys, rows } = batch;
        let (update, found, of_type) = match table {
            Table::Nodes => (
                " UPDATE __metagraph_nodes SET attributes = v.column3",
                ") AS v WHERE __metagraph_nodes.id = v.column1 AND +graph_id = ",
                " AND 0 + node_type_id = ",
            ),
            Table::Edges => (
                " UPDATE __metagraph_edges SET attributes = v.column3",
                ") AS v WHERE __metagraph_edges.id = v.column1 AND +graph_id = ",
                " AND 0 + edge_type_id = ",
            ),
        };
        let statement = guarded(target).sql(update);
        let statement = if keys { statement.sql(", key = v.column4") } else { statement };
        statement
            .sql(", version = version + 1, updated_at = ")
            .time(target.now)
            .sql(" FROM (VALUES ")
            .join(rows, ", ", |statement, row| {
                let statement = statement
                    .sql("(")
                    .integer(row.id)
                    .sql(", ")
                    .integer(row.version)
                    .sql(", ")
                    .bind(Bind::OptionalJson(row.attributes.map(JsonText)));
                if keys { statement.sql(", ").bind(Bind::OptionalText(row.key)).sql(")") } else { statement.sql(")") }
            })
            .sql(found)
            .integer(target.graph)
            .sql(of_type)
            .integer(kind)
            .sql(" AND version = v.column2 AND EXISTS (SELECT 1 FROM guard) RETURNING id")
    }

    fn load_edges(batch: EdgeBatch<'_>) -> Statement<'_, Self> {
        load::edges(batch)
    }

    const REBUILD: Option<Rebuild> = load::REBUILD;

    fn violated_rule(violation: &dyn DatabaseErrorInformation) -> Option<Rule> {
        // SQLite names the columns of a unique key, and an index only where it has expressions.
        let columns = violation.message().strip_prefix("UNIQUE constraint failed: ")?;
        let columns = columns.replace("__metagraph_", "");
        Some(match columns.as_str() {
            "nodes.graph_id, nodes.node_type_id, nodes.key" => Rule::NodeKey,
            "edges.graph_id, edges.edge_type_id, edges.key" => Rule::EdgeKey,
            "edges.graph_id, edges.source_id, edges.edge_type_id, edges.target_id, edges.slot" => Rule::Parallel,
            "edges.graph_id, edges.source_id, edges.target_id" | "index 'edges_simple_mixed'" => Rule::Simple,
            "edges.graph_id, edges.source_id, edges.edge_type_id" => Rule::OneOut,
            "edges.graph_id, edges.target_id, edges.edge_type_id" => Rule::OneIn,
            "actors.subject" => Rule::ActorSubject,
            index if index.starts_with("index 'ix_") => Rule::Unique,
            _ => return None,
        })
    }

    fn is_missing_table(message: &str) -> bool {
        message.starts_with("no such table: __metagraph_")
    }
}

fn fits<'a>(statement: Statement<'a, Sqlite>, from: &[i64], to: &[i64]) -> Statement<'a, Sqlite> {
    statement.sql("(s.node_type_id").of_types(from).sql(" AND t.node_type_id").of_types(to).sql(")")
}

impl ToSql<Text, Sqlite> for JsonText<'_> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(&*self.0);
        Ok(IsNull::No)
    }
}

impl ToSql<BigInt, Sqlite> for Microseconds {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0);
        Ok(IsNull::No)
    }
}

impl ToSql<Text, Sqlite> for Uid {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}

impl ToSql<Text, Sqlite> for IntegerList {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}

impl ToSql<Text, Sqlite> for TextList<'_> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}

impl ToSql<Text, Sqlite> for NumberList {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(format!("[{}]", self.0.join(",")));
        Ok(IsNull::No)
    }
}
