//! Hand-written rusqlite: on our tables, or on bare ones.

use rusqlite::{Connection, params};
use serde::de::DeserializeOwned;

use super::{AUTHORED, KNOWS, LIKES, LIST, LISTED, NETWORK, PERSON, POST, distance, within};
use crate::generate::Data;
use crate::model::{Authored, Knows, Likes, Person};
use crate::peer::{LONGEST, Peer, Sum};

/// Whose tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// With our columns, keys, foreign keys and checks: created by our own migration.
    Ours,
    /// With nothing but what the questions need; the indexes of edges are created after the load.
    Bare,
}

/// rusqlite in a file.
#[derive(Debug)]
pub struct Floor {
    conn: Connection,
    tables: Tables,
    file: String,
    people: i64,
}

const BARE: &str = "
    CREATE TABLE nodes (id INTEGER PRIMARY KEY, graph_id INTEGER, type_id INTEGER, key TEXT, attributes TEXT);
    CREATE UNIQUE INDEX nodes_key ON nodes (graph_id, type_id, key);
    CREATE TABLE edges (id INTEGER PRIMARY KEY, graph_id INTEGER, type_id INTEGER, source_id INTEGER,
        target_id INTEGER, attributes TEXT);";

const BARE_INDEXES: &str = "
    CREATE INDEX edges_out ON edges (source_id, type_id, target_id);
    CREATE INDEX edges_in ON edges (target_id, type_id, source_id);";

/// As many rows as one statement inserts.
const ROWS: usize = 50;

impl Floor {
    /// On tables in a new file.
    ///
    /// # Panics
    /// Where the file cannot be written, or has them.
    pub fn new(file: &str, tables: Tables) -> Self {
        let floor = Self::open(file, tables);
        let conn = &floor.conn;
        match tables {
            Tables::Bare => conn.execute_batch(BARE).unwrap(),
            Tables::Ours => {
                for migration in metagraph::migrations::all::<diesel::SqliteConnection>() {
                    migration.up().for_each(|statement| conn.execute_batch(statement).unwrap());
                }
                conn.execute_batch(&types("0")).unwrap();
            }
        }
        floor
    }

    /// On tables that are there.
    ///
    /// # Panics
    /// Where the file cannot be opened.
    pub fn open(file: &str, tables: Tables) -> Self {
        let conn = Connection::open(file).unwrap();
        conn.execute_batch(metagraph::sqlite::PRAGMAS).unwrap();
        conn.set_prepared_statement_cache_capacity(64);
        Self { conn, tables, file: file.to_owned(), people: 0 }
    }

    fn insert_nodes<T: serde::Serialize>(
        &self,
        graph: i64,
        node_type: i64,
        first: i64,
        nodes: &[T],
        key: impl Fn(&T) -> &str,
    ) {
        let (one, insert) = match self.tables {
            Tables::Ours => ("(?, ?, ?, ?, ?, 1, ?, ?)", NODE),
            Tables::Bare => ("(?, ?, ?, ?, ?)", "INSERT INTO nodes (id, graph_id, type_id, key, attributes)"),
        };
        let now = now();
        let mut id = first;
        for chunk in nodes.chunks(ROWS) {
            let mut statement = self.conn.prepare_cached(&rows(insert, one, chunk.len())).unwrap();
            let mut at = 1;
            for node in chunk {
                let attributes = serde_json::to_string(node).unwrap();
                statement.raw_bind_parameter(at, id).unwrap();
                statement.raw_bind_parameter(at + 1, graph).unwrap();
                statement.raw_bind_parameter(at + 2, node_type).unwrap();
                statement.raw_bind_parameter(at + 3, key(node)).unwrap();
                statement.raw_bind_parameter(at + 4, attributes).unwrap();
                at += 5;
                if self.tables == Tables::Ours {
                    statement.raw_bind_parameter(at, now).unwrap();
                    statement.raw_bind_parameter(at + 1, now).unwrap();
                    at += 2;
                }
                id += 1;
            }
            statement.raw_execute().unwrap();
        }
    }

    fn insert_edges<T>(
        &self,
        edge_type: i64,
        edges: &[T],
        ends: impl Fn(&T) -> (i64, i64),
        attributes: impl Fn(&T) -> Option<String>,
    ) {
        let (one, insert) = match self.tables {
            Tables::Ours => ("(?, ?, ?, ?, 0, 0, ?, 1, ?, ?, 0)", EDGE),
            Tables::Bare => {
                ("(?, ?, ?, ?, ?)", "INSERT INTO edges (graph_id, type_id, source_id, target_id, attributes)")
            }
        };
        let now = now();
        for chunk in edges.chunks(ROWS) {
            let mut statement = self.conn.prepare_cached(&rows(insert, one, chunk.len())).unwrap();
            let mut at = 1;
            for edge in chunk {
                let (source, target) = ends(edge);
                statement.raw_bind_parameter(at, NETWORK).unwrap();
                statement.raw_bind_parameter(at + 1, edge_type).unwrap();
                statement.raw_bind_parameter(at + 2, source).unwrap();
                statement.raw_bind_parameter(at + 3, target).unwrap();
                statement.raw_bind_parameter(at + 4, attributes(edge)).unwrap();
                at += 5;
                if self.tables == Tables::Ours {
                    statement.raw_bind_parameter(at, now).unwrap();
                    statement.raw_bind_parameter(at + 1, now).unwrap();
                    at += 2;
                }
            }
            statement.raw_execute().unwrap();
        }
    }

    /// The same statement on either tables. Parameters that are compared have a `+`: with the statistics of `ANALYZE`,
    /// SQLite would plan anew for each value.
    /// `ours` names them our way.
    fn sql(&self, ours: &str) -> String {
        match self.tables {
            Tables::Ours => ours.to_owned(),
            Tables::Bare => ours
                .replace("__metagraph_", "")
                .replace("node_type_id", "type_id")
                .replace("edge_type_id", "type_id")
                // Its indexes of edges are not led by the graph.
                .replace("e.graph_id = 1 AND ", "")
                .replace("f.graph_id = 1 AND ", ""),
        }
    }

    fn next(&self, nodes: &[i64], forward: bool) -> Vec<i64> {
        let (near, far) = if forward { ("source_id", "target_id") } else { ("target_id", "source_id") };
        let sql = self.sql(&format!(
            "SELECT DISTINCT e.{far} FROM json_each(?) AS ids CROSS JOIN __metagraph_edges AS e \
             WHERE e.graph_id = 1 AND e.{near} = ids.value AND e.edge_type_id = {KNOWS}"
        ));
        let mut statement = self.conn.prepare_cached(&sql).unwrap();
        let list = serde_json::to_string(nodes).unwrap();
        statement.query_map([list], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    fn filtered(&self, graph: i64, node_type: i64) -> Vec<Person> {
        let sql = self.sql(&format!(
            "SELECT n.attributes FROM __metagraph_nodes AS n WHERE n.graph_id = {graph} AND n.node_type_id = {node_type} \
             AND n.attributes ->> '$.status' = +? AND n.attributes ->> '$.age' > +? \
             ORDER BY n.attributes ->> '$.age', n.attributes ->> '$.key' LIMIT 100"
        ));
        let mut statement = self.conn.prepare_cached(&sql).unwrap();
        statement
            .query_map(params!["inactive", 60], |row| Ok(decoded(row.get_ref(0)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }
}

pub(super) const NODE: &str = "INSERT INTO __metagraph_nodes \
    (id, graph_id, node_type_id, key, attributes, version, created_at, updated_at)";

pub(super) const EDGE: &str = "INSERT INTO __metagraph_edges (graph_id, edge_type_id, source_id, target_id, undirected, \
    reversed, attributes, version, created_at, updated_at, slot)";

/// The rows that nodes and edges refer to.
pub(super) fn types(now: &str) -> String {
    let graph_type = format!(
        "INSERT INTO __metagraph_graph_types (id, name, description, config, scope, version, revision, hash, created_at, \
         updated_at) VALUES (1, 'network', '', '{{}}', 'user', 1, 1, '', {now}, {now});"
    );
    let nodes = [(PERSON, "person"), (POST, "post"), (LISTED, "listed")].map(|(id, name)| {
        format!(
            "INSERT INTO __metagraph_node_types (id, graph_type_id, name, description, schema, created_at, updated_at) \
             VALUES ({id}, 1, '{name}', '', '{{}}', {now}, {now});"
        )
    });
    let edges = [(KNOWS, "knows"), (AUTHORED, "authored"), (LIKES, "likes")].map(|(id, name)| {
        format!(
            "INSERT INTO __metagraph_edge_types (id, graph_type_id, name, description, schema, allowed_source_types, \
             allowed_target_types, created_at, updated_at) \
             VALUES ({id}, 1, '{name}', '', '{{}}', '[]', '[]', {now}, {now});"
        )
    });
    let graphs = [NETWORK, LIST].map(|id| {
        format!(
            "INSERT INTO __metagraph_graphs (id, uid, graph_type_id, name, description, status, created_at, updated_at) \
             VALUES ({id}, '0192a000-0000-7000-8000-00000000000{id}', 1, 'network', '', 'draft', {now}, {now});"
        )
    });
    [graph_type, nodes.concat(), edges.concat(), graphs.concat()].concat()
}

fn rows(insert: &str, one: &str, count: usize) -> String {
    format!("{insert} VALUES {}", vec![one; count].join(", "))
}

fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

pub(super) fn place(number: usize) -> i64 {
    i64::try_from(number).unwrap() + 1
}

fn decoded<T: DeserializeOwned>(value: rusqlite::types::ValueRef<'_>) -> T {
    serde_json::from_str(value.as_str().unwrap()).unwrap()
}

impl Peer for Floor {
    fn load(&mut self, data: &Data) {
        self.people = i64::try_from(data.people.len()).unwrap();
        self.conn.execute_batch("BEGIN").unwrap();
        self.insert_nodes(NETWORK, PERSON, 1, &data.people, |person| &person.key);
        self.insert_nodes(NETWORK, POST, self.people + 1, &data.posts, |post| &post.key);
        let people = self.people;
        self.insert_edges(
            KNOWS,
            &data.knows,
            |(from, to, _)| (place(*from), place(*to)),
            |(_, _, knows)| Some(serde_json::to_string(knows).unwrap()),
        );
        self.insert_edges(AUTHORED, &data.authored, |(from, to)| (place(*from), people + place(*to)), |_| None);
        self.insert_edges(
            LIKES,
            &data.likes,
            |(from, to, _)| (place(*from), people + place(*to)),
            |(_, _, likes)| Some(serde_json::to_string(likes).unwrap()),
        );
        if self.tables == Tables::Bare {
            self.conn.execute_batch(BARE_INDEXES).unwrap();
        }
        self.conn.execute_batch("COMMIT; ANALYZE").unwrap();
    }

    fn insert(&mut self, person: &Person) {
        let attributes = serde_json::to_string(person).unwrap();
        let sql = match self.tables {
            Tables::Ours => {
                "INSERT INTO __metagraph_nodes (graph_id, node_type_id, key, attributes, version, created_at, updated_at) \
                 VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5)"
            }
            Tables::Bare => "INSERT INTO nodes (graph_id, type_id, key, attributes) VALUES (?1, ?2, ?3, ?4)",
        };
        let mut statement = self.conn.prepare_cached(sql).unwrap();
        match self.tables {
            Tables::Ours => statement.execute(params![NETWORK, PERSON, person.key, attributes, now()]),
            Tables::Bare => statement.execute(params![NETWORK, PERSON, person.key, attributes]),
        }
        .unwrap();
        std::hint::black_box(self.conn.last_insert_rowid());
    }

    fn person(&mut self, key: &str) -> Option<Person> {
        let sql = self.sql(
            "SELECT n.id, n.attributes FROM __metagraph_nodes AS n \
             WHERE n.graph_id = +? AND n.node_type_id = +? AND n.key = +?",
        );
        let mut statement = self.conn.prepare_cached(&sql).unwrap();
        let mut rows = statement.query(params![NETWORK, PERSON, key]).unwrap();
        rows.next().unwrap().map(|row| {
            std::hint::black_box(row.get::<_, i64>(0).unwrap());
            decoded(row.get_ref(1).unwrap())
        })
    }

    fn neighbours(&mut self, person: usize) -> Vec<(Knows, Person)> {
        let sql = self.sql(
            "SELECT e.id, e.attributes, n.id, n.key, n.attributes FROM __metagraph_edges AS e \
             CROSS JOIN __metagraph_nodes AS n \
             WHERE e.graph_id = 1 AND e.source_id = +? AND e.edge_type_id = +? AND n.id = e.target_id",
        );
        let mut statement = self.conn.prepare_cached(&sql).unwrap();
        let mut rows = statement.query(params![place(person), KNOWS]).unwrap();
        let mut found = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            std::hint::black_box((row.get::<_, i64>(0).unwrap(), row.get::<_, i64>(2).unwrap()));
            std::hint::black_box(row.get::<_, String>(3).unwrap());
            found.push((decoded(row.get_ref(1).unwrap()), decoded(row.get_ref(4).unwrap())));
        }
        found
    }

    fn two_steps(&mut self, person: usize) -> usize {
        let sql = self.sql(
            "SELECT count(DISTINCT f.target_id) FROM __metagraph_edges AS e CROSS JOIN __metagraph_edges AS f \
             WHERE e.graph_id = 1 AND e.source_id = +?1 AND e.edge_type_id = +?2 \
             AND f.graph_id = 1 AND f.source_id = e.target_id AND f.edge_type_id = +?2 AND f.target_id <> +?1",
        );
        let mut statement = self.conn.prepare_cached(&sql).unwrap();
        let count: i64 = statement.query_row(params![place(person), KNOWS], |row| row.get(0)).unwrap();
        usize::try_from(count).unwrap()
    }

    fn three_steps(&mut self, person: usize) -> usize {
        within(place(person), 3, |nodes| self.next(nodes, true))
    }

    fn distance(&mut self, from: usize, to: usize) -> Option<usize> {
        distance(place(from), place(to), LONGEST, |nodes, forward| self.next(nodes, forward))
    }

    fn inactive(&mut self) -> Vec<Person> {
        self.filtered(NETWORK, PERSON)
    }

    fn list(&mut self, data: &Data) {
        let index = self.sql(&format!(
            "CREATE INDEX listed ON __metagraph_nodes (graph_id, attributes ->> '$.status', attributes ->> '$.age', \
             attributes ->> '$.key') WHERE node_type_id = {LISTED}"
        ));
        self.conn.execute_batch(&index).unwrap();
        self.conn.execute_batch("BEGIN").unwrap();
        self.insert_nodes(LIST, LISTED, 10_000_000, &data.people, |person| &person.key);
        self.conn.execute_batch("COMMIT; ANALYZE").unwrap();
    }

    fn inactive_listed(&mut self) -> Vec<Person> {
        self.filtered(LIST, LISTED)
    }

    fn set_age(&mut self, key: &str, age: u32) {
        let written = match self.tables {
            Tables::Ours => ", version = version + 1, updated_at = ?5",
            Tables::Bare => "",
        };
        let sql = self.sql(&format!(
            "UPDATE __metagraph_nodes SET attributes = json_set(attributes, '$.age', ?4){written} \
             WHERE graph_id = +?1 AND node_type_id = +?2 AND key = +?3"
        ));
        let mut statement = self.conn.prepare_cached(&sql).unwrap();
        let changed = match self.tables {
            Tables::Ours => statement.execute(params![NETWORK, PERSON, key, age, now()]),
            Tables::Bare => statement.execute(params![NETWORK, PERSON, key, age]),
        };
        assert_eq!(changed.unwrap(), 1);
    }

    fn delete(&mut self, person: usize) {
        let node = place(person);
        if self.tables == Tables::Bare {
            self.conn.execute_batch("BEGIN").unwrap();
            for sql in ["DELETE FROM edges WHERE source_id = ?", "DELETE FROM edges WHERE target_id = ?"] {
                self.conn.prepare_cached(sql).unwrap().execute([node]).unwrap();
            }
        }
        let sql = self.sql("DELETE FROM __metagraph_nodes WHERE id = ?");
        assert_eq!(self.conn.prepare_cached(&sql).unwrap().execute([node]).unwrap(), 1);
        if self.tables == Tables::Bare {
            self.conn.execute_batch("COMMIT").unwrap();
        }
    }

    fn export(&mut self) -> Sum {
        let mut sum = Sum::default();
        let sql = self.sql("SELECT node_type_id, id, key, attributes FROM __metagraph_nodes WHERE graph_id = 1");
        let mut statement = self.conn.prepare_cached(&sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let attributes = row.get_ref(3).unwrap();
            match row.get::<_, i64>(0).unwrap() {
                PERSON => sum.person(&decoded(attributes)),
                _ => sum.post(&decoded(attributes)),
            }
        }
        let sql = self
            .sql("SELECT edge_type_id, id, source_id, target_id, attributes FROM __metagraph_edges WHERE graph_id = 1");
        let mut statement = self.conn.prepare_cached(&sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            std::hint::black_box((row.get::<_, i64>(2).unwrap(), row.get::<_, i64>(3).unwrap()));
            match row.get::<_, i64>(0).unwrap() {
                KNOWS => sum.knows(&decoded::<Knows>(row.get_ref(4).unwrap())),
                LIKES => sum.likes(&decoded::<Likes>(row.get_ref(4).unwrap())),
                _ => {
                    std::hint::black_box(Authored {});
                    sum.authored();
                }
            }
        }
        sum
    }

    fn likes_per_city(&mut self) -> Vec<(String, i64)> {
        let sql = self.sql(
            "SELECT n.attributes ->> '$.city' AS city, sum(c.likes) AS likes FROM \
             (SELECT e.source_id, count(*) AS likes FROM __metagraph_edges AS e WHERE e.graph_id = 1 AND e.edge_type_id = +? \
             GROUP BY e.source_id) AS c JOIN __metagraph_nodes AS n ON n.id = c.source_id \
             GROUP BY city ORDER BY likes DESC, city LIMIT 10",
        );
        let mut statement = self.conn.prepare_cached(&sql).unwrap();
        statement.query_map([LIKES], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    }

    fn synchronous(&mut self, full: bool) {
        let level = if full { "FULL" } else { "NORMAL" };
        self.conn.execute_batch(&format!("PRAGMA synchronous = {level}")).unwrap();
    }

    fn bytes(&mut self) -> u64 {
        std::fs::metadata(&self.file).unwrap().len()
    }
}
