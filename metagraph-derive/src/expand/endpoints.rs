//! Edge types: what they connect.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

use super::{place_of, record};
use crate::check::shown;
use crate::model::{EdgeRules, Element, Endpoint};

pub(super) fn edge(element: &Element, from: &Endpoint, to: &Endpoint, rules: &EdgeRules) -> TokenStream {
    let ident = &element.head.ident;
    let definition = record::definition(element);
    let (from_members, to_members) = (members(from), members(to));
    let rules = record::edge_rules(rules);
    let pairs = pairs(element, from, to);
    quote! {
        #[automatically_derived]
        impl __metagraph::EdgeType for #ident {
            const DEFINITION: __metagraph::EdgeDefinition = __metagraph::EdgeDefinition {
                element: #definition,
                from: &[#from_members],
                to: &[#to_members],
                rules: #rules,
            };
        }
        #pairs
    }
}

fn members(endpoint: &Endpoint) -> TokenStream {
    let sets = endpoint.types.iter().map(|ty| quote_spanned!(place_of(ty)=> <#ty as __metagraph::NodeSet>::MEMBERS));
    quote!(#(#sets),*)
}

/// One side of a `Pair` implementation.
struct Side {
    parameter: Option<TokenStream>,
    argument: TokenStream,
}

/// A single type may be a union, whose members only a bound can name; in a list every type is itself.
fn sides(endpoint: &Endpoint, parameter: &TokenStream) -> Vec<Side> {
    let bounded = |bound: TokenStream| Side { parameter: Some(bound), argument: parameter.clone() };
    match endpoint.types.as_slice() {
        // Nothing was said, which is reported; the uses of the edge are not to blame.
        [] => vec![bounded(quote!(#parameter))],
        [ty] => vec![bounded(quote!(#parameter: __metagraph::MemberOf<#ty>))],
        types => distinct(types).map(|ty| Side { parameter: None, argument: quote!(#ty) }).collect(),
    }
}

/// The types without those that came before, which is reported once and not by rustc again.
fn distinct(types: &[Type]) -> impl Iterator<Item = &Type> {
    types
        .iter()
        .enumerate()
        .filter(|(place, ty)| !types.iter().take(*place).any(|earlier| shown(earlier) == shown(ty)))
        .map(|(_, ty)| ty)
}

fn pairs(element: &Element, from: &Endpoint, to: &Endpoint) -> TokenStream {
    let ident = &element.head.ident;
    let (starts, ends) = (sides(from, &quote!(__Source)), sides(to, &quote!(__Target)));
    let pairs = starts.iter().flat_map(|start| ends.iter().map(move |end| (start, end))).collect::<Vec<_>>();
    let alone = |side: &Side, named: TokenStream| {
        let (parameter, end) = (side.parameter.iter(), &side.argument);
        quote! {
            #[automatically_derived]
            #[doc(hidden)]
            impl<#(#parameter),*> __metagraph::#named<#end> for #ident {}
        }
    };
    let alone_ends = starts
        .iter()
        .map(|start| alone(start, quote!(Starts)))
        .chain(ends.iter().map(|end| alone(end, quote!(Ends))))
        .collect::<TokenStream>();
    let implementations = pairs.into_iter().map(|(start, end)| {
        let parameters = start.parameter.iter().chain(&end.parameter);
        let (source, target) = (&start.argument, &end.argument);
        quote! {
            #[automatically_derived]
            #[doc(hidden)]
            impl<#(#parameters),*> __metagraph::Pair<#source, #target> for #ident {}
        }
    });
    let pairs: TokenStream = implementations.collect();
    quote!(#pairs #alone_ends)
}

/// A list of several endpoints holds node types only.
pub(super) fn assertions(from: &Endpoint, to: &Endpoint) -> TokenStream {
    [from, to]
        .into_iter()
        .filter(|endpoint| endpoint.types.len() > 1)
        .flat_map(|endpoint| &endpoint.types)
        .map(listed)
        .collect()
}

fn listed(ty: &Type) -> TokenStream {
    quote_spanned!(place_of(ty)=> const _: () = __metagraph::listed::<#ty>();)
}
