//! Phrases with parts that vary: `完成<年初|全年>预算<数>的`, `(增|减)幅`.

use serde::Deserialize;

/// Phrases as they are written in the file, each with all that its brackets stand for.
///
/// `完成<年初>预算<数>的` is four phrases: what stands in `<…>` may be missing, of `(…|…)` one must be there; brackets
/// without `|` belong to the words.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "Vec<String>")]
pub(super) struct PhraseList(Vec<String>);

impl TryFrom<Vec<String>> for PhraseList {
    type Error = String;

    fn try_from(patterns: Vec<String>) -> Result<PhraseList, String> {
        let mut phrases = Vec::with_capacity(patterns.len());
        for pattern in patterns {
            phrases.append(&mut expand(&pattern)?);
        }
        Ok(PhraseList(phrases))
    }
}

impl std::ops::Deref for PhraseList {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl<'l> IntoIterator for &'l PhraseList {
    type Item = &'l String;
    type IntoIter = std::slice::Iter<'l, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// No pattern stands for more phrases: every start writes all of them out.
const MOST: usize = 2_000;

/// Every phrase that a pattern stands for.
///
/// # Errors
/// Where its brackets do not close, or it stands for too many.
pub(super) fn expand(pattern: &str) -> Result<Vec<String>, String> {
    let all = count(pattern);
    if all > MOST {
        return Err(format!("`{pattern}` stands for {all} phrases, and may for {MOST}"));
    }
    let mut phrases = Vec::new();
    read_on(pattern, &mut String::new(), &mut phrases).map_err(|problem| format!("`{pattern}`: {problem}"))?;
    Ok(phrases)
}

/// How many phrases a pattern stands for whose brackets close.
fn count(pattern: &str) -> usize {
    let alternatives = |inside: &str| inside.split('|').count();
    let missing = pattern.split('<').skip(1).filter_map(|behind| behind.split_once('>'));
    let missing = missing.map(|(inside, _)| alternatives(inside) + 1);
    let chosen = pattern.split('(').skip(1).filter_map(|behind| behind.split_once(')'));
    let chosen = chosen.map(|(inside, _)| alternatives(inside));
    missing.chain(chosen).fold(1, usize::saturating_mul)
}

/// Every phrase of a pattern, behind what was read of it so far.
fn read_on(pattern: &str, read: &mut String, phrases: &mut Vec<String>) -> Result<(), &'static str> {
    let Some(open) = pattern.find(['<', '(']) else {
        if pattern.contains(['>', ')']) {
            return Err("a bracket closes that does not open");
        }
        phrases.push([read, pattern].concat());
        return Ok(());
    };
    let (before, rest) = pattern.split_at(open);
    let may_be_missing = rest.starts_with('<');
    let (inside, behind) =
        rest[1..].split_once(if may_be_missing { '>' } else { ')' }).ok_or("a bracket does not close")?;
    if before.contains(['>', ')']) || inside.contains(['<', '(', '>', ')']) {
        return Err("brackets within brackets, or one that closes before it opens");
    }
    // Brackets without alternatives belong to the words: 部门(单位)收支情况.
    let so_far = read.len();
    read.push_str(before);
    if !may_be_missing && !inside.contains('|') {
        read.extend(["(", inside, ")"]);
        read_on(behind, read, phrases)?;
    } else {
        let chosen = read.len();
        for alternative in may_be_missing.then_some("").into_iter().chain(inside.split('|')) {
            read.push_str(alternative);
            read_on(behind, read, phrases)?;
            read.truncate(chosen);
        }
    }
    read.truncate(so_far);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn what_stands_in_brackets_may_be_missing_or_one_of_several() {
        assert_eq!(
            expand("完成<年初|全年>预算<数>").unwrap_or_default(),
            ["完成预算", "完成预算数", "完成年初预算", "完成年初预算数", "完成全年预算", "完成全年预算数",]
        );
        assert_eq!(expand("(增|减)幅").unwrap_or_default(), ["增幅", "减幅"]);
        assert_eq!(expand("出国（境）费").unwrap_or_default(), ["出国（境）费"]);
        assert_eq!(expand("部门(单位)收<支>情况").unwrap_or_default(), ["部门(单位)收情况", "部门(单位)收支情况"]);
    }

    #[test]
    fn a_pattern_of_too_many_phrases_is_told() {
        let pattern = "<一|二|三|四><一|二|三|四><一|二|三|四><一|二|三|四>(一|二|三|四)";
        assert!(expand(pattern).is_err_and(|problem| problem.contains("2500")));
        assert_eq!(expand("<一|二><一|二><一|二>(一|二)").map(|phrases| phrases.len()), Ok(54));
    }

    #[test]
    fn brackets_that_do_not_close_are_told() {
        for pattern in ["完成<年初预算", "完成年初>预算", "<完成<年初>>预算", "(增|减幅"] {
            assert!(expand(pattern).is_err_and(|problem| problem.contains(pattern)), "{pattern}");
        }
    }
}
