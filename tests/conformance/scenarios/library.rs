//! Books that cite each other and readers who borrow them: attributes of every kind.

use std::collections::BTreeMap;

use jiff::Timestamp;
use metagraph::prelude::*;
use metagraph::query::{Kind, Predicate, Scalar};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Book {
    #[graph(key)]
    pub(crate) isbn: String,
    #[graph(index)]
    pub(crate) title: String,
    pub(crate) author: Option<String>,
    #[graph(index)]
    pub(crate) page_count: u32,
    pub(crate) rating: Option<f64>,
    pub(crate) signed: bool,
    pub(crate) condition: Condition,
    pub(crate) tags: Vec<String>,
    pub(crate) place: Option<Place>,
    pub(crate) counters: BTreeMap<String, i64>,
    #[graph(index)]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) added: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Condition {
    AsNew,
    WellRead,
}

impl Scalar for Condition {
    const KIND: Kind = Kind::Text;
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Place {
    pub(crate) shelf: String,
    pub(crate) row: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Reader {
    #[graph(key)]
    pub(crate) name: String,
    pub(crate) born: i32,
}

#[derive(Debug, PartialEq, GraphType)]
#[graph(union)]
pub(crate) enum Item {
    Book(Book),
    Reader(Reader),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Book, to = Book))]
pub(crate) struct Cites {
    #[graph(index)]
    pub(crate) page: u32,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Reader, to = Book), multi)]
pub(crate) struct Borrowed {
    pub(crate) days: u32,
}

#[derive(GraphType)]
#[graph(name = "library", self_loops)]
pub(crate) enum Library {
    Book(Book),
    Reader(Reader),
    Cites(Cites),
    Borrowed(Borrowed),
}

/// An empty library.
pub(crate) fn library(conn: &mut impl GraphConnection) -> Graph<Library> {
    metagraph::sync::<Library, _>(conn).unwrap();
    Graph::<Library>::open_or_create(conn, "library").unwrap()
}

/// A book of which only this is interesting.
pub(crate) fn book(isbn: impl Into<String>) -> Book {
    let isbn = isbn.into();
    Book {
        title: format!("Title of {isbn}"),
        isbn,
        author: None,
        page_count: 100,
        rating: None,
        signed: false,
        condition: Condition::AsNew,
        tags: Vec::new(),
        place: None,
        counters: BTreeMap::new(),
        added: "2026-01-01T00:00:00Z".parse().unwrap(),
    }
}

/// The books of which the predicate holds, by key.
pub(crate) fn found(
    conn: &mut impl GraphConnection,
    graph: &Graph<Library>,
    predicate: impl FnOnce(<Book as Element>::Fields) -> Predicate<Book>,
) -> Vec<String> {
    let books = graph.nodes::<Book>().filter(predicate).load(conn).unwrap();
    books.into_iter().map(|book| book.key).collect()
}
