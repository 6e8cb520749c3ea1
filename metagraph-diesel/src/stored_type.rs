//! The row of a stored graph type, and the documents that were committed for it.

use std::sync::Arc;

use metagraph_core::GraphType;
use metagraph_core::document::{CompiledType, GraphDocument};

use crate::backend::{GraphConnection, Seam};
use crate::encode::storable;
use crate::error::{Error, Result};
use crate::record::{self, Record};
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::Vocabulary;

/// The row of a graph type, as far as handles need it.
#[derive(Debug)]
pub(crate) struct StoredType {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) revision: i64,
    pub(crate) hash: String,
    /// Whether rows are being changed to this revision.
    pub(crate) evolving: bool,
}

impl Record for StoredType {
    fn read<'a, Db: Seam>(row: &impl diesel::row::Row<'a, Db>) -> diesel::deserialize::Result<Self> {
        Ok(Self {
            id: record::integer(row, 0)?,
            name: record::text(row, 1)?,
            revision: record::integer(row, 2)?,
            hash: record::text(row, 3)?,
            evolving: record::integer(row, 4)? > 0,
        })
    }
}

/// A document that was committed for a type.
pub(crate) struct Kept {
    pub(crate) revision: i64,
    hash: String,
    pub(crate) text: String,
}

impl Record for Kept {
    fn read<'a, Db: Seam>(row: &impl diesel::row::Row<'a, Db>) -> diesel::deserialize::Result<Self> {
        Ok(Self { revision: record::integer(row, 0)?, hash: record::text(row, 1)?, text: record::text(row, 2)? })
    }
}

impl StoredType {
    pub(crate) fn find<C: GraphConnection>(conn: &mut C, name: &str) -> Result<Option<Self>> {
        Self::read(conn, name, "")
    }

    fn read<C: GraphConnection>(conn: &mut C, name: &str, hold: &'static str) -> Result<Option<Self>> {
        // What cannot be stored is not stored.
        let Ok(name) = storable("name", name) else { return Ok(None) };
        let statement = Statement::new(
            "SELECT id, name, revision, hash, (SELECT count(*) FROM __metagraph_evolutions AS e \
             WHERE e.graph_type_id = t.id) FROM __metagraph_graph_types AS t WHERE name = ",
        );
        run::optional(conn, "reading a graph type", statement.text(name).sql(hold))
    }

    pub(crate) fn require<C: GraphConnection>(conn: &mut C, name: &str) -> Result<Self> {
        match Self::find(conn, name)? {
            Some(stored) => Ok(stored),
            None => Err(unknown(conn, name)?),
        }
    }

    /// The same, and nobody else changes it, or creates a graph of it, before this transaction ends.
    pub(crate) fn hold<C: GraphConnection>(conn: &mut C, name: &str) -> Result<Self> {
        match Self::read(conn, name, C::Db::HOLD_ROWS)? {
            // What was asked beside the row may be older than the row.
            Some(_) => Self::require(conn, name),
            None => Err(unknown(conn, name)?),
        }
    }

    pub(crate) fn document<C: GraphConnection>(&self, conn: &mut C) -> Result<GraphDocument> {
        self.document_of(conn, self.revision)
    }

    /// The document that was committed as this revision.
    pub(crate) fn document_of<C: GraphConnection>(&self, conn: &mut C, revision: i64) -> Result<GraphDocument> {
        let statement = Statement::new("SELECT document FROM __metagraph_graph_type_versions WHERE graph_type_id = ")
            .integer(self.id)
            .sql(" AND revision = ")
            .integer(revision);
        let text: Option<String> = run::optional(conn, "reading a schema document", statement)?;
        let Some(text) = text else { return Err(unknown(conn, &self.name)?) };
        parsed(&text)
    }

    /// The latest revision before the one in force whose document is the compiled one: the program is older than the
    /// database.
    pub(crate) fn earlier<C: GraphConnection>(&self, conn: &mut C, compiled: &CompiledType) -> Result<Option<i64>> {
        let statement = Statement::new(
            "SELECT revision, hash, document FROM __metagraph_graph_type_versions WHERE graph_type_id = ",
        )
        .integer(self.id)
        .sql(" AND revision < ")
        .integer(self.revision)
        .sql(" ORDER BY revision DESC");
        let kept: Vec<Kept> = run::all(conn, "reading earlier schema documents", statement)?;
        for kept in kept {
            if kept.hash == compiled.hash() || parsed(&kept.text)?.differences(compiled.document()).is_empty() {
                return Ok(Some(kept.revision));
            }
        }
        Ok(None)
    }

    /// Why a handle of another revision is refused.
    pub(crate) fn refusal(self, opened: i64) -> Error {
        if self.evolving {
            return Error::Evolving { graph_type: self.name };
        }
        Error::StaleSchema { graph_type: self.name, opened, found: self.revision }
    }

    /// The vocabulary of the compiled type `G`, whose document must mean the same as the stored one, or as an earlier one:
    /// then the graph can be read, and writes find that it is of another revision.
    pub(crate) fn vocabulary_of<G: GraphType, C: GraphConnection>(conn: &mut C) -> Result<Arc<Vocabulary>> {
        let compiled = CompiledType::of::<G>()?;
        let stored = Self::require(conn, &compiled.document().name)?;
        let mut revision = stored.revision;
        if stored.hash != compiled.hash() {
            let differences = stored.document(conn)?.differences(compiled.document());
            if !differences.is_empty() {
                revision = match stored.earlier(conn, &compiled)? {
                    Some(earlier) => earlier,
                    None => return Err(Error::SchemaDrift { graph_type: stored.name, differences }),
                };
            }
        }
        if stored.evolving && revision == stored.revision {
            return Err(Error::Evolving { graph_type: stored.name });
        }
        Vocabulary::load(conn, stored.id, revision, compiled.document().clone()).map(Arc::new)
    }
}

fn parsed(text: &str) -> Result<GraphDocument> {
    serde_json::from_str(text).map_err(|source| Error::Decode { element: "schema document".to_owned(), source })
}

fn unknown<C: GraphConnection>(conn: &mut C, name: &str) -> Result<Error> {
    let names = Statement::new("SELECT name FROM __metagraph_graph_types ORDER BY name");
    Ok(Error::UnknownGraphType { name: name.to_owned(), known: run::all(conn, "listing graph types", names)? })
}
