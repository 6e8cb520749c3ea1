//! Rules that span several types: only the compiler sees their constants together, so it is asked to check them.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::place_of;
use crate::check::shown;
use crate::model::{Element, GraphType, Member, Union};

/// What is sealed is metagraph's `Encrypted`, and what is found by an index has a tag.
pub(super) fn of_sealed(element: &Element) -> TokenStream {
    let sealed = element.stored().filter(|attribute| attribute.is_sealed());
    let each = sealed.map(|attribute| {
        let ty = &attribute.ty;
        let asked = if attribute.encrypted_index.is_some() { quote!(found_sealed) } else { quote!(sealed) };
        quote_spanned!(place_of(ty)=> const _: () = __metagraph::#asked::<#ty>();)
    });
    each.collect()
}

pub(super) fn of_union(union: &Union) -> TokenStream {
    let ident = &union.head.ident;
    let each = union.members.iter().map(|member| {
        let ty = &member.ty;
        let holds = quote! {
            __metagraph::occurrences_in_set(
                <#ident as __metagraph::NodeSet>::MEMBERS,
                <#ty as __metagraph::InUnion>::DEFINITION.element.name,
            ) == 1
        };
        let message = format!(
            "two members of `{ident}` have the name of `{ty}`; set another with `#[graph(node, name = \"..\")]`",
            ty = shown(ty),
        );
        assertion(member, &holds, &message)
    });
    each.collect()
}

pub(super) fn of_graph(graph: &GraphType) -> TokenStream {
    graph.members.iter().map(|member| of_member(graph, member)).collect()
}

fn of_member(graph: &GraphType, member: &Member) -> TokenStream {
    let (ident, ty) = (&graph.head.ident, &member.ty);
    let shown = shown(ty);
    let definition = quote!(&<#ident as __metagraph::GraphType>::DEFINITION);
    if member.import.is_some() {
        let imported = quote!(&<#ty as __metagraph::Imported<#ident>>::IMPORTED);
        let rules = [
            (
                quote!(__metagraph::slots(#imported) <= __metagraph::SLOTS),
                format!("`{shown}` has more members than can be imported: 64 places, shared out among its own imports"),
            ),
            (
                quote!(__metagraph::imports_cleanly(#definition, #imported)),
                format!(
                    "a member of the imported `{shown}` has the name of another member of `{ident}`; \
                     set another with `#[graph(.., name = \"..\")]`, or list the type once"
                ),
            ),
            (
                quote!(__metagraph::import_direction_fits(#definition, #imported)),
                format!(
                    "`{shown}` does not have the direction of `{ident}`; write `mixed` in `#[graph(..)]` of `{ident}`"
                ),
            ),
            (
                quote!(__metagraph::import_simple_fits(#definition, #imported)),
                format!("`simple` must stand on both `{ident}` and the imported `{shown}`, or on neither"),
            ),
        ];
        return rules.iter().map(|(holds, message)| assertion(member, holds, message)).collect();
    }
    let known = quote!(&<#ty as __metagraph::InGraph>::MEMBER);
    let rules = [
        (
            quote!(__metagraph::occurrences(#definition, <#ty as __metagraph::InGraph>::NAME) == 1),
            format!(
                "two members of `{ident}` have the name of `{shown}`; set another with `#[graph(.., name = \"..\")]`"
            ),
        ),
        (
            quote!(__metagraph::endpoints_known(#definition, #known)),
            format!(
                "edge type `{shown}` connects a node type that `{ident}` does not have; \
                 add every type of its `from` and `to` as a variant of `{ident}`"
            ),
        ),
        (
            quote!(__metagraph::undirected_fits(#definition, #known)),
            format!(
                "edge type `{shown}` is `undirected`, which `{ident}` must allow: write `mixed` in its `#[graph(..)]`"
            ),
        ),
        (
            quote!(__metagraph::direction_fits(#definition, #known)),
            format!(
                "`one_out`, `one_in` and `acyclic` of edge type `{shown}` need a direction, and `{ident}` is `undirected`"
            ),
        ),
        (
            quote!(__metagraph::parallel_fits(#definition, #known)),
            format!(
                "edge type `{shown}` is `multi`, and `{ident}` is `simple`: at most one edge runs between two nodes"
            ),
        ),
    ];
    rules.iter().map(|(holds, message)| assertion(member, holds, message)).collect()
}

fn assertion(member: &Member, holds: &TokenStream, message: &str) -> TokenStream {
    let message = message.replace('{', "{{").replace('}', "}}");
    quote_spanned!(place_of(&member.ty)=> const _: () = ::core::assert!(#holds, #message);)
}
