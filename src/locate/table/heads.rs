//! Headers: what the words above a column say, and what leaves them in doubt.

use std::rc::Rc;

use super::{Blocked, Head, Table, merge_into};
use crate::locate::grid::Spot;
use crate::locate::layout::{Block, RowKind};
use crate::locate::words::{Axis, Word};
use crate::mapping::{ColumnRole, Difference, Partial, Rule, State};
use crate::model::{FindingCode, Label, Measure, fold};

impl<'a, 'g> Table<'a, 'g> {
    /// What the header says of each value column of a block.
    pub(super) fn heads(&self, block: &Block) -> Vec<Head> {
        let mut heads: Vec<Head> = block.values.iter().map(|column| self.head(block, *column)).collect();
        self.own_words(block, &mut heads);
        self.totals_across(block, &mut heads);
        rates_of_differences(&mut heads);
        self.doubt_corrected(block, &mut heads);
        if let Some(loose) = self.loose_header(block) {
            let by = format!("{loose} (where it stands is not told)");
            heads.iter_mut().for_each(|head| head.blocked = Some(Blocked::by(by.clone())));
        }
        heads
    }

    /// 决算数 beside 决算数（调整后）: it holds no longer.
    fn doubt_corrected(&self, block: &Block, heads: &mut [Head]) {
        let own = |column: &usize| self.above(block, *column).last().map(|spot| fold(spot.text()));
        let standing = &self.frame.mappings.surroundings.standing;
        let unread = heads.iter().zip(&block.values).filter(|(head, _)| head.blocked.is_some());
        let corrected: Vec<String> = unread
            .filter_map(|(_, column)| own(column))
            .filter(|word| word.ends_with(')') && standing.of_line(word, false) == Some(State::Valid))
            .collect();
        if corrected.is_empty() {
            return;
        }
        for (head, column) in heads.iter_mut().zip(&block.values).filter(|(head, _)| head.blocked.is_none()) {
            let Some(own) = own(column) else { continue };
            if let Some(word) = corrected.iter().find(|word| word.split('(').next() == Some(&*own)) {
                head.blocked = Some(Blocked::told(format!("beside `{word}`"), FindingCode::Contradiction));
            }
        }
    }

    /// The first word of a header row of which it is not told over which columns its cells stand.
    fn loose_header(&self, block: &Block) -> Option<&str> {
        let is_loose = |row: &usize| self.grid.loose[*row] && self.layout.rows[*row] == RowKind::Plain;
        let row = (0..block.body).find(is_loose)?;
        self.grid.filled_in(row).next().map(Spot::text)
    }

    /// The spots above a column, from the outermost inward, each once.
    pub(super) fn above<'t>(&'t self, block: &'t Block, column: usize) -> impl Iterator<Item = &'t Spot<'a>> {
        block.above(self.grid, column)
    }

    /// The words above a column, merged.
    ///
    /// T-9: where merges are lost, a word to the left may reach over the column or not. It is read without that word
    /// if the word would change nothing; otherwise it stays unread.
    pub(super) fn head(&self, block: &Block, column: usize) -> Head {
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
            if rule.group && !groups && !self.beside_total(block, spot, &rule) {
                head.blocked.get_or_insert(Blocked::by(format!("{} beside no total", word.written)));
            }
            // T-20: over blocks of codes it only groups.
            if !groups {
                head.total |= rule.total;
                merge_into(&mut head.key, &rule.key, self, &mut head.blocked);
                head.side = rule.side.or(head.side);
                head.difference = rule.difference.or(head.difference);
                head.negative |= rule.negative;
                head.proved |= rule.proved;
                head.unnamed |= rule.unnamed;
            }
        } else if word.rule.is_some() && head.waiting.is_none() {
            head.waiting = Some(word.clone());
        } else if word.rule.is_some() {
            head.blocked.get_or_insert(Blocked::by(word.written.clone()));
        }
        head.words.push(word.clone());
    }

    /// T-20: a word that may only group codes is an item where a total stands beside it, or what it is a part of (基本支出).
    fn beside_total(&self, block: &Block, spot: &Spot<'_>, group: &Rule) -> bool {
        let is_whole = |other: &Spot<'_>| self.is_total(other) || self.is_whole_of(other, group);
        block
            .values
            .iter()
            .any(|column| !spot.covers(*column) && self.above(block, *column).last().is_some_and(is_whole))
            || block
                .values
                .iter()
                .any(|column| !spot.covers(*column) && self.above(block, *column).any(|other| self.is_total(other)))
    }

    /// A header cell names the item of which that of a rule is a part.
    fn is_whole_of(&self, spot: &Spot<'_>, part: &Rule) -> bool {
        let whole = spot.word(&self.reader, Axis::Across).rule.as_ref().and_then(|rule| rule.key.item.as_ref());
        let vocabulary = &self.frame.mappings.vocabulary;
        whole
            .zip(part.key.item.as_ref())
            .is_some_and(|(whole, part)| whole != part && vocabulary.is_part_of(part, whole))
    }

    /// A header cell means a total.
    pub(super) fn is_total(&self, spot: &Spot<'_>) -> bool {
        spot.word(&self.reader, Axis::Across).rule.as_ref().is_some_and(|rule| rule.total)
    }

    /// T-8: a column needs words of its own; a band over its neighbours names none, nor do words that they have too.
    fn own_words(&self, block: &Block, heads: &mut [Head]) {
        let paths: Vec<Vec<&Label>> =
            block.values.iter().map(|column| self.above(block, *column).map(Spot::label).collect()).collect();
        let moved = self.moved_rows(block);
        let shares = shares_beside_amounts(block, heads);
        for (index, head) in heads.iter_mut().enumerate() {
            let column = block.values[index];
            let own = self
                .above(block, column)
                .any(|spot| block.reach(spot) == 1 && !self.lacks_a_level(block, spot, column));
            if self.counts_rows(block, column) {
                head.blocked.get_or_insert(Blocked::by("numbers that count the rows"));
            } else if !own {
                head.blocked.get_or_insert(Blocked::by("no header of its own"));
            } else if paths.get(index + 1).is_some_and(Vec::is_empty)
                && block.values[index] + 1 == block.values[index + 1]
            {
                // T-9: what is left of this column's words may have stood over both.
                head.blocked.get_or_insert(Blocked::by("the column beside it has no header"));
            } else if self.above(block, column).any(|spot| moved.contains(&spot.row)) {
                head.blocked.get_or_insert(Blocked::by("a word that may belong to another column"));
            } else if let Some(spot) = self.blank_band(block, block.values[index]) {
                // T-8: an emptied cell over several columns may have been the very word that tells them.
                head.blocked
                    .get_or_insert(Blocked::by(format!("a blank header cell over {} columns", block.reach(spot))));
            } else if self.also_a_band(block, index, &paths) {
                let word = head.words.last().map_or_else(String::new, |word| word.written.clone());
                head.blocked.get_or_insert(Blocked::told(word, FindingCode::Ambiguous));
            } else if let Some(amount) = &shares[index] {
                head.key.item.clone_from(&amount.item);
                head.key.funding = amount.funding;
            } else if is_share(head) && shares.iter().any(Option::is_some) {
                head.blocked.get_or_insert(Blocked::by("a share of what stands before it"));
            } else if paths.iter().enumerate().any(|(other, path)| other != index && *path == paths[index]) {
                let word = head.words.last().map_or_else(String::new, |word| word.written.clone());
                head.blocked.get_or_insert(Blocked::told(word, FindingCode::Ambiguous));
            }
        }
    }

    /// T-9: converters leave out the cells that are merged down, and the rest of a header row moves to the left: 小计 and 基本支出,
    /// which belong below 本年支出, stand below 年初结转和结余 and 本年收入, and nothing below the last words of the row above.
    fn moved_rows(&self, block: &Block) -> Vec<usize> {
        let said = |row: usize, column: usize| {
            self.grid.at(row, column).is_some_and(|spot| (spot.row, spot.column) == (row, column) && !spot.is_blank())
        };
        // Below a word stands another over just as many columns, though behind it are words that have none below them.
        let moved = |column: usize, above: usize, below: usize| {
            let next = (column + 1..self.grid.width).find(|next| said(above, *next));
            let mut behind = block.values.iter().filter(|other| **other > column);
            said(above, column)
                && said(below, column)
                && next.is_some_and(|next| !(column + 1..next).any(|between| said(below, between)))
                && behind.any(|other| said(above, *other) && !said(below, *other))
        };
        let mut rows = Vec::new();
        for &column in block.values.iter().filter(|_| !self.grid.merges_known) {
            let spots: Vec<&Spot<'_>> = self.above(block, column).collect();
            let pairs = spots.windows(2).map(|pair| (pair[0].row, pair[1].row));
            rows.extend(pairs.filter(|(above, below)| moved(column, *above, *below)).map(|(_, below)| below));
        }
        rows
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
                    _ if self.is_of_another_fund(head) => head.words.last().map(|word| word.written.clone()),
                    (None, Some(item), Some(whole)) if !self.may_be_summed(item, whole) => Some(item.to_string()),
                    _ => None,
                };
                if let Some(stranger) = stranger {
                    heads[index].blocked = Some(Blocked::by(format!("a total beside `{stranger}`")));
                    break;
                }
            }
        }
    }

    /// 政府性基金 in a form of 一般公共预算: a total beside it is of more than the form's fund.
    fn is_of_another_fund(&self, head: &Head) -> bool {
        let own = self.frame.form.context.funding;
        own.zip(head.key.funding).is_some_and(|(own, told)| own.merged(told).is_none())
    }

    /// The header cells above the total word of a column, as labels.
    fn outer_of_total<'t>(&'t self, block: &'t Block, index: usize) -> Vec<&'t Label> {
        let total = self.above(block, block.values[index]).position(|spot| self.is_total(spot)).unwrap_or(0);
        self.outer_of(block, index, total)
    }

    fn outer_of<'t>(&'t self, block: &'t Block, index: usize, depth: usize) -> Vec<&'t Label> {
        self.above(block, block.values[index]).take(depth).map(Spot::label).collect()
    }
}

/// 增减率 right behind 比上年增减 is the rate of that, where a budget stands beside it as well; if the amounts prove it.
fn rates_of_differences(heads: &mut [Head]) {
    let has = |measures: &[Measure]| heads.iter().any(|head| head.key.measure.is_some_and(|m| measures.contains(&m)));
    if !has(&[Measure::PriorFinal]) || !has(&[Measure::Budget, Measure::AdjustedBudget]) {
        return;
    }
    for at in 1..heads.len() {
        let (before, rest) = heads.split_at_mut(at);
        let (Some(difference), Some(rate)) = (before.last(), rest.first_mut()) else { continue };
        let of_one_item = difference.key.item == rate.key.item && difference.blocked.is_none();
        if rate.difference == Some(Difference::Rate) && rate.key.measure.is_none() && of_one_item {
            rate.key.measure = difference.key.measure.filter(|m| matches!(m, Measure::Change | Measure::Deviation));
            rate.proved |= rate.key.measure.is_some();
        }
    }
}

/// It says of its column that it holds shares, and nothing else.
fn is_share(head: &Head) -> bool {
    head.proved && head.key == Partial { measure: Some(Measure::Share), ..Partial::default() }
}

/// 决算数 | 占比 | 上年决算数 | 占比: for each of several columns of shares, the amount of this year right before it, of which it is.
fn shares_beside_amounts(block: &Block, heads: &[Head]) -> Vec<Option<Partial>> {
    let amount_of = |index: usize| {
        let before = index.checked_sub(1).filter(|before| block.values[*before] + 1 == block.values[index])?;
        let amount = Some(&heads[before]).filter(|amount| amount.blocked.is_none() && !amount.total)?;
        let of_year = matches!(amount.key.measure, None | Some(Measure::Final));
        let told = is_share(&heads[index]) && of_year && amount.key != Partial::default();
        told.then(|| Partial { measure: None, ..amount.key.clone() })
    };
    let amounts: Vec<Option<Partial>> = (0..heads.len()).map(amount_of).collect();
    let several = heads.iter().filter(|head| is_share(head)).count() > 1;
    let alone = |amount: &&Partial| amounts.iter().flatten().filter(|other| other == amount).count() == 1;
    amounts.iter().map(|amount| amount.as_ref().filter(|amount| several && alone(amount)).cloned()).collect()
}
