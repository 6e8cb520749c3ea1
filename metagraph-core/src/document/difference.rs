//! Where two documents differ, by JSON pointer.

use std::fmt;

use serde_json::Value;

use crate::schema::canonical_text;

/// One place where two documents differ.
///
/// ```
/// use metagraph_core::document::Difference;
///
/// let pointer = "/nodes/person".to_owned();
/// let difference = Difference { pointer, stored: Some(true.into()), compiled: None };
/// assert_eq!(difference.to_string(), "/nodes/person: no longer in the code: true");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// JSON pointer (RFC 6901) into the document.
    pub pointer: String,
    /// What the stored document says there.
    pub stored: Option<Value>,
    /// What the compiled document says there.
    pub compiled: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        match (&self.stored, &self.compiled) {
            (None, Some(compiled)) => write!(f, "{pointer}: new in the code: {}", short(compiled)),
            (Some(stored), None) => write!(f, "{pointer}: no longer in the code: {}", short(stored)),
            (Some(stored), Some(compiled)) => {
                write!(f, "{pointer}: stored {}, in the code {}", short(stored), short(compiled))
            }
            (None, None) => f.write_str(pointer),
        }
    }
}

fn short(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = canonical_text(value);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Lists the differences in document order; lists are compared as a whole.
pub(super) fn between(stored: &Value, compiled: &Value) -> Vec<Difference> {
    let mut differences = Vec::new();
    descend(&mut String::new(), stored, compiled, &mut differences);
    differences
}

fn descend(pointer: &mut String, stored: &Value, compiled: &Value, differences: &mut Vec<Difference>) {
    let (Value::Object(old), Value::Object(new)) = (stored, compiled) else {
        if stored != compiled {
            differences.push(Difference {
                pointer: pointer.clone(),
                stored: Some(stored.clone()),
                compiled: Some(compiled.clone()),
            });
        }
        return;
    };
    let mut names: Vec<_> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) => descend(pointer, old, new, differences),
            (stored, compiled) => differences.push(Difference {
                pointer: pointer.clone(),
                stored: stored.cloned(),
                compiled: compiled.cloned(),
            }),
        }
        pointer.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_are_named_by_pointer() {
        let old = json!({"a": {"x/y": 1, "gone": true}, "list": [1, 2]});
        let new = json!({"a": {"x/y": 2}, "list": [1], "new": "n"});
        let lines: Vec<_> = between(&old, &new).iter().map(ToString::to_string).collect();
        assert_eq!(
            lines,
            [
                "/a/gone: no longer in the code: true",
                "/a/x~1y: stored 1, in the code 2",
                "/list: stored [1,2], in the code [1]",
                "/new: new in the code: \"n\"",
            ]
        );
        assert!(between(&old, &old).is_empty());
    }
}
