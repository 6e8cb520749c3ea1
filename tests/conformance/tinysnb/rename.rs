//! Names that `WITH` and `RETURN` give, followed back to the patterns.

use std::collections::HashMap;

use super::syntax::{Expression, Projection, Subquery};

/// What each name stands for.
pub(super) type Names = HashMap<String, Expression>;

/// What the names mean that a projection gives.
pub(super) fn renamed_items(projection: &Projection, names: &Names) -> Names {
    let mut renamed = names.clone();
    for item in &projection.items {
        if let Some(name) = &item.name {
            renamed.insert(name.clone(), item.expression.renamed(names));
        }
    }
    renamed
}

/// The node that a name stands for.
pub(super) fn variable(name: &str, names: &Names) -> String {
    match names.get(name) {
        None => name.to_owned(),
        Some(Expression::Variable(other)) => other.clone(),
        Some(other) => panic!("`{name}` is no node: {other:?}"),
    }
}

impl Expression {
    /// The same in the names of the patterns.
    pub(super) fn renamed(&self, names: &Names) -> Self {
        let boxed = |inner: &Self| Box::new(inner.renamed(names));
        match self {
            Self::Variable(name) => names.get(name).unwrap_or(self).clone(),
            Self::Property(name, property) => Self::Property(variable(name, names), property.clone()),
            Self::All(name) => Self::All(variable(name, names)),
            Self::Compare(first, comparison, second) => Self::Compare(boxed(first), *comparison, boxed(second)),
            Self::And(first, second) => Self::And(boxed(first), boxed(second)),
            Self::Or(first, second) => Self::Or(boxed(first), boxed(second)),
            Self::Xor(first, second) => Self::Xor(boxed(first), boxed(second)),
            Self::Not(inner) => Self::Not(boxed(inner)),
            Self::Exists(pattern) => Self::Exists(Box::new(pattern.renamed(names))),
            Self::Count(pattern) => Self::Count(Box::new(pattern.renamed(names))),
            Self::Call { name, distinct, arguments } => {
                let arguments = arguments.iter().map(|argument| argument.renamed(names)).collect();
                Self::Call { name: name.clone(), distinct: *distinct, arguments }
            }
            Self::Struct(members) => {
                Self::Struct(members.iter().map(|(name, member)| (name.clone(), member.renamed(names))).collect())
            }
            Self::List(elements) => Self::List(elements.iter().map(|element| element.renamed(names)).collect()),
            Self::Literal(_) | Self::CountRows => self.clone(),
        }
    }

    /// Counting a variable that is never null counts rows.
    pub(super) fn counted(self, is_sure: bool) -> Self {
        match &self {
            Self::Call { name, distinct: false, arguments } if is_sure && name == "count" => match arguments.as_slice()
            {
                [Self::Variable(_)] => Self::CountRows,
                _ => self,
            },
            _ => self,
        }
    }
}

impl Subquery {
    fn renamed(&self, names: &Names) -> Self {
        let mut path = self.path.clone();
        path.start.variable = variable(&path.start.variable, names);
        Self { path, filter: self.filter.as_ref().map(|filter| filter.renamed(names)) }
    }
}
