//! Which way edges are followed, and what rustc checks about it.

use metagraph_core::Joins;

pub(crate) use metagraph_core::query::source::Way;

/// The direction of [`Start::out`](super::Start::out): from source to target.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{Hop, Out};
///
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// let hop: Hop<'_, Packages, _, Package, DependsOn, Out> = graph.from(serde).out();
/// assert_eq!(hop.count_edges(&mut conn)?, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Out;

/// The direction of [`Start::in_`](super::Start::in_): from target to source.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{Hop, In};
///
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// let hop: Hop<'_, Packages, _, Package, DependsOn, In> = graph.from(serde).in_();
/// assert_eq!(hop.count_edges(&mut conn)?, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct In;

/// The direction of [`Start::both`](super::Start::both): either way.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{Both, Hop};
///
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// let hop: Hop<'_, Packages, _, Package, DependsOn, Both> = graph.from(serde).both();
/// assert_eq!(hop.count_edges(&mut conn)?, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Both;

/// Following the edge types `E` this way leads from a `S` to a `T`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{In, Leads, Out};
///
/// fn leads<D: Leads<E, S, T>, E, S, T>() {}
///
/// leads::<Out, Maintains, Person, Package>();
/// leads::<In, Maintains, Package, Person>();
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{E}` does not lead from `{S}` to `{T}` in this direction",
    label = "no such hop",
    note = "`{E}` lists what it connects in `#[graph(edge(from = .., to = ..))]`"
)]
pub trait Leads<E, S, T> {}

#[diagnostic::do_not_recommend]
impl<E: Joins<S, T>, S, T> Leads<E, S, T> for Out {}

#[diagnostic::do_not_recommend]
impl<E: Joins<T, S>, S, T> Leads<E, S, T> for In {}

#[diagnostic::do_not_recommend]
impl<E: Joins<S, T> + Joins<T, S>, S, T> Leads<E, S, T> for Both {}
