use std::path::{Path, PathBuf};

use juesuan::pipeline::{self, Settings};
use juesuan::present::{self, PageOptions};
use juesuan::store::{self, StoredDocument};
use juesuan::wording::safe;

use super::args::ViewArgs;
use super::exit::Exit;
use super::failed::Failed;
use super::inputs::{self, Unread};
use super::output::{data, message};
use super::settings::{ReadingSettings, Speaker, Told};

/// How many documents are named where several fit.
const NAMED: usize = 10;
/// What stands near the start of every page that juesuan wrote.
const GENERATOR: &str = "<meta name=\"generator\" content=\"juesuan\">";

/// Writes a document of a dataset as a page with its figures on it.
pub(crate) fn run(args: &ViewArgs, told: &Told<'_>, speaker: Speaker) -> Result<Exit, Failed> {
    let dataset = told.dataset(args.dataset.as_ref())?.value;
    let reading = ReadingSettings::of(&args.reading, told);
    let settings = reading.load()?;
    let viewed = Viewed { args, told, dataset: &dataset, settings: &settings, speaker };
    let stored = viewed.find()?;
    let page = viewed.page_of(&stored, reading.max_file_size.value)?;
    let target = args.out.clone().unwrap_or_else(|| default_target(&stored.path));
    if target == Path::new("-") {
        data(&page)?;
        return Ok(Exit::Done);
    }
    let shown = safe(&target.display().to_string());
    if args.out.is_none() && !may_be_replaced(&target) {
        let error = speaker
            .say(format!("`{shown}` 已经存在，不是 juesuan 写的"), format!("`{shown}` exists and is not juesuan's"));
        return Err(Failed::wrong_use(error, speaker.say("用 --out 指定文件", "name a file with --out")));
    }
    std::fs::write(&target, page).map_err(|error| Failed::Told {
        exit: Exit::Unfinished,
        error: format!("`{shown}`: {error}"),
        help: String::new(),
    })?;
    message(&speaker.say(
        format!("已写入 {shown}\n下一步：用浏览器打开它"),
        format!("written: {shown}\nnext: open it in a browser"),
    ));
    Ok(Exit::Done)
}

/// What is to be viewed.
struct Viewed<'a> {
    args: &'a ViewArgs,
    told: &'a Told<'a>,
    dataset: &'a Path,
    settings: &'a Settings,
    speaker: Speaker,
}

impl Viewed<'_> {
    /// The one document of the dataset that is meant.
    fn find(&self) -> Result<StoredDocument, Failed> {
        let Viewed { args, speaker, .. } = *self;
        let wanted = match args.document.strip_prefix("./") {
            Some(rest) => rest,
            None => &args.document,
        };
        let mut found = store::find_documents(self.dataset, wanted)?;
        let shown = safe(&args.document);
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Failed::wrong_use(
                speaker.say(format!("数据集中没有文件 `{shown}`"), format!("the dataset has no document `{shown}`")),
                speaker.say(
                    "写它在 documents 表中的路径（或路径的末段）或编号",
                    "give its path as in the table documents, the end of that path, or its id",
                ),
            )),
            count => {
                let names: Vec<String> = found.iter().take(NAMED).map(|document| safe(&document.path)).collect();
                let more = if count > NAMED { " …" } else { "" };
                Err(Failed::wrong_use(
                    speaker.say(
                        format!("有 {count} 个文件符合 `{shown}`：{}{more}", names.join("、")),
                        format!("{count} documents fit `{shown}`: {}{more}", names.join(", ")),
                    ),
                    speaker.say("请写出完整的路径", "give the whole path"),
                ))
            }
        }
    }

    /// Reads the document again, from where it was imported or where it is now, and draws it.
    fn page_of(&self, stored: &StoredDocument, max_file_size: u64) -> Result<String, Failed> {
        let Viewed { args, settings, speaker, .. } = *self;
        let file = args.file.clone().unwrap_or_else(|| self.imported_from(&stored.path));
        let shown = safe(&file.display().to_string());
        let bytes = inputs::read(&file, max_file_size).map_err(|unread| {
            let why = match unread {
                Unread::Failed(error) => error.to_string(),
                Unread::TooLarge(size) => format!("{size} bytes"),
            };
            Failed::wrong_use(
                format!("`{shown}`: {why}"),
                speaker.say(
                    "数据集不保存原文件；用 --file 指出它现在的位置",
                    "the dataset does not keep the file itself; say with --file where it is now",
                ),
            )
        })?;
        if pipeline::sha256(&bytes) != stored.document_id {
            return Err(Failed::wrong_use(
                speaker.say(
                    format!("`{shown}` 与导入时的内容不同"),
                    format!("`{shown}` is not what was imported: its content has changed"),
                ),
                speaker.say(
                    "请重新导入，或用 --file 指出原来的文件",
                    "import it again, or say with --file where the imported content is",
                ),
            ));
        }
        let (document, extracted) = pipeline::inspect(&bytes, &stored.path, settings);
        let elsewhere = present::statements_elsewhere(self.dataset, &stored.unit_id, &stored.document_id)?;
        let notice = (stored.mapping_version != extracted.versions.of_mapping()).then_some((
        "数据集是用另一版映射文件读取的；本页按现在的映射文件显示。",
        "The dataset was read with another version of the mapping files; this page shows what the present ones give.",
    ));
        let options =
            PageOptions { language: speaker.language, with_personal_data: settings.with_personal_data, notice };
        Ok(present::page(document.as_ref(), &extracted, &elsewhere, options))
    }

    /// Where a stored path leads: from `juesuan.yaml`, where there is one, as it did in the import.
    fn imported_from(&self, path: &str) -> PathBuf {
        match self.told.config.file.as_deref().and_then(Path::parent) {
            Some(folder) => folder.join(path),
            None => PathBuf::from(path),
        }
    }
}

/// The name of the document with `.html` behind it, in the current folder.
fn default_target(path: &str) -> PathBuf {
    let name = path.rsplit('/').next().unwrap_or(path);
    PathBuf::from(format!("{name}.html"))
}

/// A file that is not there, or that an earlier run wrote.
fn may_be_replaced(target: &Path) -> bool {
    match std::fs::read(target) {
        Ok(bytes) => String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).contains(GENERATOR),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}
