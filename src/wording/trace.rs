use crate::model::{Role, Stands};

use super::Language;

/// How a word stands to the number that it may govern.
pub fn stands(stands: Stands, language: Language) -> &'static str {
    let (chinese, english) = match stands {
        Stands::Form => ("本表", "form"),
        Stands::Above => ("上方", "above"),
        Stands::OverLabels => ("标签栏名", "over labels"),
        Stands::Band => ("横栏", "band"),
        Stands::Left => ("左侧", "left"),
        Stands::Field => ("字段", "field"),
        Stands::Heading => ("标题", "heading"),
        Stands::Before => ("前文", "before"),
        Stands::Derived => ("推出", "derived"),
        Stands::Around => ("表外", "around"),
    };
    language.pick(chinese, english)
}

/// What a word on the path of a number is.
pub fn role(role: Role, language: Language) -> &'static str {
    let (chinese, english) = match role {
        Role::Key => ("说明键", "says"),
        Role::Neutral => ("已知无义", "neutral"),
        Role::Total => ("合计", "total"),
        Role::Column => ("栏目名", "column"),
        Role::Code => ("科目", "code"),
        Role::Entity => ("下级单位或项目", "entity"),
        Role::Unit => ("计量单位", "unit"),
        Role::Unknown => ("不认识", "NOT KNOWN"),
        Role::OtherYear => ("其他年度", "ANOTHER YEAR"),
        Role::NoMeaningHere => ("此处要看上文", "BY CONTEXT"),
        Role::Contradicts => ("矛盾", "CONTRADICTS"),
        Role::Blocker => ("阻断", "BLOCKS"),
        Role::Time => ("时间", "time"),
        Role::Comparison => ("比较", "comparison"),
        Role::Direction => ("增减", "direction"),
        Role::Share => ("占比", "share"),
        Role::Completion => ("完成率", "completion"),
        Role::List => ("列举", "list"),
        Role::Reason => ("原因", "reason"),
        Role::Statement => ("陈述", "statement"),
        Role::Placeholder => ("占位符", "PLACEHOLDER"),
        Role::Number => ("数字", "number"),
        Role::Mark => ("标点", "mark"),
    };
    language.pick(chinese, english)
}

/// What follows from no single word: the code of a derived step.
pub fn derived(code: &str, language: Language) -> &'static str {
    match code {
        "total" => language.pick("表头的合计", "the header's total"),
        _ => language.pick("上面各行或本表的合计", "the rows above, or the form's total"),
    }
}
