//! Nodes that are found or created by their key, or by what must be unique, many at once.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use metagraph_core::Key;
use serde_json::Value;

use super::super::nodes::{draft, gone_again, refusal};
use super::super::unique::claim;
use super::super::{Table, update};
use super::find::find;
use super::{Changes, Stop, WANTED, in_place, lost_if_stale, one_by_one, parsed, rounds, whole_or_singly, write_over};
use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::batch::{NodeBatch, NodeDraft, RowDraft};
use crate::conflict::Conflict;
use crate::encode::Encoded;
use crate::error::{Error, Result};
use crate::guard;
use crate::open_graph::OpenGraph;
use crate::outcome::{Outcome, Upserted, WhenFound};
use crate::read::{self, NodeRow, Raw};
use crate::record::Record;
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::NodeKind;

/// What says which node it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Identity<'r> {
    /// Its key.
    Key,
    /// Attributes that are unique together.
    Unique(&'r [String]),
}

/// Nodes of one type that are to be there.
#[derive(Clone, Copy)]
struct Batch<'b> {
    identity: Identity<'b>,
    graph: OpenGraph<'b>,
    kind: &'b NodeKind,
    nodes: &'b [Encoded],
    when_found: WhenFound,
}

/// One of them.
#[derive(Clone)]
struct Wanted<'b> {
    place: usize,
    identity: Cow<'b, str>,
    node: &'b Encoded,
}

/// Inserts nodes, or brings the stored ones with their identities to the same attributes; the answer is in the order given.
pub(crate) fn many<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &NodeKind,
    identity: Identity<'_>,
    nodes: &[Encoded],
    when_found: WhenFound,
) -> Result<Vec<Upserted<i64>>> {
    if nodes.is_empty() {
        return Ok(Vec::new());
    }
    let batch = Batch { identity, graph, kind, nodes, when_found };
    let one = |conn: &mut C, one: &[Encoded]| many(conn, graph, kind, identity, one, when_found);
    whole_or_singly(conn, |conn| batch.whole(conn), |conn| one_by_one(conn, nodes, one))
}

impl<'b> Batch<'b> {
    fn wanted(&self) -> Result<Vec<Wanted<'b>>> {
        let wanted = self.nodes.iter().enumerate().map(|(place, node)| {
            let element = || self.kind.name.clone();
            let identity = match self.identity {
                Identity::Key => {
                    let key = node.key.as_ref().ok_or_else(|| Error::NoIdentity { element: element() })?;
                    key.as_str().into()
                }
                Identity::Unique(names) => claim(names, &parsed(&node.attributes, &self.kind.name)?)
                    .ok_or_else(|| Error::AbsentIdentity { element: element(), attributes: names.to_vec() })?
                    .into(),
            };
            Ok(Wanted { place, identity, node })
        });
        wanted.collect()
    }

    fn whole<C: GraphConnection>(&self, conn: &mut C) -> Result<Vec<Upserted<i64>>, Stop> {
        let wanted = self.wanted()?;
        guard::begin_write(conn)?;
        let mut answers = Vec::with_capacity(wanted.len());
        let mut created = false;
        for round in rounds(wanted, |wanted| wanted.identity.clone(), !self.kind.unique.is_empty()) {
            let stored = self.stored(conn, &round)?;
            let mut missing = Vec::new();
            let mut found = Vec::new();
            for (wanted, stored) in round.into_iter().zip(stored) {
                match stored {
                    Some(stored) => found.push((wanted, stored)),
                    None => missing.push(wanted),
                }
            }
            created |= !missing.is_empty();
            answers.extend(self.create(conn, &missing)?);
            answers.extend(self.update(conn, &found)?);
        }
        if !created {
            guard::explain(conn, self.graph.target())?;
        }
        Ok(in_place(answers))
    }

    /// The stored nodes that have the identities, each at the place of what is wanted.
    fn stored<C: GraphConnection>(&self, conn: &mut C, wanted: &[Wanted<'_>]) -> Result<Vec<Option<NodeRow<Raw>>>> {
        let names = match self.identity {
            Identity::Key => return self.with_keys(conn, wanted),
            Identity::Unique(names) => names,
        };
        let objects = wanted.iter().map(|wanted| {
            let mut attributes = parsed(&wanted.node.attributes, &self.kind.name)?;
            let held = names.iter().filter_map(|name| Some((name.clone(), attributes.get_mut(name)?.take())));
            Ok(Value::Object(held.collect()))
        });
        let objects = objects.collect::<Result<Vec<Value>>>()?;
        find(conn, self.graph, self.kind, names, &objects, C::Db::HOLD_CONTENT, |row| NodeRow::read(row))
    }

    fn with_keys<C: GraphConnection>(&self, conn: &mut C, wanted: &[Wanted<'_>]) -> Result<Vec<Option<NodeRow<Raw>>>> {
        let mut found: HashMap<String, NodeRow<Raw>> = HashMap::new();
        for some in wanted.chunks(WANTED) {
            let keys = some.iter().map(|wanted| wanted.identity.clone()).collect();
            let statement = Statement::new(read::NODES)
                .keys(keys)
                .found_by(FoundBy::NodeKey, self.graph.id, |statement| {
                    statement.sql(" AND n.node_type_id = ").integer(self.kind.id)
                })
                .sql(C::Db::HOLD_CONTENT);
            let rows: Vec<NodeRow<Raw>> = run::all(conn, "reading nodes", statement)?;
            found.extend(rows.into_iter().map(|row| (row.key.clone(), row)));
        }
        Ok(wanted.iter().map(|wanted| found.remove(wanted.identity.as_ref())).collect())
    }

    fn create<C: GraphConnection>(
        &self,
        conn: &mut C,
        missing: &[Wanted<'_>],
    ) -> Result<Vec<(usize, Upserted<i64>)>, Stop> {
        let drafts: Vec<NodeDraft<'_>> = missing.iter().map(|wanted| draft(wanted.node)).collect();
        let mut ids: Vec<i64> = Vec::with_capacity(drafts.len());
        while ids.len() < drafts.len() {
            let (_, rest) = drafts.split_at(ids.len());
            let (chunk, _) = rest.split_at(C::Db::chunk(rest.len()));
            let batch = NodeBatch { target: self.graph.target(), node_type: self.kind.id, nodes: chunk.to_vec() };
            let mut inserted: Vec<i64> = run::all(conn, "inserting nodes", C::Db::insert_nodes(batch))?;
            let complete = inserted.len() == chunk.len();
            // Neither database promises an order of returned rows; the ids themselves ascend with the batch.
            inserted.sort_unstable();
            ids.extend(inserted);
            if !complete {
                return Err(self.not_created(conn, missing, &ids)?);
            }
        }
        let created = ids.into_iter().map(|id| Upserted { id, outcome: Outcome::Created });
        Ok(missing.iter().map(|wanted| wanted.place).zip(created).collect())
    }

    /// Why one of the missing nodes was not inserted.
    fn not_created<C: GraphConnection>(&self, conn: &mut C, missing: &[Wanted<'_>], own: &[i64]) -> Result<Stop> {
        guard::explain(conn, self.graph.target())?;
        if self.kind.unique.is_empty() {
            return Ok(Stop::Lost(gone_again(self.kind)));
        }
        let own: HashSet<i64> = own.iter().copied().collect();
        let stored = self.stored(conn, missing)?;
        if stored.into_iter().flatten().any(|row| !own.contains(&row.id)) {
            return Ok(Stop::Lost(gone_again(self.kind)));
        }
        let [only] = self.nodes else { return Ok(Stop::Singly) };
        Ok(match refusal(conn, self.graph, self.kind, &[draft(only)], &[])?.1 {
            Error::Conflict(conflict) if matches!(*conflict, Conflict { existing: None, in_batch: false, .. }) => {
                Stop::Lost(Error::Conflict(conflict))
            }
            error => Stop::Refused(error),
        })
    }

    fn update<C: GraphConnection>(
        &self,
        conn: &mut C,
        found: &[(Wanted<'_>, NodeRow<Raw>)],
    ) -> Result<Vec<(usize, Upserted<i64>)>, Stop> {
        let mut answers = Vec::with_capacity(found.len());
        let mut rows: Vec<RowDraft<'_>> = Vec::new();
        let mut keys = Vec::new();
        let mut changes = Changes::default();
        for (wanted, stored) in found {
            let outcome = match self.when_found {
                WhenFound::Keep => Outcome::Found,
                WhenFound::Update if stored.attributes.0 == wanted.node.attributes => Outcome::Unchanged,
                WhenFound::Update => {
                    let before = parsed(&stored.attributes.0, &self.kind.name)?;
                    let after = parsed(&wanted.node.attributes, &self.kind.name)?;
                    if before == after {
                        Outcome::Unchanged
                    } else {
                        changes.add(&self.kind.unique, &before, &after);
                        let key = wanted.node.key.as_ref().map(Key::as_str).filter(|key| *key != stored.key);
                        if let Some(key) = key {
                            changes.rename(&self.kind.unique, &stored.key, key);
                        }
                        keys.push(stored.key.as_str());
                        rows.push(RowDraft {
                            id: stored.id,
                            version: stored.version,
                            key: key.map(Into::into),
                            attributes: Some(wanted.node.attributes.as_str().into()),
                        });
                        Outcome::Updated
                    }
                }
            };
            answers.push((wanted.place, Upserted { id: stored.id, outcome }));
        }
        if changes.depend_on_order() {
            return Err(Stop::Singly);
        }
        self.write(conn, rows, &keys).map(|()| answers)
    }

    /// Writes rows over; where one of them gets another key, the others keep theirs, which are `keys`.
    fn write<'r, C: GraphConnection>(
        &self,
        conn: &mut C,
        mut rows: Vec<RowDraft<'r>>,
        keys: &[&'r str],
    ) -> Result<(), Stop> {
        let (graph, kind) = (self.graph, self.kind);
        if let ([only], [row]) = (self.nodes, rows.as_slice()) {
            update::write_node(conn, graph, kind, row.id, row.version, row.key.as_deref(), only)
                .map_err(lost_if_stale)?;
            return Ok(());
        }
        let renamed = rows.iter().any(|row| row.key.is_some());
        if renamed {
            for (row, key) in rows.iter_mut().zip(keys) {
                row.key.get_or_insert(Cow::Borrowed(key));
            }
        }
        match write_over(conn, graph, Table::Nodes, (&kind.name, kind.id), renamed, &rows) {
            Err(Error::Conflict(_)) => Err(Stop::Singly),
            written => written.map_err(lost_if_stale),
        }
    }
}
