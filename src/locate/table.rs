//! Tables: the key of a number is the merge of the words above it and to its left, on top of what its form gives.
//!
//! The rules, each with the failure behind it, are numbered T-1 to T-28 in the project's notes on reading; the ones
//! about forms and titles are `recognise`'s.

mod carried;
mod context;
mod displaced;
mod fates;
mod governing;
mod heads;
mod named;
mod score;
mod stubs;
mod totals;
mod trace;
mod values;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use self::named::NamedRow;
use self::values::Beside;
use super::Located;
use super::codes::CodedRow;
use super::grid::{Grid, Rows, Spot, parted};
use super::layout::{Block, Layout, RowKind};
use super::words::{Axis, Reader, Shape, Word};
use super::{converted, counted};
use crate::mapping::{ColumnRole, Difference, FormMapping, Mappings, Partial, Side};
use crate::model::{Claim, Finding, FindingCode, Key, Map, Measure, UnitOfMeasure, fold};

/// What governs a table from around it.
#[derive(Clone, Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) form: &'a FormMapping,
    pub(crate) mappings: &'a Mappings,
    pub(crate) fiscal_year: Option<i32>,
    pub(crate) money: Money,
    /// The reporting unit.
    pub(crate) unit: &'a str,
    /// The rule that claims name.
    pub(crate) rule: Arc<str>,
    /// Whether it is to be told how each number got its key.
    pub(crate) traced: bool,
    /// The project that a field above has named.
    pub(crate) project: Project,
}

/// Whose figures a table's are, as far as a field above it tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Project {
    /// The form speaks of no project, or its tables name them themselves.
    #[default]
    None,
    /// The form names projects in a field, and none has been named.
    Unnamed,
    /// All that follows is this project's.
    Named(Arc<str>),
}

impl Project {
    /// Its name; empty where none is known.
    pub(crate) fn name(&self) -> Arc<str> {
        match self {
            Project::Named(name) => name.clone(),
            Project::None | Project::Unnamed => "".into(),
        }
    }
}

/// The unit of amounts, as far as the lines around the table tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Money {
    /// A unit line says so.
    Stated(UnitOfMeasure),
    /// No line looks like a unit line: the form's default.
    Assumed(UnitOfMeasure),
    /// A unit line stands there that is not understood, or lines contradict each other: no amounts.
    Unknown(String),
}

/// Locates the values of one grid: the rows of one form that share a header. `first` is the one directly below its title.
pub(crate) fn locate(parts: &[Rows<'_>], frame: &Frame<'_>, first: bool, located: &mut Located) {
    let mut grid = Grid::new(parts, &frame.mappings.surroundings);
    converted::restore(&mut grid, &frame.reader());
    let table = Table::new(&grid, frame);
    if let Some(other) = frame.form.other_codes.as_deref().filter(|other| table.has_only_codes_of(other, first)) {
        return locate(parts, &Frame { form: other, ..frame.clone() }, first, located);
    }
    if let Some((row, same_words)) = table.other_header {
        // T-10: the columns have changed places, or a header of its own begins: what stands below is another grid.
        let (above, below) = parted(parts, if same_words { row } else { table.bands_above(row) });
        let heads_another = table.heads_labels(row) || table.has_no_labels() && is_understood(&below, frame);
        if same_words || heads_another && is_understood(&above, frame) {
            locate(&above, frame, first, located);
            return locate(&below, frame, false, located);
        }
    }
    let before = located.numbers.len();
    let mut trial = located.continued();
    table.locate(&mut trial);
    if trial.claims.is_empty() && !trial.leftovers.is_empty() && !grid.loose.contains(&true) {
        // T-14: read as it stands first; on its side only if nothing resolves, and only if every word is understood.
        let turned = grid.turned();
        let mut on_its_side = Located::default();
        let all_understood = Table::new(&turned, frame).locate(&mut on_its_side);
        let mut keys: Vec<&Key> = on_its_side.claims.iter().map(|claim| &claim.key).collect();
        keys.sort_unstable();
        let distinct = keys.windows(2).all(|pair| pair[0] != pair[1]);
        if all_understood && distinct && !on_its_side.claims.is_empty() && on_its_side.leftovers.is_empty() {
            trial.numbers.truncate(before);
            trial.numbers.append(&mut on_its_side.numbers);
            trial = Located { numbers: trial.numbers, ..on_its_side };
        }
    }
    located.append(trial);
}

/// Every word of headers and stubs is understood.
fn is_understood(parts: &[Rows<'_>], frame: &Frame<'_>) -> bool {
    let mut grid = Grid::new(parts, &frame.mappings.surroundings);
    converted::restore(&mut grid, &frame.reader());
    Table::new(&grid, frame).locate(&mut Located::default())
}

impl<'a> Frame<'a> {
    pub(super) fn reader(&self) -> Reader<'a> {
        Reader { form: self.form, mappings: self.mappings, fiscal_year: self.fiscal_year }
    }

    /// A label is the name of another unit than the reporting one, or of a part of a unit.
    fn names_others(&self, label: &str) -> bool {
        let (name, words) = (fold(label), &self.mappings.surroundings);
        let own = fold(self.unit);
        words.names_unit_or_part(&name) && !(own.ends_with(&name) && words.looks_like_organisation(&name))
    }
}

/// Why a number has no key.
#[derive(Clone, Debug)]
struct Blocked {
    by: String,
    finding: Option<FindingCode>,
}

impl Blocked {
    fn by(word: impl Into<String>) -> Blocked {
        Blocked { by: word.into(), finding: None }
    }

    fn told(word: impl Into<String>, finding: FindingCode) -> Blocked {
        Blocked { by: word.into(), finding: Some(finding) }
    }
}

/// What the stub of a row says.
#[derive(Clone, Debug, Default)]
struct Stub {
    words: Vec<Rc<Word>>,
    entity: Option<Arc<str>>,
    coded: Option<CodedRow>,
    /// Why nothing in this row has a key.
    blocked: Option<Blocked>,
    /// Its name is that of many codes, and the rows above it tell of which.
    by_place: bool,
    /// Nothing tells of which.
    unplaced: bool,
    /// It resolved to a total.
    total: bool,
    /// A word of it that means something only below a word that stands above some of the columns: each number tells what.
    waiting: Option<Rc<Word>>,
    /// The key that its words say, merged.
    key: Partial,
    /// The row has no word at all.
    nameless: bool,
    governs_funding: bool,
    /// A word of it names a part that no key has a place for.
    unnamed: bool,
    negative: bool,
    /// What it says holds only where the amounts beside it prove it.
    proved: bool,
    unit: Option<UnitOfMeasure>,
    /// The unit of money that a word over the label columns states: of amounts that state none themselves.
    unit_above: Option<UnitOfMeasure>,
    difference: Option<Difference>,
    side: Option<Side>,
    /// The side that a word over the rows or over the label columns tells.
    side_above: Option<Side>,
}

/// What the header of a column says.
#[derive(Clone, Debug, Default)]
struct Head {
    words: Vec<Rc<Word>>,
    key: Partial,
    blocked: Option<Blocked>,
    /// A word of it that means something only beside a word of the stub: each number tells what.
    waiting: Option<Rc<Word>>,
    /// It means the total of what stands above it, or of the form.
    total: bool,
    unit: Option<UnitOfMeasure>,
    difference: Option<Difference>,
    negative: bool,
    /// What it says holds only where the amounts beside it prove it.
    /// A word of it names a part that no key has a place for.
    unnamed: bool,
    proved: bool,
    side: Option<Side>,
    role: Option<ColumnRole>,
}

impl Head {
    /// The word for which it says nothing yet, or never.
    fn in_doubt(&self) -> Option<String> {
        let blocked = self.blocked.as_ref().map(|blocked| blocked.by.clone());
        blocked.or_else(|| self.waiting.as_ref().map(|word| word.written.clone()))
    }

    /// Both give the same key to a number; why one gives none does not matter.
    fn says_the_same(&self, other: &Head) -> bool {
        self.blocked.is_none() == other.blocked.is_none()
            && self.key == other.key
            && (self.unit, self.difference, self.negative, self.proved, self.unnamed, self.side, self.role)
                == (other.unit, other.difference, other.negative, other.proved, other.unnamed, other.side, other.role)
            && (self.total == other.total || self.key.item.is_some())
            && (self.waiting.is_none() && other.waiting.is_none() || same_labels(&self.words, &other.words))
    }
}

fn same_labels(words: &[Rc<Word>], others: &[Rc<Word>]) -> bool {
    words.iter().map(|word| &word.label).eq(others.iter().map(|word| &word.label))
}

struct Table<'a, 'g> {
    grid: &'g Grid<'a>,
    frame: &'g Frame<'a>,
    reader: Reader<'a>,
    layout: Layout,
    /// Where another header begins in the body, and whether only the columns have changed places.
    other_header: Option<(usize, bool)>,
    /// The band that governs each row, if any.
    bands: Vec<Option<Rc<Word>>>,
    /// Rows that names alone give their codes, by the first label column of their block and the row.
    named: Map<(usize, usize), NamedRow>,
    /// A column holds the project that its row belongs to.
    of_projects: bool,
    /// What was looked up of the items met so far.
    items: RefCell<Vec<Rc<OfItem>>>,
}

/// What form and vocabulary say of an item.
struct OfItem {
    item: Arc<str>,
    may_give: bool,
    side: Option<Side>,
    fixed_funding: bool,
    unit: Option<Arc<str>>,
}

impl<'a, 'g> Table<'a, 'g> {
    fn new(grid: &'g Grid<'a>, frame: &'g Frame<'a>) -> Table<'a, 'g> {
        let reader = frame.reader();
        let layout = Layout::of(grid, &reader);
        let other_header = layout.other_header(grid, &reader);
        let mut bands = vec![None; grid.height];
        let mut band: Option<Rc<Word>> = None;
        for row in 0..grid.height {
            if layout.rows[row] == RowKind::Band
                && let Some(spot) = grid.band(row)
            {
                band = Some(spot.word(&reader, Axis::Down).clone());
            }
            bands[row].clone_from(&band);
        }
        // A form of functions may have projects in their place: its header says so.
        let may_be_of_projects = frame.form.columns.values().any(|role| *role == ColumnRole::Project);
        let is_headed = || layout.roles.contains(&Some(ColumnRole::Project));
        let of_projects = may_be_of_projects && (frame.form.codes.is_none() || is_headed());
        let named = named::named_rows(grid, &layout, &reader);
        Table { grid, frame, reader, layout, other_header, bands, named, of_projects, items: RefCell::default() }
    }

    /// What is known of an item. The values of a table share few, and each would be looked up for every value.
    fn of_item(&self, item: &Arc<str>) -> Rc<OfItem> {
        let mut items = self.items.borrow_mut();
        if let Some(known) = items.iter().rev().find(|known| Arc::ptr_eq(&known.item, item)) {
            return known.clone();
        }
        let vocabulary = &self.frame.mappings.vocabulary;
        let side = vocabulary.side(item);
        let known = Rc::new(OfItem {
            item: item.clone(),
            may_give: self.reader.may_give(item),
            side,
            fixed_funding: vocabulary.item(item).is_some_and(|item| item.fixed_funding),
            unit: vocabulary.item(item).map(|item| item.unit.clone()),
        });
        items.push(known.clone());
        known
    }

    /// 2023年预算数 in a table of 2022: what stands beside it may be parts of that.
    fn is_of_another_budget(&self, head: &Head) -> bool {
        let surroundings = &self.frame.mappings.surroundings;
        head.words.iter().any(|word| word.other_year && surroundings.says_budget(&fold(&word.written)))
    }

    /// An item beside a total leaves no doubt of it: it is a part of the whole, or of another kind (批次 beside amounts), which
    /// no total sums.
    fn may_be_summed(&self, part: &Arc<str>, whole: &Arc<str>) -> bool {
        let form = self.frame.form;
        self.frame.mappings.vocabulary.is_part_of(part, whole)
            || form.total.as_ref() == Some(whole) && form.total_of.contains(part)
            || self.of_item(part).unit != self.of_item(whole).unit
    }

    /// All codes of the table are of the list of the form's other file, and of no list of its own: functions where economic classes
    /// usually stand. Where no codes do, it is the `first` table below its title: another may be of another form that has lost its own.
    fn has_only_codes_of(&self, other: &FormMapping, first: bool) -> bool {
        let own = self.frame.form.codes.as_ref();
        let Some(codes) = other.codes.as_ref().filter(|codes| own.is_none_or(|own| own.economic != codes.economic))
        else {
            return false;
        };
        // 科目编码 may stand beside one of the sides as well: 收入 | 决算数 | 科目编码 | 支出 | 决算数.
        let is_code = |role: &ColumnRole| matches!(role, ColumnRole::Code | ColumnRole::Category);
        let by_code = first && self.layout.blocks.len() == 1 && self.layout.roles.iter().flatten().any(is_code);
        let mut found = super::codes::lists(self.grid, &self.layout).peekable();
        (own.is_some() || by_code) && found.peek().is_some() && found.all(|economic| economic == Some(codes.economic))
    }

    /// 合计 | 上年 | 本年
    fn sums_years(&self, heads: &[Head]) -> bool {
        let words = &self.frame.mappings.surroundings;
        let is_of_year = |head: &Head| head.words.iter().any(|word| words.is_this_year_or_last(word.label.as_str()));
        heads.iter().any(is_of_year) && heads.iter().any(|head| head.total && !is_of_year(head))
    }

    /// Its columns alone name its values: 公务接待费 over 预算数, and the counts in a row of headers below the amounts.
    fn has_no_labels(&self) -> bool {
        self.layout.blocks.iter().all(|block| block.labels.is_empty())
    }

    /// A row says what its label columns are.
    fn heads_labels(&self, row: usize) -> bool {
        let mut labels = self.layout.blocks.iter().flat_map(|block| &block.labels);
        labels.any(|column| {
            let spot = self.grid.at(row, *column).filter(|spot| spot.row == row);
            matches!(
                spot.and_then(|spot| spot.role(&self.reader)),
                Some(ColumnRole::Label | ColumnRole::Code | ColumnRole::Name)
            )
        })
    }

    /// The first of the rows right above a header that are one cell each: they head what stands below it.
    fn bands_above(&self, row: usize) -> usize {
        let is_band = |row: &usize| {
            let mut filled = self.grid.filled_in(*row);
            filled.next().is_none_or(|spot| spot.shape == Shape::Words) && filled.next().is_none()
        };
        (0..row).rev().take_while(is_band).last().unwrap_or(row)
    }

    /// Fills in what was located. True if every word of headers and stubs was understood.
    fn locate(&self, out: &mut Located) -> bool {
        // For each spot: what became of it. Spots without an entry are words.
        let mut fates: Vec<Option<Outcome>> = vec![None; self.grid.spots.len()];
        let mut understood = true;
        let mut findings = Vec::new();
        for block in &self.layout.blocks {
            understood &= self.block(block, &mut fates, &mut findings, out);
        }
        self.account(fates, out);
        out.findings.append(&mut findings);
        understood
    }

    /// A remark beside the values of a row that says that they do not hold: 应为2.00.
    fn remark_in_doubt(&self, row: usize) -> Option<String> {
        let is_label = |column: &usize| self.layout.blocks.iter().any(|block| block.labels.contains(column));
        let words = &self.frame.mappings.surroundings;
        let doubts = |remark: &str| {
            words.standing.doubts(remark)
                || words.may_leave_out(remark) && words.leaves_out(remark, true)
                || self.frame.fiscal_year.is_some_and(|year| words.standing.is_of_another_year(remark, year))
        };
        self.grid
            .filled_in(row)
            .filter(|spot| spot.shape == Shape::Words && spot.row == row && !is_label(&spot.column))
            .find(|spot| doubts(&fold(spot.text())))
            .map(|spot| spot.text().trim().to_owned())
    }

    fn block(
        &self,
        block: &Block,
        fates: &mut [Option<Outcome>],
        findings: &mut Vec<Finding>,
        out: &mut Located,
    ) -> bool {
        let heads: Vec<Head> = self.heads(block);
        let mut stubs = self.stubs(block, &heads, findings);
        for (row, stub) in stubs.iter_mut().enumerate().filter(|(row, _)| self.grid.loose[*row]) {
            let written = self.grid.filled_in(row).next().map_or("", Spot::text);
            if let Some(stub) = stub {
                let by = format!("a row with too few cells (`{}`)", written.trim());
                stub.blocked.get_or_insert(Blocked::by(by));
            }
        }
        for (row, stub) in stubs.iter_mut().enumerate() {
            if let (Some(stub), Some(remark)) = (stub, self.remark_in_doubt(row)) {
                stub.blocked.get_or_insert(Blocked::by(remark));
            }
        }
        let mut understood = heads.iter().all(|head| head.blocked.is_none() && head.waiting.is_none());
        let measures: Vec<Measure> = heads
            .iter()
            .filter_map(|head| head.key.measure)
            .chain(stubs.iter().flatten().filter_map(|stub| stub.key.measure))
            .collect();
        let mut waiting = heads
            .iter()
            .filter_map(|head| head.waiting.as_ref())
            .chain(stubs.iter().flatten().filter_map(|stub| stub.waiting.as_ref()));
        let beside = Beside {
            names_prior_only: measures
                .iter()
                .all(|measure| matches!(measure, Measure::PriorFinal | Measure::Change | Measure::ChangeRate)),
            measures,
            unknown: heads.iter().filter(|head| head.role.is_none()).find_map(|head| head.in_doubt()),
            unknown_row: stubs.iter().flatten().any(|stub| stub.key.measure.is_some())
                && stubs.iter().flatten().any(|stub| stub.blocked.is_some()),
            is_one_column: heads.len() == 1,
            sums_years: self.sums_years(&heads),
            states_money: heads.iter().any(|head| head.unit.is_some_and(UnitOfMeasure::is_money))
                || counted::column_of(&self.layout, block).is_some(),
            names_rows: stubs.iter().flatten().any(|stub| stub.coded.is_some() || stub.key.item.is_some()),
            // 占比 says nothing of what the amounts beside it are.
            names_measure: heads
                .iter()
                .any(|head| names_measure(&head.key) || head.difference.is_some() || self.is_of_another_budget(head))
                || waiting.any(|word| word.rule.as_ref().is_some_and(|rule| rule.may_name_a_measure()))
                || stubs.iter().flatten().any(|stub| names_measure(&stub.key) || stub.difference.is_some()),
        };
        self.score_beside(block, &heads, &stubs, fates, &mut out.scores);
        for (row, stub) in stubs.iter().enumerate() {
            let Some(stub) = stub else { continue };
            understood &= stub.blocked.is_none();
            for (head, &column) in heads.iter().zip(&block.values) {
                let Some(at) = self.grid.index_at(row, column) else { continue };
                let spot = &self.grid.spots[at];
                if spot.row != row || spot.column != column || fates[at].is_some() {
                    continue;
                }
                match spot.shape {
                    Shape::Blank => {}
                    Shape::Dash => fates[at] = Some(Outcome::Dash),
                    Shape::Words => fates[at] = Some(Outcome::Words),
                    Shape::Number => {
                        let (head, stub) = self.met(head, stub);
                        fates[at] = Some(self.value(spot, &head, &stub, &beside));
                        if self.frame.traced {
                            out.traces.push(self.trace(block, spot, &head, &stub));
                        }
                    }
                }
            }
        }
        self.doubt_totals(block, &heads, &stubs, fates);
        understood
    }
}

fn names_measure(key: &Partial) -> bool {
    key.measure.is_some_and(|measure| measure != Measure::Share)
}

/// What became of a cell in a value column.
#[derive(Clone, Debug)]
enum Outcome {
    Claim(Box<Claim>),
    Leftover {
        labels: String,
        blocked: Blocked,
    },
    Score,
    /// A number of which nothing is to be told, for this reason.
    Known(&'static str),
    Words,
    Dash,
}

/// Merges what a word says into a key; a contradiction blocks.
fn merge_into(key: &mut Partial, said: &Partial, table: &Table<'_, '_>, blocked: &mut Option<Blocked>) {
    let vocabulary = &table.frame.mappings.vocabulary;
    let contradiction = |a: &str, b: &str| Blocked::told(format!("`{a}` and `{b}`"), FindingCode::Contradiction);
    if let Some(new) = &said.item {
        match &key.item {
            None => key.item = Some(new.clone()),
            Some(old) if Arc::ptr_eq(old, new) => {}
            Some(old) => match vocabulary.deeper(old, new) {
                Some(deeper) if deeper == &**old => {}
                Some(_) => key.item = Some(new.clone()),
                None => {
                    blocked.get_or_insert(contradiction(old, new));
                }
            },
        }
    }
    for (mine, new) in [(&mut key.function, &said.function), (&mut key.economic, &said.economic)] {
        if let Some(new) = new {
            match mine {
                None => *mine = Some(new.clone()),
                // 基本工资 below 工资福利支出: the nearer is a part of the farther, or the other way about.
                Some(old) if old.starts_with(&**new) => {}
                Some(old) if new.starts_with(&**old) => *mine = Some(new.clone()),
                Some(old) => {
                    blocked.get_or_insert(contradiction(old, new));
                }
            }
        }
    }
    if let Some(new) = said.funding {
        match key.funding {
            None => key.funding = Some(new),
            Some(old) => match old.merged(new) {
                Some(merged) => key.funding = Some(merged),
                None => {
                    blocked.get_or_insert(contradiction(old.word(), new.word()));
                }
            },
        }
    }
    if let Some(new) = said.measure {
        // 预算数 over 全年预算数, or below it.
        let any_budget = |mine: Option<Measure>, any: bool| any && mine == Some(Measure::Budget);
        let (old_is_any, new_is_any) =
            (any_budget(key.measure, key.any_budget), any_budget(Some(new), said.any_budget));
        key.any_budget = said.any_budget && (key.any_budget || key.measure.is_none());
        match key.measure {
            None => key.measure = Some(new),
            Some(old) if old == new => {}
            Some(_) if new == Measure::AdjustedBudget && old_is_any => key.measure = Some(new),
            Some(Measure::AdjustedBudget) if new_is_any => {}
            // 2022年 over 决算数: the year has already made last year's of it.
            Some(Measure::PriorFinal) if new == Measure::Final => {}
            Some(Measure::PriorFinal) if new == Measure::Budget => key.measure = Some(Measure::PriorBudget),
            Some(Measure::Final) if new == Measure::PriorFinal => key.measure = Some(Measure::PriorFinal),
            // 比上年增减 over %: its rate.
            Some(old) if old.rate() == Some(new) => key.measure = Some(new),
            Some(old) if new.rate() == Some(old) => {}
            Some(old) => {
                blocked.get_or_insert(contradiction(old.word(), new.word()));
            }
        }
    }
    if let Some(new) = &said.base {
        key.base = Some(new.clone());
    }
}
