//! The way of one item through the derive: parse, check, expand.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::diagnostics::Diagnostics;
use crate::{check, expand, parse};

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let checked = Diagnostics::scope(|cx| {
        let item = parse::item(cx, input)?;
        check::item(cx, &item);
        Some(item)
    });
    match checked {
        Ok(item) => expand::item(&item),
        Err(refused) => expand::fallback(&refused),
    }
}

#[cfg(test)]
mod tests {
    use super::derive;

    /// What comes out for `item` under `#[graph(options)]`: items, whatever went in.
    fn derived(options: &str, item: &str) -> String {
        let input = syn::parse_str(&format!("#[graph{options}] {item}")).unwrap();
        let tokens = derive(&input);
        syn::parse2::<syn::File>(tokens.clone()).unwrap();
        tokens.to_string()
    }

    #[test]
    fn any_tokens_are_answered_with_an_error() {
        let edge = "(edge(from = A, to = B), ";
        for options in [
            "",
            "()",
            " = 1",
            "(,)",
            "(node,,)",
            "(node node)",
            "(node = )",
            "(node())",
            "(\"node\")",
            "(node::node)",
            "(node, name)",
            "(node, name = )",
            "(node, name == \"a\")",
            "(node, name = \"a\" \"b\")",
            "(node, name(\"a\"))",
            "(node, name = b\"a\")",
            "(node, crate = \"\")",
            "(node, on_delete = <)",
            "(edge())",
            "(edge(,))",
            "(edge(from))",
            "(edge(from = , to = B))",
            "(edge(from = A to = B))",
            "(edge(from = A<, to = B))",
            "(edge(from(A,,B), to = B))",
            "(edge(from = &'static A, to = [A]))",
            "(edge[from = A, to = B])",
            "(union = A)",
            "(r#node)",
            "(version = -1)",
            "(version = 4294967296)",
            "(version = 1.5)",
            "(scope = \"system\")",
            "(direct)",
            "(node, edge, union, name, version)",
            "(projection)",
            "(projection())",
            "(projection(of))",
            "(projection(of = ))",
            "(projection(of = &A))",
            "(projection(of = A, of = B))",
            "(projection(A))",
            "(projection = A)",
            "(projection(of = A), name = \"a\")",
            "(node, upgrade)",
            "(node, upgrade = <)",
            "(node, renamed_from = a)",
            &format!("{edge}multi = true)"),
            &format!("{edge}one_out(1))"),
            &format!("{edge}!)"),
        ] {
            for item in
                ["struct A { a: u8 }", "struct A;", "struct A();", "enum A {}", "enum A { B(B), C { d: u8 }, E }"]
            {
                let output = derived(options, item);
                assert!(output.contains("compile_error"), "{options} {item}");
            }
        }
    }

    #[test]
    fn any_field_options_are_answered_with_an_error() {
        for options in [
            "",
            "(renamed_from)",
            "(renamed_value(from, to))",
            "(renamed_value(,))",
            "(key = )",
            "(key key)",
            "(index = 1)",
            "(index = \"\")",
            "(unique())",
            "(,key)",
        ] {
            let output = derived("(node)", &format!("struct A {{ #[graph{options}] a: u8 }}"));
            assert!(output.contains("compile_error"), "{options}");
        }
    }
}
