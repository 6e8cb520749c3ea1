//! Where a traversal begins.

use std::fmt;
use std::marker::PhantomData;

use metagraph_core::{EdgeSet, NodeSet, PartOf};

use super::chain::{Beginning, Chain, Step};
use super::hop::Hop;
use super::pattern::Begin;
use super::way::{Both, In, Out, Way};
use crate::open_graph::OpenGraph;
use crate::query::{NodeQuery, Plan};

/// The start of a traversal; made by [`Graph::from`](crate::Graph::from), [`Graph::from_many`](crate::Graph::from_many)
/// and [`Graph::from_all`](crate::Graph::from_all).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// let start = graph.from(serde);
/// assert_eq!(start.in_::<DependsOn>().to::<Package>().count(&mut conn)?, 1);
/// # Ok(())
/// # }
/// ```
#[must_use = "a traversal does nothing until it is loaded"]
pub struct Start<'g, G, S> {
    chain: crate::error::Result<Chain<'g>>,
    of: PhantomData<fn() -> (G, S)>,
}

impl<'g, G, S> Start<'g, G, S> {
    pub(crate) fn new(graph: OpenGraph<'g>, ids: Vec<i64>) -> Self {
        Self::beginning(graph, Ok(Beginning::Ids(ids)))
    }

    pub(crate) fn at_query(graph: OpenGraph<'g>, query: NodeQuery<'g, S>) -> Self
    where
        S: NodeSet,
    {
        let plan: crate::error::Result<Plan<'g>> = query.into_plan();
        Self::beginning(graph, plan.map(|plan| Beginning::Query(Box::new(plan))))
    }

    pub(super) fn into_chain(self) -> crate::error::Result<Chain<'g>> {
        self.chain
    }

    fn beginning(graph: OpenGraph<'g>, beginning: crate::error::Result<Beginning<'g>>) -> Self {
        let chain = beginning.map(|beginning| Chain { graph, beginning, steps: Vec::new() });
        Self { chain, of: PhantomData }
    }

    /// Follows edges of the type `E`, or of several types in a tuple, from source to target. Edges without direction are
    /// followed either way.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>().load(&mut conn)?;
    /// assert_eq!(needed[0].id, serde);
    /// let either = graph.from(app).out::<(DependsOn, Mentions)>().to::<Package>();
    /// assert_eq!(either.count(&mut conn)?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn out<E: EdgeSet + PartOf<G>>(self) -> Hop<'g, G, Begin<S>, S, E, Out> {
        self.hop(Way::Out)
    }

    /// Follows edges of the type `E`, or of several types in a tuple, from target to source.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let dependents = graph.from(serde).in_::<DependsOn>().to::<Package>().load(&mut conn)?;
    /// assert_eq!(dependents[0].id, app);
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_<E: EdgeSet + PartOf<G>>(self) -> Hop<'g, G, Begin<S>, S, E, In> {
        self.hop(Way::In)
    }

    /// Follows edges of the type `E`, or of several types in a tuple, either way.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// # let log = graph.insert(&mut conn, &package("log"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, log, app, &Mentions { place: "NEWS.md:1".into() })?;
    /// assert_eq!(graph.from(app).both::<Mentions>().to::<Package>().count(&mut conn)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn both<E: EdgeSet + PartOf<G>>(self) -> Hop<'g, G, Begin<S>, S, E, Both> {
        self.hop(Way::Both)
    }

    fn hop<E: EdgeSet, D>(self, way: Way) -> Hop<'g, G, Begin<S>, S, E, D> {
        Hop::new(self.chain, Step::new(E::names(), way))
    }
}

impl<G, S> fmt::Debug for Start<'_, G, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start").finish_non_exhaustive()
    }
}
