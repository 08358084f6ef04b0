//! Tables changed by machine: what a layout may do without changing a figure, and what may only cost figures.
//!
//! Nothing here needs a truth. Moving whole columns, blocks and levels, putting blank lines in, or stating the amounts in
//! another unit says the same, so the figures stay. Emptying a label, losing merges, a row, a column or a title says
//! less: figures may become leftovers, none may come out otherwise than before. Figures are held against one another by
//! the cell they came from, wherever it went.

use std::collections::{BTreeMap, BTreeSet};

use juesuan::model::{Block, Cell, Document, PlacedCell, Table};
use juesuan::pipeline::{Settings, extract_read};
use juesuan::read;
use rayon::prelude::*;

use crate::cases::{cases, settings};

/// A document whose cells carry a number of their own (in place of their offset), so that they can be told again.
#[derive(Clone)]
struct Tagged {
    name: String,
    document: Document,
}

/// Figures and scores by the cell or paragraph they came from.
type Read = BTreeMap<String, BTreeSet<String>>;

impl Tagged {
    fn new(name: &str, text: &[u8]) -> Tagged {
        let mut document = read::read(text, name).unwrap();
        let mut tag = 0;
        for block in &mut document.blocks {
            match block {
                Block::Table(table) => {
                    for cell in &mut table.cells {
                        tag += 1;
                        cell.offset = Some(tag);
                    }
                }
                Block::Paragraph(paragraph) => paragraph.offset = None,
            }
        }
        Tagged { name: name.to_owned(), document }
    }

    fn tables(&self) -> impl Iterator<Item = (usize, &Table)> {
        self.document.blocks.iter().enumerate().filter_map(|(at, block)| match block {
            Block::Table(table) => Some((at, table)),
            Block::Paragraph(_) => None,
        })
    }

    /// The same with one table in place of another.
    fn with(&self, at: usize, table: Table) -> Tagged {
        let mut changed = self.clone();
        changed.document.blocks[at] = Block::Table(table);
        changed
    }

    fn leaves_over(&self, settings: &Settings) -> bool {
        !extract_read(&self.document, b"", &self.name, settings).submission.leftovers.is_empty()
    }

    fn read(&self, settings: &Settings) -> Read {
        let mut origins: BTreeMap<String, String> = BTreeMap::new();
        for (_, table) in self.tables() {
            for cell in &table.cells {
                origins.insert(table.place(cell).to_string(), format!("cell {}", cell.offset.unwrap()));
            }
        }
        let origin = |place: String| origins.get(&place).cloned().unwrap_or(place);
        let extracted = extract_read(&self.document, b"", &self.name, settings);
        let mut read = Read::new();
        for figure in &extracted.submission.figures {
            let said = format!("{} = {}", figure.key, figure.value.normalize());
            read.entry(origin(figure.place.to_string())).or_default().insert(said);
        }
        for score in &extracted.submission.scores {
            let path = [&score.level1, &score.level2, &score.level3].map(String::as_str).join("›");
            for (measure, value) in [("weight", score.weight), ("self_score", score.self_score)] {
                let said = value.map(|value| format!("[{}] {path} {measure} = {}", score.entity, value.normalize()));
                read.entry("scores".to_owned()).or_default().extend(said);
            }
        }
        for text in extracted.submission.texts.iter().filter(|text| !text.measure.is_empty()) {
            let said = format!("[{}] {} {} = {}", text.entity, text.item, text.measure, text.text);
            read.entry("texts".to_owned()).or_default().insert(said);
        }
        read
    }
}

/// The cells of a table by file coordinates; those without text as well.
fn placed(table: &Table) -> Vec<PlacedCell> {
    let place = |cell: &Cell| PlacedCell {
        row: table.rows[cell.row],
        column: table.columns[cell.column],
        row_span: table.rows[cell.row + cell.row_span - 1] - table.rows[cell.row] + 1,
        column_span: table.columns[cell.column + cell.column_span - 1] - table.columns[cell.column] + 1,
        cell: cell.clone(),
    };
    table.cells.iter().map(place).collect()
}

fn rebuilt(table: &Table, cells: Vec<PlacedCell>) -> Table {
    Table::new(table.number, table.sheet.clone(), table.merges_known, cells)
}

/// All layouts at hand.
fn layouts() -> Vec<Tagged> {
    let files = [
        include_str!("../cases/layout-cases.md"),
        include_str!("../cases/tables.md"),
        include_str!("../cases/names-without-codes.md"),
        include_str!("../cases/state.md"),
        include_str!("../cases/self-evaluations.md"),
        include_str!("../cases/beside-the-nine.md"),
        include_str!("../cases/converters.md"),
    ];
    files
        .into_iter()
        .flat_map(cases)
        // A near miss may become a hit when what is wrong with it is taken away.
        .filter(|case| case.figures.is_some())
        .map(|case| {
            let text = case.document.replace('⇥', "\t");
            let id: String = case.id.split_whitespace().next().unwrap_or_default().to_owned();
            Tagged::new(&format!("青禾县某局/{id}.txt"), text.as_bytes())
        })
        .collect()
}

/// Runs changes over all layouts. `wrong` tells what is wrong with what a change gave.
fn over_all(changes: fn(&Tagged) -> Vec<(String, Tagged)>, wrong: fn(&Read, &Read) -> Vec<String>) {
    let settings = settings();
    let layouts = layouts();
    let outcomes: Vec<(usize, usize, usize, Vec<String>)> = layouts
        .par_iter()
        .map(|layout| {
            let original = layout.read(&settings);
            // What is left over on purpose may become a figure when what is wrong with it is taken away.
            if layout.leaves_over(&settings) {
                return (0, 0, 0, Vec::new());
            }
            let due: usize = original.values().map(BTreeSet::len).sum();
            let (mut tried, mut found, mut broken) = (0, 0, Vec::new());
            for (what, changed) in changes(layout) {
                let read = changed.read(&settings);
                tried += 1;
                found += read.values().map(BTreeSet::len).sum::<usize>();
                let wrong = wrong(&original, &read);
                if !wrong.is_empty() {
                    broken.push(format!("{} {what}:\n    {}", layout.name, wrong.join("\n    ")));
                }
            }
            (tried, due * tried, found, broken)
        })
        .collect();
    let tried: usize = outcomes.iter().map(|outcome| outcome.0).sum();
    let due: usize = outcomes.iter().map(|outcome| outcome.1).sum();
    let found: usize = outcomes.iter().map(|outcome| outcome.2).sum();
    let broken: Vec<String> = outcomes.into_iter().flat_map(|outcome| outcome.3).collect();
    let told = format!("{} of {tried} changes are read otherwise ({found} of {due} figures)", broken.len());
    assert!(broken.is_empty(), "{told}:\n{}", broken.join("\n"));
    assert!(tried > 10, "{told}");
}

/// What was not there before.
fn not_there_before(original: &Read, read: &Read) -> Vec<String> {
    let mut wrong = Vec::new();
    for (cell, figures) in read {
        for figure in figures {
            if !original.get(cell).is_some_and(|before| before.contains(figure)) {
                let before = original.get(cell).map(|before| before.iter().cloned().collect::<Vec<_>>().join(", "));
                wrong.push(format!("{figure}; before: {}", before.unwrap_or_default()));
            }
        }
    }
    wrong
}

/// What is not the same as before.
fn not_the_same(original: &Read, read: &Read) -> Vec<String> {
    let mut wrong = not_there_before(original, read);
    for (cell, figures) in original {
        for figure in figures {
            if !read.get(cell).is_some_and(|now| now.contains(figure)) {
                wrong.push(format!("lost: {figure}"));
            }
        }
    }
    wrong
}

/// A cell that is one number.
fn is_value(cell: &Cell) -> bool {
    let text = cell.text.trim();
    text.starts_with(|c: char| c.is_ascii_digit() || c == '-') && text.chars().all(|c| "0123456789.,-%".contains(c))
}

/// Each change of one table.
fn of_tables(layout: &Tagged, changes: impl Fn(&Table) -> Vec<(String, Table)>) -> Vec<(String, Tagged)> {
    layout
        .tables()
        .flat_map(|(at, table)| {
            let number = table.number;
            changes(table)
                .into_iter()
                .map(move |(what, table)| (format!("table {number}: {what}"), layout.with(at, table)))
        })
        .collect()
}

/// A row of the text lacks cells, because merges are lost: what stands below one another is not one column.
fn is_ragged(table: &Table) -> bool {
    let cells =
        |row: usize| table.cells.iter().filter(|cell| cell.row == row).map(|cell| cell.column_span).sum::<usize>();
    !table.merges_known && (0..table.height()).any(|row| cells(row) < table.width())
}

// -------------------------------------------------------------------- what says the same

/// No merged cell reaches over a border between two grid columns.
fn is_seam(table: &Table, column: usize) -> bool {
    !table.cells.iter().any(|cell| cell.column < column && cell.column + cell.column_span > column)
}

fn holds_values(table: &Table, column: usize) -> bool {
    let in_column = |cell: &&Cell| cell.column == column && cell.column_span == 1;
    let body = table.cells.iter().filter(in_column).filter(|cell| cell.row + 2 > table.height() / 2);
    let (mut values, mut words) = (0, 0);
    for cell in body.filter(|cell| !cell.text.trim().is_empty()) {
        if is_value(cell) { values += 1 } else { words += 1 }
    }
    values > 0 && words == 0
}

#[test]
fn blank_rows_and_columns_change_nothing() {
    over_all(
        |layout| {
            let parts = |table: &Table| {
                let mut changed = Vec::new();
                for at in 0..=table.height() {
                    let mut cells = placed(table);
                    let from = table.rows.get(at).copied().unwrap_or(u32::MAX);
                    for cell in &mut cells {
                        if cell.row >= from {
                            cell.row += 1;
                        } else if cell.row + cell.row_span > from {
                            cell.row_span += 1;
                        }
                    }
                    changed.push((format!("a blank row above row {at}"), rebuilt(table, cells)));
                }
                for at in 0..=table.width() {
                    let mut cells = placed(table);
                    let from = table.columns.get(at).copied().unwrap_or(u32::MAX);
                    for cell in &mut cells {
                        if cell.column >= from {
                            cell.column += 1;
                        } else if cell.column + cell.column_span > from {
                            cell.column_span += 1;
                        }
                    }
                    changed.push((format!("a blank column left of column {at}"), rebuilt(table, cells)));
                }
                changed
            };
            alone(layout).into_iter().flat_map(|layout| of_tables(layout, parts)).collect()
        },
        not_the_same,
    );
}

/// The layout, if it has one table only: parts of one table must be changed alike.
fn alone(layout: &Tagged) -> Vec<&Tagged> {
    if layout.tables().count() == 1 { vec![layout] } else { Vec::new() }
}

/// A table with its columns in another order; every merged cell must stay whole.
fn reordered(table: &Table, order: &[usize]) -> Table {
    let mut cells = placed(table);
    for cell in &mut cells {
        let columns = cell.cell.column..cell.cell.column + cell.cell.column_span;
        let first = order.iter().position(|column| columns.contains(column)).unwrap();
        cell.column = table.columns[first];
    }
    rebuilt(table, cells)
}

#[test]
fn value_columns_in_another_order_change_nothing() {
    over_all(
        |layout| {
            of_tables(layout, |table| {
                (1..table.width())
                    .filter(|_| !is_ragged(table))
                    .filter(|column| holds_values(table, column - 1) && holds_values(table, *column))
                    // Both stand under the same merged cells.
                    .filter(|column| {
                        table.cells.iter().all(|cell| {
                            let covers = |at: usize| (cell.column..cell.column + cell.column_span).contains(&at);
                            cell.column_span == 1 || covers(*column) == covers(column - 1)
                        })
                    })
                    .map(|column| {
                        let mut order: Vec<usize> = (0..table.width()).collect();
                        order.swap(column - 1, column);
                        (format!("columns {} and {column} swapped", column - 1), reordered(table, &order))
                    })
                    .collect()
            })
        },
        not_there_before,
    );
}

#[test]
fn blocks_in_another_order_change_nothing() {
    over_all(
        |layout| {
            let parts = |table: &Table| {
                (1..table.width())
                    .filter(|column| {
                        is_seam(table, *column) && holds_values(table, column - 1) && !holds_values(table, *column)
                    })
                    .map(|column| {
                        let order: Vec<usize> = (column..table.width()).chain(0..column).collect();
                        (format!("what stands from column {column} on put first"), reordered(table, &order))
                    })
                    .collect()
            };
            alone(layout).into_iter().flat_map(|layout| of_tables(layout, parts)).collect()
        },
        not_there_before,
    );
}

#[test]
fn header_levels_in_another_order_never_change_a_figure() {
    over_all(
        |layout| {
            of_tables(layout, |table| {
                let first = table.cells.iter().filter(|cell| is_value(cell)).map(|cell| cell.row).min().unwrap_or(0);
                (1..first)
                    .filter(|row| {
                        !table
                            .cells
                            .iter()
                            .any(|cell| cell.row_span > 1 && cell.row <= *row && cell.row + cell.row_span >= *row)
                    })
                    .map(|row| {
                        let mut cells = placed(table);
                        for cell in &mut cells {
                            if cell.cell.row == row {
                                cell.row = table.rows[row - 1];
                            } else if cell.cell.row == row - 1 {
                                cell.row = table.rows[row];
                            }
                        }
                        (format!("rows {} and {row} swapped", row - 1), rebuilt(table, cells))
                    })
                    .collect()
            })
        },
        not_there_before,
    );
}

#[test]
fn a_turned_table_never_changes_a_figure() {
    over_all(
        |layout| {
            of_tables(layout, |table| {
                let turned: Vec<PlacedCell> = placed(table)
                    .into_iter()
                    .map(|cell| PlacedCell {
                        row: cell.column,
                        column: cell.row,
                        row_span: cell.column_span,
                        column_span: cell.row_span,
                        cell: cell.cell,
                    })
                    .collect();
                vec![("turned".to_owned(), rebuilt(table, turned))]
            })
        },
        not_there_before,
    );
}

#[test]
fn amounts_in_another_unit_are_the_same_amounts() {
    over_all(
        |layout| {
            let mut changed = layout.clone();
            let mut lines = 0;
            let mut restated = |text: &str| {
                let restated = text.replace("单位：万元", "单位：元");
                lines += usize::from(restated != text);
                restated
            };
            let inside = |text: &str| text.contains("（万元）") || text.contains("(万元)");
            let other_units = format!("{:?}", layout.document.blocks).contains("单位：元");
            let mut untouched = false;
            for block in &mut changed.document.blocks {
                match block {
                    Block::Paragraph(paragraph) => paragraph.text = restated(&paragraph.text),
                    Block::Table(table) => {
                        untouched |= table.cells.iter().any(|cell| inside(&cell.text));
                        table.cells.iter_mut().for_each(|cell| cell.text = restated(&cell.text).into());
                    }
                }
            }
            if lines == 0 || untouched || other_units {
                return Vec::new();
            }
            let settings = settings();
            let extracted = extract_read(&layout.document, b"", &layout.name, &settings);
            let amounts: BTreeSet<String> = extracted
                .submission
                .figures
                .iter()
                .filter(|figure| &*figure.unit_of_measure == "万元")
                .map(|figure| figure.place.to_string())
                .collect();
            for block in &mut changed.document.blocks {
                let Block::Table(table) = block else { continue };
                let places: Vec<String> = table.cells.iter().map(|cell| table.place(cell).to_string()).collect();
                for (cell, place) in table.cells.iter_mut().zip(places) {
                    if amounts.contains(&place) {
                        let plain = plain(&cell.text);
                        cell.text = (plain * rust_decimal::Decimal::from(10_000)).to_string().into();
                    }
                }
            }
            vec![("in 元".to_owned(), changed)]
        },
        not_the_same,
    );
}

// -------------------------------------------------------------------- what says something else

#[test]
fn line_numbers_and_values_with_exchanged_headers_never_make_a_figure() {
    over_all(
        |layout| {
            of_tables(layout, |table| {
                let is_line = |cell: &Cell| matches!(&*cell.text, "行次" | "栏次");
                let beside = |one: &Cell, other: &Cell| {
                    one.row == other.row
                        && (one.column + one.column_span == other.column
                            || other.column + other.column_span == one.column)
                };
                let mut changed = Vec::new();
                for (at, line) in table.cells.iter().enumerate().filter(|(_, cell)| is_line(cell)) {
                    for (other, _) in
                        table.cells.iter().enumerate().filter(|(_, cell)| {
                            beside(line, cell) && cell.text.ends_with(['数', '额']) && !is_value(cell)
                        })
                    {
                        let mut table = table.clone();
                        let text = std::mem::take(&mut table.cells[at].text);
                        table.cells[at].text = std::mem::replace(&mut table.cells[other].text, text);
                        changed.push((format!("`{}` in place of 行次", table.cells[at].text), table));
                    }
                }
                changed
            })
        },
        not_there_before,
    );
}

// -------------------------------------------------------------------- what says less

#[test]
fn an_emptied_label_never_makes_or_changes_a_figure() {
    over_all(
        |layout| {
            of_tables(layout, |table| {
                // Without its unit line a table in 元 is taken for one in 万元, as the contract says.
                let states_a_unit = |cell: &Cell| cell.text.contains("单位") && cell.text.contains('元');
                let labels = table
                    .cells
                    .iter()
                    .enumerate()
                    .filter(|(_, cell)| !is_value(cell) && !cell.text.trim().is_empty() && !states_a_unit(cell));
                labels
                    .map(|(at, cell)| {
                        let mut changed = table.clone();
                        changed.cells[at].text.clear();
                        (format!("`{}` emptied", cell.text.trim()), changed)
                    })
                    .collect()
            })
        },
        not_there_before,
    );
}

/// A table without some of its merges: the first cell of each keeps the text, blank ones take the places of the rest.
fn unmerged(table: &Table, merges_known: bool, which: impl Fn(&Cell) -> bool) -> Table {
    let mut cells = Vec::new();
    for cell in placed(table) {
        if !which(&cell.cell) {
            cells.push(cell);
            continue;
        }
        for row in cell.row..cell.row + cell.row_span {
            for column in cell.column..cell.column + cell.column_span {
                let first = (row, column) == (cell.row, cell.column);
                let own = if first { cell.cell.clone() } else { Cell { offset: Some(0), ..Cell::default() } };
                cells.push(PlacedCell { row, column, row_span: 1, column_span: 1, cell: own });
            }
        }
    }
    Table::new(table.number, table.sheet.clone(), merges_known, cells)
}

#[test]
fn lost_merges_never_make_or_change_a_figure() {
    over_all(
        |layout| {
            of_tables(layout, |table| {
                let is_merged = |cell: &Cell| cell.row_span > 1 || cell.column_span > 1;
                if is_ragged(table) {
                    return Vec::new();
                }
                let mut changed = vec![
                    ("all merges lost".to_owned(), unmerged(table, true, is_merged)),
                    ("all merges lost, as in text".to_owned(), unmerged(table, false, is_merged)),
                    ("merges across lost".to_owned(), unmerged(table, true, |cell| cell.column_span > 1)),
                    ("merges down lost".to_owned(), unmerged(table, true, |cell| cell.row_span > 1)),
                ];
                for one in table.cells.iter().filter(|cell| is_merged(cell)) {
                    let table = unmerged(table, true, |cell| cell.offset == one.offset);
                    changed.push((format!("the merge of `{}` lost", one.text.trim()), table));
                }
                changed
            })
        },
        not_there_before,
    );
}

/// Words whose row or column cannot be missed.
const DECISIVE: &[&str] = &[
    "三级指标",
    "三级\n指标",
    "指标名称",
    "经济效益",
    "社会效益",
    "生态效益",
    "预算数",
    "全年预算数",
    "调整后预算数",
    "指标性质",
    "计算符号",
    "度量单位",
    "计量单位",
];

#[test]
fn a_dropped_row_or_column_never_makes_or_changes_a_figure() {
    over_all(
        |layout| {
            // The fault of the mutation: without its unit line a table in 元 is taken for one in 万元, as the contract
            // says; a score of a group whose row or level is gone is that of what is left; a column that has lost its only word
            // is none, so that a cell merged over it and its neighbour is the neighbour's; without the column of the adjusted
            // budget a rate is one of the other budget, without signs and units a target is what is left of it.
            let skip = |cell: &PlacedCell| {
                let text = &cell.cell.text;
                text.contains("单位") && text.contains('元') || DECISIVE.contains(&text.as_str())
            };
            of_tables(layout, |table| {
                let drop = |what: String, gone: &dyn Fn(&PlacedCell) -> bool| {
                    let (dropped, left): (Vec<_>, Vec<_>) = placed(table).into_iter().partition(|cell| gone(cell));
                    (!dropped.iter().any(skip)).then(|| (what, rebuilt(table, left)))
                };
                let rows = table
                    .rows
                    .iter()
                    .map(|row| drop(format!("row {row} dropped"), &|cell| cell.row == *row && cell.row_span == 1));
                let columns = table.columns.iter().filter(|_| !is_ragged(table)).map(|column| {
                    drop(format!("column {column} dropped"), &|cell| cell.column == *column && cell.column_span == 1)
                });
                rows.chain(columns).flatten().collect()
            })
        },
        not_there_before,
    );
}

#[test]
fn a_dropped_line_around_a_table_never_makes_or_changes_a_figure() {
    over_all(
        |layout| {
            let paragraphs = layout.document.blocks.iter().enumerate().filter_map(|(at, block)| match block {
                // Nor does anything else tell which project a score table is of.
                Block::Paragraph(paragraph)
                    if !paragraph.text.contains(['元', '注'])
                        && !["预算数为", "项目名称"].iter().any(|told| paragraph.text.contains(told)) =>
                {
                    Some((at, paragraph.text.clone()))
                }
                _ => None,
            });
            paragraphs
                .map(|(at, text)| {
                    let mut changed = layout.clone();
                    changed.document.blocks.remove(at);
                    (format!("without `{text}`"), changed)
                })
                .collect()
        },
        not_there_before,
    );
}

/// A written amount as a number.
fn plain(text: &str) -> rust_decimal::Decimal {
    let ascii = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - 0xfee0).unwrap(),
        '．' => '.',
        other => other,
    };
    text.trim().chars().map(ascii).filter(|c| *c != ',').collect::<String>().parse().unwrap()
}
