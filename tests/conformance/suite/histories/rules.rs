//! What the model knows of the graph types: written by hand, so that it is not told by what it judges.

/// The rules of one graph type.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) nodes: &'static [NodeRules],
    pub(crate) edges: &'static [EdgeRules],
    pub(crate) self_loops: bool,
    pub(crate) simple: Option<Simple>,
    /// Whether all directed edges together close no cycle.
    pub(crate) acyclic: bool,
    /// Whether no edge has a direction.
    pub(crate) undirected: bool,
}

/// Which two edges run between the same nodes, where only one edge may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Simple {
    SameWay,
    EitherWay,
}

#[derive(Debug)]
pub(crate) struct NodeRules {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
    pub(crate) key: Option<&'static str>,
    pub(crate) unique: &'static [&'static [&'static str]],
    pub(crate) restrict: bool,
}

#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a rule of its own")]
pub(crate) struct EdgeRules {
    pub(crate) name: &'static str,
    pub(crate) from: &'static [&'static str],
    pub(crate) to: &'static [&'static str],
    pub(crate) fields: &'static [Field],
    pub(crate) key: Option<&'static str>,
    pub(crate) unique: &'static [&'static [&'static str]],
    pub(crate) undirected: bool,
    pub(crate) multi: bool,
    pub(crate) one_out: bool,
    pub(crate) one_in: bool,
    pub(crate) acyclic: bool,
}

/// An attribute, and the values it takes in histories.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) optional: bool,
    pub(crate) values: Values,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    /// One of these.
    Texts(&'static [&'static str]),
    /// A number below this one.
    Below(u8),
    /// A number that the schema allows, up to 9, and now and then one that it does not.
    UpToNine,
}

impl Rules {
    pub(crate) fn node(&self, name: &str) -> &'static NodeRules {
        self.nodes.iter().find(|node| node.name == name).unwrap()
    }

    pub(crate) fn edge(&self, name: &str) -> &'static EdgeRules {
        self.edges.iter().find(|edge| edge.name == name).unwrap()
    }

    pub(crate) fn is_undirected(&self, edge: &EdgeRules) -> bool {
        self.undirected || edge.undirected
    }

    /// The sets of edge types, this one among them, that together close no cycle.
    pub(crate) fn acyclic_sets(&self, edge: &EdgeRules) -> Vec<Vec<&'static str>> {
        let mut sets = Vec::new();
        if self.acyclic {
            sets.push(self.edges.iter().map(|edge| edge.name).collect());
        }
        if edge.acyclic {
            sets.push(vec![edge.name]);
        }
        sets
    }

    /// Whether an edge of this type may end where it starts.
    pub(crate) fn allows_loops(&self, edge: &EdgeRules) -> bool {
        self.self_loops && self.acyclic_sets(edge).is_empty()
    }
}

const fn required(name: &'static str, values: Values) -> Field {
    Field { name, optional: false, values }
}

const fn optional(name: &'static str, values: Values) -> Field {
    Field { name, optional: true, values }
}

const NODES: &[NodeRules] = &[
    NodeRules {
        name: "person",
        fields: &[
            required("name", Values::Texts(&["a", "b' \"", "ä%_", "d", "e\\"])),
            optional("mail", Values::Texts(&["x@y", "X@y", "1"])),
            optional("house", Values::Below(2)),
            optional("door", Values::Below(2)),
            required("age", Values::UpToNine),
        ],
        key: Some("name"),
        unique: &[&["mail"], &["house", "door"]],
        restrict: false,
    },
    NodeRules {
        name: "vault",
        fields: &[required("code", Values::Below(5)), optional("label", Values::Texts(&["l", "m"]))],
        key: None,
        unique: &[&["code"]],
        restrict: true,
    },
];

const PEOPLE: &[&str] = &["person"];
const VAULTS: &[&str] = &["vault"];
const ANYONE: &[&str] = &["person", "vault"];

/// Between people, one per pair, without attributes: what the others differ from.
const PLAIN: EdgeRules = EdgeRules {
    name: "",
    from: PEOPLE,
    to: PEOPLE,
    fields: &[],
    key: None,
    unique: &[],
    undirected: false,
    multi: false,
    one_out: false,
    one_in: false,
    acyclic: false,
};

const LIKES: EdgeRules = EdgeRules { name: "likes", fields: &[required("weight", Values::UpToNine)], ..PLAIN };

const BOOKS: EdgeRules = EdgeRules {
    name: "books",
    fields: &[required("number", Values::Below(4)), optional("note", Values::Texts(&["n", "o"]))],
    key: Some("number"),
    ..PLAIN
};

const LENDS: EdgeRules =
    EdgeRules { name: "lends", to: VAULTS, fields: &[optional("note", Values::Texts(&["n", "o"]))], ..PLAIN };

const PAYS: EdgeRules = EdgeRules {
    name: "pays",
    fields: &[required("number", Values::Below(4)), required("amount", Values::UpToNine)],
    key: Some("number"),
    multi: true,
    ..PLAIN
};

const SENDS: EdgeRules = EdgeRules {
    name: "sends",
    from: ANYONE,
    to: ANYONE,
    fields: &[optional("contract", Values::Below(4))],
    unique: &[&["contract"]],
    multi: true,
    ..PLAIN
};

const OWNS: EdgeRules = EdgeRules { name: "owns", to: VAULTS, one_out: true, ..PLAIN };

const KEEPS: EdgeRules = EdgeRules { name: "keeps", to: VAULTS, one_in: true, ..PLAIN };

const HEADS: EdgeRules =
    EdgeRules { name: "heads", fields: &[optional("since", Values::Below(3))], acyclic: true, ..PLAIN };

const KNOWS: EdgeRules =
    EdgeRules { name: "knows", fields: &[required("weight", Values::UpToNine)], undirected: true, ..PLAIN };

const MEETS: EdgeRules = EdgeRules {
    name: "meets",
    fields: &[required("day", Values::Texts(&["1", "2", "3"]))],
    key: Some("day"),
    undirected: true,
    multi: true,
    ..PLAIN
};

const SHARES: EdgeRules = EdgeRules { name: "shares", to: VAULTS, undirected: true, ..PLAIN };

pub(crate) const DIRECTED: Rules = Rules {
    nodes: NODES,
    edges: &[LIKES, BOOKS, LENDS, PAYS, SENDS, OWNS, KEEPS, HEADS],
    self_loops: false,
    simple: None,
    acyclic: false,
    undirected: false,
};

pub(crate) const LOOPED: Rules =
    Rules { edges: &[LIKES, PAYS, SENDS, OWNS, HEADS, KNOWS, MEETS, SHARES], self_loops: true, ..DIRECTED };

pub(crate) const ORDERED: Rules = Rules { edges: &[LIKES, BOOKS, PAYS, SENDS, HEADS], acyclic: true, ..DIRECTED };

pub(crate) const NARROW: Rules =
    Rules { edges: &[LIKES, BOOKS, LENDS, OWNS, KEEPS, HEADS], simple: Some(Simple::SameWay), ..DIRECTED };

pub(crate) const NARROW_MIXED: Rules =
    Rules { edges: &[LIKES, BOOKS, OWNS, HEADS, KNOWS, SHARES], simple: Some(Simple::EitherWay), ..DIRECTED };

pub(crate) const UNDIRECTED: Rules = Rules {
    edges: &[LIKES, BOOKS, LENDS],
    simple: Some(Simple::SameWay),
    self_loops: true,
    undirected: true,
    ..DIRECTED
};
