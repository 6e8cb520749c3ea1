//! Nodes by attributes that are unique together, many in one statement.

use diesel::connection::LoadConnection;
use diesel::deserialize;
use serde_json::Value;

use super::WANTED;
use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::error::{Error, Result};
use crate::indexes;
use crate::open_graph::OpenGraph;
use crate::read;
use crate::record;
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::NodeKind;

/// The node of a type that has, in the attributes `names`, what an object has: for each object one, or none.
///
/// Both sides are the expression that the unique index is on, so what it holds for the same is the same here.
pub(crate) fn find<C: GraphConnection, R>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &NodeKind,
    names: &[String],
    objects: &[Value],
    hold: &'static str,
    mut read: impl FnMut(&<C as LoadConnection>::Row<'_, '_>) -> deserialize::Result<R>,
) -> Result<Vec<Option<R>>> {
    let mut found: Vec<Option<R>> = objects.iter().map(|_| None).collect();
    for (round, some) in objects.chunks(WANTED).enumerate() {
        let array =
            serde_json::to_string(some).map_err(|source| Error::Encode { element: kind.name.clone(), source })?;
        let expression = |json: &str, name: &String| indexes::expression::<C::Db>(json, kind.check.schema(), name);
        let statement = Statement::new(read::PLACED_NODES)
            .wanted(array)
            .found_by(FoundBy::NodeWanted, graph.id, |statement| {
                let of_type = C::Db::of_type("n.node_type_id", kind.id, indexes::mark(true, names));
                let statement = statement.printed(format!(" AND {of_type}"));
                names.iter().fold(statement, |statement, name| {
                    let (stored, wanted) = (expression("n.attributes", name), expression("ids.wanted", name));
                    statement.printed(format!(" AND {stored} = {wanted}"))
                })
            })
            .sql(hold);
        let rows = run::each(conn, "looking for unique attributes", statement, |row| {
            Ok((usize::try_from(record::integer(row, read::NODE_WIDTH)?)?, read(row)?))
        })?;
        for (place, row) in rows {
            if let Some(answer) = found.get_mut(round * WANTED + place) {
                *answer = Some(row);
            }
        }
    }
    Ok(found)
}
