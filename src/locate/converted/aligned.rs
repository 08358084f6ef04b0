//! Rows of indicators of which a converter left out the cells that are merged down: what is left stands too far to the left.
//!
//! `产出指标 | 数量指标 | 巡护次数 | 12次 | 50 | 48` over `质量指标 | 合格率 | ≥95% | 40 | 40`. The rows are put back where their points
//! tell how far, and where the points of all of them, with what stands beside the money, come to those of the total.

use rust_decimal::Decimal;

use crate::locate::grid::Grid;
use crate::locate::indicators::{is_quantity, points, without_weight};
use crate::locate::words::{Axis, Reader, Shape};
use crate::mapping::ColumnRole;
use crate::model::Score;

/// The columns of a header.
struct Columns {
    /// The first one that names indicators, behind at most one that says nothing of its own (绩效指标).
    first: usize,
    /// The one behind the last of these.
    values: usize,
    weight: Option<usize>,
    score: usize,
    /// The one that holds signs of what was to be reached (≥).
    sign: Option<usize>,
    /// Those that hold words.
    words: Vec<usize>,
    /// How many the header has.
    all: usize,
}

/// A row below the header, by the spots of its cells.
enum Line {
    /// An indicator, so many columns too far to the left.
    Indicator(Vec<usize>, usize),
    /// The total, and its numbers.
    Total(Vec<usize>, Vec<usize>),
}

/// Puts the rows back, if one has moved and all are proved. Returns whether it did. `told` are the points that the form has told so
/// far.
pub(super) fn align(grid: &mut Grid<'_>, reader: &Reader<'_>, told: &[&Score]) -> bool {
    if grid.merges_known {
        return false;
    }
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); grid.height];
    for (at, spot) in grid.spots.iter().enumerate() {
        rows[spot.row].push(at);
    }
    let Some(columns) = rows.first().and_then(|header| columns(grid, header, reader)) else {
        return false;
    };
    let below = rows.into_iter().skip(1).filter(|row| row.iter().any(|at| !grid.spots[*at].is_blank()));
    let Some(lines) = below.map(|row| line(grid, row, &columns, reader)).collect::<Option<Vec<Line>>>() else {
        return false;
    };
    let has_moved = lines.iter().any(|line| matches!(line, Line::Indicator(_, by) if *by > 0));
    if !has_moved || !names_are_told(grid, &lines, &columns, reader) || !adds_up(grid, &lines, &columns, told) {
        return false;
    }
    for line in lines {
        match line {
            Line::Indicator(row, by) => row.into_iter().for_each(|at| grid.spots[at].column += by),
            Line::Total(row, numbers) => {
                let places = columns.weight.into_iter().chain([columns.score]);
                let moves = |(at, place): (&usize, usize)| grid.spots[*at].column != place;
                if !numbers.iter().zip(places.clone()).any(moves) {
                    continue;
                }
                row[1..].iter().zip(columns.all..).for_each(|(at, column)| grid.spots[*at].column = column);
                numbers.iter().zip(places).for_each(|(at, place)| grid.spots[*at].column = place);
            }
        }
    }
    let width = grid.width;
    grid.spots.retain(|spot| spot.column < width);
    grid.spots.sort_by_key(|spot| (spot.row, spot.column));
    grid.reindex();
    true
}

fn columns(grid: &Grid<'_>, header: &[usize], reader: &Reader<'_>) -> Option<Columns> {
    let header = &header[..grid.written(header)];
    let roles: Vec<Option<ColumnRole>> = header.iter().map(|at| grid.spots[*at].role(reader)).collect();
    let says_nothing = |at: &usize| {
        let rule = &grid.spots[*at].word(reader, Axis::Across).rule;
        grid.spots[*at].is_blank() || rule.as_ref().is_some_and(|rule| rule.is_neutral())
    };
    let first = roles.iter().position(|role| *role == Some(ColumnRole::Level(1)))?;
    let levels = roles[first..]
        .iter()
        .zip(1u8..)
        .take_while(|(role, level)| **role == Some(ColumnRole::Level(*level)) || **role == Some(ColumnRole::Indicator));
    let values = first + levels.count();
    let only = |wanted: ColumnRole| {
        let mut found = (values..header.len()).filter(|column| roles[*column] == Some(wanted));
        (found.next(), found.next().is_none())
    };
    let ((weight, one_weight), (score, one_score)) = (only(ColumnRole::Weight), only(ColumnRole::SelfScore));
    let are_known = roles[values..].iter().all(|role| {
        use ColumnRole::{Actual, CountedIn, SelfScore, Sign, Target, Text, Weight};
        matches!(role, Some(Target | Actual | Sign | CountedIn | Weight | SelfScore | Text))
    });
    let stands_in_order = header
        .iter()
        .enumerate()
        .all(|(column, at)| grid.spots[*at].column == column && grid.spots[*at].column_span == 1);
    let is_whole = stands_in_order && are_known && one_weight && one_score && first <= 1;
    let score = score.filter(|score| weight.is_none_or(|weight| weight < *score))?;
    (is_whole && header[..first].iter().all(says_nothing)).then(|| Columns {
        first,
        values,
        weight,
        score,
        sign: only(ColumnRole::Sign).0,
        words: (values..header.len()).filter(|column| roles[*column] == Some(ColumnRole::Text)).collect(),
        all: header.len(),
    })
}

/// What a row is; `None` where more than one way of reading it is possible, or none.
fn line(grid: &Grid<'_>, row: Vec<usize>, columns: &Columns, reader: &Reader<'_>) -> Option<Line> {
    let spot = |at: usize| &grid.spots[row[at]];
    let is_number = |at: usize| at < row.len() && spot(at).shape == Shape::Number;
    if row.iter().enumerate().any(|(column, at)| grid.spots[*at].column != column || grid.spots[*at].column_span > 1) {
        return None;
    }
    if spot(0).word(reader, Axis::Down).rule.as_ref().is_some_and(|rule| rule.total) {
        let filled: Vec<usize> = (1..row.len()).filter(|at| !spot(*at).is_blank()).collect();
        let places: Vec<usize> = columns.weight.into_iter().chain([columns.score]).collect();
        let is_whole = filled.iter().all(|at| is_number(*at));
        let has_moved = filled.iter().copied().eq(1..=places.len());
        // Merged over the names, and as far before its place each.
        let has_moved_together = filled.len() == places.len()
            && filled
                .iter()
                .zip(&places)
                .all(|(at, place)| place.checked_sub(*at) == places[0].checked_sub(filled[0]) && place >= at);
        let numbers = filled.iter().map(|at| row[*at]).collect();
        return (is_whole && (has_moved || has_moved_together)).then_some(Line::Total(row, numbers));
    }
    let fits = |by: &usize| {
        let points = columns.weight.into_iter().chain([columns.score]);
        let points_stand = points.into_iter().all(|column| column >= *by && is_number(column - by));
        let words_stand = columns.words.iter().all(|column| !is_number(column - by));
        let ends = row.len() + by == columns.all || grid.written(&row) + by <= columns.all && row.len() >= columns.all;
        // Words at its end that are blank were left out, too.
        let end = row.len() + by;
        let lacks_words = end <= columns.all && (end..columns.all).all(|column| columns.words.contains(&column));
        let sign_stands = columns
            .sign
            .is_none_or(|sign| sign >= *by && row.get(sign - by).is_some_and(|at| is_sign(grid.spots[*at].text())));
        points_stand && words_stand && sign_stands && (ends || lacks_words)
    };
    let mut ways = (0..columns.values).filter(fits);
    let by = ways.next().filter(|_| ways.next().is_none())?;
    Some(Line::Indicator(row, by))
}

/// Each name is that of its level: none is what an indicator was to reach, or named as those of the first level are.
fn names_are_told(grid: &Grid<'_>, lines: &[Line], columns: &Columns, reader: &Reader<'_>) -> bool {
    let name = |row: &[usize], by: usize, column: usize| {
        let at = column.checked_sub(by).and_then(|at| row.get(at));
        at.map_or(String::new(), |at| without_weight(grid.spots[*at].text()).0)
    };
    let indicators = || {
        lines.iter().filter_map(|line| match line {
            Line::Indicator(row, by) => Some((row, *by)),
            Line::Total(..) => None,
        })
    };
    let firsts: Vec<String> = indicators()
        .filter(|(_, by)| *by <= columns.first)
        .map(|(row, by)| name(row, by, columns.first))
        .filter(|name| !name.is_empty())
        .collect();
    // 产出指标, 效益指标: what stands among the names of another level would not be told apart without.
    let Some(ending) = common_ending(&firsts) else { return false };
    let begins_whole = indicators().next().is_some_and(|(_, by)| by <= columns.first);
    begins_whole
        && indicators().all(|(row, by)| {
            // A cell that is left and blank is none that was merged down: its name is lost.
            let mut names = (columns.first.max(by)..columns.values).map(|column| name(row, by, column));
            let last = name(row, by, columns.values - 1);
            // What has moved that far for a value that is gone still has its first name.
            let begins_below =
                by <= columns.first || !reader.mappings.schemes.has_first_level(&name(row, by, columns.first.max(by)));
            names.all(|name| !name.is_empty()) && !is_quantity(&last) && !last.ends_with(&ending) && begins_below
        })
}

/// ≥, or a word that says that nothing is counted.
fn is_sign(text: &str) -> bool {
    let text = text.trim();
    matches!(text, "定性" | "定量") || !text.is_empty() && text.chars().all(|c| "≥≤＝=><＞＜≧≦".contains(c))
}

/// The last characters of all names.
fn common_ending(names: &[String]) -> Option<String> {
    const CHARACTERS: usize = 2;
    let first = names.first()?;
    let count = first.chars().count().checked_sub(CHARACTERS)?;
    let ending: String = first.chars().skip(count).collect();
    names.iter().all(|name| name.ends_with(&ending)).then_some(ending)
}

/// The points and the scores of all rows come to those of the total, with one pair at most that was told above.
fn adds_up(grid: &Grid<'_>, lines: &[Line], columns: &Columns, told: &[&Score]) -> bool {
    let value = |at: &usize| points(&grid.spots[*at]).ok();
    let mut total: Option<[Option<Decimal>; 2]> = None;
    let mut sum = [Decimal::ZERO; 2];
    for line in lines {
        match line {
            Line::Indicator(row, by) => {
                let of = |column: usize| row.get(column - by).and_then(value);
                let (Some(weight), Some(score)) = (columns.weight.map_or(Some(Decimal::ZERO), of), of(columns.score))
                else {
                    return false;
                };
                sum = [sum[0] + weight, sum[1] + score];
            }
            Line::Total(_, numbers) => {
                let mut numbers = numbers.iter().map(value);
                let weight = columns.weight.map_or(Some(Decimal::ZERO), |_| numbers.next().flatten());
                if total.replace([weight, numbers.next().flatten()]).is_some() {
                    return false;
                }
            }
        }
    }
    let Some([Some(weight), Some(score)]) = total else { return false };
    let rest = [weight - sum[0], score - sum[1]];
    let is_told =
        |told: &&Score| told.self_score == Some(rest[1]) && (columns.weight.is_none() || told.weight == Some(rest[0]));
    rest == [Decimal::ZERO; 2] || told.iter().any(is_told)
}
