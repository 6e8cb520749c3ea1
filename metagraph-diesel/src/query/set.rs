//! Queries that end in new values for attributes.

use metagraph_core::definition::{ElementDefinition, Member};
use metagraph_core::query::Assignment;
use metagraph_core::query::assignment::Assigned;
use metagraph_core::query::condition::{Comparison, Condition};
use metagraph_core::query::literal::{Given, Literal};
use metagraph_core::query::source::{Column, Path, Source};
use metagraph_core::{Element, holds_nul};
use serde_json::{Map, Value};

use super::plan::{Ends, Plan, Rows};
use super::write::update_found;
use super::{Answer, Query};
use crate::backend::{GraphConnection, Seam};
use crate::batch::guarded;
use crate::encode::{self, Encoded};
use crate::error::{Error, Result};
use crate::graph::WriteHandle;
use crate::graph::handle::{Stored, private};
use crate::guard;
use crate::run;
use crate::vocabulary::Check;
use crate::write::upsert::parsed;

impl<A: Answer> Query<'_, A> {
    /// Sets attributes of every row that the query finds, all or none, and returns how many are not what they were before.
    ///
    /// It is one statement, and no row comes here, where text, numbers and flags are set that no rule is about but their
    /// type: the way to change what is known by its key in one round trip. Where a rule of the schema, a key, a unique
    /// attribute, a list, an object or nothing is set, or some rows of an order are meant, they are read, judged and
    /// written as [`Query::update`] does.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::query::key;
    ///
    /// graph.insert_many(&mut conn, ["serde", "syn", "app"].map(package))?;
    /// let serde = graph.nodes::<Package>().matching(key().eq("serde"));
    /// assert_eq!(serde.set(&mut conn, |p| p.downloads.set(7))?, 1);
    /// let all = graph.nodes::<Package>();
    /// assert_eq!(all.set(&mut conn, |p| [p.downloads.set(7)])?, 2, "what is equal is not written");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Query::update`]; [`Error::InvalidQuery`], too, for an attribute that is set twice, one that serde writes by a
    /// function of the user's (`with`, `serialize_with`, a `skip_serializing_if` other than `Option::is_none`), and a value
    /// that no query can hold.
    pub fn set<C, I>(self, conn: &mut C, values: impl FnOnce(<A::Of as Element>::Fields) -> I) -> Result<usize>
    where
        C: GraphConnection,
        A::Of: Element,
        A::Id: WriteHandle<Value = A::Of>,
        I: IntoIterator<Item = Assignment<A::Of>>,
    {
        let plan = self.plan?;
        let assigned = assigned::<A::Of>(values(A::Of::F))?;
        let check = <A::Id as private::WriteHandle>::check(plan.graph.vocabulary)?;
        let key = element::<A::Of>().and_then(|element| element.key);
        let unique = <A::Id as private::WriteHandle>::unique(plan.graph.vocabulary)?;
        let alone = assigned.iter().all(|Assigned { name, value }| {
            let identifies = key == Some(*name) || unique.iter().flatten().any(|unique| unique == name);
            !identifies && matches!(value, Given::Scalar(_)) && check.fits_alone(name)
        });
        let changes: Map<String, Value> =
            assigned.into_iter().map(|Assigned { name, value }| (name.to_owned(), json_of(value))).collect();
        if alone && !plan.is_bounded() {
            return write(conn, &plan, <A::Of as Element>::NAME, check, &changes);
        }
        update_found::<C, A::Id>(conn, &plan, |stored| changed::<A::Id>(check, stored, &changes))
    }
}

/// A stored row with other values for some attributes, as serde writes them.
fn changed<H: WriteHandle>(check: &Check, stored: &Stored, changes: &Map<String, Value>) -> Result<Encoded> {
    let name = <H::Value as Element>::NAME;
    let text = |value: &Map<String, Value>| {
        encode::text(value).map_err(|source| Error::Encode { element: name.to_owned(), source })
    };
    let members = |attributes: &str| match parsed(attributes, name)? {
        Value::Object(members) => Ok::<_, Error>(members),
        _ => Ok(Map::new()),
    };
    let mut whole = members(&stored.attributes)?;
    whole.extend(changes.clone());
    let value = encode::typed(check, &H::decode(&text(&whole)?)?)?;
    let mut written = members(&value.attributes)?;
    for name in changes.keys() {
        match written.remove(name) {
            Some(value) => whole.insert(name.clone(), value),
            None => whole.remove(name),
        };
    }
    Ok(Encoded { key: value.key, attributes: text(&whole)? })
}

/// What is known of the type at compile time.
fn element<X: Element>() -> Option<&'static ElementDefinition> {
    match X::MEMBER {
        Member::Node(node) => Some(&node.element),
        Member::Edge(edge) => Some(&edge.element),
        Member::Import(_) => None,
    }
}

/// What is set, each attribute once.
fn assigned<X: Element>(values: impl IntoIterator<Item = Assignment<X>>) -> Result<Vec<Assigned>> {
    let mut all: Vec<Assigned> = Vec::new();
    for value in values {
        let assigned = value.into_assigned().map_err(|reason| Error::InvalidQuery { reason })?;
        let name = assigned.name;
        if all.iter().any(|known| known.name == name) {
            return Err(Error::InvalidQuery { reason: format!("`{name}` is set twice") });
        }
        let definition = element::<X>().and_then(|element| element.fields.iter().find(|field| field.name == name));
        if definition.is_some_and(|field| field.written_otherwise) {
            let reason = format!("serde writes `{name}` by a function of its own; change it with `update`");
            return Err(Error::InvalidQuery { reason });
        }
        all.push(assigned);
    }
    Ok(all)
}

fn json_of(value: Given) -> Value {
    match value {
        Given::Null => Value::Null,
        Given::Composite(value) => value,
        Given::Scalar(Literal::Text(text)) => text.into(),
        Given::Scalar(Literal::Integer(integer)) => integer.into(),
        Given::Scalar(Literal::Unsigned(integer)) => integer.into(),
        Given::Scalar(Literal::Float(float)) => float.into(),
        Given::Scalar(Literal::Flag(flag)) => flag.into(),
    }
}

/// Writes scalars over those of all rows that a plan finds, in one statement.
fn write<C: GraphConnection>(
    conn: &mut C,
    plan: &Plan<'_>,
    element: &str,
    check: &Check,
    changes: &Map<String, Value>,
) -> Result<usize> {
    let changes = encode::text(changes).map_err(|source| Error::Encode { element: element.to_owned(), source })?;
    if holds_nul(&changes) {
        return Err(Error::NulCharacter { element: element.to_owned() });
    }
    check.refuse_long(element, &changes)?;
    let scope = plan.scope()?;
    let alias = scope.alias.as_str();
    let (before, after) = <C::Db as Seam>::merged(&format!("{alias}.attributes"));
    let target = plan.graph.target();
    let statement = guarded::<C::Db>(target).sql(match plan.rows {
        Rows::Nodes(_) => " UPDATE __metagraph_nodes AS n SET attributes = ",
        Rows::Edges(_) => " UPDATE __metagraph_edges AS e SET attributes = ",
    });
    let statement = statement.printed(before.clone()).json(changes.clone()).printed(after.clone());
    let statement = statement.printed(format!(", version = {alias}.version + 1, updated_at = ")).time(target.now);
    let mut ends = Ends::default();
    ends.of_condition(&plan.condition);
    let in_order = !C::Db::HOLD_CONTENT.is_empty() && !names_one(&plan.condition, check);
    let statement = if in_order || ends.any() {
        // Writers of the same rows take them in one order, and so never wait in a circle.
        let statement = statement.printed(format!(" WHERE {alias}.graph_id = ")).integer(plan.graph.id);
        let statement = statement.printed(format!(" AND {alias}.id IN (SELECT {alias}.id FROM "));
        let statement = plan.from(statement, &[])?.printed(format!(" ORDER BY {alias}.id"));
        let hold = C::Db::HOLD_CONTENT;
        let statement = if hold.is_empty() { statement } else { statement.sql(hold).printed(format!(" OF {alias}")) };
        statement.sql(")")
    } else {
        plan.conditions(statement.sql(" WHERE "))?
    };
    let statement = statement.sql(" AND ").printed(before).json(changes).printed(after);
    let statement = statement.sql(C::Db::DIFFERS_FROM).printed(format!("{alias}.attributes"));
    let written = run::execute(conn, "setting attributes", statement.sql(" AND EXISTS (SELECT 1 FROM guard)"))?;
    if written == 0 {
        guard::explain(conn, target)?;
    }
    Ok(written)
}

/// Whether at most one row can be meant.
fn names_one(condition: &Condition, check: &Check) -> bool {
    match condition {
        Condition::Compare(Source::Attribute(Path::Attribute(name)), Comparison::Equal, Literal::Text(_)) => {
            check.is_key(name)
        }
        Condition::Compare(Source::Column(Column::Id | Column::Key), Comparison::Equal, _) => true,
        Condition::All(all) => all.iter().any(|condition| names_one(condition, check)),
        _ => false,
    }
}
