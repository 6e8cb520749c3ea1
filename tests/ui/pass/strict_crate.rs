//! A whole crate under strict lints, with everything public.
#![forbid(missing_docs, missing_debug_implementations, unreachable_pub, unnameable_types, unsafe_code)]
#![deny(warnings, unused_qualifications, unused_lifetimes, elided_lifetimes_in_paths)]

use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A node.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub struct Package {
    /// The key.
    #[graph(key)]
    pub id: String,
    name: String,
}

/// An edge.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = crate::Package))]
pub struct Needs {
    /// Whether it can be left out.
    pub optional: bool,
}

/// A union.
#[derive(Debug, GraphType)]
#[graph(union)]
pub enum Any {
    /// The only one.
    Package(Package),
}

/// A graph type.
#[derive(Debug, GraphType)]
#[graph(name = "dependencies")]
pub enum Dependencies {
    /// The node.
    Package(Package),
    /// The edge.
    Needs(Needs),
}

/// Another.
#[derive(Debug, GraphType)]
#[graph(name = "everything")]
pub enum Everything {
    /// The import.
    #[graph(import)]
    Dependencies(Dependencies),
}

fn main() {}
