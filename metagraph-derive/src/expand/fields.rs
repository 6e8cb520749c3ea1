//! The struct of typed handles, one for each attribute.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;

use super::place_of;
use crate::model::{Attribute, Element};

pub(super) struct Handles {
    pub(super) declared: TokenStream,
    pub(super) ty: TokenStream,
    pub(super) value: TokenStream,
}

pub(super) fn handles(element: &Element) -> Handles {
    let owner = &element.head.ident;
    let ty = format_ident!("FieldsOf{}", owner.unraw(), span = Span::call_site());
    let fields = element.stored().map(|attribute| {
        let (vis, ident, ty) = (&attribute.vis, handle(attribute), named(attribute.ty.to_token_stream(), owner));
        let kind = kind(attribute);
        quote!(#vis #ident: __metagraph::#kind<#owner, #ty>)
    });
    let values = element.stored().map(|attribute| {
        let (ident, name) = (handle(attribute), &attribute.written);
        let kind = kind(attribute);
        quote!(#ident: __metagraph::#kind::new(#name))
    });
    let declared = quote! {
        #[doc(hidden)]
        #[allow(dead_code, private_interfaces, reason = "the handles are as visible as the fields they stand for")]
        pub struct #ty { #(#fields),* }
    };
    let value = quote!(#ty { #(#values),* });
    Handles { declared, ty: quote!(#ty), value }
}

fn kind(attribute: &Attribute) -> Ident {
    Ident::new(if attribute.is_sealed() { "SealedField" } else { "Field" }, Span::call_site())
}

/// The field's name as one of generated code, whose spelling no lint judges a second time.
fn handle(attribute: &Attribute) -> Ident {
    let mut ident = attribute.ident.clone();
    ident.set_span(place_of(&attribute.ident));
    ident
}

/// A field's type outside of its struct, where `Self` would be another type.
fn named(ty: TokenStream, owner: &Ident) -> TokenStream {
    let name = |token| match token {
        TokenTree::Ident(ident) if ident == "Self" => TokenTree::Ident(owner.clone()),
        TokenTree::Group(group) => {
            let mut inside = Group::new(group.delimiter(), named(group.stream(), owner));
            inside.set_span(group.span());
            TokenTree::Group(inside)
        }
        token => token,
    };
    ty.into_iter().map(name).collect()
}
