//! Which way edges are followed, and what rustc checks about it.

use metagraph_core::Joins;

pub(crate) use metagraph_core::query::source::Way;

/// The direction of [`Start::out`](super::Start::out): from source to target.
#[derive(Debug, Clone, Copy)]
pub struct Out;

/// The direction of [`Start::in_`](super::Start::in_): from target to source.
#[derive(Debug, Clone, Copy)]
pub struct In;

/// The direction of [`Start::both`](super::Start::both): either way.
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
