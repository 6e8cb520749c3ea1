//! The network itself: always the same one, with degrees that follow a power law.

use std::collections::HashSet;

use crate::model::{Knows, Likes, Person, Post};

/// How large a network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// For a test that the peers agree.
    Tiny,
    /// 60,000 nodes and 350,000 edges.
    S,
    /// Ten times as much.
    M,
}

impl Size {
    fn people(self) -> usize {
        match self {
            Self::Tiny => 200,
            Self::S => 10_000,
            Self::M => 100_000,
        }
    }
}

/// A network; edges name their ends by their place among people and posts.
#[derive(Debug)]
pub struct Data {
    /// All people.
    pub people: Vec<Person>,
    /// All posts.
    pub posts: Vec<Post>,
    /// Who knows whom.
    pub knows: Vec<(usize, usize, Knows)>,
    /// Who wrote what.
    pub authored: Vec<(usize, usize)>,
    /// Who likes what.
    pub likes: Vec<(usize, usize, Likes)>,
}

/// Numbers that look random and are the same every time: splitmix64, by Sebastiano Vigna, in the public domain.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// Numbers from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    #[allow(clippy::cast_possible_truncation, reason = "what is below a usize fits it")]
    pub fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }

    #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// A number below `limit`; its density falls with the square root.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is between 0 and a limit that is small"
    )]
    fn skewed(&mut self, limit: usize) -> usize {
        let unit = self.unit();
        ((limit as f64 * unit * unit) as usize).min(limit.saturating_sub(1))
    }

    /// The numbers below `count`, in another order.
    fn shuffled(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for place in (1..count).rev() {
            let other = self.below(place + 1);
            order.swap(place, other);
        }
        order
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let place = self.below(words.len());
        words.get(place).copied().unwrap_or_default()
    }
}

const WORDS: [&str; 16] = [
    "amber", "basin", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "joint", "knoll", "ledge",
    "marsh", "north", "ocean", "pines",
];

const SECONDS_PER_YEAR: usize = 31_536_000;

impl Data {
    /// The network of a size.
    pub fn generate(size: Size) -> Self {
        let mut random = Random::new(42);
        let count = size.people();
        let people: Vec<_> = (0..count).map(|place| person(place, &mut random)).collect();
        let posts: Vec<_> = (0..count * 5).map(|place| post(place, &mut random)).collect();
        let knows = pairs(&mut random, count, count, count * 10, true);
        let knows = knows
            .into_iter()
            .map(|(from, to)| {
                let since = 1990 + u32::try_from(random.below(35)).unwrap_or_default();
                (from, to, Knows { since, weight: random.unit() })
            })
            .collect();
        let authors = random.shuffled(count);
        let authored = (0..posts.len())
            .map(|post| (authors.get(random.skewed(count)).copied().unwrap_or_default(), post))
            .collect();
        let likes = pairs(&mut random, count, posts.len(), count * 20, false);
        let likes = likes.into_iter().map(|(from, to)| (from, to, Likes { at: second(&mut random) })).collect();
        Self { people, posts, knows, authored, likes }
    }

    /// How many nodes and edges there are.
    pub fn rows(&self) -> usize {
        self.people.len() + self.posts.len() + self.knows.len() + self.authored.len() + self.likes.len()
    }
}

/// Somebody who is not in the network yet.
pub fn newcomer(place: usize) -> Person {
    let mut random = Random::new(place as u64);
    Person { key: format!("newcomer-{place:06}"), ..person(place, &mut random) }
}

fn person(place: usize, random: &mut Random) -> Person {
    let name = format!("{} {}", random.pick(&WORDS), random.pick(&WORDS));
    let status = match random.below(100) {
        0..80 => "active",
        80..95 => "inactive",
        _ => "banned",
    };
    let tags = random.below(4);
    Person {
        key: format!("person-{place:06}"),
        email: format!("{}.{place}@example.org", name.replace(' ', ".")),
        name,
        age: 18 + u32::try_from(random.below(70)).unwrap_or_default(),
        city: format!("city-{:02}", random.skewed(50)),
        joined_at: second(random),
        status: status.to_owned(),
        tags: (0..tags).map(|_| random.pick(&WORDS).to_owned()).collect(),
    }
}

fn post(place: usize, random: &mut Random) -> Post {
    let mut body = String::with_capacity(206);
    while body.len() < 200 {
        body.push_str(random.pick(&WORDS));
        body.push(' ');
    }
    body.truncate(200);
    Post {
        key: format!("post-{place:06}"),
        title: format!("{} {}", random.pick(&WORDS), random.pick(&WORDS)),
        body,
        created_at: second(random),
        lang: random.pick(&["de", "en", "fr", "nl"]).to_owned(),
    }
}

fn second(random: &mut Random) -> i64 {
    1_500_000_000 + i64::try_from(random.below(8 * SECONDS_PER_YEAR)).unwrap_or_default()
}

/// Distinct pairs; some take part in many of them, and who does on one side has no reason to on the other.
fn pairs(random: &mut Random, sources: usize, targets: usize, count: usize, no_loops: bool) -> Vec<(usize, usize)> {
    let (from, to) = (random.shuffled(sources), random.shuffled(targets));
    let mut seen = HashSet::with_capacity(count);
    let mut pairs = Vec::with_capacity(count);
    while pairs.len() < count {
        let (Some(&source), Some(&target)) = (from.get(random.skewed(sources)), to.get(random.skewed(targets))) else {
            continue;
        };
        if !(no_loops && source == target) && seen.insert((source, target)) {
            pairs.push((source, target));
        }
    }
    pairs
}
