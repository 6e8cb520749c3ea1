//! The struct of typed handles, one for each attribute.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use crate::model::Element;

pub(super) struct Handles {
    pub(super) declared: TokenStream,
    pub(super) ty: TokenStream,
    pub(super) value: TokenStream,
}

pub(super) fn handles(element: &Element) -> Handles {
    let owner = &element.head.ident;
    let attributes: Vec<_> = element.stored().collect();
    let ty = format_ident!("FieldsOf{}", owner.unraw());
    let fields = attributes.iter().map(|attribute| {
        let (vis, ident, ty) = (&attribute.vis, &attribute.ident, &attribute.ty);
        quote!(#vis #ident: __metagraph::Field<#owner, #ty>)
    });
    let values = attributes.iter().map(|attribute| {
        let (ident, name) = (&attribute.ident, &attribute.written);
        quote!(#ident: __metagraph::Field::new(#name))
    });
    // The handles are as visible as the fields they stand for, and as documented.
    let declared = quote! {
        #[doc(hidden)]
        #[allow(
            dead_code, deprecated, missing_docs, missing_debug_implementations, non_camel_case_types, non_snake_case,
            private_interfaces, unnameable_types, unreachable_pub, clippy::all, clippy::pedantic,
            reason = "it mirrors the fields of the user's type"
        )]
        pub struct #ty { #(#fields),* }
    };
    let value = quote!(#ty { #(#values),* });
    Handles { declared, ty: quote!(#ty), value }
}
