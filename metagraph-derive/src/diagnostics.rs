//! Gathers the mistakes of one item, so that all of them are reported in one build.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Exists only inside [`Diagnostics::scope`], whose answer carries every error: none can be dropped.
pub(crate) struct Diagnostics {
    errors: Vec<syn::Error>,
}

/// What is left of an item with mistakes.
pub(crate) struct Refused<T> {
    /// The item as far as it was understood.
    pub(crate) item: Option<T>,
    errors: Vec<syn::Error>,
}

impl<T> Refused<T> {
    pub(crate) fn to_compile_errors(&self) -> TokenStream {
        self.errors.iter().map(syn::Error::to_compile_error).collect()
    }
}

impl Diagnostics {
    pub(crate) fn scope<T>(read: impl FnOnce(&mut Self) -> Option<T>) -> Result<T, Refused<T>> {
        let mut cx = Self { errors: Vec::new() };
        match read(&mut cx) {
            Some(item) if cx.errors.is_empty() => Ok(item),
            item => Err(Refused { item, errors: cx.errors }),
        }
    }

    /// Whether nothing was reported yet, so that a general hint is not in the way of an exact one.
    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// How many mistakes were reported.
    pub(crate) fn len(&self) -> usize {
        self.errors.len()
    }

    pub(crate) fn error(&mut self, blamed: &(impl ToTokens + ?Sized), message: impl Display) {
        self.errors.push(syn::Error::new_spanned(blamed.to_token_stream(), message));
    }

    pub(crate) fn add(&mut self, error: syn::Error) {
        self.errors.push(error);
    }
}
