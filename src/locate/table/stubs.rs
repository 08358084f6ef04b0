//! Stubs: what the words to the left of a row say.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::context::over_all;
use super::governing::{FundingFrom, Governing};
use super::{Blocked, Head, Stub, Table, merge_into, same_labels};
use crate::locate::codes::{CodedRow, SplitCode, coded_row};
use crate::locate::counted;
use crate::locate::grid::Spot;
use crate::locate::layout::{Block, RowKind};
use crate::locate::words::{Axis, Shape, Word};
use crate::mapping::{ColumnRole, NameMatch, Rule, Side, accounts};
use crate::model::{Finding, FindingCode, Label, Ordinal, Recent, TextNumber, fold};

/// What may say more of a row than its own labels.
#[derive(Clone, Copy)]
struct Beyond<'t> {
    governing: &'t Governing,
    /// The row from end to end that stands above.
    band: Option<&'t Word>,
    over_labels: &'t [Rc<Word>],
    heads: &'t [Head],
    /// The column that names the unit of each row, where there are several.
    whose: Option<usize>,
}

impl<'a, 'g> Table<'a, 'g> {
    /// What the stub of each body row says; `None` for rows that are no body.
    pub(super) fn stubs(&self, block: &Block, heads: &[Head], findings: &mut Vec<Finding>) -> Vec<Option<Stub>> {
        let mut stubs: Vec<Option<Stub>> = vec![None; self.grid.height];
        let mut split = SplitCode::default();
        let unknown_header = self.unknown_stub_header(block);
        let over_labels = self.over_labels(block);
        let mut governing = Governing::default();
        let displaced = self.displaced(block);
        let whose = self.units_of_rows(block);
        for row in block.body..self.grid.height {
            match self.layout.rows[row] {
                RowKind::Plain => {}
                RowKind::Band => {
                    governing = Governing::default();
                    continue;
                }
                RowKind::Line | RowKind::Repeat | RowKind::Ignored | RowKind::Page => continue,
            }
            let has_value = block.values.iter().any(|column| self.grid.shape(row, *column) == Shape::Number);
            let band = self.bands[row].as_deref();
            let beyond = Beyond { governing: &governing, band, over_labels: &over_labels, heads, whose };
            let mut stub = self.stub(block, row, &mut split, beyond, findings);
            if self.other_header.is_some_and(|(from, _)| row >= from) {
                stub.blocked.get_or_insert(Blocked::by("below another header"));
            }
            if let Some(part) = self.beside_code(block, row, heads).filter(|_| stub.coded.is_some()) {
                stub.blocked.get_or_insert(Blocked::by(format!("`{part}` may be a part of the code")));
            }
            if let Some(why) = displaced[row] {
                stub.blocked.get_or_insert(Blocked::by(why));
            }
            if let Some(header) = &unknown_header {
                stub.blocked.get_or_insert(Blocked::by(header.clone()));
            }
            governing.after(&mut stub, has_value, self);
            stubs[row] = Some(stub);
        }
        self.names_over_two_rows(block, &mut stubs);
        self.doubt_the_side(&mut stubs, heads);
        self.said_twice(&mut stubs, block, heads);
        self.totals_down(&mut stubs, block, heads);
        stubs
    }

    /// T-18: 收入 over rows of which one is an expenditure stands over the wrong block: what it alone tells of the others
    /// (总计) is in doubt.
    fn doubt_the_side(&self, stubs: &mut [Option<Stub>], heads: &[Head]) {
        let side_of = |stub: &Stub| stub.key.item.as_ref().and_then(|item| self.of_item(item).side);
        let over_all = heads.first().and_then(|head| head.side);
        let over_all = over_all.filter(|side| heads.iter().all(|head| head.side == Some(*side)));
        let wrong = stubs.iter().flatten().find_map(|stub| {
            let told = stub.side_above.or(over_all)?;
            side_of(stub).filter(|side| *side != told).map(|_| told)
        });
        let Some(wrong) = wrong else { return };
        for stub in stubs.iter_mut().flatten().filter(|stub| stub.coded.is_none() && side_of(stub) == Some(wrong)) {
            stub.blocked.get_or_insert(Blocked::by("beside rows of the other side"));
        }
    }

    /// One label twice, in one row with a value and in another without: either may have been another label.
    fn said_twice(&self, stubs: &mut [Option<Stub>], block: &Block, heads: &[Head]) {
        let is_value = |row: usize, column: usize| {
            self.grid.at(row, column).is_some_and(|spot| spot.row == row && spot.shape == Shape::Number)
        };
        let read = || heads.iter().zip(&block.values).filter(|(head, _)| head.blocked.is_none());
        let differ =
            |row: usize, other: usize| read().any(|(_, column)| is_value(row, *column) != is_value(other, *column));
        let mut rows_named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (row, stub) in stubs.iter().enumerate() {
            // A total may stand in a block more than once.
            if let Some(stub) = stub.as_ref().filter(|stub| !stub.total)
                && let Some(word) = stub.words.last()
            {
                rows_named.entry(&word.written).or_default().push(row);
            }
        }
        let again = |row: &usize, other: &usize| match (&stubs[*row], &stubs[*other]) {
            (Some(stub), Some(other)) => {
                stub.key == other.key && stub.entity == other.entity && same_labels(&stub.words, &other.words)
            }
            _ => false,
        };
        let mut doubtful: Vec<usize> = Vec::new();
        for rows in rows_named.values().filter(|rows| rows.len() > 1) {
            let alone = |row: &&usize| rows.iter().any(|other| differ(**row, *other) && again(row, other));
            doubtful.extend(rows.iter().filter(alone));
        }
        for row in doubtful {
            if let Some(stub) = &mut stubs[row] {
                let written = stub.words.last().map_or_else(String::new, |word| word.written.clone());
                stub.blocked.get_or_insert(Blocked::by(format!("`{written}` twice")));
            }
        }
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
        if let Some(word) = self.value_word_over_labels(block) {
            return Some(format!("{word} over labels"));
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

    /// A word that names values over a label column that has a header of its own, beside 项目 in the same row: the row has a
    /// cell too many or too few, and its words stand over other columns than their own.
    fn value_word_over_labels(&self, block: &Block) -> Option<&str> {
        let above = |column: &usize| self.above(block, *column).filter(|spot| spot.column_span == 1);
        let spots = || block.labels.iter().flat_map(above);
        let names_values = |spot: &&Spot<'a>| {
            let rule = spot.word(&self.reader, Axis::Across).rule.as_ref();
            rule.is_some_and(|rule| {
                !rule.group && (rule.total || rule.key.item.is_some() || rule.key.measure.is_some())
            })
        };
        let has_role_below = |spot: &Spot<'a>| {
            let mut below = self.above(block, spot.column).filter(|other| other.row > spot.row);
            below.any(|other| other.role(&self.reader).is_some())
        };
        let beside_role =
            |spot: &Spot<'a>| spots().any(|other| other.row == spot.row && other.role(&self.reader).is_some());
        let mut strays = spots().filter(|spot| spot.role(&self.reader).is_none()).filter(names_values);
        strays.find(|spot| has_role_below(spot) && beside_role(spot)).map(Spot::text)
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
        let Beyond { governing, over_labels, heads, whose, .. } = beyond;
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
            if let Some(column) = whose {
                match self.grid.at(row, column).filter(|spot| !spot.is_blank()) {
                    Some(spot) => self.add_entity(&mut stub, spot, false),
                    None => stub.blocked = Some(Blocked::by("a row of no unit among rows of several")),
                }
            }
            if let Some(spot) = self.project_beside_code(block, row, &coded) {
                if coded.name.is_empty() {
                    stub.blocked.get_or_insert(Blocked::by("a project, or the name of its code?"));
                }
                self.add_entity(&mut stub, spot, true);
            }
            stub.coded = Some(coded);
            return stub;
        }
        if let Some(named) = block.labels.first().and_then(|column| self.named.get(&(*column, row))) {
            self.add_code(&mut stub, &named.coded, block, row, findings);
            stub.by_place = named.by_place;
            stub.unplaced = named.unplaced;
            stub.coded = Some(named.coded.clone());
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
        self.add_unit_beside(&mut stub, block, row);
        stub.nameless = stub.words.is_empty() && stub.entity.is_none();
        if stub.nameless && self.rows_have_names(block) {
            stub.blocked.get_or_insert(Blocked::by("no label in its own block"));
        } else if !stub.nameless && !self.has_own_label(block, row) {
            stub.blocked.get_or_insert(Blocked::by("no label of its own"));
        }
        if let Some(band) = block.labels.iter().find_map(|column| self.unknown_beside(block, row, *column)) {
            stub.blocked.get_or_insert(Blocked::by(band));
        }
        self.take_governed(&mut stub, governing, heads);
        stub
    }

    /// The unit of measure that a column of units says of a row.
    fn add_unit_beside(&self, stub: &mut Stub, block: &Block, row: usize) {
        let spot = counted::column_of(&self.layout, block).and_then(|column| self.grid.at(row, column));
        let Some(spot) = spot.filter(|spot| !spot.is_blank() && spot.row >= block.body) else { return };
        match counted::unit(spot.text(), &self.reader) {
            Some(unit) if stub.unit.is_none_or(|told| told == unit) => stub.unit = Some(unit),
            Some(_) => stub.blocked = Some(Blocked::told("two units of measure", FindingCode::TwoUnits)),
            None => {
                stub.blocked.get_or_insert(Blocked::by(spot.text().trim()));
            }
        }
    }

    /// The project of a coded row: not the name of its code, which may stand below such a header as well.
    fn project_beside_code(&self, block: &Block, row: usize, coded: &CodedRow) -> Option<&'g Spot<'a>> {
        let codes = self.frame.form.codes.as_ref()?;
        let lists = &self.frame.mappings.codes;
        let list = if codes.economic { &lists.economic } else { &lists.functional };
        let is_project = |column: &&usize| self.layout.roles[**column] == Some(ColumnRole::Project);
        let spot = self.grid.at(row, *block.labels.iter().find(is_project)?)?;
        let is_name = list.names_of(&coded.code).any(|name| fold(name) == fold(spot.text()));
        (!spot.is_blank() && spot.shape != Shape::Dash && !is_name).then_some(spot)
    }

    /// Where merges are lost, a word that is not known may be merged down beside the labels of this row, too:
    /// 收入 | 资金总额 over (blank) | 其他资金.
    fn unknown_beside(&self, block: &Block, row: usize, column: usize) -> Option<String> {
        let says = |row: usize, column: usize| self.grid.at(row, column).is_some_and(|spot| !spot.is_blank());
        let has_label_behind = |row: usize| block.labels.iter().any(|behind| *behind > column && says(row, *behind));
        if self.grid.merges_known || self.layout.roles[column].is_some() || says(row, column) || !has_label_behind(row)
        {
            return None;
        }
        let above = (block.body..row).rev().find(|above| says(*above, column))?;
        let spot = self.grid.at(above, column).filter(|spot| spot.shape == Shape::Words && has_label_behind(above))?;
        let is_unknown = spot.word(&self.reader, Axis::Down).rule.is_none();
        is_unknown.then(|| spot.text().split_whitespace().collect())
    }

    /// The label column that names the unit of each row: coded rows are its, unless all are of one unit, the document's.
    fn units_of_rows(&self, block: &Block) -> Option<usize> {
        self.frame.form.codes.as_ref()?;
        block.labels.iter().copied().find(|column| {
            let body = (block.body..self.grid.height).filter(|row| self.layout.rows[*row] == RowKind::Plain);
            let names = body.filter_map(|row| self.grid.at(row, *column)).filter(|spot| spot.row >= block.body);
            let mut names = names.filter(|spot| {
                let total = || spot.word(&self.reader, Axis::Down).rule.as_ref().is_some_and(|rule| rule.total);
                spot.shape == Shape::Words && spot.column == *column && !total()
            });
            let first = names.next();
            self.layout.roles[*column] == Some(ColumnRole::Entity)
                && first.is_some_and(|first| names.any(|other| other.label() != first.label()))
        })
    }

    /// Digits beside the code of a row that may be a part of it: nothing that is understood heads their column, and no
    /// column that is stands left of it.
    fn beside_code(&self, block: &Block, row: usize, heads: &[Head]) -> Option<&str> {
        let unheaded = heads.iter().zip(&block.values).take_while(|(head, _)| head.blocked.is_some());
        let spots = unheaded.filter_map(|(_, column)| self.grid.at(row, *column)).filter(|spot| spot.row == row);
        let mut texts = spots.map(|spot| spot.text().trim());
        texts.find(|text| matches!(text.len(), 1 | 2 | 5 | 7) && text.bytes().all(|byte| byte.is_ascii_digit()))
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
            Some(rule) if self.may_be_a_row(rule) => stub.blocked = Some(Blocked::by(band.written.clone())),
            Some(rule) => {
                stub.side = rule.side.or(stub.side);
                stub.side_above = rule.side.or(stub.side_above);
                stub.unit_above = band.unit.filter(|unit| unit.is_money()).or(stub.unit_above);
                merge_into(&mut stub.key, &rule.key, self, &mut stub.blocked);
            }
        }
    }

    /// 其他收入 from end to end over two blocks, in a table that has lost its merges: a row that has lost its other cells. What
    /// stands over two blocks is no item of one.
    fn may_be_a_row(&self, rule: &Rule) -> bool {
        !self.grid.merges_known && self.layout.blocks.len() > 1 && rule.key.item.is_some()
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
        stub.words.push(coded_word(&coded.code, &coded.name));
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
                let words = &self.frame.mappings.surroundings;
                let (folded, unit) = (fold(shown), fold(self.frame.unit));
                if !project && (!words.looks_like_part(&folded) || words.are_two_departments(&folded, &unit)) {
                    // A misspelt 合计 must not become a sub-unit, nor another department.
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
            let farther = beyond.band.into_iter().chain(over_labels).chain(over_all(beyond.heads));
            beyond.governing.above(word).into_iter().chain(farther)
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
                stub.proved |= resolved.proved;
                stub.unnamed |= resolved.unnamed;
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
        let rank = stub.words.last().map_or(Ordinal::None, |word| word.ordinal);
        match governing.funding_from(part_of, rank) {
            FundingFrom::Nothing => {
                let income = stub.side != Some(Side::Expenditure)
                    && heads.iter().all(|head| head.side != Some(Side::Expenditure));
                if income && self.reader.may_give(accounts::INCOME) {
                    stub.key.item = Some(accounts::INCOME.into());
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
}

/// The word that a code with its name is: the units of a county share few.
fn coded_word(code: &str, name: &str) -> Rc<Word> {
    thread_local! {
        static WORDS: RefCell<Recent<Rc<Word>>> = RefCell::default();
    }
    let written = [code, name].join(" ");
    let written = written.trim();
    let anew = || Word {
        written: written.to_owned(),
        label: Label::default(),
        ordinal: Ordinal::None,
        part_of: false,
        rule: Some(Arc::default()),
        other_year: false,
        own_year: false,
        unit: None,
    };
    Recent::recall(&WORDS, "", &[], TextNumber::of(written), || Rc::new(anew()))
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
