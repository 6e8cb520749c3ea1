//! Nodes and edges through the handle that knows types by name only.

use metagraph::row::{self, EdgePatch, NewEdge, NewNode, NodePatch};
use metagraph::{GraphConnection, PartOf, Result};

use super::super::answer::{Answer, Seen};
use super::super::model::Model;
use super::super::step::{Draft, EdgeVerb, NodeVerb, RowVerb, Via};
use super::super::world::{Anyone, World};
use super::{Run, Table};

impl<G: World> Run<G>
where
    Anyone: PartOf<G>,
{
    pub(super) fn named_nodes<C: GraphConnection>(
        &mut self,
        conn: &mut C,
        model: &Model,
        kind: &str,
        verb: &NodeVerb,
    ) -> Result<Answer> {
        let graph = self.dynamic.clone();
        let new = |value: &serde_json::Value| NewNode { node_type: kind.to_owned(), attributes: value.clone() };
        Ok(match verb {
            NodeVerb::Insert(value) => {
                let id = graph.insert(conn, &new(value))?;
                self.created(model, Table::Nodes, &[id])
            }
            NodeVerb::InsertMany(values) => {
                let ids = graph.insert_many(conn, kind, values)?;
                self.created(model, Table::Nodes, &ids)
            }
            NodeVerb::Upsert(value) => {
                let upserted = graph.upsert(conn, &new(value))?;
                self.upserted(model, Table::Nodes, &[upserted])
            }
            NodeVerb::UpsertMany(values) => {
                let upserted = graph.upsert_many(conn, kind, values)?;
                self.upserted(model, Table::Nodes, &upserted)
            }
            NodeVerb::Row(pick, verb) => {
                let row = model.pick(Via::Dynamic, kind, *pick);
                let id = self.id(row);
                match verb {
                    RowVerb::Replace(value) => Answer::Version(graph.replace_node(conn, id, value)?),
                    RowVerb::ReplaceIf(age, value) => {
                        Answer::Version(graph.replace_node_if(conn, id, model.version(row) - age, value)?)
                    }
                    RowVerb::Patch(patch) => {
                        Answer::Version(graph.patch_node(conn, id, &NodePatch { attributes: patch.clone() })?)
                    }
                    RowVerb::Delete => Answer::Flag(graph.delete_node(conn, id)?),
                    RowVerb::Get => Answer::Seen(vec![graph.node(conn, id)?.map(|node| self.named_node(node))]),
                    other => unreachable!("{other:?} is typed"),
                }
            }
            NodeVerb::GetMany(picks) => {
                let ids: Vec<i64> = picks.iter().map(|&pick| self.id(model.pick(Via::Dynamic, kind, pick))).collect();
                let nodes = graph.nodes_by_id(conn, &ids)?;
                Answer::Seen(nodes.into_iter().map(|node| Some(self.named_node(node?))).collect())
            }
            NodeVerb::ByKey(key) => {
                Answer::Seen(vec![graph.node_by_key(conn, kind, key)?.map(|node| self.named_node(node))])
            }
            NodeVerb::Count => Answer::Count(graph.count_nodes(conn, kind)?),
            NodeVerb::All => {
                let nodes = graph.nodes(conn, kind, 0, 1000)?;
                Answer::Seen(nodes.into_iter().map(|node| Some(self.named_node(node))).collect())
            }
            other => unreachable!("{other:?} is typed"),
        })
    }

    pub(super) fn named_edges<C: GraphConnection>(
        &mut self,
        conn: &mut C,
        model: &Model,
        kind: &str,
        verb: &EdgeVerb,
    ) -> Result<Answer> {
        let graph = self.dynamic.clone();
        let ends = |run: &Self, (source, target, _): &Draft| {
            let (source, target) = model.ends(kind, *source, *target);
            (run.id(source), run.id(target))
        };
        let new = |run: &Self, draft: &Draft| {
            let (source, target) = ends(run, draft);
            NewEdge { edge_type: kind.to_owned(), source, target, attributes: draft.2.clone() }
        };
        let all = |run: &Self, drafts: &[Draft]| -> Vec<(i64, i64, serde_json::Value)> {
            let edges = drafts.iter().map(|draft| (ends(run, draft), draft.2.clone()));
            edges.map(|((source, target), value)| (source, target, value)).collect()
        };
        Ok(match verb {
            EdgeVerb::Connect(draft) => {
                let id = graph.connect(conn, &new(self, draft))?;
                self.created(model, Table::Edges, &[id])
            }
            EdgeVerb::ConnectMany(drafts) => {
                let ids = graph.connect_many(conn, kind, &all(self, drafts))?;
                self.created(model, Table::Edges, &ids)
            }
            EdgeVerb::Upsert(draft) => {
                let upserted = graph.upsert_edge(conn, &new(self, draft))?;
                self.upserted(model, Table::Edges, &[upserted])
            }
            EdgeVerb::UpsertMany(drafts) => {
                let upserted = graph.upsert_edge_many(conn, kind, &all(self, drafts))?;
                self.upserted(model, Table::Edges, &upserted)
            }
            EdgeVerb::Row(pick, verb) => {
                let row = model.pick(Via::Dynamic, kind, *pick);
                let id = self.id(row);
                match verb {
                    RowVerb::Replace(value) => Answer::Version(graph.replace_edge(conn, id, value)?),
                    RowVerb::ReplaceIf(age, value) => {
                        Answer::Version(graph.replace_edge_if(conn, id, model.version(row) - age, value)?)
                    }
                    RowVerb::Patch(patch) => {
                        Answer::Version(graph.patch_edge(conn, id, &EdgePatch { attributes: patch.clone() })?)
                    }
                    RowVerb::Delete => Answer::Flag(graph.delete_edge(conn, id)?),
                    RowVerb::Get => Answer::Seen(vec![graph.edge(conn, id)?.map(|edge| self.named_edge(edge))]),
                    other => unreachable!("{other:?} is typed"),
                }
            }
            EdgeVerb::Count => Answer::Count(graph.count_edges(conn, kind)?),
            EdgeVerb::All => {
                let edges = graph.edges(conn, kind, 0, 1000)?;
                Answer::Seen(edges.into_iter().map(|edge| Some(self.named_edge(edge))).collect())
            }
            other => unreachable!("{other:?} is typed"),
        })
    }

    fn named_node(&self, node: row::Node) -> Seen {
        let key = (node.node_type == "person").then_some(node.key);
        Seen { row: self.node(node.id), key, ends: None, attributes: node.attributes, version: node.version }
    }

    fn named_edge(&self, edge: row::Edge) -> Seen {
        Seen {
            row: self.edge(edge.id),
            key: edge.key,
            ends: Some((self.node(edge.source), self.node(edge.target))),
            attributes: edge.attributes,
            version: edge.version,
        }
    }
}
