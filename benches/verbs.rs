//! The questions of the workload one by one, for whoever works on one of them: criterion keeps baselines and says what
//! changed. Comparisons belong in `workload`, which takes turns.
//!
//! ```sh
//! cargo bench -p metagraph-benches --bench verbs -- --save-baseline before
//! cargo bench -p metagraph-benches --bench verbs -- --baseline before "a person by key"
//! ```
#![allow(missing_docs, reason = "criterion's macros write functions without")]
#![allow(clippy::indexing_slicing, reason = "there is somebody at every place")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use metagraph_benches::floor::sqlite::{Floor, Tables};
use metagraph_benches::generate::{Data, Random, Size, newcomer};
use metagraph_benches::ours::Ours;
use metagraph_benches::peer::Peer;

fn verbs(criterion: &mut Criterion) {
    let data = Data::generate(Size::S);
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str| directory.path().join(name).to_str().expect("a plain name").to_owned();
    let peers: [(&str, Box<dyn Peer>); 2] = [
        ("metagraph", Box::new(Ours::sqlite(&file("ours.db")))),
        ("rusqlite", Box::new(Floor::new(&file("floor.db"), Tables::Ours))),
    ];
    for (name, mut peer) in peers {
        peer.load(&data);
        peer.list(&data);
        let mut random = Random::new(7);
        let mut anybody = || random.below(data.people.len());
        let mut born = 0;
        criterion.bench_function(&format!("{name}: a person by key"), |bencher| {
            bencher.iter(|| black_box(peer.person(&data.people[anybody()].key)));
        });
        criterion.bench_function(&format!("{name}: acquaintances"), |bencher| {
            bencher.iter(|| black_box(peer.neighbours(anybody())));
        });
        criterion.bench_function(&format!("{name}: two steps"), |bencher| {
            bencher.iter(|| black_box(peer.two_steps(anybody())));
        });
        criterion.bench_function(&format!("{name}: three steps"), |bencher| {
            bencher.iter(|| black_box(peer.three_steps(anybody())));
        });
        criterion.bench_function(&format!("{name}: distance"), |bencher| {
            bencher.iter(|| black_box(peer.distance(anybody(), anybody())));
        });
        criterion.bench_function(&format!("{name}: filtered, indexed"), |bencher| {
            bencher.iter(|| black_box(peer.inactive_listed()));
        });
        criterion.bench_function(&format!("{name}: insert"), |bencher| {
            bencher.iter(|| {
                born += 1;
                peer.insert(&newcomer(born));
            });
        });
        criterion.bench_function(&format!("{name}: set an age"), |bencher| {
            bencher.iter(|| peer.set_age(&data.people[anybody()].key, 30));
        });
    }
}

criterion_group!(benches, verbs);
criterion_main!(benches);
