//! How a database would run a statement.

use std::fmt;

use crate::backend::{GraphConnection, Seam};
use crate::error::Result;
use crate::record;
use crate::run;
use crate::statement::Statement;

/// The steps in which a database would run a query, in its own words.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// let explanation = graph.nodes::<Package>().explain(&mut conn)?;
/// assert!(!explanation.steps.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The steps, as the database puts them.
    pub steps: Vec<String>,
}

impl Explanation {
    /// Whether a step has these words, such as the name of an index.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// assert!(graph.nodes::<Package>().explain(&mut conn)?.mentions("INDEX"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn mentions(&self, words: &str) -> bool {
        self.steps.iter().any(|step| step.contains(words))
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.steps.join("\n"))
    }
}

pub(crate) fn explain<C: GraphConnection>(conn: &mut C, statement: Statement<'_, C::Db>) -> Result<Explanation> {
    let statement = statement.after(C::Db::EXPLAIN);
    let steps = run::each(conn, "explaining a query", statement, |row| record::text(row, C::Db::EXPLAINED_AT))?;
    Ok(Explanation { steps })
}
