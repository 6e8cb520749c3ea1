//! What reading should answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::super::answer::{Answer, Row};
use super::super::step::{EdgeVerb, Via, Way};
use super::Model;
use super::edges::By;

impl Model {
    pub(super) fn read_edges(&self, via: Via, by: By, kind: &str, verb: &EdgeVerb) -> Answer {
        let seen = |rows: Vec<Row>| Answer::Seen(rows.into_iter().map(|row| self.seen(via, kind, row)).collect());
        match verb {
            EdgeVerb::GetMany(picks) => seen(picks.iter().map(|&pick| self.pick(via, kind, pick)).collect()),
            EdgeVerb::ByKey(key) => self.by_key(via, kind, key),
            EdgeVerb::Between(source, target) => match self.ends_by(by, kind, *source, *target) {
                Ok(ends) => seen(self.between(kind, ends)),
                Err(missing) => Answer::Refused(missing),
            },
            EdgeVerb::Count => self.count(kind),
            EdgeVerb::All => self.all(via, kind),
            EdgeVerb::Neighbours(pick, way) => Answer::Found(self.next_to(kind, self.pick_any(*pick), *way)),
            EdgeVerb::Reachable(pick) => Answer::Reached(self.reached(kind, self.pick_any(*pick))),
            other => unreachable!("{other:?} writes"),
        }
    }

    pub(super) fn count(&self, kind: &str) -> Answer {
        Answer::Count(i64::try_from(self.of(kind).count()).unwrap())
    }

    pub(super) fn all(&self, via: Via, kind: &str) -> Answer {
        Answer::Seen(self.of(kind).map(|(row, _)| self.seen(via, kind, row)).collect())
    }

    pub(super) fn by_key(&self, via: Via, kind: &str, key: &str) -> Answer {
        let found = self.of(kind).find(|(_, stored)| stored.key.as_deref() == Some(key));
        Answer::Seen(vec![found.and_then(|(row, _)| self.seen(via, kind, row))])
    }

    pub(super) fn filtered(&self, kind: &str, number: u8) -> impl Iterator<Item = Row> {
        let people = kind == "person";
        let holds = move |attributes: &serde_json::Value| {
            if people { attributes["age"].as_u64() >= Some(number.into()) } else { attributes["label"] == json!("l") }
        };
        self.of(kind).filter(move |(_, stored)| holds(&stored.attributes)).map(|(row, _)| row)
    }

    fn next_to(&self, kind: &str, node: Row, way: Way) -> BTreeSet<Row> {
        let undirected = self.rules.is_undirected(self.rules.edge(kind));
        let (out, into) = (undirected || way != Way::In, undirected || way != Way::Out);
        let edges = self.edges().filter(|(_, edge, _)| edge.kind == kind);
        edges
            .flat_map(|(.., (source, target))| {
                let forward = (out && source == node).then_some(target);
                let backward = (into && target == node).then_some(source);
                forward.into_iter().chain(backward)
            })
            .collect()
    }

    fn reached(&self, kind: &str, start: Row) -> BTreeMap<Row, u32> {
        let mut depths = BTreeMap::from([(start, 0)]);
        let mut frontier = vec![start];
        for depth in 1.. {
            let next: BTreeSet<Row> = frontier.iter().flat_map(|&node| self.next_to(kind, node, Way::Out)).collect();
            frontier = next.into_iter().filter(|node| !depths.contains_key(node)).collect();
            if frontier.is_empty() {
                break;
            }
            depths.extend(frontier.iter().map(|&node| (node, depth)));
        }
        depths.remove(&start);
        depths
    }
}
