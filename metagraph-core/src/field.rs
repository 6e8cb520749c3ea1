//! Typed handles of attributes, from which queries are built.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::element::{EndsAt, NodeSet, StartsAt};
use crate::query::assignment::Assigned;
use crate::query::condition::{self, Comparison, Condition, Part, Quantity};
use crate::query::literal::{Given, Incomparable};
use crate::query::operand::Side;
use crate::query::pattern::{self, Case, Token};
use crate::query::scalar;
use crate::query::source::{End, Function, Kind, Path, Source, Step};
use crate::query::{Assignment, Grouped, Holds, List, Numeric, Operand, Order, Predicate, Scalar, Textual};

/// An attribute of the element type `O` that holds a `T`.
///
/// The derive gives one per field: `Package::F.name` is a `Field<Package, String>`.
///
/// ```
/// use metagraph_core::Field;
///
/// struct Package;
/// const NAME: Field<Package, String> = Field::new("name");
/// assert_eq!(NAME.name(), Some("name"));
/// ```
pub struct Field<O, T> {
    source: Source,
    of: PhantomData<fn() -> (O, T)>,
}

/// What can be asked of any field.
///
/// A comparison with what is missing or null does not hold, so its negation does; `eq(None)` and
/// [`is_null`](Field::is_null) hold of both.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::{Element, Field};
///
/// const LICENSE: Field<Package, Option<String>> = Field::new("license");
/// const TAGS: Field<Package, Vec<String>> = Field::new("tags");
/// const LINKS: Field<Package, serde_json::Value> = Field::new("links");
/// let package = Package::F;
/// let predicates = [
///     package.id.eq("serde"),
///     package.id.ne("serde"),
///     package.downloads.is_in([7, 8]),
///     package.downloads.not_in([7, 8]),
///     LICENSE.is_null(),
///     LICENSE.is_not_null() & LICENSE.ne("MIT"),
///     LINKS.has_key("documentation"),
///     LINKS.at::<String>("documentation").starts_with("https://"),
///     package.id.contains("er"),
///     TAGS.contains("parser"),
/// ];
/// let licensed: Field<metagraph_core::query::Grouped<Package>, i64> = LICENSE.count();
/// let forgotten = [package.downloads.set(0), LICENSE.set("MIT")];
/// # drop((predicates, licensed, forgotten));
/// # }
/// ```
impl<O, T> Field<O, T> {
    /// Names an attribute by its JSON name.
    pub const fn new(name: &'static str) -> Self {
        Self::from_source(Source::Attribute(Path::Attribute(name)))
    }

    pub(crate) const fn from_source(source: Source) -> Self {
        Self { source, of: PhantomData }
    }

    /// Where its values come from.
    #[doc(hidden)]
    pub fn source(&self) -> Source {
        self.source.clone()
    }

    /// The attribute's name in JSON; `None` of what is not an attribute itself.
    ///
    /// ```
    /// use metagraph_core::Field;
    ///
    /// struct Package;
    /// assert_eq!(Field::<Package, u32>::new("downloads").name(), Some("downloads"));
    /// ```
    pub const fn name(&self) -> Option<&'static str> {
        match &self.source {
            Source::Attribute(Path::Attribute(name)) => Some(name),
            _ => None,
        }
    }

    fn step<U>(&self, step: Step) -> Field<O, U> {
        fn into(source: &Source, step: Step) -> Source {
            match source {
                Source::Attribute(path) => Source::Attribute(path.then(step)),
                Source::AtEnd(end, types, inner) => Source::AtEnd(*end, types.clone(), Box::new(into(inner, step))),
                // A scalar has nothing inside, and what is inside of nothing is missing.
                other => other.clone(),
            }
        }
        Field::from_source(into(&self.source, step))
    }

    /// The member `name` of an object in the attribute, which holds a `U`; missing where the object is.
    ///
    /// ```
    /// use metagraph_core::Field;
    /// use metagraph_core::query::Predicate;
    ///
    /// struct Package;
    /// struct Repository;
    /// const REPOSITORY: Field<Package, Repository> = Field::new("repository");
    /// let hosted: Predicate<Package> = REPOSITORY.at::<String>("url").starts_with("https://");
    /// # drop(hosted);
    /// ```
    pub fn at<U>(&self, name: impl Into<Cow<'static, str>>) -> Field<O, U> {
        self.step(Step::Member(name.into()))
    }

    fn predicate(condition: Condition) -> Predicate<O> {
        Predicate::new(condition)
    }

    fn compare(&self, comparison: Comparison, side: Side) -> Predicate<O> {
        Self::predicate(match side {
            Side::Given(given) if comparison == Comparison::Equal => condition::equals(&self.source, given),
            Side::Given(given) => condition::compares(&self.source, comparison, given),
            Side::Field(other, kind) => Condition::CompareWith(self.source(), comparison, other, kind),
        })
    }

    /// It equals `value`: scalars by kind and value, arrays and objects part by part, `None` what is missing or null.
    pub fn eq<V: Operand<O, T>>(&self, value: V) -> Predicate<O> {
        self.compare(Comparison::Equal, value.side())
    }

    /// It does not equal `value`, be it that it is missing.
    pub fn ne<V: Operand<O, T>>(&self, value: V) -> Predicate<O> {
        !self.eq(value)
    }

    /// This value instead of the one that a row has, for a query that writes; a whole attribute, not what is inside.
    pub fn set<V: Operand<O, T>>(&self, value: V) -> Assignment<O> {
        let Some(name) = self.name() else {
            let reason = "only a whole attribute is set; what is inside of one is changed with `update`";
            return Assignment::new(Err(reason.to_owned()));
        };
        Assignment::new(match value.side() {
            Side::Given(Ok(value)) => Ok(Assigned { name, value }),
            Side::Given(Err(reason)) => Err(format!("`{name}` cannot be set to this: {reason}")),
            Side::Field(..) => Err(format!("`{name}` is set to a value, not to a field; `update` sees the whole row")),
        })
    }

    /// It equals one of these; of none, it does not hold.
    pub fn is_in<V: Operand<O, T>>(&self, values: impl IntoIterator<Item = V>) -> Predicate<O> {
        let mut fields = Vec::new();
        let given: Vec<_> = values
            .into_iter()
            .filter_map(|value| match value.side() {
                Side::Given(given) => Some(given),
                side @ Side::Field(..) => {
                    fields.push(self.compare(Comparison::Equal, side));
                    None
                }
            })
            .collect();
        let listed = Self::predicate(condition::one_of(&self.source, given));
        fields.into_iter().fold(listed, |any, field| any | field)
    }

    /// It equals none of these, be it that it is missing; of none, it holds.
    pub fn not_in<V: Operand<O, T>>(&self, values: impl IntoIterator<Item = V>) -> Predicate<O> {
        !self.is_in(values)
    }

    /// It is missing, or null.
    pub fn is_null(&self) -> Predicate<O> {
        Self::predicate(Condition::Null(self.source()))
    }

    /// It is there, and not null.
    pub fn is_not_null(&self) -> Predicate<O> {
        !self.is_null()
    }

    /// The object in it has a member of this name, be it null.
    pub fn has_key(&self, name: impl Into<String>) -> Predicate<O> {
        Self::predicate(match (&self.source, Given::of(&name.into())) {
            (Source::Attribute(path), Ok(Given::Scalar(condition_name))) => match condition_name {
                crate::query::literal::Literal::Text(name) => Condition::HasMember(path.clone(), name),
                _ => Condition::NEVER,
            },
            (_, Err(reason)) => Condition::Invalid(reason.0),
            _ => Condition::Invalid("only an attribute can be an object".to_owned()),
        })
    }

    /// It contains this: a text a text, letter by letter; a list an element.
    pub fn contains<V: Holds<T>>(&self, value: V) -> Predicate<O> {
        Self::predicate(value.condition(&self.source))
    }

    /// In how many rows of a group it is there.
    pub fn count(&self) -> Field<Grouped<O>, i64> {
        self.aggregate(Function::Present, Kind::Text)
    }

    fn aggregate<U>(&self, function: Function, kind: Kind) -> Field<Grouped<O>, U> {
        Field::from_source(Source::Aggregate(function, kind, Box::new(self.source())))
    }

    /// The same of the node where an edge of the type `E` starts.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::Element;
    /// use metagraph_core::query::Predicate;
    ///
    /// let of_app: Predicate<DependsOn> = Package::F.id.at_source().eq("app");
    /// # drop(of_app);
    /// # }
    /// ```
    pub fn at_source<E>(&self) -> Field<E, T>
    where
        O: NodeSet,
        E: StartsAt<O>,
    {
        self.at_end(End::Source)
    }

    /// The same of the node where an edge of the type `E` ends.
    ///
    /// On an edge type that ends at several node types it is missing where the node is of another type than `O`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::Element;
    /// use metagraph_core::query::Predicate;
    ///
    /// let of_popular: Predicate<DependsOn> = Package::F.downloads.at_target().ge(1000);
    /// # drop(of_popular);
    /// # }
    /// ```
    pub fn at_target<E>(&self) -> Field<E, T>
    where
        O: NodeSet,
        E: EndsAt<O>,
    {
        self.at_end(End::Target)
    }

    fn at_end<E>(&self, end: End) -> Field<E, T>
    where
        O: NodeSet,
    {
        let types = O::MEMBERS.iter().map(|member| member.element.name).collect();
        Field::from_source(Source::AtEnd(end, types, Box::new(self.source())))
    }
}

/// What can be asked of fields whose values have an order: numbers by value, text by its bytes, times in time, `false`
/// before `true`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::Element;
///
/// let package = Package::F;
/// let predicates = [
///     package.downloads.lt(7),
///     package.downloads.le(7),
///     package.downloads.gt(7),
///     package.downloads.ge(7),
///     package.downloads.between(7, 9),
///     package.id.lt("b"),
/// ];
/// let order = [package.downloads.desc(), package.id.asc()];
/// let of_a_group = (package.downloads.min(), package.downloads.max(), package.downloads.count_distinct());
/// # drop((predicates, order, of_a_group));
/// # }
/// ```
impl<O, T> Field<O, T> {
    /// It is smaller; what is missing is not.
    pub fn lt<V: Operand<O, T>>(&self, value: V) -> Predicate<O>
    where
        T: Scalar,
    {
        self.compare(Comparison::Less, value.side())
    }

    /// It is smaller or the same; what is missing is not.
    pub fn le<V: Operand<O, T>>(&self, value: V) -> Predicate<O>
    where
        T: Scalar,
    {
        self.compare(Comparison::LessOrEqual, value.side())
    }

    /// It is greater; what is missing is not.
    pub fn gt<V: Operand<O, T>>(&self, value: V) -> Predicate<O>
    where
        T: Scalar,
    {
        self.compare(Comparison::Greater, value.side())
    }

    /// It is greater or the same; what is missing is not.
    pub fn ge<V: Operand<O, T>>(&self, value: V) -> Predicate<O>
    where
        T: Scalar,
    {
        self.compare(Comparison::GreaterOrEqual, value.side())
    }

    /// It is from `least` to `greatest`, both included.
    pub fn between<V: Operand<O, T>, W: Operand<O, T>>(&self, least: V, greatest: W) -> Predicate<O>
    where
        T: Scalar,
    {
        self.ge(least) & self.le(greatest)
    }

    /// Smallest first.
    pub fn asc(&self) -> Order<O>
    where
        T: Scalar,
    {
        Order::new(self.source(), T::KIND, false, T::OPTIONAL)
    }

    /// Greatest first.
    pub fn desc(&self) -> Order<O>
    where
        T: Scalar,
    {
        Order::new(self.source(), T::KIND, true, T::OPTIONAL)
    }

    /// How many different values the rows of a group have.
    pub fn count_distinct(&self) -> Field<Grouped<O>, i64>
    where
        T: Scalar,
    {
        self.aggregate(Function::Distinct, T::KIND)
    }

    /// The least value in a group; of none, `None`.
    pub fn min(&self) -> Field<Grouped<O>, Option<T>>
    where
        T: Scalar,
    {
        self.aggregate(Function::Least, T::KIND)
    }

    /// The greatest value in a group; of none, `None`.
    pub fn max(&self) -> Field<Grouped<O>, Option<T>>
    where
        T: Scalar,
    {
        self.aggregate(Function::Greatest, T::KIND)
    }
}

/// What is computed of numbers; rows without the value count for nothing.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::query::Grouped;
/// use metagraph_core::{Element, Field};
///
/// let total: Field<Grouped<Package>, Option<i64>> = Package::F.downloads.sum();
/// let mean: Field<Grouped<Package>, Option<f64>> = Package::F.downloads.avg();
/// # drop((total, mean));
/// # }
/// ```
impl<O, T> Field<O, T> {
    /// The sum over a group; of none, `None`. Sums of floating point numbers may differ in their last digits.
    pub fn sum(&self) -> Field<Grouped<O>, Option<T::Sum>>
    where
        T: Numeric,
    {
        self.aggregate(T::SUM, T::KIND)
    }

    /// The arithmetic mean over a group; of none, `None`.
    pub fn avg(&self) -> Field<Grouped<O>, Option<f64>>
    where
        T: Numeric,
    {
        self.aggregate(Function::Average, T::KIND)
    }
}

/// What can be asked of text. Methods that end in `_ci` ignore the case of letters, in all alphabets; the others compare
/// letter by letter. What is missing has no beginning and no pattern.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::Element;
///
/// let id = Package::F.id;
/// let predicates = [
///     id.starts_with("serde-"),
///     id.ends_with("-rs"),
///     id.eq_ci("Serde"),
///     id.starts_with_ci("SERDE-"),
///     id.ends_with_ci("-RS"),
///     id.contains_ci("SER"),
///     id.like("s%_e"),
///     id.like_ci(r"100\%%"),
/// ];
/// # drop(predicates);
/// # }
/// ```
impl<O, T> Field<O, T> {
    fn text(&self, part: Part, text: &str) -> Predicate<O>
    where
        T: Textual,
    {
        Self::predicate(scalar::text(&self.source, part, text))
    }

    fn matches(&self, pattern: Result<Vec<Token>, Incomparable>) -> Predicate<O>
    where
        T: Textual,
    {
        Self::predicate(match pattern {
            Ok(tokens) => Condition::Like(self.source(), tokens),
            Err(reason) => Condition::Invalid(reason.0),
        })
    }

    /// It begins with this, letter by letter.
    pub fn starts_with(&self, text: impl AsRef<str>) -> Predicate<O>
    where
        T: Textual,
    {
        self.text(Part::Start, text.as_ref())
    }

    /// It ends with this, letter by letter.
    pub fn ends_with(&self, text: impl AsRef<str>) -> Predicate<O>
    where
        T: Textual,
    {
        self.text(Part::End, text.as_ref())
    }

    /// It equals this but for the case of letters, in all alphabets (Unicode's simple case folding).
    pub fn eq_ci(&self, text: impl AsRef<str>) -> Predicate<O>
    where
        T: Textual,
    {
        self.matches(pattern::literal(text.as_ref(), Case::Ignored, (false, false)))
    }

    /// It begins with this but for the case of letters.
    pub fn starts_with_ci(&self, text: impl AsRef<str>) -> Predicate<O>
    where
        T: Textual,
    {
        self.matches(pattern::literal(text.as_ref(), Case::Ignored, (false, true)))
    }

    /// It ends with this but for the case of letters.
    pub fn ends_with_ci(&self, text: impl AsRef<str>) -> Predicate<O>
    where
        T: Textual,
    {
        self.matches(pattern::literal(text.as_ref(), Case::Ignored, (true, false)))
    }

    /// It contains this but for the case of letters.
    pub fn contains_ci(&self, text: impl AsRef<str>) -> Predicate<O>
    where
        T: Textual,
    {
        self.matches(pattern::literal(text.as_ref(), Case::Ignored, (true, true)))
    }

    /// It has this pattern, in which `%` is any text, `_` any one letter, and `\` takes the next letter as it is.
    pub fn like(&self, pattern: impl AsRef<str>) -> Predicate<O>
    where
        T: Textual,
    {
        self.matches(pattern::like(pattern.as_ref(), Case::Sensitive))
    }

    /// It has this pattern but for the case of letters.
    pub fn like_ci(&self, pattern: impl AsRef<str>) -> Predicate<O>
    where
        T: Textual,
    {
        self.matches(pattern::like(pattern.as_ref(), Case::Ignored))
    }
}

/// What can be asked of lists.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::Field;
///
/// const TAGS: Field<Package, Vec<String>> = Field::new("tags");
/// let predicates = [
///     TAGS.contains_any(["parser", "format"]),
///     TAGS.contains_all(["parser", "format"]),
///     TAGS.len().ge(2),
///     TAGS.is_empty(),
///     TAGS.nth(0).eq("parser"),
/// ];
/// # drop(predicates);
/// # }
/// ```
impl<O, T> Field<O, T> {
    fn elements<V: Operand<(), T::Element>>(
        &self,
        quantity: Quantity,
        values: impl IntoIterator<Item = V>,
    ) -> Predicate<O>
    where
        T: List,
    {
        let given = values.into_iter().map(|value| match value.side() {
            Side::Given(given) => given,
            Side::Field(..) => Err(Incomparable("another field cannot be looked for in an array".to_owned())),
        });
        Self::predicate(condition::elements(&self.source, quantity, given))
    }

    /// It contains one of these; of none, it does not hold.
    pub fn contains_any<V: Operand<(), T::Element>>(&self, values: impl IntoIterator<Item = V>) -> Predicate<O>
    where
        T: List,
    {
        self.elements(Quantity::Any, values)
    }

    /// It contains all of these; of none, it holds of every list.
    pub fn contains_all<V: Operand<(), T::Element>>(&self, values: impl IntoIterator<Item = V>) -> Predicate<O>
    where
        T: List,
    {
        self.elements(Quantity::All, values)
    }

    /// How many elements it has; missing where the list is.
    pub fn len(&self) -> Field<O, Option<i64>>
    where
        T: List,
    {
        fn of(source: &Source) -> Source {
            match source {
                Source::Attribute(path) => Source::Length(path.clone()),
                Source::AtEnd(end, types, inner) => Source::AtEnd(*end, types.clone(), Box::new(of(inner))),
                other => other.clone(),
            }
        }
        Field::from_source(of(&self.source))
    }

    /// It has no elements, or is missing.
    pub fn is_empty(&self) -> Predicate<O>
    where
        T: List,
    {
        !self.len().gt(0)
    }

    /// The element at this place, counted from 0; missing where there are not so many.
    pub fn nth(&self, place: usize) -> Field<O, T::Element>
    where
        T: List,
    {
        self.step(Step::Element(place))
    }
}

impl<O, T> Clone for Field<O, T> {
    fn clone(&self) -> Self {
        Self::from_source(self.source.clone())
    }
}

impl<O, T> fmt::Debug for Field<O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.debug_tuple("Field").field(&name).finish(),
            None => f.debug_tuple("Field").finish_non_exhaustive(),
        }
    }
}
