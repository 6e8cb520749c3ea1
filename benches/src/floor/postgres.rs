//! The `postgres` client and hand-written SQL, on our tables.

use std::error::Error;

use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};
use postgres::{Client, NoTls, Statement};
use serde::de::DeserializeOwned;

use super::sqlite::{place, types};
use super::{AUTHORED, KNOWS, LIKES, LIST, LISTED, NETWORK, PERSON, POST, distance, within};
use crate::generate::Data;
use crate::model::{Authored, Knows, Likes, Person};
use crate::peer::{LONGEST, Peer, Sum};

/// The client, and the statements it prepared.
pub struct Floor {
    client: Client,
    people: i64,
    prepared: Vec<(String, Statement)>,
}

impl std::fmt::Debug for Floor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Floor").finish_non_exhaustive()
    }
}

/// JSON that is text already.
#[derive(Debug, Clone, Copy)]
struct Json<'t>(&'t str);

impl<'t> FromSql<'t> for Json<'t> {
    fn from_sql(_: &Type, raw: &'t [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        // A version byte and the text.
        Ok(Self(std::str::from_utf8(raw.get(1..).unwrap_or_default())?))
    }

    accepts!(JSONB);
}

impl ToSql for Json<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(&[1]);
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    accepts!(JSONB);
    to_sql_checked!();
}

/// Microseconds since 2000.
#[derive(Debug)]
struct Time(i64);

impl ToSql for Time {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(IsNull::No)
    }

    accepts!(TIMESTAMPTZ);
    to_sql_checked!();
}

fn now() -> Time {
    Time(jiff::Timestamp::now().as_microsecond() - 946_684_800_000_000)
}

fn decoded<T: DeserializeOwned>(json: Json<'_>) -> T {
    serde_json::from_str(json.0).unwrap()
}

impl Floor {
    /// In an empty database.
    ///
    /// # Panics
    /// Where there is no such database, or it is not empty.
    pub fn new(url: &str) -> Self {
        let mut client = Client::connect(url, NoTls).unwrap();
        for migration in metagraph::migrations::all::<diesel::PgConnection>() {
            migration.up().for_each(|statement| client.batch_execute(statement).unwrap());
        }
        client.batch_execute(&types("now()")).unwrap();
        Self { client, people: 0, prepared: Vec::new() }
    }

    fn prepared(&mut self, sql: &str) -> Statement {
        if let Some((_, statement)) = self.prepared.iter().find(|(known, _)| known == sql) {
            return statement.clone();
        }
        let statement = self.client.prepare(sql).unwrap();
        self.prepared.push((sql.to_owned(), statement.clone()));
        statement
    }

    fn copy_nodes<T: serde::Serialize>(
        client: &mut postgres::Transaction<'_>,
        (graph, node_type, first): (i64, i64, i64),
        nodes: &[T],
        key: impl Fn(&T) -> &str,
    ) {
        let columns = "id, graph_id, node_type_id, key, attributes, version, created_at, updated_at";
        let types = [
            Type::INT8,
            Type::INT8,
            Type::INT8,
            Type::TEXT,
            Type::JSONB,
            Type::INT8,
            Type::TIMESTAMPTZ,
            Type::TIMESTAMPTZ,
        ];
        let writer = client.copy_in(&format!("COPY __metagraph_nodes ({columns}) FROM STDIN BINARY")).unwrap();
        let mut writer = BinaryCopyInWriter::new(writer, &types);
        let now = now();
        for (id, node) in (first..).zip(nodes) {
            let attributes = serde_json::to_string(node).unwrap();
            let row: [&(dyn ToSql + Sync); 8] =
                [&id, &graph, &node_type, &key(node), &Json(&attributes), &1_i64, &now, &now];
            writer.write(&row).unwrap();
        }
        writer.finish().unwrap();
    }

    fn copy_edges<T>(
        client: &mut postgres::Transaction<'_>,
        edge_type: i64,
        edges: &[T],
        ends: impl Fn(&T) -> (i64, i64),
        attributes: impl Fn(&T) -> Option<String>,
    ) {
        let columns = "graph_id, edge_type_id, source_id, target_id, undirected, reversed, attributes, version, created_at, \
                       updated_at, slot";
        let types = [
            Type::INT8,
            Type::INT8,
            Type::INT8,
            Type::INT8,
            Type::BOOL,
            Type::BOOL,
            Type::JSONB,
            Type::INT8,
            Type::TIMESTAMPTZ,
            Type::TIMESTAMPTZ,
            Type::INT8,
        ];
        let writer = client.copy_in(&format!("COPY __metagraph_edges ({columns}) FROM STDIN BINARY")).unwrap();
        let mut writer = BinaryCopyInWriter::new(writer, &types);
        let now = now();
        for edge in edges {
            let (source, target) = ends(edge);
            let text = attributes(edge);
            let json = text.as_deref().map(Json);
            let row: [&(dyn ToSql + Sync); 11] =
                [&NETWORK, &edge_type, &source, &target, &false, &false, &json, &1_i64, &now, &now, &0_i64];
            writer.write(&row).unwrap();
        }
        writer.finish().unwrap();
    }

    fn next(&mut self, nodes: &[i64], forward: bool) -> Vec<i64> {
        let (near, far) = if forward { ("source_id", "target_id") } else { ("target_id", "source_id") };
        let statement = self.prepared(&format!(
            "SELECT DISTINCT {far} FROM __metagraph_edges WHERE graph_id = 1 AND {near} = ANY($1) AND edge_type_id = {KNOWS}"
        ));
        self.client.query(&statement, &[&nodes]).unwrap().iter().map(|row| row.get(0)).collect()
    }

    fn filtered(&mut self, graph: i64, node_type: i64) -> Vec<Person> {
        let statement = self.prepared(&format!(
            "SELECT attributes FROM __metagraph_nodes WHERE graph_id = {graph} AND node_type_id = {node_type} \
             AND attributes ->> 'status' = $1 AND (attributes ->> 'age')::numeric > 60 \
             ORDER BY (attributes ->> 'age')::numeric, (attributes ->> 'key') COLLATE \"C\" LIMIT 100"
        ));
        self.client.query(&statement, &[&"inactive"]).unwrap().iter().map(|row| decoded(row.get(0))).collect()
    }
}

impl Peer for Floor {
    fn load(&mut self, data: &Data) {
        self.people = i64::try_from(data.people.len()).unwrap();
        let people = self.people;
        let mut client = self.client.transaction().unwrap();
        Self::copy_nodes(&mut client, (NETWORK, PERSON, 1), &data.people, |person| &person.key);
        Self::copy_nodes(&mut client, (NETWORK, POST, people + 1), &data.posts, |post| &post.key);
        Self::copy_edges(
            &mut client,
            KNOWS,
            &data.knows,
            |(from, to, _)| (place(*from), place(*to)),
            |(_, _, knows)| Some(serde_json::to_string(knows).unwrap()),
        );
        Self::copy_edges(
            &mut client,
            AUTHORED,
            &data.authored,
            |(from, to)| (place(*from), people + place(*to)),
            |_| None,
        );
        Self::copy_edges(
            &mut client,
            LIKES,
            &data.likes,
            |(from, to, _)| (place(*from), people + place(*to)),
            |(_, _, likes)| Some(serde_json::to_string(likes).unwrap()),
        );
        client.commit().unwrap();
        // What has its ids from elsewhere leaves the sequence behind.
        self.client.batch_execute("SELECT setval('__metagraph_nodes_id_seq', 50000000); ANALYZE").unwrap();
    }

    fn insert(&mut self, person: &Person) {
        let statement = self.prepared(
            "INSERT INTO __metagraph_nodes (graph_id, node_type_id, key, attributes, version, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, 1, $5, $5) RETURNING id",
        );
        let attributes = serde_json::to_string(person).unwrap();
        let values: [&(dyn ToSql + Sync); 5] = [&NETWORK, &PERSON, &person.key, &Json(&attributes), &now()];
        std::hint::black_box(self.client.query_one(&statement, &values).unwrap().get::<_, i64>(0));
    }

    fn person(&mut self, key: &str) -> Option<Person> {
        let statement = self.prepared(
            "SELECT id, attributes FROM __metagraph_nodes WHERE graph_id = $1 AND node_type_id = $2 AND key = $3",
        );
        let row = self.client.query_opt(&statement, &[&NETWORK, &PERSON, &key]).unwrap();
        row.map(|row| decoded(row.get(1)))
    }

    fn neighbours(&mut self, person: usize) -> Vec<(Knows, Person)> {
        let statement = self.prepared(
            "SELECT e.id, e.attributes, n.id, n.key, n.attributes FROM __metagraph_edges AS e \
             JOIN __metagraph_nodes AS n ON n.graph_id = 1 AND n.id = e.target_id \
             WHERE e.graph_id = 1 AND e.source_id = $1 AND e.edge_type_id = $2",
        );
        let rows = self.client.query(&statement, &[&place(person), &KNOWS]).unwrap();
        rows.iter().map(|row| (decoded(row.get(1)), decoded(row.get(4)))).collect()
    }

    fn two_steps(&mut self, person: usize) -> usize {
        let statement = self.prepared(
            "SELECT count(DISTINCT f.target_id) FROM __metagraph_edges AS e JOIN __metagraph_edges AS f \
             ON f.graph_id = 1 AND f.source_id = e.target_id AND f.edge_type_id = $2 AND f.target_id <> $1 \
             WHERE e.graph_id = 1 AND e.source_id = $1 AND e.edge_type_id = $2",
        );
        let row = self.client.query_one(&statement, &[&place(person), &KNOWS]).unwrap();
        usize::try_from(row.get::<_, i64>(0)).unwrap()
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
        self.client
            .batch_execute(&format!(
                "CREATE INDEX listed ON __metagraph_nodes (graph_id, (attributes ->> 'status'), \
                 ((attributes ->> 'age')::numeric), ((attributes ->> 'key') COLLATE \"C\")) WHERE node_type_id = {LISTED}"
            ))
            .unwrap();
        let mut client = self.client.transaction().unwrap();
        Self::copy_nodes(&mut client, (LIST, LISTED, 10_000_000), &data.people, |person| &person.key);
        client.commit().unwrap();
        self.client.batch_execute("ANALYZE").unwrap();
    }

    fn inactive_listed(&mut self) -> Vec<Person> {
        self.filtered(LIST, LISTED)
    }

    fn set_age(&mut self, key: &str, age: u32) {
        let statement = self.prepared(
            "UPDATE __metagraph_nodes SET attributes = jsonb_set(attributes, '{age}', to_jsonb($4::bigint)), \
             version = version + 1, updated_at = $5 WHERE graph_id = $1 AND node_type_id = $2 AND key = $3",
        );
        let values: [&(dyn ToSql + Sync); 5] = [&NETWORK, &PERSON, &key, &i64::from(age), &now()];
        assert_eq!(self.client.execute(&statement, &values).unwrap(), 1);
    }

    fn delete(&mut self, person: usize) {
        let statement = self.prepared("DELETE FROM __metagraph_nodes WHERE graph_id = $1 AND id = $2");
        assert_eq!(self.client.execute(&statement, &[&NETWORK, &place(person)]).unwrap(), 1);
    }

    fn export(&mut self) -> Sum {
        let mut sum = Sum::default();
        let mut client = self.client.transaction().unwrap();
        let statement = "SELECT node_type_id, id, key, attributes FROM __metagraph_nodes WHERE graph_id = 1";
        let portal = client.bind(statement, &[]).unwrap();
        loop {
            let rows = client.query_portal(&portal, 1000).unwrap();
            for row in &rows {
                match row.get::<_, i64>(0) {
                    PERSON => sum.person(&decoded(row.get(3))),
                    _ => sum.post(&decoded(row.get(3))),
                }
            }
            if rows.is_empty() {
                break;
            }
        }
        let statement =
            "SELECT edge_type_id, id, source_id, target_id, attributes FROM __metagraph_edges WHERE graph_id = 1";
        let portal = client.bind(statement, &[]).unwrap();
        loop {
            let rows = client.query_portal(&portal, 1000).unwrap();
            for row in &rows {
                std::hint::black_box((row.get::<_, i64>(2), row.get::<_, i64>(3)));
                match row.get::<_, i64>(0) {
                    KNOWS => sum.knows(&decoded::<Knows>(row.get(4))),
                    LIKES => sum.likes(&decoded::<Likes>(row.get(4))),
                    _ => {
                        std::hint::black_box(Authored {});
                        sum.authored();
                    }
                }
            }
            if rows.is_empty() {
                break;
            }
        }
        client.commit().unwrap();
        sum
    }

    fn likes_per_city(&mut self) -> Vec<(String, i64)> {
        let statement = self.prepared(
            "SELECT n.attributes ->> 'city' AS city, sum(c.likes)::bigint AS likes FROM \
             (SELECT e.source_id, count(*) AS likes FROM __metagraph_edges AS e WHERE e.graph_id = 1 AND e.edge_type_id = $1 \
             GROUP BY e.source_id) AS c JOIN __metagraph_nodes AS n ON n.graph_id = 1 AND n.id = c.source_id \
             GROUP BY 1 ORDER BY 2 DESC, (n.attributes ->> 'city') COLLATE \"C\" LIMIT 10",
        );
        let rows = self.client.query(&statement, &[&LIKES]).unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    fn synchronous(&mut self, full: bool) {
        let level = if full { "on" } else { "off" };
        self.client.batch_execute(&format!("SET synchronous_commit = {level}")).unwrap();
    }

    fn bytes(&mut self) -> u64 {
        let row = self.client.query_one("SELECT pg_database_size(current_database())", &[]).unwrap();
        row.get::<_, i64>(0).unsigned_abs()
    }
}
