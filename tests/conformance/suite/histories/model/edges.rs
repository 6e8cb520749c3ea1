//! Writing edges.

use std::collections::{BTreeMap, BTreeSet};

use metagraph::{Outcome, Rule, Side};
use serde_json::Value;

use super::super::answer::{Answer, Refusal, Row};
use super::super::rules::{EdgeRules, Simple};
use super::super::step::{Draft, EdgeVerb, Via};
use super::Model;

impl Model {
    pub(super) fn take_edges(&mut self, via: Via, kind: &'static str, verb: &EdgeVerb) -> Answer {
        let answer = match verb {
            EdgeVerb::Connect(draft) => self.connect(via, kind, std::slice::from_ref(draft)).map(Answer::Created),
            EdgeVerb::ConnectMany(drafts) => self.connect(via, kind, drafts).map(Answer::Created),
            EdgeVerb::Upsert(draft) => self.upsert_edge(via, kind, draft, false),
            EdgeVerb::FindOrConnect(draft) => self.upsert_edge(via, kind, draft, true),
            EdgeVerb::Row(pick, verb) => {
                let row = self.pick(via, kind, *pick);
                Ok(self.take_row(via, kind, row, verb))
            }
            EdgeVerb::DeleteMany(picks) => {
                let rows: Vec<Row> = picks.iter().map(|&pick| self.pick(via, kind, pick)).collect();
                let rows: Vec<Row> = rows.into_iter().filter(|row| self.of(kind).any(|(of, _)| of == *row)).collect();
                self.delete(&rows).map(Answer::Count)
            }
            EdgeVerb::Disconnect(source, target) => {
                let between = self.between(kind, self.ends(kind, *source, *target));
                self.delete(&between).map(Answer::Count)
            }
            _ => Ok(self.read_edges(via, kind, verb)),
        };
        answer.unwrap_or_else(Answer::Refused)
    }

    /// The nodes that two picks mean.
    pub(in super::super) fn ends(&self, kind: &str, source: u8, target: u8) -> (Row, Row) {
        let rules = self.rules.edge(kind);
        (self.pick_end(rules.from, source), self.pick_end(rules.to, target))
    }

    fn connect(&mut self, via: Via, kind: &'static str, drafts: &[Draft]) -> Result<Vec<Row>, Refusal> {
        let rules = self.rules.edge(kind);
        let drafts = drafts
            .iter()
            .map(|(source, target, value)| Ok((self.ends(kind, *source, *target), self.checked(via, kind, value)?)))
            .collect::<Result<Vec<_>, Refusal>>()?;
        if let Some((ends, _)) = drafts.iter().find(|((source, target), _)| source == target)
            && !self.rules.allows_loops(rules)
        {
            return Err(self.refuse(self.misplaced(rules, *ends).unwrap_or(Refusal::SelfLoop)));
        }
        if self.archived && !drafts.is_empty() {
            return Err(Refusal::Archived);
        }
        let mut after = self.clone();
        let mut added = Vec::new();
        for (ends, value) in drafts {
            if let Some(refusal) = self.misplaced(rules, ends) {
                return Err(refusal);
            }
            let ends = self.oriented(rules, ends);
            if let Some(refusal) = after.in_the_way(rules, ends, &added) {
                return Err(refusal);
            }
            if let Some(refusal) = after.taken(kind, &value, None, &added) {
                return Err(refusal);
            }
            added.push(after.add(kind, Some(ends), value));
        }
        if self.rules.acyclic_sets(rules).iter().any(|set| after.has_cycle(set)) {
            return Err(Refusal::Cycle);
        }
        *self = after;
        Ok(added)
    }

    /// An end that is missing, or of another type.
    fn misplaced(&self, rules: &EdgeRules, (source, target): (Row, Row)) -> Option<Refusal> {
        let node = |row| self.rows.get(&row).filter(|stored| stored.ends.is_none()).map(|stored| stored.kind);
        let Some(from) = node(source) else { return Some(Refusal::NoEndpoint(Side::Source)) };
        let Some(to) = node(target) else { return Some(Refusal::NoEndpoint(Side::Target)) };
        let fits = |one: &str, other: &str| rules.from.contains(&one) && rules.to.contains(&other);
        if fits(from, to) || self.rules.is_undirected(rules) && fits(to, from) {
            return None;
        }
        let side = if rules.from.contains(&from) { Side::Target } else { Side::Source };
        Some(Refusal::EndpointType(side))
    }

    /// The ends as readers see them: as they were given, unless only the other order fits the types.
    fn oriented(&self, rules: &EdgeRules, (source, target): (Row, Row)) -> (Row, Row) {
        let fits = rules.from.contains(&self.rows[&source].kind) && rules.to.contains(&self.rows[&target].kind);
        if fits { (source, target) } else { (target, source) }
    }

    /// The edge that keeps another from running between the same nodes, or from the same or to the same.
    fn in_the_way(&self, rules: &EdgeRules, (source, target): (Row, Row), batch: &[Row]) -> Option<Refusal> {
        let refusal = |rule, row: Row| {
            let in_batch = batch.contains(&row);
            Some(Refusal::Conflict { rule, existing: (!in_batch).then_some(row), in_batch })
        };
        if !rules.multi
            && let Some(row) = self.between(rules.name, (source, target)).first()
        {
            return refusal(Rule::Parallel, *row);
        }
        if let Some(simple) = self.rules.simple {
            let either_way = simple == Simple::EitherWay || self.rules.undirected;
            let same = |ends| ends == (source, target) || either_way && ends == (target, source);
            if let Some((row, ..)) = self.edges().find(|(.., ends)| same(*ends)) {
                return refusal(Rule::Simple, row);
            }
        }
        let own = || self.edges().filter(|(_, edge, _)| edge.kind == rules.name);
        if rules.one_out
            && let Some((row, ..)) = own().find(|(.., ends)| ends.0 == source)
        {
            return refusal(Rule::OneOut, row);
        }
        if rules.one_in
            && let Some((row, ..)) = own().find(|(.., ends)| ends.1 == target)
        {
            return refusal(Rule::OneIn, row);
        }
        None
    }

    /// The edges of a type from one node to another.
    pub(super) fn between(&self, kind: &str, (source, target): (Row, Row)) -> Vec<Row> {
        let undirected = self.rules.is_undirected(self.rules.edge(kind));
        let same = |ends| ends == (source, target) || undirected && ends == (target, source);
        self.edges().filter(|(_, edge, ends)| edge.kind == kind && same(*ends)).map(|(row, ..)| row).collect()
    }

    /// Takes nodes away from which nothing leads on, until none is left, or only cycles.
    fn has_cycle(&self, kinds: &[&str]) -> bool {
        let mut out: BTreeMap<Row, BTreeSet<Row>> = BTreeMap::new();
        for (_, _, (source, target)) in self.edges().filter(|(_, edge, _)| kinds.contains(&edge.kind)) {
            out.entry(source).or_default().insert(target);
        }
        loop {
            let ends: BTreeSet<Row> = out.keys().copied().collect();
            let before = out.len();
            out.retain(|_, targets| targets.iter().any(|target| ends.contains(target)));
            if out.len() == before {
                return before > 0;
            }
        }
    }

    fn upsert_edge(&mut self, via: Via, kind: &'static str, draft: &Draft, keep: bool) -> Result<Answer, Refusal> {
        let (source, target, value) = draft;
        let rules = self.rules.edge(kind);
        let ends = self.ends(kind, *source, *target);
        let value: Value = self.checked(via, kind, value)?;
        let key = self.key_of(kind, &value);
        if key.is_none() && rules.multi {
            return Err(Refusal::NoIdentity);
        }
        let found = match &key {
            Some(_) => self.of(kind).find(|(_, stored)| stored.key == key).map(|(row, _)| row),
            None => self.between(kind, ends).first().copied(),
        };
        let Some(row) = found else {
            let created = self.connect(via, kind, std::slice::from_ref(draft))?;
            return Ok(Answer::Upserted(created[0], Outcome::Created));
        };
        if self.archived {
            return Err(Refusal::Archived);
        }
        if !self.between(kind, ends).contains(&row) {
            return Err(Refusal::EndpointsMoved);
        }
        self.bring(row, value, keep)
    }
}
