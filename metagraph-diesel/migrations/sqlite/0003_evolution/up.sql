ALTER TABLE __metagraph_graphs ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

UPDATE __metagraph_graphs SET revision =
    (SELECT t.revision FROM __metagraph_graph_types AS t WHERE t.id = __metagraph_graphs.graph_type_id);

CREATE TABLE __metagraph_evolutions (
    graph_type_id INTEGER PRIMARY KEY REFERENCES __metagraph_graph_types (id) ON DELETE CASCADE,
    from_revision INTEGER NOT NULL,
    to_revision INTEGER NOT NULL,
    options TEXT NOT NULL CHECK (json_valid(options)),
    graph_id INTEGER NOT NULL,
    step INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    report TEXT NOT NULL CHECK (json_valid(report)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
