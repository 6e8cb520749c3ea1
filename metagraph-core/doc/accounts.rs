// Types with sealed attributes for the examples of `encryption`, as `packages.rs` has them without.
#[allow(dead_code, unused_imports, reason = "not every example uses every type")]
mod accounts {
    use metagraph_core::definition::*;
    use metagraph_core::encryption::{Encrypted, Findable};
    use metagraph_core::{Contains, Element, Field, GraphType, InvalidKey, Key, MemberOf, NodeSet, NodeType, SealedField};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub struct Account {
        pub name: String,
        pub token: Encrypted<String>,
        pub email: Encrypted<String, Findable>,
    }

    pub struct AccountFields {
        pub name: Field<Account, String>,
        pub token: SealedField<Account, Encrypted<String>>,
        pub email: SealedField<Account, Encrypted<String, Findable>>,
    }

    impl Element for Account {
        const NAME: &'static str = "account";
        const MEMBER: Member = Member::Node(&Self::DEFINITION);
        type Fields = AccountFields;
        const F: AccountFields = AccountFields {
            name: Field::new("name"),
            token: SealedField::new("token"),
            email: SealedField::new("email"),
        };

        fn key(&self) -> Result<Option<Key>, InvalidKey> {
            Key::of("name", &self.name).map(Some)
        }
    }

    impl NodeType for Account {
        const DEFINITION: NodeDefinition = NodeDefinition {
            element: ElementDefinition {
                name: Self::NAME,
                shape: Shape::Object,
                fields: &[
                    FieldDefinition { name: "name", rust_name: "name", sealed: false, written_otherwise: false },
                    FieldDefinition { name: "token", rust_name: "token", sealed: true, written_otherwise: false },
                    FieldDefinition { name: "email", rust_name: "email", sealed: true, written_otherwise: false },
                ],
                key: Some("name"),
                indexes: &[IndexDefinition { name: "email", fields: &["email"], unique: true }],
                schema: metagraph_core::__private::schema_of::<Self>,
                rust_type: std::any::type_name::<Self>,
                past: Past::NONE,
            },
            on_delete: OnDelete::Cascade,
        };
    }

    impl NodeSet for Account {
        const MEMBERS: &'static [&'static NodeDefinition] = &[&<Self as NodeType>::DEFINITION];

        fn decode(name: &str, attributes: &str) -> serde_json::Result<Self> {
            metagraph_core::__private::decode_node(name, attributes)
        }
    }

    impl MemberOf<Self> for Account {}

    /// Who may do what elsewhere.
    #[derive(Debug, PartialEq)]
    pub enum Accounts {
        Account(Account),
    }

    impl GraphType for Accounts {
        const DEFINITION: GraphDefinition = GraphDefinition {
            name: "accounts",
            version: 1,
            scope: Scope::System,
            rules: GraphRules {
                direction: Direction::Directed,
                parallel: Parallel::Unique,
                simple: false,
                self_loops: false,
                acyclic: false,
            },
            members: &[Account::MEMBER],
            description: "Who may do what elsewhere.",
            rust_type: std::any::type_name::<Self>,
        };

        fn decode(name: &str, attributes: &str) -> Option<serde_json::Result<Self>> {
            (name == Account::NAME).then(|| serde_json::from_str(attributes).map(Self::Account))
        }
    }

    impl Contains<Account> for Accounts {}
}
#[allow(unused_imports, reason = "not every example uses every type")]
use accounts::{Account, Accounts};
