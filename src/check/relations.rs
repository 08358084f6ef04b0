//! Whether figures obey a rule: sums, rows of a classification, percentages.

use super::numbers::{KeyRef, Number, Numbers};
use super::stated::{Stated, place_value};
use crate::mapping::{Axis, Base, Check, Relation, Term, Vocabulary};
use crate::model::{Finding, FindingCode, Funding, Measure, plain};

/// What came of a rule where it was due.
pub(crate) enum Outcome {
    /// It holds to the last digit, or what must not be more is less.
    Exact,
    /// It holds as far as the decimals that were written tell.
    WithinRounding,
    /// It does not hold.
    Broken(Broken),
}

/// A rule that is broken, and by what.
pub(crate) struct Broken {
    /// The number that is not what the others make it; those come behind it.
    pub(crate) numbers: Vec<Number>,
    /// What it should be, times 10⁶.
    expected: i128,
    /// By no more than one unit of its last place.
    pub(crate) in_last_digit: bool,
}

impl Broken {
    /// What a finding says of it: `subject` is the key of the number in doubt, `unit` what it is measured in.
    pub(crate) fn finding(&self, check: &Check, subject: String, unit: &str) -> Finding {
        let code = if self.in_last_digit { FindingCode::RuleInLastDigit } else { FindingCode::RuleBroken };
        let mut finding = Finding { rule: Some(check.rule.clone()), ..Finding::new(code, subject) };
        if let Some(Stated { value, decimals }) = self.numbers.first().map(|number| number.stated) {
            // What a division gives is told to two places more than the percentage is written with.
            let places = place_value(decimals.clamp(0, 4) + 2).unwrap_or(1);
            let is_rate = matches!(check.relation, Relation::Rate { .. });
            let expected = if is_rate { self.expected / places * places } else { self.expected };
            let said = |value: i128| format!("{}{}{unit}", plain(value), if unit == "%" { "" } else { " " });
            if matches!(check.relation, Relation::Both { .. } | Relation::Needs { .. }) {
                // The other one tells that this one is something, and not what.
                finding.expected = Some(if value == 0 { "≠ 0".to_owned() } else { said(0) });
                finding.actual = Some(said(value));
                return finding;
            }
            let least = if check.relation.is_bound() { "≥ " } else { "" };
            finding.expected = Some(format!("{least}{}", said(expected)));
            finding.actual = Some(said(value));
            finding.difference = Some(said(value - expected));
        }
        finding
    }
}

/// Terms that are added up.
#[derive(Default)]
pub(super) struct Total {
    pub(super) numbers: Vec<Number>,
    pub(super) value: i128,
    /// Twice how far it may be off.
    pub(super) twice_open: i128,
    /// Terms that are not told.
    absent: usize,
}

impl Total {
    /// Adds a number; `None` where the form tells two for its key.
    fn add(&mut self, number: Number, minus: bool) -> Option<()> {
        let Stated { value, .. } = number.stated;
        self.value = self.value.checked_add(if minus { -value } else { value })?;
        self.twice_open += number.stated.twice_open();
        self.numbers.push(number);
        (!number.is_doubtful).then_some(())
    }

    /// Adds what a term names; what is not told is nothing, but where the term names a measure: then there is no sum.
    fn add_term(&mut self, key: KeyRef<'_>, term: &Term, numbers: &Numbers<'_>) -> Option<()> {
        if let Some(number) = numbers.get(&key.with(term)) {
            return self.add(number, term.minus);
        }
        let told = |other: &Term| numbers.get(&key.with(other)).map(|number| (number, other.minus != term.minus));
        let others: Vec<(Number, bool)> = term.or.iter().filter_map(told).collect();
        let all_told = !others.is_empty() && others.len() == term.or.len();
        if !all_told && term.measure.is_some() {
            return None;
        }
        self.absent += usize::from(others.is_empty());
        others.into_iter().try_for_each(|(number, minus)| self.add(number, minus))
    }

    fn of(key: KeyRef<'_>, terms: &[Term], numbers: &Numbers<'_>) -> Option<Total> {
        let mut total = Total::default();
        terms.iter().try_for_each(|term| total.add_term(key, term, numbers))?;
        Some(total)
    }

    /// So many times as much.
    pub(super) fn times(&self, factor: i128) -> Option<Total> {
        let (value, twice_open) = (self.value.checked_mul(factor)?, self.twice_open.checked_mul(factor)?);
        Some(Total { value, twice_open, ..Total::default() })
    }

    /// Terms that are all told.
    pub(super) fn told(key: KeyRef<'_>, terms: &[Term], numbers: &Numbers<'_>) -> Option<Total> {
        Total::of(key, terms, numbers).filter(|total| total.absent == 0)
    }
}

/// A whole and the sum of its parts; `key` is that of its first term. Nothing where none of the parts is told, or too few to tell.
pub(super) fn sum(
    key: KeyRef<'_>,
    whole: &[Term],
    parts: &[Term],
    at_most: bool,
    numbers: &Numbers<'_>,
) -> Option<Outcome> {
    let (whole, parts) = (Total::of(key, whole, numbers)?, Total::of(key, parts, numbers)?);
    if whole.absent > 0 && numbers.is_open {
        return None;
    }
    let may_miss = numbers.is_open && parts.absent > 0;
    hold(whole, parts, Parts::told(at_most, may_miss))
}

/// Whether the parts that are told are all.
#[derive(Clone, Copy)]
enum Parts {
    All,
    /// Not all need be told: together they are no more than the whole.
    Some,
    /// Others may be told where nothing was read: what is missing to the whole may be theirs.
    Unknown,
}

impl Parts {
    fn told(at_most: bool, may_miss: bool) -> Parts {
        match (at_most, may_miss) {
            (true, _) => Parts::Some,
            (false, true) => Parts::Unknown,
            (false, false) => Parts::All,
        }
    }
}

/// Holds a whole against its parts together.
fn hold(whole: Total, parts: Total, told: Parts) -> Option<Outcome> {
    if parts.numbers.is_empty() {
        return None;
    }
    let difference = whole.value.checked_sub(parts.value)?;
    // One common end point of both intervals would excuse every difference of one last place between two single numbers.
    let is_within = difference.abs().checked_mul(2)? < whole.twice_open + parts.twice_open;
    match told {
        _ if difference == 0 => return Some(Outcome::Exact),
        _ if is_within => return Some(Outcome::WithinRounding),
        Parts::Some if difference > 0 => return Some(Outcome::Exact),
        Parts::Unknown if difference > 0 => return None,
        _ => {}
    }
    // The first term of the whole is what is doubted; the others move what it should be.
    let expected = whole.numbers.first()?.stated.value.checked_sub(difference)?;
    let numbers = whole.numbers.into_iter().chain(parts.numbers).collect();
    Some(Outcome::Broken(Broken { numbers, expected, in_last_digit: false }))
}

/// A figure and the score of its whole table.
pub(super) fn score(number: Number, scored: i128) -> Option<Outcome> {
    let broken = || Outcome::Broken(Broken { numbers: vec![number], expected: scored, in_last_digit: false });
    match number.stated.value == scored {
        _ if number.is_doubtful => None,
        true => Some(Outcome::Exact),
        false => Some(broken()),
    }
}

/// Two figures of which one may not be nothing without the other; `key` is that of the first.
pub(super) fn both(key: KeyRef<'_>, other: &Term, numbers: &Numbers<'_>) -> Option<Outcome> {
    let [one, other] = pair(key, other, numbers)?;
    Some(held(is_nothing(one) == is_nothing(other), [one, other]))
}

/// A figure and another that is nothing, without which it is nothing, too; `key` is its own.
pub(super) fn needs(key: KeyRef<'_>, other: &Term, numbers: &Numbers<'_>) -> Option<Outcome> {
    let [one, other] = pair(key, other, numbers)?;
    is_nothing(other).then(|| held(is_nothing(one), [one, other]))
}

fn pair(key: KeyRef<'_>, other: &Term, numbers: &Numbers<'_>) -> Option<[Number; 2]> {
    let pair = [numbers.get(&key)?, numbers.get(&key.with(other))?];
    pair.iter().all(|number| !number.is_doubtful).then_some(pair)
}

fn is_nothing(number: Number) -> bool {
    number.stated.value == 0
}

fn held(holds: bool, pair: [Number; 2]) -> Outcome {
    match holds {
        true => Outcome::Exact,
        false => Outcome::Broken(Broken { numbers: pair.to_vec(), expected: 0, in_last_digit: false }),
    }
}

/// Each row of a classification and the sum of the rows below it. `keys` are those of one column: they differ in the code only.
pub(super) fn rollup(keys: &[KeyRef<'_>], axis: Axis, at_most: bool, numbers: &Numbers<'_>) -> Vec<Outcome> {
    let mut rows: Vec<(&str, Number)> = Vec::with_capacity(keys.len());
    for key in keys {
        let code = code(key, axis);
        // What only a path of names tells may stand below any code.
        if !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Vec::new();
        }
        rows.extend(numbers.get(key).map(|number| (code, number)));
    }
    rows.sort_by_key(|(code, _)| *code);
    // In the order of their codes, all rows below one follow it.
    let mut totals: Vec<Option<Total>> = rows.iter().map(|_| Some(Total::default())).collect();
    let mut open: Vec<usize> = Vec::new();
    for (at, (code, number)) in rows.iter().enumerate() {
        while open.last().is_some_and(|above| !code.starts_with(rows[*above].0)) {
            open.pop();
        }
        if let Some(above) = open.last() {
            let total = totals[*above].take();
            totals[*above] = total.and_then(|mut total| total.add(*number, false).map(|()| total));
        }
        open.push(at);
    }
    let told = Parts::told(at_most, numbers.is_open);
    let outcome = |((_, number), parts): (&(&str, Number), Option<Total>)| hold(single(*number)?, parts?, told);
    rows.iter().zip(totals).filter_map(outcome).collect()
}

/// The code of a key.
pub(super) fn code<'k>(key: &KeyRef<'k>, axis: Axis) -> &'k str {
    match axis {
        Axis::Functional => key.function,
        Axis::Economic => key.economic,
    }
}

/// A percentage and what its terms give; `key` is its own.
pub(super) fn rate(
    key: KeyRef<'_>,
    of: &[Term],
    to: &Base,
    numbers: &Numbers<'_>,
    vocabulary: &Vocabulary,
) -> Option<Outcome> {
    let rate = numbers.get(&key).filter(|rate| !rate.is_doubtful)?;
    let of = Total::told(key, of, numbers)?;
    let whole = match to {
        Base::Terms(terms) => Total::told(key, terms, numbers)?,
        Base::OfShare => single(numbers.get(&of_share(key, vocabulary)?)?)?,
    };
    let off = off(rate.stated, &of, &whole)?;
    let in_last_digit = match off.kind {
        OffKind::Fits if off.expected == rate.stated.value => return Some(Outcome::Exact),
        OffKind::Fits => return Some(Outcome::WithinRounding),
        OffKind::LastDigit => true,
        OffKind::Broken => false,
    };
    let numbers = std::iter::once(rate).chain(of.numbers).chain(whole.numbers).collect();
    Some(Outcome::Broken(Broken { numbers, expected: off.expected, in_last_digit }))
}

fn single(number: Number) -> Option<Total> {
    let mut total = Total::default();
    total.add(number, false)?;
    Some(total)
}

/// The whole that a share is of: its base, else the item's parent, or all codes of the item. A base that its key does not give another
/// funding is of the share's own, but of all funds where the share is that of a fund: 一般公共预算财政拨款支出占本年支出合计的…. `None` where
/// the item is no part of its base: what 货物采购授予中小企业 has of 货物支出 says nothing of the whole amount.
fn of_share<'k>(key: KeyRef<'k>, vocabulary: &'k Vocabulary) -> Option<KeyRef<'k>> {
    let has_code = !key.function.is_empty() || !key.economic.is_empty();
    let (item, funding) = match key.base.split_once('{') {
        Some((base, funding)) => (base, Funding::from_word(funding.trim_end_matches('}'))),
        None if key.base.is_empty() && has_code => (key.item, key.funding),
        None if key.base.is_empty() => (vocabulary.item(key.item)?.parent.as_deref()?, key.funding),
        None => (key.base, if has_code { key.funding } else { None }),
    };
    vocabulary.is_part_of(key.item, item).then_some(KeyRef {
        item,
        funding,
        function: "",
        economic: "",
        measure: Measure::Final,
        base: "",
        ..key
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OffKind {
    Fits,
    LastDigit,
    Broken,
}

pub(super) struct Off {
    pub(super) kind: OffKind,
    /// What the terms give, times 10⁶.
    pub(super) expected: i128,
}

/// How far a percentage is from what its terms give; `None` where there is nothing, or too little, to divide by.
pub(super) fn off(rate: Stated, of: &Total, to: &Total) -> Option<Off> {
    const HUNDRED: i128 = 100_000_000;
    let ends =
        |value: i128, twice_open: i128| Some([value.checked_mul(2)? - twice_open, value.checked_mul(2)? + twice_open]);
    let (of_ends, to_ends) = (ends(of.value, of.twice_open)?, ends(to.value, to.twice_open)?);
    if to_ends[0] <= 0 {
        return None;
    }
    let quotients =
        of_ends.iter().flat_map(|of| to_ends.iter().map(move |to| Some((of.checked_mul(2 * HUNDRED)?, *to))));
    let quotients: Vec<(i128, i128)> = quotients.collect::<Option<_>>()?;
    let unit = place_value(rate.decimals)?;
    // The written rate stands for what lies within half a unit of its last place; a bent one is off by one unit more.
    let meets = |open: i128| {
        let low = rate.value * 2 - open;
        let high = rate.value * 2 + open;
        let all_below = quotients.iter().all(|(part, whole)| *part < low * whole);
        let all_above = quotients.iter().all(|(part, whole)| *part > high * whole);
        !all_below && !all_above
    };
    let kind = match (meets(unit), meets(3 * unit)) {
        (true, _) => OffKind::Fits,
        (false, true) => OffKind::LastDigit,
        (false, false) => OffKind::Broken,
    };
    Some(Off { kind, expected: of.value.checked_mul(HUNDRED)? / to.value })
}
