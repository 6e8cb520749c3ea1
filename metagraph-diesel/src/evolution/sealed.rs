//! Attributes that become sealed, or are sealed already: their values only change with a key ring.

use std::fmt;
use std::sync::Arc;

use metagraph_core::evolution::{Passage, RowUpgrade};
use metagraph_core::query::source::Step;
use metagraph_core::schema::{attribute_names, sealed};
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
    /// The attribute that holds the key now.
    pub(super) key: Option<String>,
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

/// The ways of an element type's sealed attributes: by the caller's ring, or nowhere.
pub(super) fn passages(
    place: &Place,
    (before, now): (&Value, &Value),
    renamed: impl Fn(&str) -> Option<String>,
    sealings: &[Sealing],
) -> Vec<(String, Passage)> {
    let names =
        now.get("properties").and_then(Value::as_object).into_iter().flat_map(|members| members.keys().cloned());
    let names = names.chain(attribute_names(now).into_iter().flatten().map(str::to_owned));
    let names: std::collections::BTreeSet<String> = names.collect();
    let mut passages = Vec::new();
    for name in names {
        let was = renamed(&name).unwrap_or_else(|| name.clone());
        let steps = [Step::Member(name.clone().into())];
        let (sealed_before, sealed_now) = (sealed(before, &steps), sealed(now, &steps));
        let moves = place.element.0 != place.element.1 || was != name;
        let missing = match (sealed_before, sealed_now) {
            (None, None) => continue,
            (Some(before), Some(now)) if before == now && !moves => continue,
            (Some(_), Some(_)) if moves => {
                "it is sealed for the place where it was; give the key ring with `Evolution::seal`"
            }
            (Some(_), Some(_)) => "it was sealed otherwise; give the key ring with `Evolution::seal`",
            (None, Some(_)) => "it is to be sealed; give the key ring with `Evolution::seal`",
            (Some(_), None) => "it is sealed; give the key ring with `Evolution::unseal`",
        };
        let given = sealings.iter().find(|sealing| {
            (sealing.element, sealing.attribute) == (place.element.1.as_str(), name.as_str())
                && sealing.seals == sealed_now.is_some()
        });
        let passage = match given {
            Some(sealing) => (sealing.passage)(Place { attribute: (was, name.clone()), ..place.clone() }),
            None => Passage::new(move |_| Err(missing.to_owned())),
        };
        passages.push((name, passage));
    }
    passages
}

/// Adds the ways to an upgrade, which then shows nothing of a row.
pub(super) fn by(upgrade: RowUpgrade, passages: Vec<(String, Passage)>) -> RowUpgrade {
    if passages.is_empty() {
        return upgrade;
    }
    passages.into_iter().fold(upgrade.discreet(), |upgrade, (name, passage)| upgrade.passing(&name, passage))
}
