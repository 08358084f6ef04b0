use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Parser, Subcommand, ValueEnum};
use juesuan::model::Checks;

use super::written::{FailOn, LogFormat, checks, file_size};

/// 决算：把单位报送的部门决算变成精确、可追溯的数据。
/// Turns final accounts that government units hand in into exact, traceable data.
#[derive(Debug, Parser)]
#[command(name = "juesuan", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Args {
    /// Configuration; default: juesuan.yaml of this folder, where there is one 配置文件
    #[arg(long, global = true, value_name = "FILE", env = "JUESUAN_CONFIG", hide_env_values = true)]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read documents into a dataset and publish it 导入文件并发布数据集
    Import(ImportArgs),
    /// Read documents into a shard: the first half of an import, on any machine 提取为分片
    Extract(ExtractArgs),
    /// Publish shards as a dataset: the second half 发布分片
    Publish(PublishArgs),
    /// Write the dataset for other programs 导出
    Export(ExportArgs),
    /// Show what was read in one file and what became of it 查看一个文件读出了什么
    Inspect(InspectArgs),
    /// A document of a dataset as a page with its figures on it 在网页上查看数据集中的一个文件
    View(ViewArgs),
    /// Each unit's three public expenses by year 各单位历年“三公”经费
    Trend(TrendArgs),
    /// What does not add up or is doubtful, unit by unit 校验：各单位数字哪里对不上
    Check(CheckArgs),
    /// What differs between two snapshots, and why 比较两个快照
    Compare(CompareArgs),
    /// The last runs, what is published, and which unit's forms are there 数据集现状
    Status(StatusArgs),
    /// Mapping files 映射文件
    Mapping {
        #[command(subcommand)]
        command: MappingCommand,
    },
}

/// What decides what is made of a document.
#[derive(Debug, clap::Args)]
pub(crate) struct ReadingArgs {
    /// Mapping files that replace or extend the built-in ones 映射文件夹
    #[arg(long, value_name = "DIR", env = "JUESUAN_MAPPINGS", hide_env_values = true)]
    pub(crate) mappings: Option<PathBuf>,
    /// Registry of units (CSV) 单位名录
    #[arg(long = "units", visible_alias = "registry", value_name = "FILE")]
    #[arg(env = "JUESUAN_REGISTRY", hide_env_values = true)]
    pub(crate) registry: Option<PathBuf>,
    /// Keep contact names, phone numbers and signatures 保留联系人、电话等个人信息
    #[arg(long, env = "JUESUAN_WITH_PERSONAL_DATA", hide_env_values = true)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    #[arg(value_parser = BoolishValueParser::new())]
    pub(crate) with_personal_data: Option<bool>,
    /// Larger files are not read, e.g. 64MiB; default: 512MiB 文件大小上限
    #[arg(long, value_name = "SIZE", env = "JUESUAN_MAX_FILE_SIZE", hide_env_values = true, value_parser = file_size)]
    pub(crate) max_file_size: Option<u64>,
}

/// How a run goes about its work and speaks of it.
#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// Threads; default: all cores 线程数
    #[arg(long, value_name = "N", env = "JUESUAN_JOBS", hide_env_values = true)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// How messages are written; default: text 信息格式
    #[arg(long, value_enum, value_name = "FORMAT", env = "JUESUAN_LOG_FORMAT", hide_env_values = true)]
    pub(crate) log_format: Option<LogFormat>,
    /// No progress and no summary 不显示进度和小结
    #[arg(long, env = "JUESUAN_QUIET", hide_env_values = true)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    #[arg(value_parser = BoolishValueParser::new())]
    pub(crate) quiet: Option<bool>,
    /// From which severity on the exit code is 1; default: error 从哪一级起退出码为 1
    #[arg(long, value_enum, value_name = "SEVERITY", env = "JUESUAN_FAIL_ON", hide_env_values = true)]
    pub(crate) fail_on: Option<FailOn>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// Files and folders to read 要读取的文件和文件夹
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Folder of the dataset; made where there is none 数据集文件夹
    #[arg(long, value_name = "DIR", env = "JUESUAN_DATASET", hide_env_values = true)]
    pub(crate) dataset: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    /// Write the tables as CSV too 同时输出 CSV
    #[arg(long, env = "JUESUAN_CSV", hide_env_values = true)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    #[arg(value_parser = BoolishValueParser::new())]
    pub(crate) csv: Option<bool>,
    /// Read and check, tell the settings and what would be done, publish nothing 只检查，不发布
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Hash every file, instead of trusting size and time of those that seem unchanged 重新核对每个文件的内容
    #[arg(long)]
    pub(crate) rescan: bool,
    /// Let the figures of files leave that are no longer below the inputs 删除已不存在的文件的数据
    #[arg(long, env = "JUESUAN_PRUNE", hide_env_values = true)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    #[arg(value_parser = BoolishValueParser::new())]
    pub(crate) prune: Option<bool>,
    /// How grave findings are: CODE=off|info|warning|error, or FAMILY::*=…, parted by commas 检查的严重程度
    #[arg(long, value_name = "CODE=SEVERITY", env = "JUESUAN_CHECKS", hide_env_values = true, value_parser = checks)]
    pub(crate) checks: Option<Checks>,
    /// Snapshots that are kept; at least two; default: 7 保留的快照数
    #[arg(long, value_name = "N", env = "JUESUAN_KEEP", hide_env_values = true)]
    pub(crate) keep: Option<usize>,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExtractArgs {
    /// Files and folders to read 要读取的文件和文件夹
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Folder of the shard; must be new or empty 分片文件夹
    #[arg(long, value_name = "SHARD")]
    pub(crate) out: PathBuf,
    /// Read documents from standard input: per document the lengths of its name and content (8 bytes each,
    /// little-endian), its name, its content 从标准输入读取
    #[arg(long, conflicts_with_all = ["inputs", "files_from"])]
    pub(crate) stdin: bool,
    /// Read the files named in this file, one a line 从清单读取
    #[arg(long, value_name = "FILE", conflicts_with = "inputs")]
    pub(crate) files_from: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PublishArgs {
    /// Shards, in any order 分片
    #[arg(value_name = "SHARD", required = true)]
    pub(crate) shards: Vec<PathBuf>,
    /// Folder of the dataset; made where there is none 数据集文件夹
    #[arg(long, value_name = "DIR", env = "JUESUAN_DATASET", hide_env_values = true)]
    pub(crate) dataset: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    /// Write the tables as CSV too 同时输出 CSV
    #[arg(long, env = "JUESUAN_CSV", hide_env_values = true)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    #[arg(value_parser = BoolishValueParser::new())]
    pub(crate) csv: Option<bool>,
    /// How grave findings are: CODE=off|info|warning|error, or FAMILY::*=…, parted by commas 检查的严重程度
    #[arg(long, value_name = "CODE=SEVERITY", env = "JUESUAN_CHECKS", hide_env_values = true, value_parser = checks)]
    pub(crate) checks: Option<Checks>,
    /// Snapshots that are kept; at least two; default: 7 保留的快照数
    #[arg(long, value_name = "N", env = "JUESUAN_KEEP", hide_env_values = true)]
    pub(crate) keep: Option<usize>,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    /// Folder for Delta tables, one each below it; a later export adds a version to them 写为 Delta 表
    #[arg(long, value_name = "DIR")]
    pub(crate) delta: PathBuf,
    /// Folder of the dataset 数据集文件夹
    #[arg(long, value_name = "DIR", env = "JUESUAN_DATASET", hide_env_values = true)]
    pub(crate) dataset: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct InspectArgs {
    /// The file 文件
    pub(crate) file: PathBuf,
    /// How it is shown 输出格式
    #[arg(long, value_enum, default_value_t = InspectFormat::Text, value_name = "FORMAT")]
    pub(crate) format: InspectFormat,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ViewArgs {
    /// Its path as in the table documents, the end of that path, or its id 文件的路径、路径的末段或编号
    #[arg(value_name = "DOCUMENT")]
    pub(crate) document: String,
    /// Folder of the dataset 数据集文件夹
    #[arg(long, value_name = "DIR", env = "JUESUAN_DATASET", hide_env_values = true)]
    pub(crate) dataset: Option<PathBuf>,
    /// Where the file is now, if it has moved 文件现在的位置
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Where the page is written, `-` for the terminal; default: the name with .html in this folder 输出文件
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct TrendArgs {
    /// What to follow over the years 内容
    #[arg(value_enum)]
    pub(crate) what: TrendOf,
    /// Folder of the dataset 数据集文件夹
    #[arg(long, value_name = "DIR", env = "JUESUAN_DATASET", hide_env_values = true)]
    pub(crate) dataset: Option<PathBuf>,
    /// Only this unit, by name or id; may be repeated 只看此单位
    #[arg(long, value_name = "UNIT")]
    pub(crate) unit: Vec<String>,
    /// How it is shown 输出格式
    #[arg(long, value_enum, default_value_t = TrendFormat::Table, value_name = "FORMAT")]
    pub(crate) format: TrendFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CompareArgs {
    /// Two snapshots, the older first: ids, `current`, `previous`; default: previous current 两个快照
    #[arg(value_name = "SNAPSHOT", num_args = 2)]
    pub(crate) snapshots: Vec<String>,
    /// Folder of the dataset 数据集文件夹
    #[arg(long, value_name = "DIR", env = "JUESUAN_DATASET", hide_env_values = true)]
    pub(crate) dataset: Option<PathBuf>,
    /// What changed since then, e.g. 2026-11-25 or 2026-11-25T02:00+08:00 自何时起
    #[arg(long, value_name = "DATE", conflicts_with = "snapshots")]
    pub(crate) since: Option<String>,
    /// How it is shown 输出格式
    #[arg(long, value_enum, default_value_t = TrendFormat::Table, value_name = "FORMAT")]
    pub(crate) format: TrendFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StatusArgs {
    /// Folder of the dataset 数据集文件夹
    #[arg(long, value_name = "DIR", env = "JUESUAN_DATASET", hide_env_values = true)]
    pub(crate) dataset: Option<PathBuf>,
    /// How many of the last runs 显示最近几次运行
    #[arg(long, default_value_t = 5, value_name = "N")]
    pub(crate) runs: usize,
    /// Only this fiscal year; may be repeated 只看此年度
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: Vec<i32>,
    /// How it is shown 输出格式
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub(crate) format: LogFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MappingCommand {
    /// Check mapping files and run their examples; without FILE the built-in ones 检查映射文件
    Check {
        /// Mapping files or folders of them 映射文件
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Print the mapping language as JSON Schema, for editors 输出映射文件的 JSON Schema
    Schema,
    /// Why a number became this figure, or why not 为什么这个数字成了这项（或没有入库）
    Explain(ExplainArgs),
    /// Print a first mapping for a table that no form describes 为未知的表起草映射
    Draft(DraftArgs),
    /// Hold a new year's pile against the mappings 对照新一年的文件检查映射
    Drift(DriftArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct DraftArgs {
    /// The document 文件
    pub(crate) file: PathBuf,
    /// Number of the table, as `inspect` gives it; default: the one with the most numbers outside known forms 第几张表
    #[arg(long, value_name = "N")]
    pub(crate) table: Option<u32>,
    /// Mapping files that replace or extend the built-in ones 映射文件夹
    #[arg(long, value_name = "DIR")]
    pub(crate) mappings: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DriftArgs {
    /// Files and folders to read 要读取的文件和文件夹
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Write the suggested aliases into this folder, to be looked at and used with `--mappings` 把建议写入文件夹
    #[arg(long, value_name = "DIR")]
    pub(crate) write: Option<PathBuf>,
    /// How it is shown 输出格式
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub(crate) format: LogFormat,
    /// Mapping files that replace or extend the built-in ones 映射文件夹
    #[arg(long, value_name = "DIR")]
    pub(crate) mappings: Option<PathBuf>,
    /// Registry of units (CSV) 单位名录
    #[arg(long, value_name = "FILE")]
    pub(crate) units: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// The document 文件
    pub(crate) file: PathBuf,
    /// The numbers of this cell or paragraph, as `inspect` writes its place: `公开07表!L9`, `table 3 r5c2`, `paragraph 41`
    /// 指定单元格或段落
    #[arg(long, value_name = "PLACE", conflicts_with = "figure")]
    pub(crate) cell: Option<String>,
    /// The figures of this item, and what was left over beside its name 指定项目
    #[arg(long, value_name = "ITEM")]
    pub(crate) figure: Option<String>,
    /// How it is shown 输出格式
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub(crate) format: LogFormat,
    /// Mapping files that replace or extend the built-in ones 映射文件夹
    #[arg(long, value_name = "DIR")]
    pub(crate) mappings: Option<PathBuf>,
    /// Registry of units (CSV) 单位名录
    #[arg(long, value_name = "FILE")]
    pub(crate) units: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InspectFormat {
    /// For people, on a terminal
    Text,
    /// For programs
    Json,
    /// For people, in a browser: one file with everything in it
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrendOf {
    /// The three public expenses
    #[value(name = "三公", alias = "three_public")]
    ThreePublic,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// Folder of the dataset 数据集文件夹
    #[arg(long, value_name = "DIR", env = "JUESUAN_DATASET", hide_env_values = true)]
    pub(crate) dataset: Option<PathBuf>,
    /// Only this unit, by name or id; may be repeated 只看此单位
    #[arg(long, value_name = "UNIT")]
    pub(crate) unit: Vec<String>,
    /// Only this fiscal year; may be repeated 只看此年度
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: Vec<i32>,
    /// Nothing less grave than this 最低级别
    #[arg(long, value_enum, default_value_t = Least::Warning, value_name = "SEVERITY")]
    pub(crate) least: Least,
    /// How it is shown 输出格式
    #[arg(long, value_enum, default_value_t = TrendFormat::Table, value_name = "FORMAT")]
    pub(crate) format: TrendFormat,
}

/// How grave a finding is at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Least {
    /// The submission goes back
    Error,
    /// Ask the unit
    Warning,
    /// Worth knowing
    Info,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrendFormat {
    /// Aligned, for people
    Table,
    /// Comma-separated
    Csv,
    /// One array of objects
    Json,
}
