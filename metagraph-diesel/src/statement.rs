//! A statement as literal text and bound values: the only way SQL leaves this crate.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use diesel::QueryResult;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Untyped;

use crate::backend::{FoundBy, Seam};

/// A value that a statement binds.
#[derive(Debug, Clone)]
pub enum Bind<'a> {
    /// A 64-bit integer.
    Integer(i64),
    /// A 64-bit integer or null.
    OptionalInteger(Option<i64>),
    /// Text.
    Text(Cow<'a, str>),
    /// Text or null.
    OptionalText(Option<Cow<'a, str>>),
    /// A truth value.
    Flag(bool),
    /// A JSON text.
    Json(JsonText<'a>),
    /// A JSON text or null.
    OptionalJson(Option<JsonText<'a>>),
    /// A point in time.
    Time(Microseconds),
    /// A UUID.
    Uid(Uid),
    /// A list of integers, as one value.
    Integers(IntegerList),
    /// A list of texts, as one value.
    Texts(TextList<'a>),
    /// A column of a batch, as one value.
    Columns(Columns<'a>),
    /// A number in its shortest text.
    Number(String),
    /// A list of numbers in their shortest texts, as one value.
    Numbers(NumberList),
}

#[cfg(feature = "postgres")]
impl Bind<'_> {
    /// How long a list is.
    pub(crate) fn length(&self) -> Option<usize> {
        match self {
            Self::Integers(IntegerList(list)) => Some(list.len()),
            Self::Texts(TextList(list)) => Some(list.len()),
            Self::Columns(Columns::OptionalTexts(list)) => Some(list.len()),
            Self::Columns(Columns::Jsons(list)) => Some(list.len()),
            Self::Columns(Columns::OptionalJsons(list)) => Some(list.len()),
            Self::Columns(Columns::Flags(list)) => Some(list.len()),
            _ => None,
        }
    }

    /// The values of a list, each by itself.
    pub(crate) fn into_cells(self) -> Vec<Self> {
        fn each<'a, T>(list: Vec<T>, cell: impl FnMut(T) -> Bind<'a>) -> Vec<Bind<'a>> {
            list.into_iter().map(cell).collect()
        }
        match self {
            Self::Integers(IntegerList(list)) => each(list, Self::Integer),
            Self::Texts(TextList(list)) => each(list, Self::Text),
            Self::Columns(Columns::OptionalTexts(list)) => each(list, Self::OptionalText),
            Self::Columns(Columns::Jsons(list)) => each(list, Self::Json),
            Self::Columns(Columns::OptionalJsons(list)) => each(list, Self::OptionalJson),
            Self::Columns(Columns::Flags(list)) => each(list, Self::Flag),
            single => vec![single],
        }
    }
}

/// One column of many rows, for a database that binds batches by column.
#[derive(Debug, Clone)]
pub enum Columns<'a> {
    /// Texts or nulls.
    OptionalTexts(Vec<Option<Cow<'a, str>>>),
    /// JSON texts.
    Jsons(Vec<JsonText<'a>>),
    /// JSON texts or nulls.
    OptionalJsons(Vec<Option<JsonText<'a>>>),
    /// Truth values.
    Flags(Vec<bool>),
}

/// JSON that is already text.
#[derive(Debug, Clone)]
pub struct JsonText<'a>(pub(crate) Cow<'a, str>);

/// Microseconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, Copy)]
pub struct Microseconds(pub(crate) i64);

/// The identity of a graph between databases.
#[derive(Debug, Clone, Copy)]
pub struct Uid(pub(crate) uuid::Uuid);

/// Integers that are bound as one value.
#[derive(Debug, Clone)]
pub struct IntegerList(pub(crate) Vec<i64>);

/// Numbers in their shortest texts, bound as one value.
#[derive(Debug, Clone)]
pub struct NumberList(pub(crate) Vec<String>);

/// Texts that are bound as one value.
#[derive(Debug, Clone)]
pub struct TextList<'a>(pub(crate) Vec<Cow<'a, str>>);

#[derive(Debug)]
enum Part<'a> {
    Sql(&'static str),
    /// What a printer of this crate made of names and numbers, and of nothing a user bound.
    Printed(String),
    Bind(Bind<'a>),
}

/// A statement for the backend `Db`.
///
/// Its text comes from the program alone, so it is the same for the same shape and Diesel's statement cache finds it.
pub struct Statement<'a, Db> {
    parts: Vec<Part<'a>>,
    backend: PhantomData<fn() -> Db>,
}

impl<'a, Db> Statement<'a, Db> {
    pub(crate) fn new(sql: &'static str) -> Self {
        Self { parts: vec![Part::Sql(sql)], backend: PhantomData }
    }

    pub(crate) fn sql(mut self, sql: &'static str) -> Self {
        self.parts.push(Part::Sql(sql));
        self
    }

    /// Appends what a printer made: JSON paths, aliases, ids of types.
    pub(crate) fn printed(mut self, sql: impl Into<String>) -> Self {
        self.parts.push(Part::Printed(sql.into()));
        self
    }

    pub(crate) fn bind(mut self, value: Bind<'a>) -> Self {
        self.parts.push(Part::Bind(value));
        self
    }

    pub(crate) fn integer(self, value: i64) -> Self {
        self.bind(Bind::Integer(value))
    }

    pub(crate) fn text(self, value: impl Into<Cow<'a, str>>) -> Self {
        self.bind(Bind::Text(value.into()))
    }

    pub(crate) fn json(self, value: impl Into<Cow<'a, str>>) -> Self {
        self.bind(Bind::Json(JsonText(value.into())))
    }

    pub(crate) fn time(self, value: Microseconds) -> Self {
        self.bind(Bind::Time(value))
    }

    /// Appends how many rows are wanted, and how many are left out before them. Where all are, nothing is said: a limit
    /// that is not known yet makes a planner believe that few rows are read.
    pub(crate) fn limited(self, limit: Option<u32>, offset: u64) -> Self {
        let statement = match (limit, offset) {
            (Some(limit), _) => self.sql(" LIMIT ").integer(limit.into()),
            (None, 0) => self,
            (None, _) => self.printed(format!(" LIMIT {}", i64::MAX)),
        };
        match offset {
            0 => statement,
            offset => statement.sql(" OFFSET ").integer(i64::try_from(offset).unwrap_or(i64::MAX)),
        }
    }

    /// Appends another statement.
    pub(crate) fn append(mut self, other: Self) -> Self {
        self.parts.extend(other.parts);
        self
    }

    /// The same statement behind a prefix.
    pub(crate) fn after(mut self, prefix: &'static str) -> Self {
        self.parts.insert(0, Part::Sql(prefix));
        self
    }

    /// Appends what `append` adds, once per item, with `separator` between.
    pub(crate) fn join<T>(
        mut self,
        items: impl IntoIterator<Item = T>,
        separator: &'static str,
        mut append: impl FnMut(Self, T) -> Self,
    ) -> Self {
        for (place, item) in items.into_iter().enumerate() {
            if place > 0 {
                self = self.sql(separator);
            }
            self = append(self, item);
        }
        self
    }
}

impl<'a, Db: Seam> Statement<'a, Db> {
    /// Appends, after `FROM`, the rows of a graph that `list` finds and of which `conditions` hold; more may follow.
    pub(crate) fn by_ids(
        self,
        found: FoundBy,
        graph: i64,
        list: impl Into<Vec<i64>>,
        conditions: impl FnOnce(Self) -> Self,
    ) -> Self {
        self.ids(list).found_by(found, graph, conditions)
    }

    /// Appends a list of ids as the rows `ids`.
    pub(crate) fn ids(self, list: impl Into<Vec<i64>>) -> Self {
        let (before, after) = Db::IDS;
        match <[i64; 1]>::try_from(list.into()) {
            // PostgreSQL keeps no plan of a list that it believes to be longer than it is.
            Ok([only]) => self.sql("(SELECT ").integer(only).sql(" AS id) AS ids"),
            Err(list) => self.sql(before).bind(Bind::Integers(IntegerList(list))).sql(after),
        }
    }

    /// Appends a list of keys as the rows `ids`.
    pub(crate) fn keys(self, list: Vec<Cow<'a, str>>) -> Self {
        let (before, after) = Db::IDS;
        self.sql(before).bind(Bind::Texts(TextList(list))).sql(after)
    }

    /// Appends an array of objects as the rows `ids`, each with its `place` and what is `wanted`.
    pub(crate) fn wanted(self, array: String) -> Self {
        let (before, after) = Db::WANTED;
        self.sql(before).json(array).sql(after)
    }

    /// Appends a list of pairs as the rows `ids`, each with an `other`.
    pub(crate) fn pairs(self, list: Vec<(i64, i64)>) -> Self {
        let (before, after) = Db::PAIRS;
        Db::bind_pairs(self.sql(before), list).sql(after)
    }

    /// Appends, behind the rows `ids`, the rows of a graph that they find and of which `conditions` hold; more may follow.
    pub(crate) fn found_by(self, found: FoundBy, graph: i64, conditions: impl FnOnce(Self) -> Self) -> Self {
        let (between, after) = Db::found_by(found);
        conditions(self.sql(between).integer(graph)).sql(after)
    }

    /// Appends a condition: the expression before it is one of `list`.
    pub(crate) fn one_of(self, list: impl Into<Vec<i64>>) -> Self {
        let (before, after) = Db::IS_ONE_OF;
        self.sql(before).bind(Bind::Integers(IntegerList(list.into()))).sql(after)
    }

    /// Appends a condition: the expression before it is one of these types. Their ids are part of the text, as they are
    /// in the condition of a partial index; a graph type has few, and a list would be a table of its own.
    pub(crate) fn of_types(self, types: &[i64]) -> Self {
        match types {
            [] => self.sql(" IN (NULL)"),
            [only] => self.printed(format!(" = {only}")),
            types => {
                let mut types = types.to_vec();
                types.sort_unstable();
                let types: Vec<_> = types.iter().map(i64::to_string).collect();
                self.printed(format!(" IN ({})", types.join(", ")))
            }
        }
    }

    /// Appends a condition: the expression before it is one of `list`.
    pub(crate) fn one_of_texts(self, list: Vec<Cow<'a, str>>) -> Self {
        let (before, after) = Db::IS_ONE_OF;
        match <[_; 1]>::try_from(list) {
            // One is looked up where a planner without statistics would rather read all.
            Ok([only]) => self.sql(" = ").text(only),
            Err(list) => self.sql(before).bind(Bind::Texts(TextList(list))).sql(after),
        }
    }
}

impl<Db> fmt::Debug for Statement<'_, Db> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values may be secrets; the text never is.
        for part in &self.parts {
            f.write_str(match part {
                Part::Sql(sql) => sql,
                Part::Printed(sql) => sql,
                Part::Bind(_) => "?",
            })?;
        }
        Ok(())
    }
}

impl<Db: Seam> QueryFragment<Db> for Statement<'_, Db> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        for part in &self.parts {
            match part {
                Part::Sql(sql) => out.push_sql(sql),
                Part::Printed(sql) => out.push_sql(sql),
                Part::Bind(value) => Db::bind(&mut out, value)?,
            }
        }
        Ok(())
    }
}

impl<Db> QueryId for Statement<'_, Db> {
    type QueryId = ();

    // The text varies, so the cache must look at it.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Db> Query for Statement<'_, Db> {
    type SqlType = Untyped;
}

impl<Db, C> diesel::RunQueryDsl<C> for Statement<'_, Db> {}
