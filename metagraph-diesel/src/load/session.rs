//! A load under way, without types: its transaction, its steps, and what it tells.

use std::collections::HashMap;
use std::time::Instant;

use diesel::Connection;
use diesel::connection::TransactionManager;

use super::loaded::{Known, Ranges};
use super::rebuild::Dropped;
use super::record::{self, Position};
use super::{Commit, Failure, Progress, Report};
use crate::backend::GraphConnection;
use crate::error::{Error, Result, classified};
use crate::guard;
use crate::open_graph::OpenGraph;
use crate::run;
use crate::statement::Statement;
use crate::write::{Table, acyclic};

type Observer<'l> = Box<dyn FnMut(&Progress) + 'l>;

type Manager<C> = <C as Connection>::TransactionManager;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Ended,
}

pub(super) struct Session<'l, C: GraphConnection> {
    pub(super) conn: &'l mut C,
    pub(super) graph: OpenGraph<'l>,
    pub(super) commit: Commit,
    pub(super) batch: usize,
    pub(super) observer: Option<Observer<'l>>,
    pub(super) known: Known,
    pub(super) dropped: Dropped,
    /// The row at which a failure happened.
    pub(super) row: Option<u64>,
    steps: Vec<(&'static str, u64)>,
    /// Edge types that are searched for cycles at the end.
    acyclic: Vec<&'static str>,
    records: HashMap<usize, record::Stored>,
    skipped: u64,
    began: Instant,
    state: State,
    in_transaction: bool,
}

impl<'l, C: GraphConnection> Session<'l, C> {
    pub(super) fn new(conn: &'l mut C, graph: OpenGraph<'l>) -> Self {
        Self {
            conn,
            graph,
            commit: Commit::EachBatch,
            batch: 10_000,
            observer: None,
            known: Known::default(),
            dropped: Dropped::default(),
            row: None,
            steps: Vec::new(),
            acyclic: Vec::new(),
            records: HashMap::new(),
            skipped: 0,
            began: Instant::now(),
            state: State::New,
            in_transaction: false,
        }
    }

    /// Does the work of one step; what fails ends the load.
    pub(super) fn step<T>(&mut self, element: &'static str, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.state == State::Ended {
            return Err(Error::LoadEnded);
        }
        let begun = self.open();
        self.steps.push((element, 0));
        match begun.and_then(|()| work(self)) {
            Ok(done) => Ok(done),
            Err(cause) => Err(self.failed(cause)),
        }
    }

    fn open(&mut self) -> Result<()> {
        if self.state == State::Open {
            return Ok(());
        }
        self.state = State::Open;
        self.began = Instant::now();
        if self.commit == Commit::Once {
            Manager::<C>::begin_transaction(self.conn)
                .map_err(|error| classified::<C::Db>("beginning a load", error))?;
            self.in_transaction = true;
            guard::begin_write(self.conn)?;
        }
        // What is wrong with the graph comes before what is wrong with a row.
        guard::explain(self.conn, self.graph.target())?;
        if let Commit::Resumable(load) = &self.commit {
            crate::encode::indexable("the name of the load", load)?;
            self.records = record::read(self.conn, self.graph, load)?;
        }
        Ok(())
    }

    /// How many rows of this step an earlier run stored, and which nodes they are.
    pub(super) fn resume(&mut self) -> Result<(u64, Ranges)> {
        let step = self.number();
        let (Some(stored), Some(&(element, _))) = (self.records.remove(&step), self.steps.last()) else {
            return Ok((0, Ranges::default()));
        };
        if stored.element != element {
            return Err(self.differs(format!("{} {}", stored.loaded, stored.element), element.to_owned()));
        }
        Ok((stored.loaded, stored.ids))
    }

    /// The rows that an earlier run stored are behind the iterator.
    pub(super) fn skipped(&mut self, rows: u64) {
        self.skipped += rows;
        self.advance(rows);
    }

    /// The iterator has fewer rows than an earlier run stored.
    pub(super) fn too_few(&self, stored: u64, given: u64) -> Error {
        let element = self.steps.last().map_or("", |(element, _)| element);
        self.differs(format!("{stored} {element}"), format!("only {given}"))
    }

    fn differs(&self, found: String, given: String) -> Error {
        let Commit::Resumable(load) = &self.commit else { return Error::LoadEnded };
        Error::LoadDiffers { load: load.clone(), step: self.number(), found, given }
    }

    /// The next batch; empty at the end.
    pub(super) fn take<T>(&mut self, rows: &mut dyn Iterator<Item = Result<T>>) -> Result<Vec<T>> {
        let mut batch = Vec::new();
        while batch.len() < self.batch {
            match rows.next() {
                Some(Ok(row)) => batch.push(row),
                Some(Err(error)) => {
                    self.at(batch.len());
                    return Err(error);
                }
                None => break,
            }
        }
        Ok(batch)
    }

    /// Remembers that a failure is about a row of the current batch.
    pub(super) fn at(&mut self, place: usize) {
        self.row = Some(self.rows() + place as u64);
    }

    /// Runs the writes of a batch, all or none; `None` where a row was refused.
    ///
    /// Ids that `write` answers with are stored with the position.
    pub(super) fn write(
        &mut self,
        rows: usize,
        serialized: bool,
        write: impl FnOnce(&mut C, OpenGraph<'l>) -> Result<Option<Ranges>>,
    ) -> Result<Option<Ranges>> {
        let (graph, before, step) = (self.graph, self.rows(), self.number());
        let element = self.steps.last().map_or("", |(element, _)| element);
        let position = match &self.commit {
            Commit::Resumable(load) => Some(Position { load, step, element }),
            _ => None,
        };
        run::attempt(self.conn, |conn| {
            if serialized {
                guard::serialize(conn, graph.target())?;
            } else {
                guard::begin_write(conn)?;
            }
            if let Some(position) = position {
                record::claim(conn, graph, position, before, before + rows as u64)?;
            }
            let Some(ids) = write(conn, graph)? else { return Ok(None) };
            if let Some(position) = position.filter(|_| ids.len() > 0) {
                record::store_ids(conn, graph, position, &ids)?;
            }
            Ok(Some(ids))
        })
    }

    /// Counts rows that are stored, and tells of them.
    pub(super) fn advance(&mut self, rows: u64) {
        if let Some((_, count)) = self.steps.last_mut() {
            *count += rows;
        }
        let total = self.total();
        if let (Some(observer), Some(&(element, rows))) = (&mut self.observer, self.steps.last()) {
            observer(&Progress {
                step: self.steps.len(),
                element,
                rows,
                total,
                skipped: self.skipped,
                elapsed: self.began.elapsed(),
            });
        }
    }

    pub(super) fn is_once(&self) -> bool {
        self.commit == Commit::Once
    }

    /// Has an edge type searched for cycles at the end.
    pub(super) fn search_at_the_end(&mut self, edge_type: &'static str) {
        if !self.acyclic.contains(&edge_type) {
            self.acyclic.push(edge_type);
        }
    }

    fn number(&self) -> usize {
        self.steps.len()
    }

    pub(super) fn rows(&self) -> u64 {
        self.steps.last().map_or(0, |(_, rows)| *rows)
    }

    fn total(&self) -> u64 {
        self.steps.iter().map(|(_, rows)| rows).sum()
    }

    pub(super) fn finish(&mut self) -> Result<Report> {
        if self.state == State::Ended {
            return Err(Error::LoadEnded);
        }
        if let Err(cause) = self.close() {
            return Err(self.failed(cause));
        }
        self.state = State::Ended;
        Ok(Report { steps: std::mem::take(&mut self.steps), skipped: self.skipped, elapsed: self.began.elapsed() })
    }

    fn close(&mut self) -> Result<()> {
        self.open()?;
        self.dropped.rebuild(self.conn, self.graph)?;
        for edge_type in std::mem::take(&mut self.acyclic) {
            acyclic::require(self.conn, self.graph, self.graph.vocabulary.edge(edge_type)?)?;
        }
        if let Commit::Resumable(load) = &self.commit {
            if let Some((step, stored)) = self.records.iter().min_by_key(|(step, _)| **step) {
                let found = format!("{} {}", stored.loaded, stored.element);
                return Err(Error::LoadDiffers { load: load.clone(), step: *step, found, given: "nothing".to_owned() });
            }
            record::forget(self.conn, self.graph, load)?;
        }
        if self.in_transaction {
            self.in_transaction = false;
            Manager::<C>::commit_transaction(self.conn)
                .map_err(|error| classified::<C::Db>("committing a load", error))?;
        }
        Ok(())
    }

    /// Ends the load, and says where it failed.
    fn failed(&mut self, cause: Error) -> Error {
        self.roll_back();
        self.state = State::Ended;
        let cause = if self.is_once() { self.without_own(cause) } else { cause };
        let stored = if self.is_once() { 0 } else { self.total() };
        let about = match &cause {
            Error::LoadDiffers { .. } | Error::LoadTaken { .. } => return cause,
            Error::Conflict(conflict) => Some(conflict.element.as_str()),
            Error::Cycle { edge, .. } => Some(edge.as_str()),
            _ => None,
        };
        let step = self.steps.iter().rposition(|(element, _)| about == Some(*element));
        let Some(step) = step.or_else(|| self.steps.len().checked_sub(1)) else { return cause };
        let element = self.steps.get(step).map_or("", |(element, _)| element);
        Error::Load(Box::new(Failure { step: step + 1, element, row: self.row, stored, cause }))
    }

    /// What stands in the way and was taken back with the load was a row of it.
    fn without_own(&mut self, cause: Error) -> Error {
        let Error::Conflict(mut conflict) = cause else { return cause };
        if let Some(id) = conflict.existing {
            let is_node = self.graph.vocabulary.node(&conflict.element).is_ok();
            let table = if is_node { Table::Nodes } else { Table::Edges };
            // A connection that is broken has no better answer.
            if matches!(is_stored(self.conn, self.graph.id, table, id), Ok(false)) {
                (conflict.existing, conflict.in_batch) = (None, true);
            }
        }
        Error::Conflict(conflict)
    }

    fn roll_back(&mut self) {
        if std::mem::take(&mut self.in_transaction) {
            // A connection that is broken has lost the transaction anyway.
            let _ = Manager::<C>::rollback_transaction(self.conn);
        }
    }
}

impl<C: GraphConnection> Drop for Session<'_, C> {
    fn drop(&mut self) {
        self.roll_back();
    }
}

fn is_stored<C: GraphConnection>(conn: &mut C, graph: i64, table: Table, id: i64) -> Result<bool> {
    let select = match table {
        Table::Nodes => "SELECT id FROM __metagraph_nodes WHERE graph_id = ",
        Table::Edges => "SELECT id FROM __metagraph_edges WHERE graph_id = ",
    };
    let statement = Statement::new(select).integer(graph).sql(" AND id = ").integer(id);
    Ok(run::optional::<C, i64>(conn, "looking for a conflict", statement)?.is_some())
}
