//! Graph types: the closed vocabulary.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::{imports, place_of};
use crate::model::{GraphRules, GraphType, Member, Scope};

pub(super) fn graph(graph: &GraphType) -> TokenStream {
    let ident = &graph.head.ident;
    let definition = definition(graph);
    let decoded = graph.members.iter().map(|member| {
        let way = if member.import.is_some() { quote!(Imported<Self>) } else { quote!(InGraph) };
        decoded(member, &way)
    });
    let own = distinct(&graph.members).filter(|member| member.import.is_none()).map(|member| &member.ty);
    let imports = imports::imports(graph);
    let read = read(ident, &graph.members);
    quote! {
        #[automatically_derived]
        impl __metagraph::GraphType for #ident {
            const DEFINITION: __metagraph::GraphDefinition = #definition;
            fn decode(
                __name: &__metagraph::str,
                __attributes: &__metagraph::str,
            ) -> __metagraph::Option<__metagraph::JsonResult<Self>> {
                __metagraph::Option::None #(#decoded)*
            }
        }
        #(
            #[automatically_derived]
            #[doc(hidden)]
            impl __metagraph::Has<#own> for #ident {}
        )*
        #imports
        #read
    }
}

/// One step of reading a value: the next member is tried when the name was not this one's.
pub(super) fn decoded(member: &Member, way: &TokenStream) -> TokenStream {
    let (variant, ty) = (&member.ident, &member.ty);
    quote_spanned! {place_of(ty)=>
        .or_else(|| <#ty as __metagraph::#way>::decode(__name, __attributes).map(|__read| __read.map(Self::#variant)))
    }
}

fn definition(graph: &GraphType) -> TokenStream {
    let (name, description, version) = (&graph.name.text, &graph.description, graph.version);
    let scope = match graph.scope {
        None | Some(Scope::System) => quote!(System),
        Some(Scope::Tenant) => quote!(Tenant),
        Some(Scope::User) => quote!(User),
    };
    let rules = rules(&graph.rules);
    let members = graph.members.iter().map(|member| {
        let ty = &member.ty;
        let span = place_of(ty);
        if member.import.is_some() {
            quote_spanned!(span=> __metagraph::Member::Import(&<#ty as __metagraph::Imported<Self>>::IMPORTED))
        } else {
            quote_spanned!(span=> <#ty as __metagraph::InGraph>::MEMBER)
        }
    });
    quote! {
        __metagraph::GraphDefinition {
            name: #name,
            version: #version,
            scope: __metagraph::Scope::#scope,
            rules: #rules,
            members: &[#(#members),*],
            description: #description,
            rust_type: __metagraph::type_name::<Self>,
        }
    }
}

fn rules(rules: &GraphRules) -> TokenStream {
    let direction = match (&rules.undirected, &rules.mixed) {
        (Some(_), _) => quote!(Undirected),
        (None, Some(_)) => quote!(Mixed),
        (None, None) => quote!(Directed),
    };
    let parallel = if rules.multi.is_some() { quote!(Multi) } else { quote!(Unique) };
    let GraphRules { simple, self_loops, acyclic, .. } = rules;
    let [simple, self_loops, acyclic] = [simple, self_loops, acyclic].map(Option::is_some);
    quote! {
        __metagraph::GraphRules {
            direction: __metagraph::Direction::#direction,
            parallel: __metagraph::Parallel::#parallel,
            simple: #simple,
            self_loops: #self_loops,
            acyclic: #acyclic,
        }
    }
}

/// The members without those whose type came before, which is reported once and not by rustc again.
pub(super) fn distinct(members: &[Member]) -> impl Iterator<Item = &Member> {
    let text = |member: &Member| member.ty.to_token_stream().to_string();
    members.iter().enumerate().filter_map(move |(place, member)| {
        let repeated = members.iter().take(place).any(|earlier| text(earlier) == text(member));
        (!repeated).then_some(member)
    })
}

/// Reads every variant once: an enum that only names types is not dead code.
pub(super) fn read(ident: &Ident, members: &[Member]) -> TokenStream {
    let variants = members.iter().map(|member| &member.ident);
    quote! {
        #[allow(dead_code, clippy::all, clippy::pedantic, reason = "it is a use of the variants, not called")]
        fn __read(__value: &#ident) {
            match *__value {
                #(#ident::#variants(ref __member) => { let _ = __member; })*
                #[allow(unreachable_patterns, reason = "for an enum whose variants were refused")]
                _ => {}
            }
        }
    }
}
