use juesuan::present::{self, Stated, TrendRow};
use juesuan::wording::safe;
use serde_json::{Value, json};

use super::args::{TrendArgs, TrendFormat};
use super::exit::Exit;
use super::failed::Failed;
use super::grid::{Side, aligned};
use super::output::{data, message};
use super::settings::{Speaker, Told};

/// Prints the trend in the format that was asked for.
pub(crate) fn run(args: &TrendArgs, told: &Told<'_>, speaker: Speaker) -> Result<Exit, Failed> {
    let dataset = told.dataset(args.dataset.as_ref())?.value;
    let rows = present::trend(&dataset, &args.unit)?;
    if rows.is_empty() && !args.unit.is_empty() {
        let error = speaker.say(
            format!("没有单位 {} 的“三公”经费", args.unit.join("、")),
            format!("no three public expenses of {}", args.unit.join(", ")),
        );
        let help = speaker
            .say("单位名称须与 figures 表中的 unit 或 unit_id 相同", "give `unit` or `unit_id` as in table figures");
        return Err(Failed::wrong_use(safe(&error), help));
    }
    if rows.is_empty() {
        message(speaker.say(
            "数据集中没有“三公”经费；其他数字在 figures 表中",
            "the dataset has no three public expenses; other figures stand in table figures",
        ));
    }
    let text = match args.format {
        TrendFormat::Table => table(&rows, speaker),
        TrendFormat::Csv => csv(&rows),
        TrendFormat::Json => format!("{:#}\n", Value::Array(rows.iter().map(object).collect())),
    };
    data(&text)?;
    if args.format == TrendFormat::Table && rows.iter().any(has_conflict) {
        message(speaker.say(
            "! 各处数字互相矛盾，见 findings 表中的 facts::conflict",
            "! documents contradict each other, see facts::conflict in table findings",
        ));
    }
    Ok(Exit::Done)
}

fn has_conflict(row: &TrendRow) -> bool {
    [&row.budget, &row.final_amount, &row.change, &row.change_rate].into_iter().flatten().any(|value| value.conflict)
}

/// One block per unit, one line per item and year.
fn table(rows: &[TrendRow], speaker: Speaker) -> String {
    let mut text = String::new();
    for unit in rows.chunk_by(|a, b| a.unit_id == b.unit_id) {
        if !text.is_empty() {
            text.push('\n');
        }
        let name = safe(&unit[0].unit);
        let id = safe(&unit[0].unit_id);
        text.push_str(&if name == id { format!("{name}\n") } else { format!("{name} ({id})\n") });
        let headers = speaker.say(
            ["项目（万元）", "年度", "预算数", "决算数", "增减额", "增减率%"],
            ["item (万元)", "year", "budget", "final", "change", "change %"],
        );
        let mut lines = vec![headers.map(str::to_owned).to_vec()];
        for item in unit.chunk_by(|a, b| a.item == b.item) {
            for (at, row) in item.iter().enumerate() {
                lines.push(vec![
                    if at == 0 { row.item.to_owned() } else { String::new() },
                    row.fiscal_year.to_string(),
                    marked(&row.budget),
                    marked(&row.final_amount),
                    marked(&row.change),
                    marked(&row.change_rate),
                ]);
            }
        }
        let sides = [Side::Left, Side::Left, Side::Right, Side::Right, Side::Right, Side::Right];
        text.push_str(&aligned(&lines, &sides, "  "));
    }
    text
}

/// A value with `!` where it is in conflict; `—` for a gap.
fn marked(value: &Option<Stated>) -> String {
    match value {
        None => "— ".to_owned(),
        Some(Stated { value, conflict: true }) => format!("{}!", at_least_two_decimals(value)),
        Some(Stated { value, conflict: false }) => format!("{} ", at_least_two_decimals(value)),
    }
}

/// Amounts and rates below one another read best with as many decimals; more than two are shown where there are more.
fn at_least_two_decimals(value: &str) -> String {
    let decimals = value.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    match decimals {
        0 => format!("{value}.00"),
        1 => format!("{value}0"),
        _ => value.to_owned(),
    }
}

fn csv(rows: &[TrendRow]) -> String {
    let mut text = "unit_id,unit,item,fiscal_year,budget,final,change,change_rate,conflict\r\n".to_owned();
    for row in rows {
        let number = |value: &Option<Stated>| value.as_ref().map(|value| value.value.clone()).unwrap_or_default();
        let fields = [
            field(&row.unit_id),
            field(&row.unit),
            field(row.item),
            row.fiscal_year.to_string(),
            number(&row.budget),
            number(&row.final_amount),
            number(&row.change),
            number(&row.change_rate),
            has_conflict(row).to_string(),
        ];
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A text as a CSV field that no spreadsheet takes for a formula.
pub(crate) fn field(text: &str) -> String {
    let text = safe(text);
    let defused =
        if text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) { format!("'{text}") } else { text };
    if defused.contains(['"', ',']) { format!("\"{}\"", defused.replace('"', "\"\"")) } else { defused }
}

fn object(row: &TrendRow) -> Value {
    let number = |value: &Option<Stated>| value.as_ref().map(|value| value.value.clone());
    json!({
        "unit_id": row.unit_id,
        "unit": row.unit,
        "item": row.item,
        "fiscal_year": row.fiscal_year,
        "budget": number(&row.budget),
        "final": number(&row.final_amount),
        "change": number(&row.change),
        "change_rate": number(&row.change_rate),
        "conflict": has_conflict(row),
    })
}
