//! What the environment asks for, and the way to say something past the test harness.

use std::env;
use std::io::{self, Write as _};

pub(crate) const TEST_PG_URL: &str = "METAGRAPH_TEST_PG_URL";
pub(crate) const PG_BIN: &str = "METAGRAPH_PG_BIN";
pub(crate) const REQUIRE_POSTGRES: &str = "METAGRAPH_REQUIRE_POSTGRES";
pub(crate) const SHARED_DATA: &str = "METAGRAPH_SHARED_DATA";
pub(crate) const REQUIRE_DATA: &str = "METAGRAPH_REQUIRE_DATA";

/// The value of a variable; one that is set to nothing counts as absent.
pub(crate) fn text(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether a variable is switched on.
pub(crate) fn demands(name: &str) -> bool {
    text(name).is_some_and(|value| value != "0")
}

/// Prints one line on stderr, also from a test that passes.
pub(crate) fn announce(line: &str) {
    // The harness captures the print macros only. A closed stderr is no reason to fail a test.
    drop(writeln!(io::stderr().lock(), "\n>>> {line}\n"));
}
