use juesuan::model::DocumentStatus;
use juesuan::present::{self, Completeness};
use juesuan::store::{self, StoreError, Summary};
use juesuan::wording::{self, safe};
use serde_json::{Value, json};

use super::args::StatusArgs;
use super::exit::Exit;
use super::failed::Failed;
use super::grid::{Side, aligned, shortened};
use super::output::data;
use super::settings::{Speaker, Told};
use super::written::LogFormat;

/// Columns that a unit's name takes at most.
const NAME: usize = 40;

/// Everything that `juesuan status` tells.
struct Status {
    dataset: String,
    snapshot: Option<String>,
    summary: Option<Summary>,
    runs: Vec<Value>,
    years: Vec<Completeness>,
}

/// Tells the last runs, what is published, and which forms each unit has.
pub(crate) fn run(args: &StatusArgs, told: &Told<'_>, speaker: Speaker) -> Result<Exit, Failed> {
    let dataset = told.dataset(args.dataset.as_ref())?.value;
    let status = status(args, &dataset)?;
    let text = match args.format {
        LogFormat::Json => format!("{:#}\n", status.to_json()),
        LogFormat::Text => status.told(speaker),
    };
    data(&text)?;
    Ok(Exit::Done)
}

fn status(args: &StatusArgs, dataset: &std::path::Path) -> Result<Status, StoreError> {
    let mut runs = store::runs(dataset, usize::MAX)?;
    mark_killed(&mut runs);
    runs.truncate(args.runs);
    let snapshot = store::snapshot_id(dataset)?;
    let mut years = match snapshot {
        Some(_) => present::completeness(dataset)?,
        None if runs.is_empty() => return Err(StoreError::NoSnapshot { dataset: dataset.to_owned() }),
        None => Vec::new(),
    };
    years.retain(|year| args.year.is_empty() || args.year.contains(&year.fiscal_year));
    let summary = store::summary(dataset)?;
    Ok(Status { dataset: dataset.display().to_string(), snapshot, summary, runs, years })
}

/// A run that did not end, and after which another one had the dataset, was killed: only one can have it at a time.
fn mark_killed(runs: &mut [Value]) {
    let mut later_one_had_it = false;
    for run in runs {
        if run["state"] == "running" && later_one_had_it {
            run["state"] = json!("killed");
        }
        later_one_had_it |= run["state"] == "ended" && run["exit"] != json!(Exit::Held as u8);
    }
}

impl Status {
    fn to_json(&self) -> Value {
        json!({
            "dataset": self.dataset,
            "snapshot": self.snapshot,
            "summary": self.summary.as_ref().map(Summary::to_json),
            "runs": self.runs,
            "completeness": self.years.iter().map(year_as_json).collect::<Vec<_>>(),
        })
    }

    fn told(&self, speaker: Speaker) -> String {
        let mut text = format!("{}{}\n", speaker.say("数据集：", "dataset: "), safe(&self.dataset));
        text.push_str(&format!("{}{}\n", speaker.say("快照：", "snapshot: "), self.snapshot_told(speaker)));
        text.push_str(&format!("\n{}\n", speaker.say("最近的运行", "last runs")));
        text.push_str(&runs_told(&self.runs, speaker));
        text.push_str(&self.matrix_told(speaker));
        text
    }

    /// Which forms each unit has, year by year; the forms have the same numbers in all years.
    fn matrix_told(&self, speaker: Speaker) -> String {
        let mut forms: Vec<&str> = Vec::new();
        for form in self.years.iter().flat_map(|year| &year.forms) {
            if !forms.contains(&form.as_str()) {
                forms.push(form);
            }
        }
        let mut text: String = self.years.iter().map(|year| year_told(year, &forms, speaker)).collect();
        if !forms.is_empty() {
            text.push_str(speaker.say(
                "\n✓ 已填  - 空表  ✗ 缺表  ? 存疑  . 不要求\n",
                "\n✓ filled  - blank  ✗ missing  ? ambiguous  . not due\n",
            ));
        }
        for (at, form) in forms.iter().enumerate() {
            text.push_str(&format!("{:>2} {}\n", at + 1, safe(wording::form(form, speaker.language))));
        }
        text
    }

    fn snapshot_told(&self, speaker: Speaker) -> String {
        let (Some(snapshot), Some(summary)) = (&self.snapshot, &self.summary) else {
            return speaker.say("还没有发布", "nothing was published yet").to_owned();
        };
        let statuses: Vec<String> = DocumentStatus::ALL
            .iter()
            .map(|status| (status.word(), summary.with_status(status.word())))
            .filter(|(_, count)| *count > 0)
            .map(|(word, count)| format!("{} {count}", wording::document_status(word, speaker.language)))
            .collect();
        format!("{snapshot}{}{}", speaker.say("；", "; "), statuses.join(speaker.say("，", ", ")))
    }
}

/// One line per run, the newest first.
fn runs_told(runs: &[Value], speaker: Speaker) -> String {
    let headers = speaker.say(
        ["开始 (UTC)", "命令", "退出码", "用时", "新", "变", "未变", "错误", "警告", ""],
        ["started", "command", "exit", "seconds", "new", "changed", "unchanged", "errors", "warnings", ""],
    );
    let mut rows = vec![headers.map(str::to_owned).to_vec()];
    let text = |value: &Value| match value {
        Value::Null => "—".to_owned(),
        Value::String(text) => safe(text),
        other => other.to_string(),
    };
    for run in runs {
        let state = match run["state"].as_str() {
            Some("killed") => speaker.say("被中断", "killed").to_owned(),
            Some("running") => speaker.say("运行中或被中断", "running or killed").to_owned(),
            _ => run["error"]["message"].as_str().map(safe).unwrap_or_default(),
        };
        let summary = &run["summary"];
        rows.push(vec![
            text(&run["started"]),
            text(&run["command"]),
            text(&run["exit"]),
            run["milliseconds"].as_u64().map_or("—".to_owned(), seconds),
            text(&summary["new"]),
            text(&summary["changed"]),
            text(&summary["unchanged"]),
            text(&summary["findings"]["error"]),
            text(&summary["findings"]["warning"]),
            state,
        ]);
    }
    let mut sides = [Side::Right; 10];
    (sides[0], sides[1], sides[9]) = (Side::Left, Side::Left, Side::Left);
    aligned(&rows, &sides, "  ")
}

/// Milliseconds as seconds with one decimal.
fn seconds(milliseconds: u64) -> String {
    let tenths = (milliseconds + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The matrix of a year: units below each other, forms by their numbers.
fn year_told(year: &Completeness, forms: &[&str], speaker: Speaker) -> String {
    let lacking = year.units.iter().filter(|unit| unit.statuses.contains(&Some("missing"))).count();
    let mut text = speaker.say(
        format!("\n{} 年度：{} 个单位，其中 {lacking} 个缺表\n", year.fiscal_year, year.units.len()),
        format!("\n{}: {} units, {lacking} lack a form\n", year.fiscal_year, year.units.len()),
    );
    let numbers = (1..=forms.len()).map(|number| number.to_string());
    let mut rows: Vec<Vec<String>> = vec![std::iter::once(String::new()).chain(numbers).collect()];
    for unit in &year.units {
        let marks = forms.iter().map(|form| {
            let at = year.forms.iter().position(|have| have == form);
            mark(at.and_then(|at| unit.statuses[at])).to_owned()
        });
        rows.push(std::iter::once(shortened(&safe(&unit.unit), NAME)).chain(marks).collect());
    }
    let mut sides = vec![Side::Right; forms.len() + 1];
    sides[0] = Side::Left;
    text.push_str(&aligned(&rows, &sides, "  "));
    text
}

/// Signs that are one column wide in every terminal.
fn mark(status: Option<&str>) -> &'static str {
    match status {
        Some("filled") => "✓",
        Some("blank") => "-",
        Some("missing") => "✗",
        Some(_) => "?",
        None => ".",
    }
}

fn year_as_json(year: &Completeness) -> Value {
    let units = year.units.iter().map(|unit| {
        let forms = year.forms.iter().zip(&unit.statuses).map(|(form, status)| (form.clone(), json!(status)));
        json!({ "unit_id": unit.unit_id, "unit": unit.unit, "forms": Value::Object(forms.collect()) })
    });
    json!({ "fiscal_year": year.fiscal_year, "forms": year.forms, "units": units.collect::<Vec<_>>() })
}
