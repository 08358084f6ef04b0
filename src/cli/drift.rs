use std::fmt::Write;
use std::path::Path;

use juesuan::authoring::{self, Drift, NewWord, Patch};
use juesuan::mapping::Near;
use juesuan::pipeline::Settings;
use juesuan::wording::safe;
use serde_json::{Value, json};

use super::args::DriftArgs;
use super::config::Config;
use super::exit::Exit;
use super::explain::near_as_json;
use super::failed::Failed;
use super::grid::{Side, aligned, shortened};
use super::inputs;
use super::output::{data, message};
use super::paths::Root;
use super::settings::Speaker;
use super::written::LogFormat;

/// Rows of a list that a person is shown; machines get all.
const SHOWN: usize = 40;

/// Columns that a word takes at most.
const CELL: usize = 40;

/// Holds a pile of documents against the mappings.
pub(crate) fn run(args: &DriftArgs, config: &Config, speaker: Speaker) -> Result<Exit, Failed> {
    let mappings = args.mappings.as_ref().or(config.mappings.as_ref()).map(|path| &**path);
    let registry = args.units.as_ref().or(config.registry.as_ref()).map(|path| &**path);
    let settings = Settings::load(mappings, registry, false)?;
    let roots: Vec<Root> = args.inputs.iter().cloned().map(Root::typed).collect();
    let own: Vec<&Path> = mappings.into_iter().chain(registry).collect();
    let found = match inputs::list(&roots, &own) {
        Ok(found) => found,
        Err(missing) => {
            let path = missing.0.display().to_string();
            let error =
                speaker.say(format!("没有这个文件或文件夹：{path}"), format!("there is no file or folder `{path}`"));
            return Err(Failed::wrong_use(error, speaker.say("请检查路径", "check the path")));
        }
    };
    let paths: Vec<String> = found.files.keys().cloned().collect();
    let drift = authoring::drift(&paths, |path| inputs::bytes_of(path, &found.files), &settings, mappings);
    let patches = drift.patches(&settings);
    let text = match args.format {
        LogFormat::Json => format!("{:#}\n", as_json(&drift, &patches)),
        LogFormat::Text => as_text(&drift, &patches, speaker),
    };
    data(&text)?;
    match &args.write {
        Some(directory) => written(directory, &patches, speaker),
        None => Ok(Exit::Done),
    }
}

/// Writes the suggestions into a folder; a file that is there already is left alone.
fn written(directory: &Path, patches: &[Patch], speaker: Speaker) -> Result<Exit, Failed> {
    for patch in patches {
        let path = directory.join(&patch.name);
        let made = std::fs::create_dir_all(directory)
            .and_then(|()| std::fs::File::create_new(&path))
            .and_then(|mut file| std::io::Write::write_all(&mut file, patch.yaml.as_bytes()));
        if let Err(error) = made {
            let error = format!("`{}`: {error}", path.display());
            let help = speaker
                .say("请换一个文件夹，或先移走已有的文件", "name another folder, or move the file that is there");
            return Err(Failed::Told { exit: Exit::Unfinished, error, help: help.to_owned() });
        }
        message(&speaker.say(format!("已写入 {}", path.display()), format!("written: {}", path.display())));
    }
    let shown = directory.display();
    message(&speaker.say(
        format!("逐行核对后：juesuan mapping check {shown}，再 juesuan import … --mappings {shown}"),
        format!("next, when each line has been looked at: juesuan mapping check {shown}, then juesuan import … --mappings {shown}"),
    ));
    Ok(Exit::Done)
}

// -------------------------------------------------------------------- JSON

fn as_json(drift: &Drift, patches: &[Patch]) -> Value {
    json!({
        "documents": drift.documents,
        "unread": drift.unread,
        "coverage": drift.coverage.iter().map(|coverage| json!({
            "form": coverage.form,
            "documents": coverage.documents,
            "named": coverage.named,
            "unnamed": coverage.unnamed,
        })).collect::<Vec<_>>(),
        "new": drift.new.iter().map(|word| json!({
            "form": word.form,
            "word": word.word,
            "blocks": word.blocks,
            "documents": word.documents,
            "first": { "path": word.first[0], "place": word.first[1] },
            "moved_from": word.moved_from,
            "known": word.known,
            "nearest": word.near.iter().map(near_as_json).collect::<Vec<_>>(),
            "frees": word.frees,
        })).collect::<Vec<_>>(),
        "titles": drift.titles.iter().map(|title| json!({
            "title": title.title,
            "numbers": title.numbers,
            "documents": title.documents,
            "first": { "path": title.first[0], "place": title.first[1] },
            "nearest": title.near.iter().map(near_as_json).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "gone": drift.gone.iter().map(|gone| json!({ "form": gone.form, "label": gone.label })).collect::<Vec<_>>(),
        "patches": patches.iter().map(|patch| json!({ "name": patch.name, "yaml": patch.yaml })).collect::<Vec<_>>(),
    })
}

// -------------------------------------------------------------------- text

fn as_text(drift: &Drift, patches: &[Patch], speaker: Speaker) -> String {
    let mut text = String::new();
    let (read, unread) = (drift.documents, drift.unread);
    let _ = writeln!(
        text,
        "{}",
        speaker.say(format!("文件：读取 {read}，未能读取 {unread}"), format!("documents: {read} read, {unread} not"))
    );
    let coverage = drift.coverage.iter().map(|coverage| {
        let all = coverage.named + coverage.unnamed;
        let share = per_mille(coverage.named, all);
        vec![coverage.form.clone(), coverage.documents.to_string(), format!("{}/{all}", coverage.named), share]
    });
    let head = speaker.say(["报表", "文件", "已识别", "比例"], ["form", "documents", "named", "share"]);
    section(&mut text, speaker.say("各报表的识别率", "coverage"), &head, coverage.collect(), speaker);
    let head = speaker.say(
        ["报表", "不认识的词", "阻断", "文件", "可释放", "最接近的已知标签（未采用）", "第一处"],
        ["form", "word not known", "blocks", "documents", "frees", "nearest known (not used)", "first"],
    );
    let (known, new): (Vec<&NewWord>, Vec<&NewWord>) = drift.new.iter().partition(|word| word.known);
    let rows = new.into_iter().map(row_of).collect();
    section(&mut text, speaker.say("新词", "new words"), &head, rows, speaker);
    let title =
        speaker.say("认识的词，但有别的原因（见 explain）", "known words that block for another reason (see explain)");
    let rows = known.into_iter().map(|word| {
        vec![
            word.form.clone(),
            shortened(&safe(&word.word), CELL),
            word.blocks.to_string(),
            safe(&word.first.join(" ")),
        ]
    });
    let head = speaker.say(["报表", "词", "阻断", "第一处"], ["form", "word", "blocks", "first"]);
    section(&mut text, title, &head, rows.collect(), speaker);
    let titles = drift.titles.iter().map(|title| {
        vec![
            shortened(&safe(&title.title), CELL),
            title.numbers.to_string(),
            title.documents.to_string(),
            nearest(&title.near),
            safe(&title.first.join(" ")),
        ]
    });
    let head = speaker.say(
        ["标题", "数字", "文件", "最接近的标题（未采用）", "第一处"],
        ["heading", "numbers", "documents", "nearest title (not used)", "first"],
    );
    section(
        &mut text,
        speaker.say("表外数字的标题", "headings over numbers of no form"),
        &head,
        titles.collect(),
        speaker,
    );
    let gone = drift.gone.iter().map(|gone| vec![gone.form.clone(), gone.label.clone()]);
    let head = speaker.say(["报表", "标签"], ["form", "label"]);
    section(&mut text, speaker.say("没有再出现的标签", "known, and seen nowhere"), &head, gone.collect(), speaker);
    for patch in patches {
        let _ = writeln!(text, "\n# {}\n{}", patch.name, patch.yaml.trim_end());
    }
    text
}

fn row_of(word: &NewWord) -> Vec<String> {
    let moved = if word.moved_from.is_empty() { String::new() } else { format!(" ← {}", word.moved_from.join(", ")) };
    vec![
        word.form.clone(),
        format!("{}{moved}", shortened(&safe(&word.word), CELL)),
        word.blocks.to_string(),
        word.documents.to_string(),
        word.frees.map_or_else(String::new, |frees| frees.to_string()),
        nearest(&word.near),
        safe(&word.first.join(" ")),
    ]
}

fn nearest(near: &[Near]) -> String {
    near.first().map_or_else(String::new, |near| format!("{} [{}]", near.label, shortened(&near.means, CELL)))
}

/// A share in percent with one decimal, counted in whole numbers.
fn per_mille(part: usize, whole: usize) -> String {
    match (part * 1000).checked_div(whole) {
        Some(share) => format!("{}.{} %", share / 10, share % 10),
        None => String::new(),
    }
}

fn section(text: &mut String, title: &str, head: &[&str], rows: Vec<Vec<String>>, speaker: Speaker) {
    if rows.is_empty() {
        return;
    }
    let hidden = rows.len().saturating_sub(SHOWN);
    let _ = writeln!(text, "\n{title} ({})", rows.len());
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let shown: Vec<Vec<String>> = std::iter::once(head).chain(rows.into_iter().take(SHOWN)).collect();
    text.push_str(&aligned(&shown, &[Side::Left; 7], "  "));
    if hidden > 0 {
        let more = speaker
            .say(format!("…… 还有 {hidden} 行，见 --format json"), format!("… and {hidden} more, see --format json"));
        let _ = writeln!(text, "  {more}");
    }
}
