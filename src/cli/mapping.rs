use std::path::PathBuf;

use juesuan::authoring::{self, NoDraft, examples};
use juesuan::mapping::{Mappings, Problem};
use juesuan::pipeline::Settings;
use juesuan::wording;

use super::args::{DraftArgs, MappingCommand};
use super::config::Config;
use super::drift;
use super::exit::Exit;
use super::explain;
use super::failed::Failed;
use super::inputs;
use super::output::{data, message};
use super::paths::stored_path;
use super::settings::Speaker;
use super::written::LARGEST;

/// Runs a command on mapping files.
pub(crate) fn run(command: &MappingCommand, config: &Config, speaker: Speaker) -> Result<Exit, Failed> {
    match command {
        MappingCommand::Check { files } => check(files, speaker),
        MappingCommand::Explain(args) => explain::run(args, config, speaker),
        MappingCommand::Schema => schema(),
        MappingCommand::Draft(args) => draft(args, config, speaker),
        MappingCommand::Drift(args) => drift::run(args, config, speaker),
    }
}

/// Loads the built-in mappings with `files` laid over them, and runs every example.
fn check(files: &[PathBuf], speaker: Speaker) -> Result<Exit, Failed> {
    let mappings = match Mappings::load_with(None, files) {
        Ok(mappings) => mappings,
        Err(problems) => return Err(told(&problems, speaker)),
    };
    let forms = mappings.forms.len();
    let mut settings = Settings::with_mappings(mappings);
    match examples::check(&mut settings) {
        Ok(checked) => {
            for remark in &checked.remarks {
                message(&wording::problem(remark, speaker.language));
            }
            let count = checked.examples;
            message(&match checked.remarks.len() {
                0 => speaker.say(
                    format!("{forms} 种报表的映射没有问题，{count} 个示例读得正确"),
                    format!("mappings of {forms} forms are fine; {count} examples are read right"),
                ),
                remarks => speaker.say(
                    format!("{forms} 种报表的映射没有错误，{count} 个示例与所写一致，但有 {remarks} 处提醒（见上）"),
                    format!("mappings of {forms} forms have no errors; {count} examples are read as they say; remarks: {remarks}, above"),
                ),
            });
            Ok(Exit::Done)
        }
        Err(problems) => Err(told(&problems, speaker)),
    }
}

/// Tells each problem; what is left to say is how many there are.
fn told(problems: &[Problem], speaker: Speaker) -> Failed {
    for problem in problems {
        message(&wording::problem(problem, speaker.language));
    }
    let count = problems.len();
    let error = speaker.say(format!("{count} 处问题"), format!("problems: {count}"));
    Failed::wrong_use(error, "")
}

/// Prints the language as JSON Schema.
fn schema() -> Result<Exit, Failed> {
    data(&format!("{:#}\n", juesuan::mapping::schema()))?;
    Ok(Exit::Done)
}

/// Prints a first mapping made from a document.
fn draft(args: &DraftArgs, config: &Config, speaker: Speaker) -> Result<Exit, Failed> {
    let mappings = args.mappings.as_ref().or(config.mappings.as_ref()).map(|path| &**path);
    let settings = Settings::load(mappings, None, false)?;
    let path = stored_path(&args.file);
    let bytes = inputs::read(&args.file, LARGEST).map_err(|unread| Failed::Unread(path.clone(), unread))?;
    let made = authoring::draft(&bytes, &path, args.table, &settings, mappings);
    let yaml = match made {
        Ok(yaml) => yaml,
        Err(NoDraft::Broken(problems)) => return Err(told(&problems, speaker)),
        Err(why) => return Err(no_draft(&why, speaker)),
    };
    data(&yaml)?;
    message(speaker.say(
        "下一步：存为 own/表名.yaml，改好标有 todo 的行，再 juesuan mapping check own/表名.yaml",
        "next: save it as own/NAME.yaml, settle the lines marked todo, then juesuan mapping check own/NAME.yaml",
    ));
    Ok(Exit::Done)
}

fn no_draft(why: &NoDraft, speaker: Speaker) -> Failed {
    let inspect = speaker.say("用 juesuan inspect 查看文件", "look at the file with juesuan inspect");
    let (error, help) = match why {
        NoDraft::Unread(reason) => (wording::safe(reason), inspect),
        NoDraft::AllKnown => (
            speaker
                .say("没有未知的表：所有数字都在已知报表中", "no table is unknown: all numbers stand in known forms")
                .to_owned(),
            speaker.say("用 --table N 指定一张表", "name a table with --table N"),
        ),
        NoDraft::Known(form) => (
            speaker.say(format!("这张表已有映射：{form}"), format!("the table is of a form that is known: {form}")),
            speaker.say("哪些词阻断，见 juesuan mapping explain", "juesuan mapping explain tells which words block"),
        ),
        NoDraft::NoTable(tables) => (
            speaker.say(
                format!("没有这张表；文件中有 {tables} 张"),
                format!("there is no such table; the file has {tables}"),
            ),
            inspect,
        ),
        NoDraft::NothingToName | NoDraft::Broken(_) => {
            (speaker.say("表中没有数字或表头", "the table has no numbers, or no labels above them").to_owned(), inspect)
        }
    };
    Failed::wrong_use(error, help)
}
