//! Traversals that are asked only whether they lead anywhere, and tests of values.

use metagraph::GraphConnection;
use serde_json::Value;

use super::hops::way;
use super::{Translator, chain, text};
use crate::tinkerpop::bag::{Outcome, Reason};
use crate::tinkerpop::condition::{Around, Condition, Test};
use crate::tinkerpop::syntax::{Chain, Step, Term};

impl<C: GraphConnection> Translator<'_, C> {
    /// Whether a traversal leads anywhere from a vertex.
    pub(super) fn condition(&mut self, chain: &Chain) -> Outcome<Condition> {
        self.steps_lead(&chain.steps)
    }

    pub(super) fn steps_lead(&mut self, steps: &[Step]) -> Outcome<Condition> {
        if let Some(at) =
            steps.iter().position(|step| step.terms.is_empty() && ["and", "or"].contains(&step.name.as_str()))
        {
            let (left, right) = (self.steps_lead(&steps[..at])?, self.steps_lead(&steps[at + 1..])?);
            return Ok(if steps[at].name == "and" { left.and(right) } else { Condition::Any(vec![left, right]) });
        }
        let Some((step, rest)) = steps.split_first() else { return Ok(Condition::ALWAYS) };
        match (step.name.as_str(), step.terms.as_slice(), rest) {
            ("identity" | "constant", _, []) => Ok(Condition::ALWAYS),
            ("out" | "in" | "both" | "outE" | "inE" | "bothE", ..) => self.hops_lead(step, rest),
            ("values", [Term::Value(Value::String(name))], []) => Ok(Condition::Missing(name.clone()).negated()),
            ("values", [Term::Value(Value::String(name))], [test]) if test.name == "is" => {
                Ok(Condition::Attribute(name.clone(), self.test(&test.terms[0])?))
            }
            ("label", [], [test]) if test.name == "is" => Ok(Condition::Label(self.test(&test.terms[0])?)),
            _ => Ok(self.own(step)?.and(self.steps_lead(rest)?)),
        }
    }

    /// Whether there is such a hop, or how many there are.
    fn hops_lead(&mut self, step: &Step, rest: &[Step]) -> Outcome<Condition> {
        let labels = self.labels(&step.terms)?;
        let mut around = Around { labels, way: way(&step.name)?, edge: Condition::ALWAYS, node: Condition::ALWAYS };
        let counted = rest.iter().position(|step| step.name == "count");
        let (path, count) = rest.split_at(counted.unwrap_or(rest.len()));
        let mut path = path;
        if step.name.ends_with('E') {
            let ends = path.iter().position(|step| step.name.ends_with('V')).unwrap_or(path.len());
            for step in &path[..ends] {
                let own = self.own(step)?;
                around.edge = around.edge.and(own);
            }
            path = path.get(ends + 1..).unwrap_or_default();
        }
        let goes_on = path.iter().any(|step| way(&step.name).is_ok());
        around.node = self.steps_lead(path)?;
        let at_least = |least| Condition::Hops(Box::new(around.clone()), least);
        match count {
            [] => Ok(at_least(1)),
            [_, test] if test.name == "is" => {
                let test = self.test(&test.terms[0])?;
                // Of two hops it is only known whether there are any.
                if goes_on && test != Test::Equal(0.into()) { Err(Reason::Walks) } else { counts(&test, &at_least) }
            }
            _ => Err(Reason::Walks),
        }
    }

    /// The condition of a step that filters vertices or edges by what they are.
    pub(super) fn own(&mut self, step: &Step) -> Outcome<Condition> {
        match (step.name.as_str(), step.terms.as_slice()) {
            ("has", [Term::Value(Value::String(name))]) => Ok(Condition::Missing(name.clone()).negated()),
            ("hasNot", [name]) => Ok(Condition::Missing(text(name)?)),
            ("has", [Term::Name(label), test]) if label == "T.label" => Ok(Condition::Label(self.test(test)?)),
            ("has", [name, test]) => Ok(Condition::Attribute(text(name)?, self.test(test)?)),
            ("has", [label, name, test]) => {
                let label = Condition::Label(Test::Equal(self.one(label)?));
                Ok(label.and(Condition::Attribute(text(name)?, self.test(test)?)))
            }
            ("hasLabel", labels) => Ok(Condition::Label(self.ids(labels)?)),
            ("hasId", [test @ Term::Chain(chain)]) if chain.root == "P" => match self.test(test)? {
                Test::Equal(Value::Null) => Ok(Condition::Any(Vec::new())),
                test => Ok(Condition::Id(test)),
            },
            ("hasId", ids) => Ok(Condition::Id(self.ids(ids)?)),
            ("not", [inner]) => Ok(self.condition(chain(inner)?)?.negated()),
            ("and", inner) if !inner.is_empty() => Ok(Condition::All(self.conditions(inner)?)),
            ("or", inner) if !inner.is_empty() => Ok(Condition::Any(self.conditions(inner)?)),
            ("where" | "filter", [Term::Chain(inner)]) => self.condition(inner),
            ("identity", _) => Ok(Condition::ALWAYS),
            _ => Err(Reason::Steps),
        }
    }

    fn conditions(&mut self, terms: &[Term]) -> Outcome<Vec<Condition>> {
        terms.iter().map(|term| self.condition(chain(term)?)).collect()
    }

    /// A test of one value: `P.gt(1)`, or the value that it has to equal.
    pub(super) fn test(&mut self, term: &Term) -> Outcome<Test> {
        let Term::Chain(chain) = term else { return Ok(Test::Equal(self.one(term)?)) };
        if !["P", "TextP", ""].contains(&chain.root.as_str()) {
            return Ok(Test::Equal(self.one(term)?));
        }
        let mut test = None;
        for step in &chain.steps {
            test = Some(match (step.name.as_str(), test) {
                ("and", Some(known)) => Test::All(vec![known, self.test(&step.terms[0])?]),
                ("or", Some(known)) => Test::Any(vec![known, self.test(&step.terms[0])?]),
                ("negate", Some(known)) => Test::Not(Box::new(known)),
                (_, None) => self.test_of(step)?,
                _ => return Err(Reason::Steps),
            });
        }
        test.ok_or(Reason::Steps)
    }

    fn test_of(&mut self, step: &Step) -> Outcome<Test> {
        let not = |test| Test::Not(Box::new(test));
        let terms = step.terms.as_slice();
        Ok(match (step.name.as_str(), terms) {
            ("eq", [value]) => Test::Equal(self.one(value)?),
            ("neq", [value]) => not(Test::Equal(self.one(value)?)),
            ("lt", [value]) => Test::Less(self.one(value)?),
            ("gte", [value]) => not_less(self.one(value)?),
            ("gt", [value]) => Test::Greater(self.one(value)?),
            ("lte", [value]) => not_greater(self.one(value)?),
            ("inside", [least, greatest]) => {
                Test::All(vec![Test::Greater(self.one(least)?), Test::Less(self.one(greatest)?)])
            }
            ("within", values) => Test::Within(self.each_of(values)?),
            ("without", values) => not(Test::Within(self.each_of(values)?)),
            ("not", [test]) => not(self.test(test)?),
            ("containing", [part]) => Test::Contains(text(part)?),
            ("startingWith", [part]) => Test::Starts(text(part)?),
            ("endingWith", [part]) => Test::Ends(text(part)?),
            ("notContaining", [part]) => not(Test::Contains(text(part)?)),
            ("notStartingWith", [part]) => not(Test::Starts(text(part)?)),
            ("notEndingWith", [part]) => not(Test::Ends(text(part)?)),
            _ => return Err(Reason::Steps),
        })
    }

    fn each_of(&mut self, terms: &[Term]) -> Outcome<Vec<Value>> {
        let values: Outcome<Vec<_>> = terms.iter().map(|term| self.all(term)).collect();
        Ok(values?.concat())
    }
}

fn not_less(than: Value) -> Test {
    Test::Any(vec![Test::Greater(than.clone()), Test::Equal(than)])
}

fn not_greater(than: Value) -> Test {
    Test::Any(vec![Test::Less(than.clone()), Test::Equal(than)])
}

/// The test of a count, by how many there are at least.
fn counts(test: &Test, at_least: &impl Fn(u32) -> Condition) -> Outcome<Condition> {
    let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok()).ok_or(Reason::Walks);
    Ok(match test {
        Test::Equal(value) => at_least(number(value)?).and(at_least(number(value)? + 1).negated()),
        Test::Greater(value) => at_least(number(value)? + 1),
        Test::Less(value) => at_least(number(value)?).negated(),
        Test::Not(test) => counts(test, at_least)?.negated(),
        Test::Any(tests) => Condition::Any(tests.iter().map(|test| counts(test, at_least)).collect::<Outcome<_>>()?),
        Test::All(tests) => Condition::All(tests.iter().map(|test| counts(test, at_least)).collect::<Outcome<_>>()?),
        _ => return Err(Reason::Walks),
    })
}
