//! Verbs that read, by id or by key.

use std::collections::HashMap;

use metagraph_core::{Key, NodeSet, PartOf};

use super::Graph;
use super::handle::Handle;
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::read::{self, Node};
use crate::statement::Statement;
use crate::write::Table;

impl<G> Graph<G> {
    /// The row behind a handle, or `None` when it is gone or belongs to another graph.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::row::NewGraph;
    ///
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let node = graph.get(&mut conn, serde)?.unwrap();
    /// assert_eq!((node.key.as_str(), node.version), ("serde", 1));
    ///
    /// let other = Graph::<Packages>::create(&mut conn, &NewGraph::named("other"))?;
    /// assert!(other.get(&mut conn, serde)?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when the stored attributes do not fit the type.
    pub fn get<C: GraphConnection, H>(&self, conn: &mut C, id: H) -> Result<Option<H::Row>>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        Ok(H::load(conn, self.opened(), &[id.raw_id()])?.pop().map(|(_, row)| row))
    }

    /// The rows behind handles, in the order given and as often as given; `None` for what is not there.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let gone = graph.insert(&mut conn, &package("gone"))?;
    /// graph.delete(&mut conn, gone)?;
    /// let found = graph.get_many(&mut conn, [gone, app])?;
    /// assert!(found[0].is_none());
    /// assert_eq!(found[1].as_ref().unwrap().key, "app");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::get`].
    pub fn get_many<C: GraphConnection, H>(
        &self,
        conn: &mut C,
        ids: impl IntoIterator<Item = H>,
    ) -> Result<Vec<Option<H::Row>>>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        let ids: Vec<i64> = ids.into_iter().map(H::raw_id).collect();
        let mut answers: Vec<Option<H::Row>> = ids.iter().map(|_| None).collect();
        let mut places: HashMap<i64, Vec<usize>> = HashMap::new();
        for (place, id) in ids.into_iter().enumerate() {
            places.entry(id).or_default().push(place);
        }
        // A row fills one place: an id that was given twice is read twice.
        while !places.is_empty() {
            let wanted: Vec<i64> = places.keys().copied().collect();
            let rows = H::load(conn, self.opened(), &wanted)?;
            let mut left = HashMap::new();
            for (id, row) in rows {
                let Some(mut waiting) = places.remove(&id) else { continue };
                if let Some(answer) = waiting.pop().and_then(|place| answers.get_mut(place)) {
                    *answer = Some(row);
                }
                if !waiting.is_empty() {
                    left.insert(id, waiting);
                }
            }
            places = left;
        }
        Ok(answers)
    }

    /// Whether the row behind a handle is there.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// assert!(graph.exists(&mut conn, serde)?);
    /// graph.delete(&mut conn, serde)?;
    /// assert!(!graph.exists(&mut conn, serde)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database) when the database fails.
    pub fn exists<C: GraphConnection, H>(&self, conn: &mut C, id: H) -> Result<bool>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        let (select, of_type) = match H::TABLE {
            Table::Nodes => ("SELECT id FROM __metagraph_nodes WHERE graph_id = ", " AND 0 + node_type_id"),
            Table::Edges => ("SELECT id FROM __metagraph_edges WHERE graph_id = ", " AND 0 + edge_type_id"),
        };
        let statement = Statement::new(select)
            .integer(self.id)
            .sql(" AND id = ")
            .integer(id.raw_id())
            .sql(of_type)
            .of_types(&H::kinds(&self.vocabulary)?);
        Ok(crate::run::optional::<C, i64>(conn, "looking for a row", statement)?.is_some())
    }

    /// The node of a type, or of a union, with this key; in a union the first member type that has it, in its order.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let node = graph.get_by_key::<Package>(&mut conn, "serde")?.unwrap();
    /// assert_eq!(node.id, serde);
    ///
    /// let node = graph.get_by_key::<Anything>(&mut conn, "serde")?.unwrap();
    /// assert_eq!(node.value, Anything::Package(package("serde")));
    /// assert!(graph.get_by_key::<Package>(&mut conn, "log")?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when the stored attributes do not fit the type.
    pub fn get_by_key<N>(&self, conn: &mut impl GraphConnection, key: &str) -> Result<Option<Node<N>>>
    where
        N: NodeSet + PartOf<G>,
    {
        // What cannot be a key is nobody's.
        let Ok(key) = Key::new(key) else { return Ok(None) };
        let mut nodes = self.nodes_with_key::<_, N>(conn, &key)?;
        if nodes.len() > 1 {
            nodes.truncate(1);
        }
        Ok(nodes.pop())
    }

    fn nodes_with_key<C: GraphConnection, N: NodeSet>(&self, conn: &mut C, key: &Key) -> Result<Vec<Node<N>>> {
        let kinds = read::member_ids::<N>(&self.vocabulary)?;
        let statement =
            read::nodes_of(self.id).sql(" AND n.node_type_id").of_types(&kinds).sql(" AND n.key = ").text(key.as_str());
        let statement = match kinds.as_slice() {
            [_] => statement,
            _ => statement
                .sql(" ORDER BY CASE n.node_type_id")
                .join((0..).zip(kinds), "", |statement, (place, kind)| {
                    statement.sql(" WHEN ").integer(kind).sql(" THEN ").integer(place)
                })
                .sql(" END"),
        };
        read::nodes(conn, &self.vocabulary, statement)
    }
}
