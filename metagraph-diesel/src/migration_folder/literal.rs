//! Texts as literals of SQL.

use metagraph_core::holds_nul;

use super::FolderError;
use crate::backend::Seam;

/// A text, for a column of text. `element` is what the message names where it cannot be stored.
pub(super) fn text<Db: Seam>(element: &str, column: &'static str, text: &str) -> Result<String, FolderError> {
    if text.contains('\0') {
        return Err(FolderError::NulCharacter { element: element.to_owned(), column });
    }
    Ok(Db::text_literal(text))
}

/// A text of JSON, for a column of JSON.
pub(super) fn json<Db: Seam>(element: &str, column: &'static str, json: &str) -> Result<String, FolderError> {
    if holds_nul(json) {
        return Err(FolderError::NulCharacter { element: element.to_owned(), column });
    }
    text::<Db>(element, column, json)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use super::*;

    #[cfg(feature = "sqlite")]
    #[test]
    fn sqlite_escapes_quotes_alone() {
        let literal = |value| text::<diesel::sqlite::Sqlite>("package", "description", value).unwrap();
        assert_eq!(literal(""), "''");
        assert_eq!(literal("it's \\ \"it\"\n;--"), "'it''s \\ \"it\"\n;--'");
        assert_eq!(literal("''"), "''''''");
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn postgres_escapes_backslashes_whatever_the_server_makes_of_them() {
        let literal = |value| text::<diesel::pg::Pg>("package", "description", value).unwrap();
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("\\"), "E'\\\\'");
        assert_eq!(literal("\\'; DROP"), "E'\\\\''; DROP'");
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn what_postgres_cannot_store_is_refused() {
        use diesel::sqlite::Sqlite;

        let refused = text::<Sqlite>("package", "description", "a\0b").unwrap_err().to_string();
        assert_eq!(refused, "description of `package` holds U+0000 in a text, which PostgreSQL does not store");
        assert!(json::<Sqlite>("package", "schema", r#"{"const":"\u0000"}"#).is_err());
        assert_eq!(json::<Sqlite>("package", "schema", r#"{"const":"\\u0000"}"#).unwrap(), r#"'{"const":"\\u0000"}'"#);
    }
}
