DROP TABLE __metagraph_actors;

DROP TABLE __metagraph_edges;

DROP TABLE __metagraph_nodes;

DROP TABLE __metagraph_graphs;

DROP TABLE __metagraph_edge_types;

DROP TABLE __metagraph_node_types;

DROP TABLE __metagraph_graph_type_versions;

DROP TABLE __metagraph_graph_types;
