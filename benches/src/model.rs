//! A social network, as the types that every peer reads and writes.

use metagraph::prelude::*;

/// Somebody who writes and reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub struct Person {
    /// Unique in the network.
    #[graph(key)]
    pub key: String,
    /// The name shown to others.
    pub name: String,
    /// Where to write to.
    pub email: String,
    /// In years.
    pub age: u32,
    /// One of fifty, some of them much larger.
    pub city: String,
    /// Seconds since 1970.
    pub joined_at: i64,
    /// `active`, `inactive` or `banned`.
    pub status: String,
    /// Up to three.
    pub tags: Vec<String>,
}

/// Something somebody wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub struct Post {
    /// Unique in the network.
    #[graph(key)]
    pub key: String,
    /// A few words.
    pub title: String,
    /// Two hundred characters.
    pub body: String,
    /// Seconds since 1970.
    pub created_at: i64,
    /// A language's two letters.
    pub lang: String,
}

/// One person knows another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Person))]
pub struct Knows {
    /// A year.
    pub since: u32,
    /// How well, from 0 to 1.
    pub weight: f64,
}

/// A person wrote a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Post))]
pub struct Authored {}

/// A person likes a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Post))]
pub struct Likes {
    /// Seconds since 1970.
    pub at: i64,
}

/// The network, without an index on an attribute.
#[derive(Debug, GraphType)]
#[graph(name = "network")]
pub enum Network {
    /// A node.
    Person(Person),
    /// A node.
    Post(Post),
    /// An edge.
    Knows(Knows),
    /// An edge.
    Authored(Authored),
    /// An edge.
    Likes(Likes),
}

/// A [`Person`] of a graph type that can look people up by status and age.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub struct Listed {
    /// `active`, `inactive` or `banned`.
    #[graph(index = "status_age")]
    pub status: String,
    /// In years.
    #[graph(index = "status_age")]
    pub age: u32,
    /// Unique in the list.
    #[graph(key, index = "status_age")]
    pub key: String,
    /// The name shown to others.
    pub name: String,
    /// Where to write to.
    pub email: String,
    /// One of fifty, some of them much larger.
    pub city: String,
    /// Seconds since 1970.
    pub joined_at: i64,
    /// Up to three.
    pub tags: Vec<String>,
}

impl From<&Person> for Listed {
    fn from(person: &Person) -> Self {
        let Person { key, name, email, age, city, joined_at, status, tags } = person.clone();
        Self { status, age, key, name, email, city, joined_at, tags }
    }
}

/// The same people, with an index on status and age.
#[derive(Debug, GraphType)]
#[graph(name = "list")]
pub enum List {
    /// A node.
    Listed(Listed),
}

impl From<Listed> for Person {
    fn from(listed: Listed) -> Self {
        let Listed { key, name, email, age, city, joined_at, status, tags } = listed;
        Self { key, name, email, age, city, joined_at, status, tags }
    }
}
