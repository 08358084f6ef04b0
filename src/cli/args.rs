use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// 决算：把单位报送的部门决算变成精确、可追溯的数据。
/// Turns final accounts that government units hand in into exact, traceable data.
#[derive(Debug, Parser)]
#[command(name = "juesuan", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read documents into a dataset and publish it 导入文件并发布数据集
    Import(ImportArgs),
    /// Show what was read in one file and what became of it 查看一个文件读出了什么
    Inspect(InspectArgs),
    /// Each unit's three public expenses by year 各单位历年“三公”经费
    Trend(TrendArgs),
    /// Mapping files 映射文件
    Mapping {
        #[command(subcommand)]
        command: MappingCommand,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// Files and folders to read 要读取的文件和文件夹
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Folder of the dataset; made where there is none 数据集文件夹
    #[arg(long, value_name = "DIR")]
    pub(crate) dataset: PathBuf,
    /// Mapping files that replace or extend the built-in ones 映射文件夹
    #[arg(long, value_name = "DIR")]
    pub(crate) mappings: Option<PathBuf>,
    /// Registry of units (CSV) 单位名录
    #[arg(long, value_name = "FILE")]
    pub(crate) units: Option<PathBuf>,
    /// Write the tables as CSV too 同时输出 CSV
    #[arg(long)]
    pub(crate) csv: bool,
    /// Threads; default: all cores 线程数
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Read and check, but publish nothing 只检查，不发布
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Keep contact names, phone numbers and signatures 保留联系人、电话等个人信息
    #[arg(long)]
    pub(crate) with_personal_data: bool,
    /// How messages are written 信息格式
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub(crate) log_format: LogFormat,
    /// No progress and no summary 不显示进度和小结
    #[arg(long)]
    pub(crate) quiet: bool,
    /// From which severity on the exit code is 1 从哪一级起退出码为 1
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
}

#[derive(Debug, clap::Args)]
pub(crate) struct InspectArgs {
    /// The file 文件
    pub(crate) file: PathBuf,
    /// How it is shown 输出格式
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub(crate) format: LogFormat,
    /// Mapping files that replace or extend the built-in ones 映射文件夹
    #[arg(long, value_name = "DIR")]
    pub(crate) mappings: Option<PathBuf>,
    /// Registry of units (CSV) 单位名录
    #[arg(long, value_name = "FILE")]
    pub(crate) units: Option<PathBuf>,
    /// Show contact names, phone numbers and signatures 显示个人信息
    #[arg(long)]
    pub(crate) with_personal_data: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct TrendArgs {
    /// What to follow over the years 内容
    #[arg(value_enum)]
    pub(crate) what: TrendOf,
    /// Folder of the dataset 数据集文件夹
    #[arg(long, value_name = "DIR")]
    pub(crate) dataset: PathBuf,
    /// Only this unit, by name or id; may be repeated 只看此单位
    #[arg(long, value_name = "UNIT")]
    pub(crate) unit: Vec<String>,
    /// How it is shown 输出格式
    #[arg(long, value_enum, default_value_t = TrendFormat::Table, value_name = "FORMAT")]
    pub(crate) format: TrendFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MappingCommand {
    /// Check mapping files and run their examples; without FILE the built-in ones 检查映射文件
    Check {
        /// Mapping files or folders of them 映射文件
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Why a number became this figure, or why not 为什么这个数字成了这项（或没有入库）
    Explain(ExplainArgs),
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
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// For machines
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Findings of severity error, or documents that could not be read
    Error,
    /// Warnings too
    Warning,
    /// Nothing
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrendOf {
    /// The three public expenses
    #[value(name = "三公", alias = "three_public")]
    ThreePublic,
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
