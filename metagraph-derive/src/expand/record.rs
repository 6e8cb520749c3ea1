//! Node and edge types: their constant data and the traits that carry it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{endpoints, fields, past};
use crate::model::{EdgeRules, Element, Index, OnDelete, Record, Role};

pub(super) fn element(element: &Element) -> TokenStream {
    let ident = &element.head.ident;
    let name = &element.name.text;
    let fields = fields::handles(element);
    let key = element.key().map(|attribute| {
        let (name, field) = (&attribute.written, &attribute.ident);
        quote! {
            fn key(&self) -> __metagraph::Result<__metagraph::Option<__metagraph::Key>, __metagraph::InvalidKey> {
                __metagraph::key_of(#name, &self.#field)
            }
        }
    });
    let (member, role) = match &element.role {
        Role::Node { on_delete } => (
            quote!(__metagraph::Member::Node(&<Self as __metagraph::NodeType>::DEFINITION)),
            node(element, on_delete.unwrap_or(OnDelete::Cascade)),
        ),
        Role::Edge { from, to, rules, .. } => (
            quote!(__metagraph::Member::Edge(&<Self as __metagraph::EdgeType>::DEFINITION)),
            endpoints::edge(element, from, to, rules),
        ),
    };
    let fields::Handles { declared, ty, value } = fields;
    quote! {
        #declared
        #[automatically_derived]
        impl __metagraph::Element for #ident {
            const NAME: &'static __metagraph::str = #name;
            const MEMBER: __metagraph::Member = #member;
            type Fields = #ty;
            const F: Self::Fields = #value;
            #key
        }
        #role
    }
}

fn node(element: &Element, on_delete: OnDelete) -> TokenStream {
    let ident = &element.head.ident;
    let definition = definition(element);
    let keyed = element.key().map(|_| {
        quote! {
            #[automatically_derived]
            impl __metagraph::Keyed for #ident {}
        }
    });
    let on_delete = match on_delete {
        OnDelete::Cascade => quote!(Cascade),
        OnDelete::Restrict => quote!(Restrict),
    };
    quote! {
        #[automatically_derived]
        impl __metagraph::NodeType for #ident {
            const DEFINITION: __metagraph::NodeDefinition = __metagraph::NodeDefinition {
                element: #definition,
                on_delete: __metagraph::OnDelete::#on_delete,
            };
        }
        #[automatically_derived]
        impl __metagraph::NodeSet for #ident {
            const MEMBERS: &'static [&'static __metagraph::NodeDefinition] =
                &[&<Self as __metagraph::NodeType>::DEFINITION];
            fn decode(__name: &__metagraph::str, __attributes: &__metagraph::str) -> __metagraph::JsonResult<Self> {
                __metagraph::decode_node(__name, __attributes)
            }
        }
        #[automatically_derived]
        impl __metagraph::MemberOf<Self> for #ident {}
        #keyed
    }
}

pub(super) fn definition(element: &Element) -> TokenStream {
    let shape = match &element.record {
        Record::Unit => quote!(Unit),
        Record::Struct | Record::Tuple(_) | Record::Enum { .. } => quote!(Object),
    };
    let own_name = &element.name.text;
    let attributes = element.stored().map(|attribute| {
        let (name, rust_name, sealed) = (&attribute.written, attribute.rust_name(), attribute.is_sealed());
        let written_otherwise = attribute.serde.writes_otherwise.is_some() || attribute.serde.skips_otherwise;
        quote! {
            __metagraph::FieldDefinition {
                name: #name,
                rust_name: #rust_name,
                sealed: #sealed,
                written_otherwise: #written_otherwise,
            }
        }
    });
    let key = option(element.key().map(|attribute| &attribute.written));
    let indexes = element.indexes().into_iter().map(|Index { name, unique, attributes }| {
        quote!(__metagraph::IndexDefinition { name: #name, fields: &[#(#attributes),*], unique: #unique })
    });
    let past = past::of(element);
    quote! {
        __metagraph::ElementDefinition {
            name: #own_name,
            shape: __metagraph::Shape::#shape,
            fields: &[#(#attributes),*],
            key: #key,
            indexes: &[#(#indexes),*],
            schema: __metagraph::schema_of::<Self>,
            rust_type: __metagraph::type_name::<Self>,
            past: #past,
        }
    }
}

pub(super) fn edge_rules(rules: &EdgeRules) -> TokenStream {
    let parallel = option(match (&rules.multi, &rules.unique) {
        (Some(_), _) => Some(quote!(__metagraph::Parallel::Multi)),
        (None, Some(_)) => Some(quote!(__metagraph::Parallel::Unique)),
        (None, None) => None,
    });
    let EdgeRules { one_out, one_in, undirected, acyclic, .. } = rules;
    let [one_out, one_in, undirected, acyclic] = [one_out, one_in, undirected, acyclic].map(Option::is_some);
    quote! {
        __metagraph::EdgeRules {
            parallel: #parallel,
            one_out: #one_out,
            one_in: #one_in,
            undirected: #undirected,
            acyclic: #acyclic,
        }
    }
}

fn option(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or_else(|| quote!(__metagraph::Option::None), |value| quote!(__metagraph::Option::Some(#value)))
}
