//! What has to be done to the rows of a graph type, before anything is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use metagraph_core::document::{CompiledType, EdgeDocument, GraphDocument};
use metagraph_core::evolution::{Change, Class, RowUpgrade, Subject, TypeDiff};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::sealed::{Passages, Place, Sealing};
use crate::backend::GraphConnection;
use crate::batch::Target;
use crate::error::{Error, Result};
use crate::indexes;
use crate::revision::Moved;
use crate::stored_type::StoredType;
use crate::vocabulary::{TypeIds, Vocabulary};
use crate::write::Table;

/// What the caller allows; stored with an evolution that is under way, so that who goes on with it does the same.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Options {
    pub(super) drop_unknown: bool,
    pub(super) make_up: bool,
    /// Types whose rows may be deleted.
    pub(super) delete: BTreeSet<String>,
}

/// From one revision of a type to the next.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) diff: TypeDiff,
    /// The types of the next revision, for a writer that changes rows to it.
    pub(super) vocabulary: Vocabulary,
    pub(super) moved: Moved,
    /// In the order in which they are done to each graph.
    pub(super) steps: Vec<Step>,
    /// What the names of indexes on attributes of the type begin with.
    pub(super) index_prefixes: Vec<String>,
    ids: TypeIds,
}

/// Something to do to all rows of a type.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) table: Table,
    pub(super) element: String,
    pub(super) kind: i64,
    pub(super) work: Work,
}

#[derive(Debug)]
pub(super) enum Work {
    /// The type is gone, and its rows with it.
    Delete,
    /// Attributes get another form; where these members are named, only rows that have one of them.
    Rewrite { upgrade: Box<RowUpgrade>, only: Option<Vec<String>> },
    /// The columns that decide about edges follow other rules.
    Rules,
}

impl Step {
    pub(super) fn subject(&self) -> Subject {
        match self.table {
            Table::Nodes => Subject::Node(self.element.clone()),
            Table::Edges => Subject::Edge(self.element.clone()),
        }
    }
}

impl Prepared {
    /// Compares a stored document with the compiled one. `begun` says that the types have their new names already.
    pub(super) fn new<C: GraphConnection>(
        conn: &mut C,
        stored: &StoredType,
        before: &GraphDocument,
        compiled: &CompiledType,
        (options, sealings): (&Options, &[Sealing]),
        begun: bool,
    ) -> Result<Self> {
        let diff = TypeDiff::between(before, compiled);
        let moved = if begun {
            Moved::default()
        } else {
            let moved = |names: &BTreeMap<String, String>| {
                names.iter().map(|(now, before)| (before.clone(), now.clone())).collect()
            };
            Moved { nodes: moved(&diff.renames.nodes), edges: moved(&diff.renames.edges) }
        };
        let mut ids = TypeIds::of(conn, stored.id)?;
        move_names(&mut ids.nodes, &moved.nodes);
        move_names(&mut ids.edges, &moved.edges);
        let document = compiled.document().clone();
        let mut vocabulary = Vocabulary::assemble(stored.id, Target::EVOLVING, document, &ids);
        let steps = steps(&diff, &vocabulary, &ids, compiled, (options, sealings))
            .map_err(|reason| unusable(&stored.name, &reason))?;
        let deleted = steps.iter().filter(|step| step.table == Table::Nodes && matches!(step.work, Work::Delete));
        vocabulary.admit_ends(&deleted.map(|step| step.kind).collect::<Vec<_>>());
        let nodes = ids.nodes.values().map(|id| indexes::prefix(Table::Nodes, *id));
        let index_prefixes = nodes.chain(ids.edges.values().map(|id| indexes::prefix(Table::Edges, *id))).collect();
        Ok(Self { diff, vocabulary, moved, steps, index_prefixes, ids })
    }

    /// Whether the change touches no row but those that are in the way of a new member, whatever rows there are.
    pub(super) fn is_compatible(&self) -> bool {
        self.dangers().next().is_none()
    }

    fn dangers(&self) -> impl Iterator<Item = &Change> {
        let changes = self.diff.changes.iter();
        changes.filter(|change| change.class != Class::Compatible && !change.only_clashes())
    }

    /// Whether every row of the type is looked at, one by one.
    pub(super) fn looks_at_all(&self, subject: &Subject) -> bool {
        let of_all = |step: &Step| matches!(step.work, Work::Rewrite { only: None, .. });
        self.steps.iter().any(|step| of_all(step) && step.subject() == *subject)
    }

    /// The types whose rows may have to change, or may not fit.
    pub(super) fn endangered(&self) -> Vec<(Table, i64)> {
        let all = || {
            let nodes = self.ids.nodes.values().map(|id| (Table::Nodes, *id));
            nodes.chain(self.ids.edges.values().map(|id| (Table::Edges, *id))).collect()
        };
        let mut endangered: Vec<(Table, i64)> = Vec::new();
        for change in self.dangers() {
            match &change.subject {
                Subject::Graph => return all(),
                Subject::Node(name) => endangered.extend(self.ids.nodes.get(name).map(|id| (Table::Nodes, *id))),
                Subject::Edge(name) => endangered.extend(self.ids.edges.get(name).map(|id| (Table::Edges, *id))),
            }
        }
        endangered
    }
}

fn unusable(graph_type: &str, reason: &str) -> Error {
    Error::InvalidQuery { reason: format!("the schemas of `{graph_type}` cannot be compared: {reason}") }
}

fn move_names(ids: &mut HashMap<String, i64>, renamed: &[(String, String)]) {
    let moved: Vec<_> = renamed.iter().filter_map(|(before, now)| Some((now.clone(), ids.remove(before)?))).collect();
    ids.extend(moved);
}

fn steps(
    diff: &TypeDiff,
    vocabulary: &Vocabulary,
    ids: &TypeIds,
    compiled: &CompiledType,
    (options, sealings): (&Options, &[Sealing]),
) -> Result<Vec<Step>, String> {
    let (before, after) = (&diff.renamed, compiled.document());
    let mut steps = Vec::new();
    for (table, ids, gone) in [
        (
            Table::Edges,
            &ids.edges,
            before.edges.keys().filter(|name| !after.edges.contains_key(*name)).collect::<Vec<_>>(),
        ),
        (Table::Nodes, &ids.nodes, before.nodes.keys().filter(|name| !after.nodes.contains_key(*name)).collect()),
    ] {
        for name in gone {
            if let Some(kind) = ids.get(name) {
                steps.push(Step { table, element: name.clone(), kind: *kind, work: Work::Delete });
            }
        }
    }
    for (name, node) in &after.nodes {
        let (Some(old), Ok(kind)) = (before.nodes.get(name), vocabulary.node(name)) else { continue };
        let subject = Subject::Node(name.clone());
        let keys = (old.key.as_deref(), node.key.as_deref());
        let place = place(diff, &subject, &after.name, (diff.renames.nodes.get(name), name), keys);
        let passages = passages(diff, &subject, &place, (&old.schema, &node.schema), sealings);
        if let Some(work) = rewrite(diff, &subject, &node.schema, options, passages)? {
            steps.push(Step { table: Table::Nodes, element: name.clone(), kind: kind.id, work });
        }
    }
    for (name, edge) in &after.edges {
        let (Some(old), Ok(kind)) = (before.edges.get(name), vocabulary.edge(name)) else { continue };
        let step = |work| Step { table: Table::Edges, element: name.clone(), kind: kind.id, work };
        let subject = Subject::Edge(name.clone());
        let keys = (old.key.as_deref(), edge.key.as_deref());
        let place = place(diff, &subject, &after.name, (diff.renames.edges.get(name), name), keys);
        let passages = passages(diff, &subject, &place, (&old.schema, &edge.schema), sealings);
        steps.extend(rewrite(diff, &subject, &edge.schema, options, passages)?.map(step));
        if rule_columns(before, old) != rule_columns(after, edge) {
            steps.push(step(Work::Rules));
        }
    }
    Ok(steps)
}

fn place(
    diff: &TypeDiff,
    subject: &Subject,
    graph_type: &str,
    (was, name): (Option<&String>, &String),
    (key_before, key): (Option<&str>, Option<&str>),
) -> Place {
    let is_key = |attribute: &str| key == Some(attribute);
    let mut values = diff.renames.values.get(subject).into_iter().flatten();
    Place {
        graph_type: graph_type.to_owned(),
        element: (was.unwrap_or(name).clone(), name.clone()),
        attribute: (String::new(), String::new()),
        was_sealed: false,
        key: key.map(str::to_owned),
        moves_keys: key_before != key
            || diff.upgrades.contains_key(subject)
            || values.any(|value| is_key(value.attribute)),
    }
}

fn passages(
    diff: &TypeDiff,
    subject: &Subject,
    place: &Place,
    schemas: (&Value, &Value),
    sealings: &[Sealing],
) -> Passages {
    let renamed = diff.renames.attributes.get(subject);
    Passages::new(place, schemas, |name| renamed?.get(name).cloned(), sealings)
}

/// What the columns with rules of an edge type depend on.
fn rule_columns(document: &GraphDocument, edge: &EdgeDocument) -> (bool, Option<bool>, bool, bool, bool) {
    let rules = &edge.rules;
    let simple = rules.simple.then_some(document.config.direction == "mixed");
    (rules.multi, simple, rules.one_out, rules.one_in, edge.key.is_some())
}

/// How the rows of a type are rewritten; `None` where they stay as they are.
fn rewrite(
    diff: &TypeDiff,
    subject: &Subject,
    schema: &Value,
    options: &Options,
    passages: Passages,
) -> Result<Option<Work>, String> {
    let changes: Vec<_> = diff.changes.iter().filter(|change| change.subject == *subject).collect();
    let of_rows: Vec<_> = changes.iter().filter(|change| concerns_attributes(change)).collect();
    let renamed: Vec<_> = diff.renames.attributes.get(subject).into_iter().flatten().collect();
    let values = diff.renames.values.get(subject).map(Vec::as_slice).unwrap_or_default();
    let function = diff.upgrades.get(subject);
    let drops = options.drop_unknown && changes.iter().any(|change| change.is_removed_member());
    if of_rows.is_empty()
        && renamed.is_empty()
        && values.is_empty()
        && function.is_none()
        && !drops
        && !passages.are_needed
    {
        return Ok(None);
    }
    let mut upgrade = RowUpgrade::new(schema)?.dropping_unknown(options.drop_unknown).making_up(options.make_up);
    for (now, before) in &renamed {
        upgrade = upgrade.renamed(before, now);
    }
    for value in values {
        upgrade = upgrade.renamed_value(value);
    }
    if let Some(function) = function {
        upgrade = upgrade.by(*function);
    }
    let clashes: Option<Vec<_>> = of_rows.iter().map(|change| clashing_member(change)).collect();
    let whole = !passages.are_needed && renamed.is_empty() && values.is_empty() && function.is_none() && !drops;
    let only = clashes.filter(|_| whole);
    let upgrade = passages.lead(upgrade);
    Ok(Some(Work::Rewrite { upgrade: Box::new(upgrade), only }))
}

/// Whether the rows of the subject have to be looked at for this change, one by one.
fn concerns_attributes(change: &Change) -> bool {
    change.class != Class::Compatible && change.is_of_attributes()
}

/// The member that is new, where rows are only concerned if they have one of that name already.
fn clashing_member(change: &Change) -> Option<String> {
    let name = change.path.strip_prefix('/').filter(|name| change.only_clashes() && !name.contains('/'))?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}
