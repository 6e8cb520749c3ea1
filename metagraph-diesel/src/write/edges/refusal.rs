//! Why edges were refused, asked in the order in which the rules are documented.

use std::collections::{HashMap, HashSet};

use diesel::deserialize;
use diesel::row::Row;

use super::super::label::Labels;
use super::super::unique::UniqueRules;
use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::batch::EdgeDraft;
use crate::conflict::{Conflict, NodeName, Rule};
use crate::error::{Error, Result, Side};
use crate::guard;
use crate::open_graph::OpenGraph;
use crate::record::{self, Record};
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::EdgeKind;

/// The refusal of an edge from a node to itself; a missing node or a closed graph comes first.
pub(crate) fn self_loop<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    node: i64,
) -> Result<Error> {
    guard::explain(conn, graph.target())?;
    let labels = Labels::read(conn, graph, vec![node])?;
    let edge = EdgeDraft { source: node, target: node, reversed: false, key: None, attributes: None };
    Ok(match endpoint(graph, kind, &labels, &edge) {
        Some(error) => error,
        None => Error::SelfLoop { edge: kind.name.clone(), node: labels.label(node) },
    })
}

/// The first refusal in a batch of which only `inserted` were stored, with its place.
pub(crate) fn explain<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    drafts: &[EdgeDraft<'_>],
    inserted: &[i64],
) -> Result<(Option<usize>, Error)> {
    guard::explain(conn, graph.target())?;
    let ends = drafts.iter().flat_map(|draft| [draft.source, draft.target]).collect();
    let labels = Labels::read(conn, graph, ends)?;
    let neighbours = Neighbours::read(conn, graph, kind, drafts, inserted)?;
    let mut earlier = Earlier::default();
    let mut unique = UniqueRules::of_edges(graph, kind);
    let own: HashSet<i64> = inserted.iter().copied().collect();
    for (place, draft) in drafts.iter().enumerate() {
        if let Some(error) = endpoint(graph, kind, &labels, draft) {
            return Ok((Some(place), error));
        }
        if let Some((rule, existing)) = broken(kind, draft, &neighbours, &earlier) {
            let key = draft.key.as_deref().filter(|_| rule == Rule::EdgeKey).map(str::to_owned);
            let ends = (labels.label(draft.source), labels.label(draft.target));
            let ends = if draft.reversed { (ends.1, ends.0) } else { ends };
            let conflict = Conflict {
                rule,
                element: kind.name.clone(),
                key,
                attributes: Vec::new(),
                ends: Some(ends),
                existing,
                in_batch: existing.is_none(),
            };
            return Ok((Some(place), conflict.into()));
        }
        if let Some(conflict) = unique.conflict(conn, draft.attributes.as_deref().unwrap_or("{}"), &own)? {
            return Ok((Some(place), conflict.into()));
        }
        earlier.add(draft);
    }
    // Whoever stood in the way is gone again.
    Ok((None, unknown(kind).into()))
}

/// The first refusal in a batch on account of an end, with its place: all that can be where no index is there to refuse
/// an edge, nor to look for one.
pub(crate) fn explain_ends<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    drafts: &[EdgeDraft<'_>],
) -> Result<(Option<usize>, Error)> {
    guard::explain(conn, graph.target())?;
    let ends = drafts.iter().flat_map(|draft| [draft.source, draft.target]).collect();
    let labels = Labels::read(conn, graph, ends)?;
    let refused = drafts.iter().map(|draft| endpoint(graph, kind, &labels, draft)).enumerate();
    let first = refused.into_iter().find_map(|(place, error)| Some((Some(place), error?)));
    Ok(first.unwrap_or_else(|| (None, unknown(kind).into())))
}

fn unknown(kind: &EdgeKind) -> Conflict {
    Conflict {
        rule: Rule::Parallel,
        element: kind.name.clone(),
        key: None,
        attributes: Vec::new(),
        ends: None,
        existing: None,
        in_batch: false,
    }
}

fn endpoint(graph: OpenGraph<'_>, kind: &EdgeKind, labels: &Labels<'_>, draft: &EdgeDraft<'_>) -> Option<Error> {
    let given = if draft.reversed { (draft.target, draft.source) } else { (draft.source, draft.target) };
    for (side, id) in [(Side::Source, given.0), (Side::Target, given.1)] {
        if labels.find(id).is_none() {
            return Some(Error::EndpointNotFound { edge: kind.name.clone(), side, node: NodeName::Id(id) });
        }
    }
    let types = (labels.find(given.0)?.node_type, labels.find(given.1)?.node_type);
    let fits = |from: &[i64], to: &[i64]| from.contains(&types.0) && to.contains(&types.1);
    if fits(&kind.from, &kind.to) || kind.rules.undirected && fits(&kind.to, &kind.from) {
        return None;
    }
    let (side, id, allowed) = if kind.from.contains(&types.0) {
        (Side::Target, given.1, &kind.to)
    } else {
        (Side::Source, given.0, &kind.from)
    };
    Some(Error::EndpointType {
        edge: kind.name.clone(),
        side,
        found: labels.label(id),
        allowed: graph.vocabulary.node_names(allowed),
    })
}

/// A stored edge beside a new one.
struct Neighbour {
    id: i64,
    edge_type: i64,
    source: i64,
    target: i64,
    simple: Option<i64>,
    key: Option<String>,
}

impl Record for Neighbour {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok(Self {
            id: record::integer(row, 0)?,
            edge_type: record::integer(row, 1)?,
            source: record::integer(row, 2)?,
            target: record::integer(row, 3)?,
            simple: record::optional_integer(row, 4)?,
            key: record::optional_text(row, 5)?,
        })
    }
}

/// The stored edges that a batch could conflict with, by what they would conflict in.
struct Neighbours {
    by_pair: HashMap<(i64, i64), Vec<Neighbour>>,
    out: HashMap<i64, i64>,
    into: HashMap<i64, i64>,
    by_key: HashMap<String, i64>,
}

impl Neighbours {
    fn read<C: GraphConnection>(
        conn: &mut C,
        graph: OpenGraph<'_>,
        kind: &EdgeKind,
        drafts: &[EdgeDraft<'_>],
        inserted: &[i64],
    ) -> Result<Self> {
        const SELECT: &str = "SELECT e.id, e.edge_type_id, e.source_id, e.target_id, e.simple, e.key FROM ";
        let distinct = |ids: HashSet<i64>| ids.into_iter().collect::<Vec<_>>();
        let both_ways = distinct(drafts.iter().flat_map(|draft| [draft.source, draft.target]).collect());
        let targets = distinct(drafts.iter().map(|draft| draft.target).collect());
        let keys: Vec<_> = drafts.iter().filter_map(|draft| draft.key.clone()).collect();
        let mut found =
            Self { by_pair: HashMap::new(), out: HashMap::new(), into: HashMap::new(), by_key: HashMap::new() };
        let reads = [
            Statement::new(SELECT).by_ids(FoundBy::Source, graph.id, both_ways, |statement| statement),
            Statement::new(SELECT).by_ids(FoundBy::Target, graph.id, targets, |statement| {
                statement.sql(" AND e.edge_type_id = ").integer(kind.id)
            }),
            Statement::new(SELECT)
                .sql("__metagraph_edges AS e WHERE e.graph_id = ")
                .integer(graph.id)
                .sql(" AND e.edge_type_id = ")
                .integer(kind.id)
                .sql(" AND e.key")
                .one_of_texts(keys),
        ];
        let inserted: HashSet<i64> = inserted.iter().copied().collect();
        for statement in reads {
            let edges: Vec<Neighbour> = run::all(conn, "looking for a conflict", statement)?;
            for edge in edges.into_iter().filter(|edge| !inserted.contains(&edge.id)) {
                if edge.edge_type == kind.id {
                    found.out.insert(edge.source, edge.id);
                    found.into.insert(edge.target, edge.id);
                    if let Some(key) = &edge.key {
                        found.by_key.insert(key.clone(), edge.id);
                    }
                }
                found.by_pair.entry((edge.source, edge.target)).or_default().push(edge);
            }
        }
        Ok(found)
    }

    fn between(&self, source: i64, target: i64) -> impl Iterator<Item = &Neighbour> {
        self.by_pair.get(&(source, target)).into_iter().flatten()
    }
}

/// What the edges of a batch take up that come before another one.
#[derive(Default)]
struct Earlier<'d> {
    pairs: HashSet<(i64, i64)>,
    sources: HashSet<i64>,
    targets: HashSet<i64>,
    keys: HashSet<&'d str>,
}

impl<'d> Earlier<'d> {
    fn add(&mut self, draft: &'d EdgeDraft<'_>) {
        self.pairs.insert((draft.source, draft.target));
        self.sources.insert(draft.source);
        self.targets.insert(draft.target);
        self.keys.extend(draft.key.as_deref());
    }
}

/// The rule a draft breaks against stored edges, or against `earlier` ones of its own batch.
fn broken(
    kind: &EdgeKind,
    draft: &EdgeDraft<'_>,
    stored: &Neighbours,
    earlier: &Earlier<'_>,
) -> Option<(Rule, Option<i64>)> {
    let (source, target) = (draft.source, draft.target);
    if !kind.rules.multi {
        if let Some(edge) = stored.between(source, target).find(|edge| edge.edge_type == kind.id) {
            return Some((Rule::Parallel, Some(edge.id)));
        }
        if earlier.pairs.contains(&(source, target)) {
            return Some((Rule::Parallel, None));
        }
    }
    let simple = |edge: &&Neighbour| edge.simple.is_some();
    let ordered = stored.between(source, target).find(simple);
    let backward = stored.between(target, source).find(simple);
    let in_the_way = match kind.simple {
        Some(1) => ordered.map(|edge| edge.id),
        Some(_) => ordered.or(backward).map(|edge| edge.id),
        None => None,
    };
    if in_the_way.is_some() {
        return Some((Rule::Simple, in_the_way));
    }
    let turned = [(source, target), (target, source)];
    if kind.simple == Some(2) && turned.iter().any(|pair| earlier.pairs.contains(pair)) {
        return Some((Rule::Simple, None));
    }
    if kind.rules.one_out {
        if let Some(id) = stored.out.get(&source) {
            return Some((Rule::OneOut, Some(*id)));
        }
        if earlier.sources.contains(&source) {
            return Some((Rule::OneOut, None));
        }
    }
    if kind.rules.one_in {
        if let Some(id) = stored.into.get(&target) {
            return Some((Rule::OneIn, Some(*id)));
        }
        if earlier.targets.contains(&target) {
            return Some((Rule::OneIn, None));
        }
    }
    let key = draft.key.as_deref()?;
    if let Some(id) = stored.by_key.get(key) {
        return Some((Rule::EdgeKey, Some(*id)));
    }
    earlier.keys.contains(key).then_some((Rule::EdgeKey, None))
}
