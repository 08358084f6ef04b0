use std::collections::BTreeMap;

use juesuan::present::{self, Cause, Change, Comparison, DocumentChange, FigureChange, FindingChange, NoPair};
use juesuan::wording::{self, safe};
use serde_json::{Value, json};

use super::args::{CompareArgs, TrendFormat};
use super::exit::Exit;
use super::failed::Failed;
use super::grid::{Side, aligned, shortened};
use super::output::data;
use super::settings::{Speaker, Told};
use super::trend::field;

/// Columns that a text of the table takes at most.
const CELL: usize = 40;

/// Prints what differs between two snapshots.
pub(crate) fn run(args: &CompareArgs, told: &Told<'_>, speaker: Speaker) -> Result<Exit, Failed> {
    let dataset = told.dataset(args.dataset.as_ref())?.value;
    let pair = match (&args.since, args.snapshots.as_slice()) {
        (Some(date), []) => match micros(date) {
            Some(time) => present::since(&dataset, time),
            None => return Err(Failed::wrong_use(no_date(date, speaker), date_help(speaker))),
        },
        (None, []) => present::named(&dataset, "previous", "current"),
        (None, [older, newer]) => present::named(&dataset, older, newer),
        _ => {
            let error = speaker.say("要么给出两个快照，要么用 --since", "give two snapshots, or --since DATE");
            return Err(Failed::wrong_use(error, ""));
        }
    };
    let comparison = match pair {
        Ok(pair) => present::compare(&pair)?,
        Err(NoPair::Store(error)) => return Err(error.into()),
        Err(NoPair::NoSuch(name, there)) => {
            let name = safe(&name);
            let error =
                speaker.say(format!("没有快照 `{name}`（或不止一个）"), format!("no snapshot `{name}`, or several"));
            let there = there.join(", ");
            let help = speaker.say(format!("现有快照：{there}"), format!("there are: {there}"));
            return Err(Failed::wrong_use(error, help));
        }
        Err(NoPair::NoOlder(oldest)) => {
            let error = speaker.say("没有更早的快照".to_owned(), "there is no snapshot as old as that".to_owned());
            let help = speaker.say(
                format!("最早的是 {oldest}；--keep 可多保留一些"),
                format!("the oldest is {oldest}; import with --keep N to keep more"),
            );
            return Err(Failed::wrong_use(error, help));
        }
    };
    let text = match args.format {
        TrendFormat::Table => table(&comparison, speaker),
        TrendFormat::Json => format!("{:#}\n", as_json(&comparison)),
        TrendFormat::Csv => as_csv(&comparison),
    };
    data(&text)?;
    Ok(Exit::Done)
}

fn no_date(date: &str, speaker: Speaker) -> String {
    let date = safe(date);
    speaker.say(format!("`{date}` 不是日期"), format!("`{date}` is no date"))
}

fn date_help(speaker: Speaker) -> &'static str {
    speaker.say(
        "写作 2026-11-25 或 2026-11-25T02:00+08:00；没有时区时为 UTC",
        "write 2026-11-25 or 2026-11-25T02:00+08:00; UTC where no zone is given",
    )
}

/// Microseconds since 1970 of `2026-11-25`, `2026-11-25T02:00`, `2026-11-25T02:00:00Z` or `2026-11-25T02:00+08:00`.
fn micros(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00"));
    let number = |text: &str, most: i64| -> Option<i64> {
        let digits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| digits && *number <= most)
    };
    let (time, zone) = match time.find(['+', '-', 'Z']) {
        Some(at) => (&time[..at], &time[at..]),
        None => (time, "Z"),
    };
    let mut parts = date.splitn(3, '-').map(|part| number(part, 9999));
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let mut parts = time.splitn(3, ':').map(|part| number(part, 59));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let offset = match zone {
        "Z" => 0,
        _ => {
            let (hours, minutes) = zone[1..].split_once(':')?;
            let offset = number(hours, 23)? * 60 + number(minutes, 59)?;
            if zone.starts_with('-') { -offset } else { offset }
        }
    };
    let valid = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24;
    // Days are counted from 1 March of year 0, so that the leap day is the last of its year.
    let (shifted_year, shifted_month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * shifted_year + shifted_year / 4 - shifted_year / 100
        + shifted_year / 400
        + (153 * shifted_month + 2) / 5
        + (day - 1)
        - 719_468;
    valid.then(|| ((days * 24 + hour) * 60 + minute - offset) * 60 + second).map(|seconds| seconds * 1_000_000)
}

fn change_word(change: Change, speaker: Speaker) -> &'static str {
    match change {
        Change::Added => speaker.say("新增", change.word()),
        Change::Deleted => speaker.say("删除", change.word()),
        Change::Modified => speaker.say("改变", change.word()),
    }
}

fn cause_word(cause: Cause, speaker: Speaker) -> &'static str {
    let (chinese, english) = match cause {
        Cause::NewDocument => ("新文件", "new document"),
        Cause::ChangedContent => ("内容变更", "changed content"),
        Cause::RemovedDocument => ("文件移除", "removed document"),
        Cause::MovedDocument => ("文件换位", "moved document"),
        Cause::Replaced => ("声明替代", "declared replaced"),
        Cause::Program => ("程序版本", "program version"),
        Cause::Mapping => ("映射文件", "mapping"),
        Cause::Codes => ("科目表", "code list"),
        Cause::Registry => ("单位名录", "registry"),
        Cause::Checks => ("检查设置", "checks"),
        Cause::OtherDocuments => ("其他文件", "other documents"),
    };
    speaker.say(chinese, english)
}

fn causes(causes: &[Cause], speaker: Speaker) -> String {
    causes.iter().map(|cause| cause_word(*cause, speaker)).collect::<Vec<_>>().join(speaker.say("、", ", "))
}

/// For people: documents, figures and findings one below the other.
fn table(comparison: &Comparison, speaker: Speaker) -> String {
    let Comparison { older, newer, documents, figures, findings } = comparison;
    let mut text = format!("{older} → {newer}\n");
    if documents.is_empty() && figures.is_empty() && findings.is_empty() {
        text.push_str(speaker.say("没有变化\n", "nothing changed\n"));
        return text;
    }
    let count = |chinese: &str, english: &str, number: usize| {
        speaker.say(format!("\n{chinese}：{number}\n"), format!("\n{english}: {number}\n"))
    };
    text.push_str(&count("文件", "documents", documents.len()));
    // The figures of a document that came or left are all new or gone: they are counted.
    let mut with_document: BTreeMap<&str, usize> = BTreeMap::new();
    let (whole, figures): (Vec<&FigureChange>, Vec<&FigureChange>) =
        figures.iter().partition(|change| matches!(change.cause, Cause::NewDocument | Cause::RemovedDocument));
    for change in &whole {
        *with_document.entry(&change.document_path).or_default() += 1;
    }
    let figures_of = |path: &str| with_document.get(path).copied().unwrap_or_default();
    let rows: Vec<Vec<String>> =
        documents.iter().map(|change| document_line(change, figures_of(&change.path), speaker)).collect();
    text.push_str(&aligned(&rows, &[Side::Left, Side::Left, Side::Left, Side::Right, Side::Left], "  "));
    text.push_str(&count("数字", "figures", figures.len()));
    if !whole.is_empty() {
        let count = whole.len();
        text.push_str(&speaker.say(
            format!("  （另有 {count} 个随文件新增或移除，--format csv 列出全部）\n"),
            format!("  (and {count} that came or left with their documents; --format csv lists all)\n"),
        ));
    }
    let rows: Vec<Vec<String>> = figures.iter().map(|change| figure_line(change, speaker)).collect();
    let sides = [
        Side::Left,
        Side::Left,
        Side::Left,
        Side::Left,
        Side::Left,
        Side::Right,
        Side::Left,
        Side::Right,
        Side::Left,
        Side::Left,
    ];
    text.push_str(&aligned(&rows, &sides, "  "));
    text.push_str(&count("发现", "findings", findings.len()));
    let rows: Vec<Vec<String>> = findings.iter().map(|change| finding_line(change, speaker)).collect();
    text.push_str(&aligned(&rows, &[Side::Left; 7], "  "));
    text
}

/// A document, and how many figures came or left with it.
fn document_line(change: &DocumentChange, figures: usize, speaker: Speaker) -> Vec<String> {
    let status = |word: &str| wording::document_status(word, speaker.language).to_owned();
    let moved = !change.old_path.is_empty() && change.old_path != change.path;
    let path =
        if moved { format!("{} → {}", safe(&change.old_path), safe(&change.path)) } else { safe(&change.path) };
    let statuses = match (change.old_status.as_str(), change.new_status.as_str()) {
        ("", new) => status(new),
        (old, "") => status(old),
        (old, new) if old == new => status(new),
        (old, new) => format!("{} → {}", status(old), status(new)),
    };
    let figures = match figures {
        0 => String::new(),
        _ => speaker.say(format!("{figures} 个数字"), format!("{figures} figures")),
    };
    let [change, cause] = [change_word(change.change, speaker), cause_word(change.cause, speaker)].map(str::to_owned);
    vec![change, path, statuses, figures, cause]
}

fn figure_line(change: &FigureChange, speaker: Speaker) -> Vec<String> {
    let key: Vec<&str> = change.key.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let value = |value: &str| if value.is_empty() { "—".to_owned() } else { value.to_owned() };
    let place = if change.new_place.is_empty() { &change.old_place } else { &change.new_place };
    vec![
        change_word(change.change, speaker).to_owned(),
        safe(&change.unit),
        change.fiscal_year.to_string(),
        safe(wording::form(&change.form, speaker.language)),
        shortened(&safe(&key.join(" ")), CELL),
        value(&change.old_value),
        "→".to_owned(),
        value(&change.new_value),
        format!("{} {}", safe(&change.document_path), safe(place)),
        cause_word(change.cause, speaker).to_owned(),
    ]
}

fn finding_line(change: &FindingChange, speaker: Speaker) -> Vec<String> {
    vec![
        speaker
            .say(if change.opened { "出现" } else { "消除" }, if change.opened { "OPENED" } else { "CLOSED" })
            .to_owned(),
        wording::severity(&change.severity, speaker.language).to_owned(),
        safe(&change.code),
        safe(&change.unit),
        change.fiscal_year.map(|year| year.to_string()).unwrap_or_default(),
        causes(&change.causes, speaker),
        // Last, because it may be long, and its end says most.
        safe(&change.message),
    ]
}

const KEY: [&str; 7] = ["entity", "item", "function", "economic", "funding", "measure", "base"];

fn as_json(comparison: &Comparison) -> Value {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let words = |causes: &[Cause]| causes.iter().map(|cause| cause.word()).collect::<Vec<_>>();
    let documents = comparison.documents.iter().map(|change| {
        json!({
            "change": change.change.word(),
            "path": change.path,
            "old_path": some(&change.old_path),
            "old_status": some(&change.old_status),
            "new_status": some(&change.new_status),
            "cause": change.cause.word(),
        })
    });
    let figures = comparison.figures.iter().map(|change| {
        let key: serde_json::Map<String, Value> =
            KEY.iter().zip(&change.key).map(|(name, part)| ((*name).to_owned(), json!(some(part)))).collect();
        json!({
            "change": change.change.word(),
            "unit_id": change.unit_id,
            "unit": change.unit,
            "fiscal_year": change.fiscal_year,
            "form": change.form,
            "key": key,
            "old_value": some(&change.old_value),
            "new_value": some(&change.new_value),
            "unit_of_measure": some(&change.unit_of_measure),
            "document_path": change.document_path,
            "old_place": some(&change.old_place),
            "new_place": some(&change.new_place),
            "cause": change.cause.word(),
        })
    });
    let findings = comparison.findings.iter().map(|change| {
        json!({
            "change": if change.opened { "OPENED" } else { "CLOSED" },
            "severity": change.severity,
            "code": change.code,
            "unit_id": some(&change.unit_id),
            "unit": some(&change.unit),
            "fiscal_year": change.fiscal_year,
            "form": some(&change.form),
            "message": change.message,
            "places": some(&change.places),
            "causes": words(&change.causes),
        })
    });
    json!({
        "older": comparison.older,
        "newer": comparison.newer,
        "documents": documents.collect::<Vec<_>>(),
        "figures": figures.collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
    })
}

/// One table for all three kinds; a column that does not apply is empty.
fn as_csv(comparison: &Comparison) -> String {
    let mut text = format!(
        "kind,change,cause,unit_id,unit,fiscal_year,form,{},old_value,new_value,unit_of_measure,document_path,\
         old_document_path,old_place,new_place,old_status,new_status,severity,code,message\r\n",
        KEY.join(",")
    );
    let mut line = |fields: Vec<&str>| {
        text.push_str(&fields.into_iter().map(field_or_number).collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    };
    for change in &comparison.documents {
        let mut fields = vec!["document", change.change.word(), change.cause.word()];
        fields.extend([""; 14]);
        fields.extend([&*change.path, &change.old_path, "", "", &change.old_status, &change.new_status, "", "", ""]);
        line(fields);
    }
    for change in &comparison.figures {
        let year = change.fiscal_year.to_string();
        let mut fields = vec!["figure", change.change.word(), change.cause.word()];
        fields.extend([&*change.unit_id, &change.unit, &year, &change.form]);
        fields.extend(change.key.iter().map(String::as_str));
        fields.extend([&*change.old_value, &change.new_value, &change.unit_of_measure, &change.document_path, ""]);
        fields.extend([&*change.old_place, &change.new_place, "", "", "", "", ""]);
        line(fields);
    }
    for change in &comparison.findings {
        let year = change.fiscal_year.map(|year| year.to_string()).unwrap_or_default();
        let causes = change.causes.iter().map(|cause| cause.word()).collect::<Vec<_>>().join(" ");
        let mut fields = vec!["finding", if change.opened { "OPENED" } else { "CLOSED" }, &causes];
        fields.extend([&*change.unit_id, &change.unit, &year, &change.form]);
        fields.extend([""; 12]);
        fields.extend(["", &*change.places, "", "", &change.severity, &change.code, &change.message]);
        line(fields);
    }
    text
}

/// A number stands as it is, also a negative one; anything else as a text that no spreadsheet runs.
fn field_or_number(text: &str) -> String {
    let number = text.strip_prefix('-').unwrap_or(text);
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain { text.to_owned() } else { field(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        let hour = 3_600_000_000;
        for (written, time) in [
            ("1970-01-01", Some(0)),
            ("2026-11-25", Some(1_795_564_800_000_000)),
            ("2026-11-25T02:00", Some(1_795_564_800_000_000 + 2 * hour)),
            ("2026-11-25T02:00:00Z", Some(1_795_564_800_000_000 + 2 * hour)),
            ("2026-11-25T02:00+08:00", Some(1_795_564_800_000_000 - 6 * hour)),
            ("2000-02-29", Some(951_782_400_000_000)),
            ("2026-13-01", None),
            ("昨天", None),
            ("2026-11", None),
        ] {
            assert_eq!(micros(written), time, "{written}");
        }
    }

    #[test]
    fn every_line_of_the_csv_has_every_column() {
        let figure = FigureChange {
            change: Change::Modified,
            unit_id: "u1".into(),
            unit: "某局".into(),
            fiscal_year: 2022,
            form: "three_public".into(),
            key: ["", "公务接待费", "", "", "", "final", ""].map(String::from),
            old_value: "-1.5".into(),
            new_value: "2".into(),
            unit_of_measure: "万元".into(),
            document_path: "a,b.xlsx".into(),
            old_place: "A1".into(),
            new_place: "A2".into(),
            cause: Cause::ChangedContent,
        };
        let finding = FindingChange {
            opened: true,
            severity: "error".into(),
            code: "facts::conflict".into(),
            unit_id: "u1".into(),
            unit: "某局".into(),
            fiscal_year: None,
            form: String::new(),
            message: "=1+1".into(),
            places: String::new(),
            causes: vec![Cause::NewDocument, Cause::Mapping],
        };
        let document = DocumentChange {
            change: Change::Added,
            path: "a.xlsx".into(),
            old_path: String::new(),
            old_status: String::new(),
            new_status: "ok".into(),
            cause: Cause::NewDocument,
        };
        let comparison = Comparison {
            documents: vec![document],
            figures: vec![figure],
            findings: vec![finding],
            ..Comparison::default()
        };
        let text = as_csv(&comparison);
        let columns = |line: &str| line.replace("\"a,b.xlsx\"", "x").split(',').count();
        let counts: Vec<usize> = text.trim_end().split("\r\n").map(columns).collect();
        assert_eq!(counts, [26; 4], "{text}");
        assert!(text.contains(",-1.5,2,万元,\"a,b.xlsx\",") && text.contains("'=1+1"), "{text}");
    }
}
