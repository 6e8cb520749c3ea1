// What the examples of this crate's documentation are about, included by their hidden first line: what the derive makes
// of two small types, written out, since this crate must not need the derive.
#[allow(dead_code, unused_imports, reason = "not every example uses every type")]
mod packages {
    use metagraph_core::definition::*;
    use metagraph_core::{
        Connects, Contains, EdgeType, Element, EndsAt, Field, GraphType, InvalidKey, Key, Keyed, MemberOf, NodeSet,
        NodeType, StartsAt,
    };
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    /// A package named in a lock file.
    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub struct Package {
        pub id: String,
        pub downloads: u32,
    }

    pub struct PackageFields {
        pub id: Field<Package, String>,
        pub downloads: Field<Package, u32>,
    }

    impl Element for Package {
        const NAME: &'static str = "package";
        const MEMBER: Member = Member::Node(&Self::DEFINITION);
        type Fields = PackageFields;
        const F: PackageFields = PackageFields { id: Field::new("id"), downloads: Field::new("downloads") };

        fn key(&self) -> Result<Option<Key>, InvalidKey> {
            Key::of("id", &self.id).map(Some)
        }
    }

    impl NodeType for Package {
        const DEFINITION: NodeDefinition = NodeDefinition {
            element: ElementDefinition {
                name: Self::NAME,
                shape: Shape::Object,
                fields: &[
                    FieldDefinition { name: "id", rust_name: "id", sealed: false, written_otherwise: false },
                    FieldDefinition { name: "downloads", rust_name: "downloads", sealed: false, written_otherwise: false },
                ],
                key: Some("id"),
                indexes: &[],
                schema: metagraph_core::__private::schema_of::<Self>,
                rust_type: std::any::type_name::<Self>,
                past: Past::NONE,
            },
            on_delete: OnDelete::Cascade,
        };
    }

    impl NodeSet for Package {
        const MEMBERS: &'static [&'static NodeDefinition] = &[&<Self as NodeType>::DEFINITION];

        fn decode(name: &str, attributes: &str) -> serde_json::Result<Self> {
            metagraph_core::__private::decode_node(name, attributes)
        }
    }

    impl MemberOf<Self> for Package {}
    impl Keyed for Package {}

    /// One package needs another.
    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub struct DependsOn {
        pub optional: bool,
    }

    pub struct DependsOnFields {
        pub optional: Field<DependsOn, bool>,
    }

    impl Element for DependsOn {
        const NAME: &'static str = "depends_on";
        const MEMBER: Member = Member::Edge(&Self::DEFINITION);
        type Fields = DependsOnFields;
        const F: DependsOnFields = DependsOnFields { optional: Field::new("optional") };
    }

    impl EdgeType for DependsOn {
        const DEFINITION: EdgeDefinition = EdgeDefinition {
            element: ElementDefinition {
                name: Self::NAME,
                shape: Shape::Object,
                fields: &[FieldDefinition { name: "optional", rust_name: "optional", sealed: false, written_otherwise: false }],
                key: None,
                indexes: &[],
                schema: metagraph_core::__private::schema_of::<Self>,
                rust_type: std::any::type_name::<Self>,
                past: Past::NONE,
            },
            from: &[Package::MEMBERS],
            to: &[Package::MEMBERS],
            rules: EdgeRules { parallel: None, one_out: false, one_in: false, undirected: false, acyclic: true },
        };
    }

    impl Connects<Package, Package> for DependsOn {}
    impl StartsAt<Package> for DependsOn {}
    impl EndsAt<Package> for DependsOn {}

    /// Everything a lock file says.
    #[derive(Debug, PartialEq)]
    pub enum Packages {
        Package(Package),
        DependsOn(DependsOn),
    }

    impl GraphType for Packages {
        const DEFINITION: GraphDefinition = GraphDefinition {
            name: "packages",
            version: 1,
            scope: Scope::System,
            rules: GraphRules {
                direction: Direction::Directed,
                parallel: Parallel::Unique,
                simple: false,
                self_loops: true,
                acyclic: false,
            },
            members: &[Package::MEMBER, DependsOn::MEMBER],
            description: "Everything a lock file says.",
            rust_type: std::any::type_name::<Self>,
        };

        fn decode(name: &str, attributes: &str) -> Option<serde_json::Result<Self>> {
            match name {
                Package::NAME => Some(serde_json::from_str(attributes).map(Self::Package)),
                DependsOn::NAME => Some(serde_json::from_str(attributes).map(Self::DependsOn)),
                _ => None,
            }
        }
    }

    impl Contains<Package> for Packages {}
    impl Contains<DependsOn> for Packages {}
}
#[allow(unused_imports, reason = "not every example uses every type")]
use packages::{DependsOn, Package, Packages};
