//! Lines that say of the figures around them that they are not the whole, or that one is a slip: 以上数据不含下属单位，
//! 更正：决算数应为2.00万元. What they speak of is left over.

use crate::mapping::{Surroundings, without_footnote_mark};

/// A sentence of a folded line says that the figures leave out a part of the unit or of its money. `is_note`: the line stands
/// below a table, and speaks of it without saying so.
pub(super) fn leaves_out(folded: &str, is_note: bool, words: &Surroundings) -> bool {
    words.may_leave_out(folded)
        && without_footnote_mark(folded)
            .split(['。', ';'])
            .any(|sentence| !sentence.contains(|c: char| c.is_ascii_digit()) && words.leaves_out(sentence, is_note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::Mappings;
    use crate::model::fold;

    #[test]
    fn a_line_may_say_that_the_figures_are_not_the_whole() {
        let mappings = Mappings::load(None).expect("the built-in mappings load");
        let says = |line: &str, is_note| leaves_out(&fold(line), is_note, &mappings.surroundings);
        for line in [
            "（以下数据均不含局机关）",
            "注：本说明数据不含下属单位。",
            "本说明所列数据为局本级数据，未包含下属单位。",
            "收入增加。以上数据不含水管站。",
            "（以上均不含水管站）",
            "说明：本表金额不包括防汛专项资金",
        ] {
            assert!(says(line, false), "{line}");
        }
        for note in ["注：不含下属单位", "*不含下属单位", "① 不含水管站。", "（2）不包括局机关"]
        {
            assert!(says(note, true), "{note}");
        }
        for line in [
            "不含下属单位",
            "注：单价50万元以上设备不含车辆，本表数据为年末数。",
            "本表数据不含税。",
            "纳入决算编制范围的单位不包括所属企业。",
            "以上数据含下属单位。",
        ] {
            assert!(!says(line, false), "{line}");
        }
    }

    #[test]
    fn a_line_may_say_what_a_figure_should_have_been() {
        let mappings = Mappings::load(None).expect("the built-in mappings load");
        let says = |line: &str| mappings.surroundings.standing.corrects(&fold(line));
        for line in ["更正：上表公务接待费决算数为2.00万元。", "注：公务接待费应为2.00万元。", "勘误：第3行改为2.00"]
        {
            assert!(says(line), "{line}");
        }
        for line in ["注：合计数应为各项之和。", "本表数据如有误差，以决算批复为准。", "更正"]
        {
            assert!(!says(line), "{line}");
        }
    }
}
