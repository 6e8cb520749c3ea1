//! A read as a chain of hops, with each condition where it can be asked.

use super::fields::edge_has;
use super::parse;
use super::rename::{Names, renamed_items, variable};
use super::syntax::{Clause, EdgePattern, Expression, NodePattern, PathPattern, Projection, Subquery};

/// How many rows are left out, and how many are read at most.
pub(super) type Bounds = (u32, Option<u32>);

#[derive(Debug, Clone)]
pub(super) struct Hop {
    pub(super) edge: EdgePattern,
    pub(super) node: NodePattern,
    pub(super) optional: bool,
    /// Of the edge, and of it together with the nodes at its ends.
    pub(super) edge_conditions: Vec<Expression>,
    pub(super) node_conditions: Vec<Expression>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Read {
    pub(super) start: NodePattern,
    pub(super) start_conditions: Vec<Expression>,
    pub(super) start_limit: Option<u32>,
    pub(super) hops: Vec<Hop>,
    pub(super) columns: Vec<Expression>,
    pub(super) order: Vec<(Expression, bool)>,
    pub(super) bounds: Bounds,
}

impl Read {
    /// What the text asks for; panics where it is no chain of hops.
    pub(super) fn of(text: &str) -> Self {
        let clauses = parse::clauses(text).unwrap_or_else(|| panic!("cannot be parsed: {text}"));
        let mut read = Self::default();
        let mut names = Names::new();
        let mut conditions = Vec::new();
        let mut bounds: Option<Bounds> = None;
        for clause in clauses {
            match clause {
                Clause::Match { optional, paths, filter } => {
                    if let Some((skip, limit)) = bounds.take() {
                        assert!(skip == 0 && read.hops.is_empty(), "only the nodes where a chain begins are bounded");
                        read.start_limit = limit;
                    }
                    for path in paths {
                        read.goes_on(path, optional, &names);
                    }
                    conditions.extend(filter.map(|filter| filter.renamed(&names)));
                }
                Clause::With(projection, filter) => {
                    bounds = bounds_of(&projection).or(bounds);
                    names = renamed_items(&projection, &names);
                    conditions.extend(filter.map(|filter| filter.renamed(&names)));
                }
                Clause::Return(projection) => read.returns(&projection, &names, bounds),
            }
        }
        for condition in conditions.iter().flat_map(Expression::conjuncts) {
            read.place(condition);
        }
        read.prune();
        read.require_whole_options();
        read
    }

    /// The variables from the first node to the last.
    fn last(&self) -> &str {
        self.hops.last().map_or(&self.start.variable, |hop| &hop.node.variable)
    }

    /// The node where a hop begins.
    pub(super) fn near(&self, hop: usize) -> &NodePattern {
        hop.checked_sub(1).map_or(&self.start, |before| &self.hops[before].node)
    }

    fn goes_on(&mut self, path: PathPattern, optional: bool, names: &Names) {
        let mut start = path.start;
        start.variable = variable(&start.variable, names);
        if self.start.variable.is_empty() {
            assert!(!optional, "a read begins with what is there");
            self.start = start;
        } else {
            assert_eq!(start.variable, self.last(), "a chain goes on from its last node");
        }
        for (edge, node) in path.hops {
            let hop = Hop { edge, node, optional, edge_conditions: Vec::new(), node_conditions: Vec::new() };
            assert!(hop.node.variable != self.start.variable, "a chain does not come back");
            self.hops.push(hop);
        }
    }

    fn returns(&mut self, projection: &Projection, names: &Names, before: Option<Bounds>) {
        let is_sure = self.hops.iter().all(|hop| !hop.optional);
        self.columns = projection.items.iter().map(|item| item.expression.renamed(names).counted(is_sure)).collect();
        let own = renamed_items(projection, names);
        self.order = projection.order.iter().map(|(key, descending)| (key.renamed(&own), *descending)).collect();
        let bounds = bounds_of(projection);
        assert!(before.is_none() || bounds.is_none(), "rows are bounded once");
        assert!(before.is_none() || self.columns == [Expression::CountRows], "what is bounded is counted");
        self.bounds = before.or(bounds).unwrap_or_default();
    }

    /// Puts a condition to the node or the edge that it is about, or to the edge between the two nodes.
    fn place(&mut self, condition: &Expression) {
        let variables = condition.variables();
        let only = |names: &[&str]| variables.iter().all(|variable| names.contains(&variable.as_str()));
        if only(&[&self.start.variable]) {
            return self.start_conditions.push(condition.clone());
        }
        for place in 0..self.hops.len() {
            let near = self.near(place).variable.clone();
            let hop = &mut self.hops[place];
            if only(&[&hop.node.variable]) {
                return hop.node_conditions.push(condition.clone());
            }
            if only(&[&near, &hop.edge.variable, &hop.node.variable]) {
                return hop.edge_conditions.push(condition.clone());
            }
        }
        panic!("the condition is about more than one hop: {condition:?}")
    }

    /// Leaves out edge types that lack a property which a condition compares: of their edges it is null.
    fn prune(&mut self) {
        for Hop { edge, edge_conditions, .. } in self.hops.iter_mut().filter(|hop| hop.edge.types.len() > 1) {
            for condition in edge_conditions {
                if let Expression::Compare(first, ..) = condition
                    && let Expression::Property(variable, property) = first.as_ref()
                    && *variable == edge.variable
                {
                    edge.types.retain(|name| edge_has(name, property));
                    assert!(!edge.types.is_empty(), "an edge type has what is compared");
                }
            }
        }
    }

    /// Two optional hops of one clause are there together or not at all.
    fn require_whole_options(&mut self) {
        for place in 1..self.hops.len() {
            let (before, after) = self.hops.split_at_mut(place);
            let (Some(before), Some(hop)) = (before.last_mut(), after.first()) else { continue };
            if before.optional && hop.optional {
                assert!(hop.edge_conditions.is_empty() && hop.node_conditions.is_empty());
                let path = PathPattern { start: before.node.clone(), hops: vec![(hop.edge.clone(), hop.node.clone())] };
                before.node_conditions.push(Expression::Exists(Box::new(Subquery { path, filter: None })));
            }
        }
    }

    /// A hop that is repeated a certain number of times, as that many hops.
    pub(super) fn unrolled(mut self) -> Self {
        let mut hops = Vec::new();
        for hop in self.hops {
            let Some((least, most)) = hop.edge.depth else {
                hops.push(hop);
                continue;
            };
            assert!(least == most && most > 0 && hop.edge_conditions.is_empty(), "a certain number of hops");
            let each = hop.edge.each.clone();
            for place in 1..=most {
                let mut one = hop.clone();
                one.edge.depth = None;
                if place < most {
                    one.node = NodePattern {
                        variable: format!("#{place} of {}", hop.node.variable),
                        ..NodePattern::default()
                    };
                    let filter = each.as_ref().and_then(|each| each.filter.as_ref().map(|filter| (each, filter)));
                    one.node_conditions = filter
                        .into_iter()
                        .flat_map(|(each, filter)| {
                            let names =
                                Names::from([(each.node.clone(), Expression::Variable(one.node.variable.clone()))]);
                            filter
                                .conjuncts()
                                .into_iter()
                                .map(move |condition| condition.renamed(&names))
                                .collect::<Vec<_>>()
                        })
                        .collect();
                }
                hops.push(one);
            }
        }
        self.hops = hops;
        self
    }

    /// Whether the number of rows is asked for, and nothing else.
    pub(super) fn counts(&self) -> bool {
        self.columns == [Expression::CountRows]
    }
}

fn bounds_of(projection: &Projection) -> Option<Bounds> {
    let bounds = (projection.skip.unwrap_or(0), projection.limit);
    (bounds != (0, None)).then_some(bounds)
}
