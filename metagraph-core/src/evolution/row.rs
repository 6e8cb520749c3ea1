//! One row from one revision of its type to the next.

use serde_json::{Map, Value};

use super::passage::{Passage, Passing};
use crate::definition::{RenamedValue, UpgradeDefinition};
use crate::schema::walk::push;
use crate::schema::{holds_sealed, with_ranges};
use crate::validate::Violation;
use crate::value::{Edit, Loss, ValueSchema, diff};

/// What stands for a value that is not shown.
const NOT_SHOWN: &str = "(not shown)";

/// How the rows of a node or edge type become rows of its next revision.
///
/// A row that already fits stays as it is, apart from what was renamed. Of one that does not, what can be converted
/// without loss is converted, and what is missing gets its default. Only on request, what the type does not know is
/// dropped, and what still does not fit is made up anew.
///
/// ```
/// use metagraph_core::evolution::RowUpgrade;
/// use serde_json::json;
///
/// let next = json!({
///     "type": "object",
///     "required": ["title", "points", "owner"],
///     "properties": {
///         "title": {"type": "string"},
///         "points": {"type": "string"},
///         "owner": {"type": "string", "default": "nobody"},
///     },
/// });
/// let upgrade = RowUpgrade::new(&next)?.renamed("name", "title");
/// let row = upgrade.run(json!({"name": "paint", "points": 8, "owner": null})).unwrap();
/// assert_eq!(row.value, json!({"title": "paint", "points": "8", "owner": "nobody"}));
///
/// let refused = upgrade.run(json!({"name": "paint", "points": [8]})).unwrap_err();
/// assert_eq!(refused[0].to_string(), r#"/points: [8] is not of type "string""#);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug)]
pub struct RowUpgrade {
    schema: ValueSchema,
    names: Vec<(String, String)>,
    values: Vec<(String, String, String)>,
    function: Option<UpgradeDefinition>,
    passages: Vec<(String, Passage)>,
    drop_unknown: bool,
    make_up: bool,
    /// Whether nothing of a row is shown.
    discreet: bool,
}

/// A row of the next revision.
#[derive(Debug, Clone, PartialEq)]
pub struct UpgradedRow {
    /// Its attributes.
    pub value: Value,
    /// What it had before and has no more; empty unless losses were asked for.
    pub losses: Vec<Loss>,
}

impl RowUpgrade {
    /// An upgrade to what fits `schema`.
    ///
    /// # Errors
    /// What is wrong with the schema.
    pub fn new(schema: &Value) -> Result<Self, String> {
        Ok(Self {
            schema: ValueSchema::new(&with_ranges(schema))?,
            names: Vec::new(),
            values: Vec::new(),
            function: None,
            passages: Vec::new(),
            drop_unknown: false,
            make_up: false,
            discreet: holds_sealed(schema),
        })
    }

    /// An attribute has another name now.
    #[must_use]
    pub fn renamed(mut self, before: &str, now: &str) -> Self {
        self.names.push((before.to_owned(), now.to_owned()));
        self
    }

    /// A value of an attribute has another name now.
    #[must_use]
    pub fn renamed_value(mut self, value: &RenamedValue) -> Self {
        self.values.push((value.attribute.to_owned(), value.before.to_owned(), value.name.to_owned()));
        self
    }

    /// A function makes the row; what it makes is checked like any other.
    #[must_use]
    pub fn by(mut self, function: UpgradeDefinition) -> Self {
        self.function = Some(function);
        self
    }

    /// The value of an attribute goes another way; the attribute is called as it is now.
    #[must_use]
    pub fn passing(mut self, attribute: &str, passage: Passage) -> Self {
        self.passages.push((attribute.to_owned(), passage));
        self
    }

    /// Nothing of a row is shown in what is said of it.
    #[must_use]
    pub fn discreet(mut self) -> Self {
        self.discreet = true;
        self
    }

    /// Whether nothing of a row is shown.
    pub const fn is_discreet(&self) -> bool {
        self.discreet
    }

    /// Members that the type does not know are dropped, and told as losses.
    #[must_use]
    pub fn dropping_unknown(mut self, drop: bool) -> Self {
        self.drop_unknown = drop;
        self
    }

    /// What does not fit is made up anew, and told as a loss.
    #[must_use]
    pub fn making_up(mut self, make_up: bool) -> Self {
        self.make_up = make_up;
        self
    }

    /// Upgrades the attributes of one row.
    ///
    /// # Errors
    /// What does not fit the next revision, whatever was tried.
    pub fn run(&self, stored: Value) -> Result<UpgradedRow, Vec<Violation>> {
        self.run_of(None, stored)
    }

    /// Upgrades the attributes of one row that has this key.
    ///
    /// # Errors
    /// What does not fit the next revision, whatever was tried.
    pub fn run_of(&self, key: Option<&str>, stored: Value) -> Result<UpgradedRow, Vec<Violation>> {
        let mut losses = Vec::new();
        let value = match &self.function {
            Some(function) => (function.run)(stored).map_err(|message| {
                let message = if self.discreet { "what it says is not shown".to_owned() } else { message };
                refused(function, &message)
            })?,
            None => self.with_new_names(stored, &mut losses)?,
        };
        let value = self.passed(key, value)?;
        let mut row = self.fitting(value, losses).map_err(|violations| self.shown(violations))?;
        if self.discreet {
            for loss in &mut row.losses {
                loss.lost = Value::from(NOT_SHOWN);
                loss.replaced = loss.replaced.take().map(|_| Value::from(NOT_SHOWN));
            }
        }
        Ok(row)
    }

    /// Violations without what was found.
    fn shown(&self, violations: Vec<Violation>) -> Vec<Violation> {
        if !self.discreet {
            return violations;
        }
        let message = |violation: &Violation| match violation.rule.rsplit('/').next() {
            Some(keyword @ ("required" | "additionalProperties")) => format!("`{keyword}` does not hold"),
            Some(keyword) if !keyword.is_empty() => format!("what is there does not fit `{keyword}`"),
            _ => "what is there does not fit".to_owned(),
        };
        violations.into_iter().map(|violation| Violation { message: message(&violation), ..violation }).collect()
    }

    fn passed(&self, key: Option<&str>, mut value: Value) -> Result<Value, Vec<Violation>> {
        let mut violations = Vec::new();
        let mut changed = Vec::new();
        for (attribute, passage) in &self.passages {
            let Some(found) = value.get(attribute).filter(|found| !found.is_null()) else { continue };
            match passage.pass(&Passing { key, attributes: &value, value: found }) {
                Ok(other) => changed.extend(other.map(|other| (attribute, other))),
                Err(message) => {
                    let mut path = String::new();
                    push(&mut path, attribute);
                    violations.push(Violation { path, rule: String::new(), message });
                }
            }
        }
        if !violations.is_empty() {
            return Err(violations);
        }
        if let Value::Object(members) = &mut value {
            members.extend(changed.into_iter().map(|(attribute, other)| (attribute.clone(), other)));
        }
        Ok(value)
    }

    fn with_new_names(&self, mut value: Value, losses: &mut Vec<Loss>) -> Result<Value, Vec<Violation>> {
        if let Value::Object(members) = &mut value {
            for (before, now) in &self.names {
                let Some(member) = members.remove(before) else { continue };
                // The type did not know it, so it is not what the type means now.
                let stray = members.insert(now.clone(), member).filter(|stray| !stray.is_null());
                let mut path = String::new();
                push(&mut path, now);
                match stray {
                    Some(lost) if self.drop_unknown => losses.push(Loss { path, lost, replaced: None }),
                    Some(stray) => return Err(vec![self.in_the_way(path, (before, now), &stray)]),
                    None => {}
                }
            }
            for (attribute, before, now) in &self.values {
                if let Some(member) = members.get_mut(attribute) {
                    rename_value(member, before, now);
                }
            }
        }
        Ok(value)
    }

    fn fitting(&self, mut value: Value, mut losses: Vec<Loss>) -> Result<UpgradedRow, Vec<Violation>> {
        if self.drop_unknown {
            let kept = self.schema.clean(value.clone());
            losses.extend(dropped(&value, &kept));
            value = kept;
        }
        if self.schema.check(&value) {
            return Ok(UpgradedRow { value, losses });
        }
        let said = self.without_refused_nulls(value);
        let converted = self.schema.convert(said.clone());
        let tried = if keeps_its_numbers(&said, &converted) { converted } else { said };
        let value = self.schema.default(Some(tried)).unwrap_or(Value::Null);
        if self.schema.check(&value) {
            return Ok(UpgradedRow { value, losses });
        }
        if self.make_up {
            let cast = self.schema.cast(Some(&value)).map_err(|error| vec![whole(error.to_string())])?;
            if self.schema.check(&cast.value) {
                losses.extend(cast.losses);
                return Ok(UpgradedRow { value: cast.value, losses });
            }
        }
        Err(self.schema.errors(&value))
    }

    fn in_the_way(&self, path: String, (before, now): (&str, &str), stray: &Value) -> Violation {
        let stray = if self.discreet { "a value".to_owned() } else { stray.to_string() };
        let message = format!("`{before}` is called `{now}` now, and {stray} is there already, which no type knew");
        Violation { path, rule: String::new(), message }
    }

    /// Rust writes `None` as null: where that is no longer taken, it is as good as missing.
    fn without_refused_nulls(&self, mut value: Value) -> Value {
        let refused = self.schema.errors(&value);
        let nulls = refused.iter().filter(|violation| value.pointer(&violation.path).is_some_and(Value::is_null));
        let paths: Vec<_> = nulls.map(|violation| violation.path.clone()).collect();
        for path in paths {
            remove_member(&mut value, &path);
        }
        value
    }
}

fn refused(function: &UpgradeDefinition, message: &str) -> Vec<Violation> {
    vec![whole(format!("`{}` refused it: {message}", function.function))]
}

fn whole(message: String) -> Violation {
    Violation { path: String::new(), rule: String::new(), message }
}

/// A variant stands as text, or as the only member of an object.
fn rename_value(value: &mut Value, before: &str, now: &str) {
    match value {
        Value::String(text) if text == before => now.clone_into(text),
        Value::Array(elements) => elements.iter_mut().for_each(|element| rename_value(element, before, now)),
        Value::Object(members) if members.len() == 1 => {
            if let Some(content) = members.remove(before) {
                *members = Map::from_iter([(now.to_owned(), content)]);
            }
        }
        _ => {}
    }
}

fn remove_member(value: &mut Value, path: &str) {
    if let Some((parent, name)) = path.rsplit_once('/')
        && let Some(Value::Object(members)) = value.pointer_mut(parent)
    {
        members.remove(&name.replace("~1", "/").replace("~0", "~"));
    }
}

/// Whether no number lost its fraction, as converting to integers does.
fn keeps_its_numbers(before: &Value, after: &Value) -> bool {
    diff(before, after).iter().all(|edit| match edit {
        Edit::Update { path, value } => before.pointer(path).is_none_or(|said| is_same_number(said, value)),
        Edit::Insert { .. } | Edit::Delete { .. } => true,
    })
}

fn is_same_number(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Number(before), Value::Number(after)) => before.as_f64() == after.as_f64(),
        (Value::String(before), Value::Number(after)) => before.trim().parse::<f64>().ok() == after.as_f64(),
        (Value::Array(_), Value::Array(_)) => true,
        (before, Value::Array(elements)) => elements.iter().all(|after| is_same_number(before, after)),
        _ => true,
    }
}

fn dropped(before: &Value, after: &Value) -> Vec<Loss> {
    let edits = diff(before, after).into_iter();
    edits
        .filter_map(|edit| match edit {
            Edit::Delete { path } => {
                let lost = before.pointer(&path).cloned().unwrap_or_default();
                Some(Loss { path, lost, replaced: None })
            }
            Edit::Insert { .. } | Edit::Update { .. } => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn closed() -> Value {
        json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["count"],
            "properties": {
                "count": {"type": "integer"},
                "state": {"enum": ["open", "closed"]},
                "tags": {"type": "array", "items": {"type": "string"}},
            },
        })
    }

    #[test]
    fn a_row_that_fits_stays_as_it_is() {
        let upgrade = RowUpgrade::new(&json!({"properties": {"a": {"type": "integer", "default": 1}}})).unwrap();
        let row = json!({"extra": true});
        assert_eq!(upgrade.run(row.clone()).unwrap(), UpgradedRow { value: row, losses: Vec::new() });
    }

    #[test]
    fn what_is_converted_loses_nothing() {
        let upgrade = RowUpgrade::new(&closed()).unwrap();
        assert_eq!(upgrade.run(json!({"count": "7", "tags": "a"})).unwrap().value, json!({"count": 7, "tags": ["a"]}));
        for lossy in [json!({"count": 7.5}), json!({"count": "7.5"}), json!({"count": "seven"})] {
            assert_eq!(upgrade.run(lossy).unwrap_err()[0].path, "/count");
        }
    }

    #[test]
    fn a_number_that_the_rust_type_cannot_hold_does_not_fit() {
        let upgrade = |format: &str| {
            let schema = json!({"properties": {"n": {"type": "integer", "format": format, "minimum": 0}}});
            RowUpgrade::new(&schema).unwrap().run(json!({"n": 5_000_000_000_u64}))
        };
        assert_eq!(upgrade("uint32").unwrap_err()[0].path, "/n");
        assert!(upgrade("uint64").is_ok());
    }

    #[test]
    fn losses_are_told_and_only_there_on_request() {
        let row = || json!({"count": "seven", "gone": 1});
        let strict = RowUpgrade::new(&closed()).unwrap();
        assert!(strict.run(row()).is_err());
        let upgrade = RowUpgrade::new(&closed()).unwrap().dropping_unknown(true).making_up(true);
        let upgraded = upgrade.run(row()).unwrap();
        assert_eq!(upgraded.value, json!({"count": 0}));
        let told: Vec<_> = upgraded.losses.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["/gone: 1 was dropped", r#"/count: "seven" was replaced by 0"#]);
    }

    #[test]
    fn a_member_that_no_type_knew_is_not_taken_for_a_renamed_one() {
        let upgrade = || RowUpgrade::new(&json!({"properties": {"title": {"type": "string"}}})).unwrap();
        let renamed = || upgrade().renamed("name", "title");
        let row = || json!({"name": "paint", "title": "draft"});
        let refused = renamed().run(row()).unwrap_err();
        assert_eq!(refused[0].path, "/title");
        let upgraded = renamed().dropping_unknown(true).run(row()).unwrap();
        assert_eq!(upgraded.value, json!({"title": "paint"}));
        assert_eq!(upgraded.losses[0].to_string(), r#"/title: "draft" was dropped"#);
        assert_eq!(renamed().run(json!({"name": "paint", "title": null})).unwrap().value, json!({"title": "paint"}));
    }

    #[test]
    fn values_are_renamed_wherever_a_variant_stands() {
        let schema = json!({"properties": {"state": true}});
        let value = RenamedValue { attribute: "state", name: "done", before: "closed" };
        let upgrade = RowUpgrade::new(&schema).unwrap().renamed_value(&value);
        let run = |state: Value| upgrade.run(json!({"state": state})).unwrap().value["state"].clone();
        assert_eq!(run(json!("closed")), json!("done"));
        assert_eq!(run(json!(["open", "closed"])), json!(["open", "done"]));
        assert_eq!(run(json!({"closed": {"by": 1}})), json!({"done": {"by": 1}}));
        assert_eq!(run(json!({"closed": 1, "open": 2})), json!({"closed": 1, "open": 2}));
    }

    #[test]
    fn a_function_makes_the_row_or_says_why_not() {
        let function = UpgradeDefinition {
            function: "from_v1",
            from: || json!({}),
            run: |old| old.get("n").cloned().map(|n| json!({"count": n})).ok_or_else(|| "there is no `n`".to_owned()),
        };
        let upgrade = RowUpgrade::new(&closed()).unwrap().by(function);
        assert_eq!(upgrade.run(json!({"n": 3})).unwrap().value, json!({"count": 3}));
        assert_eq!(upgrade.run(json!({})).unwrap_err()[0].message, "`from_v1` refused it: there is no `n`");
        let silent = upgrade.discreet();
        assert_eq!(silent.run(json!({})).unwrap_err()[0].message, "`from_v1` refused it: what it says is not shown");
    }
}
