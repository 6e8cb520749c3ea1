//! How names are respelt: serde's rules for fields, and snake case for the names of types.

/// A `rename_all` rule of serde.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Rule {
    pub(crate) fn from_serde(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    /// The JSON name of a field: serde takes it to be in snake case already, and touches only ASCII.
    pub(crate) fn field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Pascal => pascal(name),
            Self::Camel => first_lowered(&pascal(name)),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn pascal(name: &str) -> String {
    let mut after_gap = true;
    let mut respelt = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter == '_' {
            after_gap = true;
        } else {
            respelt.push(if after_gap { letter.to_ascii_uppercase() } else { letter });
            after_gap = false;
        }
    }
    respelt
}

fn first_lowered(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// The stored name of a Rust type: `DependsOn` is `depends_on`, `HTTPRoute` is `http_route`.
pub(crate) fn snake(name: &str) -> String {
    let mut respelt = String::with_capacity(name.len() + 4);
    let mut before: Option<char> = None;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                let ends_capitals = before.is_uppercase() && letters.peek().is_some_and(|next| next.is_lowercase());
                before.is_lowercase() || before.is_numeric() || ends_capitals
            });
        if starts_word {
            respelt.push('_');
        }
        respelt.extend(letter.to_lowercase());
        before = Some(letter);
    }
    respelt
}

#[cfg(test)]
mod tests {
    use super::snake;

    #[test]
    fn type_names_become_snake_case() {
        for (rust, stored) in [
            ("Package", "package"),
            ("DependsOn", "depends_on"),
            ("HTTPRoute", "http_route"),
            ("ParsedURL", "parsed_url"),
            ("V2Package", "v2_package"),
            ("Utf8", "utf8"),
            ("A", "a"),
            ("ABTest", "ab_test"),
            ("Already_Apart", "already_apart"),
            ("snake_already", "snake_already"),
        ] {
            assert_eq!(snake(rust), stored);
        }
    }
}
