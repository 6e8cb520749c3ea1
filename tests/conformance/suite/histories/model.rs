//! The graph as it should be, and what each step should come to.

mod edges;
mod load;
mod nodes;
mod reads;
mod rows;

use std::collections::BTreeMap;

use serde_json::{Value, json};

pub(super) use self::load::{BATCH, End};
use super::answer::{Answer, Refusal, Row, Seen};
use super::rules::{Field, Rules, Values};
use super::step::{GraphVerb, Pick, Step, Via};

/// A row that never was.
pub(super) const NEVER: Row = Row::MAX;

#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) rules: &'static Rules,
    archived: bool,
    rows: BTreeMap<Row, Stored>,
    gone: Vec<(&'static str, Row)>,
    /// The number of the next row.
    pub(super) next: Row,
    /// For each row that the next step creates, its place among them in the order of ids, which is the database's choice.
    pub(super) ranks: Vec<usize>,
}

/// A node, or an edge where it has ends.
#[derive(Debug, Clone)]
struct Stored {
    kind: &'static str,
    key: Option<String>,
    ends: Option<(Row, Row)>,
    attributes: Value,
    version: i64,
    metadata: Value,
}

/// What node types and edge types have in common.
struct Kind {
    fields: &'static [Field],
    key: Option<&'static str>,
    unique: &'static [&'static [&'static str]],
}

impl Model {
    pub(super) fn new(rules: &'static Rules) -> Self {
        Self { rules, archived: false, rows: BTreeMap::new(), gone: Vec::new(), next: 0, ranks: Vec::new() }
    }

    /// The row that a pick means: mostly one there is, and else one that is gone, of another type, or never was.
    pub(super) fn pick(&self, via: Via, kind: &str, pick: Pick) -> Row {
        let live = |wanted: &dyn Fn(&Stored) -> bool| -> Vec<Row> {
            self.rows.iter().filter(|(_, stored)| wanted(stored)).map(|(&row, _)| row).collect()
        };
        let found = match pick {
            0..20 => live(&|stored| stored.kind == kind),
            20 => self.gone.iter().filter(|(gone, _)| *gone == kind).map(|&(_, row)| row).collect(),
            // A dynamic handle takes a row of any type.
            21 if via == Via::Typed => {
                let of_edges = self.rules.edges.iter().any(|edge| edge.name == kind);
                live(&|stored| stored.kind != kind && stored.ends.is_some() == of_edges)
            }
            _ => Vec::new(),
        };
        if found.is_empty() { NEVER } else { found[usize::from(pick) % found.len()] }
    }

    /// An end of an edge: mostly a node that its type allows there.
    pub(super) fn pick_end(&self, kinds: &[&'static str], pick: Pick) -> Row {
        let kind = kinds[usize::from(pick) % kinds.len()];
        self.pick(Via::Typed, kind, pick)
    }

    /// Any node.
    pub(super) fn pick_any(&self, pick: Pick) -> Row {
        self.pick_end(&["person", "vault"], pick)
    }

    /// The version of a row, or that of a new one.
    pub(super) fn version(&self, row: Row) -> i64 {
        self.rows.get(&row).map_or(1, |stored| stored.version)
    }

    /// All nodes and all edges, in the order in which they were created.
    pub(super) fn live(&self) -> (Vec<Row>, Vec<Row>) {
        self.rows.keys().partition(|row| self.rows[row].ends.is_none())
    }

    /// Brings a step about, and says what it should come to.
    pub(super) fn take(&mut self, step: &Step) -> Answer {
        match step {
            Step::Nodes(via, kind, verb) => self.take_nodes(*via, kind, verb),
            Step::Edges(via, kind, verb) => self.take_edges(*via, kind, verb),
            Step::Graph(_, GraphVerb::Archive(archived)) => {
                self.archived = *archived;
                Answer::Done
            }
            Step::Graph(_, GraphVerb::Clear) => {
                let nodes: Vec<Row> = self.nodes().map(|(row, _)| row).collect();
                if self.archived { Answer::Refused(Refusal::Archived) } else { Answer::Count(self.remove(&nodes)) }
            }
            Step::Graph(_, GraphVerb::Duplicate) => {
                self.archived = false;
                self.rows.values_mut().for_each(|stored| stored.version = 1);
                Answer::Done
            }
            Step::Graph(_, GraphVerb::DeleteAny(picks)) => {
                let rows: Vec<Row> = picks.iter().map(|&pick| self.pick_any(pick)).collect();
                self.delete(&rows).map_or_else(Answer::Refused, Answer::Count)
            }
            Step::Load(load) => self.load(load),
            Step::Together(..) => unreachable!("its steps are taken one by one"),
        }
    }

    fn nodes(&self) -> impl Iterator<Item = (Row, &Stored)> {
        self.rows.iter().filter(|(_, stored)| stored.ends.is_none()).map(|(&row, stored)| (row, stored))
    }

    /// The rows of a type.
    fn of(&self, kind: &str) -> impl Iterator<Item = (Row, &Stored)> {
        self.rows.iter().filter(move |(_, stored)| stored.kind == kind).map(|(&row, stored)| (row, stored))
    }

    fn edges(&self) -> impl Iterator<Item = (Row, &Stored, (Row, Row))> {
        self.rows.iter().filter_map(|(&row, stored)| Some((row, stored, stored.ends?)))
    }

    fn kind(&self, name: &str) -> Kind {
        if let Some(edge) = self.rules.edges.iter().find(|edge| edge.name == name) {
            return Kind { fields: edge.fields, key: edge.key, unique: edge.unique };
        }
        let node = self.rules.node(name);
        Kind { fields: node.fields, key: node.key, unique: node.unique }
    }

    /// A graph that takes no writes says so before anything else.
    fn refuse(&self, refusal: Refusal) -> Refusal {
        if self.archived { Refusal::Archived } else { refusal }
    }

    /// The value as it is stored, or why it is not: serde writes a null where an optional member is missing.
    fn checked(&self, via: Via, kind: &str, value: &Value) -> Result<Value, Refusal> {
        let fields = self.kind(kind).fields;
        let value = if via == Via::Typed { with_nulls(fields, value) } else { value.clone() };
        let valid = fields.iter().all(|field| match &value[field.name] {
            Value::Null => field.optional,
            number => field.values != Values::UpToNine || number.as_u64() <= Some(9),
        });
        if valid { Ok(value) } else { Err(self.refuse(Refusal::Invalid)) }
    }

    /// The key that a value carries.
    fn key_of(&self, kind: &str, value: &Value) -> Option<String> {
        let key = &value[self.kind(kind).key?];
        Some(key.as_str().map_or_else(|| key.to_string(), str::to_owned))
    }

    fn add(&mut self, kind: &'static str, ends: Option<(Row, Row)>, attributes: Value) -> Row {
        let row = self.next;
        self.add_as(row, kind, ends, attributes);
        row
    }

    /// Adds the row that is number `place` of those that a batch creates; `before` is the model before the batch.
    fn add_ranked(
        &mut self,
        (before, place): (&Self, usize),
        kind: &'static str,
        ends: Option<(Row, Row)>,
        attributes: Value,
    ) -> Row {
        let row = before.next + self.ranks.get(place).copied().unwrap_or(place);
        self.add_as(row, kind, ends, attributes);
        row
    }

    fn add_as(&mut self, row: Row, kind: &'static str, ends: Option<(Row, Row)>, attributes: Value) {
        let key = self.key_of(kind, &attributes);
        self.rows.insert(row, Stored { kind, key, ends, attributes, version: 1, metadata: json!({}) });
        self.next = self.next.max(row + 1);
    }

    fn seen(&self, via: Via, kind: &str, row: Row) -> Option<Seen> {
        let stored = self.rows.get(&row).filter(|stored| stored.kind == kind)?;
        let attributes = match via {
            Via::Typed => with_nulls(self.kind(kind).fields, &stored.attributes),
            Via::Dynamic => stored.attributes.clone(),
        };
        Some(Seen { row, key: stored.key.clone(), ends: stored.ends, attributes, version: stored.version })
    }
}

fn with_nulls(fields: &[Field], value: &Value) -> Value {
    let mut value = value.clone();
    for field in fields.iter().filter(|field| field.optional) {
        value.as_object_mut().unwrap().entry(field.name).or_insert(Value::Null);
    }
    value
}
