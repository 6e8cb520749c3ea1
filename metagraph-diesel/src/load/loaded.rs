//! Which rows a load stored: ranges of ids, so that a million rows in a row take no more room than one.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use metagraph_core::NodeId;

/// Ids in the order in which they were given, as ranges of consecutive ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ranges {
    /// The first id of each range, and how many there are in it.
    ranges: Vec<(i64, usize)>,
    count: usize,
}

impl Ranges {
    pub(crate) fn push(&mut self, id: i64) {
        match self.ranges.last_mut() {
            Some((first, count)) if i64::try_from(*count).is_ok_and(|count| *first + count == id) => *count += 1,
            _ => self.ranges.push((id, 1)),
        }
        self.count += 1;
    }

    pub(crate) fn of(ranges: Vec<(i64, usize)>) -> Self {
        let count = ranges.iter().map(|(_, count)| count).sum();
        Self { ranges, count }
    }

    pub(crate) fn as_pairs(&self) -> &[(i64, usize)] {
        &self.ranges
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn get(&self, place: usize) -> Option<i64> {
        let mut rest = place;
        for &(first, count) in &self.ranges {
            if rest < count {
                return Some(first + i64::try_from(rest).ok()?);
            }
            rest -= count;
        }
        None
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = i64> {
        self.ranges.iter().flat_map(|&(first, count)| (first..).take(count))
    }
}

/// The nodes that this load stored, by id: what they are is known without asking.
#[derive(Debug, Default)]
pub(super) struct Known(BTreeMap<i64, (i64, i64)>);

impl Known {
    pub(super) fn add(&mut self, ids: &Ranges, node_type: i64) {
        for &(first, count) in ids.as_pairs() {
            let last = first + i64::try_from(count).unwrap_or(i64::MAX) - 1;
            self.0.insert(first, (last, node_type));
        }
    }

    /// The node type of a node that this load stored.
    pub(super) fn type_of(&self, id: i64) -> Option<i64> {
        let (_, &(last, node_type)) = self.0.range(..=id).next_back()?;
        (id <= last).then_some(node_type)
    }
}

/// The nodes that one step of a load stored, in the order given.
///
/// Ids that follow each other are kept as ranges, so the answer takes hardly any room however many there are.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// let mut loader = graph.loader(&mut conn);
/// let packages = loader.nodes::<Package>(["app", "serde"].map(package))?;
/// loader.finish()?;
///
/// assert_eq!(packages.len(), 2);
/// let serde = packages.id(1).unwrap();
/// assert_eq!(graph.get(&mut conn, serde)?.unwrap().key, "serde");
/// assert_eq!(packages.ids().last(), Some(serde));
/// # Ok(())
/// # }
/// ```
pub struct Loaded<N> {
    pub(super) ids: Ranges,
    pub(super) of: PhantomData<fn() -> N>,
}

impl<N> Loaded<N> {
    /// How many there are.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let packages = graph.loader(&mut conn).nodes::<Package>([package("app")])?;
    /// assert_eq!(packages.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let packages = graph.loader(&mut conn).nodes::<Package>([] as [Package; 0])?;
    /// assert!(packages.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_empty(&self) -> bool {
        self.ids.len() == 0
    }

    /// The node that came at this place of the iterator, counted from 0.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let mut loader = graph.loader(&mut conn);
    /// let packages = loader.nodes::<Package>(["app", "serde", "log"].map(package))?;
    /// let needs = [(0, 1), (0, 2)].map(|(one, other)| {
    ///     (packages.id(one).unwrap(), packages.id(other).unwrap(), DependsOn { optional: false })
    /// });
    /// assert_eq!(loader.edges::<DependsOn, _, _>(needs)?, 2);
    /// assert!(packages.id(3).is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn id(&self, place: usize) -> Option<NodeId<N>> {
        self.ids.get(place).map(NodeId::from_raw)
    }

    /// All of them, in the order given.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let packages = graph.loader(&mut conn).nodes::<Package>(["app", "serde"].map(package))?;
    /// let ids: Vec<NodeId<Package>> = packages.ids().collect();
    /// assert_eq!(graph.get_many(&mut conn, ids)?.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ids(&self) -> impl Iterator<Item = NodeId<N>> {
        self.ids.iter().map(NodeId::from_raw)
    }
}

impl<N> Clone for Loaded<N> {
    fn clone(&self) -> Self {
        Self { ids: self.ids.clone(), of: PhantomData }
    }
}

impl<N> fmt::Debug for Loaded<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Loaded").field(&self.ids.as_pairs()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back_in_the_order_given() {
        let given = [5, 6, 7, 20, 3, 4, 21];
        let mut ids = Ranges::default();
        for id in given {
            ids.push(id);
        }
        assert_eq!(ids.as_pairs(), [(5, 3), (20, 1), (3, 2), (21, 1)]);
        assert_eq!(ids.iter().collect::<Vec<_>>(), given);
        assert_eq!((0..8).map_while(|place| ids.get(place)).collect::<Vec<_>>(), given);
        assert_eq!(Ranges::of(ids.as_pairs().to_vec()), ids);
    }

    #[test]
    fn a_node_is_known_inside_its_range_only() {
        let mut known = Known::default();
        known.add(&Ranges::of(vec![(5, 3), (20, 1)]), 1);
        known.add(&Ranges::of(vec![(8, 2)]), 2);
        let types: Vec<_> = [4, 5, 7, 8, 9, 10, 20, 21].into_iter().map(|id| known.type_of(id)).collect();
        assert_eq!(types, [None, Some(1), Some(1), Some(2), Some(2), None, Some(1), None]);
    }
}
