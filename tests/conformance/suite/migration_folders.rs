//! Diesel migrations that were written from types: run, taken back and run again by Diesel, beside those of others.

use std::fs;
use std::path::Path;

use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use expect_test::expect;
use metagraph::document::CompiledType;
use metagraph::migrations::{self, FolderError, MigrationFolder};
use metagraph::prelude::*;
use metagraph::{GraphBackend, Synced, integrity, types};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::scenarios::{Notes, OfficeGraph, changed, note, notes, office, original, redescribed};
use crate::store::{Inspect, Store};
use crate::suite::evolution::{jobs, wider};

type Folder<S> = MigrationFolder<<<S as Store>::Conn as GraphConnection>::Db>;

/// What the next release calls a shop: somebody brings the items.
mod grown {
    use metagraph::prelude::*;

    use super::original::{GoesWith, Item};

    /// Whoever brings something.
    #[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node)]
    pub(super) struct Supplier {
        #[graph(key)]
        pub(super) name: String,
        #[graph(unique)]
        pub(super) number: u32,
    }

    /// Brings it.
    #[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(edge(from = Supplier, to = Item))]
    pub(super) struct Supplies;

    /// A shop with suppliers.
    #[derive(GraphType)]
    #[graph(name = "shop", version = 2, scope = tenant)]
    pub(super) enum Shop {
        Item(Item),
        GoesWith(GoesWith),
        Supplier(Supplier),
        Supplies(Supplies),
    }
}

/// A folder of Diesel's with a migration of somebody else.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let users = folder.path().join("2000-01-01-000000_users");
    fs::create_dir(&users).unwrap();
    fs::write(users.join("up.sql"), "CREATE TABLE users (id INTEGER PRIMARY KEY); INSERT INTO users VALUES (7);")
        .unwrap();
    fs::write(users.join("down.sql"), "DROP TABLE users;").unwrap();
    folder
}

/// The version that Diesel takes of a folder's name.
fn version(written: &Path) -> String {
    let name = written.file_name().unwrap().to_str().unwrap();
    name.split('_').next().unwrap().replace('-', "")
}

/// Everything that is stored of a type, apart from ids and times.
fn stored(conn: &mut impl GraphConnection, name: &str) -> Vec<Value> {
    let graph_type = serde_json::to_value(types::get(conn, name).unwrap().unwrap()).unwrap();
    let document = serde_json::to_value(types::describe(conn, name).unwrap()).unwrap();
    let nodes = types::node_types(conn, name).unwrap().into_iter().map(|node| serde_json::to_value(node).unwrap());
    let edges = types::edge_types(conn, name).unwrap().into_iter().map(|edge| serde_json::to_value(edge).unwrap());
    let mut values: Vec<_> = [graph_type].into_iter().chain(nodes).chain(edges).collect();
    for value in &mut values {
        let members = value.as_object_mut().unwrap();
        for local in ["id", "createdAt", "updatedAt", "created_at", "updated_at"] {
            members.remove(local);
        }
    }
    values.push(document);
    values
}

fn assert_sound(conn: &mut impl GraphConnection) {
    let report = integrity::check(conn).unwrap();
    assert!(report.is_clean(), "{report}");
}

pub(crate) fn tables_and_types_come_and_go_beside_those_of_others<S: Store>(database: &S) {
    let (conn, folder) = (&mut database.connect(), folder());
    let tables = Folder::<S>::new().tables().write(folder.path(), "metagraph").unwrap();
    let registered = Folder::<S>::new().register::<OfficeGraph>().unwrap().register::<Notes>().unwrap();
    let registered = registered.write(folder.path(), "types").unwrap();
    let versions = ["20000101000000".to_owned(), version(&tables), version(&registered)];
    for _ in 0..2 {
        assert_eq!(conn.run_migrations(folder.path()).unwrap(), versions);
        assert!(metagraph::migrate(conn).unwrap().is_empty());
        assert_eq!(metagraph::sync::<OfficeGraph, _>(conn).unwrap(), Synced::Unchanged);
        assert_eq!(metagraph::sync::<Notes, _>(conn).unwrap(), Synced::Unchanged);
        let graph = office(conn).graph;
        notes(conn).insert(conn, &note("first")).unwrap();
        assert_sound(conn);

        graph.delete_graph(conn).unwrap();
        notes(conn).delete_graph(conn).unwrap();
        assert_eq!(conn.revert_migration(folder.path()).unwrap(), versions[2]);
        assert!(types::list(conn).unwrap().is_empty());
        assert_sound(conn);
        assert_eq!(conn.revert_migration(folder.path()).unwrap(), versions[1]);
        assert_eq!(conn.tables(), ["__diesel_schema_migrations", "users"]);
        assert_eq!(conn.integers("SELECT CAST(id AS bigint) AS answer FROM users"), [7]);
        assert_eq!(conn.revert_migration(folder.path()).unwrap(), versions[0]);
    }
}

pub(crate) fn a_folder_stores_what_sync_stores<S: Store>(database: &S) {
    let (conn, folder) = (&mut database.connect(), folder());
    let one = Folder::<S>::new().tables().register::<OfficeGraph>().unwrap().register::<grown::Shop>().unwrap();
    one.write(folder.path(), "metagraph").unwrap();
    conn.run_migrations(folder.path()).unwrap();
    let files = ["office", "shop"].map(|name| stored(conn, name));
    let (tables, applied) = (conn.tables(), migrations::applied(conn).unwrap());
    // With a graph: the tables go, and everything goes with them.
    office(conn);
    conn.revert_migration(folder.path()).unwrap();
    assert_eq!(conn.tables(), ["__diesel_schema_migrations", "users"]);

    metagraph::migrate(conn).unwrap();
    assert_eq!((conn.tables(), migrations::applied(conn).unwrap()), (tables, applied));
    metagraph::sync::<OfficeGraph, _>(conn).unwrap();
    metagraph::sync::<grown::Shop, _>(conn).unwrap();
    assert_eq!(["office", "shop"].map(|name| stored(conn, name)), files);
}

/// Texts that would end a literal, or begin something else in one.
mod hostile {
    use metagraph::prelude::*;

    #[doc = "it's; -- \"so\" /* ' */\n\n\\ \\' \\n $$ $1 ? :a {} %s é 🜚 \u{7f}\r\ttab"]
    #[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node)]
    pub(super) struct Quoted {
        #[schemars(regex(pattern = r"^[^'\\]+\d$"))]
        #[serde(rename = "a;b--c $$ E")]
        #[graph(index)]
        pub(super) text: String,
    }

    #[doc = "\\"]
    #[derive(GraphType)]
    #[graph(name = "hostile-texts")]
    pub(super) enum Hostile {
        Quoted(Quoted),
    }
}

pub(crate) fn any_text_comes_through_a_file<S: Store>(database: &S) {
    let (conn, folder) = (&mut database.connect(), folder());
    Folder::<S>::new().tables().write(folder.path(), "metagraph").unwrap();
    let types_folder = Folder::<S>::new().register::<hostile::Hostile>().unwrap();
    types_folder.write(folder.path(), "types").unwrap();
    let compiled = CompiledType::of::<hostile::Hostile>().unwrap();
    let settings: &[&str] = match <S::Conn as GraphConnection>::Db::NAME {
        "PostgreSQL" => &["on", "off"],
        _ => &["on"],
    };
    for setting in settings {
        if settings.len() > 1 {
            conn.run(&format!("SET standard_conforming_strings = {setting}; SET escape_string_warning = off"));
        }
        conn.run_migrations(folder.path()).unwrap();
        assert_eq!(metagraph::sync::<hostile::Hostile, _>(conn).unwrap(), Synced::Unchanged);
        assert_eq!(types::describe(conn, "hostile-texts").unwrap(), *compiled.document());
        assert_eq!(types::get(conn, "hostile-texts").unwrap().unwrap().description, "\\");
        let quoted = types::node_types(conn, "hostile-texts").unwrap().remove(0);
        let schema = &compiled.document().nodes["quoted"].schema;
        assert_eq!((quoted.schema, Value::from(quoted.description)), (schema.clone(), schema["description"].clone()));
        let graph = Graph::<hostile::Hostile>::open_or_create(conn, "texts").unwrap();
        graph.insert(conn, &hostile::Quoted { text: "é7".to_owned() }).unwrap();
        graph.delete_graph(conn).unwrap();
        conn.revert_migration(folder.path()).unwrap();
        conn.revert_migration(folder.path()).unwrap();
    }
}

pub(crate) fn a_type_with_graphs_is_not_taken_back<S: Store>(database: &S) {
    let (conn, folder) = (&mut database.connect(), folder());
    Folder::<S>::new().tables().write(folder.path(), "metagraph").unwrap();
    Folder::<S>::new().register::<OfficeGraph>().unwrap().write(folder.path(), "office").unwrap();
    conn.run_migrations(folder.path()).unwrap();
    let graph = office(conn).graph;
    let census = conn.census();
    let refused = conn.revert_migration(folder.path()).unwrap_err();
    assert!(refused.to_lowercase().contains("null"), "{refused}");
    assert_eq!(conn.census(), census);
    graph.delete_graph(conn).unwrap();
    conn.revert_migration(folder.path()).unwrap();
    assert!(types::list(conn).unwrap().is_empty());
}

pub(crate) fn later_tables_come_alone<S: Store>(database: &S) {
    let (conn, folder) = (&mut database.connect(), folder());
    let first = Folder::<S>::new().tables();
    first.write(folder.path(), "all").unwrap();
    conn.run_migrations(folder.path()).unwrap();
    let (tables, applied) = (conn.tables(), migrations::applied(conn).unwrap());
    // Back to what the first release had.
    let later = Folder::<S>::new().tables_after("0001").unwrap();
    conn.run(&later.down());
    assert_eq!(migrations::applied(conn).unwrap(), ["0001"]);
    assert!(conn.tables().len() < tables.len());

    let written = later.write(folder.path(), "later").unwrap();
    assert_eq!(conn.run_migrations(folder.path()).unwrap(), [version(&written)]);
    assert_eq!((conn.tables(), migrations::applied(conn).unwrap()), (tables, applied));
    assert!(metagraph::migrate(conn).unwrap().is_empty());
    office(conn);
    let last = migrations::all::<S::Conn>().last().unwrap().version();
    for unknown in [last, "", "0001'"] {
        let refused = Folder::<S>::new().tables_after(unknown).unwrap_err();
        assert!(matches!(refused, FolderError::UnknownVersion { .. }), "{refused}");
    }
}

/// A database with a shop of the first release, and the change to the next one in its folder.
fn shop<S: Store>(conn: &mut S::Conn) -> TempDir {
    let folder = folder();
    Folder::<S>::new().tables().write(folder.path(), "metagraph").unwrap();
    Folder::<S>::new().register::<original::Shop>().unwrap().write(folder.path(), "shop").unwrap();
    conn.run_migrations(folder.path()).unwrap();
    let graph = Graph::<original::Shop>::open_or_create(conn, "corner").unwrap();
    graph.insert(conn, &original::Item { name: "tea".into(), price: 7 }).unwrap();
    let before = CompiledType::of::<original::Shop>().unwrap();
    let change = Folder::<S>::new().change::<grown::Shop>(before.document()).unwrap();
    change.write(folder.path(), "suppliers").unwrap();
    folder
}

fn revision(conn: &mut impl GraphConnection) -> i64 {
    types::get(conn, "shop").unwrap().unwrap().revision
}

pub(crate) fn a_changed_type_is_migrated_and_taken_back<S: Store>(database: &S) {
    let conn = &mut database.connect();
    let folder = shop::<S>(conn);
    let before = stored(conn, "shop");
    for _ in 0..2 {
        assert_eq!(conn.run_migrations(folder.path()).unwrap().len(), 1);
        assert_eq!(metagraph::sync::<grown::Shop, _>(conn).unwrap(), Synced::Unchanged);
        assert_eq!(revision(conn), 2);
        let graph = Graph::<grown::Shop>::open(conn, "corner").unwrap();
        let tea = graph.get_by_key::<original::Item>(conn, "tea").unwrap().unwrap();
        let supplier = graph.insert(conn, &grown::Supplier { name: "ann".into(), number: 1 }).unwrap();
        let taken = graph.insert(conn, &grown::Supplier { name: "bob".into(), number: 1 });
        assert!(taken.unwrap_err().is_conflict(), "sync created the index");
        graph.connect(conn, supplier, tea.id, &grown::Supplies).unwrap();
        assert_sound(conn);

        graph.delete(conn, supplier).unwrap();
        conn.revert_migration(folder.path()).unwrap();
        assert_eq!(stored(conn, "shop"), before);
        assert_eq!(metagraph::sync::<original::Shop, _>(conn).unwrap(), Synced::Unchanged);
        let graph = Graph::<original::Shop>::open(conn, "corner").unwrap();
        assert_eq!(graph.nodes::<original::Item>().load(conn).unwrap().len(), 1);
        metagraph::indexes::drop_stale(conn).unwrap();
        assert_sound(conn);
    }
    // Written by a file or by `sync`, it is the same.
    conn.run_migrations(folder.path()).unwrap();
    let mut from_file = stored(conn, "shop");
    conn.revert_migration(folder.path()).unwrap();
    Graph::<original::Shop>::open(conn, "corner").unwrap().delete_graph(conn).unwrap();
    types::delete(conn, "shop").unwrap();
    metagraph::sync::<grown::Shop, _>(conn).unwrap();
    from_file[0]["revision"] = 1.into();
    assert_eq!(stored(conn, "shop"), from_file);
}

pub(crate) fn a_change_begins_with_its_own_document<S: Store>(database: &S) {
    let conn = &mut database.connect();
    let folder = shop::<S>(conn);
    metagraph::sync::<redescribed::Shop, _>(conn).unwrap();
    let before = stored(conn, "shop");
    let refused = conn.run_migrations(folder.path()).unwrap_err();
    assert!(refused.to_lowercase().contains("null"), "{refused}");
    assert_eq!(stored(conn, "shop"), before);
    metagraph::sync::<original::Shop, _>(conn).unwrap();
    assert_eq!(conn.run_migrations(folder.path()).unwrap().len(), 1);
    assert_eq!(revision(conn), 2);
}

pub(crate) fn a_type_in_use_stays_when_a_change_is_taken_back<S: Store>(database: &S) {
    let conn = &mut database.connect();
    let folder = shop::<S>(conn);
    conn.run_migrations(folder.path()).unwrap();
    let graph = Graph::<grown::Shop>::open(conn, "corner").unwrap();
    graph.insert(conn, &grown::Supplier { name: "ann".into(), number: 1 }).unwrap();
    let before = (stored(conn, "shop"), conn.census());
    conn.revert_migration(folder.path()).unwrap_err();
    assert_eq!((stored(conn, "shop"), conn.census()), before);
}

pub(crate) fn changes_of_words_are_no_revision<S: Store>(database: &S) {
    let conn = &mut database.connect();
    metagraph::migrate(conn).unwrap();
    metagraph::sync::<original::Shop, _>(conn).unwrap();
    let before = stored(conn, "shop");
    let compiled = CompiledType::of::<original::Shop>().unwrap();
    let change = Folder::<S>::new().change::<redescribed::Shop>(compiled.document()).unwrap();
    conn.run(&change.up());
    assert_eq!(metagraph::sync::<redescribed::Shop, _>(conn).unwrap(), Synced::Unchanged);
    assert_eq!(revision(conn), 1);
    assert_sound(conn);
    conn.run(&change.down());
    assert_eq!(stored(conn, "shop"), before);
}

pub(crate) fn a_new_attribute_asks_for_rows_that_have_one<S: Store>(database: &S) {
    let conn = &mut database.connect();
    metagraph::migrate(conn).unwrap();
    metagraph::sync::<jobs::Jobs, _>(conn).unwrap();
    let graph = metagraph::DynamicGraph::open_or_create(conn, "jobs", "plant").unwrap();
    let job = |id: &str, note: Value| json!({"id": id, "size": 1, "mail": "m", "note": note});
    let ids = graph.insert_many(conn, "job", &[job("a", json!(5))]).unwrap();
    let compiled = CompiledType::of::<jobs::Jobs>().unwrap();
    let change = Folder::<S>::new().change::<wider::Jobs>(compiled.document()).unwrap();
    let before = stored(conn, "jobs");
    let outcome = conn.transaction(|conn| conn.batch_execute(&change.up()));
    assert!(outcome.unwrap_err().to_string().to_lowercase().contains("null"));
    assert_eq!(stored(conn, "jobs"), before);
    graph.delete_node(conn, ids[0]).unwrap();
    conn.transaction(|conn| conn.batch_execute(&change.up())).unwrap();
    assert_eq!(metagraph::sync::<wider::Jobs, _>(conn).unwrap(), Synced::Unchanged);
    let stale = graph.insert_many(conn, "job", &[job("b", Value::Null)]).unwrap_err();
    assert_eq!(stale.code(), "MG1003");
    let graph = Graph::<wider::Jobs>::open(conn, "plant").unwrap();
    let job = wider::Job { id: "c".into(), size: 1, mail: "m".into(), note: Some("new".into()) };
    graph.insert(conn, &job).unwrap();
    assert_sound(conn);
}

pub(crate) fn what_rows_decide_is_refused<S: Store>(_: &S) {
    let compiled = CompiledType::of::<original::Shop>().unwrap();
    let refused = Folder::<S>::new().change::<changed::Shop>(compiled.document()).unwrap_err();
    let told = expect![[r#"
        changes of `shop` could need rows to change, which a file cannot decide; `metagraph::Evolution` does:
          `goes_with`: only one edge may leave a node now (undecidable: the rows decide)"#]];
    told.assert_eq(&refused.to_string());
    let grown = CompiledType::of::<grown::Shop>().unwrap();
    let refused = Folder::<S>::new().change::<original::Shop>(grown.document()).unwrap_err();
    let told = expect![[r#"
        changes of `shop` could need rows to change, which a file cannot decide; `metagraph::Evolution` does:
          `supplier`: it is gone (breaking)
          `supplies`: it is gone (breaking)"#]];
    told.assert_eq(&refused.to_string());
    let refused = Folder::<S>::new().change::<original::Shop>(compiled.document()).unwrap_err();
    expect!["the stored `shop` is the compiled one: there is nothing to migrate"].assert_eq(&refused.to_string());
    let refused = Folder::<S>::new().change::<Notes>(compiled.document()).unwrap_err();
    expect!["the stored document is that of `shop`, and the type is `notes`"].assert_eq(&refused.to_string());
}
