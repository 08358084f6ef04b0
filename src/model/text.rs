use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Traditional characters of the field's vocabulary, each followed by its simplified form.
///
/// County submissions are written in simplified characters; public copies of them often are not.
const TRADITIONAL: &str = "\
    總总計计財财務务單单員员職职構构機机關关運运業业購购車车輛辆費费經经養养護护維维國国際际產产資资額额屬属級级繳缴補补貼贴數数據据預预執执減减漲涨較较與与對对應应\
    項项類类個个實实質质來来賓宾團团組组處处辦办廳厅縣县鄉乡鎮镇鄰邻導导領领幹干衛卫環环節节約约農农聯联絡络電电話话內内開开發发報报說说況况變变動动異异結结轉转餘余\
    償偿還还債债貸贷設设備备專专門门價价獎奖勵励離离療疗險险館馆術术學学習习訓训會会議议歲岁齡龄優优撫抚卹恤復复舊旧廣广東东點点樣样見见觀观規规則则劃划畫画畢毕圖图\
    書书記记錄录檔档認认證证評评審审創创競竞爭争標标準准達达過过進进遠远選选適适連连邊边區区醫医藥药號号體体驗验錢钱銀银鐵铁長长閉闭間间陽阳陰阴雜杂難难雲云靜静順顺\
    須须頓顿顯显風风飛飞馬马駕驾魚鱼鳥鸟麗丽黃黄齊齐龍龙壓压縮缩擴扩擔担損损換换搶抢攜携擺摆勞劳勢势協协參参雙双嚴严園园圍围場场壞坏塊块壯壮壽寿夠够奪夺婦妇媽妈嬰婴\
    孫孙宮宫寬宽將将屆届層层嶺岭幣币帶带師师幫帮廠厂廢废彈弹強强後后從从憑凭懷怀態态戶户戲戏庫库濟济災灾無无為为營营爾尔牽牵獨独獲获現现當当監监盤盘眾众碼码礦矿禮礼\
    種种稅税穩稳窮穷筆笔簡简簽签紀纪純纯紙纸細细終终統统綠绿網网緊紧線线練练織织續续義义聖圣聲声聽听腦脑臨临舉举艱艰藝艺虧亏裝装製制複复視视親亲訂订討讨託托許许訴诉\
    診诊詞词試试該该語语誤误課课調调談谈請请論论謝谢識识譯译讀读讓让豐丰貝贝負负貢贡貨货販贩貧贫責责貫贯貴贵買买賀贺賞赏賠赔賣卖賬账趕赶跡迹踐践軍军軟软載载輔辅輕轻\
    輪轮輸输轄辖辭辞遞递遷迁遺遗釋释針针鋼钢錯错鏈链陸陆隊队階阶隨随隱隐雖虽頭头題题願愿顧顾撥拨決决萬万億亿";

/// One character folded for comparison, or `None` where it carries no meaning (white space, quotes, invisible ones).
///
/// Full-width and compatibility forms become plain ones, CJK radicals their characters, brackets, dashes and colons
/// one form, traditional characters simplified ones. Circled digits and fractions stay as they are: as a number they
/// would be another number.
#[inline]
pub fn fold_char(source: char) -> Option<char> {
    // Nearly all characters of a submission are these.
    match source {
        '\u{4e00}'..='\u{9fff}' => Some(simplified(source)),
        '0'..='9' | 'A'..='Z' | 'a'..='z' | '.' | ',' | '%' | '、' | '。' => Some(source),
        _ => fold_other(source),
    }
}

/// The same for the rarer characters.
fn fold_other(source: char) -> Option<char> {
    let folded = match source {
        '\u{21}'..='\u{7e}' => match source {
            '"' | '\'' | '`' => return None,
            '[' | '{' => '(',
            ']' | '}' => ')',
            other => other,
        },
        _ if source.is_whitespace() || source.is_control() => return None,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' => {
            return None;
        }
        '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '‛' | '「' | '」' | '『' | '』' | '〝' | '〞' | '＂' | '＇' | '′'
        | '″' => return None,
        '（' | '〔' | '［' | '【' | '｛' | '〖' | '﹙' => '(',
        '）' | '〕' | '］' | '】' | '｝' | '〗' | '﹚' => ')',
        '—' | '–' | '－' | '−' | '‐' | '‑' | '‒' | '―' | '─' | '﹣' => '-',
        '：' | '∶' | '﹕' => ':',
        '，' | '﹐' => ',',
        '；' | '﹔' => ';',
        '〇' => '零',
        // They are their own compatibility forms; asking takes long.
        '《' | '》' | '·' | '…' => source,
        '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}' => {
            let plain = radical(source).or_else(|| single(source)).unwrap_or(source);
            return Some(simplified(plain));
        }
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(source as u32 - 0xfee0).unwrap_or(source),
        '\u{2460}'..='\u{24ff}' | '\u{2150}'..='\u{218f}' | '\u{bc}'..='\u{be}' | '\u{2776}'..='\u{2793}' => source,
        other => single(other).unwrap_or(other),
    };
    Some(folded)
}

/// The compatibility form of a character, if it is a single one.
fn single(source: char) -> Option<char> {
    let mut forms = std::iter::once(source).nfkc();
    match (forms.next(), forms.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}

/// Radicals of the supplement block that compatibility normalisation leaves alone.
fn radical(source: char) -> Option<char> {
    let plain = match source {
        '⻓' => '长',
        '⻋' => '车',
        '⻔' => '门',
        '⻚' => '页',
        '⻛' => '风',
        '⻜' => '飞',
        '⻝' | '⻞' => '食',
        '⻢' => '马',
        '⻥' => '鱼',
        '⻦' => '鸟',
        '⻄' => '西',
        '⻅' => '见',
        '⻆' => '角',
        '⻉' => '贝',
        '⻘' => '青',
        '⻩' => '黄',
        '⻬' => '齐',
        '⻰' => '龙',
        '⺟' => '母',
        '⺠' => '民',
        '⻁' => '虎',
        '⺫' => '目',
        '⻒' => '阜',
        _ => return None,
    };
    Some(plain)
}

/// The first ideograph of the main block, and how many there are.
const FIRST: u16 = 0x4e00;
const IDEOGRAPHS: usize = 0x5200;

/// The simplified form of an ideograph of the main block; any other character is its own.
#[inline]
fn simplified(source: char) -> char {
    // Every ideograph of every text comes through here: one look into a table is a tenth of looking into a hash map.
    static SIMPLIFIED: [u16; IDEOGRAPHS] = simplified_ideographs();
    let at = (source as usize).wrapping_sub(FIRST as usize);
    SIMPLIFIED.get(at).and_then(|plain| char::from_u32(u32::from(*plain))).unwrap_or(source)
}

/// The simplified form of each ideograph, of most the same.
const fn simplified_ideographs() -> [u16; IDEOGRAPHS] {
    /// The ideograph at a byte; all of the block take three bytes.
    const fn ideograph(text: &[u8], at: usize) -> u16 {
        (text[at] as u16 & 0xf) << 12 | (text[at + 1] as u16 & 0x3f) << 6 | text[at + 2] as u16 & 0x3f
    }
    let mut table = [0; IDEOGRAPHS];
    let mut at = 0;
    while at < IDEOGRAPHS {
        table[at] = FIRST + at as u16;
        at += 1;
    }
    let pairs = TRADITIONAL.as_bytes();
    let mut at = 0;
    while at + 6 <= pairs.len() {
        table[(ideograph(pairs, at) - FIRST) as usize] = ideograph(pairs, at + 3);
        at += 6;
    }
    table
}

/// A text folded for comparison, with the way back to the characters it came from.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// The folded characters.
    pub chars: Vec<char>,
    /// For each folded character, the index of its source character.
    pub origins: Vec<u32>,
}

impl Folded {
    /// Folds a text; see [`fold_char`].
    pub fn new(text: &str) -> Folded {
        let mut folded = Folded::default();
        for (index, source) in text.chars().enumerate() {
            if let Some(plain) = fold_char(source) {
                folded.chars.push(plain);
                folded.origins.push(index as u32);
            }
        }
        folded
    }
}

/// A text folded for comparison: [`fold_char`] over all its characters.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // Most characters stay as they are: those between two that do not are copied at once.
    let mut copied = 0;
    for (at, source) in text.char_indices() {
        let plain = fold_char(source);
        if plain != Some(source) {
            folded.push_str(&text[copied..at]);
            folded.extend(plain);
            copied = at + source.len_utf8();
        }
    }
    folded.push_str(&text[copied..]);
    folded
}

/// A label as it is compared: folded, without a leading ordinal and without 其中.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(String);

impl Label {
    /// Normalises a label as written.
    ///
    /// ```
    /// use juesuan::model::Label;
    /// assert_eq!(Label::new("一、“三公” 经费").as_str(), "三公经费");
    /// assert_eq!(Label::new("其中：（1）公务用车运行维护费").as_str(), "公务用车运行维护费");
    /// assert_eq!(Label::new("因 公 出 国 （ 境 ） 费").as_str(), "因公出国(境)费");
    /// ```
    pub fn new(written: &str) -> Label {
        Label::of_folded(&fold(written))
    }

    /// The label that a text is which has been folded already.
    pub fn of_folded(folded: &str) -> Label {
        Label(split_ordinal(folded).2.to_owned())
    }

    /// The normalised characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Nothing is left of it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for Label {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// The kinds of leading ordinal, from the outermost to the innermost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ordinal {
    /// No ordinal.
    #[default]
    None,
    /// 第一部分
    Part,
    /// 一、
    Chinese,
    /// （一）
    BracketedChinese,
    /// 1. or 1、
    Digit,
    /// 2.1 or 2.1.1, with how many numbers it has
    Dotted(u8),
    /// （1）
    BracketedDigit,
    /// ①
    Circled,
    /// ● or ——
    Bullet,
}

/// Splits a folded label into its ordinal, whether it says 其中, and the rest.
///
/// 其中 and the ordinal may stand in either order: `其中:(1)…`, `1.其中:…`.
pub fn split_ordinal(folded: &str) -> (Ordinal, bool, &str) {
    let (mut ordinal, mut part_of, mut rest) = (Ordinal::None, false, folded);
    for _ in 0..2 {
        if ordinal == Ordinal::None
            && let Some((kind, tail)) = leading_ordinal(rest)
        {
            (ordinal, rest) = (kind, tail);
        }
        if !part_of && let Some(tail) = rest.strip_prefix("其中") {
            (part_of, rest) = (true, tail.trim_start_matches([':', ',', '、']));
        }
    }
    (ordinal, part_of, rest)
}

fn leading_ordinal(text: &str) -> Option<(Ordinal, &str)> {
    let chinese = |c: char| {
        matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '零')
            || matches!(c, '壹' | '贰' | '叁' | '肆' | '伍' | '陆' | '柒' | '捌' | '玖' | '拾')
    };
    let run = |text: &str, is: &dyn Fn(char) -> bool| text.find(|c| !is(c)).unwrap_or(text.len());

    let first = text.chars().next()?;
    if ('①'..='⑳').contains(&first) {
        return Some((Ordinal::Circled, text[first.len_utf8()..].trim_start_matches(['、', '.'])));
    }
    if let Some(tail) = text.strip_prefix('第') {
        let end = run(tail, &chinese);
        let behind = ["部分", "章", "节"].iter().find_map(|part| tail[end..].strip_prefix(part));
        if let Some(rest) = behind.filter(|_| end > 0) {
            return Some((Ordinal::Part, rest.trim_start_matches([':', '、'])));
        }
    }
    if let Some(tail) = text.strip_prefix('(') {
        let (end, kind) = match run(tail, &chinese) {
            0 => (run(tail, &|c| c.is_ascii_digit()), Ordinal::BracketedDigit),
            end => (end, Ordinal::BracketedChinese),
        };
        if (1..=12).contains(&end)
            && let Some(rest) = tail[end..].strip_prefix(')')
        {
            return Some((kind, rest.trim_start_matches(['、', '.'])));
        }
        return None;
    }
    let end = run(text, &chinese);
    if end > 0 {
        let rest = text[end..].strip_prefix(['、', '.'])?;
        return Some((Ordinal::Chinese, rest));
    }
    let end = run(text, &|c| c.is_ascii_digit());
    if (1..=2).contains(&end) {
        let rest = text[end..].strip_prefix(['、', '.'])?;
        // `1.5` is a number, `1.公务接待费` is not.
        if !rest.starts_with(|c: char| c.is_ascii_digit()) || text[end..].starts_with('、') {
            return Some((Ordinal::Digit, rest));
        }
    }
    None
}

/// 2.1, 2.1.1 at the start of a folded text: how many numbers, and the bytes they take. `2.1万元` and `1.50主要` are none.
pub fn dotted_ordinal(folded: &str) -> Option<(u8, usize)> {
    const HIGHEST: u32 = 30;
    let mut end = 0;
    let mut numbers = 0;
    let mut stopped = false;
    loop {
        let digits = folded[end..].bytes().take_while(u8::is_ascii_digit).count();
        let number: u32 = folded[end..end + digits].parse().ok()?;
        if digits > 2 || folded[end..].starts_with('0') || number > HIGHEST {
            return None;
        }
        end += digits;
        numbers += 1;
        match folded[end..].strip_prefix('.') {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => end += 1,
            Some(_) if numbers > 1 => {
                end += 1;
                stopped = true;
                break;
            }
            _ => break,
        }
    }
    let rest = &folded[end..];
    let is_word = rest.starts_with(|c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) || c == '(');
    (numbers > 1 && is_word && (numbers > 2 || stopped || !begins_with_unit(rest))).then_some((numbers, end))
}

/// What stands behind a number may be its unit: 2.1万元, 3.5人次, but not 3.1人员经费.
fn begins_with_unit(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or_default();
    let second = chars.next().unwrap_or_default();
    match first {
        '人' => second != '员',
        '项' => second != '目',
        '公' => matches!(second, '里' | '斤' | '顷'),
        '平' => second == '方',
        _ => "万亿元千百十个批辆台套次倍名户吨亩分家件天年月日米处所座".contains(first),
    }
}

/// A text has more than so many characters.
pub fn longer_than(text: &str, most: usize) -> bool {
    // No character takes more than four bytes: most texts need no counting.
    text.len() > most && (text.len() > 4 * most || text.chars().count() > most)
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_mean_the_same_become_the_same() {
        for (written, label) in [
            ("一、一般公共预算财政拨款收入", "一般公共预算财政拨款收入"),
            ("（一）支出合计", "支出合计"),
            ("1．因公出国（境）费", "因公出国(境)费"),
            ("其中：（1）公务用车运行维护费", "公务用车运行维护费"),
            ("合　计", "合计"),
            ("附属单位\n上缴收入", "附属单位上缴收入"),
            ("“三公”经费", "三公经费"),
            ("『三公』經費", "三公经费"),
            ("⻓期", "长期"),
            ("項 目", "项目"),
            ("2010301 行政运行", "2010301行政运行"),
            ("第三部分 决算情况", "决算情况"),
        ] {
            assert_eq!(Label::new(written).as_str(), label, "{written}");
        }
    }

    #[test]
    fn what_only_looks_like_an_ordinal_stays() {
        for written in ["1.5", "一般公共服务支出", "十九大", "（境）", "30101基本工资"] {
            assert_eq!(split_ordinal(&fold(written)).0, Ordinal::None, "{written}");
        }
    }

    #[test]
    fn numbers_with_points_are_ordinals_before_words() {
        for (written, numbers) in
            [("2.1收入决算情况", 2), ("2.1.1收入总计", 3), ("3.1人员经费", 2), ("1.2.收入", 2), ("3.2.分科目", 2)]
        {
            assert_eq!(dotted_ordinal(written).map(|(numbers, _)| numbers), Some(numbers), "{written}");
        }
        for written in ["2.1万元", "3.5人次", "1.50主要", "2021.1收入", "1.公务接待费", "2.1%", "0.5收入", "12.5"]
        {
            assert_eq!(dotted_ordinal(written), None, "{written}");
        }
    }

    #[test]
    fn a_folded_text_knows_where_its_characters_came_from() {
        let folded = Folded::new(" 公 务“接待”");
        assert_eq!(folded.chars.iter().collect::<String>(), "公务接待");
        assert_eq!(folded.origins, [1, 3, 5, 6]);
    }
}
