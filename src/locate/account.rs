//! The account of numbers: every run of digits of a form gets exactly one fate.

use std::sync::Arc;

use super::Located;
use crate::model::{Cell, Fate, Leftover, NumberRecord, Place, Table, digit_runs, has_digits};

/// Writes the numbers of one form into its account.
pub(super) struct Account<'a> {
    pub(super) form: &'a Arc<str>,
    pub(super) located: &'a mut Located,
}

impl Account<'_> {
    /// All runs of digits of a text share one fate.
    pub(super) fn text(&mut self, text: &str, place: &Place, offset: Option<usize>, fate: Fate, rule: &str) {
        let mut runs = digit_runs(text).peekable();
        if runs.peek().is_none() {
            return;
        }
        let rule = self.shared(rule);
        for run in runs {
            self.located.numbers.push(NumberRecord {
                place: place.narrowed(run.start, run.end),
                offset: offset.map(|offset| offset + run.start),
                text: run.text.into(),
                fate,
                rule: rule.clone(),
                form: self.form.clone(),
            });
        }
    }

    /// A rule as the numbers share it: the last ones mostly have the same few.
    fn shared(&self, rule: &str) -> Arc<str> {
        let last = self.located.numbers.iter().rev().take(8);
        last.map(|number| &number.rule).find(|last| &***last == rule).map_or_else(|| rule.into(), Arc::clone)
    }

    /// All runs of digits of a cell share one fate.
    pub(super) fn cell(&mut self, table: &Table, cell: &Cell, fate: Fate, rule: &str) {
        if has_digits(&cell.text) {
            self.text(&cell.text, &table.place(cell), cell.offset, fate, rule);
        }
    }

    /// Personal data: counted, and masked.
    pub(super) fn personal(&mut self, text: &str, place: &Place, offset: Option<usize>) {
        let rule: Arc<str> = "personal data".into();
        for run in digit_runs(text) {
            self.located.numbers.push(NumberRecord {
                place: place.narrowed(run.start, run.end),
                offset: offset.map(|offset| offset + run.start),
                text: "*".repeat(run.end - run.start).into(),
                fate: Fate::Ignored,
                rule: rule.clone(),
                form: self.form.clone(),
            });
        }
    }

    /// A cell's number becomes a value: its place is the whole cell.
    ///
    /// A cell that has no digits at all (an error value) is no number.
    pub(super) fn value(&mut self, table: &Table, cell: &Cell, fate: Fate, rule: impl Into<Arc<str>>) {
        let mut runs = digit_runs(&cell.text);
        let Some(run) = runs.next() else { return };
        let alone = runs.next().is_none();
        let lead = || cell.text.chars().take_while(|c| c.is_whitespace()).count();
        self.located.numbers.push(NumberRecord {
            text: if alone { run.text } else { cell.text.trim() }.into(),
            place: table.place(cell),
            offset: cell.offset.map(|offset| offset + if alone { run.start } else { lead() }),
            fate,
            rule: rule.into(),
            form: self.form.clone(),
        });
    }

    /// A number that a line consists of and that could not be named.
    pub(super) fn leftover_line(&mut self, text: &str, place: &Place, offset: Option<usize>, blocked_by: &str) {
        self.text(text, place, offset, Fate::Leftover, blocked_by);
        self.located.leftovers.push(Leftover {
            form: self.form.clone(),
            place: place.clone(),
            value_as_written: text.trim().to_owned(),
            labels: String::new(),
            blocked_by: blocked_by.to_owned(),
        });
    }

    /// A cell's number that could not be named.
    pub(super) fn leftover(&mut self, table: &Table, cell: &Cell, labels: String, blocked_by: &str) {
        self.value(table, cell, Fate::Leftover, blocked_by);
        self.located.leftovers.push(Leftover {
            form: self.form.clone(),
            place: table.place(cell),
            value_as_written: cell.text.trim().to_owned(),
            labels,
            blocked_by: blocked_by.to_owned(),
        });
    }

    /// Words where a value should stand: digits among them are left over.
    pub(super) fn leftover_words(&mut self, table: &Table, cell: &Cell) {
        self.leftover_text(table, cell, "words beside the number");
    }

    /// Words of which it is not told whose they are: digits among them are left over.
    pub(super) fn leftover_text(&mut self, table: &Table, cell: &Cell, blocked_by: &str) {
        if digit_runs(&cell.text).next().is_none() {
            return;
        }
        self.leftover_line(&cell.text, &table.place(cell), cell.offset, blocked_by);
    }
}
