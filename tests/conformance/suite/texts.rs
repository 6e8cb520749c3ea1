//! Texts: parts, patterns, letters of every alphabet, and none that means something else.

use expect_test::expect;
use metagraph::prelude::*;
use metagraph::query::Predicate;

use super::hostile::naughty;
use crate::refusal::told;
use crate::scenarios::{Book, Library, book, found, library};

const NONE: [&str; 0] = [];

/// Books with these titles; their keys are their places.
fn titled<T: AsRef<str>>(conn: &mut impl GraphConnection, titles: &[T]) -> Graph<Library> {
    let graph = library(conn);
    let books = titles.iter().enumerate();
    let books = books.map(|(place, title)| Book { title: title.as_ref().to_owned(), ..book(place.to_string()) });
    graph.insert_many(conn, books.collect::<Vec<_>>()).unwrap();
    graph
}

/// The titles of which the predicate holds.
fn titles(conn: &mut impl GraphConnection, graph: &Graph<Library>, predicate: Predicate<Book>) -> Vec<String> {
    graph.nodes::<Book>().matching(predicate).select(|b| b.title).load(conn).unwrap()
}

pub(crate) fn parts_of_a_text_are_found_letter_by_letter(conn: &mut impl GraphConnection) {
    let graph = titled(conn, &["Emma", "emma", "Gemma", "Emmeline", ""]);
    let title = Book::F.title;
    assert_eq!(titles(conn, &graph, title.starts_with("Em")), ["Emma", "Emmeline"]);
    assert_eq!(titles(conn, &graph, title.ends_with("emma")), ["emma", "Gemma"]);
    assert_eq!(titles(conn, &graph, title.contains("mm")), ["Emma", "emma", "Gemma", "Emmeline"]);
    assert_eq!(titles(conn, &graph, title.ends_with("a longer text than any title")), NONE);
    assert_eq!(titles(conn, &graph, !title.contains("mm")), [""]);
    for every in [title.starts_with(""), title.ends_with(""), title.contains(""), title.like("%")] {
        assert_eq!(titles(conn, &graph, every).len(), 5);
    }
    assert_eq!(titles(conn, &graph, title.eq_ci("")), [""]);
    assert_eq!(titles(conn, &graph, title.like("")), [""]);
    assert_eq!(found(conn, &graph, |b| b.author.contains("") | b.author.like("%")), NONE, "there is no author");
}

pub(crate) fn wildcards_are_letters_except_in_like(conn: &mut impl GraphConnection) {
    let graph = titled(conn, &["100%", "1000", "a_b", "axb", r"a\b", r"a\%b"]);
    let title = Book::F.title;
    assert_eq!(titles(conn, &graph, title.contains("%")), ["100%", r"a\%b"]);
    assert_eq!(titles(conn, &graph, title.ends_with("0%")), ["100%"]);
    assert_eq!(titles(conn, &graph, title.starts_with("a_")), ["a_b"]);
    assert_eq!(titles(conn, &graph, title.starts_with_ci("A_")), ["a_b"]);
    assert_eq!(titles(conn, &graph, title.contains(r"\")), [r"a\b", r"a\%b"]);
    assert_eq!(titles(conn, &graph, title.contains_ci(r"\%")), [r"a\%b"]);
    assert_eq!(titles(conn, &graph, title.like("100%")), ["100%", "1000"]);
    assert_eq!(titles(conn, &graph, title.like(r"100\%")), ["100%"]);
    assert_eq!(titles(conn, &graph, title.like("a_b")), ["a_b", "axb", r"a\b"]);
    assert_eq!(titles(conn, &graph, title.like(r"a\_b")), ["a_b"]);
    assert_eq!(titles(conn, &graph, title.like(r"a\\%b")), [r"a\b", r"a\%b"]);
    assert_eq!(titles(conn, &graph, title.like(r"\a\x\b")), ["axb"], "any letter can be taken as it is");
}

pub(crate) fn signs_of_other_patterns_are_letters(conn: &mut impl GraphConnection) {
    let signs =
        ["[ab]", "a*", "a?", "^a$", "(a|b)", "a+", "a{1}", "a.b", "]", "[^a]", "[[:alpha:]]", "***=a", r"\d", "-"];
    let graph = titled(conn, &signs);
    graph.insert_many(conn, ["a", "b", "ab", "aa"].map(|title| Book { title: title.into(), ..book(title) })).unwrap();
    let title = Book::F.title;
    for sign in signs {
        let pattern = sign.replace('\\', r"\\");
        for predicate in [title.like(&pattern), title.like_ci(&pattern), title.eq_ci(sign), title.eq(sign)] {
            assert_eq!(titles(conn, &graph, predicate), [sign]);
        }
        assert!(titles(conn, &graph, title.contains_ci(sign)).iter().all(|title| title.contains(sign)));
    }
}

pub(crate) fn like_tells_upper_from_lower_case(conn: &mut impl GraphConnection) {
    let graph = titled(conn, &["Emma", "EMMA", "emma", "É", "é"]);
    let title = Book::F.title;
    assert_eq!(titles(conn, &graph, title.like("E%")), ["Emma", "EMMA"]);
    assert_eq!(titles(conn, &graph, title.like("é")), ["é"]);
    assert_eq!(titles(conn, &graph, title.like_ci("e%")), ["Emma", "EMMA", "emma"]);
    assert_eq!(titles(conn, &graph, title.like_ci("_MM_")), ["Emma", "EMMA", "emma"]);
}

pub(crate) fn case_is_ignored_in_all_alphabets(conn: &mut impl GraphConnection) {
    let same = [
        ("ÉMILE", "émile"),
        ("ΣΟΦΟΣ", "σοφος"),
        ("σοφοσ", "σοφος"),
        ("ẞ", "ß"),
        ("ЖУК", "жук"),
        ("Ǆ", "ǆ"),
        ("𐐀", "𐐨"),
    ];
    let different = [("straße", "STRASSE"), ("ﬁ", "FI"), ("e", "é"), ("i", "ı"), ("é", "e\u{301}")];
    let graph = titled(conn, &same.map(|(upper, _)| upper));
    let title = Book::F.title;
    for (upper, lower) in same {
        for predicate in [title.eq_ci(lower), title.like_ci(lower), title.eq_ci(upper)] {
            assert!(titles(conn, &graph, predicate).iter().any(|title| title == upper), "{upper} {lower}");
        }
        assert_eq!(titles(conn, &graph, title.eq(lower)), NONE);
        let held = format!("<{upper}>");
        graph.insert(conn, &Book { title: held.clone(), ..book(format!("{upper} held")) }).unwrap();
        assert!(titles(conn, &graph, title.contains_ci(lower)).contains(&held));
        assert!(titles(conn, &graph, title.starts_with_ci(format!("<{lower}"))).contains(&held));
        assert!(titles(conn, &graph, title.ends_with_ci(format!("{lower}>"))).contains(&held));
    }
    for (one, other) in different {
        let id = graph.insert(conn, &Book { title: one.into(), ..book("different") }).unwrap();
        assert!(!titles(conn, &graph, title.eq_ci(other)).contains(&one.to_owned()), "{one} {other}");
        graph.delete(conn, id).unwrap();
    }
}

pub(crate) fn any_one_letter_is_one_code_point(conn: &mut impl GraphConnection) {
    let graph = titled(conn, &["a", "é", "\u{1F600}", "\n", "e\u{301}", "", "ab"]);
    let title = Book::F.title;
    assert_eq!(titles(conn, &graph, title.like("_")), ["a", "é", "\u{1F600}", "\n"]);
    assert_eq!(titles(conn, &graph, title.like("__")), ["e\u{301}", "ab"]);
    assert_eq!(titles(conn, &graph, title.like("%_")).len(), 6);
}

pub(crate) fn lines_do_not_end_a_text(conn: &mut impl GraphConnection) {
    let graph = titled(conn, &["one\ntwo", "one", "two\r\n", "\n"]);
    let title = Book::F.title;
    assert_eq!(titles(conn, &graph, title.like("one")), ["one"]);
    assert_eq!(titles(conn, &graph, title.like("one%")), ["one\ntwo", "one"]);
    assert_eq!(titles(conn, &graph, title.like("%two")), ["one\ntwo"]);
    assert_eq!(titles(conn, &graph, title.starts_with_ci("TWO")), ["two\r\n"]);
    assert_eq!(titles(conn, &graph, title.contains("\n")), ["one\ntwo", "two\r\n", "\n"]);
}

pub(crate) fn texts_are_ordered_by_code_points(conn: &mut impl GraphConnection) {
    let ordered = [
        "",
        " ",
        "10",
        "9",
        "A",
        "Z",
        "a",
        "aa",
        "z",
        "é",
        "\u{D7FF}",
        "\u{E000}",
        "\u{FFFD}",
        "\u{1F600}",
        "\u{10FFFF}",
    ];
    let mut mixed = ordered;
    mixed.reverse();
    let graph = titled(conn, &mixed);
    let read = graph.nodes::<Book>().order_by(|b| b.title.asc()).select(|b| b.title).load(conn).unwrap();
    assert_eq!(read, ordered);
    for (place, text) in ordered.into_iter().enumerate() {
        assert_eq!(titles(conn, &graph, Book::F.title.lt(text)).len(), place, "{text:?}");
        assert!(titles(conn, &graph, Book::F.title.starts_with(text)).iter().all(|title| title.starts_with(text)));
        let beginning = ordered.iter().filter(|title| title.starts_with(text)).count();
        assert_eq!(titles(conn, &graph, Book::F.title.starts_with(text)).len(), beginning, "{text:?}");
    }
}

pub(crate) fn naughty_strings_are_found_by_every_operation(conn: &mut impl GraphConnection) {
    let strings = naughty();
    let graph = titled(conn, &strings);
    let title = Book::F.title;
    for (place, text) in strings.iter().enumerate().step_by(7) {
        let pattern: String = text.chars().flat_map(|letter| ['\\', letter]).collect();
        let exactly = [title.eq(text), title.like(&pattern), title.is_in([text]), title.between(text, text)];
        for (operation, predicate) in exactly.into_iter().enumerate() {
            assert_eq!(found(conn, &graph, |_| predicate), [place.to_string()], "{operation}: {text:?}");
        }
        let among = [title.starts_with(text), title.ends_with(text), title.contains(text), title.eq_ci(text)];
        let with_case_ignored = [title.contains_ci(text), title.like_ci(&pattern), title.starts_with_ci(text)];
        for (operation, predicate) in among.into_iter().chain(with_case_ignored).enumerate() {
            assert!(found(conn, &graph, |_| predicate).contains(&place.to_string()), "{operation}: {text:?}");
        }
        let containing = strings.iter().filter(|other| other.contains(text)).count();
        assert_eq!(found(conn, &graph, |_| title.contains(text)).len(), containing, "{text:?}");
    }
}

pub(crate) fn long_texts_are_searched_and_longer_patterns_refused(conn: &mut impl GraphConnection) {
    let long: String = "straße [x] * ".chars().cycle().take(4_000).collect();
    let graph = library(conn);
    let written = |isbn: &str, author: &str| Book { author: Some(author.to_owned()), ..book(isbn) };
    graph.insert_many(conn, [written("0", &long), written("1", "short")]).unwrap();
    let author = Book::F.author;
    let upper: String = long.chars().map(|letter| letter.to_ascii_uppercase()).collect();
    for predicate in
        [author.eq_ci(&upper), author.contains_ci(&upper[1..]), author.contains(&long), author.ends_with(&long)]
    {
        assert_eq!(found(conn, &graph, |_| predicate), ["0"]);
    }
    let refused = graph.nodes::<Book>().filter(|b| b.title.like("x".repeat(60_000))).load(conn).unwrap_err();
    expect!["MG1007: this cannot be asked: the pattern is longer than the 50000 bytes that can be matched"]
        .assert_eq(&told(&refused));
    assert_eq!(found(conn, &graph, |b| b.title.contains("x".repeat(60_000))), NONE);
}

pub(crate) fn a_pattern_has_a_limit_and_says_so(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let count = |conn: &mut _, pattern: String| graph.nodes::<Book>().filter(|b| b.title.like_ci(pattern)).count(conn);
    for part in ["_", "%x", "%x_", "%%%%_"] {
        assert_eq!(count(conn, part.repeat(5_000)).unwrap(), 0, "{part}");
    }
    assert_eq!(count(conn, "%".repeat(50_000)).unwrap(), 0);
    let refused = count(conn, "_".repeat(15_001)).unwrap_err().to_string();
    assert_eq!(refused, "this cannot be asked: the pattern has more than 15000 letters and wildcards");
}
