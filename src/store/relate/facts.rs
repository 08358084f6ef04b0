//! Facts: what all documents of a unit say about one key in one year, and whether they agree.
//!
//! The figures just written are looked at once more, a few columns wide, for a bounded slice of units at a time; so memory
//! does not grow with the dataset, and the order in which documents came cannot matter. They are read from their file,
//! but where they are few they were kept. Words are compared and written by their keys, without looking at their
//! characters.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::check::{Agreement, Stated, canonical_decimals, compare};
use crate::mapping::Mappings;
use crate::model::words::NONE;
use crate::model::{AMOUNTS, CheckRule, Checked, Finding, FindingCode, Map, Set, Severity, Tally, plain};

use super::across::Rules;
use super::figures::{
    DECIMALS, DOCUMENT_ID, ENTITY, FLAGS, FORM, Fact, KEY, LEAF, LEVEL, MEASURE, PATH, PLACE, Rows, UNIT, UNIT_ID,
    UNIT_OF_MEASURE, VALUE, WRITTEN, slices, together,
};
use super::notes::{DerivedCheck, DerivedFinding, FactNotes, Facts, TwiceFilled};
use super::{carry, wide};
use crate::store::StoreError;
use crate::store::draft::DraftFiles;
use crate::store::schema::FACTS;
use crate::store::sources::form_rank;
use crate::store::table::Columns;
use crate::store::table::cells::{ENTITY_IS_UNIT, NOT_IN_FACTS, is_rate};
use crate::store::table::frame::Frame;
use crate::store::table::partition::Span;
use crate::store::table::parts::begin;
use crate::store::table::writer::{KeepRoom, TableWriter};
use crate::wording;

/// Row groups of figures that are kept in memory until facts are made of them, some 2.5 MB each: those of 270 units. A year
/// for which there is no room is read from its file. As many row groups of facts are kept for the wide table.
pub(crate) const KEPT: usize = 12;

/// Writes `facts` from the figures of a draft. The facts of a year whose figures are those of the snapshot `before` are
/// taken from there.
pub(crate) fn publish(
    dir: &Path,
    id: &str,
    files: &DraftFiles,
    before: Option<&Path>,
    mappings: Option<&Mappings>,
    stop: &dyn Fn() -> bool,
) -> Result<FactNotes, StoreError> {
    let rules = mappings.and_then(Rules::of);
    let mut notes = FactNotes::default();
    let room = KeepRoom::new(KEPT.into());
    for (year, figures) in &files.figures {
        if stop() {
            return Err(StoreError::Stopped);
        }
        if let Some(before) = before.filter(|_| figures.shared) {
            carry::year(before, dir, *year, &mut notes)?;
            continue;
        }
        let mut table = begin(dir, id, &FACTS, Some(*year))?;
        table.keep(&wide::COLUMNS, room.clone());
        let mut findings = carry::begin_findings(dir, id, *year)?;
        let mut checks = carry::begin_checks(dir, id, *year)?;
        let mut rows = Rows::of(figures)?;
        let mut slices = slices(&figures.spans).into_iter();
        let mut read_next = || slices.next().map(|slice| Compared::read(&mut rows, slice)).transpose();
        let mut ready = read_next()?;
        // One slice is read while the facts of the one before it are written.
        while let Some(compared) = ready {
            let (written, next) =
                rayon::join(|| compared.write(*year, rules.as_ref(), &mut table, &mut notes), &mut read_next);
            written?;
            carry::keep_findings(&mut findings, &mut notes)?;
            carry::keep_checks(&mut checks, &mut notes)?;
            ready = next?;
        }
        let (path, kept) = table.finish_kept()?;
        notes.years.insert(*year, Facts { path, kept });
        notes.finding_files.push(findings.finish()?);
        notes.check_files.push(checks.finish()?);
        carry::keep_twice(dir, id, *year, &notes)?;
    }
    if files.figures.is_empty() {
        begin(dir, id, &FACTS, None)?.finish()?;
    }
    Ok(notes)
}

/// The figures of a slice of units, and what is looked up for many of them.
struct Compared {
    frame: Frame,
    /// The rows of each key, keys after one another: a unit's together, units and keys in the order in which they first
    /// appear, rows in document order.
    rows: Vec<usize>,
    /// Where the rows of each key end.
    ends: Vec<usize>,
    /// The rank of each form, by its key as a word.
    ranks: Vec<usize>,
    /// Whether a measure is a rate, by its key as a word.
    rates: Vec<bool>,
}

impl Compared {
    /// Reads the figures that speak for the units of a slice.
    fn read(figures: &mut Rows<'_>, slice: &[Span]) -> Result<Compared, StoreError> {
        let of_units = || slice.iter().filter(|span| !span.unit_id.is_empty());
        let frame = figures.read(&together(of_units().flat_map(|span| span.runs.iter().cloned())))?;
        let units = of_units().map(|span| span.unit_id.as_str()).collect();
        let (rows, ends) = grouped(&frame, &units);
        let ranks = frame.words(FORM).0.iter().map(form_rank).collect();
        let rates = frame.words(MEASURE).0.iter().map(is_rate).collect();
        Ok(Compared { frame, rows, ends, ranks, rates })
    }

    /// The rows of each key.
    fn groups(&self) -> impl Iterator<Item = &[usize]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.rows[start..*end])
    }

    /// The rank of a row's form among the preferred sources.
    fn rank(&self, row: usize) -> usize {
        self.ranks[self.frame.words(FORM).1[row] as usize]
    }

    /// Whether a row's value is in percent.
    fn is_rate(&self, row: usize) -> bool {
        self.rates[self.frame.words(MEASURE).1[row] as usize]
    }

    /// Judges every key and writes its fact.
    fn write(
        &self,
        year: i32,
        rules: Option<&Rules<'_>>,
        table: &mut TableWriter,
        notes: &mut FactNotes,
    ) -> Result<(), StoreError> {
        let facts: Vec<Fact<'_>> = self.groups().filter_map(|group| self.judge(group, year, notes)).collect();
        note_agreement(&self.frame, &facts, year, notes);
        if let Some(rules) = rules {
            rules.hold(&self.frame, &facts, year, notes);
        }
        table.extend(&facts, |columns, facts| fill(columns, &self.frame, facts, year))
    }
}

/// The rows that speak for `units`, those of each key together; see [`Compared::rows`] and [`Compared::ends`].
fn grouped(frame: &Frame, units: &Set<&str>) -> (Vec<usize>, Vec<usize>) {
    let (unit_words, unit_keys) = frame.words(UNIT_ID);
    let wanted: Vec<bool> = unit_words.iter().map(|unit| units.contains(unit)).collect();
    let (entity_words, entity_keys) = frame.words(ENTITY);
    let (flag_words, flag_keys) = frame.words(FLAGS);
    let key_columns: Vec<&[u32]> = KEY.map(|column| frame.words(column).1).collect();

    // For each unit, its position among those that appear.
    let mut order: Vec<Option<usize>> = vec![None; unit_words.len()];
    let mut of_units: Vec<Vec<usize>> = Vec::new();
    for row in 0..frame.height() {
        let unit = unit_keys[row] as usize;
        let (entity, flags) = (entity_keys[row], flag_keys[row]);
        if !wanted.get(unit).is_some_and(|wanted| *wanted) || (entity != NONE && flags == NONE) {
            continue;
        }
        let unit = *order[unit].get_or_insert_with(|| {
            of_units.push(Vec::new());
            of_units.len() - 1
        });
        if speaks_for_unit(entity_words.get(entity), flag_words.get(flags)) {
            of_units[unit].push(row);
        }
    }

    let (mut rows, mut ends) = (Vec::with_capacity(frame.height()), Vec::new());
    // The keys of one unit at a time, which stay near: those of all would be looked for far away.
    let mut known: Map<[u32; 6], usize> = Map::default();
    for of_unit in of_units {
        known.clear();
        let mut sizes: Vec<usize> = Vec::new();
        let mut groups = Vec::with_capacity(of_unit.len());
        for row in &of_unit {
            let mut key = [0; 6];
            key.iter_mut().zip(&key_columns).for_each(|(part, column)| *part = column[*row]);
            let group = *known.entry(key).or_insert_with(|| {
                sizes.push(0);
                sizes.len() - 1
            });
            sizes[group] += 1;
            groups.push(group);
        }
        let begin = rows.len();
        rows.resize(begin + of_unit.len(), 0);
        let mut next = begin;
        let mut places = Vec::with_capacity(sizes.len());
        for size in sizes {
            places.push(next);
            next += size;
            ends.push(next);
        }
        for (row, group) in of_unit.into_iter().zip(groups) {
            rows[places[group]] = row;
            places[group] += 1;
        }
    }
    (rows, ends)
}

/// Whether a figure may enter the facts: it has no entity, or its entity stands for the unit.
pub(crate) fn speaks_for_unit(entity: &str, flags: &str) -> bool {
    let flagged = |flag: &str| flags.split(' ').any(|have| have == flag);
    if entity.is_empty() { !flagged(NOT_IN_FACTS) } else { flagged(ENTITY_IS_UNIT) }
}

impl Compared {
    /// The decimals of a figure in the canonical unit.
    fn decimals(&self, row: usize, money: bool) -> i32 {
        let frame = &self.frame;
        let decimals = frame.int(DECIMALS, row).unwrap_or_default() as i32;
        if !money {
            return decimals;
        }
        canonical_decimals(frame.amount(VALUE, row).unwrap_or_default(), frame.text(WRITTEN, row), decimals)
    }

    /// The figures of one key as a comparison sees them.
    fn stated(&self, group: &[usize], money: bool) -> Vec<Stated> {
        let frame = &self.frame;
        let mut all: Vec<Stated> = group
            .iter()
            .map(|row| Stated {
                value: frame.amount(VALUE, *row).unwrap_or_default(),
                decimals: self.decimals(*row, money),
            })
            .collect();
        if money {
            // 49 beside 12.96 is 49.00 written short, and not anything between 48.5 and 49.5.
            let finest = all.iter().map(|stated| stated.decimals).max().unwrap_or_default();
            for (stated, row) in all.iter_mut().zip(group) {
                if frame.int(DECIMALS, *row) == Some(0) && stated.decimals == 0 {
                    stated.decimals = finest.max(0);
                }
            }
        }
        all
    }

    /// Judges one key, and notes a finding for each figure that differs.
    fn judge(&self, group: &[usize], year: i32, notes: &mut FactNotes) -> Option<Fact<'_>> {
        let frame = &self.frame;
        let preferred = group.iter().copied().min_by_key(|row| (self.rank(*row), *row))?;
        let mut value = frame.amount(VALUE, preferred).unwrap_or_default();
        let mut status = "single";
        let rate = self.is_rate(preferred);
        let money = frame.text(UNIT_OF_MEASURE, preferred) == AMOUNTS && !rate;
        let mut decimals = self.decimals(preferred, money);
        if group.len() > 1 {
            let whole = !money && !rate && frame.int(DECIMALS, preferred) == Some(0);
            let all = self.stated(group, money);
            let finest = (0..group.len())
                .max_by_key(|at| (all[*at].decimals, std::cmp::Reverse((self.rank(group[*at]), group[*at]))))
                .unwrap_or_default();
            let agreements: Vec<Agreement> = all.iter().map(|other| compare(all[finest], *other, whole)).collect();
            status = match agreements.iter().max() {
                Some(Agreement::Conflict) => "conflict",
                Some(Agreement::LastDigit) => "last_digit",
                _ => {
                    value = all[finest].value;
                    decimals = self.decimals(group[finest], money);
                    "agreed"
                }
            };
            if status != "agreed" {
                note_differences(frame, group, year, finest, &agreements, notes);
                note_forms_filled_twice(frame, group, year, &all, whole, notes);
            }
        }
        Some(Fact { preferred, value, decimals, status, sources: group.len(), forms: self.forms_of(group) })
    }

    /// The forms that state a fact, preferred first, joined by commas.
    fn forms_of(&self, group: &[usize]) -> Cow<'_, str> {
        let (words, keys) = self.frame.words(FORM);
        let first = keys[group[0]];
        if group.iter().all(|row| keys[*row] == first) {
            return Cow::Borrowed(words.get(first));
        }
        let mut forms: Vec<&str> = group.iter().map(|row| words.get(keys[*row])).collect();
        forms.sort_by_key(|form| (form_rank(form), *form));
        forms.dedup();
        Cow::Owned(forms.join(","))
    }
}

/// Puts facts into the columns of `facts`, in their order.
fn fill(columns: &mut Columns<'_>, frame: &Frame, facts: &[Fact<'_>], year: i32) {
    let copy = |columns: &mut Columns<'_>, column: usize| {
        let (words, keys) = frame.words(column);
        columns.keys(words, facts.iter().map(|fact| keys[fact.preferred]));
    };
    copy(columns, UNIT_ID);
    copy(columns, UNIT);
    columns.ints(facts.iter().map(|_| Some(i64::from(year))));
    KEY.for_each(|column| copy(columns, column));
    columns.amounts(facts.iter().map(|fact| fact.value));
    columns.ints(facts.iter().map(|fact| Some(i64::from(fact.decimals))));
    copy(columns, UNIT_OF_MEASURE);
    columns.texts(facts.iter().map(|fact| fact.status));
    columns.ints(facts.iter().map(|fact| Some(fact.sources as i64)));
    columns.texts(facts.iter().map(|fact| &*fact.forms));
    copy(columns, DOCUMENT_ID);
    copy(columns, PLACE);
    columns.ints(facts.iter().map(|fact| frame.int(LEVEL, fact.preferred)));
    columns.flags(facts.iter().map(|fact| frame.flag_or_nothing(LEAF, fact.preferred)));
}

/// Notes of each unit how often several figures state one fact, and whether they agree: the rule that needs no mapping. Those of a
/// unit follow one another.
fn note_agreement(frame: &Frame, facts: &[Fact<'_>], year: i32, notes: &mut FactNotes) {
    let rule = Arc::new(CheckRule {
        code: "facts::agreement".to_owned(),
        says: wording::SAME_EVERYWHERE.to_owned(),
        severity: Severity::Error,
    });
    let of_unit = |fact: &Fact<'_>| frame.words(UNIT_ID).1[fact.preferred];
    for facts in facts.chunk_by(|a, b| of_unit(a) == of_unit(b)) {
        let mut tally = Tally::default();
        for fact in facts {
            match fact.status {
                "agreed" => tally.exact += 1,
                "last_digit" => tally.last_digit += 1,
                "conflict" => tally.broken += 1,
                _ => {}
            }
        }
        if tally.due() > 0 {
            let row = facts[0].preferred;
            notes.checks.push(DerivedCheck {
                unit_id: frame.text(UNIT_ID, row).to_owned(),
                unit: frame.text(UNIT, row).to_owned(),
                fiscal_year: year,
                checked: Checked { rule: rule.clone(), form: "".into(), tally },
            });
        }
    }
}

/// One finding per differing value, each against the finest figure.
fn note_differences(
    frame: &Frame,
    group: &[usize],
    year: i32,
    finest: usize,
    agreements: &[Agreement],
    notes: &mut FactNotes,
) {
    let reference = group[finest];
    let mut told: BTreeSet<i128> = BTreeSet::new();
    for (row, agreement) in group.iter().zip(agreements) {
        let code = match agreement {
            Agreement::Agreed => continue,
            Agreement::LastDigit => FindingCode::FactLastDigit,
            Agreement::Conflict => FindingCode::FactConflict,
        };
        let value = frame.amount(VALUE, *row).unwrap_or_default();
        if !told.insert(value) {
            continue;
        }
        let key: Vec<&str> = KEY.map(|column| frame.text(column, reference)).filter(|part| !part.is_empty()).collect();
        let unit = frame.text(UNIT_OF_MEASURE, reference);
        let side =
            |row: usize| format!("{} {} ({})", frame.text(WRITTEN, row), frame.text(FORM, row), frame.text(PATH, row));
        let difference = value - frame.amount(VALUE, reference).unwrap_or_default();
        let finding = Finding::new(code, key.join(" ")).with_expected(side(reference)).with_actual(side(*row));
        notes.findings.push(DerivedFinding {
            unit_id: frame.text(UNIT_ID, reference).to_owned(),
            unit: frame.text(UNIT, reference).to_owned(),
            fiscal_year: Some(year),
            places: format!("{}; {}", frame.text(PLACE, reference), frame.text(PLACE, *row)),
            document_ids: joined_ids([frame.text(DOCUMENT_ID, reference), frame.text(DOCUMENT_ID, *row)]),
            finding: Finding {
                form: frame.text(FORM, reference).to_owned(),
                difference: Some(format!("{} {unit}", plain(difference))),
                ..finding
            },
        });
    }
}

/// Two ids in the order of the places, or one where both stand in one document.
fn joined_ids(ids: [&str; 2]) -> String {
    if ids[0] == ids[1] { ids[0].to_owned() } else { ids.join(",") }
}

/// Notes a form that stands in two documents with numbers that contradict each other.
fn note_forms_filled_twice(
    frame: &Frame,
    group: &[usize],
    year: i32,
    all: &[Stated],
    whole: bool,
    notes: &mut FactNotes,
) {
    for (a, row) in group.iter().enumerate() {
        for (b, other) in group.iter().enumerate().skip(a + 1) {
            let form = frame.text(FORM, *row);
            let documents = [frame.text(DOCUMENT_ID, *row), frame.text(DOCUMENT_ID, *other)];
            if form != frame.text(FORM, *other)
                || documents[0] == documents[1]
                || compare(all[a], all[b], whole) != Agreement::Conflict
            {
                continue;
            }
            let twice =
                TwiceFilled { fiscal_year: year, unit_id: frame.text(UNIT_ID, *row).to_owned(), form: form.to_owned() };
            notes.twice.entry(twice).or_default().extend(documents.map(str::to_owned));
        }
    }
}
