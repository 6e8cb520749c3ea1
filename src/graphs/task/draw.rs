//! The graph as a picture.

use std::fmt::Write as _;

use super::super::mermaid::escaped;
use super::graph::TaskGraph;
use super::kinds::Status;

impl TaskGraph {
    /// A Mermaid flow chart: an arrow from each task to those that depend on it, with a colour for its status.
    ///
    /// ```
    /// use metagraph::graphs::task::{TaskGraph, TaskInput};
    ///
    /// let graph = TaskGraph::from_tasks([&TaskInput::new("api", "Wire up the API", ["schema"])]).strict()?;
    /// assert_eq!(graph.to_mermaid(), "\
    /// flowchart LR
    ///     t0[\"Wire up the API\"]
    ///     t1[\"schema\"]
    ///     t1 --> t0
    /// ");
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    pub fn to_mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        for (place, task) in self.tasks().enumerate() {
            // Writing into a text cannot fail.
            let _ = write!(text, "    t{place}[\"{}\"]", escaped(&task.name));
            text.push_str(task.status.map_or("", class));
            text.push('\n');
        }
        for place in 0..self.len() {
            for from in self.before(place) {
                let _ = writeln!(text, "    t{from} --> t{place}");
            }
        }
        for (status, colour) in COLOURS {
            if self.tasks().any(|task| task.status == Some(status)) {
                let name = class(status).trim_start_matches(':');
                let _ = writeln!(text, "    classDef {name} fill:{colour}");
            }
        }
        text
    }
}

const COLOURS: [(Status, &str); 5] = [
    (Status::Pending, "#eef"),
    (Status::InProgress, "#fe9"),
    (Status::Completed, "#cec"),
    (Status::Failed, "#fbb"),
    (Status::Blocked, "#ddd"),
];

const fn class(status: Status) -> &'static str {
    match status {
        Status::Pending => ":::pending",
        Status::InProgress => ":::inProgress",
        Status::Completed => ":::completed",
        Status::Failed => ":::failed",
        Status::Blocked => ":::blocked",
    }
}
