//! What must hold of a schema before it is stored, all problems at once.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::ControlFlow;

use serde_json::Value;

use super::lookup::scalar_kind;
use super::sealed::{indexed_steps, sealed, sealed_inside};
use super::walk;
use crate::definition::ElementDefinition;
use crate::query::source::Step;

/// A graph type whose schemas cannot be stored, with everything that is wrong.
///
/// ```
/// use metagraph_core::schema::{InvalidSchema, Problem};
///
/// let problem = Problem::AmbiguousIndex { element: "package".into(), index: "name".into() };
/// let invalid = InvalidSchema { graph_type: "packages".into(), problems: vec![problem] };
/// assert_eq!(
///     invalid.to_string(),
///     "the graph type `packages` cannot be stored\n  \
///      `package`: `name` names both an `index` and a `unique` rule; give one of them another name",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct InvalidSchema {
    /// Name of the graph type.
    pub graph_type: String,
    /// What is wrong; never empty.
    pub problems: Vec<Problem>,
}

impl fmt::Display for InvalidSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the graph type `{}` cannot be stored", self.graph_type)?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

/// One thing that is wrong with a schema.
///
/// ```
/// use metagraph_core::schema::Problem;
///
/// let problem = Problem::NotAnObject { element: "tag".into(), rust_type: "app::Tag".into() };
/// assert_eq!(
///     problem.to_string(),
///     "`tag`: the JSON schema of `app::Tag` does not describe an object, and attributes need one",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A field of the Rust type has no counterpart in the schema.
    #[error(
        "`{element}`: serde writes the attribute `{attribute}` (field `{field}` of `{rust_type}`), but the JSON schema \
         does not have it; give the field the same name in `#[serde(..)]` and `#[schemars(..)]`"
    )]
    UnknownAttribute {
        /// Name of the node or edge type.
        element: String,
        /// The attribute's JSON name.
        attribute: String,
        /// The Rust field.
        field: String,
        /// The Rust type.
        rust_type: String,
    },
    /// The values are not JSON objects.
    #[error("`{element}`: the JSON schema of `{rust_type}` does not describe an object, and attributes need one")]
    NotAnObject {
        /// Name of the node or edge type.
        element: String,
        /// The Rust type.
        rust_type: String,
    },
    /// A reference leads nowhere.
    #[error("`{element}`: `$ref` at {pointer} names `{reference}`, which this schema does not define")]
    DanglingReference {
        /// Name of the node or edge type.
        element: String,
        /// Where the reference stands, as a JSON pointer.
        pointer: String,
        /// What it names.
        reference: String,
    },
    /// The schema itself is not valid.
    #[error("`{element}`: the JSON schema of `{rust_type}` is not a valid schema: {message}")]
    NotASchema {
        /// Name of the node or edge type.
        element: String,
        /// The Rust type.
        rust_type: String,
        /// What the validator says.
        message: String,
    },
    /// A former name that a type cannot have had alone.
    #[error(
        "`{element}`: `renamed_from = \"{name}\"` is not clear, for {other}; of stored rows nobody could say whose they are"
    )]
    FormerName {
        /// Name of the node or edge type.
        element: String,
        /// The name it had.
        name: String,
        /// Who else has it, or had it.
        other: String,
    },
    /// The key attribute holds neither text nor integers.
    #[error(
        "`{element}`: the key `{attribute}` of `{rust_type}` holds neither a string nor an integer; \
         choose another field for `#[graph(key)]`"
    )]
    KeyIsNoText {
        /// Name of the node or edge type.
        element: String,
        /// The key attribute.
        attribute: String,
        /// The Rust type.
        rust_type: String,
    },
    /// An index on an attribute that holds something else than one kind of scalar.
    #[error(
        "`{element}`: `{attribute}` of `{rust_type}` cannot be indexed, for it does not always hold a text, a number or \
         a truth value; leave `index` or `unique` out"
    )]
    IndexIsNoScalar {
        /// Name of the node or edge type.
        element: String,
        /// The attribute.
        attribute: String,
        /// The Rust type.
        rust_type: String,
    },
    /// An integer of 128 bits, which JSON numbers do not carry safely.
    #[error(
        "`{element}`: {pointer} is an integer of 128 bits, which is not read back exactly everywhere; hold it as text \
         (`#[serde(with = ..)]`)"
    )]
    WideInteger {
        /// Name of the node or edge type.
        element: String,
        /// Where its schema stands, as a JSON pointer.
        pointer: String,
    },
    /// An attribute is sealed, and the derive did not know.
    #[error(
        "`{element}`: the attribute `{attribute}` (field `{field}` of `{rust_type}`) is stored sealed, which the derive \
         cannot see from its type; write `Encrypted<..>` or `Option<Encrypted<..>>` there, not another name for it"
    )]
    SealedUnseen {
        /// Name of the node or edge type.
        element: String,
        /// The attribute's JSON name.
        attribute: String,
        /// The Rust field.
        field: String,
        /// The Rust type.
        rust_type: String,
    },
    /// An attribute has something sealed inside of it.
    #[error(
        "`{element}`: the attribute `{attribute}` of `{rust_type}` has something sealed inside of it, which nobody could \
         find and seal anew; write `Encrypted<..>` around all of it, as an attribute of its own"
    )]
    SealedInside {
        /// Name of the node or edge type.
        element: String,
        /// The attribute's JSON name; `*` of a map of attributes.
        attribute: String,
        /// The Rust type.
        rust_type: String,
    },
    /// One name stands for two indexes.
    #[error("`{element}`: `{index}` names both an `index` and a `unique` rule; give one of them another name")]
    AmbiguousIndex {
        /// Name of the node or edge type.
        element: String,
        /// The name.
        index: String,
    },
    /// The schema asks for more than a build without the `validate` feature can check.
    #[error(
        "`{element}`: the JSON schema of `{rust_type}` has rules beyond its Rust type ({rule}); \
         enable metagraph's feature `validate`, which checks them before every write"
    )]
    NeedsValidation {
        /// Name of the node or edge type.
        element: String,
        /// The Rust type.
        rust_type: String,
        /// The first such rule.
        rule: String,
    },
}

pub(crate) fn element(definition: &ElementDefinition, schema: &Value, problems: &mut Vec<Problem>) {
    let element = || definition.name.to_owned();
    let rust_type = || (definition.rust_type)().to_owned();
    dangling_references(definition, schema, problems);
    wide_integers(definition, schema, problems);
    let mut properties = BTreeSet::new();
    if collect_properties(schema, schema, &mut properties, &mut Vec::new()) == Kind::Other {
        problems.push(Problem::NotAnObject { element: element(), rust_type: rust_type() });
        return;
    }
    for field in definition.fields {
        if !properties.contains(field.name) {
            problems.push(Problem::UnknownAttribute {
                element: element(),
                attribute: field.name.to_owned(),
                field: field.rust_name.to_owned(),
                rust_type: rust_type(),
            });
        }
    }
    if let Some(key) = definition.key
        && !can_be_key(schema, key)
    {
        problems.push(Problem::KeyIsNoText { element: element(), attribute: key.to_owned(), rust_type: rust_type() });
    }
    for field in definition.fields.iter().filter(|field| !field.sealed) {
        if sealed(schema, &[Step::Member(Cow::Borrowed(field.name))]).is_some() {
            problems.push(Problem::SealedUnseen {
                element: element(),
                attribute: field.name.to_owned(),
                field: field.rust_name.to_owned(),
                rust_type: rust_type(),
            });
        }
    }
    if let Some(attribute) = sealed_inside(schema) {
        problems.push(Problem::SealedInside { element: element(), attribute, rust_type: rust_type() });
    }
    for index in definition.indexes {
        for attribute in index.fields {
            if scalar_kind(schema, &indexed_steps(schema, attribute)).is_none() {
                problems.push(Problem::IndexIsNoScalar {
                    element: element(),
                    attribute: (*attribute).to_owned(),
                    rust_type: rust_type(),
                });
            }
        }
    }
    for index in definition.indexes.iter().filter(|index| index.unique) {
        if definition.indexes.iter().any(|other| !other.unique && other.name == index.name) {
            problems.push(Problem::AmbiguousIndex { element: element(), index: index.name.to_owned() });
        }
    }
}

fn dangling_references(definition: &ElementDefinition, root: &Value, problems: &mut Vec<Problem>) {
    let _: ControlFlow<()> = walk::visit(root, &mut String::new(), &mut |pointer, schema| {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str)
            && walk::resolve(root, reference).is_none()
        {
            problems.push(Problem::DanglingReference {
                element: definition.name.to_owned(),
                pointer: if pointer.is_empty() { "the root".to_owned() } else { pointer.to_owned() },
                reference: reference.to_owned(),
            });
        }
        ControlFlow::Continue(())
    });
}

fn wide_integers(definition: &ElementDefinition, root: &Value, problems: &mut Vec<Problem>) {
    let _: ControlFlow<()> = walk::visit(root, &mut String::new(), &mut |pointer, schema| {
        if matches!(schema.get("format").and_then(Value::as_str), Some("int128" | "uint128")) {
            problems.push(Problem::WideInteger { element: definition.name.to_owned(), pointer: pointer.to_owned() });
        }
        ControlFlow::Continue(())
    });
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Kind {
    Object,
    Other,
}

/// Gathers the property names of a schema through references and combinations, and says whether it describes objects.
fn collect_properties<'s>(
    root: &'s Value,
    schema: &'s Value,
    names: &mut BTreeSet<&'s str>,
    followed: &mut Vec<&'s str>,
) -> Kind {
    let mut kind = Kind::Other;
    if schema.get("type").and_then(Value::as_str) == Some("object") {
        kind = Kind::Object;
    }
    if let Some(Value::Object(properties)) = schema.get("properties") {
        names.extend(properties.keys().map(String::as_str));
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str)
        && !followed.contains(&reference)
        && let Some(target) = walk::resolve(root, reference)
    {
        followed.push(reference);
        kind = kind.or(collect_properties(root, target, names, followed));
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        if let Some(Value::Array(parts)) = schema.get(keyword) {
            let kinds: Vec<_> =
                parts.iter().map(|part| collect_properties(root, part, names, &mut followed.clone())).collect();
            let all = !kinds.is_empty() && kinds.iter().all(|kind| *kind == Kind::Object);
            let any = kinds.contains(&Kind::Object);
            if all || (keyword == "allOf" && any) {
                kind = Kind::Object;
            }
        }
    }
    kind
}

impl Kind {
    fn or(self, other: Self) -> Self {
        if self == Self::Object { self } else { other }
    }
}

/// Whether an attribute can hold a key, as far as its schema says.
fn can_be_key(root: &Value, attribute: &str) -> bool {
    let Some(mut schema) = root.get("properties").and_then(|properties| properties.get(attribute)) else {
        return true;
    };
    // A chain of references is as long as there are definitions; one that turns round says nothing.
    for _ in 0..16 {
        match schema.get("$ref").and_then(Value::as_str).and_then(|reference| walk::resolve(root, reference)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    match schema.get("type") {
        Some(Value::String(one)) => one == "string" || one == "integer",
        _ => true,
    }
}

/// The names of all attributes that a schema knows; `None` where it leaves room for others.
///
/// ```
/// use metagraph_core::schema::attribute_names;
/// use serde_json::json;
///
/// let closed = json!({"type": "object", "properties": {"id": {"type": "string"}}});
/// assert!(attribute_names(&closed).unwrap().contains("id"));
/// let open = json!({"type": "object", "additionalProperties": {"type": "string"}});
/// assert_eq!(attribute_names(&open), None);
/// ```
pub fn attribute_names(schema: &Value) -> Option<BTreeSet<&str>> {
    let mut leaves_room = false;
    let _: ControlFlow<()> = walk::visit(schema, &mut String::new(), &mut |pointer, part| {
        // Definitions and attributes have rooms of their own.
        if pointer.contains("/$defs/") || pointer.contains("/properties/") {
            return ControlFlow::Continue(());
        }
        // What is behind a reference is not looked at.
        leaves_room |= part.get("$ref").is_some();
        let more = ["additionalProperties", "unevaluatedProperties", "patternProperties"];
        leaves_room |= more.iter().any(|keyword| part.get(keyword).is_some_and(|more| *more != Value::Bool(false)));
        ControlFlow::Continue(())
    });
    let mut names = BTreeSet::new();
    let kind = collect_properties(schema, schema, &mut names, &mut Vec::new());
    (kind == Kind::Object && !leaves_room).then_some(names)
}
