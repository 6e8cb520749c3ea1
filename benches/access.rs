//! What a check of access costs at a million tuples, beside hand-written recursive SQL on the same tables.
//!
//! ```sh
//! cargo bench -p metagraph-benches --bench access
//! ```
//!
//! `--database sqlite|postgres|both`, `--tuples 1000000`, `--checks 20000`.
//!
//! Accounts belong to roles, roles to others; documents lie in folders in folders; roles and accounts are granted folders and
//! documents. Half of what is asked is allowed. The hand-written statement follows memberships and containment and tells
//! yes or no; it knows of no delegation and no suspension, and of no way that could be told.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark prints and panics")]

use std::time::{Duration, Instant};

use comfy_table::Table;
use metagraph::graphs::acl::{Acl, Action, Authorizer, BelongsTo, CanRead, Contains, Principal, Resource};
use metagraph::prelude::*;

const BATCH: usize = 10_000;

/// Numbers that look random, the same each time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit
    }
}

/// How many there are of each.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    accounts: usize,
    roles: usize,
    folders: usize,
    documents: usize,
    grants: usize,
}

impl Sizes {
    fn of(tuples: usize) -> Self {
        let [accounts, roles, folders, documents] = [tuples / 10, tuples / 100, tuples / 50, tuples / 4];
        // Two roles an account, one above each role and folder, one folder a document; the rest are grants.
        Self { accounts, roles, folders, documents, grants: tuples - 2 * accounts - roles - folders - documents }
    }
}

fn account(number: usize) -> String {
    format!("account:{number}")
}

fn document(number: usize) -> String {
    format!("document:{number}")
}

/// The one above in a tree of ten below each.
fn above(number: usize) -> usize {
    number / 10
}

/// Stores everything, and draws what is asked: an account and a document, half of them with a way between.
fn build<C: GraphConnection>(conn: &mut C, acl: &Authorizer, sizes: Sizes, checks: usize) -> Vec<(String, String)> {
    let graph = acl.graph();
    let accounts: Vec<_> =
        stored(conn, graph, (0..sizes.accounts).map(|number| Principal::account(number.to_string())));
    let roles: Vec<_> = stored(conn, graph, (0..sizes.roles).map(|number| Principal::role(number.to_string())));
    let folder = |number: usize| Resource::new("folder", number.to_string()).unwrap();
    let folders: Vec<_> = stored(conn, graph, (0..sizes.folders).map(folder));
    let in_folder = |number: usize| Resource::new("document", number.to_string()).unwrap();
    let documents: Vec<_> = stored(conn, graph, (0..sizes.documents).map(in_folder));

    let mut draw = Draw(7);
    let belongs = |from: &str, to: usize| BelongsTo::plain(from, &format!("role:{to}"));
    let mut edges = Vec::new();
    let mut roles_of = Vec::new();
    for (number, account) in accounts.iter().enumerate() {
        let first = draw.below(sizes.roles);
        let second = (first + 1 + draw.below(sizes.roles - 1)) % sizes.roles;
        roles_of.push(first);
        edges.extend([first, second].map(|role| (*account, roles[role], belongs(&format!("account:{number}"), role))));
    }
    edges.extend(
        (1..sizes.roles)
            .map(|number| (roles[number], roles[above(number)], belongs(&format!("role:{number}"), above(number)))),
    );
    connected(conn, graph, &edges);

    let contains = |from: usize, to: &str| Contains::plain(&format!("folder:{from}"), to);
    let mut edges: Vec<_> = (1..sizes.folders)
        .map(|number| (folders[above(number)], folders[number], contains(above(number), &format!("folder:{number}"))))
        .collect();
    let mut folder_of = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        let folder = draw.below(sizes.folders);
        folder_of.push(folder);
        edges.push((folders[folder], *document, contains(folder, &format!("document:{number}"))));
    }
    connected(conn, graph, &edges);

    let mut grants = std::collections::BTreeSet::new();
    let mut asked = Vec::new();
    while grants.len() < sizes.grants {
        let (who, what) = (draw.below(sizes.accounts), draw.below(sizes.documents));
        // A grant to the account or to its role, on the document or on its folder.
        let holder = if draw.below(2) == 0 { accounts[who] } else { roles[roles_of[who]] };
        let place = if draw.below(2) == 0 { documents[what] } else { folders[folder_of[what]] };
        grants.insert((holder, place));
        if asked.len() < checks / 2 {
            asked.push((account(who), document(what)));
        }
    }
    let grants: Vec<_> = grants.into_iter().map(|(holder, place)| (holder, place, CanRead {})).collect();
    connected(conn, graph, &grants);
    while asked.len() < checks {
        asked.push((account(draw.below(sizes.accounts)), document(draw.below(sizes.documents))));
    }
    for at in (1..asked.len()).rev() {
        asked.swap(at, draw.below(at + 1));
    }
    asked
}

fn stored<C: GraphConnection, N>(conn: &mut C, graph: &Graph<Acl>, nodes: impl Iterator<Item = N>) -> Vec<NodeId<N>>
where
    N: NodeType + PartOf<Acl>,
{
    let nodes: Vec<N> = nodes.collect();
    nodes.chunks(BATCH).flat_map(|nodes| graph.insert_many::<_, N>(conn, nodes).unwrap()).collect()
}

fn connected<C: GraphConnection, S, T, E>(conn: &mut C, graph: &Graph<Acl>, edges: &[(NodeId<S>, NodeId<T>, E)])
where
    E: Connects<S, T> + PartOf<Acl>,
{
    for edges in edges.chunks(BATCH) {
        let edges = edges.iter().map(|(source, target, edge)| (*source, *target, edge));
        graph.connect_many::<_, E, _, _>(conn, edges).unwrap();
    }
}

/// The hand-written statement, with what its parameters are called in one database.
fn floor(kinds: &Kinds, [graph, principal, resource]: [&str; 3], spelling: Spelling) -> String {
    let Kinds { principals, resources, belongs_to, contains, can_read } = kinds;
    let Spelling { join, far, target } = spelling;
    format!(
        "WITH RECURSIVE near (id) AS (
             SELECT id FROM __metagraph_nodes
             WHERE graph_id = {graph} AND node_type_id = {principals} AND key = {principal}
             UNION SELECT e.target_id FROM near {join} __metagraph_edges AS e
             ON e.graph_id = {graph} AND e.source_id = near.id AND e.edge_type_id = {belongs_to}
         ), far (id) AS (
             SELECT id FROM __metagraph_nodes
             WHERE graph_id = {graph} AND node_type_id = {resources} AND key = {resource}
             UNION SELECT e.source_id FROM far {join} __metagraph_edges AS e
             ON e.graph_id = {graph} AND e.target_id = far.id AND e.edge_type_id = {contains}
         )
         SELECT EXISTS (
             SELECT 1 FROM near {far} {join} __metagraph_edges AS e
             ON e.graph_id = {graph} AND e.source_id = near.id AND e.edge_type_id = {can_read} AND e.target_id {target}
         )"
    )
}

/// What each database has to be told for a good plan, as whoever writes the statement by hand finds out.
#[derive(Debug, Clone, Copy)]
struct Spelling {
    join: &'static str,
    far: &'static str,
    target: &'static str,
}

/// `CROSS JOIN` keeps the order of the tables.
const SQLITE: Spelling = Spelling { join: "CROSS JOIN", far: "CROSS JOIN far", target: "= far.id" };

/// Of pairs it expects so many that it compiles the statement first.
const POSTGRES: Spelling = Spelling { join: "JOIN", far: "", target: "= ANY (ARRAY(SELECT id FROM far))" };

/// Ids of the types in one database.
#[derive(Debug)]
struct Kinds {
    principals: i64,
    resources: i64,
    belongs_to: i64,
    contains: i64,
    can_read: i64,
}

const KINDS: [&str; 5] = [
    "SELECT id FROM __metagraph_node_types WHERE name = 'principal'",
    "SELECT id FROM __metagraph_node_types WHERE name = 'resource'",
    "SELECT id FROM __metagraph_edge_types WHERE name = 'belongs_to'",
    "SELECT id FROM __metagraph_edge_types WHERE name = 'contains'",
    "SELECT id FROM __metagraph_edge_types WHERE name = 'can_read'",
];

fn kinds(id: impl FnMut(&'static str) -> i64) -> Kinds {
    let [principals, resources, belongs_to, contains, can_read] = KINDS.map(id);
    Kinds { principals, resources, belongs_to, contains, can_read }
}

/// What each check took, and whether it allowed.
struct Run {
    times: Vec<Duration>,
    answers: Vec<bool>,
}

fn run(asked: &[(String, String)], mut check: impl FnMut(&str, &str) -> bool) -> Run {
    let mut run = Run { times: Vec::with_capacity(asked.len()), answers: Vec::with_capacity(asked.len()) };
    for (who, what) in asked.iter().take(asked.len() / 10) {
        check(who, what);
    }
    for (who, what) in asked {
        let begun = Instant::now();
        run.answers.push(check(who, what));
        run.times.push(begun.elapsed());
    }
    run
}

impl Run {
    fn at(&self, share: f64) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list"
        )]
        let place = (share * times.len() as f64) as usize;
        times.get(place.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    fn per_second(&self) -> f64 {
        let total: Duration = self.times.iter().sum();
        f64::from(u32::try_from(self.times.len()).unwrap_or(u32::MAX)) / total.as_secs_f64()
    }

    fn row(&self, database: &str, who: &str, floor: &Self) -> [String; 6] {
        let ratio = |share: f64| self.at(share).as_secs_f64() / floor.at(share).as_secs_f64();
        [
            database.to_owned(),
            who.to_owned(),
            format!("{:.0}", self.per_second()),
            format!("{:.0} µs", self.at(0.5).as_secs_f64() * 1e6),
            format!("{:.0} µs", self.at(0.95).as_secs_f64() * 1e6),
            format!("{:.2} / {:.2}", ratio(0.5), ratio(0.95)),
        ]
    }
}

fn add(table: &mut Table, database: &str, ours: &Run, floor: &Run) {
    assert_eq!(ours.answers, floor.answers, "both answer the same");
    let allowed = ours.answers.iter().filter(|allowed| **allowed).count();
    println!("{database}: {allowed} of {} checks are allowed", ours.answers.len());
    table.add_row(floor.row(database, "hand-written SQL", floor));
    table.add_row(ours.row(database, "Authorizer::check", floor));
}

fn opened(conn: &mut impl GraphConnection) -> Authorizer {
    metagraph::migrate(conn).unwrap();
    metagraph::sync::<Acl, _>(conn).unwrap();
    Authorizer::open(conn, "access").unwrap()
}

fn on_sqlite(table: &mut Table, sizes: Sizes, checks: usize) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("access.db");
    let file = file.to_str().unwrap();
    let mut conn = metagraph::sqlite::connect(file).unwrap();
    let acl = opened(&mut conn);
    let begun = Instant::now();
    let asked = build(&mut conn, &acl, sizes, checks);
    println!("SQLite: stored in {:.0?}", begun.elapsed());

    let bare = rusqlite::Connection::open(file).unwrap();
    bare.execute_batch(metagraph::sqlite::PRAGMAS).unwrap();
    let kinds = kinds(|sql| bare.query_row(sql, [], |row| row.get(0)).unwrap());
    let sql = floor(&kinds, ["?1", "?2", "?3"], SQLITE);
    let graph = acl.graph().id().raw();
    let mut statement = bare.prepare(&sql).unwrap();
    let floor = run(&asked, |who, what| statement.query_row((graph, who, what), |row| row.get(0)).unwrap());
    let ours = run(&asked, |who, what| acl.check(&mut conn, who, Action::Read, what).unwrap());
    add(table, "SQLite", &ours, &floor);
}

fn on_postgres(table: &mut Table, sizes: Sizes, checks: usize) {
    let Some(server) = metagraph_testkit::Postgres::shared() else { return };
    let database = server.database();
    let url = database.url();
    let mut conn = metagraph::postgres::connect(url).unwrap();
    let acl = opened(&mut conn);
    let begun = Instant::now();
    let asked = build(&mut conn, &acl, sizes, checks);
    println!("PostgreSQL: stored in {:.0?}", begun.elapsed());

    let mut bare = postgres::Client::connect(url, postgres::NoTls).unwrap();
    bare.batch_execute("ANALYZE").unwrap();
    let kinds = kinds(|sql| bare.query_one(sql, &[]).unwrap().get(0));
    let statement = bare.prepare(&floor(&kinds, ["$1", "$2", "$3"], POSTGRES)).unwrap();
    let graph = acl.graph().id().raw();
    let floor = run(&asked, |who, what| bare.query_one(&statement, &[&graph, &who, &what]).unwrap().get(0));
    let ours = run(&asked, |who, what| acl.check(&mut conn, who, Action::Read, what).unwrap());
    add(table, "PostgreSQL", &ours, &floor);
}

fn main() -> Result<(), lexopt::Error> {
    use lexopt::prelude::*;
    let (mut tuples, mut checks, mut database) = (1_000_000_usize, 20_000_usize, "both".to_owned());
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("bench") => {}
            Long("tuples") => tuples = arguments.value()?.parse()?,
            Long("checks") => checks = arguments.value()?.parse()?,
            Long("database") => database = arguments.value()?.string()?,
            other => return Err(other.unexpected()),
        }
    }
    let sizes = Sizes::of(tuples);
    println!("{tuples} tuples: {sizes:?}");
    let mut table = Table::new();
    table.set_header(["database", "who", "checks/s", "p50", "p95", "ratio p50 / p95"]);
    if database != "postgres" {
        on_sqlite(&mut table, sizes, checks);
    }
    if database != "sqlite" {
        on_postgres(&mut table, sizes, checks);
    }
    println!("{table}");
    Ok(())
}
