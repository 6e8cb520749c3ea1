//! Edges by what is at their ends, and nodes by the edges at them.

use expect_test::expect;
use metagraph::prelude::*;
use metagraph::query;

use crate::refusal::told;
use crate::scenarios::{
    Book, Borrowed, Cites, Human, Knows, Library, Note, Post, Reader, Touches, Wrote, book, found, library, note,
    notes, people,
};
use crate::scenarios::{Document, Owns, Person, Principal, office};

const NONE: [&str; 0] = [];

/// Books `a` to `d`: a cites b and c, b cites c, d cites itself; ann borrows a twice, bob borrows c.
fn cited(conn: &mut impl GraphConnection) -> Graph<Library> {
    let graph = library(conn);
    let rated = |isbn: &str, rating, signed| Book { rating, signed, ..book(isbn) };
    let books =
        [rated("a", Some(1.0), false), rated("b", None, true), rated("c", Some(3.0), true), rated("d", None, false)];
    let ids = graph.insert_many(conn, books).unwrap();
    let note = |note: &str| Some(note.to_owned());
    let cites = [(0, 1, 5, None), (0, 2, 7, note("see")), (1, 2, 9, note("cf.")), (3, 3, 1, None)];
    let cites = cites.map(|(source, target, page, note)| (ids[source], ids[target], Cites { page, note }));
    graph.connect_many(conn, cites).unwrap();
    let readers = [("ann", 1990), ("bob", 1980), ("cat", 1970)].map(|(name, born)| Reader { name: name.into(), born });
    let readers = graph.insert_many(conn, readers).unwrap();
    let loans = [(0, 0, 3), (0, 0, 4), (1, 2, 5)];
    graph
        .connect_many(conn, loans.map(|(reader, book, days)| (readers[reader], ids[book], Borrowed { days })))
        .unwrap();
    graph
}

pub(crate) fn edges_are_found_by_attributes_of_their_ends(conn: &mut impl GraphConnection) {
    let graph = cited(conn);
    let cites = || graph.edges::<Cites>();
    let mut pages = |predicate| cites().filter(|_| predicate).select(|c| c.page).load(conn).unwrap();
    let b = Book::F;
    assert_eq!(pages(b.isbn.at_source::<Cites>().eq("a")), [5, 7]);
    assert_eq!(pages(b.isbn.at_target::<Cites>().eq("c")), [7, 9]);
    assert_eq!(
        pages(b.isbn.at_source::<Cites>().eq("a") & b.signed.at_target::<Cites>().eq(true) & Cites::F.page.gt(5)),
        [7]
    );
    assert_eq!(pages(b.rating.at_target::<Cites>().is_null()), [5, 1]);
    assert_eq!(pages(!b.rating.at_target::<Cites>().ge(1.0)), [5, 1]);
    assert_eq!(pages(b.title.at_source::<Cites>().contains_ci("OF D") | Cites::F.note.starts_with("c")), [9, 1]);
    assert_eq!(pages(b.isbn.at_source::<Cites>().eq(b.isbn.at_target::<Cites>())), [1]);
    assert_eq!(pages(b.isbn.at_source::<Cites>().is_in(["b", "d"])), [9, 1]);
    assert_eq!(pages(b.tags.at_source::<Cites>().len().eq(0)), [5, 7, 9, 1]);
    assert_eq!(pages(b.place.at_target::<Cites>().at::<String>("shelf").is_null()), [5, 7, 9, 1]);
    assert_eq!(pages(query::key::<Book>().at_target::<Cites>().ge("c")), [7, 9, 1]);
    assert_eq!(pages(query::out::<Cites, Book, Book>().count().at_source::<Cites>().ge(2)), [5, 7]);
    assert_eq!(cites().filter(|_| b.isbn.at_source::<Cites>().eq("a")).count(conn).unwrap(), 2);
    assert!(!cites().filter(|_| b.isbn.at_target::<Cites>().eq("a")).exists(conn).unwrap());
}

pub(crate) fn edges_are_ordered_and_selected_by_attributes_of_their_ends(conn: &mut impl GraphConnection) {
    let graph = cited(conn);
    let (from, to) = (Book::F.isbn.at_source::<Cites>(), Book::F.rating.at_target::<Cites>());
    let ordered = graph.edges::<Cites>().order_by(|c| [to.asc(), c.page.desc()]);
    let read = ordered.select(|c| (from.clone(), c.page, to.clone())).load(conn).unwrap();
    let row = |from: &str, page, to| (from.to_owned(), page, to);
    assert_eq!(read, [row("b", 9, Some(3.0)), row("a", 7, Some(3.0)), row("a", 5, None), row("d", 1, None)]);
    let loans = graph.edges::<Borrowed>().order_by(|l| l.days.desc());
    let read = loans
        .select(|l| (Reader::F.name.at_source::<Borrowed>(), Book::F.added.at_target::<Borrowed>(), l.days))
        .load(conn)
        .unwrap();
    assert_eq!(read[0], ("bob".to_owned(), book("c").added, 5));
}

pub(crate) fn an_edge_without_direction_has_the_ends_it_was_given(conn: &mut impl GraphConnection) {
    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    graph.connect(conn, bob, ann, &Knows { since: 1 }).unwrap();
    let (from, to) = (Human::F.name.at_source::<Knows>(), Human::F.name.at_target::<Knows>());
    let knows = || graph.edges::<Knows>();
    let read = knows().select(|_| (from.clone(), to.clone())).load(conn).unwrap();
    assert_eq!(read, [("bob".to_owned(), "ann".to_owned())]);
    assert_eq!(knows().filter(|_| from.eq("bob") & to.eq("ann")).count(conn).unwrap(), 1);
    assert_eq!(knows().filter(|_| from.eq("ann") | to.eq("bob")).count(conn).unwrap(), 0);
    assert_eq!(
        knows().group_by(|_| from.clone()).aggregate(|_| query::count()).load(conn).unwrap(),
        [("bob".into(), 1)]
    );
    let early = graph.insert(conn, &Post { number: 7 }).unwrap();
    let late = graph.insert(conn, &Human { name: "late".into() }).unwrap();
    graph.connect(conn, late, early, &Wrote).unwrap();
    let wrote =
        graph.edges::<Wrote>().select(|_| (Human::F.name.at_source::<Wrote>(), Post::F.number.at_target::<Wrote>()));
    assert_eq!(wrote.load(conn).unwrap(), [("late".to_owned(), 7)]);
}

pub(crate) fn an_end_of_another_type_lacks_the_attributes(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let graph = &office.graph;
    let owned = [office.ada.raw(), office.kernel.raw()];
    for owner in owned {
        graph.connect(conn, NodeId::<Principal>::from_raw(owner), office.paper, &Owns).unwrap();
    }
    let (name, age) = (Person::F.name.at_source::<Owns>(), Person::F.age.at_source::<Owns>());
    let owns = || graph.edges::<Owns>();
    let names = owns().order_by(|_| name.asc()).select(|_| query::key::<Person>().at_source::<Owns>());
    assert_eq!(names.load(conn).unwrap(), [Some("ada".to_owned()), None]);
    assert_eq!(owns().filter(|_| name.is_null()).count(conn).unwrap(), 1);
    assert_eq!(owns().filter(|_| !age.ge(0)).count(conn).unwrap(), 1);
    assert_eq!(
        owns().aggregate(conn, |_| (query::count(), age.count(), name.max())).unwrap(),
        (2, 1, Some("ada".into()))
    );
    let keys = owns().order_by(|_| query::key::<Principal>().at_source::<Owns>().desc());
    let keys = keys.select(|_| query::key::<Principal>().at_source::<Owns>()).load(conn).unwrap();
    assert_eq!(keys, [Some("kernel".to_owned()), Some("ada".to_owned())]);
    let owners = query::in_::<Owns, Document, Principal>().count();
    assert_eq!(graph.nodes::<Document>().select(|_| owners).load(conn).unwrap(), [2]);
    let people = query::in_::<Owns, Document, Person>().node(|p| p.name.eq("ada")).count();
    assert_eq!(graph.nodes::<Document>().select(|_| people).load(conn).unwrap(), [1]);
}

pub(crate) fn lists_at_an_end_are_refused(conn: &mut impl GraphConnection) {
    let graph = cited(conn);
    let mut refused = |predicate| told(&graph.edges::<Cites>().filter(|_| predicate).load(conn).unwrap_err());
    expect!["MG1007: this cannot be asked: only an attribute can be an array"]
        .assert_eq(&refused(Book::F.tags.at_source::<Cites>().contains("x")));
    expect!["MG1007: this cannot be asked: arrays and objects are compared as attributes of the row itself"]
        .assert_eq(&refused(Book::F.tags.at_source::<Cites>().eq(vec!["x".to_owned()])));
    expect!["MG1007: this cannot be asked: only an attribute can be an object"]
        .assert_eq(&refused(Book::F.counters.at_target::<Cites>().has_key("x")));
}

pub(crate) fn nodes_are_found_by_the_edges_at_them(conn: &mut impl GraphConnection) {
    let graph = cited(conn);
    let out = query::out::<Cites, Book, Book>;
    let in_ = query::in_::<Cites, Book, Book>;
    let both = query::both::<Cites, Book, Book>;
    assert_eq!(found(conn, &graph, |_| out().exists()), ["a", "b", "d"]);
    assert_eq!(found(conn, &graph, |_| !out().exists()), ["c"]);
    assert_eq!(found(conn, &graph, |_| in_().exists()), ["b", "c", "d"]);
    assert_eq!(found(conn, &graph, |_| both().exists()), ["a", "b", "c", "d"]);
    assert_eq!(found(conn, &graph, |_| out().edge(|c| c.page.gt(5)).exists()), ["a", "b"]);
    assert_eq!(found(conn, &graph, |_| out().edge(|c| c.page.gt(5)).edge(|c| c.page.lt(9)).exists()), ["a"]);
    assert_eq!(found(conn, &graph, |_| out().node(|b| b.signed.eq(true)).exists()), ["a", "b"]);
    assert_eq!(found(conn, &graph, |_| in_().node(|b| b.signed.eq(true)).exists()), ["c"]);
    assert_eq!(found(conn, &graph, |_| both().node(|b| b.isbn.eq("b")).exists()), ["a", "c"]);
    assert_eq!(found(conn, &graph, |_| out().edge(|c| c.page.eq(5)).node(|b| b.isbn.eq("c")).exists()), NONE);
    assert_eq!(found(conn, &graph, |b| b.rating.is_null() & in_().exists()), ["b", "d"]);
}

pub(crate) fn edges_at_a_node_are_counted_a_self_loop_once(conn: &mut impl GraphConnection) {
    let graph = cited(conn);
    let both = || query::both::<Cites, Book, Book>().count();
    let counts = |field: query::Neighbours<Book, Cites, Book>| field.count();
    assert_eq!(found(conn, &graph, |_| both().eq(2)), ["a", "b", "c"]);
    assert_eq!(found(conn, &graph, |_| both().eq(1)), ["d"]);
    assert_eq!(found(conn, &graph, |_| counts(query::in_()).eq(2)), ["c"]);
    assert_eq!(found(conn, &graph, |_| counts(query::out()).lt(counts(query::in_()))), ["c"]);
    let many = graph.nodes::<Book>().order_by(|b| [counts(query::out()).desc(), b.isbn.desc()]);
    let read = many.select(|b| (b.isbn, counts(query::out()), both())).load(conn).unwrap();
    assert_eq!(
        read,
        [("a", 2, 2), ("d", 1, 1), ("b", 1, 2), ("c", 0, 2)].map(|(isbn, out, both)| (isbn.to_owned(), out, both))
    );
    let sums = graph.nodes::<Book>().aggregate(conn, |_| (both().sum(), both().max())).unwrap();
    assert_eq!(sums, (Some(7), Some(2)));
    let groups = graph.nodes::<Book>().group_by(|_| counts(query::out())).aggregate(|_| query::count());
    assert_eq!(groups.order_by(|out, _| out.asc()).load(conn).unwrap(), [(0, 1), (1, 2), (2, 1)]);
}

pub(crate) fn edges_from_other_types_are_asked_for_too(conn: &mut impl GraphConnection) {
    let graph = cited(conn);
    let loans = || query::in_::<Borrowed, Book, Reader>();
    assert_eq!(found(conn, &graph, |_| loans().exists()), ["a", "c"]);
    assert_eq!(found(conn, &graph, |_| loans().count().ge(2)), ["a"]);
    assert_eq!(found(conn, &graph, |_| loans().node(|r| r.born.lt(1990)).exists()), ["c"]);
    let borrows = || query::out::<Borrowed, Reader, Book>();
    let readers = graph.nodes::<Reader>().filter(|_| !borrows().exists()).load(conn).unwrap();
    assert_eq!(readers[0].key, "cat");
    let nested = borrows().node(|_| query::out::<Cites, Book, Book>().node(|b| b.isbn.eq("c")).exists());
    assert_eq!(graph.nodes::<Reader>().filter(|_| nested.exists()).one(conn).unwrap().key, "ann");
}

pub(crate) fn the_edges_at_a_node_are_filtered_by_their_ends(conn: &mut impl GraphConnection) {
    let graph = cited(conn);
    let of = |isbn: &'static str| {
        query::in_::<Cites, Book, Book>().edge(move |_| Book::F.isbn.at_source::<Cites>().eq(isbn))
    };
    assert_eq!(found(conn, &graph, |_| of("a").exists()), ["b", "c"]);
    assert_eq!(found(conn, &graph, |_| of("b").count().eq(1)), ["c"]);
    let to_c = query::both::<Cites, Book, Book>().edge(|_| Book::F.isbn.at_target::<Cites>().eq("c"));
    assert_eq!(found(conn, &graph, |_| to_c.node(|b| b.rating.is_null()).exists()), ["c"]);
}

pub(crate) fn edges_without_direction_are_at_both_of_their_ends(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    let ids = graph.insert_many(conn, ["a", "b", "c"].map(note)).unwrap();
    let touches = [(0, 1, 1), (2, 1, 2), (1, 1, 3), (1, 0, 4)];
    graph.connect_many(conn, touches.map(|(from, to, strength)| (ids[from], ids[to], Touches { strength }))).unwrap();
    let out = query::out::<Touches, Note, Note>;
    let counts = |conn: &mut _, field: metagraph::Field<Note, i64>| {
        graph.nodes::<Note>().order_by(|n| n.name.asc()).select(|_| field).load(conn).unwrap()
    };
    assert_eq!(counts(conn, out().count()), [2, 4, 1]);
    assert_eq!(counts(conn, query::in_::<Touches, Note, Note>().count()), [2, 4, 1]);
    assert_eq!(counts(conn, query::both::<Touches, Note, Note>().count()), [2, 4, 1]);
    assert_eq!(counts(conn, out().edge(|t| t.strength.ge(3)).count()), [1, 2, 0]);
    assert_eq!(counts(conn, out().node(|n| n.name.eq("b")).count()), [2, 1, 1]);
    let near = graph.nodes::<Note>().filter(|_| out().node(|n| n.name.eq("c")).exists()).load(conn).unwrap();
    assert_eq!(near.iter().map(|note| note.key.as_str()).collect::<Vec<_>>(), ["b"]);
}
