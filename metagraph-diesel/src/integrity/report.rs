//! What a check found: kinds of damage with counts and samples.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Damage, Subject};

/// What was checked, and what is wrong with it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::integrity::{self, Damage};
///
/// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
/// let report = integrity::check(&mut conn)?;
/// assert_eq!(report.to_string(), "checked 1 graph type, 1 graph, 2 nodes, 0 edges and 0 actors; no damage was found");
///
/// // Somebody writes past the library.
/// diesel::connection::SimpleConnection::batch_execute(&mut conn, "UPDATE __metagraph_nodes SET version = 0")?;
/// let report = integrity::check(&mut conn)?;
/// assert!(!report.is_clean());
/// assert_eq!((report.findings[0].damage, report.findings[0].count), (Damage::Version, 2));
/// assert_eq!(report.findings[0].samples[0].message, "the version is 0");
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Report {
    /// What was read.
    pub checked: Checked,
    /// Whether the rows were read: they are not where a table or a column is missing.
    pub complete: bool,
    /// Whether attributes were checked against their schemas: they are not without the feature `validate`.
    pub validated: bool,
    /// What is wrong, ordered by kind.
    pub findings: Vec<Finding>,
}

/// How many rows were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Checked {
    /// Graph types.
    pub graph_types: u64,
    /// Graphs.
    pub graphs: u64,
    /// Nodes.
    pub nodes: u64,
    /// Edges.
    pub edges: u64,
    /// Actors.
    pub actors: u64,
}

/// One kind of damage to rows of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Finding {
    /// What is wrong.
    pub damage: Damage,
    /// With what.
    pub subject: Subject,
    /// Name of the graph type, where it is known.
    pub graph_type: Option<String>,
    /// Name of the node or edge type, where it is known.
    pub element: Option<String>,
    /// How many rows it concerns: of rows that are the same where they must differ, all but the first; of cycles, the
    /// nodes on them and between them.
    pub count: u64,
    /// Some of them, those with the smallest ids.
    pub samples: Vec<Sample>,
}

/// A row with damage.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Sample {
    /// Id of its graph.
    pub graph: Option<i64>,
    /// Its id.
    pub id: Option<i64>,
    /// Its key.
    pub key: Option<String>,
    /// What is wrong with it, in words.
    pub message: String,
}

impl Report {
    /// Whether everything was read and nothing is wrong.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, _) = example()?;
    /// assert!(metagraph::integrity::check(&mut conn)?.is_clean());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_clean(&self) -> bool {
        self.complete && self.findings.is_empty()
    }

    /// The findings of one kind.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, _) = example()?;
    /// use metagraph::integrity::{self, Damage};
    ///
    /// assert_eq!(integrity::check(&mut conn)?.of(Damage::Schema).count(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(&self, damage: Damage) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.damage == damage)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "checked {}; ", self.checked)?;
        match self.findings.len() {
            0 => f.write_str("no damage was found")?,
            1 => f.write_str("1 kind of damage was found:")?,
            kinds => write!(f, "{kinds} kinds of damage were found:")?,
        }
        let names: Vec<_> = self.findings.iter().map(Finding::name).collect();
        let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        for (finding, name) in self.findings.iter().zip(names) {
            write!(f, "\n{:<20} {name:<width$} {:>8}  {}", finding.damage, finding.count, finding.damage.meaning())?;
            for sample in &finding.samples {
                write!(f, "\n    {sample}")?;
            }
            let left = finding.count.saturating_sub(u64::try_from(finding.samples.len()).unwrap_or(u64::MAX));
            if left > 0 && finding.damage.names_rows() {
                write!(f, "\n    and {left} more")?;
            }
        }
        if !self.complete {
            f.write_str("\nthe rows were not read, since a table or a column is missing")?;
        }
        if !self.validated {
            f.write_str("\nattributes were not checked against their schemas: this needs the feature `validate`")?;
        }
        Ok(())
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let Self { graph_types, graphs, nodes, edges, actors } = *self;
        write!(
            f,
            "{}, {}, {}, {} and {}",
            count(graph_types, "graph type"),
            count(graphs, "graph"),
            count(nodes, "node"),
            count(edges, "edge"),
            count(actors, "actor")
        )
    }
}

impl Finding {
    fn name(&self) -> String {
        match (&self.graph_type, &self.element) {
            (Some(graph_type), Some(element)) => format!("{} {graph_type}/{element}", self.subject),
            (Some(name), None) | (None, Some(name)) => format!("{} {name}", self.subject),
            (None, None) => self.subject.to_string(),
        }
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let graph = self.graph.map(|graph| format!("graph {graph}"));
        let id = self.id.map(|id| format!("id {id}"));
        let key = self.key.as_ref().map(|key| format!("`{}`", key.escape_debug()));
        let place: Vec<_> = [graph, id, key].into_iter().flatten().collect();
        if !place.is_empty() {
            write!(f, "{}: ", place.join(", "))?;
        }
        f.write_str(&self.message)
    }
}
