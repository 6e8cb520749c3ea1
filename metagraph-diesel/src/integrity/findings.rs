//! Findings as they come up: counted, with the few samples that are kept.

use std::collections::BTreeMap;

use super::report::{Checked, Finding, Report, Sample};
use super::{Damage, Subject};

/// A row as a finding names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) subject: Subject,
    pub(super) graph_type: Option<&'a str>,
    pub(super) element: Option<&'a str>,
    pub(super) graph: Option<i64>,
    pub(super) id: Option<i64>,
    pub(super) key: Option<&'a str>,
}

impl<'a> At<'a> {
    pub(super) fn of(subject: Subject) -> Self {
        Self { subject, graph_type: None, element: None, graph: None, id: None, key: None }
    }

    pub(super) fn graph_type(name: &'a str) -> Self {
        Self { graph_type: Some(name), ..Self::of(Subject::GraphType) }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    damage: Damage,
    subject: Subject,
    graph_type: Option<String>,
    element: Option<String>,
}

#[derive(Default)]
struct Found {
    count: u64,
    samples: Vec<Sample>,
}

pub(super) struct Findings {
    most_samples: usize,
    found: BTreeMap<Place, Found>,
    pub(super) checked: Checked,
}

impl Findings {
    pub(super) fn new(most_samples: usize) -> Self {
        Self { most_samples, found: BTreeMap::new(), checked: Checked::default() }
    }

    /// How many rows a statement that looks for samples has to return, to tell at least that there is one.
    pub(super) fn wanted(&self) -> i64 {
        i64::try_from(self.most_samples).unwrap_or(i64::MAX).max(1)
    }

    pub(super) fn most_samples(&self) -> usize {
        self.most_samples
    }

    /// Notes damage to one row; `message` is asked for only where the sample is kept.
    pub(super) fn add(&mut self, damage: Damage, at: At<'_>, message: impl FnOnce() -> String) {
        self.count(damage, at, 1);
        self.sample(damage, at, message);
    }

    /// Notes damage to rows that are not named.
    pub(super) fn count(&mut self, damage: Damage, at: At<'_>, count: u64) {
        self.at(damage, at).count += count;
    }

    /// Names a row that was counted; those with the smallest ids are kept, in whatever order rows come.
    pub(super) fn sample(&mut self, damage: Damage, at: At<'_>, message: impl FnOnce() -> String) {
        let most = self.most_samples;
        let samples = &mut self.at(damage, at).samples;
        let place = samples.partition_point(|known| (known.graph, known.id) <= (at.graph, at.id));
        if place < most {
            let key = at.key.map(str::to_owned);
            samples.insert(place, Sample { graph: at.graph, id: at.id, key, message: message() });
            samples.truncate(most);
        }
    }

    fn at(&mut self, damage: Damage, at: At<'_>) -> &mut Found {
        let owned = |name: Option<&str>| name.map(str::to_owned);
        let place = Place { damage, subject: at.subject, graph_type: owned(at.graph_type), element: owned(at.element) };
        self.found.entry(place).or_default()
    }

    pub(super) fn report(self, complete: bool) -> Report {
        let findings = self.found.into_iter().map(|(place, found)| Finding {
            damage: place.damage,
            subject: place.subject,
            graph_type: place.graph_type,
            element: place.element,
            count: found.count,
            samples: found.samples,
        });
        let validated = cfg!(feature = "validate");
        Report { checked: self.checked, complete, validated, findings: findings.collect() }
    }
}
