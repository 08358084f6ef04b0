use juesuan::model::Tally;
use juesuan::present::{self, CheckedRow, FindingRow};
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
    let checked = present::checked(&dataset)?;
    known(args, &checked, &rows, speaker)?;
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
    message(&held(checked.iter().filter(|row| is_of(&row.unit_id, &row.unit, row.fiscal_year, args)), speaker));
    Ok(if rows.iter().any(|row| row.severity == "error") { Exit::Findings } else { Exit::Done })
}

/// Every unit that is asked for was looked at. Of a name that nobody bears nothing is found, either: that must not look like a clean one.
fn known(args: &CheckArgs, checked: &[CheckedRow], rows: &[FindingRow], speaker: Speaker) -> Result<(), Failed> {
    let is_known = |unit: &String| {
        let is = |id: &str, name: &str| unit == id || unit == name;
        checked.iter().any(|row| is(&row.unit_id, &row.unit)) || rows.iter().any(|row| is(&row.unit_id, &row.unit))
    };
    let unknown: Vec<String> = args.unit.iter().filter(|unit| !is_known(unit)).map(|unit| safe(unit)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let error = speaker.say(
        format!("没有核对过单位 {}", unknown.join("、")),
        format!("nothing was checked of {}", unknown.join(", ")),
    );
    let help =
        speaker.say("单位名称须与 figures 表中的 unit 或 unit_id 相同", "give `unit` or `unit_id` as in table figures");
    Err(Failed::wrong_use(error, help))
}

fn is_wanted(row: &FindingRow, args: &CheckArgs) -> bool {
    let least = match args.least {
        Least::Error => &["error"][..],
        Least::Warning => &["error", "warning"],
        Least::Info => &["error", "warning", "info"],
    };
    is_of(&row.unit_id, &row.unit, row.fiscal_year, args) && least.contains(&row.severity.as_str())
}

/// It is of a unit and year that are asked for.
fn is_of(unit_id: &str, unit: &str, year: Option<i32>, args: &CheckArgs) -> bool {
    let of_unit = args.unit.is_empty() || args.unit.iter().any(|wanted| wanted == unit || wanted == unit_id);
    of_unit && (args.year.is_empty() || year.is_some_and(|year| args.year.contains(&year)))
}

/// Of how many rules that were due nothing was found: without it, that nothing was found says little.
fn held<'r>(rows: impl Iterator<Item = &'r CheckedRow>, speaker: Speaker) -> String {
    let (mut units, mut all) = (0, Tally::default());
    for CheckedRow { tally, .. } in rows {
        units += 1;
        all.exact += tally.exact;
        all.within_rounding += tally.within_rounding;
        all.last_digit += tally.last_digit;
        all.broken += tally.broken;
    }
    let Tally { exact, within_rounding, last_digit, broken } = all;
    let due = all.due();
    speaker.say(
        format!(
            "核对 {units} 个单位年度 {due} 项勾稽关系：一致 {exact}，四舍五入之内 {within_rounding}，末位不符 {last_digit}，不符 {broken}（checks 表）"
        ),
        format!(
            "checked {due} relations of {units} unit years: exact {exact}, within rounding {within_rounding}, off by a last digit {last_digit}, broken {broken} (table checks)"
        ),
    )
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
