//! Nodes through the typed handle.

use metagraph::{Contains, GraphConnection, Node, NodeId, NodeType, PartOf, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::answer::{Answer, Row, Seen};
use super::super::model::Model;
use super::super::step::{NodeVerb, Pick, Via};
use super::super::world::{Anyone, Person, Vault, World};
use super::{Run, Table, counted, typed, untyped};

impl<G: World> Run<G>
where
    Anyone: PartOf<G>,
{
    pub(super) fn typed_nodes<C: GraphConnection>(
        &mut self,
        conn: &mut C,
        model: &Model,
        kind: &str,
        verb: &NodeVerb,
    ) -> Result<Answer> {
        match (kind, verb) {
            ("person", NodeVerb::Upsert(value)) => {
                let upserted = self.graph.upsert::<_, Person>(conn, &typed(value))?;
                Ok(self.upserted(model, Table::Nodes, raw(upserted)))
            }
            ("person", NodeVerb::FindOrInsert(value)) => {
                let upserted = self.graph.find_or_insert::<_, Person>(conn, &typed(value))?;
                Ok(self.upserted(model, Table::Nodes, raw(upserted)))
            }
            ("person", NodeVerb::Filter(age)) => {
                let found = self.graph.nodes::<Person>().filter(|person| person.age.ge(*age)).load(conn)?;
                Ok(self.found(found))
            }
            ("person", _) => self.nodes_of::<C, Person>(conn, model, kind, verb),
            (_, NodeVerb::Filter(_)) => {
                let found = self.graph.nodes::<Vault>().filter(|vault| vault.label.eq("l")).load(conn)?;
                Ok(self.found(found))
            }
            _ => self.nodes_of::<C, Vault>(conn, model, kind, verb),
        }
    }

    fn nodes_of<C: GraphConnection, N>(
        &mut self,
        conn: &mut C,
        model: &Model,
        kind: &str,
        verb: &NodeVerb,
    ) -> Result<Answer>
    where
        G: Contains<N>,
        N: NodeType + Serialize + DeserializeOwned,
    {
        let ids = |picks: &[Pick]| -> Vec<NodeId<N>> {
            picks.iter().map(|&pick| NodeId::from_raw(self.id(model.pick(Via::Typed, kind, pick)))).collect()
        };
        Ok(match verb {
            NodeVerb::Insert(value) => {
                let id = self.graph.insert::<_, N>(conn, &typed(value))?.raw();
                self.created(model, Table::Nodes, &[id])
            }
            NodeVerb::InsertMany(values) => {
                let inserted = self.graph.insert_many::<_, N>(conn, values.iter().map(typed::<N>))?;
                self.created(model, Table::Nodes, &inserted.into_iter().map(NodeId::raw).collect::<Vec<_>>())
            }
            NodeVerb::Row(pick, verb) => {
                let row: Row = model.pick(Via::Typed, kind, *pick);
                let id = (NodeId::<N>::from_raw(self.id(row)), model.version(row));
                self.row(conn, id, verb, |node| self.seen_node(kind, node))?
            }
            NodeVerb::DeleteMany(picks) => counted(self.graph.delete_many(conn, ids(picks))?),
            NodeVerb::GetMany(picks) => {
                let nodes = self.graph.get_many(conn, ids(picks))?;
                Answer::Seen(nodes.into_iter().map(|node| Some(self.seen_node(kind, node?))).collect())
            }
            NodeVerb::ByKey(key) => {
                Answer::Seen(vec![self.graph.get_by_key::<N>(conn, key)?.map(|node| self.seen_node(kind, node))])
            }
            NodeVerb::Count => Answer::Count(self.graph.nodes::<N>().count(conn)?),
            NodeVerb::All => {
                let nodes = self.graph.nodes::<N>().load(conn)?;
                Answer::Seen(nodes.into_iter().map(|node| Some(self.seen_node(kind, node))).collect())
            }
            NodeVerb::Upsert(_) | NodeVerb::FindOrInsert(_) | NodeVerb::Filter(_) => {
                unreachable!("{verb:?} needs to know its type")
            }
        })
    }

    fn seen_node<N: Serialize>(&self, kind: &str, node: Node<N>) -> Seen {
        let row = self.node(node.id.raw());
        let attributes = untyped(&node.value);
        Seen { row, key: (kind == "person").then_some(node.key), ends: None, attributes, version: node.version }
    }

    fn found<N>(&self, nodes: Vec<Node<N>>) -> Answer {
        Answer::Found(nodes.into_iter().map(|node| self.node(node.id.raw())).collect())
    }
}

fn raw<N>(upserted: metagraph::Upserted<NodeId<N>>) -> metagraph::Upserted<i64> {
    metagraph::Upserted { id: upserted.id.raw(), outcome: upserted.outcome }
}
