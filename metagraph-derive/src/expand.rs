//! From the model to code: data handed to functions of the facade's hidden module. Nothing here can fail.

mod assertions;
mod endpoints;
mod fields;
mod graph;
mod imports;
mod past;
mod projection;
mod record;
mod union;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

use crate::diagnostics::Refused;
use crate::model::{Head, Item, Role};

pub(crate) fn item(item: &Item) -> TokenStream {
    let assertions = match item {
        Item::Element(element) => {
            let sealed = assertions::of_sealed(element);
            let ends = match &element.role {
                Role::Node { .. } => TokenStream::new(),
                Role::Edge { from, to, .. } => endpoints::assertions(from, to),
            };
            quote!(#sealed #ends)
        }
        Item::Union(union) => assertions::of_union(union),
        Item::Graph(graph) => assertions::of_graph(graph),
        Item::Projection(_) => TokenStream::new(),
    };
    enclose(item.head(), &[implementations(item), assertions])
}

/// The errors, and as much of the implementation as was understood: a mistake is not repeated where the type is used.
pub(crate) fn fallback(refused: &Refused<Item>) -> TokenStream {
    let errors = refused.to_compile_errors();
    let rest = refused.item.as_ref().map(|item| {
        let understood = match item {
            Item::Projection(projection) => projection::of_anything(projection),
            item => implementations(item),
        };
        enclose(item.head(), &[understood])
    });
    quote!(#errors #rest)
}

fn implementations(item: &Item) -> TokenStream {
    match item {
        Item::Element(element) => record::element(element),
        Item::Union(union) => union::union(union),
        Item::Graph(graph) => graph::graph(graph),
        Item::Projection(projection) => projection::projection(projection),
    }
}

fn enclose(head: &Head, parts: &[TokenStream]) -> TokenStream {
    let krate = &head.krate;
    quote! {
        #[allow(deprecated, unused_qualifications, reason = "the user's types are named as they were written")]
        const _: () = {
            use #krate::__private as __metagraph;
            #(#parts)*
        };
    }
}

/// The place of the user's token, with the names of the generated code.
fn place_of(blamed: &impl ToTokens) -> Span {
    blamed.span().resolved_at(Span::call_site())
}
