//! Patterns that describe a few texts by listing them, as template literals do.

/// The first text of an anchored pattern without repetition: letters, and groups of alternatives.
pub(crate) fn first(pattern: &str) -> Option<String> {
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let mut letters = inner.chars().peekable();
    let text = alternatives(&mut letters)?;
    letters.next().is_none().then_some(text)
}

type Letters<'p> = std::iter::Peekable<std::str::Chars<'p>>;

/// The first of what `|` separates, up to the end of a group.
fn alternatives(letters: &mut Letters<'_>) -> Option<String> {
    let first = sequence(letters)?;
    while letters.next_if_eq(&'|').is_some() {
        sequence(letters)?;
    }
    Some(first)
}

fn sequence(letters: &mut Letters<'_>) -> Option<String> {
    let mut text = String::new();
    while let Some(letter) = letters.next_if(|letter| !"|)".contains(*letter)) {
        match letter {
            '(' => {
                text.push_str(&alternatives(letters)?);
                letters.next_if_eq(&')')?;
            }
            '\\' => text.push(letters.next().filter(|escaped| !escaped.is_alphanumeric())?),
            letter if ".*+?[]{}^$".contains(letter) => return None,
            letter => text.push(letter),
        }
        // What is repeated is no list.
        if letters.peek().is_some_and(|next| "*+?{".contains(*next)) {
            return None;
        }
    }
    Some(text)
}
