//! The value of a claim: its text as an exact decimal in the canonical unit.

use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};

use super::number::{self, Doubt};
use crate::mapping::{FormMapping, Vocabulary};
use crate::model::{AMOUNTS, Claim, Finding, FindingCode, IN_WORDS, Key, UnitOfMeasure, fold, numeral_value};

/// Decimals that a dataset keeps.
const DECIMALS: u32 = 6;

/// A value in its canonical unit.
pub(super) struct Value {
    pub(super) value: Decimal,
    pub(super) unit: Arc<str>,
    /// Decimals as written.
    pub(super) decimals: u32,
    /// How many places the point was moved to the left.
    pub(super) moved: u32,
    pub(super) flags: Vec<&'static str>,
}

impl Value {
    /// Another value, as exact as this one.
    pub(super) fn with(&self, value: Decimal) -> Value {
        Value { value, unit: self.unit.clone(), flags: Vec::new(), ..*self }
    }
}

/// Why a claim gives no figure.
pub(super) struct Refusal {
    code: FindingCode,
    subject: String,
}

impl Refusal {
    pub(super) fn finding(&self, claim: &Claim, form: &FormMapping) -> Finding {
        let mut finding = Finding::at(self.code, claim.place.clone(), self.subject.clone());
        finding.form = form.form.to_string();
        finding.with_actual(claim.written.clone()).with_expected(claim.key.to_string())
    }
}

impl From<Doubt> for Refusal {
    fn from(doubt: Doubt) -> Refusal {
        Refusal { code: FindingCode::MalformedNumber, subject: doubt.to_string() }
    }
}

pub(super) fn value_of(claim: &Claim, vocabulary: &Vocabulary) -> Result<Value, Refusal> {
    let wrong_kind = |subject: String| Refusal { code: FindingCode::WrongKind, subject };
    let mut flags = claim.flags.clone();
    let (written, percent, unit_behind) = match &claim.number {
        Some(number) => {
            if number.hides_digits {
                flags.push("hidden_digits");
            }
            (number.value, number.percent, String::new())
        }
        None if claim.flags.contains(&IN_WORDS) => {
            let value = numeral_value(&fold(&claim.written)).ok_or(Doubt::Empty)?;
            (value.into(), false, String::new())
        }
        None => {
            let written = number::read(&claim.written)?;
            (written.value, written.percent, written.unit)
        }
    };
    let decimals = written_decimals(claim, written);
    let key = &claim.key;
    let rate = key.measure.is_rate();
    let item = vocabulary.item(&key.item);
    let in_percent = item.is_some_and(|item| &*item.unit == "%");
    if percent && !rate && !in_percent {
        return Err(wrong_kind(format!("a percentage where {} belongs", unit_name(key, claim.unit, vocabulary))));
    }
    let value = if claim.negative && !written.is_zero() {
        if written.is_sign_negative() {
            return Err(Refusal { code: FindingCode::SignNotTold, subject: "a direction and a minus sign".into() });
        }
        -written
    } else {
        written
    };
    if rate {
        return Ok(Value { value: rounded(value, &mut flags), unit: "%".into(), decimals, moved: 0, flags });
    }
    if key.measure.is_score() || claim.unit == UnitOfMeasure::Points {
        return Ok(Value { value: rounded(value, &mut flags), unit: "分".into(), decimals, moved: 0, flags });
    }
    let item_unit = item.map_or_else(|| Arc::from(AMOUNTS), |item| item.unit.clone());
    if &*item_unit == AMOUNTS {
        // A unit in the cell itself is nearer than any line above the table.
        let unit = match UnitOfMeasure::of_money(&unit_behind) {
            Some(unit) => unit,
            None if unit_behind.is_empty() => claim.unit,
            None => return Err(wrong_kind(format!("`{unit_behind}` where an amount belongs"))),
        };
        let Some(places) = unit.places_below_wan() else {
            return Err(wrong_kind("a count where an amount belongs".into()));
        };
        let moved = shift(value, places).ok_or(Doubt::TooLong)?;
        let value = rounded(moved, &mut flags);
        return Ok(Value { value, unit: item_unit, decimals, moved: places.max(0).unsigned_abs(), flags });
    }
    if UnitOfMeasure::of_money(&unit_behind).is_some() {
        return Err(wrong_kind(format!("an amount of money where {item_unit} are counted")));
    }
    if vocabulary.is_counted_in(&item_unit) && value.normalize().scale() > 0 {
        return Err(wrong_kind(format!("a fraction where {item_unit} are counted")));
    }
    Ok(Value { value: rounded(value, &mut flags), unit: item_unit, decimals, moved: 0, flags })
}

fn unit_name(key: &Key, unit: UnitOfMeasure, vocabulary: &Vocabulary) -> String {
    if key.measure.is_score() {
        return "a score".into();
    }
    match vocabulary.item(&key.item) {
        Some(item) if !item.is_money() => format!("a count ({})", item.unit),
        _ if unit.is_money() => "an amount".into(),
        _ => "another kind of number".into(),
    }
}

/// Decimals as written: those of the text, which for a worksheet's number are those of its format.
fn written_decimals(claim: &Claim, value: Decimal) -> u32 {
    match &claim.number {
        Some(_) => {
            let digits = claim.written.trim_end_matches(['%', '％']);
            digits.rsplit_once('.').map_or(0, |(_, decimals)| decimals.len() as u32)
        }
        None => value.scale(),
    }
}

/// Moves the decimal point to the left; moving it cannot round. `None` where the digits do not fit.
fn shift(value: Decimal, places: i32) -> Option<Decimal> {
    if places >= 0 {
        let mut moved = value;
        moved.set_scale(value.scale().checked_add(places as u32)?).ok()?;
        return Some(moved);
    }
    let factor = Decimal::from(10_i64.pow(places.unsigned_abs()));
    value.checked_mul(factor)
}

/// At most the decimals that a dataset keeps; what was cut is flagged.
fn rounded(value: Decimal, flags: &mut Vec<&'static str>) -> Decimal {
    let plain = value.normalize();
    if plain.scale() <= DECIMALS {
        return plain;
    }
    flags.push("rounded");
    value.round_dp_with_strategy(DECIMALS, RoundingStrategy::MidpointAwayFromZero).normalize()
}
