use std::path::Path;

use juesuan::model::{Checks, Fate};
use juesuan::pipeline::Settings;
use juesuan::store::{self, CodeNames, Incoming, Options, Published, Replacements, StoreError, Summary};
use juesuan::wording::{self, safe};
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use serde_json::{Value, json};

use super::args::ImportArgs;
use super::changes::Changes;
use super::exit::Exit;
use super::failed::{help_for, store_error};
use super::grid::{Side, aligned};
use super::inputs::{self, Listing};
use super::output::message;
use super::run::Session;
use super::settings::{ImportSettings, RunSettings, Speaker, Told, as_json};
use super::signals;
use super::written::FailOn;

/// How many of the documents that could not be read are named.
const NAMED: usize = 10;

/// Imports documents and publishes the dataset.
pub(crate) fn run(args: &ImportArgs, told: &Told<'_>, speaker: Speaker) -> Exit {
    signals::watch();
    let mut session = Session::new("import", &RunSettings::of(&args.run, told), speaker);
    let settings = match ImportSettings::of(args, told) {
        Ok(settings) => settings,
        Err(unset) => {
            let (error, help) = unset.told(speaker);
            return session.fail(Exit::WrongUse, error, help);
        }
    };
    let reading = match settings.reading.load() {
        Ok(reading) => reading,
        Err(error) => return fail_early(session, &settings, &error.shown(speaker.language), ""),
    };
    session.stage("look");
    let inputs = match inputs::list(&settings.inputs.value, &own(&settings, told)) {
        Ok(inputs) => inputs,
        Err(inputs::Missing(path)) => {
            let (error, help) = missing(&path, speaker);
            return fail_early(session, &settings, &error, help);
        }
    };
    open(&mut session, &settings, &reading, told, inputs.files.len());
    let made = publish(&settings, &told.config.replaced, &reading, &inputs, &session);
    end(session, &settings, speaker, inputs.files.len(), made)
}

/// An input that is not there, and what to do.
pub(crate) fn missing(path: &Path, speaker: Speaker) -> (String, &'static str) {
    let path = safe(&path.display().to_string());
    (
        speaker.say(format!("输入 `{path}` 不存在"), format!("input `{path}` does not exist")),
        speaker.say("请检查路径；没有写入任何内容", "check the path; nothing was written"),
    )
}

/// Ends a run that cannot begin. Where the dataset is there, it keeps a manifest of this too: in the morning it is asked
/// what became of the night.
pub(crate) fn fail_early(mut session: Session, settings: &ImportSettings, error: &str, help: &str) -> Exit {
    let dataset = &settings.dataset.value;
    if !settings.dry_run && matches!(store::snapshot_id(dataset), Ok(Some(_))) {
        session.note("settings", as_json(&settings.list()));
        session.open(dataset);
    }
    session.fail(Exit::WrongUse, error, help)
}

/// What a run is about to do enters its manifest and the log.
pub(crate) fn open(
    session: &mut Session,
    settings: &ImportSettings,
    reading: &Settings,
    told: &Told<'_>,
    given: usize,
) {
    let list = as_json(&settings.list());
    session.note("config", json!(told.config.file.as_deref().map(Path::display).map(|path| path.to_string())));
    session.note("settings", list.clone());
    session.note_versions(reading);
    session.note("inputs", json!(given));
    if !settings.dry_run {
        session.open(&settings.dataset.value);
    }
    session.event("start", json!({ "command": session.command(), "settings": list, "inputs": given }));
}

/// Tells what came of a publication, and ends the run.
pub(crate) fn end(
    session: Session,
    settings: &ImportSettings,
    speaker: Speaker,
    given: usize,
    made: Result<(Published, Option<Changes>), NotPublished>,
) -> Exit {
    let (published, changes) = match made {
        Ok(made) => made,
        Err(NotPublished::Store(error)) => return store_failed(session, &error, speaker),
        Err(NotPublished::Threads(error)) => return session.fail(Exit::Unfinished, &error.to_string(), ""),
        Err(NotPublished::Emptied(root)) => {
            let (error, help) = emptied(&root, speaker);
            return session.fail(Exit::Unfinished, &error, help);
        }
    };
    session.clear_bar();
    tell(settings, speaker, given, &published, changes.as_ref(), &session);
    let id = published.snapshot.as_deref().and_then(Path::file_name).map(|id| id.to_string_lossy());
    session.note("snapshot", json!(id));
    session.note("switched", json!(published.switched));
    session.note("summary", published.summary.to_json());
    session.end(verdict(settings.run.fail_on.value, &published.summary))
}

/// Ends a run with what the store said.
pub(crate) fn store_failed(session: Session, error: &StoreError, speaker: Speaker) -> Exit {
    session.fail(Exit::from(error), &store_error(error, speaker), help_for(error, speaker))
}

/// Why a publication did not come to its end.
pub(crate) enum NotPublished {
    Store(StoreError),
    Threads(ThreadPoolBuildError),
    /// An input holds nothing any more, and what the dataset has from there was to leave.
    Emptied(String),
}

/// The threads that were asked for.
pub(crate) fn threads(run: &RunSettings) -> Result<ThreadPool, ThreadPoolBuildError> {
    ThreadPoolBuilder::new().num_threads(usize::from(run.jobs.value)).build()
}

/// What one kind of run wants otherwise than another.
pub(crate) struct Wishes<'a> {
    pub(crate) below: &'a [String],
    pub(crate) unseen: &'a [String],
    pub(crate) prune: bool,
    pub(crate) replaced: &'a Replacements,
    pub(crate) checks: &'a Checks,
    pub(crate) keep: usize,
    pub(crate) csv: bool,
    pub(crate) dry_run: bool,
}

/// Does something with the store's options.
pub(crate) fn with_options<T>(
    reading: &Settings,
    session: &Session,
    wishes: Wishes<'_>,
    with: impl FnOnce(&Options<'_>) -> T,
) -> T {
    let Wishes { below, unseen, prune, replaced, checks, keep, csv, dry_run } = wishes;
    with(&Options {
        versions: &|forms, unit| reading.versions(forms, unit),
        same_by_path: &|a, b| reading.same_by_path(a, b),
        doubt_by_path: &|path| reading.doubt_by_path(path),
        below,
        unseen,
        prune,
        replaced,
        checks,
        mappings: Some(&reading.mappings),
        keep,
        now: session.started(),
        csv,
        dry_run,
        names: CodeNames { look_up: &|code, year| reading.code_name(code, year) },
        progress: &|done, all| session.progress(done, all),
        stop: &signals::stopped,
        stage: &|stage| session.stage(stage.word()),
    })
}

/// Publishes what the inputs hold; for a rehearsal, also what would change.
fn publish(
    settings: &ImportSettings,
    replaced: &Replacements,
    reading: &Settings,
    inputs: &Listing,
    session: &Session,
) -> Result<(Published, Option<Changes>), NotPublished> {
    let threads = threads(&settings.run).map_err(NotPublished::Threads)?;
    let import = store::begin(&settings.dataset.value, settings.dry_run).map_err(NotPublished::Store)?;
    let prune = settings.prune.value;
    if let Some(empty) = inputs.empty.iter().find(|root| prune && import.ledger().has_below(root)) {
        return Err(NotPublished::Emptied(empty.clone()));
    }
    let extract = |incoming: &Incoming| {
        let extracted = inputs::extract(incoming, &inputs.files, settings.reading.max_file_size.value, reading);
        session.document(&extracted);
        extracted
    };
    let wishes = Wishes {
        below: &inputs.roots,
        unseen: &inputs.unseen,
        prune,
        replaced,
        checks: &settings.checks.value,
        keep: settings.keep.value,
        csv: settings.csv.value,
        dry_run: settings.dry_run,
    };
    let publish = |options: &Options<'_>| {
        let incoming = inputs::identify(&inputs.files, &import.ledger(), settings.rescan);
        let known = || Changes::of(&import.known(options), &settings.inputs.value, &incoming);
        let changes = settings.dry_run.then(known);
        Ok((import.publish(&incoming, &extract, options)?, changes))
    };
    threads.install(|| with_options(reading, session, wishes, publish)).map_err(NotPublished::Store)
}

/// Files and folders of juesuan's own that may stand among the inputs.
fn own<'a>(settings: &'a ImportSettings, told: &'a Told<'_>) -> Vec<&'a Path> {
    let reading = &settings.reading;
    let mut own = vec![settings.dataset.value.as_path()];
    own.extend(told.config.file.as_deref());
    own.extend(reading.mappings.value.as_deref());
    own.extend(reading.registry.value.as_deref());
    own
}

/// An input that holds nothing any more is more often a share that is not there than a pile that was thrown away.
fn emptied(root: &str, speaker: Speaker) -> (String, &'static str) {
    let root = safe(if root.is_empty() { "." } else { root });
    (
        speaker.say(
            format!("`{root}` 中没有任何文件，而数据集中有来自那里的文件"),
            format!("there is no file below `{root}`, but the dataset has documents from there"),
        ),
        speaker.say(
            "请检查共享盘是否已挂载；没有删除任何内容，原有快照未变",
            "check whether the share is mounted; nothing was pruned, the snapshot before stands",
        ),
    )
}

/// Whether what was found lets the command end well.
fn verdict(fail_on: FailOn, summary: &Summary) -> Exit {
    let [errors, warnings, _] = summary.findings;
    let bad = errors > 0 || summary.with_status("quarantined") > 0 || !summary.unreadable.is_empty();
    let fails = match fail_on {
        FailOn::Error => bad,
        FailOn::Warning => bad || warnings > 0,
        FailOn::Never => false,
    };
    if fails { Exit::Findings } else { Exit::Done }
}

/// The closing summary, in the format that was asked for.
fn tell(
    settings: &ImportSettings,
    speaker: Speaker,
    given: usize,
    published: &Published,
    changes: Option<&Changes>,
    session: &Session,
) {
    if session.is_for_people() {
        if !settings.run.quiet.value {
            message(closing(settings, speaker, given, published, changes).trim_end());
        }
        return;
    }
    let mut event = json!({
        "inputs": given,
        "published": published.switched,
        "snapshot": published.snapshot.as_ref().map(|path| path.display().to_string()),
    });
    if let (Some(event), Value::Object(summary)) = (event.as_object_mut(), published.summary.to_json()) {
        event.extend(summary);
        if let Some(changes) = changes {
            event.insert("would_change".to_owned(), changes.to_json());
        }
    }
    session.event("summary", event);
}

fn closing(
    settings: &ImportSettings,
    speaker: Speaker,
    given: usize,
    published: &Published,
    changes: Option<&Changes>,
) -> String {
    let summary = &published.summary;
    let mut text = String::new();
    if let Some(changes) = changes {
        text.push_str(&told_settings(settings, speaker));
        text.push_str(&changes.told(speaker));
    }
    text.push_str(&documents(speaker, given, summary));
    text.push_str(&forms(speaker, summary));
    text.push_str(&numbers(speaker, summary));
    let [errors, warnings, infos] = summary.findings;
    text.push_str(&speaker.say(
        format!("发现：错误 {errors}，警告 {warnings}，提示 {infos}\n"),
        format!("findings: {errors} errors, {warnings} warnings, {infos} informations\n"),
    ));
    text.push_str(&error_lines(speaker, summary));
    let dataset = safe(&settings.dataset.value.display().to_string());
    text.push_str(&match (published.switched, settings.dry_run) {
        (_, true) => speaker.say("只是检查，没有发布\n".to_owned(), "rehearsal: nothing was published\n".to_owned()),
        (true, _) => speaker.say(format!("数据集：{dataset}/current\n"), format!("dataset: {dataset}/current\n")),
        (false, _) => speaker.say(
            format!("没有变化；数据集仍是 {dataset}/current\n"),
            format!("nothing changed; the dataset is still {dataset}/current\n"),
        ),
    });
    text.push_str(&next(settings, speaker, summary));
    text
}

/// The first findings of severity error that no unreadable document explains, one line each.
fn error_lines(speaker: Speaker, summary: &Summary) -> String {
    let mut text = String::new();
    for error in summary.errors.iter().take(NAMED) {
        let year = error.fiscal_year.map(|year| year.to_string()).unwrap_or_default();
        let whose = [safe(&error.unit), year].into_iter().filter(|part| !part.is_empty());
        let whose: String = whose.map(|part| part + " ").collect();
        text.push_str(&format!("  {} {} {whose}{}\n", speaker.paint(31, "✗"), safe(&error.code), safe(&error.message)));
    }
    let unread = summary.with_status("quarantined");
    let more = summary.findings[0].saturating_sub(unread + summary.errors.len().min(NAMED) as u64);
    if more > 0 {
        text.push_str(&speaker.say(
            format!("  … 另有 {more} 个错误，见 findings 表\n"),
            format!("  … and {more} more errors, see table findings\n"),
        ));
    }
    text
}

/// Every setting with its value and where it was taken from, one line each.
fn told_settings(settings: &ImportSettings, speaker: Speaker) -> String {
    let rows: Vec<Vec<String>> = settings
        .list()
        .into_iter()
        .map(|(name, value, from)| {
            let value = match value {
                Value::Null => "—".to_owned(),
                Value::String(text) => text,
                Value::Array(items) => {
                    items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(speaker.say("、", ", "))
                }
                Value::Object(entries) if entries.is_empty() => "—".to_owned(),
                Value::Object(entries) => {
                    let said =
                        entries.iter().map(|(name, word)| format!("{name}={}", word.as_str().unwrap_or_default()));
                    said.collect::<Vec<_>>().join(",")
                }
                other => other.to_string(),
            };
            vec![name.to_owned(), safe(&value), format!("({})", from.said(speaker))]
        })
        .collect();
    format!("{}\n{}", speaker.say("设置：", "settings:"), aligned(&rows, &[Side::Left; 3], "  "))
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
    text.push_str(&moves(speaker, summary));
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

/// What became of documents that were not where they had been, and of those that could not be read this time.
fn moves(speaker: Speaker, summary: &Summary) -> String {
    let Summary { reread, moved, pruned, gone, outdated, unreadable, .. } = summary;
    let mut text = String::new();
    let mut line = |count: usize, chinese: &str, english: &str, names: &[&String]| {
        if count == 0 {
            return;
        }
        text.push_str(&speaker.say(format!("  {count} {chinese}\n"), format!("  {count} {english}\n")));
        for name in names.iter().take(NAMED) {
            text.push_str(&format!("    {}\n", safe(name)));
        }
    };
    line(*reread, "个因设置、映射或程序已变而重新读取", "read again: mappings, registry or program changed", &[]);
    line(moved.len(), "个换了位置", "moved", &[]);
    line(pruned.len(), "个已不存在，其数据已移除", "no longer there: their figures left", &[]);
    let gone: Vec<&String> = gone.iter().collect();
    line(
        gone.len(),
        "个已不存在，其数据仍保留（--prune 可移除）：",
        "no longer there, their figures stay (--prune lets them leave):",
        &gone,
    );
    line(
        *outdated,
        "个不在本次输入中，是用旧的设置、映射或程序读取的；请再导入它们所在的文件夹",
        "not among the inputs, and read with other mappings, registry or program: import their folders again",
        &[],
    );
    let unreadable: Vec<&String> = unreadable.iter().collect();
    line(
        unreadable.len(),
        "个这次无法读取，此前读出的数据仍保留：",
        "could not be read this time, what was read before stays:",
        &unreadable,
    );
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
fn next(settings: &ImportSettings, speaker: Speaker, summary: &Summary) -> String {
    let command = match summary.bad.first() {
        Some(bad) => format!("juesuan inspect {}", quoted(&bad.path)),
        None if settings.dry_run => "juesuan import …".to_owned(),
        None if summary.findings[0] > 0 => format!("juesuan check --dataset {}", quoted_path(&settings.dataset.value)),
        // A dataset of other forms has no trend to show; who handed in what, it has.
        None if store::has_three_public(&settings.dataset.value) => {
            format!("juesuan trend 三公 --dataset {}", quoted_path(&settings.dataset.value))
        }
        None => format!("juesuan status --dataset {}", quoted_path(&settings.dataset.value)),
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
