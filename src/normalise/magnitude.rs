//! Amounts in another unit than their table says: 元 below 单位：万元.
//!
//! Nothing in such a table tells. But the document tells of the same item elsewhere, thousands of times more or less; or the two grand
//! totals, which are one amount, differ so; or the “三公”经费 are more than all that was spent. The words behind a number in a sentence state
//! its unit, so that beside a sentence it is the table that is wrong; of two tables nobody knows which, unless a third one bears one out.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::mapping::{Vocabulary, accounts};
use crate::model::{AMOUNTS, Fate, Figure, Finding, FindingCode, Key, Leftover, Map, Measure, Place, Set, Submission};

/// Why they are left over.
const OTHER_UNIT: &str = "in another unit than other amounts of the document";

/// How many times one unit of money is another: 千元, 万元 and 亿元 of 元, and of one another.
const FACTORS: [i64; 3] = [1_000, 10_000, 100_000_000];

/// Leaves over what stands in another unit than the document's other amounts.
pub fn one_unit(submission: &mut Submission, vocabulary: &Vocabulary) {
    let blamed = Amounts::of(&submission.figures, vocabulary).blamed();
    let mut findings: Vec<Finding> = Vec::new();
    for figure in (0..submission.figures.len()).filter(|at| blamed.contains(at)).map(|at| &submission.figures[at]) {
        // Once for a form: its leftovers say which amounts.
        if findings.iter().all(|finding| *finding.form != *figure.form) {
            let finding = Finding::at(FindingCode::OtherUnit, figure.place.clone(), figure.key.to_string());
            findings.push(Finding { form: figure.form.to_string(), ..finding });
        }
    }
    leave_over(submission, &blamed, OTHER_UNIT);
    submission.findings.append(&mut findings);
}

/// Takes back some figures, by their numbers.
pub(super) fn leave_over(submission: &mut Submission, some: &Set<usize>, why: &str) {
    if some.is_empty() {
        return;
    }
    let figures = std::mem::take(&mut submission.figures);
    let mut fates = Vec::new();
    for (at, figure) in figures.into_iter().enumerate() {
        if !some.contains(&at) {
            submission.figures.push(figure);
            continue;
        }
        fates.push((figure.place.clone(), Fate::Leftover, Arc::from(why)));
        submission.leftovers.push(Leftover {
            form: figure.form,
            place: figure.place,
            value_as_written: figure.value_as_written.into(),
            labels: figure.label,
            blocked_by: why.to_owned(),
        });
    }
    super::figures::settle(&mut submission.numbers, fates);
}

struct Amounts<'f> {
    figures: &'f [Box<Figure>],
    /// Where those of a key stand; the grand totals have one key.
    known: Map<Key, usize>,
    /// Those of one key, by the numbers of their figures.
    of_one_key: Vec<Vec<usize>>,
    /// Pairs that cannot both be right.
    contradictions: Vec<(usize, usize)>,
    /// Those that another form bears out.
    borne_out: Set<usize>,
}

impl<'f> Amounts<'f> {
    fn of(figures: &'f [Box<Figure>], vocabulary: &Vocabulary) -> Amounts<'f> {
        let mut amounts = Amounts {
            figures,
            known: Map::default(),
            of_one_key: Vec::new(),
            contradictions: Vec::new(),
            borne_out: Set::default(),
        };
        // What is told by codes stands below a total that is told without one.
        let is_amount = |figure: &Figure| {
            let key = &figure.key;
            let bare = key.entity.is_empty() && key.function.is_empty() && key.economic.is_empty();
            bare && *figure.unit_of_measure == *AMOUNTS && !figure.value.is_zero()
        };
        for (at, figure) in figures.iter().enumerate().filter(|(_, figure)| is_amount(figure)) {
            let mut key = figure.key.clone();
            if *key.item == *accounts::ALL_EXPENDITURE && key.measure == Measure::Final {
                key.item = accounts::ALL_INCOME.into();
            }
            let next = amounts.of_one_key.len();
            let known = *amounts.known.entry(key).or_insert(next);
            if known == next {
                amounts.of_one_key.push(Vec::new());
            }
            amounts.of_one_key[known].push(at);
        }
        amounts.compare();
        amounts.hold_parts_against_all(vocabulary);
        amounts
    }

    /// Holds the amounts of each key against one another.
    fn compare(&mut self) {
        for same in &self.of_one_key {
            for (nth, &a) in same.iter().enumerate() {
                for &b in &same[nth + 1..] {
                    let (one, other) = (&self.figures[a], &self.figures[b]);
                    // 收入总计 and 支出总计 in sentences: each states its unit.
                    let apart = one.form != other.form || is_in_prose(one) && one.key.item != other.key.item;
                    if one.value == other.value && apart {
                        self.borne_out.extend([a, b]);
                    } else if differ_by_unit(one.value, other.value) {
                        self.contradictions.push((a, b));
                    }
                }
            }
        }
    }

    /// The “三公”经费 and what is told beside them are a part of all that was spent.
    fn hold_parts_against_all(&mut self, vocabulary: &Vocabulary) {
        let totals = [accounts::ALL_INCOME, accounts::EXPENDITURE].map(|item| Key {
            item: item.into(),
            measure: Measure::Final,
            ..Key::default()
        });
        let totals =
            totals.iter().filter_map(|key| self.known.get(key)).flat_map(|known| &self.of_one_key[*known]).copied();
        let Some(all) = totals.max_by_key(|at| self.figures[*at].value) else { return };
        let root = vocabulary.ancestors(accounts::THREE_PUBLIC).last().unwrap_or(accounts::THREE_PUBLIC);
        let is_more = |figure: &Figure| {
            // A sentence says its unit: what is too much in it is as it was stated.
            !is_in_prose(figure)
                && figure.key.measure == Measure::Final
                && figure.value > self.figures[all].value
                && vocabulary.is_part_of(&figure.key.item, root)
        };
        let parts = self.of_one_key.iter().flatten().copied().filter(|at| is_more(&self.figures[*at]));
        self.contradictions.extend(parts.map(|part| (part, all)).collect::<Vec<_>>());
    }

    /// The figures that may be the wrong ones, each with all of its table.
    fn blamed(&self) -> Set<usize> {
        let in_prose = |at: usize| is_in_prose(&self.figures[at]);
        let mut blamed: Set<usize> = Set::default();
        for &(a, b) in &self.contradictions {
            let stands = |one: usize, other: usize| {
                in_prose(one) && !in_prose(other)
                    || in_prose(one) == in_prose(other) && self.is_borne_out(one) && !self.is_borne_out(other)
            };
            let both = [(a, b), (b, a)].into_iter().filter(|(one, other)| !stands(*one, *other));
            blamed.extend(both.map(|(one, _)| one));
        }
        let forms: Set<&str> = blamed.iter().filter(|at| !in_prose(**at)).map(|at| &*self.figures[*at].form).collect();
        let of_table = |at: &usize| !in_prose(*at) && forms.contains(&*self.figures[*at].form);
        let is_amount = |at: &usize| *self.figures[*at].unit_of_measure == *AMOUNTS;
        blamed.extend((0..self.figures.len()).filter(of_table).filter(is_amount));
        blamed
    }

    /// It is told alike elsewhere; in a table any amount of it, since all have one unit.
    fn is_borne_out(&self, at: usize) -> bool {
        if is_in_prose(&self.figures[at]) {
            return self.borne_out.contains(&at);
        }
        self.borne_out.iter().any(|other| self.figures[*other].form == self.figures[at].form)
    }
}

fn is_in_prose(figure: &Figure) -> bool {
    matches!(figure.place, Place::Paragraph { .. })
}

/// One is a thousand, ten thousand or a hundred million times the other, but for its last places.
fn differ_by_unit(a: Decimal, b: Decimal) -> bool {
    let (small, large) = if a.abs() < b.abs() { (a, b) } else { (b, a) };
    FACTORS.iter().any(|factor| {
        let Some(raised) = small.checked_mul(Decimal::from(*factor)) else { return false };
        // One in two hundred: what two decimals leave open of a small amount.
        let open = large.abs() / Decimal::from(200);
        (raised - large).abs() <= open
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_may_differ_by_their_unit() {
        let differ = |a: &str, b: &str| differ_by_unit(a.parse().unwrap_or_default(), b.parse().unwrap_or_default());
        for (a, b) in [("6.5", "65000"), ("65123", "6.51"), ("-2.5", "-2500"), ("0.52", "52000000")] {
            assert!(differ(a, b), "{a} {b}");
        }
        for (a, b) in [("6.5", "66000"), ("6.5", "-65000"), ("2.5", "25"), ("2.5", "2.6")] {
            assert!(!differ(a, b), "{a} {b}");
        }
    }
}
