//! Writing edges.

use std::collections::{BTreeMap, BTreeSet};

use metagraph::{Outcome, Rule, Side};
use serde_json::Value;

use super::super::answer::{Answer, Refusal, Row};
use super::super::rules::{EdgeRules, Simple, Values};
use super::super::step::{Draft, EdgeVerb, Pick, Via};
use super::Model;

/// How the ends of edges are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum By {
    Id,
    /// People by key, vaults by id.
    Key,
}

/// An edge to be, between the nodes that were meant.
type Placed = ((Row, Row), Value);

impl Model {
    pub(super) fn take_edges(&mut self, via: Via, kind: &'static str, verb: &EdgeVerb) -> Answer {
        let (by, verb) = match verb {
            EdgeVerb::Keyed(verb) => (By::Key, &**verb),
            verb => (By::Id, verb),
        };
        let one = std::slice::from_ref;
        let answer = match verb {
            EdgeVerb::Connect(draft) => self.connect(via, by, kind, one(draft)).map(Answer::Created),
            EdgeVerb::ConnectMany(drafts) => self.connect(via, by, kind, drafts).map(Answer::Created),
            EdgeVerb::Upsert(draft) => self.upsert_edges(via, by, kind, one(draft), false),
            EdgeVerb::FindOrConnect(draft) => self.upsert_edges(via, by, kind, one(draft), true),
            EdgeVerb::UpsertMany(drafts) => self.upsert_edges(via, by, kind, drafts, false),
            EdgeVerb::FindOrConnectMany(drafts) => self.upsert_edges(via, by, kind, drafts, true),
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
                let ends = self.ends_by(by, kind, *source, *target).map_err(|missing| self.refuse(missing));
                ends.and_then(|ends| self.delete(&self.between(kind, ends)).map(Answer::Count))
            }
            EdgeVerb::UpdateFound(limit, changes) => self.update_found(kind, &self.oldest(kind, *limit), changes),
            EdgeVerb::DeleteFound(limit) => self.delete(&self.oldest(kind, *limit)).map(Answer::Count),
            _ => Ok(self.read_edges(via, by, kind, verb)),
        };
        answer.unwrap_or_else(Answer::Refused)
    }

    /// The nodes that two picks mean.
    pub(in super::super) fn ends(&self, kind: &str, source: u8, target: u8) -> (Row, Row) {
        let rules = self.rules.edge(kind);
        (self.pick_end(rules.from, source), self.pick_end(rules.to, target))
    }

    /// The name that a pick means.
    pub(in super::super) fn name(&self, pick: Pick) -> &'static str {
        let Values::Texts(names) = self.rules.node("person").fields[0].values else { unreachable!("names are texts") };
        names[usize::from(pick) % names.len()]
    }

    /// The nodes that two picks mean, or the first end that no node is.
    pub(super) fn ends_by(&self, by: By, kind: &str, source: Pick, target: Pick) -> Result<(Row, Row), Refusal> {
        let ends = self.ends(kind, source, target);
        if by == By::Id {
            return Ok(ends);
        }
        let named = |pick, side| self.with_key("person", Some(self.name(pick))).ok_or(Refusal::NoEndpoint(side));
        let to_people = self.rules.edge(kind).to == ["person"];
        Ok((named(source, Side::Source)?, if to_people { named(target, Side::Target)? } else { ends.1 }))
    }

    fn oldest(&self, kind: &str, limit: Option<u32>) -> Vec<Row> {
        self.of(kind).map(|(row, _)| row).take(limit.map_or(usize::MAX, |limit| limit as usize)).collect()
    }

    fn placed(&self, via: Via, by: By, kind: &str, drafts: &[Draft]) -> Result<Vec<Placed>, Refusal> {
        let values = drafts.iter().map(|(.., value)| self.checked(via, kind, value)).collect::<Result<Vec<_>, _>>()?;
        let ends = drafts.iter().map(|(source, target, _)| self.ends_by(by, kind, *source, *target));
        let ends = ends.collect::<Result<Vec<_>, _>>().map_err(|missing| self.refuse(missing))?;
        Ok(ends.into_iter().zip(values).collect())
    }

    fn connect(&mut self, via: Via, by: By, kind: &'static str, drafts: &[Draft]) -> Result<Vec<Row>, Refusal> {
        let rules = self.rules.edge(kind);
        let drafts = self.placed(via, by, kind, drafts)?;
        if let Some(refusal) = drafts.iter().find_map(|(ends, _)| self.looped(rules, *ends)) {
            return Err(self.refuse(refusal));
        }
        if self.archived && !drafts.is_empty() {
            return Err(Refusal::Archived);
        }
        let mut after = self.clone();
        let mut added = Vec::new();
        for (ends, value) in drafts {
            let ends = after.fitting(rules, ends, &value, &added)?;
            added.push(after.add(kind, Some(ends), value));
        }
        after.refuse_cycles(rules)?;
        *self = after;
        Ok(added)
    }

    /// The refusal of an edge that ends where it starts.
    pub(super) fn looped(&self, rules: &EdgeRules, ends: (Row, Row)) -> Option<Refusal> {
        let allowed = ends.0 != ends.1 || self.rules.allows_loops(rules);
        (!allowed).then(|| self.misplaced(rules, ends).unwrap_or(Refusal::SelfLoop))
    }

    /// The ends of a new edge as they are read, where nothing is in its way.
    pub(super) fn fitting(
        &self,
        rules: &EdgeRules,
        ends: (Row, Row),
        value: &Value,
        batch: &[Row],
    ) -> Result<(Row, Row), Refusal> {
        if let Some(refusal) = self.misplaced(rules, ends) {
            return Err(refusal);
        }
        let ends = self.oriented(rules, ends);
        let refusal = self.in_the_way(rules, ends, batch).or_else(|| self.taken(rules.name, value, None, batch));
        refusal.map_or(Ok(ends), Err)
    }

    pub(super) fn refuse_cycles(&self, rules: &EdgeRules) -> Result<(), Refusal> {
        let cycle = self.rules.acyclic_sets(rules).iter().any(|set| self.has_cycle(set));
        if cycle { Err(Refusal::Cycle) } else { Ok(()) }
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

    /// A batch is as one edge after another, all or none; only cycles are looked for at the end.
    fn upsert_edges(
        &mut self,
        via: Via,
        by: By,
        kind: &'static str,
        drafts: &[Draft],
        keep: bool,
    ) -> Result<Answer, Refusal> {
        let rules = self.rules.edge(kind);
        let drafts = self.placed(via, by, kind, drafts)?;
        if !drafts.is_empty() && rules.multi && rules.key.is_none() {
            return Err(Refusal::NoIdentity);
        }
        if self.archived && !drafts.is_empty() {
            return Err(Refusal::Archived);
        }
        let mut after = self.clone();
        let mut added = Vec::new();
        let mut answers = Vec::new();
        for (ends, value) in drafts {
            let found = match after.key_of(kind, &value) {
                Some(key) => after.with_key(kind, Some(&key)),
                None => after.between(kind, ends).first().copied(),
            };
            if let Some(row) = found {
                if !after.between(kind, ends).contains(&row) {
                    return Err(Refusal::EndpointsMoved);
                }
                answers.push(after.bring(row, value, keep, &added)?);
                continue;
            }
            if let Some(refusal) = after.looped(rules, ends) {
                return Err(refusal);
            }
            let ends = after.fitting(rules, ends, &value, &added)?;
            let row = after.add_ranked((self, added.len()), kind, Some(ends), value);
            added.push(row);
            answers.push((row, Outcome::Created));
        }
        after.refuse_cycles(rules)?;
        *self = after;
        Ok(Answer::Upserted(answers))
    }
}
