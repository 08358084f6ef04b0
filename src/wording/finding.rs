use crate::model::{Finding, FindingCode, Funding, Measure};

use super::{Language, form, funding, measure};

/// What a finding says to a person: one line, the fact first, then what to do.
///
/// Places are not repeated; they stand beside the message wherever it is shown.
pub fn finding(finding: &Finding, language: Language) -> String {
    match language {
        Language::Chinese => chinese(finding),
        Language::English => english(finding),
    }
}

fn chinese(finding: &Finding) -> String {
    let about = finding.subject.as_str();
    let expected = finding.expected.as_deref().unwrap_or_default();
    let actual = finding.actual.as_deref().unwrap_or_default();
    let difference = finding.difference.as_deref().unwrap_or_default();
    let said = match finding.code {
        FindingCode::Quarantined => format!("文件未能读取：{about}"),
        FindingCode::DamagedText => format!("文本中有不属于编码 {about} 的字节，个别字符可能缺失；请对照原件"),
        FindingCode::DeclaredEncoding => {
            return format!("网页声明的字符集是 {expected}，内容却是 {actual}；已按内容读取，请核对有无乱码");
        }
        FindingCode::UnreadableCell => format!("单元格无法读取{}；请打开文件查看并重新保存", quoted("：", about)),
        FindingCode::UndividedCells => format!(
            "文字表格的各列无法分清{}；这些数字未入库，请提交 xlsx、docx，或在导出时给带千分位的数字加引号",
            quoted("：", about)
        ),
        FindingCode::ErrorValue => format!("单元格是错误值{}；请修正公式后重新报送", quoted("", about)),
        FindingCode::FormulaWithoutValue => {
            "公式没有保存计算结果，不能当作空白或零；请在电子表格软件中重新计算并保存".to_owned()
        }
        FindingCode::PartNotRead => format!("文件有一部分没有读取：{about}"),
        FindingCode::HiddenDigits => format!("存储的数比显示的位数多{}；已按存储值入库", quoted("：", about)),
        FindingCode::ScaledFormat => {
            "数字格式显示的数与存储的数不同（缩放、自带小数点或负号），无法确定数值；未入库，请改用普通格式".to_owned()
        }
        FindingCode::MalformedNumber => format!("不是规范的数字{}；未入库，请核对原件", quoted("：", about)),
        FindingCode::WrongKind => format!("数的种类与位置不符{}（例如金额处是百分比）；未入库", quoted("：", about)),
        FindingCode::Placeholder => format!("应填数字处仍是模板的占位符{}", quoted("：", about)),
        FindingCode::TwoValues => format!("同一项在同一报表中有两个不同的数{}；都未入库", quoted("：", &spoken(about))),
        FindingCode::WeightsDoNotSum => {
            return format!("{about} 写明分值 {actual}，其指标分值合计却是 {expected}；请核对评分表");
        }
        FindingCode::ScoresDoNotSum => {
            return format!("{about} 写明得分 {actual}，其指标得分合计却是 {expected}；请核对评分表");
        }
        FindingCode::ScoreAboveWeight => {
            return format!("{about} 得分 {actual}，高于分值 {expected}；请核对评分表");
        }
        FindingCode::RuleBroken | FindingCode::RuleInLastDigit => {
            let says = finding.rule.as_ref().map_or("数字应相互一致", |rule| &rule.says);
            let last = if finding.code == FindingCode::RuleInLastDigit { "末位" } else { "" };
            let about = spoken(about);
            let off = finding.difference.as_ref().map(|difference| format!("，{last}相差 {difference}"));
            return format!("{says}：{about} 为 {actual}，按其他各数应为 {expected}{}", off.unwrap_or_default());
        }
        FindingCode::SignNotTold => format!("无法确定是增加还是减少{}；未入库", quoted("：", about)),
        FindingCode::Ambiguous => format!("有两种读法{}；未入库", quoted("：", about)),
        FindingCode::Contradiction => format!("同一数字上的标签互相矛盾{}；未入库", quoted("：", about)),
        FindingCode::ListMismatch => format!("列出的项目与数字个数不一致{}；未入库", quoted("：", about)),
        FindingCode::TwoUnits => format!("同一数字有两个计量单位{}；未入库", quoted("：", about)),
        FindingCode::DoubtfulUnit => {
            return format!(
                "{actual} 不像一个单位的数{}；计量单位可能写错（元、万元），数字照原文入库，请核对",
                quoted("：", about)
            );
        }
        FindingCode::UnitMissing => {
            return format!("{actual} 没有写计量单位{}；按相邻各数的单位入库，请核对", quoted("：", about));
        }
        FindingCode::OtherUnit => format!(
            "此表金额与文件中其他地方相差千倍、万倍，计量单位写错（元、万元）{}；这些数字未入库，请更正单位后重新报送",
            quoted("：", about)
        ),
        FindingCode::UnknownUnit => format!("计量单位无法识别{}；相关金额未入库", quoted("：", about)),
        FindingCode::UnknownCode => format!("科目编码不在目录中{}；数字已入库，请核对编码", quoted("：", about)),
        FindingCode::CodeContradictsName => format!("科目编码与名称不符{}；未入库，请核对", quoted("：", about)),
        FindingCode::NameOfAnotherYear => format!("科目名称是其他年度的名称{}；数字已入库", quoted("：", about)),
        FindingCode::OtherWording => format!("科目名称与目录的写法不同{}；数字按编码入库", quoted("：", about)),
        FindingCode::UnitContradiction => format!("标题与文件夹（或两个标题）的单位不一致{}", quoted("：", about)),
        FindingCode::YearContradiction => format!("标题与文件夹（或两个标题）的年度不一致{}", quoted("：", about)),
        FindingCode::FormContradiction => {
            return format!("文件名写的是 {expected}，内容却是 {actual}；已按内容读取，请核对文件名：{about}");
        }
        FindingCode::ScopeUnknown => format!("无法确定编制单位或年度{}；请在文件名或标题中写明", quoted("：", about)),
        FindingCode::DraftByName => {
            format!(
                "文件或文件夹的名称表明可能不是定稿{}；作废的、草稿的数字未入库，模板、副本的已入库，请核对",
                quoted("：", about)
            )
        }
        FindingCode::TableBroken => {
            format!("报表在此断开，下面各行未入库{}；请重新导出文件，或补全各行的单元格", quoted("：", about))
        }
        FindingCode::NumbersOutsideForms => format!("有数字，但不属于任何已知报表{}", quoted("：", about)),
        FindingCode::HiddenSheet => format!("隐藏的工作表中有数字，未采用{}", quoted("：", about)),
        FindingCode::FactConflict => {
            let about = spoken(about);
            return format!("{about}：各处数字互相矛盾，{expected} 与 {actual} 相差 {difference}；请单位核实并更正");
        }
        FindingCode::FactLastDigit => {
            let about = spoken(about);
            return format!("{about}：末位相差一个单位，{expected} 与 {actual} 相差 {difference}");
        }
        FindingCode::FormMissing => {
            return format!("缺《{}》：本年度至少一半的单位报送了此表；请单位补报", form(about, Language::Chinese));
        }
        FindingCode::FormAmbiguous => {
            return format!("《{}》在多份文件中出现且数字不同；请单位确认以哪一份为准", form(about, Language::Chinese));
        }
        FindingCode::SimilarUnits => {
            return format!("单位名称相近：{about}；如为同一单位，请在单位名录（--units）中登记别名");
        }
        FindingCode::Crashed => format!("程序出错，此文件未能处理{}；请报告此问题", quoted("：", about)),
    };
    with_sides(said, [("应为", expected), ("实为", actual), ("相差", difference)], "；")
}

fn english(finding: &Finding) -> String {
    let about = finding.subject.as_str();
    let expected = finding.expected.as_deref().unwrap_or_default();
    let actual = finding.actual.as_deref().unwrap_or_default();
    let difference = finding.difference.as_deref().unwrap_or_default();
    let said = match finding.code {
        FindingCode::Quarantined => format!("the document could not be read: {about}"),
        FindingCode::DamagedText => format!("some bytes are not {about}, so characters may be lost; see the original"),
        FindingCode::DeclaredEncoding => {
            return format!("the page declares `{expected}`, but its bytes are {actual} and were read so; check it");
        }
        FindingCode::UnreadableCell => {
            format!("a cell cannot be read{}; open the file and save it again", ticked(about))
        }
        FindingCode::UndividedCells => format!(
            "the columns of a table in text cannot be told apart{}; hand in a workbook, or quote amounts with separators",
            ticked(about)
        ),
        FindingCode::ErrorValue => format!("a cell holds an error value{}; mend the formula", ticked(about)),
        FindingCode::FormulaWithoutValue => {
            "a formula has no stored result, which is neither blank nor zero; recalculate and save the file".to_owned()
        }
        FindingCode::PartNotRead => format!("a part of the document was not read: {about}"),
        FindingCode::HiddenDigits => {
            format!("more digits are stored than shown{}; the stored value counts", ticked(about))
        }
        FindingCode::ScaledFormat => {
            "the number format shows another number than is stored (scaled, or with its own point or minus); no figure"
                .to_owned()
        }
        FindingCode::MalformedNumber => format!("not a proper number{}; no figure was made of it", ticked(about)),
        FindingCode::WrongKind => format!("a number of the wrong kind for its place{}; no figure", ticked(about)),
        FindingCode::Placeholder => format!("a placeholder of the template stands for a number{}", ticked(about)),
        FindingCode::TwoValues => format!("one key has two values in one form{}; no figure", ticked(about)),
        FindingCode::WeightsDoNotSum => {
            return format!(
                "{about} is said to have {actual} points, but its indicators have {expected}; check the table"
            );
        }
        FindingCode::ScoresDoNotSum => {
            return format!("{about} is said to score {actual}, but its indicators score {expected}; check the table");
        }
        FindingCode::ScoreAboveWeight => {
            return format!("{about} scores {actual}, more than its {expected} points; check the table");
        }
        FindingCode::RuleBroken | FindingCode::RuleInLastDigit => {
            let last = if finding.code == FindingCode::RuleInLastDigit { " in the last place" } else { "" };
            let off = finding.difference.as_ref().map(|difference| format!(": off by {difference}{last}"));
            return format!("{about} is {actual}, but the other numbers give {expected}{}", off.unwrap_or_default());
        }
        FindingCode::SignNotTold => format!("more or less is not told{}; no figure", ticked(about)),
        FindingCode::Ambiguous => format!("two readings are possible{}; no figure", ticked(about)),
        FindingCode::Contradiction => format!("labels contradict each other{}; no figure", ticked(about)),
        FindingCode::ListMismatch => format!("as many labels as numbers were expected{}; no figure", ticked(about)),
        FindingCode::TwoUnits => format!("two units of measure govern one number{}; no figure", ticked(about)),
        FindingCode::DoubtfulUnit => {
            return format!(
                "{actual} is like no unit's{}; 元 may stand for 万元, or the other way about",
                ticked(about)
            );
        }
        FindingCode::UnitMissing => {
            return format!("{actual} has no unit of measure{}; it was read in that of its neighbours", ticked(about));
        }
        FindingCode::OtherUnit => format!(
            "amounts of this table are thousands of times those elsewhere, so its unit is wrong{}; they are left over",
            ticked(about)
        ),
        FindingCode::UnknownUnit => format!("the unit of measure is not understood{}; no amounts", ticked(about)),
        FindingCode::UnknownCode => format!("the code is not in the list{}; check it", ticked(about)),
        FindingCode::CodeContradictsName => format!("code and name do not belong together{}; no figure", ticked(about)),
        FindingCode::NameOfAnotherYear => format!("the name is that of another year{}", ticked(about)),
        FindingCode::OtherWording => format!("the name is worded as no list has it{}", ticked(about)),
        FindingCode::UnitContradiction => {
            format!("title and folder (or two titles) tell different units{}", ticked(about))
        }
        FindingCode::YearContradiction => {
            format!("title and folder (or two titles) tell different years{}", ticked(about))
        }
        FindingCode::FormContradiction => {
            return format!(
                "the file's name tells {expected}, its content {actual}, as which it was read{}",
                ticked(about)
            );
        }
        FindingCode::ScopeUnknown => format!("reporting unit or fiscal year cannot be told{}", ticked(about)),
        FindingCode::DraftByName => format!(
            "a file or folder is called a draft, given up, a template or a copy{}; drafts give no figures",
            ticked(about)
        ),
        FindingCode::TableBroken => {
            format!(
                "the table breaks off here, and the rows below it are not read{}; export the file anew",
                ticked(about)
            )
        }
        FindingCode::NumbersOutsideForms => format!("numbers that belong to no known form{}", ticked(about)),
        FindingCode::HiddenSheet => format!("a hidden worksheet has numbers, which were not used{}", ticked(about)),
        FindingCode::FactConflict => {
            return format!("{about}: {expected} and {actual} contradict each other by {difference}; ask the unit");
        }
        FindingCode::FactLastDigit => {
            return format!("{about}: {expected} and {actual} differ in the last place, by {difference}");
        }
        FindingCode::FormMissing => {
            let form = form(about, Language::English);
            return format!(
                "form `{form}` is missing, which at least half of the units handed in; ask the unit for it"
            );
        }
        FindingCode::FormAmbiguous => {
            let form = form(about, Language::English);
            return format!("form `{form}` stands in several documents with different numbers; ask which one counts");
        }
        FindingCode::SimilarUnits => {
            return format!(
                "names look alike: {about}; if they are one unit, name its aliases in the registry (--units)"
            );
        }
        FindingCode::Crashed => format!("a program error cost this document{}; please report it", ticked(about)),
    };
    with_sides(said, [("expected", expected), ("found", actual), ("difference", difference)], "; ")
}

/// A key in Chinese: with the names of its funding and its measure for their words.
fn spoken(key: &str) -> String {
    let part = |word: &str| {
        let measure = Measure::from_word(word).map(|known| measure(known, Language::Chinese));
        let funding = Funding::from_word(word).map(|known| funding(known, Language::Chinese));
        measure.or(funding).map_or_else(|| word.to_owned(), str::to_owned)
    };
    key.split(' ').map(part).collect::<Vec<String>>().join(" ")
}

/// The subject in Chinese quotes behind a mark; nothing where there is none.
fn quoted(mark: &str, subject: &str) -> String {
    if subject.is_empty() { String::new() } else { format!("{mark}“{subject}”") }
}

/// The subject in backticks; nothing where there is none.
fn ticked(subject: &str) -> String {
    if subject.is_empty() { String::new() } else { format!(" `{subject}`") }
}

/// A sentence with the sides that are known behind it.
fn with_sides(mut said: String, sides: [(&str, &str); 3], mark: &str) -> String {
    for (name, side) in sides {
        if !side.is_empty() {
            said.push_str(&format!("{mark}{name} {side}"));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_sentence_in_both_languages() {
        for code in FindingCode::ALL {
            for language in [Language::Chinese, Language::English] {
                let said = finding(&Finding::new(*code, "主题"), language);
                assert!(!said.is_empty() && !said.contains('\n'), "{}", code.word());
            }
        }
    }

    #[test]
    fn a_conflict_names_both_sides_and_the_difference() {
        let conflict = Finding {
            difference: Some("0.12 万元".into()),
            ..Finding::new(FindingCode::FactConflict, "“三公”经费 final")
        }
        .with_expected("33.43 three_public (a.xlsx)")
        .with_actual("33.55 narrative (b.docx)");
        let said = finding(&conflict, Language::Chinese);
        for part in ["33.43", "33.55", "0.12 万元", "a.xlsx", "b.docx"] {
            assert!(said.contains(part), "{said}");
        }
    }
}
