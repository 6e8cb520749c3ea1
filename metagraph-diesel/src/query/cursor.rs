//! Cursors: where a page ended, as text that only the same query reads.

use std::fmt;
use std::str::FromStr;

use metagraph_core::query::Kind;
use metagraph_core::query::literal::Literal;
use metagraph_core::query::order::OrderKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::expression::Scope;
use super::plan::{Plan, Position, Rows};
use crate::error::{Error, Result};

/// The form of cursors; another one is refused.
const FORM: u8 = 1;

/// A place between two rows of an ordered query, from which a page can be read later.
///
/// It is text to the outside: hand it to a client and take it back. It belongs to its query, by graph, filter and order,
/// and another query refuses it. It holds the values that rows were ordered by, so it is no secret to who may not see them.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::Cursor;
///
/// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
/// let by_name = || graph.nodes::<Package>().order_by(|p| p.id.asc()).limit(1);
/// let token: String = by_name().page(&mut conn)?.next.unwrap().to_string();
///
/// let cursor: Cursor = token.parse()?;
/// assert_eq!(by_name().after(&cursor).page(&mut conn)?.items[0].key, "serde");
/// assert!(graph.nodes::<Package>().limit(1).after(&cursor).page(&mut conn).is_err(), "another order");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    query: String,
    position: Position,
}

#[derive(Serialize, Deserialize)]
struct Content(u8, String, Vec<Value>, i64);

impl Cursor {
    pub(super) fn new(plan: &Plan<'_>, position: Position) -> Self {
        Self { query: fingerprint(plan), position }
    }

    /// The position, if the cursor is one of this query.
    pub(super) fn position(&self, plan: &Plan<'_>) -> Result<Position> {
        if self.query != fingerprint(plan) {
            return Err(refused("it comes from another graph, filter or order"));
        }
        let values = &self.position.values;
        let fits = |(key, value): (_, &Option<Literal>)| value.as_ref().is_none_or(|value| fits(key, value));
        if values.len() == plan.order.len() && plan.order.iter().zip(values).all(fits) {
            return Ok(self.position.clone());
        }
        Err(refused("its values are not those of the order"))
    }
}

/// Whether a value can be in an order by this key, since a cursor comes from outside.
fn fits(key: &OrderKey, value: &Literal) -> bool {
    match value {
        Literal::Text(text) if Scope::is_column_time(&key.source) => Scope::microseconds(text).is_ok(),
        Literal::Text(text) => key.kind == Kind::Text && !text.contains('\0'),
        value => key.kind == value.kind(),
    }
}

/// What a query asks, without how many.
fn fingerprint(plan: &Plan<'_>) -> String {
    let rows = match &plan.rows {
        Rows::Nodes(types) => plan.graph.vocabulary.node_names(types).join(","),
        Rows::Edges(kind) => plan.graph.vocabulary.edge_by_id(*kind).map_or_else(String::new, |kind| kind.name.clone()),
    };
    let asked = format!("{}|{rows}|{:?}|{:?}", plan.graph.uid, plan.condition, plan.order);
    let hash = hmac_sha256::Hash::hash(asked.as_bytes());
    hash.iter().take(8).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn refused(reason: &str) -> Error {
    Error::InvalidCursor { reason: reason.to_owned() }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.position.values.iter().map(|value| match value {
            None => Value::Null,
            Some(Literal::Text(text)) => text.as_str().into(),
            Some(Literal::Integer(integer)) => (*integer).into(),
            Some(Literal::Unsigned(integer)) => (*integer).into(),
            Some(Literal::Float(float)) => (*float).into(),
            Some(Literal::Flag(flag)) => (*flag).into(),
        });
        let content = Content(FORM, self.query.clone(), values.collect(), self.position.id);
        let text = serde_json::to_string(&content).map_err(|_unlikely| fmt::Error)?;
        text.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bytes: Option<Vec<u8>> = text
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok().filter(|_| pair.len() == 2))
            .collect();
        let content = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let Some(Content(form, query, values, id)) = content else { return Err(refused("it is no cursor")) };
        if form != FORM {
            return Err(refused("it comes from another release of metagraph"));
        }
        let values: Result<Vec<Option<Literal>>> = values.into_iter().map(literal).collect();
        let values = values?;
        Ok(Self { query, position: Position { values, id } })
    }
}

fn literal(value: Value) -> Result<Option<Literal>> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(Literal::Text(text))),
        Value::Bool(flag) => Ok(Some(Literal::Flag(flag))),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(integer), ..) => Ok(Some(Literal::Integer(integer))),
            (None, Some(integer), _) => Ok(Some(Literal::Unsigned(integer))),
            (None, None, Some(float)) => Ok(Some(Literal::Float(float))),
            (None, None, None) => Err(refused("it is no cursor")),
        },
        Value::Array(_) | Value::Object(_) => Err(refused("it is no cursor")),
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
