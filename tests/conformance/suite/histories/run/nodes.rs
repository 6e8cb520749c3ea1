//! Nodes through the typed handle.

use metagraph::query::{Assignment, Identifies, Selection};
use metagraph::{
    ByUnique, Contains, Element, Graph, GraphConnection, Node, NodeId, NodeQuery, NodeType, PartOf, Result, Upserted,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::super::answer::{Answer, Row, Seen};
use super::super::model::Model;
use super::super::step::{Found, NodeVerb, Pick, UniqueVerb, Via};
use super::super::world::{Anyone, Person, Vault, World};
use super::rows::set;
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
                Ok(self.upserted(model, Table::Nodes, &raw([upserted])))
            }
            ("person", NodeVerb::FindOrInsert(value)) => {
                let upserted = self.graph.find_or_insert::<_, Person>(conn, &typed(value))?;
                Ok(self.upserted(model, Table::Nodes, &raw([upserted])))
            }
            ("person", NodeVerb::UpsertMany(values)) => {
                let upserted = self.graph.upsert_many::<_, Person>(conn, values.iter().map(typed::<Person>))?;
                Ok(self.upserted(model, Table::Nodes, &raw(upserted)))
            }
            ("person", NodeVerb::FindOrInsertMany(values)) => {
                let upserted = self.graph.find_or_insert_many::<_, Person>(conn, values.iter().map(typed::<Person>))?;
                Ok(self.upserted(model, Table::Nodes, &raw(upserted)))
            }
            ("person", NodeVerb::By(0, verb)) => {
                let mail = |value: &Value| typed::<Option<String>>(&value["mail"]);
                self.by(conn, model, kind, |graph| graph.by::<Person, _>(|person| person.mail), verb, mail)
            }
            ("person", NodeVerb::By(_, verb)) => {
                let place = |value: &Value| typed::<(Option<u8>, Option<u8>)>(&json!([value["house"], value["door"]]));
                self.by(conn, model, kind, |graph| graph.by::<Person, _>(|p| (p.house, p.door)), verb, place)
            }
            ("person", NodeVerb::Filter(age)) => {
                let found = self.people(*age, None).load(conn)?;
                Ok(self.found(found))
            }
            ("person", NodeVerb::SetFound(Found { filter, limit }, changes)) => {
                let set = |p: <Person as Element>::Fields| {
                    let mut all = member(changes, "name", |name: String| p.name.set(name));
                    all.extend(member(changes, "mail", |mail: Option<String>| p.mail.set(mail)));
                    all.extend(member(changes, "house", |house: Option<u8>| p.house.set(house)));
                    all.extend(member(changes, "door", |door: Option<u8>| p.door.set(door)));
                    all.extend(member(changes, "age", |age: u8| p.age.set(age)));
                    all
                };
                Ok(counted(self.people(*filter, *limit).set(conn, set)?))
            }
            ("person", NodeVerb::UpdateFound(Found { filter, limit }, changes)) => {
                Ok(counted(self.people(*filter, *limit).update(conn, |person| set(person, changes))?))
            }
            ("person", NodeVerb::DeleteFound(Found { filter, limit })) => {
                Ok(counted(self.people(*filter, *limit).delete(conn)?))
            }
            ("person", _) => self.nodes_of::<C, Person>(conn, model, kind, verb),
            (_, NodeVerb::By(_, verb)) => {
                let code = |value: &Value| typed::<u8>(&value["code"]);
                self.by(conn, model, kind, |graph| graph.by::<Vault, _>(|vault| vault.code), verb, code)
            }
            (_, NodeVerb::Filter(_)) => {
                let found = self.labelled(None).load(conn)?;
                Ok(self.found(found))
            }
            (_, NodeVerb::UpdateFound(found, changes)) => {
                Ok(counted(self.labelled(found.limit).update(conn, |vault| set(vault, changes))?))
            }
            (_, NodeVerb::SetFound(found, changes)) => {
                let set = |v: <Vault as Element>::Fields| {
                    let mut all = member(changes, "code", |code: u8| v.code.set(code));
                    all.extend(member(changes, "label", |label: Option<String>| v.label.set(label)));
                    all
                };
                Ok(counted(self.labelled(found.limit).set(conn, set)?))
            }
            (_, NodeVerb::DeleteFound(found)) => Ok(counted(self.labelled(found.limit).delete(conn)?)),
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
            other => unreachable!("{other:?} needs to know its type"),
        })
    }

    fn people(&self, age: u8, limit: Option<u32>) -> NodeQuery<'_, Person> {
        let people = self.graph.nodes::<Person>().filter(|person| person.age.ge(age));
        limit.into_iter().fold(people, NodeQuery::limit)
    }

    fn labelled(&self, limit: Option<u32>) -> NodeQuery<'_, Vault> {
        let vaults = self.graph.nodes::<Vault>().filter(|vault| vault.label.eq("l"));
        limit.into_iter().fold(vaults, NodeQuery::limit)
    }

    fn by<C: GraphConnection, N, F, V>(
        &mut self,
        conn: &mut C,
        model: &Model,
        kind: &str,
        by: impl for<'g> FnOnce(&'g Graph<G>) -> ByUnique<'g, N, F>,
        verb: &UniqueVerb,
        held: impl Fn(&Value) -> V,
    ) -> Result<Answer>
    where
        N: NodeType + Serialize + DeserializeOwned,
        F: Selection<N> + Identifies<N, V>,
    {
        let graph = self.graph.clone();
        let by = by(&graph);
        let upserted = match verb {
            UniqueVerb::GetMany(values) => {
                let nodes = by.get_many(conn, values.iter().map(held))?;
                let seen = nodes.into_iter().map(|node| Some(self.seen_node(kind, node?)));
                return Ok(Answer::Seen(seen.collect()));
            }
            UniqueVerb::Upsert(value) => vec![by.upsert(conn, &typed(value))?],
            UniqueVerb::FindOrInsert(value) => vec![by.find_or_insert(conn, &typed(value))?],
            UniqueVerb::UpsertMany(values) => by.upsert_many(conn, values.iter().map(typed::<N>))?,
            UniqueVerb::FindOrInsertMany(values) => by.find_or_insert_many(conn, values.iter().map(typed::<N>))?,
        };
        Ok(self.upserted(model, Table::Nodes, &raw(upserted)))
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

fn raw<N>(upserted: impl IntoIterator<Item = Upserted<NodeId<N>>>) -> Vec<Upserted<i64>> {
    upserted.into_iter().map(|upserted| Upserted { id: upserted.id.raw(), outcome: upserted.outcome }).collect()
}

/// A new value for an attribute, where `changes` have one.
fn member<X, T: DeserializeOwned>(
    changes: &Value,
    name: &str,
    set: impl FnOnce(T) -> Assignment<X>,
) -> Vec<Assignment<X>> {
    changes.get(name).map(|value| set(typed(value))).into_iter().collect()
}
