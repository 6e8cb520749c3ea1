//! The folder on disk, named as Diesel names its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use jiff::Timestamp;

use super::FolderError;

pub(super) fn write(migrations: &Path, name: &str, up: &str, down: &str) -> Result<PathBuf, FolderError> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if name.is_empty() || !name.chars().all(plain) {
        return Err(FolderError::Name { name: name.to_owned() });
    }
    let unwritable = |path: &Path| {
        let path = path.to_owned();
        move |source| FolderError::Unwritable { path, source }
    };
    fs::create_dir_all(migrations).map_err(unwritable(migrations))?;
    let taken = versions(migrations).map_err(unwritable(migrations))?;
    let folder = migrations.join(format!("{}_{name}", free(Timestamp::now(), &taken)));
    fs::create_dir(&folder).map_err(unwritable(&folder))?;
    for (file, text) in [("up.sql", up), ("down.sql", down)] {
        let file = folder.join(file);
        fs::write(&file, text).map_err(unwritable(&file))?;
    }
    Ok(folder)
}

/// The versions of the migrations that are there: what Diesel takes of their names.
fn versions(migrations: &Path) -> io::Result<BTreeSet<String>> {
    let names = fs::read_dir(migrations)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.map(|name: io::Result<String>| name.map(|name| version(&name))).collect()
}

fn version(name: &str) -> String {
    name.split('_').next().unwrap_or_default().replace('-', "")
}

/// The time as Diesel writes it, with the first number behind it that no migration of this second has.
fn free(now: Timestamp, taken: &BTreeSet<String>) -> String {
    let second = now.strftime("%Y-%m-%d-%H%M%S").to_string();
    let numbered = |number: u32| format!("{second}-{number:04}");
    (0..10_000).map(numbered).find(|name| !taken.contains(&version(name))).unwrap_or(second)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use super::*;

    #[test]
    fn a_version_is_what_diesel_takes_of_a_name() {
        assert_eq!(version("2024-01-02-030405_create_users"), "20240102030405");
        assert_eq!(version("2024-01-02-030405-0001_create_users"), "202401020304050001");
        assert_eq!(version("00000000000000_diesel_initial_setup"), "00000000000000");
        assert_eq!(version(".keep"), ".keep");
    }

    #[test]
    fn a_name_is_part_of_a_folder_s_and_no_path() {
        let nowhere = Path::new("nowhere");
        for name in ["", "a b", "a/b", "..", "übung"] {
            let refused = write(nowhere, name, "", "");
            assert!(matches!(refused, Err(FolderError::Name { .. })), "{name}");
        }
        assert!(!nowhere.exists());
    }

    #[test]
    fn migrations_of_one_second_are_numbered() {
        let now: Timestamp = "2024-12-31T23:59:58.9Z".parse().unwrap();
        let taken = ["20241231235958", "202412312359580000", "202412312359580001"].map(str::to_owned).into();
        assert_eq!(free(now, &BTreeSet::new()), "2024-12-31-235958-0000");
        assert_eq!(free(now, &taken), "2024-12-31-235958-0002");
    }
}
