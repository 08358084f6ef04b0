//! What each indicator was to reach, and what it reached.

use super::entries::Entry;
use super::{Indicators, Told, Use};
use crate::locate::grid::Spot;
use crate::locate::unreadable;
use crate::locate::words::{Shape, shape_of_text};
use crate::mapping::ColumnRole;
use crate::model::TextField;

impl Indicators<'_, '_> {
    /// What each indicator was to reach and what it reached: texts, whatever they are written in.
    pub(super) fn targets(&self, entries: &[Entry], told: &mut Told<'_>) {
        for (role, measure) in [(ColumnRole::Target, "target"), (ColumnRole::Actual, "actual")] {
            let columns = self.columns(role);
            for column in &columns {
                self.texts_of(entries, *column, measure, columns.len() == 1, told);
            }
        }
    }

    fn texts_of(&self, entries: &[Entry], column: usize, measure: &'static str, alone: bool, told: &mut Told<'_>) {
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
            if let Some(why) = unreadable(spot.cell) {
                told.uses[at] = Use::Untold(why);
                continue;
            }
            if !certain {
                told.uses[at] = Use::Untold("no indicator that it belongs to");
                continue;
            }
            told.uses[at] = Use::Text;
            let names: Vec<&str> = of.iter().map(|entry| entry.name()).collect();
            let mut path: Vec<&str> =
                of[0].levels.iter().map(String::as_str).filter(|level| !level.is_empty()).collect();
            path.pop();
            let joined = names.join("、");
            path.push(&joined);
            told.located.texts.push(TextField {
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
}
