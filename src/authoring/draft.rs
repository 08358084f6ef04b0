use std::fmt::Write;
use std::path::Path;

use super::examples;
use crate::locate::{Labelled, Outline, Rows, is_number, outline};
use crate::mapping::{ColumnRole, Guesses, Mappings, Problem};
use crate::model::{Block, Cell, Document, Fate, Label, Table, UnitOfMeasure, fold, has_digits};
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
    let given = sheet.example(table, body.open, settings);
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

    /// The table as an example: its title, its unit line and its rows; where rows are projects, the first and the last tell all.
    fn example(&self, table: &Table, of_projects: bool, settings: &Settings) -> String {
        let mut text = String::new();
        if let Some(title) = &self.title {
            let _ = writeln!(text, "{title}");
        }
        if let Some(line) = &self.unit_line {
            let _ = writeln!(text, "{line}");
        }
        // Signatures and notes below the last number are none of the form's, and may name people.
        let has_number =
            |row: &usize| table.anchored_in(*row).any(|cell| has_digits(&cell.text) && !is_note(&cell.text, settings));
        let end = (self.first..table.height()).rev().find(has_number).map_or(table.height(), |row| row + 1);
        let mut rows: Vec<usize> = (self.first..end.min(self.first + ROWS_SHOWN)).collect();
        let valued = |row: &usize| table.anchored_in(*row).any(|cell| is_number(cell, &settings.mappings.surroundings));
        if let Some(first) = (self.first..end).find(valued).filter(|_| of_projects) {
            let projects = (first..end).take(PROJECTS_SHOWN).chain((first + PROJECTS_SHOWN..end).last());
            rows = (self.first..first).chain(projects).collect();
        }
        for row in &rows {
            let cells: Vec<String> = (0..table.width()).map(|column| in_pipes(table, &rows, *row, column)).collect();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        text
    }
}

/// A cell as a pipe table has it: `<` and `^` go on with the merged cell to the left or above.
///
/// What is merged over from a row that is not shown stands in the first that is.
fn in_pipes(table: &Table, shown: &[usize], row: usize, column: usize) -> String {
    let begins = |cell: &Cell| shown.iter().find(|shown| (cell.row..=row).contains(shown)).copied();
    match table.at(row, column) {
        Some(cell) if begins(cell) == Some(row) && cell.column == column => squeezed(&cell.text).replace('|', "/"),
        Some(cell) if cell.column < column => "<".to_owned(),
        Some(cell) if cell.row < row => "^".to_owned(),
        _ => String::new(),
    }
}

/// A line below the values: a note, or who signed and when.
fn is_note(text: &str, settings: &Settings) -> bool {
    let folded = fold(text);
    let words = &settings.mappings.surroundings;
    folded.contains(':') && (words.is_signature(&folded) || words.is_note(&folded, &folded))
}

/// Rows of the table in the example.
const ROWS_SHOWN: usize = 12;
/// Rows of projects in the example, beside the last row.
const PROJECTS_SHOWN: usize = 1;

/// The rest of the file: columns, items, labels.
struct Body {
    yaml: String,
    /// The rows are projects, sub-units, months: the items stand above.
    open: bool,
}

/// An item that the file declares.
struct New<'o> {
    name: String,
    /// What it counts, as its label or a word of it tells.
    unit: Option<String>,
    /// The label says the unit.
    unit_is_told: bool,
    /// The item of which it is a part.
    parent: Option<String>,
    label: &'o Labelled,
}

impl Body {
    fn of(outline: &Outline, sheet: &Sheet, settings: &Settings) -> Body {
        let guesses = &settings.mappings.guesses;
        let mut yaml = String::new();
        let named_by = named_by(outline, guesses, settings);
        draw_columns(outline, named_by, guesses, &mut yaml);
        // What a project has received is not what the unit has: in a table of projects a known item is one of the table's own.
        let of_projects = named_by.is_some_and(|(_, role)| role == ColumnRole::Project);
        let unknown = |label: &&Labelled| {
            label.role.is_none() && (label.means.is_none() || of_projects && label.item.is_some() && !label.total)
        };
        // Rows named by open words (projects, schools, months): the items stand above.
        let open = named_by.is_some();
        let (named, told) = if open { (&outline.headers, None) } else { (&outline.stubs, Some(&outline.headers)) };
        let mut new: Vec<New<'_>> =
            named.iter().filter(unknown).map(|label| New::of(label, guesses, settings)).collect();
        if open && new.is_empty() && !named.iter().any(|label| label.item.is_some()) {
            draw_one_item(sheet, &mut yaml);
        }
        let is_total = |label: &Labelled| label.total && label.under.is_none();
        let total = named.iter().any(is_total).then(|| sheet.total()).filter(|_| !new.is_empty());
        parents(&mut new, total.as_deref());
        draw_items(&new, total.as_deref(), &mut yaml);
        draw_may_give(&new, named, total.as_deref(), &mut yaml);
        let known = |label: &&Labelled| open && !of_projects && label.item.is_some();
        let known: Vec<&Labelled> = named.iter().filter(known).collect();
        let rates = draw_labels(&new, &known, told.map(Vec::as_slice).unwrap_or_default(), guesses, &mut yaml);
        let measured = outline.headers.iter().chain(&outline.stubs);
        let says_measure = |label: &Labelled| {
            label.means.as_deref().is_some_and(|means| means.contains("measure") || means.contains("difference"))
        };
        if !rates && !measured.clone().any(says_measure) {
            let _ = writeln!(
                yaml,
                "# context: {{ measure: final }}   # todo: no label says a measure; is every number a final?"
            );
        }
        Body { yaml, open }
    }

    /// Labels that make the table known where no title does.
    fn labels_that_tell(&self, outline: &Outline) -> Vec<String> {
        let plain = outline.headers.iter().chain(&outline.stubs).filter(|label| !label.total);
        plain.take(3).map(|label| label.text.clone()).collect()
    }
}

/// The column whose words name the rows, as they stand: projects, sub-units, months. With the role that it has or would have.
///
/// A header says that it holds such names; or the columns measure different things, so that the rows can be no items.
fn named_by<'o>(outline: &'o Outline, guesses: &Guesses, settings: &Settings) -> Option<(&'o Labelled, ColumnRole)> {
    let names_rows = |label: &&Labelled| {
        matches!(
            label.role,
            None | Some(ColumnRole::Label | ColumnRole::Name | ColumnRole::Entity | ColumnRole::Project)
        ) && label.means.is_none()
            || matches!(label.role, Some(ColumnRole::Label | ColumnRole::Name))
    };
    let names: Vec<&Labelled> = outline.columns.iter().filter(names_rows).collect();
    let unknown = |label: &&&Labelled| label.means.is_none() && label.role.is_none();
    let measures = |label: &&&Labelled| Guesses::of(&guesses.measures, &label.text).is_some();
    let several = outline.headers.iter().filter(|label| unknown(&label) && !measures(&label)).count() > 1;
    let items_above = outline.headers.iter().any(|label| label.item.is_some() && !label.total) || several;
    let items_left = outline.stubs.iter().any(|label| label.item.is_some() && !label.total);
    let told = names.iter().find(|label| matches!(label.role, Some(ColumnRole::Entity | ColumnRole::Project)));
    let guessed =
        names.iter().find(|label| matches!(Guesses::of(&guesses.columns, &label.text), Some("project" | "entity")));
    let stated = |label: &&&Labelled| Guesses::of(&guesses.columns, &label.text).is_none();
    let only = names.iter().find(stated).filter(|_| items_above && !items_left);
    let column = *told.or(guessed).or(only)?;
    // Sub-units are told by their names; all other rows are projects, fees, months.
    let here = outline.stubs.iter().filter(|label| label.column == column.column && !label.total);
    let parts = here.clone().all(|label| settings.mappings.surroundings.looks_like_part(&fold(&label.text)));
    let role = if parts && here.count() > 0 { ColumnRole::Entity } else { ColumnRole::Project };
    Some((column, column.role.filter(|told| *told == ColumnRole::Project).unwrap_or(role)))
}

/// Makes each new item a part of the one whose label stands over it, else of the total.
fn parents(new: &mut [New<'_>], total: Option<&str>) {
    let names: Vec<(String, String)> = new.iter().map(|new| (new.label.text.clone(), new.name.clone())).collect();
    for item in new {
        let over = item.label.under.as_ref().and_then(|under| names.iter().find(|(text, _)| text == under));
        let over = over.map(|(_, name)| name.clone()).filter(|name| *name != item.name);
        item.parent = over.or_else(|| total.map(str::to_owned));
    }
}

/// Where the columns are measures of one thing (预算, 决算 of each project), what that is nobody says.
fn draw_one_item(sheet: &Sheet, yaml: &mut String) {
    let item = sheet.total();
    let _ = writeln!(yaml, "# vocabulary:   # todo: what all numbers of the table measure, by a name of your own");
    let _ = writeln!(yaml, "#   - item: {}", quoted(&item));
    let _ = writeln!(yaml, "# items: [{}]", quoted(&item));
    let _ = writeln!(yaml, "# context: {{ item: {} }}", quoted(&item));
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
        if settings.mappings.vocabulary.item(&name).is_some() || label.item.is_some() {
            name.push_str("（本表）");
        }
        New { name, unit, unit_is_told, parent: None, label }
    }
}

fn draw_columns(outline: &Outline, named_by: Option<(&Labelled, ColumnRole)>, guesses: &Guesses, yaml: &mut String) {
    let mut lines: Vec<(&str, &Labelled)> = Vec::new();
    for label in &outline.columns {
        match named_by {
            Some((column, role)) if column == label && label.role != Some(role) => lines.push((role.word(), label)),
            Some((column, _)) if column == label => {}
            // Beside the column that names the rows, words are texts.
            _ if label.role.is_none() && label.means.is_none() => {
                let other = if named_by.is_some() { "text" } else { "label" };
                let guess = Guesses::of(&guesses.columns, &label.text);
                lines.push((guess.filter(|guess| !matches!(*guess, "project" | "entity")).unwrap_or(other), label));
            }
            _ => {}
        }
    }
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(yaml, "# columns:   # todo: what these columns are; see the README of the mappings");
    for (at, (role, _)) in lines.iter().enumerate() {
        // A role stands once, with all its labels.
        if lines[..at].iter().any(|(earlier, _)| earlier == role) {
            continue;
        }
        let labels = lines.iter().filter(|(other, _)| other == role);
        let labels: Vec<String> = labels.map(|(_, label)| quoted(&without_ordinal(&label.text))).collect();
        let _ = writeln!(yaml, "#   {role}: [{}]", labels.join(", "));
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
    for New { name, unit, unit_is_told, parent, .. } in new {
        let _ = writeln!(yaml, "  - item: {}", quoted(name));
        match (unit, parent) {
            // A count is no part of a sum of money.
            (Some(unit), _) if *unit_is_told => {
                let _ = writeln!(yaml, "    unit: {}", quoted(unit));
            }
            (Some(unit), _) => {
                let _ = writeln!(yaml, "    # unit: {}   # todo: a guess", quoted(unit));
            }
            (None, Some(parent)) => {
                let _ = writeln!(yaml, "    parent: {}", quoted(parent));
            }
            (None, None) => {}
        }
    }
}

/// The items that the form may give, so that no other label of the vocabulary is taken for one of its own.
fn draw_may_give(new: &[New<'_>], named: &[Labelled], total: Option<&str>, yaml: &mut String) {
    let mut items: Vec<&str> = total.into_iter().collect();
    let roots = new.iter().filter(|new| new.parent.is_none() || new.unit.is_some());
    items.extend(roots.map(|new| new.name.as_str()));
    let own = |label: &&Labelled| !new.iter().any(|new| new.label.text == label.text);
    for item in named.iter().filter(own).filter_map(|label| label.item.as_deref()) {
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

/// True where each label says its own measure, because there are rates among them.
fn draw_labels(new: &[New<'_>], known: &[&Labelled], told: &[Labelled], guesses: &Guesses, yaml: &mut String) -> bool {
    // Beside items, a rate of one of them.
    let rates: Vec<(&New<'_>, &str)> = new
        .iter()
        .filter(|_| told.is_empty())
        .filter_map(|new| Some((new, Guesses::of(&guesses.measures, &new.label.text)?)))
        .filter(|(_, measure)| *measure != "final")
        .collect();
    // A label that is written otherwise than its item; with rates, each label is told below.
    let renamed: Vec<&New<'_>> = new
        .iter()
        .filter(|_| rates.is_empty())
        .filter(|new| Label::new(&new.label.text) != Label::new(&new.name) && new.label.unit.is_none())
        .collect();
    let unknown: Vec<&Labelled> = told.iter().filter(|label| label.means.is_none() && label.role.is_none()).collect();
    let head = if renamed.is_empty() { "# labels:" } else { "labels:" };
    if !renamed.is_empty() || !unknown.is_empty() || !rates.is_empty() || !known.is_empty() {
        let _ = writeln!(yaml, "{head}");
    }
    for New { name, label, .. } in renamed {
        let elsewhere = label.item.as_ref().map(|item| format!("   # elsewhere {item}: that of the unit as a whole"));
        let elsewhere = elsewhere.unwrap_or_default();
        let _ = writeln!(yaml, "  {}: {{ item: {} }}{elsewhere}", quoted(&label.text), quoted(name));
    }
    // A measure of `context` holds only where no label says one: with a rate among them, each says its own.
    for New { name, label, .. } in new.iter().filter(|_| !rates.is_empty()) {
        let rate = rates.iter().find(|(other, _)| other.name == *name).map(|(_, measure)| *measure);
        let item = if rate.is_some() { &new[0].name } else { name };
        let (label, item, measure) = (quoted(&label.text), quoted(item), rate.unwrap_or("final"));
        let note = if rate.is_some() { "a guess; then no item of its own" } else { "a guess" };
        let _ = writeln!(yaml, "#   {label}: {{ item: {item}, measure: {measure} }}   # todo: {note}");
    }
    for label in known {
        let item = quoted(label.item.as_deref().unwrap_or_default());
        let measure = if rates.is_empty() { "" } else { ", measure: final" };
        let label = quoted(&label.text);
        let _ =
            writeln!(yaml, "#   {label}: {{ item: {item}{measure} }}   # todo: known so elsewhere; is it that here?");
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
    !rates.is_empty()
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
