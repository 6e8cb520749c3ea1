//! Closures as one recursive statement: its text, and what its rows are.

use diesel::deserialize;
use diesel::row::Row;
use metagraph_core::{EdgeId, EdgeType, NodeSet};

use super::chain::{Chain, Resolved, Step, of_edge_types};
use super::expand::Frontier;
use crate::backend::{FoundBy, Seam};
use crate::error::Result;
use crate::query::found_of_types;
use crate::read::{self, Edge, Node};
use crate::record;
use crate::row;
use crate::statement::Statement;
use crate::vocabulary::{EdgeKind, Vocabulary};

/// What a row of the statement is: its first column.
pub(super) const NEAR_NODE: i64 = 0;
pub(super) const NEAR_EDGE: i64 = 1;
pub(super) const FAR_NODE: i64 = 2;
pub(super) const FAR_EDGE: i64 = 3;

/// Where a closure begins, and along which edge types it goes.
pub(super) struct Side<'c, 'g> {
    chain: &'c Chain<'g>,
    /// The node types that it answers with.
    types: Vec<i64>,
    /// Edge types that are followed from their source, and from their target.
    from_source: Vec<i64>,
    from_target: Vec<i64>,
}

impl<'c, 'g> Side<'c, 'g> {
    pub(super) fn new<N: NodeSet>(chain: &'c Chain<'g>, links: &[Step]) -> Result<Self> {
        let (mut from_source, mut from_target) = (Vec::new(), Vec::new());
        for link in links {
            let link = Resolved::new(chain.graph, link)?;
            from_source.extend(link.from_source);
            from_target.extend(link.from_target);
        }
        let types = read::member_ids::<N>(chain.graph.vocabulary)?;
        Ok(Self { chain, types, from_source, from_target })
    }

    pub(super) fn vocabulary(&self) -> &'g Vocabulary {
        self.chain.graph.vocabulary
    }

    fn arms(&self) -> impl Iterator<Item = (FoundBy, &'static str, &[i64])> {
        let arms = [
            (FoundBy::Source, "e.target_id", self.from_source.as_slice()),
            (FoundBy::Target, "e.source_id", &self.from_target),
        ];
        arms.into_iter().filter(|(_, _, kinds)| !kinds.is_empty())
    }

    /// Appends the nodes of the closure as the recursive table `name`.
    fn table<'a, Db: Seam>(&self, statement: Statement<'a, Db>, name: &'static str) -> Result<Statement<'a, Db>> {
        let begun = Frontier::beginning(self.chain)?.append(statement.sql(name).sql(" (id) AS (SELECT ids.id FROM "));
        let one = |statement: Statement<'a, Db>, (near, far, kinds): (FoundBy, &'static str, &[i64])| {
            let (between, after) = Db::found_by(near);
            let statement = statement.sql(between).integer(self.chain.graph.id).sql(" AND ");
            (far, of_edge_types(statement, "e", kinds).sql(after))
        };
        let arms: Vec<_> = self.arms().collect();
        let closed = match arms.as_slice() {
            [] => begun,
            arms if Db::SEVERAL_RECURSIVE_TERMS || arms.len() == 1 => arms.iter().fold(begun, |statement, arm| {
                let statement = statement.sql(" UNION SELECT ").sql(arm.1).sql(" FROM ").sql(name).sql(" AS ids");
                one(statement, *arm).1
            }),
            arms => {
                let statement = begun.sql(" UNION SELECT behind.id FROM ").sql(name);
                let statement = statement.sql(" AS ids CROSS JOIN LATERAL (");
                let arms = statement.join(arms, " UNION ALL ", |statement, arm| {
                    one(statement.sql("SELECT ").sql(arm.1).sql(" AS id FROM (SELECT 1) AS one"), *arm).1
                });
                arms.sql(") AS behind")
            }
        };
        Ok(closed.sql(")"))
    }

    /// Appends the reads of the nodes in the table `name`, and of the edges that were followed between them.
    fn rows<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        name: &'static str,
        [node, edge]: [i64; 2],
    ) -> Statement<'a, Db> {
        let graph = self.chain.graph.id;
        let nodes = statement.printed(format!("SELECT CAST({node} AS BIGINT), {NODE} FROM {name} AS ids"));
        let nodes =
            nodes.found_by(FoundBy::Node, graph, |statement| found_of_types(statement.sql(" AND "), "n", &self.types));
        self.arms().fold(nodes, |statement, (near, _, kinds)| {
            // What is followed both ways was found at its source: both its ends are in the closure.
            let kinds: Vec<i64> = match near {
                FoundBy::Target => kinds.iter().filter(|kind| !self.from_source.contains(kind)).copied().collect(),
                _ => kinds.to_vec(),
            };
            if kinds.is_empty() {
                return statement;
            }
            let statement =
                statement.printed(format!(" UNION ALL SELECT CAST({edge} AS BIGINT), {EDGE} FROM {name} AS ids"));
            statement.found_by(near, graph, |statement| of_edge_types(statement.sql(" AND "), "e", &kinds))
        })
    }
}

/// The columns of a node, and then those that only an edge has.
const NODE: &str = "n.id, n.node_type_id, n.key, n.attributes, n.version, n.created_at, n.updated_at, n.id, n.id, \
                    n.id <> n.id";

/// The same of an edge.
const EDGE: &str = "e.id, e.edge_type_id, e.key, e.attributes, e.version, e.created_at, e.updated_at, e.source_id, \
                    e.target_id, e.reversed";

/// The statement for one closure.
pub(super) fn closure<'a, Db: Seam>(near: &Side<'_, '_>) -> Result<Statement<'a, Db>> {
    let statement = near.table(Statement::new("WITH RECURSIVE "), "near")?;
    Ok(near.rows(statement.sql(" "), "near", [NEAR_NODE, NEAR_EDGE]))
}

/// The statement for two closures and the edges of a type between them.
pub(super) fn meeting<'a, Db: Seam>(
    near: &Side<'_, '_>,
    far: &Side<'_, '_>,
    kind: &EdgeKind,
) -> Result<Statement<'a, Db>> {
    const BETWEEN: i64 = 4;
    let statement = near.table(Statement::new("WITH RECURSIVE "), "near")?;
    let statement = far.table(statement.sql(", "), "far")?;
    let statement = near.rows(statement.sql(" "), "near", [NEAR_NODE, NEAR_EDGE]);
    let statement = far.rows(statement.sql(" UNION ALL "), "far", [FAR_NODE, FAR_EDGE]);
    let (joined, compared) = Db::TO_FAR;
    let between = |statement: Statement<'a, Db>, near_end: FoundBy, far_end: &'static str| {
        let statement =
            statement.printed(format!(" UNION ALL SELECT CAST({BETWEEN} AS BIGINT), {EDGE} FROM near AS ids"));
        statement.sql(joined).found_by(near_end, near.chain.graph.id, |statement| {
            statement.printed(format!(" AND e.edge_type_id = {} AND ", kind.id)).sql(far_end).sql(compared)
        })
    };
    let statement = between(statement, FoundBy::Source, "e.target_id");
    // One without direction is stored with its smaller end first.
    Ok(if kind.rules.undirected { between(statement, FoundBy::Target, "e.source_id") } else { statement })
}

/// What a row is.
pub(super) fn part<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<i64> {
    record::integer(row, 0)
}

/// The node of a row.
pub(super) fn node<'a, Db: Seam, N: NodeSet>(
    vocabulary: &Vocabulary,
    row: &impl Row<'a, Db>,
) -> deserialize::Result<Node<N>> {
    read::node(vocabulary, row, 1)
}

/// The edge of a row, of whatever type.
pub(super) fn edge<'a, Db: Seam>(vocabulary: &Vocabulary, row: &impl Row<'a, Db>) -> deserialize::Result<row::Edge> {
    let kind = vocabulary.edge_by_id(record::integer(row, 2)?);
    let (source, target) = read::ends(row, 8)?;
    Ok(row::Edge {
        id: record::integer(row, 1)?,
        edge_type: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
        key: record::optional_text(row, 3)?,
        source: source.raw(),
        target: target.raw(),
        undirected: kind.is_some_and(|kind| kind.rules.undirected),
        attributes: record::json_value(row, 4)?,
        version: record::integer(row, 5)?,
        created_at: record::time(row, 6)?,
        updated_at: record::time(row, 7)?,
    })
}

/// The edge of a row, of a known type.
pub(super) fn typed_edge<'a, Db: Seam, E: EdgeType>(row: &impl Row<'a, Db>) -> deserialize::Result<Edge<E>> {
    let (source, target) = read::ends(row, 8)?;
    Ok(Edge {
        id: EdgeId::from_raw(record::integer(row, 1)?),
        key: record::optional_text(row, 3)?,
        source,
        target,
        value: read::edge_value(row, 4)?,
        version: record::integer(row, 5)?,
        created_at: record::time(row, 6)?,
        updated_at: record::time(row, 7)?,
    })
}
