DROP TABLE __metagraph_evolutions;

ALTER TABLE __metagraph_graphs DROP COLUMN revision;
