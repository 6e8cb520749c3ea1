//! Every option is found in the constant data.

use metagraph::definition::{Direction, OnDelete, Parallel, Scope, Shape};
use metagraph::{EdgeType, Element, GraphType, NodeType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! node {
    ($name:ident $(, $option:ident $(= $value:expr)?)*) => {
        #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(node $(, $option $(= $value)?)*)]
        struct $name {}
    };
}

macro_rules! edge {
    ($name:ident: $($option:ident $(= $value:expr)?),*) => {
        #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Plain, to = Plain), $($option $(= $value)?),*)]
        struct $name;
    };
}

macro_rules! graph {
    ($name:ident: $($option:ident $(= $value:expr)?),*) => {
        #[derive(GraphType)]
        #[graph($($option $(= $value)?),*)]
        enum $name {
            Plain(Plain),
        }
    };
}

node!(Plain);
node!(HTTPRoute);
node!(Guarded, on_delete = restrict);
node!(Swept, on_delete = cascade, name = "swept-1.0");

edge!(Many: multi);
edge!(Few: unique, one_out, one_in);
edge!(Both: undirected, name = "both");
edge!(Tree: acyclic);

graph!(Everything: mixed, multi, self_loops, version = 7, scope = user);
graph!(Strict: directed, simple, acyclic, scope = tenant);
graph!(Loose: undirected, scope = system);

/// Types and literals that reach the derive as fragments of another macro.
macro_rules! fragments {
    ($node:ty, $other:ty, $name:literal) => {
        #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from($node, $other), to = $node), name = $name)]
        struct Fragment;

        #[derive(GraphType)]
        #[graph(name = $name)]
        enum Fragments {
            Node($node),
            Other($other),
            Edge(Fragment),
        }
    };
}

fragments!(Plain, Guarded, "frag");

#[test]
fn options_of_a_node_type() {
    assert_eq!(Plain::DEFINITION.on_delete, OnDelete::Cascade);
    assert_eq!(Plain::DEFINITION.element.shape, Shape::Object);
    assert_eq!(Guarded::DEFINITION.on_delete, OnDelete::Restrict);
    assert_eq!(Swept::DEFINITION.on_delete, OnDelete::Cascade);
    assert_eq!((Swept::NAME, HTTPRoute::NAME), ("swept-1.0", "http_route"));
}

#[test]
fn options_of_an_edge_type() {
    assert_eq!(Many::DEFINITION.rules.parallel, Some(Parallel::Multi));
    let few = Few::DEFINITION.rules;
    assert_eq!(few.parallel, Some(Parallel::Unique));
    assert!(few.one_out && few.one_in && !few.undirected && !few.acyclic);
    let (both, tree) = (Both::DEFINITION.rules, Tree::DEFINITION.rules);
    assert!(both.undirected && !both.acyclic);
    assert!(tree.acyclic && tree.parallel.is_none());
}

#[test]
fn options_of_a_graph_type() {
    let everything = Everything::DEFINITION;
    assert_eq!((everything.name, everything.version, everything.scope), ("everything", 7, Scope::User));
    assert_eq!((everything.rules.direction, everything.rules.parallel), (Direction::Mixed, Parallel::Multi));
    assert!(everything.rules.self_loops && !everything.rules.simple && !everything.rules.acyclic);
    let strict = Strict::DEFINITION;
    assert_eq!((strict.version, strict.scope, strict.rules.direction), (1, Scope::Tenant, Direction::Directed));
    assert!(strict.rules.simple && strict.rules.acyclic && !strict.rules.self_loops);
    assert_eq!((Fragments::DEFINITION.name, Fragment::NAME), ("frag", "frag"));
    assert_eq!(Loose::DEFINITION.rules.direction, Direction::Undirected);
}
