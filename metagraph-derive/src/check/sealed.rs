//! What cannot be asked of an attribute that the database never sees.

use crate::diagnostics::Diagnostics;
use crate::model::Attribute;

/// Two sealings of one value are different texts: no index finds them, and no rule compares them.
pub(super) fn has_no_order(cx: &mut Diagnostics, attribute: &Attribute) {
    if !attribute.is_sealed() {
        return;
    }
    if let Some(word) = &attribute.key {
        cx.error(word, "a `key` is stored as it is, so it cannot be `Encrypted`; choose another field");
    }
    for entry in attribute.indexed.iter().filter(|_| attribute.encrypted_index.is_none()) {
        let word = &entry.word;
        let message = format_args!(
            "`{word}` sees encrypted text only, which differs each time a value is sealed; to find equal values write \
             `encrypted_index` and `Encrypted<_, Findable>`, and read there what that leaks"
        );
        cx.error(word, message);
    }
    if let (Some(_), Some(entry)) = (&attribute.encrypted_index, attribute.indexed.iter().find(|entry| !entry.unique)) {
        let message = "`encrypted_index` is the index already; leave `index` out";
        cx.error(&entry.word, message);
    }
}

/// An index on tags needs tags.
pub(super) fn is_there_to_be_found(cx: &mut Diagnostics, attribute: &Attribute) {
    if let Some(word) = &attribute.encrypted_index
        && !attribute.is_sealed()
    {
        cx.error(word, "`encrypted_index` is for fields of the type `Encrypted<_, Findable>`; of others write `index`");
    }
}
