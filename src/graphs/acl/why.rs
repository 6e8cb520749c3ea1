//! By which way somebody may do something, so that a person can read it.

use std::fmt;

use super::kinds::Action;

/// Why a principal may do something: a step after the other, from the principal to the resource.
///
/// ```
/// use metagraph::graphs::acl::{Acl, Action, Authorizer, Principal};
///
/// # fn main() -> Result<(), metagraph::graphs::acl::AclError> {
/// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(conn)?;
/// # metagraph::sync::<Acl, _>(conn)?;
/// # let acl = Authorizer::open(conn, "production")?;
/// acl.add(conn, &Principal::account("mara"))?;
/// acl.add(conn, &Principal::role("editor"))?;
/// acl.join(conn, "account:mara", "role:editor")?;
/// acl.grant(conn, "role:editor", Action::Write, "folder:plans")?;
/// acl.place(conn, "document:roadmap", "folder:plans")?;
/// let why = acl.why(conn, "account:mara", Action::Write, "document:roadmap")?;
/// assert_eq!(why.map(|why| why.to_string()).as_deref(), Some("\
/// account:mara belongs to role:editor
/// role:editor may write folder:plans
/// folder:plans contains document:roadmap"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The steps; none only where a relation model was asked whether those who have a relation have it.
    pub steps: Vec<Step>,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.steps.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            step.fmt(f)?;
        }
        Ok(())
    }
}

/// A step of [`Why`]; where it comes of a tuple of a relation model, the tuple is told.
///
/// ```
/// use metagraph::graphs::acl::Step;
///
/// let step = Step::ActsFor { delegate: "service:ci".into(), delegator: "account:mara".into() };
/// assert_eq!(step.to_string(), "service:ci acts for account:mara");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// A principal has what a group has.
    BelongsTo {
        /// Who.
        member: String,
        /// To whom.
        group: String,
        /// The tuple that says so.
        tuple: Option<String>,
    },
    /// A principal has what was delegated to it.
    ActsFor {
        /// Who.
        delegate: String,
        /// For whom.
        delegator: String,
    },
    /// A principal was granted something.
    May {
        /// Who.
        principal: String,
        /// To do what.
        action: Action,
        /// With what.
        resource: String,
    },
    /// A principal has a relation to an object.
    Holds {
        /// Who.
        principal: String,
        /// The relation of the object.
        relation: String,
        /// The tuple that says so.
        tuple: Option<String>,
    },
    /// What holds of one resource holds of another.
    Contains {
        /// The one.
        container: String,
        /// The other.
        resource: String,
        /// The tuple that says so.
        tuple: Option<String>,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tuple = match self {
            Self::BelongsTo { member, group, tuple } => {
                write!(f, "{member} belongs to {group}")?;
                tuple
            }
            Self::ActsFor { delegate, delegator } => return write!(f, "{delegate} acts for {delegator}"),
            Self::May { principal, action, resource } => return write!(f, "{principal} may {action} {resource}"),
            Self::Holds { principal, relation, tuple } => {
                write!(f, "{principal} holds {relation}")?;
                tuple
            }
            Self::Contains { container, resource, tuple } => {
                write!(f, "{container} contains {resource}")?;
                tuple
            }
        };
        tuple.as_ref().map_or(Ok(()), |tuple| write!(f, " (by {tuple})"))
    }
}
