//! How a task is assessed: words, and the numbers that the analysis counts with.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A word that is none of those a field can have.
///
/// ```
/// use metagraph::graphs::task::Status;
///
/// let unknown = "done".parse::<Status>().unwrap_err();
/// assert_eq!(unknown.to_string(), "`done` is no status: write pending, in-progress, completed, failed or blocked");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// What was written.
    pub word: String,
    /// The field it was written for.
    pub field: &'static str,
    /// What can be written there.
    pub known: &'static [&'static str],
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no {}: write ", self.word, self.field)?;
        if let Some((last, others)) = self.known.split_last() {
            write!(f, "{} or {last}", others.join(", "))?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownWord {}

macro_rules! kind {
    ($(#[$about:meta])* $name:ident, $field:literal { $($(#[$of:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $($(#[$of])* $variant,)+
        }

        impl $name {
            /// All of them, the least first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word that stands for it in files and in JSON.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                let found = Self::ALL.iter().find(|kind| kind.as_str() == word);
                found.copied().ok_or_else(|| UnknownWord { word: word.to_owned(), field: $field, known: Self::WORDS })
            }
        }
    };
}

kind! {
    /// How much of a system a task touches; `narrow` where nobody said.
    ///
    /// | | cost | tokens |
    /// |---|---|---|
    /// | `single` | 1 | 500 |
    /// | `narrow` | 2 | 1500 |
    /// | `moderate` | 3 | 3000 |
    /// | `broad` | 4 | 6000 |
    /// | `system` | 5 | 10000 |
    ///
    /// ```
    /// use metagraph::graphs::task::Scope;
    ///
    /// assert_eq!((Scope::Broad.cost(), Scope::Broad.tokens()), (4.0, 6000));
    /// assert!(Scope::Broad < Scope::System);
    /// ```
    Scope, "scope" {
        /// One function or file.
        Single = "single",
        /// One part.
        Narrow = "narrow",
        /// Several parts.
        Moderate = "moderate",
        /// Many parts.
        Broad = "broad",
        /// All of it.
        System = "system",
    }
}

kind! {
    /// How likely a task fails; `medium` where nobody said.
    ///
    /// | | succeeds | weighs |
    /// |---|---|---|
    /// | `trivial` | 0.98 | 0.02 |
    /// | `low` | 0.90 | 0.10 |
    /// | `medium` | 0.80 | 0.20 |
    /// | `high` | 0.65 | 0.35 |
    /// | `critical` | 0.50 | 0.50 |
    ///
    /// ```
    /// use metagraph::graphs::task::Risk;
    ///
    /// assert_eq!(Risk::Medium.success_probability(), 0.8);
    /// assert_eq!(Risk::Critical.weight(), 0.5);
    /// ```
    Risk, "risk" {
        /// 0.98 succeed.
        Trivial = "trivial",
        /// 0.90 succeed.
        Low = "low",
        /// 0.80 succeed.
        Medium = "medium",
        /// 0.65 succeed.
        High = "high",
        /// 0.50 succeed.
        Critical = "critical",
    }
}

kind! {
    /// How far a failure reaches; `isolated` where nobody said.
    ///
    /// | | weighs |
    /// |---|---|
    /// | `isolated` | 1.0 |
    /// | `component` | 1.5 |
    /// | `phase` | 2.0 |
    /// | `project` | 3.0 |
    ///
    /// ```
    /// use metagraph::graphs::task::Impact;
    ///
    /// assert_eq!(Impact::Phase.weight(), 2.0);
    /// ```
    Impact, "impact" {
        /// The task itself.
        Isolated = "isolated",
        /// A component.
        Component = "component",
        /// A phase of the work.
        Phase = "phase",
        /// The project.
        Project = "project",
    }
}

kind! {
    /// What kind of work a task is.
    ///
    /// ```
    /// use metagraph::graphs::task::Level;
    ///
    /// assert_eq!(Level::Review.to_string(), "review");
    /// ```
    Level, "level" {
        /// Saying what is to be done.
        Planning = "planning",
        /// Taking it apart.
        Decomposition = "decomposition",
        /// Doing it.
        Implementation = "implementation",
        /// Judging it.
        Review = "review",
        /// Finding out.
        Research = "research",
    }
}

kind! {
    /// What is to be done first.
    ///
    /// ```
    /// use metagraph::graphs::task::Priority;
    ///
    /// assert!(Priority::Critical > Priority::High);
    /// ```
    Priority, "priority" {
        /// After everything else.
        Low = "low",
        /// As usual.
        Medium = "medium",
        /// Before others.
        High = "high",
        /// Before everything else.
        Critical = "critical",
    }
}

kind! {
    /// Where a task is in its life.
    ///
    /// ```
    /// use metagraph::graphs::task::Status;
    ///
    /// assert_eq!("in-progress".parse(), Ok(Status::InProgress));
    /// assert!("done".parse::<Status>().is_err());
    /// ```
    Status, "status" {
        /// To be done: a worker may take it once all it depends on is completed.
        Pending = "pending",
        /// Somebody is at it.
        InProgress = "in-progress",
        /// Done.
        Completed = "completed",
        /// Given up.
        Failed = "failed",
        /// Held back by somebody; no worker takes it.
        Blocked = "blocked",
    }
}

impl Scope {
    /// What it costs, from 1 to 5.
    pub const fn cost(self) -> f64 {
        match self {
            Self::Single => 1.0,
            Self::Narrow => 2.0,
            Self::Moderate => 3.0,
            Self::Broad => 4.0,
            Self::System => 5.0,
        }
    }

    /// How many tokens a language model may need for it.
    pub const fn tokens(self) -> u32 {
        match self {
            Self::Single => 500,
            Self::Narrow => 1500,
            Self::Moderate => 3000,
            Self::Broad => 6000,
            Self::System => 10_000,
        }
    }
}

impl Risk {
    /// How likely the first attempt succeeds.
    pub const fn success_probability(self) -> f64 {
        match self {
            Self::Trivial => 0.98,
            Self::Low => 0.90,
            Self::Medium => 0.80,
            Self::High => 0.65,
            Self::Critical => 0.50,
        }
    }

    /// How likely it fails.
    pub const fn weight(self) -> f64 {
        1.0 - self.success_probability()
    }
}

impl Impact {
    /// How much a failure counts.
    pub const fn weight(self) -> f64 {
        match self {
            Self::Isolated => 1.0,
            Self::Component => 1.5,
            Self::Phase => 2.0,
            Self::Project => 3.0,
        }
    }
}
