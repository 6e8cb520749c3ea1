//! What the user said a type was in earlier releases.

use proc_macro2::Ident;
use syn::{ExprPath, LitStr};

/// Of a node or edge type.
#[derive(Default)]
pub(crate) struct OfType {
    pub(crate) names: Vec<Former>,
    pub(crate) upgrades: Vec<ExprPath>,
}

/// Of one attribute.
#[derive(Default)]
pub(crate) struct OfAttribute {
    pub(crate) names: Vec<Former>,
    pub(crate) values: Vec<RenamedValue>,
}

/// A name that something had.
pub(crate) struct Former {
    pub(crate) word: Ident,
    pub(crate) text: LitStr,
}

/// A value of an attribute that had another name.
pub(crate) struct RenamedValue {
    pub(crate) word: Ident,
    pub(crate) from: LitStr,
    pub(crate) to: LitStr,
}

impl OfAttribute {
    /// The option words, to blame where nothing can be said of the field.
    pub(crate) fn words(&self) -> impl Iterator<Item = &Ident> {
        let values = self.values.iter().map(|value| &value.word);
        self.names.iter().map(|name| &name.word).chain(values)
    }
}
