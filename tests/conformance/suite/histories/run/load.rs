//! Imports.

use metagraph::load::{Commit, Loader};
use metagraph::{Connects, Contains, EdgeType, GraphConnection, NodeId, NodeType, PartOf, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::answer::{Answer, Row};
use super::super::model::{BATCH, End, Model};
use super::super::step::{Load, Pick};
use super::super::world::{Anyone, Person, Vault, Visitor, World};
use super::{Run, Table, typed};

impl<G: World> Run<G>
where
    Anyone: PartOf<G>,
{
    pub(super) fn load<C: GraphConnection>(&mut self, conn: &mut C, model: &Model, load: &Load) -> Result<Answer> {
        let loaded = self.all_steps(conn, model, load);
        // What a failed load leaves is there, too.
        let (nodes, edges) = self.all_ids(conn, model)?;
        let (of_nodes, of_edges) = model.live();
        let new = |ids: Vec<i64>, rows: Vec<Row>| -> Vec<i64> {
            ids.into_iter().filter(|id| rows.iter().all(|row| self.id(*row) != *id)).collect()
        };
        let (nodes, edges) = (new(nodes, of_nodes), new(edges, of_edges));
        (model.next..).zip(&nodes).for_each(|(row, id)| self.number(Table::Nodes, row, *id));
        (model.next + nodes.len()..).zip(&edges).for_each(|(row, id)| self.number(Table::Edges, row, *id));
        let (given, total) = loaded?;
        let rows = given.into_iter().map(|id| self.node(id)).chain(edges.into_iter().map(|id| self.edge(id)));
        Ok(Answer::Loaded(rows.collect(), total))
    }

    /// Loads, and answers with the nodes in the order given, and with how many rows there are.
    fn all_steps<C: GraphConnection>(&self, conn: &mut C, model: &Model, load: &Load) -> Result<(Vec<i64>, u64)> {
        let commit = if load.once { Commit::Once } else { Commit::EachBatch };
        let mut loader = self.graph.loader(conn).batch(BATCH).commit(commit);
        let people = loader.nodes::<Person>(load.people.iter().map(typed::<Person>))?;
        let vaults = loader.nodes::<Vault>(load.vaults.iter().map(typed::<Vault>))?;
        let people: Vec<i64> = people.ids().map(NodeId::raw).collect();
        let vaults: Vec<i64> = vaults.ids().map(NodeId::raw).collect();
        let end = |kinds, pick: Pick| match model.pick_loaded(kinds, pick, load) {
            End::Row(row) => self.id(row),
            End::Own("person", place) => people[place],
            End::Own(_, place) => vaults[place],
        };
        let rules = model.rules.edge(load.kind);
        let edges =
            load.edges.iter().map(|(source, target, value)| (end(rules.from, *source), end(rules.to, *target), value));
        G::visit(load.kind, Edges { loader: &mut loader, edges: edges.collect() })?;
        let total = loader.finish()?.total();
        Ok((people.into_iter().chain(vaults).collect(), total))
    }
}

struct Edges<'r, 'l, G, C: GraphConnection> {
    loader: &'r mut Loader<'l, G, C>,
    edges: Vec<(i64, i64, &'r Value)>,
}

impl<G: World, C: GraphConnection> Visitor<G> for Edges<'_, '_, G, C> {
    type Answer = Result<u64>;

    fn visit<E, S, T>(self) -> Self::Answer
    where
        G: Contains<E>,
        E: EdgeType + Connects<S, T> + Clone + Serialize + DeserializeOwned + 'static,
        S: NodeType,
        T: NodeType,
    {
        let edges = self.edges.into_iter().map(|(source, target, value)| {
            (NodeId::<S>::from_raw(source), NodeId::<T>::from_raw(target), typed::<E>(value))
        });
        self.loader.edges::<E, S, T>(edges)
    }
}
