//! Imports: the members of another graph type are members here, without being named here.

use metagraph::definition::Member;
use metagraph::{Contains, Element, GraphType};

mod people {
    use metagraph::GraphType;
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node)]
    pub(crate) struct Person {
        pub(crate) name: String,
    }

    #[derive(Debug, GraphType)]
    #[graph(name = "people")]
    pub(crate) enum People {
        Person(Person),
    }
}

use metagraph_test_published::{Blocks, Pipeline, Step, Task, TaskGraph};
use people::{People, Person};

mod nested {
    use super::{GraphType, People, Person, Task, TaskGraph};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(edge(from = super::people::Person, to = Task))]
    pub(crate) struct Owns;

    #[derive(Debug, GraphType)]
    #[graph(version = 1)]
    pub(crate) enum Work {
        #[graph(import)]
        Tasks(TaskGraph),
        Owns(Owns),
        #[graph(import)]
        People(People),
    }

    #[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node)]
    pub(crate) struct Company {}

    #[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(edge(from = Company, to = Person))]
    pub(crate) struct Employs {}

    #[derive(Debug, GraphType)]
    #[graph(mixed)]
    pub(crate) enum Firm {
        Company(Company),
        #[graph(import)]
        Work(Work),
        Employs(Employs),
    }
}

fn contains<G: Contains<X>, X>() {}

#[test]
fn an_import_brings_all_members() {
    contains::<nested::Work, Task>();
    contains::<nested::Work, Blocks>();
    contains::<nested::Work, Person>();
    contains::<nested::Work, nested::Owns>();
    let members = nested::Work::DEFINITION.members;
    assert!(matches!(members[0], Member::Import(imported) if imported.name == "tasks"));
    assert!(matches!(members[1], Member::Edge(edge) if edge.element.name == nested::Owns::NAME));
}

#[test]
fn an_import_of_an_import_brings_its_members() {
    contains::<nested::Firm, nested::Company>();
    contains::<nested::Firm, nested::Employs>();
    contains::<nested::Firm, nested::Owns>();
    contains::<nested::Firm, Task>();
    contains::<nested::Firm, Blocks>();
    contains::<nested::Firm, Person>();
}

#[test]
fn an_import_from_another_crate_may_import_too() {
    #[derive(GraphType)]
    #[graph(name = "build")]
    enum Build {
        #[graph(import)]
        Pipeline(Pipeline),
        Person(Person),
        Owns(nested::Owns),
    }

    contains::<Build, Step>();
    contains::<Build, Task>();
    contains::<Build, Blocks>();
    contains::<Build, nested::Owns>();
}

#[test]
fn an_imported_member_decodes_through_its_graph_type() {
    let decoded = nested::Firm::decode("task", r#"{"title": "sweep"}"#);
    let Some(Ok(nested::Firm::Work(nested::Work::Tasks(TaskGraph::Task(task))))) = decoded else {
        panic!("decoded as {decoded:?}")
    };
    assert_eq!(task, Task { title: "sweep".into() });
    assert!(matches!(nested::Firm::decode("task", "[]"), Some(Err(_))));
    assert!(nested::Firm::decode("nobody", "{}").is_none());
}

#[test]
fn the_derive_numbers_as_many_places_as_there_are() {
    use metagraph::__private::{SLOTS, Slot};

    fn place<G: Slot<(), { SLOTS - 1 }>>() {}
    place::<TaskGraph>();
    place::<nested::Firm>();
}

#[test]
fn types_inside_a_function_can_import_each_other() {
    #[derive(GraphType)]
    #[graph(name = "inner")]
    enum Inner {
        Task(Task),
    }

    #[derive(GraphType)]
    #[graph(name = "outer")]
    enum Outer {
        #[graph(import)]
        Inner(Inner),
        #[graph(import)]
        People(People),
    }

    contains::<Outer, Task>();
    contains::<Outer, Person>();
}
