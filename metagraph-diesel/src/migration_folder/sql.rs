//! Statements of a migration, and the file they stand in.

/// One part of a migration, in both directions.
#[derive(Debug)]
pub(super) struct Script {
    /// What it is about, in a comment above it.
    pub(super) title: String,
    pub(super) up: Vec<String>,
    pub(super) down: Vec<String>,
    /// Whether it is about our tables themselves, rather than about rows of them.
    pub(super) is_of_tables: bool,
}

/// The text of a file.
pub(super) fn file<'a>(parts: impl Iterator<Item = (&'a str, &'a [String])>) -> String {
    let mut text = format!(
        "-- Written by metagraph {}. To change what it creates, change the Rust types and write another migration.\n",
        env!("CARGO_PKG_VERSION")
    );
    for (title, statements) in parts {
        text.push_str("\n-- ");
        text.push_str(title);
        text.push('\n');
        for statement in statements {
            text.push('\n');
            text.push_str(statement);
            text.push_str(";\n");
        }
    }
    text
}

pub(super) fn insert(table: &str, values: &[(&str, String)]) -> String {
    let (columns, values): (Vec<_>, Vec<_>) = values.iter().map(|(column, value)| (*column, value.as_str())).unzip();
    format!("INSERT INTO {table} ({})\n    VALUES ({})", columns.join(", "), values.join(", "))
}

pub(super) fn update(table: &str, values: &[(&str, String)], rows: &str) -> String {
    let values: Vec<_> = values.iter().map(|(column, value)| format!("{column} = {value}")).collect();
    format!("UPDATE {table} SET {}\n    WHERE {rows}", values.join(", "))
}

pub(super) fn delete(table: &str, rows: &str) -> String {
    format!("DELETE FROM {table}\n    WHERE {rows}")
}

/// Fails where the condition does not hold. Neither database raises an error in a plain statement of one's own, and both
/// refuse a null in this column.
pub(super) fn require(why: &str, condition: &str) -> String {
    format!(
        "-- {why}; otherwise a null is refused here.\n\
         UPDATE __metagraph_migrations SET name = NULL\n    WHERE version = '0001' AND NOT ({condition})"
    )
}
