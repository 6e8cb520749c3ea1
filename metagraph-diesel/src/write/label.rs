//! How errors name nodes: read only after something was refused.

use std::collections::HashMap;

use diesel::deserialize;
use diesel::row::Row;

use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::conflict::NodeLabel;
use crate::error::Result;
use crate::open_graph::OpenGraph;
use crate::record::{self, Record};
use crate::run;
use crate::statement::Statement;

pub(crate) struct Known {
    pub(crate) id: i64,
    pub(crate) node_type: i64,
    pub(crate) key: String,
}

impl Record for Known {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok(Self { id: record::integer(row, 0)?, node_type: record::integer(row, 1)?, key: record::text(row, 2)? })
    }
}

/// Nodes of the graph by id, as far as they exist.
pub(crate) struct Labels<'g> {
    graph: OpenGraph<'g>,
    known: HashMap<i64, Known>,
}

impl<'g> Labels<'g> {
    pub(crate) fn read<C: GraphConnection>(conn: &mut C, graph: OpenGraph<'g>, ids: Vec<i64>) -> Result<Self> {
        let statement = Statement::new("SELECT n.id, n.node_type_id, n.key FROM ").by_ids(
            FoundBy::Node,
            graph.id,
            ids,
            |statement| statement,
        );
        let known: Vec<Known> = run::all(conn, "reading nodes", statement)?;
        Ok(Self { graph, known: known.into_iter().map(|node| (node.id, node)).collect() })
    }

    pub(crate) fn find(&self, id: i64) -> Option<&Known> {
        self.known.get(&id)
    }

    pub(crate) fn label(&self, id: i64) -> NodeLabel {
        let known = self.known.get(&id);
        NodeLabel {
            id,
            node_type: known.and_then(|node| self.graph.vocabulary.node_name(node.node_type)).map(str::to_owned),
            key: known.map(|node| node.key.clone()),
        }
    }
}
