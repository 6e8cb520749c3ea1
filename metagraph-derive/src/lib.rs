//! The derive macro of metagraph.
