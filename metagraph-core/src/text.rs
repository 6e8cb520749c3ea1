//! Text that not every database can hold.

/// Whether a JSON text holds U+0000 in a string or a name: PostgreSQL's `jsonb` refuses it.
///
/// ```
/// use metagraph_core::holds_nul;
///
/// assert!(holds_nul(r#"{"a":"x\u0000"}"#));
/// assert!(!holds_nul(r#"{"a":"x\\u0000"}"#), "an escaped backslash before plain text");
/// ```
pub fn holds_nul(json: &str) -> bool {
    json.match_indices("\\u0000").any(|(at, _)| {
        let before = json.as_bytes().get(..at).unwrap_or_default();
        before.iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 0
    })
}
