CREATE TABLE __metagraph_graph_types (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    config TEXT NOT NULL CHECK (json_valid(config)),
    scope TEXT NOT NULL CHECK (scope IN ('system', 'tenant', 'user')),
    version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    hash TEXT NOT NULL,
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE __metagraph_graph_type_versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    graph_type_id INTEGER NOT NULL REFERENCES __metagraph_graph_types (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)),
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (graph_type_id, revision)
) STRICT;

CREATE TABLE __metagraph_node_types (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    graph_type_id INTEGER NOT NULL REFERENCES __metagraph_graph_types (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    schema TEXT NOT NULL CHECK (json_valid(schema)),
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (graph_type_id, name)
) STRICT;

CREATE TABLE __metagraph_edge_types (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    graph_type_id INTEGER NOT NULL REFERENCES __metagraph_graph_types (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    schema TEXT NOT NULL CHECK (json_valid(schema)),
    allowed_source_types TEXT NOT NULL CHECK (json_valid(allowed_source_types)),
    allowed_target_types TEXT NOT NULL CHECK (json_valid(allowed_target_types)),
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (graph_type_id, name)
) STRICT;

CREATE TABLE __metagraph_graphs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    graph_type_id INTEGER NOT NULL REFERENCES __metagraph_graph_types (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'archived')),
    owner TEXT,
    project TEXT,
    guarded_writes INTEGER NOT NULL DEFAULT 0,
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX __metagraph_graphs_uid ON __metagraph_graphs (uid);

CREATE INDEX __metagraph_graphs_name ON __metagraph_graphs (graph_type_id, name);

CREATE INDEX __metagraph_graphs_owner ON __metagraph_graphs (owner, project) WHERE owner IS NOT NULL;

CREATE INDEX __metagraph_graphs_project ON __metagraph_graphs (project) WHERE project IS NOT NULL;

CREATE TABLE __metagraph_nodes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    graph_id INTEGER NOT NULL REFERENCES __metagraph_graphs (id) ON DELETE CASCADE,
    node_type_id INTEGER NOT NULL REFERENCES __metagraph_node_types (id),
    key TEXT NOT NULL,
    attributes TEXT NOT NULL CHECK (json_valid(attributes)),
    metadata TEXT CHECK (json_valid(metadata)),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (graph_id, node_type_id, key),
    UNIQUE (graph_id, id)
) STRICT;

CREATE TABLE __metagraph_edges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    graph_id INTEGER NOT NULL,
    edge_type_id INTEGER NOT NULL REFERENCES __metagraph_edge_types (id),
    key TEXT,
    source_id INTEGER NOT NULL,
    target_id INTEGER NOT NULL,
    undirected INTEGER NOT NULL CHECK (undirected IN (0, 1)),
    reversed INTEGER NOT NULL CHECK (reversed IN (0, 1)),
    attributes TEXT CHECK (json_valid(attributes)),
    metadata TEXT CHECK (json_valid(metadata)),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    simple INTEGER,
    one_out INTEGER,
    one_in INTEGER,
    FOREIGN KEY (graph_id, source_id) REFERENCES __metagraph_nodes (graph_id, id) ON DELETE CASCADE,
    FOREIGN KEY (graph_id, target_id) REFERENCES __metagraph_nodes (graph_id, id) ON DELETE CASCADE
) STRICT;

CREATE UNIQUE INDEX __metagraph_edges_out ON __metagraph_edges (graph_id, source_id, edge_type_id, target_id, slot);

CREATE INDEX __metagraph_edges_in ON __metagraph_edges (graph_id, target_id, edge_type_id, source_id);

CREATE UNIQUE INDEX __metagraph_edges_key ON __metagraph_edges (graph_id, edge_type_id, key) WHERE key IS NOT NULL;

CREATE UNIQUE INDEX __metagraph_edges_simple ON __metagraph_edges (graph_id, source_id, target_id) WHERE simple = 1;

CREATE UNIQUE INDEX __metagraph_edges_simple_mixed
    ON __metagraph_edges (graph_id, min(source_id, target_id), max(source_id, target_id)) WHERE simple = 2;

CREATE UNIQUE INDEX __metagraph_edges_one_out ON __metagraph_edges (graph_id, source_id, edge_type_id) WHERE one_out = 1;

CREATE UNIQUE INDEX __metagraph_edges_one_in ON __metagraph_edges (graph_id, target_id, edge_type_id) WHERE one_in = 1;

CREATE TABLE __metagraph_actors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'service', 'agent', 'system')),
    name TEXT NOT NULL,
    subject TEXT UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'deactivated')),
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
