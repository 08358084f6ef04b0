//! One run of a command that writes: what it logs, how long its stages take, and the manifest it leaves.

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use juesuan::model::{DocumentStatus, Extracted};
use juesuan::pipeline::Settings;
use juesuan::store::{self, SCHEMA_VERSION};
use juesuan::wording::safe;
use serde_json::{Map, Value, json};

use super::exit::Exit;
use super::output::{fail, message};
use super::settings::{RunSettings, Speaker};
use super::written::LogFormat;

/// How often machines are told of progress.
const PROGRESS_EVERY: Duration = Duration::from_secs(1);

/// A run from its first moment to its exit code.
pub(crate) struct Session {
    command: &'static str,
    speaker: Speaker,
    log_format: LogFormat,
    quiet: bool,
    /// Microseconds since 1970.
    started: i64,
    clock: Instant,
    bar: ProgressBar,
    /// The place of the manifest, once it is known that there is something to be done.
    manifest: Option<store::Run>,
    /// What the manifest says so far.
    notes: Mutex<Map<String, Value>>,
    stages: Mutex<Stages>,
    told: Mutex<Option<Instant>>,
}

/// The stages that have begun, and when.
#[derive(Default)]
struct Stages(Vec<(&'static str, Instant)>);

impl Session {
    /// Begins to measure; nothing is written yet.
    pub(crate) fn new(command: &'static str, run: &RunSettings, speaker: Speaker) -> Session {
        let (log_format, quiet) = (run.log_format.value, run.quiet.value);
        let session = Session {
            command,
            speaker,
            log_format,
            quiet,
            started: now(),
            clock: Instant::now(),
            bar: progress_bar(quiet || log_format == LogFormat::Json, speaker),
            manifest: None,
            notes: Mutex::default(),
            stages: Mutex::default(),
            told: Mutex::default(),
        };
        session.stage("settings");
        session
    }

    /// The time of the run: the beginning of this process's work, in microseconds since 1970.
    pub(crate) fn started(&self) -> i64 {
        self.started
    }

    /// The command that runs.
    pub(crate) fn command(&self) -> &'static str {
        self.command
    }

    /// Whether people read what is said.
    pub(crate) fn is_for_people(&self) -> bool {
        self.log_format == LogFormat::Text
    }

    /// Takes a manifest in the dataset, so that even a run that is killed is seen. Where none can be written, the
    /// publication will say why.
    pub(crate) fn open(&mut self, dataset: &Path) {
        self.manifest = store::begin_run(dataset, self.started).ok();
        if let Ok(Some(snapshot)) = store::snapshot_id(dataset) {
            self.note("snapshot_before", json!(snapshot));
        }
        self.write(None);
    }

    /// Says of the run what its manifest keeps.
    pub(crate) fn note(&self, key: &str, value: Value) {
        locked(&self.notes).insert(key.to_owned(), value);
    }

    /// The versions of all that decides what is made of a document.
    pub(crate) fn note_versions(&self, settings: &Settings) {
        self.note(
            "versions",
            json!({
                "program": settings.versions(&[], "").program,
                "schema": SCHEMA_VERSION,
                "mappings": settings.mappings.version,
                "registry": settings.registry.version(),
                "reading": settings.mapping_version,
            }),
        );
    }

    /// A stage begins, and the one before it ends.
    pub(crate) fn stage(&self, word: &'static str) {
        locked(&self.stages).0.push((word, Instant::now()));
        self.event("stage", json!({ "stage": word }));
    }

    /// One event for machines, a line of JSON; people are told otherwise.
    pub(crate) fn event(&self, event: &str, fields: Value) {
        if !self.quiet {
            self.say(event, fields);
        }
    }

    fn say(&self, event: &str, fields: Value) {
        if self.is_for_people() {
            return;
        }
        let mut line = Map::new();
        line.insert("time".to_owned(), json!(store::timestamp(now())));
        if let Some(run) = &self.manifest {
            line.insert("run".to_owned(), json!(run.id()));
        }
        line.insert("event".to_owned(), json!(event));
        if let Value::Object(fields) = fields {
            line.extend(fields);
        }
        message(&Value::Object(line).to_string());
    }

    /// So many of all documents are done.
    pub(crate) fn progress(&self, done: usize, all: usize) {
        self.bar.set_length(all as u64);
        self.bar.set_position(done as u64);
        let mut told = locked(&self.told);
        if done == all || told.is_none_or(|told| told.elapsed() >= PROGRESS_EVERY) {
            *told = Some(Instant::now());
            self.event("progress", json!({ "done": done, "of": all }));
        }
    }

    /// A document was read; machines are told of those that could not be.
    pub(crate) fn document(&self, extracted: &Extracted) {
        if extracted.status == DocumentStatus::Quarantined {
            let status = extracted.status.word();
            self.event("document", json!({ "path": extracted.path, "status": status, "reason": extracted.reason }));
        }
    }

    /// Tells an error and what to do about it, and ends.
    pub(crate) fn fail(self, exit: Exit, error: &str, help: &str) -> Exit {
        self.bar.finish_and_clear();
        if self.is_for_people() {
            fail(self.speaker, exit, error, help);
        } else {
            // Even the quiet are told why nothing came of it.
            self.say("error", json!({ "exit": exit as u8, "message": error, "help": help }));
        }
        self.note("error", json!({ "message": error, "help": help }));
        self.end(exit)
    }

    /// The bar goes before something else is printed.
    pub(crate) fn clear_bar(&self) {
        self.bar.finish_and_clear();
    }

    /// Ends with an exit code, which the manifest keeps.
    pub(crate) fn end(self, exit: Exit) -> Exit {
        self.bar.finish_and_clear();
        self.write(Some(exit));
        self.event("end", json!({ "exit": exit as u8, "milliseconds": self.milliseconds() }));
        exit
    }

    fn milliseconds(&self) -> u64 {
        self.clock.elapsed().as_millis() as u64
    }

    /// Writes the manifest; without an exit code, that of a run that goes on.
    fn write(&self, exit: Option<Exit>) {
        let Some(run) = &self.manifest else { return };
        let mut manifest = Map::new();
        manifest.insert("run".to_owned(), json!(run.id()));
        manifest.insert("command".to_owned(), json!(self.command));
        manifest.insert("state".to_owned(), json!(if exit.is_some() { "ended" } else { "running" }));
        manifest.insert("exit".to_owned(), json!(exit.map(|exit| exit as u8)));
        manifest.insert("process".to_owned(), json!(std::process::id()));
        manifest.insert("started".to_owned(), json!(store::timestamp(self.started)));
        if exit.is_some() {
            manifest.insert("ended".to_owned(), json!(store::timestamp(now())));
            manifest.insert("milliseconds".to_owned(), json!(self.milliseconds()));
            manifest.insert("stages".to_owned(), locked(&self.stages).as_json());
        }
        manifest.extend(locked(&self.notes).clone());
        if let Err(error) = run.write(&Value::Object(manifest)) {
            let error = safe(&error.to_string());
            let said =
                self.speaker.say(format!("运行记录未能写入：{error}"), format!("no manifest of this run: {error}"));
            if self.is_for_people() { message(&said) } else { self.say("warning", json!({ "message": said })) }
        }
    }
}

impl Stages {
    /// Each stage with its milliseconds; the last one ends now.
    fn as_json(&self) -> Value {
        let ends = self.0.iter().skip(1).map(|(_, begun)| *begun).chain([Instant::now()]);
        let stages = self.0.iter().zip(ends).map(|((stage, begun), end)| {
            json!({ "stage": stage, "milliseconds": end.duration_since(*begun).as_millis() as u64 })
        });
        Value::Array(stages.collect())
    }
}

/// What a lock guards, even where a thread that held it has panicked: all of it is only told, never reckoned with.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Microseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or_default()
}

/// A bar on stderr with rate and time left; hidden where stderr is no terminal.
fn progress_bar(hidden: bool, speaker: Speaker) -> ProgressBar {
    if hidden {
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
