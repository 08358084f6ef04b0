//! Every table and column of a dataset, in one place: rows, Parquet schema, data package and CSV come from here.

use super::table::shape::{Column, Kind, TableShape};

const fn column(
    name: &'static str,
    kind: Kind,
    title: &'static str,
    description: &'static str,
    fiscal_type: &'static str,
) -> Column {
    Column { name, kind, title, description, fiscal_type }
}

const UNIT_ID: Column = column(
    "unit_id",
    Kind::Word,
    "单位编号",
    "Id of the reporting unit: from the registry, else its normalised name",
    "administrative-classification:generic:level1:code",
);
const UNIT: Column = column(
    "unit",
    Kind::Word,
    "单位",
    "Name of the reporting unit as written",
    "administrative-classification:generic:level1:label",
);
const FISCAL_YEAR: Column = column("fiscal_year", Kind::Int32, "年度", "Fiscal year", "date:fiscal-year");
const FORM: Column = column("form", Kind::Word, "报表", "Id of the form", "");
const ENTITY: Column =
    column("entity", Kind::Word, "下属单位或项目", "Sub-unit or project; null: the unit as a whole", "");
const ITEM: Column = column("item", Kind::Word, "项目", "What is measured: a canonical name of the vocabulary", "");
const FUNCTION: Column = column(
    "function",
    Kind::Word,
    "功能分类",
    "Functional classification: code of 3, 5 or 7 digits, or path of names; null: all",
    "functional-classification:generic:level1:code",
);
const ECONOMIC: Column = column(
    "economic",
    Kind::Word,
    "经济分类",
    "Economic classification of the department: code of 3 or 5 digits; null: all",
    "economic-classification:generic:level1:code",
);
const FUNDING: Column =
    column("funding", Kind::Word, "资金", "Which budget paid; null: all funds", "fin-source:generic:code");
const MEASURE: Column = column("measure", Kind::Word, "指标", "Which of the item's numbers it is", "phase:id");
const BASE: Column = column("base", Kind::Word, "基数", "What a share or rate is of, where it is not the default", "");
const VALUE: Column =
    column("value", Kind::Amount, "数值", "Exact value: amounts in 万元, rates in percent, counts as such", "value");
const UNIT_OF_MEASURE: Column =
    column("unit_of_measure", Kind::Word, "计量单位", "万元, %, 分, or the unit of the count", "value-currency");
const DOCUMENT_ID: Column = column("document_id", Kind::Word, "文件编号", "SHA-256 of the document", "");
const DOCUMENT_PATH: Column = column("document_path", Kind::Word, "文件", "Path of the document", "");
const PLACE: Column = column("place", Kind::Word, "位置", "Where it stands in the document", "");
const RULE: Column = column("rule", Kind::Word, "规则", "The rule that made it", "");
const LEVEL: Column =
    column("level", Kind::Int32, "层级", "0 for a total, 1 类, 2 款, 3 项; or the depth of the item", "");
const LEAF: Column =
    column("leaf", Kind::Flag, "末级", "No other figure of the same form and measure is a part of it", "");
const MAPPING_VERSION: Column = column(
    "mapping_version",
    Kind::Word,
    "映射版本",
    "Version of the mapping files and code lists that could matter to the document",
    "",
);

/// One row per figure.
pub(crate) static FIGURES: TableShape = TableShape {
    name: "figures",
    description: "One row per figure: a value with its key and its place in a document",
    by_year: true,
    columns: &[
        UNIT_ID,
        UNIT,
        FISCAL_YEAR,
        FORM,
        ENTITY,
        ITEM,
        FUNCTION,
        column(
            "function_name",
            Kind::Word,
            "功能分类名称",
            "Name of the functional code in that year",
            "functional-classification:generic:level1:label",
        ),
        ECONOMIC,
        column(
            "economic_name",
            Kind::Word,
            "经济分类名称",
            "Name of the economic code in that year",
            "economic-classification:generic:level1:label",
        ),
        FUNDING,
        MEASURE,
        BASE,
        VALUE,
        UNIT_OF_MEASURE,
        column("value_as_written", Kind::Text, "原文", "The characters of the value as they stand", ""),
        column("decimals", Kind::Int32, "小数位", "Decimals that were written", ""),
        column("label", Kind::Word, "标签", "The words that named it, outermost first", ""),
        DOCUMENT_ID,
        DOCUMENT_PATH,
        PLACE,
        RULE,
        MAPPING_VERSION,
        column(
            "flags",
            Kind::Word,
            "标记",
            "Remarks parted by blanks; entity_is_unit: its entity stands for the whole unit; not_in_facts: kept out of facts",
            "",
        ),
        LEVEL,
        LEAF,
    ],
};

/// One row per unit, year and key.
pub(crate) static FACTS: TableShape = TableShape {
    name: "facts",
    description: "One row per unit, fiscal year and key: what all documents say about it, and whether they agree",
    by_year: true,
    columns: &[
        UNIT_ID,
        UNIT,
        FISCAL_YEAR,
        ITEM,
        FUNCTION,
        ECONOMIC,
        FUNDING,
        MEASURE,
        BASE,
        VALUE,
        column(
            "decimals",
            Kind::Int32,
            "小数位",
            "Decimals of the value as it was written, in this unit; negative where it was written in thousands or more",
            "",
        ),
        UNIT_OF_MEASURE,
        column("status", Kind::Word, "状态", "single, agreed, last_digit or conflict", ""),
        column("sources", Kind::Int32, "来源数", "Number of figures that state it", ""),
        column("forms", Kind::Word, "来源报表", "Forms that state it, preferred first, joined by commas", ""),
        DOCUMENT_ID,
        PLACE,
        LEVEL,
        LEAF,
    ],
};

/// One row per text field.
pub(crate) static TEXTS: TableShape = TableShape {
    name: "texts",
    description: "One row per text field of a form",
    by_year: false,
    columns: &[
        UNIT_ID,
        UNIT,
        FISCAL_YEAR,
        FORM,
        ENTITY,
        ITEM,
        MEASURE,
        column("text", Kind::Text, "文本", "The text", ""),
        DOCUMENT_ID,
        PLACE,
        RULE,
    ],
};

/// One row per indicator.
pub(crate) static SCORES: TableShape = TableShape {
    name: "scores",
    description: "One row per indicator of a score table",
    by_year: false,
    columns: &[
        UNIT_ID,
        UNIT,
        FISCAL_YEAR,
        FORM,
        ENTITY,
        column("scheme", Kind::Word, "评分方案", "Scoring scheme, where it is known", ""),
        column("level1", Kind::Word, "一级指标", "First level of the indicator", ""),
        column("level2", Kind::Word, "二级指标", "Second level of the indicator", ""),
        column("level3", Kind::Word, "三级指标", "Third level of the indicator", ""),
        column("weight", Kind::Amount, "分值", "Points that can be had", ""),
        column("self_score", Kind::Amount, "自评得分", "Points that the unit gave itself", ""),
        DOCUMENT_ID,
        PLACE,
    ],
};

/// One row per number that no rule could name.
pub(crate) static LEFTOVERS: TableShape = TableShape {
    name: "leftovers",
    description: "One row per number inside a recognised form that no rule could name with certainty",
    by_year: false,
    columns: &[
        UNIT_ID,
        UNIT,
        FISCAL_YEAR,
        DOCUMENT_ID,
        DOCUMENT_PATH,
        FORM,
        PLACE,
        column("value_as_written", Kind::Text, "原文", "The characters of the number", ""),
        column("labels", Kind::Word, "标签", "The words on its path, outermost first", ""),
        column("blocked_by", Kind::Word, "原因", "The word that blocked it, or what was missing", ""),
    ],
};

/// One row per finding.
pub(crate) static FINDINGS: TableShape = TableShape {
    name: "findings",
    description: "One row per finding: what readers, recognisers, locators and checks have to say",
    by_year: false,
    columns: &[
        column("finding_id", Kind::Text, "编号", "Stable id of the finding", ""),
        column("severity", Kind::Word, "级别", "info, warning or error", ""),
        column("code", Kind::Word, "代码", "Stable code of the finding", ""),
        UNIT_ID,
        UNIT,
        FISCAL_YEAR,
        FORM,
        column("message", Kind::Text, "说明", "What was found, in Chinese", ""),
        column("expected", Kind::Text, "应为", "What should have been there", ""),
        column("actual", Kind::Text, "实为", "What is there", ""),
        column("difference", Kind::Text, "差额", "By how much they differ", ""),
        column("places", Kind::Text, "位置", "Where the things it speaks of stand, joined by `; `", ""),
        column("document_ids", Kind::Word, "文件编号", "Documents it speaks of, joined by commas", ""),
    ],
};

/// One row per rule that was due.
pub(crate) static CHECKS: TableShape = TableShape {
    name: "checks",
    description: "One row per rule of what must add up and form of a document, or year of a unit, that it was due in",
    by_year: false,
    columns: &[
        UNIT_ID,
        UNIT,
        FISCAL_YEAR,
        FORM,
        column("check", Kind::Word, "勾稽关系", "The rule: the code of its findings", ""),
        column("says", Kind::Word, "说明", "What must hold, in Chinese", ""),
        column("exact", Kind::Int64, "一致", "How often it holds to the last digit", ""),
        column("within_rounding", Kind::Int64, "尾差内", "How often it holds as far as the written decimals tell", ""),
        column("last_digit", Kind::Int64, "末位不符", "How often it is broken by one unit of the last digit", ""),
        column("broken", Kind::Int64, "不符", "How often it is broken", ""),
        column(
            "document_id",
            Kind::Word,
            "文件编号",
            "SHA-256 of the document; null: all that the unit tells of the year",
            "",
        ),
    ],
};

/// One row per form seen or missing.
pub(crate) static FORMS: TableShape = TableShape {
    name: "forms",
    description: "One row per form of a document, and one per form that a unit lacks",
    by_year: false,
    columns: &[
        UNIT_ID,
        UNIT,
        FISCAL_YEAR,
        FORM,
        column("status", Kind::Word, "状态", "filled, blank, missing or ambiguous", ""),
        DOCUMENT_ID,
        column("figures", Kind::Int64, "数字数", "Figures and scores in it", ""),
        column("leftovers", Kind::Int64, "未识别数", "Leftovers in it", ""),
    ],
};

/// One row per path.
pub(crate) static DOCUMENTS: TableShape = TableShape {
    name: "documents",
    description: "One row per path below the inputs",
    by_year: false,
    columns: &[
        column("document_id", Kind::Text, "文件编号", "SHA-256 of the bytes", ""),
        column("path", Kind::Text, "路径", "Path as it was given", ""),
        column("bytes", Kind::Int64, "字节数", "Size", ""),
        column("format", Kind::Word, "格式", "What the bytes are", ""),
        column("encoding", Kind::Word, "编码", "Detected text encoding", ""),
        column("status", Kind::Word, "状态", "ok, partial, quarantined, skipped or superseded", ""),
        column("reason", Kind::Text, "原因", "Why it was not read, or not whole", ""),
        UNIT_ID,
        column("fiscal_years", Kind::Word, "年度", "Fiscal years it speaks of, joined by commas", ""),
        column("numbers_figure", Kind::Int64, "数字·入库", "Numbers that became figures", ""),
        column("numbers_score", Kind::Int64, "数字·得分", "Numbers that became weights or scores", ""),
        column("numbers_text", Kind::Int64, "数字·文本", "Numbers that belong to a text field", ""),
        column("numbers_ignored", Kind::Int64, "数字·非数值", "Numbers that a rule declares to be no value", ""),
        column("numbers_leftover", Kind::Int64, "数字·未识别", "Numbers that no rule could name", ""),
        column("numbers_finding", Kind::Int64, "数字·存疑", "Numbers reported as doubtful", ""),
        column("numbers_outside", Kind::Int64, "数字·表外", "Numbers in no recognised form", ""),
        column("imported_at", Kind::Timestamp, "导入时间", "When this path was imported (UTC)", ""),
        MAPPING_VERSION,
    ],
};

macro_rules! money_columns {
    ($($prefix:literal, $item:literal;)*) => {
        /// The wide table of the three public expenses.
        pub(crate) static THREE_PUBLIC: TableShape = TableShape {
            name: "three_public",
            description: "One row per unit and fiscal year: the three public expenses and their counts",
            by_year: false,
            columns: &[
                UNIT_ID,
                UNIT,
                FISCAL_YEAR,
                $(
                    column(concat!($prefix, "_budget"), Kind::Amount, concat!($item, "预算数"), concat!($item, ": budget, 万元"), ""),
                    column(concat!($prefix, "_final"), Kind::Amount, concat!($item, "决算数"), concat!($item, ": final, 万元"), ""),
                    column(concat!($prefix, "_prior_final"), Kind::Amount, concat!($item, "上年决算数"), concat!($item, ": final of the year before, as stated, else of that year's facts, 万元"), ""),
                    column(concat!($prefix, "_change"), Kind::Amount, concat!($item, "增减额"), concat!($item, ": change, as stated, else computed, 万元"), ""),
                    column(concat!($prefix, "_change_rate"), Kind::Amount, concat!($item, "增减率"), concat!($item, ": change rate, as stated, else computed to two decimals, %"), ""),
                )*
                column("overseas_groups", Kind::Amount, "因公出国（境）团组数", "Groups sent abroad", ""),
                column("overseas_persons", Kind::Amount, "因公出国（境）人次数", "Persons sent abroad", ""),
                column("vehicles_purchased", Kind::Amount, "公务用车购置数", "Official vehicles bought", ""),
                column("vehicles_held", Kind::Amount, "公务用车保有量", "Official vehicles held", ""),
                column("reception_batches", Kind::Amount, "公务接待批次", "Receptions", ""),
                column("reception_persons", Kind::Amount, "公务接待人次", "Persons received", ""),
                column("domestic_reception_batches", Kind::Amount, "国内公务接待批次", "Domestic receptions", ""),
                column("domestic_reception_persons", Kind::Amount, "国内公务接待人次", "Persons received at domestic receptions", ""),
                column("conflicts", Kind::Word, "矛盾项", "Columns about which documents contradict each other, joined by commas", ""),
            ],
        };
        /// The items of the wide table that are amounts, in order.
        pub(crate) const MONEY_ITEMS: &[&str] = &[$($item),*];
    };
}

money_columns! {
    "three_public", "“三公”经费";
    "overseas_travel", "因公出国（境）费";
    "official_vehicles", "公务用车购置及运行维护费";
    "vehicle_purchase", "公务用车购置费";
    "vehicle_operation", "公务用车运行维护费";
    "receptions", "公务接待费";
}

/// The items of the wide table that are counts, in order.
pub(crate) const COUNT_ITEMS: &[&str] = &[
    "因公出国（境）团组数",
    "因公出国（境）人次数",
    "公务用车购置数",
    "公务用车保有量",
    "公务接待批次",
    "公务接待人次",
    "国内公务接待批次",
    "国内公务接待人次",
];

/// Every published table.
pub(crate) static TABLES: &[&TableShape] =
    &[&FIGURES, &FACTS, &TEXTS, &SCORES, &LEFTOVERS, &FINDINGS, &CHECKS, &THREE_PUBLIC, &FORMS, &DOCUMENTS];

/// The forms as the documents show them, each with its document's path: what [`FORMS`] is made of. Not published;
/// kept beside the tables because whether a form is missing or ambiguous changes with every document that comes.
pub(crate) static FORMS_SEEN: TableShape = TableShape {
    name: "forms_seen",
    description: "Internal: forms as each document shows them",
    by_year: false,
    columns: &[
        DOCUMENT_PATH,
        DOCUMENT_ID,
        UNIT_ID,
        UNIT,
        FISCAL_YEAR,
        FORM,
        column("status", Kind::Word, "状态", "filled, blank or ambiguous", ""),
        column("figures", Kind::Int64, "数字数", "Figures and scores in it", ""),
        column("leftovers", Kind::Int64, "未识别数", "Leftovers in it", ""),
        column("scope_total", Kind::Flag, "汇总", "The document speaks of a whole county", ""),
    ],
};

/// The findings of single documents, each with its document's path: the part of [`FINDINGS`] that stays while the
/// document stays. Not published.
pub(crate) static FINDINGS_SEEN: TableShape = TableShape {
    name: "findings_seen",
    description: "Internal: findings of single documents",
    by_year: false,
    columns: &[
        DOCUMENT_PATH,
        column("finding_id", Kind::Text, "编号", "Stable id of the finding", ""),
        column("severity", Kind::Word, "级别", "info, warning or error", ""),
        column("code", Kind::Word, "代码", "Stable code of the finding", ""),
        UNIT_ID,
        UNIT,
        FISCAL_YEAR,
        FORM,
        column("message", Kind::Text, "说明", "What was found, in Chinese", ""),
        column("expected", Kind::Text, "应为", "What should have been there", ""),
        column("actual", Kind::Text, "实为", "What is there", ""),
        column("difference", Kind::Text, "差额", "By how much they differ", ""),
        column("places", Kind::Text, "位置", "Where the things it speaks of stand, joined by `; `", ""),
        column("document_ids", Kind::Word, "文件编号", "Documents it speaks of, joined by commas", ""),
    ],
};

/// The rules that were due in single documents: the part of [`CHECKS`] that stays while the document stays. Not published.
pub(crate) static CHECKS_SEEN: TableShape = TableShape {
    name: "checks_seen",
    description: "Internal: rules that were due in single documents",
    by_year: false,
    columns: CHECKS.columns,
};

/// The rules that were due between all that a unit tells of a year: they stay while its facts stay. Not published.
pub(crate) static FACT_CHECKS: TableShape = TableShape {
    name: "fact_checks",
    description: "Internal: rules that were due among the facts of a year",
    by_year: true,
    columns: CHECKS.columns,
};

/// What the next import has to know of each document: one row per row of [`DOCUMENTS`], in the same order. Not published.
pub(crate) static LEDGER: TableShape = TableShape {
    name: "ledger",
    description: "Internal: what each document was when it was read, and what read it",
    by_year: false,
    columns: &[
        column("path", Kind::Text, "路径", "Path of the document", ""),
        column("document_id", Kind::Text, "文件编号", "SHA-256 of the bytes", ""),
        column("size", Kind::Int64, "字节数", "Size of the file", ""),
        column("modified", Kind::Int64, "修改时间", "When its content was changed, in nanoseconds since 1970", ""),
        column("changed", Kind::Int64, "变更时间", "When anything of it was changed, in nanoseconds since 1970", ""),
        column("seen", Kind::Int64, "查看时间", "When it was looked at, in nanoseconds since 1970", ""),
        column("unit", Kind::Word, "单位", "Name of the unit as written", ""),
        column("fiscal_year", Kind::Int32, "年度", "Fiscal year of the document", ""),
        column("forms", Kind::Word, "报表", "Forms in it, joined by commas", ""),
        column("quotes_path", Kind::Flag, "提及路径", "A finding quotes its path", ""),
        column("rows_at", Kind::Text, "所在路径", "Path under which its rows stand", ""),
        column("replaced_by", Kind::Text, "被替代", "Path of the document that replaces it by declaration", ""),
        column("program", Kind::Word, "程序版本", "Program that read it", ""),
        column("mapping", Kind::Word, "映射版本", "Mapping files that could matter to it", ""),
        column("codes", Kind::Word, "科目版本", "Code lists", ""),
        column("registry", Kind::Word, "名录版本", "What the registry said of its unit", ""),
    ],
};

/// The part of [`FINDINGS`] that comes of comparing the figures of one year: it stays while they stay. Not published.
pub(crate) static FACT_FINDINGS: TableShape = TableShape {
    name: "fact_findings",
    description: "Internal: findings about the facts of a year",
    by_year: true,
    columns: FINDINGS.columns,
};

/// Forms that two documents of a unit fill differently in one year. Not published.
pub(crate) static FORMS_TWICE: TableShape = TableShape {
    name: "forms_twice",
    description: "Internal: forms that several documents fill differently",
    by_year: true,
    columns: &[UNIT_ID, FORM, column("document_ids", Kind::Word, "文件编号", "The documents, joined by commas", "")],
};

/// The columns of `figures` that facts are made of.
pub(crate) const FIGURES_OF_FACTS: [&str; 20] = [
    "unit_id",
    "unit",
    "item",
    "function",
    "economic",
    "funding",
    "measure",
    "base",
    "form",
    "value",
    "unit_of_measure",
    "value_as_written",
    "decimals",
    "document_id",
    "place",
    "flags",
    "level",
    "leaf",
    "document_path",
    "entity",
];
