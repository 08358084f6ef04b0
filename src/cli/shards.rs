//! The two halves of an import, for piles that many machines read: documents into shards, shards into a dataset.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use juesuan::model::Checks;
use juesuan::pipeline::Settings;
use juesuan::store::{self, Extraction, Incoming, Options, ReadingVersions, Replacements, Shards};
use juesuan::wording::{self, safe};
use serde_json::json;

use super::args::{ExtractArgs, PublishArgs};
use super::exit::Exit;
use super::import::{self, NotPublished, Wishes};
use super::inputs::{self, Input};
use super::output::message;
use super::paths::Root;
use super::run::Session;
use super::settings::{ImportSettings, ReadingSettings, RunSettings, Setting, Source, Speaker, Told, Unset, as_json};
use super::signals;
use super::stream::{Spool, StreamError};
use super::written::FailOn;

/// The versions of all that decides what is made of a document: shards of others are not published together.
fn versions(reading: &Settings, settings: &ReadingSettings) -> ReadingVersions {
    let entry = |name: &str, version: String| (name.to_owned(), version);
    [
        entry("program", reading.versions(&[], "").program),
        entry("mappings", reading.mappings.version.clone()),
        entry("registry", reading.registry.version().unwrap_or_else(|| "none".to_owned())),
        entry("with_personal_data", settings.with_personal_data.value.to_string()),
        entry("max_file_size", settings.max_file_size.value.to_string()),
    ]
    .into()
}

/// Extracts documents into a shard.
pub(crate) fn extract(args: &ExtractArgs, told: &Told<'_>, speaker: Speaker) -> Exit {
    let run = RunSettings::of(&args.run, told);
    signals::watch();
    let session = Session::new("extract", &run, speaker);
    let settings = ReadingSettings::of(&args.reading, told);
    let reading = match settings.load() {
        Ok(reading) => reading,
        Err(error) => return session.fail(Exit::WrongUse, &error.shown(speaker.language), ""),
    };
    session.stage("look");
    let given = match given(args, told, &settings) {
        Ok(given) => given,
        Err(error) => {
            let (exit, error, help) = error.told(speaker);
            return session.fail(exit, &error, help);
        }
    };
    session.event(
        "start",
        json!({
            "command": "extract",
            "settings": as_json(&[settings.list(), run.list()].concat()),
            "inputs": given.inputs.len(),
        }),
    );
    let threads = match import::threads(&run) {
        Ok(threads) => threads,
        Err(error) => return session.fail(Exit::Unfinished, &error.to_string(), ""),
    };
    let made = threads.install(|| {
        let incoming = inputs::identify(&given.inputs, &store::Ledger::default(), true);
        let extract = |incoming: &Incoming| {
            let extracted = inputs::extract(incoming, &given.inputs, settings.max_file_size.value, &reading);
            session.document(&extracted);
            extracted
        };
        let versions = versions(&reading, &settings);
        let nothing = Replacements::none();
        let wishes = Wishes {
            below: &[],
            unseen: &[],
            prune: false,
            replaced: &nothing,
            checks: &Checks::as_coded(),
            keep: store::KEEP,
            csv: false,
            dry_run: false,
        };
        import::with_options(&reading, &session, wishes, |options| {
            store::extract(&args.out, &incoming, &extract, &versions, options)
        })
    });
    match made {
        Ok(extraction) => {
            session.clear_bar();
            tell(&args.out, &extraction, run.quiet.value, &session, speaker);
            let bad = extraction.documents.contains_key("quarantined");
            session.end(if bad && run.fail_on.value != FailOn::Never { Exit::Findings } else { Exit::Done })
        }
        Err(error) => import::store_failed(session, &error, speaker),
    }
}

/// What is to be read, and where it is kept until then.
struct Given {
    inputs: BTreeMap<String, Input>,
    _spool: Option<Spool>,
}

/// Why there is nothing to be read.
enum NotGiven {
    Unset(Unset),
    Missing(PathBuf),
    List(PathBuf, std::io::Error),
    Stream(StreamError),
}

impl NotGiven {
    fn told(self, speaker: Speaker) -> (Exit, String, &'static str) {
        match self {
            NotGiven::Unset(unset) => {
                let (error, help) = unset.told(speaker);
                (Exit::WrongUse, error.to_owned(), help)
            }
            NotGiven::Missing(path) => {
                let (error, help) = import::missing(&path, speaker);
                (Exit::WrongUse, error, help)
            }
            NotGiven::List(path, error) => (Exit::WrongUse, safe(&format!("`{}`: {error}", path.display())), ""),
            NotGiven::Stream(error) => {
                let exit = if matches!(error, StreamError::Io(_)) { Exit::Unfinished } else { Exit::WrongUse };
                let (error, help) = error.told(speaker);
                (exit, error, help)
            }
        }
    }
}

/// The documents from standard input, from a list of files, or from the inputs as an import has them.
fn given(args: &ExtractArgs, told: &Told<'_>, settings: &ReadingSettings) -> Result<Given, NotGiven> {
    if args.stdin {
        let name = args.out.file_name().unwrap_or_default().to_string_lossy();
        let folder = args.out.with_file_name(format!(".spool-{name}-{}", std::process::id()));
        let spool = Spool::new(folder).map_err(NotGiven::Stream)?;
        let inputs = spool.take(std::io::stdin().lock()).map_err(NotGiven::Stream)?;
        return Ok(Given { inputs, _spool: Some(spool) });
    }
    let roots = match &args.files_from {
        Some(list) => {
            let text = std::fs::read_to_string(list).map_err(|error| NotGiven::List(list.clone(), error))?;
            text.lines().filter(|line| !line.is_empty()).map(|line| Root::typed(PathBuf::from(line))).collect()
        }
        None => told.inputs(&args.inputs).map_err(NotGiven::Unset)?.value,
    };
    let mut own: Vec<&Path> = vec![&args.out];
    own.extend(told.config.file.as_deref());
    own.extend(settings.mappings.value.as_deref());
    own.extend(settings.registry.value.as_deref());
    let found = inputs::list(&roots, &own).map_err(|inputs::Missing(path)| NotGiven::Missing(path))?;
    Ok(Given { inputs: found.files, _spool: None })
}

/// What was made, in the format that was asked for.
fn tell(out: &Path, extraction: &Extraction, quiet: bool, session: &Session, speaker: Speaker) {
    let fields = json!({
        "shard": out.display().to_string(),
        "documents": extraction.documents,
        "rows": extraction.rows,
    });
    session.event("summary", fields);
    if quiet || !session.is_for_people() {
        return;
    }
    let counted = |counts: &BTreeMap<String, u64>, name: &dyn Fn(&str) -> String| {
        let parts: Vec<String> = counts.iter().map(|(word, count)| format!("{} {count}", name(word))).collect();
        parts.join(speaker.say("，", ", "))
    };
    let documents = counted(&extraction.documents, &|word| wording::document_status(word, speaker.language).to_owned());
    let rows = counted(&extraction.rows, &str::to_owned);
    let out = safe(&out.display().to_string());
    message(&speaker.say(
        format!("文件：{documents}\n行数：{rows}\n分片：{out}\n下一步：juesuan publish {out} … --dataset 文件夹"),
        format!("documents: {documents}\nrows: {rows}\nshard: {out}\nnext: juesuan publish {out} … --dataset DIR"),
    ));
}

/// Publishes shards as a dataset.
pub(crate) fn publish(args: &PublishArgs, told: &Told<'_>, speaker: Speaker) -> Exit {
    signals::watch();
    let run = RunSettings::of(&args.run, told);
    let mut session = Session::new("publish", &run, speaker);
    let dataset = match told.dataset(args.dataset.as_ref()) {
        Ok(dataset) => dataset,
        Err(unset) => {
            let (error, help) = unset.told(speaker);
            return session.fail(Exit::WrongUse, error, help);
        }
    };
    let roots = args.shards.iter().cloned().map(Root::typed).collect();
    let settings = ImportSettings {
        inputs: Setting { value: roots, from: Source::CommandLine },
        dataset,
        reading: ReadingSettings::of(&args.reading, told),
        csv: told.csv(args.csv),
        checks: told.checks(args.checks.as_ref()),
        prune: Setting { value: false, from: Source::Default },
        keep: told.keep(args.keep),
        run,
        dry_run: false,
        rescan: false,
    };
    let reading = match settings.reading.load() {
        Ok(reading) => reading,
        Err(error) => return import::fail_early(session, &settings, &error.shown(speaker.language), ""),
    };
    session.stage("look");
    let mut shards = match Shards::open(&args.shards, &versions(&reading, &settings.reading)) {
        Ok(shards) => shards,
        Err(error) => return import::store_failed(session, &error, speaker),
    };
    let count = shards.documents();
    import::open(&mut session, &settings, &reading, told, count);
    let wishes = Wishes {
        below: &[],
        unseen: &[],
        prune: false,
        replaced: &told.config.replaced,
        checks: &settings.checks.value,
        keep: settings.keep.value,
        csv: settings.csv.value,
        dry_run: false,
    };
    let dataset = &settings.dataset.value;
    let publish = |options: &Options<'_>| store::publish_shards(dataset, &mut shards, options);
    let published = match import::threads(&settings.run) {
        Ok(threads) => {
            threads.install(|| import::with_options(&reading, &session, wishes, publish)).map_err(NotPublished::Store)
        }
        Err(error) => Err(NotPublished::Threads(error)),
    };
    import::end(session, &settings, speaker, count, published.map(|published| (published, None)))
}
