//! Points as cells and labels tell them.

use rust_decimal::Decimal;

use crate::locate::grid::Spot;
use crate::model::{UnitOfMeasure, digit_runs, fold};
use crate::normalise;

/// The points in a cell, perhaps with 分 behind them.
pub(in crate::locate) fn points(spot: &Spot<'_>) -> Result<Decimal, String> {
    if let Some(why) = crate::locate::unreadable(spot.cell) {
        return Err(why.to_owned());
    }
    if let Some(number) = &spot.cell.number {
        return Ok(number.value);
    }
    let written = normalise::read(spot.text()).map_err(|doubt| doubt.to_string())?;
    if written.percent || !(written.unit.is_empty() || written.unit == UnitOfMeasure::Points.word()) {
        return Err(format!("`{}` is no number of points", spot.text().trim()));
    }
    Ok(written.value)
}

/// A level's name without the weight in its last bracket, and that weight: `目标设定（5分）`, `预算编制(10)`.
pub(in crate::locate) fn without_weight(text: &str) -> (String, Option<Decimal>) {
    let name = squeezed(text);
    if !name.ends_with(['）', ')']) {
        return (name, None);
    }
    let Some(open) = name.rfind(['（', '(']).filter(|open| *open > 0) else {
        return (name, None);
    };
    let inner = fold(&name[open..]);
    let inner = inner.trim_matches(['(', ')']);
    let digits = inner.strip_suffix('分').unwrap_or(inner);
    match normalise::read(digits) {
        Ok(written) if written.unit.is_empty() && !written.percent && digit_runs(digits).next().is_some() => {
            (name[..open].to_owned(), Some(written.value))
        }
        _ => (name, None),
    }
}

/// ≥95%, 36人, 12: what an indicator was to reach, and no name.
pub(in crate::locate) fn is_quantity(text: &str) -> bool {
    const LONGEST_UNIT: usize = 3;
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let behind = text.trim_start_matches(is_digit);
    text.starts_with(['≥', '≤', '=', '＝', '>', '＞', '<', '＜'].as_slice()) && text.contains(is_digit)
        || behind.len() < text.len() && behind.chars().count() <= LONGEST_UNIT
}

fn squeezed(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    squeezed.extend(text.split_whitespace());
    squeezed
}
