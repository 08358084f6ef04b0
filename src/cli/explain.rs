use std::fmt::Write;

use juesuan::authoring::{self, ASSUMED_YEAR, Explained, Explanation, Suggested, Wanted};
use juesuan::mapping::Near;
use juesuan::model::{Fate, Label, Role, Says, Stands, Step};
use juesuan::pipeline::Settings;
use juesuan::recognise::{Fit, Tried};
use juesuan::wording::{self, safe};
use serde_json::{Value, json};

use super::args::ExplainArgs;
use super::config::Config;
use super::exit::Exit;
use super::failed::Failed;
use super::grid::{Side, aligned, shortened};
use super::inputs;
use super::output::data;
use super::paths::stored_path;
use super::settings::Speaker;
use super::written::LARGEST;
use super::written::LogFormat;

/// Columns that a word or what it says takes at most.
const CELL: usize = 44;

/// Tells why numbers of a file became the figures they are, or why not.
pub(crate) fn run(args: &ExplainArgs, config: &Config, speaker: Speaker) -> Result<Exit, Failed> {
    let mappings = args.mappings.as_ref().or(config.mappings.as_ref());
    let registry = args.units.as_ref().or(config.registry.as_ref());
    let mut settings = Settings::load(mappings.map(|path| &**path), registry.map(|path| &**path), false)?;
    let path = stored_path(&args.file);
    let bytes = inputs::read(&args.file, LARGEST).map_err(|unread| Failed::Unread(path.clone(), unread))?;
    let wanted = match (&args.cell, &args.figure) {
        (Some(place), _) => Wanted::Cell(place.clone()),
        (None, Some(item)) => Wanted::Figure(item.clone()),
        (None, None) => Wanted::Unnamed,
    };
    let explained = authoring::explain(&bytes, &path, &mut settings, &wanted);
    if explained.numbers.is_empty() && wanted != Wanted::Unnamed {
        return Err(nothing(&wanted, &explained, &settings, speaker));
    }
    let text = match args.format {
        LogFormat::Json => format!("{:#}\n", as_json(&explained)),
        LogFormat::Text => as_text(&explained, &wanted, speaker),
    };
    data(&text)?;
    Ok(Exit::Done)
}

/// No number is where one was looked for.
fn nothing(wanted: &Wanted, explained: &Explained, settings: &Settings, speaker: Speaker) -> Failed {
    let (error, help) = match wanted {
        Wanted::Figure(item) => {
            let near = settings.mappings.vocabulary.nearest(item);
            let known = settings.mappings.vocabulary.meaning(&Label::new(item)).is_some();
            let help = match (known, near.is_empty()) {
                (false, false) => speaker
                    .say(format!("最接近的项目：{}", near.join("、")), format!("nearest items: {}", near.join(", "))),
                _ => speaker.say("用 juesuan inspect 查看文件", "look at the file with juesuan inspect").to_owned(),
            };
            (
                speaker
                    .say(format!("没有项目“{}”的数字", safe(item)), format!("no number of the item `{}`", safe(item))),
                help,
            )
        }
        Wanted::Cell(place) => (
            speaker.say(format!("{} 处没有数字", safe(place)), format!("no number stands at `{}`", safe(place))),
            speaker
                .say(
                    "位置的写法见 juesuan inspect，例如 公开07表!L9、table 3 r5c2、paragraph 41",
                    "juesuan inspect writes places, such as 公开07表!L9, table 3 r5c2, paragraph 41",
                )
                .to_owned(),
        ),
        Wanted::Unnamed => (String::new(), String::new()),
    };
    let error = if explained.document.is_none() { safe(&explained.extracted.reason) } else { error };
    Failed::wrong_use(error, help)
}

// -------------------------------------------------------------------- JSON

fn as_json(explained: &Explained) -> Value {
    let extracted = &explained.extracted;
    json!({
        "path": extracted.path,
        "status": extracted.status.word(),
        "reason": extracted.reason,
        "refused": explained.refused,
        "forms": extracted.submission.forms.iter().map(|seen| json!({
            "form": &*seen.form,
            "known_by": seen.known_by,
            "place": seen.place.to_string(),
        })).collect::<Vec<_>>(),
        "titles_tried": explained.tried.iter().map(tried_as_json).collect::<Vec<_>>(),
        "numbers": explained.numbers.iter().map(number_as_json).collect::<Vec<_>>(),
    })
}

fn number_as_json(explanation: &Explanation) -> Value {
    let number = &explanation.number;
    json!({
        "text": number.text,
        "place": number.place.to_string(),
        "fate": number.fate.word(),
        "rule": &*number.rule,
        "form": explanation.form.as_ref().map(|seen| json!({
            "form": &*seen.form,
            "known_by": seen.known_by,
            "place": seen.place.to_string(),
        })),
        "path": explanation.steps.iter().map(|step| json!({
            "stands": step.stands.word(),
            "place": step.place.as_ref().map(ToString::to_string),
            "word": step.written,
            "role": step.role.word(),
            "says": says_as_json(&step.says),
            "so_far": says_as_json(&step.merged),
        })).collect::<Vec<_>>(),
        "figures": explanation.figures.iter().map(|figure| json!({
            "key": figure.key.to_string(),
            "item": &*figure.key.item,
            "measure": figure.key.measure.word(),
            "value": figure.value.to_string(),
            "unit_of_measure": &*figure.unit_of_measure,
            "rule": &*figure.rule,
        })).collect::<Vec<_>>(),
        "scores": explanation.scores.iter().map(|score| json!({
            "level1": score.level1,
            "level2": score.level2,
            "level3": score.level3,
            "weight": score.weight.map(|weight| weight.to_string()),
            "self_score": score.self_score.map(|score| score.to_string()),
        })).collect::<Vec<_>>(),
        "blocked_by": explanation.leftover.as_ref().map(|left| left.blocked_by.clone()),
        "findings": explanation.findings.iter().map(|finding| json!({
            "code": finding.word(),
            "message": wording::finding(finding, wording::Language::English),
        })).collect::<Vec<_>>(),
        "nearest": explanation.suggested.iter().map(|suggested| json!({
            "word": suggested.word,
            "used": false,
            "labels": suggested.near.iter().map(near_as_json).collect::<Vec<_>>(),
            "under": suggested.under,
            "heads_labels": suggested.heads_labels,
        })).collect::<Vec<_>>(),
        "titles_tried": explanation.tried.iter().map(tried_as_json).collect::<Vec<_>>(),
    })
}

fn says_as_json(says: &Says) -> Value {
    Value::Array(says.iter().map(|(name, value)| json!({ *name: value })).collect())
}

pub(crate) fn near_as_json(near: &Near) -> Value {
    json!({ "label": near.label, "distance": near.distance, "means": near.means })
}

fn tried_as_json(tried: &Tried) -> Value {
    let mut value = json!({ "place": tried.place.to_string(), "text": tried.text });
    match &tried.outcome {
        Fit::Title(form) => value["title_of"] = json!(&**form),
        Fit::Around { form, words } => {
            value["has_title_of"] = json!(&**form);
            value["not_understood"] = json!(words);
        }
        Fit::None(near) => value["nearest"] = json!(near.iter().map(near_as_json).collect::<Vec<_>>()),
        Fit::Labels { form, missing } => {
            value["has_labels_of"] = json!(&**form);
            value["missing"] = json!(missing);
        }
    }
    value
}

// -------------------------------------------------------------------- text

fn as_text(explained: &Explained, wanted: &Wanted, speaker: Speaker) -> String {
    let extracted = &explained.extracted;
    let mut text = String::new();
    let status = wording::document_status(extracted.status.word(), speaker.language);
    let _ = writeln!(text, "{}  {status}", safe(&extracted.path));
    if !extracted.reason.is_empty() {
        let _ = writeln!(text, "  {}", safe(&extracted.reason));
    }
    if let Some(refused) = &explained.refused {
        let _ = writeln!(
            text,
            "  {}",
            speaker.say(
                format!("import 不接收此文件：{}；以下按 {ASSUMED_YEAR} 年度解释", safe(refused)),
                format!("import refuses it: {}; explained as if it were of {ASSUMED_YEAR}", safe(refused)),
            )
        );
    }
    if *wanted == Wanted::Unnamed {
        draw_forms(explained, speaker, &mut text);
    }
    for explanation in &explained.numbers {
        draw_number(explanation, speaker, &mut text);
    }
    if *wanted == Wanted::Unnamed && explained.numbers.is_empty() {
        let _ =
            writeln!(text, "\n{}", speaker.say("已识别的表中没有剩下的数字", "no number of a known form is left over"));
    }
    text
}

/// How each form was recognised, and the headings that are no titles.
fn draw_forms(explained: &Explained, speaker: Speaker, text: &mut String) {
    let forms: Vec<Vec<String>> = explained
        .extracted
        .submission
        .forms
        .iter()
        .map(|seen| vec![seen.form.to_string(), seen.place.to_string(), shortened(&safe(&seen.known_by), CELL)])
        .collect();
    if !forms.is_empty() {
        let _ = writeln!(text, "\n{}", speaker.say("认出的报表，及其依据", "forms, and what made them known"));
        text.push_str(&aligned(&forms, &[Side::Left; 3], "  "));
    }
    // Headings of prose are no titles, and far from any: only what looks like one is told.
    let telling = |tried: &&Tried| match &tried.outcome {
        Fit::Title(_) => false,
        Fit::None(near) => !near.is_empty() || explained.extracted.submission.forms.is_empty(),
        _ => true,
    };
    let tried: Vec<&Tried> = explained.tried.iter().filter(telling).collect();
    if !tried.is_empty() {
        let _ = writeln!(text, "\n{}", speaker.say("不是标题的文字", "tried as titles, and what did not fit"));
        tried.into_iter().for_each(|tried| draw_tried(tried, speaker, text));
    }
}

fn draw_tried(tried: &Tried, speaker: Speaker, text: &mut String) {
    let outcome = match &tried.outcome {
        Fit::Title(form) => speaker.say(format!("是 {form} 的标题"), format!("title of {form}")),
        Fit::Around { form, words } => speaker.say(
            format!("含有 {form} 的标题，但“{}”既不是年度也不是单位名称", safe(words)),
            format!("has a title of {form}, but `{}` is neither a year nor an organisation", safe(words)),
        ),
        Fit::None(near) if near.is_empty() => speaker.say("不是标题", "no title").to_owned(),
        Fit::None(near) => speaker.say(
            format!("不是标题；最接近的（未采用）：{}", shown_near(near, speaker)),
            format!("no title; nearest (not used): {}", shown_near(near, speaker)),
        ),
        Fit::Labels { form, missing } => speaker.say(
            format!("有 {form} 的部分标签，缺：{}", missing.join("、")),
            format!("has labels of {form}, but not {}", missing.join(", ")),
        ),
    };
    let _ = writeln!(text, "  {}  {}  {outcome}", tried.place, shortened(&safe(&tried.text), CELL));
}

fn shown_near(near: &[Near], speaker: Speaker) -> String {
    let shown: Vec<String> =
        near.iter().map(|near| format!("{} [{}] {}", near.label, near.means, steps_away(near, speaker))).collect();
    shown.join(speaker.say("；", "; "))
}

fn steps_away(near: &Near, speaker: Speaker) -> String {
    speaker.say(format!("差 {} 字", near.distance), format!("{} off", near.distance))
}

fn draw_number(explanation: &Explanation, speaker: Speaker, text: &mut String) {
    let number = &explanation.number;
    let fate = wording::fate(number.fate, speaker.language);
    let _ = writeln!(text, "\n{}  {}  {fate}", number.place, safe(&number.text));
    match &explanation.form {
        Some(seen) => {
            let known = safe(&seen.known_by);
            let _ = writeln!(
                text,
                "  {}",
                speaker.say(
                    format!("报表 {}，依据 {} 的“{known}”", seen.form, seen.place),
                    format!("form {}, known by `{known}` at {}", seen.form, seen.place),
                )
            );
        }
        None => {
            let _ = writeln!(text, "  {}", speaker.say("不在任何已知报表中", "in no known form"));
        }
    }
    text.push_str(&aligned(&rows_of(&explanation.steps, speaker), &[Side::Left; 6], "  "));
    draw_outcome(explanation, speaker, text);
}

/// The words of a path; of a sentence only those behind the number before, for what was before is in what governs.
fn rows_of(steps: &[Step], speaker: Speaker) -> Vec<Vec<String>> {
    let own = steps.len().saturating_sub(1);
    let number_before = steps[..own].iter().rposition(|step| step.role == Role::Number);
    let mut rows = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let earlier = step.stands == Stands::Before && number_before.is_some_and(|number| at < number);
        if !earlier && step.role != Role::Mark {
            rows.push(row_of(step, speaker));
        }
    }
    rows
}

fn row_of(step: &Step, speaker: Speaker) -> Vec<String> {
    let written = match step.stands {
        Stands::Derived => wording::derived(&step.written, speaker.language).to_owned(),
        _ => safe(&step.written),
    };
    let merged = shown(&step.merged);
    vec![
        wording::stands(step.stands, speaker.language).to_owned(),
        step.place.as_ref().map(ToString::to_string).unwrap_or_default(),
        shortened(&written, CELL),
        wording::role(step.role, speaker.language).to_owned(),
        shortened(&shown(&step.says), CELL),
        if merged.is_empty() { String::new() } else { format!("→ {}", shortened(&merged, 2 * CELL)) },
    ]
}

/// Parts of a key as they are written in a mapping file.
fn shown(says: &Says) -> String {
    let parts: Vec<String> = says.iter().map(|(name, value)| format!("{name}: {}", safe(value))).collect();
    parts.join(", ")
}

fn draw_outcome(explanation: &Explanation, speaker: Speaker, text: &mut String) {
    for figure in &explanation.figures {
        let flags = if figure.flags.is_empty() { String::new() } else { format!("  ({})", figure.flags) };
        let _ = writeln!(
            text,
            "  = {} = {} {}{flags}",
            safe(&figure.key.to_string()),
            figure.value,
            figure.unit_of_measure
        );
    }
    for score in explanation.scores.iter().filter(|_| explanation.number.fate == Fate::Score) {
        let levels = [&score.level1, &score.level2, &score.level3].map(|level| safe(level));
        let path: Vec<String> = levels.into_iter().filter(|level| !level.is_empty()).collect();
        let _ = writeln!(text, "  = {}", path.join(" › "));
    }
    for field in explanation.texts.iter().filter(|_| explanation.number.fate == Fate::Text) {
        let _ = writeln!(text, "  = {}", safe(&field.item));
    }
    if let Some(leftover) = &explanation.leftover {
        let by = safe(&leftover.blocked_by);
        let _ = writeln!(
            text,
            "  ✗ {}",
            speaker.say(format!("未入库，因为：{by}"), format!("left over, blocked by: {by}"))
        );
    }
    for finding in &explanation.findings {
        let said = safe(&wording::finding(finding, speaker.language));
        let _ = writeln!(text, "  ! {} {said}", finding.word());
    }
    if matches!(explanation.number.fate, Fate::Ignored) {
        let rule = safe(&explanation.number.rule);
        let _ = writeln!(
            text,
            "  ~ {}",
            speaker.say(format!("按规则不是数值：{rule}"), format!("no value, by rule: {rule}"))
        );
    }
    for suggested in &explanation.suggested {
        draw_suggested(suggested, speaker, text);
    }
    for tried in &explanation.tried {
        draw_tried(tried, speaker, text);
    }
}

/// The known labels near a word that is not understood.
fn draw_suggested(suggested: &Suggested, speaker: Speaker, text: &mut String) {
    let word = safe(&suggested.word);
    let line = if !suggested.under.is_empty() {
        let under = safe(&suggested.under.join("、"));
        speaker.say(
            format!("“{word}”只在这些标签之下才有含义：{under}；此处都没有"),
            format!("`{word}` means something only under: {under}; none of these is known on the number's path"),
        )
    } else if suggested.heads_labels {
        speaker.say(
            format!("“{word}”在标签栏之上：请写 columns: {{ label: [{word}] }}，或该栏的其他种类"),
            format!("`{word}` heads the labels: write columns: {{ label: [{word}] }}, or what else the column is"),
        )
    } else if suggested.near.is_empty() {
        speaker.say(format!("“{word}”：没有接近的已知标签"), format!("`{word}`: no known label is near"))
    } else {
        let near = shown_near(&suggested.near, speaker);
        speaker.say(
            format!("“{word}”：最接近的已知标签（未采用）：{near}"),
            format!("`{word}`: nearest known labels (not used): {near}"),
        )
    };
    let _ = writeln!(text, "    {line}");
}
