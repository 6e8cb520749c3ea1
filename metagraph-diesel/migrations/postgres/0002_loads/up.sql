CREATE TABLE __metagraph_loads (
    graph_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    step bigint NOT NULL,
    element text COLLATE "C" NOT NULL,
    loaded bigint NOT NULL,
    ids jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT __metagraph_loads_pk PRIMARY KEY (graph_id, name, step)
);

ALTER TABLE __metagraph_loads ADD CONSTRAINT __metagraph_loads_graph_fk
    FOREIGN KEY (graph_id) REFERENCES __metagraph_graphs (id) ON DELETE CASCADE;
