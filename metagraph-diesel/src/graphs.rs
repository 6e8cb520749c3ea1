//! The rows of graphs: finding, reading, changing and deleting them, whatever their type.
//!
//! This is the one module whose statements may span graphs. What is in a graph is the business of
//! [`Graph`](crate::Graph), which also creates graphs.

use diesel::deserialize;
use diesel::row::Row;
use uuid::Uuid;

use crate::backend::{GraphConnection, Seam};
use crate::encode::{free_json, indexable, storable};
use crate::error::{Error, Result};
use crate::guard;
use crate::record::{self, Record};
use crate::row::{Graph, GraphPatch, GraphStatus, NewGraph};
use crate::run;
use crate::statement::{Bind, Microseconds, Statement, Uid};
use crate::stored_type::StoredType;
use crate::vocabulary::Vocabulary;

/// Which graphs to find; what is `None` does not matter.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, _) = example()?;
/// use metagraph::graphs::{GraphFilter, find};
/// use metagraph::row::NewGraph;
///
/// for name in ["april", "may", "june"] {
///     Graph::<Packages>::create(&mut conn, &NewGraph { owner: Some("mara".into()), ..NewGraph::named(name) })?;
/// }
/// let mut page = GraphFilter { owner: Some("mara"), limit: Some(2), ..GraphFilter::default() };
/// let first = find(&mut conn, &page)?;
/// assert_eq!(first[1].name, "may");
/// page.after = Some(first[1].id);
/// assert_eq!(find(&mut conn, &page)?[0].name, "june");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct GraphFilter<'a> {
    /// Name of the graph type.
    pub graph_type: Option<&'a str>,
    /// Name of the graph.
    pub name: Option<&'a str>,
    /// Whose it is.
    pub owner: Option<&'a str>,
    /// What it belongs to.
    pub project: Option<&'a str>,
    /// Where it is in its life.
    pub status: Option<GraphStatus>,
    /// Only graphs with a greater id: the last one of the page before.
    pub after: Option<i64>,
    /// How many at most.
    pub limit: Option<u32>,
}

const SELECT: &str = "SELECT g.id, g.uid, t.name, g.name, g.description, g.status, g.owner, g.project, g.metadata, \
                      g.created_at, g.updated_at FROM __metagraph_graphs AS g \
                      JOIN __metagraph_graph_types AS t ON t.id = g.graph_type_id WHERE ";

impl Record for Graph {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok(Self {
            id: record::integer(row, 0)?,
            uid: record::uid(row, 1)?.to_string(),
            graph_type: record::text(row, 2)?,
            name: record::text(row, 3)?,
            description: record::text(row, 4)?,
            status: GraphStatus::from_word(&record::text(row, 5)?)?,
            owner: record::optional_text(row, 6)?,
            project: record::optional_text(row, 7)?,
            metadata: record::json_value(row, 8)?,
            created_at: record::time(row, 9)?,
            updated_at: record::time(row, 10)?,
        })
    }
}

/// Finds graphs, oldest first.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::graphs::{GraphFilter, find};
/// use metagraph::row::GraphStatus;
///
/// let drafts = GraphFilter { status: Some(GraphStatus::Draft), ..GraphFilter::default() };
/// assert_eq!(find(&mut conn, &drafts)?[0].uid, graph.uid());
/// graph.set_status(&mut conn, GraphStatus::Active)?;
/// assert!(find(&mut conn, &drafts)?.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Database`] when the database fails.
pub fn find<C: GraphConnection>(conn: &mut C, filter: &GraphFilter<'_>) -> Result<Vec<Graph>> {
    let conditions = [
        (" AND t.name = ", filter.graph_type),
        (" AND g.name = ", filter.name),
        (" AND g.owner = ", filter.owner),
        (" AND g.project = ", filter.project),
        (" AND g.status = ", filter.status.map(GraphStatus::as_str)),
    ];
    let mut statement = Statement::new(SELECT).sql("g.id > ").integer(filter.after.unwrap_or(0));
    for (condition, value) in conditions {
        if let Some(value) = value {
            // What cannot be stored is nobody's.
            let Ok(value) = storable("a filter", value) else { return Ok(Vec::new()) };
            statement = statement.sql(condition).text(value);
        }
    }
    let limit = filter.limit.map_or(i64::MAX, i64::from);
    run::all(conn, "finding graphs", statement.sql(" ORDER BY g.id LIMIT ").integer(limit))
}

/// The graph with this local id.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::{Error, graphs};
///
/// assert_eq!(graphs::get(&mut conn, graph.id().raw())?.name, "app");
/// assert!(matches!(graphs::get(&mut conn, 404), Err(Error::GraphNotFound { .. })));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::GraphNotFound`] when there is none.
pub fn get<C: GraphConnection>(conn: &mut C, id: i64) -> Result<Graph> {
    let statement = Statement::new(SELECT).sql("g.id = ").integer(id);
    let graph = run::optional(conn, "reading a graph", statement)?;
    graph.ok_or_else(|| Error::GraphNotFound { graph: id.to_string() })
}

/// The graph with this uid.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::graphs;
///
/// assert_eq!(graphs::get_by_uid(&mut conn, graph.uid())?.id, graph.id().raw());
/// assert!(graphs::get_by_uid(&mut conn, "no UUID").is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::GraphNotFound`] when there is none, also when the text is no UUID.
pub fn get_by_uid<C: GraphConnection>(conn: &mut C, uid: &str) -> Result<Graph> {
    let missing = || Error::GraphNotFound { graph: uid.to_owned() };
    let Ok(parsed) = Uuid::try_parse(uid) else { return Err(missing()) };
    let statement = Statement::new(SELECT).sql("g.uid = ").bind(Bind::Uid(Uid(parsed)));
    run::optional(conn, "reading a graph", statement)?.ok_or_else(missing)
}

/// Changes a graph's own row, also that of an archived graph, and returns it.
///
/// Archiving waits for writers of the graph that are under way; those that come later are refused.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::graphs;
/// use metagraph::row::GraphPatch;
///
/// let given = GraphPatch { owner: Some(Some("mara".into())), ..GraphPatch::default() };
/// assert_eq!(graphs::update(&mut conn, graph.id().raw(), &given)?.owner.as_deref(), Some("mara"));
/// let taken = GraphPatch { owner: Some(None), ..GraphPatch::default() };
/// assert_eq!(graphs::update(&mut conn, graph.id().raw(), &taken)?.owner, None);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::GraphNotFound`] when there is none, [`Error::NulCharacter`] when a text holds U+0000.
pub fn update<C: GraphConnection>(conn: &mut C, id: i64, patch: &GraphPatch) -> Result<Graph> {
    let metadata = patch.metadata.as_ref().map(|metadata| free_json("metadata", metadata)).transpose()?;
    run::transaction(conn, |conn| {
        let mut statement = Statement::new("UPDATE __metagraph_graphs SET updated_at = ").time(Microseconds::now());
        if let Some(name) = &patch.name {
            statement = statement.sql(", name = ").text(indexable("name", name)?);
        }
        if let Some(description) = &patch.description {
            statement = statement.sql(", description = ").text(storable("description", description)?);
        }
        if let Some(owner) = &patch.owner {
            statement = statement.sql(", owner = ").bind(optional("owner", owner.as_deref())?);
        }
        if let Some(project) = &patch.project {
            statement = statement.sql(", project = ").bind(optional("project", project.as_deref())?);
        }
        if let Some(metadata) = &metadata {
            statement = statement.sql(", metadata = ").json(metadata);
        }
        if let Some(status) = patch.status {
            guard::begin_write(conn)?;
            hold(conn, id)?;
            statement = statement.sql(", status = ").text(status.as_str());
        }
        run::execute(conn, "updating a graph", statement.sql(" WHERE id = ").integer(id))?;
        get(conn, id)
    })
}

/// Waits for writers of the graph, and makes those wait that come later.
fn hold<C: GraphConnection>(conn: &mut C, id: i64) -> Result<()> {
    let statement = Statement::new("SELECT id FROM __metagraph_graphs WHERE id = ").integer(id).sql(C::Db::HOLD_ROWS);
    run::all::<C, i64>(conn, "holding a graph", statement).map(drop)
}

/// Deletes a graph with all its nodes and edges; `false` when there was none.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::graphs;
///
/// assert!(graphs::delete(&mut conn, graph.id().raw())?);
/// assert!(!graphs::delete(&mut conn, graph.id().raw())?);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::ForeignKeysOff`] on a SQLite connection that would leave the nodes behind.
pub fn delete<C: GraphConnection>(conn: &mut C, id: i64) -> Result<bool> {
    delete_where(conn, Statement::new("DELETE FROM __metagraph_graphs WHERE id = ").integer(id))
}

/// Deletes the graph with this id if it is the one with this uid.
pub(crate) fn delete_own<C: GraphConnection>(conn: &mut C, id: i64, uid: Uuid) -> Result<bool> {
    let statement = Statement::new("DELETE FROM __metagraph_graphs WHERE id = ").integer(id);
    delete_where(conn, statement.sql(" AND uid = ").bind(Bind::Uid(Uid(uid))))
}

fn delete_where<C: GraphConnection>(conn: &mut C, statement: Statement<'_, C::Db>) -> Result<bool> {
    let statement = statement.sql(" AND ").sql(C::Db::FOREIGN_KEYS_ENFORCED);
    let deleted = run::execute(conn, "deleting a graph", statement)?;
    if deleted == 0 {
        guard::require_foreign_keys(conn)?;
    }
    Ok(deleted > 0)
}

/// Creates a graph of a stored type, if the type is still the one that is known, and returns the graph's id.
pub(crate) fn create<C: GraphConnection>(conn: &mut C, of: &Vocabulary, graph: &NewGraph) -> Result<i64> {
    let now = Microseconds::now();
    let statement = Statement::new(
        "INSERT INTO __metagraph_graphs (uid, graph_type_id, revision, name, description, status, owner, project, \
         metadata, created_at, updated_at) SELECT ",
    )
    .bind(Bind::Uid(Uid(Uuid::now_v7())))
    .sql(", id, revision, ")
    .text(indexable("name", &graph.name)?)
    .sql(", ")
    .text(storable("description", &graph.description)?)
    .sql(", ")
    .text(graph.status.as_str())
    .sql(", ")
    .bind(optional("owner", graph.owner.as_deref())?)
    .sql(", ")
    .bind(optional("project", graph.project.as_deref())?)
    .sql(", ")
    .json(free_json("metadata", &graph.metadata)?)
    .sql(", ")
    .time(now)
    .sql(", ")
    .time(now)
    .sql(" FROM __metagraph_graph_types WHERE id = ")
    .integer(of.graph_type)
    .sql(" AND revision = ")
    .integer(of.revision)
    .sql(C::Db::HOLD_PLACE)
    .sql(" RETURNING id");
    match run::optional(conn, "creating a graph", statement)? {
        Some(id) => Ok(id),
        None => Err(StoredType::require(conn, &of.document.name)?.refusal(of.revision)),
    }
}

/// The one graph of a type with this name, if there is one.
pub(crate) fn by_name<C: GraphConnection>(conn: &mut C, graph_type: &str, name: &str) -> Result<Option<Graph>> {
    let filter = GraphFilter { graph_type: Some(graph_type), name: Some(name), limit: Some(10), ..Default::default() };
    let mut found = find(conn, &filter)?;
    if found.len() > 1 {
        let uids = found.into_iter().map(|graph| graph.uid).collect();
        return Err(Error::AmbiguousGraph { name: name.to_owned(), uids });
    }
    Ok(found.pop())
}

/// The graph of a type with this name, created where there is none; racing callers get the same one.
pub(crate) fn by_name_or_create<C: GraphConnection>(conn: &mut C, of: &Vocabulary, graph: &NewGraph) -> Result<Graph> {
    let type_name = of.document.name.as_str();
    if let Some(found) = by_name(conn, type_name, &graph.name)? {
        return Ok(found);
    }
    run::transaction(conn, |conn| {
        // Names are not unique, so no key decides: callers take turns on the row of the type.
        let turn = Statement::new("UPDATE __metagraph_graph_types SET id = id WHERE id = ").integer(of.graph_type);
        run::execute(conn, "taking turns with other callers", turn)?;
        if let Some(found) = by_name(conn, type_name, &graph.name)? {
            return Ok(found);
        }
        let id = create(conn, of, graph)?;
        get(conn, id)
    })
}

/// Copies every node and edge of a graph into another one of its type, which must be empty.
pub(crate) fn copy<C: GraphConnection>(conn: &mut C, from: i64, to: i64) -> Result<()> {
    // Or a node that is renamed between the two statements would lose its edges.
    hold(conn, from)?;
    let now = Microseconds::now();
    let nodes = Statement::new(
        "INSERT INTO __metagraph_nodes \
         (graph_id, node_type_id, key, attributes, metadata, version, created_at, updated_at) SELECT ",
    )
    .integer(to)
    .sql(", node_type_id, key, attributes, metadata, 1, ")
    .time(now)
    .sql(", ")
    .time(now)
    .sql(" FROM __metagraph_nodes WHERE graph_id = ")
    .integer(from)
    .sql(" ORDER BY id");
    run::execute(conn, "copying nodes", nodes)?;
    // A slot only has to differ between parallel edges, and the old ones do.
    let edges = Statement::new(
        "INSERT INTO __metagraph_edges (graph_id, edge_type_id, key, source_id, target_id, undirected, reversed, \
         attributes, metadata, version, created_at, updated_at, slot, simple, one_out, one_in) SELECT ",
    )
    .integer(to)
    .sql(", e.edge_type_id, e.key, s.id, t.id, e.undirected, e.reversed, e.attributes, e.metadata, 1, ")
    .time(now)
    .sql(", ")
    .time(now)
    .sql(
        ", e.slot, e.simple, e.one_out, e.one_in FROM __metagraph_edges AS e \
          JOIN __metagraph_nodes AS os ON os.graph_id = ",
    )
    .integer(from)
    .sql(" AND os.id = e.source_id JOIN __metagraph_nodes AS ot ON ot.graph_id = ")
    .integer(from)
    .sql(" AND ot.id = e.target_id JOIN __metagraph_nodes AS s ON s.graph_id = ")
    .integer(to)
    .sql(" AND s.node_type_id = os.node_type_id AND s.key = os.key JOIN __metagraph_nodes AS t ON t.graph_id = ")
    .integer(to)
    .sql(" AND t.node_type_id = ot.node_type_id AND t.key = ot.key WHERE e.graph_id = ")
    .integer(from)
    .sql(" ORDER BY e.id");
    run::execute(conn, "copying edges", edges).map(drop)
}

pub(crate) fn optional<'a>(column: &str, text: Option<&'a str>) -> Result<Bind<'a>> {
    Ok(Bind::OptionalText(text.map(|text| indexable(column, text)).transpose()?.map(Into::into)))
}
