//! Projections: the attributes that are read, and how a value is put together from them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use super::place_of;
use crate::model::{ProjectedField, Projection};

/// How many fields one tuple of a selection has.
const WIDTH: usize = 8;

pub(super) fn projection(projection: &Projection) -> TokenStream {
    let (Some(of), Some(fields)) = (&projection.of, &projection.fields) else { return of_anything(projection) };
    let ident = &projection.head.ident;
    let types = nested(fields, |field| {
        let ty = &field.ty;
        quote_spanned!(place_of(ty)=> __metagraph::Field<#of, #ty>)
    });
    let handles = nested(fields, |field| {
        let (ty, from) = (&field.ty, handle(&field.from));
        quote_spanned!(place_of(ty)=> __metagraph::Attribute::of(&__fields.#from).read_as::<#ty>())
    });
    let locals = nested(fields, local);
    let values = fields.iter().map(|field| {
        let (ident, local) = (&field.ident, local(field));
        quote!(#ident: #local)
    });
    let element = quote_spanned!(place_of(of)=> <#of as __metagraph::Element>::F);
    quote! {
        #[automatically_derived]
        impl __metagraph::Projection<#of> for #ident {
            type Fields = #types;
            fn fields() -> Self::Fields {
                let __fields = #element;
                #handles
            }
            fn build(__values: <Self::Fields as __metagraph::Selection<#of>>::Output) -> Self {
                let #locals = __values;
                Self { #(#values),* }
            }
        }
    }
}

/// Stands in for a projection with mistakes, so that they are not repeated where it is used.
pub(super) fn of_anything(projection: &Projection) -> TokenStream {
    let ident = &projection.head.ident;
    quote! {
        #[automatically_derived]
        impl<__Of> __metagraph::Projection<__Of> for #ident {
            type Fields = __metagraph::Field<__Of, __metagraph::bool>;
            fn fields() -> Self::Fields {
                loop {}
            }
            fn build(_: __metagraph::bool) -> Self {
                loop {}
            }
        }
    }
}

/// A tuple of tuples, since one of them alone is too short for many fields.
fn nested(fields: &[ProjectedField], each: impl Fn(&ProjectedField) -> TokenStream) -> TokenStream {
    let tuples = fields.chunks(WIDTH).map(|fields| {
        let fields = fields.iter().map(&each);
        quote!((#(#fields,)*))
    });
    quote!((#(#tuples,)*))
}

/// The attribute's name as one of generated code, like the handle it finds.
fn handle(from: &Ident) -> Ident {
    let mut from = from.clone();
    from.set_span(place_of(&from));
    from
}

/// A name of its own for each field's value, whatever the user's constants are called.
fn local(field: &ProjectedField) -> TokenStream {
    let name = format_ident!("__value_{}", field.ident.unraw(), span = Span::call_site());
    quote!(#name)
}
