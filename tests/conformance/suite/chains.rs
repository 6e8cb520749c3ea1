//! Hops one after the other: sets, rows, paths, answers for each start.

use metagraph::prelude::*;
use metagraph::query;

use crate::scenarios::{Book, Borrowed, Cites, Library, Reader, book, library};

/// Books a, b, c, d with a → b → c → a and c → d, and two readers: ann borrowed a twice, bob b.
fn shelf(conn: &mut impl GraphConnection) -> (Graph<Library>, [NodeId<Book>; 4], [NodeId<Reader>; 2]) {
    let graph = library(conn);
    let books = ["a", "b", "c", "d"].map(book);
    let books: [NodeId<Book>; 4] = graph.insert_many(conn, books).unwrap().try_into().unwrap();
    let [a, b, c, d] = books;
    let cites = |page| Cites { page, note: None };
    graph.connect_many(conn, [(a, b, cites(1)), (b, c, cites(2)), (c, a, cites(3)), (c, d, cites(4))]).unwrap();
    let readers = [("ann", 1980), ("bob", 1990)].map(|(name, born)| Reader { name: name.into(), born });
    let readers: [NodeId<Reader>; 2] = graph.insert_many(conn, readers).unwrap().try_into().unwrap();
    let [ann, bob] = readers;
    let borrowed = |days| Borrowed { days };
    graph.connect_many(conn, [(ann, a, borrowed(5)), (ann, a, borrowed(9)), (bob, b, borrowed(7))]).unwrap();
    (graph, books, readers)
}

pub(crate) fn a_chain_answers_with_the_set_behind_its_last_hop(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c, d], [ann, bob]) = shelf(conn);
    let read = |who| graph.from(who).out::<Borrowed>().to::<Book>();
    assert_eq!(read(ann).out::<Cites>().to::<Book>().ids(conn).unwrap(), [b]);
    assert_eq!(read(ann).out::<Cites>().to::<Book>().out::<Cites>().to::<Book>().ids(conn).unwrap(), [c]);
    assert_eq!(read(bob).out::<Cites>().to::<Book>().out::<Cites>().to::<Book>().ids(conn).unwrap(), [a, d]);
    assert_eq!(read(ann).out::<Cites>().to::<Book>().in_::<Borrowed>().to::<Reader>().ids(conn).unwrap(), [bob]);
    let deep = read(ann).out::<Cites>().to::<Book>().depth(1..).load(conn).unwrap();
    let deep: Vec<_> = deep.into_iter().map(|book| (book.depth, book.id)).collect();
    assert_eq!(deep, [(1, b), (2, c), (3, d)]);
    let all = graph.from_all(graph.nodes::<Reader>().filter(|r| r.born.gt(1985))).out::<Borrowed>().to::<Book>();
    assert_eq!(all.ids(conn).unwrap(), [b]);
    let both = graph.from_all(graph.nodes::<Book>()).both::<Cites>().to::<Book>().count(conn).unwrap();
    assert_eq!(both, 4);
}

pub(crate) fn rows_hold_every_way_with_its_edges(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c, d], [ann, _]) = shelf(conn);
    let rows = graph.from(ann).out::<Borrowed>().to::<Book>().out::<Cites>().to::<Book>().rows().load(conn).unwrap();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(who, (borrowed, first), (cites, second))| {
            (who.id, borrowed.value.days, first.id, cites.value.page, second.id)
        })
        .collect();
    assert_eq!(rows, [(ann, 5, a, 1, b), (ann, 9, a, 1, b)]);
    let readers = || graph.from_all(graph.nodes::<Book>()).in_::<Borrowed>().to::<Reader>().optional().rows();
    let rows: Vec<_> =
        readers().load(conn).unwrap().into_iter().map(|(book, by)| (book.id, by.map(|by| by.0.value.days))).collect();
    assert_eq!(rows, [(a, Some(5)), (a, Some(9)), (b, Some(7)), (c, None), (d, None)]);
    assert_eq!(readers().count(conn).unwrap(), 5);
    let young =
        graph.from_all(graph.nodes::<Book>()).in_::<Borrowed>().to::<Reader>().filter(|r| r.born.gt(1985)).optional();
    let rows: Vec<_> = young.rows().load(conn).unwrap().into_iter().map(|(book, by)| (book.id, by.is_some())).collect();
    assert_eq!(rows, [(a, false), (b, true), (c, false), (d, false)]);
    let around = graph.from(a).both::<Cites>().to::<Book>().rows().load(conn).unwrap();
    let around: Vec<_> = around.into_iter().map(|(_, (cites, book))| (cites.value.page, book.id)).collect();
    assert_eq!(around, [(1, b), (3, c)]);
    assert_eq!(readers().limit(2).offset(1).load(conn).unwrap().len(), 2);
    assert_eq!(readers().limit(2).offset(4).count(conn).unwrap(), 1);
}

pub(crate) fn parts_of_rows_are_the_rows_with_less(conn: &mut impl GraphConnection) {
    let (graph, [a, b, ..], [ann, bob]) = shelf(conn);
    let read = || graph.from_many([bob, ann, ann]).out::<Borrowed>().to::<Book>().out::<Cites>().to::<Book>();
    let rows = read().rows().load(conn).unwrap();
    assert_eq!(rows.iter().map(|row| row.0.id).collect::<Vec<_>>(), [ann, ann, ann, ann, bob]);
    assert_eq!(read().rows().values().load(conn).unwrap(), {
        let value = |(who, (borrowed, first), (cites, second)): (Node<_>, (Edge<_>, Node<_>), (Edge<_>, Node<_>))| {
            let (first, second) = ((first.id, first.value), (second.id, second.value));
            ((who.id, who.value), (borrowed.value, first), (cites.value, second))
        };
        rows.iter().cloned().map(value).collect::<Vec<_>>()
    });
    let hops: Vec<_> = rows.into_iter().map(|(_, _, last)| last).collect();
    assert_eq!(read().rows().last_hop().load(conn).unwrap(), hops);
    let pages: Vec<_> = hops.iter().map(|(cites, book)| (cites.value.clone(), (book.id, book.value.clone()))).collect();
    assert_eq!(read().rows().last_hop().values().load(conn).unwrap(), pages);
    assert_eq!(read().rows().values().last_hop().limit(2).offset(3).load(conn).unwrap(), pages[3..5]);
    assert_eq!(read().rows().last_hop().count(conn).unwrap(), 5);

    // What has no such hop stays, as long as it is there.
    let borrowers = || graph.from_many([b, a]).in_::<Borrowed>().to::<Reader>().filter(|r| r.born.gt(1985)).optional();
    let last: Vec<_> = borrowers().rows().last_hop().values().load(conn).unwrap();
    assert_eq!(last.iter().map(|hop| hop.as_ref().map(|hop| hop.1.0)).collect::<Vec<_>>(), [None, Some(bob)]);
    graph.delete(conn, a).unwrap();
    assert_eq!(borrowers().rows().last_hop().load(conn).unwrap().len(), 1);
    assert_eq!(graph.from(a).both::<Cites>().to::<Book>().rows().last_hop().load(conn).unwrap(), []);
}

pub(crate) fn paths_are_simple_trails_or_walks(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c, d], _) = shelf(conn);
    let cited = || graph.from(a).out::<Cites>().to::<Book>().depth(1..=4);
    let nodes = |paths: Vec<metagraph::traverse::Path<Cites>>| {
        paths.iter().map(metagraph::traverse::Path::nodes_as::<Book>).collect::<Vec<_>>()
    };
    assert_eq!(nodes(cited().paths(conn, 9).unwrap()), [vec![a, b], vec![a, b, c], vec![a, b, c, d]]);
    assert_eq!(
        nodes(cited().trails(conn, 9).unwrap()),
        [vec![a, b], vec![a, b, c], vec![a, b, c, a], vec![a, b, c, d]]
    );
    assert_eq!(cited().walks(conn, 9).unwrap().len(), 5);
    assert_eq!(cited().walks(conn, 2).unwrap().len(), 2);
    assert_eq!(cited().count_walks(conn).unwrap(), 5);
    assert!(graph.from(a).out::<Cites>().to::<Book>().depth(1..).paths(conn, 9).is_err());
    let shortest = graph.shortest_path::<Cites, Book>(conn, a, d).unwrap().unwrap();
    assert_eq!(shortest.nodes_as::<Book>(), [a, b, c, d]);
    let way = || graph.from(a).both::<Cites>().to::<Book>();
    assert_eq!(way().shortest_path(conn, d).unwrap().unwrap().nodes_as::<Book>(), [a, c, d]);
    let (path, weight) = way().lightest_path(conn, d, |cites| cites.page).unwrap().unwrap();
    assert_eq!((path.nodes_as::<Book>(), weight), (vec![a, c, d], 7.0), "two weigh the same, one has fewer edges");
    let around = graph.from(a).out::<Cites>().to::<Book>().depth(..=2).subgraph(conn).unwrap();
    assert_eq!((around.nodes.len(), around.edges.len()), (3, 3));
    assert_eq!(graph.find_cycle::<Cites, Book>(conn).unwrap(), Some(vec![a, b, c]));
    assert_eq!(graph.leaves::<Cites, Book>().one(conn).unwrap().id, d);
    assert!(!graph.roots::<Cites, Book>().exists(conn).unwrap());
    assert_eq!(graph.degree::<Cites, _>(conn, c).unwrap(), metagraph::Degree { outgoing: 2, incoming: 1 });
}

pub(crate) fn each_start_has_its_own_answer(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c, d], _) = shelf(conn);
    let ids = |answers: Vec<Vec<metagraph::Reached<Book>>>| {
        answers.iter().map(|answer| answer.iter().map(|book| book.id).collect()).collect::<Vec<Vec<_>>>()
    };
    let cited = || graph.from_many([c, a, d, c]).out::<Cites>().to::<Book>();
    assert_eq!(ids(cited().load_each(conn, 9).unwrap()), [vec![a, d], vec![b], vec![], vec![a, d]]);
    assert_eq!(ids(cited().load_each(conn, 1).unwrap()), [vec![a], vec![b], vec![], vec![a]]);
    assert_eq!(
        ids(cited().depth(1..=2).load_each(conn, 9).unwrap()),
        [vec![a, d, b], vec![b, c], vec![], vec![a, d, b]]
    );
    let twice = cited().out::<Cites>().to::<Book>().load_each(conn, 9).unwrap();
    assert_eq!(ids(twice), [vec![b], vec![c], vec![], vec![b]]);
}

pub(crate) fn edges_are_filtered_and_grouped_by_their_ends(conn: &mut impl GraphConnection) {
    let (graph, _, _) = shelf(conn);
    let of_c = graph.edges::<Cites>().filter(|_| Book::F.isbn.at_source().eq("c"));
    assert_eq!(of_c.order_by(|cites| cites.page.desc()).select(|cites| cites.page).load(conn).unwrap(), [4, 3]);
    let by_reader = graph
        .edges::<Borrowed>()
        .group_by(|_| Reader::F.name.at_source())
        .aggregate(|borrowed| (query::count(), borrowed.days.sum()))
        .order_by(|name, _| name.asc())
        .load(conn)
        .unwrap();
    assert_eq!(by_reader, [("ann".to_owned(), (2, Some(14))), ("bob".to_owned(), (1, Some(7)))]);
    let twice = graph.nodes::<Reader>().filter(|_| query::out::<Borrowed, _, Book>().count().ge(2));
    assert_eq!(twice.one(conn).unwrap().key, "ann");
}

pub(crate) fn a_hop_asks_for_the_ends_of_its_edges(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c, d], _) = shelf(conn);
    let (from, to) = (|| Book::F.isbn.at_source::<Cites>(), || Book::F.isbn.at_target::<Cites>());
    let onwards = |start| graph.from(start).out::<Cites>().to::<Book>().filter_edge(|_| from().lt(to()));
    assert_eq!(onwards(c).ids(conn).unwrap(), [d]);
    assert_eq!(onwards(a).depth(1..).ids(conn).unwrap(), [b, c, d]);
    assert_eq!(onwards(c).rows().count(conn).unwrap(), 1);
    assert_eq!(onwards(a).depth(1..=3).count_walks(conn).unwrap(), 3);
    let back = graph.nodes::<Book>().filter(|_| query::out::<Cites, _, Book>().edge(|_| to().lt(from())).exists());
    assert_eq!(back.one(conn).unwrap().id, c);
    let cited = graph.from(d).in_::<Cites>();
    assert_eq!(cited.filter_edge(|_| to().eq("d") & !from().is_null()).count_edges(conn).unwrap(), 1);
    let way = graph.from(a).out::<Cites>().to::<Book>();
    let (_, pages) = way.lightest_path(conn, d, |_| Book::F.page_count.at_target()).unwrap().unwrap();
    assert!((pages - 300.0).abs() < f64::EPSILON);
}
