//! What a lock file says, as a graph type.

use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A package named in a lock file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Package {
    /// Name and version, and the source where these do not suffice.
    #[graph(key)]
    pub(crate) id: String,
    #[graph(index)]
    pub(crate) name: String,
    pub(crate) version: String,
    /// The registry or repository it comes from; none for a package of the workspace.
    pub(crate) source: Option<String>,
    pub(crate) checksum: Option<String>,
}

/// One package needs another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package))]
pub(crate) struct DependsOn;

/// Everything a lock file says.
///
/// It is not `acyclic`: a lock file does not tell tests' dependencies from others, and those may lead back.
#[derive(Debug, GraphType)]
#[graph(name = "cargo-lock", directed, self_loops)]
pub(crate) enum Dependencies {
    Package(Package),
    DependsOn(DependsOn),
}
