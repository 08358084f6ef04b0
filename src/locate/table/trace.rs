//! Telling how a number of a table got its key: the words on its path once more, one by one.

use std::rc::Rc;

use super::{Block, Head, Money, Stub, Table, merge_into};
use crate::locate::grid::Spot;
use crate::locate::layout::RowKind;
use crate::locate::words::{Axis, Word};
use crate::mapping::{ColumnRole, Partial};
use crate::model::{Label, Place, Role, Says, Stands, Step, Trace, UnitOfMeasure};

/// The words that were told so far, and what they come to.
struct Path {
    steps: Vec<Step>,
    key: Partial,
}

impl<'a> Table<'a, '_> {
    /// The path of the number in `spot`: the form, its header, its stub, and what follows from them together.
    pub(super) fn trace(&self, block: &Block, spot: &Spot<'a>, head: &Head, stub: &Stub) -> Trace {
        let mut path = Path { steps: Vec::new(), key: Partial::default() };
        let context = said(&self.frame.form.context);
        if !context.is_empty() {
            path.steps.push(Step {
                stands: Stands::Form,
                place: None,
                written: self.frame.form.form.to_string(),
                role: Role::Key,
                says: context,
                merged: Says::new(),
            });
        }
        self.header_steps(&mut path, block, spot, stub);
        // 合计 alone: the form's total.
        path.derived(&head.key, "total");
        self.band_step(&mut path, spot.row);
        self.label_header_steps(&mut path, block);
        self.stub_steps(&mut path, block, spot.row, head, stub);
        let mut whole = path.key.clone();
        merge_into(&mut whole, &stub.key, self, &mut None);
        path.derived(&whole, "rows_above");
        self.unit_step(&mut path);
        Trace { place: spot.table.place(spot.cell), form: self.frame.form.form.clone(), steps: path.steps }
    }

    fn header_steps(&self, path: &mut Path, block: &Block, spot: &Spot<'a>, stub: &Stub) {
        let mut before: Vec<Rc<Word>> = Vec::new();
        for above in self.above(block, spot.column) {
            let role = above.role(&self.reader);
            let word = above.word(&self.reader, Axis::Across);
            if role.is_some()
                && (word.rule.is_none() || matches!(role, Some(ColumnRole::Weight | ColumnRole::SelfScore)))
            {
                path.known(
                    Stands::Above,
                    above,
                    Role::Column,
                    role.map(|role| ("column", role.word().to_owned())).into_iter().collect(),
                );
                continue;
            }
            let place = Some(above.table.place(above.cell));
            self.word_step(path, Stands::Above, place, word, [&before, &stub.words]);
            before.push(word.clone());
        }
    }

    /// The headers of label columns that are not known: all their labels are in doubt.
    fn label_header_steps(&self, path: &mut Path, block: &Block) {
        for above in block.labels.iter().flat_map(|column| self.above(block, *column)) {
            let unknown = above.role(&self.reader).is_none() && above.word(&self.reader, Axis::Across).rule.is_none();
            if unknown {
                path.known(Stands::OverLabels, above, Role::Unknown, Says::new());
            }
        }
    }

    fn band_step(&self, path: &mut Path, row: usize) {
        let Some(word) = &self.bands[row] else { return };
        let band = (0..=row).rev().find(|above| self.layout.rows[*above] == RowKind::Band);
        let place = band.and_then(|row| self.grid.band(row)).map(|spot| spot.table.place(spot.cell));
        self.word_step(path, Stands::Band, place, word, [&[], &[]]);
    }

    fn stub_steps(&self, path: &mut Path, block: &Block, row: usize, head: &Head, stub: &Stub) {
        let spots = || block.labels.iter().filter_map(|column| self.grid.at(row, *column));
        if let Some(coded) = &stub.coded {
            let Some(spot) = spots().find(|spot| !spot.is_blank()) else { return };
            let name = if self.frame.form.codes.as_ref().is_some_and(|codes| codes.economic) {
                "economic"
            } else {
                "function"
            };
            let mut says = vec![(name, coded.code.to_string())];
            says.extend(stub.key.item.iter().map(|item| ("item", item.to_string())));
            path.key.item = stub.key.item.clone().or(path.key.item.take());
            path.key.function = stub.key.function.clone().or(path.key.function.take());
            path.key.economic = stub.key.economic.clone().or(path.key.economic.take());
            let written = format!("{} {}", coded.code, coded.name).trim().to_owned();
            let role = if coded.blocked_by.is_some() { Role::NoMeaningHere } else { Role::Code };
            path.push(Stands::Left, Some(spot.table.place(spot.cell)), written, role, says);
            return;
        }
        for (at, word) in stub.words.iter().enumerate() {
            // The words of the stub are those of its cells, but for the names of sub-units.
            let of_word = |spot: &&Spot<'a>| {
                let found = spot.word(&self.reader, Axis::Down);
                Rc::ptr_eq(found, word) || found.written == word.written
            };
            let spot = spots().find(of_word);
            let place = spot.map(|spot| spot.table.place(spot.cell));
            if stub.entity.is_some() && spot.is_some_and(|spot| spot.word(&self.reader, Axis::Down).rule.is_none()) {
                let says = vec![("entity", stub.entity.as_deref().unwrap_or_default().to_owned())];
                path.push(Stands::Left, place, word.written.clone(), Role::Entity, says);
                continue;
            }
            self.word_step(path, Stands::Left, place, word, [&stub.words[..at], &head.words]);
        }
        if stub.words.is_empty() {
            // A label that was refused as a sub-unit's name.
            for spot in spots().filter(|spot| spot.row == row && !spot.is_blank()) {
                self.word_step(
                    path,
                    Stands::Left,
                    Some(spot.table.place(spot.cell)),
                    spot.word(&self.reader, Axis::Down),
                    [&[], &[]],
                );
            }
        }
    }

    /// One word: what it says behind the words before it and beside those of the other side, and what all so far come to.
    fn word_step(
        &self,
        path: &mut Path,
        stands: Stands,
        place: Option<Place>,
        word: &Rc<Word>,
        [before, beside]: [&[Rc<Word>]; 2],
    ) {
        let unit = word.unit.map(|unit| ("unit", shown(unit).to_owned()));
        let written = word.written.clone();
        let Some(rule) = &word.rule else {
            let role = if word.other_year { Role::OtherYear } else { Role::Unknown };
            return path.push(stands, place, written, role, unit.into_iter().collect());
        };
        let farther = || beside.iter().rev().map(|word| &**word);
        let Some(resolved) = self.in_context(rule, before, farther) else {
            // What it means may depend on rows above; then `derived` tells what came of it.
            let says = rule.when.iter().flat_map(|when| {
                let under: Vec<&str> = when.under.iter().map(Label::as_str).collect();
                std::iter::once(("under", under.join("、"))).chain(said(&when.key))
            });
            let says = says.collect();
            return path.push(stands, place, written, Role::NoMeaningHere, says);
        };
        let mut says = said(&resolved.key);
        says.extend(unit);
        if resolved.group {
            says.push(("group", "true".to_owned()));
        }
        let mut contradiction = None;
        merge_into(&mut path.key, &resolved.key, self, &mut contradiction);
        let role = match (contradiction, resolved.total, says.is_empty()) {
            (Some(_), ..) => Role::Contradicts,
            (None, true, _) => Role::Total,
            (None, false, true) => Role::Neutral,
            (None, false, false) => Role::Key,
        };
        path.push(stands, place, written, role, says);
    }

    fn unit_step(&self, path: &mut Path) {
        let (role, unit) = match &self.frame.money {
            Money::Stated(unit) => (Role::Unit, format!("{} (stated)", shown(*unit))),
            Money::Assumed(unit) => (Role::Unit, format!("{} (assumed)", shown(*unit))),
            Money::Unknown(line) => (Role::Unknown, line.clone()),
        };
        path.push(Stands::Around, None, String::new(), role, vec![("amounts", unit)]);
    }
}

impl Path {
    fn push(&mut self, stands: Stands, place: Option<Place>, written: String, role: Role, says: Says) {
        let merged = said(&self.key);
        self.steps.push(Step { stands, place, written, role, says, merged });
    }

    fn known(&mut self, stands: Stands, spot: &Spot<'_>, role: Role, says: Says) {
        let written = spot.text().split_whitespace().collect();
        self.push(stands, Some(spot.table.place(spot.cell)), written, role, says);
    }

    /// What the locator knew and no single word on the path says.
    fn derived(&mut self, key: &Partial, from: &str) {
        let mine = said(&self.key);
        let more: Says = said(key).into_iter().filter(|part| !mine.contains(part)).collect();
        if !more.is_empty() {
            self.key = key.clone();
            self.push(Stands::Derived, None, from.to_owned(), Role::Key, more);
        }
    }
}

/// The parts of a key that are told.
fn said(key: &Partial) -> Says {
    let mut says = Says::new();
    for (name, part) in [("item", &key.item), ("function", &key.function), ("economic", &key.economic)] {
        says.extend(part.iter().map(|part| (name, part.to_string())));
    }
    says.extend(key.funding.map(|funding| ("funding", funding.word().to_owned())));
    says.extend(key.measure.map(|measure| ("measure", measure.word().to_owned())));
    says.extend(key.base.iter().map(|base| ("base", base.to_string())));
    says
}

fn shown(unit: UnitOfMeasure) -> &'static str {
    if unit == UnitOfMeasure::Count { "count" } else { unit.word() }
}
