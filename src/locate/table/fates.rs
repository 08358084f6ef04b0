//! What becomes of each cell, in the account of numbers.

use super::{Block, Outcome, Table};
use crate::locate::Located;
use crate::locate::account::Account;
use crate::locate::grid::Spot;
use crate::locate::layout::{ColumnKind, RowKind};
use crate::locate::words::{Axis, Shape, holds_values};
use crate::mapping::ColumnRole;
use crate::model::{Fate, Finding, has_digits};

impl<'a, 'g> Table<'a, 'g> {
    /// Writes every cell of the grid into the account, in document order.
    pub(super) fn account(&self, mut fates: Vec<Option<Outcome>>, out: &mut Located) {
        let claimed = fates.iter().filter(|fate| matches!(fate, Some(Outcome::Claim(_)))).count();
        let mut claims = Vec::with_capacity(claimed);
        let mut findings = Vec::new();
        out.numbers.reserve(claimed);
        let mut account = Account { form: &self.frame.form.form, located: out };
        for (at, spot) in self.grid.spots.iter().enumerate() {
            match fates[at].take() {
                Some(Outcome::Claim(claim)) => {
                    account.value(spot.table, spot.cell, Fate::Figure, self.frame.rule.clone());
                    claims.push(claim);
                }
                Some(Outcome::Leftover { labels, blocked }) => {
                    if let Some(code) = blocked.finding {
                        let mut finding = Finding::at(code, spot.table.place(spot.cell), blocked.by.clone());
                        finding.form = self.frame.form.form.to_string();
                        findings.push(finding.with_actual(spot.text().trim()));
                    }
                    account.leftover(spot.table, spot.cell, labels, &blocked.by);
                }
                Some(Outcome::Known(reason)) => account.value(spot.table, spot.cell, Fate::Ignored, reason),
                Some(Outcome::Score) => account.value(spot.table, spot.cell, Fate::Score, self.frame.rule.clone()),
                Some(Outcome::Words) => account.leftover_words(spot.table, spot.cell),
                Some(Outcome::Dash) | None => self.account_word(&mut account, spot),
            }
        }
        crate::locate::put_behind(&mut out.claims, claims);
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
            (RowKind::Page, _) => "page number",
            (_, ColumnKind::Text) => "text column",
            (_, ColumnKind::Personal) => {
                return account.personal(spot.text(), &spot.table.place(spot.cell), spot.cell.offset);
            }
            _ if holds_values(spot.text()) => {
                return account.leftover_text(spot.table, spot.cell, "several values in one cell");
            }
            (_, ColumnKind::Label) if self.is_loose_number(spot) => {
                return account.leftover(spot.table, spot.cell, String::new(), "a number where a label belongs");
            }
            (_, ColumnKind::Label | ColumnKind::Value) if self.may_be_a_value(spot) => {
                return account.leftover_words(spot.table, spot.cell);
            }
            (RowKind::Plain, ColumnKind::Label) if self.is_aside(spot) => {
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

    /// 附：公务用车保有量2辆: words that are not understood, in a row below the header that holds no value.
    fn is_aside(&self, spot: &Spot<'a>) -> bool {
        let word = || spot.word(&self.reader, Axis::Down);
        let is_label = |block: &Block| block.labels.contains(&spot.column) && spot.row >= block.body;
        let has_value = || (0..self.grid.width).any(|column| self.grid.shape(spot.row, column) == Shape::Number);
        spot.shape == Shape::Words
            && self.layout.roles[spot.column].is_none_or(|role| role == ColumnRole::Label)
            && self.layout.blocks.iter().any(is_label)
            && !has_value()
            && word().rule.is_none()
            && !word().own_year
            && !word().other_year
    }

    /// A number alone in a label cell that is no code.
    fn is_loose_number(&self, spot: &Spot<'a>) -> bool {
        let coded = matches!(
            self.layout.roles[spot.column],
            Some(ColumnRole::Code | ColumnRole::Category | ColumnRole::Section | ColumnRole::Detail)
        );
        let text = spot.text().trim();
        // 95.00 has as many characters as a code, and is none.
        let is_code = matches!(text.len(), 3 | 5 | 7) && text.bytes().all(|byte| byte.is_ascii_digit());
        let code = self.frame.form.codes.is_some() && is_code;
        !coded && !code && spot.shape == Shape::Number
    }

    fn is_header(&self, spot: &Spot<'a>) -> bool {
        self.layout.blocks.iter().any(|block| block.values.contains(&spot.column) && spot.row < block.body)
    }
}
