//! Finds out which of the five shapes an item has, and reads its own options.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, GenericParam, LitInt, LitStr, Path, parse_quote};

use super::option::{self, Written};
use super::{edge, field, members, past, projection, serde};
use crate::diagnostics::Diagnostics;
use crate::model::past::OfType;
use crate::model::rename::snake;
use crate::model::{EdgeRules, Element, GraphRules, GraphType, Head, Item, Name, OnDelete, Record, Role, Scope, Union};
use crate::vocabulary::{self, Place};

pub(crate) fn item(cx: &mut Diagnostics, input: &DeriveInput) -> Option<Item> {
    let options = option::of(cx, &input.attrs, vocabulary::SHAPE_EXAMPLES);
    let (place, options) = shape(cx, input, options)?;
    let options = option::known_at(cx, place, options);
    let owned = refuse_parameters(cx, input, place);
    let item = match place {
        Place::Union => union(cx, input, options).map(Item::Union),
        Place::GraphType => graph(cx, input, options).map(Item::Graph),
        Place::Projection => Some(Item::Projection(projection::projection(cx, input, options))),
        place => element(cx, input, place, options).map(|element| Item::Element(Box::new(element))),
    };
    item.filter(|_| owned)
}

/// The shape said by `node`, `edge`, `union` or `projection`, or a graph type when an enum has only options of one.
fn shape(cx: &mut Diagnostics, input: &DeriveInput, options: Vec<Written>) -> Option<(Place, Vec<Written>)> {
    let (shapes, mut rest): (Vec<_>, Vec<_>) =
        options.into_iter().partition(|option| vocabulary::SHAPES.iter().any(|shape| option.word == shape));
    let is_enum = matches!(input.data, Data::Enum(_));
    let mut shapes = shapes.into_iter();
    let Some(first) = shapes.next() else {
        let names = |option: &Written| vocabulary::at(&option.word.to_string(), Place::GraphType).is_some();
        if is_enum && rest.iter().any(|option| names(option) && option.word != "crate") {
            return Some((Place::GraphType, rest));
        }
        refuse_shapeless(cx, input, &rest);
        return None;
    };
    for other in shapes {
        if other.word == first.word {
            cx.error(&other.word, format_args!("`{}` is said twice; leave one of the two", other.word));
        } else {
            let message = format_args!("a type is either `{}` or `{}`; leave one of the two", first.word, other.word);
            cx.error(&other.word, message);
        }
    }
    let place = match first.word.to_string().as_str() {
        "node" => Place::Node,
        "edge" => Place::Edge,
        "union" => Place::Union,
        _ => Place::Projection,
    };
    rest.insert(0, first);
    Some((place, rest))
}

fn refuse_shapeless(cx: &mut Diagnostics, input: &DeriveInput, options: &[Written]) {
    let ident = &input.ident;
    for option in options {
        let name = option.word.to_string();
        if vocabulary::elsewhere(&name).is_empty() {
            let message = match vocabulary::closest_on_item(&name) {
                Some(meant) => format!("unknown option `{name}`, did you mean `{meant}`?"),
                None => format!("unknown option `{name}`; say what `{ident}` is: {}", vocabulary::SHAPE_EXAMPLES),
            };
            cx.error(&option.word, message);
        }
    }
    if cx.is_empty() {
        cx.error(ident, format_args!("say what `{ident}` is: {}", vocabulary::SHAPE_EXAMPLES));
    }
}

/// One Rust type is one stored type with one name and one schema, and what is stored is owned.
fn refuse_parameters(cx: &mut Diagnostics, input: &DeriveInput, place: Place) -> bool {
    for parameter in &input.generics.params {
        let lifetime = matches!(parameter, GenericParam::Lifetime(_));
        let message = match (place, lifetime) {
            (Place::Projection, true) => "a projection owns what it reads; replace the reference by an owned type",
            (Place::Projection, false) => {
                "a projection reads attributes of known types, so it cannot be generic; write one type for each use"
            }
            (_, true) => "a stored type owns its data; replace the reference by an owned type",
            (_, false) => {
                "a stored type has one name and one schema, so it cannot be generic; write one type for each use"
            }
        };
        cx.error(parameter, message);
    }
    input.generics.params.is_empty()
}

pub(super) fn head(input: &DeriveInput, krate: Option<Path>) -> Head {
    Head { ident: input.ident.clone(), krate: krate.unwrap_or_else(|| parse_quote!(::metagraph)) }
}

pub(super) fn krate(cx: &mut Diagnostics, option: &Written, place: Place) -> Option<Path> {
    let text = option.text(cx, place)?;
    let path = text.parse().ok();
    if path.is_none() {
        option.malformed(cx, place, "takes a path in quotes");
    }
    path
}

fn name(ident: &Ident, said: Option<LitStr>) -> Name {
    match said {
        Some(text) => Name { text: text.value(), said_by: text.to_token_stream() },
        None => Name { text: snake(&ident.unraw().to_string()), said_by: ident.to_token_stream() },
    }
}

fn element(cx: &mut Diagnostics, input: &DeriveInput, place: Place, options: Vec<Written>) -> Option<Element> {
    let serde = serde::container(&input.attrs);
    let (record, attributes) = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => (Record::Struct, field::attributes(cx, fields, &serde)),
            Fields::Unnamed(fields) => (Record::Tuple(fields.to_token_stream()), Vec::new()),
            Fields::Unit => (Record::Unit, Vec::new()),
        },
        Data::Enum(data) => {
            let variants = data.variants.iter().map(|variant| field::variant(cx, variant)).collect();
            (Record::Enum { variants }, Vec::new())
        }
        Data::Union(data) => {
            cx.error(
                &data.union_token,
                "a Rust `union` has no JSON; use a struct, or an enum with `#[serde(tag = \"..\")]`",
            );
            return None;
        }
    };
    let (mut own_name, mut own_krate, mut on_delete, mut ends) = (None, None, None, None);
    let (mut rules, mut past) = (EdgeRules::default(), OfType::default());
    for option in options {
        match option.word.to_string().as_str() {
            "node" => drop(option.flag(cx, place)),
            "edge" => ends = Some(edge::endpoints(cx, &option)),
            "name" => own_name = option.text(cx, place),
            "crate" => own_krate = krate(cx, &option, place),
            "renamed_from" => past.names.extend(past::name(cx, place, option)),
            "upgrade" => past.upgrades.extend(past::upgrade(cx, place, &option)),
            "on_delete" => {
                let choices = [("restrict", OnDelete::Restrict), ("cascade", OnDelete::Cascade)];
                on_delete = option.choice(cx, place, &choices);
            }
            _ => edge::rule(cx, &mut rules, option),
        }
    }
    let role = match ends {
        None => Role::Node { on_delete },
        Some((from, to)) => Role::Edge { from, to, rules },
    };
    let name = name(&input.ident, own_name);
    Some(Element { head: head(input, own_krate), name, role, record, serde, attributes, past })
}

fn union(cx: &mut Diagnostics, input: &DeriveInput, options: Vec<Written>) -> Option<Union> {
    let mut own_krate = None;
    for option in options {
        if option.word == "crate" {
            own_krate = krate(cx, &option, Place::Union);
        } else if !matches!(input.data, Data::Enum(_)) {
            cx.error(&option.word, "`union` stands on an enum whose variants hold one node type each");
        } else {
            option.flag(cx, Place::Union);
        }
    }
    let Data::Enum(data) = &input.data else { return None };
    let members = data.variants.iter().filter_map(|variant| members::of_union(cx, variant)).collect();
    Some(Union { head: head(input, own_krate), members })
}

fn graph(cx: &mut Diagnostics, input: &DeriveInput, options: Vec<Written>) -> Option<GraphType> {
    const PLACE: Place = Place::GraphType;
    let Data::Enum(data) = &input.data else { return None };
    let (mut own_name, mut own_krate, mut version, mut scope) = (None, None, None, None);
    let mut rules = GraphRules::default();
    for option in options {
        match option.word.to_string().as_str() {
            "name" => own_name = option.text(cx, PLACE),
            "crate" => own_krate = krate(cx, &option, PLACE),
            "version" => version = count(cx, &option),
            "scope" => {
                let choices = [("system", Scope::System), ("tenant", Scope::Tenant), ("user", Scope::User)];
                scope = option.choice(cx, PLACE, &choices);
            }
            "directed" => rules.directed = option.flag(cx, PLACE),
            "undirected" => rules.undirected = option.flag(cx, PLACE),
            "mixed" => rules.mixed = option.flag(cx, PLACE),
            "multi" => rules.multi = option.flag(cx, PLACE),
            "simple" => rules.simple = option.flag(cx, PLACE),
            "self_loops" => rules.self_loops = option.flag(cx, PLACE),
            _ => rules.acyclic = option.flag(cx, PLACE),
        }
    }
    Some(GraphType {
        head: head(input, own_krate),
        name: name(&input.ident, own_name),
        description: members::description(&input.attrs),
        version: version.unwrap_or(1),
        scope,
        rules,
        members: data.variants.iter().filter_map(|variant| members::of_graph(cx, &input.ident, variant)).collect(),
    })
}

fn count(cx: &mut Diagnostics, option: &Written) -> Option<u32> {
    let wants = "takes a whole number from 1";
    let number: LitInt = option.value(cx, Place::GraphType, wants)?;
    let counted = number.base10_parse().ok().filter(|version| *version > 0);
    if counted.is_none() {
        option.malformed(cx, Place::GraphType, wants);
    }
    counted
}
