//! What a schema says of values that are stored sealed.

use std::ops::ControlFlow;

use serde_json::Value;

use super::canonical::without_annotations;
use super::lookup::at;
use super::walk;
use crate::query::source::Step;

/// The keyword beside the schema of an envelope: `hidden`, or `findable` where equality can be asked.
pub const SEALED: &str = "x-metagraph-sealed";

/// The member of an envelope by which its value is found.
pub const FIND: &str = "find";

/// Whether the value at the end of these steps is stored sealed, and then whether it can be found by equality.
pub fn sealed(schema: &Value, steps: &[Step]) -> Option<bool> {
    let found = at(schema, steps);
    let mut said = found.iter().filter_map(|schema| schema.get(SEALED)).peekable();
    said.peek()?;
    Some(said.any(|how| how == "findable"))
}

/// What is sealed in the value at the end of these steps, as a schema.
pub fn sealed_content(schema: &Value, steps: &[Step]) -> Option<Value> {
    let found = at(schema, steps);
    let sealed = found.iter().find(|schema| schema.get(SEALED).is_some())?;
    sealed.get("contentSchema").map(without_annotations)
}

/// The first attribute that has something sealed inside of it, and is not sealed itself.
pub(crate) fn sealed_inside(schema: &Value) -> Option<String> {
    let whole = at(schema, &[]);
    let properties = whole.iter().filter_map(|part| part.get("properties")?.as_object()).flatten();
    let inside = properties
        .filter(|(name, _)| sealed(schema, &[Step::Member((*name).clone().into())]).is_none())
        .find(|(_, property)| reaches_sealed(schema, property, &mut Vec::new()));
    let others = whole.iter().flat_map(|part| ["additionalProperties", "patternProperties"].map(|word| part.get(word)));
    let of_others = || others.flatten().any(|other| reaches_sealed(schema, other, &mut Vec::new()));
    inside.map(|(name, _)| name.clone()).or_else(|| of_others().then(|| "*".to_owned()))
}

fn reaches_sealed<'s>(root: &'s Value, part: &'s Value, followed: &mut Vec<&'s str>) -> bool {
    let mut references = Vec::new();
    let outcome = walk::visit(part, &mut String::new(), &mut |_, part| {
        references.extend(part.get("$ref").and_then(Value::as_str));
        if part.get(SEALED).is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    outcome.is_break()
        || references.into_iter().any(|reference| {
            let is_new = !followed.contains(&reference);
            followed.push(reference);
            is_new && walk::resolve(root, reference).is_some_and(|target| reaches_sealed(root, target, followed))
        })
}

/// The steps to what an index on the attribute is about: the attribute, or the tag beside its sealed value.
pub fn indexed_steps(schema: &Value, attribute: &str) -> Vec<Step> {
    let mut steps = vec![Step::Member(attribute.to_owned().into())];
    if sealed(schema, &steps) == Some(true) {
        steps.push(Step::Member(FIND.into()));
    }
    steps
}

/// Whether a value may hold something sealed, so that nothing of it is shown: it may be what somebody forgot to seal.
pub fn holds_sealed(schema: &Value) -> bool {
    let outcome = walk::visit(schema, &mut String::new(), &mut |_, part| {
        if part.get(SEALED).is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    outcome.is_break()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sealed_attributes_are_found_behind_references_and_alternatives() {
        let schema = json!({
            "type": "object",
            "properties": {
                "plain": {"type": "string"},
                "token": {"type": "object", SEALED: "hidden"},
                "email": {"anyOf": [{"$ref": "#/$defs/Email"}, {"type": "null"}]},
            },
            "$defs": {"Email": {"type": "object", SEALED: "findable"}},
        });
        let member = |name: &str| Step::Member(name.to_owned().into());
        assert_eq!(sealed(&schema, &[member("plain")]), None);
        assert_eq!(sealed(&schema, &[member("token")]), Some(false));
        assert_eq!(sealed(&schema, &[member("email")]), Some(true));
        assert_eq!(indexed_steps(&schema, "token"), [member("token")]);
        assert_eq!(indexed_steps(&schema, "email"), [member("email"), member("find")]);
        assert!(holds_sealed(&schema) && !holds_sealed(&json!({"properties": {"plain": {"type": "string"}}})));
    }
}
