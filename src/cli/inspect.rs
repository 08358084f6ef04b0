use std::collections::HashMap;
use std::fmt::Write;

use juesuan::authoring;
use juesuan::model::Document;
use juesuan::model::{
    Block, DocumentStatus, Extracted, Fate, Figure, Finding, Leftover, NumberRecord, Place, Table, column_letters,
};
use juesuan::pipeline::{self, Settings};
use juesuan::present::{self, PageOptions};
use juesuan::read::Reason;
use juesuan::store::Incoming;
use juesuan::wording::{self, safe};
use serde_json::{Value, json};

use super::args::{InspectArgs, InspectFormat};
use super::exit::Exit;
use super::explain::near_as_json;
use super::failed::Failed;
use super::grid::{Side, aligned, shortened};
use super::inputs::{self, Unread};
use super::output::data;
use super::paths::stored_path;
use super::settings::{ReadingSettings, Speaker, Told};

/// Columns that a cell of a drawn table takes at most.
const CELL: usize = 24;

/// Shows what was read in one file and what became of it.
pub(crate) fn run(args: &InspectArgs, told: &Told<'_>, speaker: Speaker) -> Result<Exit, Failed> {
    let reading = ReadingSettings::of(&args.reading, told);
    let settings = reading.load()?;
    let path = stored_path(&args.file);
    let (document, extracted) = match inputs::read(&args.file, reading.max_file_size.value) {
        Ok(bytes) => pipeline::inspect(&bytes, &path, &settings),
        Err(unread @ Unread::Failed(_)) => return Err(Failed::Unread(path, unread)),
        Err(Unread::TooLarge(size)) => {
            let incoming = Incoming { path, ..Incoming::default() };
            (None, inputs::refused(&incoming, size, Reason::TooLarge, &format!("{size} 字节")))
        }
    };
    let text = match args.format {
        InspectFormat::Json => format!("{:#}\n", as_json(document.as_ref(), &extracted, &settings)),
        InspectFormat::Text => as_text(document.as_ref(), &extracted, &settings, speaker),
        InspectFormat::Html => {
            let with_personal_data = settings.with_personal_data;
            let options = PageOptions { language: speaker.language, with_personal_data, notice: None };
            present::page(document.as_ref(), &extracted, &[], options)
        }
    };
    data(&text)?;
    Ok(if extracted.status == DocumentStatus::Quarantined { Exit::Findings } else { Exit::Done })
}

/// Everything as JSON.
fn as_json(document: Option<&Document>, extracted: &Extracted, settings: &Settings) -> Value {
    let submission = &extracted.submission;
    json!({
        "document": {
            "document_id": extracted.document_id,
            "path": extracted.path,
            "bytes": extracted.bytes,
            "format": extracted.format,
            "encoding": none_if_empty(&extracted.encoding),
            "status": extracted.status.word(),
            "reason": none_if_empty(&extracted.reason),
            "unit_id": none_if_empty(&submission.unit_id),
            "unit": none_if_empty(&submission.unit),
            "fiscal_year": submission.fiscal_year,
            "scope_total": submission.scope_total,
            "blocks": document.map(|document| document.blocks.len()),
        },
        "numbers": submission.numbers.iter().map(number).collect::<Vec<_>>(),
        "figures": submission.figures.iter().map(|one| figure(one)).collect::<Vec<_>>(),
        "scores": submission.scores.iter().map(|score| json!({
            "form": &*score.form,
            "entity": none_if_empty(&score.entity),
            "scheme": score.scheme.as_deref(),
            "level1": none_if_empty(&score.level1),
            "level2": none_if_empty(&score.level2),
            "level3": none_if_empty(&score.level3),
            "weight": score.weight.map(|value| value.to_string()),
            "self_score": score.self_score.map(|value| value.to_string()),
            "place": score.place.to_string(),
        })).collect::<Vec<_>>(),
        "texts": submission.texts.iter().map(|field| json!({
            "form": &*field.form,
            "entity": none_if_empty(&field.entity),
            "item": field.item,
            "measure": none_if_empty(field.measure),
            "text": field.text,
            "place": field.place.to_string(),
            "rule": &*field.rule,
        })).collect::<Vec<_>>(),
        "leftovers": submission.leftovers.iter().map(|leftover| json!({
            "form": &*leftover.form,
            "place": leftover.place.to_string(),
            "value_as_written": leftover.value_as_written,
            "labels": leftover.labels,
            "blocked_by": leftover.blocked_by,
            "nearest": authoring::suggested(leftover, submission.fiscal_year, settings).iter().map(|suggested| json!({
                "word": suggested.word,
                "used": false,
                "labels": suggested.near.iter().map(near_as_json).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "findings": submission.findings.iter().map(finding).collect::<Vec<_>>(),
        "forms": submission.forms.iter().map(|seen| json!({
            "form": &*seen.form,
            "status": seen.status.word(),
            "known_by": seen.known_by,
            "place": seen.place.to_string(),
            "figures": seen.figures,
            "leftovers": seen.leftovers,
        })).collect::<Vec<_>>(),
    })
}

fn none_if_empty(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn number(record: &NumberRecord) -> Value {
    let mut number = json!({ "text": record.text, "place": record.place.to_string() });
    if let Some(offset) = record.offset {
        number["offset"] = json!(offset);
    }
    number["fate"] = json!(record.fate.word());
    number["rule"] = json!(&*record.rule);
    number["form"] = json!(none_if_empty(&record.form));
    number
}

fn figure(figure: &Figure) -> Value {
    let key = &figure.key;
    json!({
        "form": &*figure.form,
        "fiscal_year": figure.fiscal_year,
        "entity": none_if_empty(&key.entity),
        "item": &*key.item,
        "function": none_if_empty(&key.function),
        "economic": none_if_empty(&key.economic),
        "funding": key.funding.map(|funding| funding.word()),
        "measure": key.measure.word(),
        "base": none_if_empty(&key.base),
        "value": figure.value.to_string(),
        "unit_of_measure": &*figure.unit_of_measure,
        "value_as_written": figure.value_as_written,
        "decimals": figure.decimals,
        "label": figure.label,
        "place": figure.place.to_string(),
        "rule": &*figure.rule,
        "flags": none_if_empty(&figure.flags),
        "level": figure.level,
        "leaf": figure.leaf,
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.word(),
        "severity": finding.severity().word(),
        "form": none_if_empty(&finding.form),
        "subject": finding.subject,
        "message": wording::finding(finding, wording::Language::Chinese),
        "expected": finding.expected,
        "actual": finding.actual,
        "difference": finding.difference,
        "places": finding.places.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// What became of the numbers in each cell or paragraph, as marks behind its text.
struct Marks<'a> {
    by_place: HashMap<Place, Vec<&'a NumberRecord>>,
    speaker: Speaker,
}

impl<'a> Marks<'a> {
    fn new(numbers: &'a [NumberRecord], speaker: Speaker) -> Marks<'a> {
        let mut by_place: HashMap<Place, Vec<&NumberRecord>> = HashMap::new();
        for record in numbers {
            by_place.entry(record.place.whole()).or_default().push(record);
        }
        Marks { by_place, speaker }
    }

    /// One mark per number of a place.
    fn of(&self, place: &Place) -> String {
        let records = self.by_place.get(place).map(Vec::as_slice).unwrap_or_default();
        records.iter().map(|record| mark(record.fate)).collect()
    }

    fn legend(&self) -> String {
        let marks: Vec<String> = Fate::ALL
            .iter()
            .map(|fate| format!("{} {}", mark(*fate), wording::fate(*fate, self.speaker.language)))
            .collect();
        marks.join("  ")
    }
}

/// The mark of a number's fate.
fn mark(fate: Fate) -> char {
    match fate {
        Fate::Figure => '✓',
        Fate::Score => '*',
        Fate::Text => 't',
        Fate::Ignored => '~',
        Fate::Leftover => '?',
        Fate::Finding => '!',
        Fate::Outside => '-',
    }
}

/// Everything for a person: the document as it was read, then what was made of it.
fn as_text(document: Option<&Document>, extracted: &Extracted, settings: &Settings, speaker: Speaker) -> String {
    let submission = &extracted.submission;
    let mut text = String::new();
    let unknown = speaker.say("未知", "unknown");
    let year = submission.fiscal_year.map_or(unknown.to_owned(), |year| year.to_string());
    let unit = if submission.unit.is_empty() { unknown } else { &submission.unit };
    let status = wording::document_status(extracted.status.word(), speaker.language);
    let _ = writeln!(text, "{}  {}  {status}", safe(&extracted.path), extracted.format);
    if !extracted.reason.is_empty() {
        let _ = writeln!(text, "  {}", safe(&extracted.reason));
    }
    let _ = writeln!(text, "{}：{}  {}：{year}", speaker.say("单位", "unit"), safe(unit), speaker.say("年度", "year"));
    if let Some(document) = document {
        let marks = Marks::new(&submission.numbers, speaker);
        let _ = writeln!(text, "\n{}", marks.legend());
        // Personal data are masked among the numbers, but stand in the paragraphs: their text is left out.
        let hidden: Vec<&str> = match settings.with_personal_data {
            true => Vec::new(),
            false => submission.texts.iter().filter(|field| field.personal).map(|field| field.text.as_str()).collect(),
        };
        for block in &document.blocks {
            draw(block, &marks, &hidden, &mut text);
        }
    }
    draw_rows(extracted, settings, speaker, &mut text);
    text
}

fn draw(block: &Block, marks: &Marks<'_>, hidden: &[&str], text: &mut String) {
    match block {
        Block::Paragraph(paragraph) => {
            let place = paragraph.place();
            let _ = writeln!(text, "\n{place}: {} {}", masked(&paragraph.text, hidden), marks.of(&place));
        }
        Block::Table(table) => draw_table(table, marks, hidden, text),
    }
}

/// A table with its rows and columns named as places name them; a merged cell's text stands at its anchor only.
fn draw_table(table: &Table, marks: &Marks<'_>, hidden: &[&str], text: &mut String) {
    let sheet = table.sheet.as_deref().map(|sheet| format!(" {}", safe(sheet))).unwrap_or_default();
    let _ = writeln!(text, "\ntable {}{sheet} {}×{}", table.number, table.height(), table.width());
    let is_sheet = table.sheet.is_some();
    let name = |column: &u32| if is_sheet { column_letters(*column) } else { format!("c{column}") };
    let mut rows = vec![std::iter::once(String::new()).chain(table.columns.iter().map(name)).collect::<Vec<_>>()];
    for row in 0..table.height() {
        let number = table.rows[row];
        let mut line = vec![if is_sheet { number.to_string() } else { format!("r{number}") }];
        for column in 0..table.width() {
            line.push(match table.at(row, column) {
                Some(cell) if cell.row == row && cell.column == column => {
                    let marks = marks.of(&table.place(cell));
                    let cell = shortened(&masked(&cell.text, hidden), CELL);
                    if marks.is_empty() { cell } else { format!("{cell} {marks}") }
                }
                Some(_) => "·".to_owned(),
                None => String::new(),
            });
        }
        rows.push(line);
    }
    text.push_str(&aligned(&rows, &vec![Side::Left; table.width() + 1], "  "));
}

/// A text on one line, without control characters and without what is not to be shown.
fn masked(text: &str, hidden: &[&str]) -> String {
    let mut shown = text.replace(['\r', '\n', '\t'], " ");
    for secret in hidden.iter().filter(|secret| !secret.is_empty()) {
        shown = shown.replace(secret, "***");
    }
    safe(&shown)
}

/// Forms, figures, scores, leftovers, findings and the account of numbers.
fn draw_rows(extracted: &Extracted, settings: &Settings, speaker: Speaker, text: &mut String) {
    let submission = &extracted.submission;
    let mut section = |title: &str, rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            let _ = writeln!(text, "\n{title} ({})", rows.len());
            let rows: Vec<Vec<String>> =
                rows.into_iter().map(|row| row.iter().map(|cell| safe(cell)).collect()).collect();
            text.push_str(&aligned(&rows, &[Side::Left; 5], "  "));
        }
    };
    let forms = submission.forms.iter().map(|seen| {
        let name = wording::form(&seen.form, speaker.language).to_owned();
        let status = wording::form_status(seen.status.word(), speaker.language).to_owned();
        vec![
            name,
            status,
            format!("✓{} ?{}", seen.figures, seen.leftovers),
            seen.place.to_string(),
            seen.known_by.clone(),
        ]
    });
    section(speaker.say("报表", "forms"), forms.collect());
    let figures = submission.figures.iter().map(|figure| {
        let value = format!("{} {}", figure.value, figure.unit_of_measure);
        vec![figure.key.to_string(), value, figure.place.to_string(), figure.form.to_string(), figure.flags.clone()]
    });
    section(speaker.say("数字", "figures"), figures.collect());
    let scores = submission.scores.iter().map(|score| {
        let levels = [&score.level1, &score.level2, &score.level3].map(|level| level.as_str());
        let levels: Vec<&str> = levels.into_iter().filter(|level| !level.is_empty()).collect();
        let shown = |value: Option<rust_decimal::Decimal>| value.map_or("—".to_owned(), |value| value.to_string());
        let points = format!("{} / {}", shown(score.self_score), shown(score.weight));
        vec![levels.join(" › "), points, score.place.to_string(), score.form.to_string()]
    });
    section(speaker.say("得分", "scores"), scores.collect());
    let leftovers = submission.leftovers.iter().map(|leftover| {
        vec![
            leftover.value_as_written.clone(),
            leftover.place.to_string(),
            leftover.labels.clone(),
            leftover.blocked_by.clone(),
            nearest(leftover, submission.fiscal_year, settings, speaker),
        ]
    });
    section(speaker.say("未识别", "leftovers"), leftovers.collect());
    let findings = submission.findings.iter().map(|finding| {
        let places: Vec<String> = finding.places.iter().map(ToString::to_string).collect();
        let severity = wording::severity(finding.severity().word(), speaker.language);
        let code = format!("{severity}[{}]", finding.word());
        vec![code, places.join("; "), wording::finding(finding, speaker.language)]
    });
    section(speaker.say("发现", "findings"), findings.collect());
    let mut counts = [0_usize; Fate::ALL.len()];
    for record in &submission.numbers {
        counts[record.fate as usize] += 1;
    }
    let parts: Vec<String> = Fate::ALL
        .iter()
        .zip(counts)
        .map(|(fate, count)| format!("{} {count}", wording::fate(*fate, speaker.language)))
        .collect();
    let total: usize = counts.iter().sum();
    let _ = writeln!(text, "\n{}：{} = {total}", speaker.say("数字账", "numbers"), parts.join(" + "));
}

/// The known labels nearest to the word that left a number over; none of them is used.
fn nearest(leftover: &Leftover, fiscal_year: Option<i32>, settings: &Settings, speaker: Speaker) -> String {
    let suggested = authoring::suggested(leftover, fiscal_year, settings);
    let near: Vec<&str> =
        suggested.iter().flat_map(|suggested| &suggested.near).map(|near| near.label.as_str()).collect();
    if near.is_empty() {
        return String::new();
    }
    format!("{}{}", speaker.say("最接近的已知标签（未采用）：", "nearest known, not used: "), near.join("、"))
}
