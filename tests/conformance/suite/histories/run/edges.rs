//! Edges through the typed handle.

use metagraph::{
    Connects, Contains, Edge, EdgeId, EdgeType, GraphConnection, NodeId, NodeKey, NodeType, PartOf, Result,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::answer::{Answer, Seen};
use super::super::model::Model;
use super::super::step::{EdgeVerb, Pick, Via, Way};
use super::super::world::{Anyone, Visitor, World};
use super::rows::set;
use super::{Run, counted, untyped};

impl<G: World> Run<G>
where
    Anyone: PartOf<G>,
{
    pub(super) fn typed_edges<C: GraphConnection>(
        &mut self,
        conn: &mut C,
        model: &Model,
        kind: &str,
        verb: &EdgeVerb,
    ) -> Result<Answer> {
        G::visit(kind, OnEdges { run: self, conn, model, kind, verb })
    }

    pub(super) fn seen_edge<E: Serialize>(&self, edge: Edge<E>) -> Seen {
        Seen {
            row: self.edge(edge.id.raw()),
            key: edge.key,
            ends: Some((self.node(edge.source.raw()), self.node(edge.target.raw()))),
            attributes: untyped(&edge.value),
            version: edge.version,
        }
    }
}

struct OnEdges<'r, G, C> {
    run: &'r mut Run<G>,
    conn: &'r mut C,
    model: &'r Model,
    kind: &'r str,
    verb: &'r EdgeVerb,
}

impl<G: World, C: GraphConnection> Visitor<G> for OnEdges<'_, G, C>
where
    Anyone: PartOf<G>,
{
    type Answer = Result<Answer>;

    fn visit<E, S, T>(self) -> Self::Answer
    where
        G: Contains<E>,
        E: EdgeType + Connects<S, T> + Clone + Serialize + DeserializeOwned + 'static,
        S: NodeType,
        T: NodeType,
    {
        let Self { run, conn, model, kind, verb } = self;
        let graph = run.graph.clone();
        let ends = |run: &Run<G>, source: Pick, target: Pick| {
            let (source, target) = model.ends(kind, source, target);
            (NodeId::<S>::from_raw(run.id(source)), NodeId::<T>::from_raw(run.id(target)))
        };
        let ids = |run: &Run<G>, picks: &[Pick]| -> Vec<EdgeId<E>> {
            picks.iter().map(|&pick| EdgeId::from_raw(run.id(model.pick(Via::Typed, kind, pick)))).collect()
        };
        let any = |run: &Run<G>, pick: Pick| NodeId::<Anyone>::from_raw(run.id(model.pick_any(pick)));
        let people = |pick: Pick| NodeKey::<S>::new(model.name(pick));
        Ok(match verb {
            EdgeVerb::Keyed(verb) if model.rules.edge(kind).to == ["person"] => {
                let to_people = |pick: Pick| NodeKey::<T>::new(model.name(pick));
                run.between::<_, E, _, _>(conn, model, verb, |_, source, target| (people(source), to_people(target)))?
            }
            EdgeVerb::Keyed(verb) => {
                let ends = |run: &Run<G>, source, target| (people(source), ends(run, source, target).1);
                run.between::<_, E, _, _>(conn, model, verb, ends)?
            }
            EdgeVerb::Row(pick, verb) => {
                let row = model.pick(Via::Typed, kind, *pick);
                let id = (EdgeId::<E>::from_raw(run.id(row)), model.version(row));
                run.row(conn, id, verb, |edge| run.seen_edge(edge))?
            }
            EdgeVerb::DeleteMany(picks) => counted(graph.delete_many(conn, ids(run, picks))?),
            EdgeVerb::GetMany(picks) => {
                let edges = graph.get_many(conn, ids(run, picks))?;
                Answer::Seen(edges.into_iter().map(|edge| Some(run.seen_edge(edge?))).collect())
            }
            EdgeVerb::ByKey(key) => {
                Answer::Seen(vec![graph.get_edge_by_key::<E>(conn, key)?.map(|edge| run.seen_edge(edge))])
            }
            EdgeVerb::Count => Answer::Count(graph.edges::<E>().count(conn)?),
            EdgeVerb::All => {
                let edges = graph.edges::<E>().load(conn)?;
                Answer::Seen(edges.into_iter().map(|edge| Some(run.seen_edge(edge))).collect())
            }
            EdgeVerb::Neighbours(pick, way) => {
                let start = graph.from(any(run, *pick));
                let ids = match way {
                    Way::Out => start.out::<E>().to_any_of::<Anyone>().ids(conn)?,
                    Way::In => start.in_::<E>().to_any_of::<Anyone>().ids(conn)?,
                    Way::Both => start.both::<E>().to_any_of::<Anyone>().ids(conn)?,
                };
                Answer::Found(ids.into_iter().map(|id| run.node(id.raw())).collect())
            }
            EdgeVerb::UpdateFound(limit, changes) => {
                let found = limit.iter().fold(graph.edges::<E>(), |found, limit| found.limit(*limit));
                counted(found.update(conn, |edge| set(edge, changes))?)
            }
            EdgeVerb::DeleteFound(limit) => {
                let found = limit.iter().fold(graph.edges::<E>(), |found, limit| found.limit(*limit));
                counted(found.delete(conn)?)
            }
            EdgeVerb::Reachable(pick) => {
                let start = graph.from(any(run, *pick));
                let reached = start.out::<E>().to_any_of::<Anyone>().depth(1..).load(conn)?;
                Answer::Reached(reached.into_iter().map(|node| (run.node(node.id.raw()), node.depth)).collect())
            }
            verb => run.between::<_, E, _, _>(conn, model, verb, ends)?,
        })
    }
}
