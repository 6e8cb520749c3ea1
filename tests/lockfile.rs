//! The tests of the reader that the example `dependency_graph` uses: Cargo runs none inside of examples.

#[path = "../examples/dependency_graph/lockfile.rs"]
mod lockfile;
