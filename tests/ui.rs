//! Every message of the derive, as the compiler prints it.
#![cfg(feature = "derive")]

#[test]
fn messages_are_as_recorded() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    for option in [
        "crate",
        "edge",
        "edge_rules",
        "field",
        "graph",
        "graph_rules",
        "import",
        "index",
        "key",
        "name",
        "on_delete",
        "option",
        "past",
        "projection",
        "query",
        "serde",
        "shape",
        "union",
    ] {
        cases.compile_fail(format!("tests/ui/{option}/*.rs"));
    }
    #[cfg(feature = "encryption")]
    cases.compile_fail("tests/ui/sealed/*.rs");
    #[cfg(feature = "sqlite")]
    cases.compile_fail("tests/ui/store/*.rs");
}
