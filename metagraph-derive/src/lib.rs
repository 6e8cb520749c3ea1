//! The derive macro of metagraph. It is used through the facade crate, as `metagraph::GraphType`, which also runs the
//! examples of its page: a dependency on the facade, even for tests, would make a cycle.

mod check;
mod diagnostics;
mod expand;
mod graph_type;
mod model;
mod parse;
mod vocabulary;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

#[cfg_attr(not(doctest), doc = include_str!("page.md"))]
#[proc_macro_derive(GraphType, attributes(graph))]
pub fn graph_type(input: TokenStream) -> TokenStream {
    graph_type::derive(&parse_macro_input!(input as DeriveInput)).into()
}
