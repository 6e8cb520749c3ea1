//! Verbs that connect nodes.

use std::borrow::Borrow;

use metagraph_core::{Connects, EdgeId, EdgeType, Key, NodeId, PartOf};

use super::Graph;
use crate::backend::GraphConnection;
use crate::encode::{self, Encoded};
use crate::error::Result;
use crate::outcome::Upserted;
use crate::read::{self, Edge};
use crate::traverse::Start;
use crate::write;
use crate::write::edges::NewEdge;

impl<G> Graph<G> {
    /// Inserts an edge between two nodes of this graph. A pair of types that the edge does not connect does not compile.
    ///
    /// # Errors
    /// [`Error::EndpointNotFound`](crate::Error::EndpointNotFound),
    /// [`Error::EndpointType`](crate::Error::EndpointType), [`Error::SelfLoop`](crate::Error::SelfLoop),
    /// [`Error::Conflict`](crate::Error::Conflict) when an edge in the way is stored,
    /// [`Error::Cycle`](crate::Error::Cycle); otherwise as [`Graph::insert`].
    pub fn connect<C: GraphConnection, E, S, T>(
        &self,
        conn: &mut C,
        source: NodeId<S>,
        target: NodeId<T>,
        edge: &E,
    ) -> Result<EdgeId<E>>
    where
        E: Connects<S, T> + PartOf<G>,
    {
        Ok(self.connect_many(conn, [(source, target, edge)])?.into_iter().next().unwrap_or(EdgeId::from_raw(0)))
    }

    /// Inserts edges, all or none; the answer is in the order given.
    ///
    /// # Errors
    /// As [`Graph::connect`], for the first edge that is refused; edges of one call conflict with each other as they
    /// would in several.
    pub fn connect_many<C: GraphConnection, E, S, T>(
        &self,
        conn: &mut C,
        edges: impl IntoIterator<Item = (NodeId<S>, NodeId<T>, impl Borrow<E>)>,
    ) -> Result<Vec<EdgeId<E>>>
    where
        E: Connects<S, T> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        let encoded = edges
            .into_iter()
            .map(|(source, target, edge)| Ok((source.raw(), target.raw(), encode::typed(&kind.check, edge.borrow())?)))
            .collect::<Result<Vec<(i64, i64, Encoded)>>>();
        let encoded = encoded.or_else(|error| self.refused(conn, error))?;
        let edges: Vec<_> =
            encoded.iter().map(|(source, target, value)| NewEdge { source: *source, target: *target, value }).collect();
        let ids = write::edges::insert(conn, self.scope(), kind, &edges)?;
        Ok(ids.into_iter().map(EdgeId::from_raw).collect())
    }

    /// Inserts an edge, or brings the stored one to the same attributes: the one with its key, or, where parallel edges
    /// are refused, the one between its ends.
    ///
    /// # Errors
    /// [`Error::NoIdentity`](crate::Error::NoIdentity) for an edge without key where parallel edges are allowed,
    /// [`Error::EndpointsMoved`](crate::Error::EndpointsMoved) when its key is that of an edge elsewhere; otherwise as
    /// [`Graph::connect`].
    pub fn upsert_edge<C: GraphConnection, E, S, T>(
        &self,
        conn: &mut C,
        source: NodeId<S>,
        target: NodeId<T>,
        edge: &E,
    ) -> Result<Upserted<EdgeId<E>>>
    where
        E: Connects<S, T> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        let encoded = encode::typed(&kind.check, edge).or_else(|error| self.refused(conn, error))?;
        let edge = NewEdge { source: source.raw(), target: target.raw(), value: &encoded };
        Ok(write::edges::upsert(conn, self.scope(), kind, &edge)?.map(EdgeId::from_raw))
    }

    /// The edge of a type with this key.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when the stored attributes do not fit the type.
    pub fn get_edge_by_key<E>(&self, conn: &mut impl GraphConnection, key: &str) -> Result<Option<Edge<E>>>
    where
        E: EdgeType + PartOf<G>,
    {
        let Ok(key) = Key::new(key) else { return Ok(None) };
        self.edge_with_key(conn, &key)
    }

    fn edge_with_key<C: GraphConnection, E: EdgeType>(&self, conn: &mut C, key: &Key) -> Result<Option<Edge<E>>> {
        let statement = read::edges_of(self.id)
            .sql(" AND e.edge_type_id = ")
            .integer(self.vocabulary.edge(E::NAME)?.id)
            .sql(" AND e.key = ")
            .text(key.as_str());
        Ok(read::edges(conn, statement)?.pop())
    }

    /// The edges of a type from one node to another, oldest first; of an undirected type, between the two.
    ///
    /// # Errors
    /// As [`Graph::get_edge_by_key`].
    pub fn edges_between<E, S, T>(
        &self,
        conn: &mut impl GraphConnection,
        source: NodeId<S>,
        target: NodeId<T>,
    ) -> Result<Vec<Edge<E>>>
    where
        E: Connects<S, T> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        let (source, target) = (source.raw(), target.raw());
        let (source, target) =
            if kind.rules.undirected { (source.min(target), source.max(target)) } else { (source, target) };
        let statement = read::edges_of(self.id)
            .sql(" AND e.source_id = ")
            .integer(source)
            .sql(" AND e.edge_type_id = ")
            .integer(kind.id)
            .sql(" AND e.target_id = ")
            .integer(target)
            .sql(" ORDER BY e.id");
        read::edges(conn, statement)
    }

    /// Begins a traversal at a node.
    pub fn from<S>(&self, start: NodeId<S>) -> Start<'_, G, S> {
        Start::new(self.scope(), vec![start.raw()])
    }
}
