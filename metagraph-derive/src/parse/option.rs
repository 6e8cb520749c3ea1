//! Reads the option lists inside attributes, word by word, and goes on after a mistake.

use std::fmt::Display;

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parse;
use syn::{Attribute, LitStr, Meta};

use crate::diagnostics::Diagnostics;
use crate::vocabulary::{self, Place};

/// An option as it was written.
pub(crate) struct Written {
    pub(crate) word: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    Absent,
    Equals(TokenStream),
    List(TokenStream),
}

/// The options of all `#[graph(..)]` attributes; `examples` says how one is written there.
pub(crate) fn of(cx: &mut Diagnostics, attrs: &[Attribute], examples: &str) -> Vec<Written> {
    let mut options = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("graph")) {
        match &attr.meta {
            Meta::List(list) => options.extend(list_of(list.tokens.clone(), |error| cx.add(error))),
            meta => cx.error(meta, format_args!("write the options in parentheses: {examples}")),
        }
    }
    options
}

/// The options of all `#[serde(..)]` attributes; their mistakes are serde's to report.
pub(crate) fn of_serde(attrs: &[Attribute]) -> Vec<Written> {
    let lists = attrs.iter().filter(|attr| attr.path().is_ident("serde")).filter_map(|attr| match &attr.meta {
        Meta::List(list) => Some(list.tokens.clone()),
        _ => None,
    });
    lists.flat_map(|tokens| list_of(tokens, drop)).collect()
}

/// Splits `word, word = value, word(..)` at its commas.
pub(crate) fn list_of(tokens: TokenStream, mut report: impl FnMut(syn::Error)) -> Vec<Written> {
    let entries = entries(tokens);
    entries.into_iter().filter_map(|entry| written(entry).map_err(&mut report).ok()).collect()
}

/// The tokens between commas; a comma inside `<..>` belongs to a type.
pub(crate) fn entries(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut entries = vec![Vec::new()];
    let mut angles = 0_usize;
    for token in tokens {
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                '<' => angles += 1,
                '>' => angles = angles.saturating_sub(1),
                ',' if angles == 0 => {
                    entries.push(Vec::new());
                    continue;
                }
                _ => {}
            }
        }
        if let Some(entry) = entries.last_mut() {
            entry.push(token);
        }
    }
    // A comma may also end the list.
    if entries.last().is_some_and(Vec::is_empty) {
        entries.pop();
    }
    entries
}

fn written(entry: Vec<TokenTree>) -> syn::Result<Written> {
    let whole: TokenStream = entry.iter().cloned().collect();
    let mut tokens = entry.into_iter();
    let word = match tokens.next() {
        Some(TokenTree::Ident(word)) => word,
        Some(other) => return Err(syn::Error::new_spanned(whole, format_args!("expected an option, found `{other}`"))),
        None => return Err(syn::Error::new_spanned(whole, "expected an option between the commas")),
    };
    let value = match tokens.next() {
        None => Value::Absent,
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' && punct.spacing() == Spacing::Alone => {
            Value::Equals(tokens.by_ref().collect())
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => Value::List(group.stream()),
        Some(_) => return Err(syn::Error::new_spanned(whole, format_args!("expected a comma after `{word}`"))),
    };
    match tokens.next() {
        None => Ok(Written { word, value }),
        Some(_) => Err(syn::Error::new_spanned(whole, format_args!("expected a comma after `{word}(..)`"))),
    }
}

/// Keeps the options that `place` knows, each once unless it may be repeated there.
pub(crate) fn known_at(cx: &mut Diagnostics, place: Place, options: Vec<Written>) -> Vec<Written> {
    let mut kept: Vec<Written> = Vec::new();
    for option in options {
        let name = option.word.to_string();
        if vocabulary::at(&name, place).is_none() {
            cx.error(&option.word, stray(&name, place));
        } else if !may_be_repeated(&name, place) && kept.iter().any(|earlier| earlier.word == option.word) {
            cx.error(&option.word, format_args!("`{name}` is said twice; leave one of the two"));
        } else {
            kept.push(option);
        }
    }
    kept
}

fn may_be_repeated(name: &str, place: Place) -> bool {
    place == Place::Field || vocabulary::REPEATED.contains(&name)
}

/// The message for an option that `place` does not have.
fn stray(name: &str, place: Place) -> String {
    let allowed = vocabulary::allowed(place);
    if let [word, others @ ..] = vocabulary::elsewhere(name).as_slice() {
        if vocabulary::SHAPES.contains(&name) {
            return format!("`{name}` stands on the type itself: {}; {place} takes {allowed}", word.example);
        }
        let places = others.iter().fold(word.place.to_string(), |places, other| format!("{places} or {}", other.place));
        return format!("`{name}` belongs to {places}: {}; {place} takes {allowed}", word.example);
    }
    match vocabulary::closest(name, place) {
        Some(meant) => format!("unknown option `{name}`, did you mean `{meant}`? {place} takes {allowed}"),
        None => format!("unknown option `{name}`; {place} takes {allowed}"),
    }
}

impl Written {
    /// The word of an option that takes no value.
    pub(crate) fn flag(self, cx: &mut Diagnostics, place: Place) -> Option<Ident> {
        match self.value {
            Value::Absent => Some(self.word),
            Value::Equals(_) | Value::List(_) => {
                self.malformed(cx, place, "takes no value");
                None
            }
        }
    }

    /// A value behind `=`.
    pub(crate) fn value<T: Parse>(&self, cx: &mut Diagnostics, place: Place, wants: &str) -> Option<T> {
        let value = match &self.value {
            Value::Equals(tokens) => syn::parse2(tokens.clone()).ok(),
            Value::Absent | Value::List(_) => None,
        };
        if value.is_none() {
            self.malformed(cx, place, wants);
        }
        value
    }

    pub(crate) fn text(&self, cx: &mut Diagnostics, place: Place) -> Option<LitStr> {
        self.value(cx, place, "takes a text in quotes")
    }

    /// One of a few words behind `=`.
    pub(crate) fn choice<T: Copy>(&self, cx: &mut Diagnostics, place: Place, choices: &[(&str, T)]) -> Option<T> {
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
        let wants = format!("is one of {}", names.join(", "));
        let said: Ident = self.value(cx, place, &wants)?;
        let chosen = choices.iter().find(|(name, _)| said == *name).map(|(_, value)| *value);
        if chosen.is_none() {
            self.malformed(cx, place, wants);
        }
        chosen
    }

    pub(crate) fn malformed(&self, cx: &mut Diagnostics, place: Place, wants: impl Display) {
        let name = self.word.to_string();
        let example = vocabulary::at(&name, place).map_or("", |word| word.example);
        cx.error(self, format_args!("`{name}` {wants}: {example}"));
    }
}

impl ToTokens for Written {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.word.to_tokens(tokens);
        match &self.value {
            Value::Absent => {}
            Value::Equals(value) | Value::List(value) => value.to_tokens(tokens),
        }
    }
}
