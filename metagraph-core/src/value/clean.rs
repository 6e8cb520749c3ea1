//! Removing what a schema does not know.

use serde_json::{Map, Value};

use super::ValueSchema;
use super::create::overlaid;
use super::kind::{Kind, Object};

impl ValueSchema {
    /// Removes members that the schema does not name, also where it allows others, and elements behind the last place of
    /// a tuple. Of alternatives, the first that fits decides; where none does, nothing is removed.
    ///
    /// ```
    /// use metagraph_core::value::ValueSchema;
    /// use serde_json::json;
    ///
    /// let schema = ValueSchema::new(&json!({"type": "object", "properties": {"a": {"type": "integer"}}}))?;
    /// assert_eq!(schema.clean(json!({"a": "x", "b": 1})), json!({"a": "x"}));
    /// # Ok::<(), String>(())
    /// ```
    pub fn clean(&self, value: Value) -> Value {
        self.cleaned(&self.root, value)
    }

    fn cleaned(&self, schema: &Value, value: Value) -> Value {
        match (Kind::of(schema), value) {
            (Kind::Reference(reference), value) => match self.referred(reference) {
                Some(referred) => self.cleaned(referred, value),
                None => value,
            },
            (Kind::All(parts), value) => self.cleaned_by_all(schema, parts, &value),
            (Kind::Any(parts), value) => match parts.iter().find(|part| self.fits(part, Some(&value))) {
                Some(part) => self.cleaned(part, value),
                None => value,
            },
            (Kind::List(Some(items)), Value::Array(elements)) => {
                elements.into_iter().map(|element| self.cleaned(items, element)).collect()
            }
            (Kind::Tuple(places), Value::Array(elements)) => {
                places.iter().zip(elements).map(|(place, element)| self.cleaned(place, element)).collect()
            }
            (Kind::Object(object) | Kind::Record(object), Value::Object(members)) => {
                members.into_iter().filter_map(|(name, member)| self.cleaned_member(object, name, member)).collect()
            }
            (_, value) => value,
        }
    }

    fn cleaned_member(&self, object: Object<'_>, name: String, member: Value) -> Option<(String, Value)> {
        if let Some(schema) = object.member(&name).or_else(|| object.matched(self, &name)) {
            return Some((name, self.cleaned(schema, member)));
        }
        let others = object.others().filter(|others| self.fits(others, Some(&member)))?;
        Some((name, self.cleaned(others, member)))
    }

    /// What any of the parts keeps, and what nobody looked at and fits the schema for that.
    fn cleaned_by_all(&self, schema: &Value, parts: &[Value], value: &Value) -> Value {
        let kept = parts.iter().map(|part| self.cleaned(part, value.clone()));
        let kept = kept.reduce(overlaid).unwrap_or_else(|| value.clone());
        let others = schema.get("unevaluatedProperties").filter(|others| others.is_object());
        let (Some(others), Value::Object(members), Value::Object(kept)) = (others, value, &kept) else { return kept };
        let left = members.iter().filter(|(name, member)| !kept.contains_key(*name) && self.fits(others, Some(member)));
        let left: Map<_, _> = left.map(|(name, member)| (name.clone(), self.cleaned(others, member.clone()))).collect();
        overlaid(kept.clone().into(), left.into())
    }
}
