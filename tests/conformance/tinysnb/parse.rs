//! Reads in Cypher: clauses, and the patterns in them.

mod expression;

use super::lexer::{Token, tokens};
use super::syntax::{Clause, Each, EdgePattern, Expression, Item, Literal, NodePattern, PathPattern, Projection, Way};

/// How often an unbounded hop is made at most.
const DEEPEST: u32 = 30;

/// A parser stops with `None` where the text goes on in a way it does not know.
pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    unnamed: usize,
}

/// The clauses of a read.
pub(super) fn clauses(text: &str) -> Option<Vec<Clause>> {
    let mut parser = Parser { tokens: tokens(text), at: 0, unnamed: 0 };
    let mut clauses = Vec::new();
    while parser.at < parser.tokens.len() && !parser.symbol(";") {
        clauses.push(parser.clause()?);
    }
    (parser.at == parser.tokens.len()).then_some(clauses)
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Symbol(found)) if *found == symbol);
        self.at += usize::from(found);
        found
    }

    fn needs(&mut self, symbol: &str) -> Option<()> {
        self.symbol(symbol).then_some(())
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }

    fn word(&mut self) -> Option<String> {
        let Some(Token::Word(word)) = self.peek() else { return None };
        let word = word.clone();
        self.at += 1;
        Some(word)
    }

    fn integer(&mut self) -> Option<u32> {
        let Some(Token::Literal(Literal::Integer(integer))) = self.peek() else { return None };
        let integer = u32::try_from(*integer).ok()?;
        self.at += 1;
        Some(integer)
    }

    /// Reads what is there, or stays where it was.
    fn attempt<T>(&mut self, parse: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.at;
        let parsed = parse(self);
        if parsed.is_none() {
            self.at = before;
        }
        parsed
    }

    fn list<T>(&mut self, mut parse: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut list = vec![parse(self)?];
        while self.symbol(",") {
            list.push(parse(self)?);
        }
        Some(list)
    }

    fn clause(&mut self) -> Option<Clause> {
        if self.keyword("with") {
            let projection = self.projection()?;
            return Some(Clause::With(projection, self.filter()?));
        }
        if self.keyword("return") {
            return Some(Clause::Return(self.projection()?));
        }
        let optional = self.keyword("optional");
        if !self.keyword("match") {
            return None;
        }
        let paths = self.list(Self::named_path)?;
        Some(Clause::Match { optional, paths, filter: self.filter()? })
    }

    /// The condition after `WHERE`, where there is one.
    #[expect(clippy::option_option, reason = "the outer one says whether the text was understood")]
    fn filter(&mut self) -> Option<Option<Expression>> {
        if self.keyword("where") { Some(Some(self.expression()?)) } else { Some(None) }
    }

    fn projection(&mut self) -> Option<Projection> {
        let mut projection = Projection { items: self.list(Self::item)?, ..Projection::default() };
        if self.keyword("order") && self.keyword("by") {
            projection.order = self.list(|parser| {
                let key = parser.expression()?;
                let descending = parser.keyword("desc");
                Some((key, descending))
            })?;
        }
        if self.keyword("skip") {
            projection.skip = Some(self.constant()?);
        }
        if self.keyword("limit") {
            projection.limit = Some(self.constant()?);
        }
        Some(projection)
    }

    fn constant(&mut self) -> Option<u32> {
        match self.expression()? {
            Expression::Literal(Literal::Integer(integer)) => u32::try_from(integer).ok(),
            _ => None,
        }
    }

    fn item(&mut self) -> Option<Item> {
        let expression = self.expression()?;
        let name = if self.keyword("as") { Some(self.word()?) } else { None };
        Some(Item { expression, name })
    }

    fn named_path(&mut self) -> Option<PathPattern> {
        // The name of a path is used for nothing that is translated.
        self.attempt(|parser| parser.word().and_then(|_| parser.needs("=")));
        self.path()
    }

    pub(super) fn path(&mut self) -> Option<PathPattern> {
        let start = self.node()?;
        let mut hops = Vec::new();
        while let Some(edge) = self.attempt(Self::edge) {
            hops.push((edge, self.node()?));
        }
        Some(PathPattern { start, hops })
    }

    fn name(&mut self) -> String {
        self.word().unwrap_or_else(|| {
            self.unnamed += 1;
            format!("#{}", self.unnamed)
        })
    }

    fn node(&mut self) -> Option<NodePattern> {
        self.needs("(")?;
        let variable = self.name();
        let mut labels = Vec::new();
        while self.symbol(":") {
            labels.push(self.word()?);
        }
        let properties = self.properties()?;
        self.needs(")")?;
        Some(NodePattern { variable, labels, properties })
    }

    fn properties(&mut self) -> Option<Vec<(String, Expression)>> {
        if !self.symbol("{") {
            return Some(Vec::new());
        }
        let properties = self.list(Self::member)?;
        self.needs("}")?;
        Some(properties)
    }

    fn member(&mut self) -> Option<(String, Expression)> {
        let name = self.word()?;
        self.needs(":")?;
        Some((name, self.expression()?))
    }

    fn edge(&mut self) -> Option<EdgePattern> {
        let backwards = self.symbol("<");
        self.needs("-")?;
        self.needs("[")?;
        let variable = self.name();
        let mut types = Vec::new();
        while self.symbol(":") || self.symbol("|") {
            self.symbol(":");
            types.push(self.word()?);
        }
        let repeated = self.symbol("*");
        let shortest = repeated && self.keyword("shortest");
        let depth = repeated.then(|| self.depth());
        let each = if depth.is_some() { self.each()? } else { None };
        let properties = self.properties()?;
        self.needs("]")?;
        self.needs("-")?;
        let way = match (backwards, self.symbol(">")) {
            (true, false) => Way::In,
            (false, true) => Way::Out,
            _ => Way::Both,
        };
        Some(EdgePattern { variable, types, properties, way, depth, shortest, each })
    }

    fn depth(&mut self) -> (u32, u32) {
        let least = self.integer();
        let most = if self.symbol("..") { self.integer() } else { least };
        (least.unwrap_or(1), most.unwrap_or(DEEPEST))
    }

    /// `(r, n | WHERE ..)` inside a repeated hop.
    #[expect(clippy::option_option, reason = "the outer one says whether the text was understood")]
    fn each(&mut self) -> Option<Option<Each>> {
        if !self.symbol("(") {
            return Some(None);
        }
        let edge = self.word()?;
        self.needs(",")?;
        let node = self.word()?;
        self.needs("|")?;
        let filter = self.filter()?;
        self.needs(")")?;
        Some(Some(Each { edge, node, filter }))
    }
}
