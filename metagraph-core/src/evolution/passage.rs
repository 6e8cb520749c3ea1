//! What becomes of one attribute's value, where its schema cannot say.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

/// What becomes of an attribute's value on the way to the next revision, where no schema can say: what is sealed, for
/// one, needs a key.
///
/// It is given a value that is there and not null, and returns another, or nothing where the value stays as it is.
///
/// ```
/// use metagraph_core::evolution::{Passage, RowUpgrade};
/// use serde_json::json;
///
/// let backwards = Passage::new(|passing| {
///     let text = passing.value.as_str().ok_or("it is no text")?;
///     Ok(Some(text.chars().rev().collect::<String>().into()))
/// });
/// let upgrade = RowUpgrade::new(&json!({}))?.passing("name", backwards);
/// assert_eq!(upgrade.run(json!({"name": "abc"})).unwrap().value, json!({"name": "cba"}));
/// assert_eq!(upgrade.run(json!({"name": 7})).unwrap_err()[0].to_string(), "/name: it is no text");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone)]
pub struct Passage(Arc<Pass>);

type Pass = dyn Fn(&Passing<'_>) -> Result<Option<Value>, String> + Send + Sync;

/// A value on its way.
#[derive(Debug, Clone, Copy)]
pub struct Passing<'r> {
    /// The key that the row has.
    pub key: Option<&'r str>,
    /// The row's attributes, under the names that they have now.
    pub attributes: &'r Value,
    /// The value.
    pub value: &'r Value,
}

impl Passage {
    /// A way that a function knows; what it refuses is said in its words.
    pub fn new(pass: impl Fn(&Passing<'_>) -> Result<Option<Value>, String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(pass))
    }

    pub(super) fn pass(&self, passing: &Passing<'_>) -> Result<Option<Value>, String> {
        (self.0)(passing)
    }
}

impl fmt::Debug for Passage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passage(..)")
    }
}
