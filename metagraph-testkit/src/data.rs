//! The way to the shared test data.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::environment::{self, REQUIRE_DATA, SHARED_DATA};

/// Paths that were missing and have been announced.
static ANNOUNCED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// The path of one file or directory of the shared test data, or `None` where this machine does not have it.
///
/// The data lies in `shared/data` beside the workspace, or where `METAGRAPH_SHARED_DATA` says.
///
/// # Examples
///
/// ```
/// fn every_span_has_its_parent() {
///     let Some(path) = metagraph_testkit::shared_data("traces/jaeger-find-traces.json") else { return };
///     assert!(path.exists());
/// }
/// # every_span_has_its_parent();
/// ```
///
/// # Panics
///
/// When the data is missing and `METAGRAPH_REQUIRE_DATA=1` demands it.
pub fn shared_data(relative: impl AsRef<Path>) -> Option<PathBuf> {
    let path = directory().join(relative);
    if path.exists() {
        return Some(path);
    }
    assert!(
        !environment::demands(REQUIRE_DATA),
        "{REQUIRE_DATA} is set, but there is no {}; {SHARED_DATA} names the directory with the test data",
        path.display(),
    );
    if ANNOUNCED.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone()) {
        environment::announce(&format!("SKIPPED: tests over {} (not on this machine)", path.display()));
    }
    None
}

/// The values of a gzipped file with one JSON value a line, or `None` where this machine does not have it.
///
/// # Examples
///
/// ```
/// fn every_node_has_a_type() {
///     let Some(nodes) = metagraph_testkit::json_lines("graphs/modern/nodes.jsonl.gz") else { return };
///     assert!(nodes.iter().all(|node| node["type"].is_string()));
/// }
/// # every_node_has_a_type();
/// ```
///
/// # Panics
///
/// When the file is not what it says, or is missing and `METAGRAPH_REQUIRE_DATA=1` demands it.
pub fn json_lines(relative: impl AsRef<Path>) -> Option<Vec<Value>> {
    let path = shared_data(relative)?;
    let read = |path: &Path| -> Result<Vec<Value>, Box<dyn std::error::Error>> {
        let lines = BufReader::new(GzDecoder::new(File::open(path)?)).lines();
        lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect()
    };
    Some(read(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display())))
}

fn directory() -> PathBuf {
    environment::text(SHARED_DATA).map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("..")).join("shared/data"),
        PathBuf::from,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_has_a_path_and_what_is_not_has_none() {
        assert_eq!(shared_data("").is_some(), directory().exists() || environment::demands(REQUIRE_DATA));
        if !environment::demands(REQUIRE_DATA) {
            assert_eq!(shared_data("no/such/data"), None);
        }
    }
}
