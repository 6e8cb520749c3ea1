//! The rules of edges, and those of the graph type that they come from.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::{Aspect, Class, How, Subject};
use super::Found;
use crate::document::{EdgeDocument, GraphDocument};

impl Found {
    pub(super) fn compare_edges(&mut self, subject: &Subject, before: &EdgeDocument, after: &EdgeDocument) {
        self.compare_sets(subject, Aspect::Sources, (&before.from, &after.from), How::Added);
        self.compare_sets(subject, Aspect::Targets, (&before.to, &after.to), How::Added);
        let (old, new) = (&before.rules, &after.rules);
        self.switched(subject, Aspect::SelfLoops, (old.self_loops, new.self_loops), How::Added);
        self.switched(subject, Aspect::Parallel, (old.multi, new.multi), How::Added);
        self.switched(subject, Aspect::Simple, (old.simple, new.simple), How::Removed);
        self.switched(subject, Aspect::OneOut, (old.one_out, new.one_out), How::Removed);
        self.switched(subject, Aspect::OneIn, (old.one_in, new.one_in), How::Removed);
        self.compare_sets(subject, Aspect::Acyclic, (&old.acyclic, &new.acyclic), How::Removed);
        if old.undirected != new.undirected {
            let how = if new.undirected { How::Added } else { How::Removed };
            let said = (Some(old.undirected.into()), Some(new.undirected.into()));
            self.push(subject, Aspect::Undirected, how, said, Class::Undecidable);
        }
    }

    fn compare_sets(&mut self, subject: &Subject, aspect: Aspect, names: (&[String], &[String]), harmless: How) {
        let sets: [BTreeSet<&String>; 2] = [names.0.iter().collect(), names.1.iter().collect()];
        let [before, after] = &sets;
        let class = |how| if how == harmless { Class::Compatible } else { Class::Undecidable };
        for name in before.difference(after) {
            self.push(subject, aspect, How::Removed, (Some(json!(name)), None), class(How::Removed));
        }
        for name in after.difference(before) {
            self.push(subject, aspect, How::Added, (None, Some(json!(name))), class(How::Added));
        }
    }

    /// Compares what is said of the graph type; edge types were compared before.
    pub(super) fn compare_graphs(&mut self, before: &GraphDocument, after: &GraphDocument) {
        let said = |before: Value, after: Value| (before != after).then_some((Some(before), Some(after)));
        let changed = [
            (Aspect::Version, said(before.version.into(), after.version.into())),
            (Aspect::Scope, said(json!(before.scope), json!(after.scope))),
            (Aspect::Description, said(json!(before.description), json!(after.description))),
        ];
        for (aspect, said) in changed {
            if let Some(said) = said {
                self.push(&Subject::Graph, aspect, How::Changed, said, Class::Compatible);
            }
        }
        let (old, new) = (&before.config, &after.config);
        if let Some(said) = said(json!(old.direction), json!(new.direction)) {
            let class = self.class_of_edges(Aspect::Undirected);
            self.push(&Subject::Graph, Aspect::Direction, How::Changed, said, class);
        }
        let switches = [
            (Aspect::Parallel, old.multi, new.multi),
            (Aspect::Simple, old.simple, new.simple),
            (Aspect::SelfLoops, old.allow_self_loops, new.allow_self_loops),
            (Aspect::Acyclic, old.acyclic, new.acyclic),
        ];
        for (aspect, old, new) in switches.into_iter().filter(|(_, old, new)| old != new) {
            let how = if new { How::Added } else { How::Removed };
            let class = self.class_of_edges(aspect);
            self.push(&Subject::Graph, aspect, how, (Some(old.into()), Some(new.into())), class);
        }
    }

    /// The rules of the graph type are in force through those of its edge types.
    fn class_of_edges(&self, aspect: Aspect) -> Class {
        let of_edges = self.changes.iter().filter(|change| change.aspect == aspect);
        of_edges.map(|change| change.class).max().unwrap_or(Class::Compatible)
    }
}
