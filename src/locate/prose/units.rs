//! The unit of amounts that have none of their own, as a line above tells it, and one that may be a slip.

use super::super::Located;
use super::Reader;
use super::text::Paragraph;
use super::tokens::{Cut, Words};
use crate::mapping::{Vocabulary, WordParts};
use crate::model::{Claim, Measure, UnitOfMeasure};

impl<'a> Reader<'a> {
    /// 金额单位：元: the unit of the amounts below that have none, where it is told before the first of them. Another one further down
    /// leaves them open. Whether the line is such a one, which is no heading.
    pub(super) fn note_unit(&mut self, paragraph: &Paragraph, cut: &Cut<'a>) -> bool {
        let unit = self.words.unit_told_by(paragraph, cut);
        if let Some(unit) = unit {
            self.tell_unit(unit);
        }
        unit.is_some()
    }

    /// A line, or brackets behind a heading, tell the unit.
    pub(super) fn tell_unit(&mut self, unit: UnitOfMeasure) {
        let is_first = self.located.claims.is_empty() && self.located.leftovers.is_empty();
        self.units_differ |= self.unit_told.or(self.frame.unit_above).is_some_and(|told| told != unit);
        self.unit_told = self.unit_told.or(Some(unit).filter(|_| is_first));
    }

    /// Amounts in another unit than the line above told: which one holds where none is written, nothing tells.
    pub(super) fn doubt_unit_told(&mut self) {
        let Some(unit) = self.unit_told.filter(|_| self.units_differ) else { return };
        let claims = self.located.claims.iter_mut();
        for claim in claims.filter(|claim| claim.unit == unit && claim.flags.contains(&"unit_assumed")) {
            claim.doubt.get_or_insert_with(|| "no unit".into());
        }
    }
}

impl Words<'_> {
    /// The unit of amounts that a line tells, and nothing else: 单位：元.
    pub(super) fn unit_told_by(&self, paragraph: &Paragraph, cut: &Cut<'_>) -> Option<UnitOfMeasure> {
        const MOST_WORDS: usize = 8;
        (cut.tokens.len() <= MOST_WORDS).then(|| unit_told(&paragraph.text, self.lexicon.parts()))?
    }
}

/// 单位：万元, in brackets or not: the unit that the words tell.
pub(super) fn unit_told(text: &str, parts: &WordParts) -> Option<UnitOfMeasure> {
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let behind = parts.units_told.iter().filter_map(|word| text.strip_prefix(word.as_str()));
    let mut units = behind.map(|unit| unit.strip_prefix(':').unwrap_or(unit));
    units.find_map(UnitOfMeasure::of_money)
}

/// Where nearly all amounts are in 万元, one in 元 may have lost its 万.
pub(super) fn doubt_lone_yuan(located: &mut Located, vocabulary: &Vocabulary) {
    const ENOUGH: usize = 8;
    // 0元 is 0万元.
    let is_nothing =
        |claim: &Claim| !claim.written.chars().filter_map(crate::model::fold_char).any(|c| ('1'..='9').contains(&c));
    let of = |unit| located.claims.iter().filter(move |claim| claim.unit == unit && !is_nothing(claim));
    let (usual, lone) = (of(UnitOfMeasure::TenThousandYuan).count(), of(UnitOfMeasure::Yuan).count());
    if usual < ENOUGH || lone * 10 > usual {
        return;
    }
    // 4,800元, where the unit spent 810万元 in all: it can have lost none.
    let is_whole = |claim: &Claim| {
        let key = &claim.key;
        let total = vocabulary.item(&key.item).is_some_and(|item| item.accounts_total);
        total && key.function.is_empty() && key.funding.is_none() && key.measure == Measure::Final
    };
    let most = of(UnitOfMeasure::TenThousandYuan)
        .filter(|claim| is_whole(claim))
        .map(|claim| whole_part(&claim.written))
        .max();
    let may_be_more = |claim: &Claim| !is_nothing(claim) && most.is_none_or(|most| whole_part(&claim.written) <= most);
    let lone = located.claims.iter_mut().filter(|claim| claim.unit == UnitOfMeasure::Yuan && may_be_more(claim));
    for claim in lone {
        claim.doubt.get_or_insert_with(|| "元 among 万元".into());
    }
}

/// The digits before the decimal point of a written number.
fn whole_part(written: &str) -> u128 {
    let folded = crate::model::fold(written);
    let digits = folded.chars().take_while(|c| *c != '.').filter(char::is_ascii_digit);
    digits.fold(0, |value, digit| value.saturating_mul(10).saturating_add(u128::from(digit.to_digit(10).unwrap_or(0))))
}
