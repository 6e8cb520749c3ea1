//! Access: what is granted, to whom it comes, and what is taken back.

mod delegations;
mod model;

use metagraph::graphs::acl::{
    AccessControl, Acl, AclError, Action, Authorizer, CanRead, CanWrite, Contains, Delegates, Denied, Identity,
    Principal, Resource, check,
};
use metagraph::prelude::*;
use serde_json::json;

pub(crate) use self::delegations::{
    a_chain_of_delegations_only_shrinks, a_delegation_beside_a_withdrawal_never_exceeds_it,
    delegations_in_diamonds_and_cycles_end, resources_are_delegated_as_narrow_as_scopes,
};
pub(crate) use self::model::decisions_in_random_graphs_are_those_of_a_model;
use crate::harness::{Log, at_once};
use crate::store::{Inspect, Store};

/// An empty graph of access.
pub(crate) fn authorizer(conn: &mut impl GraphConnection) -> Authorizer {
    metagraph::sync::<Acl, _>(conn).unwrap();
    Authorizer::open(conn, "access").unwrap()
}

fn with<const N: usize>(conn: &mut impl GraphConnection, principals: [Principal; N]) -> Authorizer {
    let acl = authorizer(conn);
    for principal in principals {
        acl.add(conn, &principal).unwrap();
    }
    acl
}

pub(crate) fn grants_come_to_members_and_into_containers(conn: &mut impl GraphConnection) {
    let acl = with(conn, [Principal::account("mara"), Principal::role("editor"), Principal::org("acme")]);
    let may = |conn: &mut _, action, resource: &str| acl.check(conn, "account:mara", action, resource).unwrap();
    assert!(!may(conn, Action::Read, "document:roadmap"), "nobody granted it, and it is unknown");
    assert!(acl.join(conn, "account:mara", "role:editor").unwrap());
    assert!(!acl.join(conn, "account:mara", "role:editor").unwrap());
    assert!(acl.join(conn, "role:editor", "org:acme").unwrap());
    assert!(acl.place(conn, "document:roadmap", "folder:plans").unwrap());
    assert!(acl.place(conn, "folder:plans", "folder:all").unwrap());
    assert!(acl.grant(conn, "org:acme", Action::Read, "folder:all").unwrap());
    assert!(!acl.grant(conn, "org:acme", Action::Read, "folder:all").unwrap());
    assert!(acl.grant(conn, "account:mara", Action::Write, "document:roadmap").unwrap());

    assert!(may(conn, Action::Read, "document:roadmap") && may(conn, Action::Write, "document:roadmap"));
    assert!(!may(conn, Action::Execute, "document:roadmap") && !may(conn, Action::Write, "folder:plans"));
    assert!(
        !acl.check(conn, "role:editor", Action::Write, "document:roadmap").unwrap(),
        "groups have nothing of members"
    );
    assert!(!acl.check(conn, "account:noor", Action::Read, "document:roadmap").unwrap());
    assert_eq!(
        acl.list_resources(conn, "account:mara", Action::Read).unwrap(),
        ["document:roadmap", "folder:all", "folder:plans"]
    );
    assert_eq!(acl.list_resources(conn, "account:mara", Action::Write).unwrap(), ["document:roadmap"]);
    let readers = acl.list_principals(conn, Action::Read, "document:roadmap").unwrap();
    assert_eq!(readers, ["account:mara", "org:acme", "role:editor"]);
    let why = acl.why(conn, "account:mara", Action::Read, "document:roadmap").unwrap().unwrap();
    assert_eq!(
        why.to_string(),
        "account:mara belongs to role:editor\nrole:editor belongs to org:acme\norg:acme may read folder:all\n\
         folder:all contains folder:plans\nfolder:plans contains document:roadmap"
    );
    assert_eq!(acl.why(conn, "account:mara", Action::Execute, "document:roadmap").unwrap(), None);
}

pub(crate) fn a_revocation_holds_in_its_own_transaction(conn: &mut impl GraphConnection) {
    let acl = with(conn, [Principal::account("mara"), Principal::role("editor")]);
    acl.join(conn, "account:mara", "role:editor").unwrap();
    acl.place(conn, "document:roadmap", "folder:plans").unwrap();
    let may = |conn: &mut _| acl.check(conn, "account:mara", Action::Read, "document:roadmap").unwrap();
    acl.grant(conn, "role:editor", Action::Read, "folder:plans").unwrap();
    conn.transaction::<_, AclError, _>(|conn| {
        assert!(may(conn));
        assert!(acl.revoke(conn, "role:editor", Action::Read, "folder:plans")?);
        assert!(!may(conn), "in the same transaction");
        assert!(!acl.revoke(conn, "role:editor", Action::Read, "folder:plans")?);
        acl.grant(conn, "role:editor", Action::Read, "folder:plans")?;
        assert!(acl.leave(conn, "account:mara", "role:editor")? && !may(conn));
        acl.join(conn, "account:mara", "role:editor")?;
        assert!(acl.take_out(conn, "document:roadmap", "folder:plans")? && !may(conn));
        acl.place(conn, "document:roadmap", "folder:plans")?;
        assert!(may(conn));
        Ok(())
    })
    .unwrap();
    assert!(acl.remove(conn, "role:editor").unwrap() && !may(conn));
    assert!(!acl.remove(conn, "role:editor").unwrap());
    assert!(!acl.revoke(conn, "account:nobody", Action::Read, "document:nothing").unwrap());
}

pub(crate) fn whoever_is_suspended_has_nothing_and_gives_nothing(conn: &mut impl GraphConnection) {
    let [mara, ci] = [Principal::account("mara").with_scopes(["own"]), Principal::service("ci")];
    let acl = with(conn, [mara, ci, Principal::org("acme").with_scopes(["all"])]);
    acl.join(conn, "account:mara", "org:acme").unwrap();
    acl.grant(conn, "org:acme", Action::Read, "document:roadmap").unwrap();
    acl.grant(conn, "account:mara", Action::Write, "document:roadmap").unwrap();
    let all = Delegates::scopes(["own", "all"]).with("document", ["read", "write"]);
    acl.delegate(conn, "account:mara", "service:ci", &all).unwrap();
    let may = |conn: &mut _, who: &str, action| acl.check(conn, who, action, "document:roadmap").unwrap();
    assert!(may(conn, "service:ci", Action::Read) && may(conn, "service:ci", Action::Write));
    assert_eq!(acl.scopes(conn, "service:ci").unwrap(), ["all", "own"]);

    acl.suspend(conn, "org:acme").unwrap();
    assert!(!may(conn, "account:mara", Action::Read) && !may(conn, "service:ci", Action::Read));
    assert!(may(conn, "account:mara", Action::Write) && may(conn, "service:ci", Action::Write));
    assert_eq!(acl.scopes(conn, "service:ci").unwrap(), ["own"]);
    acl.reinstate(conn, "org:acme").unwrap();
    acl.suspend(conn, "account:mara").unwrap();
    acl.suspend(conn, "account:mara").unwrap();
    for who in ["account:mara", "service:ci"] {
        assert!(!may(conn, who, Action::Read) && !may(conn, who, Action::Write));
        assert_eq!(acl.identity(conn, who).unwrap(), Identity { id: who.into(), ..Identity::default() });
        assert!(acl.list_resources(conn, who, Action::Read).unwrap().is_empty());
    }
    assert_eq!(acl.list_principals(conn, Action::Read, "document:roadmap").unwrap(), ["org:acme"]);
    acl.add(conn, &Principal::account("mara").with_scopes(["new"])).unwrap();
    assert!(!may(conn, "account:mara", Action::Write), "being added again ends no suspension");
    acl.reinstate(conn, "account:mara").unwrap();
    assert!(may(conn, "service:ci", Action::Read));
    assert_eq!(acl.scopes(conn, "account:mara").unwrap(), ["all", "new"]);
    let unknown = acl.suspend(conn, "account:noor").unwrap_err();
    assert_eq!(unknown.to_string(), "there is no principal `account:noor`: add it first");
}

pub(crate) fn groups_in_cycles_end(conn: &mut impl GraphConnection) {
    let acl = with(conn, [Principal::account("mara"), Principal::role("a").with_scopes(["a"]), Principal::role("b")]);
    for (member, group) in [("account:mara", "role:a"), ("role:a", "role:b"), ("role:b", "role:a")] {
        acl.join(conn, member, group).unwrap();
    }
    acl.place(conn, "folder:a", "folder:b").unwrap();
    acl.place(conn, "folder:b", "folder:a").unwrap();
    acl.grant(conn, "role:b", Action::Read, "folder:b").unwrap();
    assert!(acl.check(conn, "account:mara", Action::Read, "folder:a").unwrap());
    assert!(!acl.check(conn, "account:mara", Action::Write, "folder:a").unwrap());
    assert_eq!(acl.scopes(conn, "role:b").unwrap(), ["a"]);
    assert_eq!(acl.list_principals(conn, Action::Read, "folder:a").unwrap(), ["account:mara", "role:a", "role:b"]);
    let refused = acl.join(conn, "role:a", "account:mara").unwrap_err();
    assert_eq!(refused.to_string(), "`account:mara` has no members: only an org or a role has");
}

pub(crate) fn the_flat_check_asks_exactly_what_is_required(_: &mut impl GraphConnection) {
    let identity = Identity {
        id: "account:mara".into(),
        scopes: vec!["call:read".into(), "call:*".into()],
        resources: Some([("document:1".into(), vec!["read".into()]), ("disk".into(), vec!["write".into()])].into()),
    };
    let asked = |access: &str| check(Some(&identity), &AccessControl::from_json(access).unwrap());
    let allowed = [
        r#"{}"#,
        r#"{"requiredScopes": ["call:read"]}"#,
        r#"{"requiredScopes": [], "requiredScopesAny": []}"#,
        r#"{"requiredScopes": ["call:read"], "requiredScopesAny": ["other", "call:*"]}"#,
        r#"{"requiredScopes": [], "resourceType": "document", "resourceAction": "read"}"#,
        r#"{"requiredScopes": [], "resourceType": "disk", "resourceAction": "write"}"#,
    ];
    let denied = [
        r#"{"requiredScopes": ["call:read", "call:write"]}"#,
        r#"{"requiredScopes": ["Call:read"]}"#,
        r#"{"requiredScopes": ["call"]}"#,
        r#"{"requiredScopes": [], "requiredScopesAny": ["call:write"]}"#,
        r#"{"requiredScopes": [], "resourceType": "document", "resourceAction": "write"}"#,
        r#"{"requiredScopes": [], "resourceType": "doc", "resourceAction": "read"}"#,
        r#"{"requiredScopes": [], "resourceType": "documents", "resourceAction": "read"}"#,
        r#"{"requiredScopes": ["call:write"], "resourceType": "document", "resourceAction": "read"}"#,
    ];
    for access in allowed {
        assert_eq!(asked(access), Ok(()), "{access}");
    }
    for access in denied {
        assert!(asked(access).is_err(), "{access}");
        assert_eq!(check(None, &AccessControl::from_json(access).unwrap()), Err(Denied::NoIdentity));
    }
    assert_eq!(check(None, &AccessControl::from_json("{}").unwrap()), Ok(()));
    for restricted in &allowed[1..] {
        let access = AccessControl::from_json(restricted).unwrap();
        assert_eq!(check(None, &access).is_err(), !access.is_open(), "{restricted}");
    }
    let refused = [
        (r#"{"resourceAction": "read"}"#, "`resourceAction` without `resourceType`"),
        (r#"{"resourceType": "document"}"#, "`resourceType` without `resourceAction`"),
        (r#"{"customAuth": "mine"}"#, "`customAuth` is asked by nobody"),
        (r#"{"trusted": true}"#, "unknown field `trusted`"),
        (r#"{"requiredScopes": "call:read"}"#, "invalid type"),
    ];
    for (access, reason) in refused {
        let error = AccessControl::from_json(access).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    let access = AccessControl::new().scope("a").any_scope("b").resource("document", "read");
    let written = json!({
        "requiredScopes": ["a"], "requiredScopesAny": ["b"], "resourceType": "document", "resourceAction": "read",
    });
    assert_eq!(json!(access), written);
    assert_eq!(serde_json::from_value::<AccessControl>(written).unwrap(), access);
}

pub(crate) fn one_pair_has_several_grants_and_rows_are_as_upstream_writes_them<C: Inspect>(conn: &mut C) {
    let acl = with(conn, [Principal::account("mara"), Principal::service("ci")]);
    for action in Action::ALL {
        acl.grant(conn, "account:mara", action, "document:1").unwrap();
    }
    assert!(acl.grant(conn, "account:mara", Action::Read, "1").is_err());
    acl.set_resources(conn, "account:mara", &[("document".to_owned(), vec!["print".to_owned()])].into()).unwrap();
    acl.suspend(conn, "service:ci").unwrap();
    let rows = metagraph::DynamicGraph::open(conn, "acl", "access").unwrap();
    let principals = rows.nodes(conn, "principal", 0, 9).unwrap();
    let attributes: Vec<_> = principals.iter().map(|row| row.attributes.clone()).collect();
    assert_eq!(
        json!(attributes),
        json!([
            {"id": "account:mara", "identityType": "account", "identityId": "mara", "scopes": [],
                "resources": {"document": ["print"]}},
            {"id": "service:ci", "identityType": "service", "identityId": "ci", "scopes": [], "status": "suspended"},
        ])
    );
    let graph = acl.graph();
    assert_eq!(graph.edges::<CanRead>().count(conn).unwrap() + graph.edges::<CanWrite>().count(conn).unwrap(), 2);
    let ends = (NodeKey::<Principal>::new("account:mara"), NodeKey::<Resource>::new("document:1"));
    assert!(graph.connect(conn, ends.0, ends.1, &CanRead {}).is_err(), "one of each");
    let identity = acl.identity(conn, "account:mara").unwrap();
    let resources = json!({"document": ["print"], "document:1": ["execute", "read", "write"]});
    assert_eq!(json!(identity.resources), resources);
    assert!(check(Some(&identity), &AccessControl::new().resource("document", "print")).is_ok());
}

pub(crate) fn a_check_is_one_statement_whatever_the_depth(conn: &mut impl GraphConnection) {
    let acl = authorizer(conn);
    let graph = acl.graph();
    let roles = (0..100).map(|number| Principal::role(number.to_string()));
    let roles = graph.insert_many(conn, roles).unwrap();
    let folders = (0..100).map(|number| Resource::new("folder", number.to_string()).unwrap());
    let folders = graph.insert_many(conn, folders).unwrap();
    let belongs = |from: usize, to: usize| {
        let [from, to] = [from, to].map(|number| format!("role:{number}"));
        metagraph::graphs::acl::BelongsTo::plain(&from, &to)
    };
    let memberships = (1..100).map(|at| (roles[at - 1], roles[at], belongs(at - 1, at)));
    graph.connect_many(conn, memberships).unwrap();
    let inside = |at: usize| Contains::plain(&format!("folder:{}", at - 1), &format!("folder:{at}"));
    graph.connect_many(conn, (1..100).map(|at| (folders[at - 1], folders[at], inside(at)))).unwrap();
    acl.grant(conn, "role:99", Action::Read, "folder:0").unwrap();
    let log = Log::of(conn);
    let statements = |what: &str, expected: usize| {
        let queries = log.queries();
        let queries: Vec<_> =
            queries.iter().filter(|query| !query.starts_with("BEGIN") && *query != "COMMIT").collect();
        assert_eq!(queries.len(), expected, "{what}: {queries:?}");
    };
    assert!(acl.check(conn, "role:0", Action::Read, "folder:99").unwrap());
    statements("check", 1);
    assert_eq!(acl.why(conn, "role:0", Action::Read, "folder:99").unwrap().unwrap().steps.len(), 199);
    statements("why", 1);
    acl.scopes(conn, "role:0").unwrap();
    statements("scopes", 1);
    assert_eq!(acl.identity(conn, "role:0").unwrap().resources.unwrap().len(), 1);
    statements("identity", 5);
    assert_eq!(acl.list_resources(conn, "role:0", Action::Read).unwrap().len(), 100);
    statements("list_resources", 3);
    assert_eq!(acl.list_principals(conn, Action::Read, "folder:99").unwrap().len(), 100);
    statements("list_principals", 3);
}

pub(crate) fn a_check_joins_no_grant_to_a_membership_that_ended<S: Store>(store: &S) {
    let mut conn = store.connect();
    let acl = with(&mut conn, [Principal::account("mara"), Principal::role("editor")]);
    acl.join(&mut conn, "account:mara", "role:editor").unwrap();
    acl.place(&mut conn, "document:1", "folder:1").unwrap();
    // Mara is never a member while the role has the grant.
    at_once(store, 2, move |conn, who| {
        for _ in 0..40 {
            if who == 0 {
                acl.leave(conn, "account:mara", "role:editor").unwrap();
                acl.grant(conn, "role:editor", Action::Read, "folder:1").unwrap();
                acl.revoke(conn, "role:editor", Action::Read, "folder:1").unwrap();
                acl.join(conn, "account:mara", "role:editor").unwrap();
            } else {
                assert!(!acl.check(conn, "account:mara", Action::Read, "document:1").unwrap());
                assert_eq!(acl.identity(conn, "account:mara").unwrap().resources, None);
            }
        }
    });
}
