//! Throw-away PostgreSQL servers and databases for metagraph's own tests.
