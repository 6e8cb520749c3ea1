DROP TABLE __metagraph_loads;
