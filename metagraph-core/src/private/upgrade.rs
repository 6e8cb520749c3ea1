//! Functions from an earlier Rust type to the one of today, as they are asked for JSON.

use std::any::type_name;
use std::fmt::Display;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::schema::canonical;

/// What an upgrade begins with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from what is stored",
    label = "`{Self}` needs `#[derive(Deserialize, JsonSchema)]`, and owns its data",
    note = "the function behind `upgrade` takes a value of the earlier type, which serde reads and schemars describes"
)]
pub trait Earlier: DeserializeOwned + JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema> Earlier for T {}

/// What an upgrade answers with.
#[diagnostic::on_unimplemented(
    message = "an upgrade to `{New}` cannot return `{Self}`",
    label = "expected `{New}`, or `Result<{New}, E>` whose `E` can be displayed",
    note = "the function behind `upgrade` is a `fn(Earlier) -> {New}` or a `fn(Earlier) -> Result<{New}, E>`"
)]
pub trait Upgraded<New> {
    /// The value, or why there is none.
    fn upgraded(self) -> Result<New, String>;
}

impl<New> Upgraded<New> for New {
    fn upgraded(self) -> Result<New, String> {
        Ok(self)
    }
}

impl<New, E: Display> Upgraded<New> for Result<New, E> {
    fn upgraded(self) -> Result<New, String> {
        self.map_err(|error| error.to_string())
    }
}

/// A function behind `upgrade`, on JSON. Nothing is asked of a type here, so that rustc tells of a function that does not
/// fit where it is named, and nowhere else.
#[allow(missing_debug_implementations, reason = "it lives as long as one call")]
pub struct Upgrade {
    schema: fn() -> Value,
    run: Box<dyn Fn(Value) -> Result<Value, String>>,
}

/// Takes the function.
pub fn upgrade<Old: Earlier, New: Serialize, Out: Upgraded<New>>(function: impl Fn(Old) -> Out + 'static) -> Upgrade {
    let run = move |value| written::<New>(function(read::<Old>(value)?).upgraded()?);
    Upgrade { schema: earlier_schema::<Old>, run: Box::new(run) }
}

impl Upgrade {
    /// The schema of what the function takes, in the form in which it would be stored.
    pub fn earlier_schema(&self) -> Value {
        (self.schema)()
    }

    /// Upgrades one value.
    ///
    /// # Errors
    /// What serde says of a value that is none of the earlier type, what the function refuses, in its words, and what
    /// serde says of a new value that has no JSON.
    pub fn run(&self, value: Value) -> Result<Value, String> {
        (self.run)(value)
    }
}

fn earlier_schema<Old: Earlier>() -> Value {
    let generated = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Old>().to_value();
    if generated.get("type").is_some_and(|kind| kind == "null") {
        canonical::of_unit(&generated)
    } else {
        canonical::normalized(&generated)
    }
}

fn read<Old: Earlier>(value: Value) -> Result<Old, String> {
    // A unit struct is stored as an empty object, and serde reads it from null.
    let is_empty = value.as_object().is_some_and(Map::is_empty);
    match serde_json::from_value(value) {
        Err(error) if is_empty => serde_json::from_value(Value::Null).or(Err(error)),
        read => read,
    }
    .map_err(|error| format!("not a value of `{}`: {error}", type_name::<Old>()))
}

fn written<New: Serialize>(new: New) -> Result<Value, String> {
    match serde_json::to_value(new) {
        Ok(Value::Null) => Ok(Value::Object(Map::new())),
        Ok(value) => Ok(value),
        Err(error) => Err(format!("the new value of `{}` has no JSON: {error}", type_name::<New>())),
    }
}
