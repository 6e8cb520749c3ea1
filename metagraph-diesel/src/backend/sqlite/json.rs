//! Values in JSON text, by SQLite's functions: the same spelling in queries and indexes, or no index is used.

use metagraph_core::query::Kind;
use metagraph_core::query::condition::Quantity;
use metagraph_core::query::pattern::Token;
use metagraph_core::query::source::Step;

use crate::backend::Form;

/// Of what is further on, SQLite would forget the upper bits.
const LAST_PLACE: usize = i32::MAX as usize;

/// A path as a literal (<https://sqlite.org/json1.html#path_arguments>); names with `"` or `\` were refused before.
fn path(steps: &[Step]) -> String {
    let mut path = "'$".to_owned();
    for step in steps {
        match step {
            Step::Member(name) => {
                path.push_str(".\"");
                path.push_str(&name.replace('\'', "''"));
                path.push('"');
            }
            Step::Element(place) => {
                path.push('[');
                path.push_str(&place.min(&LAST_PLACE).to_string());
                path.push(']');
            }
        }
    }
    path.push('\'');
    path
}

pub(super) fn value(json: &str, steps: &[Step], form: Form) -> String {
    let path = path(steps);
    match form {
        Form::Text => format!("(CASE json_type({json}, {path}) WHEN 'text' THEN {json} ->> {path} END)"),
        Form::AnyText => format!("{json} ->> {path}"),
        Form::IsText => format!("json_type({json}, {path}) = 'text'"),
        Form::Time => format!("rtrim({}, 'Z')", value(json, steps, Form::Text)),
        Form::Number => {
            format!("(CASE WHEN json_type({json}, {path}) IN ('integer', 'real') THEN {json} ->> {path} END)")
        }
        Form::Flag => format!("(CASE json_type({json}, {path}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)"),
        Form::Json => format!("nullif({json} -> {path}, 'null')"),
        // A whole number is the same whether it was written with a fraction or without.
        Form::Key => format!(
            "(CASE WHEN json_type({json}, {path}) = 'real' AND {json} ->> {path} = CAST({json} ->> {path} AS INTEGER) \
             THEN json_quote(CAST({json} ->> {path} AS INTEGER)) ELSE nullif({json} -> {path}, 'null') END)"
        ),
        Form::Length => {
            format!("(CASE json_type({json}, {path}) WHEN 'array' THEN json_array_length({json}, {path}) END)")
        }
        Form::Members => format!(
            "(CASE json_type({json}, {path}) WHEN 'object' THEN (SELECT count(*) FROM json_each({json}, {path})) END)"
        ),
        Form::IsNull => format!("(coalesce(json_type({json}, {path}), 'null') = 'null')"),
    }
}

pub(super) fn elements(json: &str, steps: &[Step], quantity: Quantity, kind: Kind) -> (String, String) {
    let path = path(steps);
    // The value of `true` is 1, so the type has to be right as well.
    let types = match kind {
        Kind::Text => "'text'",
        Kind::Number => "'integer', 'real'",
        Kind::Flag => "'true', 'false'",
    };
    let array = format!("(json_type({json}, {path}) IS 'array' AND ");
    let one = format!("SELECT 1 FROM json_each({json}, {path}) AS j WHERE j.type IN ({types}) AND j.atom");
    match quantity {
        Quantity::Any => (format!("{array}EXISTS ({one} IN (SELECT value FROM json_each("), "))))".to_owned()),
        Quantity::All => (
            format!("{array}NOT EXISTS (SELECT 1 FROM json_each("),
            format!(") AS w WHERE NOT EXISTS ({one} = w.value)))"),
        ),
    }
}

pub(super) fn has_member(json: &str, steps: &[Step]) -> (String, String) {
    let path = path(steps);
    let object = format!("(json_type({json}, {path}) IS 'object' AND ");
    (format!("{object}EXISTS (SELECT 1 FROM json_each({json}, {path}) AS j WHERE j.key = "), "))".to_owned())
}

/// The pattern for `GLOB`, which knows case and sets of letters.
pub(super) fn glob(tokens: &[Token]) -> String {
    let mut glob = String::new();
    for token in tokens {
        match token {
            Token::Any => glob.push('?'),
            Token::Rest => glob.push('*'),
            Token::OneOf(letters) => match letters.as_slice() {
                [letter] if !"*?[".contains(*letter) => glob.push(*letter),
                letters => {
                    glob.push('[');
                    glob.extend(letters);
                    glob.push(']');
                }
            },
        }
    }
    glob
}
