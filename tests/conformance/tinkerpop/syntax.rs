//! Gremlin as text: a chain of steps with arguments, which may be chains.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::{Number, Value};

/// An argument of a step.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Term {
    /// A text, a number or null.
    Value(Value),
    /// A parameter, or a constant such as `desc` or `T.label`.
    Name(String),
    List(Vec<Term>),
    Chain(Chain),
}

/// Steps one after the other: `g.V().out()`, `__.out()`, `P.gt(1)`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chain {
    /// What stands before the first step; nothing where the step stands alone.
    pub(super) root: String,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) terms: Vec<Term>,
}

/// Reads a traversal; `None` where the text is none.
pub(super) fn parse(text: &str) -> Option<Chain> {
    let mut reader = Reader { letters: text.chars().peekable() };
    match reader.term()? {
        Term::Chain(chain) => reader.next().is_none().then_some(chain),
        _ => None,
    }
}

struct Reader<'t> {
    letters: Peekable<Chars<'t>>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        while self.letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        self.letters.peek().copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.next() == Some(wanted);
        if there {
            self.letters.next();
        }
        there
    }

    fn run(&mut self, fits: impl Fn(char) -> bool) -> String {
        let mut run = String::new();
        while let Some(letter) = self.letters.next_if(|letter| fits(*letter)) {
            run.push(letter);
        }
        run
    }

    fn term(&mut self) -> Option<Term> {
        match self.next()? {
            quote @ ('"' | '\'') => {
                self.letters.next();
                let text = self.run(|letter| letter != quote);
                self.take(quote).then_some(Term::Value(text.into()))
            }
            '[' => {
                self.letters.next();
                self.list(']').map(Term::List)
            }
            letter if letter.is_ascii_digit() || letter == '-' => {
                let digits = self.run(|letter| letter.is_ascii_digit() || "-.".contains(letter));
                let number: Number = serde_json::from_str(&digits).ok()?;
                self.run(|letter| letter.is_ascii_alphabetic());
                Some(Term::Value(number.into()))
            }
            _ => self.chain(),
        }
    }

    /// Terms up to the closing letter; a map is read as its keys and values by turns.
    fn list(&mut self, closing: char) -> Option<Vec<Term>> {
        let mut terms = Vec::new();
        while !self.take(closing) {
            terms.push(self.term()?);
            if !self.take(',') && !self.take(':') && self.next()? != closing {
                return None;
            }
        }
        Some(terms)
    }

    fn name(&mut self) -> Option<String> {
        self.next()?;
        let name = self.run(|letter| letter.is_alphanumeric() || letter == '_');
        (!name.is_empty()).then_some(name)
    }

    fn chain(&mut self) -> Option<Term> {
        let first = self.name()?;
        if first == "null" {
            return Some(Term::Value(Value::Null));
        }
        let mut chain = Chain { root: String::new(), steps: Vec::new() };
        if self.take('(') {
            chain.steps.push(Step { name: first, terms: self.list(')')? });
        } else if self.next() == Some('.') {
            chain.root = first;
        } else {
            return Some(Term::Name(first));
        }
        while self.take('.') {
            let name = self.name()?;
            if !self.take('(') {
                return chain.steps.is_empty().then(|| Term::Name(format!("{}.{name}", chain.root)));
            }
            chain.steps.push(Step { name, terms: self.list(')')? });
        }
        Some(Term::Chain(chain))
    }
}
