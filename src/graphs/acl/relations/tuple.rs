//! Who has which relation to what, as it is said.

use std::fmt;
use std::str::FromStr;

use super::RelationError;

/// An object: `document:roadmap`.
///
/// ```
/// use metagraph::graphs::acl::relations::Object;
///
/// let roadmap: Object = "document:roadmap".parse()?;
/// assert_eq!((roadmap.kind(), roadmap.id()), ("document", "roadmap"));
/// assert!("document:*".parse::<Object>().is_err());
/// # Ok::<(), metagraph::graphs::acl::relations::RelationError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    kind: String,
    id: String,
}

impl Object {
    /// Its type.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Its name among those of its type.
    pub fn id(&self) -> &str {
        &self.id
    }

    fn read(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        let fits = !kind.is_empty() && !id.is_empty() && id != "*" && !text.contains(['#', ' ']);
        fits.then(|| Self { kind: kind.to_owned(), id: id.to_owned() })
    }
}

impl FromStr for Object {
    type Err = RelationError;

    fn from_str(text: &str) -> Result<Self, RelationError> {
        Self::read(text).ok_or_else(|| RelationError::InvalidName {
            name: text.to_owned(),
            of: "object",
            like: "its type, a colon and its id, like `document:roadmap`",
        })
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.id)
    }
}

/// Who has a relation: an object, all objects of a type, or whoever has a relation to an object.
///
/// ```
/// use metagraph::graphs::acl::relations::Subject;
///
/// assert!(matches!("user:mara".parse()?, Subject::Object(_)));
/// assert!(matches!("user:*".parse()?, Subject::All(kind) if kind == "user"));
/// assert!(matches!("group:eng#member".parse()?, Subject::Userset(_, relation) if relation == "member"));
/// # Ok::<(), metagraph::graphs::acl::relations::RelationError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// An object itself.
    Object(Object),
    /// All objects of a type.
    All(String),
    /// Whoever has a relation to an object.
    Userset(Object, String),
}

impl Subject {
    /// What a model calls such a subject: `user`, `user:*`, `group#member`.
    pub fn form(&self) -> String {
        match self {
            Self::Object(object) => object.kind.clone(),
            Self::All(kind) => format!("{kind}:*"),
            Self::Userset(object, relation) => format!("{}#{relation}", object.kind),
        }
    }

    fn read(text: &str) -> Option<Self> {
        if let Some(kind) = text.strip_suffix(":*") {
            return (!kind.is_empty() && !kind.contains([':', '#', ' '])).then(|| Self::All(kind.to_owned()));
        }
        match text.split_once('#') {
            None => Object::read(text).map(Self::Object),
            Some((_, relation)) if relation.is_empty() || relation.contains(['#', ' ', ':']) => None,
            Some((object, relation)) => Some(Self::Userset(Object::read(object)?, relation.to_owned())),
        }
    }
}

impl FromStr for Subject {
    type Err = RelationError;

    fn from_str(text: &str) -> Result<Self, RelationError> {
        Self::read(text).ok_or_else(|| RelationError::InvalidName {
            name: text.to_owned(),
            of: "subject",
            like: "an object, all of a type, or those with a relation, like `user:mara`, `user:*` or `group:eng#member`",
        })
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(object) => object.fmt(f),
            Self::All(kind) => write!(f, "{kind}:*"),
            Self::Userset(object, relation) => write!(f, "{object}#{relation}"),
        }
    }
}

/// A subject has a relation to an object.
///
/// ```
/// use metagraph::graphs::acl::relations::Tuple;
///
/// let tuple = Tuple::new("group:eng#member", "viewer", "document:roadmap")?;
/// assert_eq!(tuple.to_string(), "group:eng#member viewer document:roadmap");
/// # Ok::<(), metagraph::graphs::acl::relations::RelationError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tuple {
    /// Who.
    pub subject: Subject,
    /// Has which relation.
    pub relation: String,
    /// To what.
    pub object: Object,
}

impl Tuple {
    /// A tuple of three texts.
    ///
    /// # Errors
    /// [`RelationError::InvalidName`] for a text that names no subject, or no object.
    pub fn new(subject: &str, relation: impl Into<String>, object: &str) -> Result<Self, RelationError> {
        Ok(Self { subject: subject.parse()?, relation: relation.into(), object: object.parse()? })
    }

    /// The tuple that an edge tells of; the names in one have no spaces.
    pub(super) fn told(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (subject, relation, object) = (words.next()?, words.next()?, words.next()?);
        Self::new(subject, relation, object).ok().filter(|_| words.next().is_none())
    }
}

impl fmt::Display for Tuple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.subject, self.relation, self.object)
    }
}
