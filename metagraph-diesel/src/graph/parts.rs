//! All of a graph, one row after the other, in one pass over each table.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::vec;

use diesel::deserialize;
use diesel::row::Row;
use metagraph_core::private::unknown_member;
use metagraph_core::{AnyNode, GraphType, NodeId};

use super::Graph;
use crate::backend::{GraphConnection, Seam};
use crate::error::{Error, Result};
use crate::open_graph::OpenGraph;
use crate::query::fills;
use crate::read;
use crate::record;
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::Vocabulary;
use crate::write::Table;

/// A node or an edge, as [`Graph::stream`] reads it: the variants of the graph type hold its value.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::Part;
///
/// let serde = graph.insert(&mut conn, &package("serde"))?;
/// let part = graph.stream(&mut conn, 1_000).next().unwrap()?;
/// assert!(matches!(part, Part::Node { id, value: Packages::Package(_), .. } if id == serde.widen()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Part<G> {
    /// A node.
    Node {
        /// The local handle.
        id: NodeId<AnyNode>,
        /// Its identity inside the graph and its type.
        key: String,
        /// Its attributes.
        value: G,
    },
    /// An edge.
    Edge {
        /// Where it starts; of an undirected edge, the end that was given first.
        source: NodeId<AnyNode>,
        /// Where it ends.
        target: NodeId<AnyNode>,
        /// Its identity inside the graph and its type, where it has one.
        key: Option<String>,
        /// Its attributes.
        value: G,
    },
}

impl<G: GraphType> Graph<G> {
    /// Reads the whole graph, all nodes and then all edges, one after the other, and holds no more than a page of this
    /// size.
    ///
    /// Each table is read once, however many types there are, so an export takes less time than type by type. SQLite reads
    /// the rows while they are asked for, with one statement, and so as they were when it began; their order is its own.
    /// PostgreSQL is asked for page after page in the order of ids: what others write in between is seen where it comes
    /// later, unless the transaction around it holds a snapshot.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Part;
    ///
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let mut lines = Vec::new();
    /// for part in graph.stream(&mut conn, 1_000) {
    ///     match part? {
    ///         Part::Node { value: Packages::Package(package), .. } => lines.push(package.id),
    ///         Part::Edge { value: Packages::DependsOn(needs), .. } => lines.push(format!("{needs:?}")),
    ///         _ => {}
    ///     }
    /// }
    /// assert_eq!(lines, ["app", "serde", "DependsOn { optional: true }"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream<'g, 'c, C: GraphConnection>(&'g self, conn: &'c mut C, page_size: u32) -> Parts<'g, 'c, G, C> {
        let graph = self.opened();
        let rows = if C::Db::READS_ROW_BY_ROW {
            match whole(conn, graph).and_then(|statement| run::Rows::new(conn, "reading a graph", statement)) {
                Ok(rows) => Source::Rows(rows),
                Err(error) => Source::Refused(Some(error)),
            }
        } else {
            let pages = Pages {
                conn,
                size: page_size.max(1),
                next: Some((Table::Nodes, i64::MIN)),
                read: Vec::new().into_iter(),
            };
            Source::Pages(pages)
        };
        Parts { rows, graph, reader: Reader::new(graph.vocabulary), of: PhantomData }
    }
}

/// The nodes and edges of a graph, one after the other; made by [`Graph::stream`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
/// let parts: metagraph::Result<Vec<_>> = graph.stream(&mut conn, 1_000).collect();
/// assert_eq!(parts?.len(), 3);
/// # Ok(())
/// # }
/// ```
pub struct Parts<'g, 'c, G, C: GraphConnection> {
    rows: Source<'c, G, C>,
    graph: OpenGraph<'g>,
    reader: Reader<'g>,
    of: PhantomData<fn() -> G>,
}

enum Source<'c, G, C: GraphConnection> {
    Rows(run::Rows<'c, C>),
    Pages(Pages<'c, G, C>),
    Refused(Option<Error>),
}

/// Rows that are read a page at a time.
struct Pages<'c, G, C> {
    conn: &'c mut C,
    size: u32,
    /// Where the next page is: in which table, and behind which id.
    next: Option<(Table, i64)>,
    read: vec::IntoIter<Part<G>>,
}

impl<G, C: GraphConnection> fmt::Debug for Parts<'_, '_, G, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").field("graph", &self.graph.id).finish_non_exhaustive()
    }
}

impl<G: GraphType, C: GraphConnection> Iterator for Parts<'_, '_, G, C> {
    type Item = Result<Part<G>>;

    fn next(&mut self) -> Option<Result<Part<G>>> {
        match &mut self.rows {
            Source::Rows(rows) => rows.next(|row| self.reader.read(row)),
            Source::Pages(pages) => pages.next(self.graph.id, &mut self.reader),
            Source::Refused(error) => error.take().map(Err),
        }
    }
}

impl<G: GraphType, C: GraphConnection> Pages<'_, G, C> {
    fn next(&mut self, graph: i64, reader: &mut Reader<'_>) -> Option<Result<Part<G>>> {
        loop {
            if let Some(part) = self.read.next() {
                return Some(Ok(part));
            }
            let (table, last) = self.next.take()?;
            let (columns, of_graph, id, at) = match table {
                Table::Nodes => (NODES, "n.graph_id = ", "n.id", 3),
                Table::Edges => (PAGED_EDGES, "e.graph_id = ", "e.id", 5),
            };
            let statement = Statement::new(columns).sql(of_graph).integer(graph);
            let statement = statement.sql(" AND ").sql(id).sql(" > ").integer(last).sql(" ORDER BY ").sql(id);
            let statement = statement.limited(Some(self.size), 0);
            let mut last = None;
            let read = run::each(self.conn, "reading a graph", statement, |row| {
                last = Some(record::integer(row, at)?);
                reader.read(row)
            });
            let read = match read {
                Ok(read) => read,
                Err(error) => return Some(Err(error)),
            };
            let is_last = read.len() < usize::try_from(self.size).unwrap_or(usize::MAX);
            self.next = match (table, last.filter(|_| !is_last)) {
                (table, Some(last)) => Some((table, last)),
                (Table::Nodes, None) => Some((Table::Edges, i64::MIN)),
                (Table::Edges, None) => None,
            };
            self.read = read.into_iter();
        }
    }
}

/// What both tables are read as, in as few columns as tell: of a node its type with a minus, of an edge its type twice
/// and whether it is reversed; then the id, or the ends.
const NODES: &str = "SELECT -n.node_type_id, n.attributes, n.key, n.id, NULL FROM __metagraph_nodes AS n WHERE ";
const EDGES: &str = "SELECT 2 * e.edge_type_id + CAST(e.reversed AS int), e.attributes, e.key, e.source_id, e.target_id \
                     FROM __metagraph_edges AS e WHERE ";
/// The same with the id of an edge, which a page ends at.
const PAGED_EDGES: &str = "SELECT 2 * e.edge_type_id + CAST(e.reversed AS int), e.attributes, e.key, e.source_id, \
                           e.target_id, e.id FROM __metagraph_edges AS e WHERE ";

/// All of a graph in one statement, each table read in the way that is faster.
fn whole<C: GraphConnection>(conn: &mut C, graph: OpenGraph<'_>) -> Result<Statement<'static, C::Db>> {
    let mut not_by = |table| fills(conn, graph, table).map(|fills| if fills { C::Db::NOT_BY } else { "" });
    let nodes = Statement::new(NODES).sql(not_by(Table::Nodes)?).sql("n.graph_id = ").integer(graph.id);
    let edges = nodes.sql(" UNION ALL ").sql(EDGES).sql(not_by(Table::Edges)?);
    Ok(edges.sql("e.graph_id = ").integer(graph.id))
}

/// Reads parts, and remembers the type of the last one: most are of the same.
struct Reader<'g> {
    vocabulary: &'g Vocabulary,
    code: i64,
    name: Cow<'g, str>,
    /// Whether its rows have keys.
    keyed: bool,
}

impl<'g> Reader<'g> {
    fn new(vocabulary: &'g Vocabulary) -> Self {
        Self { vocabulary, code: 0, name: Cow::Borrowed(""), keyed: true }
    }

    /// Turns to the type that is stored as this.
    fn turn_to(&mut self, code: i64) {
        let edge = if code < 0 { None } else { self.vocabulary.edge_by_id(code / 2) };
        let name = if code < 0 { self.vocabulary.node_name(-code) } else { edge.map(|edge| edge.name.as_str()) };
        // Another program may have added types since the graph was opened.
        let unknown = || Cow::Owned(format!("type {}", if code < 0 { -code } else { code / 2 }));
        self.name = name.map_or_else(unknown, Cow::Borrowed);
        self.keyed = edge.is_none_or(|edge| edge.key.is_some());
        self.code = code;
    }

    fn read<'a, Db: Seam, G: GraphType>(&mut self, row: &impl Row<'a, Db>) -> deserialize::Result<Part<G>> {
        let code = record::integer(row, 0)?;
        if self.code != code {
            self.turn_to(code);
        }
        let name = &*self.name;
        let value = record::json::<Db, _>(row, 1, |attributes| {
            let value = G::decode(name, attributes).unwrap_or_else(|| unknown_member(G::DEFINITION.name, name));
            read::decode(name, value)
        })?;
        let first = NodeId::from_raw(record::integer(row, 3)?);
        if code < 0 {
            return Ok(Part::Node { id: first, key: record::text(row, 2)?, value });
        }
        let second = NodeId::from_raw(record::integer(row, 4)?);
        let (source, target) = if code % 2 == 0 { (first, second) } else { (second, first) };
        let key = if self.keyed { record::optional_text(row, 2)? } else { None };
        Ok(Part::Edge { source, target, key, value })
    }
}
