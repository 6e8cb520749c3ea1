//! What a traversal answers with as a set: each node once.

use std::collections::HashMap;
use std::ops::Deref;

use metagraph_core::{NodeId, NodeSet};

use super::chain::{Chain, Resolved};
use super::expand::{self, Frontier, Reach, follow, nodes_found};
use super::pattern::{Arrives, Hopped};
use super::traversal::Traversal;
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::query::Scope;
use crate::read::{self, Node};
use crate::run;
use crate::statement::Statement;

/// A node that a traversal reached.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// let reached = graph.reachable::<DependsOn, _>(&mut conn, app)?.remove(0);
/// assert_eq!((reached.depth, reached.node.id), (1, serde));
/// assert_eq!(reached.value.id, "serde", "the node's fields are at hand");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Reached<T> {
    /// The node.
    pub node: Node<T>,
    /// The least number of hops of the last step in which it is reached; 1 where the step is not repeated.
    pub depth: u32,
}

impl<T> Deref for Reached<T> {
    type Target = Node<T>;

    fn deref(&self) -> &Node<T> {
        &self.node
    }
}

impl<G, P> Traversal<'_, G, P>
where
    P: Hopped,
    P::Node: NodeSet,
{
    /// Reads the nodes, each once: nearest first, and oldest first at the same depth.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>().load(&mut conn)?;
    /// assert_eq!((needed[0].depth, &needed[0].value), (1, &package("serde")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type,
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<Reached<P::Node>>>
    where
        P: Arrives,
    {
        let chain = self.chain?;
        let (statement, depths) = last_nodes(conn, &chain, read::NODES)?;
        let nodes: Vec<Node<P::Node>> = read::nodes(conn, chain.graph.vocabulary, statement)?;
        let depth =
            |node: &Node<P::Node>| depths.as_ref().map_or(Some(1), |depths| depths.get(&node.id.raw()).copied());
        let mut reached: Vec<_> =
            nodes.into_iter().filter_map(|node| depth(&node).map(|depth| Reached { node, depth })).collect();
        reached.sort_unstable_by_key(|reached| (reached.depth, reached.node.id));
        Ok(reached)
    }

    /// Reads the ids of the nodes, in ascending order.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.from(app).out::<DependsOn>().to::<Package>().ids(&mut conn)?, [serde]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn ids<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<NodeId<P::Node>>>
    where
        P: Arrives,
    {
        let ids = match last_ids(conn, &self.chain?, "SELECT n.id FROM ")? {
            Frontier::Ids(ids) => ids,
            Frontier::Found(statement) => run::all(conn, "reading nodes", statement)?,
        };
        Ok(expand::sorted(ids).into_iter().map(NodeId::from_raw).collect())
    }

    /// Counts the nodes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.from(app).out::<DependsOn>().to::<Package>().count(&mut conn)?, 1);
    /// assert_eq!(graph.from(serde).out::<DependsOn>().to::<Package>().count(&mut conn)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn count<C: GraphConnection>(self, conn: &mut C) -> Result<i64>
    where
        P: Arrives,
    {
        Ok(match last_ids(conn, &self.chain?, "SELECT count(*) FROM ")? {
            Frontier::Ids(ids) => i64::try_from(ids.len()).unwrap_or(i64::MAX),
            Frontier::Found(statement) => run::optional(conn, "counting nodes", statement)?.unwrap_or(0),
        })
    }

    /// Whether it leads anywhere.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert!(graph.from(app).out::<DependsOn>().to::<Package>().exists(&mut conn)?);
    /// assert!(!graph.from(serde).out::<DependsOn>().to::<Package>().exists(&mut conn)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn exists<C: GraphConnection>(self, conn: &mut C) -> Result<bool>
    where
        P: Arrives,
    {
        Ok(match last_ids(conn, &self.chain?, "SELECT n.id FROM ")? {
            Frontier::Ids(ids) => !ids.is_empty(),
            Frontier::Found(statement) => {
                run::optional::<C, i64>(conn, "looking for a node", statement.sql(" LIMIT 1"))?.is_some()
            }
        })
    }

    /// Reads the nodes for each start on its own, in the order the starts were given, and at most `limit` for each.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let log = graph.insert(&mut conn, &package("log"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let needs = || DependsOn { optional: false };
    /// graph.connect_many(&mut conn, [(app, log, needs()), (app, serde, needs()), (log, serde, needs())])?;
    /// let needed = graph.from_many([log, app]).out::<DependsOn>().to::<Package>().load_each(&mut conn, 1)?;
    /// assert_eq!((needed[0][0].id, needed[1][0].id, needed[1].len()), (serde, log, 1));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type,
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when it begins at a query, or a filter cannot be asked.
    pub fn load_each<C: GraphConnection>(self, conn: &mut C, limit: usize) -> Result<Vec<Vec<Reached<P::Node>>>>
    where
        P: Arrives,
    {
        super::each::load_each(conn, &self.chain?, limit)
    }
}

/// How far each node is.
type Depths = HashMap<i64, u32>;

/// Where a traversal ends: the nodes as a statement that begins with `select`, and their depths where they differ.
fn last_nodes<C: GraphConnection>(
    conn: &mut C,
    chain: &Chain<'_>,
    select: &'static str,
) -> Result<(Statement<'static, C::Db>, Option<Depths>)> {
    let (reach, step) = (follow(conn, chain)?, last_step(chain)?);
    let (nodes, depths) = match reach {
        Reach::Once(nodes) => (nodes, None),
        Reach::Depths(depths) => (Frontier::Ids(expand::sorted(depths.keys().copied())), Some(depths)),
    };
    Ok((nodes_found(nodes.append(Statement::new(select)), &step)?, depths))
}

/// Where a traversal ends, as a list of ids or as a statement that begins with `select`. No node is read where the
/// edges alone tell.
fn last_ids<C: GraphConnection>(
    conn: &mut C,
    chain: &Chain<'_>,
    select: &'static str,
) -> Result<Frontier<'static, C::Db>> {
    let (reach, step) = (follow(conn, chain)?, last_step(chain)?);
    let nodes = match reach {
        Reach::Once(nodes) => nodes,
        Reach::Depths(depths) if step.far_is_certain && step.step.ends_anywhere() => {
            return Ok(Frontier::Ids(depths.into_keys().collect()));
        }
        Reach::Depths(depths) => Frontier::Ids(expand::sorted(depths.into_keys())),
    };
    let statement = Statement::new(select);
    Ok(Frontier::Found(if expand::is_told_by_ids(&step) {
        expand::ids_found(statement, nodes, &step)?
    } else {
        nodes_found(nodes.append(statement), &step)?
    }))
}

fn last_step<'c>(chain: &'c Chain<'_>) -> Result<Resolved<'c>> {
    let Some(step) = chain.steps.last() else { return Err(Scope::invalid("a traversal makes a hop")) };
    Resolved::new(chain.graph, step)
}
