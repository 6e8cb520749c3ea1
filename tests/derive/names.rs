//! The law of names: what the derive calls an attribute is what serde writes, under every rule.

use metagraph::{Element, GraphType, NodeType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The names in the definition and in the handles are the keys of the written object.
fn named_as_written<N: NodeType>(node: &N) {
    let written = serde_json::to_value(node).unwrap();
    let mut keys: Vec<&str> = written.as_object().unwrap().keys().map(String::as_str).collect();
    let mut names: Vec<&str> = N::DEFINITION.element.fields.iter().map(|field| field.name).collect();
    keys.sort_unstable();
    names.sort_unstable();
    assert_eq!(names, keys, "of {}", (N::DEFINITION.element.rust_type)());
    let schema = (N::DEFINITION.element.schema)();
    let known: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(known, keys);
    let read: N = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), written);
}

macro_rules! under {
    ($($module:ident: $(#[$rule:meta])?)*) => { $(
        mod $module {
            use super::*;

            #[derive(Default, Serialize, Deserialize, JsonSchema, GraphType)]
            #[graph(node)]
            $(#[$rule])?
            #[allow(non_snake_case, reason = "names of every kind are tried")]
            struct Record {
                a: u8,
                ab: u8,
                id: u8,
                user_id: u8,
                a_b_c: u8,
                http2_url: u8,
                v1: u8,
                x9y: u8,
                _leading: u8,
                trailing_: u8,
                double__gap: u8,
                __both__: u8,
                camelCase: u8,
                PascalWord: u8,
                SHOUTED_NAME: u8,
                Mixed_Case_name: u8,
                nach_größe: u8,
                r#type: u8,
                r#match: u8,
                r#fn_name: u8,
                #[serde(rename = "given-By_hand")]
                renamed: u8,
                #[serde(rename(serialize = "same both", deserialize = "same both"))]
                renamed_twice: u8,
                #[serde(default, alias = "otherwise")]
                with_default: u8,
            }

            #[test]
            fn names_are_those_of_serde() {
                named_as_written(&Record::default());
                assert_eq!(Record::F.user_id.name(), Some(Record::DEFINITION.element.fields[3].name));
                assert_eq!(Record::DEFINITION.element.fields[17].rust_name, "type");
                assert_eq!(Record::F.r#type.name().unwrap().to_lowercase(), "type");
            }
        }
    )* };
}

under! {
    no_rule:
    lower: #[serde(rename_all = "lowercase")]
    upper: #[serde(rename_all = "UPPERCASE")]
    pascal: #[serde(rename_all = "PascalCase")]
    camel: #[serde(rename_all = "camelCase")]
    snake: #[serde(rename_all = "snake_case")]
    screaming_snake: #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    kebab: #[serde(rename_all = "kebab-case")]
    screaming_kebab: #[serde(rename_all = "SCREAMING-KEBAB-CASE")]
    both_sides: #[serde(rename_all(serialize = "camelCase", deserialize = "camelCase"))]
}

#[derive(Default, Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
#[graph(node)]
struct Foreign {
    é_accent: u8,
    ß: u8,
    名前: u8,
}

#[test]
fn letters_outside_ascii_keep_their_case() {
    named_as_written(&Foreign::default());
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(tag = "type")]
#[graph(node)]
struct Tagged {
    name: String,
}

#[test]
fn the_tag_of_a_struct_is_written_beside_its_attributes() {
    let written = serde_json::to_value(Tagged { name: "n".into() }).unwrap();
    assert_eq!(written, serde_json::json!({"type": "Tagged", "name": "n"}));
    serde_json::from_value::<Tagged>(written).unwrap();
    let names: Vec<_> = Tagged::DEFINITION.element.fields.iter().map(|field| field.name).collect();
    assert_eq!(names, ["name"]);
}

mod shouted {
    pub(crate) mod text {
        use serde::{Deserialize, Deserializer, Serializer};

        pub(crate) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(&text.to_uppercase())
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
            String::deserialize(deserializer)
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Spoken {
    #[serde(with = "shouted::text")]
    #[schemars(with = "String")]
    #[graph(index)]
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    echoes: Vec<String>,
    #[serde(skip_serializing, skip_deserializing)]
    heard: bool,
}

#[test]
fn what_is_left_out_reads_back() {
    let spoken = Spoken { text: "hey".into(), answer: None, echoes: Vec::new(), heard: true };
    let written = serde_json::to_value(&spoken).unwrap();
    assert_eq!(written["text"], Value::from("HEY"));
    let read: Spoken = serde_json::from_value(written).unwrap();
    assert!(!read.heard && read.answer.is_none() && read.echoes.is_empty());
    let names: Vec<_> = Spoken::DEFINITION.element.fields.iter().map(|field| field.name).collect();
    assert_eq!(names, ["text", "answer", "echoes"]);
}
