//! Resources and what contains them, in memory.

use std::collections::{HashMap, HashSet, VecDeque};

use metagraph::traverse::Closed;

use super::circle::decoded;
use super::edges::Contains;
use super::stored::Resource;
use super::why::Step;

/// What contains a resource or is inside of it, with the tuple that says so.
type Neighbours = HashMap<i64, Vec<(i64, Option<String>)>>;

/// Resources that were asked for, and what contains them.
#[derive(Debug, Default)]
pub(super) struct Places {
    resources: HashMap<i64, Resource>,
    containers: Neighbours,
    /// From a container towards what was asked for, by a shortest way.
    down: HashMap<i64, Option<(i64, Option<String>)>>,
}

impl Places {
    /// What the closure of resources holds, against containment.
    pub(super) fn new(closed: Closed<Resource>, asked: &[&str]) -> metagraph::Result<Self> {
        let mut places = Self::default();
        places.resources.extend(closed.nodes.into_iter().map(|node| (node.id.raw(), node.value)));
        for edge in closed.edges {
            let tuple = decoded::<Contains>(edge.attributes)?.tuple;
            places.containers.entry(edge.target).or_default().push((edge.source, tuple));
        }
        let asked = places.resources.iter().filter(|(_, resource)| asked.contains(&resource.id.as_str()));
        let mut open: VecDeque<_> = asked.map(|(id, _)| (*id, None)).collect();
        while let Some((here, down)) = open.pop_front() {
            if places.down.contains_key(&here) {
                continue;
            }
            places.down.insert(here, down);
            let containers = places.containers.get(&here).into_iter().flatten();
            open.extend(containers.map(|(container, tuple)| (*container, Some((here, tuple.clone())))));
        }
        Ok(places)
    }

    pub(super) fn key(&self, id: i64) -> &str {
        self.resources.get(&id).map_or("", |resource| resource.id.as_str())
    }

    pub(super) fn id(&self, key: &str) -> Option<i64> {
        self.resources.iter().find(|(_, resource)| resource.id == key).map(|(id, _)| *id)
    }

    /// A resource and all that contain it.
    pub(super) fn up(&self, id: i64) -> HashSet<i64> {
        let (mut known, mut open) = (HashSet::from([id]), vec![id]);
        while let Some(here) = open.pop() {
            let containers = self.containers.get(&here).into_iter().flatten();
            open.extend(containers.map(|(container, _)| *container).filter(|container| known.insert(*container)));
        }
        known
    }

    /// Keys and types of these resources.
    pub(super) fn names_of<'s>(&'s self, ids: impl IntoIterator<Item = &'s i64>) -> HashSet<String> {
        let named = ids.into_iter().filter_map(|id| self.resources.get(id));
        named.flat_map(|resource| [resource.id.clone(), resource.resource_type.clone()]).collect()
    }

    /// Keys and types of all of them.
    pub(super) fn names(&self) -> HashSet<String> {
        self.names_of(self.resources.keys())
    }

    /// The steps from a container down to what was asked for.
    pub(super) fn way_down(&self, container: i64) -> Vec<Step> {
        let (mut steps, mut here) = (Vec::new(), container);
        while let Some(Some((resource, tuple))) = self.down.get(&here) {
            steps.push(Step::Contains {
                container: self.key(here).to_owned(),
                resource: self.key(*resource).to_owned(),
                tuple: tuple.clone(),
            });
            here = *resource;
        }
        steps
    }
}
