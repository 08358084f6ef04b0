use std::collections::BTreeMap;

use super::{FindingCode, Severity};

/// What a user says of findings by their codes: how grave they are to him, or that he does not want them.
///
/// It decides about the table of findings and what is counted there, never about a figure; a number that could not be
/// read is not read better because nobody wants to hear of it. So what tells that something is *not* in the dataset can
/// be made less grave, and not be switched off.
///
/// There is no tolerance among it: how far two numbers may differ follows from the decimals they are written with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checks {
    of_codes: BTreeMap<FindingCode, Option<Severity>>,
    /// Those of `checks.yaml` by their words; `checks::*` is all of them.
    of_rules: BTreeMap<String, Option<Severity>>,
}

/// The word that switches a check off.
const OFF: &str = "off";

/// The family of the rules of `checks.yaml`, whose names only the mapping files know.
const RULES: &str = "checks::";
/// All of them.
const ALL_RULES: &str = "checks::*";

impl Checks {
    /// Every finding is as grave as its code says.
    pub const fn as_coded() -> Checks {
        Checks { of_codes: BTreeMap::new(), of_rules: BTreeMap::new() }
    }

    /// From codes (`facts::last_digit`) or whole families of them (`facts::*`), each with a severity or `off`. A code
    /// goes before its family, and a later entry before an earlier one.
    ///
    /// # Errors
    ///
    /// The position of the entry that cannot be taken, and what is wrong with it.
    pub fn new<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Checks, (usize, String)> {
        let (mut families, mut single, mut of_rules) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (at, (written, severity)) in entries.into_iter().enumerate() {
            let severity = severity_of(severity).map_err(|error| (at, error))?;
            if written.starts_with(RULES) {
                of_rules.insert(written.to_owned(), severity);
                continue;
            }
            let codes = codes(written).map_err(|error| (at, error))?;
            if let Some(code) = codes.iter().find(|code| severity.is_none() && code.tells_a_loss()) {
                return Err((
                    at,
                    format!(
                        "`{}` cannot be `off`: it tells of something that is not in the dataset; `info` is the least",
                        code.word()
                    ),
                ));
            }
            let into = if written.ends_with('*') { &mut families } else { &mut single };
            into.extend(codes.into_iter().map(|code| (code, severity)));
        }
        families.extend(single);
        Ok(Checks { of_codes: families, of_rules })
    }

    /// The same with what `stronger` says on top.
    pub fn below(mut self, stronger: &Checks) -> Checks {
        self.of_codes.extend(&stronger.of_codes);
        if stronger.of_rules.contains_key(ALL_RULES) {
            self.of_rules.clear();
        }
        self.of_rules.extend(stronger.of_rules.clone());
        self
    }

    /// How grave a finding is, as words in datasets go: by its code, else as `own` says; `None` where it is not wanted.
    pub fn severity<'a>(&self, code: &str, own: &'a str) -> Option<&'a str> {
        let said = match code.starts_with(RULES) {
            true => self.of_rules.get(code).or_else(|| self.of_rules.get(ALL_RULES)),
            false if self.of_codes.is_empty() => None,
            false => FindingCode::of_word(code).and_then(|code| self.of_codes.get(&code)),
        };
        match said {
            Some(severity) => severity.map(Severity::word),
            None => Some(own),
        }
    }

    /// Each code that is not as it comes, with its severity or `off`.
    pub fn words(&self) -> BTreeMap<&str, &'static str> {
        let others = self.of_codes.iter().filter(|(code, severity)| **severity != Some(code.severity()));
        let others = others.map(|(code, severity)| (code.word(), severity));
        let rules = self.of_rules.iter().map(|(rule, severity)| (rule.as_str(), severity));
        others.chain(rules).map(|(code, severity)| (code, severity.map_or(OFF, Severity::word))).collect()
    }
}

/// The codes that an entry means.
fn codes(written: &str) -> Result<Vec<FindingCode>, String> {
    let family = written.strip_suffix("::*");
    let is_meant = |code: &FindingCode| match family {
        Some(family) => code.word().split_once("::").is_some_and(|(of, _)| of == family),
        None => code.word() == written,
    };
    let codes: Vec<FindingCode> = FindingCode::ALL.iter().copied().filter(is_meant).collect();
    if !codes.is_empty() {
        return Ok(codes);
    }
    // A code of the family that was written helps most; without one, all of them.
    let near = |code: &&FindingCode| {
        let of = written.split("::").next().unwrap_or_default();
        code.word().split_once("::").is_some_and(|(family, name)| family == of || name == written)
    };
    // Those of rules stand in datasets under the names of the rules.
    let all = || FindingCode::ALL.iter().filter(|code| !code.word().starts_with(RULES));
    let mut known: Vec<&str> = all().filter(near).map(|code| code.word()).collect();
    if known.is_empty() {
        known = all().map(|code| code.word()).chain([ALL_RULES]).collect();
    }
    Err(format!("`{written}` is no code of a finding; known: {}", known.join(", ")))
}

fn severity_of(written: &str) -> Result<Option<Severity>, String> {
    if written == OFF {
        return Ok(None);
    }
    let severity = Severity::ALL.into_iter().find(|severity| severity.word() == written);
    severity.map(Some).ok_or_else(|| format!("`{written}` is no severity; write off, info, warning or error"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_goes_before_its_family() {
        let checks = Checks::new([("facts::last_digit", "error"), ("facts::*", "info")]).unwrap();
        assert_eq!(checks.severity("facts::last_digit", "warning"), Some("error"));
        assert_eq!(checks.severity("facts::conflict", "error"), Some("info"));
        assert_eq!(checks.severity("units::similar_names", "info"), Some("info"));
    }

    #[test]
    fn what_says_the_same_as_the_code_changes_nothing() {
        let said = Checks::new([("facts::conflict", "error")]).unwrap();
        assert!(said.words().is_empty());
        // But it undoes what was said below it.
        let off = Checks::new([("facts::conflict", "off")]).unwrap();
        assert_eq!(off.below(&said).severity("facts::conflict", "error"), Some("error"));
    }

    #[test]
    fn what_is_switched_off_is_not_there() {
        let checks = Checks::new([("forms::*", "off")]).unwrap();
        assert_eq!(checks.severity("forms::missing", "warning"), None);
        assert_eq!(checks.words()["forms::ambiguous"], "off");
        let stronger = Checks::new([("forms::missing", "info")]).unwrap();
        assert_eq!(checks.below(&stronger).severity("forms::missing", "warning"), Some("info"));
    }

    #[test]
    fn rules_are_told_by_their_names_or_together() {
        let checks = Checks::new([("checks::*", "warning"), ("checks::t7_total", "off")]).unwrap();
        assert_eq!(checks.severity("checks::t7_total", "error"), None);
        assert_eq!(checks.severity("checks::t_rollup", "error"), Some("warning"));
        let stronger = Checks::new([("checks::*", "info")]).unwrap();
        assert_eq!(checks.below(&stronger).severity("checks::t7_total", "error"), Some("info"));
    }

    #[test]
    fn wrong_entries_are_told_with_their_place() {
        for (entry, part) in [
            (("facts::last_digits", "off"), "known: facts::conflict, facts::last_digit"),
            (("last_digit", "off"), "known: facts::last_digit"),
            (("sums", "off"), "read::quarantined"),
            (("facts::conflict", "fatal"), "off, info, warning or error"),
            (("read::quarantined", "off"), "`info` is the least"),
            (("locate::*", "off"), "`locate::ambiguous` cannot be `off`"),
        ] {
            let (at, error) = Checks::new([("forms::missing", "off"), entry]).unwrap_err();
            assert!(at == 1 && error.contains(part), "{error}");
        }
        assert!(Checks::new([("read::*", "info")]).is_ok());
    }
}
