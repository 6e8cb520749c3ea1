//! What is done with one row through a typed handle.

use metagraph::{Edge, GraphConnection, Node, PartOf, Result, Saved, WriteHandle};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::answer::{Answer, Seen};
use super::super::step::{Meanwhile, RowVerb};
use super::super::world::{Anyone, World};
use super::{Run, typed, untyped};

/// A row that was read, with its value.
pub(super) trait Read: Saved {
    fn value(&mut self) -> &mut Self::Value;
}

impl<N> Read for Node<N>
where
    Self: Saved<Value = N>,
{
    fn value(&mut self) -> &mut N {
        &mut self.value
    }
}

impl<E> Read for Edge<E>
where
    Self: Saved<Value = E>,
{
    fn value(&mut self) -> &mut E {
        &mut self.value
    }
}

/// Sets members of a value.
pub(super) fn set<X: Serialize + DeserializeOwned>(value: &mut X, changes: &serde_json::Value) {
    let mut members = untyped(value);
    members.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    *value = typed(&members);
}

impl<G: World> Run<G>
where
    Anyone: PartOf<G>,
{
    pub(super) fn row<C: GraphConnection, H>(
        &self,
        conn: &mut C,
        (id, version): (H, i64),
        verb: &RowVerb,
        seen: impl Fn(H::Row) -> Seen,
    ) -> Result<Answer>
    where
        H: WriteHandle,
        H::Row: Read<Value = H::Value>,
        H::Value: PartOf<G> + Serialize + DeserializeOwned,
    {
        Ok(match verb {
            RowVerb::Update(changes) => Answer::Version(self.graph.update(conn, id, |value| set(value, changes))?),
            RowVerb::UpdateIf(age, changes) => {
                Answer::Version(self.graph.update_if(conn, id, version - age, |value| set(value, changes))?)
            }
            RowVerb::Replace(value) => Answer::Version(self.graph.replace(conn, id, &typed(value))?),
            RowVerb::ReplaceIf(..) => unreachable!("a typed handle has no such verb"),
            RowVerb::Patch(patch) => Answer::Version(self.graph.patch(conn, id, patch)?),
            RowVerb::Delete => Answer::Flag(self.graph.delete(conn, id)?),
            RowVerb::SetMetadata(metadata) => {
                self.graph.set_metadata_of(conn, id, metadata)?;
                Answer::Done
            }
            RowVerb::Metadata => Answer::Json(self.graph.metadata_of(conn, id)?),
            RowVerb::Get => Answer::Seen(vec![self.graph.get(conn, id)?.map(seen)]),
            RowVerb::Save(meanwhile, changes) => {
                let Some(mut row) = self.graph.get(conn, id)? else { return Ok(Answer::Seen(vec![None])) };
                match meanwhile {
                    Meanwhile::Nothing => {}
                    Meanwhile::Update(changes) => drop(self.graph.update(conn, id, |value| set(value, changes))?),
                    Meanwhile::Delete => drop(self.graph.delete(conn, id)?),
                }
                set(row.value(), changes);
                self.graph.save(conn, &mut row)?;
                Answer::Seen(vec![Some(seen(row))])
            }
            RowVerb::Exists => Answer::Flag(self.graph.exists(conn, id)?),
        })
    }
}
