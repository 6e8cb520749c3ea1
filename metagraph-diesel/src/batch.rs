//! Rows of one type that are written by one statement.

use std::borrow::Cow;

use uuid::Uuid;

use crate::backend::Seam;
use crate::statement::{Bind, Microseconds, Statement, Uid};
use crate::write::Table;

/// The graph that is written to, and what the writer believes about it.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    pub graph: i64,
    /// Its identity, so that a handle from another database finds nothing here.
    pub uid: Uuid,
    /// Revision of the graph type at which the handle was opened.
    pub revision: i64,
    pub now: Microseconds,
}

impl Target {
    /// The revision of graphs whose rows are being changed to another revision of their type.
    pub(crate) const EVOLVING: i64 = 0;

    /// Whether the writer is who changes these rows, also those of archived graphs.
    fn is_evolving(&self) -> bool {
        self.revision == Self::EVOLVING
    }
}

/// Nodes of one type.
#[derive(Debug)]
pub struct NodeBatch<'a> {
    pub target: Target,
    pub node_type: i64,
    pub nodes: Vec<NodeDraft<'a>>,
}

/// A node that was checked and is ready to be written.
#[derive(Debug, Clone)]
pub struct NodeDraft<'a> {
    pub key: Cow<'a, str>,
    pub attributes: Cow<'a, str>,
}

/// Edges of one type.
#[derive(Debug)]
pub struct EdgeBatch<'a> {
    pub target: Target,
    pub edge_type: i64,
    /// Ids of the node types an edge may start at.
    pub from: &'a [i64],
    /// Ids of the node types an edge may end at.
    pub to: &'a [i64],
    pub undirected: bool,
    pub multi: bool,
    pub simple: Option<i64>,
    pub one_out: Option<i64>,
    pub one_in: Option<i64>,
    pub edges: Vec<EdgeDraft<'a>>,
}

/// An edge that was checked and is ready to be written.
#[derive(Debug, Clone)]
pub struct EdgeDraft<'a> {
    pub source: i64,
    pub target: i64,
    /// Whether the ends were given in the other order.
    pub reversed: bool,
    pub key: Option<Cow<'a, str>>,
    /// `None` where there are no attributes, which then cost nothing.
    pub attributes: Option<Cow<'a, str>>,
}

/// Rows of one type that are written over, each if nobody else did since it was read.
#[derive(Debug)]
pub struct RowBatch<'a> {
    pub target: Target,
    pub table: Table,
    pub kind: i64,
    /// Whether keys are written as well; every row then has one.
    pub keys: bool,
    pub rows: Vec<RowDraft<'a>>,
}

/// A stored row with its new attributes.
#[derive(Debug, Clone)]
pub struct RowDraft<'a> {
    pub id: i64,
    /// The version that was read.
    pub version: i64,
    pub key: Option<Cow<'a, str>>,
    /// `None` where there are no attributes.
    pub attributes: Option<Cow<'a, str>>,
}

/// Begins a statement with `guard`: one row with the graph's id, or none where the graph is archived, gone, or of
/// another revision of its type than the handle.
pub(crate) fn guarded<'a, Db: Seam>(target: Target) -> Statement<'a, Db> {
    Statement::new("WITH guard AS (SELECT g.id FROM __metagraph_graphs AS g WHERE g.id = ")
        .integer(target.graph)
        .sql(" AND g.uid = ")
        .bind(Bind::Uid(Uid(target.uid)))
        .sql(if target.is_evolving() { " AND g.revision = " } else { " AND g.status <> 'archived' AND g.revision = " })
        .integer(target.revision)
        .sql(Db::HOLD_GRAPH)
        .sql(")")
}
