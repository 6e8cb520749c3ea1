//! Actors, beside the graphs.

use expect_test::expect;
use metagraph::GraphConnection;
use metagraph::actors::{self, ActorFilter};
use metagraph::row::{Actor, ActorKind, ActorPatch, ActorStatus, NewActor};
use serde_json::json;

use crate::harness::at_once;
use crate::refusal::refused;
use crate::store::{Inspect, Store};

fn actor(kind: ActorKind, name: &str, subject: Option<&str>) -> NewActor {
    NewActor { kind, name: name.to_owned(), subject: subject.map(str::to_owned), metadata: json!({}) }
}

fn mara(conn: &mut impl GraphConnection) -> Actor {
    actors::insert(conn, &actor(ActorKind::Person, "Mara", Some("oidc|42"))).unwrap()
}

pub(crate) fn an_actor_reads_back_by_id_and_by_subject(conn: &mut impl GraphConnection) {
    let mara = mara(conn);
    assert_eq!((mara.kind, mara.status, mara.name.as_str()), (ActorKind::Person, ActorStatus::Active, "Mara"));
    assert_eq!(actors::get(conn, mara.id).unwrap().as_ref(), Some(&mara));
    assert_eq!(actors::get_by_subject(conn, "oidc|42").unwrap(), Some(mara));
    assert_eq!(actors::get(conn, 99).unwrap(), None);
    assert_eq!(actors::get_by_subject(conn, "oidc|43").unwrap(), None);
}

pub(crate) fn a_taken_subject_is_refused(conn: &mut impl Inspect) {
    mara(conn);
    let robot = actors::insert(conn, &actor(ActorKind::Service, "robot", Some("token|1"))).unwrap();
    let thief = actor(ActorKind::Agent, "thief", Some("oidc|42"));
    expect!["MG3008: actor `oidc|42` exists already with id 1 (an actor's subject is unique)"]
        .assert_eq(&refused(conn, |conn| actors::insert(conn, &thief)));
    let patch = ActorPatch { subject: Some(Some("oidc|42".into())), ..ActorPatch::default() };
    expect!["MG3008: actor `oidc|42` exists already with id 1 (an actor's subject is unique)"]
        .assert_eq(&refused(conn, |conn| actors::update(conn, robot.id, &patch)));
}

pub(crate) fn any_number_of_actors_may_lack_a_subject(conn: &mut impl GraphConnection) {
    for _ in 0..3 {
        actors::insert(conn, &actor(ActorKind::System, "cron", None)).unwrap();
    }
    assert_eq!(actors::find(conn, &ActorFilter::default()).unwrap().len(), 3);
}

pub(crate) fn an_actor_can_be_changed(conn: &mut impl GraphConnection) {
    let mara = mara(conn);
    let patch = ActorPatch {
        name: Some("Mara B.".into()),
        subject: Some(None),
        status: Some(ActorStatus::Suspended),
        metadata: Some(json!({"seat": 3})),
    };
    let changed = actors::update(conn, mara.id, &patch).unwrap();
    assert_eq!((changed.name.as_str(), changed.subject.as_deref()), ("Mara B.", None));
    assert_eq!((changed.status, &changed.metadata), (ActorStatus::Suspended, &json!({"seat": 3})));
    assert_eq!(changed.created_at, mara.created_at);
    assert_eq!(actors::update(conn, mara.id, &ActorPatch::default()).unwrap().name, "Mara B.");
}

pub(crate) fn a_missing_actor_cannot_be_changed(conn: &mut impl Inspect) {
    expect!["MG3003: there is no actor 99"]
        .assert_eq(&refused(conn, |conn| actors::update(conn, 99, &ActorPatch::default())));
}

pub(crate) fn a_deleted_actor_frees_its_subject(conn: &mut impl GraphConnection) {
    let first = mara(conn);
    assert!(actors::delete(conn, first.id).unwrap());
    assert!(!actors::delete(conn, first.id).unwrap());
    assert_ne!(mara(conn).id, first.id);
}

pub(crate) fn actors_are_found_by_what_they_are_and_in_pages(conn: &mut impl GraphConnection) {
    for number in 0..6 {
        let kind = if number % 2 == 0 { ActorKind::Person } else { ActorKind::Agent };
        actors::insert(conn, &actor(kind, &number.to_string(), None)).unwrap();
    }
    let all = actors::find(conn, &ActorFilter::default()).unwrap();
    let patch = ActorPatch { status: Some(ActorStatus::Deactivated), ..ActorPatch::default() };
    actors::update(conn, all[0].id, &patch).unwrap();
    let mut names =
        |filter| actors::find(conn, &filter).unwrap().into_iter().map(|actor| actor.name).collect::<String>();
    let agents = ActorFilter { kind: Some(ActorKind::Agent), ..ActorFilter::default() };
    assert_eq!(names(agents), "135");
    assert_eq!(names(ActorFilter { limit: Some(2), ..agents }), "13");
    assert_eq!(names(ActorFilter { after: Some(all[3].id), ..agents }), "5");
    assert_eq!(names(ActorFilter { status: Some(ActorStatus::Deactivated), ..ActorFilter::default() }), "0");
}

pub(crate) fn racing_actors_with_one_subject_are_one(store: &impl Store) {
    let won = at_once(store, 8, |conn, _| match actors::insert(conn, &actor(ActorKind::Person, "Mara", Some("x"))) {
        Ok(_) => true,
        Err(error) if error.is_conflict() => false,
        Err(error) => panic!("{error}"),
    });
    assert_eq!(won.into_iter().filter(|won| *won).count(), 1);
}
