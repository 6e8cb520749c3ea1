//! The elements of lists.

use serde_json::{Value, json};

use super::super::Aspect;
use super::super::contain::{Lists, Piece};
use super::Comparison;
use super::place::{Change, Place, together};
use crate::schema::walk::push;

impl<'s> Comparison<'s> {
    pub(super) fn compare_elements(&mut self, place: &Place<'s>, old: &Piece<'s>, new: &Piece<'s>) {
        let (before, after) = (Lists::of(old), Lists::of(new));
        for index in 0..before.places().min(after.places()) {
            self.compare_element(place, &index.to_string(), before.at(index), after.at(index));
        }
        for index in before.places()..after.places() {
            let (now, name) = (together(&after.at(index)), index.to_string());
            let rule = at_place(index, now.clone());
            self.judge(place, &old.parts, Some(rule), Change::new(Aspect::Places, None, Some(now)).of(&name));
        }
        for index in after.places()..before.places() {
            let (was, now, name) = (together(&before.at(index)), together(&after.at(index)), index.to_string());
            let rule = at_place(index, now);
            self.judge(place, &old.parts, Some(rule), Change::new(Aspect::Places, Some(was), None).of(&name));
        }
        let rest = before.places().max(after.places());
        let (others_before, others_after) = (before.at(rest), after.at(rest));
        let closed = |parts: &[&Value]| parts.contains(&&Value::Bool(false));
        if closed(&others_before) == closed(&others_after) {
            self.compare_element(place, "*", others_before, others_after);
        } else {
            let places = vec![json!({}); after.places()];
            let items = json!({"items": together(&others_after)});
            let rule = if places.is_empty() {
                items
            } else {
                json!({"prefixItems": places, "items": together(&others_after)})
            };
            let said = |parts: &[&Value]| (!closed(parts)).then(|| json!({"items": together(parts)}));
            let change = Change::new(Aspect::Elements, said(&others_before), said(&others_after));
            self.judge(place, &old.parts, Some(rule), change);
        }
        let least = |lists: &Lists<'_>| (lists.least > 0).then(|| json!({"minItems": lists.least}));
        let most = |piece: &Piece<'_>| piece.at_most("maxItems").map(|most| json!({"maxItems": most}));
        let unique = |lists: &Lists<'_>| lists.unique.then(|| json!({"uniqueItems": true}));
        self.compare_rule(place, old, Aspect::Elements, least(&before), least(&after));
        self.compare_rule(place, old, Aspect::Elements, most(old), most(new));
        self.compare_rule(place, old, Aspect::Elements, unique(&before), unique(&after));
    }

    fn compare_element(&mut self, place: &Place<'s>, name: &str, before: Vec<&'s Value>, after: Vec<&'s Value>) {
        let mut path = place.path.clone();
        push(&mut path, name);
        self.next.push_back(Place::new(path, before, after, None));
    }
}

/// What is said of the element at one place only.
fn at_place(index: usize, element: Value) -> Value {
    let mut places = vec![json!({}); index];
    places.push(element);
    json!({"prefixItems": places})
}
