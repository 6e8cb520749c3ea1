//! The `postgres` client and hand-written SQL.

use std::fmt;

use metagraph::graphs::call::Call;
use postgres::types::Json;
use postgres::{Client, NoTls, Statement};

use super::{Floor, Row};

/// The client in a database that has our tables, the type and the graph.
pub struct Postgres {
    client: Client,
    graph: i64,
    call: i64,
    triggered: i64,
    statements: Statements,
}

struct Statements {
    find_one: Statement,
    find_two: Statement,
    insert: Statement,
    update: Statement,
    turn: Statement,
    connect: Statement,
    below: Statement,
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").finish_non_exhaustive()
    }
}

impl Postgres {
    /// In a database that [`graph`](super::graph) was there before.
    ///
    /// # Panics
    /// Where it was not.
    pub fn new(url: &str) -> Self {
        let mut client = Client::connect(url, NoTls).unwrap();
        let mut id = |sql: &str| client.query_one(sql, &[]).unwrap().get::<_, i64>(0);
        let graph = id("SELECT id FROM __metagraph_graphs");
        let call = id("SELECT id FROM __metagraph_node_types WHERE name = 'call'");
        let triggered = id("SELECT id FROM __metagraph_edge_types WHERE name = 'triggered'");
        let mut prepare = |sql: &str| client.prepare(sql).unwrap();
        let statements = Statements {
            find_one: prepare(
                "SELECT id, version, attributes FROM __metagraph_nodes \
                 WHERE graph_id = $1 AND node_type_id = $2 AND key = $3",
            ),
            find_two: prepare(
                "SELECT id, version, attributes FROM __metagraph_nodes \
                 WHERE graph_id = $1 AND node_type_id = $2 AND key IN ($3, $4)",
            ),
            insert: prepare(
                "INSERT INTO __metagraph_nodes \
                 (graph_id, node_type_id, key, attributes, version, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, 1, now(), now()) RETURNING id",
            ),
            update: prepare(
                "UPDATE __metagraph_nodes SET attributes = $4, version = version + 1, updated_at = now() \
                 WHERE graph_id = $1 AND id = $2 AND version = $3",
            ),
            turn: prepare("UPDATE __metagraph_graphs SET guarded_writes = guarded_writes + 1 WHERE id = $1"),
            connect: prepare(
                "INSERT INTO __metagraph_edges (graph_id, edge_type_id, source_id, target_id, undirected, reversed, \
                 version, created_at, updated_at, slot, one_in) \
                 VALUES ($1, $2, $3, $4, false, false, 1, now(), now(), 0, 1)",
            ),
            below: prepare("SELECT target_id FROM __metagraph_edges WHERE graph_id = $1 AND source_id = $2"),
        };
        Self { client, graph, call, triggered, statements }
    }

    /// Runs a statement as it is.
    ///
    /// # Panics
    /// Where the database fails.
    pub fn run(&mut self, sql: &str) {
        self.client.batch_execute(sql).unwrap();
    }
}

impl Floor for Postgres {
    fn begin(&mut self) {
        self.run("BEGIN");
    }

    fn commit(&mut self) {
        self.run("COMMIT");
    }

    fn find(&mut self, keys: &[&str]) -> Vec<Row> {
        let rows = match keys {
            [key] => self.client.query(&self.statements.find_one, &[&self.graph, &self.call, key]),
            [key, other] => self.client.query(&self.statements.find_two, &[&self.graph, &self.call, key, other]),
            _ => panic!("an event names two calls at most"),
        };
        let row =
            |row: &postgres::Row| Row { id: row.get(0), version: row.get(1), call: row.get::<_, Json<Call>>(2).0 };
        rows.unwrap().iter().map(row).collect()
    }

    fn insert(&mut self, call: &Call) -> i64 {
        let (graph, node_type, key) = (self.graph, self.call, &call.request_id);
        let row = self.client.query_one(&self.statements.insert, &[&graph, &node_type, key, &Json(call)]).unwrap();
        row.get(0)
    }

    fn update(&mut self, row: &Row) {
        let values: [&(dyn postgres::types::ToSql + Sync); 4] = [&self.graph, &row.id, &row.version, &Json(&row.call)];
        assert_eq!(self.client.execute(&self.statements.update, &values).unwrap(), 1);
    }

    fn connect(&mut self, parent: i64, child: i64) {
        self.client.execute(&self.statements.turn, &[&self.graph]).unwrap();
        self.client.execute(&self.statements.connect, &[&self.graph, &self.triggered, &parent, &child]).unwrap();
        let mut frontier = vec![child];
        while let Some(node) = frontier.pop() {
            let next = self.client.query(&self.statements.below, &[&self.graph, &node]).unwrap();
            frontier.extend(next.iter().map(|row| row.get::<_, i64>(0)));
            assert!(!frontier.contains(&parent), "a circle");
        }
    }

    fn counts(&mut self) -> (i64, i64) {
        let mut count = |sql: &str| self.client.query_one(sql, &[]).unwrap().get(0);
        (count("SELECT count(*) FROM __metagraph_nodes"), count("SELECT count(*) FROM __metagraph_edges"))
    }
}
