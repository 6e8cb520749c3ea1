//! Loading edges, batch by batch, each in the order of the index that it goes into.

use std::borrow::Cow;
use std::collections::HashMap;

use metagraph_core::Key;

use super::loaded::{Known, Ranges};
use super::session::Session;
use crate::backend::{GraphConnection, Seam};
use crate::batch::EdgeDraft;
use crate::encode::Encoded;
use crate::error::{Error, Result};
use crate::open_graph::OpenGraph;
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::EdgeKind;
use crate::write::edges::{NewEdge, batch, draft, refusal};
use crate::write::{Table, acyclic};

/// An end as it is given.
pub(super) enum End {
    Id(i64),
    Key(Key),
}

/// An edge as it is given, and its checked attributes.
pub(super) struct Row {
    pub(super) source: End,
    pub(super) target: End,
    pub(super) value: Encoded,
}

/// The node types in which keys of sources and of targets are looked up, in that order.
pub(super) struct KeysOf {
    pub(super) source: Vec<i64>,
    pub(super) target: Vec<i64>,
}

/// An edge between two ids.
struct Edge {
    source: i64,
    target: i64,
    value: Encoded,
}

impl Edge {
    fn draft(&self, kind: &EdgeKind) -> EdgeDraft<'_> {
        draft(kind, &NewEdge { source: self.source, target: self.target, value: &self.value })
    }
}

/// Loads what is left of a step.
pub(super) fn load<C: GraphConnection>(
    session: &mut Session<'_, C>,
    (kind, name): (&EdgeKind, &'static str),
    keys: &KeysOf,
    rows: &mut dyn Iterator<Item = Result<Row>>,
) -> Result<()> {
    let expected = rows.size_hint().0;
    if session.is_once() && !kind.acyclic.is_empty() {
        session.search_at_the_end(name);
    }
    loop {
        let batch = session.take(rows)?;
        let count = batch.len();
        if count == 0 {
            return Ok(());
        }
        let batch = resolve(session, keys, batch)?;
        if session.is_once() {
            session.dropped.consider_edges(session.conn, kind, expected.max(count))?;
        }
        write(session, kind, &batch)?;
        session.dropped.count(Table::Edges, count);
        session.advance(count as u64);
        if count < session.batch {
            return Ok(());
        }
    }
}

/// Finds the nodes behind keys, with one statement for each node type.
fn resolve<C: GraphConnection>(session: &mut Session<'_, C>, keys: &KeysOf, rows: Vec<Row>) -> Result<Vec<Edge>> {
    let graph = session.graph;
    let sources: Vec<_> = rows.iter().filter_map(|row| row.source.key()).collect();
    let sources = by_key(session.conn, graph, &keys.source, &sources)?;
    let targets: Vec<_> = rows.iter().filter_map(|row| row.target.key()).collect();
    let targets = by_key(session.conn, graph, &keys.target, &targets)?;
    let mut edges = Vec::with_capacity(rows.len());
    for Row { source, target, value } in rows {
        let ends = source
            .among(&sources, graph, &keys.source)
            .and_then(|source| Ok((source, target.among(&targets, graph, &keys.target)?)));
        match ends {
            Ok((source, target)) => edges.push(Edge { source, target, value }),
            Err(error) => {
                session.at(edges.len());
                return Err(error);
            }
        }
    }
    Ok(edges)
}

fn by_key<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    types: &[i64],
    keys: &[&str],
) -> Result<HashMap<String, i64>> {
    let mut found = HashMap::new();
    if keys.is_empty() {
        return Ok(found);
    }
    for node_type in types {
        let statement = Statement::new("SELECT n.key, n.id FROM __metagraph_nodes AS n WHERE n.graph_id = ")
            .integer(graph.id)
            .sql(" AND n.node_type_id = ")
            .integer(*node_type)
            .sql(" AND n.key")
            .one_of_texts(keys.iter().map(|key| Cow::Borrowed(*key)).collect());
        let nodes: Vec<(String, i64)> = run::all(conn, "finding the ends of edges", statement)?;
        for (key, id) in nodes {
            found.entry(key).or_insert(id);
        }
    }
    Ok(found)
}

impl End {
    fn key(&self) -> Option<&str> {
        match self {
            Self::Id(_) => None,
            Self::Key(key) => Some(key.as_str()),
        }
    }

    fn among(&self, found: &HashMap<String, i64>, graph: OpenGraph<'_>, types: &[i64]) -> Result<i64> {
        match self {
            Self::Id(id) => Ok(*id),
            Self::Key(key) => found.get(key.as_str()).copied().ok_or_else(|| Error::NotFound {
                element: graph.vocabulary.node_names(types).join(" or "),
                id: format!("`{key}`"),
            }),
        }
    }
}

fn write<C: GraphConnection>(session: &mut Session<'_, C>, kind: &EdgeKind, edges: &[Edge]) -> Result<()> {
    let looped = edges.iter().position(|edge| edge.source == edge.target && !kind.rules.self_loops);
    if let Some((place, edge)) = looped.and_then(|place| Some((place, edges.get(place)?))) {
        session.at(place);
        return Err(refusal::self_loop(session.conn, session.graph, kind, edge.source)?);
    }
    let mut drafts: Vec<_> = edges.iter().map(|edge| edge.draft(kind)).collect();
    let known = drafts.iter_mut().all(|draft| fits(&session.known, kind, draft));
    // Rows in the order of an index cost a third of rows in any order; parallel edges stay in the order given.
    drafts.sort_by_key(|draft| (draft.source, draft.target));
    let at_once = !kind.acyclic.is_empty();
    let at_the_end = session.is_once();
    let stored = session.write(edges.len(), at_once, |conn, graph| {
        let mut rest = drafts.into_iter();
        while rest.len() > 0 {
            let count = C::Db::chunk(rest.len());
            let chunk: Vec<_> = rest.by_ref().take(count).collect();
            if insert(conn, known, batch(graph, kind, chunk))? < count {
                return Ok(None);
            }
        }
        if at_once && !at_the_end {
            acyclic::require(conn, graph, kind)?;
        }
        Ok(Some(Ranges::default()))
    })?;
    if stored.is_some() {
        return Ok(());
    }
    // In the order given, so that the first that is refused is told.
    let drafts: Vec<_> = edges.iter().map(|edge| edge.draft(kind)).collect();
    let (place, error) = if session.dropped.has_edges_of(kind) {
        refusal::explain_ends(session.conn, session.graph, kind, &drafts)?
    } else {
        refusal::explain(session.conn, session.graph, kind, &drafts, &[])?
    };
    if let Some(place) = place {
        session.at(place);
    }
    Err(error)
}

/// Inserts edges and counts them; an end that is gone counts as refused.
fn insert<C: GraphConnection>(conn: &mut C, known: bool, batch: crate::batch::EdgeBatch<'_>) -> Result<usize> {
    if !known {
        let ids: Vec<i64> = run::all(conn, "loading edges", C::Db::insert_edges(batch))?;
        return Ok(ids.len());
    }
    match run::execute(conn, "loading edges", C::Db::load_edges(batch)) {
        Err(error) if is_foreign_key(&error) => Ok(0),
        outcome => outcome,
    }
}

fn is_foreign_key(error: &Error) -> bool {
    use diesel::result::{DatabaseErrorKind::ForeignKeyViolation, Error::DatabaseError};
    matches!(error, Error::Database { source: DatabaseError(ForeignKeyViolation, _), .. })
}

/// Whether this load knows that the ends of an edge have types that it connects; an undirected edge is turned as readers
/// see it.
fn fits(known: &Known, kind: &EdgeKind, draft: &mut EdgeDraft<'_>) -> bool {
    let (Some(source), Some(target)) = (known.type_of(draft.source), known.type_of(draft.target)) else { return false };
    let straight = kind.from.contains(&source) && kind.to.contains(&target);
    if !kind.rules.undirected {
        return straight;
    }
    let turned = kind.to.contains(&source) && kind.from.contains(&target);
    match (straight, turned) {
        (false, false) => return false,
        (false, true) => draft.reversed = true,
        (true, false) => draft.reversed = false,
        (true, true) => {}
    }
    true
}
