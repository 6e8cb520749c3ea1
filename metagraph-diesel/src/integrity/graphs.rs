//! The rows of graphs and of actors.

use super::column::{self, Text};
use super::findings::{At, Findings};
use super::pages::Pages;
use super::types::Types;
use super::{Damage, Subject, rules};
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::record;
use crate::row::{ActorKind, ActorStatus, GraphStatus};
use crate::run;
use crate::statement::Statement;

/// The graphs after `last`, a page of them, each with its id and the one of its type; `only` one where that is wanted.
pub(super) fn check<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    types: &Types,
    last: i64,
    only: Option<i64>,
    pages: &Pages,
) -> Result<Vec<(i64, i64)>> {
    const STATUS: [&str; 3] =
        [GraphStatus::Draft.as_str(), GraphStatus::Active.as_str(), GraphStatus::Archived.as_str()];
    let statement = Statement::new(
        "SELECT id, graph_type_id, CAST(uid AS text), name, description, status, owner, project, metadata, created_at, \
         updated_at, revision FROM __metagraph_graphs WHERE id > ",
    )
    .integer(last);
    let statement = match only {
        Some(only) => statement.sql(" AND id = ").integer(only),
        None => statement,
    };
    let statement = statement.sql(" ORDER BY id LIMIT ").integer(pages.size());
    let graphs = run::each(conn, "checking graphs", statement, |row| {
        let id = record::integer::<C::Db>(row, 0)?;
        let graph_type = record::optional_integer::<C::Db>(row, 1)?.unwrap_or_default();
        let known = types.graphs.get(&graph_type);
        let at = At { graph_type: known.map(|known| known.name.as_str()), id: Some(id), ..At::of(Subject::Graph) };
        if known.is_none() {
            findings.add(Damage::UnknownGraphType, at, || format!("there is no graph type {graph_type}"));
        }
        let uid = column::text::<C::Db>(row, 2)?;
        if uid.is_none_or(|uid| uuid::Uuid::try_parse(&uid.text).is_err()) {
            findings.add(Damage::InvalidWord, at, || "`uid` is no UUID".to_owned());
        }
        let texts = [(3, "name", true), (4, "description", false), (6, "owner", true), (7, "project", true)];
        for (place, name, indexed) in texts {
            let text = column::text::<C::Db>(row, place)?;
            if text.is_none() && place < 6 {
                column::null(findings, at, name);
            }
            column::check_text(findings, at, name, text.as_ref(), indexed);
        }
        column::check_word(findings, at, "status", column::text::<C::Db>(row, 5)?.as_ref(), &STATUS);
        column::check_common::<C::Db>(row, 8, findings, at, false)?;
        let revision = record::optional_integer::<C::Db>(row, 11)?.unwrap_or_default();
        if let Some(vocabulary) = known.and_then(|known| known.vocabulary.as_ref())
            && vocabulary.revision != revision
        {
            findings.add(Damage::Revision, at, || match revision {
                0 => "its rows are being changed to another revision".to_owned(),
                revision => format!("its rows are of revision {revision}, its type is at {}", vocabulary.revision),
            });
        }
        Ok((id, graph_type))
    })?;
    findings.checked.graphs += u64::try_from(graphs.len()).unwrap_or(u64::MAX);
    Ok(graphs)
}

/// Graphs that cannot be told from each other between databases.
pub(super) fn check_uids<C: GraphConnection>(conn: &mut C, findings: &mut Findings) -> Result<()> {
    let at = At::of(Subject::Graph);
    rules::check_column(conn, findings, at, Damage::DuplicateUid, ("__metagraph_graphs", "uid"), "have this uid")
}

pub(super) fn check_actors<C: GraphConnection>(conn: &mut C, findings: &mut Findings) -> Result<()> {
    const KIND: [&str; 4] = [
        ActorKind::Person.as_str(),
        ActorKind::Service.as_str(),
        ActorKind::Agent.as_str(),
        ActorKind::System.as_str(),
    ];
    const STATUS: [&str; 3] =
        [ActorStatus::Active.as_str(), ActorStatus::Suspended.as_str(), ActorStatus::Deactivated.as_str()];
    let pages = Pages::new();
    let mut last = i64::MIN;
    loop {
        let statement = Statement::new(
            "SELECT id, kind, name, subject, status, metadata, created_at, updated_at FROM __metagraph_actors \
             WHERE id > ",
        )
        .integer(last)
        .sql(" ORDER BY id LIMIT ")
        .integer(pages.size());
        let ids = run::each(conn, "checking actors", statement, |row| {
            let id = record::integer::<C::Db>(row, 0)?;
            let at = At { id: Some(id), ..At::of(Subject::Actor) };
            let text = |place| -> diesel::deserialize::Result<Option<Text>> { column::text::<C::Db>(row, place) };
            column::check_word(findings, at, "kind", text(1)?.as_ref(), &KIND);
            column::check_text(findings, at, "name", text(2)?.as_ref(), false);
            column::check_text(findings, at, "subject", text(3)?.as_ref(), true);
            column::check_word(findings, at, "status", text(4)?.as_ref(), &STATUS);
            column::check_common::<C::Db>(row, 5, findings, at, false)?;
            Ok(id)
        })?;
        findings.checked.actors += u64::try_from(ids.len()).unwrap_or(u64::MAX);
        let Some(id) = ids.last() else { break };
        last = *id;
    }
    let at = At::of(Subject::Actor);
    let subject = ("__metagraph_actors", "subject");
    rules::check_column(conn, findings, at, Damage::DuplicateSubject, subject, "have this subject")
}
