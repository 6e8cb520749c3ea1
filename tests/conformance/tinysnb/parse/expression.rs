//! Expressions: conditions, columns and constants.

use super::super::lexer::Token;
use super::super::syntax::{Comparison, Expression, Literal, Subquery};
use super::Parser;

impl Parser {
    pub(super) fn expression(&mut self) -> Option<Expression> {
        let mut first = self.exclusive()?;
        while self.keyword("or") {
            first = Expression::Or(Box::new(first), Box::new(self.exclusive()?));
        }
        Some(first)
    }

    fn exclusive(&mut self) -> Option<Expression> {
        let mut first = self.conjunction()?;
        while self.keyword("xor") {
            first = Expression::Xor(Box::new(first), Box::new(self.conjunction()?));
        }
        Some(first)
    }

    fn conjunction(&mut self) -> Option<Expression> {
        let mut first = self.negation()?;
        while self.keyword("and") {
            first = Expression::And(Box::new(first), Box::new(self.negation()?));
        }
        Some(first)
    }

    fn negation(&mut self) -> Option<Expression> {
        if self.keyword("not") {
            return Some(Expression::Not(Box::new(self.negation()?)));
        }
        let first = self.sum()?;
        let comparisons = [
            ("=", Comparison::Equal),
            ("<>", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        match comparisons.into_iter().find(|(symbol, _)| self.symbol(symbol)) {
            None => Some(first),
            Some((_, comparison)) => Some(Expression::Compare(Box::new(first), comparison, Box::new(self.sum()?))),
        }
    }

    /// Sums of constants only: they are a constant.
    fn sum(&mut self) -> Option<Expression> {
        let mut first = self.value()?;
        while self.symbol("+") {
            let (Expression::Literal(Literal::Integer(one)), Expression::Literal(Literal::Integer(other))) =
                (&first, self.value()?)
            else {
                return None;
            };
            first = Expression::Literal(Literal::Integer(one + other));
        }
        Some(first)
    }

    fn value(&mut self) -> Option<Expression> {
        if let Some(Token::Literal(literal)) = self.peek() {
            let literal = literal.clone();
            self.at += 1;
            return Some(Expression::Literal(literal));
        }
        if let Some(pattern) = self.attempt(|parser| parser.path().filter(|path| !path.hops.is_empty())) {
            return Some(Expression::Exists(Box::new(Subquery { path: pattern, filter: None })));
        }
        if self.symbol("(") {
            let inner = self.expression()?;
            self.needs(")")?;
            return Some(inner);
        }
        if self.symbol("[") {
            let list = self.list(Self::expression)?;
            self.needs("]")?;
            return Some(Expression::List(list));
        }
        if self.symbol("{") {
            let members = self.list(Self::member)?;
            self.needs("}")?;
            return Some(Expression::Struct(members));
        }
        let word = self.word()?;
        self.named(word)
    }

    fn named(&mut self, word: String) -> Option<Expression> {
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "null" => return Some(Expression::Literal(Literal::Null)),
            "true" | "false" => return Some(Expression::Literal(Literal::Flag(lower == "true"))),
            "exists" | "count" if self.symbol("{") => {
                let subquery = Box::new(self.subquery()?);
                return Some(if lower == "exists" {
                    Expression::Exists(subquery)
                } else {
                    Expression::Count(subquery)
                });
            }
            _ => {}
        }
        if self.symbol("(") {
            return self.call(lower);
        }
        if !self.symbol(".") {
            return Some(Expression::Variable(word));
        }
        if self.symbol("*") {
            return Some(Expression::All(word));
        }
        Some(Expression::Property(word, self.word()?))
    }

    fn call(&mut self, name: String) -> Option<Expression> {
        if self.symbol("*") {
            self.needs(")")?;
            return (name == "count").then_some(Expression::CountRows);
        }
        let distinct = self.keyword("distinct");
        let arguments = self.list(Self::expression)?;
        self.needs(")")?;
        if let [Expression::Literal(Literal::Text(text))] = arguments.as_slice()
            && let Some(literal) = Literal::dated(&name, text)
        {
            return Some(Expression::Literal(literal));
        }
        Some(Expression::Call { name, distinct, arguments })
    }

    fn subquery(&mut self) -> Option<Subquery> {
        if !self.keyword("match") {
            return None;
        }
        let path = self.path()?;
        let filter = self.filter()?;
        self.needs("}")?;
        Some(Subquery { path, filter })
    }
}
