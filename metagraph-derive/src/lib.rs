//! The derive macro of metagraph.

mod check;
mod diagnostics;
mod expand;
mod graph_type;
mod model;
mod parse;
mod vocabulary;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a node type, an edge type, a union of node types, or a graph type.
#[proc_macro_derive(GraphType, attributes(graph))]
pub fn graph_type(input: TokenStream) -> TokenStream {
    graph_type::derive(&parse_macro_input!(input as DeriveInput)).into()
}
