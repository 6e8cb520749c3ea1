//! Random histories: after every step the store says and holds what a small model in memory does.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use metagraph::prelude::*;
use metagraph::row::NewGraph;
use metagraph::{Error, Outcome};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::scenarios::{BuildsWith, DependsOn, Package, Packages, package, packages};

/// One of a few packages, so that steps meet each other.
type Name = u8;

#[derive(Debug, Clone)]
enum Step {
    Insert(Name),
    Upsert(Name),
    Rename(Name, Name),
    Delete(Name),
    Need(Name, Name, bool),
    UpsertNeed(Name, Name, bool),
    BuildWith(Name, Name),
    Forget(Name, Name),
}

fn step() -> impl Strategy<Value = Step> {
    let name = || 0..6_u8;
    prop_oneof![
        4 => name().prop_map(Step::Insert),
        1 => name().prop_map(Step::Upsert),
        1 => (name(), name()).prop_map(|(old, new)| Step::Rename(old, new)),
        1 => name().prop_map(Step::Delete),
        6 => (name(), name(), any::<bool>()).prop_map(|(from, to, optional)| Step::Need(from, to, optional)),
        2 => (name(), name(), any::<bool>()).prop_map(|(from, to, optional)| Step::UpsertNeed(from, to, optional)),
        2 => (name(), name()).prop_map(|(from, to)| Step::BuildWith(from, to)),
        1 => (name(), name()).prop_map(|(from, to)| Step::Forget(from, to)),
    ]
}

/// What a step came to.
#[derive(Debug, PartialEq)]
enum Answer {
    Done,
    Upserted(Outcome),
    Nothing,
    Refused(&'static str),
}

const CONFLICT: Answer = Answer::Refused("MG3008");
const CYCLE: Answer = Answer::Refused("MG3009");
const SELF_LOOP: Answer = Answer::Refused("MG3007");

/// The graph as it should be.
#[derive(Debug, Default)]
struct Model {
    nodes: BTreeSet<Name>,
    needs: BTreeMap<(Name, Name), bool>,
    builds: BTreeSet<(Name, Name)>,
}

impl Model {
    fn ends(&self) -> impl Iterator<Item = (Name, Name)> {
        self.needs.keys().chain(&self.builds).copied()
    }

    fn leads(&self, from: Name, to: Name) -> bool {
        let mut seen = BTreeSet::from([from]);
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            open.extend(self.ends().filter(|&(source, target)| source == node && seen.insert(target)).map(|(_, t)| t));
        }
        seen.contains(&to)
    }

    /// Why an edge that is not there yet may not be.
    fn objection(&self, from: Name, to: Name) -> Option<Answer> {
        (from == to).then_some(SELF_LOOP).or_else(|| self.leads(to, from).then_some(CYCLE))
    }

    fn take(&mut self, step: &Step) -> Answer {
        let known = |name| self.nodes.contains(name);
        match step {
            Step::Insert(name) => {
                if self.nodes.insert(*name) {
                    Answer::Done
                } else {
                    CONFLICT
                }
            }
            Step::Upsert(name) => {
                Answer::Upserted(if self.nodes.insert(*name) { Outcome::Created } else { Outcome::Unchanged })
            }
            Step::Rename(old, _) if !known(old) => Answer::Nothing,
            Step::Rename(old, new) if old == new => Answer::Done,
            Step::Rename(_, new) if known(new) => CONFLICT,
            Step::Rename(old, new) => {
                let renamed = |name| if name == *old { *new } else { name };
                self.nodes = self.nodes.iter().copied().map(renamed).collect();
                self.builds = self.builds.iter().map(|&(from, to)| (renamed(from), renamed(to))).collect();
                self.needs = self.needs.iter().map(|(&(from, to), &o)| ((renamed(from), renamed(to)), o)).collect();
                Answer::Done
            }
            Step::Delete(name) => {
                self.needs.retain(|(from, to), _| from != name && to != name);
                self.builds.retain(|(from, to)| from != name && to != name);
                if self.nodes.remove(name) { Answer::Done } else { Answer::Nothing }
            }
            Step::Need(from, to, _)
            | Step::UpsertNeed(from, to, _)
            | Step::BuildWith(from, to)
            | Step::Forget(from, to)
                if !known(from) || !known(to) =>
            {
                Answer::Nothing
            }
            Step::Need(from, to, _) if self.needs.contains_key(&(*from, *to)) => CONFLICT,
            Step::BuildWith(from, to) if self.builds.contains(&(*from, *to)) => CONFLICT,
            Step::Need(from, to, optional) => self.objection(*from, *to).unwrap_or_else(|| {
                self.needs.insert((*from, *to), *optional);
                Answer::Done
            }),
            Step::BuildWith(from, to) => self.objection(*from, *to).unwrap_or_else(|| {
                self.builds.insert((*from, *to));
                Answer::Done
            }),
            Step::UpsertNeed(from, to, optional) => match self.needs.get_mut(&(*from, *to)) {
                Some(stored) if stored == optional => Answer::Upserted(Outcome::Unchanged),
                Some(stored) => {
                    *stored = *optional;
                    Answer::Upserted(Outcome::Updated)
                }
                None => self.objection(*from, *to).unwrap_or_else(|| {
                    self.needs.insert((*from, *to), *optional);
                    Answer::Upserted(Outcome::Created)
                }),
            },
            Step::Forget(from, to) => match self.needs.remove(&(*from, *to)) {
                Some(_) => Answer::Done,
                None => Answer::Nothing,
            },
        }
    }
}

fn take(conn: &mut impl GraphConnection, graph: &Graph<Packages>, step: &Step) -> Answer {
    let mut find = |name: &Name| graph.get_by_key::<Package>(conn, &name.to_string()).unwrap().map(|node| node.id);
    let (one, other) = match step {
        Step::Insert(name) | Step::Upsert(name) | Step::Delete(name) | Step::Rename(name, _) => (find(name), None),
        Step::Need(from, to, _)
        | Step::UpsertNeed(from, to, _)
        | Step::BuildWith(from, to)
        | Step::Forget(from, to) => (find(from), find(to)),
    };
    let outcome = match (step, one, other) {
        (Step::Insert(name), ..) => graph.insert(conn, &package(&name.to_string())).map(|_| Answer::Done),
        (Step::Upsert(name), ..) => {
            graph.upsert(conn, &package(&name.to_string())).map(|upserted| Answer::Upserted(upserted.outcome))
        }
        (Step::Rename(_, new), Some(node), _) => {
            graph.update(conn, node, |package| package.id = new.to_string()).map(|_| Answer::Done)
        }
        (Step::Delete(_), Some(node), _) => graph.delete(conn, node).map(|_| Answer::Done),
        (&Step::Need(_, _, optional), Some(from), Some(to)) => {
            graph.connect(conn, from, to, &DependsOn { optional }).map(|_| Answer::Done)
        }
        (&Step::UpsertNeed(_, _, optional), Some(from), Some(to)) => {
            let upserted = graph.upsert_edge(conn, from, to, &DependsOn { optional });
            upserted.map(|upserted| Answer::Upserted(upserted.outcome))
        }
        (Step::BuildWith(..), Some(from), Some(to)) => graph.connect(conn, from, to, &BuildsWith).map(|_| Answer::Done),
        (Step::Forget(..), Some(from), Some(to)) => {
            match graph.edges_between::<DependsOn, _, _>(conn, from, to).unwrap().pop() {
                Some(edge) => graph.delete(conn, edge.id).map(|_| Answer::Done),
                None => Ok(Answer::Nothing),
            }
        }
        _ => Ok(Answer::Nothing),
    };
    outcome.unwrap_or_else(|error: Error| Answer::Refused(error.code()))
}

/// The graph as it is.
fn stored(conn: &mut impl GraphConnection, graph: &Graph<Packages>) -> Model {
    let nodes = graph.nodes::<Package>().load(conn).unwrap();
    let names: BTreeMap<_, Name> = nodes.iter().map(|node| (node.id, node.value.id.parse().unwrap())).collect();
    assert!(nodes.iter().all(|node| node.key == node.value.id));
    let needs = graph.edges::<DependsOn>().load(conn).unwrap();
    let builds = graph.edges::<BuildsWith>().load(conn).unwrap();
    Model {
        nodes: names.values().copied().collect(),
        needs: needs
            .iter()
            .map(|edge| (edge.ends(), edge.value.optional))
            .map(|((from, to), o)| ((names[&from], names[&to]), o))
            .collect(),
        builds: builds.iter().map(Edge::ends).map(|(from, to)| (names[&from], names[&to])).collect(),
    }
}

pub(crate) fn every_history_ends_as_in_the_model(conn: &mut impl GraphConnection) {
    packages(conn, []);
    let conn = RefCell::new(conn);
    let config = Config { cases: 48, source_file: Some(file!()), ..Config::default() };
    let outcome = TestRunner::new(config).run(&prop::collection::vec(step(), 1..60), |history| {
        let conn = &mut **conn.borrow_mut();
        let graph = Graph::<Packages>::create(conn, &NewGraph::named("history")).unwrap();
        let mut model = Model::default();
        for step in &history {
            prop_assert_eq!(take(conn, &graph, step), model.take(step), "{:?}", step);
        }
        let stored = stored(conn, &graph);
        prop_assert_eq!(&stored.nodes, &model.nodes);
        prop_assert_eq!(&stored.needs, &model.needs);
        prop_assert_eq!(&stored.builds, &model.builds);
        graph.topological_order::<DependsOn, Package>(conn).unwrap();
        Ok(())
    });
    outcome.unwrap();
}
