//! Queries for nodes or edges of a type: which, in which order, how many, and what of them.

mod aggregate;
mod answers;
mod condition;
mod cursor;
mod dsl;
mod explain;
mod expression;
mod page;
mod plan;
#[cfg(feature = "encryption")]
mod rotation;
mod select;
mod set;
mod stream;
mod values;
mod write;

use std::fmt;
use std::marker::PhantomData;

use metagraph_core::{EdgeId, EdgeType, Element, NodeId, NodeSet};

pub use metagraph_core::query::{
    Assignment, Grouped, Holds, Identifies, Keys, Kind, List, Neighbours, Numeric, Operand, Order, Predicate,
    Projection, Scalar, SelectedRow, Selection, Textual, both, count, created_at, id, in_, key, out, updated_at,
    version,
};

pub use aggregate::{GroupBy, Groups};
pub use cursor::Cursor;
pub use dsl::RowCondition;
pub use explain::Explanation;
pub(crate) use explain::explain;
pub(crate) use expression::{Scope, found_of_types};
pub use page::Page;
pub(crate) use plan::{Plan, Rows, fills};
#[cfg(feature = "encryption")]
pub use rotation::{Rotated, Rotation, RotationProgress, Unopened, UnopenedReason};
pub use select::{Projected, Selected};
pub use stream::Stream;

use crate::backend::Seam;
use crate::error::{Error, Result};
use crate::graph::Handle;
use crate::open_graph::OpenGraph;
use crate::read::{self, Edge, Node};
use crate::statement::Statement;
use crate::vocabulary::Vocabulary;

/// What the rows of a query are read as: [`Node`] or [`Edge`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::GraphConnection;
/// use metagraph::query::{Answer, Query};
///
/// fn newest<A: Answer>(query: Query<'_, A>, conn: &mut impl GraphConnection) -> metagraph::Result<Option<A>> {
///     query.sorted(metagraph::query::id().desc()).first(conn)
/// }
///
/// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
/// assert_eq!(newest(graph.nodes::<Package>(), &mut conn)?.unwrap().key, "serde");
/// assert!(newest(graph.edges::<DependsOn>(), &mut conn)?.is_none());
/// # Ok(())
/// # }
/// ```
pub trait Answer: private::Answer {
    /// The node type, union or edge type that is asked for.
    type Of: 'static;

    /// The handle of a row.
    type Id: Handle<Of = Self::Of>;
}

impl<N: NodeSet> Answer for Node<N> {
    type Of = N;
    type Id = NodeId<N>;
}

impl<E: EdgeType> Answer for Edge<E> {
    type Of = E;
    type Id = EdgeId<E>;
}

pub(crate) mod private {
    use diesel::deserialize;
    use diesel::row::Row;

    use super::{Edge, EdgeType, Node, NodeSet, Result, Rows, Seam, Vocabulary, read};

    /// The inner side of an answer.
    pub trait Answer: Sized + 'static {
        const COLUMNS: &'static str;
        const WIDTH: usize;

        fn rows(vocabulary: &Vocabulary) -> Result<Rows>;

        fn name() -> String;

        fn read<'a, Db: Seam>(vocabulary: &Vocabulary, row: &impl Row<'a, Db>) -> deserialize::Result<Self>;
    }

    impl<N: NodeSet> Answer for Node<N> {
        const COLUMNS: &'static str = read::NODES;
        const WIDTH: usize = read::NODE_WIDTH;

        fn rows(vocabulary: &Vocabulary) -> Result<Rows> {
            Ok(Rows::Nodes(read::member_ids::<N>(vocabulary)?))
        }

        fn name() -> String {
            let names: Vec<_> = N::MEMBERS.iter().map(|member| member.element.name).collect();
            names.join(" or ")
        }

        fn read<'a, Db: Seam>(vocabulary: &Vocabulary, row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
            read::node(vocabulary, row, 0)
        }
    }

    impl<E: EdgeType> Answer for Edge<E> {
        const COLUMNS: &'static str = read::EDGES;
        const WIDTH: usize = read::EDGE_WIDTH;

        fn rows(vocabulary: &Vocabulary) -> Result<Rows> {
            Ok(Rows::Edges(vocabulary.edge(E::NAME)?.id))
        }

        fn name() -> String {
            E::NAME.to_owned()
        }

        fn read<'a, Db: Seam>(_: &Vocabulary, row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
            read::edge(row, 0)
        }
    }
}

/// A query for the nodes of a type or of a union; made by [`Graph::nodes`](crate::Graph::nodes).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::NodeQuery;
///
/// let popular: NodeQuery<'_, Package> = graph.nodes::<Package>().filter(|p| p.downloads.ge(1000));
/// assert_eq!(popular.count(&mut conn)?, 0);
/// # Ok(())
/// # }
/// ```
pub type NodeQuery<'g, N> = Query<'g, Node<N>>;

/// A query for the edges of a type; made by [`Graph::edges`](crate::Graph::edges).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::EdgeQuery;
///
/// let optional: EdgeQuery<'_, DependsOn> = graph.edges::<DependsOn>().filter(|needs| needs.optional.eq(true));
/// assert_eq!(optional.count(&mut conn)?, 0);
/// # Ok(())
/// # }
/// ```
pub type EdgeQuery<'g, E> = Query<'g, Edge<E>>;

/// A query for nodes or edges: filtered, ordered and bounded, and then read by one of its last verbs.
///
/// Rows come in the order that was asked for, and the oldest first where that leaves it open.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// graph.insert(&mut conn, &package("serde"))?;
/// graph.insert(&mut conn, &Person { name: "Mara".into() })?;
/// for node in graph.nodes::<Anything>().load(&mut conn)? {
///     match node.value {
///         Anything::Package(package) => assert_eq!(package.id, "serde"),
///         Anything::Person(person) => assert_eq!(person.name, "Mara"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a query does nothing until it is read"]
pub struct Query<'g, A> {
    plan: Result<Plan<'g>>,
    of: PhantomData<fn() -> A>,
}

impl<A> fmt::Debug for Query<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let graph = self.plan.as_ref().map(|plan| plan.graph.id).unwrap_or_default();
        f.debug_struct("Query").field("graph", &graph).finish_non_exhaustive()
    }
}

impl<'g, A: Answer> Query<'g, A> {
    pub(crate) fn new(graph: OpenGraph<'g>) -> Self {
        Self { plan: A::rows(graph.vocabulary).map(|rows| Plan::new(graph, rows)), of: PhantomData }
    }

    pub(crate) fn into_plan(self) -> Result<Plan<'g>> {
        self.plan
    }

    fn change(mut self, change: impl FnOnce(&mut Plan<'g>)) -> Self {
        if let Ok(plan) = &mut self.plan {
            change(plan);
        }
        self
    }

    fn at_most(self, limit: u32) -> Self {
        self.change(|plan| plan.limit = Some(plan.limit.map_or(limit, |known| known.min(limit))))
    }

    /// Only rows of which this holds; said again, all of it must hold.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert(&mut conn, &Package { id: "serde".into(), downloads: 1000 })?;
    /// graph.insert(&mut conn, &Package { id: "sad".into(), downloads: 1 })?;
    /// let popular = graph.nodes::<Package>().filter(|p| p.id.starts_with("s") & p.downloads.ge(100));
    /// assert_eq!(popular.load(&mut conn)?[0].value.id, "serde");
    /// # Ok(())
    /// # }
    /// ```
    pub fn filter(self, predicate: impl FnOnce(<A::Of as Element>::Fields) -> Predicate<A::Of>) -> Self
    where
        A::Of: Element,
    {
        self.matching(predicate(A::Of::F))
    }

    /// Only rows of which a predicate holds that is there as a value; the way to filter a union.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["serde", "syn"].map(package))?;
    /// graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// let serde = Package::F.id.eq("serde").within();
    /// let people = Person::F.name.is_not_null().within();
    /// assert_eq!(graph.nodes::<Anything>().matching(serde | people).count(&mut conn)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn matching(self, predicate: Predicate<A::Of>) -> Self {
        self.change(|plan| plan.filter(predicate.into_condition()))
    }

    /// Orders by a field, or by several in a list; said again, it decides where the order before left it open.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["serde", "app"].map(package))?;
    /// let by_name = graph.nodes::<Package>().order_by(|p| p.id.asc()).load(&mut conn)?;
    /// assert_eq!(by_name[0].key, "app");
    /// let by_fame = graph.nodes::<Package>().order_by(|p| [p.downloads.desc(), p.id.desc()]).load(&mut conn)?;
    /// assert_eq!(by_fame[0].key, "serde");
    /// # Ok(())
    /// # }
    /// ```
    pub fn order_by<I>(self, order: impl FnOnce(<A::Of as Element>::Fields) -> I) -> Self
    where
        A::Of: Element,
        I: IntoIterator<Item = Order<A::Of>>,
    {
        self.sorted(order(A::Of::F))
    }

    /// Orders by what is there as a value; the way to order a union.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::query;
    ///
    /// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
    /// let newest_first = graph.nodes::<Anything>().sorted(query::id().desc()).load(&mut conn)?;
    /// assert_eq!(newest_first[0].key, "serde");
    /// # Ok(())
    /// # }
    /// ```
    pub fn sorted(self, order: impl IntoIterator<Item = Order<A::Of>>) -> Self {
        self.change(|plan| plan.order_by(order.into_iter().map(Order::into_key)))
    }

    /// Reads at most this many.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
    /// assert_eq!(graph.nodes::<Package>().limit(2).load(&mut conn)?.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn limit(self, limit: u32) -> Self {
        self.change(|plan| plan.limit = Some(limit))
    }

    /// Leaves out the first ones. A page further on is found faster with [`Query::after`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
    /// assert_eq!(graph.nodes::<Package>().offset(2).load(&mut conn)?[0].key, "syn");
    /// # Ok(())
    /// # }
    /// ```
    pub fn offset(self, offset: u64) -> Self {
        self.change(|plan| plan.offset = offset)
    }

    fn planned(&self) -> Result<&Plan<'g>> {
        self.plan.as_ref().map_err(again)
    }
}

impl<A> Clone for Query<'_, A> {
    fn clone(&self) -> Self {
        let plan = match &self.plan {
            Ok(plan) => Ok(plan.clone()),
            Err(error) => Err(again(error)),
        };
        Self { plan, of: PhantomData }
    }
}

/// The error of a query that is asked a second time.
fn again(error: &Error) -> Error {
    let reason = match error {
        Error::InvalidQuery { reason } => reason.clone(),
        error => error.to_string(),
    };
    Error::InvalidQuery { reason }
}

/// The statement that reads the rows of a plan as an `A`.
fn statement<'a, A: Answer, Db: Seam>(plan: &Plan<'_>) -> Result<Statement<'a, Db>> {
    plan.ordered(plan.from(Statement::new(A::COLUMNS), &plan.order_sources())?)
}
