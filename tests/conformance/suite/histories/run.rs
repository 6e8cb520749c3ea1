//! The same steps on a database, through both handles.

mod between;
mod by_name;
mod edges;
mod load;
mod nodes;
mod rows;

use std::collections::HashMap;

use metagraph::Graph;
use metagraph::row::{GraphStatus, NewGraph};
use metagraph::{DynamicGraph, Error, GraphConnection, NodeId, PartOf, Result, Upserted};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answer::{Answer, Refusal, Row};
use super::model::{Model, NEVER};
use super::step::{GraphVerb, Step, Via};
use super::world::{Anyone, World};

/// A graph in a history, and which of its rows is which of the model's.
pub(super) struct Run<G> {
    graph: Graph<G>,
    dynamic: DynamicGraph,
    ids: HashMap<Row, i64>,
    nodes: HashMap<i64, Row>,
    edges: HashMap<i64, Row>,
    /// See [`Model::ranks`].
    ranks: Vec<usize>,
    /// What was said on refusals, with numbers of rows instead of ids.
    pub(super) said: Vec<String>,
}

/// What a rollback brings back.
pub(super) struct Saved<G>(Graph<G>, DynamicGraph, HashMap<Row, i64>);

impl<G: World> Run<G>
where
    Anyone: PartOf<G>,
{
    pub(super) fn begin(conn: &mut impl GraphConnection) -> Self {
        let graph = Graph::<G>::create(conn, &NewGraph::named("history")).unwrap();
        let dynamic = DynamicGraph::open_by_uid(conn, graph.uid()).unwrap();
        let (ids, nodes, edges) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { graph, dynamic, ids, nodes, edges, ranks: Vec::new(), said: Vec::new() }
    }

    pub(super) fn save(&self) -> Saved<G> {
        Saved(self.graph.clone(), self.dynamic.clone(), self.ids.clone())
    }

    pub(super) fn restore(&mut self, Saved(graph, dynamic, ids): Saved<G>) {
        (self.graph, self.dynamic, self.ids) = (graph, dynamic, ids);
    }

    /// Takes a step; the model is still where it was before, and is told in which order rows were created.
    pub(super) fn take<C: GraphConnection>(&mut self, conn: &mut C, model: &mut Model, step: &Step) -> Answer {
        let answer = self.try_take(conn, model, step);
        model.ranks = std::mem::take(&mut self.ranks);
        answer.unwrap_or_else(|error| {
            self.said.push(self.anonymous(&crate::refusal::told(&error)));
            self.refused(&error)
        })
    }

    fn try_take<C: GraphConnection>(&mut self, conn: &mut C, model: &Model, step: &Step) -> Result<Answer> {
        match step {
            Step::Nodes(Via::Typed, kind, verb) => self.typed_nodes(conn, model, kind, verb),
            Step::Nodes(Via::Dynamic, kind, verb) => self.named_nodes(conn, model, kind, verb),
            Step::Edges(Via::Typed, kind, verb) => self.typed_edges(conn, model, kind, verb),
            Step::Edges(Via::Dynamic, kind, verb) => self.named_edges(conn, model, kind, verb),
            Step::Graph(via, verb) => self.take_graph(conn, model, *via, verb),
            Step::Load(load) => self.load(conn, model, load),
            Step::Together(..) => unreachable!("its steps are taken one by one"),
        }
    }

    fn take_graph<C: GraphConnection>(
        &mut self,
        conn: &mut C,
        model: &Model,
        via: Via,
        verb: &GraphVerb,
    ) -> Result<Answer> {
        match verb {
            GraphVerb::Archive(archived) => {
                let status = if *archived { GraphStatus::Archived } else { GraphStatus::Active };
                self.graph.set_status(conn, status)?;
                Ok(Answer::Done)
            }
            GraphVerb::Clear => {
                let cleared = match via {
                    Via::Typed => self.graph.clear(conn)?,
                    Via::Dynamic => self.dynamic.clear(conn)?,
                };
                Ok(counted(cleared))
            }
            GraphVerb::Duplicate => {
                let copy = self.graph.duplicate(conn, &NewGraph::named("copy"))?;
                let original = std::mem::replace(&mut self.graph, copy);
                self.dynamic = DynamicGraph::open_by_uid(conn, self.graph.uid())?;
                assert!(original.delete_graph(conn)?);
                self.number_anew(conn, model)?;
                Ok(Answer::Done)
            }
            GraphVerb::DeleteAny(picks) => {
                let ids = picks.iter().map(|&pick| NodeId::<Anyone>::from_raw(self.id(model.pick_any(pick))));
                Ok(counted(self.graph.delete_many(conn, ids)?))
            }
        }
    }

    /// A copy has the rows of its original in the same order.
    fn number_anew<C: GraphConnection>(&mut self, conn: &mut C, model: &Model) -> Result<()> {
        let (nodes, edges) = self.all_ids(conn, model)?;
        let (of_nodes, of_edges) = model.live();
        of_nodes.into_iter().zip(nodes).for_each(|(row, id)| self.number(Table::Nodes, row, id));
        of_edges.into_iter().zip(edges).for_each(|(row, id)| self.number(Table::Edges, row, id));
        Ok(())
    }

    /// Ids of all nodes and of all edges, in their order.
    fn all_ids<C: GraphConnection>(&self, conn: &mut C, model: &Model) -> Result<(Vec<i64>, Vec<i64>)> {
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        for kind in model.rules.nodes {
            nodes.extend(self.dynamic.nodes(conn, kind.name, 0, 1000)?.into_iter().map(|node| node.id));
        }
        for kind in model.rules.edges {
            edges.extend(self.dynamic.edges(conn, kind.name, 0, 1000)?.into_iter().map(|edge| edge.id));
        }
        nodes.sort_unstable();
        edges.sort_unstable();
        Ok((nodes, edges))
    }

    fn id(&self, row: Row) -> i64 {
        self.ids.get(&row).copied().unwrap_or(9_999_999_999)
    }

    fn node(&self, id: i64) -> Row {
        self.nodes.get(&id).copied().unwrap_or(NEVER)
    }

    fn edge(&self, id: i64) -> Row {
        self.edges.get(&id).copied().unwrap_or(NEVER)
    }

    /// Numbers new rows in their order, on from the model's next number.
    fn created(&mut self, model: &Model, table: Table, ids: &[i64]) -> Answer {
        let rows = (model.next..).zip(ids);
        for (row, &id) in rows.clone() {
            self.number(table, row, id);
        }
        Answer::Created(rows.map(|(row, _)| row).collect())
    }

    fn number(&mut self, table: Table, row: Row, id: i64) {
        self.ids.insert(row, id);
        match table {
            Table::Nodes => self.nodes.insert(id, row),
            Table::Edges => self.edges.insert(id, row),
        };
    }

    /// Numbers what is new in the order of ids.
    fn upserted(&mut self, model: &Model, table: Table, upserted: &[Upserted<i64>]) -> Answer {
        let created = upserted.iter().filter(|upserted| upserted.outcome == metagraph::Outcome::Created);
        let created: Vec<i64> = created.map(|upserted| upserted.id).collect();
        let mut in_order = created.clone();
        in_order.sort_unstable();
        self.ranks = created.iter().map(|id| in_order.binary_search(id).unwrap()).collect();
        self.created(model, table, &in_order);
        let row = |id| match table {
            Table::Nodes => self.node(id),
            Table::Edges => self.edge(id),
        };
        Answer::Upserted(upserted.iter().map(|upserted| (row(upserted.id), upserted.outcome)).collect())
    }

    fn refused(&self, error: &Error) -> Answer {
        Answer::Refused(Refusal::of(error, &|id| self.node(id), &|id| self.edge(id)))
    }

    /// Numbers of rows instead of ids, and no generated keys: what two databases have in common.
    fn anonymous(&self, text: &str) -> String {
        text.split_inclusive(|letter: char| !letter.is_ascii_hexdigit() && letter != '-')
            .map(|word| {
                let rest = word.trim_end_matches(|letter: char| !letter.is_ascii_hexdigit());
                let end = &word[rest.len()..];
                match rest.parse() {
                    Ok(id) if self.nodes.contains_key(&id) => format!("#{}{end}", self.node(id)),
                    Ok(id) if self.edges.contains_key(&id) => format!("#{}{end}", self.edge(id)),
                    _ if rest.len() == 36 => format!("generated{end}"),
                    _ => word.to_owned(),
                }
            })
            .collect()
    }
}

#[derive(Debug, Clone, Copy)]
enum Table {
    Nodes,
    Edges,
}

fn counted(count: usize) -> Answer {
    Answer::Count(i64::try_from(count).unwrap())
}

/// A value of a Rust type; a unit struct is what has no attributes.
fn typed<X: DeserializeOwned>(value: &Value) -> X {
    serde_json::from_value(value.clone()).or_else(|_| serde_json::from_value(Value::Null)).unwrap()
}

fn untyped<X: Serialize>(value: &X) -> Value {
    match serde_json::to_value(value).unwrap() {
        Value::Null => json!({}),
        value => value,
    }
}
