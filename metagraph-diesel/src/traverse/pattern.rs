//! What a traversal is made of, as types: so that its rows are typed, and that what has no rows does not compile.

use std::marker::PhantomData;

use diesel::deserialize;
use diesel::row::Row;
use metagraph_core::{EdgeType, NodeSet};

use super::append::Append;
use super::form::{Form, Whole};
use crate::backend::Seam;
use crate::record;
use crate::vocabulary::Vocabulary;

/// The beginning of a traversal, at nodes of the type or union `S`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{Begin, Then, Traversal};
///
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// let needed: Traversal<'_, Packages, Then<Begin<Package>, DependsOn, Package>> =
///     graph.from(app).out::<DependsOn>().to::<Package>();
/// assert_eq!(needed.count(&mut conn)?, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Begin<S>(PhantomData<fn() -> S>);

/// One hop along `E` to a `T`, after `P`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{Begin, Then, Traversal};
///
/// type Needed<'g> = Traversal<'g, Packages, Then<Begin<Package>, DependsOn, Package>>;
///
/// fn needed(graph: &Graph<Packages>, package: NodeId<Package>) -> Needed<'_> {
///     graph.from(package).out::<DependsOn>().to::<Package>()
/// }
///
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// assert!(!needed(&graph, app).exists(&mut conn)?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Then<P, E, T>(PhantomData<fn(P, E) -> T>);

/// One hop along `E` to a `T`, after `P`, where there is one.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{Begin, Maybe, Traversal};
///
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// let needed: Traversal<'_, Packages, Maybe<Begin<Package>, DependsOn, Package>> =
///     graph.from(app).out::<DependsOn>().to::<Package>().optional();
/// assert_eq!(needed.rows().load(&mut conn)?[0].1, None);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Maybe<P, E, T>(PhantomData<fn(P, E) -> T>);

/// Several hops along `E` to a `T`, after `P`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{Begin, Far, Traversal};
///
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// let needed: Traversal<'_, Packages, Far<Begin<Package>, DependsOn, Package>> =
///     graph.from(app).out::<DependsOn>().to::<Package>().depth(1..);
/// assert_eq!(needed.count(&mut conn)?, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Far<P, E, T>(PhantomData<fn(P, E) -> T>);

/// A traversal that made a hop.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{Begin, Hopped, Then};
///
/// fn leads_to_packages<P: Hopped<Edges = DependsOn, Node = Package>>() {}
/// leads_to_packages::<Then<Begin<Package>, DependsOn, Package>>();
/// # Ok(())
/// # }
/// ```
pub trait Hopped {
    /// The edge types of the last hop.
    type Edges;
    /// What the last hop leads to.
    type Node;
}

impl<P, E, T> Hopped for Then<P, E, T> {
    type Edges = E;
    type Node = T;
}

impl<P, E, T> Hopped for Maybe<P, E, T> {
    type Edges = E;
    type Node = T;
}

impl<P, E, T> Hopped for Far<P, E, T> {
    type Edges = E;
    type Node = T;
}

/// A traversal whose last hop is not optional, so that it leads to nodes.
#[diagnostic::on_unimplemented(
    message = "this traversal ends with an optional hop, and leads to no set of nodes",
    label = "the last hop is `optional`",
    note = "ask for its `rows`, where what has no such hop stays; or leave `optional` out"
)]
pub trait Arrives: Hopped {}

impl<P, E, T> Arrives for Then<P, E, T> {}

impl<P, E, T> Arrives for Far<P, E, T> {}

/// A traversal of one step, which can be repeated until it arrives.
#[diagnostic::on_unimplemented(
    message = "a shortest path repeats one step, and this traversal has several",
    label = "this traversal has several steps",
    note = "name all edge types in one step, `both::<(A, B)>().to_any_of::<Union>()`, to find a way along any of them"
)]
pub trait OneStep: Arrives {}

impl<S, E, T> OneStep for Then<Begin<S>, E, T> {}

impl<S, E, T> OneStep for Far<Begin<S>, E, T> {}

/// The last hop of every way through a traversal, and nothing before it; made by
/// [`Rows::last_hop`](super::Rows::last_hop).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{Begin, LastHop, Pattern, Then};
/// use metagraph::{Edge, Node};
///
/// fn has_rows<P: Pattern<Row = (Edge<DependsOn>, Node<Package>)>>() {}
/// has_rows::<LastHop<Then<Begin<Package>, DependsOn, Package>>>();
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LastHop<P>(PhantomData<fn(P)>);

/// A traversal with one row for every way through it: each hop is made once, along one edge type.
///
/// A row is a tuple: the node where it begins, and for every hop the edge and the node it leads to, in an `Option` where
/// the hop is optional. In which form nodes and edges are read is up to `F`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{Begin, Maybe, Pattern, Then};
/// use metagraph::{Edge, Node};
///
/// type Row = (Node<Person>, (Edge<Maintains>, Node<Package>), Option<(Edge<DependsOn>, Node<Package>)>);
///
/// fn has_rows<P: Pattern<Row = Row>>() {}
/// has_rows::<Maybe<Then<Begin<Person>, Maintains, Package>, DependsOn, Package>>();
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "this traversal has no rows",
    label = "a hop is repeated, or follows several edge types at once",
    note = "`depth` repeats a hop: ask for `paths` instead, or write single hops one after the other"
)]
pub trait Pattern<F: Form = Whole> {
    /// What a row is read as.
    type Row;

    /// Whether the node where a way begins is read.
    #[doc(hidden)]
    const READS_BEGINNING: bool;

    /// Names the columns that are read: of the node before the first hop, and of so many hops.
    #[doc(hidden)]
    fn columns(columns: &mut Columns, hops: usize);

    #[doc(hidden)]
    fn read<'a, Db: Seam>(
        vocabulary: &Vocabulary,
        row: &impl Row<'a, Db>,
        at: &mut usize,
    ) -> deserialize::Result<Self::Row>;
}

/// A hop as it is read: the edge, and the node it leads to.
type Hop<F, E, T> = (<F as Form>::Edge<E>, <F as Form>::Node<T>);

/// The columns of a statement's rows, as text.
#[derive(Debug, Default)]
pub struct Columns(String);

impl Columns {
    /// Adds columns of the table with this alias.
    pub(super) fn add(&mut self, alias: &str, columns: &[&str]) {
        for column in columns {
            let separator = if self.0.is_empty() { "" } else { ", " };
            self.0.extend([separator, alias, ".", column]);
        }
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }

    fn hop<F: Form>(&mut self, hop: usize) {
        self.add(&format!("e{hop}"), F::EDGE);
        self.add(&format!("n{hop}"), F::NODE);
    }
}

#[diagnostic::do_not_recommend]
impl<F: Form, S: NodeSet> Pattern<F> for Begin<S> {
    type Row = (F::Node<S>,);

    const READS_BEGINNING: bool = true;

    fn columns(columns: &mut Columns, _: usize) {
        columns.add("n0", F::NODE);
    }

    fn read<'a, Db: Seam>(
        vocabulary: &Vocabulary,
        row: &impl Row<'a, Db>,
        at: &mut usize,
    ) -> deserialize::Result<Self::Row> {
        let node = F::node(vocabulary, row, *at)?;
        *at += F::NODE.len();
        Ok((node,))
    }
}

#[diagnostic::do_not_recommend]
impl<F, P, E, T> Pattern<F> for Then<P, E, T>
where
    F: Form,
    P: Pattern<F>,
    P::Row: Append<Hop<F, E, T>>,
    E: EdgeType,
    T: NodeSet,
{
    type Row = <P::Row as Append<Hop<F, E, T>>>::Longer;

    const READS_BEGINNING: bool = P::READS_BEGINNING;

    fn columns(columns: &mut Columns, hops: usize) {
        P::columns(columns, hops.saturating_sub(1));
        columns.hop::<F>(hops);
    }

    fn read<'a, Db: Seam>(
        vocabulary: &Vocabulary,
        row: &impl Row<'a, Db>,
        at: &mut usize,
    ) -> deserialize::Result<Self::Row> {
        let before = P::read(vocabulary, row, at)?;
        Ok(before.append(hop::<F, Db, E, T>(vocabulary, row, at)?))
    }
}

#[diagnostic::do_not_recommend]
impl<F, P, E, T> Pattern<F> for Maybe<P, E, T>
where
    F: Form,
    P: Pattern<F>,
    P::Row: Append<Option<Hop<F, E, T>>>,
    E: EdgeType,
    T: NodeSet,
{
    type Row = <P::Row as Append<Option<Hop<F, E, T>>>>::Longer;

    const READS_BEGINNING: bool = P::READS_BEGINNING;

    fn columns(columns: &mut Columns, hops: usize) {
        P::columns(columns, hops.saturating_sub(1));
        columns.hop::<F>(hops);
    }

    fn read<'a, Db: Seam>(
        vocabulary: &Vocabulary,
        row: &impl Row<'a, Db>,
        at: &mut usize,
    ) -> deserialize::Result<Self::Row> {
        let before = P::read(vocabulary, row, at)?;
        Ok(before.append(maybe_hop::<F, Db, E, T>(vocabulary, row, at)?))
    }
}

#[diagnostic::do_not_recommend]
impl<F, P, E, T> Pattern<F> for LastHop<Then<P, E, T>>
where
    F: Form,
    E: EdgeType,
    T: NodeSet,
{
    type Row = Hop<F, E, T>;

    const READS_BEGINNING: bool = false;

    fn columns(columns: &mut Columns, hops: usize) {
        columns.hop::<F>(hops);
    }

    fn read<'a, Db: Seam>(
        vocabulary: &Vocabulary,
        row: &impl Row<'a, Db>,
        at: &mut usize,
    ) -> deserialize::Result<Self::Row> {
        hop::<F, Db, E, T>(vocabulary, row, at)
    }
}

#[diagnostic::do_not_recommend]
impl<F, P, E, T> Pattern<F> for LastHop<Maybe<P, E, T>>
where
    F: Form,
    E: EdgeType,
    T: NodeSet,
{
    type Row = Option<Hop<F, E, T>>;

    const READS_BEGINNING: bool = false;

    fn columns(columns: &mut Columns, hops: usize) {
        columns.hop::<F>(hops);
    }

    fn read<'a, Db: Seam>(
        vocabulary: &Vocabulary,
        row: &impl Row<'a, Db>,
        at: &mut usize,
    ) -> deserialize::Result<Self::Row> {
        maybe_hop::<F, Db, E, T>(vocabulary, row, at)
    }
}

fn maybe_hop<'a, F: Form, Db: Seam, E: EdgeType, T: NodeSet>(
    vocabulary: &Vocabulary,
    row: &impl Row<'a, Db>,
    at: &mut usize,
) -> deserialize::Result<Option<Hop<F, E, T>>> {
    // The first column is the edge's id, in every form.
    if record::optional_integer::<Db>(row, *at)?.is_some() {
        return hop::<F, Db, E, T>(vocabulary, row, at).map(Some);
    }
    *at += F::EDGE.len() + F::NODE.len();
    Ok(None)
}

fn hop<'a, F: Form, Db: Seam, E: EdgeType, T: NodeSet>(
    vocabulary: &Vocabulary,
    row: &impl Row<'a, Db>,
    at: &mut usize,
) -> deserialize::Result<Hop<F, E, T>> {
    let edge = F::edge(row, *at)?;
    *at += F::EDGE.len();
    let node = F::node(vocabulary, row, *at)?;
    *at += F::NODE.len();
    Ok((edge, node))
}
