//! Stores metagraph graphs through the caller's Diesel connection.
