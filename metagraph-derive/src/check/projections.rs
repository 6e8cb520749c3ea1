//! Projections: a number of fields that can be read together.

use crate::diagnostics::Diagnostics;
use crate::model::Projection;

/// Eight tuples of eight.
const MOST: usize = 64;

/// A row of nothing has no statement.
pub(super) fn reads_something(cx: &mut Diagnostics, projection: &Projection) {
    if projection.fields.as_ref().is_some_and(Vec::is_empty) {
        let message = "a projection needs fields, each read from one attribute: `{ downloads: u32 }`";
        cx.error(&projection.head.ident, message);
    }
}

pub(super) fn fits_a_selection(cx: &mut Diagnostics, projection: &Projection) {
    let beyond = projection.fields.as_ref().and_then(|fields| fields.get(MOST));
    if let Some(field) = beyond {
        let message = format_args!("a projection has at most {MOST} fields; read the whole value, or two projections");
        cx.error(&field.ident, message);
    }
}
