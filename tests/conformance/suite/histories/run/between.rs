//! What is written and read between two nodes, however they are named.

use metagraph::{Connects, Contains, EdgeId, EdgeType, Endpoint, GraphConnection, PartOf, Result, Upserted};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::answer::Answer;
use super::super::model::Model;
use super::super::step::{Draft, EdgeVerb, Pick};
use super::super::world::{Anyone, World};
use super::{Run, Table, counted, typed};

impl<G: World> Run<G>
where
    Anyone: PartOf<G>,
{
    pub(super) fn between<C: GraphConnection, E, S, T>(
        &mut self,
        conn: &mut C,
        model: &Model,
        verb: &EdgeVerb,
        ends: impl Fn(&Self, Pick, Pick) -> (S, T),
    ) -> Result<Answer>
    where
        G: Contains<E>,
        S: Endpoint,
        T: Endpoint,
        E: EdgeType + Connects<S::Node, T::Node> + Serialize + DeserializeOwned,
    {
        let graph = self.graph.clone();
        let all = |run: &Self, drafts: &[Draft]| -> Vec<(S, T, E)> {
            let drafts = drafts.iter().map(|(source, target, value)| (ends(run, *source, *target), typed::<E>(value)));
            drafts.map(|((source, target), edge)| (source, target, edge)).collect()
        };
        let upserted = match verb {
            EdgeVerb::Connect((source, target, value)) => {
                let (source, target) = ends(self, *source, *target);
                let id = graph.connect::<_, E, _, _>(conn, source, target, &typed(value))?;
                return Ok(self.created(model, Table::Edges, &[id.raw()]));
            }
            EdgeVerb::ConnectMany(drafts) => {
                let ids = graph.connect_many::<_, E, _, _>(conn, all(self, drafts))?;
                let ids: Vec<i64> = ids.into_iter().map(EdgeId::raw).collect();
                return Ok(self.created(model, Table::Edges, &ids));
            }
            EdgeVerb::Upsert((source, target, value)) => {
                let (source, target) = ends(self, *source, *target);
                vec![graph.upsert_edge::<_, E, _, _>(conn, source, target, &typed(value))?]
            }
            EdgeVerb::FindOrConnect((source, target, value)) => {
                let (source, target) = ends(self, *source, *target);
                vec![graph.find_or_connect::<_, E, _, _>(conn, source, target, &typed(value))?]
            }
            EdgeVerb::UpsertMany(drafts) => graph.upsert_edge_many::<_, E, _, _>(conn, all(self, drafts))?,
            EdgeVerb::FindOrConnectMany(drafts) => graph.find_or_connect_many::<_, E, _, _>(conn, all(self, drafts))?,
            EdgeVerb::Disconnect(source, target) => {
                let (source, target) = ends(self, *source, *target);
                return Ok(counted(graph.disconnect::<E, _, _>(conn, source, target)?));
            }
            EdgeVerb::Between(source, target) => {
                let (source, target) = ends(self, *source, *target);
                let edges = graph.edges_between::<E, _, _>(conn, source, target)?;
                return Ok(Answer::Seen(edges.into_iter().map(|edge| Some(self.seen_edge(edge))).collect()));
            }
            other => unreachable!("{other:?} is not between two nodes"),
        };
        let raw = |upserted: Upserted<EdgeId<E>>| Upserted { id: upserted.id.raw(), outcome: upserted.outcome };
        Ok(self.upserted(model, Table::Edges, &upserted.into_iter().map(raw).collect::<Vec<_>>()))
    }
}
