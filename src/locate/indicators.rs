//! Score tables: a tree of indicators with their weights and self scores.
//!
//! Each row is named by its path of levels. Level cells are merged down, or blank where they repeat; a weight or score
//! merged over several indicators of one group belongs to all of them together.

use rust_decimal::Decimal;

use super::account::Account;
use super::grid::{Grid, Rows, Spot, parted};
use super::layout::{Layout, RowKind};
use super::table::{Frame, Project};
use super::words::{Axis, Reader, Shape, shape_of_text};
use super::{Located, NO_PROJECT};
use crate::mapping::ColumnRole;
use crate::model::{Fate, Finding, FindingCode, Leftover, Score, TextField, digit_runs, fold};
use crate::normalise;

/// Locates the indicators of one score table.
pub(crate) fn locate(parts: &[Rows<'_>], frame: &Frame<'_>, located: &mut Located) {
    let mut grid = Grid::new(parts, &frame.mappings.surroundings);
    let reader = frame.reader();
    super::fit::fit(&mut grid, &reader);
    let layout = Layout::of(&grid, &reader);
    if let Some(row) = other_header(&grid, &layout, &reader) {
        // T-10: the columns have changed places, what stands below is another grid.
        let (above, below) = parted(parts, row);
        locate(&above, frame, located);
        return locate(&below, frame, located);
    }
    let levels = levels(&layout);
    Indicators { grid: &grid, layout: &layout, levels, reader, frame }.locate(located);
}

/// The columns that name indicators, each with its level. 指标名称 is the third, or the only one.
fn levels(layout: &Layout) -> Vec<(usize, u8)> {
    let mut levels = Vec::new();
    for (column, role) in layout.roles.iter().enumerate() {
        match role {
            Some(ColumnRole::Level(level)) => levels.push((column, *level)),
            Some(ColumnRole::Indicator) => levels.push((column, if levels.is_empty() { 1 } else { 3 })),
            _ => {}
        }
    }
    levels
}

/// The row below values at which a header begins that says of a column what another one says of it above.
fn other_header(grid: &Grid<'_>, layout: &Layout, reader: &Reader<'_>) -> Option<usize> {
    let spots =
        |row: usize| (0..grid.width).filter_map(move |column| grid.at(row, column).filter(|spot| spot.row == row));
    let has_number = |row: usize| spots(row).any(|spot| spot.shape == Shape::Number);
    let first = (0..grid.height).find(|row| has_number(*row))?;
    (first + 1..grid.height).filter(|row| !has_number(*row)).find(|row| {
        let told: Vec<(usize, ColumnRole)> =
            spots(*row).filter_map(|spot| Some((spot.column, spot.role(reader)?))).collect();
        let changed = |(column, role): &(usize, ColumnRole)| layout.roles[*column].is_some_and(|above| above != *role);
        // One word alone may stand in a text: 得分.
        told.len() > 2 && told.iter().any(changed)
    })
}

struct Indicators<'a, 'g> {
    grid: &'g Grid<'a>,
    layout: &'g Layout,
    levels: Vec<(usize, u8)>,
    reader: Reader<'a>,
    frame: &'g Frame<'a>,
}

/// An indicator of the deepest level, with the row that names it.
struct Entry {
    row: usize,
    levels: [String; 3],
    total: bool,
    /// Levels whose cell is blank although merges are told: the name above need not be theirs.
    untold: [bool; 3],
    /// Every level of its path is told.
    whole: bool,
}

impl Entry {
    /// The path is whole: each level down to the deepest has a name, and it is told that the name is this row's.
    fn settle(&mut self, deepest: u8) {
        let levels = self.levels.iter().zip(&self.untold).take(usize::from(deepest));
        self.whole = self.total || levels.into_iter().all(|(name, untold)| !name.is_empty() && !untold);
    }
}

/// What a spot of the grid turned out to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Word,
    Number,
    /// A target or what was reached of it.
    Text,
    Leftover(&'static str),
    /// Words with numbers that name no indicator for certain.
    Untold(&'static str),
    Weighted,
    /// The weight of a template that nobody filled.
    Unfilled,
}

impl Indicators<'_, '_> {
    fn locate(&self, out: &mut Located) {
        let mut located = out.continued();
        self.locate_alone(&mut located);
        out.append(located);
    }

    fn locate_alone(&self, located: &mut Located) {
        let levels = &self.levels;
        let weights = self.columns(ColumnRole::Weight);
        let scores = self.columns(ColumnRole::SelfScore);
        let targets: Vec<usize> = [ColumnRole::Target, ColumnRole::Actual, ColumnRole::Sign]
            .into_iter()
            .flat_map(|role| self.columns(role))
            .collect();
        let mut uses = vec![Use::Word; self.grid.spots.len()];
        let mut findings = Vec::new();
        // Each level may have a column of weights behind it; one more is that of a level which has lost its own.
        let fits = scores.len() <= 1 && weights.len() <= levels.len().max(1);
        if let (Some((last, deepest)), true) = (levels.last().copied(), fits)
            && self.path_is_whole(levels, Self::first_value(last, &weights, &scores, &targets))
        {
            let body = self.body(levels);
            let (entries, groups) = self.entries(levels, deepest, body, &mut uses);
            let own_weight = weights.last().copied().filter(|weight| *weight > last);
            for (column, level) in levels {
                // A weight column of its own for each level stands right of the level.
                let of_level = weights.iter().copied().find(|weight| {
                    weight > column && !levels.iter().any(|(other, _)| other > column && other < weight)
                });
                if let Some(weight) = of_level
                    && Some(weight) != own_weight
                {
                    self.level_weights(levels, *column, *level, weight, body, &mut uses, located);
                }
            }
            for group in &groups {
                self.group(&entries, group, own_weight, scores.first().copied(), &mut uses, located, &mut findings);
            }
            self.shared_without_merges(&entries, own_weight, &mut uses, located);
            self.label_weights(levels, deepest, body, &mut uses, located);
            self.targets(&entries, &mut uses, located);
        }
        if self.frame.project == Project::Unnamed {
            // T-13: a form of projects gives nothing without its project.
            located.scores.clear();
            located.texts.clear();
            for used in &mut uses {
                match used {
                    Use::Number | Use::Text => *used = Use::Leftover(NO_PROJECT),
                    Use::Weighted => *used = Use::Word,
                    _ => {}
                }
            }
        }
        self.account(&uses, located);
        located.findings.append(&mut findings);
    }

    /// The column in which the names of indicators have ended: that of the first value behind the last level, or of the last
    /// weight where each level has its own.
    fn first_value(last: usize, weights: &[usize], scores: &[usize], targets: &[usize]) -> Option<usize> {
        match weights {
            [_, .., own] => Some(*own),
            _ => weights.iter().chain(scores).chain(targets).copied().filter(|value| *value > last).min(),
        }
    }

    /// T-13: the levels are told from the first on, and no column of words without a known header stands among them.
    fn path_is_whole(&self, levels: &[(usize, u8)], first_value: Option<usize>) -> bool {
        let body = self.body(levels);
        levels.len() <= 3
            && levels.iter().enumerate().all(|(at, (_, level))| usize::from(*level) == at + 1)
            && !self.lacks_a_header_cell(body)
            && !(0..first_value.unwrap_or(0)).any(|column| {
                self.layout.roles[column].is_none()
                    && (self.has_unknown_words(column, body) || self.has_words_without_header(column, body))
            })
    }

    /// A column of words that may say more of the rows than the levels do; known ones (绩效指标) say nothing.
    fn has_unknown_words(&self, column: usize, body: usize) -> bool {
        (body..self.grid.height)
            .filter_map(|row| self.grid.at(row, column).filter(|spot| spot.column == column))
            .any(|spot| spot.shape == Shape::Words && spot.word(&self.reader, Axis::Down).rule.is_none())
    }

    /// Where merges are lost, a header of fewer cells than the rows below it: which of them stands over which is not told.
    fn lacks_a_header_cell(&self, body: usize) -> bool {
        let widest = |rows: &dyn Fn(usize) -> bool| {
            let spots = self.grid.spots.iter().filter(|spot| rows(spot.row));
            spots.map(|spot| spot.column + spot.column_span).max()
        };
        !self.grid.merges_known && widest(&|row| row < body) < widest(&|row| row >= body)
    }

    /// A column whose header is blank, and that names something all the same.
    fn has_words_without_header(&self, column: usize, body: usize) -> bool {
        let said = |row: usize| {
            self.grid.at(row, column).is_some_and(|spot| spot.column == column && spot.row == row && !spot.is_blank())
        };
        !(0..body).any(said) && (body..self.grid.height).any(said)
    }

    fn columns(&self, role: ColumnRole) -> Vec<usize> {
        (0..self.grid.width).filter(|column| self.layout.roles[*column] == Some(role)).collect()
    }

    /// The first row below the header: where a level column holds a name, and not its header or a word that says nothing (名称).
    fn body(&self, levels: &[(usize, u8)]) -> usize {
        let says_nothing =
            |spot: &Spot<'_>| spot.word(&self.reader, Axis::Across).rule.as_ref().is_some_and(|rule| rule.is_neutral());
        let names = |spot: &Spot<'_>| !spot.is_blank() && spot.role(&self.reader).is_none() && !says_nothing(spot);
        let is_body = |row: &usize| levels.iter().any(|(column, _)| self.grid.at(*row, *column).is_some_and(names));
        (0..self.grid.height).find(is_body).unwrap_or(self.grid.height)
    }

    fn is_body(&self, row: usize, body: usize, levels: &[(usize, u8)]) -> bool {
        row >= body
            && self.layout.rows[row] == RowKind::Plain
            && !levels
                .iter()
                .any(|(column, _)| self.grid.at(row, *column).is_some_and(|spot| spot.role(&self.reader).is_some()))
    }

    /// The indicators in order, and for each weight or score the entries that it covers.
    fn entries(
        &self,
        levels: &[(usize, u8)],
        deepest: u8,
        body: usize,
        uses: &mut [Use],
    ) -> (Vec<Entry>, Vec<Vec<usize>>) {
        let mut entries: Vec<Entry> = Vec::new();
        let mut path: [String; 3] = Default::default();
        // Levels whose cell is blank although merges are told: the name above need not be theirs.
        let mut untold = [false; 3];
        for row in 0..self.grid.height {
            if !self.is_body(row, body, levels) {
                continue;
            }
            let mut named = false;
            let mut total = false;
            if let Some(spot) = self.total_before(row, levels) {
                path = Default::default();
                path[0] = without_weight(spot.text()).0;
                entries.push(Entry { row, levels: path.clone(), total: true, untold: [false; 3], whole: false });
                continue;
            }
            for (column, level) in levels {
                let Some(spot) = self.grid.at(row, *column) else {
                    // A workbook has no cell where nothing was ever typed: as blank as a blank one.
                    untold[usize::from(*level) - 1] |= self.grid.merges_known;
                    continue;
                };
                let first = *column == levels[0].0 && spot.column < *column;
                if spot.row != row || spot.column != *column && !(first && self.is_total(spot)) {
                    continue;
                }
                if spot.is_blank() {
                    untold[usize::from(*level) - 1] |= self.grid.merges_known;
                    continue;
                }
                if self.is_total(spot) && *column == levels[0].0 {
                    path = Default::default();
                    path[0] = without_weight(spot.text()).0;
                    (named, total) = (true, true);
                    untold = [false; 3];
                    break;
                }
                let level = usize::from(*level) - 1;
                path[level] = without_weight(spot.text()).0;
                untold[level] = false;
                for (deeper, untold) in path.iter_mut().zip(&mut untold).skip(level + 1) {
                    deeper.clear();
                    *untold = false;
                }
                named |= level + 1 == usize::from(deepest);
            }
            if named {
                entries.push(Entry { row, levels: path.clone(), total, untold, whole: false });
            }
        }
        self.tell_by_points(&mut entries, levels);
        self.tell_by_scheme(&mut entries);
        for entry in &mut entries {
            entry.settle(deepest);
        }
        if !self.grid.merges_known {
            self.doubt_displaced(&mut entries, levels);
        }
        let groups = self.groups(&entries);
        let _ = uses;
        (entries, groups)
    }

    /// Converters leave out the cells that are merged down, and the rest of the row moves to the left: then it is shorter than the
    /// header, what an indicator was to reach stands among its names, or its points where the weight belongs and none behind.
    fn doubt_displaced(&self, entries: &mut [Entry], levels: &[(usize, u8)]) {
        let end = |row: usize| {
            let spots = self.grid.spots.iter().filter(|spot| spot.row == row);
            spots.map(|spot| spot.column + spot.column_span).max()
        };
        let header = (0..self.body(levels)).map(end).max().flatten();
        let scores = self.columns(ColumnRole::SelfScore);
        let weights = self.columns(ColumnRole::Weight);
        let has_number = |row: usize, columns: &[usize]| {
            columns.iter().any(|column| self.grid.at(row, *column).is_some_and(|spot| spot.shape == Shape::Number))
        };
        let scored = entries.iter().any(|entry| has_number(entry.row, &scores));
        for entry in entries.iter_mut().filter(|entry| !entry.total) {
            let is_short = end(entry.row) < header;
            let lacks_its_score = scored && has_number(entry.row, &weights) && !has_number(entry.row, &scores);
            if is_short || lacks_its_score || entry.levels.iter().any(|name| is_quantity(name)) {
                entry.whole = false;
            }
        }
    }

    /// 总分 before the levels of its row, which are blank: where merges are lost, it was over them.
    fn total_before(&self, row: usize, levels: &[(usize, u8)]) -> Option<&Spot<'_>> {
        let spot = |column: usize| self.grid.at(row, column).filter(|spot| spot.row == row && !spot.is_blank());
        let is_lost = !self.grid.merges_known && levels.iter().all(|(column, _)| spot(*column).is_none());
        (0..levels.first()?.0).filter(|_| is_lost).find_map(spot).filter(|spot| self.is_total(spot))
    }

    /// A name whose label prints the points of its group holds for the blank cells below it, if the points of their rows
    /// make up just these: then no other name can have stood there.
    fn tell_by_points(&self, entries: &mut [Entry], levels: &[(usize, u8)]) {
        let Some(weight) = self.columns(ColumnRole::Weight).pop() else { return };
        for (column, level) in levels {
            let at = usize::from(*level) - 1;
            let mut from = 0;
            while from < entries.len() {
                let to = (from + 1..entries.len())
                    .find(|next| entries[*next].total || entries[*next].levels[..=at] != entries[from].levels[..=at])
                    .unwrap_or(entries.len());
                let label = self.grid.at(entries[from].row, *column).filter(|spot| spot.row == entries[from].row);
                let printed = label.and_then(|spot| without_weight(spot.text()).1);
                let mut spots: Vec<usize> =
                    entries[from..to].iter().filter_map(|entry| self.grid.index_at(entry.row, weight)).collect();
                spots.dedup();
                let sum: Option<Decimal> = spots.iter().map(|at| points(&self.grid.spots[*at]).ok()).sum();
                if printed.is_some() && printed == sum {
                    entries[from..to].iter_mut().for_each(|entry| entry.untold[at] = false);
                }
                from = to;
            }
        }
    }

    /// Blank cells repeat the name above them where the table is then a known scheme, each indicator with its points.
    fn tell_by_scheme(&self, entries: &mut [Entry]) {
        let Some(weight) = self.columns(ColumnRole::Weight).pop() else { return };
        if !entries.iter().any(|entry| entry.untold.contains(&true)) {
            return;
        }
        let mut told: Vec<([String; 3], Decimal)> = Vec::new();
        for entry in entries.iter().filter(|entry| !entry.total) {
            let spot = self.grid.at(entry.row, weight).filter(|spot| spot.row == entry.row && !spot.is_blank());
            match (spot.map(points), told.last_mut()) {
                (Some(Ok(points)), _) => told.push((entry.levels.clone(), points)),
                // It shares the points of the indicator above it.
                (None, Some((path, _))) if path[..2] == entry.levels[..2] => {
                    path[2] = format!("{}、{}", path[2], entry.levels[2]);
                }
                _ => return,
            }
        }
        let paths = told.iter().map(|(path, points)| (path.each_ref().map(String::as_str), *points));
        if self.frame.mappings.schemes.of(paths).is_some() {
            entries.iter_mut().for_each(|entry| entry.untold = [false; 3]);
        }
    }

    /// Entries that share a merged weight or score belong together.
    fn groups(&self, entries: &[Entry]) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let last = self.levels.last().map_or(0, |(column, _)| *column);
        let own_weight = self.columns(ColumnRole::Weight).pop().filter(|weight| *weight > last);
        let values: Vec<usize> = own_weight.into_iter().chain(self.columns(ColumnRole::SelfScore)).collect();
        for (index, entry) in entries.iter().enumerate() {
            let continues =
                values.iter().any(|column| self.grid.at(entry.row, *column).is_some_and(|spot| spot.row < entry.row));
            match groups.last_mut() {
                Some(group) if continues && !entry.total => group.push(index),
                _ => groups.push(vec![index]),
            }
        }
        groups
    }

    #[expect(clippy::too_many_arguments, reason = "one group of indicators with all that names it")]
    fn group(
        &self,
        entries: &[Entry],
        group: &[usize],
        weight: Option<usize>,
        score: Option<usize>,
        uses: &mut [Use],
        located: &mut Located,
        findings: &mut Vec<Finding>,
    ) {
        let Some(first) = group.first().map(|index| &entries[*index]) else { return };
        let one_parent = group.iter().all(|index| entries[*index].levels[..2] == first.levels[..2]);
        let names: Vec<&str> = group.iter().map(|index| deepest_name(&entries[*index].levels)).collect();
        // A blank template gives nothing to name, and is no doubtful form.
        let scored = |spot: &Spot<'_>| Some(spot.column) == score && spot.shape == Shape::Number;
        let unfilled = score.is_some() && !self.grid.spots.iter().any(scored);
        let mut read = |column: Option<usize>| -> (Option<Decimal>, Option<usize>) {
            let Some(at) = column.and_then(|column| self.grid.index_at(first.row, column)) else { return (None, None) };
            let spot = &self.grid.spots[at];
            if spot.row != first.row || spot.shape == Shape::Blank {
                return (None, None);
            }
            if spot.shape == Shape::Dash {
                return (None, Some(at));
            }
            if !one_parent || first.levels.iter().all(String::is_empty) {
                uses[at] = Use::Leftover("merged over indicators of several groups");
                return (None, None);
            }
            let every_row_named = (first.row..first.row + spot.row_span).all(|row| self.names_an_indicator(row));
            if self.has_numbers_beside(first.row, at) {
                uses[at] = Use::Leftover("several numbers beside one indicator");
                return (None, None);
            }
            if !every_row_named || group.iter().any(|index| !entries[*index].whole) {
                uses[at] = if unfilled { Use::Unfilled } else { Use::Leftover("a level of its path is blank") };
                return (None, None);
            }
            match points(spot) {
                Ok(value) => {
                    uses[at] = Use::Number;
                    (Some(value), Some(at))
                }
                Err(doubt) => {
                    let place = spot.table.place(spot.cell);
                    let mut finding =
                        Finding::at(FindingCode::MalformedNumber, place, doubt).with_actual(spot.text().trim());
                    finding.form = self.frame.form.form.to_string();
                    findings.push(finding);
                    uses[at] = Use::Leftover("not a number of points");
                    (None, None)
                }
            }
        };
        let (weight, weight_at) = read(weight);
        let (self_score, score_at) = read(score);
        let Some(at) = score_at.or(weight_at) else { return };
        let mut levels = first.levels.clone();
        if group.len() > 1
            && let Some(last) = levels.iter_mut().rev().find(|level| !level.is_empty())
        {
            *last = names.join("、");
        }
        let [level1, level2, level3] = levels;
        let spot = &self.grid.spots[at];
        located.scores.push(Score {
            form: self.frame.form.form.clone(),
            entity: self.frame.project.name(),
            scheme: None,
            total: first.total,
            level1,
            level2,
            level3,
            weight,
            self_score,
            place: spot.table.place(spot.cell),
        });
    }

    /// Beside the cell of the deepest level that covers a row stand other numbers in the same column.
    fn has_numbers_beside(&self, row: usize, at: usize) -> bool {
        let Some((level, _)) = self.levels.last() else { return false };
        let Some(name) = self.grid.at(row, *level) else { return false };
        let column = self.grid.spots[at].column;
        (name.row..name.row + name.row_span).any(|row| {
            self.grid
                .index_at(row, column)
                .is_some_and(|other| other != at && self.grid.spots[other].shape == Shape::Number)
        })
    }

    /// The cell of the deepest level that covers a row has a name; a total has it in the first level.
    fn names_an_indicator(&self, row: usize) -> bool {
        self.levels.last().is_none_or(|(column, _)| {
            self.grid.at(row, *column).is_some_and(|spot| !spot.is_blank())
                || self
                    .columns_of_level(1)
                    .and_then(|first| self.grid.at(row, first))
                    .is_some_and(|spot| self.is_total(spot))
        })
    }

    fn is_total(&self, spot: &Spot<'_>) -> bool {
        spot.word(&self.reader, Axis::Down).rule.as_ref().is_some_and(|rule| rule.total)
    }

    /// What each indicator was to reach and what it reached: texts, whatever they are written in.
    fn targets(&self, entries: &[Entry], uses: &mut [Use], located: &mut Located) {
        for (role, measure) in [(ColumnRole::Target, "target"), (ColumnRole::Actual, "actual")] {
            let columns = self.columns(role);
            for column in &columns {
                self.texts_of(entries, *column, measure, columns.len() == 1, uses, located);
            }
        }
    }

    fn texts_of(
        &self,
        entries: &[Entry],
        column: usize,
        measure: &'static str,
        alone: bool,
        uses: &mut [Use],
        located: &mut Located,
    ) {
        // A column of words that lost its header may hold signs or units of what stands beside it.
        let body = entries.iter().map(|entry| entry.row).min().unwrap_or(self.grid.height);
        let doubtful = (0..self.grid.width)
            .filter(|column| self.layout.roles[*column].is_none())
            .any(|column| self.has_words_without_header(column, body));
        for at in 0..self.grid.spots.len() {
            let spot = &self.grid.spots[at];
            let header = spot.role(&self.reader).is_some();
            if spot.column != column || header || matches!(spot.shape, Shape::Blank | Shape::Dash) {
                continue;
            }
            let of: Vec<&Entry> =
                entries.iter().filter(|entry| (spot.row..spot.row + spot.row_span).contains(&entry.row)).collect();
            let certain = alone
                && !doubtful
                && self.is_told_whole(spot, measure)
                && spot.column_span == 1
                && !of.is_empty()
                && of.iter().all(|entry| entry.whole && !entry.total && entry.levels[..2] == of[0].levels[..2]);
            if let Some(why) = super::unreadable(spot.cell) {
                uses[at] = Use::Untold(why);
                continue;
            }
            if !certain {
                uses[at] = Use::Untold("no indicator that it belongs to");
                continue;
            }
            uses[at] = Use::Text;
            let names: Vec<&str> = of.iter().map(|entry| deepest_name(&entry.levels)).collect();
            let mut path: Vec<&str> =
                of[0].levels.iter().map(String::as_str).filter(|level| !level.is_empty()).collect();
            path.pop();
            let joined = names.join("、");
            path.push(&joined);
            located.texts.push(TextField {
                form: self.frame.form.form.clone(),
                entity: self.frame.project.name(),
                item: path.join("›"),
                measure,
                text: if measure == "target" { self.with_sign(spot) } else { spot.text().trim().to_owned() },
                place: spot.table.place(spot.cell),
                rule: self.frame.rule.clone(),
                personal: false,
            });
        }
    }

    /// What stands in a column of a role beside a target; `None` where there is no such column.
    fn beside(&self, spot: &Spot<'_>, role: ColumnRole) -> Option<&str> {
        self.columns(role).first().map(|column| self.grid.text(spot.row, *column).trim())
    }

    /// A number whose sign or unit has a column of its own needs them: a blank there may have lost them.
    fn is_told_whole(&self, spot: &Spot<'_>, measure: &str) -> bool {
        measure != "target"
            || spot.shape != Shape::Number
            || [ColumnRole::Sign, ColumnRole::CountedIn]
                .into_iter()
                .all(|role| self.beside(spot, role).is_none_or(|text| !text.is_empty()))
    }

    /// A target with the sign before it and what it is counted in, where these stand in columns of their own.
    fn with_sign(&self, spot: &Spot<'_>) -> String {
        // 定性 and the like are no signs.
        let sign = self.beside(spot, ColumnRole::Sign).filter(|sign| !sign.chars().any(char::is_alphabetic));
        let unit = self
            .beside(spot, ColumnRole::CountedIn)
            .filter(|unit| shape_of_text(unit, &self.frame.mappings.surroundings) != Shape::Dash);
        format!("{}{}{}", sign.unwrap_or(""), spot.text().trim(), unit.unwrap_or(""))
    }

    /// T-12: where merges are lost, a score with named, blank rows below it may be theirs together.
    ///
    /// It is certain where the weight of their group, printed in its label, is the sum of the weights that stand in it:
    /// then nothing is left for the blank rows alone. Otherwise the score is left over.
    fn shared_without_merges(&self, entries: &[Entry], weight: Option<usize>, uses: &mut [Use], located: &mut Located) {
        let values: Vec<usize> =
            self.columns(ColumnRole::Weight).into_iter().chain(self.columns(ColumnRole::SelfScore)).collect();
        let blank = |entry: &Entry| values.iter().all(|column| self.grid.text(entry.row, *column).trim().is_empty());
        let Some(weight) = weight else { return };
        let mut index = 0;
        while index < entries.len() {
            let shared: Vec<usize> = (index + 1..entries.len())
                .take_while(|next| {
                    let next = &entries[*next];
                    let covered = values
                        .iter()
                        .any(|column| self.grid.at(next.row, *column).is_some_and(|spot| spot.row < next.row));
                    !covered && blank(next) && (!next.whole || next.levels[..2] == entries[index].levels[..2])
                })
                .collect();
            if shared.is_empty() || blank(&entries[index]) {
                index += 1;
                continue;
            }
            let group: Vec<&Entry> = entries
                .iter()
                .filter(|entry| entry.levels[..2] == entries[index].levels[..2] && !entry.total)
                .collect();
            let sum: Option<Decimal> = group
                .iter()
                .filter(|entry| !blank(entry))
                .map(|entry| points(self.grid.at(entry.row, weight)?).ok())
                .sum();
            let printed = self.printed_weight(&entries[index]);
            let names: Vec<&str> = std::iter::once(index)
                .chain(shared.iter().copied())
                .map(|entry| deepest_name(&entries[entry].levels))
                .collect();
            let joined = names.join("、");
            let place =
                |column: usize| self.grid.at(entries[index].row, column).map(|spot| spot.table.place(spot.cell));
            let places: Vec<_> = values.iter().filter_map(|column| place(*column)).collect();
            let at = located.scores.iter().position(|score| places.contains(&score.place));
            if let Some(at) = at {
                if sum.is_some() && sum == printed {
                    let score = &mut located.scores[at];
                    let last = if score.level3.is_empty() { &mut score.level2 } else { &mut score.level3 };
                    *last = joined;
                } else {
                    located.scores.remove(at);
                    for column in &values {
                        if let Some(spot) = self.grid.index_at(entries[index].row, *column)
                            && uses[spot] == Use::Number
                        {
                            uses[spot] = Use::Leftover("named rows below it have no score");
                        }
                    }
                }
            }
            index += shared.len() + 1;
        }
    }

    /// The weight that stands in the label of an entry's second level.
    fn printed_weight(&self, entry: &Entry) -> Option<Decimal> {
        let column = self.columns_of_level(2)?;
        // The label may stand rows above, or be repeated behind a page break.
        (0..=entry.row).rev().find_map(|row| {
            let text = self.grid.text(row, column);
            let (name, weight) = without_weight(text);
            if text.trim().is_empty() || name != entry.levels[1] {
                return None;
            }
            Some(weight)
        })?
    }

    fn columns_of_level(&self, level: u8) -> Option<usize> {
        self.levels.iter().find(|(_, of)| *of == level).map(|(column, _)| *column)
    }

    /// Weights in a column of their own beside a level that is not the deepest.
    #[expect(clippy::too_many_arguments, reason = "one column of weights and the level it belongs to")]
    fn level_weights(
        &self,
        levels: &[(usize, u8)],
        column: usize,
        level: u8,
        weight: usize,
        body: usize,
        uses: &mut [Use],
        located: &mut Located,
    ) {
        let mut path: [String; 3] = Default::default();
        for row in 0..self.grid.height {
            if !self.is_body(row, body, levels) {
                continue;
            }
            for (other, of) in levels.iter().filter(|(other, _)| *other <= column) {
                let spot = self.grid.at(row, *other);
                if let Some(spot) = spot.filter(|spot| !spot.is_blank()) {
                    path[usize::from(*of) - 1] = without_weight(spot.text()).0;
                } else if self.grid.merges_known {
                    path[usize::from(*of) - 1].clear();
                }
            }
            let Some(at) = self.grid.index_at(row, weight) else { continue };
            let spot = &self.grid.spots[at];
            let name_here = self.grid.at(row, column).is_some_and(|spot| spot.row == row);
            let whole = path[..usize::from(level)].iter().all(|name| !name.is_empty());
            if spot.row != row || !name_here || !whole || spot.shape != Shape::Number {
                continue;
            }
            if let Ok(value) = points(spot) {
                uses[at] = Use::Number;
                let mut told = path.clone();
                told.iter_mut().skip(usize::from(level)).for_each(String::clear);
                let [level1, level2, level3] = told;
                located.scores.push(Score {
                    form: self.frame.form.form.clone(),
                    entity: self.frame.project.name(),
                    scheme: None,
                    total: false,
                    level1,
                    level2,
                    level3,
                    weight: Some(value),
                    self_score: None,
                    place: spot.table.place(spot.cell),
                });
            }
        }
    }

    /// Weights that stand in labels: of the deepest level they are the indicator's own, where it has no other.
    fn label_weights(&self, levels: &[(usize, u8)], deepest: u8, body: usize, uses: &mut [Use], located: &mut Located) {
        let mut path: [String; 3] = Default::default();
        let mut told: Vec<[String; 3]> = Vec::new();
        for row in 0..self.grid.height {
            if !self.is_body(row, body, levels) {
                continue;
            }
            for (column, level) in levels {
                let index = usize::from(*level) - 1;
                let Some(at) = self.grid.index_at(row, *column) else {
                    if self.grid.merges_known {
                        path[index].clear();
                    }
                    continue;
                };
                let spot = &self.grid.spots[at];
                if spot.row != row || spot.column != *column {
                    continue;
                }
                if spot.is_blank() {
                    if self.grid.merges_known {
                        path[index].clear();
                    }
                    continue;
                }
                let (name, weight) = without_weight(spot.text());
                path[index] = name;
                path.iter_mut().skip(index + 1).for_each(String::clear);
                let whole = path[..=index].iter().all(|name| !name.is_empty());
                let Some(weight) = weight.filter(|_| whole) else { continue };
                uses[at] = Use::Weighted;
                if told.contains(&path) {
                    continue;
                }
                told.push(path.clone());
                let place = spot.table.place(spot.cell);
                let own = |score: &&mut Score| {
                    let same = score.level1 == path[0] && score.level2 == path[1] && score.level3 == path[2];
                    same && (*level == deepest || score.total)
                };
                if let Some(score) = located.scores.iter_mut().find(own) {
                    score.weight.get_or_insert(weight);
                    continue;
                }
                let [level1, level2, level3] = path.clone();
                located.scores.push(Score {
                    form: self.frame.form.form.clone(),
                    entity: self.frame.project.name(),
                    scheme: None,
                    total: false,
                    level1,
                    level2,
                    level3,
                    weight: Some(weight),
                    self_score: None,
                    place,
                });
            }
        }
    }

    fn account(&self, uses: &[Use], located: &mut Located) {
        let mut leftovers = Vec::new();
        let form = &self.frame.form.form;
        let mut account = Account { form, located };
        for (spot, used) in self.grid.spots.iter().zip(uses) {
            match used {
                Use::Number => account.value(spot.table, spot.cell, Fate::Score, self.frame.rule.clone()),
                Use::Weighted => account.cell(spot.table, spot.cell, Fate::Score, "weight in a label"),
                Use::Unfilled => account.value(spot.table, spot.cell, Fate::Ignored, "weight of an unfilled template"),
                Use::Text => account.cell(spot.table, spot.cell, Fate::Text, "text field"),
                Use::Untold(reason) => account.leftover_text(spot.table, spot.cell, reason),
                Use::Leftover(reason) => account.leftover(spot.table, spot.cell, String::new(), reason),
                Use::Word => {
                    // A number alone in its cell is text only where texts stand.
                    let role = self.layout.roles[spot.column];
                    let text_column = matches!(role, Some(ColumnRole::Text | ColumnRole::Sign | ColumnRole::CountedIn));
                    let loose =
                        !text_column && shape_of_text(spot.text(), &self.frame.mappings.surroundings) == Shape::Number;
                    if loose {
                        let labels = String::new();
                        leftovers.push(Leftover {
                            form: form.clone(),
                            place: spot.table.place(spot.cell),
                            value_as_written: spot.text().trim().to_owned(),
                            labels,
                            blocked_by: "no indicator that it belongs to".into(),
                        });
                        account.value(spot.table, spot.cell, Fate::Leftover, "no indicator that it belongs to");
                    } else {
                        account.cell(spot.table, spot.cell, Fate::Ignored, "standard text of the score table");
                    }
                }
            }
        }
        located.leftovers.append(&mut leftovers);
    }
}

/// The points in a cell, perhaps with 分 behind them.
pub(super) fn points(spot: &Spot<'_>) -> Result<Decimal, String> {
    if let Some(why) = super::unreadable(spot.cell) {
        return Err(why.to_owned());
    }
    if let Some(number) = &spot.cell.number {
        return Ok(number.value);
    }
    let written = normalise::read(spot.text()).map_err(|doubt| doubt.to_string())?;
    if written.percent || !(written.unit.is_empty() || written.unit == "分") {
        return Err(format!("`{}` is no number of points", spot.text().trim()));
    }
    Ok(written.value)
}

/// ≥95%, 36人, 12: what an indicator was to reach, and no name.
fn is_quantity(text: &str) -> bool {
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

/// A level's name without the weight in its last bracket, and that weight: `目标设定（5分）`, `预算编制(10)`.
pub(super) fn without_weight(text: &str) -> (String, Option<Decimal>) {
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

fn deepest_name(levels: &[String; 3]) -> &str {
    levels.iter().rev().find(|level| !level.is_empty()).map_or("", String::as_str)
}
