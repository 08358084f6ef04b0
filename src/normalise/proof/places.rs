//! Rows named without their codes, by names that many codes bear: 行政运行 below 政府办公厅（室）及相关机构事务.
//!
//! The rows below one code are its own where, in every column, they add up to it: what belongs below another one, whose row is
//! missing, would add to too much.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::reckoning::half_of_last_place;
use super::{Told, Verdict};
use crate::model::{Claim, Key, Unproved};

/// Proves all rows below one code, or none, from the classes down: what is below a row that is not proved is not either.
pub(super) fn prove(told: Told<'_>, verdicts: &mut [Verdict]) {
    let open: Vec<usize> = told.open(|doubt| *doubt == Unproved::ByPlace).collect();
    let codes: BTreeSet<(usize, &str)> =
        open.iter().map(|at| code_of(&told.claims[*at].key)).map(|code| (code.len(), code)).collect();
    let above: BTreeSet<(usize, &str)> =
        codes.iter().map(|(_, code)| parent(code)).map(|code| (code.len(), code)).collect();
    let mut refuted: BTreeSet<&str> = BTreeSet::new();
    for (_, whole) in above {
        let stands = !refuted.contains(whole) && told.adds_up_below(whole) == Some(true);
        // A class may have no total above it; what stands below it shows as well that it is one.
        let by_parts = |code: &str| whole.is_empty() && told.adds_up_below(code) == Some(true);
        let below = codes.iter().filter(|(_, code)| parent(code) == whole);
        refuted.extend(below.map(|(_, code)| *code).filter(|code| !stands && !by_parts(code)));
    }
    for at in open {
        if !refuted.contains(code_of(&told.claims[at].key)) {
            verdicts[at] = Verdict::Stands;
        }
    }
}

/// The code that names a claim's row.
fn code_of(key: &Key) -> &str {
    if key.function.is_empty() { &key.economic } else { &key.function }
}

/// The code above one; that of a class is the whole.
fn parent(code: &str) -> &str {
    if code.len() > 3 { &code[..code.len() - 2] } else { "" }
}

/// What stands above a row, what stands below it, and how far the sum may be from it.
#[derive(Default)]
struct Family {
    whole: Option<Decimal>,
    parts: Decimal,
    has_parts: bool,
    open: Decimal,
}

impl Told<'_> {
    /// In every column the amounts of the rows below a code add up to its own, in one at least to more than nothing.
    fn adds_up_below(self, whole: &str) -> Option<bool> {
        let mut families: BTreeMap<Key, Family> = BTreeMap::new();
        for claim in self.claims.iter().filter(|claim| is_amount(claim)) {
            let code = code_of(&claim.key);
            let is_whole = code == whole;
            if !is_whole && (code.is_empty() || parent(code) != whole) {
                continue;
            }
            let value = self.value(claim)?;
            let column = Key { function: "".into(), economic: "".into(), ..claim.key.clone() };
            let family = families.entry(column).or_default();
            family.open = family.open.checked_add(half_of_last_place(&value))?;
            if is_whole {
                if family.whole.replace(value.value).is_some_and(|told| told != value.value) {
                    return Some(false);
                }
            } else {
                family.has_parts = true;
                family.parts = family.parts.checked_add(value.value)?;
            }
        }
        let mut telling = false;
        // Beside the classes stand totals of other kinds: 人员经费.
        for family in families.values().filter(|family| family.has_parts || !whole.is_empty()) {
            let of_whole = family.whole.unwrap_or_default();
            if family.parts.checked_sub(of_whole)?.abs() > family.open {
                return Some(false);
            }
            telling |= !of_whole.is_zero();
        }
        Some(telling)
    }
}

fn is_amount(claim: &Claim) -> bool {
    claim.unit.is_money() && !claim.key.measure.is_rate()
}
