//! Sets of node types: as endpoints, as answers, and as handles.

use metagraph::prelude::*;

use crate::scenarios::{Document, Owns, Person, Principal, Team, ada, office};

pub(crate) fn a_union_reads_each_node_as_its_own_type(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let ids = [office.ada.widen::<Principal>(), office.tools.widen()];
    let values = office.graph.get_many(conn, ids).unwrap().into_iter().map(|node| node.unwrap().value);
    let expected = [Principal::Person(ada()), Principal::Team(Team { name: "tools".into() })];
    assert!(values.eq(expected));
}

pub(crate) fn a_union_loads_and_counts_its_members_only(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let all = office.graph.nodes::<Principal>().load(conn).unwrap();
    let ids: Vec<_> = all.iter().map(|node| node.id.raw()).collect();
    assert_eq!(ids, [office.ada.raw(), office.grace.raw(), office.kernel.raw(), office.tools.raw()]);
    assert_eq!(office.graph.nodes::<Principal>().count(conn).unwrap(), 4);
}

pub(crate) fn get_many_through_a_union_mixes_types(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let paper = NodeId::<Principal>::from_raw(office.paper.raw());
    let asked = [office.tools.widen(), paper, office.ada.widen::<Principal>()];
    let keys: Vec<_> =
        office.graph.get_many(conn, asked).unwrap().into_iter().map(|node| node.map(|node| node.key)).collect();
    assert_eq!(keys, [Some("tools".into()), None, Some("ada".into())]);
}

pub(crate) fn a_key_in_a_union_finds_its_first_member_that_has_it(conn: &mut impl GraphConnection) {
    let office = office(conn);
    office.graph.insert(conn, &Team { name: "ada".into() }).unwrap();
    let found = office.graph.get_by_key::<Principal>(conn, "ada").unwrap().unwrap();
    assert_eq!(found.value, Principal::Team(Team { name: "ada".into() }), "teams are listed first");
    let only = office.graph.get_by_key::<Principal>(conn, "grace").unwrap().unwrap();
    assert_eq!(only.id.raw(), office.grace.raw());
}

pub(crate) fn every_member_of_a_union_can_be_an_endpoint(conn: &mut impl GraphConnection) {
    let office = office(conn);
    office.graph.connect(conn, office.ada, office.paper, &Owns).unwrap();
    office.graph.connect(conn, office.kernel, office.paper, &Owns).unwrap();
    let owners = office.graph.from(office.paper).in_::<Owns>().to::<Principal>().load(conn).unwrap();
    assert_eq!(owners.iter().map(|owner| owner.key.as_str()).collect::<Vec<_>>(), ["ada", "kernel"]);
    let people = office.graph.from(office.paper).in_::<Owns>().to::<Person>().load(conn).unwrap();
    assert_eq!(people.iter().map(|owner| owner.key.as_str()).collect::<Vec<_>>(), ["ada"]);
}

pub(crate) fn a_node_can_be_deleted_through_a_union(conn: &mut impl GraphConnection) {
    let office = office(conn);
    assert!(office.graph.delete(conn, office.grace.widen::<Principal>()).unwrap());
    assert!(!office.graph.delete(conn, NodeId::<Principal>::from_raw(office.paper.raw())).unwrap());
    assert_eq!(office.graph.nodes::<Principal>().count(conn).unwrap(), 3);
    assert_eq!(office.graph.nodes::<Document>().count(conn).unwrap(), 1);
}
