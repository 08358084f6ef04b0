//! Tables: the key of a number is the merge of the words above it and to its left, on top of what its form gives.
//!
//! The rules, each with the failure behind it, are numbered T-1 to T-28 in the project's notes on reading; the ones
//! about forms and titles are `recognise`'s.

mod score;
mod trace;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::Located;
use super::account::Account;
use super::codes::{CodedRow, SplitCode, coded_row};
use super::grid::{Grid, Rows, Spot, parted};
use super::layout::{Block, ColumnKind, Layout, RowKind};
use super::words::{Axis, Reader, Shape, Word};
use crate::mapping::{ColumnRole, Difference, FormMapping, Mappings, NameMatch, Partial, Rule, Side, When};
use crate::model::{
    Claim, Fate, Finding, FindingCode, Funding, Key, Label, Measure, Ordinal, Recent, UnitOfMeasure, fold, has_digits,
};

/// What governs a table from around it.
#[derive(Clone, Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) form: &'a FormMapping,
    pub(crate) mappings: &'a Mappings,
    pub(crate) fiscal_year: Option<i32>,
    pub(crate) money: Money,
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

/// Locates the values of one grid: the rows of one form that share a header.
pub(crate) fn locate(parts: &[Rows<'_>], frame: &Frame<'_>, located: &mut Located) {
    let mut grid = Grid::new(parts);
    super::fit::fit(&mut grid, &frame.reader());
    super::spread::spread(&mut grid, &frame.reader());
    let mut trial = Located::default();
    let table = Table::new(&grid, frame);
    if let Some((row, true)) = table.other_header {
        // T-10: the columns have changed places, what stands below is another grid.
        let (above, below) = parted(parts, row);
        locate(&above, frame, located);
        return locate(&below, frame, located);
    }
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
            trial = on_its_side;
        }
    }
    located.append(trial);
}

impl<'a> Frame<'a> {
    pub(super) fn reader(&self) -> Reader<'a> {
        Reader { form: self.form, mappings: self.mappings, fiscal_year: self.fiscal_year }
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
    /// It resolved to a total.
    total: bool,
    /// A word of it that means something only below a word that stands above some of the columns: each number tells what.
    waiting: Option<Rc<Word>>,
    /// The key that its words say, merged.
    key: Partial,
    /// The row has no word at all.
    nameless: bool,
    governs_funding: bool,
    negative: bool,
    unit: Option<UnitOfMeasure>,
    /// The unit of money that a word over the label columns states: of amounts that state none themselves.
    unit_above: Option<UnitOfMeasure>,
    difference: Option<Difference>,
    side: Option<Side>,
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
            && (self.unit, self.difference, self.negative, self.side, self.role)
                == (other.unit, other.difference, other.negative, other.side, other.role)
            && (self.total == other.total || self.key.item.is_some())
            && (self.waiting.is_none() && other.waiting.is_none() || same_labels(&self.words, &other.words))
    }
}

/// What may say more of a row than its own labels.
#[derive(Clone, Copy)]
struct Beyond<'t> {
    governing: &'t Governing,
    over_labels: &'t [Rc<Word>],
    heads: &'t [Head],
}

/// What stands beside a number in its block: some rules look there.
struct Beside {
    /// The measures that headers and stubs name.
    measures: Vec<Measure>,
    /// A header that is not understood, nor what its column holds.
    unknown: Option<String>,
    /// A header states a unit of money.
    states_money: bool,
    /// A header or a stub names a measure.
    names_measure: bool,
    /// All measures are last year's, or differences: this year's column may be told by its year alone.
    names_prior_only: bool,
}

impl Beside {
    /// T-23: a difference needs to know of what; last year's values or the budget's beside it tell.
    fn difference(&self, difference: Difference) -> Result<Measure, Blocked> {
        let has = |measure: Measure| self.measures.contains(&measure);
        let prior = has(Measure::PriorFinal);
        let budget = has(Measure::Budget) || has(Measure::AdjustedBudget);
        match (prior, budget, difference) {
            (true, false, Difference::Amount) => Ok(Measure::Change),
            (true, false, Difference::Rate) => Ok(Measure::ChangeRate),
            (false, true, Difference::Amount) => Ok(Measure::Deviation),
            (false, true, Difference::Rate) => Ok(Measure::DeviationRate),
            _ => Err(Blocked::by("a difference that says not of what")),
        }
    }
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
        let of_projects = frame.form.columns.values().any(|role| *role == ColumnRole::Project);
        Table { grid, frame, reader, layout, other_header, bands, of_projects, items: RefCell::default() }
    }

    /// What is known of an item. The values of a table share few, and each would be looked up for every value.
    fn of_item(&self, item: &Arc<str>) -> Rc<OfItem> {
        let mut items = self.items.borrow_mut();
        if let Some(known) = items.iter().rev().find(|known| Arc::ptr_eq(&known.item, item)) {
            return known.clone();
        }
        let vocabulary = &self.frame.mappings.vocabulary;
        let side = if vocabulary.is_part_of(item, "收入总计") {
            Some(Side::Income)
        } else if vocabulary.is_part_of(item, "支出总计") {
            Some(Side::Expenditure)
        } else {
            None
        };
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
            states_money: heads.iter().any(|head| head.unit.is_some_and(UnitOfMeasure::is_money)),
            names_measure: heads.iter().any(|head| head.key.measure.is_some() || head.difference.is_some())
                || waiting.any(|word| word.rule.as_ref().is_some_and(|rule| rule.may_name_a_measure()))
                || stubs.iter().flatten().any(|stub| stub.key.measure.is_some() || stub.difference.is_some()),
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
        understood
    }

    // ---------------------------------------------------------------- headers

    /// What the header says of each value column of a block.
    fn heads(&self, block: &Block) -> Vec<Head> {
        let mut heads: Vec<Head> = block.values.iter().map(|column| self.head(block, *column)).collect();
        self.own_words(block, &mut heads);
        self.totals_across(block, &mut heads);
        if let Some(loose) = self.loose_header(block) {
            let by = format!("{loose} (where it stands is not told)");
            heads.iter_mut().for_each(|head| head.blocked = Some(Blocked::by(by.clone())));
        }
        heads
    }

    /// The first word of a header row of which it is not told over which columns its cells stand.
    fn loose_header(&self, block: &Block) -> Option<&str> {
        let is_loose = |row: &usize| self.grid.loose[*row] && self.layout.rows[*row] == RowKind::Plain;
        let row = (0..block.body).find(is_loose)?;
        self.grid.filled_in(row).next().map(Spot::text)
    }

    /// The spots above a column, from the outermost inward, each once.
    fn above<'t>(&'t self, block: &'t Block, column: usize) -> impl Iterator<Item = &'t Spot<'a>> {
        block.above(self.grid, column)
    }

    /// The words above a column, merged.
    ///
    /// T-9: where merges are lost, a word to the left may reach over the column or not. It is read without that word
    /// if the word would change nothing; otherwise it stays unread.
    fn head(&self, block: &Block, column: usize) -> Head {
        let open: Vec<&Spot<'a>> = block
            .lost_bands
            .iter()
            .filter(|band| !band.certain && band.columns[1..].contains(&column))
            .map(|band| &self.grid.spots[band.spot])
            .collect();
        let mut head = self.head_below(block, column, &[]);
        let alone = self.as_a_total(&head);
        for reaching in 1..1_usize << open.len().min(8) {
            let with: Vec<&Spot<'a>> =
                open.iter().enumerate().filter(|(at, _)| reaching >> at & 1 == 1).map(|(_, spot)| *spot).collect();
            if !self.head_below(block, column, &with).says_the_same(&alone)
                && let Some(word) = with.last()
            {
                let written = &word.word(&self.reader, Axis::Across).written;
                head.blocked.get_or_insert(Blocked::by(format!("{written} (how far it reaches is not told)")));
            }
        }
        head
    }

    /// What a bare 合计 will say if nothing stands above it: the form's total.
    fn as_a_total(&self, head: &Head) -> Head {
        let mut resolved = head.clone();
        if head.total && head.key.item.is_none() {
            resolved.key.item.clone_from(&self.frame.form.total);
        }
        resolved
    }

    /// The words above a column and some words of lost merges that may reach over it.
    fn head_below(&self, block: &Block, column: usize, reaching: &[&Spot<'a>]) -> Head {
        let mut spots: Vec<&Spot<'a>> = self.above(block, column).chain(reaching.iter().copied()).collect();
        spots.sort_by_key(|spot| spot.row);
        let mut head = Head::default();
        for spot in spots {
            // A code column's neighbour may share 项目 with it: known, and nothing to say of values.
            let role = spot.role(&self.reader);
            let word = spot.word(&self.reader, Axis::Across);
            if let Some(ColumnRole::Weight | ColumnRole::SelfScore) = role {
                head.role = role;
                head.words.push(word.clone());
            } else if role.is_none() || word.rule.is_some() {
                self.add_head_word(block, &mut head, word, spot);
            }
        }
        head
    }

    fn add_head_word(&self, block: &Block, head: &mut Head, word: &Rc<Word>, spot: &Spot<'_>) {
        if let Some(unit) = word.unit {
            if head.unit.is_some_and(|other| other != unit) && head.blocked.is_none() {
                head.blocked = Some(Blocked::told(word.written.clone(), FindingCode::TwoUnits));
            }
            head.unit = Some(unit);
        }
        let resolved = match &word.rule {
            None => {
                let by =
                    if word.other_year { format!("{} (another year)", word.written) } else { word.written.clone() };
                head.blocked.get_or_insert(Blocked::by(by));
                None
            }
            Some(rule) => self.in_context(rule, &head.words, std::iter::empty),
        };
        if let Some(rule) = resolved {
            let groups = rule.group && block.labels.iter().any(|column| spot.covers(*column));
            if rule.group && !groups && !self.beside_total(block, spot) {
                head.blocked.get_or_insert(Blocked::by(format!("{} beside no total", word.written)));
            }
            // T-20: over blocks of codes it only groups.
            if !groups {
                head.total |= rule.total;
                merge_into(&mut head.key, &rule.key, self, &mut head.blocked);
                head.side = rule.side.or(head.side);
                head.difference = rule.difference.or(head.difference);
                head.negative |= rule.negative;
            }
        } else if word.rule.is_some() && head.waiting.is_none() {
            head.waiting = Some(word.clone());
        } else if word.rule.is_some() {
            head.blocked.get_or_insert(Blocked::by(word.written.clone()));
        }
        head.words.push(word.clone());
    }

    /// T-20: a word that may only group codes is an item where a total stands beside it.
    fn beside_total(&self, block: &Block, spot: &Spot<'_>) -> bool {
        block
            .values
            .iter()
            .any(|column| !spot.covers(*column) && self.above(block, *column).any(|other| self.is_total(other)))
    }

    /// A header cell means a total.
    fn is_total(&self, spot: &Spot<'_>) -> bool {
        spot.word(&self.reader, Axis::Across).rule.as_ref().is_some_and(|rule| rule.total)
    }

    /// T-8: a column needs words of its own; a band over its neighbours names none, nor do words that they have too.
    fn own_words(&self, block: &Block, heads: &mut [Head]) {
        let paths: Vec<Vec<&Label>> =
            block.values.iter().map(|column| self.above(block, *column).map(Spot::label).collect()).collect();
        for (index, head) in heads.iter_mut().enumerate() {
            let column = block.values[index];
            let own = self
                .above(block, column)
                .any(|spot| block.reach(spot) == 1 && !self.lacks_a_level(block, spot, column));
            if !own {
                head.blocked.get_or_insert(Blocked::by("no header of its own"));
            } else if paths.get(index + 1).is_some_and(Vec::is_empty)
                && block.values[index] + 1 == block.values[index + 1]
            {
                // T-9: what is left of this column's words may have stood over both.
                head.blocked.get_or_insert(Blocked::by("the column beside it has no header"));
            } else if let Some(spot) = self.blank_band(block, block.values[index]) {
                // T-8: an emptied cell over several columns may have been the very word that tells them.
                head.blocked
                    .get_or_insert(Blocked::by(format!("a blank header cell over {} columns", block.reach(spot))));
            } else if self.also_a_band(block, index, &paths) {
                let word = head.words.last().map_or_else(String::new, |word| word.written.clone());
                head.blocked.get_or_insert(Blocked::told(word, FindingCode::Ambiguous));
            } else if paths.iter().enumerate().any(|(other, path)| other != index && *path == paths[index]) {
                let word = head.words.last().map_or_else(String::new, |word| word.written.clone());
                head.blocked.get_or_insert(Blocked::told(word, FindingCode::Ambiguous));
            }
        }
    }

    /// T-8: a word that is merged over columns in which nothing stands, header or value, and below which a row of the
    /// header is blank: it is a band whose columns have lost their words, and names none.
    fn lacks_a_level(&self, block: &Block, spot: &Spot<'a>, column: usize) -> bool {
        let below = (spot.row + spot.row_span..block.body).filter(|row| self.layout.rows[*row] == RowKind::Plain);
        let mut below = below.peekable();
        spot.cell.wider
            && below.peek().is_some()
            && below.all(|row| self.grid.at(row, column).is_none_or(Spot::is_blank))
    }

    /// A blank cell of the header that is merged over several value columns, this one among them.
    fn blank_band(&self, block: &Block, column: usize) -> Option<&Spot<'a>> {
        (0..block.body)
            .filter(|row| self.layout.rows[*row] == RowKind::Plain)
            .filter_map(|row| self.grid.at(row, column))
            .find(|spot| spot.is_blank() && spot.column_span > 1 && block.reach(spot) > 1)
    }

    /// The words of a column stand over other columns as well, in another cell: which of them is the whole is not told.
    fn also_a_band(&self, block: &Block, index: usize, paths: &[Vec<&Label>]) -> bool {
        let mine = &paths[index];
        let last = self.above(block, block.values[index]).last();
        let is_mine = |column: usize| {
            self.above(block, column).any(|spot| last.is_some_and(|last| std::ptr::eq(last.cell, spot.cell)))
        };
        !mine.is_empty()
            && paths
                .iter()
                .zip(&block.values)
                .any(|(path, column)| path.len() > mine.len() && path[..mine.len()] == mine[..] && !is_mine(*column))
    }

    /// T-19, across: a total needs everything beside it understood and a part of it.
    fn totals_across(&self, block: &Block, heads: &mut [Head]) {
        for index in 0..heads.len() {
            if !heads[index].total || heads[index].blocked.is_some() {
                continue;
            }
            if heads[index].key.item.is_none()
                && heads[index]
                    .words
                    .iter()
                    .rev()
                    .skip(1)
                    .all(|word| word.rule.as_ref().is_none_or(|rule| rule.key.item.is_none()))
            {
                heads[index].key.item.clone_from(&self.frame.form.total);
            }
            let whole = heads[index].key.item.clone();
            let outer = self.outer_of_total(block, index);
            for (other, head) in heads.iter().enumerate() {
                let beside = self.outer_of(block, other, outer.len()) == outer
                    || block.may_share_a_band(block.values[index], block.values[other]);
                if other == index || !beside {
                    continue;
                }
                let stranger = match (head.in_doubt(), &head.key.item, &whole) {
                    (Some(doubt), _, _) => Some(doubt),
                    (None, Some(item), Some(whole)) if !self.frame.mappings.vocabulary.is_part_of(item, whole) => {
                        Some(item.to_string())
                    }
                    _ => None,
                };
                if let Some(stranger) = stranger {
                    heads[index].blocked = Some(Blocked::by(format!("a total beside `{stranger}`")));
                    break;
                }
            }
        }
    }

    /// The header cells above the total word of a column, as labels.
    fn outer_of_total<'t>(&'t self, block: &'t Block, index: usize) -> Vec<&'t Label> {
        let total = self.above(block, block.values[index]).position(|spot| self.is_total(spot)).unwrap_or(0);
        self.outer_of(block, index, total)
    }

    fn outer_of<'t>(&'t self, block: &'t Block, index: usize, depth: usize) -> Vec<&'t Label> {
        self.above(block, block.values[index]).take(depth).map(Spot::label).collect()
    }

    // ---------------------------------------------------------------- stubs

    /// What the stub of each body row says; `None` for rows that are no body.
    fn stubs(&self, block: &Block, heads: &[Head], findings: &mut Vec<Finding>) -> Vec<Option<Stub>> {
        let mut stubs: Vec<Option<Stub>> = vec![None; self.grid.height];
        let mut split = SplitCode::default();
        let unknown_header = self.unknown_stub_header(block);
        let over_labels = self.over_labels(block);
        let mut governing = Governing::default();
        for row in block.body..self.grid.height {
            match self.layout.rows[row] {
                RowKind::Plain => {}
                RowKind::Band => {
                    governing = Governing::default();
                    continue;
                }
                RowKind::Line | RowKind::Repeat | RowKind::Ignored => continue,
            }
            let has_value = block.values.iter().any(|column| self.grid.shape(row, *column) == Shape::Number);
            let beyond = Beyond { governing: &governing, over_labels: &over_labels, heads };
            let mut stub = self.stub(block, row, &mut split, beyond, findings);
            if self.other_header.is_some_and(|(from, _)| row >= from) {
                stub.blocked.get_or_insert(Blocked::by("below another header"));
            }
            if let Some(header) = &unknown_header {
                stub.blocked.get_or_insert(Blocked::by(header.clone()));
            }
            governing.after(&mut stub, has_value, self);
            stubs[row] = Some(stub);
        }
        self.names_over_two_rows(block, &mut stubs);
        self.totals_down(&mut stubs, block, heads);
        stubs
    }

    /// T-11: a row with neither code nor number goes on with the name above it, if the whole is the code's name.
    fn names_over_two_rows(&self, block: &Block, stubs: &mut [Option<Stub>]) {
        let Some(codes) = &self.frame.form.codes else { return };
        let list =
            if codes.economic { &self.frame.mappings.codes.economic } else { &self.frame.mappings.codes.functional };
        let mut above: Option<&CodedRow> = None;
        let mut going_on = Vec::new();
        for (row, stub) in stubs.iter().enumerate() {
            let Some(stub) = stub else { continue };
            if let Some(coded) = &stub.coded {
                above = Some(coded);
                continue;
            }
            let bare = block.values.iter().all(|column| {
                self.grid.at(row, *column).is_none_or(|spot| spot.row != row || spot.shape == Shape::Blank)
            });
            let goes_on = match (above, stub.words.as_slice()) {
                (Some(CodedRow { code, name, .. }), [word]) if bare && word.rule.is_none() => {
                    let whole = format!("{name}{}", word.written);
                    matches!(
                        list.compare(code, &whole, self.frame.fiscal_year),
                        NameMatch::Same | NameMatch::AnotherYear
                    )
                }
                _ => false,
            };
            if goes_on {
                going_on.push(row);
            }
        }
        for row in going_on {
            stubs[row] = None;
        }
    }

    /// A header over label columns that is not understood may change what all labels below it mean; two columns of one
    /// kind (项目 and 项目, 科目编码 twice) are two stubs of which one has lost its values.
    fn unknown_stub_header(&self, block: &Block) -> Option<String> {
        let mut heads: Vec<(ColumnRole, &Spot<'a>)> = Vec::new();
        for &column in &block.labels {
            for spot in self.above(block, column) {
                let Some(role) = spot.role(&self.reader) else { continue };
                if heads
                    .iter()
                    .any(|(told, other)| *told == role && other.row == spot.row && !std::ptr::eq(other.cell, spot.cell))
                {
                    return Some(format!("two columns of {}", spot.text().split_whitespace().collect::<String>()));
                }
                heads.push((role, spot));
            }
        }
        for &column in &block.labels {
            for spot in self.above(block, column) {
                if spot.role(&self.reader).is_none() && spot.word(&self.reader, Axis::Across).rule.is_none() {
                    return Some(spot.text().split_whitespace().collect());
                }
            }
        }
        None
    }

    /// A row of the block needs a name: it has columns for names, codes name its rows, or there is more than one.
    fn rows_have_names(&self, block: &Block) -> bool {
        let has_value = |row: &usize| {
            self.layout.rows[*row] == RowKind::Plain
                && block.values.iter().any(|column| self.grid.shape(*row, *column) == Shape::Number)
        };
        !block.labels.is_empty()
            || self.frame.form.codes.is_some()
            || (block.body..self.grid.height).filter(has_value).nth(1).is_some()
    }

    /// The words over the label columns of a block alone, where its values stand beside them: 收入 over 项目.
    ///
    /// What is merged over values as well is told by their headers; a word that only groups codes says nothing of them.
    fn over_labels(&self, block: &Block) -> Vec<Rc<Word>> {
        let mut words: Vec<Rc<Word>> = Vec::new();
        for &column in &block.labels {
            for spot in self.above(block, column) {
                let word = spot.word(&self.reader, Axis::Across);
                let over_values = block.values.iter().any(|value| spot.covers(*value));
                let groups = word.rule.as_ref().is_none_or(|rule| rule.group);
                let told = words.iter().any(|told| Rc::ptr_eq(told, word));
                if !over_values && !groups && !told && spot.role(&self.reader).is_none() {
                    words.push(word.clone());
                }
            }
        }
        words
    }

    fn stub(
        &self,
        block: &Block,
        row: usize,
        split: &mut SplitCode,
        beyond: Beyond<'_>,
        findings: &mut Vec<Finding>,
    ) -> Stub {
        let Beyond { governing, over_labels, heads } = beyond;
        let mut stub = Stub::default();
        for word in over_labels {
            self.add_band(&mut stub, word);
        }
        let band = self.bands[row].as_ref();
        if let Some(band) = band {
            self.add_band(&mut stub, band);
        }
        if let Some(coded) = coded_row(self.grid, &self.layout, block, row, split, &self.reader) {
            self.add_code(&mut stub, &coded, block, row, findings);
            stub.coded = Some(coded);
            return stub;
        }
        let mut last: Option<&Spot<'a>> = None;
        for &column in &block.labels {
            let Some(spot) = self.grid.at(row, column) else { continue };
            if last.is_some_and(|last| std::ptr::eq(last.cell, spot.cell)) || spot.is_blank() {
                continue;
            }
            last = Some(spot);
            let role = self.layout.roles[column];
            if spot.row < block.body && spot.role(&self.reader).is_some() {
                continue;
            }
            if spot
                .role(&self.reader)
                .is_some_and(|role| !matches!(role, ColumnRole::Entity | ColumnRole::Project | ColumnRole::Name))
                && row == block.body
            {
                // 类, 款, 项 in the first data row are header (T-7).
                continue;
            }
            match role {
                Some(ColumnRole::Entity) => self.add_entity(&mut stub, spot, false),
                Some(ColumnRole::Project) => self.add_entity(&mut stub, spot, true),
                Some(
                    ColumnRole::Category
                    | ColumnRole::Section
                    | ColumnRole::Detail
                    | ColumnRole::Code
                    | ColumnRole::Name
                    | ColumnRole::Label,
                )
                | None => {
                    self.add_stub_word(&mut stub, spot.word(&self.reader, Axis::Down), beyond);
                }
                _ => {}
            }
        }
        if stub.words.is_empty()
            && stub.entity.is_none()
            && let Some(word) = self.label_of_earlier_block(block, row)
        {
            self.add_stub_word(&mut stub, &word, beyond);
        }
        stub.nameless = stub.words.is_empty() && stub.entity.is_none();
        if stub.nameless && self.rows_have_names(block) {
            stub.blocked.get_or_insert(Blocked::by("no label in its own block"));
        } else if !stub.nameless && !self.has_own_label(block, row) {
            stub.blocked.get_or_insert(Blocked::by("no label of its own"));
        }
        self.take_governed(&mut stub, governing, heads);
        stub
    }

    /// T-8, down: a row needs words of its own; a label that is merged over it and other rows with values names none of them.
    fn has_own_label(&self, block: &Block, row: usize) -> bool {
        let has_value = |row: usize| {
            self.layout.rows[row] == RowKind::Plain
                && block.values.iter().any(|column| {
                    self.grid.at(row, *column).is_some_and(|spot| spot.row == row && spot.shape == Shape::Number)
                })
        };
        let shared = |spot: &Spot<'_>| {
            let rows = spot.row.max(block.body)..(spot.row + spot.row_span).min(self.grid.height);
            rows.clone().any(|other| other != row && has_value(other))
        };
        let labels = block.labels.iter().filter_map(|column| self.grid.at(row, *column));
        let mut labels = labels.filter(|spot| !spot.is_blank()).peekable();
        labels.peek().is_none() || labels.any(|spot| spot.row_span == 1 || !shared(spot))
    }

    /// The total of a group of codes whose merge up to its value is lost: 公用经费合计 in the second block of three,
    /// its value at the end of the third.
    ///
    /// Nothing else may stand between the two, nor behind the value; and the last block has no label of its own.
    fn label_of_earlier_block(&self, block: &Block, row: usize) -> Option<Rc<Word>> {
        let groups = &self.frame.form.codes.as_ref()?.groups;
        let last = self.layout.blocks.last()?;
        let (first, value) = (*block.labels.first()?, *block.values.last()?);
        if last.values.last() != Some(&value) || block.values.len() != 1 {
            return None;
        }
        let blank = |column: usize| self.grid.shape(row, column) == Shape::Blank;
        let column = (0..first).rev().find(|column| !blank(*column))?;
        let own = block.labels.iter().all(|label| blank(*label));
        let earlier = self.layout.blocks.iter().find(|other| other.labels.contains(&column))?;
        let spot =
            self.grid.at(row, column).filter(|spot| own && spot.shape == Shape::Words && earlier.values.len() == 1)?;
        let word = spot.word(&self.reader, Axis::Down);
        let item = word.rule.as_ref().filter(|rule| !rule.group)?.key.item.as_ref()?;
        groups.values().any(|group| group == item).then(|| word.clone())
    }

    fn add_band(&self, stub: &mut Stub, band: &Word) {
        match &band.rule {
            None => stub.blocked = Some(Blocked::by(band.written.clone())),
            Some(rule) => {
                stub.side = rule.side.or(stub.side);
                stub.unit_above = band.unit.filter(|unit| unit.is_money()).or(stub.unit_above);
                merge_into(&mut stub.key, &rule.key, self, &mut stub.blocked);
            }
        }
    }

    fn add_code(&self, stub: &mut Stub, coded: &CodedRow, block: &Block, row: usize, findings: &mut Vec<Finding>) {
        if let Some(reason) = &coded.blocked_by {
            stub.blocked = Some(Blocked::by(reason.clone()));
        }
        if let Some((code, subject)) = &coded.finding
            && let Some(spot) = block.labels.iter().find_map(|column| self.grid.at(row, *column))
        {
            let mut finding = Finding::at(*code, spot.table.place(spot.cell), subject.clone());
            finding.form = self.frame.form.form.to_string();
            findings.push(finding);
        }
        let Some(codes) = &self.frame.form.codes else { return };
        if codes.economic {
            stub.key.economic = Some(coded.code.clone());
        } else {
            stub.key.function = Some(coded.code.clone());
        }
        stub.key.item.clone_from(&codes.item);
        stub.words.push(coded_word(&coded.code, &coded.name, &self.frame.mappings.version));
    }

    /// T-13: an open word is taken as it stands, but never if it is a known label.
    fn add_entity(&self, stub: &mut Stub, spot: &Spot<'a>, project: bool) {
        let word = spot.word(&self.reader, Axis::Down);
        match &word.rule {
            Some(rule) if rule.total => {
                stub.total = true;
                stub.words.push(word.clone());
            }
            Some(_) => {
                stub.blocked = Some(Blocked::by(word.written.clone()));
            }
            None => {
                let name: String = spot.text().split_whitespace().collect();
                let shown = strip_ordinal_as_written(&name);
                if word.part_of || self.frame.mappings.surroundings.is_total(&word.label) {
                    // 其中：男生 is a part of the row above, and no project; nor is their sum.
                    stub.blocked = Some(Blocked::by(word.written.clone()));
                    return;
                }
                if !project && !self.frame.mappings.surroundings.looks_like_part(&fold(shown)) {
                    // A misspelt 合计 must not become a sub-unit.
                    stub.blocked = Some(Blocked::by(word.written.clone()));
                    return;
                }
                stub.entity = Some(shown.into());
                stub.words.push(Rc::new(Word { rule: Some(Arc::default()), ..Word::clone(word) }));
            }
        }
    }

    fn add_stub_word(&self, stub: &mut Stub, word: &Rc<Word>, beyond: Beyond<'_>) {
        if let Some(unit) = word.unit {
            stub.unit = Some(unit);
        }
        let Some(rule) = &word.rule else {
            let by = if word.other_year { format!("{} (another year)", word.written) } else { word.written.clone() };
            stub.blocked.get_or_insert(Blocked::by(by));
            stub.words.push(word.clone());
            return;
        };
        let outer = || {
            let over_labels = beyond.over_labels.iter().map(|word| &**word);
            beyond.governing.above(word).into_iter().chain(over_labels).chain(over_all(beyond.heads))
        };
        // What stands above some of the columns says it of their numbers alone.
        let by_column = || beyond.heads.iter().any(|head| self.condition(rule, &head.words).is_some());
        if stub.waiting.is_none() && self.condition(rule, &stub.words).is_none() {
            let answered = outer().any(|word| self.answered_by(rule, word).is_some());
            if !answered && by_column() {
                stub.waiting = Some(word.clone());
                stub.words.push(word.clone());
                return;
            }
        }
        match self.in_context(rule, &stub.words, outer) {
            Some(resolved) => {
                stub.total |= resolved.total;
                stub.governs_funding |= resolved.governs_funding;
                stub.negative |= resolved.negative;
                stub.difference = resolved.difference.or(stub.difference);
                if let Some(side) = resolved.side {
                    stub.side = Some(side);
                }
                merge_into(&mut stub.key, &resolved.key, self, &mut stub.blocked);
            }
            None => {
                stub.blocked.get_or_insert(Blocked::by(word.written.clone()));
            }
        }
        stub.words.push(word.clone());
    }

    /// T-16: a row that names only a funding takes its item from the row that governs it.
    fn take_governed(&self, stub: &mut Stub, governing: &Governing, heads: &[Head]) {
        let only_funding = stub.key.funding.is_some()
            && stub.key.item.is_none()
            && stub.key.function.is_none()
            && stub.key.economic.is_none()
            && !stub.total
            && self.frame.form.context.item.is_none()
            && heads.iter().all(|head| head.key.item.is_none());
        if !only_funding || stub.blocked.is_some() {
            return;
        }
        let part_of = stub.words.iter().any(|word| word.part_of);
        match governing.funding_from(part_of) {
            FundingFrom::Nothing => {
                let income = stub.side != Some(Side::Expenditure)
                    && heads.iter().all(|head| head.side != Some(Side::Expenditure));
                if income && self.reader.may_give("本年收入合计") {
                    stub.key.item = Some("本年收入合计".into());
                } else {
                    stub.blocked = Some(Blocked::by("a funding without an item"));
                }
            }
            FundingFrom::Item(item) => stub.key.item = Some(item),
            FundingFrom::Stranger(word) => {
                stub.blocked = Some(Blocked::by(format!("a funding below `{word}`")));
            }
        }
    }

    /// T-19, down: a total row needs every row of its block understood and a part of it.
    fn totals_down(&self, stubs: &mut [Option<Stub>], block: &Block, heads: &[Head]) {
        let columns_name_items = heads.iter().any(|head| !head.total && head.key.item.is_some());
        for row in 0..stubs.len() {
            let Some(stub) = &stubs[row] else { continue };
            if !stub.total || stub.blocked.is_some() {
                continue;
            }
            // Where the columns name the items, a total of rows is only all of them.
            let item = stub.key.item.clone().or_else(|| self.frame.form.total.clone()).filter(|_| !columns_name_items);
            let grouped = self.only_groups_above(block);
            let valued_row = |row: usize| {
                stubs[row].as_ref().is_some_and(|stub| !stub.nameless && !stub.total)
                    && block.values.iter().any(|column| self.grid.shape(row, *column) == Shape::Number)
            };
            let of_some_rows =
                stub.key.item.is_none() && (0..row).any(valued_row) && (row + 1..stubs.len()).any(valued_row);
            let stranger = stubs.iter().enumerate().filter(|(other, _)| *other != row).find_map(|(_, other)| {
                let other = other.as_ref()?;
                // Another total is no row of its own.
                if other.nameless || other.total {
                    return None;
                }
                let waiting = other.waiting.as_ref().map(|word| word.written.clone());
                match (other.blocked.as_ref().map(|blocked| blocked.by.clone()).or(waiting), &other.key.item, &item) {
                    (Some(doubt), _, _) => Some(doubt),
                    (None, Some(part), Some(whole)) if !self.frame.mappings.vocabulary.is_part_of(part, whole) => {
                        Some(part.to_string())
                    }
                    _ => None,
                }
            });
            let Some(stub) = stubs[row].as_mut() else { continue };
            if of_some_rows {
                stub.blocked = Some(Blocked::by("a total between rows: of which of them is not told"));
            } else if let Some(band) = grouped {
                stub.blocked = Some(Blocked::by(format!("a total under `{band}`")));
            } else if let Some(stranger) = stranger {
                stub.blocked = Some(Blocked::by(format!("a total beside `{stranger}`")));
            } else if stub.key.item.is_none() {
                stub.key.item = item;
            }
        }
    }

    /// A band over the block that only groups codes.
    fn only_groups_above(&self, block: &Block) -> Option<String> {
        block.labels.iter().flat_map(|column| self.above(block, *column)).find_map(|spot| {
            let word = spot.word(&self.reader, Axis::Across);
            word.rule.as_ref().is_some_and(|rule| rule.group).then(|| word.written.clone())
        })
    }

    // ---------------------------------------------------------------- context

    /// What a rule says below the words that stand above it; `None` where it has no meaning there.
    ///
    /// What it says by itself is the rule as it stands; its `when` has been answered then.
    fn in_context<'w, Farther: Iterator<Item = &'w Word>>(
        &self,
        rule: &Arc<Rule>,
        nearer: &'w [Rc<Word>],
        farther: impl FnOnce() -> Farther,
    ) -> Option<Arc<Rule>> {
        if rule.when.is_empty() {
            return Some(rule.clone());
        }
        let mut words = nearer.iter().rev().map(|word| &**word).chain(farther());
        match words.find_map(|word| self.answered_by(rule, word)) {
            Some(when) => {
                let mut resolved = Rule { key: when.key.clone(), total: when.total, when: Vec::new(), ..**rule };
                if resolved.key.measure.is_none() {
                    resolved.key.measure = rule.key.measure;
                }
                Some(Arc::new(resolved))
            }
            None => rule.says_something().then(|| rule.clone()),
        }
    }

    /// What a rule says below a word.
    fn answered_by<'r>(&self, rule: &'r Rule, word: &Word) -> Option<&'r When> {
        rule.when
            .iter()
            .find(|when| when.under.iter().any(|label| *label == word.label || self.same_meaning(label, word)))
    }

    /// What a rule says below the nearest of some words.
    fn condition<'r>(&self, rule: &'r Rule, words: &[Rc<Word>]) -> Option<&'r When> {
        words.iter().rev().find_map(|word| self.answered_by(rule, word))
    }

    /// Header and stub of one number, where they meet: a word that waits for one of the other side is told by it.
    fn met<'t>(&self, head: &'t Head, stub: &'t Stub) -> (Cow<'t, Head>, Cow<'t, Stub>) {
        let (mut head, mut stub) = (Cow::Borrowed(head), Cow::Borrowed(stub));
        match (head.waiting.clone(), stub.waiting.clone()) {
            (None, None) => {}
            // Each waits for the other.
            (Some(word), Some(_)) => {
                head.to_mut().blocked.get_or_insert(Blocked::by(word.written.clone()));
            }
            (Some(word), None) => {
                let told =
                    word.rule.as_ref().and_then(|rule| self.condition(rule, &stub.words).map(|when| (rule, when)));
                let head = head.to_mut();
                match told {
                    Some((rule, when)) => {
                        head.total |= when.total;
                        head.side = rule.side.or(head.side);
                        head.difference = rule.difference.or(head.difference);
                        head.negative |= rule.negative;
                        merge_into(&mut head.key, &when.key, self, &mut head.blocked);
                    }
                    None => {
                        head.blocked.get_or_insert(Blocked::by(word.written.clone()));
                    }
                }
            }
            (None, Some(word)) => {
                let rule = word.rule.as_ref();
                let told = rule.and_then(|rule| self.in_context(rule, &head.words, std::iter::empty));
                let stub = stub.to_mut();
                match told {
                    Some(rule) => {
                        stub.total |= rule.total;
                        stub.side = rule.side.or(stub.side);
                        stub.difference = rule.difference.or(stub.difference);
                        stub.negative |= rule.negative;
                        merge_into(&mut stub.key, &rule.key, self, &mut stub.blocked);
                    }
                    None => {
                        stub.blocked.get_or_insert(Blocked::by(word.written.clone()));
                    }
                }
            }
        }
        (head, stub)
    }

    fn same_meaning(&self, label: &Label, word: &Word) -> bool {
        let Some(item) = word.rule.as_ref().and_then(|rule| rule.key.item.as_ref()) else { return false };
        self.frame.mappings.vocabulary.meaning(label).is_some_and(|meaning| meaning.item == *item)
    }

    // ---------------------------------------------------------------- values

    fn value(&self, spot: &Spot<'a>, head: &Head, stub: &Stub, beside: &Beside) -> Outcome {
        let labels = || labels_of(head, stub);
        match self.key(spot, head, stub, beside) {
            Ok((key, unit, negative, flags)) => Outcome::Claim(Box::new(Claim {
                key,
                written: spot.text().trim().into(),
                number: spot.cell.number.clone(),
                unit,
                negative,
                label: labels(),
                place: spot.table.place(spot.cell),
                offset: spot.cell.offset,
                rule: self.frame.rule.clone(),
                flags,
                doubt: None,
            })),
            Err(blocked) => Outcome::Leftover { labels: labels(), blocked },
        }
    }

    fn key(
        &self,
        spot: &Spot<'a>,
        head: &Head,
        stub: &Stub,
        beside: &Beside,
    ) -> Result<(Key, UnitOfMeasure, bool, Vec<&'static str>), Blocked> {
        if spot.cell.is_unreadable() {
            return Err(Blocked::by(super::UNREADABLE));
        }
        if spot.row_span > 1 || spot.column_span > 1 {
            return Err(Blocked::by("merged over several items"));
        }
        if let Some(blocked) = head.blocked.as_ref().or(stub.blocked.as_ref()) {
            return Err(blocked.clone());
        }
        let form = self.frame.form;
        // T-13: a form of projects gives nothing without its project.
        if self.frame.project == Project::Unnamed || stub.entity.is_none() && !stub.total && self.of_projects {
            return Err(Blocked::by("no project that it belongs to"));
        }
        let mut partial = head.key.clone();
        // A total across means the item of the row, where that is a part of it.
        let mut conflict = None;
        merge_into(&mut partial, &stub.key, self, &mut conflict);
        if let Some(conflict) = conflict {
            return Err(conflict);
        }
        if partial.item.is_none() {
            partial.item.clone_from(&form.context.item);
        }
        let item = partial.item.take().ok_or_else(|| Blocked::by("no item"))?;
        let of_item = self.of_item(&item);
        if !of_item.may_give {
            return Err(Blocked::by(format!("`{item}` is none of this form's items")));
        }
        sides(head, stub, &of_item)?;
        let funding = self.funding(&partial, &of_item)?;
        let measure = self.measure(&mut partial, head, stub, beside)?;
        let key = Key {
            entity: stub.entity.clone().unwrap_or_else(|| self.frame.project.name()),
            item,
            function: partial.function.unwrap_or_default(),
            economic: partial.economic.unwrap_or_default(),
            funding,
            measure,
            base: partial.base.unwrap_or_default(),
        };
        let item_unit = of_item.unit.as_deref().unwrap_or("万元");
        let (unit, assumed) = self.unit(head, stub, measure, item_unit, spot, beside)?;
        let mut flags = Vec::new();
        if assumed {
            flags.push("unit_assumed");
        }
        if spot.cell.hidden {
            flags.push("hidden");
        }
        Ok((key, unit, head.negative || stub.negative, flags))
    }

    fn funding(&self, partial: &Partial, item: &OfItem) -> Result<Option<Funding>, Blocked> {
        let context = self.frame.form.context.funding;
        match (partial.funding, context) {
            (told, _) if item.fixed_funding => Ok(told),
            (None, context) => Ok(context),
            (told, None) => Ok(told),
            (Some(told), Some(context)) => match told.merged(context) {
                Some(funding) => Ok(Some(funding)),
                None => Err(Blocked::told(
                    format!("{} in a form of {}", told.word(), context.word()),
                    FindingCode::Contradiction,
                )),
            },
        }
    }

    fn measure(&self, partial: &mut Partial, head: &Head, stub: &Stub, beside: &Beside) -> Result<Measure, Blocked> {
        if let Some(difference) = head.difference.or(stub.difference) {
            if partial.measure.is_some() {
                return Err(Blocked::told("a difference and a measure", FindingCode::Contradiction));
            }
            return beside.difference(difference);
        }
        if let Some(measure) = partial.measure {
            if measure == Measure::CompletionRate && partial.base.is_none() {
                if beside.measures.contains(&Measure::AdjustedBudget) {
                    partial.base = Some("adjusted_budget".into());
                } else if let Some(unknown) = &beside.unknown {
                    // It may be the adjusted budget, and the rate that of it.
                    return Err(Blocked::by(format!("a rate beside `{unknown}`")));
                }
            }
            return Ok(measure);
        }
        // T-22: the title's measure holds only in a block in which no label names one.
        let own_year = || head.words.iter().chain(&stub.words).any(|word| word.own_year);
        let by_year = beside.names_prior_only && self.frame.form.context.measure == Some(Measure::Final);
        if beside.names_measure && !(by_year && own_year()) {
            return Err(Blocked::by("no measure"));
        }
        self.frame.form.context.measure.ok_or_else(|| Blocked::by("no measure"))
    }

    /// T-25, T-26: the unit that governs a number, and whether it was only assumed.
    fn unit(
        &self,
        head: &Head,
        stub: &Stub,
        measure: Measure,
        item_unit: &str,
        spot: &Spot<'_>,
        beside: &Beside,
    ) -> Result<(UnitOfMeasure, bool), Blocked> {
        let above = stub.unit_above.filter(|_| item_unit == "万元" && !measure.is_rate() && !measure.is_score());
        let told = match (head.unit, stub.unit.or(above)) {
            (Some(a), Some(b)) if a != b => return Err(Blocked::told("two units of measure", FindingCode::TwoUnits)),
            (a, b) => a.or(b),
        };
        if measure.is_rate() {
            let percent = spot.cell.number.as_ref().is_some_and(|number| number.percent)
                || spot.text().trim_end().ends_with(['%', '％'])
                || told == Some(UnitOfMeasure::Percent)
                || head.words.iter().chain(&stub.words).any(|word| word.written.contains(['%', '％']));
            return if percent {
                Ok((UnitOfMeasure::Percent, false))
            } else {
                Err(Blocked::by("a rate without a percent sign"))
            };
        }
        if measure.is_score() {
            return Ok((UnitOfMeasure::Points, false));
        }
        if item_unit != "万元" {
            return match told {
                Some(unit) if unit.is_money() => {
                    Err(Blocked::told(format!("money where {item_unit} are counted"), FindingCode::TwoUnits))
                }
                _ if item_unit == "%" => Ok((UnitOfMeasure::Percent, false)),
                _ => Ok((UnitOfMeasure::Count, false)),
            };
        }
        match (told, &self.frame.money) {
            (Some(unit), _) if !unit.is_money() => {
                Err(Blocked::told("a count where an amount belongs", FindingCode::TwoUnits))
            }
            (_, Money::Unknown(line)) => Err(Blocked::told(line.clone(), FindingCode::UnknownUnit)),
            (Some(unit), Money::Stated(line)) if unit != *line => {
                Err(Blocked::told("the unit of the header and that of the unit line", FindingCode::TwoUnits))
            }
            (Some(unit), _) => Ok((unit, false)),
            (None, Money::Stated(unit)) => Ok((*unit, false)),
            (None, Money::Assumed(unit)) => {
                if self.frame.form.unit_must_be_told {
                    return Err(Blocked::by("no unit of measure is told"));
                }
                // A unit stated in one column forbids the default for the others.
                if beside.states_money {
                    return Err(Blocked::by("no unit, but another column states one"));
                }
                Ok((*unit, true))
            }
        }
    }

    // ---------------------------------------------------------------- account

    /// Writes every cell of the grid into the account, in document order.
    fn account(&self, mut fates: Vec<Option<Outcome>>, out: &mut Located) {
        let claimed = fates.iter().filter(|fate| matches!(fate, Some(Outcome::Claim(_)))).count();
        let mut claims = Vec::with_capacity(claimed);
        let mut findings = Vec::new();
        out.numbers.reserve(claimed);
        let mut account = Account { form: &self.frame.form.form, located: out };
        for (at, spot) in self.grid.spots.iter().enumerate() {
            match fates[at].take() {
                Some(Outcome::Claim(claim)) => {
                    account.value(spot.table, spot.cell, Fate::Figure, self.frame.rule.clone());
                    claims.push(*claim);
                }
                Some(Outcome::Leftover { labels, blocked }) => {
                    if let Some(code) = blocked.finding {
                        let mut finding = Finding::at(code, spot.table.place(spot.cell), blocked.by.clone());
                        finding.form = self.frame.form.form.to_string();
                        findings.push(finding.with_actual(spot.text().trim()));
                    }
                    account.leftover(spot.table, spot.cell, labels, &blocked.by);
                }
                Some(Outcome::Score) => account.value(spot.table, spot.cell, Fate::Score, self.frame.rule.clone()),
                Some(Outcome::Words) => account.leftover_words(spot.table, spot.cell),
                Some(Outcome::Dash) | None => self.account_word(&mut account, spot),
            }
        }
        super::put_behind(&mut out.claims, claims);
        out.findings.append(&mut findings);
    }

    /// Digits in cells that are no values: codes, numbers of rows and columns, thresholds in labels, standard text.
    fn account_word(&self, account: &mut Account<'_>, spot: &Spot<'a>) {
        if spot.shape != Shape::Number && !has_digits(spot.text()) {
            return;
        }
        let kind = self.layout.columns[spot.column];
        if let Some(reason) = self.layout.reason(self.grid, &self.reader, spot) {
            return account.cell(spot.table, spot.cell, Fate::Ignored, &reason);
        }
        let rule = match (self.layout.rows[spot.row], kind) {
            (RowKind::Line, _) | (_, ColumnKind::Line) => "line number",
            (RowKind::Repeat, _) => "header repeated",
            (_, ColumnKind::Text) => "text column",
            (_, ColumnKind::Personal) => {
                return account.personal(spot.text(), &spot.table.place(spot.cell), spot.cell.offset);
            }
            (_, ColumnKind::Label) if self.is_loose_number(spot) => {
                return account.leftover(spot.table, spot.cell, String::new(), "a number where a label belongs");
            }
            (_, ColumnKind::Label | ColumnKind::Value) if self.may_be_a_value(spot) => {
                return account.leftover_words(spot.table, spot.cell);
            }
            (_, ColumnKind::Label) => "label",
            (_, ColumnKind::Value) if self.is_header(spot) => "label",
            (_, ColumnKind::Value) if spot.shape == Shape::Number => {
                return account.leftover(spot.table, spot.cell, String::new(), "no row that names it");
            }
            _ => "label",
        };
        account.cell(spot.table, spot.cell, Fate::Ignored, rule);
    }

    /// Words with digits that are not understood, below a header that names values: 约20万元 below 决算数.
    fn may_be_a_value(&self, spot: &Spot<'a>) -> bool {
        let known = |spot: &Spot<'a>, axis| spot.word(&self.reader, axis).rule.is_some();
        let names_values = |above: &Spot<'a>| {
            let rule = above.word(&self.reader, Axis::Across).rule.as_ref();
            above.row + above.row_span <= spot.row
                && above.role(&self.reader).is_none()
                && rule.is_some_and(|rule| rule.says_something())
        };
        spot.shape == Shape::Words
            && self.layout.roles[spot.column].is_none()
            && !known(spot, Axis::Across)
            && !known(spot, Axis::Down)
            && (0..spot.row).filter_map(|row| self.grid.at(row, spot.column)).any(names_values)
    }

    /// A number alone in a label cell that is no code.
    fn is_loose_number(&self, spot: &Spot<'a>) -> bool {
        let coded = matches!(
            self.layout.roles[spot.column],
            Some(ColumnRole::Code | ColumnRole::Category | ColumnRole::Section | ColumnRole::Detail)
        );
        let code = self.frame.form.codes.is_some() && matches!(spot.text().trim().len(), 3 | 5 | 7);
        !coded && !code && spot.shape == Shape::Number
    }

    fn is_header(&self, spot: &Spot<'a>) -> bool {
        self.layout.blocks.iter().any(|block| block.values.contains(&spot.column) && spot.row < block.body)
    }
}

/// The words that stand above all columns.
fn over_all(heads: &[Head]) -> impl Iterator<Item = &Word> {
    let first = heads.first().map(|head| head.words.as_slice()).unwrap_or_default();
    let over_all = |word: &&Rc<Word>| heads.iter().all(|head| head.words.iter().any(|other| other.label == word.label));
    first.iter().filter(over_all).map(|word| &**word)
}

fn same_labels(words: &[Rc<Word>], others: &[Rc<Word>]) -> bool {
    words.iter().map(|word| &word.label).eq(others.iter().map(|word| &word.label))
}

/// The word that a code with its name is: the units of a county share few.
fn coded_word(code: &str, name: &str, version: &str) -> Rc<Word> {
    thread_local! {
        static WORDS: RefCell<Recent<Rc<Word>>> = RefCell::default();
    }
    let anew = || Word {
        written: format!("{code} {name}").trim().to_owned(),
        label: Label::default(),
        ordinal: Ordinal::None,
        part_of: false,
        rule: Some(Arc::default()),
        other_year: false,
        own_year: false,
        unit: None,
    };
    Recent::recall(&WORDS, version, &[code, name], || Rc::new(anew()))
}

/// A side (收入, 支出) and an item of the other side contradict each other.
fn sides(head: &Head, stub: &Stub, item: &OfItem) -> Result<(), Blocked> {
    let mut sides = [head.side, stub.side, item.side].into_iter().flatten();
    let first = sides.next();
    if sides.any(|side| Some(side) != first) {
        return Err(Blocked::told(format!("`{}` on the other side", item.item), FindingCode::Contradiction));
    }
    Ok(())
}

/// What became of a cell in a value column.
#[derive(Clone, Debug)]
enum Outcome {
    Claim(Box<Claim>),
    Leftover { labels: String, blocked: Blocked },
    Score,
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
        match key.measure {
            None => key.measure = Some(new),
            Some(old) if old == new => {}
            // 2022年 over 决算数: the year has already made last year's of it.
            Some(Measure::PriorFinal) if new == Measure::Final => {}
            Some(Measure::PriorFinal) if new == Measure::Budget => key.measure = Some(Measure::PriorBudget),
            Some(Measure::Final) if new == Measure::PriorFinal => key.measure = Some(Measure::PriorFinal),
            Some(old) => {
                blocked.get_or_insert(contradiction(old.word(), new.word()));
            }
        }
    }
    if let Some(new) = &said.base {
        key.base = Some(new.clone());
    }
}

/// A name without its leading ordinal, otherwise as written: `2、二级机构1` is 二级机构1.
fn strip_ordinal_as_written(name: &str) -> &str {
    let digits = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let (head, tail) = name.split_at(digits);
    if !head.is_empty()
        && let Some(rest) = tail.strip_prefix(['、', '.', '．'])
    {
        return rest;
    }
    if let Some(inner) = name.strip_prefix(['（', '('])
        && let Some(close) = inner.find(['）', ')'])
        && inner[..close].chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
        && close > 0
    {
        let bracket = inner[close..].chars().next().map_or(1, char::len_utf8);
        return &inner[close + bracket..];
    }
    if let Some(rest) = name.trim_start_matches(|c| "一二三四五六七八九十".contains(c)).strip_prefix('、')
        && !name.starts_with('、')
    {
        return rest;
    }
    name
}

fn labels_of(head: &Head, stub: &Stub) -> String {
    let mut labels = String::with_capacity(96);
    for word in head.words.iter().chain(&stub.words) {
        if !labels.is_empty() {
            labels.push_str(" › ");
        }
        labels.push_str(&word.written);
    }
    labels
}

/// What the rows above still govern: the outline, the last rows that stood by themselves, and what blocked.
#[derive(Debug, Default)]
struct Governing {
    /// Open outline levels, outermost first.
    outline: Vec<Outlined>,
    /// Labelled rows above, for fundings that lean on them.
    last_item: Option<LastItem>,
    /// A row that was not understood, on which others may lean.
    unknown: Option<String>,
    /// A row without value that was not understood: everything after it is in doubt.
    unknown_heading: Option<String>,
}

#[derive(Debug)]
struct Outlined {
    rank: Ordinal,
    word: Rc<Word>,
    unknown: bool,
}

#[derive(Debug)]
struct LastItem {
    item: Option<Arc<str>>,
    word: String,
    governs: bool,
}

enum FundingFrom {
    Nothing,
    Item(Arc<str>),
    Stranger(String),
}

impl Governing {
    /// The words that stand above a label in the outline, nearest first; for a label that leans, the last row too.
    fn above(&self, word: &Word) -> Vec<&Word> {
        let rank = word.ordinal;
        let mut words: Vec<&Word> = self
            .outline
            .iter()
            .rev()
            .filter(|outlined| outlined.rank < rank || rank == Ordinal::None)
            .map(|outlined| &*outlined.word)
            .collect();
        if word.part_of && words.is_empty() {
            words.extend(self.outline.last().map(|outlined| &*outlined.word));
        }
        words
    }

    fn funding_from(&self, part_of: bool) -> FundingFrom {
        match &self.last_item {
            None => FundingFrom::Nothing,
            Some(LastItem { item: Some(item), governs, .. }) if *governs || part_of => FundingFrom::Item(item.clone()),
            Some(last) => FundingFrom::Stranger(last.word.clone()),
        }
    }

    /// Takes a row into account for the rows below it, and blocks it by those above.
    fn after(&mut self, stub: &mut Stub, has_value: bool, table: &Table<'_, '_>) {
        let Some(word) = stub.words.first().cloned() else { return };
        if stub.coded.is_some() || stub.entity.is_some() {
            return;
        }
        let rank = word.ordinal;
        let leans = word.part_of
            || word.rule.as_ref().is_some_and(|rule| rule.total || !rule.when.is_empty())
            || stub.key.funding.is_some() && word.rule.as_ref().is_some_and(|rule| rule.key.item.is_none());
        if let Some(heading) = &self.unknown_heading {
            stub.blocked.get_or_insert(Blocked::by(format!("below `{heading}`")));
        }
        // 基本支出结转 below 年末结转和结余 says what it is by that row, and so may the next of its kind.
        let part_of_last = rank == Ordinal::None
            && word.rule.as_ref().filter(|rule| !rule.total).is_some_and(|rule| {
                self.outline.last().is_some_and(|outlined| table.answered_by(rule, &outlined.word).is_some())
            });
        while !part_of_last && self.outline.last().is_some_and(|outlined| outlined.rank >= rank) {
            self.outline.pop();
        }
        if let Some(unknown) = self.outline.iter().find(|outlined| outlined.unknown) {
            stub.blocked.get_or_insert(Blocked::by(format!("below `{}`", unknown.word.written)));
        }
        if leans && let Some(unknown) = &self.unknown {
            stub.blocked.get_or_insert(Blocked::by(format!("below `{unknown}`")));
        }
        let not_understood = word.rule.is_none();
        if not_understood {
            self.unknown = Some(word.written.clone());
            if !has_value && table.frame.form.codes.is_none() {
                self.unknown_heading = Some(word.written.clone());
            }
        } else if !leans {
            self.unknown = None;
        }
        let only_funding = word.rule.as_ref().is_some_and(|rule| rule.key.funding.is_some() && rule.key.item.is_none());
        if !only_funding {
            self.last_item = Some(LastItem {
                item: stub.key.item.clone(),
                word: word.written.clone(),
                governs: stub.governs_funding && stub.blocked.is_none(),
            });
        }
        if !part_of_last {
            self.outline.push(Outlined { rank, word, unknown: not_understood });
        }
    }
}
