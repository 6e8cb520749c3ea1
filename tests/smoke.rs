use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[graph(key)]
    id: String,
    #[graph(index)]
    name: String,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, on_delete = restrict)]
struct Person {
    age: u8,
}
#[derive(GraphType)]
#[graph(union)]
#[derive(Debug, PartialEq)]
enum Thing {
    Package(Package),
    Person(Person),
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package))]
struct DependsOn {
    optional: bool,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Thing), one_out)]
struct Likes;
#[derive(GraphType)]
#[graph(name = "deps", acyclic)]
enum Deps {
    Package(Package),
    Person(Person),
    DependsOn(DependsOn),
    Likes(Likes),
}

fn run<C: GraphConnection>(conn: &mut C) {
    metagraph::migrate(conn).unwrap();
    println!("{:?}", metagraph::sync::<Deps, _>(conn).unwrap());
    println!("{:?}", metagraph::sync::<Deps, _>(conn).unwrap());
    let g = Graph::<Deps>::open_or_create(conn, "app").unwrap();
    let a = g.insert(conn, &Package { id: "a".into(), name: "A".into() }).unwrap();
    println!("{}", g.insert(conn, &Package { id: "a".into(), name: "A".into() }).unwrap_err());
    let ids = g.insert_many(conn, (0..300).map(|i| Package { id: format!("p{i}"), name: "P".into() })).unwrap();
    assert_eq!(ids.len(), 300);
    let e = g.connect(conn, a, ids[0], &DependsOn { optional: true }).unwrap();
    println!("{}", g.connect(conn, a, ids[0], &DependsOn { optional: true }).unwrap_err());
    println!("{}", g.connect(conn, a, a, &DependsOn { optional: true }).unwrap_err());
    g.connect_many(conn, ids.windows(2).map(|w| (w[0], w[1], DependsOn { optional: false }))).unwrap();
    println!("{}", g.connect(conn, ids[5], a, &DependsOn { optional: true }).unwrap_err());
    let p = g.insert(conn, &Person { age: 3 }).unwrap();
    g.connect(conn, p, a, &Likes).unwrap();
    println!("{}", g.connect(conn, p, ids[0], &Likes).unwrap_err());
    println!("{}", g.delete(conn, p).unwrap_err());
    println!("{:?}", g.get(conn, a).unwrap());
    println!("{:?}", g.get(conn, e).unwrap());
    println!("{:?}", g.get(conn, p.widen::<Thing>()).unwrap());
    println!("{:?}", g.update(conn, a, |p| p.name = "B".into()).unwrap());
    println!("{:?}", g.upsert(conn, &Package { id: "a".into(), name: "B".into() }).unwrap());
    println!("{:?}", g.upsert(conn, &Package { id: "a".into(), name: "C".into() }).unwrap());
    println!("{:?}", g.reachable::<DependsOn, _>(conn, a).unwrap().len());
    println!("{:?}", g.from(a).in_::<Likes>().to::<Person>().load(conn).unwrap());
    println!("{:?}", g.topological_order::<DependsOn, Package>(conn).unwrap().len());
    println!("{:?}", g.nodes::<Thing>().count(conn).unwrap());
    let d = g.duplicate(conn, &metagraph::row::NewGraph::named("copy")).unwrap();
    println!("{:?}", d.edges::<DependsOn>().count(conn).unwrap());
    println!("{:?}", g.get_by_key::<Package>(conn, "p7").unwrap());
    println!("{:?}", g.clear(conn).unwrap());
    println!("{:?}", d.delete_graph(conn).unwrap());
}

#[test]
fn sqlite() {
    run(&mut metagraph::sqlite::connect(":memory:").unwrap());
}

#[test]
#[cfg(feature = "postgres")]
fn postgres() {
    let db = metagraph_testkit::Postgres::shared().unwrap().database();
    run(&mut metagraph::postgres::connect(db.url()).unwrap());
}
