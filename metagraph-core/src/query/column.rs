//! What every row has beside its attributes, as fields.

use jiff::Timestamp;

use super::source::{Column, Source};
use crate::field::Field;

/// The local handle of a node or edge; compare it with a `NodeId` or `EdgeId`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::NodeId;
/// use metagraph_core::query::{self, Predicate};
///
/// let others: Predicate<Package> = query::id().ne(NodeId::<Package>::from_raw(7));
/// # drop(others);
/// # }
/// ```
pub const fn id<O>() -> Field<O, i64> {
    Field::from_source(Source::Column(Column::Id))
}

/// The identity inside graph and type: every node has one, an edge where its type has a key.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::query::{self, Predicate};
///
/// let ours: Predicate<Package> = query::key().starts_with("our-");
/// # drop(ours);
/// # }
/// ```
pub const fn key<O>() -> Field<O, Option<String>> {
    Field::from_source(Source::Column(Column::Key))
}

/// How often the row was written; 1 after the insert.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::query::{self, Predicate};
///
/// let changed: Predicate<Package> = query::version().gt(1);
/// # drop(changed);
/// # }
/// ```
pub const fn version<O>() -> Field<O, i64> {
    Field::from_source(Source::Column(Column::Version))
}

/// When the row was inserted, in microseconds.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::query::{self, Order};
///
/// let newest_first: Order<Package> = query::created_at().desc();
/// # drop(newest_first);
/// # }
/// ```
pub const fn created_at<O>() -> Field<O, Timestamp> {
    Field::from_source(Source::Column(Column::CreatedAt))
}

/// When the row was last written, in microseconds.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use jiff::{SignedDuration, Timestamp};
/// use metagraph_core::query::{self, Predicate};
///
/// let an_hour_ago = Timestamp::now() - SignedDuration::from_hours(1);
/// let lately: Predicate<Package> = query::updated_at().ge(an_hour_ago);
/// # drop(lately);
/// # }
/// ```
pub const fn updated_at<O>() -> Field<O, Timestamp> {
    Field::from_source(Source::Column(Column::UpdatedAt))
}
