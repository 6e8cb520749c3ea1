//! Reads what belongs to an edge type alone: its endpoints and its rules.

use proc_macro2::TokenStream;
use syn::Type;

use super::option::{self, Value, Written};
use crate::diagnostics::Diagnostics;
use crate::model::{EdgeRules, Endpoint, ungrouped};
use crate::vocabulary::Place;

/// The `from` and `to` inside `edge(..)`.
pub(crate) fn endpoints(cx: &mut Diagnostics, edge: &Written) -> (Endpoint, Endpoint) {
    let (mut from, mut to) = (None, None);
    match &edge.value {
        Value::Absent => {}
        Value::Equals(_) => edge.malformed(cx, Place::Edge, "names its ends in parentheses"),
        Value::List(tokens) => {
            let ends = option::list_of(tokens.clone(), |error| cx.add(error));
            for end in option::known_at(cx, Place::Ends, ends) {
                let side = if end.word == "from" { &mut from } else { &mut to };
                *side = Some(endpoint(cx, &end));
            }
        }
    }
    if !matches!(edge.value, Value::Equals(_)) {
        let missing = match (&from, &to) {
            (None, None) => Some("`from` and `to`"),
            (None, Some(_)) => Some("`from`"),
            (Some(_), None) => Some("`to`"),
            (Some(_), Some(_)) => None,
        };
        if let Some(missing) = missing {
            let message = format_args!("an edge type needs {missing}: `#[graph(edge(from = A, to = B))]`");
            cx.error(&edge.word, message);
        }
    }
    (from.unwrap_or(Endpoint::UNSAID), to.unwrap_or(Endpoint::UNSAID))
}

fn endpoint(cx: &mut Diagnostics, end: &Written) -> Endpoint {
    let types = match &end.value {
        Value::Absent => {
            end.malformed(cx, Place::Ends, "names node types or a union");
            Vec::new()
        }
        Value::Equals(tokens) => single(cx, end, tokens).into_iter().collect(),
        Value::List(tokens) => {
            let entries: Vec<TokenStream> =
                option::entries(tokens.clone()).into_iter().map(|entry| entry.into_iter().collect()).collect();
            if entries.is_empty() {
                end.malformed(cx, Place::Ends, "names at least one node type");
            }
            entries.iter().filter_map(|entry| single(cx, end, entry)).collect()
        }
    };
    Endpoint { types }
}

fn single(cx: &mut Diagnostics, end: &Written, tokens: &TokenStream) -> Option<Type> {
    let ty = syn::parse2(tokens.clone()).ok().filter(|ty| matches!(ungrouped(ty), Type::Path(_)));
    if ty.is_none() {
        end.malformed(cx, Place::Ends, "names node types or a union");
    }
    ty
}

pub(crate) fn rule(cx: &mut Diagnostics, rules: &mut EdgeRules, option: Written) {
    let rule = match option.word.to_string().as_str() {
        "multi" => &mut rules.multi,
        "unique" => &mut rules.unique,
        "one_out" => &mut rules.one_out,
        "one_in" => &mut rules.one_in,
        "undirected" => &mut rules.undirected,
        _ => &mut rules.acyclic,
    };
    *rule = option.flag(cx, Place::Edge);
}
