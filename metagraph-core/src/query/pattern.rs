//! Text patterns, and which letters differ only in case.
//!
//! Databases fold case by their locale, or only in ASCII. Here a letter that may be either case becomes the set of
//! letters that equal it under Unicode's simple case folding (Unicode 15, section 5.18), and databases only match sets.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::literal::Incomparable;

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// One of these letters.
    OneOf(Vec<char>),
    /// Any one letter.
    Any,
    /// Any text, also none.
    Rest,
}

/// Whether letters that differ only in case are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// They are not.
    Sensitive,
    /// They are.
    Ignored,
}

/// What SQLite accepts of a pattern, in bytes.
const MAX_BYTES: usize = 50_000;

/// PostgreSQL gives up on patterns of about twice as many, and the transaction with it.
const MAX_TOKENS: usize = 15_000;

/// Reads a `LIKE` pattern: `%` is any text, `_` any one letter, `\` takes the next letter as it is.
///
/// # Errors
/// When it ends in the middle of an escape, or is too long.
pub fn like(pattern: &str, case: Case) -> Result<Vec<Token>, Incomparable> {
    let mut letters = pattern.chars();
    let mut tokens = Vec::new();
    while let Some(letter) = letters.next() {
        if letter == '%' && tokens.last() == Some(&Token::Rest) {
            // Any text after any text is any text, and PostgreSQL gives up on many of them.
            continue;
        }
        tokens.push(match letter {
            '%' => Token::Rest,
            '_' => Token::Any,
            '\\' => match letters.next() {
                Some(letter) => one(letter, case),
                None => return Err(Incomparable(format!("the pattern `{pattern}` ends with the escape `\\`"))),
            },
            letter => one(letter, case),
        });
    }
    bounded(tokens)
}

/// The pattern of a text that is taken as it is, with any text before and after where `open` says so.
///
/// # Errors
/// When it is too long.
pub fn literal(text: &str, case: Case, open: (bool, bool)) -> Result<Vec<Token>, Incomparable> {
    let rest = |is: bool| is.then_some(Token::Rest);
    let letters = text.chars().map(|letter| one(letter, case));
    bounded(rest(open.0).into_iter().chain(letters).chain(rest(open.1)).collect())
}

fn bounded(tokens: Vec<Token>) -> Result<Vec<Token>, Incomparable> {
    let bytes: usize = tokens
        .iter()
        .map(|token| match token {
            Token::OneOf(letters) => 2 + letters.iter().map(|letter| letter.len_utf8()).sum::<usize>(),
            Token::Any | Token::Rest => 1,
        })
        .sum();
    if bytes > MAX_BYTES {
        return Err(Incomparable(format!("the pattern is longer than the {MAX_BYTES} bytes that can be matched")));
    }
    if tokens.len() > MAX_TOKENS {
        return Err(Incomparable(format!("the pattern has more than {MAX_TOKENS} letters and wildcards")));
    }
    Ok(tokens)
}

fn one(letter: char, case: Case) -> Token {
    let same = match case {
        Case::Sensitive => None,
        Case::Ignored => variants().get(&folded(letter)),
    };
    Token::OneOf(same.cloned().unwrap_or_else(|| vec![letter]))
}

/// The letter that stands for all that differ from it only in case.
fn folded(letter: char) -> char {
    if letter == 'ı' {
        // Its upper case is `I`, but only Turkish takes them for the same.
        return letter;
    }
    let single = |mut letters: std::char::ToUppercase| match (letters.next(), letters.next()) {
        (Some(upper), None) => upper,
        _ => letter,
    };
    let upper = single(letter.to_uppercase());
    let mut lower = upper.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) => lower,
        _ => upper,
    }
}

/// The letters behind each folded one, where there are several.
fn variants() -> &'static HashMap<char, Vec<char>> {
    static VARIANTS: OnceLock<HashMap<char, Vec<char>>> = OnceLock::new();
    VARIANTS.get_or_init(|| {
        let mut variants: HashMap<char, Vec<char>> = HashMap::new();
        // No letter beyond the first two planes has a case.
        for letter in '\0'..='\u{1FFFF}' {
            variants.entry(folded(letter)).or_default().push(letter);
        }
        variants.retain(|_, letters| letters.len() > 1);
        variants
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: char, b: char) -> bool {
        matches!(one(a, Case::Ignored), Token::OneOf(letters) if letters.contains(&b))
    }

    #[test]
    fn letters_that_differ_in_case_are_the_same() {
        for (a, b) in [('a', 'A'), ('É', 'é'), ('ß', 'ẞ'), ('σ', 'ς'), ('Σ', 'ς'), ('k', '\u{212A}'), ('ǆ', 'ǅ')]
        {
            assert!(same(a, b) && same(b, a), "{a} {b}");
        }
        for (a, b) in [('a', 'b'), ('i', 'ı'), ('1', '2'), ('e', 'é'), ('[', '{')] {
            assert!(!same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn a_pattern_is_read_with_its_escapes() {
        let letter = |letter| Token::OneOf(vec![letter]);
        assert_eq!(like(r"a%%%\%_", Case::Sensitive).unwrap(), [letter('a'), Token::Rest, letter('%'), Token::Any]);
        assert_eq!(like(r"a\", Case::Sensitive).unwrap_err().0, r"the pattern `a\` ends with the escape `\`");
        assert!(literal(&"x".repeat(16_000), Case::Sensitive, (true, true)).is_err());
    }
}
