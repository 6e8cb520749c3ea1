//! Hand-written rusqlite.

use metagraph::graphs::call::Call;
use rusqlite::{Connection, params};

use super::{Floor, Row};

/// rusqlite in a file that has our tables, the type and the graph.
#[derive(Debug)]
pub struct Sqlite {
    conn: Connection,
    graph: i64,
    call: i64,
    triggered: i64,
}

impl Sqlite {
    /// In a file that [`graph`](super::graph) was there before.
    ///
    /// # Panics
    /// Where it was not.
    pub fn new(file: &str) -> Self {
        let conn = Connection::open(file).unwrap();
        conn.execute_batch(metagraph::sqlite::PRAGMAS).unwrap();
        conn.set_prepared_statement_cache_capacity(64);
        let id = |sql: &str| conn.query_row(sql, [], |row| row.get(0)).unwrap();
        let graph = id("SELECT id FROM __metagraph_graphs");
        let call = id("SELECT id FROM __metagraph_node_types WHERE name = 'call'");
        let triggered = id("SELECT id FROM __metagraph_edge_types WHERE name = 'triggered'");
        Self { conn, graph, call, triggered }
    }

    fn run(&self, sql: &str) {
        self.conn.prepare_cached(sql).unwrap().execute([]).unwrap();
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

impl Floor for Sqlite {
    fn begin(&mut self) {
        self.run("BEGIN IMMEDIATE");
    }

    fn commit(&mut self) {
        self.run("COMMIT");
    }

    fn find(&mut self, keys: &[&str]) -> Vec<Row> {
        let sql = match keys {
            [_] => {
                "SELECT id, version, attributes FROM __metagraph_nodes WHERE graph_id = ?1 AND node_type_id = ?2 AND key = ?3"
            }
            _ => {
                "SELECT id, version, attributes FROM __metagraph_nodes \
                 WHERE graph_id = ?1 AND node_type_id = ?2 AND key IN (?3, ?4)"
            }
        };
        let mut statement = self.conn.prepare_cached(sql).unwrap();
        let row = |row: &rusqlite::Row<'_>| {
            let call = serde_json::from_str(row.get_ref(2)?.as_str()?).unwrap();
            Ok(Row { id: row.get(0)?, version: row.get(1)?, call })
        };
        let found = match keys {
            [key] => statement.query_map(params![self.graph, self.call, key], row),
            [key, other] => statement.query_map(params![self.graph, self.call, key, other], row),
            _ => panic!("an event names two calls at most"),
        };
        found.unwrap().map(Result::unwrap).collect()
    }

    fn insert(&mut self, call: &Call) -> i64 {
        let mut statement = self
            .conn
            .prepare_cached(
                "INSERT INTO __metagraph_nodes \
                 (graph_id, node_type_id, key, attributes, version, created_at, updated_at) \
                 VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5)",
            )
            .unwrap();
        let attributes = serde_json::to_string(call).unwrap();
        statement.execute(params![self.graph, self.call, call.request_id, attributes, now()]).unwrap();
        self.conn.last_insert_rowid()
    }

    fn update(&mut self, row: &Row) {
        let mut statement = self
            .conn
            .prepare_cached(
                "UPDATE __metagraph_nodes SET attributes = ?3, version = version + 1, updated_at = ?4 \
                 WHERE id = ?1 AND version = ?2",
            )
            .unwrap();
        let attributes = serde_json::to_string(&row.call).unwrap();
        assert_eq!(statement.execute(params![row.id, row.version, attributes, now()]).unwrap(), 1);
    }

    fn connect(&mut self, parent: i64, child: i64) {
        let mut turn = self
            .conn
            .prepare_cached("UPDATE __metagraph_graphs SET guarded_writes = guarded_writes + 1 WHERE id = ?1")
            .unwrap();
        turn.execute([self.graph]).unwrap();
        let mut insert = self
            .conn
            .prepare_cached(
                "INSERT INTO __metagraph_edges (graph_id, edge_type_id, source_id, target_id, undirected, reversed, \
                 version, created_at, updated_at, slot, one_in) VALUES (?1, ?2, ?3, ?4, 0, 0, 1, ?5, ?5, 0, 1)",
            )
            .unwrap();
        insert.execute(params![self.graph, self.triggered, parent, child, now()]).unwrap();
        let mut below = self
            .conn
            .prepare_cached("SELECT target_id FROM __metagraph_edges WHERE graph_id = ?1 AND source_id = ?2")
            .unwrap();
        let mut frontier = vec![child];
        while let Some(node) = frontier.pop() {
            let next = below.query_map([self.graph, node], |row| row.get::<_, i64>(0)).unwrap();
            frontier.extend(next.map(Result::unwrap));
            assert!(!frontier.contains(&parent), "a circle");
        }
    }

    fn counts(&mut self) -> (i64, i64) {
        let count = |sql: &str| self.conn.query_row(sql, [], |row| row.get(0)).unwrap();
        (count("SELECT count(*) FROM __metagraph_nodes"), count("SELECT count(*) FROM __metagraph_edges"))
    }
}
