ALTER TABLE __metagraph_graphs ADD COLUMN revision bigint NOT NULL DEFAULT 1;

UPDATE __metagraph_graphs SET revision = t.revision FROM __metagraph_graph_types AS t
    WHERE t.id = __metagraph_graphs.graph_type_id;

CREATE TABLE __metagraph_evolutions (
    graph_type_id bigint NOT NULL,
    from_revision bigint NOT NULL,
    to_revision bigint NOT NULL,
    options jsonb NOT NULL,
    graph_id bigint NOT NULL,
    step bigint NOT NULL,
    last_id bigint NOT NULL,
    report jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT __metagraph_evolutions_pk PRIMARY KEY (graph_type_id)
);

ALTER TABLE __metagraph_evolutions ADD CONSTRAINT __metagraph_evolutions_graph_type_fk
    FOREIGN KEY (graph_type_id) REFERENCES __metagraph_graph_types (id) ON DELETE CASCADE;
