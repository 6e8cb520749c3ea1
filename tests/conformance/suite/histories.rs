//! Random histories: after every step the store says and holds what a small model in memory does.

mod answer;
mod generate;
mod model;
mod rules;
mod run;
#[cfg(feature = "postgres")]
mod side_by_side;
mod step;
mod world;

use std::cell::RefCell;

use metagraph::PartOf;
use metagraph::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use self::generate::history;
use self::model::Model;
use self::run::Run;
use self::step::{EdgeVerb, NodeVerb, Step, Via};
use self::world::{Anyone, Directed, Looped, Narrow, NarrowMixed, Ordered, Undirected, World};

/// Histories for each graph type; there are six.
const HISTORIES: u32 = 350;

fn law<G: World>(conn: &mut impl GraphConnection)
where
    Anyone: PartOf<G>,
{
    metagraph::sync::<G, _>(conn).unwrap();
    let conn = RefCell::new(conn);
    let config = Config { cases: HISTORIES, source_file: Some(file!()), ..Config::default() };
    let outcome = TestRunner::new(config).run(&history(G::RULES), |history| {
        let conn = &mut **conn.borrow_mut();
        live::<G, _>(conn, &history).map(drop)
    });
    outcome.unwrap();
}

/// Lives through a history from its beginning to its end, and tells what the refusals on the way said.
fn live<G: World, C: GraphConnection>(conn: &mut C, history: &[Step]) -> Result<Vec<String>, TestCaseError>
where
    Anyone: PartOf<G>,
{
    let mut run = Run::<G>::begin(conn);
    let mut model = Model::new(G::RULES);
    for step in history {
        follow(conn, &mut run, &mut model, step)?;
    }
    for via in [Via::Dynamic, Via::Typed] {
        for kind in G::RULES.nodes {
            follow(conn, &mut run, &mut model, &Step::nodes(via, kind.name, NodeVerb::All))?;
        }
        for kind in G::RULES.edges {
            follow(conn, &mut run, &mut model, &Step::edges(via, kind.name, EdgeVerb::All))?;
        }
    }
    Ok(run.said)
}

/// Why a transaction of a history ends without a commit.
enum End {
    RolledBack,
    Failed(TestCaseError),
}

impl From<diesel::result::Error> for End {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(TestCaseError::fail(error.to_string()))
    }
}

fn follow<G: World, C: GraphConnection>(
    conn: &mut C,
    run: &mut Run<G>,
    model: &mut Model,
    step: &Step,
) -> Result<(), TestCaseError>
where
    Anyone: PartOf<G>,
{
    let Step::Together(steps, commit) = step else {
        let answer = run.take(conn, model, step);
        prop_assert_eq!(answer, model.take(step), "{:?}, which said {:?}", step, run.said.last());
        return Ok(());
    };
    let before = (run.save(), model.clone());
    let outcome = conn.transaction(|conn| {
        steps.iter().try_for_each(|step| follow(conn, run, model, step).map_err(End::Failed))?;
        if *commit { Ok(()) } else { Err(End::RolledBack) }
    });
    match outcome {
        Ok(()) => Ok(()),
        Err(End::RolledBack) => {
            run.restore(before.0);
            *model = before.1;
            Ok(())
        }
        Err(End::Failed(failure)) => Err(failure),
    }
}

macro_rules! laws {
    ($($case:ident in $world:ident;)+) => {
        $(pub(crate) fn $case(conn: &mut impl GraphConnection) {
            law::<$world>(conn);
        })+
    };
}

laws! {
    histories_of_directed_edges_are_as_in_the_model in Directed;
    histories_with_loops_and_edges_without_direction_are_as_in_the_model in Looped;
    histories_without_cycles_are_as_in_the_model in Ordered;
    histories_of_simple_graphs_are_as_in_the_model in Narrow;
    histories_of_simple_mixed_graphs_are_as_in_the_model in NarrowMixed;
    histories_of_simple_undirected_graphs_are_as_in_the_model in Undirected;
}
