//! What can be asked of a stored lock file: each question is a query or a traversal, and none loads the graph.

use std::collections::HashSet;

use metagraph::prelude::*;
use metagraph::query::{self, NodeQuery};
use metagraph::{Reached, Result};

use crate::model::{Dependencies, DependsOn, Package};

/// The packages that a name means, in the order of their versions as text: `serde`, or `serde 1.0.0` for one of several.
pub(crate) fn named<C: GraphConnection>(
    conn: &mut C,
    graph: &Graph<Dependencies>,
    wanted: &str,
) -> Result<Vec<Node<Package>>> {
    graph.nodes::<Package>().filter(|p| p.name.eq(wanted) | p.id.eq(wanted)).order_by(|p| p.id.asc()).load(conn)
}

/// The packages that are there for their own sake: those of the workspace, which come from nowhere.
fn workspace(graph: &Graph<Dependencies>) -> NodeQuery<'_, Package> {
    graph.nodes::<Package>().filter(|p| p.source.is_null())
}

/// The packages that most others need, and how many these are.
pub(crate) fn most_depended_on<C: GraphConnection>(
    conn: &mut C,
    graph: &Graph<Dependencies>,
    limit: u32,
) -> Result<Vec<(String, i64)>> {
    let needed_by = || query::in_::<DependsOn, Package, Package>().count();
    let needed = graph.nodes::<Package>().filter(|_| needed_by().ge(1));
    let most_first = needed.order_by(|p| [needed_by().desc(), p.id.asc()]).limit(limit);
    most_first.select(|p| (p.id, needed_by())).load(conn)
}

/// Names and versions of the packages that are there in several versions.
pub(crate) fn several_versions<C: GraphConnection>(
    conn: &mut C,
    graph: &Graph<Dependencies>,
) -> Result<Vec<(String, String)>> {
    let by_name = graph.nodes::<Package>().group_by(|p| p.name).aggregate(|_| query::count());
    let several = by_name.having(|_, count| count.ge(2)).load(conn)?;
    let packages = graph.nodes::<Package>().filter(|p| p.name.is_in(several.iter().map(|(name, _)| name)));
    packages.order_by(|p| [p.name.asc(), p.version.asc()]).select(|p| (p.name, p.version)).load(conn)
}

/// Everything that needs a package, nearest first.
pub(crate) fn needing<C: GraphConnection>(
    conn: &mut C,
    graph: &Graph<Dependencies>,
    package: NodeId<Package>,
) -> Result<Vec<Reached<Package>>> {
    graph.from(package).in_::<DependsOn>().to::<Package>().depth(1..).load(conn)
}

/// Why a package is here: a shortest chain from a package of the workspace to it; none where only a cycle holds it.
pub(crate) fn why<C: GraphConnection>(
    conn: &mut C,
    graph: &Graph<Dependencies>,
    package: NodeId<Package>,
) -> Result<Option<Vec<Node<Package>>>> {
    let path = graph.from_all(workspace(graph)).out::<DependsOn>().to::<Package>().shortest_path(conn, package)?;
    let Some(path) = path else { return Ok(None) };
    Ok(Some(graph.get_many(conn, path.nodes_as::<Package>())?.into_iter().flatten().collect()))
}

/// What nothing would need any more if a package were gone, beginning with itself: what it leads to, less what the
/// workspace leads to without passing through it.
pub(crate) fn freed<C: GraphConnection>(
    conn: &mut C,
    graph: &Graph<Dependencies>,
    package: NodeId<Package>,
) -> Result<Vec<Reached<Package>>> {
    let others = workspace(graph).filter(|_| query::id().ne(package));
    let kept = graph.from_all(others).out::<DependsOn>().to::<Package>().depth(0..);
    let kept: HashSet<_> = kept.filter(|_| query::id().ne(package)).ids(conn)?.into_iter().collect();
    let mut freed = graph.from(package).out::<DependsOn>().to::<Package>().depth(0..).load(conn)?;
    freed.retain(|reached| !kept.contains(&reached.id));
    Ok(freed)
}
