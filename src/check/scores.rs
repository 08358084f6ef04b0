//! Points of score tables held against one another.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::mapping::leaves;
use crate::model::{Finding, FindingCode, FormStatus, Score, Submission};

/// Groups and totals whose printed points, or whose scores, are not those of their indicators together, and indicators that score
/// more than they have points.
///
/// Points and scores are exact, so that nothing but equality will do. Where an indicator has none nothing is said: what it would
/// have is not told.
pub(crate) fn contradictions(scores: &[Score]) -> Vec<Finding> {
    let entities: BTreeSet<&str> = scores.iter().map(|score| &*score.entity).collect();
    let mut findings = Vec::new();
    for entity in entities {
        let own: Vec<&Score> = scores.iter().filter(|score| &*score.entity == entity).collect();
        let leaves = leaves(&own);
        for whole in own.iter().filter(|score| !leaves.iter().any(|leaf| std::ptr::eq(*leaf, **score))) {
            let parts = || leaves.iter().filter(|leaf| whole.total || is_below(leaf, whole));
            let points = (whole.weight, parts().map(|leaf| leaf.weight).sum());
            let scores = (whole.self_score, parts().map(|leaf| leaf.self_score).sum());
            for (code, (stated, sum)) in [(FindingCode::WeightsDoNotSum, points), (FindingCode::ScoresDoNotSum, scores)]
            {
                let sum: Option<Decimal> = sum;
                if let (Some(stated), Some(sum)) = (stated, sum)
                    && stated != sum
                    && !leaves.is_empty()
                {
                    findings.push(told(code, whole, sum, stated));
                }
            }
        }
        for leaf in &leaves {
            // A deduction has no points, or negative ones.
            if let (Some(weight), Some(score)) = (leaf.weight, leaf.self_score)
                && weight > Decimal::ZERO
                && score > weight
            {
                findings.push(told(FindingCode::ScoreAboveWeight, leaf, weight, score));
            }
        }
    }
    findings
}

fn told(code: FindingCode, score: &Score, expected: Decimal, actual: Decimal) -> Finding {
    let mut finding = Finding::at(code, score.place.clone(), path(score).join("›"))
        .with_expected(expected.normalize().to_string())
        .with_actual(actual.normalize().to_string());
    finding.form = score.form.to_string();
    finding
}

/// What the one table of a form scores in all: as its total says, else its indicators together. `None` where that is not told, or
/// where numbers of the form were left over.
pub(super) fn scored(submission: &Submission, form: &str, entity: &str) -> Option<Decimal> {
    let is_open = submission.leftovers.iter().any(|leftover| *leftover.form == *form);
    let tables =
        submission.forms.iter().filter(|seen| *seen.form == *form && seen.status == FormStatus::Filled).count();
    let own: Vec<&Score> =
        submission.scores.iter().filter(|score| *score.form == *form && &*score.entity == entity).collect();
    let total = own.iter().find(|score| score.total).and_then(|score| score.self_score);
    let together = || {
        let leaves = leaves(&own);
        if leaves.is_empty() { None } else { leaves.iter().map(|leaf| leaf.self_score).sum() }
    };
    if is_open || tables != 1 { None } else { total.or_else(together) }
}

/// The names that lead to an indicator, its own the last of them.
pub(super) fn path(score: &Score) -> Vec<&str> {
    let path = [&score.level1, &score.level2, &score.level3].map(String::as_str);
    path.into_iter().filter(|level| !level.is_empty()).collect()
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

    #[test]
    fn scores_are_added_up_and_held_against_their_points() {
        let mut scores = vec![
            score(["投入", "目标设定", "绩效目标合理性"], 60),
            score(["效果", "履职效益", "社会效益"], 40),
            score(["合计", "", ""], 100),
        ];
        for (score, points) in scores.iter_mut().zip([60, 38, 98]) {
            score.self_score = Some(points.into());
        }
        assert!(contradictions(&scores).is_empty());
        scores[1].self_score = Some(41.into());
        let told: Vec<(FindingCode, String)> =
            contradictions(&scores).into_iter().map(|finding| (finding.code, finding.subject)).collect();
        let path = "效果›履职效益›社会效益".to_owned();
        assert_eq!(told, [(FindingCode::ScoresDoNotSum, "合计".to_owned()), (FindingCode::ScoreAboveWeight, path)]);
        // One score is left blank: what all come to is not told.
        (scores[1].self_score, scores[0].weight) = (None, None);
        assert!(contradictions(&scores).is_empty());
    }
}
