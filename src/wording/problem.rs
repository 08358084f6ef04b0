use crate::mapping::{Problem, Shape, WordKind, Wrong};

use super::{Language, safe};

/// What is wrong with a mapping file, with its place and the line itself: one line or more, for its author.
pub fn problem(problem: &Problem, language: Language) -> String {
    let said = match language {
        Language::Chinese => chinese(&problem.wrong),
        Language::English => english(&problem.wrong),
    };
    if problem.line == 0 {
        return format!("{}: {said}", safe(&problem.file));
    }
    let Problem { file, line, column, source, .. } = problem;
    // Tabs would move the mark below them: they are shown as what they are.
    let shown = source.replace('\t', "→");
    format!("{}:{line}:{column}: {said}\n  {line} | {}", safe(file), safe(&shown))
}

fn english(wrong: &Wrong) -> String {
    match wrong {
        Wrong::Unreadable(error) => format!("the file cannot be read: {error}"),
        Wrong::Told(told) => told.clone(),
        Wrong::NotUtf8 => "the file is no UTF-8; save it as UTF-8".to_owned(),
        Wrong::Yaml(told) => format!("no YAML: {told}"),
        Wrong::Tab => "a tab indents the line; YAML wants blanks".to_owned(),
        Wrong::FullWidthColon(word) => {
            format!("`：` behind `{word}` is a full-width colon; write `{word}: ` with a plain colon and a blank")
        }
        Wrong::ColonInText(text) => format!("`{text}` has a colon and a blank in it; put it into quotes: \"{text}\""),
        Wrong::SpecialCharacter(character) => {
            format!("a text that begins with `{character}` must stand in quotes")
        }
        Wrong::Expected(Shape::Mapping) => "keys with values belong here, such as `{ item: 公务接待费 }`".to_owned(),
        Wrong::Expected(Shape::List) => "a list belongs here, such as `[公务接待费]`".to_owned(),
        Wrong::Expected(Shape::Text) => "a single text belongs here".to_owned(),
        Wrong::Expected(Shape::Number) => "a number belongs here, such as `0.5`".to_owned(),
        Wrong::UnknownKey { key, expected, near } => {
            let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            format!("unknown key `{key}`{near} (known here: {})", expected.join(", "))
        }
        Wrong::MissingKey(key) => format!("the key `{key}` is missing"),
        Wrong::DuplicateKey(key) => format!("the key `{key}` is there twice; put both under one"),
        Wrong::NoWord { kind, word, expected } => {
            format!("`{word}` is no {}; it is one of {}", kind_english(*kind), expected.join(", "))
        }
        Wrong::NoItem { name, near } => {
            let near = listed(near, "; nearest: ", ", ");
            format!("`{name}` is no item of the vocabulary{near}; new items stand under `vocabulary:`")
        }
        Wrong::YearRange(written) => {
            format!("`{written}` is no range of years; it is written `2012..`, `..2018` or `2015..2018`")
        }
        Wrong::NoForm { name, known } => format!("there is no form `{name}`; known: {}", known.join(", ")),
        Wrong::NoRelation(name) => {
            format!(
                "check `{name}` must have `whole` and `parts`, or `whole` and `scores`, or `rollup`, or `both` or `needs` of two, or `rate`, `of` and perhaps `to`, or `indicators`, `points`, `to` and (but for none_of_nothing) `of`"
            )
        }
        Wrong::NoFileToExtend(name) => format!("there is no file `{name}.yaml` to extend"),
        Wrong::ExtendsItself => "`extends` leads back to the file itself".to_owned(),
        Wrong::NoFileToAddTo(name) => {
            format!("there is no file `{name}.yaml` to add to; besides forms there are vocabulary and lexicon")
        }
        Wrong::NotInAddition(key) => format!("a file that adds to another cannot have `{key}`; that is the other's"),
        Wrong::LabelTwice(label) => format!("label `{label}` is claimed twice in this file"),
        Wrong::EmptyLabel(label) => {
            format!("nothing is left of label `{label}` without ordinals, blanks and quotes")
        }
        Wrong::LabelOfTwoItems { label, items: [one, other] } => {
            format!("label `{label}` leads to two items: `{one}` and `{other}`; keep it under one")
        }
        Wrong::ItemTwice(item) => format!("item `{item}` is there twice"),
        Wrong::ParentNotAbove { item, parent } => {
            format!("item `{item}`: its parent `{parent}` does not stand above it")
        }
        Wrong::AliasOfNothing { label, near } => {
            format!(
                "label `{label}` is not known here, so that nothing can mean the same{}",
                listed(near, "; nearest: ", ", ")
            )
        }
        Wrong::AliasMeansAnother { alias, means } => {
            format!("`{alias}` is known already, and means something else: {means}; change it under `labels`")
        }
        Wrong::AliasInProse => {
            "words of prose are the lexicon's: put the alias into a file with `adds_to: lexicon`".to_owned()
        }
        Wrong::TitleOfTwoForms { title, forms: [one, other] } => {
            format!("title `{title}` names two forms, `{one}` and `{other}`")
        }
        Wrong::YearsOverlap { form, other } => {
            format!("form `{form}` has another file for these years, `{other}.yaml`: this one is never used")
        }
        Wrong::NeverRecognised(form) => {
            format!("form `{form}` is never recognised: give `recognise:` titles, labels or headings")
        }
        Wrong::NeverFits(label) => {
            format!("this `when` of `{label}` never fits: `under` is empty, or an earlier one has the same labels")
        }
        Wrong::UnderUnknown { label, under, near } => format!(
            "a `when` of `{label}` never fits: nothing knows {}, which blocks all it stands over; say what it means (`{}: {{}}` if \
             nothing){}",
            listed(under, "`", "`, `") + "`",
            under.first().map_or("", String::as_str),
            listed(near, "; nearest: ", ", "),
        ),
        Wrong::ReadsNothing { form, numbers, blocked_by, refused } => {
            let mut said = format!("form `{form}` loads, but none of the {numbers} numbers in its examples is read");
            if !blocked_by.is_empty() {
                said.push_str(&format!("\n    blocked by: {}", blocked_by.join(", ")));
            }
            if !refused.is_empty() {
                said.push_str(&format!("\n    refused: {refused}"));
            }
            said + "\n    next: settle the lines marked todo and check again; `juesuan mapping explain FILE --mappings DIR` tells why each \
                    number is left over"
        }
        Wrong::NoExample(form) => {
            format!(
                "form `{form}` has no `examples`, so that nothing of it was tried; `juesuan mapping draft` writes one"
            )
        }
        Wrong::FieldSaysNothing(field) => format!("field `{field}` says neither item, text nor personal"),
        Wrong::ItemNotOfForm { item, roots } => {
            format!("`{item}` is no part of this form's `items` ({}): no figure could have it", roots.join(", "))
        }
        Wrong::LexiconKey { list, key } => format!("`{list}` has no key `{key}`"),
        Wrong::Codes(told) => told.clone(),
        Wrong::Pattern(told) => format!("no regular expression: {told}"),
        Wrong::Example { missing, invented, left, refused } => {
            let mut said = "the example is read otherwise".to_owned();
            missing.iter().for_each(|row| said.push_str(&format!("\n    missing: {row}")));
            invented.iter().for_each(|row| said.push_str(&format!("\n    not expected: {row}")));
            for [value, place, by] in left {
                said.push_str(&format!("\n    left over: {value} at {place}, blocked by `{by}`"));
            }
            if !refused.is_empty() {
                said.push_str(&format!("\n    not read: {refused}"));
            }
            said
        }
    }
}

fn chinese(wrong: &Wrong) -> String {
    match wrong {
        Wrong::Unreadable(error) => format!("文件无法读取：{error}"),
        Wrong::Told(told) => told.clone(),
        Wrong::NotUtf8 => "文件不是 UTF-8 编码；请另存为 UTF-8".to_owned(),
        Wrong::Yaml(told) => format!("不是合格的 YAML：{told}"),
        Wrong::Tab => "此行用制表符缩进；YAML 只能用空格".to_owned(),
        Wrong::FullWidthColon(word) => {
            format!("“{word}”后面是全角冒号；请写成半角冒号加空格：`{word}: `")
        }
        Wrong::ColonInText(text) => format!("“{text}”中有冒号加空格；请加引号：\"{text}\""),
        Wrong::SpecialCharacter(character) => format!("以 `{character}` 开头的文字要加引号"),
        Wrong::Expected(Shape::Mapping) => "这里应是键和值，例如 `{ item: 公务接待费 }`".to_owned(),
        Wrong::Expected(Shape::List) => "这里应是列表，例如 `[公务接待费]`".to_owned(),
        Wrong::Expected(Shape::Text) => "这里应是一段文字".to_owned(),
        Wrong::Expected(Shape::Number) => "这里应是数字，例如 `0.5`".to_owned(),
        Wrong::UnknownKey { key, expected, near } => {
            let near = near.map_or(String::new(), |near| format!("，是不是 `{near}`？"));
            format!("没有 `{key}` 这个键{near}（此处可用：{}）", expected.join("、"))
        }
        Wrong::MissingKey(key) => format!("缺少键 `{key}`"),
        Wrong::DuplicateKey(key) => format!("键 `{key}` 出现了两次；请合并到一处"),
        Wrong::NoWord { kind, word, expected } => {
            format!("`{word}` 不是{}；可用：{}", kind_chinese(*kind), expected.join("、"))
        }
        Wrong::NoItem { name, near } => {
            format!("词汇表中没有项目“{name}”{}；新项目写在 `vocabulary:` 下", listed(near, "；最接近的：", "、"))
        }
        Wrong::YearRange(written) => {
            format!("“{written}”不是年度范围；写作 `2012..`、`..2018` 或 `2015..2018`")
        }
        Wrong::NoForm { name, known } => format!("没有报表 `{name}`；已有：{}", known.join("、")),
        Wrong::NoRelation(name) => {
            format!(
                "校验 `{name}` 必须写 `whole` 和 `parts`，或 `whole` 和 `scores`，或 `rollup`，或两项的 `both` 或 `needs`，或 `rate`、`of`（及 `to`），或 `indicators`、`points`、`to`（除 none_of_nothing 外还有 `of`）"
            )
        }
        Wrong::NoFileToExtend(name) => format!("没有可继承的文件 `{name}.yaml`"),
        Wrong::ExtendsItself => "`extends` 绕回了文件自身".to_owned(),
        Wrong::NoFileToAddTo(name) => {
            format!("没有可补充的文件 `{name}.yaml`；除各报表外还有 vocabulary 和 lexicon")
        }
        Wrong::NotInAddition(key) => format!("补充文件中不能有 `{key}`；那属于被补充的文件"),
        Wrong::LabelTwice(label) => format!("标签“{label}”在本文件中出现了两次"),
        Wrong::EmptyLabel(label) => format!("标签“{label}”去掉序号、空白和引号后什么也不剩"),
        Wrong::LabelOfTwoItems { label, items: [one, other] } => {
            format!("标签“{label}”指向两个项目：“{one}”和“{other}”；请只保留一个")
        }
        Wrong::ItemTwice(item) => format!("项目“{item}”出现了两次"),
        Wrong::ParentNotAbove { item, parent } => format!("项目“{item}”的上级“{parent}”没有写在它前面"),
        Wrong::AliasOfNothing { label, near } => {
            format!("此处不认识标签“{label}”，无法与它同义{}", listed(near, "；最接近的：", "、"))
        }
        Wrong::AliasMeansAnother { alias, means } => {
            format!("“{alias}”本来就认识，而且另有含义：{means}；要改请写在 `labels` 下")
        }
        Wrong::AliasInProse => "说明文字的词属于 lexicon：请写在有 `adds_to: lexicon` 的文件中".to_owned(),
        Wrong::TitleOfTwoForms { title, forms: [one, other] } => {
            format!("标题“{title}”同时是 `{one}` 和 `{other}` 的标题")
        }
        Wrong::YearsOverlap { form, other } => {
            format!("报表 `{form}` 的这些年度已由 `{other}.yaml` 负责：本文件永远不会用到")
        }
        Wrong::NeverRecognised(form) => {
            format!("报表 `{form}` 永远认不出来：请在 `recognise:` 下写标题、标签或起始标题")
        }
        Wrong::NeverFits(label) => {
            format!("“{label}”的这个 `when` 永远不会成立：`under` 为空，或前面已有相同的标签")
        }
        Wrong::UnderUnknown { label, under, near } => format!(
            "“{label}”的一个 `when` 永远不会成立：不认识“{}”，它所统辖的都会被阻断；请写明它的含义（没有含义就写 `{}: {{}}`）{}",
            under.join("”、“"),
            under.first().map_or("", String::as_str),
            listed(near, "；最接近的：", "、"),
        ),
        Wrong::ReadsNothing { form, numbers, blocked_by, refused } => {
            let mut said = format!("报表 `{form}` 能加载，但示例中的 {numbers} 个数字一个也没有读出");
            if !blocked_by.is_empty() {
                said.push_str(&format!("\n    被阻断：{}", blocked_by.join("、")));
            }
            if !refused.is_empty() {
                said.push_str(&format!("\n    未读取：{refused}"));
            }
            said + "\n    下一步：改好标有 todo 的行再检查；`juesuan mapping explain 文件 --mappings 目录` 说明每个数字为何未识别"
        }
        Wrong::NoExample(form) => {
            format!("报表 `{form}` 没有 `examples`：它的读法没有试过；`juesuan mapping draft` 会写出示例")
        }
        Wrong::FieldSaysNothing(field) => format!("字段“{field}”没有写 item、text 或 personal"),
        Wrong::ItemNotOfForm { item, roots } => {
            format!("“{item}”不属于本报表的 `items`（{}）：不可能成为入库数字", roots.join("、"))
        }
        Wrong::LexiconKey { list, key } => format!("`{list}` 没有键 `{key}`"),
        Wrong::Codes(told) => format!("科目目录有问题：{told}"),
        Wrong::Pattern(told) => format!("不是正则表达式：{told}"),
        Wrong::Example { missing, invented, left, refused } => {
            let mut said = "示例读出的结果不同".to_owned();
            missing.iter().for_each(|row| said.push_str(&format!("\n    缺：{row}")));
            invented.iter().for_each(|row| said.push_str(&format!("\n    多：{row}")));
            for [value, place, by] in left {
                said.push_str(&format!("\n    未识别：{place} 的 {value}，因为“{by}”"));
            }
            if !refused.is_empty() {
                said.push_str(&format!("\n    未读取：{refused}"));
            }
            said
        }
    }
}

fn listed(words: &[String], before: &str, between: &str) -> String {
    if words.is_empty() { String::new() } else { format!("{before}{}", words.join(between)) }
}

fn kind_english(kind: WordKind) -> &'static str {
    match kind {
        WordKind::Funding => "funding",
        WordKind::Measure => "measure",
        WordKind::Money => "unit of money",
        WordKind::Side => "side",
        WordKind::Difference => "difference",
        WordKind::Classification => "classification",
        WordKind::Other => "word that may stand here",
    }
}

fn kind_chinese(kind: WordKind) -> &'static str {
    match kind {
        WordKind::Funding => "资金性质（funding）",
        WordKind::Measure => "口径（measure）",
        WordKind::Money => "金额单位",
        WordKind::Side => "收支方向（side）",
        WordKind::Difference => "差异种类（difference）",
        WordKind::Classification => "科目分类",
        WordKind::Other => "此处可用的词",
    }
}
