//! The tables of [`schema`](crate::schema) on SQLite.
//!
//! Here an application counts what is stored in each of its own projects, which hold the id of their graph:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
//! use diesel::prelude::*;
//! use diesel::query_source::TableNotEqual;
//! use metagraph::schema::sqlite::nodes;
//!
//! diesel::table! {
//!     projects (id) { id -> Integer, title -> Text, graph -> BigInt }
//! }
//! // What `allow_tables_to_appear_in_same_query!` says, without the lines for PostgreSQL's `ONLY` and `TABLESAMPLE`
//! // that it adds when Diesel has that feature: these may stand only in the crate that defines a table.
//! impl TableNotEqual<nodes::table> for projects::table {}
//! impl TableNotEqual<projects::table> for nodes::table {}
//!
//! # fn main() -> metagraph::Result<()> {
//! # let (mut conn, graph) = example()?;
//! # diesel::sql_query("CREATE TABLE projects (id INTEGER PRIMARY KEY, title TEXT NOT NULL, graph INTEGER NOT NULL)")
//! #     .execute(&mut conn)?;
//! graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
//! diesel::insert_into(projects::table)
//!     .values((projects::title.eq("Billing"), projects::graph.eq(graph.id().raw())))
//!     .execute(&mut conn)?;
//!
//! let stored: Vec<(String, i64)> = projects::table
//!     .inner_join(nodes::table.on(nodes::graph_id.eq(projects::graph)))
//!     .group_by(projects::title)
//!     .select((projects::title, diesel::dsl::count(nodes::id)))
//!     .load(&mut conn)?;
//! assert_eq!(stored, [("Billing".to_owned(), 2)]);
//! # Ok(())
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
        config -> Text,
        /// `system`, `tenant` or `user`.
        scope -> Text,
        /// The version its author declared.
        version -> BigInt,
        /// Counts commits to the stored type.
        revision -> BigInt,
        /// SHA-256 of the canonical document.
        hash -> Text,
        /// Free for the consumer.
        metadata -> Text,
        /// When it was inserted, in microseconds since 1970-01-01 UTC.
        created_at -> BigInt,
        /// When it was last written, in microseconds since 1970-01-01 UTC.
        updated_at -> BigInt,
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
        metadata -> Text,
        /// When it was inserted, in microseconds since 1970-01-01 UTC.
        created_at -> BigInt,
        /// When it was last written, in microseconds since 1970-01-01 UTC.
        updated_at -> BigInt,
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
        schema -> Text,
        /// Free for the consumer.
        metadata -> Text,
        /// When it was inserted, in microseconds since 1970-01-01 UTC.
        created_at -> BigInt,
        /// When it was last written, in microseconds since 1970-01-01 UTC.
        updated_at -> BigInt,
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
        schema -> Text,
        /// Names of the node types an edge may start at.
        allowed_source_types -> Text,
        /// Names of the node types an edge may end at.
        allowed_target_types -> Text,
        /// Free for the consumer.
        metadata -> Text,
        /// When it was inserted, in microseconds since 1970-01-01 UTC.
        created_at -> BigInt,
        /// When it was last written, in microseconds since 1970-01-01 UTC.
        updated_at -> BigInt,
    }
}

diesel::table! {
    /// Graphs: instances of graph types.
    #[sql_name = "__metagraph_graphs"]
    graphs (id) {
        /// The local id.
        id -> BigInt,
        /// Its identity between databases.
        uid -> Text,
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
        metadata -> Text,
        /// When it was inserted, in microseconds since 1970-01-01 UTC.
        created_at -> BigInt,
        /// When it was last written, in microseconds since 1970-01-01 UTC.
        updated_at -> BigInt,
    }
}

diesel::table! {
    /// Nodes of all graphs.
    #[sql_name = "__metagraph_nodes"]
    nodes (id) {
        /// The local id.
        id -> BigInt,
        /// Its graph.
        graph_id -> BigInt,
        /// Its node type.
        node_type_id -> BigInt,
        /// Its identity inside the graph and its type.
        key -> Text,
        /// Its attributes.
        attributes -> Text,
        /// Free for the consumer.
        metadata -> Nullable<Text>,
        /// Counts writes, from 1 at the insert.
        version -> BigInt,
        /// When it was inserted, in microseconds since 1970-01-01 UTC.
        created_at -> BigInt,
        /// When it was last written, in microseconds since 1970-01-01 UTC.
        updated_at -> BigInt,
    }
}

diesel::table! {
    /// Edges of all graphs.
    #[sql_name = "__metagraph_edges"]
    edges (id) {
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
        attributes -> Nullable<Text>,
        /// Free for the consumer.
        metadata -> Nullable<Text>,
        /// Counts writes, from 1 at the insert.
        version -> BigInt,
        /// When it was inserted, in microseconds since 1970-01-01 UTC.
        created_at -> BigInt,
        /// When it was last written, in microseconds since 1970-01-01 UTC.
        updated_at -> BigInt,
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
        metadata -> Text,
        /// When it was inserted, in microseconds since 1970-01-01 UTC.
        created_at -> BigInt,
        /// When it was last written, in microseconds since 1970-01-01 UTC.
        updated_at -> BigInt,
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
