//! Projections: structs that are read from some attributes of a node or edge type.

use metagraph::query::{Projection, SelectedRow, Selection};
use metagraph::{Element, GraphType};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(rename_all = "camelCase")]
#[graph(node)]
struct Package {
    #[graph(key)]
    id: String,
    download_count: u32,
    r#type: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package))]
struct DependsOn {
    optional: bool,
}

#[derive(Debug, PartialEq, GraphType)]
#[graph(projection(of = Package))]
struct Fame {
    download_count: u32,
    r#type: Option<String>,
    #[graph(from = "type")]
    kind: Option<String>,
    #[graph(from = "id")]
    name: String,
}

#[derive(Debug, PartialEq, GraphType)]
#[graph(projection(of = DependsOn))]
struct Need {
    optional: bool,
}

/// A row of JSON values.
struct Row(std::vec::IntoIter<Value>);

impl SelectedRow for Row {
    type Error = serde_json::Error;

    fn next<T: DeserializeOwned>(&mut self) -> Result<T, serde_json::Error> {
        serde_json::from_value(self.0.next().unwrap())
    }
}

fn read<O, P: Projection<O>>(values: Vec<Value>) -> P {
    P::build(P::Fields::read(&mut Row(values.into_iter())).unwrap())
}

/// Whether these handles are what a projection reads.
macro_rules! reads {
    ($projection:ty, $of:ty: $($field:ident)+) => {
        let sources = <$projection as Projection<$of>>::fields().sources();
        assert_eq!(sources, [$(<$of>::F.$field.source()),+]);
    };
}

#[test]
fn each_field_is_read_from_its_attribute() {
    reads!(Fame, Package: download_count r#type r#type id);
    let fame: Fame = read(vec![json!(7), json!(null), json!("lib"), json!("serde")]);
    assert_eq!(fame, Fame { download_count: 7, r#type: None, kind: Some("lib".to_owned()), name: "serde".to_owned() });
}

#[test]
fn an_edge_type_has_projections_too() {
    reads!(Need, DependsOn: optional);
    assert_eq!(read::<DependsOn, Need>(vec![json!(true)]), Need { optional: true });
}

macro_rules! wide {
    ($($field:ident)*) => {
        #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node)]
        struct Wide {
            $($field: u8),*
        }

        #[derive(Debug, PartialEq, GraphType)]
        #[graph(projection(of = Wide))]
        struct All {
            $($field: u8),*
        }

        #[test]
        fn as_many_as_sixty_four_fields_are_read() {
            reads!(All, Wide: $($field)*);
            let mut value = 0_u8;
            let mut next = || {
                value += 1;
                value
            };
            let expected = All { $($field: next()),* };
            assert_eq!(value, 64);
            assert_eq!(read::<Wide, All>((1..=64).map(|value: u8| json!(value)).collect()), expected);
        }
    };
}

wide! {
    a0 a1 a2 a3 a4 a5 a6 a7 b0 b1 b2 b3 b4 b5 b6 b7 c0 c1 c2 c3 c4 c5 c6 c7 d0 d1 d2 d3 d4 d5 d6 d7
    e0 e1 e2 e3 e4 e5 e6 e7 f0 f1 f2 f3 f4 f5 f6 f7 g0 g1 g2 g3 g4 g5 g6 g7 h0 h1 h2 h3 h4 h5 h6 h7
}
