//! Cursors: text to the outside, and a place in one query only.

use expect_test::expect;
use metagraph::prelude::*;
use metagraph::query;
use metagraph::{Cursor, Error};
use serde_json::json;

use super::pages::nine;
use crate::refusal::told;
use crate::scenarios::{Book, Library};

pub(crate) fn a_cursor_bounds_every_way_to_read(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let books = || graph.nodes::<Book>().order_by(|b| [b.page_count.desc(), b.isbn.asc()]);
    let next = books().limit(4).page(conn).unwrap().next.unwrap();
    let keys = |rows: Vec<Node<Book>>| rows.into_iter().map(|row| row.key).collect::<Vec<_>>();
    assert_eq!(keys(books().after(&next).load(conn).unwrap()), ["4", "5", "0", "1", "2"]);
    assert_eq!(keys(books().before(&next).load(conn).unwrap()), ["6", "7", "8"]);
    assert_eq!(keys(books().before(&next).limit(2).load(conn).unwrap()), ["7", "8"]);
    assert_eq!(books().after(&next).count(conn).unwrap(), 5);
    assert_eq!(books().before(&next).count(conn).unwrap(), 3);
    assert!(books().after(&next).exists(conn).unwrap());
    assert!(books().before(&next).exists(conn).unwrap());
    assert_eq!(books().after(&next).first(conn).unwrap().unwrap().key, "4");
    assert_eq!(books().after(&next).select(|b| b.isbn).load(conn).unwrap(), ["4", "5", "0", "1", "2"]);
    assert_eq!(books().before(&next).limit(2).select(|b| b.isbn).load(conn).unwrap(), ["7", "8"]);
    assert_eq!(books().after(&next).aggregate(conn, |b| b.page_count.sum()).unwrap(), Some(2));
    let streamed: Vec<_> = books().after(&next).stream(conn, 2).map(|row| row.unwrap().key).collect();
    assert_eq!(streamed, ["4", "5", "0", "1", "2"]);
    let streamed: Result<Vec<_>, _> = books().before(&next).stream(conn, 2).collect();
    expect!["MG1007: this cannot be asked: rows before a cursor are read in pages, and not as a stream"]
        .assert_eq(&told(&streamed.unwrap_err()));
}

pub(crate) fn a_query_goes_on_from_one_cursor(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let books = || graph.nodes::<Book>().limit(2);
    let first = books().page(conn).unwrap().next.unwrap();
    let second = books().after(&first).page(conn).unwrap().next.unwrap();
    assert_eq!(books().after(&first).after(&second).load(conn).unwrap()[0].key, "4", "the last one counts");
    let refused = books().after(&first).before(&second).load(conn).unwrap_err();
    expect!["MG1007: this cannot be asked: rows are either after a cursor or before one, and not between two"]
        .assert_eq(&told(&refused));
}

pub(crate) fn a_cursor_of_another_query_is_refused(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let other = Graph::<Library>::open_or_create(conn, "other").unwrap();
    let books = || graph.nodes::<Book>().limit(2);
    let cursor = books().order_by(|b| b.title.asc()).page(conn).unwrap().next.unwrap();
    books().order_by(|b| b.title.asc()).after(&cursor).page(conn).unwrap();
    let others = [
        books(),
        books().order_by(|b| b.title.desc()),
        books().order_by(|b| b.isbn.asc()),
        books().order_by(|b| [b.title.asc(), b.isbn.asc()]),
        books().order_by(|b| b.title.asc()).filter(|b| b.signed.eq(true)),
    ];
    let refused = books().after(&cursor).page(conn).unwrap_err();
    expect![[r#"
        MG2006: the cursor does not continue this query: it comes from another graph, filter or order
        (begin again without one: a cursor belongs to one graph, filter and order, and to one release)"#]]
    .assert_eq(&told(&refused));
    for query in others {
        assert!(matches!(query.clone().after(&cursor).page(conn), Err(Error::InvalidCursor { .. })));
        assert!(matches!(query.clone().before(&cursor).load(conn), Err(Error::InvalidCursor { .. })));
        assert!(matches!(query.after(&cursor).exists(conn), Err(Error::InvalidCursor { .. })));
    }
    let elsewhere = other.nodes::<Book>().order_by(|b| b.title.asc()).limit(2).after(&cursor).page(conn);
    assert!(matches!(elsewhere, Err(Error::InvalidCursor { .. })));
}

fn hexadecimal(text: &str) -> String {
    text.bytes().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

pub(crate) fn a_malformed_cursor_is_refused(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let cursor = graph.nodes::<Book>().limit(2).page(conn).unwrap().next.unwrap().to_string();
    for malformed in ["", "x", "é", &cursor[1..], &cursor[2..], &hexadecimal("[]"), &hexadecimal("[1,\"\",[[]],1]")] {
        assert!(matches!(malformed.parse::<Cursor>(), Err(Error::InvalidCursor { .. })), "{malformed}");
    }
    expect![[r#"
        MG2006: the cursor does not continue this query: it is no cursor
        (begin again without one: a cursor belongs to one graph, filter and order, and to one release)"#]]
    .assert_eq(&told(&"".parse::<Cursor>().unwrap_err()));
    let refused = hexadecimal("[2,\"\",[],1]").parse::<Cursor>().unwrap_err();
    expect![[r#"
        MG2006: the cursor does not continue this query: it comes from another release of metagraph
        (begin again without one: a cursor belongs to one graph, filter and order, and to one release)"#]]
    .assert_eq(&told(&refused));
}

pub(crate) fn a_forged_cursor_is_refused(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let books = || graph.nodes::<Book>().order_by(|b| [b.title.asc()]).sorted(query::created_at().asc()).limit(2);
    let books = || books().sorted(query::version().asc());
    let cursor = books().page(conn).unwrap().next.unwrap();
    let bytes: Vec<u8> = cursor
        .to_string()
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    let content: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let (title, time, version) = (content[2][0].clone(), content[2][1].clone(), content[2][2].clone());
    let forged = [
        json!([1, time, version]),
        json!(["a\0", time, version]),
        json!([title, "tomorrow", version]),
        json!([title, 7, version]),
        json!([title, time, "7"]),
        json!([title, time, true]),
        json!([title, time]),
    ];
    for values in forged {
        let mut content = content.clone();
        content[2] = values.clone();
        let cursor: Cursor = hexadecimal(&content.to_string()).parse().unwrap();
        let refused = books().after(&cursor).page(conn).unwrap_err();
        assert!(matches!(refused, Error::InvalidCursor { .. }), "{values}: {refused}");
    }
}

pub(crate) fn a_cursor_is_text_to_the_outside(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let books = || graph.nodes::<Book>().order_by(|b| [b.rating.desc(), b.author.asc()]).limit(4);
    let cursor = books().page(conn).unwrap().next.unwrap();
    assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
    let written = serde_json::to_string(&cursor).unwrap();
    assert_eq!(serde_json::from_str::<Cursor>(&written).unwrap(), cursor);
    assert!(cursor.to_string().bytes().all(|byte| byte.is_ascii_alphanumeric()));
}
