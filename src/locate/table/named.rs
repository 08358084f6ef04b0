//! Rows that a classification names without its codes: 教育支出, 普通教育, 小学教育.
//!
//! A name that one code alone bears is that code's, and so is the last of a path of names that stands in its row. One that many bear
//! (行政运行, 其他支出) is that of the code below the row above it, where the order of the rows leaves only one; the amounts must prove
//! it. Nothing is named in a table that has a code anywhere, a row that is not understood, or one code twice.

use std::sync::Arc;

use crate::locate::codes::{CodedRow, lists};
use crate::locate::grid::{Grid, Spot};
use crate::locate::layout::{Block, Layout, RowKind};
use crate::locate::words::{Axis, Reader, Shape};
use crate::mapping::{CodeList, ColumnRole};
use crate::model::{FindingCode, Label, Map, fold, split_ordinal};

/// A row that its name alone gives a code.
#[derive(Debug)]
pub(super) struct NamedRow {
    pub(super) coded: CodedRow,
    /// Many codes bear the name: the row above tells which.
    pub(super) by_place: bool,
    /// Many codes bear the name, and nothing tells which.
    pub(super) unplaced: bool,
}

/// A row in the order of the classification, with the codes that it may be.
struct Step {
    /// The first label column of its block, and the row.
    at: (usize, usize),
    name: String,
    codes: Vec<Arc<str>>,
    /// The name is that of another year.
    another_year: bool,
    /// One code alone ever bore the name, or the path in the row leads to one.
    certain: bool,
    /// What stands above it is not above it in the classification.
    begins: bool,
}

/// What a row's label is.
enum Named {
    Step(Step),
    /// A total, which stands outside the order.
    Total,
    /// A group of classes, 人员经费, below which the order begins anew.
    Group,
    Nothing,
}

/// The rows that names give their codes; none where a row is not understood.
pub(super) fn named_rows(grid: &Grid<'_>, layout: &Layout, reader: &Reader<'_>) -> Map<(usize, usize), NamedRow> {
    let Some(codes) = &reader.form.codes else { return Map::default() };
    let list = if codes.economic { &reader.mappings.codes.economic } else { &reader.mappings.codes.functional };
    let Some(steps) = steps(grid, layout, reader, list).filter(|steps| !steps.is_empty()) else {
        return Map::default();
    };
    let mut kept = in_order(&steps);
    doubt_strays(&steps, &mut kept);
    doubt_namesakes(list, reader.fiscal_year, &mut kept);
    resolved(steps, kept)
}

/// A row below a class that it does not belong to, however certain its name: a heading is missing, or the rows are out of order.
fn doubt_strays(steps: &[Step], kept: &mut [Vec<Arc<str>>]) {
    let mut class: Option<Arc<str>> = None;
    for (step, codes) in steps.iter().zip(kept) {
        if step.begins || step.codes.iter().any(|code| code.len() == 3) {
            class = codes.first().filter(|code| code.len() == 3).cloned();
        }
        if class.as_ref().is_some_and(|class| codes.iter().any(|code| !code.starts_with(&**class))) {
            codes.clear();
        }
    }
}

/// The last item of a section may bear its name: 其他教育支出. In a table that goes down to items, a row of that name with none below
/// it may be either of the two.
fn doubt_namesakes(list: &CodeList, year: Option<i32>, kept: &mut [Vec<Arc<str>>]) {
    let deepest = kept.iter().flatten().map(|code| code.len()).max().unwrap_or_default();
    for at in (0..kept.len()).rev() {
        let Some(code) = kept[at].first().filter(|code| code.len() < deepest).cloned() else { continue };
        let below = |other: &Arc<str>| other.len() > code.len() && other.starts_with(&*code);
        let has_row_below = kept.get(at + 1).is_some_and(|codes| codes.iter().any(below));
        let name = list.name(&code, year).map_or_else(String::new, |name| fold(name));
        if !has_row_below && list.bearers(&name, year).0.iter().any(below) {
            kept[at].clear();
        }
    }
}

fn steps(grid: &Grid<'_>, layout: &Layout, reader: &Reader<'_>, list: &CodeList) -> Option<Vec<Step>> {
    let groups = reader.form.codes.as_ref().is_some_and(|codes| !codes.groups.is_empty());
    let names = Names { grid, layout, reader, list, groups };
    let of_several = |column: &usize| matches!(layout.roles[*column], Some(ColumnRole::Entity | ColumnRole::Project));
    if layout.blocks.iter().flat_map(|block| &block.labels).any(of_several) || lists(grid, layout).next().is_some() {
        return None;
    }
    let mut steps = Vec::new();
    for block in &layout.blocks {
        let mut begins = false;
        for row in block.body..grid.height {
            match layout.rows[row] {
                RowKind::Plain => {}
                RowKind::Band => return None,
                RowKind::Line | RowKind::Repeat | RowKind::Ignored | RowKind::Page => continue,
            }
            match names.named(block, row)? {
                Named::Step(step) => steps.push(Step { begins: std::mem::take(&mut begins), ..step }),
                Named::Group => begins = true,
                Named::Total | Named::Nothing => {}
            }
        }
    }
    Some(steps)
}

/// What the label columns of a table say, by the names of a classification.
struct Names<'t, 'a> {
    grid: &'t Grid<'a>,
    layout: &'t Layout,
    reader: &'t Reader<'t>,
    list: &'t CodeList,
    /// Only classes that belong to a group of basic expenditure, and what is below them.
    groups: bool,
}

impl<'a> Names<'_, 'a> {
    /// What a row's label is; `None` where it is not understood.
    fn named(&self, block: &Block, row: usize) -> Option<Named> {
        let mut cells = self.cells(block, row);
        // 工资福利支出 | 小计: the class itself.
        let is_total = |spot: &&Spot<'a>| {
            let rule = spot.word(self.reader, Axis::Down).rule.as_ref();
            rule.is_some_and(|rule| rule.total && rule.key.item.is_none() && rule.when.is_empty())
        };
        if cells.len() > 1 && cells.last().is_some_and(is_total) {
            cells.pop();
        }
        let Some((last, above)) = cells.split_last() else {
            let has_value = block.values.iter().any(|column| self.grid.shape(row, *column) == Shape::Number);
            return (!has_value).then_some(Named::Nothing);
        };
        let (mut codes, another_year) = self.bearers(last);
        if codes.is_empty() {
            return self.outside(&cells);
        }
        let ever = self.list.bearers(split_ordinal(&fold(last.text())).2, None).0;
        let alone = codes.len() == 1 && ever.len() == 1 && !self.may_be_the_total(last);
        let above: Vec<Vec<Arc<str>>> = above.iter().map(|cell| self.bearers(cell).0).collect();
        codes.retain(|code| is_below(code, &above));
        let whole_path = |code: &Arc<str>| !above.is_empty() && code.len() == 3 + 2 * above.len();
        let told = codes.len() == 1 && codes.iter().all(whole_path) && !another_year;
        let first = *block.labels.first()?;
        let name = last.text().trim().to_owned();
        let step = Step { at: (first, row), name, certain: alone || told, codes, another_year, begins: false };
        (!step.codes.is_empty()).then_some(Named::Step(step))
    }

    /// 国有资本经营预算支出 is a class, and what a form of that fund divides.
    fn may_be_the_total(&self, cell: &Spot<'a>) -> bool {
        let folded = fold(cell.text());
        let meaning = self.reader.mappings.vocabulary.meaning(&Label::new(split_ordinal(&folded).2));
        let form = self.reader.form;
        meaning.is_some_and(|meaning| [&form.total, &form.context.item].contains(&&Some(meaning.item.clone())))
    }

    /// A row that the classification does not name: a total, or a group of classes.
    fn outside(&self, cells: &[&Spot<'a>]) -> Option<Named> {
        let [cell] = cells else { return None };
        let rule = cell.word(self.reader, Axis::Down).rule.as_ref()?;
        match &rule.key.item {
            _ if rule.total => Some(Named::Total),
            Some(_) if self.groups => Some(Named::Group),
            // 本年支出合计 is the whole of what the form divides.
            Some(item) if self.reader.form.total.as_ref() == Some(item) => Some(Named::Total),
            _ => None,
        }
    }

    /// The label cells of a row, each once.
    fn cells(&self, block: &Block, row: usize) -> Vec<&Spot<'a>> {
        let mut cells: Vec<&Spot<'a>> = Vec::new();
        for &column in &block.labels {
            let no_label = matches!(self.layout.roles[column], Some(ColumnRole::Line | ColumnRole::Text));
            let spot = self.grid.at(row, column).filter(|spot| !spot.is_blank() && spot.row >= block.body);
            let Some(spot) = spot.filter(|_| !no_label) else { continue };
            let again = cells.last().is_some_and(|last| std::ptr::eq(last.cell, spot.cell));
            if !again && spot.role(self.reader).is_none() {
                cells.push(spot);
            }
        }
        cells
    }

    /// The codes that a cell's name may be that of, and whether it is a name of another year.
    fn bearers(&self, cell: &Spot<'a>) -> (Vec<Arc<str>>, bool) {
        let folded = fold(cell.text());
        let (_, part_of, name) = split_ordinal(&folded);
        if part_of {
            return (Vec::new(), false);
        }
        let (mut codes, another_year) = self.list.bearers(name, self.reader.fiscal_year);
        let digits = match self.layout.roles[cell.column] {
            Some(ColumnRole::Category) => Some(3),
            Some(ColumnRole::Section) => Some(5),
            Some(ColumnRole::Detail) => Some(7),
            _ => None,
        };
        codes.retain(|code| digits.is_none_or(|digits| code.len() == digits));
        if let Some(year) = self.reader.fiscal_year.filter(|_| self.groups) {
            codes.retain(|code| self.list.group(code, year).is_some());
        }
        (codes, another_year)
    }
}

/// Names that stand before a code's in its row are those of what stands above it, one below the other.
fn is_below(code: &str, above: &[Vec<Arc<str>>]) -> bool {
    let mut reached = 0;
    above.iter().all(|bearers| {
        let mut prefixes = bearers.iter().filter(|other| code.len() > other.len() && code.starts_with(&***other));
        let next = prefixes.find(|other| other.len() > reached);
        reached = next.map_or(reached, |next| next.len());
        next.is_some()
    })
}

/// Gives each row the only code that the order of the rows leaves.
fn resolved(steps: Vec<Step>, kept: Vec<Vec<Arc<str>>>) -> Map<(usize, usize), NamedRow> {
    let mut used: Map<Arc<str>, usize> = Map::default();
    // A certain code a second time is in doubt wherever it stands.
    let claimed =
        |(step, kept): (&'_ Step, &'_ Vec<Arc<str>>)| if step.certain { step.codes.clone() } else { kept.clone() };
    for codes in steps.iter().zip(&kept).map(claimed).filter(|codes| codes.len() == 1) {
        *used.entry(codes[0].clone()).or_default() += 1;
    }
    let rows = steps.into_iter().zip(kept).filter_map(|(step, codes)| {
        let [code] = codes.as_slice() else {
            let blocked_by = Some(format!("which code `{}` is, nothing tells", step.name));
            let coded = CodedRow { name: step.name, blocked_by, ..CodedRow::default() };
            return Some((step.at, NamedRow { coded, by_place: false, unplaced: true }));
        };
        let finding = step.another_year.then(|| (FindingCode::NameOfAnotherYear, format!("{code} {}", step.name)));
        let coded = CodedRow { code: code.clone(), name: step.name, blocked_by: None, finding };
        (used[code] == 1).then_some((step.at, NamedRow { coded, by_place: !step.certain, unplaced: false }))
    });
    rows.collect()
}

/// The codes of each row that go with those of the rows before and behind it.
fn in_order(steps: &[Step]) -> Vec<Vec<Arc<str>>> {
    let mut kept: Vec<Vec<Arc<str>>> = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        let before: &[Arc<str>] = if at == 0 || step.begins { &[] } else { &kept[at - 1] };
        let fits = |code: &&Arc<str>| {
            let free = step.certain || code.len() == 3;
            free && before.is_empty() || before.iter().any(|before| follows(before, code, free))
        };
        kept.push(step.codes.iter().filter(fits).cloned().collect());
    }
    for at in (1..steps.len()).rev() {
        let (earlier, later) = kept.split_at_mut(at);
        let (Some(before), next) = (earlier.last_mut(), &later[0]) else { continue };
        if next.is_empty() || steps[at].begins {
            continue;
        }
        let free = |code: &str| steps[at].certain || code.len() == 3;
        before.retain(|before| next.iter().any(|code| follows(before, code, free(code))));
    }
    kept
}

/// A row of a code may stand behind one of another: below a code that stands above it, which is not the code itself.
fn follows(before: &str, code: &str, free: bool) -> bool {
    let parent = code.get(..code.len() - 2).filter(|parent| parent.len() >= 3);
    !before.starts_with(code) && (free || parent.is_some_and(|parent| before.starts_with(parent)))
}
