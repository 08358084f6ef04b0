use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use serde::Deserialize;

use super::examples;
use crate::locate::{Labelled, Outline, Rows, outline};
use crate::mapping::{Mappings, Problem};
use crate::model::{Block, Document, Fate, Label, Table, UnitOfMeasure, fold};
use crate::pipeline::{self, Settings};
use crate::recognise;

/// Why no draft can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoDraft {
    /// The document could not be read: its reason.
    Unread(String),
    /// No table has numbers outside known forms.
    AllKnown,
    /// The table is of a form that is known: its id.
    Known(String),
    /// There is no table of that number; the document has so many.
    NoTable(u32),
    /// The table has no number, or no label.
    NothingToName,
    /// The draft would not load; a bug, told with what is wrong.
    Broken(Vec<Problem>),
}

/// Makes a first mapping from a table that no form describes: YAML that passes `mapping check` as it stands.
///
/// `table` is the number of the table in the document, from 1; without it the table with the most numbers outside known forms.
/// What is certain is written, labels that are not known become items of the file's own; every guess is a comment marked `todo`.
///
/// # Errors
/// Where there is nothing to draft from.
pub fn draft(
    bytes: &[u8],
    path: &str,
    table: Option<u32>,
    settings: &Settings,
    directory: Option<&Path>,
) -> Result<String, NoDraft> {
    let (document, extracted) = pipeline::inspect(bytes, path, settings);
    let Some(document) = document else { return Err(NoDraft::Unread(extracted.reason)) };
    let table = match table {
        Some(number) => table_of(&document, number).ok_or(NoDraft::NoTable(tables(&document).count() as u32))?,
        None => {
            let outside = |table: &&Table| {
                let here =
                    |place: &crate::model::Place| table.cells.iter().any(|cell| table.place(cell) == place.whole());
                let numbers = extracted.submission.numbers.iter();
                numbers.filter(|number| number.fate == Fate::Outside && here(&number.place)).count()
            };
            let most = tables(&document).max_by_key(|table| (outside(table), std::cmp::Reverse(table.number)));
            most.filter(|table| outside(table) > 0).ok_or(NoDraft::AllKnown)?
        }
    };
    let sheet = Sheet::of(table, &document, settings);
    if let Some(form) = sheet.title.as_deref().and_then(|title| recognise::form_of_title(title, &settings.mappings)) {
        return Err(NoDraft::Known(form));
    }
    let load = |yaml: &str| {
        let name = format!("{}.yaml", sheet.id);
        Mappings::load_with_texts(directory, &[(name, yaml.to_owned())]).map_err(NoDraft::Broken)
    };
    // What the words common to tables mean is known to a form that has nothing else.
    let bare = load(&sheet.head(&[]))?;
    let Some(form) = bare.form(&sheet.id, None) else { return Err(NoDraft::NothingToName) };
    let outline = outline(Rows { table, rows: sheet.first..table.height() }, form, &bare);
    if outline.headers.is_empty() {
        return Err(NoDraft::NothingToName);
    }
    let body = Body::of(&outline, &sheet, settings);
    let given = sheet.example(table);
    // The figures that the draft itself reads are what its example expects.
    let without = format!("{}{}", sheet.head(&body.labels_that_tell(&outline)), body.yaml);
    let mut trial = Settings::with_mappings(load(&without)?);
    let expected = examples::figures_of(&given, &sheet.id, sheet.year, &mut trial);
    Ok(without + &example_yaml(&given, sheet.year, &expected))
}

fn tables(document: &Document) -> impl Iterator<Item = &Table> {
    document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Paragraph(_) => None,
    })
}

fn table_of(document: &Document, number: u32) -> Option<&Table> {
    tables(document).find(|table| table.number == number)
}

/// What stands around the table.
struct Sheet {
    /// The title, as a mapping gives it: without year and organisation.
    title: Option<String>,
    /// The id of the form.
    id: String,
    /// The unit line as written.
    unit_line: Option<String>,
    /// The fiscal year that the title tells.
    year: Option<i32>,
    /// The first row below title and unit line.
    first: usize,
}

/// The year of examples whose text tells none.
const EXAMPLE_YEAR: i32 = 2022;

impl Sheet {
    fn of(table: &Table, document: &Document, settings: &Settings) -> Sheet {
        let mut sheet = Sheet { title: None, id: "new_form".to_owned(), unit_line: None, year: None, first: 0 };
        // Lines inside the table, above its first row of several cells.
        let mut lines: Vec<String> = Vec::new();
        for row in 0..table.height() {
            let cells: Vec<&str> =
                table.anchored_in(row).map(|cell| cell.text.as_str()).filter(|text| !text.trim().is_empty()).collect();
            let declared = cells.iter().all(|text| recognise::says_unit(text, &settings.mappings));
            if cells.len() > 1 && !declared {
                break;
            }
            lines.extend(cells.iter().map(|text| (*text).to_owned()));
            sheet.first = row + 1;
        }
        if sheet.first >= table.height() {
            sheet.first = 0;
            lines.clear();
        }
        // Lines before it, back to the table before.
        let at = document
            .blocks
            .iter()
            .position(|block| matches!(block, Block::Table(other) if other.number == table.number));
        let before = document.blocks[..at.unwrap_or(0)].iter().rev().map_while(|block| match block {
            Block::Paragraph(paragraph) if table.sheet.is_none() => Some(paragraph.text.clone()),
            _ => None,
        });
        let above: Vec<String> = lines.into_iter().rev().chain(before.take(6)).collect();
        for line in above {
            if recognise::says_unit(&line, &settings.mappings) {
                sheet.unit_line.get_or_insert_with(|| line.split_whitespace().collect::<Vec<_>>().join(" "));
            } else if sheet.title.is_none() && !line.contains(['。', '；']) && line.chars().count() <= 60 {
                let (title, year) = recognise::bare_title(&line, &settings.mappings);
                sheet.year = sheet.year.or(year);
                sheet.title = Some(title).filter(|title| !title.is_empty());
            }
        }
        sheet
    }

    /// What makes the form known.
    fn head(&self, labels: &[String]) -> String {
        let mut yaml = String::new();
        let name = self.title.as_deref().unwrap_or("新表");
        let _ = writeln!(yaml, "form: {}   # todo: an id of your own", self.id);
        let _ = writeln!(yaml, "name: {}", quoted(name));
        let _ = writeln!(yaml, "extends: final_accounts_table");
        let _ = writeln!(yaml, "recognise:");
        match &self.title {
            Some(title) => {
                let _ = writeln!(yaml, "  titles: [{}]", quoted(title));
            }
            None if labels.is_empty() => {
                let _ = writeln!(yaml, "  titles: [{}]", quoted(name));
            }
            None => {
                let labels: Vec<String> = labels.iter().map(|label| quoted(label)).collect();
                let _ = writeln!(yaml, "  labels: [{}]", labels.join(", "));
            }
        }
        yaml
    }

    /// The table as an example: its title, its unit line and its first rows.
    fn example(&self, table: &Table) -> String {
        let mut text = String::new();
        if let Some(title) = &self.title {
            let _ = writeln!(text, "{title}");
        }
        if let Some(line) = &self.unit_line {
            let _ = writeln!(text, "{line}");
        }
        for row in self.first..table.height().min(self.first + ROWS_SHOWN) {
            let cells: Vec<String> = (0..table.width())
                .map(|column| match table.at(row, column) {
                    Some(cell) if cell.row == row && cell.column == column => squeezed(&cell.text).replace('|', "/"),
                    _ => String::new(),
                })
                .collect();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        text
    }
}

/// Rows of the table in the example.
const ROWS_SHOWN: usize = 12;

/// What `mappings/draft.yaml` has to guess by.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guesses {
    measures: BTreeMap<String, Vec<String>>,
    units: BTreeMap<String, Vec<String>>,
    columns: BTreeMap<String, Vec<String>>,
}

impl Guesses {
    fn built_in() -> Guesses {
        serde_saphyr::from_str(include_str!("../../mappings/draft.yaml")).unwrap_or(Guesses {
            measures: BTreeMap::new(),
            units: BTreeMap::new(),
            columns: BTreeMap::new(),
        })
    }

    /// The key with the longest word that a label has.
    fn of<'g>(groups: &'g BTreeMap<String, Vec<String>>, label: &str) -> Option<&'g str> {
        let hits = groups.iter().flat_map(|(key, words)| words.iter().map(move |word| (word, key)));
        hits.filter(|(word, _)| label.contains(word.as_str()))
            .max_by_key(|(word, _)| word.len())
            .map(|(_, key)| key.as_str())
    }
}

/// The rest of the file: columns, items, labels.
struct Body {
    yaml: String,
}

/// An item that the file declares.
struct New<'o> {
    name: String,
    /// What it counts, as its label or a word of it tells.
    unit: Option<String>,
    /// The label says the unit.
    unit_is_told: bool,
    label: &'o Labelled,
}

impl Body {
    fn of(outline: &Outline, sheet: &Sheet, settings: &Settings) -> Body {
        let guesses = Guesses::built_in();
        let mut yaml = String::new();
        let column = |label: &&Labelled| label.role.is_none() && label.means.is_none();
        let columns: Vec<(&Labelled, Option<&str>)> = outline
            .columns
            .iter()
            .filter(column)
            .map(|label| (label, Guesses::of(&guesses.columns, &label.text)))
            .collect();
        // Rows named by open words (projects, schools): the items stand above.
        let open = columns.iter().any(|(_, guess)| matches!(guess, Some("project" | "entity")))
            || outline.columns.iter().any(|label| {
                matches!(label.role, Some(crate::mapping::ColumnRole::Entity | crate::mapping::ColumnRole::Project))
            });
        draw_columns(&columns, &mut yaml);
        let unknown = |label: &&Labelled| label.means.is_none() && label.role.is_none();
        let (named, told) = if open { (&outline.headers, None) } else { (&outline.stubs, Some(&outline.headers)) };
        let new: Vec<New<'_>> = named.iter().filter(unknown).map(|label| New::of(label, &guesses, settings)).collect();
        let total = named.iter().any(|label| label.total).then(|| sheet.total()).filter(|_| !new.is_empty());
        draw_items(&new, total.as_deref(), &mut yaml);
        draw_may_give(&new, named, total.as_deref(), &mut yaml);
        draw_labels(&new, told.map(Vec::as_slice).unwrap_or_default(), &guesses, &mut yaml);
        let measured = outline.headers.iter().chain(&outline.stubs);
        if !measured.clone().any(|label| {
            label.means.as_deref().is_some_and(|means| means.contains("measure") || means.contains("difference"))
        }) {
            let _ = writeln!(
                yaml,
                "# context: {{ measure: final }}   # todo: no label says a measure; is every number a final?"
            );
        }
        Body { yaml }
    }

    /// Labels that make the table known where no title does.
    fn labels_that_tell(&self, outline: &Outline) -> Vec<String> {
        let plain = outline.headers.iter().chain(&outline.stubs).filter(|label| !label.total);
        plain.take(3).map(|label| label.text.clone()).collect()
    }
}

impl Sheet {
    /// The name of the item that the form's 合计 means.
    fn total(&self) -> String {
        let title = self.title.as_deref().unwrap_or("新表");
        let bare = title.trim_end_matches('表').trim_end_matches("情况").trim_end_matches("明细");
        format!("{bare}合计")
    }
}

impl<'o> New<'o> {
    fn of(label: &'o Labelled, guesses: &Guesses, settings: &Settings) -> New<'o> {
        let mut name = without_ordinal(&label.text);
        let mut unit = Guesses::of(&guesses.units, &name).map(str::to_owned);
        let unit_is_told = label.unit.is_some();
        if label.unit.is_some()
            && let Some(open) = name.rfind(['（', '('])
        {
            let inner: String = fold(&name[open..]).trim_matches(['(', ')']).to_owned();
            unit = (label.unit == Some(UnitOfMeasure::Count)).then_some(inner);
            name.truncate(open);
        }
        // A name that is taken, by an item that this form's label does not mean.
        if settings.mappings.vocabulary.item(&name).is_some() {
            name.push_str("（本表）");
        }
        New { name, unit, unit_is_told, label }
    }
}

fn draw_columns(columns: &[(&Labelled, Option<&str>)], yaml: &mut String) {
    if columns.is_empty() {
        return;
    }
    let _ = writeln!(yaml, "# columns:   # todo: what these columns are; see the README of the mappings");
    for (label, guess) in columns {
        let _ = writeln!(yaml, "#   {}: [{}]", guess.unwrap_or("label"), quoted(&without_ordinal(&label.text)));
    }
}

fn draw_items(new: &[New<'_>], total: Option<&str>, yaml: &mut String) {
    if new.is_empty() {
        return;
    }
    let _ = writeln!(
        yaml,
        "vocabulary:   # items that juesuan does not know; todo: names, units (万元 where none is said), parents"
    );
    if let Some(total) = total {
        let _ = writeln!(yaml, "  - item: {}", quoted(total));
    }
    for New { name, unit, unit_is_told, .. } in new {
        let _ = writeln!(yaml, "  - item: {}", quoted(name));
        match (unit, total) {
            // A count is no part of a sum of money.
            (Some(unit), _) if *unit_is_told => {
                let _ = writeln!(yaml, "    unit: {}", quoted(unit));
            }
            (Some(unit), _) => {
                let _ = writeln!(yaml, "    # unit: {}   # todo: a guess", quoted(unit));
            }
            (None, Some(total)) => {
                let _ = writeln!(yaml, "    parent: {}", quoted(total));
            }
            (None, None) => {}
        }
    }
}

/// The items that the form may give, so that no other label of the vocabulary is taken for one of its own.
fn draw_may_give(new: &[New<'_>], named: &[Labelled], total: Option<&str>, yaml: &mut String) {
    let mut items: Vec<&str> = total.into_iter().collect();
    let roots = new.iter().filter(|new| total.is_none() || new.unit.is_some());
    items.extend(roots.map(|new| new.name.as_str()));
    for item in named.iter().filter_map(|label| label.item.as_deref()) {
        if !items.contains(&item) {
            items.push(item);
        }
    }
    if !items.is_empty() {
        let items: Vec<String> = items.into_iter().map(quoted).collect();
        let _ = writeln!(yaml, "items: [{}]", items.join(", "));
    }
    if let Some(total) = total {
        let _ = writeln!(yaml, "total: {}   # what 合计 means here", quoted(total));
    }
}

fn draw_labels(new: &[New<'_>], told: &[Labelled], guesses: &Guesses, yaml: &mut String) {
    // A label that is written otherwise than its item.
    let renamed: Vec<&New<'_>> = new
        .iter()
        .filter(|new| Label::new(&new.label.text) != Label::new(&new.name) && new.label.unit.is_none())
        .collect();
    // Beside items, a rate of one of them.
    let rates: Vec<(&New<'_>, &str)> = new
        .iter()
        .filter(|_| told.is_empty())
        .filter_map(|new| Some((new, Guesses::of(&guesses.measures, &new.label.text)?)))
        .filter(|(_, measure)| *measure != "final")
        .collect();
    let unknown: Vec<&Labelled> = told.iter().filter(|label| label.means.is_none() && label.role.is_none()).collect();
    let head = if renamed.is_empty() { "# labels:" } else { "labels:" };
    if !renamed.is_empty() || !unknown.is_empty() || !rates.is_empty() {
        let _ = writeln!(yaml, "{head}");
    }
    for New { name, label, .. } in renamed {
        let _ = writeln!(yaml, "  {}: {{ item: {} }}", quoted(&label.text), quoted(name));
    }
    // A measure of `context` holds only where no label says one: with a rate among them, each says its own.
    for New { name, label, .. } in new.iter().filter(|_| !rates.is_empty()) {
        let rate = rates.iter().find(|(other, _)| other.name == *name).map(|(_, measure)| *measure);
        let item = if rate.is_some() { &new[0].name } else { name };
        let (label, item, measure) = (quoted(&label.text), quoted(item), rate.unwrap_or("final"));
        let note = if rate.is_some() { "a guess; then no item of its own" } else { "a guess" };
        let _ = writeln!(yaml, "#   {label}: {{ item: {item}, measure: {measure} }}   # todo: {note}");
    }
    for label in unknown {
        let guess = Guesses::of(&guesses.measures, &label.text);
        let key = guess.map_or("{}".to_owned(), |measure| format!("{{ measure: {measure} }}"));
        let _ = writeln!(
            yaml,
            "#   {}: {key}   # todo: {}",
            quoted(&label.text),
            if guess.is_some() { "a guess" } else { "not known" }
        );
    }
}

fn example_yaml(given: &str, year: Option<i32>, expected: &[String]) -> String {
    let mut yaml = String::from(
        "examples:   # run by `juesuan mapping check`, which tells what a change makes of it\n  - given: |\n",
    );
    for line in given.lines() {
        let _ = writeln!(yaml, "      {line}");
    }
    let _ = writeln!(yaml, "    year: {}", year.unwrap_or(EXAMPLE_YEAR));
    if expected.is_empty() {
        let _ = writeln!(yaml, "    expect: []");
    } else {
        let _ = writeln!(yaml, "    expect:");
        for figure in expected {
            let _ = writeln!(yaml, "      - {figure}");
        }
    }
    yaml
}

/// A label without its ordinal, otherwise as written.
fn without_ordinal(written: &str) -> String {
    let label = Label::new(written);
    let starts = written.char_indices().map(|(at, _)| at);
    let mut bare = starts.map(|at| &written[at..]).filter(|rest| fold(rest) == label.as_str());
    bare.next().unwrap_or(written).to_owned()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A text as YAML takes it anywhere: in quotes where it needs them.
pub(super) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphabetic() || ('\u{4e00}'..='\u{9fff}').contains(&c) || "（）“”、《》".contains(c);
    let inside = |c: char| plain(c) || c.is_ascii_digit() || "()_".contains(c);
    if text.starts_with(plain)
        && text.chars().all(inside)
        && !matches!(text, "true" | "false" | "null" | "yes" | "no" | "y" | "n")
    {
        return text.to_owned();
    }
    let escaped: String = text
        .chars()
        .filter(|c| !c.is_control())
        .map(|c| if matches!(c, '"' | '\\') { format!("\\{c}") } else { c.to_string() })
        .collect();
    format!("\"{escaped}\"")
}
