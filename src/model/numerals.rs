//! Numerals: the whole numbers that Chinese writes in words.

/// The remark on a value that is written in words.
pub const IN_WORDS: &str = "in_words";

/// A character of which numerals are made. Asked of every character of a text.
pub fn is_numeral(character: char) -> bool {
    matches!(
        character,
        '一' | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '两'
            | '零'
            | '〇'
            | '壹'
            | '贰'
            | '叁'
            | '肆'
            | '伍'
            | '陆'
            | '柒'
            | '捌'
            | '玖'
            | '拾'
            | '佰'
            | '仟'
    )
}

/// 3 of 三, as counts are written; `None` for what people write of no exact number (二三) or nobody writes.
pub fn numeral_value(numeral: &str) -> Option<u32> {
    let characters: Vec<char> = numeral.chars().collect();
    match characters.as_slice() {
        ['零' | '〇'] => return Some(0),
        ['两'] => return Some(2),
        _ => {}
    }
    let (mut total, mut least, mut at) = (0, 10_000, 0);
    while at < characters.len() {
        let zero = characters[at] == '零';
        if zero {
            // 一百零五: behind a higher place, before a lower one.
            let skips = total > 0 && at + 1 < characters.len();
            if !skips {
                return None;
            }
            at += 1;
        }
        let (count, place) = (characters.get(at).copied()?, characters.get(at + 1).copied());
        let (count, step) = match (digit(count), place.and_then(place_of)) {
            (Some(count), Some(place)) => (count * place, 2),
            (Some(count), None) if at + 1 == characters.len() => (count, 1),
            // 十二, but not 一百十二.
            (None, _) if at == 0 && place_of(characters[0]) == Some(10) => (10, 1),
            // 两百
            (None, Some(place @ (100 | 1000))) if count == '两' => (2 * place, 2),
            _ => return None,
        };
        let place = if count < 10 { 1 } else { 10_u32.pow(count.ilog10()) };
        // 一百五 is 150 in speech.
        if place >= least || place == 1 && least > 10 && total > 0 && !zero {
            return None;
        }
        (total, least, at) = (total + count, place, at + step);
    }
    (total > 0).then_some(total)
}

fn digit(character: char) -> Option<u32> {
    let found = |digits: &str| digits.chars().zip(1..).find_map(|(digit, value)| (digit == character).then_some(value));
    found("一二三四五六七八九").or_else(|| found("壹贰叁肆伍陆柒捌玖"))
}

fn place_of(character: char) -> Option<u32> {
    match character {
        '十' | '拾' => Some(10),
        '百' | '佰' => Some(100),
        '千' | '仟' => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_have_their_values() {
        for (numeral, number) in [
            ("零", 0),
            ("三", 3),
            ("两", 2),
            ("贰", 2),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("三十五", 35),
            ("一百二十", 120),
            ("一百零五", 105),
            ("两百", 200),
            ("一千零五十", 1050),
            ("三千二百一十六", 3216),
        ] {
            assert_eq!(numeral_value(numeral), Some(number), "{numeral}");
        }
        for numeral in
            ["二三", "一百五", "百", "十十", "零三", "三零", "两十", "十两", "一百十", "二〇二二", "", "五百三千"]
        {
            assert_eq!(numeral_value(numeral), None, "{numeral}");
        }
    }
}
