//! Whoever is measured gives the same answers: `Workload` stops where peers disagree.

use metagraph_benches::floor::{postgres, sqlite};
use metagraph_benches::generate::{Data, Size};
use metagraph_benches::ours::Ours;
use metagraph_benches::workload::{Peers, Workload};
use metagraph_testkit::Postgres;

fn agree(mut peers: Peers) {
    let data = Data::generate(Size::Tiny);
    for peer in &mut peers {
        peer.load(&data);
    }
    let cells = Workload::new(&data, 1, None).ask_all(&mut peers, &mut |_| {});
    assert_eq!(cells.len(), 13);
    let export = peers.iter_mut().map(|peer| peer.export()).collect::<Vec<_>>();
    assert!(export.windows(2).all(|pair| pair.first() == pair.last()), "{export:?}");
}

#[test]
fn on_sqlite() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    agree(vec![
        Box::new(Ours::sqlite(&file("ours"))),
        Box::new(sqlite::Floor::new(&file("floor"), sqlite::Tables::Ours)),
        Box::new(sqlite::Floor::new(&file("bare"), sqlite::Tables::Bare)),
    ]);
}

#[test]
fn on_postgres() {
    let Some(server) = Postgres::shared() else { return };
    let (ours, floor) = (server.database(), server.database());
    agree(vec![Box::new(Ours::postgres(ours.url())), Box::new(postgres::Floor::new(floor.url()))]);
}

#[test]
fn loads_are_the_same_by_the_loader_and_by_verbs() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let data = Data::generate(Size::Tiny);
    let (mut loader, mut verbs) = (Ours::sqlite(&file("loader")), Ours::sqlite(&file("verbs")));
    metagraph_benches::peer::Peer::load(&mut loader, &data);
    metagraph_benches::peer::Peer::load_by_verbs(&mut verbs, &data);
    let export = |peer: &mut Ours<_>| metagraph_benches::peer::Peer::export(peer);
    assert_eq!(export(&mut loader), export(&mut verbs));
}
