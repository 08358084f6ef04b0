//! Points of score tables held against one another.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::mapping::leaves;
use crate::model::{Finding, FindingCode, Score};

/// Groups and totals whose printed points are not those of their indicators together.
///
/// Points are exact, so that nothing but equality will do. Where an indicator has no points nothing is said: what it
/// would have is not told.
pub(crate) fn contradictions(scores: &[Score]) -> Vec<Finding> {
    let entities: BTreeSet<&str> = scores.iter().map(|score| &*score.entity).collect();
    let mut findings = Vec::new();
    for entity in entities {
        let own: Vec<&Score> = scores.iter().filter(|score| &*score.entity == entity).collect();
        let leaves = leaves(&own);
        for whole in own.iter().filter(|score| !leaves.iter().any(|leaf| std::ptr::eq(*leaf, **score))) {
            let parts = leaves.iter().filter(|leaf| whole.total || is_below(leaf, whole));
            let sum: Option<Decimal> = parts.map(|leaf| leaf.weight).sum();
            if let (Some(stated), Some(sum)) = (whole.weight, sum)
                && stated != sum
                && !leaves.is_empty()
            {
                let path = [&whole.level1, &whole.level2].map(String::as_str);
                let path: Vec<&str> = path.into_iter().filter(|level| !level.is_empty()).collect();
                let mut finding = Finding::at(FindingCode::WeightsDoNotSum, whole.place.clone(), path.join("›"))
                    .with_expected(sum.normalize().to_string())
                    .with_actual(stated.normalize().to_string());
                finding.form = whole.form.to_string();
                findings.push(finding);
            }
        }
    }
    findings
}

fn is_below(leaf: &Score, group: &Score) -> bool {
    leaf.level1 == group.level1 && (group.level2.is_empty() || leaf.level2 == group.level2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    fn score(path: [&str; 3], weight: i64) -> Score {
        let [level1, level2, level3] = path.map(str::to_owned);
        Score {
            form: "overall_scores".into(),
            entity: "".into(),
            scheme: None,
            total: level1 == "合计",
            level1,
            level2,
            level3,
            weight: Some(weight.into()),
            self_score: None,
            place: Place::Paragraph { paragraph: 1, range: None },
        }
    }

    #[test]
    fn points_that_do_not_sum_are_told_and_no_others() {
        let mut scores = vec![
            score(["投入", "目标设定", ""], 5),
            score(["投入", "目标设定", "绩效目标合理性"], 3),
            score(["投入", "目标设定", "绩效指标明确性"], 2),
            score(["效果", "履职效益", "社会效益"], 95),
            score(["合计", "", ""], 100),
        ];
        assert!(contradictions(&scores).is_empty());
        scores[2].weight = Some(4.into());
        let told: Vec<(String, Option<String>)> =
            contradictions(&scores).into_iter().map(|finding| (finding.subject, finding.expected)).collect();
        let expected = [("投入›目标设定", "7"), ("合计", "102")];
        assert_eq!(told, expected.map(|(path, sum)| (path.to_owned(), Some(sum.to_owned()))));
        scores[2].weight = None;
        assert!(contradictions(&scores).is_empty(), "what it would have is not told");
    }
}
