//! Graphs themselves: opening, finding, renaming, copying, clearing and deleting them.

use expect_test::expect;
use metagraph::graphs::{self, GraphFilter};
use metagraph::prelude::*;
use metagraph::row::{GraphPatch, GraphStatus, NewGraph};
use serde_json::json;

use crate::harness::at_once;
use crate::refusal::refused;
use crate::scenarios::{
    Ferry, Human, Knows, MemberOf, OfficeGraph, People, Person, Principal, Road, Roads, Team, Town,
};
use crate::scenarios::{office, people, roads};
use crate::store::{Inspect, Store};

pub(crate) fn a_graph_is_created_found_and_opened_again(conn: &mut impl Inspect) {
    metagraph::sync::<Roads, _>(conn).unwrap();
    expect![[r#"
        MG3001: there is no graph `north` of type `roads`
        (create it first, with `create` or `open_or_create`)"#]]
    .assert_eq(&refused(conn, |conn| Graph::<Roads>::open(conn, "north")));
    let created = Graph::<Roads>::open_or_create(conn, "north").unwrap();
    let opened = Graph::<Roads>::open(conn, "north").unwrap();
    let by_uid = Graph::<Roads>::open_by_uid(conn, created.uid()).unwrap();
    assert_eq!([opened.id(), by_uid.id()], [created.id(); 2]);
    assert_eq!(Graph::<Roads>::open_or_create(conn, "north").unwrap().uid(), created.uid());
}

pub(crate) fn a_new_graph_is_what_was_asked_for(conn: &mut impl GraphConnection) {
    metagraph::sync::<Roads, _>(conn).unwrap();
    let asked = NewGraph {
        name: "north".into(),
        description: "all roads".into(),
        status: GraphStatus::Active,
        owner: Some("mara".into()),
        project: Some("atlas".into()),
        metadata: json!({"colour": "green"}),
    };
    let row = Graph::<Roads>::create(conn, &asked).unwrap().info(conn).unwrap();
    assert_eq!((row.name, row.description, row.status), (asked.name, asked.description, asked.status));
    assert_eq!((row.owner, row.project, row.metadata), (asked.owner, asked.project, asked.metadata));
    assert_eq!((row.graph_type.as_str(), row.uid.len()), ("roads", 36));
}

pub(crate) fn names_need_not_be_unique_but_opening_by_one_must_be(conn: &mut impl Inspect) {
    metagraph::sync::<Roads, _>(conn).unwrap();
    let [first, second] = [(); 2].map(|()| Graph::<Roads>::create(conn, &NewGraph::named("twin")).unwrap());
    assert_ne!(first.uid(), second.uid());
    expect![[r#"
        MG3002: several graphs of this type are called `twin`
        (open it by uid)"#]]
    .assert_eq(&refused(conn, |conn| Graph::<Roads>::open(conn, "twin")));
    expect![[r#"
        MG3002: several graphs of this type are called `twin`
        (open it by uid)"#]]
    .assert_eq(&refused(conn, |conn| Graph::<Roads>::open_or_create(conn, "twin")));
    first.rename(conn, "elder").unwrap();
    assert_eq!(Graph::<Roads>::open(conn, "twin").unwrap().id(), second.id());
}

pub(crate) fn a_graph_opens_as_its_own_type_only(conn: &mut impl Inspect) {
    let (graph, _) = people(conn, ["ann"]);
    metagraph::sync::<Roads, _>(conn).unwrap();
    let uid = graph.uid().to_owned();
    let told = refused(conn, |conn| Graph::<Roads>::open_by_uid(conn, &uid)).replace(&uid, "UID");
    expect!["MG3001: there is no graph UID of type `roads`"].assert_eq(&told);
    expect!["MG3001: there is no graph not a uid"]
        .assert_eq(&refused(conn, |conn| Graph::<People>::open_by_uid(conn, "not a uid")));
    let namesake = Graph::<Roads>::open_or_create(conn, "people").unwrap();
    assert_ne!(namesake.id().raw(), graph.id().raw());
}

pub(crate) fn racing_openers_get_one_graph(store: &impl Store) {
    metagraph::sync::<Roads, _>(&mut store.connect()).unwrap();
    let ids = at_once(store, 8, |conn, _| Graph::<Roads>::open_or_create(conn, "shared").unwrap().id().raw());
    assert_eq!(ids, [ids[0]; 8]);
    assert_eq!(store.connect().integers("SELECT count(*) AS answer FROM __metagraph_graphs"), [1]);
}

pub(crate) fn the_row_of_a_graph_can_be_changed(conn: &mut impl GraphConnection) {
    let (graph, _) = roads(conn, []);
    graph.rename(conn, "south").unwrap();
    graph.set_metadata(conn, json!([1, "two"])).unwrap();
    graph.set_status(conn, GraphStatus::Archived).unwrap();
    graph.rename(conn, "old south").unwrap();
    let patch = GraphPatch { owner: Some(Some("mara".into())), ..GraphPatch::default() };
    graphs::update(conn, graph.id().raw(), &patch).unwrap();
    let row = graph.info(conn).unwrap();
    assert_eq!((row.name.as_str(), row.status), ("old south", GraphStatus::Archived));
    assert_eq!((row.metadata, row.owner.as_deref()), (json!([1, "two"]), Some("mara")));
    let patch = GraphPatch { owner: Some(None), ..GraphPatch::default() };
    assert_eq!(graphs::update(conn, graph.id().raw(), &patch).unwrap().owner, None);
}

pub(crate) fn clearing_empties_one_graph_only(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let branch = Graph::<OfficeGraph>::open_or_create(conn, "branch").unwrap();
    branch.insert(conn, &Team { name: "kernel".into() }).unwrap();
    assert_eq!(office.graph.clear(conn).unwrap(), 5);
    assert_eq!(office.graph.clear(conn).unwrap(), 0);
    assert_eq!(office.graph.nodes::<Principal>().count(conn).unwrap(), 0);
    assert_eq!(branch.nodes::<Team>().count(conn).unwrap(), 1);
    office.graph.insert(conn, &Team { name: "kernel".into() }).unwrap();
}

pub(crate) fn a_deleted_graph_leaves_no_row(conn: &mut impl Inspect) {
    metagraph::sync::<OfficeGraph, _>(conn).unwrap();
    let before = conn.census();
    let office = office(conn);
    office.graph.set_status(conn, GraphStatus::Archived).unwrap();
    let gone = office.graph.clone();
    assert!(office.graph.delete_graph(conn).unwrap());
    assert_eq!(conn.census(), before);
    assert!(!gone.clone().delete_graph(conn).unwrap());
    assert_eq!(gone.get(conn, office.ada).unwrap(), None);
}

pub(crate) fn a_duplicate_has_the_same_content_and_a_life_of_its_own(conn: &mut impl GraphConnection) {
    let office = office(conn);
    office.graph.update(conn, office.membership, |membership| membership.since = 2000).unwrap();
    office.graph.set_metadata_of(conn, office.ada, &json!({"badge": 7})).unwrap();
    office.graph.set_status(conn, GraphStatus::Archived).unwrap();
    let copy = office.graph.duplicate(conn, &NewGraph::named("copy")).unwrap();
    assert_ne!(copy.uid(), office.graph.uid());
    let ada = copy.get_by_key::<Person>(conn, "ada").unwrap().unwrap();
    assert_ne!(ada.id, office.ada);
    assert_eq!((&ada.value, ada.version), (&crate::scenarios::ada(), 1));
    assert_eq!(copy.metadata_of(conn, ada.id).unwrap(), json!({"badge": 7}));
    let edges = copy.edges::<MemberOf>().load(conn).unwrap();
    assert_eq!(edges.len(), 1);
    assert_eq!((edges[0].value.since, edges[0].ends::<Person, Team>().0), (2000, ada.id));
    assert_eq!(copy.clear(conn).unwrap(), 5);
    assert_eq!(office.graph.nodes::<Person>().count(conn).unwrap(), 2);
}

pub(crate) fn a_duplicate_keeps_parallels_keys_and_directions(conn: &mut impl GraphConnection) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    graph.connect_many(conn, [1, 2].map(|hour| (a, b, Ferry { hour }))).unwrap();
    graph.connect(conn, b, a, &Road { number: "A 1".into(), lanes: 2 }).unwrap();
    let copy = graph.duplicate(conn, &NewGraph::named("copy")).unwrap();
    let [a, b] = ["a", "b"].map(|key| copy.get_by_key::<Town>(conn, key).unwrap().unwrap().id);
    assert_eq!(copy.edges_between::<Ferry, _, _>(conn, a, b).unwrap().len(), 2);
    assert_eq!(copy.get_edge_by_key::<Road>(conn, "A 1").unwrap().unwrap().ends(), (b, a));
    copy.connect(conn, a, b, &Ferry { hour: 3 }).unwrap();

    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    graph.connect(conn, bob, ann, &Knows { since: 1 }).unwrap();
    let copy = graph.duplicate(conn, &NewGraph::named("copy")).unwrap();
    let edge = copy.edges::<Knows>().load(conn).unwrap().remove(0);
    let (first, second) = edge.ends::<Human, Human>();
    assert_eq!([first, second].map(|id| copy.get(conn, id).unwrap().unwrap().key), ["bob", "ann"]);
    assert!(copy.connect(conn, first, second, &Knows { since: 2 }).unwrap_err().is_conflict());
    assert!(copy.connect(conn, second, first, &Knows { since: 2 }).unwrap_err().is_conflict());
}

pub(crate) fn graphs_are_found_by_what_they_are(conn: &mut impl GraphConnection) {
    metagraph::sync::<Roads, _>(conn).unwrap();
    metagraph::sync::<People, _>(conn).unwrap();
    let new = |name: &str, owner: &str, project: &str| NewGraph {
        owner: Some(owner.into()),
        project: Some(project.into()),
        ..NewGraph::named(name)
    };
    Graph::<Roads>::create(conn, &new("a", "mara", "atlas")).unwrap();
    Graph::<Roads>::create(conn, &new("b", "mara", "other")).unwrap();
    Graph::<People>::create(conn, &new("c", "noor", "atlas")).unwrap().set_status(conn, GraphStatus::Active).unwrap();
    let mut find = |filter: GraphFilter<'_>| {
        graphs::find(conn, &filter).unwrap().into_iter().map(|graph| graph.name).collect::<String>()
    };
    let any = GraphFilter::default;
    assert_eq!(find(any()), "abc");
    assert_eq!(find(GraphFilter { graph_type: Some("roads"), ..any() }), "ab");
    assert_eq!(find(GraphFilter { owner: Some("mara"), project: Some("atlas"), ..any() }), "a");
    assert_eq!(find(GraphFilter { project: Some("atlas"), ..any() }), "ac");
    assert_eq!(find(GraphFilter { status: Some(GraphStatus::Draft), ..any() }), "ab");
    assert_eq!(find(GraphFilter { name: Some("c"), ..any() }), "c");
    assert_eq!(find(GraphFilter { name: Some("c"), owner: Some("mara"), ..any() }), "");
}

pub(crate) fn pages_of_graphs_hold_each_once(conn: &mut impl GraphConnection) {
    metagraph::sync::<Roads, _>(conn).unwrap();
    for number in 0..5 {
        Graph::<Roads>::create(conn, &NewGraph::named(number.to_string())).unwrap();
    }
    let mut names = String::new();
    let mut after = None;
    loop {
        let page = graphs::find(conn, &GraphFilter { after, limit: Some(2), ..GraphFilter::default() }).unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        names.extend(page.iter().map(|graph| graph.name.as_str()));
    }
    assert_eq!(names, "01234");
    assert!(graphs::find(conn, &GraphFilter { limit: Some(0), ..GraphFilter::default() }).unwrap().is_empty());
}
