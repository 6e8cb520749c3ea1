//! Unions: a set of node types that decodes to the right variant.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::{graph, place_of};
use crate::model::Union;

pub(super) fn union(union: &Union) -> TokenStream {
    let ident = &union.head.ident;
    let name = ident.unraw().to_string();
    let types: Vec<_> = graph::distinct(&union.members).map(|member| &member.ty).collect();
    let definitions = types.iter().map(|ty| quote_spanned!(place_of(ty)=> &<#ty as __metagraph::InUnion>::DEFINITION));
    let decoded = union.members.iter().map(|member| graph::decoded(member, &quote!(InUnion)));
    let read = graph::read(ident, &union.members);
    quote! {
        #[automatically_derived]
        impl __metagraph::NodeSet for #ident {
            const MEMBERS: &'static [&'static __metagraph::NodeDefinition] = &[#(#definitions),*];
            fn decode(__name: &__metagraph::str, __attributes: &__metagraph::str) -> __metagraph::JsonResult<Self> {
                __metagraph::Option::None
                    #(#decoded)*
                    .unwrap_or_else(|| __metagraph::unknown_member(#name, __name))
            }
        }
        #[automatically_derived]
        impl __metagraph::MemberOf<Self> for #ident {}
        #(
            #[automatically_derived]
            impl __metagraph::MemberOf<#ident> for #types {}
        )*
        #[automatically_derived]
        impl<G> __metagraph::PartOf<G> for #ident where #(G: __metagraph::Contains<#types>),* {}
        #read
    }
}
