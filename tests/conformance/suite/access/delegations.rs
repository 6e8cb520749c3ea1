//! What somebody has because another delegated it: never more than the other has.

use metagraph::graphs::acl::{AclError, Action, Delegates, Principal};
use metagraph::prelude::*;
use serde_json::json;

use super::with;
use crate::harness::at_once;
use crate::store::Store;

fn accounts<const N: usize>(names: [&str; N]) -> [Principal; N] {
    names.map(Principal::account)
}

pub(crate) fn a_chain_of_delegations_only_shrinks(conn: &mut impl GraphConnection) {
    let [a, b, c, d] = accounts(["a", "b", "c", "d"]);
    let acl = with(conn, [a.with_scopes(["1", "2", "3"]), b, c, d]);
    let scopes = |conn: &mut _, who: &str| acl.scopes(conn, who).unwrap();
    assert!(acl.delegate(conn, "account:a", "account:b", &Delegates::scopes(["1", "2"]).narrowable()).unwrap());
    assert!(acl.delegate(conn, "account:b", "account:c", &Delegates::scopes(["1"])).unwrap());
    assert_eq!(
        (scopes(conn, "account:b"), scopes(conn, "account:c")),
        (vec!["1".into(), "2".into()], vec!["1".into()])
    );

    let too_much = acl.delegate(conn, "account:b", "account:d", &Delegates::scopes(["1", "3"])).unwrap_err();
    assert!(matches!(&too_much, AclError::Beyond { beyond, .. } if *beyond == ["3"]), "{too_much}");
    let onward = acl.delegate(conn, "account:c", "account:d", &Delegates::scopes(["1"])).unwrap_err();
    assert_eq!(onward.to_string(), "`account:c` cannot delegate 1: it has none of that, or may not delegate it on");
    // Who writes the edge past the verb delegates nothing by it.
    let graph = acl.graph();
    let ends = ["account:c", "account:d"].map(NodeKey::<Principal>::new);
    graph.connect(conn, ends[0], ends[1], &Delegates::scopes(["1", "2", "3"]).narrowable()).unwrap();
    assert!(scopes(conn, "account:d").is_empty());

    assert!(!acl.delegate(conn, "account:b", "account:c", &Delegates::scopes(["1"]).narrowable()).unwrap());
    assert_eq!(scopes(conn, "account:d"), ["1"], "clipped to what its delegator may delegate");
    acl.set_scopes(conn, "account:a", &["2"]).unwrap();
    assert!(scopes(conn, "account:c").is_empty() && scopes(conn, "account:d").is_empty());
    assert_eq!(scopes(conn, "account:b"), ["2"]);
    acl.set_scopes(conn, "account:a", &["1"]).unwrap();
    assert_eq!(scopes(conn, "account:d"), ["1"]);
    assert!(acl.undelegate(conn, "account:a", "account:b").unwrap());
    for who in ["account:b", "account:c", "account:d"] {
        assert!(scopes(conn, who).is_empty(), "the middle of the chain was revoked");
    }
    assert!(!acl.undelegate(conn, "account:a", "account:b").unwrap());
}

pub(crate) fn delegations_in_diamonds_and_cycles_end(conn: &mut impl GraphConnection) {
    let [a, b, c, d] = accounts(["a", "b", "c", "d"]);
    let acl = with(conn, [a.with_scopes(["1", "2"]), b, c, d]);
    let narrow = |scope: &str| Delegates::scopes([scope]).narrowable();
    let edges = [("a", "b", "1"), ("a", "c", "2"), ("b", "d", "1"), ("c", "d", "2"), ("d", "b", "2"), ("d", "a", "1")];
    for (from, to, scope) in edges {
        acl.delegate(conn, &format!("account:{from}"), &format!("account:{to}"), &narrow(scope)).unwrap();
    }
    assert_eq!(acl.scopes(conn, "account:d").unwrap(), ["1", "2"]);
    assert_eq!(acl.scopes(conn, "account:b").unwrap(), ["1", "2"]);
    acl.set_scopes(conn, "account:a", &[]).unwrap();
    for who in ["a", "b", "c", "d"] {
        assert!(acl.scopes(conn, &format!("account:{who}")).unwrap().is_empty(), "a cycle holds nothing up by itself");
    }
    let nothing = Delegates::scopes([""; 0]);
    acl.set_scopes(conn, "account:a", &["1"]).unwrap();
    acl.delegate(conn, "account:a", "account:b", &nothing).unwrap();
    assert!(acl.scopes(conn, "account:b").unwrap().is_empty(), "no narrowed scopes are no scopes");
}

pub(crate) fn resources_are_delegated_as_narrow_as_scopes(conn: &mut impl GraphConnection) {
    let [a, b, c] = accounts(["a", "b", "c"]);
    let acl = with(conn, [a, b, c]);
    acl.place(conn, "document:1", "folder:x").unwrap();
    acl.place(conn, "document:2", "folder:y").unwrap();
    acl.grant(conn, "account:a", Action::Read, "folder:x").unwrap();
    acl.grant(conn, "account:a", Action::Read, "document:2").unwrap();
    let may = |conn: &mut _, who: &str, what: &str| acl.check(conn, who, Action::Read, what).unwrap();

    acl.delegate(conn, "account:a", "account:b", &Delegates::scopes(["x"; 0])).unwrap();
    assert!(!may(conn, "account:b", "document:1"), "no narrowed resources are no resources");
    let refused = Delegates::default().with("document:2", ["write"]).with("folder:y", ["read"]).with("disk", ["read"]);
    let refused = acl.delegate(conn, "account:a", "account:b", &refused).unwrap_err();
    assert!(
        matches!(&refused, AclError::Beyond { beyond, .. } if *beyond == ["read disk", "write document:2", "read folder:y"]),
        "{refused}"
    );
    let one = Delegates::default().with("document:1", ["read"]).narrowable();
    acl.delegate(conn, "account:a", "account:b", &one).unwrap();
    assert!(may(conn, "account:b", "document:1") && !may(conn, "account:b", "document:2"));
    assert!(!may(conn, "account:b", "folder:x"), "what contains it was not delegated");
    acl.delegate(conn, "account:b", "account:c", &one).unwrap();
    let why = acl.why(conn, "account:c", Action::Read, "document:1").unwrap().unwrap();
    assert_eq!(
        why.to_string(),
        "account:c acts for account:b\naccount:b acts for account:a\naccount:a may read folder:x\n\
         folder:x contains document:1"
    );
    assert_eq!(acl.list_resources(conn, "account:c", Action::Read).unwrap(), ["document:1"]);
    assert_eq!(acl.list_principals(conn, Action::Read, "document:1").unwrap(), ["account:a", "account:b", "account:c"]);
    assert_eq!(acl.list_principals(conn, Action::Read, "document:2").unwrap(), ["account:a"]);

    // Now it may be used and not delegated on.
    acl.delegate(conn, "account:a", "account:b", &Delegates::default().with("document", ["read"])).unwrap();
    assert!(may(conn, "account:b", "document:1") && may(conn, "account:b", "document:2"));
    assert!(!may(conn, "account:c", "document:1"));
    assert_eq!(acl.list_resources(conn, "account:b", Action::Read).unwrap(), ["document:1", "document:2"]);
    assert_eq!(acl.list_principals(conn, Action::Read, "document:1").unwrap(), ["account:a", "account:b"]);
    let resources = acl.identity(conn, "account:b").unwrap().resources.unwrap();
    assert_eq!(json!(resources), json!({"document:2": ["read"]}), "what is inside of a granted resource is not listed");
}

pub(crate) fn a_delegation_beside_a_withdrawal_never_exceeds_it<S: Store>(store: &S) {
    let mut conn = store.connect();
    let acl = with(&mut conn, [Principal::account("a").with_scopes(["1"]), Principal::account("b")]);
    for _ in 0..5 {
        acl.set_scopes(&mut conn, "account:a", &["1"]).unwrap();
        let racing = acl.clone();
        at_once(store, 2, move |conn, who| {
            if who == 0 {
                let _ = racing.delegate(conn, "account:a", "account:b", &Delegates::scopes(["1"]));
            } else {
                racing.set_scopes(conn, "account:a", &[]).unwrap();
            }
        });
        assert!(acl.scopes(&mut conn, "account:b").unwrap().is_empty());
        acl.undelegate(&mut conn, "account:a", "account:b").unwrap();
    }
}
