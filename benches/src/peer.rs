//! What everybody who takes part has to do.

use crate::generate::Data;
use crate::model::{Knows, Likes, Person, Post};

/// Sums that only equal rows give.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// How many rows there were.
    pub rows: u64,
    /// Of what is in them.
    pub content: u64,
}

impl Sum {
    fn add(&mut self, content: u64) {
        self.rows += 1;
        self.content = self.content.wrapping_add(content);
    }

    /// Adds a person.
    pub fn person(&mut self, person: &Person) {
        let texts = person.key.len() + person.name.len() + person.email.len() + person.city.len() + person.tags.len();
        self.add(texts as u64 ^ u64::from(person.age) ^ person.joined_at.unsigned_abs());
    }

    /// Adds a post.
    pub fn post(&mut self, post: &Post) {
        let texts = post.key.len() + post.title.len() + post.body.len() + post.lang.len();
        self.add(texts as u64 ^ post.created_at.unsigned_abs());
    }

    /// Adds an acquaintance.
    pub fn knows(&mut self, knows: &Knows) {
        self.add(u64::from(knows.since) ^ knows.weight.to_bits());
    }

    /// Adds an authorship.
    pub fn authored(&mut self) {
        self.add(1);
    }

    /// Adds a like.
    pub fn likes(&mut self, likes: &Likes) {
        self.add(likes.at.unsigned_abs());
    }
}

/// Somebody who stores the network and answers questions about it; people are named by their place in the data.
pub trait Peer {
    /// W1: stores the network, and remembers which row is whose.
    fn load(&mut self, data: &Data);

    /// The same with the verbs for many rows, where these are not the way to load a network.
    fn load_by_verbs(&mut self, data: &Data) {
        self.load(data);
    }

    /// W2: one person in a transaction.
    fn insert(&mut self, person: &Person);

    /// W3: a person by key.
    fn person(&mut self, key: &str) -> Option<Person>;

    /// W4: whom a person knows, and how.
    fn neighbours(&mut self, person: usize) -> Vec<(Knows, Person)>;

    /// W5: how many others are two steps away.
    fn two_steps(&mut self, person: usize) -> usize;

    /// W6: how many others are at most three steps away.
    fn three_steps(&mut self, person: usize) -> usize;

    /// W7: how many steps it takes from one to another.
    fn distance(&mut self, from: usize, to: usize) -> Option<usize>;

    /// W8: the hundred youngest inactive people above 60.
    fn inactive(&mut self) -> Vec<Person>;

    /// Stores the people once more, where an index on status and age finds them.
    fn list(&mut self, data: &Data);

    /// W8 with an index.
    fn inactive_listed(&mut self) -> Vec<Person>;

    /// W9: a person's age by key.
    fn set_age(&mut self, key: &str, age: u32);

    /// W10: a person with all edges.
    fn delete(&mut self, person: usize);

    /// W11: every row as a value.
    fn export(&mut self) -> Sum;

    /// W12: the ten cities whose people like most.
    fn likes_per_city(&mut self) -> Vec<(String, i64)>;

    /// Makes every commit wait for the disk, or not.
    fn synchronous(&mut self, full: bool);

    /// Bytes on the disk.
    fn bytes(&mut self) -> u64;
}

/// The shortest path of `distance` is at most this long.
pub const LONGEST: usize = 6;
