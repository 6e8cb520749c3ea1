//! What the pictures of ready-made graphs have in common.

use std::fmt::Write as _;

/// Text between the quotes of a Mermaid label: what would end it or mean something there becomes a character code.
pub(super) fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '"' | '#' | '<' | '>' | '`' | '\\' | '&' => {
                // Writing into a text cannot fail.
                let _ = write!(text, "#{};", u32::from(letter));
            }
            '\n' | '\r' => text.push(' '),
            letter => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_label_cannot_be_left() {
        assert_eq!(escaped("a\"]\n<b>&#`\\ ü"), "a#34;] #60;b#62;#38;#35;#96;#92; ü");
    }
}
