//! What a type was before, as constant data and functions on JSON.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ExprPath;

use super::place_of;
use crate::check::shown;
use crate::model::Element;

pub(super) fn of(element: &Element) -> TokenStream {
    let names = element.past.names.iter().map(|former| former.text.value());
    let attributes = element.stored().flat_map(|attribute| {
        let name = &attribute.written;
        attribute.past.names.iter().map(move |former| {
            let before = former.text.value();
            quote!(__metagraph::RenamedAttribute { name: #name, before: #before })
        })
    });
    let values = element.stored().flat_map(|attribute| {
        let attribute_name = &attribute.written;
        attribute.past.values.iter().map(move |value| {
            let (before, name) = (value.from.value(), value.to.value());
            quote!(__metagraph::RenamedValue { attribute: #attribute_name, name: #name, before: #before })
        })
    });
    let upgrades = element.past.upgrades.iter().map(upgrade);
    quote! {
        __metagraph::Past {
            names: &[#(#names),*],
            attributes: &[#(#attributes),*],
            values: &[#(#values),*],
            upgrades: &[#(#upgrades),*],
        }
    }
}

/// Both functions ask for the same call, so that rustc reports a function that does not fit once.
fn upgrade(function: &ExprPath) -> TokenStream {
    let name = shown(function);
    let made = quote_spanned!(place_of(function)=> __metagraph::upgrade::<_, Self, _>(#function));
    quote! {
        __metagraph::UpgradeDefinition {
            function: #name,
            from: || #made.earlier_schema(),
            run: |__value| #made.run(__value),
        }
    }
}
