//! Tasks and packages that depend on others: levels, longest chains, cycles.

mod packages;
mod tasks;

use metagraph::GraphConnection;

use super::answers::Answers;

pub(super) fn answers(conn: &mut impl GraphConnection) -> Option<Answers> {
    let mut answers = tasks::answers(conn)?;
    answers.extend(packages::answers(conn)?);
    Some(answers)
}
