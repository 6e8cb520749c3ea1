//! One text per document, whatever order its keys came in.

use serde_json::{Value, json};

use super::walk;

/// The JSON text with sorted keys and no white space: equal documents have equal texts.
///
/// Keys are sorted by code point, as the JSON canonicalization scheme (RFC 8785) does for text in the basic plane;
/// numbers are written as `serde_json` writes them.
///
/// ```
/// use metagraph_core::schema::canonical_text;
/// use serde_json::json;
///
/// assert_eq!(canonical_text(&json!({"b": 1, "a": [true, null]})), r#"{"a":[true,null],"b":1}"#);
/// ```
pub fn canonical_text(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value);
    text
}

/// The schema without what only explains it: titles, descriptions, examples, comments.
///
/// ```
/// use metagraph_core::schema::without_annotations;
/// use serde_json::json;
///
/// let schema = json!({"title": "T", "properties": {"title": {"type": "string", "description": "shown"}}});
/// assert_eq!(without_annotations(&schema), json!({"properties": {"title": {"type": "string"}}}));
/// ```
pub fn without_annotations(schema: &Value) -> Value {
    walk::retain(schema, &|keyword| {
        !matches!(keyword, "title" | "description" | "examples" | "$comment" | "deprecated" | "readOnly" | "writeOnly")
    })
}

/// The form in which a generated schema is stored: it stands alone, so it names no dialect and no address, and the order
/// of a type's fields leaves no trace in it.
pub(crate) fn normalized(schema: &Value) -> Value {
    let mut normal = walk::retain(schema, &|keyword| !matches!(keyword, "$schema" | "$id"));
    walk::edit(&mut normal, &|keywords| {
        if let Some(Value::Array(required)) = keywords.get_mut("required") {
            required.sort_unstable_by(|one, other| one.as_str().cmp(&other.as_str()));
        }
    });
    normal
}

/// The form in which the generated schema of a unit struct is stored: its values are empty objects.
pub(crate) fn of_unit(generated: &Value) -> Value {
    let mut schema = json!({"type": "object", "additionalProperties": false});
    for annotation in ["title", "description"] {
        if let (Some(text), Value::Object(keywords)) = (generated.get(annotation), &mut schema) {
            keywords.insert(annotation.to_owned(), text.clone());
        }
    }
    schema
}

/// SHA-256 of a text, in lower-case hexadecimal digits.
pub(crate) fn hash(text: &str) -> String {
    use std::fmt::Write as _;
    hmac_sha256::Hash::hash(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn write(text: &mut String, value: &Value) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (place, (name, value)) in entries.into_iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write(text, &Value::String(name.clone()));
                text.push(':');
                write(text, value);
            }
            text.push('}');
        }
        Value::Array(list) => {
            text.push('[');
            for (place, value) in list.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write(text, value);
            }
            text.push(']');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_called_description_is_not_an_annotation() {
        let schema = json!({
            "description": "gone",
            "properties": {"description": {"type": "string", "title": "gone"}},
            "enum": [{"title": "kept"}],
            "$defs": {"title": {"anyOf": [{"title": "gone", "const": 1}]}},
        });
        assert_eq!(
            without_annotations(&schema),
            json!({
                "properties": {"description": {"type": "string"}},
                "enum": [{"title": "kept"}],
                "$defs": {"title": {"anyOf": [{"const": 1}]}},
            })
        );
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // FIPS 180-2, appendix B.1
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
