//! The step from one revision of a type to the next.

use metagraph_core::document::{CompiledType, GraphDocument};

use super::{config, describe_members, insert_document, insert_edge_type, insert_node_type};
use crate::backend::{GraphConnection, Seam};
use crate::error::Result;
use crate::run;
use crate::statement::{Microseconds, Statement};
use crate::stored_type::StoredType;

/// What becomes of the rows of members that do not stay.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    /// Old and new names of node types.
    pub(crate) nodes: Vec<(String, String)>,
    /// Old and new names of edge types.
    pub(crate) edges: Vec<(String, String)>,
}

/// Makes the compiled document the next revision of a type that is held, and returns its number.
///
/// Members that are gone keep their rows: [`remove_members`] is for those.
///
/// # Errors
/// [`Error::StaleSchema`](crate::Error::StaleSchema) when somebody else was faster.
pub(crate) fn advance<C: GraphConnection>(
    conn: &mut C,
    stored: &StoredType,
    moved: &Moved,
    compiled: &CompiledType,
) -> Result<i64> {
    let document = compiled.document();
    let next = stored.revision + 1;
    let statement = Statement::new("UPDATE __metagraph_graph_types SET description = ")
        .text(&document.description)
        .sql(", config = ")
        .json(config(compiled)?)
        .sql(", scope = ")
        .text(&document.scope)
        .sql(", version = ")
        .integer(document.version.into())
        .sql(", hash = ")
        .text(compiled.hash())
        .sql(", updated_at = ")
        .time(Microseconds::now())
        .sql(", revision = ")
        .integer(next)
        .sql(" WHERE id = ")
        .integer(stored.id)
        .sql(" AND revision = ")
        .integer(stored.revision);
    if run::execute(conn, "committing a revision", statement)? == 0 {
        return Err(StoredType::require(conn, &stored.name)?.refusal(stored.revision));
    }
    insert_document(conn, stored.id, next, compiled)?;
    rename(conn, stored.id, "UPDATE __metagraph_node_types SET name = ", &moved.nodes)?;
    rename(conn, stored.id, "UPDATE __metagraph_edge_types SET name = ", &moved.edges)?;
    let known = names(conn, stored.id, "SELECT name FROM __metagraph_node_types WHERE graph_type_id = ")?;
    for (name, node) in document.nodes.iter().filter(|(name, _)| !known.contains(*name)) {
        insert_node_type(conn, stored.id, name, node)?;
    }
    let known = names(conn, stored.id, "SELECT name FROM __metagraph_edge_types WHERE graph_type_id = ")?;
    for (name, edge) in document.edges.iter().filter(|(name, _)| !known.contains(*name)) {
        insert_edge_type(conn, stored.id, name, edge)?;
    }
    describe_members(conn, stored.id, document)?;
    Ok(next)
}

/// Deletes the types that the document no longer has; their rows are gone already.
pub(crate) fn remove_members<C: GraphConnection>(conn: &mut C, id: i64, document: &GraphDocument) -> Result<()> {
    let types = [
        ("DELETE FROM __metagraph_edge_types WHERE graph_type_id = ", document.edges.keys().collect::<Vec<_>>()),
        ("DELETE FROM __metagraph_node_types WHERE graph_type_id = ", document.nodes.keys().collect()),
    ];
    for (delete, kept) in types {
        let statement = Statement::new(delete).integer(id).sql(" AND name NOT IN (''");
        let statement = kept.into_iter().fold(statement, |statement, name| statement.sql(", ").text(name));
        run::execute(conn, "removing types", statement.sql(")"))?;
    }
    Ok(())
}

/// Two types may swap their names, which must differ at every moment.
fn rename<C: GraphConnection>(conn: &mut C, id: i64, update: &'static str, renamed: &[(String, String)]) -> Result<()> {
    // No type has a name with a colon.
    let between = |name: &str| format!("renamed:{name}");
    let away = renamed.iter().map(|(before, now)| (before.clone(), between(now)));
    let back = renamed.iter().map(|(_, now)| (between(now), now.clone()));
    for (from, to) in away.chain(back) {
        let statement = Statement::new(update).text(to).sql(" WHERE graph_type_id = ").integer(id);
        run::execute(conn, "renaming a type", statement.sql(" AND name = ").text(from))?;
    }
    Ok(())
}

fn names<C: GraphConnection>(conn: &mut C, id: i64, select: &'static str) -> Result<Vec<String>> {
    run::all(conn, "reading the names of types", Statement::new(select).integer(id))
}

/// The ids of all graphs of a type.
pub(crate) fn graphs<C: GraphConnection>(conn: &mut C, id: i64) -> Result<Vec<i64>> {
    let statement = Statement::new("SELECT id FROM __metagraph_graphs WHERE graph_type_id = ").integer(id);
    run::all(conn, "listing the graphs of a type", statement.sql(" ORDER BY id"))
}

/// The same; waits for writers of these graphs, and makes those wait that come later.
pub(crate) fn hold_graphs<C: GraphConnection>(conn: &mut C, id: i64) -> Result<Vec<i64>> {
    let statement = Statement::new("SELECT id FROM __metagraph_graphs WHERE graph_type_id = ").integer(id);
    run::all(conn, "holding the graphs of a type", statement.sql(" ORDER BY id").sql(C::Db::HOLD_ROWS))
}

/// Says of all graphs of a type which revision their rows are of; only handles of that one write to them.
pub(crate) fn set_of_graphs<C: GraphConnection>(conn: &mut C, id: i64, revision: i64) -> Result<()> {
    let statement = Statement::new("UPDATE __metagraph_graphs SET revision = ").integer(revision);
    run::execute(conn, "moving graphs", statement.sql(" WHERE graph_type_id = ").integer(id)).map(drop)
}
