//! Actors: who or what acts, beside the graphs and referred to by none of their tables.
//!
//! What an actor may do is not decided here: a node of a graph that models permissions may name it by its subject.

use diesel::deserialize;
use diesel::row::Row;

use crate::backend::{GraphConnection, Seam};
use crate::conflict::{Conflict, Rule};
use crate::encode::{free_json, storable};
use crate::error::{Error, Result};
use crate::graphs::optional;
use crate::record::{self, Record};
use crate::row::{Actor, ActorKind, ActorPatch, ActorStatus, NewActor};
use crate::run;
use crate::statement::{Microseconds, Statement};

const SELECT: &str =
    "SELECT id, kind, name, subject, status, metadata, created_at, updated_at FROM __metagraph_actors WHERE ";

impl Record for Actor {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok(Self {
            id: record::integer(row, 0)?,
            kind: ActorKind::from_word(&record::text(row, 1)?)?,
            name: record::text(row, 2)?,
            subject: record::optional_text(row, 3)?,
            status: ActorStatus::from_word(&record::text(row, 4)?)?,
            metadata: record::json_value(row, 5)?,
            created_at: record::time(row, 6)?,
            updated_at: record::time(row, 7)?,
        })
    }
}

/// Which actors to find; what is `None` does not matter.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// # fn main() -> metagraph::Result<()> {
/// # let mut conn = metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(&mut conn)?;
/// use metagraph::actors::{self, ActorFilter};
/// use metagraph::row::ActorKind;
///
/// # let mara = serde_json::json!({"kind": "person", "name": "Mara", "subject": "oidc|42"});
/// # let mara = actors::insert(&mut conn, &serde_json::from_value::<metagraph::row::NewActor>(mara).unwrap())?;
/// let people = ActorFilter { kind: Some(ActorKind::Person), limit: Some(20), ..ActorFilter::default() };
/// let page = actors::find(&mut conn, &people)?;
/// assert_eq!(page[0].name, "Mara");
/// let next = ActorFilter { after: Some(page[0].id), ..people };
/// assert!(actors::find(&mut conn, &next)?.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct ActorFilter {
    /// What they are.
    pub kind: Option<ActorKind>,
    /// Whether they may act.
    pub status: Option<ActorStatus>,
    /// Only actors with a greater id: the last one of the page before.
    pub after: Option<i64>,
    /// How many at most.
    pub limit: Option<u32>,
}

/// Inserts an actor, active, and returns it.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// # fn main() -> Result<(), metagraph::Error> {
/// use metagraph::actors;
/// use metagraph::row::{ActorKind, NewActor};
///
/// let mut conn = metagraph::sqlite::connect(":memory:")?;
/// metagraph::migrate(&mut conn)?;
/// let mara = NewActor {
///     kind: ActorKind::Person,
///     name: "Mara".into(),
///     subject: Some("oidc|42".into()),
///     metadata: serde_json::json!({}),
/// };
/// let stored = actors::insert(&mut conn, &mara)?;
/// assert_eq!(actors::get_by_subject(&mut conn, "oidc|42")?, Some(stored));
/// assert!(actors::insert(&mut conn, &mara).unwrap_err().is_conflict());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Conflict`] when the subject is taken, [`Error::NulCharacter`].
pub fn insert<C: GraphConnection>(conn: &mut C, actor: &NewActor) -> Result<Actor> {
    let now = Microseconds::now();
    let statement = Statement::new(
        "INSERT INTO __metagraph_actors (kind, name, subject, status, metadata, created_at, updated_at) VALUES (",
    )
    .text(actor.kind.as_str())
    .sql(", ")
    .text(storable("name", &actor.name)?)
    .sql(", ")
    .bind(optional("subject", actor.subject.as_deref())?)
    .sql(", 'active', ")
    .json(free_json("metadata", &actor.metadata)?)
    .sql(", ")
    .time(now)
    .sql(", ")
    .time(now)
    .sql(") ON CONFLICT DO NOTHING RETURNING id");
    if let Some(id) = run::optional(conn, "inserting an actor", statement)? {
        require(conn, id)
    } else {
        let subject = actor.subject.clone().unwrap_or_default();
        let existing = get_by_subject(conn, &subject)?.map(|actor| actor.id);
        Err(taken(subject, existing))
    }
}

/// The actor with this local id.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// # fn main() -> metagraph::Result<()> {
/// # let mut conn = metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(&mut conn)?;
/// use metagraph::actors;
///
/// # let mara = serde_json::json!({"kind": "person", "name": "Mara", "subject": "oidc|42"});
/// # let mara = actors::insert(&mut conn, &serde_json::from_value::<metagraph::row::NewActor>(mara).unwrap())?;
/// assert_eq!(actors::get(&mut conn, mara.id)?.unwrap().name, "Mara");
/// assert!(actors::get(&mut conn, 404)?.is_none());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Database`] when the database fails.
pub fn get<C: GraphConnection>(conn: &mut C, id: i64) -> Result<Option<Actor>> {
    run::optional(conn, "reading an actor", Statement::new(SELECT).sql("id = ").integer(id))
}

/// The actor with this identity outside.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// # fn main() -> metagraph::Result<()> {
/// # let mut conn = metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(&mut conn)?;
/// use metagraph::actors;
///
/// # let mara = serde_json::json!({"kind": "person", "name": "Mara", "subject": "oidc|42"});
/// # let mara = actors::insert(&mut conn, &serde_json::from_value::<metagraph::row::NewActor>(mara).unwrap())?;
/// assert_eq!(actors::get_by_subject(&mut conn, "oidc|42")?.unwrap().id, mara.id);
/// assert!(actors::get_by_subject(&mut conn, "oidc|43")?.is_none());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Database`] when the database fails.
pub fn get_by_subject<C: GraphConnection>(conn: &mut C, subject: &str) -> Result<Option<Actor>> {
    let Ok(subject) = storable("subject", subject) else { return Ok(None) };
    run::optional(conn, "reading an actor", Statement::new(SELECT).sql("subject = ").text(subject))
}

/// Finds actors, oldest first.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// # fn main() -> metagraph::Result<()> {
/// # let mut conn = metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(&mut conn)?;
/// use metagraph::actors::{self, ActorFilter};
/// use metagraph::row::ActorStatus;
///
/// # let mara = serde_json::json!({"kind": "person", "name": "Mara", "subject": "oidc|42"});
/// # let mara = actors::insert(&mut conn, &serde_json::from_value::<metagraph::row::NewActor>(mara).unwrap())?;
/// let active = ActorFilter { status: Some(ActorStatus::Active), ..ActorFilter::default() };
/// assert_eq!(actors::find(&mut conn, &active)?, [mara]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Database`] when the database fails.
pub fn find<C: GraphConnection>(conn: &mut C, filter: &ActorFilter) -> Result<Vec<Actor>> {
    let mut statement = Statement::new(SELECT).sql("id > ").integer(filter.after.unwrap_or(0));
    if let Some(kind) = filter.kind {
        statement = statement.sql(" AND kind = ").text(kind.as_str());
    }
    if let Some(status) = filter.status {
        statement = statement.sql(" AND status = ").text(status.as_str());
    }
    let limit = filter.limit.map_or(i64::MAX, i64::from);
    run::all(conn, "finding actors", statement.sql(" ORDER BY id LIMIT ").integer(limit))
}

/// Changes an actor and returns it.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// # fn main() -> metagraph::Result<()> {
/// # let mut conn = metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(&mut conn)?;
/// use metagraph::actors;
/// use metagraph::row::{ActorPatch, ActorStatus};
///
/// # let mara = serde_json::json!({"kind": "person", "name": "Mara", "subject": "oidc|42"});
/// # let mara = actors::insert(&mut conn, &serde_json::from_value::<metagraph::row::NewActor>(mara).unwrap())?;
/// let suspended = ActorPatch { status: Some(ActorStatus::Suspended), ..ActorPatch::default() };
/// assert_eq!(actors::update(&mut conn, mara.id, &suspended)?.status, ActorStatus::Suspended);
/// let nameless = ActorPatch { subject: Some(None), ..ActorPatch::default() };
/// assert_eq!(actors::update(&mut conn, mara.id, &nameless)?.subject, None);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] when the new subject is taken, [`Error::NulCharacter`].
pub fn update<C: GraphConnection>(conn: &mut C, id: i64, patch: &ActorPatch) -> Result<Actor> {
    let metadata = patch.metadata.as_ref().map(|metadata| free_json("metadata", metadata)).transpose()?;
    let mut statement = Statement::new("UPDATE __metagraph_actors SET updated_at = ").time(Microseconds::now());
    if let Some(name) = &patch.name {
        statement = statement.sql(", name = ").text(storable("name", name)?);
    }
    if let Some(subject) = &patch.subject {
        statement = statement.sql(", subject = ").bind(optional("subject", subject.as_deref())?);
    }
    if let Some(status) = patch.status {
        statement = statement.sql(", status = ").text(status.as_str());
    }
    if let Some(metadata) = &metadata {
        statement = statement.sql(", metadata = ").json(metadata);
    }
    let statement = statement.sql(" WHERE id = ").integer(id);
    // In a savepoint: a subject that is taken must not end the caller's transaction.
    let updated = run::transaction(conn, |conn| run::execute(conn, "updating an actor", statement));
    match updated {
        Ok(_) => require(conn, id),
        Err(Error::Conflict(_)) => {
            let subject = patch.subject.clone().flatten().unwrap_or_default();
            let existing = get_by_subject(conn, &subject)?.map(|actor| actor.id);
            Err(taken(subject, existing))
        }
        Err(error) => Err(error),
    }
}

/// Deletes an actor; `false` when there was none.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// # fn main() -> metagraph::Result<()> {
/// # let mut conn = metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(&mut conn)?;
/// use metagraph::actors;
///
/// # let mara = serde_json::json!({"kind": "person", "name": "Mara", "subject": "oidc|42"});
/// # let mara = actors::insert(&mut conn, &serde_json::from_value::<metagraph::row::NewActor>(mara).unwrap())?;
/// assert!(actors::delete(&mut conn, mara.id)?);
/// assert!(!actors::delete(&mut conn, mara.id)?);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Database`] when the database fails.
pub fn delete<C: GraphConnection>(conn: &mut C, id: i64) -> Result<bool> {
    let statement = Statement::new("DELETE FROM __metagraph_actors WHERE id = ").integer(id);
    Ok(run::execute(conn, "deleting an actor", statement)? > 0)
}

fn require<C: GraphConnection>(conn: &mut C, id: i64) -> Result<Actor> {
    get(conn, id)?.ok_or_else(|| Error::NotFound { element: "actor".to_owned(), id: id.to_string() })
}

fn taken(subject: String, existing: Option<i64>) -> Error {
    let rule = Rule::ActorSubject;
    Conflict {
        rule,
        element: "actor".to_owned(),
        key: Some(subject),
        attributes: Vec::new(),
        ends: None,
        existing,
        in_batch: false,
    }
    .into()
}
