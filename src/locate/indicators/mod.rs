//! Score tables: a tree of indicators with their weights and self scores.
//!
//! Each row is named by its path of levels. Level cells are merged down, or blank where they repeat; a weight or score
//! merged over several indicators of one group belongs to all of them together.

mod entries;
mod points;
mod scores;
mod targets;

pub(super) use self::points::{is_quantity, points, without_weight};
use super::account::Account;
use super::grid::{Grid, Rows, Spot, parted};
use super::layout::{Layout, RowKind};
use super::table::{Frame, Project};
use super::words::{Axis, Reader, Shape, shape_of_text};
use super::{Located, NO_PROJECT, converted};
use crate::mapping::ColumnRole;
use crate::model::{Fate, Finding, Leftover, Score};

/// Locates the indicators of one score table.
pub(crate) fn locate(parts: &[Rows<'_>], frame: &Frame<'_>, located: &mut Located) {
    let mut grid = Grid::new(parts, &frame.mappings.surroundings);
    let reader = frame.reader();
    let project = frame.project.name();
    let told: Vec<&Score> = located.scores.iter().filter(|score| score.entity == project).collect();
    converted::restore_indicators(&mut grid, &reader, &told);
    let layout = Layout::of(&grid, &reader);
    if let Some(row) = other_header(&grid, &layout, &reader) {
        // T-10: the columns have changed places, what stands below is another grid.
        let (above, below) = parted(parts, row);
        locate(&above, frame, located);
        return locate(&below, frame, located);
    }
    let levels = levels(&layout);
    let body = body(&grid, &reader, &levels);
    Indicators { grid: &grid, layout: &layout, levels, body, reader, frame }.locate(located);
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

/// The first row below the header: where a level column holds a name, and not its header or a word that says nothing (名称).
fn body(grid: &Grid<'_>, reader: &Reader<'_>, levels: &[(usize, u8)]) -> usize {
    let names = |spot: &Spot<'_>| !spot.is_blank() && spot.role(reader).is_none() && !says_nothing(spot, reader);
    let is_body = |row: &usize| levels.iter().any(|(column, _)| grid.at(*row, *column).is_some_and(names));
    (0..grid.height).find(is_body).unwrap_or(grid.height)
}

/// A word that names nothing: 名称, 指标2.
fn says_nothing(spot: &Spot<'_>, reader: &Reader<'_>) -> bool {
    spot.word(reader, Axis::Across).rule.as_ref().is_some_and(|rule| rule.is_neutral())
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
    /// The columns that name indicators, each with its level.
    levels: Vec<(usize, u8)>,
    /// The first row below the header.
    body: usize,
    reader: Reader<'a>,
    frame: &'g Frame<'a>,
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
    /// The points of the whole, told again in the column of another level.
    Again,
}

/// What becomes of a table while it is read.
struct Told<'l> {
    /// Of each spot of the grid.
    uses: Vec<Use>,
    located: &'l mut Located,
    /// Told behind those of the account.
    findings: Vec<Finding>,
}

impl Told<'_> {
    /// T-13: a form of projects gives nothing without its project.
    ///
    /// Points to reach of which none was, for an indicator that was to reach nothing, are those of an unfilled template.
    fn take_back_all(&mut self) {
        let unfilled =
            self.located.texts.is_empty() && self.located.scores.iter().all(|score| score.self_score.is_none());
        let taken_back = if unfilled { Use::Unfilled } else { Use::Leftover(NO_PROJECT) };
        self.located.scores.clear();
        self.located.texts.clear();
        for used in &mut self.uses {
            match used {
                Use::Number | Use::Text => *used = taken_back,
                Use::Weighted => *used = Use::Word,
                _ => {}
            }
        }
    }
}

impl Indicators<'_, '_> {
    fn locate(&self, out: &mut Located) {
        let mut located = out.continued();
        self.locate_alone(&mut located);
        out.append(located);
    }

    fn locate_alone(&self, located: &mut Located) {
        let weights = self.columns(ColumnRole::Weight);
        let scores = self.columns(ColumnRole::SelfScore);
        let mut told = Told { uses: vec![Use::Word; self.grid.spots.len()], located, findings: Vec::new() };
        // Each level may have a column of weights behind it; one more is that of a level which has lost its own.
        let fits = scores.len() <= 1 && weights.len() <= self.levels.len().max(1);
        if let (Some(last), true) = (self.levels.last(), fits)
            && self.path_is_whole(self.first_value(last.0, &weights, &scores))
        {
            let entries = self.entries(last.1);
            let own_weight = weights.last().copied().filter(|weight| *weight > last.0);
            self.weights_of_levels(own_weight, &mut told);
            for group in &self.groups(&entries) {
                self.group(&entries, group, own_weight, scores.first().copied(), &mut told);
            }
            self.shared_without_merges(&entries, own_weight, &mut told);
            self.label_weights(last.1, &mut told);
            self.targets(&entries, &mut told);
        }
        if self.frame.project == Project::Unnamed {
            told.take_back_all();
        }
        let Told { uses, located, mut findings } = told;
        self.account(&uses, located);
        located.findings.append(&mut findings);
    }

    /// The column in which the names of indicators have ended: that of the first value behind the last level, or of the last
    /// weight where each level has its own.
    fn first_value(&self, last: usize, weights: &[usize], scores: &[usize]) -> Option<usize> {
        let targets = [ColumnRole::Target, ColumnRole::Actual, ColumnRole::Sign];
        let targets = targets.into_iter().flat_map(|role| self.columns(role));
        match weights {
            [_, .., own] => Some(*own),
            _ => weights.iter().chain(scores).copied().chain(targets).filter(|value| *value > last).min(),
        }
    }

    /// T-13: the levels are told from the first on, and no column of words without a known header stands among them.
    fn path_is_whole(&self, first_value: Option<usize>) -> bool {
        self.levels.len() <= 3
            && self.levels.iter().enumerate().all(|(at, (_, level))| usize::from(*level) == at + 1)
            && !self.lacks_a_header_cell()
            && !(0..first_value.unwrap_or(0)).any(|column| {
                self.layout.roles[column].is_none()
                    && (self.has_unknown_words(column) || self.has_words_without_header(column, self.body))
            })
    }

    /// A column of words that may say more of the rows than the levels do; known ones (绩效指标) say nothing.
    fn has_unknown_words(&self, column: usize) -> bool {
        (self.body..self.grid.height)
            .filter_map(|row| self.grid.at(row, column).filter(|spot| spot.column == column))
            .any(|spot| spot.shape == Shape::Words && spot.word(&self.reader, Axis::Down).rule.is_none())
    }

    /// Where merges are lost, a header of fewer cells than the rows below it: which of them stands over which is not told.
    fn lacks_a_header_cell(&self) -> bool {
        let widest = |rows: &dyn Fn(usize) -> bool| {
            let spots = self.grid.spots.iter().filter(|spot| rows(spot.row));
            spots.map(|spot| spot.column + spot.column_span).max()
        };
        !self.grid.merges_known && widest(&|row| row < self.body) < widest(&|row| row >= self.body)
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

    fn is_body(&self, row: usize) -> bool {
        row >= self.body
            && self.layout.rows[row] == RowKind::Plain
            && !self
                .levels
                .iter()
                .any(|(column, _)| self.grid.at(row, *column).is_some_and(|spot| spot.role(&self.reader).is_some()))
    }

    fn is_total(&self, spot: &Spot<'_>) -> bool {
        spot.word(&self.reader, Axis::Down).rule.as_ref().is_some_and(|rule| rule.total)
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
                Use::Again => account.value(spot.table, spot.cell, Fate::Ignored, "points of the whole"),
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
