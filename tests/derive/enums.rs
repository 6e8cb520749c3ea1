//! Enums that serialise to an object, as node and edge types.

use metagraph::definition::Shape;
use metagraph::{EdgeType, Element, GraphType, NodeSet, NodeType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Crash {
    signal: u8,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[graph(node)]
enum Event {
    Started { at: u64 },
    Stopped,
    Crashed(Crash),
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(tag = "kind", content = "of")]
#[graph(edge(from = Event, to = Event))]
enum Link {
    Before(u32),
    Beside,
}

#[test]
fn tagged_enums_are_stored_as_objects() {
    for event in [Event::Started { at: 1 }, Event::Stopped, Event::Crashed(Crash { signal: 9 })] {
        let stored = serde_json::to_value(&event).unwrap();
        assert!(stored.is_object());
        assert_eq!(Event::decode("event", &stored.to_string()).unwrap(), event);
    }
    for link in [Link::Before(1), Link::Beside] {
        assert!(serde_json::to_value(&link).unwrap().is_object());
    }
}

#[test]
fn tagged_enums_have_no_typed_handles() {
    let definition = Event::DEFINITION.element;
    assert_eq!((definition.shape, definition.fields.len()), (Shape::Object, 0));
    assert_eq!(Link::DEFINITION.element.fields.len(), 0);
    assert_eq!(Link::NAME, "link");
}
