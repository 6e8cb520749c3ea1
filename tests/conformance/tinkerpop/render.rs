//! Walks as recorded answers show them.

use serde_json::{Value, json};

use super::bag::{Branch, By, Outcome, Place, Reason, View};
use super::notation::{list, map, plain};
use super::run::{Stop, Walk, stop};
use super::world::{Card, World};

/// What is shown of a walk: a value, or several, or none.
pub(super) fn shown(world: &World, branch: &Branch, walk: &Walk) -> Outcome<Vec<Value>> {
    if let Place::Ends(at) = branch.here {
        let mut ends = [Place::Node(at - 1), Place::Node(at)];
        if branch.edges.is_some() {
            ends = [Place::Node(0), Place::Node(1)];
        }
        let mut all = Vec::new();
        for here in ends {
            all.extend(shown(world, &Branch { here, ..branch.clone() }, walk)?);
        }
        return Ok(all);
    }
    let card = |place| stop(branch, walk, place).map(|stop| card(world, stop));
    Ok(match &branch.view {
        View::Element => vec![card(branch.here)?.shown.clone()],
        View::Label => vec![card(branch.here)?.label.into()],
        View::Id => vec![card(branch.here)?.attributes["id"].clone()],
        View::Constant(value) => vec![plain(value)],
        View::Values(names) => {
            let card = card(branch.here)?;
            names.iter().filter_map(|name| card.attribute(name)).map(plain).collect()
        }
        View::Path(bys, between) => {
            let stops = match between {
                None => whole(branch, walk),
                Some((Place::Node(from), Place::Node(to))) => {
                    walk.nodes[*from..=*to].iter().map(|node| Stop::Node(*node)).collect()
                }
                Some(_) => return Err(Reason::Patterns),
            };
            let show = |(at, stop): (usize, &Stop)| by(self::card(world, *stop), bys.get(at % bys.len().max(1)));
            stops
                .iter()
                .enumerate()
                .map(show)
                .collect::<Option<Vec<_>>>()
                .map(|path| json!({"p": path}))
                .into_iter()
                .collect()
        }
        View::PathTo(name) => {
            let mut path: Vec<_> =
                whole(branch, walk).iter().map(|stop| self::card(world, *stop).shown.clone()).collect();
            path.extend(card(branch.here)?.attribute(name).map(plain));
            vec![json!({"p": path})]
        }
        View::Select(places, bys) => {
            let mut entries = Vec::new();
            for (at, (name, place)) in places.iter().enumerate() {
                let Some(value) = by(card(*place)?, bys.get(at % bys.len().max(1))) else { return Ok(Vec::new()) };
                entries.push((name.as_str().into(), value));
            }
            vec![map(entries)]
        }
        View::ValueMap(names) => {
            let card = card(branch.here)?;
            vec![map(attributes(card, names).map(|(name, value)| (name, list(&[value]))))]
        }
        View::ElementMap => {
            let card = card(branch.here)?;
            let own = [
                (json!({"t": "id"}), card.attributes["id"].clone()),
                (json!({"t": "label"}), json!({"s": [card.label]})),
            ];
            vec![map(own.into_iter().chain(attributes(card, &[])))]
        }
    })
}

fn attributes<'c>(card: &'c Card, names: &'c [String]) -> impl Iterator<Item = (Value, Value)> + 'c {
    let all = card.attributes.as_object().into_iter().flatten();
    let wanted = all.filter(|(name, _)| *name != "id" && (names.is_empty() || names.contains(name)));
    wanted.map(|(name, value)| (name.as_str().into(), plain(value)))
}

fn card(world: &World, stop: Stop) -> &Card {
    match stop {
        Stop::Node(id) => world.node(id),
        Stop::Edge(id) => world.edge(id),
    }
}

fn by(card: &Card, by: Option<&By>) -> Option<Value> {
    match by {
        None | Some(By::Element) => Some(card.shown.clone()),
        Some(By::Label) => Some(card.label.into()),
        Some(By::Id) => Some(card.attributes["id"].clone()),
        Some(By::Attribute(name)) => card.attribute(name).map(plain),
    }
}

/// Every stop; edges among them where the traversal stopped at them.
fn whole(branch: &Branch, walk: &Walk) -> Vec<Stop> {
    let mut stops = vec![Stop::Node(walk.nodes[0])];
    for (at, node) in walk.nodes.iter().enumerate().skip(1) {
        if branch.stops_at_edges.contains(&at) {
            stops.extend(walk.edges.get(at - 1).map(|edge| Stop::Edge(*edge)));
        }
        stops.push(Stop::Node(*node));
    }
    if matches!(branch.here, Place::Edge(_)) {
        stops.pop();
    }
    stops
}
