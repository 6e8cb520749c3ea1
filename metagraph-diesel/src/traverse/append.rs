//! Tuples that become longer: the rows of a traversal, hop by hop.

/// A tuple that can have one more.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::Append;
///
/// fn longer<T: Append<u8, Longer = (char, bool, u8)>>() {}
/// longer::<(char, bool)>();
/// # Ok(())
/// # }
/// ```
pub trait Append<X> {
    /// The tuple with one more.
    type Longer;

    #[doc(hidden)]
    fn append(self, last: X) -> Self::Longer;
}

macro_rules! appends {
    ($($($name:ident)+;)+) => {
        $(impl<$($name,)+ X> Append<X> for ($($name,)+) {
            type Longer = ($($name,)+ X);

            fn append(self, last: X) -> Self::Longer {
                #[allow(non_snake_case, reason = "each is named after its type")]
                let ($($name,)+) = self;
                ($($name,)+ last)
            }
        })+
    };
}

appends! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
}
