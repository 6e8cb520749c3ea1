CREATE TABLE __metagraph_loads (
    graph_id INTEGER NOT NULL REFERENCES __metagraph_graphs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    step INTEGER NOT NULL,
    element TEXT NOT NULL,
    loaded INTEGER NOT NULL,
    ids TEXT NOT NULL CHECK (json_valid(ids)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (graph_id, name, step)
) STRICT, WITHOUT ROWID;
