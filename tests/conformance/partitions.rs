//! PostgreSQL with the three graph tables partitioned by graph: what a distributed database needs of us.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use metagraph::graphs::{self, GraphFilter};
use metagraph::row::{GraphStatus, NewGraph};
use metagraph::{Element as _, Result, migrations, query};
use metagraph_testkit::{Database, Postgres};
use serde_json::json;

use crate::scenarios::{DependsOn, MemberOf, Package, Person, Principal, ReportsTo, Team, ada, office, packages};
use crate::store::Inspect as _;

const PARTITIONED: [(&str, &str); 3] =
    [("__metagraph_graphs", "id"), ("__metagraph_nodes", "graph_id"), ("__metagraph_edges", "graph_id")];
const PARTS: usize = 8;

/// Our own statements, with the graph tables partitioned; their keys and foreign keys stay as they are.
fn partitioned(server: &Postgres) -> Database {
    server.database_from("partitioned", |url| {
        let mut conn = metagraph::postgres::connect(url).unwrap();
        metagraph::migrate(&mut conn).unwrap();
        // What refers to the graphs could not stay.
        conn.batch_execute("ALTER TABLE __metagraph_loads DROP CONSTRAINT __metagraph_loads_graph_fk").unwrap();
        conn.batch_execute(&format!("DROP TABLE {}", PARTITIONED.map(|(table, _)| table).join(", "))).unwrap();
        for statement in migrations::all::<PgConnection>().iter().flat_map(migrations::Migration::up) {
            let of_graphs =
                PARTITIONED.iter().find(|(table, _)| statement.starts_with(&format!("CREATE TABLE {table} ")));
            if let Some((table, key)) = of_graphs {
                conn.batch_execute(&format!("{statement} PARTITION BY HASH ({key})")).unwrap();
                for part in 0..PARTS {
                    conn.batch_execute(&format!(
                        "CREATE TABLE {table}_{part} PARTITION OF {table} \
                         FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
                    ))
                    .unwrap();
                }
            } else if PARTITIONED.iter().any(|(table, _)| {
                let target = statement.split_whitespace().skip_while(|word| !["ON", "TABLE"].contains(word)).nth(1);
                target == Some(table)
            }) {
                conn.batch_execute(statement).unwrap();
            }
        }
    })
}

/// How often each partition was read in the open transaction.
fn reads(conn: &mut PgConnection) -> BTreeMap<String, i64> {
    let parts = "pg_stat_xact_user_tables WHERE relname ~ '^__metagraph_(graphs|nodes|edges)_[0-9]$' ORDER BY relname";
    let names = conn.texts(&format!("SELECT relname::text AS answer FROM {parts}"));
    let counts = conn.integers(&format!("SELECT (seq_scan + coalesce(idx_scan, 0))::bigint AS answer FROM {parts}"));
    names.into_iter().zip(counts).collect()
}

/// Does `work` and counts the partitions that it read, by table.
fn parts_read<T>(conn: &mut PgConnection, work: impl FnOnce(&mut PgConnection) -> T) -> (T, [usize; 3]) {
    let read = conn.transaction(|conn| {
        let before = reads(conn);
        let outcome = work(conn);
        let after = reads(conn);
        let read: Vec<_> = after.into_iter().filter(|(part, count)| *count > before[part]).collect();
        let parts = PARTITIONED.map(|(table, _)| read.iter().filter(|(part, _)| part.starts_with(table)).count());
        Ok::<_, metagraph::Error>((outcome, parts))
    });
    read.unwrap()
}

/// Does `work`, which concerns one graph, and checks that it read at most one partition of each table.
fn in_one_part<T>(conn: &mut PgConnection, what: &str, work: impl FnOnce(&mut PgConnection) -> Result<T>) -> Result<T> {
    let (outcome, parts) = parts_read(conn, work);
    assert!(parts.iter().all(|&count| count <= 1) && parts != [0; 3], "{what} read {parts:?} partitions");
    outcome
}

#[test]
fn what_concerns_one_graph_reads_one_partition_of_each_table() -> Result<()> {
    let Some(server) = Postgres::shared() else { return Ok(()) };
    let database = partitioned(server);
    let conn = &mut metagraph::postgres::connect(database.url())?;
    let office = office(conn);
    let graph = &office.graph;
    let since = MemberOf { since: 2000 };
    let team = in_one_part(conn, "insert", |conn| graph.insert(conn, &Team { name: "new".into() }))?;
    let many = || (0..50).map(|number| Team { name: number.to_string() });
    in_one_part(conn, "insert_many", |conn| graph.insert_many(conn, many()))?;
    in_one_part(conn, "a conflict", |conn| graph.insert(conn, &ada())).unwrap_err();
    in_one_part(conn, "upsert", |conn| graph.upsert(conn, &Person { age: 1, ..ada() }))?;
    in_one_part(conn, "update", |conn| graph.update(conn, office.ada, |ada| ada.age = 2))?;
    in_one_part(conn, "renaming", |conn| graph.update(conn, office.grace, |grace| grace.name = "hopper".into()))?;
    in_one_part(conn, "patch", |conn| graph.patch(conn, office.ada, &json!({"age": 3})))?;
    in_one_part(conn, "get", |conn| graph.get(conn, office.ada))?;
    in_one_part(conn, "get_many", |conn| graph.get_many(conn, [office.ada, office.grace]))?;
    in_one_part(conn, "get_by_key", |conn| graph.get_by_key::<Principal>(conn, "ada"))?;
    in_one_part(conn, "load", |conn| graph.nodes::<Principal>().load(conn))?;
    in_one_part(conn, "connect", |conn| graph.connect(conn, office.ada, team, &since))?;
    in_one_part(conn, "connecting again", |conn| graph.connect(conn, office.ada, team, &since)).unwrap_err();
    in_one_part(conn, "an acyclic edge", |conn| graph.connect(conn, office.ada, office.grace, &ReportsTo))?;
    in_one_part(conn, "a cycle", |conn| graph.connect(conn, office.grace, office.ada, &ReportsTo)).unwrap_err();
    in_one_part(conn, "upsert_edge", |conn| graph.upsert_edge(conn, office.ada, team, &MemberOf { since: 2001 }))?;
    in_one_part(conn, "neighbours", |conn| graph.from(office.ada).out::<MemberOf>().to::<Team>().load(conn))?;
    in_one_part(conn, "edges of a node", |conn| graph.from(team).in_::<MemberOf>().load_edges(conn))?;
    let people = || graph.nodes::<Person>().filter(|p| p.age.ge(1) & p.name.starts_with_ci("A"));
    in_one_part(conn, "a query", |conn| people().order_by(|p| p.age.desc()).load(conn))?;
    in_one_part(conn, "a page", |conn| people().order_by(|p| p.age.desc()).limit(1).page(conn))?;
    in_one_part(conn, "count", |conn| people().count(conn))?;
    in_one_part(conn, "select", |conn| people().select(|p| (p.name, p.age)).load(conn))?;
    in_one_part(conn, "aggregate", |conn| people().aggregate(conn, |p| p.age.avg()))?;
    let by_team = || graph.edges::<MemberOf>().group_by(|_| Team::F.name.at_target()).aggregate(|_| query::count());
    in_one_part(conn, "groups by an end", |conn| by_team().load(conn))?;
    let connected = || query::out::<MemberOf, Person, Team>();
    in_one_part(conn, "edges at nodes", |conn| people().matching(connected().exists()).load(conn))?;
    in_one_part(conn, "degrees", |conn| people().sorted(connected().count().desc()).load(conn))?;
    let teams = || graph.from(office.ada).out::<MemberOf>().to::<Team>();
    in_one_part(conn, "two hops", |conn| teams().in_::<MemberOf>().to::<Person>().load(conn))?;
    in_one_part(conn, "rows", |conn| teams().in_::<MemberOf>().to::<Person>().optional().rows().load(conn))?;
    in_one_part(conn, "from a query", |conn| graph.from_all(people()).out::<MemberOf>().to::<Team>().count(conn))?;
    in_one_part(conn, "for each start", |conn| {
        graph.from_many([office.ada, office.grace]).out::<MemberOf>().to::<Team>().load_each(conn, 3)
    })?;
    let reports = || graph.from(office.ada).out::<ReportsTo>().to::<Person>();
    in_one_part(conn, "paths", |conn| reports().depth(1..=3).paths(conn, 9))?;
    in_one_part(conn, "shortest path", |conn| reports().shortest_path(conn, office.grace))?;
    in_one_part(conn, "subgraph", |conn| reports().depth(..=2).subgraph(conn))?;
    in_one_part(conn, "ancestors", |conn| graph.ancestors::<ReportsTo, Person>(conn, office.grace))?;
    in_one_part(conn, "roots", |conn| graph.roots::<ReportsTo, Person>().load(conn))?;
    in_one_part(conn, "find_cycle", |conn| graph.find_cycle::<ReportsTo, Person>(conn))?;
    in_one_part(conn, "topological_order", |conn| graph.topological_order::<ReportsTo, Person>(conn))?;
    in_one_part(conn, "metadata", |conn| graph.set_metadata_of(conn, office.ada, &json!({})))?;
    in_one_part(conn, "restrict", |conn| graph.delete(conn, office.ada)).unwrap_err();
    in_one_part(conn, "delete", |conn| graph.delete(conn, team))?;
    in_one_part(conn, "set_status", |conn| graph.set_status(conn, GraphStatus::Active))?;
    in_one_part(conn, "info", |conn| graph.info(conn))?;
    in_one_part(conn, "clear", |conn| graph.clear(conn))?;
    in_one_part(conn, "delete_graph", |conn| graph.clone().delete_graph(conn))?;
    Ok(())
}

#[test]
fn graphs_in_different_partitions_work_side_by_side() -> Result<()> {
    let Some(server) = Postgres::shared() else { return Ok(()) };
    let database = partitioned(server);
    let conn = &mut metagraph::postgres::connect(database.url())?;
    let (graph, [a, b, c]) = packages(conn, ["a", "b", "c"]);
    let needs = DependsOn { optional: false };
    graph.connect_many::<_, DependsOn, _, _>(conn, [(a, b, &needs), (b, c, &needs)])?;
    let copies: Vec<_> =
        (0..PARTS).map(|n| graph.duplicate(conn, &NewGraph::named(n.to_string()))).collect::<Result<_>>()?;
    for copy in copies {
        let a = copy.get_by_key::<Package>(conn, "a")?.unwrap().id;
        assert_eq!(in_one_part(conn, "reachable", |conn| copy.reachable::<DependsOn, Package>(conn, a))?.len(), 2);
        assert!(copy.connect(conn, a, b, &needs).is_err(), "a node of another graph");
    }
    let (found, parts) = parts_read(conn, |conn| graphs::find(conn, &GraphFilter::default()));
    assert_eq!((found?.len(), parts), (PARTS + 1, [PARTS, 0, 0]), "the one thing that spans graphs");
    Ok(())
}
