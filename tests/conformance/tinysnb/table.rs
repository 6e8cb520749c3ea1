//! Reads of one node, or of one hop along edges of one type: filtered, ordered, bounded, selected and aggregated.

use metagraph::prelude::*;
use metagraph::query::{self, Answer, Grouped, Order, Predicate, Query};
use metagraph::{Field, NodeQuery};
use serde_json::Value;

use super::fields::Typed;
use super::model::{Any, TinySnb};
use super::owner::{Linked, Owner, Roles, for_edge, for_label};
use super::predicate::{holds, of, of_any, patterned_edge};
use super::read::{Hop, Read};
use super::render;
use super::syntax::{Expression, NodePattern, Way};

/// Nodes: of one label as a typed query, of several as a query for the union, which is counted.
pub(super) fn nodes(conn: &mut impl GraphConnection, graph: &Graph<TinySnb>, read: &Read) -> Vec<String> {
    if let [label] = read.start.labels.as_slice() {
        return for_label!(label.as_str(), N => {
            let found = graph.nodes::<N>().matching(of::<N>(&read.start, &read.start_conditions));
            answer(conn, found, read, &Roles::of(&read.start.variable))
        });
    }
    assert!(read.counts(), "nodes of several types are counted");
    vec![any_nodes(graph, read).count(conn).unwrap().to_string()]
}

/// The nodes where a chain begins.
pub(super) fn any_nodes<'g>(graph: &'g Graph<TinySnb>, read: &Read) -> NodeQuery<'g, Any> {
    let found = graph.nodes::<Any>().matching(of_any(&read.start, &read.start_conditions));
    match read.start_limit {
        None => found,
        Some(limit) => found.limit(limit),
    }
}

/// One hop, as a query for its edges.
pub(super) fn edges(conn: &mut impl GraphConnection, graph: &Graph<TinySnb>, read: &Read) -> Vec<String> {
    let hop = &read.hops[0];
    for_edge!(hop.edge.types[0].as_str(), E => {
        let (near, far) = (conditions(read, None), conditions(read, Some(hop)));
        let roles = edge_roles(&read.start, hop);
        let both = near.into_iter().chain(far).chain(hop.edge_conditions.clone());
        let found = both.fold(graph.edges::<E>(), |found, condition| found.matching(holds(&condition, &roles)));
        let found = found.matching(patterned_edge::<E>(&hop.edge, &roles) & labelled::<E>(&roles));
        answer(conn, found, read, &roles)
    })
}

/// The variables of a hop that is followed one way.
pub(super) fn edge_roles(near: &NodePattern, hop: &Hop) -> Roles {
    let ends = match hop.edge.way {
        Way::Out => Some([near.clone(), hop.node.clone()]),
        Way::In => Some([hop.node.clone(), near.clone()]),
        Way::Both => None,
    };
    Roles { own: hop.edge.variable.clone(), ends }
}

/// What is said of the node at an end, as conditions.
fn conditions(read: &Read, hop: Option<&Hop>) -> Vec<Expression> {
    let (node, known) = hop.map_or((&read.start, &read.start_conditions), |hop| (&hop.node, &hop.node_conditions));
    node.properties().into_iter().chain(known.iter().cloned()).collect()
}

fn labelled<E: Linked>(roles: &Roles) -> Predicate<E> {
    let ends = roles.ends.iter().flatten().zip([true, false]).filter(|(node, _)| !node.labels.is_empty());
    Predicate::all(ends.map(|(node, source)| E::labelled(source, &node.labels)))
}

fn answer<A>(conn: &mut impl GraphConnection, found: Query<'_, A>, read: &Read, roles: &Roles) -> Vec<String>
where
    A: Answer,
    A::Of: Owner,
{
    let (skip, limit) = read.bounds;
    let found = found.sorted(order(read, roles)).offset(skip.into());
    let found = limit.into_iter().fold(found, Query::limit);
    if read.counts() {
        let count = found.clone().count(conn).unwrap();
        assert_eq!(found.clone().exists(conn).unwrap(), count > 0);
        assert_eq!(found.load(conn).unwrap().len(), usize::try_from(count).unwrap(), "what is counted can be read");
        return vec![count.to_string()];
    }
    let columns: Vec<Expression> = read.columns.iter().flat_map(every::<A::Of>).collect();
    let parts: Vec<Expression> = columns.iter().flat_map(render::parts).collect();
    let rows = if parts.iter().any(is_aggregate) {
        groups(conn, found, &parts, roles)
    } else {
        selected(conn, found, &parts, roles)
    };
    let rows = rows.into_iter().map(|row| {
        let value_of = |part: &Expression| {
            let place = parts.iter().position(|known| known == part);
            place.and_then(|place| row.get(place)).cloned().unwrap_or_default()
        };
        columns.iter().map(|column| render::column(column, &value_of)).collect::<Vec<_>>().join("|")
    });
    rows.collect()
}

/// All properties where all are asked for.
fn every<O: Owner>(column: &Expression) -> Vec<Expression> {
    match column {
        Expression::All(variable) => {
            let property = |name: &&str| Expression::Property(variable.clone(), (*name).to_owned());
            O::NAMES.iter().map(property).collect()
        }
        other => vec![other.clone()],
    }
}

fn order<O: Owner>(read: &Read, roles: &Roles) -> Vec<Order<O>> {
    let keys = read.order.iter().map(|(key, descending)| {
        let Expression::Property(variable, name) = key else { panic!("rows are ordered by properties: {key:?}") };
        match (O::property_of(roles, variable, name).expect("a property").typed, descending) {
            (Typed::Text(field), false) => field.asc(),
            (Typed::Text(field), true) => field.desc(),
            (Typed::Integer(field), false) => field.asc(),
            (Typed::Integer(field), true) => field.desc(),
            _ => panic!("no read orders by {key:?}"),
        }
    });
    keys.collect()
}

fn json<O: Owner>(part: &Expression, roles: &Roles) -> Field<O, Value> {
    let Expression::Property(variable, name) = part else { panic!("not a property: {part:?}") };
    O::property_of(roles, variable, name).unwrap_or_else(|| panic!("there is no property {part:?}")).json
}

/// The values of the parts: as many as were asked for up to three, else in two tuples that are filled up.
fn selected<A>(
    conn: &mut impl GraphConnection,
    found: Query<'_, A>,
    parts: &[Expression],
    roles: &Roles,
) -> Vec<Vec<Value>>
where
    A: Answer,
    A::Of: Owner,
{
    let field = |place: usize| json::<A::Of>(&parts[place.min(parts.len() - 1)], roles);
    let label = |part: &Expression| matches!(part, Expression::Call { name, .. } if name == "label");
    match parts {
        [only] if label(only) => {
            let rows = found.select(|_| query::id()).load(conn).unwrap();
            rows.into_iter().map(|_| vec![Value::from(<A::Of as Element>::NAME)]).collect()
        }
        [Expression::Variable(variable)] if *variable == roles.own => {
            let rows = found.load(conn).unwrap();
            assert!(rows.is_empty(), "a whole node or edge is printed with ids that are kuzu's own");
            Vec::new()
        }
        [_, Expression::Count(pattern)] => {
            let selected = found.select(|_| (field(0), A::Of::count_of(roles, pattern)));
            selected.load(conn).unwrap().into_iter().map(|(value, count)| vec![value, count.into()]).collect()
        }
        [_] => found.select(|_| field(0)).load(conn).unwrap().into_iter().map(|value| vec![value]).collect(),
        [_, _] => {
            let selected = found.select(|_| (field(0), field(1)));
            selected.load(conn).unwrap().into_iter().map(|row| <[Value; 2]>::from(row).to_vec()).collect()
        }
        [_, _, _] => {
            let selected = found.select(|_| (field(0), field(1), field(2)));
            selected.load(conn).unwrap().into_iter().map(|row| <[Value; 3]>::from(row).to_vec()).collect()
        }
        _ => {
            assert!(parts.len() <= 16, "more columns than two tuples have");
            let eight = |at: usize| {
                (
                    field(at),
                    field(at + 1),
                    field(at + 2),
                    field(at + 3),
                    field(at + 4),
                    field(at + 5),
                    field(at + 6),
                    field(at + 7),
                )
            };
            let rows = found.select(|_| (eight(0), eight(8))).load(conn).unwrap();
            rows.into_iter()
                .map(|(first, second)| [<[Value; 8]>::from(first), <[Value; 8]>::from(second)].concat())
                .collect()
        }
    }
}

fn is_aggregate(part: &Expression) -> bool {
    match part {
        Expression::CountRows => true,
        Expression::Call { name, .. } => ["count", "min", "avg"].contains(&name.as_str()),
        _ => false,
    }
}

/// One aggregate of each kind, of which those that were not asked for are not used.
struct Aggregates<O> {
    count: Field<Grouped<O>, i64>,
    least: Field<Grouped<O>, Option<i64>>,
    mean: Field<Grouped<O>, Option<f64>>,
}

impl<O: Owner> Aggregates<O> {
    fn of(parts: &[Expression], roles: &Roles) -> Self {
        let mut all = Self { count: query::count(), least: query::id().min(), mean: query::id().avg() };
        for part in parts {
            let Expression::Call { name, distinct, arguments } = part else { continue };
            let [Expression::Property(variable, property)] = arguments.as_slice() else { panic!("not one property") };
            let typed = O::property_of(roles, variable, property).expect("a property").typed;
            match (name.as_str(), distinct, typed) {
                ("count", true, Typed::Flag(field)) => all.count = field.count_distinct(),
                ("min", false, Typed::Integer(field)) => all.least = field.min(),
                ("avg", false, Typed::Float(field)) => all.mean = field.avg(),
                _ => panic!("no read aggregates like this: {part:?}"),
            }
        }
        all
    }
}

/// Aggregates for each value of the only other column.
fn groups<A>(
    conn: &mut impl GraphConnection,
    found: Query<'_, A>,
    parts: &[Expression],
    roles: &Roles,
) -> Vec<Vec<Value>>
where
    A: Answer,
    A::Of: Owner,
{
    let keys: Vec<_> = parts.iter().filter(|part| !is_aggregate(part)).collect();
    let [key] = keys.as_slice() else { panic!("rows are grouped by one column") };
    let Aggregates { count, least, mean } = Aggregates::<A::Of>::of(parts, roles);
    let groups = found.group_by(|_| json::<A::Of>(key, roles)).aggregate(|_| (count, least, mean)).load(conn).unwrap();
    let row = |(key, (count, least, mean)): (Value, (i64, Option<i64>, Option<f64>))| {
        let value = |part: &Expression| match part {
            Expression::CountRows => Value::from(count),
            Expression::Call { name, .. } if name == "count" => Value::from(count),
            Expression::Call { name, .. } if name == "min" => Value::from(least),
            Expression::Call { .. } => Value::from(mean),
            _ => key.clone(),
        };
        parts.iter().map(value).collect()
    };
    groups.into_iter().map(row).collect()
}
