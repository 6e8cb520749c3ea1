//! A folder of task files.

use std::fs;
use std::path::{Path, PathBuf};

use super::TaskError;
use super::front_matter::TaskFile;
use super::input::TaskInput;
use super::problem::Checked;

/// The task files of a folder and the folders in it, in the order of their paths.
///
/// The TypeScript package passes over files that do not hold and says nothing; here they are left out as well, and can be
/// asked for.
///
/// ```
/// use metagraph::graphs::task::TaskFolder;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("api.md"), "---\nid: api\nname: API\ndepends_on: []\nstatus: done\n---\n")?;
/// std::fs::write(folder.path().join("README.md"), "# Our tasks\n")?;
///
/// let tasks = TaskFolder::read(folder.path())?;
/// assert_eq!((tasks.strict().len(), tasks.lenient().len()), (0, 1));
/// assert!(tasks.complaints()[1].ends_with(
///     "api.md: task `api`, status: `done` is no status: write pending, in-progress, completed, failed or blocked"
/// ));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct TaskFolder {
    /// What could be read, with what is wrong with it.
    pub files: Vec<(PathBuf, Checked<TaskFile>)>,
    /// Files that are no task files, and why.
    pub others: Vec<(PathBuf, TaskError)>,
}

impl TaskFolder {
    /// Reads every file whose name ends in `.md`.
    ///
    /// # Errors
    /// [`TaskError::Read`] when the system does not let it.
    pub fn read(folder: impl AsRef<Path>) -> Result<Self, TaskError> {
        let mut found = Self { files: Vec::new(), others: Vec::new() };
        let mut paths = Vec::new();
        collect(folder.as_ref(), &mut paths)?;
        paths.sort_unstable();
        for path in paths {
            let text = fs::read(&path).map_err(|source| TaskError::Read { path: path.clone(), source })?;
            let parsed = match String::from_utf8(text) {
                Ok(text) => TaskFile::parse(&text),
                Err(error) => Err(TaskError::NoTaskFile { reason: format!("{error}: write it in UTF-8") }),
            };
            match parsed {
                Ok(file) => found.files.push((path, file)),
                Err(error) => found.others.push((path, error)),
            }
        }
        Ok(found)
    }

    /// The tasks of files that hold in every way.
    pub fn strict(&self) -> Vec<TaskInput> {
        self.files
            .iter()
            .filter(|(_, file)| file.problems.is_empty())
            .map(|(_, file)| file.value.task.clone())
            .collect()
    }

    /// The tasks of all files that could be read, without the fields that do not hold.
    pub fn lenient(&self) -> Vec<TaskInput> {
        self.files.iter().map(|(_, file)| file.value.task.clone()).collect()
    }

    /// Everything that does not hold, each behind the path of its file; first what is no task file.
    pub fn complaints(&self) -> Vec<String> {
        let others = self.others.iter().map(|(path, error)| format!("{}: {error}", path.display()));
        let problems = self
            .files
            .iter()
            .flat_map(|(path, file)| file.problems.iter().map(move |problem| format!("{}: {problem}", path.display())));
        others.chain(problems).collect()
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), TaskError> {
    let failed = |source| TaskError::Read { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        let path = entry.path();
        if kind.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "md") && path.is_file() {
            paths.push(path);
        }
    }
    Ok(())
}
