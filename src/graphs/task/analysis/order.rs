//! In which order, what at once, and what waits for each other.

use std::collections::VecDeque;

use super::super::TaskError;
use super::super::graph::TaskGraph;

impl TaskGraph {
    /// Ids of all tasks, each behind those it depends on.
    ///
    /// ```
    /// use metagraph::graphs::task::{TaskError, TaskGraph, TaskInput};
    ///
    /// let tasks = [TaskInput::new("api", "API", ["schema"]), TaskInput::new("schema", "Schema", [""; 0])];
    /// assert_eq!(TaskGraph::from_tasks(&tasks).strict()?.topological_order()?, ["schema", "api"]);
    ///
    /// let tasks = [TaskInput::new("api", "API", ["schema"]), TaskInput::new("schema", "Schema", ["api"])];
    /// let refused = TaskGraph::from_tasks(&tasks).strict()?.topological_order().unwrap_err().to_string();
    /// assert!(refused.ends_with("\n- `api` → `schema` → `api`"));
    /// # Ok::<(), TaskError>(())
    /// ```
    ///
    /// # Errors
    /// [`TaskError::Cycles`] when some wait for each other.
    pub fn topological_order(&self) -> Result<Vec<&str>, TaskError> {
        Ok(self.ids(self.order()?))
    }

    /// Ids of the tasks that can be done at once: first those that depend on nothing, then those that depend on these alone,
    /// and so on.
    ///
    /// ```
    /// use metagraph::graphs::task::{TaskGraph, TaskInput};
    ///
    /// let tasks = [
    ///     TaskInput::new("schema", "Schema", [""; 0]),
    ///     TaskInput::new("docs", "Docs", [""; 0]),
    ///     TaskInput::new("api", "API", ["schema"]),
    /// ];
    /// assert_eq!(TaskGraph::from_tasks(&tasks).strict()?.generations()?, [vec!["schema", "docs"], vec!["api"]]);
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    ///
    /// # Errors
    /// [`TaskError::Cycles`] when some wait for each other.
    pub fn generations(&self) -> Result<Vec<Vec<&str>>, TaskError> {
        let mut depths = vec![0; self.len()];
        let mut generations: Vec<Vec<&str>> = Vec::new();
        for place in self.order()? {
            let before = self.before(place).iter().filter_map(|&from| depths.get(from));
            let depth = before.max().map_or(0, |deepest: &usize| deepest + 1);
            if let Some(known) = depths.get_mut(place) {
                *known = depth;
            }
            if generations.len() <= depth {
                generations.push(Vec::new());
            }
            if let Some(generation) = generations.get_mut(depth) {
                generation.push(self.id(place));
            }
        }
        Ok(generations)
    }

    /// Whether some tasks wait for each other.
    pub fn has_cycles(&self) -> bool {
        self.sorted().len() < self.len()
    }

    /// A cycle for each dependency that closes one, as a search from the first task on meets them: not all there are,
    /// which may be very many.
    ///
    /// ```
    /// use metagraph::graphs::task::{TaskGraph, TaskInput};
    ///
    /// let tasks = [TaskInput::new("a", "A", ["b"]), TaskInput::new("b", "B", ["a"]), TaskInput::new("c", "C", ["a"])];
    /// assert_eq!(TaskGraph::from_tasks(&tasks).strict()?.find_cycles(), [["a", "b"]]);
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    pub fn find_cycles(&self) -> Vec<Vec<String>> {
        if !self.has_cycles() {
            return Vec::new();
        }
        let mut search = Search { graph: self, seen: vec![Seen::Not; self.len()], way: Vec::new(), cycles: Vec::new() };
        (0..self.len()).for_each(|place| search.from(place));
        let named = |cycle: Vec<usize>| self.ids(cycle).into_iter().map(str::to_owned).collect();
        search.cycles.into_iter().map(named).collect()
    }

    /// Places in topological order.
    pub(in super::super) fn order(&self) -> Result<Vec<usize>, TaskError> {
        let order = self.sorted();
        if order.len() < self.len() { Err(TaskError::Cycles { cycles: self.find_cycles() }) } else { Ok(order) }
    }

    /// Places in topological order, without what is on a cycle or behind one.
    fn sorted(&self) -> Vec<usize> {
        let mut open: Vec<usize> = (0..self.len()).map(|place| self.before(place).len()).collect();
        let mut ready: VecDeque<usize> = (0..self.len()).filter(|&place| self.before(place).is_empty()).collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some(place) = ready.pop_front() {
            order.push(place);
            for &next in self.after(place) {
                if let Some(count) = open.get_mut(next) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push_back(next);
                    }
                }
            }
        }
        order
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Not,
    OnTheWay,
    Done,
}

/// A search in depth that keeps its own stack, as chains may be longer than the program's.
struct Search<'g> {
    graph: &'g TaskGraph,
    seen: Vec<Seen>,
    /// The tasks on the way, with how many of their dependents were looked at.
    way: Vec<(usize, usize)>,
    cycles: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn from(&mut self, start: usize) {
        if self.seen.get(start) == Some(&Seen::Not) {
            self.enter(start);
        }
        while let Some((place, looked_at)) = self.way.last_mut() {
            let (place, next) = (*place, self.graph.after(*place).get(*looked_at).copied());
            *looked_at += 1;
            match next.map(|next| (next, self.seen.get(next).copied())) {
                Some((next, Some(Seen::Not))) => self.enter(next),
                Some((next, Some(Seen::OnTheWay))) => {
                    let way = self.way.iter().map(|(place, _)| *place);
                    self.cycles.push(way.skip_while(|&place| place != next).collect());
                }
                Some(_) => {}
                None => {
                    self.mark(place, Seen::Done);
                    self.way.pop();
                }
            }
        }
    }

    fn enter(&mut self, place: usize) {
        self.mark(place, Seen::OnTheWay);
        self.way.push((place, 0));
    }

    fn mark(&mut self, place: usize, mark: Seen) {
        if let Some(seen) = self.seen.get_mut(place) {
            *seen = mark;
        }
    }
}
