//! Attributes that become sealed, or are sealed already: their values only change with a key ring.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use metagraph_core::Key;
use metagraph_core::evolution::{Passage, Passing, RowUpgrade};
use metagraph_core::query::source::Step;
use metagraph_core::schema::{attribute_names, holds_sealed, sealed, sealed_content};
use serde_json::Value;

/// The names that bind a sealed value to its place, in the revision before and now.
#[derive(Debug, Clone)]
#[cfg_attr(not(feature = "encryption"), expect(dead_code, reason = "only who has a key ring asks"))]
pub(super) struct Place {
    pub(super) graph_type: String,
    /// The name of the node or edge type before, and now.
    pub(super) element: (String, String),
    /// The name of the attribute before, and now.
    pub(super) attribute: (String, String),
    /// Whether it was sealed before.
    pub(super) was_sealed: bool,
    /// The attribute that holds the key now.
    pub(super) key: Option<String>,
    /// Whether rows may get other keys.
    pub(super) moves_keys: bool,
}

impl Place {
    /// The keys of a row before and now, which own its sealed values unless the caller says otherwise.
    pub(super) fn keys<'p>(&self, passing: &Passing<'p>) -> Option<(&'p str, String)> {
        let before = passing.key?;
        let now = self.key.as_ref().and_then(|attribute| {
            let value = passing.attributes.get(attribute).cloned().unwrap_or_default();
            Key::from_json(attribute, value).ok()
        });
        Some((before, now.map_or_else(|| before.to_owned(), |key| key.as_str().to_owned())))
    }
}

/// What the caller's key ring does to an attribute.
#[derive(Clone)]
pub(super) struct Sealing {
    pub(super) element: &'static str,
    pub(super) attribute: &'static str,
    /// Whether values become sealed, rather than plain.
    pub(super) seals: bool,
    pub(super) passage: Arc<dyn Fn(Place) -> Passage>,
}

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealing").field("attribute", &self.attribute).finish_non_exhaustive()
    }
}

/// The ways of an element type's sealed attributes.
#[derive(Debug, Default)]
pub(super) struct Passages {
    ways: Vec<(String, Passage)>,
    /// Whether every row has to go one of them.
    pub(super) are_needed: bool,
    /// Whether something is sealed, before or now.
    discreet: bool,
}

impl Passages {
    /// The ways by the caller's ring, or nowhere.
    pub(super) fn new(
        place: &Place,
        (before, now): (&Value, &Value),
        renamed: impl Fn(&str) -> Option<String>,
        sealings: &[Sealing],
    ) -> Self {
        let mut passages = Self { discreet: holds_sealed(before) || holds_sealed(now), ..Self::default() };
        if !passages.discreet {
            return passages;
        }
        for name in names(now) {
            let was = renamed(&name).unwrap_or_else(|| name.clone());
            let steps = [Step::Member(name.clone().into())];
            let (sealed_before, sealed_now) = (sealed(before, &steps), sealed(now, &steps));
            let moves = place.element.0 != place.element.1 || was != name;
            let missing = match (sealed_before, sealed_now) {
                (None, None) => continue,
                (None, Some(_)) => Some("it is to be sealed; give the key ring with `Evolution::seal`"),
                (Some(_), None) => Some("it is sealed; give the key ring with `Evolution::unseal`"),
                _ if moves => Some("it is sealed for the place where it was; give the key ring with `Evolution::seal`"),
                _ if sealed_content(before, &steps) != sealed_content(now, &steps) => {
                    Some("it is sealed as another type; give the key ring with `Evolution::seal`")
                }
                (Some(before), Some(now)) if before != now => {
                    Some("it was sealed otherwise; give the key ring with `Evolution::seal`")
                }
                (Some(_), Some(_)) => None,
            };
            passages.are_needed |= missing.is_some() || place.moves_keys;
            let given = sealings.iter().find(|sealing| {
                (sealing.element, sealing.attribute) == (place.element.1.as_str(), name.as_str())
                    && sealing.seals == sealed_now.is_some()
            });
            let place = Place { attribute: (was, name.clone()), was_sealed: sealed_before.is_some(), ..place.clone() };
            let passage = match (given, missing) {
                (Some(sealing), _) => (sealing.passage)(place),
                (None, Some(missing)) => Passage::new(move |_| Err(missing.to_owned())),
                (None, None) => Passage::new(move |passing| match place.keys(passing) {
                    Some((before, now)) if before != now => {
                        Err("its row gets another key, which owns it; give the key ring with `Evolution::seal`"
                            .to_owned())
                    }
                    _ => Ok(None),
                }),
            };
            passages.ways.push((name, passage));
        }
        passages
    }

    /// Adds the ways to an upgrade, which then shows nothing of a row.
    pub(super) fn lead(self, upgrade: RowUpgrade) -> RowUpgrade {
        if !self.discreet {
            return upgrade;
        }
        self.ways.into_iter().fold(upgrade.discreet(), |upgrade, (name, passage)| upgrade.passing(&name, passage))
    }
}

/// Whether only a key ring makes values of one schema to such of another.
pub(crate) fn needs_ring(before: &Value, now: &Value) -> bool {
    names(now).into_iter().any(|name| {
        let steps = [Step::Member(name.into())];
        sealed(before, &steps) != sealed(now, &steps) || sealed_content(before, &steps) != sealed_content(now, &steps)
    })
}

fn names(schema: &Value) -> BTreeSet<String> {
    let properties = schema.get("properties").and_then(Value::as_object).into_iter();
    let names = properties.flat_map(|members| members.keys().cloned());
    names.chain(attribute_names(schema).into_iter().flatten().map(str::to_owned)).collect()
}
