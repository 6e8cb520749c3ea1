//! Changes in words, one line each.

mod rule;

use std::fmt;

use serde_json::Value;

use super::{Aspect, Change, Class, How, Subject};
use rule::{kinds, rule};

impl fmt::Display for Change {
    /// For example: "`task` /status: the value "done" is gone (breaking: "done" was valid)".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.subject, self.path.as_str()) {
            (Subject::Graph, "") if self.aspect.is_of_values() => f.write_str("/")?,
            (Subject::Graph, "") => write!(f, "{}", self.subject)?,
            (Subject::Graph, path) => f.write_str(path)?,
            (subject, "") => write!(f, "{subject}")?,
            (subject, path) => write!(f, "{subject} {path}")?,
        }
        write!(f, ": {} ({}", self.what(), self.class)?;
        match &self.counterexample {
            Some(value) => write!(f, ": {} was valid)", short(value)),
            None if self.only_clashes() => f.write_str(": a row may have one of that name already)"),
            None if self.class == Class::Undecidable => f.write_str(": the rows decide)"),
            None => f.write_str(")"),
        }
    }
}

/// Changes below one another.
pub(super) fn lines(f: &mut fmt::Formatter<'_>, changes: &[Change]) -> fmt::Result {
    for (place, change) in changes.iter().enumerate() {
        if place > 0 {
            f.write_str("\n")?;
        }
        write!(f, "{change}")?;
    }
    Ok(())
}

impl Aspect {
    /// Whether it is one of values, and not of types and their edges.
    fn is_of_values(self) -> bool {
        self >= Self::Member
    }
}

impl Change {
    fn what(&self) -> String {
        let (before, after) = (name(self.before.as_ref()), name(self.after.as_ref()));
        let added =
            |now: &str, no_longer: &str| if self.how == How::Removed { no_longer.to_owned() } else { now.to_owned() };
        match self.aspect {
            Aspect::Version => format!("version {before} became {after}"),
            Aspect::Scope => format!("the scope `{before}` became `{after}`"),
            Aspect::Description => "its description changed".to_owned(),
            Aspect::Direction => format!("it was {before} and is {after}"),
            Aspect::Undirected => added("its edges have no direction now", "its edges have a direction now"),
            Aspect::SelfLoops => {
                added("an edge may end where it starts now", "an edge may not end where it starts any more")
            }
            Aspect::Parallel => added(
                "any number of edges may run between two nodes now",
                "only one edge may run between two nodes now",
            ),
            Aspect::Simple => added(
                "there may be only one edge between two nodes now, whatever its type",
                "an edge need not be the only one between two nodes any more",
            ),
            Aspect::Acyclic => match self.how {
                How::Removed => format!("edges of the set `{before}` may close a cycle now"),
                _ if after.is_empty() || after == "true" => "all edges together may close no cycle now".to_owned(),
                _ => format!("edges of the set `{after}` may close no cycle now"),
            },
            Aspect::OneOut => added("only one edge may leave a node now", "any number of edges may leave a node now"),
            Aspect::OneIn => added("only one edge may enter a node now", "any number of edges may enter a node now"),
            Aspect::Sources => added(
                &format!("edges may start at `{after}` now"),
                &format!("edges may not start at `{before}` any more"),
            ),
            Aspect::Targets => {
                added(&format!("edges may end at `{after}` now"), &format!("edges may not end at `{before}` any more"))
            }
            Aspect::OnDelete => {
                added("a node that has edges is not deleted any more", "with a node, its edges are deleted now")
            }
            Aspect::Key => match self.how {
                How::Added => format!("its key is `{after}` now, and was generated"),
                How::Removed => format!("its key is generated now, and was `{before}`"),
                How::Changed => format!("its key is `{after}` now, and was `{before}`"),
            },
            Aspect::Index => self.declared("index"),
            Aspect::Unique => self.declared("unique rule"),
            Aspect::Element => added("it is new", "it is gone"),
            Aspect::Name if self.is_of_a_value(&after) => {
                format!("the value {} is called {} now", value(self.before.as_ref()), value(self.after.as_ref()))
            }
            Aspect::Name => format!("it was called `{before}`, and is `{after}` now"),
            Aspect::Member => added("it is new", "it is no longer named"),
            Aspect::Required => added("it has to be there now", "it need not be there any more"),
            Aspect::Kind => match (&self.before, &self.after) {
                (Some(before), Some(after)) => format!("it was {}, and is {} now", kinds(before), kinds(after)),
                (None, Some(after)) => format!("it may be {} now", kinds(after)),
                (Some(before), None) => format!("it may not be {} any more", kinds(before)),
                (None, None) => "nothing is allowed".to_owned(),
            },
            Aspect::Values => match (self.how, &self.before, &self.after) {
                (How::Added, _, Some(value)) => format!("the value {} is new", short(value)),
                (How::Removed, Some(value), _) => format!("the value {} is gone", short(value)),
                (_, _, Some(values)) => format!("only listed values are allowed now: {}", short(values)),
                (_, Some(values), None) => format!("it need not be a listed value any more: {}", short(values)),
                (_, None, None) => "its values changed".to_owned(),
            },
            Aspect::Default => match self.how {
                How::Added => format!("it is {} where it is missing now", value(self.after.as_ref())),
                How::Removed => "it has no default any more".to_owned(),
                How::Changed => {
                    format!(
                        "its default is {} now, and was {}",
                        value(self.after.as_ref()),
                        value(self.before.as_ref())
                    )
                }
            },
            Aspect::OtherMembers if self.path_is_closed() => {
                added("other members are allowed now", "no other members are allowed any more")
            }
            Aspect::Alternative => added(
                &format!("there is a new alternative, {}", value(self.after.as_ref())),
                &format!("an alternative is gone, {}", value(self.before.as_ref())),
            ),
            Aspect::Sealed => format!("what is sealed in it was {before}, and is {after} now"),
            Aspect::Places => {
                added("this place has a schema of its own now", "this place has no schema of its own any more")
            }
            _ => match (&self.before, &self.after) {
                (Some(before), Some(after)) => format!("{} now, and before: {}", rule(after), rule(before)),
                (None, Some(after)) => format!("{} now", rule(after)),
                (Some(before), None) => format!("no longer: {}", rule(before)),
                (None, None) => "its rules changed".to_owned(),
            },
        }
    }

    /// Whether the new name is not that of the attribute at the path.
    fn is_of_a_value(&self, name: &str) -> bool {
        let mut path = String::new();
        crate::schema::walk::push(&mut path, name);
        !self.path.is_empty() && self.path != path
    }

    fn declared(&self, what: &str) -> String {
        let on = |value: &Option<Value>| value.as_ref().map(short).unwrap_or_default();
        match self.how {
            How::Added => format!("there is a new {what} on {}", on(&self.after)),
            How::Removed => format!("the {what} on {} is gone", on(&self.before)),
            How::Changed => format!("the {what} on {} is on {} now", on(&self.before), on(&self.after)),
        }
    }

    /// Whether members that are not named are allowed on one side only.
    fn path_is_closed(&self) -> bool {
        let said = self.before.as_ref().or(self.after.as_ref());
        said.is_none_or(|said| said.get("patternProperties").is_none() && said.get("unevaluatedProperties").is_none())
    }
}

/// A name as it is, or what else is said.
fn name(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(name)) => name.clone(),
        Some(value) => value.to_string(),
    }
}

fn value(value: Option<&Value>) -> String {
    value.map(short).unwrap_or_default()
}

/// A value as JSON, shortened where it is long.
fn short(value: &Value) -> String {
    const LONGEST: usize = 80;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
