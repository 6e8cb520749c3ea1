//! What is about a few rows reads a few rows, however many the graph has.

use diesel::{RunQueryDsl as _, SqliteConnection};
use metagraph::prelude::*;
use metagraph::query;

use crate::harness::Log;
use crate::scenarios::{Club, Document, Member, MemberOf, Office, Person, ReportsTo, Team, ada, club, member, office};
use crate::store::{Sqlite, Store};

const MANY: usize = 2_000;

/// A step whose cost is judged: what it is, and what it does.
type Judge<C> = fn(&mut C, &str, &dyn Fn(&mut C));

/// An office with many teams and memberships.
fn large_office<C: GraphConnection>(conn: &mut C) -> Office {
    let office = office(conn);
    let teams =
        office.graph.insert_many(conn, (0..MANY).map(|number| Team { name: format!("team {number}") })).unwrap();
    let person = |number| Person { name: format!("person {number}"), age: 30, nickname: None };
    let people = office.graph.insert_many(conn, (0..MANY).map(person)).unwrap();
    let memberships = people.into_iter().zip(teams).map(|(person, team)| (person, team, MemberOf { since: 2000 }));
    office.graph.connect_many(conn, memberships).unwrap();
    office
}

fn judge_all<C: GraphConnection>(conn: &mut C, office: &Office, judge: Judge<C>) {
    let (graph, ada_id, grace, kernel) = (&office.graph, office.ada, office.grace, office.kernel);
    judge(conn, "get", &|conn| drop(graph.get(conn, ada_id).unwrap()));
    judge(conn, "get an edge", &|conn| drop(graph.get(conn, office.membership).unwrap()));
    judge(conn, "get_many", &|conn| drop(graph.get_many(conn, [ada_id, grace]).unwrap()));
    judge(conn, "get_by_key", &|conn| drop(graph.get_by_key::<Person>(conn, "ada").unwrap()));
    judge(conn, "exists", &|conn| assert!(graph.exists(conn, ada_id).unwrap()));
    judge(conn, "out", &|conn| drop(graph.from(ada_id).out::<MemberOf>().to::<Team>().load(conn).unwrap()));
    judge(conn, "in", &|conn| drop(graph.from(kernel).in_::<MemberOf>().to::<Person>().load(conn).unwrap()));
    judge(conn, "both", &|conn| drop(graph.from(ada_id).both::<ReportsTo>().to::<Person>().load(conn).unwrap()));
    judge(conn, "edges of a hop", &|conn| drop(graph.from(ada_id).out::<MemberOf>().load_edges(conn).unwrap()));
    judge(conn, "edges both ways", &|conn| drop(graph.from(ada_id).both::<ReportsTo>().load_edges(conn).unwrap()));
    judge(conn, "edges_between", &|conn| drop(graph.edges_between::<MemberOf, _, _>(conn, ada_id, kernel).unwrap()));
    let teams = || graph.from(ada_id).out::<MemberOf>().to::<Team>();
    judge(conn, "a hop back", &|conn| drop(teams().in_::<MemberOf>().to::<Person>().ids(conn).unwrap()));
    judge(conn, "rows", &|conn| drop(teams().in_::<MemberOf>().to::<Person>().rows().load(conn).unwrap()));
    judge(conn, "last hops", &|conn| drop(teams().rows().last_hop().values().load(conn).unwrap()));
    judge(conn, "optional rows", &|conn| drop(teams().optional().rows().load(conn).unwrap()));
    judge(conn, "counted rows", &|conn| _ = teams().rows().count(conn).unwrap());
    let each = || graph.from_many([ada_id, grace]).out::<MemberOf>().to::<Team>();
    judge(conn, "for each start", &|conn| drop(each().load_each(conn, 5).unwrap()));
    judge(conn, "filtered hops", &|conn| {
        drop(each().filter(|team| team.name.ne("x")).filter_edge(|m| m.since.gt(1)).load(conn).unwrap());
    });
    let reports = || graph.from(ada_id).out::<ReportsTo>().to::<Person>();
    judge(conn, "depth", &|conn| drop(reports().depth(1..).load(conn).unwrap()));
    judge(conn, "filtered depth", &|conn| _ = reports().depth(1..).filter(|p| p.age.ge(1)).count(conn).unwrap());
    judge(conn, "paths", &|conn| drop(reports().depth(1..=3).paths(conn, 9).unwrap()));
    judge(conn, "shortest path", &|conn| drop(reports().shortest_path(conn, grace).unwrap()));
    judge(conn, "subgraph", &|conn| drop(reports().depth(..=2).subgraph(conn).unwrap()));
    let keyed = || graph.nodes::<Person>().filter(|_| query::key().eq("ada"));
    judge(conn, "closure", &|conn| {
        drop(graph.from_all(keyed()).closure().out::<ReportsTo>().in_::<ReportsTo>().load(conn).unwrap());
    });
    judge(conn, "meeting", &|conn| {
        let (near, far) = (graph.from_all(keyed()).closure().out::<ReportsTo>(), graph.from(kernel).closure());
        assert_eq!(near.meeting::<MemberOf, _>(far).load(conn).unwrap().between.len(), 1);
    });
    judge(conn, "degree", &|conn| _ = graph.degree::<MemberOf, _>(conn, ada_id).unwrap());
    judge(conn, "by key in a query", &|conn| drop(keyed().load(conn).unwrap()));
    let named = || graph.nodes::<Person>().filter(|p| p.name.eq("ada"));
    judge(conn, "by the key attribute in a query", &|conn| assert_eq!(named().load(conn).unwrap().len(), 1));
    judge(conn, "from a query", &|conn| {
        drop(graph.from_all(keyed()).out::<MemberOf>().to::<Team>().ids(conn).unwrap());
    });
    judge(conn, "an edge at a node", &|conn| {
        assert!(keyed().matching(query::out::<MemberOf, _, Team>().exists()).exists(conn).unwrap());
    });
    judge(conn, "update", &|conn| _ = graph.update(conn, ada_id, |ada| ada.age += 1).unwrap());
    let papers = || graph.nodes::<Document>();
    judge(conn, "set by id", &|conn| {
        assert_eq!(papers().matching(query::id().eq(office.paper)).set(conn, |d| d.title.set("b")).unwrap(), 1);
    });
    judge(conn, "set by key", &|conn| {
        assert_eq!(papers().matching(query::key().eq("nobody")).set(conn, |d| d.title.set("c")).unwrap(), 0);
    });
    judge(conn, "upsert", &|conn| _ = graph.upsert(conn, &ada()).unwrap());
    let grace_too = || [Person { age: 1, ..ada() }, Person { name: "grace".into(), age: 1, nickname: None }];
    judge(conn, "upsert_many", &|conn| _ = graph.upsert_many::<_, Person>(conn, grace_too()).unwrap());
    judge(conn, "a conflict", &|conn| drop(graph.insert(conn, &ada()).unwrap_err()));
    let since = MemberOf { since: 2001 };
    judge(conn, "connect", &|conn| _ = graph.connect(conn, grace, kernel, &since).unwrap());
    judge(conn, "connecting again", &|conn| drop(graph.connect(conn, grace, kernel, &since).unwrap_err()));
    judge(conn, "upsert_edge", &|conn| _ = graph.upsert_edge(conn, grace, kernel, &since).unwrap());
    let memberships = |since| [(grace, kernel, MemberOf { since }), (ada_id, kernel, MemberOf { since })];
    judge(conn, "upsert_edge_many", &|conn| _ = graph.upsert_edge_many(conn, memberships(2002)).unwrap());
    judge(conn, "an acyclic edge", &|conn| _ = graph.connect(conn, ada_id, grace, &ReportsTo).unwrap());
    judge(conn, "a cycle", &|conn| drop(graph.connect(conn, grace, ada_id, &ReportsTo).unwrap_err()));
    judge(conn, "a restricted deletion", &|conn| drop(graph.delete(conn, ada_id).unwrap_err()));
    judge(conn, "deleting edges", &|conn| _ = graph.delete_many(conn, [office.membership]).unwrap());
    judge(conn, "deleting nodes", &|conn| _ = graph.delete_many(conn, [kernel, office.tools]).unwrap());
}

/// A club with many members, of whom one is looked for by what is unique of them.
fn large_club<C: GraphConnection>(conn: &mut C) -> Graph<Club> {
    let graph = club(conn);
    graph.insert_many(conn, (0..MANY).map(|number| with_email(&number.to_string()))).unwrap();
    graph
}

fn with_email(name: &str) -> Member {
    Member { email: Some(format!("{name}@x")), ..member(name) }
}

fn judge_unique<C: GraphConnection>(conn: &mut C, graph: &Graph<Club>, judge: Judge<C>) {
    let by_email = || graph.by::<Member, _>(|m| m.email);
    judge(conn, "get by what is unique", &|conn| assert!(by_email().get(conn, "7@x").unwrap().is_some()));
    judge(conn, "upsert by what is unique", &|conn| {
        let older = ["8", "9"].map(|name| Member { age: 70, ..with_email(name) });
        by_email().upsert_many(conn, older).unwrap();
    });
}

/// Every statement of the step, explained: each of our tables is searched by what singles rows out.
fn searches(conn: &mut SqliteConnection, what: &str, step: &dyn Fn(&mut SqliteConnection)) {
    let log = Log::of(conn);
    step(conn);
    for query in log.queries().into_iter().filter(|query| query.contains("__metagraph_")) {
        let explained = query.split(" -- binds").next().unwrap();
        let Some(plan) = plan(conn, explained) else { continue };
        for line in &plan {
            let scan = ["SCAN n", "SCAN e", "SCAN s", "SCAN t", "SCAN f", "SCAN __metagraph_"];
            let scan = scan.iter().any(|table| line.starts_with(table));
            let loose = line.ends_with("(graph_id=?)") || line.ends_with("(graph_id=? AND node_type_id=?)");
            assert!(!scan && !loose, "{what}: {line}\n  in {explained}\n  {plan:#?}");
        }
    }
}

/// How SQLite would run a statement; `None` for one that has no plan, such as `BEGIN`.
fn plan(conn: &mut SqliteConnection, statement: &str) -> Option<Vec<String>> {
    #[derive(diesel::QueryableByName)]
    struct Step {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(conn).ok()?;
    Some(steps.into_iter().map(|step| step.detail).collect())
}

#[test]
fn sqlite_searches_by_what_singles_rows_out() {
    let store = Sqlite::migrated().unwrap();
    let conn = &mut store.connect();
    let office = large_office(conn);
    judge_all(conn, &office, searches);
    let club = large_club(conn);
    judge_unique(conn, &club, searches);
}

#[cfg(feature = "postgres")]
mod postgres {
    use diesel::{Connection as _, PgConnection};

    use super::*;
    use crate::store::{Inspect as _, Postgres};

    /// How many rows of our tables the open transaction has read.
    fn rows_read(conn: &mut PgConnection) -> i64 {
        let read = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint AS answer \
                    FROM pg_stat_xact_user_tables WHERE relname IN ('__metagraph_nodes', '__metagraph_edges')";
        conn.integers(read)[0]
    }

    fn reads_few_rows(conn: &mut PgConnection, what: &str, step: &dyn Fn(&mut PgConnection)) {
        let read = conn.transaction(|conn| {
            let before = rows_read(conn);
            step(conn);
            Ok::<_, metagraph::Error>(rows_read(conn) - before)
        });
        let read = read.unwrap();
        assert!(read < 100, "{what} read {read} rows");
    }

    #[test]
    fn postgres_reads_few_rows_for_few() {
        use diesel::connection::SimpleConnection as _;

        let Some(store) = Postgres::migrated() else { return };
        let conn = &mut store.connect();
        let office = large_office(conn);
        let club = large_club(conn);
        conn.batch_execute("ANALYZE __metagraph_nodes, __metagraph_edges").unwrap();
        judge_all(conn, &office, reads_few_rows);
        judge_unique(conn, &club, reads_few_rows);
    }

    /// As in the transaction of a large import: nobody could gather statistics yet.
    #[test]
    fn postgres_reads_few_rows_for_few_without_statistics() {
        let Some(store) = Postgres::migrated() else { return };
        let conn = &mut store.connect();
        let office = large_office(conn);
        judge_all(conn, &office, reads_few_rows);
        let club = large_club(conn);
        judge_unique(conn, &club, reads_few_rows);
    }

    /// A plan that was made while there were few rows is used on, whatever it guessed of them.
    #[test]
    fn postgres_reads_a_row_for_each_that_is_wanted_however_many_came_since() {
        let Some(store) = Postgres::migrated() else { return };
        let conn = &mut store.connect();
        let graph = club(conn);
        for few in [0, 100, 200] {
            graph.insert_many(conn, (few..few + 100).map(|number| with_email(&number.to_string()))).unwrap();
            for _ in 0..10 {
                assert!(graph.by::<Member, _>(|m| m.email).get(conn, "7@x").unwrap().is_some());
            }
        }
        graph.insert_many(conn, (300..5_000).map(|number| with_email(&number.to_string()))).unwrap();
        judge_unique(conn, &graph, reads_few_rows);
        let wanted = (0..1_000).map(|number| format!("{}@x", number * 4));
        let read = conn.transaction(|conn| {
            let before = rows_read(conn);
            let found = graph.by::<Member, _>(|m| m.email).get_many(conn, wanted)?;
            assert!(found.iter().all(Option::is_some));
            Ok::<_, metagraph::Error>(rows_read(conn) - before)
        });
        assert_eq!(read.unwrap(), 1_000);
    }

    /// How the last statement of this connection that writes rows over would be run, by the plan that is kept.
    fn kept_plan_of_update(conn: &mut PgConnection, table: &str) -> String {
        #[derive(diesel::QueryableByName)]
        struct Step {
            #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
            step: String,
        }
        let prepared = format!(
            "SELECT name || '(' || array_to_string(array_fill('NULL'::text, ARRAY[cardinality(parameter_types)]), ', ') \
             || ')' AS answer FROM pg_prepared_statements WHERE starts_with(statement, 'WITH guard') \
             AND strpos(statement, '{table} AS r') > 0 AND strpos(statement, 'attributes = ') > 0"
        );
        let statement = conn.texts(&prepared).pop().expect("rows were written over");
        let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN EXECUTE {statement}")).load(conn).unwrap();
        steps.into_iter().map(|step| step.step + "\n").collect()
    }

    /// Without statistics, with them, and when the graph has grown since its plan was made.
    #[test]
    fn postgres_writes_many_rows_over_one_by_one() {
        const TOGETHER: i64 = 1_000;
        let Some(store) = Postgres::migrated() else { return };
        let conn = &mut store.connect();
        let office = office(conn);
        let person = |number: usize, age| Person { name: format!("person {number}"), age, nickname: None };
        let grow = |conn: &mut PgConnection, numbers: std::ops::Range<usize>| {
            let people = office.graph.insert_many(conn, numbers.map(|number| person(number, 0))).unwrap();
            let member = |person| (person, office.kernel, MemberOf { since: 2000 });
            office.graph.connect_many(conn, people.into_iter().map(member)).unwrap();
        };
        let older = |conn: &mut PgConnection, few: usize, age: u8| {
            let before = rows_read(conn);
            let people = (0..few).map(|number| person(number, age));
            let people = office.graph.upsert_many::<_, Person>(conn, people).unwrap();
            let nodes = rows_read(conn) - before;
            let member = |person| (person, office.kernel, MemberOf { since: 2000 + u16::from(age) });
            office.graph.upsert_edge_many(conn, people.into_iter().map(|person| member(person.id))).unwrap();
            [nodes, rows_read(conn) - before - nodes]
        };
        let judge = |conn: &mut PgConnection, when: &str, age| {
            let [nodes, edges] = conn.transaction(|conn| Ok::<_, metagraph::Error>(older(conn, 1_000, age))).unwrap();
            assert!(nodes <= 4 * TOGETHER, "{when}, {nodes} rows were read to write over {TOGETHER} nodes");
            assert!(edges <= 8 * TOGETHER, "{when}, {edges} rows were read to write over {TOGETHER} edges");
        };
        grow(conn, 0..20);
        conn.run("SET plan_cache_mode = force_generic_plan");
        older(conn, 20, 1);
        grow(conn, 20..12_000);
        judge(conn, "with plans of a small graph", 2);
        for table in ["__metagraph_nodes", "__metagraph_edges"] {
            let plan = kept_plan_of_update(conn, table);
            assert!(!plan.contains("Join Filter"), "each row is compared with each:\n{plan}");
        }
        let conn = &mut store.connect();
        judge(conn, "without statistics", 3);
        conn.run("ANALYZE __metagraph_nodes, __metagraph_edges");
        judge(conn, "with statistics", 4);
    }
}
