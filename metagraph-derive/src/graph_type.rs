//! The way of one item through the derive: parse, check, expand.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::diagnostics::Diagnostics;
use crate::{check, expand, parse};

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let checked = Diagnostics::scope(|cx| {
        let item = parse::item(cx, input)?;
        check::item(cx, &item);
        Some(item)
    });
    match checked {
        Ok(item) => expand::item(&item),
        Err(refused) => expand::fallback(&refused),
    }
}
