//! What the user said: plain data, with the tokens that said it.

pub(crate) mod past;
pub(crate) mod rename;
pub(crate) mod serde;

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{GenericArgument, LitStr, Path, PathArguments, PathSegment, Type, Visibility};

/// An option that is only a word.
pub(crate) type Flag = Option<Ident>;

pub(crate) enum Item {
    Element(Box<Element>),
    Union(Union),
    Graph(GraphType),
    Projection(Projection),
}

/// What every item has.
pub(crate) struct Head {
    pub(crate) ident: Ident,
    /// The path of the facade crate.
    pub(crate) krate: Path,
}

/// A stored name, and the token to blame for it.
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) said_by: TokenStream,
}

/// A node or edge type.
pub(crate) struct Element {
    pub(crate) head: Head,
    pub(crate) name: Name,
    pub(crate) role: Role,
    pub(crate) record: Record,
    pub(crate) serde: serde::Container,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) past: past::OfType,
}

pub(crate) enum Role {
    Node { on_delete: Option<OnDelete> },
    Edge { from: Endpoint, to: Endpoint, rules: EdgeRules },
}

/// The kind of Rust type that holds the attributes.
pub(crate) enum Record {
    Struct,
    Unit,
    Tuple(TokenStream),
    Enum { variants: Vec<Variant> },
}

/// A variant of an enum that is itself a node or edge type.
pub(crate) struct Variant {
    pub(crate) serde: serde::Variant,
    /// Options on its fields, which nothing can honour.
    pub(crate) options: Vec<Ident>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum OnDelete {
    Cascade,
    Restrict,
}

/// One side of an edge type: a single node type or union, or several node types; empty when it was not said.
pub(crate) struct Endpoint {
    pub(crate) types: Vec<Type>,
}

impl Endpoint {
    pub(crate) const UNSAID: Self = Self { types: Vec::new() };
}

#[derive(Default)]
pub(crate) struct EdgeRules {
    pub(crate) multi: Flag,
    pub(crate) unique: Flag,
    pub(crate) one_out: Flag,
    pub(crate) one_in: Flag,
    pub(crate) undirected: Flag,
    pub(crate) acyclic: Flag,
}

/// A named field of a node or edge type.
pub(crate) struct Attribute {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    pub(crate) serde: serde::Field,
    /// The names in JSON, when written and when read.
    pub(crate) written: String,
    pub(crate) read: String,
    pub(crate) key: Flag,
    pub(crate) indexed: Vec<Indexed>,
    pub(crate) encrypted_index: Flag,
    pub(crate) past: past::OfAttribute,
}

/// One `index` or `unique` of one field.
pub(crate) struct Indexed {
    pub(crate) word: Ident,
    pub(crate) unique: bool,
    /// The index is shared with the other fields of the group.
    pub(crate) group: Option<LitStr>,
}

/// All fields of one declared index, in the order of the fields.
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) unique: bool,
    pub(crate) attributes: Vec<String>,
}

pub(crate) struct Union {
    pub(crate) head: Head,
    pub(crate) members: Vec<Member>,
}

pub(crate) struct GraphType {
    pub(crate) head: Head,
    pub(crate) name: Name,
    pub(crate) description: String,
    pub(crate) version: u32,
    pub(crate) scope: Option<Scope>,
    pub(crate) rules: GraphRules,
    pub(crate) members: Vec<Member>,
}

/// A struct that is read from some attributes of a node or edge type.
pub(crate) struct Projection {
    pub(crate) head: Head,
    /// `None` when it was not said.
    pub(crate) of: Option<Type>,
    /// `None` when the type has no named fields.
    pub(crate) fields: Option<Vec<ProjectedField>>,
}

pub(crate) struct ProjectedField {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// The Rust field that stands for the attribute.
    pub(crate) from: Ident,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Scope {
    System,
    Tenant,
    User,
}

#[derive(Default)]
pub(crate) struct GraphRules {
    pub(crate) directed: Flag,
    pub(crate) undirected: Flag,
    pub(crate) mixed: Flag,
    pub(crate) multi: Flag,
    pub(crate) simple: Flag,
    pub(crate) self_loops: Flag,
    pub(crate) acyclic: Flag,
}

/// A variant of a union or graph type.
pub(crate) struct Member {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) import: Flag,
}

impl Item {
    pub(crate) fn head(&self) -> &Head {
        match self {
            Self::Element(element) => &element.head,
            Self::Union(union) => &union.head,
            Self::Graph(graph) => &graph.head,
            Self::Projection(projection) => &projection.head,
        }
    }
}

impl Attribute {
    pub(crate) fn rust_name(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// Whether the type, or what is in its `Option`, is called `Encrypted`.
    pub(crate) fn is_sealed(&self) -> bool {
        let named = |ty, name| last_segment(ty).filter(|segment| segment.ident == name);
        let inner = named(&self.ty, "Option").and_then(|option| match &option.arguments {
            PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
                Some(GenericArgument::Type(inner)) => Some(inner),
                _ => None,
            },
            _ => None,
        });
        named(inner.unwrap_or(&self.ty), "Encrypted").is_some()
    }

    /// Whether the field is one attribute of its own, so that it has a typed handle.
    pub(crate) fn is_stored(&self) -> bool {
        !self.serde.is_skipped() && self.serde.flatten.is_none()
    }
}

impl Element {
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.is_stored())
    }

    pub(crate) fn key(&self) -> Option<&Attribute> {
        self.stored().find(|attribute| attribute.key.is_some())
    }

    /// The declared indexes, in the order in which their first fields come.
    pub(crate) fn indexes(&self) -> Vec<Index> {
        let mut indexes: Vec<Index> = Vec::new();
        for attribute in self.stored() {
            let alone = attribute.indexed.iter().any(|entry| entry.group.is_none());
            if attribute.encrypted_index.is_some() && !alone {
                let name = attribute.written.clone();
                indexes.push(Index { attributes: vec![name.clone()], name, unique: false });
            }
            for Indexed { unique, group, .. } in &attribute.indexed {
                let name = group.as_ref().map_or_else(|| attribute.written.clone(), LitStr::value);
                match indexes.iter_mut().find(|index| index.name == name) {
                    Some(index) => index.attributes.push(attribute.written.clone()),
                    None => indexes.push(Index { name, unique: *unique, attributes: vec![attribute.written.clone()] }),
                }
            }
        }
        indexes
    }
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ungrouped(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The type inside the invisible brackets that `macro_rules!` puts around its fragments.
pub(crate) fn ungrouped(mut ty: &Type) -> &Type {
    while let Type::Group(group) = ty {
        ty = &group.elem;
    }
    ty
}
