//! Every option word once per place: its spelling, and an example for messages.

use std::fmt;

/// Where an option can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Node,
    Edge,
    Ends,
    Union,
    GraphType,
    Projection,
    Source,
    Field,
    RenamedValue,
    ProjectedField,
    Variant,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Node => "a node type",
            Self::Edge => "an edge type",
            Self::Ends => "`edge(..)`",
            Self::Union => "a union",
            Self::GraphType => "a graph type",
            Self::Projection => "a projection",
            Self::Source => "`projection(..)`",
            Self::Field => "a field of a node or edge type",
            Self::RenamedValue => "`renamed_value(..)`",
            Self::ProjectedField => "a field of a projection",
            Self::Variant => "a variant of a graph type",
        })
    }
}

/// One option at one place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    /// How it is written there, in full.
    pub(crate) example: &'static str,
}

const fn word(name: &'static str, place: Place, example: &'static str) -> Word {
    Word { name, place, example }
}

/// The words that decide what an item becomes.
pub(crate) const SHAPES: [&str; 4] = ["node", "edge", "union", "projection"];

/// The words that may be said more than once about a type; fields look at theirs themselves.
pub(crate) const REPEATED: [&str; 2] = ["renamed_from", "upgrade"];

/// The shapes as they are written, for messages.
pub(crate) const SHAPE_EXAMPLES: &str = "`#[graph(node)]`, `#[graph(edge(from = A, to = B))]`, \
    `#[graph(projection(of = A))]` on a struct that reads some attributes of `A`, `#[graph(union)]` on an enum of \
    node types, or `#[graph(name = \"..\")]` on an enum of node and edge types";

const WORDS: &[Word] = &[
    word("node", Place::Node, "`#[graph(node)]`"),
    word("name", Place::Node, "`#[graph(node, name = \"package\")]`"),
    word("on_delete", Place::Node, "`#[graph(node, on_delete = restrict)]` or `on_delete = cascade`"),
    word("renamed_from", Place::Node, "`#[graph(node, renamed_from = \"parcel\")]`"),
    word("upgrade", Place::Node, "`#[graph(node, upgrade = from_v1)]`"),
    word("crate", Place::Node, "`#[graph(crate = \"path::to::metagraph\")]`"),
    word("edge", Place::Edge, "`#[graph(edge(from = A, to = B))]`"),
    word("name", Place::Edge, "`#[graph(edge(..), name = \"depends_on\")]`"),
    word("multi", Place::Edge, "`#[graph(edge(..), multi)]`"),
    word("unique", Place::Edge, "`#[graph(edge(..), unique)]`"),
    word("one_out", Place::Edge, "`#[graph(edge(..), one_out)]`"),
    word("one_in", Place::Edge, "`#[graph(edge(..), one_in)]`"),
    word("undirected", Place::Edge, "`#[graph(edge(..), undirected)]`"),
    word("acyclic", Place::Edge, "`#[graph(edge(..), acyclic)]`"),
    word("renamed_from", Place::Edge, "`#[graph(edge(..), renamed_from = \"needs\")]`"),
    word("upgrade", Place::Edge, "`#[graph(edge(..), upgrade = from_v1)]`"),
    word("crate", Place::Edge, "`#[graph(crate = \"path::to::metagraph\")]`"),
    word("from", Place::Ends, "`edge(from = A, to = B)`, or `from(A, B)` for several"),
    word("to", Place::Ends, "`edge(from = A, to = B)`, or `to(A, B)` for several"),
    word("union", Place::Union, "`#[graph(union)]`"),
    word("crate", Place::Union, "`#[graph(crate = \"path::to::metagraph\")]`"),
    word("name", Place::GraphType, "`#[graph(name = \"dependency-graph\")]`"),
    word("version", Place::GraphType, "`#[graph(version = 2)]`, counted from 1"),
    word("scope", Place::GraphType, "`#[graph(scope = system)]`, `scope = tenant` or `scope = user`"),
    word("directed", Place::GraphType, "`#[graph(name = \"..\", directed)]`"),
    word("undirected", Place::GraphType, "`#[graph(name = \"..\", undirected)]`"),
    word("mixed", Place::GraphType, "`#[graph(name = \"..\", mixed)]`"),
    word("multi", Place::GraphType, "`#[graph(name = \"..\", multi)]`"),
    word("simple", Place::GraphType, "`#[graph(name = \"..\", simple)]`"),
    word("self_loops", Place::GraphType, "`#[graph(name = \"..\", self_loops)]`"),
    word("acyclic", Place::GraphType, "`#[graph(name = \"..\", acyclic)]`"),
    word("crate", Place::GraphType, "`#[graph(crate = \"path::to::metagraph\")]`"),
    word("projection", Place::Projection, "`#[graph(projection(of = Package))]`"),
    word("crate", Place::Projection, "`#[graph(crate = \"path::to::metagraph\")]`"),
    word("of", Place::Source, "`#[graph(projection(of = Package))]`"),
    word("from", Place::ProjectedField, "`#[graph(from = \"downloads\")]`"),
    word("key", Place::Field, "`#[graph(key)]`"),
    word("index", Place::Field, "`#[graph(index)]`, or `#[graph(index = \"group\")]` on each field of the group"),
    word("unique", Place::Field, "`#[graph(unique)]`, or `#[graph(unique = \"group\")]` on each field of the group"),
    word("encrypted_index", Place::Field, "`#[graph(encrypted_index)]` on an `Encrypted<_, Findable>`"),
    word("renamed_from", Place::Field, "`#[graph(renamed_from = \"titel\")]`"),
    word("renamed_value", Place::Field, "`#[graph(renamed_value(from = \"open\", to = \"todo\"))]`"),
    word("from", Place::RenamedValue, "`renamed_value(from = \"open\", to = \"todo\")`"),
    word("to", Place::RenamedValue, "`renamed_value(from = \"open\", to = \"todo\")`"),
    word("import", Place::Variant, "`#[graph(import)]`"),
];

/// The option `name` at `place`.
pub(crate) fn at(name: &str, place: Place) -> Option<&'static Word> {
    WORDS.iter().find(|word| word.name == name && word.place == place)
}

/// Everything that is not the shape word itself, listed for a message.
pub(crate) fn allowed(place: Place) -> String {
    let names: Vec<String> = words(place).map(|word| format!("`{}`", word.name)).collect();
    names.join(", ")
}

/// The places where `name` is known.
pub(crate) fn elsewhere(name: &str) -> Vec<&'static Word> {
    WORDS.iter().filter(|word| word.name == name).collect()
}

/// The option at `place` that was probably meant.
pub(crate) fn closest(name: &str, place: Place) -> Option<&'static str> {
    nearest(name, words(place).map(|word| word.name))
}

/// The shape or graph option that was probably meant where nothing says yet what the item is.
pub(crate) fn closest_on_item(name: &str) -> Option<&'static str> {
    nearest(name, SHAPES.into_iter().chain(words(Place::GraphType).map(|word| word.name)))
}

fn words(place: Place) -> impl Iterator<Item = &'static Word> {
    WORDS.iter().filter(move |word| word.place == place && !SHAPES.contains(&word.name))
}

fn nearest(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let allowed = if name.len() > 3 { 2 } else { 1 };
    known.map(|word| (distance(name, word), word)).filter(|(far, _)| *far <= allowed).min().map(|(_, word)| word)
}

/// How many letters must be added, removed or replaced to make one word of the other.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, letter) in from.bytes().enumerate() {
        let mut corner = above;
        let mut left = above + 1;
        for (cell, wanted) in row.iter_mut().skip(1).zip(to.bytes()) {
            let replaced = corner + usize::from(letter != wanted);
            corner = *cell;
            left = replaced.min(corner + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Place, closest};

    #[test]
    fn a_slip_finds_the_word_that_was_meant() {
        assert_eq!(closest("uniqe", Place::Field), Some("unique"));
        assert_eq!(closest("ke", Place::Field), Some("key"));
        assert_eq!(closest("one_our", Place::Edge), Some("one_out"));
        assert_eq!(closest("primary", Place::Field), None);
        assert_eq!(closest("", Place::Field), None);
    }
}
