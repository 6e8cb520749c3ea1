//! Properties by their names in Cypher, as typed fields.

use jiff::civil::{Date, DateTime};
use metagraph::prelude::*;
use metagraph::{EndsAt, Field, StartsAt};
use serde_json::Value;

use super::model::{Knows, Marries, Meets, Movies, Organisation, Person, StudyAt, WorkAt};

/// A field whose type is known when the read is.
pub(super) enum Typed<O> {
    Integer(Field<O, i64>),
    Float(Field<O, f64>),
    Text(Field<O, String>),
    Flag(Field<O, bool>),
    Date(Field<O, Date>),
    Time(Field<O, DateTime>),
    Texts(Field<O, Vec<String>>),
    /// Only read: no translated read compares it.
    Other,
}

/// A property of a node or edge: to be compared by, and to be read.
pub(super) struct Property<O> {
    pub(super) typed: Typed<O>,
    pub(super) json: Field<O, Value>,
}

impl<O> Property<O> {
    /// The same of the node where an edge starts, or of the one where it ends.
    pub(super) fn at_end<E: StartsAt<O> + EndsAt<O>>(&self, source: bool) -> Property<E>
    where
        O: NodeSet,
    {
        fn moved<O: NodeSet, E: StartsAt<O> + EndsAt<O>, T>(field: &Field<O, T>, source: bool) -> Field<E, T> {
            if source { field.at_source() } else { field.at_target() }
        }
        let typed = match &self.typed {
            Typed::Integer(field) => Typed::Integer(moved(field, source)),
            Typed::Float(field) => Typed::Float(moved(field, source)),
            Typed::Text(field) => Typed::Text(moved(field, source)),
            Typed::Flag(field) => Typed::Flag(moved(field, source)),
            Typed::Date(field) => Typed::Date(moved(field, source)),
            Typed::Time(field) => Typed::Time(moved(field, source)),
            Typed::Texts(field) => Typed::Texts(moved(field, source)),
            Typed::Other => Typed::Other,
        };
        Property { typed, json: moved(&self.json, source) }
    }
}

/// The properties of a type.
pub(super) trait Properties: Element {
    /// All names, in the order in which kuzu declares them.
    const NAMES: &'static [&'static str];

    fn property(name: &str) -> Option<Property<Self>>;
}

macro_rules! properties {
    ($($type:ty { $($name:literal $kind:ident $(= $field:ident)?),+ $(,)? })+) => {
        $(impl Properties for $type {
            const NAMES: &'static [&'static str] = &[$($name),+];

            fn property(name: &str) -> Option<Property<Self>> {
                match name {
                    $($name => Some(Property {
                        typed: Typed::$kind $((Self::F.$field))?,
                        json: Field::new($name),
                    }),)+
                    _ => None,
                }
            }
        })+
    };
}

properties! {
    Person {
        "ID" Integer = id, "fName" Text = f_name, "gender" Integer = gender, "isStudent" Flag = is_student,
        "isWorker" Flag = is_worker, "age" Integer = age, "eyeSight" Float = eye_sight, "birthdate" Date = birthdate,
        "registerTime" Time = register_time, "lastJobDuration" Other, "workedHours" Other,
        "usedNames" Texts = used_names, "courseScoresPerTerm" Other, "grades" Other, "height" Float = height,
        "u" Text = u,
    }
    Organisation {
        "ID" Integer = id, "name" Text = name, "orgCode" Integer = org_code, "mark" Float = mark,
        "score" Integer = score, "history" Text = history, "licenseValidInterval" Other, "rating" Float = rating,
        "state" Other, "info" Other,
    }
    Movies {
        "name" Text = name, "length" Integer = length, "note" Text = note, "description" Other, "content" Other,
        "audience" Other, "grade" Other,
    }
    Knows {
        "date" Date = date, "meetTime" Time = meet_time, "validInterval" Other, "comments" Texts = comments,
        "summary" Other, "notes" Other, "someMap" Other,
    }
    StudyAt {
        "year" Integer = year, "places" Texts = places, "length" Integer = length, "level" Integer = level, "code" Other,
        "temperature" Integer = temperature, "ulength" Integer = ulength, "ulevel" Integer = ulevel, "hugedata" Other,
    }
    WorkAt { "year" Integer = year, "grading" Other, "rating" Float = rating }
    Meets { "location" Other, "times" Integer = times, "data" Other }
    Marries { "usedAddress" Other, "address" Other, "note" Other }
}

/// Whether edges of this type have such a property.
pub(super) fn edge_has(edge: &str, property: &str) -> bool {
    let names = match edge {
        "knows" => Knows::NAMES,
        "studyAt" => StudyAt::NAMES,
        "workAt" => WorkAt::NAMES,
        "meets" => Meets::NAMES,
        _ => Marries::NAMES,
    };
    names.contains(&property)
}
