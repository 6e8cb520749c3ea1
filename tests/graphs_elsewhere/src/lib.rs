//! The ready-made graphs, compiled as a crate of somebody else: what they use of metagraph is public.

#[path = "../../../src/graphs"]
pub mod graphs {
    //! The files of `metagraph::graphs`, word by word.

    pub mod acl;
    pub mod call;
    mod mermaid;
    pub mod secrets;
    pub mod task;
}
