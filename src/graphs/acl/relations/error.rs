//! Why something about relations was refused.

use super::super::AclError;

/// Why something about relations was refused or failed; never that somebody lacks a relation, which is an answer.
///
/// ```
/// use metagraph::graphs::acl::relations::RelationModel;
///
/// let model = r#"{"user": {}, "document": {
///     "viewer": {"direct": ["user"]},
///     "banned": {"direct": ["user"]},
///     "can_view": {"exclusion": [{"computed": "viewer"}, {"computed": "banned"}]}
/// }}"#;
/// let refused = RelationModel::from_json(model).unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "`document#can_view` is an exclusion, which is no question of reachability: ask for its parts and combine the answers",
/// );
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RelationError {
    /// A text is no relation model.
    #[error("this is no relation model: {reason}")]
    NoModel {
        /// What is wrong with it.
        reason: String,
    },

    /// A relation is made in a way that cannot be answered exactly.
    #[error(
        "`{relation}` is an {construct}, which is no question of reachability: ask for its parts and combine the answers"
    )]
    Unsupported {
        /// The type and the relation.
        relation: String,
        /// What it is.
        construct: &'static str,
    },

    /// A relation comes from others by a pointer that could mean several things.
    #[error(
        "`{relation}` comes from `{pointer}`, which {reason}: point with a relation whose tuples name plain objects"
    )]
    Pointer {
        /// The type and the relation.
        relation: String,
        /// The relation that points.
        pointer: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The model has no such type or relation.
    #[error("the model has no `{name}`; it has {}", .known.join(", "))]
    Unknown {
        /// The type, or the type and the relation.
        name: String,
        /// Those of the kind that there are.
        known: Vec<String>,
    },

    /// A text names no object or subject.
    #[error("`{name}` names no {of}: write {like}")]
    InvalidName {
        /// The text.
        name: String,
        /// What it should name.
        of: &'static str,
        /// What would name one.
        like: &'static str,
    },

    /// The model allows no such tuple.
    #[error("the model allows no `{tuple}`: the subject of `{relation}` may be {}", .allowed.join(", "))]
    NotAllowed {
        /// The tuple.
        tuple: String,
        /// The type and the relation.
        relation: String,
        /// What its subjects may be.
        allowed: Vec<String>,
    },

    /// The graph refused or failed.
    #[error(transparent)]
    Acl(#[from] AclError),
}

impl From<metagraph::Error> for RelationError {
    fn from(error: metagraph::Error) -> Self {
        Self::Acl(error.into())
    }
}

impl From<diesel::result::Error> for RelationError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Acl(error.into())
    }
}

impl metagraph::Transient for RelationError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Acl(error) if error.is_transient())
    }
}
