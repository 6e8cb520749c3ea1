//! Who may do what with what: principals, groups, resources and delegation, and two checks that never allow too much.
//!
//! - [`check`] is flat: an [`Identity`] with scopes and resources against an [`AccessControl`]. It looks at no graph, so it
//!   runs wherever a request arrives. [`Authorizer::identity`] is what the graph makes of a principal for it.
//! - [`Authorizer::check`] asks the graph: may this principal do this with this resource, by a grant of its own, of a group,
//!   of a container of the resource, or of somebody who delegated it? It is one statement, whatever the depth.
//!
//! Nothing is allowed that nobody granted.
//!
//! ```
//! use metagraph::graphs::acl::{AccessControl, Acl, Action, Authorizer, Principal, check};
//!
//! # fn main() -> Result<(), metagraph::graphs::acl::AclError> {
//! let conn = &mut metagraph::sqlite::connect(":memory:")?;
//! metagraph::migrate(conn)?;
//! metagraph::sync::<Acl, _>(conn)?;
//! let acl = Authorizer::open(conn, "production")?;
//!
//! acl.add(conn, &Principal::account("mara"))?;
//! acl.add(conn, &Principal::org("acme").with_scopes(["call:read", "call:write"]))?;
//! acl.join(conn, "account:mara", "org:acme")?;
//! acl.grant(conn, "org:acme", Action::Read, "folder:plans")?;
//! acl.place(conn, "document:roadmap", "folder:plans")?;
//!
//! assert!(acl.check(conn, "account:mara", Action::Read, "document:roadmap")?);
//! assert!(!acl.check(conn, "account:mara", Action::Write, "document:roadmap")?);
//!
//! let identity = acl.identity(conn, "account:mara")?;
//! assert!(check(Some(&identity), &AccessControl::new().scope("call:write")).is_ok());
//! # Ok(())
//! # }
//! ```
//!
//! | what | how |
//! |---|---|
//! | who is there | [`Authorizer::add`], [`remove`](Authorizer::remove), [`suspend`](Authorizer::suspend), [`reinstate`](Authorizer::reinstate), [`set_scopes`](Authorizer::set_scopes) |
//! | who belongs where | [`join`](Authorizer::join), [`leave`](Authorizer::leave) |
//! | what is inside of what | [`place`](Authorizer::place), [`take_out`](Authorizer::take_out) |
//! | who may do what | [`grant`](Authorizer::grant), [`revoke`](Authorizer::revoke) |
//! | who acts for whom | [`delegate`](Authorizer::delegate), [`undelegate`](Authorizer::undelegate) |
//! | may somebody do something, and why | [`check`](Authorizer::check), [`require`](Authorizer::require), [`why`](Authorizer::why) |
//! | with what, and who | [`list_resources`](Authorizer::list_resources), [`list_principals`](Authorizer::list_principals) |
//! | what somebody has altogether | [`scopes`](Authorizer::scopes), [`identity`](Authorizer::identity) |
//! | is that enough | [`check()`], [`AccessControl`] |
//! | relations by tuples | [`relations`] |
//! | as a picture | [`to_mermaid`](Authorizer::to_mermaid), [`Why`] |
//!
//! # What holds
//! - **Deny by default.** Who or what is unknown, suspended or not granted is denied; what could not be enforced exactly is
//!   refused when it is written: an [`AccessControl`] with members that nobody asks, a relation model with exclusions.
//! - **A delegate never has more than its delegator.** A delegation names scopes and resources; what the delegator has not is
//!   refused when it is written and cut off whenever it is used. Only what came by a `narrowable` delegation, or by none, is
//!   delegated on. So it does not matter who writes first, a delegation or a withdrawal.
//! - **Effective sets are the least ones** for which everybody has its own, what its groups have, and what is narrowed of
//!   what its delegators may delegate. Cycles end, and hold nothing up by themselves.
//! - **A check sees one moment.** It is one statement; an [`Identity`] is read so that no grant is joined to a membership
//!   that had ended before. Lists are several statements in one transaction: who acts on one entry checks it.
//! - **Taken back is gone at once,** for every check behind it, in the same transaction as well.
//!
//! # What is stored
//! [`Acl`] is an ordinary graph type: every query of the store works on it. JSON, field by field, is that of the TypeScript
//! packages (`identityType`, `identityId`, `scopes`, `resources`, `narrowedScopes`, `narrowable`), and the edges are theirs:
//! `can_read`, `can_write`, `can_execute`, `belongs_to`, `delegates`. Beside these stand `contains` between resources, `holds`
//! for relation models, a key for each node, a principal's `status`, and a delegation's `narrowedResources`. Where those
//! packages disagree:
//!
//! | | here |
//! |---|---|
//! | several edges between two nodes | one of each type: a principal may read and write one resource |
//! | nobody is logged in | denied where anything is required |
//! | `requiredScopesAny` is empty | nothing is required by it |
//! | a resource type without an action | no access control, and the other way round |
//! | resources by `type:id`, or by `type` | both |
//! | `trusted`, `customAuth` | refused; there is no way around a check |
//! | `forwarded_for` | no part of an identity |

mod access_control;
mod authorizer;
mod circle;
mod decide;
mod decision;
mod delegation;
mod edges;
mod effective;
mod error;
mod identity;
mod kinds;
mod list;
mod picture;
mod places;
pub mod relations;
mod stored;
mod why;

pub use self::access_control::AccessControl;
pub use self::authorizer::Authorizer;
pub use self::edges::{BelongsTo, CanExecute, CanRead, CanWrite, Contains, Delegates, Holds};
pub use self::error::AclError;
pub use self::identity::{Denied, Identity, check};
pub use self::kinds::{Action, IdentityType, PrincipalStatus};
pub use self::stored::{Acl, Principal, Resource, Resources};
pub use self::why::{Step, Why};
