//! Completing values by their defaults.

use serde_json::Value;

use super::ValueSchema;
use super::create::overlaid;
use super::kind::Kind;

impl ValueSchema {
    /// Adds defaults where something is missing; what is there stays as it is, also where it does not fit.
    ///
    /// `None` is a value that is missing altogether.
    ///
    /// ```
    /// use metagraph_core::value::ValueSchema;
    /// use serde_json::json;
    ///
    /// let member = json!({"type": "integer", "default": 1});
    /// let schema = ValueSchema::new(&json!({"type": "object", "properties": {"a": member, "b": member}}))?;
    /// assert_eq!(schema.default(Some(json!({"a": null}))), Some(json!({"a": null, "b": 1})));
    /// assert_eq!(schema.default(None), None);
    /// # Ok::<(), String>(())
    /// ```
    pub fn default(&self, value: Option<Value>) -> Option<Value> {
        self.defaulted(&self.root, value)
    }

    fn defaulted(&self, schema: &Value, value: Option<Value>) -> Option<Value> {
        let own = schema.get("default").cloned();
        let value = match (value, own) {
            (None, own) => own,
            (Some(value @ Value::Object(_)), Some(own @ Value::Object(_))) => Some(overlaid(own, value)),
            (value, _) => value,
        };
        match (Kind::of(schema), value) {
            (Kind::Reference(reference), value) => match self.referred(reference) {
                Some(referred) => self.defaulted(referred, value),
                None => value,
            },
            (Kind::All(parts), value) => {
                let mut whole = None;
                for part in parts {
                    whole = match (whole, self.defaulted(part, value.clone())) {
                        (Some(before), Some(next)) => Some(overlaid(before, next)),
                        (_, next) => next,
                    };
                }
                whole
            }
            (Kind::Any(parts), value) => {
                let completed = parts.iter().find_map(|part| {
                    let completed = self.defaulted(part, value.clone());
                    self.fits(part, completed.as_ref()).then_some(completed)
                });
                completed.unwrap_or(value)
            }
            (Kind::List(Some(items)), Some(Value::Array(elements))) => {
                Some(elements.into_iter().filter_map(|element| self.defaulted(items, Some(element))).collect())
            }
            (Kind::Tuple(places), Some(Value::Array(mut elements))) => {
                for (place, schema) in places.iter().enumerate() {
                    let element = elements.get_mut(place).map(Value::take);
                    let completed = self.defaulted(schema, element);
                    match (elements.get_mut(place), completed) {
                        (Some(element), completed) => *element = completed.unwrap_or_default(),
                        (None, Some(completed)) => elements.push(completed),
                        (None, None) => break,
                    }
                }
                Some(elements.into())
            }
            (Kind::Object(object) | Kind::Record(object), Some(Value::Object(mut members))) => {
                for (name, schema) in object.members() {
                    let completed = self.defaulted(schema, members.get_mut(name).map(Value::take));
                    if let Some(completed) = completed {
                        members.insert(name.clone(), completed);
                    }
                }
                for (name, member) in &mut members {
                    if object.member(name).is_some() {
                        continue;
                    }
                    let schema = object.matched(self, name).or_else(|| object.others());
                    if let Some(completed) = schema.and_then(|schema| self.defaulted(schema, Some(member.clone()))) {
                        *member = completed;
                    }
                }
                Some(members.into())
            }
            (_, value) => value,
        }
    }
}
