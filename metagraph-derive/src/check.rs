//! The rules that need two facts, each with its reason; every one blames the word that the user can change.

mod attributes;
mod edges;
mod graphs;
mod indexes;
mod names;
mod past;
mod projections;
mod records;
mod sealed;

use quote::ToTokens;

use crate::diagnostics::Diagnostics;
use crate::model::{Element, Flag, GraphType, Item, Projection, Role, Union};

pub(crate) fn item(cx: &mut Diagnostics, item: &Item) {
    match item {
        Item::Element(element) => self::element(cx, element),
        Item::Union(union) => self::union(cx, union),
        Item::Graph(graph) => self::graph(cx, graph),
        Item::Projection(projection) => self::projection(cx, projection),
    }
}

fn element(cx: &mut Diagnostics, element: &Element) {
    names::is_storable(cx, &element.name);
    records::is_an_object(cx, element);
    records::reads_what_it_writes(cx, element);
    for attribute in &element.attributes {
        attributes::has_one_name(cx, attribute);
        attributes::name_fits_a_path(cx, attribute);
        attributes::reads_what_it_writes(cx, attribute, &element.serde);
        attributes::options_have_an_attribute(cx, attribute);
        attributes::key_is_always_there(cx, attribute);
        attributes::key_is_what_is_stored(cx, attribute);
        past::values_differ(cx, attribute);
        sealed::has_no_order(cx, attribute);
        sealed::is_there_to_be_found(cx, attribute);
    }
    attributes::names_differ(cx, element);
    attributes::one_key(cx, element);
    indexes::key_needs_none(cx, element);
    indexes::unique_needs_none(cx, element);
    indexes::names_differ(cx, element);
    indexes::groups_are_of_one_kind(cx, element);
    past::names_are_others(cx, element);
    past::attribute_names_are_free(cx, element);
    past::upgrades_differ(cx, element);
    if let Role::Edge { from, to, rules } = &element.role {
        edges::ends_differ(cx, from);
        edges::ends_differ(cx, to);
        edges::parallel_is_one_choice(cx, rules);
        edges::direction_is_there_when_needed(cx, rules);
    }
}

fn union(cx: &mut Diagnostics, union: &Union) {
    graphs::has_members(cx, &union.head, &union.members, "a union", "node types");
    graphs::members_differ(cx, &union.head, &union.members);
}

fn graph(cx: &mut Diagnostics, graph: &GraphType) {
    names::is_storable(cx, &graph.name);
    graphs::direction_is_one_choice(cx, &graph.rules);
    graphs::parallel_is_one_choice(cx, &graph.rules);
    graphs::acyclic_has_a_direction(cx, &graph.rules);
    graphs::acyclic_has_no_loops(cx, &graph.rules);
    graphs::has_members(cx, &graph.head, &graph.members, "a graph type", "node and edge types");
    graphs::members_differ(cx, &graph.head, &graph.members);
}

fn projection(cx: &mut Diagnostics, projection: &Projection) {
    projections::reads_something(cx, projection);
    projections::fits_a_selection(cx, projection);
}

/// Reports `word` when the user also wrote `beside`.
fn contradiction(cx: &mut Diagnostics, word: &Flag, beside: &Flag, reason: &str) {
    if let (Some(word), Some(beside)) = (word, beside) {
        cx.error(word, format_args!("`{word}` contradicts `{beside}`: {reason}"));
    }
}

/// How a type or path is shown in a message.
pub(crate) fn shown(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let parts: Vec<String> = text.split(" as ").map(|part| part.replace(' ', "")).collect();
    parts.join(" as ")
}
