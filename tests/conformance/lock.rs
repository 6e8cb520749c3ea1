//! The lock file beside the code: written, read again, and behind when a Rust type changed.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use expect_test::{Expect, expect};
use metagraph::GraphType;
use metagraph::document::CompiledType;
use metagraph::lock::{self, Lock, Unverified, Verified};
use tempfile::TempDir;

use crate::scenarios::{Notes, OfficeGraph, changed, original, redescribed, reordered};

/// Names the file to a process of our own.
const FILE: &str = "METAGRAPH_TEST_LOCK_FILE";

fn compiled<G: GraphType>() -> Arc<CompiledType> {
    CompiledType::of::<G>().unwrap()
}

/// A folder with a lock of these types.
fn locked(types: &[Arc<CompiledType>]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metagraph.lock");
    assert_eq!(lock::write(&path, types).unwrap(), Verified::Written);
    (folder, path)
}

/// What is said of these types, without the folder, which is another each time.
fn refused(path: &PathBuf, types: &[Arc<CompiledType>], expected: &Expect) -> Unverified {
    let refused = lock::verify(path, types).unwrap_err();
    expected.assert_eq(&refused.to_string().replace(&path.display().to_string(), "metagraph.lock"));
    refused
}

#[test]
fn what_was_written_is_verified() {
    let types = [compiled::<Notes>(), compiled::<OfficeGraph>(), compiled::<original::Shop>()];
    let (_folder, path) = locked(&types);
    assert_eq!(lock::verify(&path, &types).unwrap(), Verified::Current);
    let reversed: Vec<_> = types.iter().rev().cloned().collect();
    assert_eq!(lock::verify(&path, &reversed).unwrap(), Verified::Current);
    let lock = Lock::parse(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(lock.names().collect::<Vec<_>>(), ["notes", "office", "shop"]);
    assert_eq!(lock.document("office"), Some(types[1].document()));
}

#[test]
fn the_order_of_members_and_fields_does_not_matter() {
    let (_folder, path) = locked(&[compiled::<original::Shop>()]);
    assert_eq!(lock::verify(&path, &[compiled::<reordered::Shop>()]).unwrap(), Verified::Current);
}

#[test]
fn a_file_is_written_only_when_it_says_something_else() {
    let types = [compiled::<original::Shop>()];
    let (_folder, path) = locked(&types);
    let windows = fs::read_to_string(&path).unwrap().replace('\n', "\r\n");
    fs::write(&path, &windows).unwrap();
    assert_eq!(lock::verify(&path, &types).unwrap(), Verified::Current);
    assert_eq!(lock::write(&path, &types).unwrap(), Verified::Current);
    assert_eq!(fs::read_to_string(&path).unwrap(), windows);
    assert_eq!(lock::write(&path, &[compiled::<changed::Shop>()]).unwrap(), Verified::Written);
    assert_eq!(lock::verify(&path, &[compiled::<changed::Shop>()]).unwrap(), Verified::Current);
}

#[test]
fn a_missing_file_says_how_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metagraph.lock");
    let told =
        expect!["there is no `metagraph.lock`; write it with METAGRAPH_LOCK=write, and add it to the repository"];
    assert!(!refused(&path, &[compiled::<Notes>()], &told).is_compatible());
    assert!(!path.exists(), "verifying wrote it");
}

#[test]
fn a_type_that_changed_is_told_with_each_change() {
    let (_folder, path) = locked(&[compiled::<original::Shop>(), compiled::<OfficeGraph>()]);
    let told = expect![[r#"
        `metagraph.lock` is not what is compiled; review what changed, and write it with METAGRAPH_LOCK=write
          `office` is in the file, and not in the program
          `shop` changed (undecidable)
            the graph type: version 1 became 2 (compatible)
            `item` /colour: it is new (undecidable: a row may have one of that name already)
            `item` /price: no longer: at least 0 (compatible)
            `item` /price: of the format `int64` now, and before: of the format `uint32` (compatible)
            `goes_with`: only one edge may leave a node now (undecidable: the rows decide)
          `notes` is new"#]];
    assert!(!refused(&path, &[compiled::<changed::Shop>(), compiled::<Notes>()], &told).is_compatible());
}

#[test]
fn other_words_are_compatible_and_have_to_be_written() {
    let (_folder, path) = locked(&[compiled::<original::Shop>()]);
    let told = expect![[r#"
        `metagraph.lock` is not what is compiled; review what changed, and write it with METAGRAPH_LOCK=write
          `shop` changed (compatible)
            the graph type: its description changed (compatible)
            `item`: its description changed (compatible)
          `notes` is new"#]];
    let types = [compiled::<redescribed::Shop>(), compiled::<Notes>()];
    assert!(refused(&path, &types, &told).is_compatible());
}

#[test]
fn a_merge_that_was_not_finished_is_told() {
    let types = [compiled::<original::Shop>()];
    let (_folder, path) = locked(&types);
    let text = fs::read_to_string(&path).unwrap().replacen("    \"hash\"", "<<<<<<< HEAD\n    \"hash\"", 1);
    fs::write(&path, text).unwrap();
    let told = expect![
        "`metagraph.lock`: line 69 is a conflict marker of a merge; merge the Rust types, and write the lock anew (METAGRAPH_LOCK=write does)"
    ];
    assert!(!refused(&path, &types, &told).is_compatible());
    assert_eq!(lock::write(&path, &types).unwrap(), Verified::Written);
    assert_eq!(lock::verify(&path, &types).unwrap(), Verified::Current);
}

/// The other side of the next test: does nothing unless that one asks.
#[test]
fn verifies_what_it_is_told_to() {
    if let Some(path) = std::env::var_os(FILE) {
        assert_eq!(lock::verify(path, &[compiled::<Notes>()]).unwrap(), Verified::Written);
    }
}

#[test]
fn the_variable_writes_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metagraph.lock");
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "lock::verifies_what_it_is_told_to"]).env(FILE, &path).env("METAGRAPH_LOCK", "write");
    let output = child.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(lock::verify(&path, &[compiled::<Notes>()]).unwrap(), Verified::Current);
}

#[test]
fn a_folder_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let types = [compiled::<Notes>()];
    assert!(matches!(lock::verify(folder.path(), &types), Err(Unverified::Unreadable { .. })));
    assert!(matches!(lock::write(folder.path(), &types), Err(Unverified::Unwritable { .. })));
}
