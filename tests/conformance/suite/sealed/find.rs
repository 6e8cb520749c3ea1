//! Sealed values that are found by equality, and by nothing else.

use metagraph::encryption::{Encrypted, FindKey, StaticKeyRing};
use metagraph::prelude::*;
use metagraph::{Conflict, Error, Outcome, Rule, indexes};

use crate::scenarios::{Holder, Safe, holder, key, ring, safe, with_email};
use crate::store::Inspect;

fn in_city(name: &str, city: &str, ring: &StaticKeyRing) -> Holder {
    let context = Holder::F.city.context::<Safe>(name);
    Holder { city: Some(Encrypted::seal(city, ring, &context).unwrap()), ..holder(name, "t", ring) }
}

pub(crate) fn equal_sealed_values_are_found(conn: &mut impl GraphConnection) {
    let (graph, ring) = (safe(conn), ring(1));
    let rows = [("a", "Rome"), ("b", "rome"), ("c", "Rome"), ("d", "Oslo")];
    graph.insert_many(conn, rows.map(|(name, city)| in_city(name, city, &ring))).unwrap();
    graph.insert(conn, &holder("e", "t", &ring)).unwrap();
    let sought = |city: &str| Holder::F.city.sought::<Safe>(city, &ring).unwrap();
    let names = |query: metagraph::NodeQuery<'_, Holder>, conn: &mut _| {
        query.order_by(|h| h.name.asc()).select(|h| h.name).load(conn).unwrap()
    };
    let (rome, oslo) = (sought("Rome"), sought("Oslo"));
    assert_eq!(names(graph.nodes::<Holder>().filter(|h| h.city.eq(&rome)), conn), ["a", "c"]);
    assert_eq!(names(graph.nodes::<Holder>().filter(|h| h.city.ne(&rome)), conn), ["b", "d", "e"]);
    assert_eq!(names(graph.nodes::<Holder>().filter(|h| h.city.is_in([&rome, &oslo])), conn), ["a", "c", "d"]);
    assert_eq!(names(graph.nodes::<Holder>().filter(|h| h.city.is_in([])), conn), Vec::<String>::new());
    assert_eq!(names(graph.nodes::<Holder>().filter(|h| h.city.eq(&sought("Paris"))), conn), Vec::<String>::new());
    let other = ring.clone().with_find_key(FindKey::new([98; 32]));
    let unknown = Holder::F.city.sought::<Safe>("Rome", &other).unwrap();
    assert_eq!(
        names(graph.nodes::<Holder>().filter(|h| h.city.eq(&unknown)), conn),
        Vec::<String>::new(),
        "by another key"
    );
}

pub(crate) fn equal_values_of_two_attributes_do_not_look_alike(conn: &mut impl GraphConnection) {
    let (graph, ring) = (safe(conn), ring(1));
    let mut mara = in_city("mara", "same", &ring);
    mara.email = with_email("mara", "same", &ring).email;
    let mara = graph.insert(conn, &mara).unwrap();
    let read = graph.get(conn, mara).unwrap().unwrap().value;
    let tag = |sealed: &Encrypted<String, metagraph::encryption::Findable>| sealed.envelope().find.unwrap();
    assert_ne!(tag(&read.email.unwrap()), tag(&read.city.unwrap()));
}

pub(crate) fn sealed_values_are_unique(conn: &mut impl GraphConnection) {
    let (graph, ring) = (safe(conn), ring(1));
    let ann = graph.insert(conn, &with_email("ann", "a@x", &ring)).unwrap();
    graph.insert_many(conn, [holder("nobody", "t", &ring), holder("no one", "t", &ring)]).unwrap();
    let taken = graph.insert(conn, &with_email("nan", "a@x", &ring)).unwrap_err();
    let Error::Conflict(conflict) = &taken else { panic!("{taken}") };
    let Conflict { rule, attributes, existing, .. } = &**conflict;
    assert_eq!(
        (*rule, attributes.as_slice(), *existing),
        (Rule::Unique, ["email".to_owned()].as_slice(), Some(ann.raw()))
    );
    let both = graph.insert_many(conn, [with_email("b", "b@x", &ring), with_email("c", "b@x", &ring)]);
    assert!(matches!(&both, Err(Error::Conflict(conflict)) if conflict.in_batch), "{both:?}");
    let bob = graph.insert(conn, &with_email("bob", "b@x", &ring)).unwrap();
    let stolen = with_email("bob", "a@x", &ring).email;
    assert!(graph.update(conn, bob, |holder| holder.email.clone_from(&stolen)).unwrap_err().is_conflict());
    // Sealed anew, the same value is still the row's own.
    let again = with_email("bob", "b@x", &ring).email;
    graph.update(conn, bob, |holder| holder.email.clone_from(&again)).unwrap();

    let sought = |email: &str| Holder::F.email.sought::<Safe>(email, &ring).unwrap();
    let by_email = graph.by::<Holder, _>(|h| h.email);
    assert_eq!(by_email.get(conn, &sought("a@x")).unwrap().unwrap().id, ann);
    assert!(by_email.get(conn, &sought("A@x")).unwrap().is_none());
    let found = by_email.get_many(conn, [&sought("b@x"), &sought("none"), &sought("a@x")]).unwrap();
    assert_eq!(
        found.into_iter().map(|node| node.map(|node| node.id)).collect::<Vec<_>>(),
        [Some(bob), None, Some(ann)]
    );
    let upserted = by_email.upsert(conn, &with_email("ann lee", "a@x", &ring)).unwrap();
    assert_eq!((upserted.id, upserted.outcome), (ann, Outcome::Updated));
    let new = by_email.find_or_insert(conn, &with_email("new", "new@x", &ring)).unwrap();
    assert_eq!(new.outcome, Outcome::Created);
}

pub(crate) fn sealed_values_are_found_by_their_index(conn: &mut impl Inspect) {
    let (graph, ring) = (safe(conn), ring(1));
    let names: Vec<_> =
        indexes::list(conn, "safe").unwrap().into_iter().map(|index| (index.declared, index.exists)).collect();
    assert_eq!(names, [("city".to_owned(), true), ("email".to_owned(), true)]);
    let rows = (0..2000).map(|number| in_city(&format!("h{number}"), &format!("city {}", number % 500), &ring));
    graph.insert_many(conn, rows.collect::<Vec<_>>()).unwrap();
    let sought = Holder::F.city.sought::<Safe>("city 7", &ring).unwrap();
    let query = graph.nodes::<Holder>().filter(|h| h.city.eq(&sought));
    let plan = query.clone().explain(conn).unwrap().to_string();
    assert!(plan.contains("_city_"), "{plan}");
    assert_eq!(query.count(conn).unwrap(), 4);
    assert!(metagraph::integrity::check(conn).unwrap().is_clean());
}

pub(crate) fn without_a_key_for_equality_nothing_findable_is_sealed(_: &mut impl GraphConnection) {
    let ring = StaticKeyRing::new(1, [(1, key(1))]).unwrap();
    let context = Holder::F.email.context::<Safe>("mara");
    let refused = Encrypted::<String, metagraph::encryption::Findable>::seal("a@x", &ring, &context).unwrap_err();
    expect_test::expect!["the value is to be found by equality, and the key ring has no key for that; give it one of its own, as with `StaticKeyRing::with_find_key`"].assert_eq(&refused.to_string());
}
