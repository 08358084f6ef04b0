use juesuan::present::{self, FindingRow};
use juesuan::wording::{self, safe};
use serde_json::{Value, json};

use super::args::{CheckArgs, Least, TrendFormat};
use super::exit::Exit;
use super::failed::Failed;
use super::output::{data, message};
use super::settings::{Speaker, Told};
use super::trend::field;

/// Prints what was found wrong or doubtful, unit by unit: what a unit has to mend before its submission is accepted.
pub(crate) fn run(args: &CheckArgs, told: &Told<'_>, speaker: Speaker) -> Result<Exit, Failed> {
    let dataset = told.dataset(args.dataset.as_ref())?.value;
    let mut rows = present::findings(&dataset)?;
    rows.retain(|row| is_wanted(row, args));
    let text = match args.format {
        TrendFormat::Table => table(&rows, speaker),
        TrendFormat::Csv => csv(&rows),
        TrendFormat::Json => format!("{:#}\n", Value::Array(rows.iter().map(object).collect())),
    };
    data(&text)?;
    if rows.is_empty() {
        message(speaker.say("没有发现问题", "nothing was found"));
    }
    Ok(if rows.iter().any(|row| row.severity == "error") { Exit::Findings } else { Exit::Done })
}

fn is_wanted(row: &FindingRow, args: &CheckArgs) -> bool {
    let least = match args.least {
        Least::Error => &["error"][..],
        Least::Warning => &["error", "warning"],
        Least::Info => &["error", "warning", "info"],
    };
    let of_unit = args.unit.is_empty() || args.unit.iter().any(|unit| *unit == row.unit || *unit == row.unit_id);
    let of_year = args.year.is_empty() || row.fiscal_year.is_some_and(|year| args.year.contains(&year));
    of_unit && of_year && least.contains(&row.severity.as_str())
}

/// A block for each unit and year; below each finding where its numbers stand.
fn table(rows: &[FindingRow], speaker: Speaker) -> String {
    let mut text = String::new();
    for block in rows.chunk_by(|a, b| (&a.unit_id, a.fiscal_year) == (&b.unit_id, b.fiscal_year)) {
        if !text.is_empty() {
            text.push('\n');
        }
        let first = &block[0];
        let unit = if first.unit.is_empty() { speaker.say("（单位不明）", "(no unit)") } else { &*first.unit };
        let year = first.fiscal_year.map(|year| format!(" {year}")).unwrap_or_default();
        text.push_str(&format!("{}{year}\n", safe(unit)));
        for row in block {
            let severity = wording::severity(&row.severity, speaker.language);
            text.push_str(&format!("  {severity}[{}] {}\n", row.code, safe(&row.message)));
            if !row.documents.is_empty() {
                let places = if row.places.is_empty() { String::new() } else { format!("  {}", row.places) };
                text.push_str(&format!("    {}{}\n", safe(&row.documents.join(", ")), safe(&places)));
            }
        }
    }
    text
}

fn csv(rows: &[FindingRow]) -> String {
    let mut text = "unit_id,unit,fiscal_year,severity,code,form,message,places,documents\r\n".to_owned();
    for row in rows {
        let year = row.fiscal_year.map(|year| year.to_string()).unwrap_or_default();
        let documents = row.documents.join("; ");
        let fields = [
            &*row.unit_id,
            &*row.unit,
            &*year,
            &*row.severity,
            &*row.code,
            &*row.form,
            &*row.message,
            &*row.places,
            &*documents,
        ];
        text.push_str(&fields.map(field).join(","));
        text.push_str("\r\n");
    }
    text
}

fn object(row: &FindingRow) -> Value {
    json!({
        "unit_id": row.unit_id,
        "unit": row.unit,
        "fiscal_year": row.fiscal_year,
        "severity": row.severity,
        "code": row.code,
        "form": row.form,
        "message": row.message,
        "places": row.places,
        "documents": row.documents,
    })
}
