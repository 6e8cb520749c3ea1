//! Values of a row as SQL: one printer for what is compared, ordered, grouped and read.

use std::borrow::Cow;

use metagraph_core::query::Kind;
use metagraph_core::query::condition::Condition;
use metagraph_core::query::literal::Literal;
use metagraph_core::query::source::{Column, End, Function, Incident, Path, Source, Step, Way};
use metagraph_core::schema::{indexed_steps, is_time, scalar_kind};
use serde_json::Value;

use crate::backend::{Form, Seam};
use crate::error::{Error, Result};
use crate::open_graph::OpenGraph;
use crate::statement::{Bind, Microseconds, Statement};
use crate::vocabulary::{Check, EdgeKind};

/// Microseconds before 1970: no row is older, and the times of PostgreSQL do not reach back as far as those of Rust.
const YEAR_0: i64 = -62_167_219_200_000_000;

/// How a selected value is read from its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadAs {
    Json,
    Integer,
    Number,
    Text,
    /// Text that lost the `Z` at its end to be compared.
    TimeText,
    Flag,
    /// Microseconds since 1970.
    Time,
}

/// Where expressions stand: in which graph, and over which row.
#[derive(Debug, Clone)]
pub(crate) struct Scope<'q> {
    pub(crate) graph: OpenGraph<'q>,
    pub(crate) alias: String,
    /// What is known of the attributes, where the row's type is known.
    pub(crate) check: Option<&'q Check>,
    /// The type of the row that is an edge.
    pub(crate) edge: Option<&'q EdgeKind>,
    /// Whether the statement joins the nodes at the ends of the edge that are asked about.
    pub(crate) joins_ends: bool,
    /// Whether a row stands for as many edges as its column `many` says.
    pub(crate) counted: bool,
}

impl<'q> Scope<'q> {
    /// Nodes under this alias, of the type with this name where it is known.
    pub(crate) fn node(graph: OpenGraph<'q>, alias: impl Into<String>, types: &[i64]) -> Self {
        let check = match types {
            [only] => graph.vocabulary.node_by_id(*only).map(|kind| &kind.check),
            _ => None,
        };
        Self { graph, alias: alias.into(), check, edge: None, joins_ends: false, counted: false }
    }

    /// Edges of this type under this alias, whose ends are looked up where they are asked about.
    pub(crate) fn edge(graph: OpenGraph<'q>, alias: impl Into<String>, kind: &'q EdgeKind) -> Self {
        let check = Some(&kind.check);
        Self { graph, alias: alias.into(), check, edge: Some(kind), joins_ends: false, counted: false }
    }

    /// The same edges, whose ends the statement joins.
    pub(crate) fn with_ends(self) -> Self {
        Self { joins_ends: true, ..self }
    }

    /// The same edges, counted already, so that each row stands for several.
    pub(crate) fn with_counted_edges(self) -> Self {
        Self { counted: true, ..self }
    }

    /// The same rows, known to be of one node type.
    pub(crate) fn narrowed(&self, name: &str) -> Result<(Self, i64)> {
        let kind = self.graph.vocabulary.node(name)?;
        Ok((Self { check: Some(&kind.check), ..self.clone() }, kind.id))
    }

    /// The alias of the node at an end of the edge.
    pub(crate) fn end_alias(&self, end: End) -> String {
        match end {
            End::Source => format!("{}s", self.alias),
            End::Target => format!("{}t", self.alias),
        }
    }

    fn attributes(&self) -> String {
        format!("{}.attributes", self.alias)
    }

    fn schema(&self) -> Option<&'q Value> {
        self.check.map(Check::schema)
    }

    /// The node at an end, and the ids of the types it has to be of, where the edge type allows more.
    fn at_end(&self, end: End, types: &[&'static str]) -> Result<(Self, Option<Vec<i64>>)> {
        let Some(edge) = self.edge else { return Err(Self::invalid("only an edge has a source and a target")) };
        let ids: Vec<i64> = types.iter().map(|name| Ok(self.graph.vocabulary.node(name)?.id)).collect::<Result<_>>()?;
        let allowed = match end {
            _ if edge.rules.undirected => [edge.from.as_slice(), &edge.to].concat(),
            End::Source => edge.from.clone(),
            End::Target => edge.to.clone(),
        };
        let node = Self::node(self.graph, self.end_alias(end), &ids);
        Ok((node, allowed.iter().any(|id| !ids.contains(id)).then_some(ids)))
    }

    /// Begins to look up a value at an end of the edge, unless that end is joined.
    fn looking_up<'a, Db>(&self, statement: Statement<'a, Db>) -> Statement<'a, Db> {
        if self.joins_ends { statement } else { statement.sql("(SELECT ") }
    }

    /// Says of which node the value that is looked up is.
    fn looked_up<'a, Db>(&self, statement: Statement<'a, Db>, end: End) -> Statement<'a, Db> {
        if self.joins_ends {
            return statement;
        }
        let node = self.end_alias(end);
        let statement = statement.printed(format!(" FROM __metagraph_nodes AS {node} WHERE {node}.graph_id = "));
        statement.integer(self.graph.id).printed(format!(" AND {node}.id = {})", self.end_id(end)))
    }

    /// The id of the node at an end. Undirected edges are stored with the smaller end first, and read as they were given.
    pub(crate) fn end_id(&self, end: End) -> String {
        let edge = &self.alias;
        let (column, other) = match end {
            End::Source => ("source_id", "target_id"),
            End::Target => ("target_id", "source_id"),
        };
        if self.edge.is_some_and(|kind| kind.rules.undirected) {
            format!("CASE WHEN {edge}.reversed THEN {edge}.{other} ELSE {edge}.{column} END")
        } else {
            format!("{edge}.{column}")
        }
    }

    /// A query that cannot be asked, and why.
    pub(crate) fn invalid(reason: impl Into<String>) -> Error {
        Error::InvalidQuery { reason: reason.into() }
    }

    /// The steps of a path, whose names must need no escaping.
    pub(super) fn steps_of(&self, path: &Path) -> Result<Vec<Step>> {
        let steps = path.steps().into_owned();
        for step in &steps {
            if let Step::Member(name) = step
                && name.contains(|letter: char| letter.is_control() || "\"\\".contains(letter))
            {
                return Err(Self::invalid(format!(
                    "the attribute `{}` cannot be asked for: its name has quotes, backslashes or control characters",
                    name.escape_debug()
                )));
            }
        }
        self.known(&steps)?;
        Ok(steps)
    }

    /// Refuses an attribute that the type does not have: it is a misspelling.
    fn known(&self, steps: &[Step]) -> Result<()> {
        let Some(schema) = self.schema() else { return Ok(()) };
        match metagraph_core::schema::missing_member(schema, steps) {
            None => Ok(()),
            Some((name, known)) => {
                let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
                Err(Self::invalid(format!("there is no attribute `{name}`; there are {}", known.join(", "))))
            }
        }
    }

    /// Whether a row may be without a value that its Rust type always has, as serde may leave it out.
    pub(crate) fn may_lack(&self, source: &Source) -> bool {
        let Source::Attribute(Path::Attribute(name)) = source else { return false };
        let required = self.schema().and_then(|schema| schema.get("required")?.as_array());
        !required.is_some_and(|required| required.iter().any(|required| required == name))
    }

    /// Whether values are points in time that are stored as text.
    pub(super) fn is_time_text(&self, source: &Source) -> bool {
        match source {
            Source::Attribute(path) => self.schema().is_some_and(|schema| is_time(schema, &path.steps())),
            Source::AtEnd(end, types, inner) => {
                self.at_end(*end, types).is_ok_and(|(node, _)| node.is_time_text(inner))
            }
            Source::Aggregate(Function::Least | Function::Greatest, _, inner) => self.is_time_text(inner),
            _ => false,
        }
    }

    /// The column of keys instead of the attribute that has the same text, unless an index of its own has that.
    pub(super) fn indexed<'s>(&self, source: &'s Source, kind: Kind) -> Cow<'s, Source> {
        let Some(check) = self.check.filter(|_| kind == Kind::Text) else { return Cow::Borrowed(source) };
        match source {
            Source::Attribute(Path::Attribute(name)) if check.is_key(name) && !check.indexes_text(name) => {
                Cow::Owned(Source::Column(Column::Key))
            }
            source => Cow::Borrowed(source),
        }
    }

    /// The attribute, where it holds text that no index has.
    pub(super) fn unindexed_text(&self, source: &Source) -> Result<Option<(String, Vec<Step>)>> {
        let (Source::Attribute(path), Some(check)) = (source, self.check) else { return Ok(None) };
        let steps = self.steps_of(path)?;
        let indexed = match steps.as_slice() {
            [Step::Member(name), ..] => check.indexes_text(name) && steps == indexed_steps(check.schema(), name),
            _ => false,
        };
        Ok((!indexed && !self.is_time_text(source)).then(|| (self.attributes(), steps)))
    }

    /// Whether values are times of the row itself.
    pub(crate) fn is_column_time(source: &Source) -> bool {
        match source {
            Source::Column(Column::CreatedAt | Column::UpdatedAt) => true,
            Source::AtEnd(_, _, inner) | Source::Aggregate(Function::Least | Function::Greatest, _, inner) => {
                Self::is_column_time(inner)
            }
            _ => false,
        }
    }

    fn form(&self, source: &Source, kind: Kind) -> Form {
        match kind {
            Kind::Text if self.is_time_text(source) => Form::Time,
            Kind::Text => Form::Text,
            Kind::Number => Form::Number,
            Kind::Flag => Form::Flag,
        }
    }

    /// Appends a value as it is compared: null where it is missing or of another kind.
    pub(crate) fn value<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        source: &Source,
        kind: Kind,
    ) -> Result<Statement<'a, Db>> {
        Ok(match source {
            Source::Attribute(path) => {
                statement.printed(Db::json(&self.attributes(), &self.steps_of(path)?, self.form(source, kind)))
            }
            Source::Length(path) => {
                statement.printed(Db::json(&self.attributes(), &self.steps_of(path)?, Form::Length))
            }
            Source::Members(path) => {
                statement.printed(Db::json(&self.attributes(), &self.steps_of(path)?, Form::Members))
            }
            Source::Column(column) => statement.printed(format!("{}.{}", self.alias, column_name(*column))),
            Source::AtEnd(end, types, inner) => {
                let (node, types) = self.at_end(*end, types)?;
                let statement = where_of(self.looking_up(statement), &node.alias, types.as_deref());
                self.looked_up(end_where(node.value(statement, inner, kind)?, types.is_some()), *end)
            }
            Source::Degree(incident) => self.degree(statement, incident)?,
            Source::Aggregate(function, of, inner) => self.aggregate(statement, *function, (*of, kind), inner)?,
        })
    }

    fn aggregate<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        function: Function,
        (of, wanted): (Kind, Kind),
        inner: &Source,
    ) -> Result<Statement<'a, Db>> {
        let (before, after) = Db::AS_FLOAT;
        Ok(match function {
            Function::Count if self.counted => statement.printed(format!("CAST(sum({}.many) AS bigint)", self.alias)),
            Function::Count => statement.sql("count(*)"),
            // As it is read it is null where it is missing, whatever kind it is of.
            Function::Present => self.selected(statement.sql("count("), inner)?.0.sql(")"),
            Function::Distinct => self.value(statement.sql("count(DISTINCT "), inner, of)?.sql(")"),
            Function::ExactSum => self.value(statement.sql("sum("), inner, of)?.sql(")"),
            Function::FloatSum => self.value(statement.sql("sum(").sql(before), inner, of)?.sql(after).sql(")"),
            Function::Average => self.value(statement.sql("avg(").sql(before), inner, of)?.sql(after).sql(")"),
            Function::Least | Function::Greatest => {
                let (least, greatest) = match wanted {
                    Kind::Flag => Db::EXTREME_FLAGS,
                    Kind::Text | Kind::Number => ("min(", "max("),
                };
                let extreme = if function == Function::Least { least } else { greatest };
                self.value(statement.sql(extreme), inner, wanted)?.sql(")")
            }
        })
    }

    fn degree<'a, Db: Seam>(&self, statement: Statement<'a, Db>, incident: &Incident) -> Result<Statement<'a, Db>> {
        let counted = |statement: Statement<'a, Db>, way: Way, both: bool| {
            let counted = statement.sql("(SELECT count(*) FROM ");
            Ok(self.incident(counted, incident, way, both)?.sql(")"))
        };
        match self.way(incident)? {
            Way::Both => {
                let out = counted(statement.sql("("), Way::Out, true)?.sql(" + ");
                Ok(counted(out, Way::In, true)?.sql(")"))
            }
            way => counted(statement, way, false),
        }
    }

    /// Edges without direction are followed either way.
    pub(crate) fn way(&self, incident: &Incident) -> Result<Way> {
        let kind = self.graph.vocabulary.edge(incident.edge)?;
        Ok(if kind.rules.undirected { Way::Both } else { incident.way })
    }

    /// Appends, after `FROM`, the edges at the row's node; where both ways are asked, self loops only on the way out.
    pub(crate) fn incident<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        incident: &Incident,
        way: Way,
        both: bool,
    ) -> Result<Statement<'a, Db>> {
        let graph = self.graph;
        let kind = graph.vocabulary.edge(incident.edge)?;
        let far: Vec<i64> =
            incident.far.iter().map(|name| Ok(graph.vocabulary.node(name)?.id)).collect::<Result<_>>()?;
        let (near_end, far_end, reached) = match way {
            Way::In => ("target_id", "source_id", &kind.from),
            Way::Out | Way::Both => ("source_id", "target_id", &kind.to),
        };
        let (edge, node) = (format!("{}e", self.alias), format!("{}f", self.alias));
        let any_far = !kind.rules.undirected && reached.iter().all(|id| far.contains(id));
        let joins = !any_far || incident.node_condition != Condition::ALWAYS;
        let statement = statement.printed(format!("__metagraph_edges AS {edge}"));
        let statement =
            if joins { statement.printed(format!(" CROSS JOIN __metagraph_nodes AS {node}")) } else { statement };
        Self::bounded(&incident.edge_condition)?;
        Self::bounded(&incident.node_condition)?;
        let edges = Self::edge(graph, edge.clone(), kind);
        let statement = statement
            .printed(format!(" WHERE {edge}.graph_id = "))
            .integer(graph.id)
            .printed(format!(" AND {edge}.{near_end} = {}.id AND {edge}.edge_type_id = {}", self.alias, kind.id));
        let statement = if both && way == Way::In {
            statement.printed(format!(" AND {edge}.source_id <> {edge}.target_id"))
        } else {
            statement
        };
        let statement = if joins {
            found_of_types(
                statement
                    .printed(format!(" AND {node}.graph_id = "))
                    .integer(graph.id)
                    .printed(format!(" AND {node}.id = {edge}.{far_end} AND ")),
                &node,
                &far,
            )
        } else {
            statement
        };
        let statement = edges.and_condition(statement, &incident.edge_condition)?;
        Self::node(graph, node, &far).and_condition(statement, &incident.node_condition)
    }

    /// Appends a bound value that is compared with what comes from `source`.
    pub(crate) fn literal<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        source: &Source,
        literal: &Literal,
    ) -> Result<Statement<'a, Db>> {
        let (before, after) = Db::NUMBER;
        Ok(match literal {
            Literal::Text(text) if Self::is_column_time(source) => statement.time(Self::microseconds(text)?.0),
            Literal::Text(text) if self.is_time_text(source) => statement.text(text.trim_end_matches('Z').to_owned()),
            Literal::Text(text) => statement.text(text.clone()),
            Literal::Integer(integer) => statement.integer(*integer),
            Literal::Unsigned(_) | Literal::Float(_) => {
                statement.sql(before).bind(Bind::Number(number_text(literal))).sql(after)
            }
            Literal::Flag(flag) => statement.bind(Bind::Flag(*flag)),
        })
    }

    /// A time in the resolution of columns, and whether some of it is lost.
    pub(crate) fn microseconds(text: &str) -> Result<(Microseconds, bool)> {
        let time: jiff::Timestamp =
            text.parse().map_err(|error| Self::invalid(format!("`{text}` is not a point in time: {error}")))?;
        let lost = time.as_nanosecond().rem_euclid(1000) != 0;
        let whole = time.as_microsecond() - i64::from(lost && time.as_nanosecond() < 0);
        Ok((Microseconds(whole.max(YEAR_0)), lost))
    }

    /// Appends a value as it is read, and says how.
    pub(crate) fn selected<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        source: &Source,
    ) -> Result<(Statement<'a, Db>, ReadAs)> {
        self.selected_as(statement, source, Form::Json)
    }

    /// Appends a value as it is read, so that equal ones are the same: what rows can be grouped by.
    pub(crate) fn selected_key<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        source: &Source,
    ) -> Result<(Statement<'a, Db>, ReadAs)> {
        self.selected_as(statement, source, Form::Key)
    }

    fn selected_as<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        source: &Source,
        attribute: Form,
    ) -> Result<(Statement<'a, Db>, ReadAs)> {
        let number = |scope: &Self, statement: Statement<'a, Db>| {
            let (before, after) = Db::NUMBER_TEXT;
            Ok((scope.value(statement.sql(before), source, Kind::Number)?.sql(after), ReadAs::Number))
        };
        match source {
            Source::Attribute(path) => {
                let steps = self.steps_of(path)?;
                let kind = self.schema().and_then(|schema| scalar_kind(schema, &steps));
                let form = match (attribute, kind) {
                    // Only a number is the same in several texts.
                    (Form::Key, Some(Kind::Text | Kind::Flag)) => Form::Json,
                    (form, _) => form,
                };
                Ok((statement.printed(Db::json(&self.attributes(), &steps, form)), ReadAs::Json))
            }
            Source::Length(_)
            | Source::Members(_)
            | Source::Degree(_)
            | Source::Aggregate(Function::Count | Function::Present | Function::Distinct, ..) => {
                Ok((self.value(statement, source, Kind::Number)?, ReadAs::Integer))
            }
            Source::Column(column) => {
                let read = match column {
                    Column::Id | Column::Version => ReadAs::Integer,
                    Column::Key => ReadAs::Text,
                    Column::CreatedAt | Column::UpdatedAt => ReadAs::Time,
                };
                Ok((self.value(statement, source, Kind::Text)?, read))
            }
            Source::AtEnd(end, types, inner) => {
                let (node, types) = self.at_end(*end, types)?;
                let statement = where_of(self.looking_up(statement), &node.alias, types.as_deref());
                let (statement, read) = node.selected_as(statement, inner, attribute)?;
                Ok((self.looked_up(end_where(statement, types.is_some()), *end), read))
            }
            Source::Aggregate(Function::ExactSum | Function::FloatSum | Function::Average, ..) => {
                number(self, statement)
            }
            Source::Aggregate(Function::Least | Function::Greatest, kind, inner) => {
                let read = match kind {
                    _ if Self::is_column_time(inner) => ReadAs::Time,
                    Kind::Text if self.is_time_text(inner) => ReadAs::TimeText,
                    Kind::Text => ReadAs::Text,
                    Kind::Flag => ReadAs::Flag,
                    Kind::Number => return number(self, statement),
                };
                Ok((self.value(statement, source, *kind)?, read))
            }
        }
    }
}

/// The shortest text of a number.
pub(crate) fn number_text(literal: &Literal) -> String {
    match literal {
        Literal::Integer(integer) => integer.to_string(),
        Literal::Unsigned(integer) => integer.to_string(),
        Literal::Float(float) => serde_json::to_string(float).unwrap_or_default(),
        Literal::Text(text) => text.clone(),
        Literal::Flag(flag) => flag.to_string(),
    }
}

fn column_name(column: Column) -> &'static str {
    match column {
        Column::Id => "id",
        Column::Key => "key",
        Column::Version => "version",
        Column::CreatedAt => "created_at",
        Column::UpdatedAt => "updated_at",
    }
}

/// Appends a condition: the row is of one of these types.
pub(crate) fn of_types<'a, Db: Seam>(statement: Statement<'a, Db>, alias: &str, types: &[i64]) -> Statement<'a, Db> {
    statement.printed(format!("{alias}.node_type_id")).of_types(types)
}

/// The same of rows that are found by their ids: the type only has to be right, so no index can answer it.
pub(crate) fn found_of_types<'a, Db: Seam>(
    statement: Statement<'a, Db>,
    alias: &str,
    types: &[i64],
) -> Statement<'a, Db> {
    of_types(statement.sql("0 + "), alias, types)
}

fn where_of<'a, Db: Seam>(statement: Statement<'a, Db>, alias: &str, types: Option<&[i64]>) -> Statement<'a, Db> {
    match types {
        Some(types) => of_types(statement.sql("(CASE WHEN "), alias, types).sql(" THEN "),
        None => statement,
    }
}

fn end_where<Db>(statement: Statement<'_, Db>, bounded: bool) -> Statement<'_, Db> {
    if bounded { statement.sql(" END)") } else { statement }
}
