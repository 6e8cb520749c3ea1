//! metagraph through its public, typed verbs.

use metagraph::load::Commit;
use metagraph::prelude::*;
use metagraph::query::{self, count, id};
use metagraph::{GraphConnection, Part};

use crate::generate::Data;
use crate::model::{Authored, Knows, Likes, List, Listed, Network, Person, Post};
use crate::peer::{LONGEST, Peer, Sum};

/// How many rows a page of an export has.
const PAGE: u32 = 1_000;

/// metagraph on a connection.
#[derive(Debug)]
pub struct Ours<C> {
    conn: C,
    graph: Graph<Network>,
    list: Option<Graph<List>>,
    people: Vec<NodeId<Person>>,
    database: Database,
}

/// What is measured with the database's own words.
#[derive(Debug)]
struct Database {
    full: &'static str,
    normal: &'static str,
    analyze: &'static str,
    bytes: Bytes,
}

#[derive(Debug)]
enum Bytes {
    File(String),
    Asked(&'static str),
}

impl Ours<diesel::SqliteConnection> {
    /// In a file.
    ///
    /// # Panics
    /// Where the file cannot be written.
    pub fn sqlite(file: &str) -> Self {
        let database = Database {
            full: "PRAGMA synchronous = FULL",
            normal: "PRAGMA synchronous = NORMAL",
            analyze: "ANALYZE",
            bytes: Bytes::File(file.to_owned()),
        };
        Self::on(metagraph::sqlite::connect(file).unwrap(), database)
    }
}

impl Ours<diesel::PgConnection> {
    /// In an empty database.
    ///
    /// # Panics
    /// Where there is no such database.
    pub fn postgres(url: &str) -> Self {
        let database = Database {
            full: "SET synchronous_commit = on",
            normal: "SET synchronous_commit = off",
            analyze: "ANALYZE",
            bytes: Bytes::Asked("SELECT pg_database_size(current_database()) AS bytes"),
        };
        Self::on(metagraph::postgres::connect(url).unwrap(), database)
    }
}

impl<C: GraphConnection> Ours<C> {
    fn on(mut conn: C, database: Database) -> Self {
        metagraph::migrate(&mut conn).unwrap();
        metagraph::sync::<Network, _>(&mut conn).unwrap();
        let graph = Graph::open_or_create(&mut conn, "network").unwrap();
        Self { conn, graph, list: None, people: Vec::new(), database }
    }

    fn person_at(&self, place: usize) -> NodeId<Person> {
        at(&self.people, place)
    }

    fn analyze(&mut self) {
        self.conn.batch_execute(self.database.analyze).unwrap();
    }
}

fn at<N>(ids: &[NodeId<N>], place: usize) -> NodeId<N> {
    *ids.get(place).expect("what was loaded")
}

impl<C: GraphConnection + FileSize> Peer for Ours<C> {
    fn load(&mut self, data: &Data) {
        let mut loader = self.graph.loader(&mut self.conn).commit(Commit::Once);
        let people = loader.nodes::<Person>(&data.people).unwrap();
        let posts = loader.nodes::<Post>(&data.posts).unwrap();
        let (person, post) = (|place| people.id(place).unwrap(), |place| posts.id(place).unwrap());
        let knows = data.knows.iter().map(|(from, to, knows)| (person(*from), person(*to), knows));
        loader.edges::<Knows, Person, Person>(knows).unwrap();
        let authored = data.authored.iter().map(|(from, to)| (person(*from), post(*to), Authored {}));
        loader.edges::<Authored, Person, Post>(authored).unwrap();
        let likes = data.likes.iter().map(|(from, to, likes)| (person(*from), post(*to), likes));
        loader.edges::<Likes, Person, Post>(likes).unwrap();
        loader.finish().unwrap();
        self.people = people.ids().collect();
        self.analyze();
    }

    fn load_by_verbs(&mut self, data: &Data) {
        let graph = &self.graph;
        let people = self.conn.transaction::<_, metagraph::Error, _>(|conn| {
            let people = graph.insert_many::<_, Person>(conn, &data.people)?;
            let posts = graph.insert_many::<_, Post>(conn, &data.posts)?;
            let knows = data.knows.iter().map(|(from, to, knows)| (at(&people, *from), at(&people, *to), knows));
            graph.connect_many::<_, Knows, _, _>(conn, knows)?;
            let authored = data.authored.iter().map(|(from, to)| (at(&people, *from), at(&posts, *to), Authored {}));
            graph.connect_many::<_, Authored, _, _>(conn, authored)?;
            let likes = data.likes.iter().map(|(from, to, likes)| (at(&people, *from), at(&posts, *to), likes));
            graph.connect_many::<_, Likes, _, _>(conn, likes)?;
            Ok(people)
        });
        self.people = people.unwrap();
        self.analyze();
    }

    fn insert(&mut self, person: &Person) {
        self.graph.insert(&mut self.conn, person).unwrap();
    }

    fn person(&mut self, key: &str) -> Option<Person> {
        self.graph.get_by_key::<Person>(&mut self.conn, key).unwrap().map(|node| node.value)
    }

    fn neighbours(&mut self, person: usize) -> Vec<(Knows, Person)> {
        let hops = self.graph.from(self.person_at(person)).out::<Knows>().to::<Person>().rows().last_hop().values();
        hops.load(&mut self.conn).unwrap().into_iter().map(|(knows, (_, person))| (knows, person)).collect()
    }

    fn two_steps(&mut self, person: usize) -> usize {
        let start = self.person_at(person);
        let ends = self.graph.from(start).out::<Knows>().to::<Person>().out::<Knows>().to::<Person>();
        let others = ends.matching(id().ne(start)).count(&mut self.conn).unwrap();
        usize::try_from(others).unwrap()
    }

    fn three_steps(&mut self, person: usize) -> usize {
        let ends = self.graph.from(self.person_at(person)).out::<Knows>().to::<Person>().depth(1..=3);
        usize::try_from(ends.count(&mut self.conn).unwrap()).unwrap()
    }

    fn distance(&mut self, from: usize, to: usize) -> Option<usize> {
        let (from, to) = (self.person_at(from), self.person_at(to));
        let longest = u32::try_from(LONGEST).unwrap();
        let ways = self.graph.from(from).out::<Knows>().to::<Person>().depth(..=longest);
        let length = ways.distance(&mut self.conn, to).unwrap();
        length.map(|length| length as usize)
    }

    fn inactive(&mut self) -> Vec<Person> {
        let people = self.graph.nodes::<Person>().filter(|p| p.status.eq("inactive") & p.age.gt(60));
        let people = people.order_by(|p| [p.age.asc(), p.key.asc()]).limit(100).values();
        people.load(&mut self.conn).unwrap().into_iter().map(|(_, person)| person).collect()
    }

    fn list(&mut self, data: &Data) {
        metagraph::sync::<List, _>(&mut self.conn).unwrap();
        let list = Graph::<List>::open_or_create(&mut self.conn, "list").unwrap();
        list.insert_many(&mut self.conn, data.people.iter().map(Listed::from)).unwrap();
        self.list = Some(list);
        self.analyze();
    }

    fn inactive_listed(&mut self) -> Vec<Person> {
        let list = self.list.as_ref().expect("who asks has listed");
        let people = list.nodes::<Listed>().filter(|p| p.status.eq("inactive") & p.age.gt(60));
        let people = people.order_by(|p| [p.age.asc(), p.key.asc()]).limit(100).values();
        people.load(&mut self.conn).unwrap().into_iter().map(|(_, listed)| Person::from(listed)).collect()
    }

    fn set_age(&mut self, key: &str, age: u32) {
        let found = self.graph.nodes::<Person>().matching(query::key().eq(key));
        found.set(&mut self.conn, |person| person.age.set(age)).unwrap();
    }

    fn delete(&mut self, person: usize) {
        let person = self.person_at(person);
        assert!(self.graph.delete(&mut self.conn, person).unwrap());
    }

    fn export(&mut self) -> Sum {
        let mut sum = Sum::default();
        for part in self.graph.stream(&mut self.conn, PAGE) {
            match part.unwrap() {
                Part::Node { value: Network::Person(person), .. } => sum.person(&person),
                Part::Node { value: Network::Post(post), .. } => sum.post(&post),
                Part::Edge { value: Network::Knows(knows), .. } => sum.knows(&knows),
                Part::Edge { value: Network::Authored(_), .. } => sum.authored(),
                Part::Edge { value: Network::Likes(likes), .. } => sum.likes(&likes),
                part => unreachable!("{part:?} is a node that is an edge, or an edge that is a node"),
            }
        }
        sum
    }

    fn likes_per_city(&mut self) -> Vec<(String, i64)> {
        let likes = self.graph.edges::<Likes>().group_by(|_| Person::F.city.at_source()).aggregate(|_| count());
        let most = likes.order_by(|city, likes| [likes.desc(), city.asc()]).limit(10);
        most.load(&mut self.conn).unwrap()
    }

    fn synchronous(&mut self, full: bool) {
        let statement = if full { self.database.full } else { self.database.normal };
        self.conn.batch_execute(statement).unwrap();
    }

    fn bytes(&mut self) -> u64 {
        match &self.database.bytes {
            Bytes::File(file) => std::fs::metadata(file).unwrap().len(),
            Bytes::Asked(sql) => self.conn.ask(sql),
        }
    }
}

/// A connection that can be asked for a number past the library.
pub trait FileSize {
    /// The number in the column `bytes`.
    fn ask(&mut self, sql: &str) -> u64;
}

#[derive(diesel::QueryableByName)]
struct Answer {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    bytes: i64,
}

macro_rules! file_size {
    ($conn:ty) => {
        impl FileSize for $conn {
            fn ask(&mut self, sql: &str) -> u64 {
                let answer: Answer = diesel::RunQueryDsl::get_result(diesel::sql_query(sql), self).unwrap();
                answer.bytes.unsigned_abs()
            }
        }
    };
}

file_size!(diesel::SqliteConnection);
file_size!(diesel::PgConnection);
