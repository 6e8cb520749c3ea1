//! Reads projections: whose attributes, and which one for each field.

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, FieldsNamed, Ident, LitStr, Type};

use super::item::{head, krate};
use super::option::{self, Value, Written};
use crate::diagnostics::Diagnostics;
use crate::model::{ProjectedField, Projection, ungrouped};
use crate::vocabulary::Place;

const OPTIONS: &str = "`#[graph(from = \"downloads\")]`";

pub(super) fn projection(cx: &mut Diagnostics, input: &DeriveInput, options: Vec<Written>) -> Projection {
    let (mut of, mut own_krate) = (None, None);
    for option in options {
        if option.word == "crate" {
            own_krate = krate(cx, &option, Place::Projection);
        } else {
            of = source(cx, &option);
        }
    }
    Projection { head: head(input, own_krate), of, fields: fields(cx, input) }
}

/// The `of` inside `projection(..)`.
fn source(cx: &mut Diagnostics, projection: &Written) -> Option<Type> {
    let reported = cx.len();
    let mut source = None;
    match &projection.value {
        Value::Absent => {}
        Value::Equals(_) => projection.malformed(cx, Place::Projection, "names its type in parentheses"),
        Value::List(tokens) => {
            let options = option::list_of(tokens.clone(), |error| cx.add(error));
            for of in option::known_at(cx, Place::Source, options) {
                const WANTS: &str = "names a node or edge type";
                let ty: Option<Type> = of.value(cx, Place::Source, WANTS);
                if ty.as_ref().is_some_and(|ty| !matches!(ungrouped(ty), Type::Path(_))) {
                    of.malformed(cx, Place::Source, WANTS);
                }
                source = ty;
            }
        }
    }
    if source.is_none() && cx.len() == reported {
        cx.error(
            &projection.word,
            "a projection needs `of`, the type that it reads: `#[graph(projection(of = Package))]`",
        );
    }
    source
}

fn fields(cx: &mut Diagnostics, input: &DeriveInput) -> Option<Vec<ProjectedField>> {
    let blamed = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Some(named(cx, fields)),
            Fields::Unnamed(fields) => fields.to_token_stream(),
            Fields::Unit => input.ident.to_token_stream(),
        },
        Data::Enum(_) | Data::Union(_) => input.ident.to_token_stream(),
    };
    cx.error(&blamed, "a projection is a struct with named fields, each read from one attribute: `{ downloads: u32 }`");
    None
}

fn named(cx: &mut Diagnostics, fields: &FieldsNamed) -> Vec<ProjectedField> {
    fields.named.iter().filter_map(|field| projected(cx, field)).collect()
}

fn projected(cx: &mut Diagnostics, field: &syn::Field) -> Option<ProjectedField> {
    let ident = field.ident.clone()?;
    let mut from = ident.clone();
    let options = option::of(cx, &field.attrs, OPTIONS);
    for option in option::known_at(cx, Place::ProjectedField, options) {
        let Some(text) = option.text(cx, Place::ProjectedField) else { continue };
        match rust_name(&text) {
            Some(name) => from = name,
            None => option.malformed(cx, Place::ProjectedField, "takes the name of a field in quotes"),
        }
    }
    Some(ProjectedField { ident, ty: field.ty.clone(), from })
}

/// The name of a field as Rust has it, where `type` is written `r#type`.
fn rust_name(text: &LitStr) -> Option<Ident> {
    let name = text.parse_with(Ident::parse_any).ok()?;
    if syn::parse2::<Ident>(name.to_token_stream()).is_ok() {
        return Some(name);
    }
    let takes_no_prefix = ["self", "Self", "super", "crate", "_"].iter().any(|word| name == word);
    (!takes_no_prefix).then(|| Ident::new_raw(&name.to_string(), name.span()))
}
