//! Whether a database holds what metagraph would have written, after somebody else wrote to it.
//!
//! Whoever writes past the library, with foreign keys switched off or constraints dropped, can leave rows that it would
//! have refused. [`check`] reads them all and tells what is wrong, by kind, with counts and samples. It changes nothing,
//! needs no Rust types (the stored documents decide), and works where no handle can be opened.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (mut conn, graph) = example()?;
//! # let app = graph.insert(&mut conn, &package("app"))?;
//! # let serde = graph.insert(&mut conn, &package("serde"))?;
//! # graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
//! use diesel::connection::SimpleConnection;
//! use metagraph::integrity::{self, Damage};
//!
//! conn.batch_execute("PRAGMA foreign_keys = OFF; DELETE FROM __metagraph_nodes WHERE key = 'serde'")?;
//! let report = integrity::check(&mut conn)?;
//! assert_eq!(report.findings[0].damage, Damage::MissingEnd);
//! assert_eq!(
//!     report.findings[0].samples[0].to_string(),
//!     "graph 1, id 1: its target, node 2, does not exist in this graph",
//! );
//! # Ok(())
//! # }
//! ```
//!
//! Rows are read in pages, so the memory it takes does not grow with the graphs, but for one thing: where edge types are
//! acyclic and their edges run both to larger and to smaller ids, about 20 bytes are held for each node where such an
//! edge starts, and 40 more for each on a cycle. Stored types and their schemas are held as well.
//!
//! Every page is a statement of its own. Where others write meanwhile, run it in a transaction that sees one state of the
//! database: on SQLite any does, on PostgreSQL one at the level `REPEATABLE READ`.

mod column;
mod cycles;
mod damage;
mod edges;
mod findings;
mod graphs;
mod nodes;
mod pages;
mod report;
mod rules;
mod scope;
mod strays;
mod tables;
mod types;

use std::fmt;

pub use self::damage::{Damage, Subject};
use self::findings::Findings;
use self::pages::Pages;
pub use self::report::{Checked, Finding, Report, Sample};
use self::scope::Scope;
use self::tables::Tables;
use self::types::Types;
use crate::backend::GraphConnection;
use crate::error::{Error, Result};
use crate::open_graph::OpenGraph;
use crate::run;
use crate::statement::{Bind, Statement, Uid};
#[cfg(feature = "validate")]
use crate::vocabulary::Vocabulary;

/// How many samples are kept of each kind of damage, unless said otherwise.
const SAMPLES: usize = 10;

/// Checks the whole database: our tables and indexes, graph types, graphs, nodes, edges, and actors.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// graph.insert(&mut conn, &package("serde"))?;
/// let report = metagraph::integrity::check(&mut conn)?;
/// assert!(report.is_clean(), "{report}");
/// assert_eq!(report.checked.nodes, 1);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::NotMigrated`] when the database has no tables of ours, [`Error::DatabaseIsNewer`] when a newer release
/// migrated it.
pub fn check<C: GraphConnection>(conn: &mut C) -> Result<Report> {
    Check::new().run(conn)
}

/// A check with options.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # graph.insert(&mut conn, &package("serde"))?;
/// use metagraph::integrity::Check;
///
/// let mut nodes = 0;
/// let report = Check::new()
///     .samples(3)
///     .on_progress(|checked| nodes = checked.nodes)
///     .run(&mut conn)?;
/// assert!(report.is_clean());
/// assert_eq!(nodes, 1);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is checked before `run`"]
pub struct Check<'p> {
    samples: usize,
    graph: Option<i64>,
    progress: Progress<'p>,
}

impl fmt::Debug for Check<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("samples", &self.samples).field("graph", &self.graph).finish_non_exhaustive()
    }
}

impl Default for Check<'_> {
    fn default() -> Self {
        Self { samples: SAMPLES, graph: None, progress: Progress(None) }
    }
}

impl<'p> Check<'p> {
    /// A check of the whole database, with ten samples of each kind of damage.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, _) = example()?;
    /// assert!(metagraph::integrity::Check::new().run(&mut conn)?.is_clean());
    /// # Ok(())
    /// # }
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// How many samples are kept of each kind of damage.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let (mut conn, graph) = example()?;
    /// # graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
    /// # diesel::connection::SimpleConnection::batch_execute(&mut conn, "UPDATE __metagraph_nodes SET version = 0")?;
    /// let report = metagraph::integrity::Check::new().samples(1).run(&mut conn)?;
    /// assert_eq!((report.findings[0].count, report.findings[0].samples.len()), (2, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn samples(self, samples: usize) -> Self {
        Self { samples, ..self }
    }

    /// Checks one graph by its id, with its graph type, and whether our tables and indexes are as they should be.
    ///
    /// This is for graphs that no handle can open; where one can,
    /// [`Graph::check_integrity`](crate::Graph::check_integrity) does the same.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let report = metagraph::integrity::Check::new().graph(graph.id().raw()).run(&mut conn)?;
    /// assert_eq!((report.is_clean(), report.checked.graphs), (true, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn graph(self, id: i64) -> Self {
        Self { graph: Some(id), ..self }
    }

    /// What is called after every page of rows, with how many were checked so far.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, _) = example()?;
    /// metagraph::integrity::Check::new().on_progress(|checked| println!("{checked}")).run(&mut conn)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_progress(self, report: impl FnMut(Checked) + 'p) -> Self {
        Self { progress: Progress(Some(Box::new(report))), ..self }
    }

    /// Reads, and tells what is wrong.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, _) = example()?;
    /// use metagraph::{Error, integrity::Check};
    ///
    /// println!("{}", Check::new().run(&mut conn)?);
    /// assert!(matches!(Check::new().graph(99).run(&mut conn), Err(Error::GraphNotFound { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`check`]; [`Error::GraphNotFound`] when the wanted graph does not exist.
    pub fn run<C: GraphConnection>(mut self, conn: &mut C) -> Result<Report> {
        let mut findings = Findings::new(self.samples);
        let tables = Tables::check(conn, &mut findings)?;
        if !tables.readable {
            return Ok(findings.report(false));
        }
        let only_type = self.graph.map(|id| type_of(conn, id)).transpose()?;
        let types = types::check(conn, &mut findings, &tables, only_type)?;
        self.progress.report(&findings);
        if self.graph.is_none() {
            strays::check(conn, &mut findings)?;
            graphs::check_uids(conn, &mut findings)?;
            graphs::check_actors(conn, &mut findings)?;
        }
        self.each_graph(conn, &mut findings, &tables, &types)?;
        Ok(findings.report(true))
    }

    fn each_graph<C: GraphConnection>(
        &mut self,
        conn: &mut C,
        findings: &mut Findings,
        tables: &Tables,
        types: &Types,
    ) -> Result<()> {
        let pages = Pages::new();
        let mut last = i64::MIN;
        loop {
            let page = graphs::check(conn, findings, types, last, self.graph, &pages)?;
            let Some((id, _)) = page.last() else { return Ok(()) };
            last = *id;
            for (graph, graph_type) in page {
                let mut scope = Scope::new(graph, graph_type, types);
                nodes::check(conn, findings, &scope, &mut self.progress)?;
                edges::check(conn, findings, &mut scope, &mut self.progress)?;
                rules::check(conn, findings, &scope, tables)?;
                cycles::check(conn, findings, &scope, &mut self.progress)?;
            }
        }
    }
}

/// Our tables, keys and indexes as they are in this database, for the test of the list that they are compared with.
/// What rows of these graphs would break of the rules of a vocabulary that is not in force yet; attributes are not asked
/// for.
#[cfg(feature = "validate")]
pub(crate) fn broken_rules<C: GraphConnection>(
    conn: &mut C,
    graphs: &[i64],
    vocabulary: &Vocabulary,
    samples: usize,
) -> Result<Vec<Finding>> {
    let mut findings = Findings::new(samples);
    let tables = Tables::check(conn, &mut Findings::new(0))?;
    let types = Types::of(vocabulary);
    let mut progress = Progress(None);
    for graph in graphs {
        let mut scope = Scope::of(*graph, vocabulary, &types);
        edges::check(conn, &mut findings, &mut scope, &mut progress)?;
        rules::check(conn, &mut findings, &scope, &tables)?;
        cycles::check(conn, &mut findings, &scope, &mut progress)?;
    }
    Ok(findings.report(true).findings)
}

#[doc(hidden)]
pub fn objects<C: GraphConnection>(conn: &mut C) -> Result<String> {
    let mut objects = tables::list(conn)?;
    objects.sort_unstable();
    let lines: Vec<_> = objects.into_iter().map(|(name, definition)| format!("{name}\t{definition}")).collect();
    Ok(lines.join("\n") + "\n")
}

/// Checks a graph that is open.
pub(crate) fn of_open<C: GraphConnection>(conn: &mut C, graph: OpenGraph<'_>) -> Result<Report> {
    let own = Statement::new("SELECT id FROM __metagraph_graphs WHERE id = ")
        .integer(graph.id)
        .sql(" AND uid = ")
        .bind(Bind::Uid(Uid(graph.uid)));
    match run::optional::<C, i64>(conn, "reading the graph", own)? {
        Some(id) => Check::new().graph(id).run(conn),
        None => Err(Error::GraphNotFound { graph: graph.id.to_string() }),
    }
}

/// The id of a graph's type.
fn type_of<C: GraphConnection>(conn: &mut C, graph: i64) -> Result<i64> {
    let statement = Statement::new("SELECT graph_type_id FROM __metagraph_graphs WHERE id = ").integer(graph);
    let found = run::optional(conn, "reading a graph", statement)?;
    found.ok_or_else(|| Error::GraphNotFound { graph: graph.to_string() })
}

/// Whom to tell how far the check is.
struct Progress<'p>(Option<Box<dyn FnMut(Checked) + 'p>>);

impl Progress<'_> {
    fn report(&mut self, findings: &Findings) {
        if let Self(Some(report)) = self {
            report(findings.checked);
        }
    }
}
