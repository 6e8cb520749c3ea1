//! Each of the four shapes on its happy path.

use metagraph::definition::{Direction, Member, OnDelete, Parallel, Scope, Shape};
use metagraph::{Connects, Contains, EdgeType, Element, GraphType, MemberOf, NodeSet, NodeType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A package named in a lock file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, on_delete = restrict)]
pub(crate) struct Package {
    #[graph(key)]
    pub id: String,
    #[graph(index)]
    pub name: String,
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, name = "registry")]
pub(crate) struct PackageRegistry {
    #[graph(unique = "place")]
    url: String,
    #[graph(unique = "place", index)]
    region: u32,
}

#[derive(Debug, PartialEq, GraphType)]
#[graph(union)]
pub(crate) enum Source {
    Package(Package),
    Registry(PackageRegistry),
}

/// One package needs another.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package), one_out, acyclic)]
pub(crate) struct DependsOn {
    pub optional: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from(Package, PackageRegistry), to = Source), multi)]
pub(crate) struct Mirrors;

/// Everything a lock file says,
/// in one graph.
#[derive(Debug, GraphType)]
#[graph(name = "dependency-graph", version = 3, scope = tenant)]
pub(crate) enum Dependencies {
    Package(Package),
    Registry(PackageRegistry),
    DependsOn(DependsOn),
    Mirrors(Mirrors),
}

#[test]
fn a_node_type_describes_its_attributes() {
    let definition = Package::DEFINITION;
    let element = definition.element;
    assert_eq!(Package::NAME, "package");
    assert_eq!(element.name, "package");
    assert_eq!(element.shape, Shape::Object);
    let names: Vec<_> = element.fields.iter().map(|field| field.name).collect();
    assert_eq!(names, ["id", "name", "version"]);
    assert_eq!(element.key, Some("id"));
    assert_eq!(definition.on_delete, OnDelete::Restrict);
    assert_eq!((element.rust_type)(), "derive::shapes::Package");
    assert_eq!((element.schema)()["description"], "A package named in a lock file.");
    assert_eq!(Package::F.version.name(), Some("version"));
}

#[test]
fn fields_of_one_group_make_one_index() {
    let [place, region] = PackageRegistry::DEFINITION.element.indexes else { panic!("two indexes") };
    assert_eq!((place.name, place.fields, place.unique), ("place", ["url", "region"].as_slice(), true));
    assert_eq!((region.name, region.fields, region.unique), ("region", ["region"].as_slice(), false));
}

#[test]
fn a_key_field_gives_the_identity() {
    let package = Package { id: "serde 1.0".into(), name: "serde".into(), version: "1.0".into() };
    assert_eq!(package.key().unwrap().unwrap().as_str(), "serde 1.0");
    assert_eq!(PackageRegistry { url: String::new(), region: 1 }.key().unwrap(), None);
}

#[test]
fn an_edge_type_connects_what_it_lists() {
    fn connects<E: Connects<S, T>, S, T>() {}
    connects::<DependsOn, Package, Package>();
    connects::<Mirrors, Package, Package>();
    connects::<Mirrors, PackageRegistry, Package>();
    connects::<Mirrors, PackageRegistry, Source>();
    let mirrors = Mirrors::DEFINITION;
    assert_eq!(mirrors.element.shape, Shape::Unit);
    assert_eq!(mirrors.rules.parallel, Some(Parallel::Multi));
    assert_eq!((mirrors.from.len(), mirrors.to.len()), (2, 1));
    assert_eq!(mirrors.to[0].len(), 2);
    let rules = DependsOn::DEFINITION.rules;
    assert!(rules.one_out && rules.acyclic && !rules.one_in && !rules.undirected);
}

#[test]
fn a_union_decodes_to_the_right_variant() {
    fn member<M: MemberOf<Source>>() {}
    member::<Package>();
    member::<Source>();
    let decoded = Source::decode("registry", r#"{"url": "u", "region": 2}"#).unwrap();
    assert_eq!(decoded, Source::Registry(PackageRegistry { url: "u".into(), region: 2 }));
    let refused = Source::decode("other", "{}").unwrap_err();
    assert_eq!(refused.to_string(), "`other` is not a member of `Source`");
    assert!(Package::decode("registry", "{}").is_err());
}

#[test]
fn a_graph_type_lists_its_vocabulary() {
    fn contains<G: Contains<X>, X>() {}
    contains::<Dependencies, Package>();
    contains::<Dependencies, Mirrors>();
    let definition = Dependencies::DEFINITION;
    assert_eq!((definition.name, definition.version, definition.scope), ("dependency-graph", 3, Scope::Tenant));
    assert_eq!(definition.description, "Everything a lock file says,\nin one graph.");
    assert_eq!(definition.rules.direction, Direction::Directed);
    assert!(matches!(definition.members[2], Member::Edge(edge) if edge.element.name == "depends_on"));
    assert!(matches!(Dependencies::decode("mirrors", "{}"), Some(Ok(Dependencies::Mirrors(Mirrors)))));
    assert!(Dependencies::decode("other", "{}").is_none());
}
