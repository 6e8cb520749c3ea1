//! Conditions as SQL. Each holds or is null or false; only a negation has to tell these apart, and does.

use metagraph_core::query::Kind;
use metagraph_core::query::condition::{Comparison, Condition, Literals, Part};
use metagraph_core::query::literal::Literal;
use metagraph_core::query::source::{Function, Source, Way};

use super::expression::{Scope, number_text, of_types};
use crate::backend::{Form, Seam};
use crate::error::Result;
use crate::statement::{Bind, IntegerList, NumberList, Statement};

/// How deep conditions may be nested: SQLite's expressions have a depth, and so has the stack.
const MAX_DEPTH: usize = 200;

/// SQLite adds up the depths of what is nested in each other; a hop either way doubles what follows it.
const MAX_HOPS: usize = 8;

impl Scope<'_> {
    /// Refuses a condition that is nested too deep.
    pub(crate) fn bounded(condition: &Condition) -> Result<&Condition> {
        let (depth, hops) = (condition.depth(), condition.hops());
        if hops > MAX_HOPS {
            return Err(Self::invalid(format!(
                "edges are asked for {hops} hops away, more than {MAX_HOPS}; follow them with a traversal"
            )));
        }
        if depth > MAX_DEPTH {
            return Err(Self::invalid(format!("{depth} predicates are nested in each other, more than {MAX_DEPTH}")));
        }
        Ok(condition)
    }

    /// Appends ` AND ..`, or nothing where the condition always holds.
    pub(crate) fn and_condition<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        condition: &Condition,
    ) -> Result<Statement<'a, Db>> {
        match condition {
            Condition::All(all) if all.is_empty() => Ok(statement),
            condition => self.condition(statement.sql(" AND "), condition),
        }
    }

    /// Appends the condition; it stands for itself between any operators.
    pub(crate) fn condition<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        condition: &Condition,
    ) -> Result<Statement<'a, Db>> {
        match condition {
            Condition::All(all) => self.joined(statement, all, " AND ", "(1 = 1)"),
            Condition::Any(any) => self.joined(statement, any, " OR ", "(1 = 0)"),
            Condition::Not(inner) => Ok(self.condition(statement.sql("("), inner)?.sql(" IS NOT TRUE)")),
            Condition::Compare(source, comparison, literal) => self.compare(statement, source, *comparison, literal),
            Condition::CompareWith(source, _, other, _)
                if Self::is_column_time(source) != Self::is_column_time(other) =>
            {
                Err(Self::invalid("when a row was written is not compared with a time in its attributes"))
            }
            Condition::CompareWith(source, comparison, other, kind) => {
                let statement = self.value(statement.sql("("), source, *kind)?.sql(operator(*comparison));
                Ok(self.value(statement, other, *kind)?.sql(")"))
            }
            Condition::OneOf(source, literals) => self.one_of(statement, source, literals),
            Condition::Null(source) => self.null(statement, source),
            Condition::Text(source, part, text) => self.text(statement, source, *part, text),
            Condition::Like(source, tokens) => {
                let statement = self.value(statement.sql("("), source, Kind::Text)?;
                Ok(statement.sql(Db::MATCHES).text(Db::pattern(tokens)).sql(")"))
            }
            Condition::Elements(path, quantity, literals) => {
                let Literals(list) = literals;
                let kind = list.first().map_or(Kind::Text, Literal::kind);
                let steps = self.steps_of(path)?;
                let (before, after) = Db::elements(&format!("{}.attributes", self.alias), &steps, *quantity, kind);
                let list: Vec<_> = list.iter().map(json_of).collect();
                Ok(statement.printed(before).json(format!("[{}]", list.join(","))).printed(after))
            }
            Condition::HasMember(path, name) => {
                let (before, after) = Db::has_member(&format!("{}.attributes", self.alias), &self.steps_of(path)?);
                Ok(statement.printed(before).text(name.clone()).printed(after))
            }
            Condition::OfType(name, inner) => {
                let (scope, id) = self.narrowed(name)?;
                let statement = of_types(statement.sql("("), &self.alias, &[id]);
                Ok(scope.and_condition(statement, inner)?.sql(")"))
            }
            Condition::Incident(incident) => {
                let exists = |statement: Statement<'a, Db>, way| {
                    Ok(self.incident(statement.sql("EXISTS (SELECT 1 FROM "), incident, way, false)?.sql(")"))
                };
                match self.way(incident)? {
                    Way::Both => {
                        let out = exists(statement.sql("("), Way::Out)?.sql(" OR ");
                        Ok(exists(out, Way::In)?.sql(")"))
                    }
                    way => exists(statement, way),
                }
            }
            Condition::Invalid(reason) => Err(Self::invalid(reason)),
        }
    }

    /// Joins conditions as a balanced tree, for databases bound its depth.
    fn joined<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        conditions: &[Condition],
        operator: &'static str,
        of_none: &'static str,
    ) -> Result<Statement<'a, Db>> {
        match conditions {
            [] => Ok(statement.sql(of_none)),
            [only] => self.condition(statement, only),
            several => {
                let (first, second) = several.split_at(several.len() / 2);
                let statement = self.joined(statement.sql("("), first, operator, of_none)?.sql(operator);
                Ok(self.joined(statement, second, operator, of_none)?.sql(")"))
            }
        }
    }

    fn compare<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        source: &Source,
        comparison: Comparison,
        literal: &Literal,
    ) -> Result<Statement<'a, Db>> {
        let mut comparison = comparison;
        let source = &*self.indexed(source, literal.kind());
        if Self::is_column_time(source) {
            let Literal::Text(text) = literal else { return Ok(statement.sql("(1 = 0)")) };
            // Columns have microseconds: what comes after one compares as if it came right before the next.
            if Self::microseconds(text)?.1 {
                comparison = match comparison {
                    Comparison::Equal => return Ok(statement.sql("(1 = 0)")),
                    Comparison::Less | Comparison::LessOrEqual => Comparison::LessOrEqual,
                    Comparison::Greater | Comparison::GreaterOrEqual => Comparison::Greater,
                };
            }
        }
        if let (Comparison::Equal, Literal::Text(text)) = (comparison, literal)
            && let Some((attributes, steps)) = self.unindexed_text(source)?
        {
            // Most rows differ, and then nobody asks of which kind they are.
            let statement = statement.sql("(").printed(Db::json(&attributes, &steps, Form::AnyText)).sql(" = ");
            let statement = statement.text(text.clone()).sql(" AND ");
            return Ok(statement.printed(Db::json(&attributes, &steps, Form::IsText)).sql(")"));
        }
        let before = match (comparison, source) {
            (Comparison::Equal, _) | (_, Source::Column(_)) => "(",
            _ => Db::RANGE,
        };
        let statement = self.value(statement.sql(before), source, literal.kind())?.sql(operator(comparison));
        Ok(self.literal(statement, source, literal)?.sql(")"))
    }

    fn one_of<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        source: &Source,
        literals: &Literals,
    ) -> Result<Statement<'a, Db>> {
        let Literals(list) = literals;
        let kind = list.first().map_or(Kind::Text, Literal::kind);
        let source = &*self.indexed(source, kind);
        if kind == Kind::Flag || Self::is_column_time(source) {
            // Of truth values there are two; a list of times is not worth a form of its own.
            let mut different: Vec<&Literal> = Vec::new();
            for literal in list {
                if !different.contains(&literal) {
                    different.push(literal);
                }
            }
            let equal = |literal: &&Literal| Condition::Compare(source.clone(), Comparison::Equal, (*literal).clone());
            return self.condition(statement, &Condition::Any(different.iter().map(equal).collect()));
        }
        let statement = self.value(statement.sql("("), source, kind)?;
        let statement = match kind {
            Kind::Text => {
                let time = self.is_time_text(source);
                let texts = list.iter().map(|literal| {
                    let text = number_text(literal);
                    if time { text.trim_end_matches('Z').to_owned().into() } else { text.into() }
                });
                statement.one_of_texts(texts.collect())
            }
            Kind::Number | Kind::Flag => {
                let integers: Option<Vec<i64>> = list
                    .iter()
                    .map(|literal| match literal {
                        Literal::Integer(integer) => Some(*integer),
                        _ => None,
                    })
                    .collect();
                if let Some(integers) = integers {
                    let (before, after) = Db::IS_ONE_OF;
                    statement.sql(before).bind(Bind::Integers(IntegerList(integers))).sql(after)
                } else {
                    let (before, after) = Db::IS_ONE_OF_NUMBERS;
                    let numbers = NumberList(list.iter().map(number_text).collect());
                    statement.sql(before).bind(Bind::Numbers(numbers)).sql(after)
                }
            }
        };
        Ok(statement.sql(")"))
    }

    fn null<'a, Db: Seam>(&self, statement: Statement<'a, Db>, source: &Source) -> Result<Statement<'a, Db>> {
        match source {
            Source::Attribute(path) => {
                let null = Db::json(&format!("{}.attributes", self.alias), &self.steps_of(path)?, Form::IsNull);
                Ok(statement.printed(null))
            }
            // Read as JSON it is null exactly where it is missing or null, whatever kind it is of.
            Source::AtEnd(..) => Ok(self.selected(statement.sql("("), source)?.0.sql(" IS NULL)")),
            // The key of a group does not say of which kind it is, so the rows that have it are counted.
            Source::Aggregate(Function::Least | Function::Greatest, Kind::Text, inner) => {
                Ok(self.selected(statement.sql("(count("), inner)?.0.sql(") = 0)"))
            }
            Source::Aggregate(_, kind, _) => Ok(self.value(statement.sql("("), source, *kind)?.sql(" IS NULL)")),
            source => Ok(self.value(statement.sql("("), source, Kind::Text)?.sql(" IS NULL)")),
        }
    }

    fn text<'a, Db: Seam>(
        &self,
        statement: Statement<'a, Db>,
        source: &Source,
        part: Part,
        text: &str,
    ) -> Result<Statement<'a, Db>> {
        let source = &*self.indexed(source, Kind::Text);
        let value = |statement| self.value(statement, source, Kind::Text);
        if text.is_empty() {
            return Ok(value(statement.sql("("))?.sql(" IS NOT NULL)"));
        }
        match part {
            Part::Anywhere => {
                let statement = value(statement.sql("(").sql(Db::POSITION).sql("("))?;
                Ok(statement.sql(", ").text(text.to_owned()).sql(") > 0)"))
            }
            Part::End => {
                let (before, between, after) = Db::END_OF;
                let statement = value(statement.sql("(").sql(before))?.sql(between).text(text.to_owned()).sql(after);
                Ok(statement.sql(" = ").text(text.to_owned()).sql(")"))
            }
            // What begins with a text is from that text up to, and without, the next one: a range, which an index has.
            Part::Start => {
                let statement = value(statement.sql("("))?.sql(" >= ").text(text.to_owned());
                Ok(match successor(text) {
                    Some(next) => value(statement.sql(" AND "))?.sql(" < ").text(next).sql(")"),
                    None => statement.sql(")"),
                })
            }
        }
    }
}

/// The least text that is greater than all that begin with `text`.
fn successor(text: &str) -> Option<String> {
    let mut letters: Vec<char> = text.chars().collect();
    while let Some(last) = letters.pop() {
        let next = match last {
            // The surrogates between these are no letters.
            '\u{D7FF}' => Some('\u{E000}'),
            last => char::from_u32(u32::from(last) + 1),
        };
        if let Some(next) = next {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => " = ",
        Comparison::Less => " < ",
        Comparison::LessOrEqual => " <= ",
        Comparison::Greater => " > ",
        Comparison::GreaterOrEqual => " >= ",
    }
}

fn json_of(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => serde_json::to_string(text).unwrap_or_default(),
        literal => number_text(literal),
    }
}

#[cfg(test)]
mod tests {
    use super::successor;

    #[test]
    fn the_successor_follows_all_that_begin_with_a_text() {
        assert_eq!(successor("ab").as_deref(), Some("ac"));
        assert_eq!(successor("\u{D7FF}").as_deref(), Some("\u{E000}"));
        assert_eq!(successor("a\u{10FFFF}").as_deref(), Some("b"));
        assert_eq!(successor("\u{10FFFF}"), None);
    }
}
