//! Imports: every member of a graph type sits at a numbered place, so that others can name it without seeing it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

use super::{graph, place_of};
use crate::model::GraphType;

/// How many places every graph type has; the same number as in the facade's hidden module.
const PLACES: usize = 64;

pub(super) fn imports(graph: &GraphType) -> TokenStream {
    let ident = &graph.head.ident;
    let (imported, own): (Vec<_>, Vec<_>) = graph::distinct(&graph.members).partition(|member| member.import.is_some());
    let imported: Vec<&Type> = imported.iter().map(|member| &member.ty).collect();
    let own: Vec<&Type> = own.iter().map(|member| &member.ty).collect();
    let places = (0..PLACES).map(|place| {
        let member = occupant(&own, &imported, place);
        quote_spanned! {place_of(&member)=>
            #[automatically_derived]
            #[doc(hidden)]
            impl<__By> __metagraph::Slot<__By, #place> for #ident { type Member = #member; }
        }
    });
    let contained = imported.iter().map(|ty| contained(graph, ty));
    quote! {
        #[automatically_derived]
        #[doc(hidden)]
        impl<__By> __metagraph::Imported<__By> for #ident { type Places = Self; }
        #(#places)*
        #(#contained)*
    }
}

/// Own members come first, in order; the places behind them go round among the imports.
fn occupant(own: &[&Type], imported: &[&Type], place: usize) -> TokenStream {
    if let Some(ty) = own.get(place) {
        return quote_spanned!(place_of(ty)=> #ty);
    }
    let behind = place - own.len();
    let round = behind.checked_rem(imported.len()).and_then(|import| imported.get(import));
    let Some(ty) = round else { return quote!(__metagraph::Absent<Self, #place>) };
    let there = behind / imported.len();
    quote_spanned!(place_of(ty)=> <<#ty as __metagraph::Imported<__By>>::Places as __metagraph::Slot<__By, #there>>::Member)
}

fn contained(graph: &GraphType, imported: &Type) -> TokenStream {
    let ident = &graph.head.ident;
    let places = 0..PLACES;
    quote_spanned! {place_of(imported)=>
        #(
            #[automatically_derived]
            #[doc(hidden)]
            impl __metagraph::Has<
                <<#imported as __metagraph::Imported<#ident>>::Places as __metagraph::Slot<#ident, #places>>::Member
            > for #ident {}
        )*
    }
}
