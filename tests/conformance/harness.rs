//! Several at once: threads with connections of their own, processes, and a limit to their time.

mod child;
mod log;

use std::sync::{Barrier, mpsc};
use std::thread;
use std::time::Duration;

pub(crate) use self::child::{Child, Work, obey};
pub(crate) use self::log::Log;
use crate::store::Store;

/// Longer than any race takes, also on a busy machine: who waits this long waits for ever.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Does the same on `count` threads that begin together, each on a connection of its own.
pub(crate) fn at_once<S: Store, T: Send + 'static>(
    store: &S,
    count: usize,
    work: impl Fn(&mut S::Conn, usize) -> T + Send + Sync + Clone + 'static,
) -> Vec<T> {
    let url = store.url().to_owned();
    within(PATIENCE, move || {
        let start = Barrier::new(count);
        thread::scope(|scope| {
            let workers: Vec<_> = (0..count)
                .map(|who| {
                    let (start, url, work) = (&start, &url, &work);
                    scope.spawn(move || {
                        let mut conn = S::connect_to(url);
                        start.wait();
                        work(&mut conn, who)
                    })
                })
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect()
        })
    })
}

/// Fails, instead of hanging, when `work` does not end in time.
pub(crate) fn within<T: Send + 'static>(limit: Duration, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, outcome) = mpsc::channel();
    let worker = thread::spawn(move || drop(done.send(work())));
    match outcome.recv_timeout(limit) {
        Ok(outcome) => outcome,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("not done after {limit:?}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => match worker.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => unreachable!("it sends before it ends"),
        },
    }
}
