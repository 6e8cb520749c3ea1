//! A query without its types: which rows of a graph, in which order, how many.

use metagraph_core::query::Kind;
use metagraph_core::query::condition::{Comparison, Condition};
use metagraph_core::query::literal::Literal;
use metagraph_core::query::order::OrderKey;
use metagraph_core::query::source::{Column, End, Source};

use super::cursor::Cursor;
use super::expression::{Scope, of_types};
use crate::backend::{GraphConnection, Seam};
use crate::error::Result;
use crate::open_graph::OpenGraph;
use crate::run;
use crate::statement::Statement;
use crate::write::Table;

/// Which rows are asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Rows {
    /// Nodes of these types.
    Nodes(Vec<i64>),
    /// Edges of this type.
    Edges(i64),
}

/// Which side of a row the rows of a page are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beyond {
    After,
    Before,
}

/// A row that a page begins or ends at: its values for the order's keys, and its id.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Position {
    pub(crate) values: Vec<Option<Literal>>,
    pub(crate) id: i64,
}

/// What is asked of the rows of one graph.
#[derive(Debug, Clone)]
pub(crate) struct Plan<'g> {
    pub(crate) graph: OpenGraph<'g>,
    pub(crate) rows: Rows,
    pub(crate) condition: Condition,
    pub(crate) order: Vec<OrderKey>,
    pub(crate) limit: Option<u32>,
    pub(crate) offset: u64,
    pub(crate) page: Option<(Beyond, Cursor)>,
    /// Whether the rows of other graphs are passed over on the way, rather than those of this one looked up.
    pub(crate) reads_all: bool,
}

impl<'g> Plan<'g> {
    pub(crate) fn new(graph: OpenGraph<'g>, rows: Rows) -> Self {
        let condition = Condition::ALWAYS;
        Self { graph, rows, condition, order: Vec::new(), limit: None, offset: 0, page: None, reads_all: false }
    }

    pub(crate) fn filter(&mut self, condition: Condition) {
        let known = std::mem::replace(&mut self.condition, Condition::ALWAYS);
        self.condition = known.and(condition);
    }

    pub(crate) fn order_by(&mut self, keys: impl Iterator<Item = OrderKey>) {
        let scope = self.scope().ok();
        let lacks = |key: &OrderKey| scope.as_ref().is_none_or(|scope| scope.may_lack(&key.source));
        self.order.extend(keys.map(|key| OrderKey { optional: key.optional || lacks(&key), ..key }));
    }

    pub(crate) fn scope(&self) -> Result<Scope<'g>> {
        Ok(match &self.rows {
            Rows::Nodes(types) => Scope::node(self.graph, "n", types),
            Rows::Edges(kind) => Scope::edge(self.graph, "e", self.graph.vocabulary.edge_with(*kind)?).with_ends(),
        })
    }

    /// Whether rows come in the opposite of the order that was asked for.
    pub(crate) fn is_backwards(&self) -> bool {
        matches!(self.page, Some((Beyond::Before, _)))
    }

    /// Whether only some of the rows of which the condition holds are asked for.
    pub(crate) fn is_bounded(&self) -> bool {
        self.limit.is_some() || self.offset > 0 || self.page.is_some()
    }

    /// Appends the table, the ends that `sources` need, and the conditions.
    pub(crate) fn from<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        sources: &[&Source],
    ) -> Result<Statement<'a, Db>> {
        let scope = self.scope()?;
        let mut ends = Ends::default();
        ends.of_condition(&self.condition);
        for source in sources {
            ends.of_source(source);
        }
        let statement = match &self.rows {
            Rows::Nodes(_) => statement.sql("__metagraph_nodes AS n"),
            Rows::Edges(_) => ends.join(statement.sql("__metagraph_edges AS e"), &scope),
        };
        self.conditions(statement.sql(" WHERE "))
    }

    /// Appends which rows of the table, and of what is joined to it, are meant.
    pub(super) fn conditions<'a, Db: Seam>(&self, statement: Statement<'a, Db>) -> Result<Statement<'a, Db>> {
        let scope = self.scope()?;
        let statement = statement.sql(self.not_by::<Db>());
        let statement = match &self.rows {
            Rows::Nodes(types) => {
                of_types(statement.sql("n.graph_id = ").integer(self.graph.id).sql(" AND "), "n", types)
            }
            Rows::Edges(kind) => {
                let statement = statement.sql("e.graph_id = ").integer(self.graph.id);
                statement.printed(format!(" AND e.edge_type_id = {kind}"))
            }
        };
        let statement = scope.and_condition(statement, Scope::bounded(&self.condition)?)?;
        match &self.page {
            None => Ok(statement),
            Some((beyond, cursor)) => self.beyond(statement, &scope, *beyond, &cursor.position(self)?),
        }
    }

    /// Appends the order, and the bounds.
    pub(crate) fn ordered<'a, Db: Seam>(&self, statement: Statement<'a, Db>) -> Result<Statement<'a, Db>> {
        let scope = self.scope()?;
        let backwards = self.is_backwards();
        let mut statement = statement.sql(" ORDER BY ");
        for key in &self.order {
            statement = order_key(&scope, statement, key, backwards)?.sql(", ");
        }
        statement = statement.printed(format!("{}.id", scope.alias)).sql(if backwards { " DESC" } else { "" });
        Ok(statement.limited(self.limit, self.offset))
    }

    fn not_by<Db: Seam>(&self) -> &'static str {
        if self.reads_all { Db::NOT_BY } else { "" }
    }

    /// Decides how all rows of a type are read.
    pub(super) fn sample<C: GraphConnection>(&mut self, conn: &mut C) -> Result<()> {
        let everything = self.condition == Condition::ALWAYS && self.order.is_empty() && !self.is_bounded();
        if everything {
            let table = match self.rows {
                Rows::Nodes(_) => Table::Nodes,
                Rows::Edges(_) => Table::Edges,
            };
            self.reads_all = fills(conn, self.graph, table)?;
        }
        Ok(())
    }

    /// What the order needs of the ends of an edge.
    pub(crate) fn order_sources(&self) -> Vec<&Source> {
        self.order.iter().map(|key| &key.source).collect()
    }

    /// Appends the condition that a row comes after, or before, a position in the order.
    fn beyond<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        scope: &Scope<'_>,
        beyond: Beyond,
        position: &Position,
    ) -> Result<Statement<'a, Db>> {
        let mut statement = statement;
        let keys: Vec<_> = self.order.iter().zip(&position.values).collect();
        // Where no row lacks the first key, a single range on it finds the page in an index.
        if let Some((key, Some(value))) = keys.first()
            && !key.optional
        {
            let side = if ascends(key, beyond) { Comparison::GreaterOrEqual } else { Comparison::LessOrEqual };
            let range = Condition::Compare(key.source.clone(), side, value.clone());
            statement = scope.condition(statement.sql(" AND "), &range)?;
        }
        let mut any = Vec::new();
        let mut same = Vec::new();
        for (key, value) in keys {
            let mut all = same.clone();
            all.push(further(key, value.as_ref(), beyond));
            any.push(Condition::All(all));
            same.push(match value {
                Some(value) => Condition::Compare(key.source.clone(), Comparison::Equal, value.clone()),
                None => without(key),
            });
        }
        let side = if beyond == Beyond::After { Comparison::Greater } else { Comparison::Less };
        same.push(Condition::Compare(Source::Column(Column::Id), side, Literal::Integer(position.id)));
        any.push(Condition::All(same));
        scope.condition(statement.sql(" AND "), &Condition::Any(any))
    }
}

/// Whether a graph has so much of a table that going through all rows finds its own faster than looking them up: by the
/// graphs that a few rows spread over the table are of.
pub(crate) fn fills<C: GraphConnection>(conn: &mut C, graph: OpenGraph<'_>, table: Table) -> Result<bool> {
    const ROWS: i64 = 16;
    if !C::Db::MAY_READ_ALL {
        return Ok(false);
    }
    let table = match table {
        Table::Nodes => "__metagraph_nodes",
        Table::Edges => "__metagraph_edges",
    };
    let places = (1..=ROWS).collect::<Vec<_>>();
    let statement = Statement::new("SELECT count(*) FROM ")
        .ids(places)
        .printed(format!(" CROSS JOIN {table} AS t WHERE t.id = ids.id * (SELECT max(id) FROM {table}) / "))
        .integer(ROWS + 1)
        .printed(format!(" AND {}t.graph_id = ", C::Db::NOT_BY))
        .integer(graph.id);
    let own: Option<i64> = run::optional(conn, "looking at a few rows", statement)?;
    Ok(own.unwrap_or(0) * 4 >= ROWS)
}

fn ascends(key: &OrderKey, beyond: Beyond) -> bool {
    key.descending != (beyond == Beyond::After)
}

/// The key is missing, or of another kind than the one that is ordered by.
fn without(key: &OrderKey) -> Condition {
    if Scope::is_column_time(&key.source) {
        return Condition::Null(key.source.clone());
    }
    match key.kind {
        // Anything is at least the least of its kind.
        Kind::Text => Condition::Compare(key.source.clone(), Comparison::GreaterOrEqual, Literal::Text(String::new())),
        Kind::Number => Condition::Compare(key.source.clone(), Comparison::GreaterOrEqual, Literal::Float(-f64::MAX)),
        Kind::Flag => Condition::Compare(key.source.clone(), Comparison::GreaterOrEqual, Literal::Flag(false)),
    }
    .negated()
}

/// The key alone comes further in this direction.
fn further(key: &OrderKey, value: Option<&Literal>, beyond: Beyond) -> Condition {
    let nulls_are_further = key.nulls_first != (beyond == Beyond::After);
    match value {
        Some(value) => {
            let side = if ascends(key, beyond) { Comparison::Greater } else { Comparison::Less };
            let further = Condition::Compare(key.source.clone(), side, value.clone());
            if key.optional && nulls_are_further { further.or(without(key)) } else { further }
        }
        None if nulls_are_further => Condition::NEVER,
        None => without(key).negated(),
    }
}

/// Appends one key of an order.
pub(crate) fn order_key<'a, Db: Seam>(
    scope: &Scope<'_>,
    statement: Statement<'a, Db>,
    key: &OrderKey,
    backwards: bool,
) -> Result<Statement<'a, Db>> {
    let statement = scope.value(statement, &key.source, key.kind)?;
    let statement = statement.sql(if key.descending == backwards { " ASC" } else { " DESC" });
    // Saying where nulls go keeps SQLite from using an index, so it is said only where there can be some.
    Ok(match (key.optional, key.nulls_first == backwards) {
        (false, _) => statement,
        (true, true) => statement.sql(" NULLS LAST"),
        (true, false) => statement.sql(" NULLS FIRST"),
    })
}

/// Which ends of an edge are asked about.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Ends {
    source: bool,
    target: bool,
}

impl Ends {
    /// The end, where one alone is asked about.
    pub(crate) fn only(&self) -> Option<End> {
        match (self.source, self.target) {
            (true, false) => Some(End::Source),
            (false, true) => Some(End::Target),
            _ => None,
        }
    }

    pub(crate) fn of_source(&mut self, source: &Source) {
        match source {
            Source::AtEnd(End::Source, ..) => self.source = true,
            Source::AtEnd(End::Target, ..) => self.target = true,
            Source::Aggregate(_, _, inner) => self.of_source(inner),
            _ => {}
        }
    }

    pub(crate) fn of_condition(&mut self, condition: &Condition) {
        match condition {
            Condition::All(conditions) | Condition::Any(conditions) => {
                for condition in conditions {
                    self.of_condition(condition);
                }
            }
            Condition::Not(inner) | Condition::OfType(_, inner) => self.of_condition(inner),
            Condition::CompareWith(first, _, second, _) => {
                self.of_source(first);
                self.of_source(second);
            }
            Condition::Compare(source, ..)
            | Condition::OneOf(source, _)
            | Condition::Null(source)
            | Condition::Text(source, ..)
            | Condition::Like(source, _) => self.of_source(source),
            Condition::Elements(..) | Condition::HasMember(..) | Condition::Incident(_) | Condition::Invalid(_) => {}
        }
    }

    /// Whether any is.
    pub(crate) fn any(&self) -> bool {
        self.source || self.target
    }

    /// Appends the nodes at the ends that are asked about.
    pub(crate) fn join<'a, Db>(&self, statement: Statement<'a, Db>, edges: &Scope<'_>) -> Statement<'a, Db> {
        let ends = [(self.source, End::Source), (self.target, End::Target)];
        ends.into_iter().filter(|(asked, _)| *asked).fold(statement, |statement, (_, end)| {
            let node = edges.end_alias(end);
            let statement = statement
                .printed(format!(" JOIN __metagraph_nodes AS {node} ON {node}.graph_id = "))
                .integer(edges.graph.id);
            statement.printed(format!(" AND {node}.id = {}", edges.end_id(end)))
        })
    }
}
