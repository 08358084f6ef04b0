use std::io::IsTerminal;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use clap::parser::ValueSource;
use juesuan::model::Checks;
use juesuan::pipeline::{Settings, SettingsError};
use juesuan::store::KEEP;
use juesuan::wording::Language;
use serde_json::{Value, json};

use super::args::{ImportArgs, ReadingArgs, RunArgs};
use super::config::Config;
use super::paths::Root;
use super::written::{FailOn, LARGEST, LogFormat};

/// How this process speaks to its user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Speaker {
    /// The language of messages.
    pub(crate) language: Language,
    /// Whether stderr may be coloured.
    pub(crate) colour: bool,
}

impl Speaker {
    /// The language of the first locale variable that is set, and colour where stderr is a terminal that wants it.
    pub(crate) fn from_environment() -> Speaker {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set).unwrap_or_default();
        let plain = set("NO_COLOR").is_some() || set("TERM").is_some_and(|terminal| terminal == "dumb");
        Speaker { language: Language::of_locale(&locale), colour: !plain && std::io::stderr().is_terminal() }
    }

    /// The one of two texts that is in the user's language.
    pub(crate) fn say<T>(self, chinese: T, english: T) -> T {
        self.language.pick(chinese, english)
    }

    /// A text in a colour of ANSI, where colours are wanted.
    pub(crate) fn paint(self, colour: u8, text: &str) -> String {
        if self.colour { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Where a setting was taken from, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    CommandLine,
    /// A `JUESUAN_*` variable.
    Environment,
    /// `juesuan.yaml`.
    File,
    /// It was not set.
    Default,
}

impl Source {
    /// As manifests and messages call it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Source::CommandLine => "command line",
            Source::Environment => "environment",
            Source::File => "file",
            Source::Default => "default",
        }
    }

    /// As people are told.
    pub(crate) fn said(self, speaker: Speaker) -> &'static str {
        let chinese = match self {
            Source::CommandLine => "命令行",
            Source::Environment => "环境变量",
            Source::File => "juesuan.yaml",
            Source::Default => "默认",
        };
        speaker.say(chinese, if self == Source::File { "juesuan.yaml" } else { self.word() })
    }
}

/// A setting and where it was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) from: Source,
}

/// What was typed, with what stands in the environment and in the file below it.
pub(crate) struct Told<'a> {
    /// The matches of the command that was typed.
    pub(crate) matches: Option<&'a ArgMatches>,
    pub(crate) config: &'a Config,
}

impl Told<'_> {
    /// One setting: `typed` is what the argument `id` holds from the command line or the environment.
    fn setting<T>(&self, id: &str, typed: Option<T>, filed: Option<T>, default: T) -> Setting<T> {
        let source = self.matches.and_then(|matches| matches.value_source(id));
        match (typed, filed) {
            (Some(value), _) if source == Some(ValueSource::EnvVariable) => {
                Setting { value, from: Source::Environment }
            }
            (Some(value), _) => Setting { value, from: Source::CommandLine },
            (None, Some(value)) => Setting { value, from: Source::File },
            (None, None) => Setting { value: default, from: Source::Default },
        }
    }

    /// A file or folder; an empty variable sets nothing.
    fn path(&self, id: &str, typed: Option<&PathBuf>, filed: Option<&PathBuf>) -> Setting<Option<PathBuf>> {
        let typed = typed.filter(|path| !path.as_os_str().is_empty());
        self.setting(id, typed.cloned().map(Some), filed.cloned().map(Some), None)
    }

    /// Whether tables are written as CSV too.
    pub(crate) fn csv(&self, typed: Option<bool>) -> Setting<bool> {
        self.setting("csv", typed, self.config.csv, false)
    }

    /// How grave findings are; what is typed stands on top of what the file says.
    pub(crate) fn checks(&self, typed: Option<&Checks>) -> Setting<Checks> {
        let filed = self.config.checks.clone();
        let both = typed.map(|typed| filed.clone().unwrap_or_default().below(typed));
        self.setting("checks", both, filed, Checks::as_coded())
    }

    /// How many snapshots stay.
    pub(crate) fn keep(&self, typed: Option<usize>) -> Setting<usize> {
        self.setting("keep", typed, self.config.keep, KEEP)
    }

    /// The dataset's folder, wherever it is said.
    ///
    /// # Errors
    /// [`Unset`] where it is said nowhere.
    pub(crate) fn dataset(&self, typed: Option<&PathBuf>) -> Result<Setting<PathBuf>, Unset> {
        let Setting { value, from } = self.path("dataset", typed, self.config.dataset.as_ref());
        value.map(|value| Setting { value, from }).ok_or(Unset::Dataset)
    }

    /// What to read: typed, else of `JUESUAN_INPUTS`, else of the file.
    ///
    /// # Errors
    /// [`Unset`] where none is said.
    pub(crate) fn inputs(&self, typed: &[PathBuf]) -> Result<Setting<Vec<Root>>, Unset> {
        let roots = |paths: Vec<PathBuf>| paths.into_iter().map(Root::typed).collect::<Vec<Root>>();
        if !typed.is_empty() {
            return Ok(Setting { value: roots(typed.to_vec()), from: Source::CommandLine });
        }
        // Parted as `PATH` is: by `:`, on Windows by `;`.
        let variable = std::env::var_os("JUESUAN_INPUTS").unwrap_or_default();
        let paths: Vec<PathBuf> =
            std::env::split_paths(&variable).filter(|path| !path.as_os_str().is_empty()).collect();
        if !paths.is_empty() {
            return Ok(Setting { value: roots(paths), from: Source::Environment });
        }
        if self.config.inputs.is_empty() {
            return Err(Unset::Inputs);
        }
        Ok(Setting { value: self.config.inputs.clone(), from: Source::File })
    }
}

/// A setting without which a command cannot begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unset {
    Inputs,
    Dataset,
}

impl Unset {
    /// What is missing, and what to do.
    pub(crate) fn told(self, speaker: Speaker) -> (&'static str, &'static str) {
        match self {
            Unset::Inputs => (
                speaker.say("没有指定要读取的文件", "no inputs are given"),
                speaker.say(
                    "写在命令后面，或设 JUESUAN_INPUTS，或在 juesuan.yaml 中写 `inputs: [文件夹]`",
                    "name files or folders, set JUESUAN_INPUTS, or write `inputs: [FOLDER]` in juesuan.yaml",
                ),
            ),
            Unset::Dataset => (
                speaker.say("没有指定数据集", "no dataset is given"),
                speaker.say(
                    "用 --dataset 文件夹，或设 JUESUAN_DATASET，或在 juesuan.yaml 中写 `dataset: 文件夹`",
                    "give --dataset DIR, set JUESUAN_DATASET, or write `dataset: DIR` in juesuan.yaml",
                ),
            ),
        }
    }
}

/// What decides what is made of a document.
#[derive(Clone, Debug)]
pub(crate) struct ReadingSettings {
    pub(crate) mappings: Setting<Option<PathBuf>>,
    pub(crate) registry: Setting<Option<PathBuf>>,
    pub(crate) with_personal_data: Setting<bool>,
    /// In bytes.
    pub(crate) max_file_size: Setting<u64>,
}

impl ReadingSettings {
    pub(crate) fn of(args: &ReadingArgs, told: &Told<'_>) -> ReadingSettings {
        let config = told.config;
        ReadingSettings {
            mappings: told.path("mappings", args.mappings.as_ref(), config.mappings.as_ref()),
            registry: told.path("registry", args.registry.as_ref(), config.registry.as_ref()),
            with_personal_data: told.setting(
                "with_personal_data",
                args.with_personal_data,
                config.with_personal_data,
                false,
            ),
            max_file_size: told.setting("max_file_size", args.max_file_size, config.max_file_size, LARGEST),
        }
    }

    /// Loads the mappings and the registry. They serve until the program ends, which need not wait for all their texts to be
    /// given back.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn load(&self) -> Result<ManuallyDrop<Settings>, SettingsError> {
        let mut settings = Settings::load(
            self.mappings.value.as_deref(),
            self.registry.value.as_deref(),
            self.with_personal_data.value,
        )?;
        if self.max_file_size.value != LARGEST {
            // Under another limit another file is refused: what was read before is to be looked at again.
            settings.limits = format!("-max{}", self.max_file_size.value);
            settings.mapping_version.push_str(&settings.limits);
        }
        Ok(ManuallyDrop::new(settings))
    }

    pub(crate) fn list(&self) -> Vec<(&'static str, Value, Source)> {
        vec![
            path_entry("mappings", &self.mappings),
            path_entry("registry", &self.registry),
            ("with_personal_data", json!(self.with_personal_data.value), self.with_personal_data.from),
            ("max_file_size", json!(self.max_file_size.value), self.max_file_size.from),
        ]
    }
}

/// How a run goes about its work and speaks of it.
#[derive(Clone, Debug)]
pub(crate) struct RunSettings {
    /// Threads; 0 for as many as there are cores.
    pub(crate) jobs: Setting<u16>,
    pub(crate) log_format: Setting<LogFormat>,
    pub(crate) quiet: Setting<bool>,
    pub(crate) fail_on: Setting<FailOn>,
}

impl RunSettings {
    pub(crate) fn of(args: &RunArgs, told: &Told<'_>) -> RunSettings {
        let config = told.config;
        RunSettings {
            jobs: told.setting("jobs", args.jobs, config.jobs, 0),
            log_format: told.setting("log_format", args.log_format, config.log_format, LogFormat::Text),
            quiet: told.setting("quiet", args.quiet, config.quiet, false),
            fail_on: told.setting("fail_on", args.fail_on, config.fail_on, FailOn::Error),
        }
    }

    pub(crate) fn list(&self) -> Vec<(&'static str, Value, Source)> {
        let jobs = if self.jobs.value == 0 { json!("all cores") } else { json!(self.jobs.value) };
        vec![
            ("jobs", jobs, self.jobs.from),
            ("log_format", json!(self.log_format.value.word()), self.log_format.from),
            ("quiet", json!(self.quiet.value), self.quiet.from),
            ("fail_on", json!(self.fail_on.value.word()), self.fail_on.from),
        ]
    }
}

/// Everything that an import is told.
#[derive(Clone, Debug)]
pub(crate) struct ImportSettings {
    pub(crate) inputs: Setting<Vec<Root>>,
    pub(crate) dataset: Setting<PathBuf>,
    pub(crate) reading: ReadingSettings,
    pub(crate) csv: Setting<bool>,
    pub(crate) checks: Setting<Checks>,
    pub(crate) run: RunSettings,
    pub(crate) dry_run: bool,
    pub(crate) rescan: bool,
    /// What is no longer there leaves.
    pub(crate) prune: Setting<bool>,
    /// Snapshots that stay.
    pub(crate) keep: Setting<usize>,
}

impl ImportSettings {
    /// # Errors
    /// [`Unset`] where inputs or dataset are said nowhere.
    pub(crate) fn of(args: &ImportArgs, told: &Told<'_>) -> Result<ImportSettings, Unset> {
        Ok(ImportSettings {
            inputs: told.inputs(&args.inputs)?,
            dataset: told.dataset(args.dataset.as_ref())?,
            reading: ReadingSettings::of(&args.reading, told),
            csv: told.csv(args.csv),
            checks: told.checks(args.checks.as_ref()),
            run: RunSettings::of(&args.run, told),
            dry_run: args.dry_run,
            rescan: args.rescan,
            prune: told.setting("prune", args.prune, told.config.prune, false),
            keep: told.keep(args.keep),
        })
    }

    /// Every setting by name, with its value and where it was taken from.
    pub(crate) fn list(&self) -> Vec<(&'static str, Value, Source)> {
        let inputs: Vec<String> = self.inputs.value.iter().map(|root| shown(&root.at)).collect();
        let mut list = vec![
            ("inputs", json!(inputs), self.inputs.from),
            ("dataset", json!(shown(&self.dataset.value)), self.dataset.from),
        ];
        list.extend(self.reading.list());
        list.push(("csv", json!(self.csv.value), self.csv.from));
        list.push(("checks", json!(self.checks.value.words()), self.checks.from));
        list.push(("prune", json!(self.prune.value), self.prune.from));
        list.push(("keep", json!(self.keep.value), self.keep.from));
        list.extend(self.run.list());
        list
    }
}

fn path_entry(name: &'static str, setting: &Setting<Option<PathBuf>>) -> (&'static str, Value, Source) {
    (name, json!(setting.value.as_deref().map(shown)), setting.from)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A list of settings as JSON: each with its value and where it was taken from.
pub(crate) fn as_json(list: &[(&'static str, Value, Source)]) -> Value {
    let entries =
        list.iter().map(|(name, value, from)| ((*name).to_owned(), json!({ "value": value, "from": from.word() })));
    Value::Object(entries.collect())
}
