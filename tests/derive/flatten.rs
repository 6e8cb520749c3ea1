//! A base struct under `flatten`: its fields are attributes, without handles of their own.

use metagraph::{Element, GraphType, NodeType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What every record has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Base {
    /// Who wrote it.
    author: String,
    year: u16,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Book {
    #[graph(key)]
    isbn: String,
    #[serde(flatten)]
    base: Base,
    #[serde(skip)]
    cached: Option<u32>,
    title: String,
}

#[test]
fn base_fields_appear_in_the_flat_schema() {
    let schema = (Book::DEFINITION.element.schema)();
    let properties: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(properties, ["author", "isbn", "title", "year"]);
    assert_eq!(schema["properties"]["author"]["description"], "Who wrote it.");
}

#[test]
fn flattened_and_skipped_fields_have_no_handle() {
    let names: Vec<_> = Book::DEFINITION.element.fields.iter().map(|field| field.name).collect();
    assert_eq!(names, ["isbn", "title"]);
    assert_eq!((Book::F.isbn.name(), Book::F.title.name()), (Some("isbn"), Some("title")));
}
