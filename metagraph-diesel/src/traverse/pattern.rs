//! What a traversal is made of, as types: so that its rows are typed, and that what has no rows does not compile.

use std::marker::PhantomData;

use diesel::deserialize;
use diesel::row::Row;
use metagraph_core::{EdgeType, NodeSet};

use crate::backend::Seam;
use crate::read::{self, Edge, Node};
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

/// A traversal with one row for every way through it: each hop is made once, along one edge type.
///
/// A row is a tuple: the node where it begins, and for every hop the edge and the node it leads to, in an `Option` where
/// the hop is optional.
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
pub trait Pattern {
    /// What a row is read as.
    type Row;

    #[doc(hidden)]
    fn read<'a, Db: Seam>(
        vocabulary: &Vocabulary,
        row: &impl Row<'a, Db>,
        at: &mut usize,
    ) -> deserialize::Result<Self::Row>;
}

#[diagnostic::do_not_recommend]
impl<S: NodeSet> Pattern for Begin<S> {
    type Row = (Node<S>,);

    fn read<'a, Db: Seam>(
        vocabulary: &Vocabulary,
        row: &impl Row<'a, Db>,
        at: &mut usize,
    ) -> deserialize::Result<Self::Row> {
        let node = read::node(vocabulary, row, *at)?;
        *at += read::NODE_WIDTH;
        Ok((node,))
    }
}

#[diagnostic::do_not_recommend]
impl<P, E, T> Pattern for Then<P, E, T>
where
    P: Pattern,
    P::Row: Append<(Edge<E>, Node<T>)>,
    E: EdgeType,
    T: NodeSet,
{
    type Row = <P::Row as Append<(Edge<E>, Node<T>)>>::Longer;

    fn read<'a, Db: Seam>(
        vocabulary: &Vocabulary,
        row: &impl Row<'a, Db>,
        at: &mut usize,
    ) -> deserialize::Result<Self::Row> {
        let before = P::read(vocabulary, row, at)?;
        Ok(before.append(hop(vocabulary, row, at)?))
    }
}

#[diagnostic::do_not_recommend]
impl<P, E, T> Pattern for Maybe<P, E, T>
where
    P: Pattern,
    P::Row: Append<Option<(Edge<E>, Node<T>)>>,
    E: EdgeType,
    T: NodeSet,
{
    type Row = <P::Row as Append<Option<(Edge<E>, Node<T>)>>>::Longer;

    fn read<'a, Db: Seam>(
        vocabulary: &Vocabulary,
        row: &impl Row<'a, Db>,
        at: &mut usize,
    ) -> deserialize::Result<Self::Row> {
        let before = P::read(vocabulary, row, at)?;
        let found = record::optional_integer::<Db>(row, *at)?.is_some();
        if found {
            return Ok(before.append(Some(hop(vocabulary, row, at)?)));
        }
        *at += read::EDGE_WIDTH + read::NODE_WIDTH;
        Ok(before.append(None))
    }
}

fn hop<'a, Db: Seam, E: EdgeType, T: NodeSet>(
    vocabulary: &Vocabulary,
    row: &impl Row<'a, Db>,
    at: &mut usize,
) -> deserialize::Result<(Edge<E>, Node<T>)> {
    let edge = read::edge(row, *at)?;
    *at += read::EDGE_WIDTH;
    let node = read::node(vocabulary, row, *at)?;
    *at += read::NODE_WIDTH;
    Ok((edge, node))
}

/// A tuple that can have one more.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::Append;
///
/// fn longer<T: Append<u8, Longer = (char, bool, u8)>>() {}
/// longer::<(char, bool)>();
/// # Ok(())
/// # }
/// ```
pub trait Append<X> {
    /// The tuple with one more.
    type Longer;

    #[doc(hidden)]
    fn append(self, last: X) -> Self::Longer;
}

macro_rules! appends {
    ($($($name:ident)+;)+) => {
        $(impl<$($name,)+ X> Append<X> for ($($name,)+) {
            type Longer = ($($name,)+ X);

            fn append(self, last: X) -> Self::Longer {
                #[allow(non_snake_case, reason = "each is named after its type")]
                let ($($name,)+) = self;
                ($($name,)+ last)
            }
        })+
    };
}

appends! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
}
