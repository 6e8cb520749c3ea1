//! Structs that are read from some attributes.

use metagraph::prelude::*;

use crate::scenarios::{Book, Cites, Reader, book, library};

#[derive(Debug, PartialEq, GraphType)]
#[graph(projection(of = Reader))]
struct Age {
    born: i32,
    #[graph(from = "name")]
    who: String,
}

#[derive(Debug, PartialEq, GraphType)]
#[graph(projection(of = Cites))]
struct Remark {
    note: Option<String>,
    page: u32,
}

pub(crate) fn a_projection_reads_some_fields(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let readers = [("ann", 1980), ("bob", 1990)].map(|(name, born)| Reader { name: name.into(), born });
    graph.insert_many(conn, readers).unwrap();
    let ages = graph.nodes::<Reader>().order_by(|r| r.born.desc()).project::<Age>().load(conn).unwrap();
    let age = |who: &str, born| Age { born, who: who.to_owned() };
    assert_eq!(ages, [age("bob", 1990), age("ann", 1980)]);

    let books: Vec<NodeId<Book>> = graph.insert_many(conn, ["a", "b", "c"].map(book)).unwrap();
    let cites = |page, note: Option<&str>| Cites { page, note: note.map(str::to_owned) };
    let [a, b, c] = books.try_into().unwrap();
    graph.connect_many(conn, [(a, b, cites(7, None)), (b, c, cites(9, Some("see there")))]).unwrap();
    let remarks = graph.edges::<Cites>().project::<Remark>().load(conn).unwrap();
    let remark = |page, note: Option<&str>| Remark { note: note.map(str::to_owned), page };
    assert_eq!(remarks, [remark(7, None), remark(9, Some("see there"))]);
    let none = graph.edges::<Cites>().filter(|cites| cites.page.gt(9)).project::<Remark>().load(conn).unwrap();
    assert_eq!(none, []);
}
