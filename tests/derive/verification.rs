//! What a schema must hold before it is stored, told all at once.

use expect_test::{Expect, expect};
use metagraph::GraphType;
use metagraph::document::CompiledType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

fn refused<G: GraphType>(expected: &Expect) {
    expected.assert_eq(&CompiledType::of::<G>().unwrap_err().to_string());
}

/// schemars says another name than serde.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Renamed {
    #[schemars(rename = "title")]
    name: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Weighed {
    #[graph(key)]
    weight: f64,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Counted {
    count: u128,
}

#[derive(Debug, GraphType)]
#[graph(name = "everything-wrong")]
enum EverythingWrong {
    Renamed(Renamed),
    Weighed(Weighed),
    Counted(Counted),
}

#[test]
fn all_problems_of_a_graph_type_are_told_at_once() {
    refused::<EverythingWrong>(&expect![[r#"
        the graph type `everything-wrong` cannot be stored
          `renamed`: serde writes the attribute `name` (field `name` of `derive::verification::Renamed`), but the JSON schema does not have it; give the field the same name in `#[serde(..)]` and `#[schemars(..)]`
          `weighed`: the key `weight` of `derive::verification::Weighed` holds neither a string nor an integer; choose another field for `#[graph(key)]`
          `counted`: /properties/count is an integer of 128 bits, which is not read back exactly everywhere; hold it as text (`#[serde(with = ..)]`)"#]]);
}

fn dangling(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({"$ref": "#/$defs/Nowhere"})
}

fn text(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({"type": "string"})
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Referring {
    #[schemars(schema_with = "dangling")]
    other: String,
}

#[derive(Debug, Serialize, Deserialize, GraphType)]
#[graph(node)]
struct Textual {}

impl JsonSchema for Textual {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Textual".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        text(generator)
    }
}

#[derive(Debug, GraphType)]
#[graph(name = "hand-written")]
enum HandWritten {
    Referring(Referring),
    Textual(Textual),
}

#[test]
fn hand_written_schemas_are_verified_as_well() {
    refused::<HandWritten>(&expect![[r#"
        the graph type `hand-written` cannot be stored
          `referring`: `$ref` at /properties/other names `#/$defs/Nowhere`, which this schema does not define
          `referring`: the JSON schema of `derive::verification::Referring` is not a valid schema: Pointer '/$defs/Nowhere' does not exist
          `textual`: the JSON schema of `derive::verification::Textual` does not describe an object, and attributes need one"#]]);
}
