//! Changes of Rust types, as schemars writes their schemas.
#![allow(dead_code, reason = "only the schemas are looked at")]

use schemars::{JsonSchema, schema_for};

use super::*;

#[track_caller]
fn between<Before: JsonSchema, After: JsonSchema>() -> SchemaDiff {
    let schema = |schema: schemars::Schema| serde_json::to_value(schema).unwrap();
    SchemaDiff::between(&schema(schema_for!(Before)), &schema(schema_for!(After))).unwrap()
}

fn lines<Before: JsonSchema, After: JsonSchema>() -> Vec<String> {
    between::<Before, After>().to_string().lines().map(str::to_owned).collect()
}

mod old {
    use super::JsonSchema;

    #[derive(JsonSchema)]
    pub(super) struct Task {
        pub(super) title: String,
        pub(super) status: Status,
        pub(super) minutes: Option<u32>,
        pub(super) shape: Shape,
        pub(super) event: Event,
    }

    /// Of two kinds.
    #[derive(JsonSchema)]
    pub(super) enum Status {
        /// To do.
        Open,
        Done,
    }

    #[derive(JsonSchema)]
    #[serde(tag = "kind")]
    pub(super) enum Shape {
        Circle { radius: f64 },
        Square { side: f64 },
    }

    #[derive(JsonSchema)]
    pub(super) enum Event {
        Created,
        Moved { to: u8 },
        Named(String),
    }
}

mod new {
    use super::JsonSchema;

    #[derive(JsonSchema)]
    pub(super) struct Task {
        pub(super) title: String,
        pub(super) status: Status,
        pub(super) minutes: Option<i64>,
        pub(super) shape: Shape,
        pub(super) event: Event,
    }

    #[derive(JsonSchema)]
    pub(super) enum Status {
        Open,
        Waiting,
        Done,
    }

    #[derive(JsonSchema)]
    #[serde(tag = "kind")]
    pub(super) enum Shape {
        Circle { radius: f64 },
        Square { side: f64 },
        Line { length: f64 },
    }

    #[derive(JsonSchema)]
    pub(super) enum Event {
        Created,
        Closed,
        Moved { to: u16 },
        Named(Option<String>),
    }
}

#[test]
fn wider_numbers_and_new_variants_are_compatible() {
    let diff = between::<old::Task, new::Task>();
    assert_eq!(diff.class(), Class::Compatible, "{diff}");
    assert_eq!(
        diff.to_string().lines().collect::<Vec<_>>(),
        [
            r#"/event: the value "Closed" is new (compatible)"#,
            "/event/Moved/to: at most 65535 now, and before: at most 255 (compatible)",
            "/event/Moved/to: of the format `uint16` now, and before: of the format `uint8` (compatible)",
            "/event/Named: it may be null now (compatible)",
            "/minutes: no longer: at least 0 (compatible)",
            "/minutes: of the format `int64` now, and before: of the format `uint32` (compatible)",
            r#"/shape: there is a new alternative, {"kind":"Line"} (compatible)"#,
            r#"/status: the value "Waiting" is new (compatible)"#
        ]
    );
}

#[test]
fn narrower_numbers_and_variants_that_are_gone_are_not() {
    let diff = between::<new::Task, old::Task>();
    assert_eq!(diff.class(), Class::Breaking);
    assert_eq!(
        diff.to_string().lines().collect::<Vec<_>>(),
        [
            r#"/event: the value "Closed" is gone (breaking: "Closed" was valid)"#,
            "/event/Moved/to: at most 255 now, and before: at most 65535 (breaking: 256 was valid)",
            "/event/Moved/to: of the format `uint8` now, and before: of the format `uint16` (breaking: 256 was valid)",
            "/event/Named: it may not be null any more (breaking: null was valid)",
            "/minutes: at least 0 now (breaking: -1 was valid)",
            "/minutes: of the format `uint32` now, and before: of the format `int64` (breaking: -1 was valid)",
            r#"/shape: an alternative is gone, {"kind":"Line"} (breaking: {"kind":"Line","length":0} was valid)"#,
            r#"/status: the value "Waiting" is gone (breaking: "Waiting" was valid)"#
        ]
    );
}

#[test]
fn wrappers_widen_one_way_only() {
    let class = |diff: SchemaDiff| diff.class();
    assert_eq!(class(between::<u32, i64>()), Class::Compatible);
    assert_eq!(class(between::<i64, Option<i64>>()), Class::Compatible);
    assert_eq!(class(between::<u64, i64>()), Class::Breaking);
    assert_eq!(class(between::<f32, f64>()), Class::Compatible);
    assert_eq!(class(between::<f64, f32>()), Class::Undecidable);
    assert_eq!(class(between::<u8, f32>()), Class::Compatible);
    assert_eq!(class(between::<char, String>()), Class::Compatible);
    assert_eq!(class(between::<bool, String>()), Class::Migratable);
    assert_eq!(class(between::<String, Vec<String>>()), Class::Migratable);
    assert_eq!(class(between::<[u8; 3], Vec<u8>>()), Class::Compatible);
    assert_eq!(class(between::<(u8, String), (u16, String)>()), Class::Compatible);
    assert_eq!(class(between::<std::collections::BTreeSet<u8>, Vec<u8>>()), Class::Compatible);
    assert_eq!(class(between::<Vec<u8>, std::collections::BTreeSet<u8>>()), Class::Breaking);
    assert_eq!(class(between::<old::Task, std::collections::BTreeMap<String, Value>>()), Class::Compatible);
    assert_eq!(class(between::<Box<old::Task>, old::Task>()), Class::Compatible);
    assert!(lines::<old::Task, old::Task>().is_empty());
}
