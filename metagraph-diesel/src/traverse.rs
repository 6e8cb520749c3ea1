//! Traversals: where to start, along which edges, to what, how far.
//!
//! A traversal is read from left to right and is typed at every step: what an edge type does not connect does not
//! compile. [`Graph::from`](crate::Graph::from) begins one. Questions about a whole graph, such as its topological
//! order, are methods of [`Graph`](crate::Graph).
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
//! # fn main() -> metagraph::Result<()> {
//! # let (mut conn, graph) = example()?;
//! let nodes: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "itoa"].map(package))?;
//! let (app, serde, itoa) = (nodes[0], nodes[1], nodes[2]);
//! graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
//! graph.connect(&mut conn, serde, itoa, &DependsOn { optional: false })?;
//!
//! let reached = graph.from(app).out::<DependsOn>().to::<Package>().depth(1..=8).load(&mut conn)?;
//! let reached: Vec<_> = reached.iter().map(|reached| (reached.depth, reached.key.as_str())).collect();
//! assert_eq!(reached, [(1, "serde"), (2, "itoa")]);
//! # Ok(())
//! # }
//! ```

mod answers;
mod append;
mod chain;
mod closed;
mod closure;
mod distance;
mod each;
mod expand;
mod form;
mod hop;
mod lightest;
mod neighbours;
mod paths;
mod pattern;
mod rows;
mod shortest;
mod start;
mod subgraph;
mod traversal;
mod way;
mod ways;

pub use answers::Reached;
pub use append::Append;
pub(crate) use chain::of_edge_types;
pub use closure::{Between, Closed, Closure, Meeting};
pub use form::{Form, Values, Whole};
pub use hop::Hop;
pub use paths::Path;
pub use pattern::{Arrives, Begin, Far, Hopped, LastHop, Maybe, OneStep, Pattern, Then};
pub use rows::Rows;
pub use start::Start;
pub use subgraph::Subgraph;
pub use traversal::Traversal;
pub use way::{Both, In, Leads, Out};

/// Types that a value is about, and holds none of.
type Marker<T> = std::marker::PhantomData<fn() -> T>;
