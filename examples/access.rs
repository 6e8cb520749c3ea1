//! A small company: who may do what, why, what a program may do for somebody, and what is left when something is taken back.
//!
//! ```sh
//! cargo run --example access --features graphs
//! ```
//!
//! ```text
//! the roadmap      read   write  scopes
//!   account:mara   yes    yes    report:read, report:write
//!   account:noor   yes    no     report:read
//!   service:ci     yes    no     report:read
//!
//! why the program may read it
//!   service:ci acts for account:mara
//!   account:mara belongs to role:editor
//!   role:editor belongs to org:acme
//!   org:acme may read folder:plans
//!   folder:plans contains document:roadmap
//!
//! who calls something that needs report:read
//!   account:mara   passes
//!   service:ci     passes
//!
//! refused: `account:noor` cannot delegate report:write: it has none of that, or may not delegate it on
//!
//! once editors left the company, and Noor is suspended
//!   account:mara   no     yes    report:write
//!   account:noor   no     no
//!   service:ci     no     no
//!
//! flowchart LR
//!     n1(["org:acme"])
//!     n2(["role:editor"])
//!     n3(["account:mara"])
//!     n4(["account:noor"]):::suspended
//!     n5(["service:ci"])
//!     n6["document:roadmap"]
//!     n7["folder:plans"]
//!     n3 -->|belongs to| n2
//!     n4 -->|belongs to| n1
//!     n1 -->|may read| n7
//!     n2 -->|may write| n7
//!     n7 -->|contains| n6
//!     n3 -.->|delegates to| n5
//!     classDef suspended fill:#ddd
//!
//! by tuples
//!   user:mara views [document:roadmap]
//!   user:noor views [document:roadmap]
//!   user:ben views []
//! why Mara does
//!   account:user:mara belongs to role:group:eng#member (by user:mara member group:eng)
//!   role:group:eng#member holds folder#viewer:plans (by group:eng#member viewer folder:plans)
//!   folder#viewer:plans contains document#viewer:roadmap (by folder:plans parent document:roadmap)
//! ```

use std::error::Error;
use std::io::{self, Write};

use metagraph::graphs::acl::relations::{RelationModel, Relations, Tuple};
use metagraph::graphs::acl::{AccessControl, Acl, Action, Authorizer, Delegates, Principal, check};
use metagraph::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout())
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let conn = &mut metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(conn)?;
    metagraph::sync::<Acl, _>(conn)?;
    let acl = Authorizer::open(conn, "company")?;

    acl.add(conn, &Principal::org("acme").with_scopes(["report:read"]))?;
    acl.add(conn, &Principal::role("editor"))?;
    acl.add(conn, &Principal::account("mara").with_scopes(["report:write"]))?;
    acl.add(conn, &Principal::account("noor"))?;
    acl.add(conn, &Principal::service("ci"))?;
    acl.join(conn, "account:mara", "role:editor")?;
    acl.join(conn, "role:editor", "org:acme")?;
    acl.join(conn, "account:noor", "org:acme")?;
    acl.place(conn, "document:roadmap", "folder:plans")?;
    acl.grant(conn, "org:acme", Action::Read, "folder:plans")?;
    acl.grant(conn, "role:editor", Action::Write, "folder:plans")?;

    // A program acts for Mara, and may do no more than read reports and plans.
    let narrowed = Delegates::scopes(["report:read"]).with("folder:plans", ["read"]);
    acl.delegate(conn, "account:mara", "service:ci", &narrowed)?;

    writeln!(out, "the roadmap      read   write  scopes")?;
    table(out, conn, &acl)?;
    if let Some(why) = acl.why(conn, "service:ci", Action::Read, "document:roadmap")? {
        writeln!(out, "\nwhy the program may read it\n  {}", why.to_string().replace('\n', "\n  "))?;
    }

    flat(out, conn, &acl)?;
    let refused = acl.delegate(conn, "account:noor", "service:ci", &Delegates::scopes(["report:write"]));
    writeln!(out, "\nrefused: {}", refused.err().map_or_else(String::new, |error| error.to_string()))?;

    acl.leave(conn, "role:editor", "org:acme")?;
    acl.suspend(conn, "account:noor")?;
    writeln!(out, "\nonce editors left the company, and Noor is suspended")?;
    table(out, conn, &acl)?;

    writeln!(out, "\n{}", acl.to_mermaid(conn)?)?;
    relations(out, conn)
}

fn table(out: &mut impl Write, conn: &mut impl GraphConnection, acl: &Authorizer) -> Result<(), Box<dyn Error>> {
    for who in ["account:mara", "account:noor", "service:ci"] {
        let mut may = |action| acl.check(conn, who, action, "document:roadmap");
        let [read, write] = [may(Action::Read)?, may(Action::Write)?].map(|may| if may { "yes" } else { "no" });
        let scopes = acl.scopes(conn, who)?.join(", ");
        writeln!(out, "{}", format!("  {who:<13}  {read:<5}  {write:<5}  {scopes}").trim_end())?;
    }
    Ok(())
}

/// The flat check needs no database: what a principal has is a value that travels.
fn flat(out: &mut impl Write, conn: &mut impl GraphConnection, acl: &Authorizer) -> Result<(), Box<dyn Error>> {
    let reads = AccessControl::new().scope("report:read");
    writeln!(out, "\nwho calls something that needs report:read")?;
    for who in ["account:mara", "service:ci"] {
        let identity = acl.identity(conn, who)?;
        let answer = check(Some(&identity), &reads).map_or_else(|denied| denied.to_string(), |()| "passes".into());
        writeln!(out, "  {who:<13}  {answer}")?;
    }
    Ok(())
}

/// The same graph takes a model of relations, with tuples.
fn relations(out: &mut impl Write, conn: &mut impl GraphConnection) -> Result<(), Box<dyn Error>> {
    let model = RelationModel::from_json(
        r#"{
            "user": {},
            "group": {"member": {"direct": ["user", "group#member"]}},
            "folder": {"viewer": {"direct": ["user", "user:*", "group#member"]}},
            "document": {
                "parent": {"direct": ["folder"]},
                "owner": {"direct": ["user"]},
                "viewer": {"union": [{"computed": "owner"}, {"from": ["parent", "viewer"]}]}
            }
        }"#,
    )?;
    let relations = Relations::new(Authorizer::open(conn, "documents")?, model);
    let tuples = [
        ["user:mara", "member", "group:eng"],
        ["group:eng#member", "viewer", "folder:plans"],
        ["folder:plans", "parent", "document:roadmap"],
        ["user:noor", "owner", "document:roadmap"],
    ];
    let tuples = tuples.map(|[subject, relation, object]| Tuple::new(subject, relation, object));
    relations.add_many(conn, &tuples.into_iter().collect::<Result<Vec<_>, _>>()?)?;
    writeln!(out, "by tuples")?;
    for who in ["user:mara", "user:noor", "user:ben"] {
        let sees = relations.list_objects(conn, who, "viewer", "document")?;
        writeln!(out, "  {who} views [{}]", sees.join(", "))?;
    }
    if let Some(why) = relations.why(conn, "user:mara", "viewer", "document:roadmap")? {
        writeln!(out, "why Mara does\n  {}", why.to_string().replace('\n', "\n  "))?;
    }
    Ok(())
}
