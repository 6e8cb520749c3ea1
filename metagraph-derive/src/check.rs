//! The rules that need two facts, each with its reason; every one blames the word that the user can change.

use crate::diagnostics::Diagnostics;
use crate::model::Item;

pub(crate) fn item(_cx: &mut Diagnostics, item: &Item) {
    match item {
        Item::Element(_) | Item::Union(_) | Item::Graph(_) => {}
    }
}
