//! Points that may be separators: 50.000 for 50,000.
//!
//! An amount in 元 has no third decimal, and one in 万元 that ends with 0 has none either where no other amount of its table has three.

use super::{Told, Verdict, paragraph};
use crate::model::{Claim, UnitOfMeasure};

/// Why they are left over.
const OR_SEPARATOR: &str = "a decimal point, or a separator?";

/// Refutes what may be a thousand times as much.
pub(super) fn refute(told: Told<'_>, verdicts: &mut [Verdict]) {
    /// Fewer do not tell with how many decimals a table is written.
    const FEWEST: usize = 4;
    let is_grouped = |claim: &Claim| claim.unit.is_money() && claim.number.is_none() && is_group(&claim.written);
    let in_table: Vec<&Claim> = told
        .claims
        .iter()
        .map(|claim| &**claim)
        .filter(|claim| claim.unit.is_money() && paragraph(claim).is_none())
        .collect();
    let others = || in_table.iter().filter(|claim| !is_grouped(claim));
    let rounded = |claim: &Claim| decimals(&claim.written) < 3;
    let alone = || others().count() >= FEWEST && others().all(|claim| rounded(claim));
    for (at, claim) in told.claims.iter().enumerate().filter(|(_, claim)| is_grouped(claim)) {
        let is_padded = claim.written.ends_with('0') && paragraph(claim).is_none();
        if claim.unit == UnitOfMeasure::Yuan || is_padded && alone() {
            verdicts[at] = Verdict::Refuted(OR_SEPARATOR.into());
        }
    }
}

fn decimals(written: &str) -> usize {
    written.rsplit_once('.').map_or(0, |(_, decimals)| decimals.len())
}

/// One to three digits and three behind a point, not all of them 0.
fn is_group(written: &str) -> bool {
    let Some((whole, group)) = written.trim().trim_start_matches(['-', '(']).trim_end_matches(')').split_once('.')
    else {
        return false;
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&whole.len()) && group.len() == 3 && digits(whole) && digits(group) && !whole.starts_with('0')
}
