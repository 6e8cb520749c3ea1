//! Texts that cannot be keys, be indexed, or be stored on the other database.

use expect_test::expect;
use metagraph::integrity::{self, Damage};

use super::{careless, found, is_sqlite};
use crate::scenarios::{Member, club, member, office};
use crate::store::Inspect;

pub(crate) fn keys_that_cannot_be_keys_are_found(conn: &mut impl Inspect) {
    office(conn);
    conn.run(&format!("UPDATE __metagraph_nodes SET key = '{}' WHERE key = 'kernel'", "x".repeat(1025)));
    let report = integrity::check(conn).unwrap();
    let found: Vec<_> = report.of(Damage::InvalidKey).flat_map(|finding| &finding.samples).collect();
    assert_eq!(found.len(), 1, "{report}");
    expect!["a key has at most 1024 bytes, this one has 1025"].assert_eq(&found[0].message);
}

pub(crate) fn attributes_that_are_too_long_for_their_index_are_found(conn: &mut impl Inspect) {
    let graph = club(conn);
    graph.insert(conn, &Member { email: Some("short".into()), ..member("ada") }).unwrap();
    let long = "x".repeat(1025);
    conn.run(&format!(
        "UPDATE __metagraph_nodes SET attributes = '{{\"name\":\"ada\",\"email\":\"{long}\",\"age\":1}}'"
    ));
    expect![[r#"
        checked 1 graph type, 1 graph, 1 node, 0 edges and 0 actors; 1 kind of damage was found:
        too_long             node club/member        1  A text is longer than an index entry can be.
            graph 1, id 1, `ada`: `email` of member has 1025 bytes, at most 1024 can be indexed"#]]
    .assert_eq(&found(conn));
}

/// PostgreSQL stores none of these.
pub(crate) fn texts_that_only_one_database_stores_are_found(conn: &mut impl Inspect) {
    office(conn);
    careless(conn);
    if !is_sqlite(conn) {
        return;
    }
    conn.run(
        "UPDATE __metagraph_nodes SET key = CAST(x'6164FF' AS TEXT) WHERE key = 'ada'; \
         UPDATE __metagraph_graphs SET description = CAST(x'FF' AS TEXT), owner = 'a' || char(0), uid = 'none'",
    );
    expect![[r#"
        checked 1 graph type, 1 graph, 5 nodes, 1 edge and 0 actors; 5 kinds of damage were found:
        invalid_word         graph office              1  A column holds a word that it cannot hold.
            id 1: `uid` is no UUID
        invalid_text         graph office              1  A text is not UTF-8.
            id 1: `description` is not UTF-8
        invalid_text         node office/person        1  A text is not UTF-8.
            graph 1, id 1, `ad�`: `key` is not UTF-8
        nul_character        graph office              1  A text holds U+0000, which PostgreSQL does not store.
            id 1: `owner` holds U+0000
        key_column           node office/person        1  The key column differs from the key attribute.
            graph 1, id 1, `ad�`: the attribute `name` holds `ada`"#]]
    .assert_eq(&found(conn));
}
