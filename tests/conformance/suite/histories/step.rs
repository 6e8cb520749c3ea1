//! What happens in a history. A new verb is a variant here, one arm in the model and one in the run.

use serde_json::Value;

/// One of the rows there are when the step comes, or one that is gone; see `Model::pick`.
pub(super) type Pick = u8;

/// Through which handle a step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Via {
    Typed,
    Dynamic,
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    Nodes(Via, &'static str, NodeVerb),
    Edges(Via, &'static str, EdgeVerb),
    Graph(Via, GraphVerb),
    Load(Load),
    /// A transaction, or a savepoint inside of one, that is committed or rolled back.
    Together(Vec<Step>, bool),
}

#[derive(Debug, Clone)]
pub(super) enum NodeVerb {
    Insert(Value),
    InsertMany(Vec<Value>),
    Upsert(Value),
    FindOrInsert(Value),
    UpsertMany(Vec<Value>),
    FindOrInsertMany(Vec<Value>),
    /// By the attributes of one of the type's unique rules.
    By(usize, UniqueVerb),
    Row(Pick, RowVerb),
    DeleteMany(Vec<Pick>),
    GetMany(Vec<Pick>),
    ByKey(String),
    Count,
    All,
    /// People of this age or older, or vaults with this label.
    Filter(u8),
    /// Members to set of all that a query finds.
    UpdateFound(Found, Value),
    /// The same by a verb that leaves all other members as they are.
    SetFound(Found, Value),
    DeleteFound(Found),
}

#[derive(Debug, Clone)]
pub(super) enum UniqueVerb {
    /// What to look for, as members of an object.
    GetMany(Vec<Value>),
    Upsert(Value),
    FindOrInsert(Value),
    UpsertMany(Vec<Value>),
    FindOrInsertMany(Vec<Value>),
}

/// What [`NodeVerb::Filter`] finds, or all edges of a type, and of these so many of the oldest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) filter: u8,
    pub(super) limit: Option<u32>,
}

#[derive(Debug, Clone)]
pub(super) enum EdgeVerb {
    Connect(Draft),
    ConnectMany(Vec<Draft>),
    Upsert(Draft),
    FindOrConnect(Draft),
    UpsertMany(Vec<Draft>),
    FindOrConnectMany(Vec<Draft>),
    /// The same between people who are named by key.
    Keyed(Box<Self>),
    Row(Pick, RowVerb),
    Disconnect(Pick, Pick),
    DeleteMany(Vec<Pick>),
    GetMany(Vec<Pick>),
    ByKey(String),
    Between(Pick, Pick),
    Count,
    All,
    Neighbours(Pick, Way),
    Reachable(Pick),
    UpdateFound(Option<u32>, Value),
    DeleteFound(Option<u32>),
}

/// An edge to be: two nodes and the attributes.
pub(super) type Draft = (Pick, Pick, Value);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Out,
    In,
    Both,
}

/// What is done with one row, a node or an edge.
#[derive(Debug, Clone)]
pub(super) enum RowVerb {
    /// Members to set.
    Update(Value),
    /// The same, at a version that is so many writes old.
    UpdateIf(i64, Value),
    Replace(Value),
    ReplaceIf(i64, Value),
    Patch(Value),
    Delete,
    SetMetadata(Value),
    Metadata,
    Get,
    Exists,
    /// Reads the row, and writes it back with these members set, after what another did to it.
    Save(Meanwhile, Value),
}

#[derive(Debug, Clone)]
pub(super) enum Meanwhile {
    Nothing,
    Update(Value),
    Delete,
}

#[derive(Debug, Clone)]
pub(super) enum GraphVerb {
    Archive(bool),
    Clear,
    /// The history goes on in the copy, and the original is deleted.
    Duplicate,
    /// Deletes nodes of any type, through the union.
    DeleteAny(Vec<Pick>),
}

/// An import in batches of two: first all people, then all vaults, then edges of one type.
#[derive(Debug, Clone)]
pub(super) struct Load {
    /// Whether all is committed at once.
    pub(super) once: bool,
    pub(super) people: Vec<Value>,
    pub(super) vaults: Vec<Value>,
    pub(super) kind: &'static str,
    pub(super) edges: Vec<Draft>,
}

impl Step {
    pub(super) fn nodes(via: Via, kind: &'static str, verb: NodeVerb) -> Self {
        let verb = match verb {
            // What has a generated key is found by name only where nothing is checked at compile time.
            NodeVerb::FindOrInsert(value) if kind == "vault" => NodeVerb::Upsert(value),
            NodeVerb::FindOrInsertMany(values) if kind == "vault" => NodeVerb::UpsertMany(values),
            verb => verb,
        };
        let only = match &verb {
            NodeVerb::Upsert(_) | NodeVerb::UpsertMany(_) if kind == "vault" => Some(Via::Dynamic),
            NodeVerb::FindOrInsert(_)
            | NodeVerb::FindOrInsertMany(_)
            | NodeVerb::By(..)
            | NodeVerb::DeleteMany(_)
            | NodeVerb::Filter(_)
            | NodeVerb::UpdateFound(..)
            | NodeVerb::SetFound(..)
            | NodeVerb::DeleteFound(_) => Some(Via::Typed),
            NodeVerb::Row(_, verb) => verb.only(),
            _ => None,
        };
        Self::Nodes(only.unwrap_or(via), kind, verb)
    }

    pub(super) fn edges(via: Via, kind: &'static str, verb: EdgeVerb) -> Self {
        let only = match &verb {
            EdgeVerb::Connect(_)
            | EdgeVerb::ConnectMany(_)
            | EdgeVerb::Upsert(_)
            | EdgeVerb::UpsertMany(_)
            | EdgeVerb::Count
            | EdgeVerb::All => None,
            EdgeVerb::Row(_, verb) => verb.only(),
            _ => Some(Via::Typed),
        };
        Self::Edges(only.unwrap_or(via), kind, verb)
    }
}

impl RowVerb {
    /// The handle, where only one of them has the verb.
    fn only(&self) -> Option<Via> {
        match self {
            Self::ReplaceIf(..) => Some(Via::Dynamic),
            Self::Replace(_) | Self::Patch(_) | Self::Delete | Self::Get => None,
            _ => Some(Via::Typed),
        }
    }
}
