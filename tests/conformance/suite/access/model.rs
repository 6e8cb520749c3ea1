//! Random graphs of access, and a model that tries every way.

use std::collections::{BTreeMap, BTreeSet};

use metagraph::graphs::acl::{Acl, Action, Authorizer, BelongsTo, CanRead, Contains, Delegates, Principal, Resource};
use metagraph::prelude::*;

const PRINCIPALS: usize = 6;
const RESOURCES: usize = 4;
const SCOPES: [&str; 3] = ["x", "y", "z"];

/// Numbers that look random, the same each time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn pair(&mut self, limit: usize) -> (usize, usize) {
        let from = self.below(limit);
        (from, (from + 1 + self.below(limit - 1)) % limit)
    }
}

/// Scopes, resources, and whether it may be delegated on.
type Delegation = (BTreeSet<&'static str>, BTreeSet<usize>, bool);

#[derive(Debug, Default)]
struct Model {
    scopes: Vec<BTreeSet<&'static str>>,
    suspended: BTreeSet<usize>,
    belongs: BTreeSet<(usize, usize)>,
    contains: BTreeSet<(usize, usize)>,
    grants: BTreeSet<(usize, usize)>,
    delegates: BTreeMap<(usize, usize), Delegation>,
}

impl Model {
    fn drawn(draw: &mut Draw) -> Self {
        let mut model = Self::default();
        for principal in 0..PRINCIPALS {
            let count = draw.below(3);
            model.scopes.push((0..count).map(|_| SCOPES[draw.below(3)]).collect());
            if draw.below(8) == 0 {
                model.suspended.insert(principal);
            }
        }
        model.belongs.extend((0..5).map(|_| draw.pair(PRINCIPALS)));
        model.contains.extend((0..3).map(|_| draw.pair(RESOURCES)));
        model.grants.extend((0..3).map(|_| (draw.below(PRINCIPALS), draw.below(RESOURCES))));
        for _ in 0..6 {
            let scopes = (0..2).map(|_| SCOPES[draw.below(3)]).collect();
            let resources = (0..2).map(|_| draw.below(RESOURCES)).collect();
            model.delegates.insert(draw.pair(PRINCIPALS), (scopes, resources, draw.below(2) == 0));
        }
        model
    }

    fn up(&self, resource: usize) -> BTreeSet<usize> {
        let mut up = BTreeSet::from([resource]);
        loop {
            let more = self.contains.iter().filter(|(_, inside)| up.contains(inside)).map(|(container, _)| *container);
            let more: Vec<usize> = more.filter(|container| !up.contains(container)).collect();
            if more.is_empty() {
                return up;
            }
            up.extend(more);
        }
    }

    /// Whether somebody has something, by every way without a repeated state: `own` says who was given it, `passes` which
    /// delegations let it through.
    fn has(
        &self,
        who: usize,
        onward: bool,
        own: &dyn Fn(usize) -> bool,
        passes: &dyn Fn(&Delegation) -> bool,
        way: &mut Vec<(usize, bool)>,
    ) -> bool {
        if self.suspended.contains(&who) || way.contains(&(who, onward)) {
            return false;
        }
        way.push((who, onward));
        let found = own(who)
            || self.belongs.iter().any(|(member, group)| *member == who && self.has(*group, onward, own, passes, way))
            || self.delegates.iter().any(|((delegator, delegate), delegation)| {
                *delegate == who
                    && (!onward || delegation.2)
                    && passes(delegation)
                    && self.has(*delegator, true, own, passes, way)
            });
        way.pop();
        found
    }

    fn may(&self, who: usize, resource: usize) -> bool {
        let up = self.up(resource);
        let own = |who: usize| self.grants.iter().any(|(holder, resource)| *holder == who && up.contains(resource));
        self.has(who, false, &own, &|delegation| !delegation.1.is_disjoint(&up), &mut Vec::new())
    }

    fn has_scope(&self, who: usize, scope: &str) -> bool {
        let own = |who: usize| self.scopes[who].contains(scope);
        self.has(who, false, &own, &|delegation| delegation.0.contains(scope), &mut Vec::new())
    }

    /// Pairs of which the second one has nothing but what the first one delegates to it.
    fn only_delegations(&self) -> Vec<(usize, usize)> {
        let only = |delegate: usize| {
            self.scopes[delegate].is_empty()
                && self.belongs.iter().all(|(member, _)| *member != delegate)
                && self.delegates.keys().filter(|(_, other)| *other == delegate).count() == 1
        };
        self.delegates.keys().copied().filter(|(_, delegate)| only(*delegate)).collect()
    }

    fn store(&self, conn: &mut impl GraphConnection, name: &str) -> Authorizer {
        let acl = Authorizer::open(conn, name).unwrap();
        let graph = acl.graph();
        let principals = self.scopes.iter().enumerate();
        let principals =
            principals.map(|(who, scopes)| Principal::role(who.to_string()).with_scopes(scopes.iter().copied()));
        let ids = graph.insert_many(conn, principals).unwrap();
        let resources = (0..RESOURCES).map(|what| Resource::new("disk", what.to_string()).unwrap());
        let resources = graph.insert_many(conn, resources).unwrap();
        let belongs = |from: usize, to: usize| BelongsTo::plain(&from.to_string(), &to.to_string());
        let belongs = self.belongs.iter().map(|(from, to)| (ids[*from], ids[*to], belongs(*from, *to)));
        graph.connect_many(conn, belongs).unwrap();
        let contains = |from: usize, to: usize| Contains::plain(&from.to_string(), &to.to_string());
        let contains = self.contains.iter().map(|(from, to)| (resources[*from], resources[*to], contains(*from, *to)));
        graph.connect_many(conn, contains).unwrap();
        graph
            .connect_many(conn, self.grants.iter().map(|(who, what)| (ids[*who], resources[*what], CanRead {})))
            .unwrap();
        let delegates = self.delegates.iter().map(|((from, to), (scopes, resources, narrowable))| {
            let mut delegates = Delegates::scopes(scopes.iter().copied());
            for what in resources {
                delegates = delegates.with(format!("disk:{what}"), ["read"]);
            }
            (ids[*from], ids[*to], Delegates { narrowable: *narrowable, ..delegates })
        });
        graph.connect_many(conn, delegates).unwrap();
        for who in &self.suspended {
            acl.suspend(conn, &format!("role:{who}")).unwrap();
        }
        acl
    }
}

pub(crate) fn decisions_in_random_graphs_are_those_of_a_model(conn: &mut impl GraphConnection) {
    metagraph::sync::<Acl, _>(conn).unwrap();
    let mut draw = Draw(42);
    let (mut allowed, mut delegated) = (0, 0);
    for round in 0..60 {
        let model = Model::drawn(&mut draw);
        let acl = model.store(conn, &round.to_string());
        for (delegator, delegate) in model.only_delegations() {
            let [more, less] = [delegator, delegate].map(|who| acl.scopes(conn, &format!("role:{who}")).unwrap());
            assert!(less.iter().all(|scope| more.contains(scope)), "{delegator} {delegate} {model:?}");
        }
        for who in 0..PRINCIPALS {
            let key = format!("role:{who}");
            let may: Vec<usize> = (0..RESOURCES).filter(|what| model.may(who, *what)).collect();
            for what in 0..RESOURCES {
                let ours = acl.check(conn, &key, Action::Read, &format!("disk:{what}")).unwrap();
                assert_eq!(ours, may.contains(&what), "{who} {what} {model:?}");
                allowed += usize::from(ours);
            }
            let listed: Vec<String> = may.iter().map(|what| format!("disk:{what}")).collect();
            assert_eq!(acl.list_resources(conn, &key, Action::Read).unwrap(), listed, "{who} {model:?}");
            let scopes: Vec<&str> = SCOPES.into_iter().filter(|scope| model.has_scope(who, scope)).collect();
            assert_eq!(acl.scopes(conn, &key).unwrap(), scopes, "{who} {model:?}");
            delegated += usize::from(scopes.iter().any(|scope| !model.scopes[who].contains(scope)));
        }
        for what in 0..RESOURCES {
            let holders = (0..PRINCIPALS).filter(|who| model.may(*who, what)).map(|who| format!("role:{who}"));
            let ours = acl.list_principals(conn, Action::Read, &format!("disk:{what}")).unwrap();
            assert_eq!(ours, holders.collect::<Vec<_>>(), "{what} {model:?}");
        }
    }
    assert!(allowed > 100 && delegated > 50, "{allowed} {delegated}: the graphs are too empty to tell");
}
