use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::codes::split_csv;
use crate::model::{Score, fold};

/// The scoring schemes that are known whole: trees of indicators with the points that each can have.
#[derive(Debug, Default)]
pub struct Schemes(Vec<Scheme>);

#[derive(Debug)]
struct Scheme {
    id: Arc<str>,
    /// Points by folded path. Names that share their points are joined by `、`.
    points: BTreeMap<[String; 3], Decimal>,
    /// Only the first level is laid down; what stands below it each unit sets itself.
    top_only: bool,
}

impl Schemes {
    /// Reads the list (CSV with a header row; columns by name). Schemes of which only a part was ever seen are left out.
    ///
    /// # Errors
    /// A message that names the missing column or the weight that is no number.
    pub fn parse(csv: &str) -> Result<Schemes, String> {
        let mut rows = csv.trim_start_matches('\u{feff}').lines().map(split_csv);
        let header = rows.next().unwrap_or_default();
        let column = |name: &str| {
            let at = header.iter().position(|column| column == name);
            at.ok_or_else(|| format!("score_schemes.csv has no column `{name}`"))
        };
        let (kind, id, complete) = (column("kind")?, column("scheme_id")?, column("completeness")?);
        let levels = [column("level1")?, column("level2")?, column("level3")?];
        let weight = column("weight")?;
        let mut schemes: Vec<Scheme> = Vec::new();
        for row in rows.filter(|row| row.len() > complete.max(weight)) {
            if row[kind] != "indicator" || !row[complete].starts_with("complete") {
                continue;
            }
            let points = Decimal::from_str_exact(row[weight].trim())
                .map_err(|_| format!("score_schemes.csv: `{}` is no number of points", row[weight]))?;
            let path = levels.map(|at| path_name(&row[at]));
            let known = schemes.iter().position(|scheme| *scheme.id == *row[id]);
            let at = known.unwrap_or_else(|| {
                schemes.push(Scheme { id: row[id].as_ref().into(), points: BTreeMap::new(), top_only: true });
                schemes.len() - 1
            });
            schemes[at].top_only &= path[1].is_empty() && path[2].is_empty();
            schemes[at].points.insert(path, points);
        }
        Ok(Schemes(schemes))
    }

    /// The scheme whose indicators and points are exactly these, if there is one.
    pub fn of<'p>(&self, indicators: impl IntoIterator<Item = ([&'p str; 3], Decimal)>) -> Option<Arc<str>> {
        let mut told: BTreeMap<[String; 3], Decimal> = BTreeMap::new();
        for (path, points) in indicators {
            if told.insert(path.map(path_name), points).is_some() {
                return None;
            }
        }
        let mut first: BTreeMap<[String; 3], Decimal> = BTreeMap::new();
        for ([level1, ..], points) in &told {
            *first.entry([level1.clone(), String::new(), String::new()]).or_default() += points;
        }
        let mut fitting = self.0.iter().filter(|scheme| scheme.points == *if scheme.top_only { &first } else { &told });
        match (fitting.next(), fitting.next()) {
            (Some(scheme), None) => Some(scheme.id.clone()),
            _ => None,
        }
    }

    /// A known scheme has an indicator of this name on its first level.
    pub fn has_first_level(&self, name: &str) -> bool {
        let name = path_name(name);
        self.0.iter().any(|scheme| scheme.points.keys().any(|[level1, ..]| *level1 == name))
    }

    /// Tells the scheme of the scores of one form, project by project: it is certain only where every indicator of the
    /// scheme stands there with its points, and no other.
    pub fn tell(&self, scores: &mut [Score]) {
        let mut entities: Vec<Arc<str>> = scores.iter().map(|score| score.entity.clone()).collect();
        entities.sort_unstable();
        entities.dedup();
        for entity in entities {
            let own: Vec<&Score> = scores.iter().filter(|score| score.entity == entity).collect();
            let leaves = leaves(&own);
            let weighted: Option<Vec<([&str; 3], Decimal)>> =
                leaves.iter().map(|score| Some((path_of(score), score.weight?))).collect();
            let Some(id) = weighted.and_then(|weighted| self.of(weighted)) else { continue };
            for score in scores.iter_mut().filter(|score| score.entity == entity) {
                score.scheme = Some(id.clone());
            }
        }
    }
}

/// The indicators that no other indicator of the table stands below; totals of the table are none.
pub(crate) fn leaves<'s>(scores: &[&'s Score]) -> Vec<&'s Score> {
    let above = |one: &Score, other: &Score| {
        let (one, other) = (path_of(one), path_of(other));
        let depth = one.iter().take_while(|level| !level.is_empty()).count();
        depth < 3 && one[..depth] == other[..depth] && !other[depth].is_empty()
    };
    scores.iter().filter(|score| !score.total && !scores.iter().any(|other| above(score, other))).copied().collect()
}

fn path_of(score: &Score) -> [&str; 3] {
    [&score.level1, &score.level2, &score.level3]
}

/// A name as it is compared; names that share their points in one order or another.
fn path_name(name: &str) -> String {
    let folded = fold(name);
    if !folded.contains(['、', '+']) {
        return folded;
    }
    let mut names: Vec<&str> = folded.split(['、', '+']).collect();
    names.sort_unstable();
    names.join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemes() -> Schemes {
        Schemes::parse(include_str!("../../mappings/codes/score_schemes.csv")).unwrap()
    }

    fn points(paths: &[([&'static str; 3], i64)]) -> Vec<([&'static str; 3], Decimal)> {
        paths.iter().map(|(path, points)| (*path, Decimal::from(*points))).collect()
    }

    #[test]
    fn a_scheme_is_known_by_its_indicators_and_all_their_points() {
        let project = [
            (["项目决策", "科学决策", "必要性"], 5),
            (["项目决策", "科学决策", "可行性"], 5),
            (["项目决策", "绩效目标", "明确性"], 5),
            (["项目决策", "绩效目标", "合理性"], 5),
            (["项目管理", "资金管理", "资金分配"], 3),
            (["项目管理", "资金管理", "资金使用"], 4),
            (["项目管理", "项目执行", "执行规范"], 3),
            (["项目绩效", "项目完成", "完成数量"], 5),
            (["项目绩效", "项目完成", "完成质量"], 5),
            (["项目绩效", "项目完成", "完成时效"], 5),
            (["项目绩效", "项目完成", "完成成本"], 5),
            (["项目绩效", "项目效益", "效益（经济、社会、生态、可持续、公平效率、使用效率，可选项）"], 40),
            (["项目绩效", "项目效益", "服务对象满意度"], 10),
        ];
        let schemes = schemes();
        assert_eq!(schemes.of(points(&project)).as_deref(), Some("sichuan-2017-project"));
        for at in 0..project.len() {
            let mut other = project;
            other[at].1 += 1;
            assert_eq!(schemes.of(points(&other)), None, "other points for {:?}", project[at].0);
            let without: Vec<_> = project.iter().copied().filter(|entry| *entry != project[at]).collect();
            assert_eq!(schemes.of(points(&without)), None, "without {:?}", project[at].0);
        }
    }

    #[test]
    fn a_scheme_of_the_first_level_leaves_the_rest_to_the_unit() {
        let own = [
            (["预算执行", "", ""], 10),
            (["产出指标", "数量指标", "养护里程"], 30),
            (["产出指标", "时效指标", "完成时间"], 20),
            (["效益指标", "社会效益指标", "出行时间"], 30),
            (["满意度指标", "服务对象满意度指标", "群众满意度"], 10),
        ];
        assert_eq!(schemes().of(points(&own)).as_deref(), Some("national-project-self-evaluation"));
        assert_eq!(schemes().of(points(&own[1..])), None, "without the budget's execution");
    }
}
