use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use juesuan::model::Fate;
use juesuan::pipeline::Settings;
use juesuan::store::{self, CodeNames, Options, Published, StoreError, Summary};
use juesuan::wording::{self, safe};

use super::args::{FailOn, ImportArgs, LogFormat};
use super::exit::Exit;
use super::grid::{Side, aligned};
use super::inputs;
use super::output::{fail, message};
use super::settings::Speaker;

/// How many of the documents that could not be read are named.
const NAMED: usize = 10;

/// Imports documents and publishes the dataset.
pub(crate) fn run(args: &ImportArgs, speaker: Speaker) -> Exit {
    let settings = match Settings::load(args.mappings.as_deref(), args.units.as_deref(), args.with_personal_data) {
        Ok(settings) => settings,
        Err(error) => return told(args, speaker, Exit::WrongUse, &error.to_string(), ""),
    };
    let inputs = match inputs::list(&args.inputs, &args.dataset) {
        Ok(inputs) => inputs,
        Err(inputs::Missing(path)) => {
            let path = safe(&path.display().to_string());
            let error = speaker.say(format!("输入 `{path}` 不存在"), format!("input `{path}` does not exist"));
            let help = speaker.say("请检查路径；没有写入任何内容", "check the path; nothing was written");
            return told(args, speaker, Exit::WrongUse, &error, help);
        }
    };
    let threads = usize::from(args.jobs.unwrap_or_default());
    let pool = match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool,
        Err(error) => return told(args, speaker, Exit::Unfinished, &error.to_string(), ""),
    };

    let bar = progress_bar(args, speaker);
    let progress = |done: usize, all: usize| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    };
    let options = Options {
        mapping_version: &settings.mapping_version,
        now: now(),
        csv: args.csv,
        dry_run: args.dry_run,
        names: CodeNames { look_up: &|code, year| settings.code_name(code, year) },
        progress: &progress,
    };
    let published = pool.install(|| {
        let incoming = inputs::identify(&inputs);
        let extract = |incoming: &store::Incoming| inputs::extract(incoming, &inputs, &settings);
        store::publish(&args.dataset, &incoming, &extract, &options)
    });
    bar.finish_and_clear();
    match published {
        Ok(published) => {
            if !args.quiet {
                tell(args, speaker, inputs.len(), &published);
            }
            verdict(args.fail_on, &published.summary)
        }
        Err(error) => told(args, speaker, Exit::from(&error), &store_error(&error, speaker), help_for(&error, speaker)),
    }
}

/// Tells an error in the format that was asked for.
fn told(args: &ImportArgs, speaker: Speaker, exit: Exit, error: &str, help: &str) -> Exit {
    if args.log_format == LogFormat::Text {
        return fail(speaker, exit, error, help);
    }
    message(&serde_json::json!({ "event": "error", "exit": exit as u8, "message": error, "help": help }).to_string());
    exit
}

/// What a store error says to a person.
pub(crate) fn store_error(error: &StoreError, speaker: Speaker) -> String {
    let chinese = match error {
        StoreError::Held { dataset } => format!("另一个导入正在写入 `{}`", dataset.display()),
        StoreError::File { action, path, source } => {
            format!("文件操作失败（{action}）：`{}`：{source}", path.display())
        }
        StoreError::NoSnapshot { dataset } => format!("`{}` 中没有已发布的数据集", dataset.display()),
        StoreError::Table { detail } => format!("数据表无法读写：{detail}"),
    };
    safe(&speaker.say(chinese, error.to_string()))
}

/// What to do about a store error.
pub(crate) fn help_for(error: &StoreError, speaker: Speaker) -> &'static str {
    match error {
        StoreError::Held { .. } => speaker.say("等它结束后再试", "try again when it has ended"),
        StoreError::File { .. } => speaker
            .say("请检查权限和磁盘空间；原有快照未变", "check permissions and disk space; the snapshot before stands"),
        StoreError::NoSnapshot { .. } => {
            speaker.say("先运行 juesuan import … --dataset 文件夹", "run juesuan import … --dataset DIR first")
        }
        StoreError::Table { .. } => {
            speaker.say("原有快照未变；请报告此问题", "the snapshot before stands; please report this")
        }
    }
}

/// Microseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or_default()
}

/// A bar on stderr with rate and time left; hidden where stderr is no terminal.
fn progress_bar(args: &ImportArgs, speaker: Speaker) -> ProgressBar {
    if args.quiet || args.log_format == LogFormat::Json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let template = speaker.say(
        "{bar:30} {pos}/{len} 个文件  每秒 {per_sec}  剩余 {eta}",
        "{bar:30} {pos}/{len} documents  {per_sec}  {eta} left",
    );
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Whether what was found lets the command end well.
fn verdict(fail_on: FailOn, summary: &Summary) -> Exit {
    let [errors, warnings, _] = summary.findings;
    let bad = errors > 0 || summary.with_status("quarantined") > 0;
    let fails = match fail_on {
        FailOn::Error => bad,
        FailOn::Warning => bad || warnings > 0,
        FailOn::Never => false,
    };
    if fails { Exit::Findings } else { Exit::Done }
}

/// The closing summary, in the format that was asked for.
fn tell(args: &ImportArgs, speaker: Speaker, given: usize, published: &Published) {
    if args.log_format == LogFormat::Json {
        let mut event = serde_json::json!({
            "event": "summary",
            "inputs": given,
            "published": published.switched,
            "snapshot": published.snapshot.as_ref().map(|path| path.display().to_string()),
        });
        if let (Some(event), serde_json::Value::Object(summary)) = (event.as_object_mut(), published.summary.to_json())
        {
            event.extend(summary);
        }
        message(&event.to_string());
        return;
    }
    message(closing(args, speaker, given, published).trim_end());
}

fn closing(args: &ImportArgs, speaker: Speaker, given: usize, published: &Published) -> String {
    let summary = &published.summary;
    let mut text = documents(speaker, given, summary);
    text.push_str(&forms(speaker, summary));
    text.push_str(&numbers(speaker, summary));
    let [errors, warnings, infos] = summary.findings;
    text.push_str(&speaker.say(
        format!("发现：错误 {errors}，警告 {warnings}，提示 {infos}\n"),
        format!("findings: {errors} errors, {warnings} warnings, {infos} informations\n"),
    ));
    let dataset = safe(&args.dataset.display().to_string());
    text.push_str(&match (published.switched, args.dry_run) {
        (_, true) => speaker.say("只是检查，没有发布\n".to_owned(), "rehearsal: nothing was published\n".to_owned()),
        (true, _) => speaker.say(format!("数据集：{dataset}/current\n"), format!("dataset: {dataset}/current\n")),
        (false, _) => speaker.say(
            format!("没有变化；数据集仍是 {dataset}/current\n"),
            format!("nothing changed; the dataset is still {dataset}/current\n"),
        ),
    });
    text.push_str(&next(args, speaker, summary));
    text
}

/// Documents by status, and the first of those that could not be read, one line each.
fn documents(speaker: Speaker, given: usize, summary: &Summary) -> String {
    let statuses: Vec<String> = juesuan::model::DocumentStatus::ALL
        .iter()
        .map(|status| (status.word(), summary.with_status(status.word())))
        .filter(|(word, count)| *count > 0 || *word == "ok")
        .map(|(word, count)| format!("{} {count}", wording::document_status(word, speaker.language)))
        .collect();
    let Summary { new, changed, unchanged, .. } = summary;
    let mut text = speaker.say(
        format!(
            "文件：本次 {given} 个（新 {new}，变 {changed}，未变 {unchanged}）；数据集中：{}\n",
            statuses.join("，")
        ),
        format!(
            "documents: {given} given ({new} new, {changed} changed, {unchanged} unchanged); in the dataset: {}\n",
            statuses.join(", ")
        ),
    );
    for bad in summary.bad.iter().take(NAMED) {
        text.push_str(&format!("  {} {}：{}\n", speaker.paint(31, "✗"), safe(&bad.path), safe(&bad.reason)));
    }
    let count = summary.with_status("quarantined") as usize;
    if count > NAMED {
        let more = count - NAMED;
        text.push_str(&speaker.say(
            format!("  … 另有 {more} 个，见 documents 表\n"),
            format!("  … and {more} more, see table documents\n"),
        ));
    }
    text
}

/// For each form how often it is filled, blank, missing, ambiguous.
fn forms(speaker: Speaker, summary: &Summary) -> String {
    if summary.forms.is_empty() {
        return String::new();
    }
    let status = |word| wording::form_status(word, speaker.language).to_owned();
    let mut rows = vec![vec![
        speaker.say("报表", "form").to_owned(),
        status("filled"),
        status("blank"),
        status("missing"),
        status("ambiguous"),
    ]];
    for (form, counts) in &summary.forms {
        let mut row = vec![safe(wording::form(form, speaker.language))];
        row.extend(counts.iter().map(u64::to_string));
        rows.push(row);
    }
    aligned(&rows, &[Side::Left, Side::Right, Side::Right, Side::Right, Side::Right], "  ")
}

/// The account of numbers: fates and their total.
fn numbers(speaker: Speaker, summary: &Summary) -> String {
    let total: u64 = summary.numbers.iter().sum();
    let parts: Vec<String> = Fate::ALL
        .iter()
        .zip(summary.numbers)
        .map(|(fate, count)| format!("{} {count}", wording::fate(*fate, speaker.language)))
        .collect();
    speaker.say(
        format!("数字：{} = 合计 {total}\n", parts.join(" + ")),
        format!("numbers: {} = {total} in all\n", parts.join(" + ")),
    )
}

/// The next useful command.
fn next(args: &ImportArgs, speaker: Speaker, summary: &Summary) -> String {
    let command = match summary.bad.first() {
        Some(bad) => format!("juesuan inspect {}", quoted(&bad.path)),
        None if args.dry_run => "juesuan import …".to_owned(),
        None => format!("juesuan trend 三公 --dataset {}", quoted_path(&args.dataset)),
    };
    speaker.say(format!("下一步：{command}\n"), format!("next: {command}\n"))
}

fn quoted_path(path: &Path) -> String {
    quoted(&path.display().to_string())
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let word = safe(word);
    let plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
    if word.chars().all(plain) { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
}
