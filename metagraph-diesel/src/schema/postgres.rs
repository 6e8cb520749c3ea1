//! The tables of [`schema`](crate::schema) on PostgreSQL.
//!
//! Here an application asks which of its own projects hold a node with the attribute `downloads`:
//!
//! ```
//! # use metagraph_diesel as metagraph;
//! use diesel::prelude::*;
//! use diesel::query_source::TableNotEqual;
//! use metagraph::schema::postgres::nodes;
//!
//! diesel::table! {
//!     projects (id) { id -> Integer, title -> Text, graph -> BigInt }
//! }
//! // What `allow_tables_to_appear_in_same_query!` says, without the lines for `ONLY` and `TABLESAMPLE`: these may
//! // stand only in the crate that defines a table.
//! impl TableNotEqual<nodes::table> for projects::table {}
//! impl TableNotEqual<projects::table> for nodes::table {}
//!
//! # fn main() {
//! let query = projects::table
//!     .inner_join(nodes::table.on(nodes::graph_id.eq(projects::graph)))
//!     .filter(nodes::attributes.has_key("downloads"))
//!     .select(projects::title)
//!     .distinct();
//! let sql = diesel::debug_query::<diesel::pg::Pg, _>(&query).to_string();
//! assert!(sql.contains(r#"WHERE ("__metagraph_nodes"."attributes" ? $1)"#), "{sql}");
//! # }
//! ```

diesel::table! {
    /// Graph types: the vocabularies.
    #[sql_name = "__metagraph_graph_types"]
    graph_types (id) {
        /// The local id.
        id -> BigInt,
        /// Its name.
        name -> Text,
        /// What its author wrote about it.
        description -> Text,
        /// Options, as graphology names them.
        config -> Jsonb,
        /// `system`, `tenant` or `user`.
        scope -> Text,
        /// The version its author declared.
        version -> BigInt,
        /// Counts commits to the stored type.
        revision -> BigInt,
        /// SHA-256 of the canonical document.
        hash -> Text,
        /// Free for the consumer.
        metadata -> Jsonb,
        /// When it was inserted.
        created_at -> Timestamptz,
        /// When it was last written.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Every schema document that was ever committed.
    #[sql_name = "__metagraph_graph_type_versions"]
    graph_type_versions (id) {
        /// The local id.
        id -> BigInt,
        /// Its graph type.
        graph_type_id -> BigInt,
        /// Counts commits to the stored type.
        revision -> BigInt,
        /// The version its author declared.
        version -> BigInt,
        /// SHA-256 of the canonical document.
        hash -> Text,
        /// The canonical schema document.
        document -> Text,
        /// Free for the consumer.
        metadata -> Jsonb,
        /// When it was inserted.
        created_at -> Timestamptz,
        /// When it was last written.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Node types, by graph type.
    #[sql_name = "__metagraph_node_types"]
    node_types (id) {
        /// The local id.
        id -> BigInt,
        /// Its graph type.
        graph_type_id -> BigInt,
        /// Its name.
        name -> Text,
        /// What its author wrote about it.
        description -> Text,
        /// JSON schema of the attributes.
        schema -> Jsonb,
        /// Free for the consumer.
        metadata -> Jsonb,
        /// When it was inserted.
        created_at -> Timestamptz,
        /// When it was last written.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Edge types, by graph type.
    #[sql_name = "__metagraph_edge_types"]
    edge_types (id) {
        /// The local id.
        id -> BigInt,
        /// Its graph type.
        graph_type_id -> BigInt,
        /// Its name.
        name -> Text,
        /// What its author wrote about it.
        description -> Text,
        /// JSON schema of the attributes.
        schema -> Jsonb,
        /// Names of the node types an edge may start at.
        allowed_source_types -> Jsonb,
        /// Names of the node types an edge may end at.
        allowed_target_types -> Jsonb,
        /// Free for the consumer.
        metadata -> Jsonb,
        /// When it was inserted.
        created_at -> Timestamptz,
        /// When it was last written.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Graphs: instances of graph types.
    #[sql_name = "__metagraph_graphs"]
    graphs (id) {
        /// The local id.
        id -> BigInt,
        /// Its identity between databases.
        uid -> Uuid,
        /// Its graph type.
        graph_type_id -> BigInt,
        /// Its name.
        name -> Text,
        /// What its author wrote about it.
        description -> Text,
        /// `draft`, `active` or `archived`.
        status -> Text,
        /// Whose it is.
        owner -> Nullable<Text>,
        /// What it belongs to.
        project -> Nullable<Text>,
        /// Counts writes that had to take turns.
        guarded_writes -> BigInt,
        /// The revision of the graph type that its rows are of; 0 while they are changed to another.
        revision -> BigInt,
        /// Free for the consumer.
        metadata -> Jsonb,
        /// When it was inserted.
        created_at -> Timestamptz,
        /// When it was last written.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Nodes of all graphs.
    #[sql_name = "__metagraph_nodes"]
    nodes (graph_id, id) {
        /// The local id.
        id -> BigInt,
        /// Its graph.
        graph_id -> BigInt,
        /// Its node type.
        node_type_id -> BigInt,
        /// Its identity inside the graph and its type.
        key -> Text,
        /// Its attributes.
        attributes -> Jsonb,
        /// Free for the consumer.
        metadata -> Nullable<Jsonb>,
        /// Counts writes, from 1 at the insert.
        version -> BigInt,
        /// When it was inserted.
        created_at -> Timestamptz,
        /// When it was last written.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Edges of all graphs.
    #[sql_name = "__metagraph_edges"]
    edges (graph_id, id) {
        /// The local id.
        id -> BigInt,
        /// Its graph.
        graph_id -> BigInt,
        /// Its edge type.
        edge_type_id -> BigInt,
        /// Its identity inside the graph and its type.
        key -> Nullable<Text>,
        /// Where it starts; the smaller end of an undirected edge.
        source_id -> BigInt,
        /// Where it ends.
        target_id -> BigInt,
        /// Whether it has no direction.
        undirected -> Bool,
        /// Whether its ends were given in the other order.
        reversed -> Bool,
        /// Its attributes.
        attributes -> Nullable<Jsonb>,
        /// Free for the consumer.
        metadata -> Nullable<Jsonb>,
        /// Counts writes, from 1 at the insert.
        version -> BigInt,
        /// When it was inserted.
        created_at -> Timestamptz,
        /// When it was last written.
        updated_at -> Timestamptz,
        /// 0, or the id where parallel edges are allowed.
        slot -> BigInt,
        /// Set where one edge per pair is the rule.
        simple -> Nullable<BigInt>,
        /// Set where one edge per source is the rule.
        one_out -> Nullable<BigInt>,
        /// Set where one edge per target is the rule.
        one_in -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Actors: who or what acts, beside the graphs.
    #[sql_name = "__metagraph_actors"]
    actors (id) {
        /// The local id.
        id -> BigInt,
        /// `person`, `service`, `agent` or `system`.
        kind -> Text,
        /// Its name.
        name -> Text,
        /// Its identity outside.
        subject -> Nullable<Text>,
        /// `active`, `suspended` or `deactivated`.
        status -> Text,
        /// Free for the consumer.
        metadata -> Jsonb,
        /// When it was inserted.
        created_at -> Timestamptz,
        /// When it was last written.
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    graph_types,
    graph_type_versions,
    node_types,
    edge_types,
    graphs,
    nodes,
    edges,
    actors,
);
diesel::joinable!(graph_type_versions -> graph_types (graph_type_id));
diesel::joinable!(node_types -> graph_types (graph_type_id));
diesel::joinable!(edge_types -> graph_types (graph_type_id));
diesel::joinable!(graphs -> graph_types (graph_type_id));
diesel::joinable!(nodes -> graphs (graph_id));
diesel::joinable!(nodes -> node_types (node_type_id));
diesel::joinable!(edges -> edge_types (edge_type_id));
diesel::joinable!(edges -> graphs (graph_id));
