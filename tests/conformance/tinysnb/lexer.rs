//! The words of a read.

use super::syntax::Literal;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Word(String),
    Literal(Literal),
    Symbol(&'static str),
}

/// Longer ones come first.
const SYMBOLS: [&str; 24] = [
    "<>", "<=", ">=", "..", "(", ")", "[", "]", "{", "}", "<", ">", "=", "-", "+", "*", "/", ",", ":", ";", ".", "|",
    "%", "^",
];

/// Splits a read, without its comments.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut rest = text.trim_start();
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '/' if rest.starts_with("/*") => {
                rest = rest.split_once("*/").expect("a comment ends").1.trim_start();
                continue;
            }
            '\'' | '"' => {
                let (quoted, after) = rest[1..].split_once(first).expect("a text ends");
                (Token::Literal(Literal::Text(quoted.to_owned())), after)
            }
            '0'..='9' => number(rest),
            letter if letter.is_alphabetic() || letter == '_' => {
                let (word, after) = split(rest, |letter| letter.is_alphanumeric() || letter == '_');
                (Token::Word(word.to_owned()), after)
            }
            _ => {
                let symbol = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol));
                let symbol = symbol.unwrap_or_else(|| panic!("`{rest}` begins with no symbol"));
                (Token::Symbol(symbol), &rest[symbol.len()..])
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

fn number(text: &str) -> (Token, &str) {
    let (whole, after) = split(text, |letter| letter.is_ascii_digit());
    let is_float = after.starts_with('.') && after[1..].starts_with(|letter: char| letter.is_ascii_digit());
    if !is_float {
        return (Token::Literal(Literal::Integer(whole.parse().expect("digits"))), after);
    }
    let (digits, after) = split(&after[1..], |letter| letter.is_ascii_digit());
    let float = format!("{whole}.{digits}").parse().expect("digits");
    (Token::Literal(Literal::Float(float)), after)
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|letter| !belongs(letter)).unwrap_or(text.len()))
}
