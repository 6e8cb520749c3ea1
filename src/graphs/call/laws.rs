//! Whatever happened to a call, and in whatever order it is told, how often, it comes to the same.

use jiff::Timestamp;
use serde_json::json;

use super::event::CallEvent;
use super::status::CallStatus;
use super::stored::{Call, CallErrorInfo};

/// Numbers that look like chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            let other = self.below(last + 1);
            things.swap(last, other);
        }
    }
}

/// What may happen to one call, in the order of time.
fn history(chance: &mut Chance) -> Vec<CallEvent> {
    let timed = chance.below(4) > 0;
    let mut second = 0;
    let mut at = |event: CallEvent| {
        second += 1;
        if timed { event.at(Timestamp::from_second(second).unwrap()) } else { event }
    };
    let subscription = chance.below(2) == 0;
    let mut asked = CallEvent::requested("a", "orders.place").input(json!(chance.below(9)));
    if subscription {
        asked = asked.subscription();
    }
    if chance.below(2) == 0 {
        asked = asked.parent("p");
    }
    let mut events = vec![at(asked)];
    if chance.below(2) == 0 {
        events.push(at(CallEvent::started("a")));
    }
    // Without times nobody can say which of several answers is the latest.
    let answers = if subscription && timed { chance.below(4) } else { chance.below(2) };
    events.extend((0..answers).map(|answer| at(CallEvent::responded("a", answer))));
    let ended = answers > 0 && !subscription;
    match chance.below(4) {
        0 if !ended => events.push(at(CallEvent::failed("a", CallErrorInfo::new("TIMEOUT", "no answer")))),
        1 if !ended => events.push(at(CallEvent::aborted("a"))),
        2 => events.push(at(CallEvent::completed("a"))),
        _ => {}
    }
    events
}

fn taken_in(events: &[CallEvent]) -> Call {
    let mut call = Call::heard_of("a");
    for event in events {
        call.take_in(event).unwrap();
    }
    call
}

#[test]
fn the_order_in_which_it_is_told_does_not_matter() {
    let chance = &mut Chance(7);
    let mut ended = [0; 5];
    for _ in 0..3000 {
        let events = history(chance);
        let expected = taken_in(&events);
        ended[CallStatus::ALL.iter().position(|status| *status == expected.status).unwrap()] += 1;
        for _ in 0..8 {
            let mut told = events.clone();
            // Some come twice.
            for event in &events {
                if chance.below(3) == 0 {
                    told.push(event.clone());
                }
            }
            chance.shuffle(&mut told);
            assert_eq!(taken_in(&told), expected, "{events:#?}\ntold as\n{told:#?}");
        }
    }
    assert!(ended.iter().all(|calls| *calls > 100), "{ended:?}");
}
