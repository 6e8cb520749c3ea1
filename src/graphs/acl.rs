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

mod access_control;
mod authorizer;
mod circle;
mod decide;
mod decision;
mod delegation;
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
pub use self::error::AclError;
pub use self::identity::{Denied, Identity, check};
pub use self::kinds::{Action, IdentityType, PrincipalStatus};
pub use self::stored::{
    Acl, BelongsTo, CanExecute, CanRead, CanWrite, Contains, Delegates, Holds, Principal, Resource, Resources,
};
pub use self::why::{Step, Why};
