use std::io;

use juesuan::pipeline::SettingsError;
use juesuan::store::{Misfit, StoreError};
use juesuan::wording::safe;

use super::exit::Exit;
use super::inputs::Unread;
use super::output::fail;
use super::settings::{Speaker, Unset};

/// Why a command came to nothing.
pub(crate) enum Failed {
    /// Something was not told that it needs.
    Unset(Unset),
    /// Mappings or the registry cannot be used.
    Settings(SettingsError),
    /// A file has no bytes to look at; its path as it is shown.
    Unread(String, Unread),
    /// A dataset could not be read or written.
    Store(StoreError),
    /// Nobody takes what it has to say.
    Output(io::Error),
    /// Anything else, in the words for a person: what is wrong, and what to do.
    Told { exit: Exit, error: String, help: String },
}

impl Failed {
    /// What was asked for cannot be had.
    pub(crate) fn wrong_use(error: impl Into<String>, help: impl Into<String>) -> Failed {
        Failed::Told { exit: Exit::WrongUse, error: error.into(), help: help.into() }
    }

    /// Tells it, and ends with its exit code.
    pub(crate) fn told(self, speaker: Speaker) -> Exit {
        match self {
            Failed::Unset(unset) => {
                let (error, help) = unset.told(speaker);
                fail(speaker, Exit::WrongUse, error, help)
            }
            Failed::Settings(error) => fail(speaker, Exit::WrongUse, &error.shown(speaker.language), ""),
            Failed::Unread(path, unread) => {
                let why = match unread {
                    Unread::Failed(error) => error.to_string(),
                    Unread::TooLarge(size) => format!("{size} bytes"),
                };
                let help = speaker.say("请检查路径和权限", "check path and permissions");
                fail(speaker, Exit::WrongUse, &format!("`{}`: {why}", safe(&path)), help)
            }
            Failed::Store(error) => {
                fail(speaker, Exit::from(&error), &store_error(&error, speaker), help_for(&error, speaker))
            }
            Failed::Output(error) => fail(speaker, Exit::Unfinished, &error.to_string(), ""),
            Failed::Told { exit, error, help } => fail(speaker, exit, &error, &help),
        }
    }
}

impl From<Unset> for Failed {
    fn from(unset: Unset) -> Failed {
        Failed::Unset(unset)
    }
}

impl From<SettingsError> for Failed {
    fn from(error: SettingsError) -> Failed {
        Failed::Settings(error)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Failed {
        Failed::Store(error)
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Failed {
        Failed::Output(error)
    }
}

/// What a store error says to a person.
pub(crate) fn store_error(error: &StoreError, speaker: Speaker) -> String {
    let chinese = match error {
        StoreError::Held { dataset } => format!("另一个导入正在写入 `{}`", dataset.display()),
        StoreError::File { action, path, source } => {
            format!("文件操作失败（{action}）：`{}`：{source}", path.display())
        }
        StoreError::Stopped => "已按要求中止".to_owned(),
        StoreError::NoSnapshot { dataset } => format!("`{}` 中没有已发布的数据集", dataset.display()),
        StoreError::Misfit { path, why } => misfit(&path.display().to_string(), why),
        StoreError::Table { detail } => format!("数据表无法读写：{detail}"),
    };
    safe(&speaker.say(chinese, error.to_string()))
}

/// What a folder is that cannot be used as it was asked.
fn misfit(path: &str, why: &Misfit) -> String {
    match why {
        Misfit::NotEmpty => format!("`{path}` 不是空文件夹"),
        Misfit::NoDeltaTable => format!("`{path}` 中已有其他内容，不是 juesuan 的 Delta 表"),
        Misfit::NoShard => format!("`{path}` 不是分片"),
        Misfit::OtherSettings { what, theirs, ours } => {
            format!("分片 `{path}` 的 {what} 为 `{theirs}`，本次发布为 `{ours}`")
        }
        Misfit::SamePath { path: document, other } => {
            format!("分片 `{}` 和 `{path}` 都有 `{document}`，内容不同", other.display())
        }
        Misfit::CopyOfReplaced { path: document } => {
            format!("分片 `{path}` 中 `{document}` 的数据记在一个已被替代的副本名下")
        }
    }
}

/// What to do about a store error.
pub(crate) fn help_for(error: &StoreError, speaker: Speaker) -> &'static str {
    match error {
        StoreError::Held { .. } => speaker.say("等它结束后再试", "try again when it has ended"),
        StoreError::File { .. } => speaker
            .say("请检查权限和磁盘空间；原有快照未变", "check permissions and disk space; the snapshot before stands"),
        StoreError::Stopped => speaker.say("原有快照未变；再次运行即可", "the snapshot before stands; run it again"),
        StoreError::NoSnapshot { .. } => {
            speaker.say("先运行 juesuan import … --dataset 文件夹", "run juesuan import … --dataset DIR first")
        }
        StoreError::Misfit { why, .. } => match why {
            Misfit::NotEmpty | Misfit::NoDeltaTable => {
                speaker.say("请换一个文件夹；没有写入任何内容", "name another folder; nothing was written")
            }
            Misfit::NoShard => {
                speaker.say("先运行 juesuan extract … --out 分片", "run juesuan extract … --out SHARD first")
            }
            Misfit::OtherSettings { .. } => speaker.say(
                "用相同的程序、映射、名录和设置重新提取；没有写入任何内容",
                "extract it again with the same program, mappings, registry and settings; nothing was written",
            ),
            Misfit::SamePath { .. } | Misfit::CopyOfReplaced { .. } => {
                speaker.say("重新提取这些文件；没有写入任何内容", "extract these documents again; nothing was written")
            }
        },
        StoreError::Table { .. } => {
            speaker.say("原有快照未变；请报告此问题", "the snapshot before stands; please report this")
        }
    }
}
