//! The difference between two values as edits, and applying edits.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::below;

/// One step from a value to another.
///
/// ```
/// use metagraph_core::value::Edit;
/// use serde_json::json;
///
/// let edit = Edit::Update { path: "/lanes".into(), value: json!(2) };
/// assert_eq!(serde_json::to_value(edit).unwrap(), json!({"type": "update", "path": "/lanes", "value": 2}));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", deny_unknown_fields)]
pub enum Edit {
    /// Something that was not there.
    Insert {
        /// Where, as a JSON pointer (RFC 6901).
        path: String,
        /// What comes there.
        value: Value,
    },
    /// Something else.
    Update {
        /// Where, as a JSON pointer; empty for the whole value.
        path: String,
        /// What is there afterwards.
        value: Value,
    },
    /// Something that is not there any more.
    Delete {
        /// Where, as a JSON pointer.
        path: String,
    },
}

impl Edit {
    /// Where, as a JSON pointer.
    ///
    /// ```
    /// use metagraph_core::value::Edit;
    ///
    /// assert_eq!(Edit::Delete { path: "/lanes".into() }.path(), "/lanes");
    /// ```
    pub fn path(&self) -> &str {
        match self {
            Self::Insert { path, .. } | Self::Update { path, .. } | Self::Delete { path } => path,
        }
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Insert { path, value } => write!(f, "insert {path} {value}"),
            Self::Update { path, value } => write!(f, "update {path} {value}"),
            Self::Delete { path } => write!(f, "delete {path}"),
        }
    }
}

/// An edit that a value has no place for.
///
/// ```
/// use metagraph_core::value::{Edit, patch};
/// use serde_json::json;
///
/// let refused = patch(&json!({"a": 1}), &[Edit::Delete { path: "/b/c".into() }]).unwrap_err();
/// assert_eq!(refused.to_string(), "`delete /b/c` cannot be applied: there is nothing at `/b/c`");
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("`{edit}` cannot be applied: there is nothing at `{path}`", path = edit.path())]
pub struct CannotPatch {
    /// The edit.
    pub edit: Edit,
}

/// The edits that lead from one value to another: none where they are equal.
///
/// Of an object, what comes in is said first, then what changes, then what goes; lists are compared place by place, and
/// what goes at their end goes from behind.
///
/// ```
/// use metagraph_core::value::{diff, patch};
/// use serde_json::json;
///
/// let (before, after) = (json!({"a": [1, 2, 3], "b/c": 1}), json!({"a": [1, 4], "b/c": 2}));
/// let edits = diff(&before, &after);
/// let told: Vec<_> = edits.iter().map(ToString::to_string).collect();
/// assert_eq!(told, ["update /a/1 4", "delete /a/2", "update /b~1c 2"]);
/// assert_eq!(patch(&before, &edits).unwrap(), after);
/// ```
pub fn diff(before: &Value, after: &Value) -> Vec<Edit> {
    let mut edits = Vec::new();
    compare(before, after, &mut String::new(), &mut edits);
    edits
}

fn compare(before: &Value, after: &Value, path: &mut String, edits: &mut Vec<Edit>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => compare_objects(before, after, path, edits),
        (Value::Array(before), Value::Array(after)) => {
            let (kept, shorter) = (before.len().min(after.len()), after.len());
            for (place, (before, after)) in before.iter().zip(after).enumerate() {
                below(path, &place.to_string(), |path| compare(before, after, path, edits));
            }
            for (place, value) in after.iter().enumerate().skip(kept) {
                let value = value.clone();
                edits.push(below(path, &place.to_string(), |path| Edit::Insert { path: path.clone(), value }));
            }
            for place in (shorter..before.len()).rev() {
                edits.push(below(path, &place.to_string(), |path| Edit::Delete { path: path.clone() }));
            }
        }
        (before, after) if before == after => {}
        (_, after) => edits.push(Edit::Update { path: path.clone(), value: after.clone() }),
    }
}

fn compare_objects(before: &Map<String, Value>, after: &Map<String, Value>, path: &mut String, edits: &mut Vec<Edit>) {
    for (name, value) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        let value = value.clone();
        edits.push(below(path, name, |path| Edit::Insert { path: path.clone(), value }));
    }
    for (name, before) in before {
        if let Some(after) = after.get(name) {
            below(path, name, |path| compare(before, after, path, edits));
        }
    }
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        edits.push(below(path, name, |path| Edit::Delete { path: path.clone() }));
    }
}

/// Applies edits, one after the other.
///
/// ```
/// use metagraph_core::value::{Edit, patch};
/// use serde_json::json;
///
/// let edits = [Edit::Insert { path: "/a/1".into(), value: json!(2) }, Edit::Delete { path: "/b".into() }];
/// assert_eq!(patch(&json!({"a": [1], "b": 1}), &edits).unwrap(), json!({"a": [1, 2]}));
/// ```
///
/// # Errors
/// [`CannotPatch`] at the first edit that there is no place for.
pub fn patch(value: &Value, edits: &[Edit]) -> Result<Value, CannotPatch> {
    let mut patched = value.clone();
    for edit in edits {
        apply(&mut patched, edit).ok_or_else(|| CannotPatch { edit: edit.clone() })?;
    }
    Ok(patched)
}

fn apply(whole: &mut Value, edit: &Edit) -> Option<()> {
    let path = edit.path();
    let Some((parent, name)) = path.rsplit_once('/') else {
        return match edit {
            Edit::Insert { value, .. } | Edit::Update { value, .. } if path.is_empty() => {
                *whole = value.clone();
                Some(())
            }
            _ => None,
        };
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    match (whole.pointer_mut(parent)?, edit) {
        (Value::Object(members), Edit::Insert { value, .. }) => {
            members.insert(name, value.clone());
        }
        (Value::Object(members), Edit::Update { value, .. }) => *members.get_mut(&name)? = value.clone(),
        (Value::Object(members), Edit::Delete { .. }) => drop(members.remove(&name)?),
        (Value::Array(elements), edit) => {
            let place: usize = name.parse().ok()?;
            match edit {
                Edit::Insert { value, .. } if place <= elements.len() => elements.insert(place, value.clone()),
                Edit::Update { value, .. } => *elements.get_mut(place)? = value.clone(),
                Edit::Delete { .. } if place < elements.len() => drop(elements.remove(place)),
                Edit::Insert { .. } | Edit::Delete { .. } => return None,
            }
        }
        _ => return None,
    }
    Some(())
}
