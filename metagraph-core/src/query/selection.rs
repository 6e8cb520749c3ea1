//! What is read of each row, or of each group of rows.

use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use super::source::{Function, Kind, Source};
use crate::field::Field;

/// The owner of fields that belong to a group of rows of the element `O`: its keys and its aggregates.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::{Element, Field};
/// use metagraph_core::query::Grouped;
///
/// let total: Field<Grouped<Package>, Option<i64>> = Package::F.downloads.sum();
/// # drop(total);
/// # }
/// ```
pub struct Grouped<O>(PhantomData<fn() -> O>);

impl<O> fmt::Debug for Grouped<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Grouped")
    }
}

/// How many rows there are.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::query::{Predicate, Grouped, count};
///
/// let several: Predicate<Grouped<Package>> = count().gt(1);
/// # drop(several);
/// # }
/// ```
pub fn count<O>() -> Field<Grouped<O>, i64> {
    let nothing = Source::Column(super::source::Column::Id);
    Field::from_source(Source::Aggregate(Function::Count, Kind::Number, Box::new(nothing)))
}

/// A row of which the selected values are read, from the first to the last.
///
/// ```
/// use metagraph_core::query::SelectedRow;
/// use serde::de::DeserializeOwned;
///
/// /// A row that is there as JSON.
/// struct Values(Vec<serde_json::Value>);
///
/// impl SelectedRow for Values {
///     type Error = serde_json::Error;
///
///     fn next<T: DeserializeOwned>(&mut self) -> Result<T, serde_json::Error> {
///         serde_json::from_value(self.0.remove(0))
///     }
/// }
///
/// let mut row = Values(vec!["serde".into(), 7.into()]);
/// assert_eq!((row.next::<String>().unwrap(), row.next::<u32>().unwrap()), ("serde".to_owned(), 7));
/// ```
pub trait SelectedRow {
    /// What goes wrong when a value does not fit.
    type Error;

    /// Reads the next value.
    ///
    /// # Errors
    /// When it does not fit `T`.
    fn next<T: DeserializeOwned>(&mut self) -> Result<T, Self::Error>;
}

/// Fields that are read together: one, or a tuple of up to eight.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::Element;
/// use metagraph_core::query::Selection;
///
/// fn selects<T>(_: impl Selection<Package, Output = T>) {}
/// selects::<(String, u32)>((Package::F.id, Package::F.downloads));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not select values of `{O}`",
    label = "expected fields of `{O}`: one, or a tuple of up to eight",
    note = "`|p| (p.name, p.age)` selects two; what is computed over rows is made of a field: `|p| p.age.sum()`"
)]
pub trait Selection<O>: Clone {
    /// What is read of a row.
    type Output;

    /// Where the values come from.
    #[doc(hidden)]
    fn sources(&self) -> Vec<Source>;

    /// Reads the values of a row.
    ///
    /// # Errors
    /// When one does not fit.
    fn read<R: SelectedRow>(row: &mut R) -> Result<Self::Output, R::Error>;
}

impl<O, T: DeserializeOwned> Selection<O> for Field<O, T> {
    type Output = T;

    fn sources(&self) -> Vec<Source> {
        vec![self.source()]
    }

    fn read<R: SelectedRow>(row: &mut R) -> Result<T, R::Error> {
        row.next()
    }
}

macro_rules! tuples {
    ($($($name:ident)+;)+) => {
        $(impl<O, $($name: Selection<O>),+> Selection<O> for ($($name,)+) {
            type Output = ($($name::Output,)+);

            fn sources(&self) -> Vec<Source> {
                #[allow(non_snake_case, reason = "each is named after its type")]
                let ($($name,)+) = self;
                let mut sources = Vec::new();
                $(sources.extend($name.sources());)+
                sources
            }

            fn read<Row: SelectedRow>(row: &mut Row) -> Result<Self::Output, Row::Error> {
                Ok(($($name::read(row)?,)+))
            }
        }

        impl<O, $($name: Keys<O>),+> Keys<O> for ($($name,)+) {
            type Grouped = ($($name::Grouped,)+);

            fn grouped(&self) -> Self::Grouped {
                #[allow(non_snake_case, reason = "each is named after its type")]
                let ($($name,)+) = self;
                ($($name.grouped(),)+)
            }
        })+
    };
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
}

/// Fields that rows are grouped by: one, or a tuple of up to eight.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::Element;
/// use metagraph_core::query::{Keys, Selection};
///
/// fn groups_by<T>(_: impl Keys<Package, Output = T>) {}
/// groups_by::<u32>(Package::F.downloads);
/// # }
/// ```
pub trait Keys<O>: Selection<O> {
    /// The same fields as those of a group, to be ordered and filtered by.
    type Grouped: Clone;

    /// The fields of the group.
    #[doc(hidden)]
    fn grouped(&self) -> Self::Grouped;
}

impl<O, T: DeserializeOwned> Keys<O> for Field<O, T> {
    type Grouped = Field<Grouped<O>, T>;

    fn grouped(&self) -> Self::Grouped {
        // All rows of a group have the same key, so the least is the key; how it is compared is known where it is used.
        Field::from_source(Source::Aggregate(Function::Least, Kind::Text, Box::new(self.source())))
    }
}

/// A struct that is read from some of an element's attributes, made by `#[graph(projection(of = Package))]`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::query::{Projection, Selection};
/// use metagraph_core::{Element, Field};
///
/// struct Fame {
///     downloads: u32,
/// }
///
/// // What `#[graph(projection(of = Package))]` writes.
/// impl Projection<Package> for Fame {
///     type Fields = ((Field<Package, u32>,),);
///
///     fn fields() -> Self::Fields {
///         ((Package::F.downloads,),)
///     }
///
///     fn build(((downloads,),): <Self::Fields as Selection<Package>>::Output) -> Self {
///         Self { downloads }
///     }
/// }
/// assert_eq!(Fame::build(((7,),)).downloads, 7);
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection of `{O}`",
    label = "expected a struct with `#[derive(GraphType)]` and `#[graph(projection(of = ..))]`"
)]
pub trait Projection<O>: Sized {
    /// The fields that are read.
    type Fields: Selection<O>;

    /// The fields that are read.
    fn fields() -> Self::Fields;

    /// Puts the values together.
    fn build(values: <Self::Fields as Selection<O>>::Output) -> Self;
}
