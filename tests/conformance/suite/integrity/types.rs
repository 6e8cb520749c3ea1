//! Types that are there twice, and schema documents that are not as they are written.

use expect_test::expect;
use metagraph::integrity::{self, Damage};

use super::{careless, found, run};
use crate::scenarios::{office, packages, people};
use crate::store::Inspect;

pub(crate) fn types_of_one_name_are_found(conn: &mut impl Inspect) {
    office(conn);
    packages(conn, []);
    careless(conn);
    let loose = |table: &str| {
        format!("CREATE TABLE loose AS SELECT * FROM {table}; DROP TABLE {table}; ALTER TABLE loose RENAME TO {table};")
    };
    run(
        conn,
        &["PRAGMA legacy_alter_table = ON;", &loose("__metagraph_graph_types"), &loose("__metagraph_node_types")]
            .concat(),
        "ALTER TABLE __metagraph_graph_types DROP CONSTRAINT __metagraph_graph_types_name; \
         ALTER TABLE __metagraph_node_types DROP CONSTRAINT __metagraph_node_types_name",
    );
    conn.run(
        "UPDATE __metagraph_graph_types SET name = 'office' WHERE name = 'packages'; \
         UPDATE __metagraph_node_types SET name = 'person' WHERE name = 'team'",
    );
    expect![[r#"
        checked 2 graph types, 2 graphs, 5 nodes, 1 edge and 0 actors; 6 kinds of damage were found:
        type_columns         graph type office               1  The row of a type says something else than its schema document.
            id 2: `name` is not what the schema document says
        missing_type         graph type office/team          1  A member of a schema document has no row.
            the node type has no row
        duplicate_type       graph type office               1  Several types have one name.
            id 2: has the name of graph type 1
        duplicate_type       graph type office/person        1  Several types have one name.
            id 3: has the name of node type 2
        schema               node office/person              2  Attributes do not fit the stored schema.
            graph 1, id 3, `kernel`: /: "age" is a required property
            graph 1, id 4, `tools`: /: "age" is a required property
        end_type             edge office/member_of           1  An end of an edge has a type that the edge type does not connect.
            graph 1, id 1: runs from `person` to `person`; it can run from `person` to no type that has a row"#]].assert_eq(&found(conn));
}

pub(crate) fn documents_that_are_not_as_they_are_written_are_found(conn: &mut impl Inspect) {
    office(conn);
    people(conn, []);
    let of = |name: &str| format!("graph_type_id = (SELECT id FROM __metagraph_graph_types WHERE name = '{name}')");
    conn.run(&format!(
        "UPDATE __metagraph_graph_type_versions SET document = document || ' ' WHERE {}; \
         UPDATE __metagraph_graph_type_versions SET version = 7 WHERE {}",
        of("office"),
        of("people"),
    ));
    expect![[r#"
        checked 2 graph types, 2 graphs, 5 nodes, 1 edge and 0 actors; 3 kinds of damage were found:
        document_hash        graph type office        1  A stored hash is not the one of the schema document.
            id 1: the hash of revision 1 is not the one of its schema document
        document_text        graph type office        1  A schema document is not stored in its canonical text.
            id 1: the schema document of revision 1 is not in its canonical text
        type_columns         graph type people        1  The row of a type says something else than its schema document.
            id 2: `version` of revision 1 is not what its schema document says"#]]
    .assert_eq(&found(conn));
}

pub(crate) fn schemas_that_cannot_be_used_are_found(conn: &mut impl Inspect) {
    office(conn);
    conn.run(
        "UPDATE __metagraph_graph_type_versions \
         SET document = replace(document, '\"type\":\"object\"', '\"type\":\"thing\"')",
    );
    let report = integrity::check(conn).unwrap();
    let unusable: Vec<_> = report.of(Damage::InvalidDocument).flat_map(|finding| &finding.samples).collect();
    assert!(!unusable.is_empty(), "{report}");
    for sample in unusable {
        assert!(sample.message.starts_with("the schema cannot be used: "), "{sample}");
    }
}
