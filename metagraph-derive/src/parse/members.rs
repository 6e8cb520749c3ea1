//! Reads the variants of a union or graph type.

use proc_macro2::Ident;
use syn::{Attribute, Expr, ExprLit, Fields, Lit, Meta, Variant};

use super::option;
use crate::check::shown;
use crate::diagnostics::Diagnostics;
use crate::model::Member;
use crate::vocabulary::Place;

const IMPORT: &str = "`#[graph(import)]`";

pub(crate) fn of_union(cx: &mut Diagnostics, variant: &Variant) -> Option<Member> {
    for option in option::of(cx, &variant.attrs, IMPORT) {
        let message = format_args!("a variant of a union takes no option: leave `{}` out", option.word);
        cx.error(&option.word, message);
    }
    member(cx, variant, "node type")
}

pub(crate) fn of_graph(cx: &mut Diagnostics, graph: &Ident, variant: &Variant) -> Option<Member> {
    let mut import = None;
    let options = option::of(cx, &variant.attrs, IMPORT);
    for option in option::known_at(cx, Place::Variant, options) {
        import = option.flag(cx, Place::Variant);
    }
    let holds = if import.is_some() { "graph type" } else { "node or edge type" };
    let member = member(cx, variant, holds)?;
    // A vocabulary that has itself as a part has no end.
    if import.is_some() && *graph == shown(&member.ty) {
        cx.error(&member.ty, "a graph type cannot import itself");
        return None;
    }
    Some(Member { import, ..member })
}

fn member(cx: &mut Diagnostics, variant: &Variant, holds: &str) -> Option<Member> {
    let ident = &variant.ident;
    if let Fields::Unnamed(fields) = &variant.fields {
        let mut each = fields.unnamed.iter();
        if let (Some(field), None) = (each.next(), each.next()) {
            for option in option::of(cx, &field.attrs, IMPORT) {
                let message = format_args!("a variant's type takes no option: leave `{}` out", option.word);
                cx.error(&option.word, message);
            }
            return Some(Member { ident: ident.clone(), ty: field.ty.clone(), import: None });
        }
    }
    cx.error(variant, format_args!("`{ident}` must hold one {holds}: `{ident}({ident})`"));
    None
}

/// What the user wrote above the type.
pub(crate) fn description(attrs: &[Attribute]) -> String {
    let lines: Vec<String> = attrs.iter().filter_map(doc_line).collect();
    lines.join("\n").trim().to_owned()
}

fn doc_line(attr: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attr.meta else { return None };
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &meta.value else { return None };
    let text = text.value();
    meta.path.is_ident("doc").then(|| text.strip_prefix(' ').unwrap_or(&text).to_owned())
}
