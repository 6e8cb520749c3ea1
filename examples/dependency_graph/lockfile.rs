//! Reads a `Cargo.lock` of any version into packages that refer to each other by position.
//!
//! Nothing here knows about graphs or databases.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

/// The newest version of the file format that is understood here.
const NEWEST_VERSION: i64 = 4;

/// A lock file whose dependencies have been resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LockFile {
    /// In the order of the file; the `[root]` of old files comes first.
    pub(crate) packages: Vec<LockedPackage>,
}

/// One package as it was locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LockedPackage {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Where the package comes from; a package of the workspace comes from nowhere.
    pub(crate) source: Option<String>,
    pub(crate) checksum: Option<String>,
    /// Positions in [`LockFile::packages`], in the order of the file.
    pub(crate) dependencies: Vec<usize>,
}

/// Why a text is not a lock file, with the line to look at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LockFileError {
    #[error("line {line}, column {column}: {message}")]
    Toml { line: usize, column: usize, message: String },

    #[error("line {line}: lock files of version {version} are not known, only those up to {NEWEST_VERSION}")]
    UnsupportedVersion { line: usize, version: i64 },

    #[error("line {line}: a package without a name")]
    MissingName { line: usize },

    #[error("line {line}: the package `{name}` has no version")]
    MissingVersion { line: usize, name: String },

    #[error("line {line}: `{text}` is neither a name nor a version, for it is empty or has spaces")]
    NotOneWord { line: usize, text: String },

    #[error("line {line}: `{package}` is listed again, first in line {first}")]
    Duplicate { line: usize, first: usize, package: String },

    #[error("line {line}: `{package}` depends on `{dependency}`, which is not in the file")]
    UnknownDependency { line: usize, package: String, dependency: String },

    #[error("line {line}: `{package}` depends on `{dependency}`, which may be any of {}", .candidates.join(", "))]
    AmbiguousDependency { line: usize, package: String, dependency: String, candidates: Vec<String> },
}

impl LockFile {
    /// Reads the text of a lock file.
    pub(crate) fn parse(text: &str) -> Result<Self, LockFileError> {
        let document: Document = toml::from_str(text).map_err(|error| broken_toml(text, &error))?;
        if let Some(version) = document.version
            && !(1..=NEWEST_VERSION).contains(version.get_ref())
        {
            let line = position(text, &version.span()).0;
            return Err(LockFileError::UnsupportedVersion { line, version: version.into_inner() });
        }
        let entries: Vec<_> = document.root.into_iter().chain(document.package).collect();
        let listed =
            entries.iter().map(|entry| listed(text, entry, &document.metadata)).collect::<Result<Vec<_>, _>>()?;
        refuse_duplicates(text, &listed)?;

        let by_name = by_name(&listed);
        let mut dependencies = Vec::with_capacity(listed.len());
        for (package, entry) in listed.iter().zip(&entries) {
            let references = entry.get_ref().dependencies.iter();
            let resolved = references.map(|reference| {
                resolve(&listed, &by_name, reference.get_ref()).map_err(|problem| {
                    problem.locate(package, reference.get_ref(), position(text, &reference.span()).0)
                })
            });
            dependencies.push(resolved.collect::<Result<Vec<_>, _>>()?);
        }
        let packages = listed.into_iter().zip(dependencies);
        Ok(Self {
            packages: packages
                .map(|(Listed { package, .. }, dependencies)| LockedPackage { dependencies, ..package })
                .collect(),
        })
    }

    /// Whether a package has this name, or this key.
    pub(crate) fn has(&self, wanted: &str) -> bool {
        self.packages.iter().any(|package| package.name == wanted) || self.keys().iter().any(|key| key == wanted)
    }

    /// A unique key per package: `name version`, followed by the source where that is needed to tell two apart.
    pub(crate) fn keys(&self) -> Vec<String> {
        let mut counts = HashMap::<_, usize>::new();
        for package in &self.packages {
            *counts.entry((&package.name, &package.version)).or_default() += 1;
        }
        let is_alone = |package: &LockedPackage| counts.get(&(&package.name, &package.version)) == Some(&1);
        let packages = self.packages.iter();
        packages.map(|package| if is_alone(package) { package.short() } else { package.full() }).collect()
    }
}

impl LockedPackage {
    fn short(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    fn full(&self) -> String {
        match &self.source {
            Some(source) => format!("{} {} ({source})", self.name, self.version),
            None => self.short(),
        }
    }
}

#[derive(Deserialize)]
struct Document {
    version: Option<Spanned<i64>>,
    root: Option<Spanned<Entry>>,
    #[serde(default)]
    package: Vec<Spanned<Entry>>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Entry {
    name: Option<Spanned<String>>,
    version: Option<Spanned<String>>,
    source: Option<String>,
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<Spanned<String>>,
}

/// A package whose dependencies are still texts, and where it is in the file.
struct Listed {
    span: Range<usize>,
    package: LockedPackage,
}

fn listed(text: &str, entry: &Spanned<Entry>, metadata: &BTreeMap<String, String>) -> Result<Listed, LockFileError> {
    let (span, entry) = (entry.span(), entry.get_ref());
    let line = || position(text, &span).0;
    let name = entry.name.as_ref().ok_or_else(|| LockFileError::MissingName { line: line() })?;
    let name = one_word(text, name)?;
    let version =
        entry.version.as_ref().ok_or_else(|| LockFileError::MissingVersion { line: line(), name: name.clone() })?;
    let version = one_word(text, version)?;
    let (source, checksum) = (entry.source.clone(), entry.checksum.clone());
    let mut package = LockedPackage { name, version, source, checksum, dependencies: Vec::new() };
    if package.checksum.is_none() {
        // The first version of the format kept checksums apart, and said `<none>` for repositories.
        let recorded = metadata.get(&format!("checksum {}", package.full()));
        package.checksum = recorded.filter(|checksum| *checksum != "<none>").cloned();
    }
    Ok(Listed { span, package })
}

// A space would let two packages share a key.
fn one_word(text: &str, word: &Spanned<String>) -> Result<String, LockFileError> {
    let value = word.get_ref().clone();
    if value.is_empty() || value.contains(char::is_whitespace) {
        return Err(LockFileError::NotOneWord { line: position(text, &word.span()).0, text: value });
    }
    Ok(value)
}

fn refuse_duplicates(text: &str, listed: &[Listed]) -> Result<(), LockFileError> {
    let mut seen = HashMap::new();
    for Listed { span, package } in listed {
        if let Some(first) = seen.insert((&package.name, &package.version, &package.source), span) {
            let (line, first) = (position(text, span).0, position(text, first).0);
            return Err(LockFileError::Duplicate { line, first, package: package.full() });
        }
    }
    Ok(())
}

fn by_name(listed: &[Listed]) -> HashMap<&str, Vec<usize>> {
    let mut by_name = HashMap::<_, Vec<_>>::new();
    for (index, Listed { package, .. }) in listed.iter().enumerate() {
        by_name.entry(package.name.as_str()).or_default().push(index);
    }
    by_name
}

enum Problem {
    Unknown,
    Ambiguous(Vec<String>),
}

impl Problem {
    fn locate(self, package: &Listed, dependency: &str, line: usize) -> LockFileError {
        let (package, dependency) = (package.package.full(), dependency.to_owned());
        match self {
            Self::Unknown => LockFileError::UnknownDependency { line, package, dependency },
            Self::Ambiguous(candidates) => LockFileError::AmbiguousDependency { line, package, dependency, candidates },
        }
    }
}

/// Finds the package that `name`, `name version` or `name version (source)` means.
fn resolve(listed: &[Listed], by_name: &HashMap<&str, Vec<usize>>, reference: &str) -> Result<usize, Problem> {
    let mut words = reference.splitn(3, ' ');
    let (name, version, source) = (words.next().unwrap_or_default(), words.next(), words.next());
    let source = source.map(|source| source.trim_start_matches('(').trim_end_matches(')'));

    let named = by_name.get(name).into_iter().flatten().filter_map(|&index| Some((index, &listed.get(index)?.package)));
    let mut candidates: Vec<_> =
        named.filter(|(_, package)| version.is_none_or(|version| package.version == version)).collect();
    if let Some(source) = source {
        // A commit is part of a package's source, but not of a reference to it. References in old files
        // also lack the branch where it is `master`.
        let exact = |package: &LockedPackage| {
            package.source.as_deref().is_some_and(|own| without_commit(own) == without_commit(source))
        };
        let loose = |package: &LockedPackage| {
            package.source.as_deref().is_some_and(|own| without_master(own) == without_master(source))
        };
        let is_exact = candidates.iter().any(|(_, package)| exact(package));
        candidates.retain(|(_, package)| if is_exact { exact(package) } else { loose(package) });
    } else if version.is_some() && candidates.len() > 1 {
        // Only packages of the workspace have no source to add.
        candidates.retain(|(_, package)| package.source.is_none());
    }
    match candidates.as_slice() {
        [] => Err(Problem::Unknown),
        [(index, _)] => Ok(*index),
        _ => Err(Problem::Ambiguous(candidates.iter().map(|(_, package)| format!("`{}`", package.full())).collect())),
    }
}

fn without_commit(source: &str) -> &str {
    source.split_once('#').map_or(source, |(location, _)| location)
}

fn without_master(source: &str) -> &str {
    let location = without_commit(source);
    location.strip_suffix("?branch=master").unwrap_or(location)
}

fn broken_toml(text: &str, error: &toml::de::Error) -> LockFileError {
    // An error without a place is about the file as a whole.
    let (line, column) = position(text, &error.span().unwrap_or_default());
    LockFileError::Toml { line, column, message: error.message().to_owned() }
}

/// Line and column of the beginning of a span, counted from one, the column in characters.
fn position(text: &str, span: &Range<usize>) -> (usize, usize) {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const OWN: &str = include_str!("../../Cargo.lock");
    const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

    fn parse(text: &str) -> LockFile {
        LockFile::parse(text).unwrap()
    }

    fn refusal(text: &str) -> String {
        LockFile::parse(text).unwrap_err().to_string()
    }

    /// The text of a lock file with these packages: name, version, source, dependencies.
    fn file(packages: &[(&str, &str, Option<&str>, &[&str])]) -> String {
        let entries = packages.iter().map(|(name, version, source, dependencies)| {
            let source = source.map_or_else(String::new, |source| format!("source = \"{source}\"\n"));
            format!(
                "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{source}dependencies = {dependencies:?}\n\n"
            )
        });
        entries.collect()
    }

    #[test]
    fn this_repository_is_read_whole() {
        let read = parse(OWN);
        let lines = || OWN.lines().map(str::trim);
        assert_eq!(read.packages.len(), lines().filter(|line| *line == "[[package]]").count());
        let checksums = read.packages.iter().filter(|package| package.checksum.is_some()).count();
        assert_eq!(checksums, lines().filter(|line| line.starts_with("checksum = ")).count());

        // In a file that Cargo wrote, an indented line is a dependency.
        let written: Vec<_> = OWN.lines().filter_map(|line| line.strip_prefix(" \"")?.strip_suffix("\",")).collect();
        let resolved: Vec<_> = read.packages.iter().flat_map(|package| &package.dependencies).collect();
        assert_eq!(resolved.len(), written.len());
        for (index, written) in resolved.into_iter().zip(written) {
            let package = &read.packages[*index];
            assert!(written == package.name || written == package.short(), "{written} became {}", package.short());
        }
    }

    #[test]
    fn keys_of_this_repository_are_unique_and_belong_to_their_packages() {
        let read = parse(OWN);
        let keys = read.keys();
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), read.packages.len());
        for (key, package) in keys.iter().zip(&read.packages) {
            assert_eq!(*key, package.short());
        }
        assert!(keys.contains(&"metagraph 0.1.0".to_owned()));
    }

    #[test]
    fn the_order_of_packages_does_not_change_what_they_depend_on() {
        let edges = |read: &LockFile| {
            let keys = read.keys();
            let edges = read.packages.iter().zip(&keys).flat_map(|(package, from)| {
                package.dependencies.iter().map(|to| (from.clone(), keys[*to].clone())).collect::<Vec<_>>()
            });
            edges.collect::<HashSet<_>>()
        };
        let mut sections: Vec<_> = OWN.split("\n[[package]]\n").collect();
        let header = sections.remove(0).to_owned();
        sections.reverse();
        let reversed = sections.into_iter().fold(header, |text, section| format!("{text}\n[[package]]\n{section}\n"));
        assert_eq!(edges(&parse(OWN)), edges(&parse(&reversed)));
    }

    #[test]
    fn the_first_version_has_a_root_and_checksums_apart() {
        let read = parse(&format!(
            "[root]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"git 0.2.0 (git+https://a/b)\",\n \"libc 0.2.1 ({REGISTRY})\",\n \"own 0.1.0\",\n]\n\n\
             [[package]]\nname = \"git\"\nversion = \"0.2.0\"\nsource = \"git+https://a/b#0a1b\"\n\n\
             [[package]]\nname = \"libc\"\nversion = \"0.2.1\"\nsource = \"{REGISTRY}\"\n\n\
             [[package]]\nname = \"own\"\nversion = \"0.1.0\"\n\n\
             [metadata]\n\"checksum git 0.2.0 (git+https://a/b#0a1b)\" = \"<none>\"\n\"checksum libc 0.2.1 ({REGISTRY})\" = \"abcd\"\n"
        ));
        assert_eq!(read.keys(), ["app 0.1.0", "git 0.2.0", "libc 0.2.1", "own 0.1.0"]);
        assert_eq!(read.packages[0].dependencies, [1, 2, 3]);
        let checksums: Vec<_> = read.packages.iter().map(|package| package.checksum.as_deref()).collect();
        assert_eq!(checksums, [None, None, Some("abcd"), None]);
    }

    #[test]
    fn a_reference_says_as_much_as_is_needed() {
        let read = parse(&file(&[
            ("app", "1.0.0", None, &["a", "b 1.0.0", "c 1.0.0 (git+https://c?branch=dev)", "c 1.0.0"]),
            ("a", "1.0.0", Some(REGISTRY), &[]),
            ("b", "1.0.0", Some(REGISTRY), &["b 2.0.0"]),
            ("b", "2.0.0", Some(REGISTRY), &[]),
            ("c", "1.0.0", None, &[]),
            ("c", "1.0.0", Some("git+https://c?branch=dev#12ab"), &[]),
            ("c", "1.0.0", Some(REGISTRY), &[]),
        ]));
        assert_eq!(read.packages[0].dependencies, [1, 2, 5, 4]);
        assert_eq!(read.packages[2].dependencies, [3]);
        let keys = read.keys();
        assert_eq!(keys[4..6], ["c 1.0.0", "c 1.0.0 (git+https://c?branch=dev#12ab)"]);
        assert_eq!(keys[6], format!("c 1.0.0 ({REGISTRY})"));
    }

    #[test]
    fn old_references_leave_the_master_branch_out_unless_both_are_there() {
        let master = ("git", "1.0.0", Some("git+https://g?branch=master#12ab"), [].as_slice());
        let plain = ("git", "1.0.0", Some("git+https://g#34cd"), [].as_slice());
        let app = ("app", "1.0.0", None, ["git 1.0.0 (git+https://g)"].as_slice());
        assert_eq!(parse(&file(&[app, master])).packages[0].dependencies, [1]);
        assert_eq!(parse(&file(&[app, master, plain])).packages[0].dependencies, [2]);
    }

    #[test]
    fn every_version_up_to_the_newest_is_read() {
        for version in 1..=NEWEST_VERSION {
            assert_eq!(parse(&format!("version = {version}\n")).packages, []);
        }
        assert_eq!(
            refusal("# by hand\nversion = 5\n"),
            "line 2: lock files of version 5 are not known, only those up to 4"
        );
        assert_eq!(parse("").packages, []);
    }

    #[test]
    fn broken_toml_is_refused_with_line_and_column() {
        let broken = LockFile::parse("version = 4\n\n[[package]]\nname = \"é\" x\n").unwrap_err();
        assert!(matches!(broken, LockFileError::Toml { line: 4, column: 12, .. }), "{broken}");
        let wrong = LockFile::parse("[[package]]\r\nname = 7\r\n").unwrap_err();
        assert!(matches!(wrong, LockFileError::Toml { line: 2, column: 8, .. }), "{wrong}");
        let text = LockFile::parse("not a lock file").unwrap_err();
        assert!(matches!(text, LockFileError::Toml { line: 1, .. }), "{text}");
    }

    #[test]
    fn a_package_without_name_or_version_is_refused() {
        assert_eq!(refusal("\n[[package]]\nversion = \"1.0.0\"\n"), "line 2: a package without a name");
        assert_eq!(refusal("\n\n[[package]]\nname = \"a\"\n"), "line 3: the package `a` has no version");
        assert_eq!(
            refusal("[[package]]\nname = \"a 1\"\nversion = \"1.0.0\"\n"),
            "line 2: `a 1` is neither a name nor a version, for it is empty or has spaces"
        );
    }

    #[test]
    fn a_package_that_is_listed_twice_is_refused_with_both_lines() {
        let twice = file(&[("a", "1.0.0", Some("s"), &[]), ("a", "1.0.0", None, &[]), ("a", "1.0.0", Some("s"), &[])]);
        assert_eq!(refusal(&twice), "line 12: `a 1.0.0 (s)` is listed again, first in line 1");
    }

    #[test]
    fn a_dependency_on_nothing_is_refused() {
        for dependency in ["b", "a 2.0.0", "a 1.0.0 (elsewhere)", "", "a 1.0.0 "] {
            let text = file(&[("a", "1.0.0", Some(REGISTRY), &[]), ("app", "1.0.0", None, &["a", dependency])]);
            let expected = format!("line 10: `app 1.0.0` depends on `{dependency}`, which is not in the file");
            assert_eq!(refusal(&text), expected);
        }
    }

    #[test]
    fn a_dependency_on_one_of_several_is_refused() {
        let text = file(&[("a", "1.0.0", None, &[]), ("a", "2.0.0", None, &["a"])]);
        assert_eq!(refusal(&text), "line 9: `a 2.0.0` depends on `a`, which may be any of `a 1.0.0`, `a 2.0.0`");
    }

    #[test]
    fn a_cut_off_file_is_read_or_refused_but_never_misread() {
        let whole = parse(OWN);
        for end in (0..OWN.len()).step_by(97) {
            if let Ok(part) = LockFile::parse(&OWN[..end]) {
                assert!(part.packages.len() < whole.packages.len());
            }
        }
    }
}
