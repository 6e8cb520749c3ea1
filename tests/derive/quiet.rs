//! Generated code is silent under strict lints, and takes no name from where it stands.

/// A user's crate that denies everything.
mod strict {
    #![deny(
        warnings,
        missing_docs,
        missing_debug_implementations,
        unreachable_pub,
        unnameable_types,
        unused_qualifications,
        single_use_lifetimes,
        unused_results,
        clippy::all,
        clippy::pedantic,
        clippy::allow_attributes_without_reason
    )]

    use metagraph::GraphType;
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    /// A node whose fields nobody reads.
    #[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node, renamed_from = "loud", upgrade = shouted, upgrade = <Quiet as TryFrom<u32>>::try_from)]
    pub(crate) struct Quiet {
        #[graph(key, renamed_from = "name", renamed_value(from = "a", to = "b"))]
        id: String,
        /// Public.
        pub count: u32,
        #[graph(index)]
        pub(crate) r#type: Option<String>,
    }

    fn shouted(id: String) -> Quiet {
        Quiet { id, count: 0, r#type: None }
    }

    impl TryFrom<u32> for Quiet {
        type Error = std::fmt::Error;

        fn try_from(count: u32) -> Result<Self, Self::Error> {
            Ok(Self { id: String::new(), count, r#type: None })
        }
    }

    impl Quiet {
        /// Methods may be named like fields.
        pub(crate) fn id(&self) -> &str {
            &self.id
        }
    }

    /// An edge.
    #[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(edge(from = Either, to(Quiet, Other)))]
    pub(crate) struct Link;

    /// Another node.
    #[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node)]
    pub(crate) struct Other {}

    /// Some of a node.
    #[derive(Debug, GraphType)]
    #[graph(projection(of = Quiet))]
    pub(crate) struct Some {
        /// Public.
        pub count: u32,
        /// Like nothing that generated code says.
        pub(crate) r#type: Option<String>,
        #[graph(from = "type")]
        pub(crate) __fields: Option<String>,
    }

    /// A union whose variants nobody reads.
    #[derive(GraphType)]
    #[graph(union)]
    enum Either {
        Quiet(Quiet),
        Other(Other),
    }

    /// A graph type whose variants nobody makes or reads.
    #[derive(GraphType)]
    #[graph(name = "quiet")]
    pub(crate) enum QuietGraph {
        Quiet(Quiet),
        Other(Other),
        Link(Link),
    }

    /// One more.
    #[derive(GraphType)]
    #[graph(name = "outer")]
    pub(crate) enum Outer {
        #[graph(import)]
        Quiet(QuietGraph),
    }
}

/// No prelude, so every name in generated code must be a path.
#[no_implicit_prelude]
mod bare {
    #[derive(::std::fmt::Debug, ::serde::Serialize, ::serde::Deserialize, ::metagraph::GraphType)]
    #[graph(node, name = "bare")]
    pub(crate) struct Node {
        #[graph(key)]
        pub(crate) id: ::std::string::String,
    }

    #[derive(::std::fmt::Debug, ::serde::Serialize, ::serde::Deserialize, ::metagraph::GraphType)]
    #[graph(edge(from = Node, to(self::Node, super::strict::Other)), unique)]
    #[graph(renamed_from = "line", upgrade = Edge::from_node, upgrade = self::Edge::from_other)]
    pub(crate) struct Edge;

    impl Edge {
        fn from_node(_: Node) -> Self {
            Self
        }

        fn from_other(_: super::strict::Other) -> Self {
            Self
        }
    }

    #[derive(::metagraph::GraphType)]
    #[graph(projection(of = self::Node))]
    pub(crate) struct Part {
        pub(crate) id: ::std::string::String,
    }

    #[derive(::metagraph::GraphType)]
    #[graph(union)]
    pub(crate) enum Set {
        Node(Node),
    }

    #[derive(::metagraph::GraphType)]
    #[graph(name = "bare")]
    pub(crate) enum Graph {
        Node(Node),
        Other(super::strict::Other),
        Edge(Edge),
    }

    #[derive(::metagraph::GraphType)]
    #[graph(name = "around")]
    pub(crate) enum Around {
        #[graph(import)]
        Graph(Graph),
    }
}

/// The derive of schemars needs a prelude, so these two are written by hand.
mod bare_schemas {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator};

    macro_rules! any_object {
        ($($name:ident)*) => { $(
            impl JsonSchema for super::bare::$name {
                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    schemars::json_schema!({"type": "object"})
                }
            }
        )* };
    }

    any_object! { Node Edge }
}

/// User types that shadow the prelude and the names that a macro might reach for.
mod shadowed {
    #![allow(dead_code, non_camel_case_types, reason = "only the names matter")]

    struct Result;
    struct Option;
    struct Vec;
    struct Some;
    struct None;
    struct Ok;
    struct Err;
    mod core {}
    mod std {}
    mod metagraph {}
    #[allow(unused_macros, reason = "only its name matters")]
    macro_rules! assert {
        () => {};
    }
    trait Element {}
    trait Clone {}

    #[derive(::serde::Serialize, ::serde::Deserialize, ::schemars::JsonSchema, ::metagraph::GraphType)]
    #[graph(node)]
    pub(crate) struct String {
        #[graph(unique = "pair")]
        name: u32,
        #[graph(unique = "pair")]
        value: u32,
        #[graph(index)]
        decode: u8,
        #[graph(key)]
        key: u64,
    }

    #[derive(::metagraph::GraphType)]
    #[graph(projection(of = String))]
    pub(crate) struct Vec2 {
        value: u32,
        decode: u8,
    }

    #[derive(::metagraph::GraphType)]
    #[graph(version = 2)]
    pub(crate) enum Member {
        Node(String),
    }
}

/// Names of the parameters and locals of generated code, and fields that name their own type.
mod homonyms {
    #![allow(dead_code, non_upper_case_globals, non_camel_case_types, reason = "only the names matter")]

    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    struct name;
    static attributes: u8 = 0;
    const member: u8 = 0;
    static value: u8 = 0;

    #[derive(Serialize, Deserialize, JsonSchema, metagraph::GraphType)]
    #[graph(node)]
    pub(crate) struct S {
        pub(crate) children: Vec<Self>,
        pub(crate) parts: Option<(Box<Self>, [u8; 2])>,
    }

    #[derive(Serialize, Deserialize, JsonSchema, metagraph::GraphType)]
    #[graph(node)]
    pub(crate) struct By {}

    #[derive(Serialize, Deserialize, JsonSchema, metagraph::GraphType)]
    #[graph(edge(from = S, to = By))]
    pub(crate) struct T {}

    #[derive(metagraph::GraphType)]
    #[graph(projection(of = S))]
    pub(crate) struct O {
        pub(crate) children: Vec<S>,
    }

    #[derive(metagraph::GraphType)]
    #[graph(union)]
    pub(crate) enum M {
        S(S),
        By(By),
    }

    #[derive(metagraph::GraphType)]
    #[graph(name = "homonyms")]
    pub(crate) enum G {
        By(By),
        S(S),
        T(T),
    }
}

/// Primitive names can be taken too; the other derives allow that only where they are not used.
mod primitives {
    #![allow(dead_code, non_camel_case_types, reason = "only the names matter")]

    struct bool;
    struct str;
    struct usize;
    struct u32;

    #[derive(::metagraph::GraphType)]
    #[graph(union)]
    pub(crate) enum Set {
        Node(super::bare::Node),
    }

    #[derive(::metagraph::GraphType)]
    #[graph(version = 2)]
    pub(crate) enum Graph {
        Node(super::bare::Node),
    }
}

mod renamed {
    mod graphs {
        #[doc(hidden)]
        pub(crate) use ::metagraph::__private;
        pub(crate) use ::metagraph::*;
    }

    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize, JsonSchema, graphs::GraphType)]
    #[graph(node, crate = "graphs")]
    pub(crate) struct Node {
        pub(crate) id: String,
    }

    #[derive(Serialize, Deserialize, JsonSchema, graphs::GraphType)]
    #[graph(edge(from = Node, to = Node))]
    #[graph(crate = "self::graphs")]
    pub(crate) struct Edge {}

    #[derive(graphs::GraphType)]
    #[graph(projection(of = Node), crate = "graphs")]
    pub(crate) struct Part {
        pub(crate) id: String,
    }

    #[derive(graphs::GraphType)]
    #[graph(union, crate = "crate::quiet::renamed::graphs")]
    pub(crate) enum Set {
        Node(Node),
    }

    #[derive(graphs::GraphType)]
    #[graph(crate = "graphs", name = "renamed")]
    pub(crate) enum Graph {
        Node(Node),
        Edge(Edge),
    }
}

/// That the fields of a projection are never read is said as of any struct, so they are read.
fn count_values(some: &strict::Some, bare: &bare::Part, renamed: &renamed::Part) -> usize {
    let texts = [some.r#type.as_deref(), some.__fields.as_deref(), Some(&bare.id), Some(&renamed.id)];
    texts.into_iter().flatten().count() + usize::from(some.count > 0)
}

fn projects<O, P: metagraph::query::Projection<O>>(fields: usize) {
    use metagraph::query::Selection;

    assert_eq!(P::fields().sources().len(), fields);
}

#[test]
fn strict_bare_shadowed_and_renamed_types_work() {
    use metagraph::{Element, GraphType, NodeSet};

    let quiet: strict::Quiet = serde_json::from_str(r#"{"id": "q", "count": 1, "type": null}"#).unwrap();
    assert_eq!((quiet.id(), quiet.count), ("q", 1));
    assert_eq!(quiet.key().unwrap().unwrap().as_str(), "q");
    assert_eq!(strict::Quiet::F.r#type.name(), Some("type"));
    assert_eq!(strict::Outer::DEFINITION.members.len(), 1);
    assert_eq!(bare::Around::DEFINITION.name, "around");
    assert_eq!(bare::Set::MEMBERS.len(), 1);
    assert_eq!(shadowed::Member::DEFINITION.version, 2);
    assert_eq!(shadowed::String::NAME, "string");
    assert_eq!((primitives::Graph::DEFINITION.version, primitives::Set::MEMBERS.len()), (2, 1));
    let _: metagraph::Field<homonyms::S, Vec<homonyms::S>> = homonyms::S::F.children;
    assert_eq!((homonyms::G::DEFINITION.members.len(), homonyms::M::MEMBERS.len()), (3, 2));
    assert_eq!(renamed::Graph::DEFINITION.name, "renamed");
    assert_eq!(renamed::Set::MEMBERS.len(), 1);
    let some = strict::Some { count: 1, r#type: None, __fields: Some(String::new()) };
    let (bare, renamed) = (bare::Part { id: String::new() }, renamed::Part { id: String::new() });
    assert_eq!(count_values(&some, &bare, &renamed), 4);
    projects::<strict::Quiet, strict::Some>(3);
    projects::<bare::Node, bare::Part>(1);
    projects::<shadowed::String, shadowed::Vec2>(2);
    projects::<homonyms::S, homonyms::O>(1);
    projects::<renamed::Node, renamed::Part>(1);
    assert_eq!((renamed::Edge::NAME, bare::Edge::NAME), ("edge", "edge"));
}
