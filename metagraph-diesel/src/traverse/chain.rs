//! A traversal without its types: where it begins, and its hops one after the other.

use std::ops::{Bound, RangeBounds};

use metagraph_core::query::condition::Condition;

use super::way::Way;
use crate::backend::{FoundBy, Seam};
use crate::error::Result;
use crate::open_graph::OpenGraph;
use crate::query::{Plan, Scope};
use crate::statement::Statement;
use crate::vocabulary::EdgeKind;

/// Where a traversal begins.
#[derive(Debug, Clone)]
pub(crate) enum Beginning<'g> {
    /// At these nodes.
    Ids(Vec<i64>),
    /// At every node that a query finds.
    Query(Box<Plan<'g>>),
}

/// One hop, or one that is repeated.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) edges: Vec<&'static str>,
    pub(crate) way: Way,
    /// Names of the node types it leads to.
    pub(crate) far: Vec<&'static str>,
    pub(crate) edge_condition: Condition,
    pub(crate) node_condition: Condition,
    /// What must hold only of the nodes it ends at.
    pub(crate) end_condition: Condition,
    /// How often it hops at least, and at most, where that was said.
    pub(crate) depth: Option<(u32, u32)>,
    /// Whether what has no such hop stays.
    pub(crate) optional: bool,
}

impl Step {
    pub(crate) fn new(edges: Vec<&'static str>, way: Way) -> Self {
        Self {
            edges,
            way,
            far: Vec::new(),
            edge_condition: Condition::ALWAYS,
            node_condition: Condition::ALWAYS,
            end_condition: Condition::ALWAYS,
            depth: None,
            optional: false,
        }
    }

    pub(crate) fn set_depth(&mut self, range: &impl RangeBounds<u32>) {
        let least = match range.start_bound() {
            Bound::Included(&least) => least,
            Bound::Excluded(&before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        self.depth = Some(match range.end_bound() {
            Bound::Included(&most) => (least, most),
            // Nothing is nearer than the start: such a range is empty.
            Bound::Excluded(&0) => (1, 0),
            Bound::Excluded(&after) => (least, after - 1),
            Bound::Unbounded => (least, u32::MAX),
        });
    }

    pub(crate) fn least(&self) -> u32 {
        self.depth.map_or(1, |(least, _)| least)
    }

    pub(crate) fn most(&self) -> u32 {
        self.depth.map_or(1, |(_, most)| most)
    }

    pub(crate) fn filter_edge(&mut self, condition: Condition) {
        let known = std::mem::replace(&mut self.edge_condition, Condition::ALWAYS);
        self.edge_condition = known.and(condition);
    }

    pub(crate) fn filter_node(&mut self, condition: Condition) {
        let known = std::mem::replace(&mut self.node_condition, Condition::ALWAYS);
        self.node_condition = known.and(condition);
    }

    pub(crate) fn filter_end(&mut self, condition: Condition) {
        let known = std::mem::replace(&mut self.end_condition, Condition::ALWAYS);
        self.end_condition = known.and(condition);
    }

    /// Whether it is a plain hop, which may lead back to where it began; a depth of 1 may not, for that is depth 0.
    pub(crate) fn is_single(&self) -> bool {
        self.depth.is_none()
    }

    /// Whether every node of the right types will do for its end.
    pub(crate) fn ends_anywhere(&self) -> bool {
        self.node_condition == Condition::ALWAYS && self.end_condition == Condition::ALWAYS
    }
}

/// A traversal without its types.
#[derive(Debug, Clone)]
pub(crate) struct Chain<'g> {
    pub(crate) graph: OpenGraph<'g>,
    pub(crate) beginning: Beginning<'g>,
    pub(crate) steps: Vec<Step>,
}

/// A step with what its names mean in one database.
#[derive(Debug)]
pub(crate) struct Resolved<'s> {
    pub(crate) graph: OpenGraph<'s>,
    pub(crate) step: &'s Step,
    pub(crate) kinds: Vec<&'s EdgeKind>,
    /// Ids of the node types it leads to.
    pub(crate) far: Vec<i64>,
    /// Edge types that are followed from their source, and from their target.
    pub(crate) from_source: Vec<i64>,
    pub(crate) from_target: Vec<i64>,
    /// Whether the edge types lead to no other node types.
    pub(crate) far_is_certain: bool,
}

impl<'s> Resolved<'s> {
    pub(crate) fn new(graph: OpenGraph<'s>, step: &'s Step) -> Result<Self> {
        Scope::bounded(&step.edge_condition)?;
        Scope::bounded(&step.node_condition)?;
        Scope::bounded(&step.end_condition)?;
        let vocabulary = graph.vocabulary;
        let kinds: Vec<&EdgeKind> = step.edges.iter().map(|name| vocabulary.edge(name)).collect::<Result<_>>()?;
        let far: Vec<i64> = step.far.iter().map(|name| Ok(vocabulary.node(name)?.id)).collect::<Result<_>>()?;
        let way = |kind: &EdgeKind| if kind.rules.undirected { Way::Both } else { step.way };
        let followed = |ways: [Way; 2]| {
            let kinds = kinds.iter().filter(|kind| ways.contains(&way(kind)));
            let mut ids: Vec<i64> = kinds.map(|kind| kind.id).collect();
            ids.sort_unstable();
            ids
        };
        let (from_source, from_target) = (followed([Way::Out, Way::Both]), followed([Way::In, Way::Both]));
        let reached = kinds.iter().flat_map(|kind| match way(kind) {
            Way::Out => kind.to.clone(),
            Way::In => kind.from.clone(),
            Way::Both => [kind.to.as_slice(), &kind.from].concat(),
        });
        let far_is_certain = reached.into_iter().all(|id| far.contains(&id));
        Ok(Self { graph, step, kinds, far, from_source, from_target, far_is_certain })
    }

    /// The ends at which the hop may stand before it follows an edge, with the edge types it follows from there.
    pub(crate) fn arms(&self) -> impl Iterator<Item = (FoundBy, &'static str, &[i64])> {
        let arms = [
            (FoundBy::Source, "e.target_id", self.from_source.as_slice()),
            (FoundBy::Target, "e.source_id", &self.from_target),
        ];
        arms.into_iter().filter(|(_, _, kinds)| !kinds.is_empty())
    }
}

/// Appends a condition: the edge is of one of these types.
pub(crate) fn of_edge_types<'a, Db: Seam>(
    statement: Statement<'a, Db>,
    alias: &str,
    kinds: &[i64],
) -> Statement<'a, Db> {
    statement.printed(format!("{alias}.edge_type_id")).of_types(kinds)
}
