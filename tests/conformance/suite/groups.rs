//! Rows in groups: by which keys, filtered and ordered by what was computed.

use metagraph::prelude::*;
use metagraph::query::{self, count};
use serde_json::json;

use super::aggregates::{six, some};
use crate::scenarios::{Book, Borrowed, Cites, Condition, Reader, book, library};

pub(crate) fn rows_are_grouped_by_any_field(conn: &mut impl GraphConnection) {
    let graph = six(conn);
    let books = || graph.nodes::<Book>();
    let by_author = books().group_by(|b| b.author).aggregate(|b| (count(), b.page_count.sum()));
    let by_author = by_author.order_by(|author, _| author.asc()).load(conn).unwrap();
    assert_eq!(
        by_author,
        [
            (some("Ann"), (3, Some(100))),
            (some("Bob"), (1, Some(20))),
            (some("Cat"), (1, Some(50))),
            (None, (1, Some(40)))
        ]
    );
    let by_flag = books().group_by(|b| b.signed).aggregate(|b| b.rating.max());
    assert_eq!(
        by_flag.order_by(|signed, _| signed.desc()).load(conn).unwrap(),
        [(true, Some(Some(2.0))), (false, Some(Some(1.5)))]
    );
    let by_enum = books().group_by(|b| b.condition).aggregate(|_| count()).order_by(|_, many| many.asc());
    assert_eq!(by_enum.load(conn).unwrap(), [(Condition::WellRead, 2), (Condition::AsNew, 4)]);
    let by_number = books().group_by(|b| b.rating).aggregate(|_| count()).order_by(|rating, _| rating.desc());
    assert_eq!(by_number.load(conn).unwrap(), [(None, 3), (Some(2.0), 1), (Some(1.5), 1), (Some(0.5), 1)]);
    let by_length = books().group_by(|b| b.tags.len()).aggregate(|_| count()).order_by(|length, _| length.asc());
    assert_eq!(by_length.load(conn).unwrap(), [(Some(0), 4), (Some(1), 2)]);
    let by_version = books().group_by(|_| query::version()).aggregate(|_| count());
    assert_eq!(by_version.load(conn).unwrap(), [(1, 6)]);
    let by_time = books().filter(|b| b.page_count.le(20)).group_by(|b| b.added).aggregate(|_| count());
    let by_time = by_time.order_by(|added, _| added.desc()).load(conn).unwrap();
    assert_eq!(
        by_time.iter().map(|(added, _)| added.to_string()).collect::<Vec<_>>(),
        ["2026-01-01T00:00:00.2Z", "2026-01-01T00:00:00.1Z"]
    );
    let by_object = books().filter(|b| b.signed.eq(true)).group_by(|b| b.place).aggregate(|b| b.isbn.min());
    assert_eq!(by_object.order_by(|_, isbn| isbn.asc()).load(conn).unwrap()[0].1, Some("b".into()));
}

pub(crate) fn edges_are_counted_by_what_is_at_an_end(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let books = graph.insert_many::<_, Book>(conn, ["a", "b", "c"].map(book)).unwrap();
    let readers = [("Ann", 1980), ("Bob", 1980), ("Cat", 1990), ("Dan", 2000)];
    let readers = readers.map(|(name, born)| Reader { name: name.into(), born });
    let readers = graph.insert_many::<_, Reader>(conn, readers).unwrap();
    let days = [(0, 0, 3), (0, 0, 5), (0, 1, 5), (1, 1, 1), (2, 2, 9), (2, 0, 2), (3, 0, 4)];
    let borrowed = days.map(|(reader, which, days)| (readers[reader], books[which], Borrowed { days }));
    graph.connect_many::<_, Borrowed, _, _>(conn, borrowed).unwrap();
    let other = graph.duplicate(conn, &metagraph::row::NewGraph::named("other")).unwrap();

    for graph in [&graph, &other] {
        let by_year = || graph.edges::<Borrowed>().group_by(|_| Reader::F.born.at_source()).aggregate(|_| count());
        let most = by_year().order_by(|born, many| [many.desc(), born.asc()]).load(conn).unwrap();
        assert_eq!(most, [(1980, 4), (1990, 2), (2000, 1)]);
        let several = by_year().having(|born, many| many.ge(2) & born.lt(1990)).load(conn).unwrap();
        assert_eq!(several, [(1980, 4)]);
        let long = graph.edges::<Borrowed>().filter(|b| b.days.ge(4));
        let by_book = long.group_by(|_| Book::F.isbn.at_target()).aggregate(|_| count());
        assert_eq!(
            by_book.order_by(|isbn, _| isbn.asc()).offset(1).limit(2).load(conn).unwrap(),
            [("b".to_owned(), 1), ("c".to_owned(), 1)]
        );
        let of_ann = graph.edges::<Borrowed>().filter(|_| Reader::F.name.at_source().eq("Ann"));
        let of_ann = of_ann.group_by(|_| Book::F.isbn.at_target()).aggregate(|_| count());
        assert_eq!(
            of_ann.order_by(|_, many| many.desc()).load(conn).unwrap(),
            [("a".to_owned(), 2), ("b".to_owned(), 1)]
        );
    }
}

pub(crate) fn rows_are_grouped_by_several_fields(conn: &mut impl GraphConnection) {
    let graph = six(conn);
    let groups = graph.nodes::<Book>().group_by(|b| (b.author, b.signed)).aggregate(|b| b.page_count.sum());
    let groups = groups.order_by(|(author, signed), _| [author.desc(), signed.desc()]).limit(4).load(conn).unwrap();
    assert_eq!(
        groups,
        [
            ((None, false), Some(40)),
            ((some("Cat"), false), Some(50)),
            ((some("Bob"), true), Some(20)),
            ((some("Ann"), true), Some(30)),
        ]
    );
}

pub(crate) fn the_greatest_groups_are_found_among_all(conn: &mut impl GraphConnection) {
    let graph = six(conn);
    let groups = || graph.nodes::<Book>().group_by(|b| b.author).aggregate(|b| (count(), b.page_count.sum()));
    let top = groups().order_by(|_, (_, sum)| sum.desc()).limit(2).load(conn).unwrap();
    assert_eq!(top, [(some("Ann"), (3, Some(100))), (Some("Cat".into()), (1, Some(50)))]);
    let next = groups().order_by(|_, (_, sum)| sum.desc()).limit(1).offset(2).load(conn).unwrap();
    assert_eq!(next, [(None, (1, Some(40)))]);
    assert!(groups().limit(0).load(conn).unwrap().is_empty());
    assert!(groups().offset(4).load(conn).unwrap().is_empty());
    let of_some = groups().having(|_, (many, sum)| many.eq(1) & sum.gt(Some(20)));
    let of_some = of_some.order_by(|_, (_, sum)| sum.asc()).limit(1).load(conn).unwrap();
    assert_eq!(of_some, [(None, (1, Some(40)))]);
}

pub(crate) fn groups_are_filtered_by_what_was_computed(conn: &mut impl GraphConnection) {
    let graph = six(conn);
    let groups = || graph.nodes::<Book>().group_by(|b| b.author).aggregate(|b| (b.rating.max(), b.rating.count()));
    let names = |groups: Vec<(Option<String>, _)>| groups.into_iter().map(|(author, _)| author).collect::<Vec<_>>();
    let unrated = groups().having(|_, (best, _)| best.is_null()).order_by(|author, _| author.asc()).load(conn).unwrap();
    assert_eq!(names(unrated), [Some("Bob".to_owned()), Some("Cat".to_owned())]);
    let rated =
        groups().having(|_, (best, _)| best.is_not_null()).order_by(|author, _| author.asc()).load(conn).unwrap();
    assert_eq!(names(rated), [some("Ann"), None]);
    let twice = groups().having(|_, (_, many)| many.ge(1)).having(|_, (_, many)| many.lt(2)).load(conn).unwrap();
    assert_eq!(names(twice), [None]);
}

pub(crate) fn groups_are_filtered_by_their_key(conn: &mut impl GraphConnection) {
    let graph = six(conn);
    let books = || graph.nodes::<Book>();
    let by_author = || books().group_by(|b| b.author).aggregate(|_| count());
    assert_eq!(by_author().having(|author, _| author.eq("Ann")).load(conn).unwrap(), [(some("Ann"), 3)]);
    assert_eq!(by_author().having(|author, _| author.starts_with("A")).load(conn).unwrap(), [(some("Ann"), 3)]);
    assert_eq!(by_author().having(|author, _| author.like_ci("aNN")).load(conn).unwrap(), [(some("Ann"), 3)]);
    assert_eq!(by_author().having(|author, _| author.is_null()).load(conn).unwrap(), [(None, 1)]);
    assert_eq!(by_author().having(|author, _| author.is_in(["Ann", "Zoe"])).load(conn).unwrap(), [(some("Ann"), 3)]);
    let by_rating = || books().group_by(|b| b.rating).aggregate(|_| count());
    assert_eq!(by_rating().having(|rating, _| rating.is_null()).load(conn).unwrap(), [(None, 3)]);
    assert_eq!(
        by_rating().having(|rating, _| rating.is_not_null() & rating.lt(1.0)).load(conn).unwrap(),
        [(Some(0.5), 1)]
    );
    let by_flag = || books().group_by(|b| b.signed).aggregate(|_| count());
    assert_eq!(by_flag().having(|signed, _| signed.eq(true)).load(conn).unwrap(), [(true, 2)]);
    assert_eq!(by_flag().having(|signed, _| signed.is_null()).load(conn).unwrap(), []);
    let by_place = books().group_by(|b| b.place).aggregate(|_| count());
    assert_eq!(by_place.having(|place, _| place.is_null()).load(conn).unwrap(), [(None, 4)]);
}

pub(crate) fn edges_are_grouped_by_what_is_at_their_ends(conn: &mut impl GraphConnection) {
    let graph = six(conn);
    let books: Vec<_> = graph.nodes::<Book>().load(conn).unwrap().into_iter().map(|book| book.id).collect();
    let readers = ["rob", "sue"].map(|name| Reader { name: name.into(), born: 1990 });
    let readers = graph.insert_many(conn, readers).unwrap();
    for (days, (reader, book)) in (1..).zip([(0, 0), (0, 1), (1, 0), (1, 3), (1, 0)]) {
        graph.connect(conn, readers[reader], books[book], &Borrowed { days }).unwrap();
    }
    let loans = || graph.edges::<Borrowed>();
    let by_reader = loans().group_by(|_| Reader::F.name.at_source::<Borrowed>()).aggregate(|l| (count(), l.days.sum()));
    let by_reader = by_reader.order_by(|_, (many, _)| many.desc()).load(conn).unwrap();
    assert_eq!(by_reader, [("sue".to_owned(), (3, Some(12))), ("rob".to_owned(), (2, Some(3)))]);
    let pages = Book::F.page_count.at_target::<Borrowed>();
    assert_eq!(
        loans().aggregate(conn, |_| (pages.sum(), pages.max(), pages.count())).unwrap(),
        (Some(90), Some(40), 5)
    );
    let rating = Book::F.rating.at_target::<Borrowed>();
    assert_eq!(loans().aggregate(conn, |_| (rating.count(), rating.avg())).unwrap(), (4, Some(0.75)));
    let signed = Book::F.signed.at_target::<Borrowed>();
    assert_eq!(loans().aggregate(conn, |_| (signed.count(), signed.max())).unwrap(), (5, Some(true)));
    let top = loans().order_by(|l| l.days.desc()).limit(2).aggregate(conn, |_| pages.sum()).unwrap();
    assert_eq!(top, Some(50));
    let most = loans().group_by(|_| Book::F.author.at_target::<Borrowed>()).aggregate(|_| count());
    let most = most.having(|author, _| author.is_not_null()).order_by(|_, many| many.desc()).limit(1);
    assert_eq!(most.load(conn).unwrap(), [(some("Ann"), 3)]);
    assert_eq!(graph.edges::<Cites>().aggregate(conn, |c| (count(), c.page.sum())).unwrap(), (0, None));
}

pub(crate) fn numbers_of_one_value_are_one_group(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let rated = |isbn: &str, rating| Book { rating: Some(rating), ..book(isbn) };
    let books = graph.insert_many(conn, [rated("a", 4.0), rated("b", 9.0), rated("c", 0.0), rated("d", 9.5)]).unwrap();
    graph.patch(conn, books[1], &json!({"rating": 4})).unwrap();
    graph.patch(conn, books[2], &json!({"rating": -0.0})).unwrap();
    graph.insert(conn, &rated("e", 0.0)).unwrap();
    let groups = graph.nodes::<Book>().group_by(|b| b.rating).aggregate(|_| count());
    let groups = groups.order_by(|rating, _| rating.asc()).load(conn).unwrap();
    assert_eq!(groups, [(Some(0.0), 2), (Some(4.0), 2), (Some(9.5), 1)]);
}
