//! Values in `jsonb`, by PostgreSQL's operators: the same spelling in queries and indexes, or no index is used.

use metagraph_core::query::condition::Quantity;
use metagraph_core::query::pattern::Token;
use metagraph_core::query::source::Step;

use crate::backend::Form;

/// The operators take no place that is further on.
const LAST_PLACE: usize = i32::MAX as usize;

/// The value at the end of the steps; the last one by `last`.
fn follow(json: &str, steps: &[Step], last: &str) -> String {
    let mut expression = json.to_owned();
    for (place, step) in steps.iter().enumerate() {
        let operator = if place + 1 == steps.len() { last } else { "->" };
        expression = match step {
            Step::Member(name) => format!("{expression} {operator} '{}'", name.replace('\'', "''")),
            // The operator would take a scalar for an array of one.
            Step::Element(place) => {
                let place = place.min(&LAST_PLACE);
                let text = if operator == "->>" { " #>> '{}'" } else { "" };
                format!("jsonb_path_query_first({expression}, 'strict $[{place}]', '{{}}', true){text}")
            }
        };
    }
    expression
}

pub(super) fn value(json: &str, steps: &[Step], form: Form) -> String {
    let found = follow(json, steps, "->");
    let text = follow(json, steps, "->>");
    match form {
        Form::Text => format!("((CASE WHEN jsonb_typeof({found}) = 'string' THEN {text} END) COLLATE \"C\")"),
        Form::AnyText => format!("({text}) COLLATE \"C\""),
        Form::IsText => format!("jsonb_typeof({found}) = 'string'"),
        Form::Time => {
            format!("(rtrim(CASE WHEN jsonb_typeof({found}) = 'string' THEN {text} END, 'Z') COLLATE \"C\")")
        }
        Form::Number => format!("(CASE WHEN jsonb_typeof({found}) = 'number' THEN ({found})::numeric END)"),
        Form::Flag => format!("(CASE WHEN jsonb_typeof({found}) = 'boolean' THEN ({found})::boolean END)"),
        Form::Json | Form::Key => format!("nullif({found}, 'null'::jsonb)"),
        Form::Length => {
            format!("(CASE WHEN jsonb_typeof({found}) = 'array' THEN jsonb_array_length({found})::bigint END)")
        }
        Form::Members => format!(
            "(CASE WHEN jsonb_typeof({found}) = 'object' THEN (SELECT count(*) FROM jsonb_object_keys({found})) END)"
        ),
        Form::IsNull => format!("(coalesce(jsonb_typeof({found}), 'null') = 'null')"),
    }
}

pub(super) fn elements(json: &str, steps: &[Step], quantity: Quantity) -> (String, String) {
    let found = follow(json, steps, "->");
    match quantity {
        Quantity::All => {
            (format!("(jsonb_typeof({found}) IS NOT DISTINCT FROM 'array' AND {found} @> "), ")".to_owned())
        }
        // An array contains its scalars, and what is no scalar is compared with none.
        Quantity::Any => (
            format!(
                "EXISTS (SELECT 1 FROM jsonb_array_elements(CASE WHEN jsonb_typeof({found}) = 'array' THEN {found} END) \
                 AS j (value) WHERE jsonb_typeof(j.value) NOT IN ('array', 'object') AND j.value <@ "
            ),
            ")".to_owned(),
        ),
    }
}

pub(super) fn has_member(json: &str, steps: &[Step]) -> (String, String) {
    let found = follow(json, steps, "->");
    (format!("(jsonb_typeof({found}) IS NOT DISTINCT FROM 'object' AND jsonb_exists({found}, "), "))".to_owned())
}

/// The pattern as a regular expression over the whole text.
pub(super) fn regular_expression(tokens: &[Token]) -> String {
    let mut expression = "^".to_owned();
    for token in tokens {
        match token {
            Token::Any => expression.push('.'),
            Token::Rest => expression.push_str(".*"),
            Token::OneOf(letters) => match letters.as_slice() {
                [letter] => {
                    if letter.is_ascii_punctuation() {
                        expression.push('\\');
                    }
                    expression.push(*letter);
                }
                letters => {
                    expression.push('[');
                    expression.extend(letters);
                    expression.push(']');
                }
            },
        }
    }
    expression.push('$');
    expression
}
