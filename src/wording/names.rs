use crate::model::{Fate, Funding, Measure};

use super::Language;

/// The name of a form; the id itself for forms that users add.
pub fn form(id: &str, language: Language) -> &str {
    let (chinese, english) = match id {
        "income_expenditure_summary" => ("收入支出决算总表", "income and expenditure summary"),
        "income" => ("收入决算表", "income"),
        "expenditure" => ("支出决算表", "expenditure"),
        "appropriation_summary" => ("财政拨款收入支出决算总表", "appropriation summary"),
        "general_budget_expenditure" => ("一般公共预算财政拨款支出决算表", "general budget expenditure"),
        "appropriation_expenditure" => ("财政拨款支出决算表", "appropriation expenditure"),
        "appropriation_basic_expenditure" => ("财政拨款基本支出决算表", "basic expenditure of appropriation"),
        "operating_expenses" => ("机关运行经费支出决算表", "operating expenses of organs"),
        "basic_expenditure" => ("一般公共预算财政拨款基本支出决算表", "basic expenditure"),
        "three_public" => ("“三公”经费支出决算表", "three public expenses"),
        "government_fund" => ("政府性基金预算收入支出决算表", "government fund"),
        "state_capital" => ("国有资本经营预算支出决算表", "state capital"),
        "narrative" => ("部门决算情况说明", "narrative"),
        "self_evaluation" => ("整体支出绩效自评报告", "self-evaluation"),
        "evaluation_review" => ("整体绩效评价报告综述", "evaluation review"),
        "overall_scores" => ("整体支出绩效评价评分表", "overall scores"),
        "project_data" => ("项目绩效评价基础数据表", "project data"),
        "department_data" => ("部门整体支出绩效评价基础数据表", "department data"),
        "project_scores" => ("项目支出绩效评价评分表", "project scores"),
        "operations_information" => ("机构运行信息表", "operations information"),
        "government_procurement" => ("政府采购情况表", "government procurement"),
        "state_assets" => ("国有资产占用情况表", "state assets"),
        "assets_liabilities" => ("资产负债情况表", "assets and liabilities"),
        "project_self_evaluation" => ("项目支出绩效自评表", "project self-evaluation"),
        "department_self_evaluation" => ("部门整体支出绩效自评表", "department self-evaluation"),
        "project_income_expenditure" => ("项目收入支出决算表", "project income and expenditure"),
        "general_budget_project_expenditure" => ("一般公共预算财政拨款项目支出决算表", "project expenditure"),
        "general_budget_expenditure_detail" => ("一般公共预算财政拨款支出决算明细表", "general budget in detail"),
        "appropriation_expenditure_detail" => ("财政拨款支出决算明细表", "appropriation in detail"),
        other => (other, other),
    };
    language.pick(chinese, english)
}

/// The name of what became of a number.
pub fn fate(fate: Fate, language: Language) -> &'static str {
    let chinese = match fate {
        Fate::Figure => "入库数字",
        Fate::Score => "得分",
        Fate::Text => "文本",
        Fate::Ignored => "非数值",
        Fate::Leftover => "未识别",
        Fate::Finding => "存疑",
        Fate::Outside => "表外",
    };
    language.pick(chinese, fate.word())
}

/// The name of a document's status, by its word in datasets.
pub fn document_status(word: &str, language: Language) -> &str {
    let chinese = match word {
        "ok" => "完整读取",
        "partial" => "部分读取",
        "quarantined" => "未能读取",
        "skipped" => "跳过",
        "superseded" => "已被替换",
        other => other,
    };
    language.pick(chinese, word)
}

/// The name of a form's status, by its word in datasets.
pub fn form_status(word: &str, language: Language) -> &str {
    let chinese = match word {
        "filled" => "已填",
        "blank" => "空表",
        "missing" => "缺表",
        "ambiguous" => "存疑",
        other => other,
    };
    language.pick(chinese, word)
}

/// The name of a severity, by its word in datasets.
pub fn severity(word: &str, language: Language) -> &str {
    let chinese = match word {
        "error" => "错误",
        "warning" => "警告",
        "info" => "提示",
        other => other,
    };
    language.pick(chinese, word)
}

/// The name of a measure.
pub fn measure(measure: Measure, language: Language) -> &'static str {
    let (chinese, english) = match measure {
        Measure::Budget => ("年初预算数", "budget"),
        Measure::AdjustedBudget => ("全年预算数", "adjusted budget"),
        Measure::Final => ("决算数", "final"),
        Measure::PriorFinal => ("上年决算数", "last year's final"),
        Measure::PriorBudget => ("上年预算数", "last year's budget"),
        Measure::Change => ("比上年增减额", "change"),
        Measure::ChangeRate => ("比上年增减率", "change in percent"),
        Measure::BudgetChange => ("预算比上年增减额", "change of the budget"),
        Measure::BudgetChangeRate => ("预算比上年增减率", "change of the budget in percent"),
        Measure::Deviation => ("决算与预算差额", "deviation from the budget"),
        Measure::DeviationRate => ("决算与预算差异率", "deviation in percent"),
        Measure::CompletionRate => ("预算完成率", "completion of the budget"),
        Measure::Share => ("占比", "share"),
        Measure::Weight => ("分值", "weight"),
        Measure::SelfScore => ("自评得分", "self score"),
        Measure::Target => ("年度指标值", "target"),
        Measure::Actual => ("实际完成值", "actual"),
    };
    language.pick(chinese, english)
}

/// The name of the budget that pays.
pub fn funding(funding: Funding, language: Language) -> &'static str {
    let (chinese, english) = match funding {
        Funding::Appropriation => ("财政拨款", "appropriation"),
        Funding::GeneralBudget => ("一般公共预算财政拨款", "general public budget"),
        Funding::GovernmentFund => ("政府性基金预算财政拨款", "government fund"),
        Funding::StateCapital => ("国有资本经营预算财政拨款", "state capital"),
    };
    language.pick(chinese, english)
}
