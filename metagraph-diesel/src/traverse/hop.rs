//! A hop along edges, before it is said what it leads to.

use std::fmt;
use std::marker::PhantomData;

use metagraph_core::query::Predicate;
use metagraph_core::{EdgeType, NodeSet};

use super::Marker;
use super::chain::{Chain, Resolved, Step};
use super::expand::{self, Frontier};
use super::pattern::Then;
use super::traversal::Traversal;
use super::way::Leads;
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::read::{self, Edge};

/// A hop along edges of the types `E`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
/// let hop = graph.from(app).out::<DependsOn>();
/// assert!(hop.load_edges(&mut conn)?[0].value.optional);
/// # Ok(())
/// # }
/// ```
#[must_use = "a traversal does nothing until it is loaded"]
pub struct Hop<'g, G, P, S, E, D> {
    chain: Result<Chain<'g>>,
    step: Step,
    of: Marker<(G, P, S, E, D)>,
}

impl<G, P, S, E, D> fmt::Debug for Hop<'_, G, P, S, E, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hop").field("edges", &self.step.edges).field("way", &self.step.way).finish_non_exhaustive()
    }
}

impl<'g, G, P, S, E, D> Hop<'g, G, P, S, E, D> {
    pub(super) fn new(chain: Result<Chain<'g>>, step: Step) -> Self {
        Self { chain, step, of: PhantomData }
    }

    /// Answers with nodes of the type, or of the union, `T`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// let noor = graph.insert(&mut conn, &Person { name: "Noor".into() })?;
    /// graph.connect(&mut conn, mara, serde, &Maintains)?;
    /// graph.connect(&mut conn, mara, noor, &Maintains)?;
    /// assert_eq!(graph.from(mara).out::<Maintains>().to::<Person>().load(&mut conn)?[0].id, noor);
    /// assert_eq!(graph.from(mara).out::<Maintains>().to::<Anything>().count(&mut conn)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// ```compile_fail,E0277
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// // Nobody is maintained by a package.
    /// graph.from(serde).out::<Maintains>().to::<Person>();
    /// # Ok(())
    /// # }
    /// ```
    pub fn to<T: NodeSet>(self) -> Traversal<'g, G, Then<P, E, T>>
    where
        D: Leads<E, S, T>,
    {
        self.to_any_of()
    }

    /// Answers with those of the nodes that are of the union `T`, whether or not the edge types lead to all of its
    /// members: what to ask where edges run between different types, and the way goes both ways.
    ///
    /// What [`Hop::to`] has rustc check, the database filters here.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// # let noor = graph.insert(&mut conn, &Person { name: "Noor".into() })?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, mara, serde, &Maintains)?;
    /// graph.connect(&mut conn, noor, serde, &Maintains)?;
    /// let around = graph.from(mara).both::<(Maintains, DependsOn)>().to_any_of::<Anything>();
    /// let path = around.shortest_path(&mut conn, noor.widen())?.unwrap();
    /// assert_eq!(path.nodes_as::<Anything>(), [mara.widen(), serde.widen(), noor.widen()]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_any_of<T: NodeSet>(self) -> Traversal<'g, G, Then<P, E, T>> {
        let mut step = self.step;
        step.far = T::MEMBERS.iter().map(|member| member.element.name).collect();
        let chain = self.chain.map(|mut chain| {
            chain.steps.push(step);
            chain
        });
        Traversal::new(chain)
    }
}

impl<G, P, S, E: EdgeType, D> Hop<'_, G, P, S, E, D> {
    /// Follows only edges of which this holds.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let required = graph.from(app).out::<DependsOn>().filter_edge(|needs| needs.optional.eq(false));
    /// assert!(required.load_edges(&mut conn)?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn filter_edge(mut self, predicate: impl FnOnce(E::Fields) -> Predicate<E>) -> Self {
        self.step.filter_edge(predicate(E::F).into_condition());
        self
    }

    /// Reads the edges of the hop, oldest first.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:9".into() })?;
    /// let mentions = graph.from(app).out::<Mentions>().load_edges(&mut conn)?;
    /// assert_eq!(mentions[1].value.place, "README.md:9");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type,
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn load_edges<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<Edge<E>>> {
        let chain = self.chain?;
        let near = expand::ends_of(conn, &chain)?;
        let step = Resolved::new(chain.graph, &self.step)?;
        let statement = expand::edges_at(read::EDGES, &step, Frontier::Ids(near))?.sql(" ORDER BY e.id");
        read::edges(conn, statement)
    }

    /// Counts the edges of the hop: the degree of the node it begins at.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// assert_eq!(graph.from(app).out::<DependsOn>().count_edges(&mut conn)?, 1);
    /// assert_eq!(graph.from(app).in_::<DependsOn>().count_edges(&mut conn)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn count_edges<C: GraphConnection>(self, conn: &mut C) -> Result<i64> {
        let chain = self.chain?;
        let near = expand::ends_of(conn, &chain)?;
        let step = Resolved::new(chain.graph, &self.step)?;
        let statement = expand::edges_at("SELECT count(*) FROM ", &step, Frontier::Ids(near))?;
        Ok(crate::run::optional(conn, "counting edges", statement)?.unwrap_or(0))
    }
}
