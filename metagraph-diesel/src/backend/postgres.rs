//! PostgreSQL's side of the seam: `jsonb`, `timestamptz`, `uuid`, and arrays for lists.

mod insert;
mod json;
mod update;
pub(super) mod wording;

use std::io::Write;

use diesel::QueryResult;
use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::AstPass;
use diesel::result::DatabaseErrorInformation;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz};
use metagraph_core::query::Kind;
use metagraph_core::query::condition::Quantity;
use metagraph_core::query::pattern::Token;
use metagraph_core::query::source::Step;
use uuid::Uuid;

use super::{Form, FoundBy, GraphBackend, Rebuild, Seam};
use crate::batch::{EdgeBatch, NodeBatch, RowBatch};
use crate::conflict::Rule;
use crate::migration::Migration;
use crate::statement::{Bind, Columns, IntegerList, JsonText, Microseconds, NumberList, Statement, TextList, Uid};

/// 2000-01-01 in microseconds since 1970: where PostgreSQL counts from.
const EPOCH: i64 = 946_684_800_000_000;

impl GraphBackend for Pg {
    const NAME: &'static str = "PostgreSQL";
}

impl Seam for Pg {
    const MIGRATIONS: &'static [Migration] = &[
        Migration {
            version: "0001",
            name: "foundation",
            up: include_str!("../../migrations/postgres/0001_foundation/up.sql"),
            down: include_str!("../../migrations/postgres/0001_foundation/down.sql"),
        },
        Migration {
            version: "0002",
            name: "loads",
            up: include_str!("../../migrations/postgres/0002_loads/up.sql"),
            down: include_str!("../../migrations/postgres/0002_loads/down.sql"),
        },
        Migration {
            version: "0003",
            name: "evolution",
            up: include_str!("../../migrations/postgres/0003_evolution/up.sql"),
            down: include_str!("../../migrations/postgres/0003_evolution/down.sql"),
        },
    ];

    const CREATE_LEDGER: &'static str = "CREATE TABLE IF NOT EXISTS __metagraph_migrations \
        (version text COLLATE \"C\" PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL)";

    // The number is arbitrary; it only has to be the same in every release.
    const LOCK_MIGRATIONS: &'static str = "SELECT 1::bigint FROM pg_advisory_xact_lock(7235402138871)";

    const BEGIN_WRITE: Option<&'static str> = None;

    const NOW: &'static str = "now()";

    const SEE_COMMITTED: Option<(&'static str, &'static str)> = Some((
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "SELECT 1::bigint WHERE current_setting('transaction_isolation') IN ('read committed', 'read uncommitted')",
    ));

    const IS_ONE_OF: (&'static str, &'static str) = (" = ANY(", ")");

    // The planner has statistics, and needs the graph to find the partition.
    const NOT_BY: &'static str = "";

    // Compatible with every lock a writer takes, and not with the one that archiving takes.
    const HOLD_GRAPH: &'static str = " FOR KEY SHARE OF g";

    const HOLD_ROWS: &'static str = " FOR UPDATE";

    const HOLD_CONTENT: &'static str = " FOR NO KEY UPDATE";

    const HOLD_FREE: Option<(&'static str, &'static str)> = Some((" FOR NO KEY UPDATE", " SKIP LOCKED"));

    const HOLD_PLACE: &'static str = " FOR KEY SHARE";

    const BYTES: (&'static str, &'static str) = ("octet_length(", ")");

    const FOREIGN_KEYS_ENFORCED: &'static str = "true";

    const ENCODING: &'static str = "SELECT current_setting('server_encoding')";

    const RANGE: &'static str = "(";

    const NUMBER: (&'static str, &'static str) = ("CAST(", " AS numeric)");

    const IS_ONE_OF_NUMBERS: (&'static str, &'static str) = (" = ANY(CAST(", " AS numeric[]))");

    const DIFFERS_FROM: &'static str = " IS DISTINCT FROM ";

    const POSITION: &'static str = "strpos";

    const END_OF: (&'static str, &'static str, &'static str) = ("right(", ", length(", "))");

    const MATCHES: &'static str = " ~ ";

    const AS_FLOAT: (&'static str, &'static str) = ("CAST(", " AS double precision)");

    const EXTREME_FLAGS: (&'static str, &'static str) = ("bool_and(", "bool_or(");

    const ASKS_ANY_OF_GROUP: bool = false;

    const NUMBER_TEXT: (&'static str, &'static str) = ("CAST(", " AS text)");

    const EXPLAIN: &'static str = "EXPLAIN ";

    const EXPLAINED_AT: usize = 0;

    const INDEX_TAIL: &'static str = ", id";

    // No type has a negative id. What is one of two follows from either, but not from one of two others.
    fn of_type(column: &str, id: i64, mark: u32) -> String {
        format!("{column} IN ({id}, -{mark})")
    }

    // The number is arbitrary; it only has to be the same in every release.
    const LOCK_INDEXES: &'static str = "SELECT 1::bigint FROM pg_advisory_xact_lock(7235402138872)";

    const ATTRIBUTE_INDEXES: &'static str = "SELECT i.relname::text FROM pg_catalog.pg_index AS x \
         JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid WHERE x.indrelid IN \
         ('__metagraph_nodes'::regclass, '__metagraph_edges'::regclass) \
         AND starts_with(i.relname::text, '__metagraph_ix_') ORDER BY 1";

    const OBJECTS: &'static str = include_str!("../../migrations/postgres/objects.txt");

    const LIST_OBJECTS: &'static str = "WITH ours AS (SELECT c.oid, c.relname::text AS name \
         FROM pg_catalog.pg_class AS c WHERE c.relkind IN ('r', 'p') AND starts_with(c.relname::text, '__metagraph_') \
         AND pg_catalog.pg_table_is_visible(c.oid)) \
         SELECT ours.name || '.' || a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) \
         || coalesce(' COLLATE ' || l.collname, '') || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END \
         FROM ours JOIN pg_catalog.pg_attribute AS a ON a.attrelid = ours.oid AND a.attnum > 0 AND NOT a.attisdropped \
         LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation AND l.collname <> 'default' \
         UNION ALL SELECT k.conname::text, pg_catalog.pg_get_constraintdef(k.oid) \
         FROM ours JOIN pg_catalog.pg_constraint AS k ON k.conrelid = ours.oid AND k.contype IN ('p', 'u', 'f', 'c') \
         UNION ALL SELECT i.relname::text, CASE WHEN x.indisunique THEN 'UNIQUE' ELSE 'INDEX' END \
         || substring(pg_catalog.pg_get_indexdef(i.oid) FROM ' USING .*') \
         || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END \
         FROM ours JOIN pg_catalog.pg_index AS x ON x.indrelid = ours.oid \
         JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid WHERE NOT starts_with(i.relname::text, '__metagraph_ix_') \
         AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint AS k \
         WHERE k.conindid = i.oid AND k.contype IN ('p', 'u')) ORDER BY 1";

    const READABLE_ATTRIBUTES: &'static str = "attributes";

    const EDGES_IN_ORDER: &'static [&'static str] = &["id"];

    fn json(attributes: &str, steps: &[Step], form: Form) -> String {
        json::value(attributes, steps, form)
    }

    fn merged(attributes: &str) -> (String, String) {
        (format!("(coalesce({attributes}, '{{}}') || "), ")".to_owned())
    }

    fn pattern(tokens: &[Token]) -> String {
        json::regular_expression(tokens)
    }

    fn elements(attributes: &str, steps: &[Step], quantity: Quantity, _: Kind) -> (String, String) {
        json::elements(attributes, steps, quantity)
    }

    fn has_member(attributes: &str, steps: &[Step]) -> (String, String) {
        json::has_member(attributes, steps)
    }

    const IDS: (&'static str, &'static str) = ("unnest(", ") AS ids (id)");

    const PAIRS: (&'static str, &'static str) = ("unnest(", ") AS ids (id, other)");

    const WANTED: (&'static str, &'static str) = (
        "(SELECT w.place - 1 AS place, w.wanted FROM jsonb_array_elements(",
        ") WITH ORDINALITY AS w (wanted, place)) AS ids",
    );

    fn bind_pairs(statement: Statement<'_, Self>, pairs: Vec<(i64, i64)>) -> Statement<'_, Self> {
        let (ids, others) = pairs.into_iter().unzip();
        statement.bind(Bind::Integers(IntegerList(ids))).sql(", ").bind(Bind::Integers(IntegerList(others)))
    }

    const MAY_READ_ALL: bool = false;

    const READS_ROW_BY_ROW: bool = false;

    const HOPS_PER_STATEMENT: usize = usize::MAX;

    const SEVERAL_RECURSIVE_TERMS: bool = false;

    const TO_FAR: (&'static str, &'static str) = ("", " = ANY (ARRAY(SELECT far.id FROM far))");

    fn found_by(found: FoundBy) -> (&'static str, &'static str) {
        // The offset keeps the planner from joining in another order.
        match found {
            FoundBy::Node => (
                " CROSS JOIN LATERAL (SELECT * FROM __metagraph_nodes AS n WHERE n.id = ids.id AND n.graph_id = ",
                " OFFSET 0) AS n WHERE true",
            ),
            FoundBy::NodeWanted => (
                " CROSS JOIN LATERAL (SELECT * FROM __metagraph_nodes AS n WHERE n.graph_id = ",
                " OFFSET 0) AS n WHERE true",
            ),
            FoundBy::NodeKey => (
                " CROSS JOIN LATERAL (SELECT * FROM __metagraph_nodes AS n WHERE n.key = ids.id AND n.graph_id = ",
                " OFFSET 0) AS n WHERE true",
            ),
            FoundBy::EdgeKey => (
                " CROSS JOIN LATERAL (SELECT * FROM __metagraph_edges AS e WHERE e.key = ids.id AND e.graph_id = ",
                " OFFSET 0) AS e WHERE true",
            ),
            FoundBy::Edge => (
                " CROSS JOIN LATERAL (SELECT * FROM __metagraph_edges AS e WHERE e.id = ids.id AND e.graph_id = ",
                " OFFSET 0) AS e WHERE true",
            ),
            FoundBy::Source => (
                " CROSS JOIN LATERAL (SELECT * FROM __metagraph_edges AS e WHERE e.source_id = ids.id AND e.graph_id = ",
                " OFFSET 0) AS e WHERE true",
            ),
            FoundBy::Target => (
                " CROSS JOIN LATERAL (SELECT * FROM __metagraph_edges AS e WHERE e.target_id = ids.id AND e.graph_id = ",
                " OFFSET 0) AS e WHERE true",
            ),
        }
    }

    fn joined(table: &str, alias: &str, optional: bool) -> (String, String) {
        let (join, always) = if optional { ("LEFT JOIN", " ON true") } else { ("CROSS JOIN", "") };
        let before = format!(" {join} LATERAL (SELECT * FROM {table} AS {alias} WHERE ");
        (before, format!(" OFFSET 0) AS {alias}{always}"))
    }

    // A server may take a backslash in plain quotes for one or for the beginning of another letter.
    fn text_literal(text: &str) -> String {
        let quoted = text.replace('\'', "''");
        if quoted.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
    }

    fn bind<'b>(out: &mut AstPass<'_, 'b, Self>, value: &'b Bind<'_>) -> QueryResult<()> {
        match value {
            Bind::Integer(value) => out.push_bind_param::<BigInt, _>(value),
            Bind::OptionalInteger(value) => out.push_bind_param::<Nullable<BigInt>, _>(value),
            Bind::Text(value) => out.push_bind_param::<Text, str>(value),
            Bind::OptionalText(value) => out.push_bind_param::<Nullable<Text>, _>(value),
            Bind::Flag(value) => out.push_bind_param::<Bool, _>(value),
            Bind::Json(value) => out.push_bind_param::<Jsonb, _>(value),
            Bind::OptionalJson(value) => out.push_bind_param::<Nullable<Jsonb>, _>(value),
            Bind::Time(value) => out.push_bind_param::<Timestamptz, _>(value),
            Bind::Uid(value) => out.push_bind_param::<diesel::sql_types::Uuid, _>(value),
            Bind::Integers(IntegerList(list)) => out.push_bind_param::<Array<BigInt>, _>(list),
            Bind::Texts(TextList(list)) => out.push_bind_param::<Array<Text>, _>(list),
            Bind::Number(value) => out.push_bind_param::<Text, str>(value),
            Bind::Numbers(NumberList(list)) => out.push_bind_param::<Array<Text>, _>(list),
            Bind::Columns(Columns::OptionalTexts(list)) => out.push_bind_param::<Array<Nullable<Text>>, _>(list),
            Bind::Columns(Columns::Jsons(list)) => out.push_bind_param::<Array<Jsonb>, _>(list),
            Bind::Columns(Columns::OptionalJsons(list)) => out.push_bind_param::<Array<Nullable<Jsonb>>, _>(list),
            Bind::Columns(Columns::Flags(list)) => out.push_bind_param::<Array<Bool>, _>(list),
        }
    }

    fn read_integer(value: PgValue<'_>) -> deserialize::Result<i64> {
        FromSql::<BigInt, Pg>::from_sql(value)
    }

    fn read_flag(value: PgValue<'_>) -> deserialize::Result<bool> {
        FromSql::<Bool, Pg>::from_sql(value)
    }

    fn read_time(value: PgValue<'_>) -> deserialize::Result<i64> {
        let since_2000 = Self::read_integer(value)?;
        since_2000.checked_add(EPOCH).ok_or_else(|| "an infinite time".into())
    }

    fn read_uid(value: PgValue<'_>) -> deserialize::Result<Uuid> {
        Ok(Uuid::from_slice(value.as_bytes())?)
    }

    fn read_number<T>(value: PgValue<'_>, read: impl FnOnce(&str) -> deserialize::Result<T>) -> deserialize::Result<T> {
        Self::read_text(value, read)
    }

    fn read_text<T>(value: PgValue<'_>, read: impl FnOnce(&str) -> deserialize::Result<T>) -> deserialize::Result<T> {
        read(std::str::from_utf8(value.as_bytes())?)
    }

    fn is_utf8(value: PgValue<'_>) -> bool {
        std::str::from_utf8(value.as_bytes()).is_ok()
    }

    fn read_json<T>(value: PgValue<'_>, read: impl FnOnce(&str) -> deserialize::Result<T>) -> deserialize::Result<T> {
        // The binary form of jsonb is a version byte and the text.
        match value.as_bytes() {
            [1, text @ ..] => read(std::str::from_utf8(text)?),
            _ => Err("unknown binary form of jsonb".into()),
        }
    }

    fn chunk(remaining: usize) -> usize {
        remaining.min(1000)
    }

    fn insert_nodes(batch: NodeBatch<'_>) -> Statement<'_, Self> {
        insert::nodes(batch)
    }

    fn insert_edges(batch: EdgeBatch<'_>) -> Statement<'_, Self> {
        insert::edges(batch)
    }

    fn update_rows(batch: RowBatch<'_>) -> Statement<'_, Self> {
        update::rows(batch)
    }

    fn load_edges(batch: EdgeBatch<'_>) -> Statement<'_, Self> {
        insert::edges_with_known_ends(batch)
    }

    const REBUILD: Option<Rebuild> = None;

    fn violated_rule(violation: &dyn DatabaseErrorInformation) -> Option<Rule> {
        // A distributed table reports its shard's constraint, and only in the message: the known name with a suffix.
        let name = violation.constraint_name().unwrap_or_else(|| violation.message());
        let rules = [
            ("__metagraph_nodes_key", Rule::NodeKey),
            ("__metagraph_edges_key", Rule::EdgeKey),
            ("__metagraph_edges_out", Rule::Parallel),
            ("__metagraph_edges_simple", Rule::Simple),
            ("__metagraph_edges_one_out", Rule::OneOut),
            ("__metagraph_edges_one_in", Rule::OneIn),
            ("__metagraph_actors_subject", Rule::ActorSubject),
            ("__metagraph_ix_", Rule::Unique),
        ];
        rules.into_iter().find(|(known, _)| name.contains(known)).map(|(_, rule)| rule)
    }

    fn is_missing_table(message: &str) -> bool {
        message.starts_with("relation \"__metagraph_") && message.ends_with("\" does not exist")
    }
}

impl ToSql<Jsonb, Pg> for JsonText<'_> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[1])?;
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl ToSql<Timestamptz, Pg> for Microseconds {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&(self.0 - EPOCH).to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl ToSql<diesel::sql_types::Uuid, Pg> for Uid {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}
