//! Kelvin Lawrence's air routes: airports, where they are, and how far apart.

use metagraph::prelude::*;
use metagraph::query::{self, Order};
use serde_json::json;

use super::answers::Answers;
use super::load::Data;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Airport {
    #[graph(key)]
    id: u64,
    #[graph(unique)]
    code: String,
    icao: String,
    desc: String,
    region: String,
    runways: u8,
    longest: u32,
    elev: i32,
    country: String,
    city: String,
    lat: f64,
    lon: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Country {
    #[graph(key)]
    id: u64,
    code: String,
    desc: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Continent {
    #[graph(key)]
    id: u64,
    code: String,
    desc: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Version {
    #[graph(key)]
    id: u64,
    code: String,
    desc: String,
    author: String,
    date: String,
}

/// What airports are in.
#[derive(Debug, Clone, PartialEq, GraphType)]
#[graph(union)]
pub(crate) enum Area {
    Country(Country),
    Continent(Continent),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Airport, to = Airport))]
pub(crate) struct Route {
    dist: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Area, to = Airport))]
pub(crate) struct Contains {}

#[derive(GraphType)]
#[graph(name = "air_routes")]
pub(crate) enum AirRoutes {
    Airport(Airport),
    Country(Country),
    Continent(Continent),
    Version(Version),
    Route(Route),
    Contains(Contains),
}

pub(super) fn answers(conn: &mut impl GraphConnection) -> Option<Answers> {
    let mut data = Data::read("graphs/air-routes")?;
    metagraph::sync::<AirRoutes, _>(conn).unwrap();
    let graph = &Graph::<AirRoutes>::open_or_create(conn, "air-routes").unwrap();
    data.insert::<_, Airport>(conn, graph, "airport");
    data.insert::<_, Country>(conn, graph, "country");
    data.insert::<_, Continent>(conn, graph, "continent");
    data.insert::<_, Version>(conn, graph, "version");
    data.connect::<_, Route, Airport, Airport>(conn, graph, "route");
    data.connect::<_, Contains, Area, Airport>(conn, graph, "contains");
    Some(Answers::from([
        ("AR-01", json!(node_counts(conn, graph))),
        ("AR-02", json!(edge_counts(conn, graph))),
        ("AR-03", json!(graph.edges::<Route>().aggregate(conn, |route| route.dist.avg()).unwrap())),
        ("AR-04", json!(routes_by(conn, graph, |route| route.dist.desc(), 3))),
        ("AR-05", json!(routes_by(conn, graph, |route| route.dist.asc(), 2))),
        ("AR-06", json!(busiest(conn, graph))),
        ("AR-07", json!(densest_regions(conn, graph))),
        ("AR-08", json!(airports_of_continents(conn, graph))),
        ("AR-09", json!(two_routes_from_austin(conn, graph))),
    ]))
}

/// A query is about one type, so it takes one for each.
fn node_counts(conn: &mut impl GraphConnection, graph: &Graph<AirRoutes>) -> [(&'static str, i64); 4] {
    [
        (Airport::NAME, graph.nodes::<Airport>().count(conn).unwrap()),
        (Continent::NAME, graph.nodes::<Continent>().count(conn).unwrap()),
        (Country::NAME, graph.nodes::<Country>().count(conn).unwrap()),
        (Version::NAME, graph.nodes::<Version>().count(conn).unwrap()),
    ]
}

fn edge_counts(conn: &mut impl GraphConnection, graph: &Graph<AirRoutes>) -> [(&'static str, i64); 2] {
    [
        (Contains::NAME, graph.edges::<Contains>().count(conn).unwrap()),
        (Route::NAME, graph.edges::<Route>().count(conn).unwrap()),
    ]
}

fn routes_by(
    conn: &mut impl GraphConnection,
    graph: &Graph<AirRoutes>,
    order: impl FnOnce(<Route as Element>::Fields) -> Order<Route>,
    limit: u32,
) -> Vec<(String, String, u32)> {
    let (from, to) = (Airport::F.code.at_source(), Airport::F.code.at_target());
    let routes = graph.edges::<Route>().order_by(|route| [order(route), from.asc()]).limit(limit);
    routes.select(|route| (from.clone(), to, route.dist)).load(conn).unwrap()
}

fn busiest(conn: &mut impl GraphConnection, graph: &Graph<AirRoutes>) -> Vec<(String, i64)> {
    let routes = query::both::<Route, Airport, Airport>().count();
    let busiest = graph.nodes::<Airport>().order_by(|_| routes.desc()).limit(3);
    busiest.select(|airport| (airport.code, routes.clone())).load(conn).unwrap()
}

fn densest_regions(conn: &mut impl GraphConnection, graph: &Graph<AirRoutes>) -> Vec<(String, i64)> {
    let regions = graph.nodes::<Airport>().group_by(|airport| airport.region).aggregate(|_| query::count());
    regions.order_by(|region, count| [count.desc(), region.asc()]).limit(3).load(conn).unwrap()
}

fn airports_of_continents(conn: &mut impl GraphConnection, graph: &Graph<AirRoutes>) -> Vec<(String, i64)> {
    let continent = Continent::F.code.at_source::<Contains>();
    let of_continents = graph.edges::<Contains>().filter(|_| continent.is_not_null());
    let counts = of_continents.group_by(|_| continent.clone()).aggregate(|_| query::count());
    counts.order_by(|_, count| count.desc()).load(conn).unwrap()
}

fn two_routes_from_austin(conn: &mut impl GraphConnection, graph: &Graph<AirRoutes>) -> i64 {
    let austin = graph.nodes::<Airport>().filter(|airport| airport.code.eq("AUS"));
    graph.from_all(austin).out::<Route>().to::<Airport>().depth(1..=2).count(conn).unwrap()
}
