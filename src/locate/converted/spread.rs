//! Header rows of a text whose merges are lost: how far each cell reaches, told by the row below it.
//!
//! A text extractor writes a cell that is merged over three columns as one cell. A header row that has fewer cells than
//! the table has columns then stands too far left: `项目 | 本年收入合计 | …` over `编码 | 名称 | (blank) | …`. The row below
//! it tells how to spread it, where only one way of spreading is possible. Where several are, the row is *loose*: nothing
//! is read below it, and a row of the body with too few cells gives no numbers.

use std::ops::Range;

use crate::locate::grid::{Grid, Spot};
use crate::locate::words::{Axis, Reader, Shape};
use crate::mapping::{ColumnRole, Side};

/// Spreads the short rows of the header over the columns of the grid, from the lowest up, and marks the rows, in header
/// and body, of which it is not told where their cells stand.
pub(super) fn spread(grid: &mut Grid<'_>, reader: &Reader<'_>) {
    if grid.merges_known {
        return;
    }
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); grid.height];
    for (at, spot) in grid.spots.iter().enumerate() {
        rows[spot.row].push(at);
    }
    let width = rows.iter().map(|cells| width_of(grid, cells)).max().unwrap_or(0);
    let has_number = |grid: &Grid<'_>, row: usize| rows[row].iter().any(|at| grid.spots[*at].shape == Shape::Number);
    let body = (0..grid.height).find(|row| has_number(grid, *row)).unwrap_or(grid.height);
    for row in (0..grid.height).rev() {
        let cells = &rows[row];
        if cells.is_empty() || width_of(grid, cells) >= width {
            continue;
        }
        let of_numbers = || rows.get(body).is_some_and(|cells| is_line_row(grid, cells, reader));
        let below_is_header = row + 1 < body || row + 1 == body && of_numbers();
        let above = row.checked_sub(1).map(|above| rows[above].as_slice());
        let below = rows.get(row + 1).map(Vec::as_slice).filter(|_| below_is_header && !grid.loose[row + 1]);
        let spans = match below {
            _ if row < body && above.is_some_and(|above| stands_over_labels(grid, above, cells, width, reader)) => {
                Some(vec![1; cells.len()])
            }
            Some(below) if stands_over_labels(grid, cells, below, width, reader) => Some(over_labels(cells, below)),
            Some(below) => spans(grid, cells, below, width, reader),
            None => line_spans(grid, cells, width, reader),
        };
        let spans = spans.or_else(|| {
            let full = rows[body..].iter().filter(|cells| width_of(grid, cells) == width);
            (row + 1 == body).then(|| code_spans(grid, cells, full, width, reader))?
        });
        match spans {
            Some(spans) => place(grid, cells, &spans),
            None if row >= body && lacks_only_words(grid, cells, body, width, reader) => {}
            None => grid.loose[row] = true,
        }
    }
    grid.spots.sort_by_key(|spot| (spot.row, spot.column));
    grid.reindex();
}

/// What a row of the body lacks are words at its end, merged down or blank: labels are followed by a number or a dash below each
/// header of values, from the first one on.
fn lacks_only_words(grid: &Grid<'_>, cells: &[usize], body: usize, width: usize, reader: &Reader<'_>) -> bool {
    let header = |column: usize| (0..body).rev().find_map(|row| grid.at(row, column).filter(|spot| !spot.is_blank()));
    let holds_words = |column: usize| header(column).and_then(|spot| spot.role(reader)) == Some(ColumnRole::Text);
    let holds_values = |spot: &Spot<'_>| {
        let role = spot.role(reader);
        let measure = || spot.word(reader, Axis::Across).rule.as_ref().and_then(|rule| rule.key.measure);
        matches!(role, Some(ColumnRole::Weight | ColumnRole::SelfScore)) || role.is_none() && measure().is_some()
    };
    let Some(first) = (0..width).find(|column| header(*column).is_some_and(holds_values)) else { return false };
    let is_value = |spot: &Spot<'_>| matches!(spot.shape, Shape::Number | Shape::Dash);
    (width_of(grid, cells)..width).all(holds_words)
        && cells.iter().map(|at| &grid.spots[*at]).all(|spot| match spot.column {
            column if column < first => spot.shape == Shape::Words,
            column => is_value(spot) || holds_words(column),
        })
        && cells.last().is_some_and(|at| grid.spots[*at].column >= first)
}

/// A row of the numbers of columns, headed 栏次: it belongs to the header.
fn is_line_row(grid: &Grid<'_>, cells: &[usize], reader: &Reader<'_>) -> bool {
    cells.iter().any(|at| grid.spots[*at].role(reader) == Some(ColumnRole::Line))
}

/// The column behind the last cell of a row.
fn width_of(grid: &Grid<'_>, cells: &[usize]) -> usize {
    cells.iter().map(|at| grid.spots[*at].column + grid.spots[*at].column_span).max().unwrap_or(0)
}

/// Puts the cells of a row side by side, each as wide as told.
fn place(grid: &mut Grid<'_>, cells: &[usize], spans: &[usize]) {
    let mut column = 0;
    for (at, span) in cells.iter().zip(spans) {
        (grid.spots[*at].column, grid.spots[*at].column_span) = (column, *span);
        column += span;
    }
}

/// 项目 | 本年支出合计 | 基本支出 over 科目编码 | 科目名称 alone: all but the labels is merged down, so that as many columns as there are
/// cells behind 项目 are left for these.
fn stands_over_labels(grid: &Grid<'_>, above: &[usize], labels: &[usize], width: usize, reader: &Reader<'_>) -> bool {
    let is_label = |at: &usize| names_labels(grid, *at, reader);
    let Some((first, rest)) = above.split_first() else { return false };
    labels.len() > 1
        && labels.iter().all(is_label)
        && is_label(first)
        && !rest.is_empty()
        && !rest.iter().any(is_label)
        && rest.len() + labels.len() == width
}

/// How wide the cells over a row of labels are: the first one stands over all of them.
fn over_labels(above: &[usize], labels: &[usize]) -> Vec<usize> {
    std::iter::once(labels.len()).chain(above[1..].iter().map(|_| 1)).collect()
}

/// 栏次 at the beginning of a row of numbers spans the label columns.
fn line_spans(grid: &Grid<'_>, cells: &[usize], width: usize, reader: &Reader<'_>) -> Option<Vec<usize>> {
    let (first, rest) = cells.split_first()?;
    let is_line = grid.spots[*first].role(reader) == Some(ColumnRole::Line)
        && rest.iter().all(|at| matches!(grid.spots[*at].shape, Shape::Number | Shape::Blank))
        && rest.iter().any(|at| grid.spots[*at].shape == Shape::Number);
    is_line.then(|| std::iter::once(width - rest.len()).chain(rest.iter().map(|_| 1)).collect())
}

/// 科目编码 and 科目名称 at the beginning of the header's last row, over rows that hold a code in two or three columns and
/// its name behind them: the first of the two spans what stands left of the name.
fn code_spans<'r>(
    grid: &Grid<'_>,
    cells: &[usize],
    full: impl Iterator<Item = &'r Vec<usize>>,
    width: usize,
    reader: &Reader<'_>,
) -> Option<Vec<usize>> {
    let span = width + 1 - cells.len();
    let role = |at: usize| cells.get(at).and_then(|at| grid.spots[*at].role(reader));
    if role(0) != Some(ColumnRole::Code) || role(1) != Some(ColumnRole::Name) || !(2..=3).contains(&span) {
        return None;
    }
    let is_part = |at: &usize| {
        let text = grid.spots[*at].text().trim();
        matches!(text.len(), 0..=3 | 5 | 7) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut rows = 0;
    for row in full {
        let (parts, rest) = row.split_at_checked(span)?;
        // 类, 款, 项 beside 合计 and its values.
        if span == 3 && parts.iter().all(|at| names_a_part(grid, *at, reader)) {
            rows += 1;
            continue;
        }
        let named = rest.first().is_some_and(|at| grid.spots[*at].shape == Shape::Words);
        // 合计 stretched over them all.
        let total = grid.spots[row[0]].column_span > span;
        let coded = named && parts.iter().all(is_part) && !grid.spots[row[0]].is_blank();
        if !total && !coded {
            return None;
        }
        rows += usize::from(!total);
    }
    (rows > 0).then(|| std::iter::once(span).chain(cells[1..].iter().map(|_| 1)).collect())
}

/// 类, 款 or 项.
fn names_a_part(grid: &Grid<'_>, at: usize, reader: &Reader<'_>) -> bool {
    let role = grid.spots[at].role(reader);
    matches!(role, Some(ColumnRole::Category | ColumnRole::Section | ColumnRole::Detail))
}

/// How many columns each cell of a header row covers, if the row below it leaves only one way.
///
/// A cell of the row below that is blank, a number of a column or 栏次 has one cell above it: itself merged down, or
/// none of its own. Words below belong to the words above them: one cell above each run of them, or equally many of
/// them, the same again and again, below each, or a run that begins with 项目 or the like below each.
fn spans(grid: &Grid<'_>, cells: &[usize], below: &[usize], width: usize, reader: &Reader<'_>) -> Option<Vec<usize>> {
    if width_of(grid, below) != width {
        return None;
    }
    let is_line = |at: &usize| grid.spots[*at].role(reader) == Some(ColumnRole::Line);
    // 栏次 heads a row of numbers; 行次 among words heads a column.
    let of_numbers = below.iter().any(|at| grid.spots[*at].shape == Shape::Number);
    let is_word = |at: &usize| grid.spots[*at].shape == Shape::Words && !(of_numbers && is_line(at));
    let runs = runs(below, is_word);
    let single = runs.iter().filter(|run| !run.words).map(|run| run.cells.len()).sum::<usize>();
    let of_words = runs.iter().filter(|run| run.words).count();
    let over_words = cells.len().checked_sub(single)?;
    let mut spans = Vec::with_capacity(cells.len());
    for run in &runs {
        let inside = &below[run.cells.clone()];
        let widths = inside.iter().map(|at| grid.spots[*at].column_span);
        if !run.words {
            spans.extend(widths);
        } else if over_words == of_words {
            if !is_one_band(grid, inside, reader) {
                return None;
            }
            spans.push(widths.sum());
        } else if of_words == 1 {
            let whole = (single == 0).then_some(inside);
            let parts = repeated(grid, inside, over_words)
                .or_else(|| by_kind(grid, cells, whole?, reader))
                .or_else(|| by_label_columns(grid, whole?, over_words, reader))
                .or_else(|| grouping(grid, cells, whole?, reader))
                .or_else(|| by_sides(grid, cells, whole?, reader))?;
            spans.extend(
                parts
                    .iter()
                    .map(|part| -> usize { inside[part.clone()].iter().map(|at| grid.spots[*at].column_span).sum() }),
            );
        } else {
            return None;
        }
    }
    (spans.len() == cells.len()).then_some(spans)
}

/// Neighbouring cells of a row that are all words, or all none.
struct Run {
    words: bool,
    cells: Range<usize>,
}

fn runs(cells: &[usize], is_word: impl Fn(&usize) -> bool) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let words = is_word(cell);
        match runs.last_mut() {
            Some(run) if run.words == words => run.cells.end = at + 1,
            _ => runs.push(Run { words, cells: at..at + 1 }),
        }
    }
    runs
}

/// One word may stand over all the cells: no label comes twice, and all head labels or none. Else a label beside them was
/// left out, and the word ends somewhere among them.
fn is_one_band(grid: &Grid<'_>, cells: &[usize], reader: &Reader<'_>) -> bool {
    let label = |at: usize| grid.spots[cells[at]].label();
    let distinct = (0..cells.len()).all(|at| (0..at).all(|other| label(at) != label(other)));
    distinct && runs(cells, |at| names_labels(grid, *at, reader)).len() == 1
}

/// The cell names a column of labels, and the one before it does not.
fn begins_labels(grid: &Grid<'_>, cells: &[usize], at: usize, reader: &Reader<'_>) -> bool {
    let is_label = |at: usize| names_labels(grid, cells[at], reader);
    is_label(at) && (at == 0 || !is_label(at - 1))
}

/// The cell is the header of labels: 项目, 科目编码, 科目名称.
fn names_labels(grid: &Grid<'_>, at: usize, reader: &Reader<'_>) -> bool {
    matches!(
        grid.spots[at].role(reader),
        Some(
            ColumnRole::Label
                | ColumnRole::Code
                | ColumnRole::Category
                | ColumnRole::Section
                | ColumnRole::Detail
                | ColumnRole::Name
        )
    )
}

/// Headers of labels stand above headers of labels, others above others: 项目 and 本年支出 over 科目编码, 科目名称, 小计,
/// 基本支出.
fn by_kind(grid: &Grid<'_>, above: &[usize], cells: &[usize], reader: &Reader<'_>) -> Option<Vec<Range<usize>>> {
    let is_label = |at: &usize| names_labels(grid, *at, reader);
    let groups = runs(cells, is_label);
    let same = groups.len() == above.len() && groups.iter().zip(above).all(|(group, at)| group.words == is_label(at));
    same.then(|| groups.into_iter().map(|group| group.cells).collect())
}

/// Words that only group codes (人员经费, 公用经费) say nothing over blocks of codes, wherever they end: the last one takes
/// what is left.
fn grouping(grid: &Grid<'_>, above: &[usize], cells: &[usize], reader: &Reader<'_>) -> Option<Vec<Range<usize>>> {
    let groups = |at: &usize| grid.spots[*at].word(reader, Axis::Across).rule.as_ref().is_some_and(|rule| rule.group);
    let mut starts: Vec<usize> =
        (0..cells.len()).filter(|at| begins_labels(grid, cells, *at, reader)).take(above.len()).collect();
    let fits = above.iter().all(groups) && starts.first() == Some(&0) && starts.len() == above.len();
    starts.push(cells.len());
    fits.then(|| starts.windows(2).map(|pair| pair[0]..pair[1]).collect())
}

/// Words for the two sides of a table (收入, 支出) over more blocks of labels than words: each stands over the blocks whose
/// labels are of its side, if all labels below say so.
fn by_sides(grid: &Grid<'_>, above: &[usize], cells: &[usize], reader: &Reader<'_>) -> Option<Vec<Range<usize>>> {
    let starts: Vec<usize> = (0..cells.len()).filter(|at| begins_labels(grid, cells, *at, reader)).collect();
    let mut parts: Vec<(Side, Range<usize>)> = Vec::new();
    for (block, start) in starts.iter().enumerate() {
        let side = side_of_labels(grid, &grid.spots[cells[*start]], reader)?;
        let end = starts.get(block + 1).copied().unwrap_or(cells.len());
        match parts.last_mut() {
            Some((last, part)) if *last == side => part.end = end,
            _ => parts.push((side, *start..end)),
        }
    }
    let said = |at: &usize| grid.spots[*at].word(reader, Axis::Across).rule.as_ref().and_then(|rule| rule.side);
    let fits = starts.first() == Some(&0) && above.iter().map(said).eq(parts.iter().map(|(side, _)| Some(*side)));
    fits.then(|| parts.into_iter().map(|(_, part)| part).collect())
}

/// The side that the labels below a header are of, where they are of one.
fn side_of_labels(grid: &Grid<'_>, header: &Spot<'_>, reader: &Reader<'_>) -> Option<Side> {
    let vocabulary = &reader.mappings.vocabulary;
    let side_of = |spot: &Spot<'_>| {
        let rule = spot.word(reader, Axis::Down).rule.as_ref()?;
        let item = rule.key.item.as_deref();
        rule.side.or_else(|| vocabulary.side(item?))
    };
    let labels = (header.row + 1..grid.height).filter_map(|row| grid.at(row, header.column));
    let mut sides = labels.filter(|spot| spot.shape == Shape::Words).filter_map(side_of);
    let side = sides.next()?;
    sides.all(|other| other == side).then_some(side)
}

/// The cells in `count` equal parts, where each part says the same labels, all different: 预算数 and 决算数 over
/// 合计, 公务接待费, 合计, 公务接待费.
fn repeated(grid: &Grid<'_>, cells: &[usize], count: usize) -> Option<Vec<Range<usize>>> {
    if count < 2 || !cells.len().is_multiple_of(count) {
        return None;
    }
    let length = cells.len() / count;
    let label = |at: usize| grid.spots[cells[at]].label();
    let distinct = (0..length).all(|at| (0..at).all(|other| label(at) != label(other)));
    let repeats = (length..cells.len()).all(|at| label(at) == label(at % length));
    (length > 1 && distinct && repeats).then(|| (0..count).map(|part| part * length..(part + 1) * length).collect())
}

/// The cells in `count` parts that each begin with label columns: 收入 and 支出 over 项目, 金额, 项目, 合计, ….
fn by_label_columns(grid: &Grid<'_>, cells: &[usize], count: usize, reader: &Reader<'_>) -> Option<Vec<Range<usize>>> {
    let mut starts: Vec<usize> = (0..cells.len()).filter(|at| begins_labels(grid, cells, *at, reader)).collect();
    if starts.first() != Some(&0) || starts.len() != count {
        return None;
    }
    starts.push(cells.len());
    Some(starts.windows(2).map(|pair| pair[0]..pair[1]).collect())
}
