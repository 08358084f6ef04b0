//! The words of sentences and headings: what part each phrase plays.

mod file;
mod joined;
mod senses;

use std::collections::BTreeMap;
use std::sync::Arc;

use memchr::memmem::Finder;

pub use self::file::{Expenses, WordParts};
pub(in crate::mapping) use self::file::{File, Source};
pub(crate) use self::file::{behind_any, ends_with_any};
pub(crate) use self::joined::is_funded;
use self::joined::{Phrases, add_aliases, add_label, add_words, count_pairs, item_name, no_item, no_key, section_kind};
pub use self::senses::{ComparisonWord, LabelSense, Only, Reception, SectionKind, Senses, TimeWord, Unit, WordSense};
use super::grounds::Grounds;
use super::problem::Misfit;
use super::trie::Trie;
use super::{CodeLists, Problem, Vocabulary};
use crate::model::words::Words;
use crate::model::{AMOUNTS, Identity, fold};

/// The words of sentences and headings: what part each phrase plays.
///
/// Made of `lexicon.yaml`, the labels of the vocabulary and the names of the 类 of the functional classification, and
/// compiled once into a trie that finds all of them in one pass.
#[derive(Debug)]
pub struct Lexicon {
    /// Tells it from other lexicons, for what is remembered of texts.
    pub(crate) identity: Identity,
    trie: Trie,
    phrases: Words,
    senses: Vec<Senses>,
    receptions: Vec<Reception>,
    /// What that cost which an item counts.
    costs: BTreeMap<Arc<str>, Arc<str>>,
    cumulative: BTreeMap<Arc<str>, Arc<str>>,
    by_total: BTreeMap<Arc<str>, Arc<str>>,
    grounds: Grounds,
    not_behind: BTreeMap<Arc<str>, Vec<Arc<str>>>,
    counters: BTreeMap<String, Vec<String>>,
    kinds: BTreeMap<Arc<str>, Vec<String>>,
    own_kinds: BTreeMap<String, Vec<String>>,
    not_in: Vec<(SectionKind, Arc<str>)>,
    expenses: Expenses,
    parts: WordParts,
}

/// A phrase found in a text.
#[derive(Clone, Copy, Debug)]
pub struct Found<'l> {
    /// Byte where it starts.
    pub start: usize,
    /// Byte behind its end.
    pub end: usize,
    /// The parts it may play.
    pub senses: &'l Senses,
}

impl Lexicon {
    /// Reads `lexicon.yaml` and joins it with the vocabulary's labels and the names of the 类.
    ///
    /// # Errors
    /// Where the YAML is ill-formed, or a key or an item is not known.
    pub fn parse(yaml: &str, vocabulary: &Vocabulary, codes: &CodeLists) -> Result<Lexicon, Problem> {
        Lexicon::of(&Lexicon::read(&[("lexicon.yaml", yaml)])?, vocabulary, codes)
    }

    /// Reads the texts of `lexicon.yaml` and of the files that add to it, each with its name.
    ///
    /// # Errors
    /// Where the YAML is ill-formed.
    pub(super) fn read<'s>(sources: &[(&'s str, &'s str)]) -> Result<Vec<Source<'s>>, Problem> {
        let read = |(name, yaml): &(&'s str, &'s str)| {
            let file = serde_saphyr::from_str(yaml).map_err(|error| Problem::yaml(name, yaml, &error))?;
            Ok(Source { name, yaml, file })
        };
        sources.iter().map(read).collect()
    }

    /// Joins what was read with the vocabulary's labels and the names of the 类.
    ///
    /// # Errors
    /// Where a key or an item is not known.
    pub(super) fn of(sources: &[Source<'_>], vocabulary: &Vocabulary, codes: &CodeLists) -> Result<Lexicon, Problem> {
        let files: Vec<&File> = sources.iter().map(|source| &source.file).collect();
        Lexicon::joined(&files, vocabulary, codes)
            .map_err(|(at, misfit)| misfit.in_file(sources[at].name, sources[at].yaml))
    }

    /// Joins the files; an error tells which one it is in.
    fn joined(files: &[&File], vocabulary: &Vocabulary, codes: &CodeLists) -> Result<Lexicon, (usize, Misfit)> {
        let mut phrases = Phrases::with_room();
        for (at, file) in files.iter().enumerate() {
            add_words(&mut phrases, file).map_err(|misfit| (at, misfit))?;
        }
        for (label, meaning) in vocabulary.labels() {
            let item = vocabulary.item(&meaning.item).ok_or_else(|| (0, no_item(&meaning.item, vocabulary)))?;
            if item.tables_only {
                continue;
            }
            let senses = phrases.at(label.as_str());
            if senses.word.is_none() {
                let sense = Arc::make_mut(senses.label.get_or_insert_default());
                let unit = fold(&item.unit);
                match &*unit {
                    AMOUNTS | "%" => sense.items = [item.name.clone()].into(),
                    _ => sense.counts = [(Arc::from(unit), item.name.clone())].into(),
                }
                sense.funded = sense.items.iter().any(|item| is_funded(vocabulary, item));
                sense.funding = meaning.funding;
            }
        }
        for (at, file) in files.iter().enumerate() {
            for entry in file.labels.iter().chain(&file.counts) {
                add_label(&mut phrases, entry, vocabulary).map_err(|misfit| (at, misfit))?;
            }
        }
        for (code, name) in codes.functional.names() {
            if code.len() == 3 && name.ends_with("支出") {
                phrases.at(name).category = true;
            }
        }
        for (at, file) in files.iter().enumerate() {
            add_aliases(&mut phrases, &file.aliases).map_err(|misfit| (at, misfit))?;
        }
        let says_final: Vec<String> = files.iter().flat_map(|file| &file.says_final).map(|word| fold(word)).collect();
        let says_final: Vec<Finder<'_>> = says_final.iter().map(Finder::new).collect();
        for (phrase, senses) in phrases.phrases.iter().zip(&mut phrases.senses) {
            senses.says_final = says_final.iter().any(|word| word.find(phrase.as_bytes()).is_some());
        }
        let mut lexicon = Lexicon {
            identity: Identity::default(),
            trie: Trie::of(&phrases.phrases),
            phrases: phrases.phrases,
            senses: phrases.senses,
            receptions: Vec::new(),
            costs: BTreeMap::new(),
            cumulative: BTreeMap::new(),
            by_total: BTreeMap::new(),
            grounds: Grounds::of(files.iter().flat_map(|file| &file.grounds)),
            not_behind: BTreeMap::new(),
            counters: BTreeMap::new(),
            kinds: BTreeMap::new(),
            own_kinds: BTreeMap::new(),
            not_in: Vec::new(),
            expenses: Expenses::default(),
            parts: WordParts::default(),
        };
        for (at, file) in files.iter().enumerate() {
            lexicon.relate(file, vocabulary).map_err(|misfit| (at, misfit))?;
        }
        Ok(lexicon)
    }

    /// Adds what a file says of how items go with one another.
    fn relate(&mut self, file: &File, vocabulary: &Vocabulary) -> Result<(), Misfit> {
        let name = |item: &String| item_name(item, vocabulary);
        for (item, counts) in &file.receptions {
            self.receptions.push(Reception { item: name(item)?, counts: count_pairs(counts, vocabulary)? });
        }
        for (count, cost) in &file.costs {
            self.costs.insert(name(count)?, name(cost)?);
        }
        for (of, counts) in &file.cumulative {
            self.cumulative.insert(name(of)?, name(counts)?);
        }
        for (item, base) in &file.bases_by_total {
            self.by_total.insert(name(item)?, name(base)?);
        }
        for (section, items) in &file.not_in {
            let kind = section_kind(section)?;
            for item in items {
                self.not_in.push((kind, name(item)?));
            }
        }
        if let Some(item) = &file.expenses.item {
            self.expenses.item = Some(name(item)?);
        }
        for (item, group) in &file.expenses.divided {
            let group = match group.as_str() {
                "any" => None,
                "personnel" | "public" => Some(group.clone()),
                _ => return Err(no_key("expenses", group)),
            };
            self.expenses.divided.insert(name(item)?, group);
        }
        self.parts.add(&file.word_parts);
        for (total, items) in &file.not_behind {
            let items: Vec<Arc<str>> = items.iter().map(name).collect::<Result<_, _>>()?;
            self.not_behind.entry(name(total)?).or_default().extend(items);
        }
        for (unit, counted) in &file.counters {
            self.counters.entry(fold(unit)).or_default().extend(counted.iter().map(|unit| fold(unit)));
        }
        for (total, words) in &file.kinds {
            self.kinds.entry(name(total)?).or_default().extend(words.iter().map(|word| fold(word)));
        }
        for (kind, endings) in &file.own_kinds {
            self.own_kinds.entry(fold(kind)).or_default().extend(endings.iter().map(|ending| fold(ending)));
        }
        Ok(())
    }

    /// The number of the phrase whose parts these are.
    pub(crate) fn number_of(&self, senses: &Senses) -> Option<u32> {
        self.senses.element_offset(senses)?.try_into().ok()
    }

    /// The parts of the phrase with a number that [`Lexicon::number_of`] gave.
    pub(crate) fn numbered(&self, number: u32) -> &Senses {
        &self.senses[number as usize]
    }

    /// Every phrase of a folded text, the overlapping ones too: by start, the longest first.
    pub fn find<'l>(&'l self, folded: &str) -> Vec<Found<'l>> {
        let mut found: Vec<Found<'l>> = Vec::new();
        for (start, _) in folded.char_indices() {
            let before = found.len();
            found.extend(self.beginning_at(folded, start));
            found[before..].reverse();
        }
        found
    }

    /// The phrases that begin at byte `start` of a folded text, the shortest first.
    pub fn beginning_at<'l, 't>(
        &'l self,
        folded: &'t str,
        start: usize,
    ) -> impl Iterator<Item = Found<'l>> + use<'l, 't> {
        let found = self.trie.beginning(&folded[start..]);
        found.map(move |(length, phrase)| Found { start, end: start + length, senses: &self.senses[phrase as usize] })
    }

    /// Every phrase with the parts it may play, in the order of the files.
    pub fn phrases(&self) -> impl Iterator<Item = (&str, &Senses)> {
        self.phrases.iter().zip(&self.senses)
    }

    /// The kinds of reception.
    pub fn receptions(&self) -> &[Reception] {
        &self.receptions
    }

    /// What that cost which `item` counts.
    pub fn cost_of(&self, item: &str) -> Option<&Arc<str>> {
        self.costs.get(item)
    }

    /// What 累计 with an unspecific unit counts behind a count of `item`.
    pub fn cumulative(&self, item: &str) -> Option<&Arc<str>> {
        self.cumulative.get(item)
    }

    /// The clauses that tell on whose word, on which ground or to which end something was done.
    pub fn grounds(&self) -> &Grounds {
        &self.grounds
    }

    /// What is counted in a unit is counted in another one, too, which is more common: 批次 in 个.
    pub(crate) fn counts_in(&self, unit: &str, of: &str) -> bool {
        of == unit || self.counters.get(unit).is_some_and(|counted| counted.iter().any(|unit| unit == of))
    }

    /// What the parts of counts are called, by their total.
    pub(crate) fn kinds(&self) -> &BTreeMap<Arc<str>, Vec<String>> {
        &self.kinds
    }

    /// What a unit of this name calls itself by its kind: 学校, of a 中学.
    pub(crate) fn own_kinds<'l, 't>(&'l self, name: &'t str) -> impl Iterator<Item = &'l str> + use<'l, 't> {
        self.own_kinds.iter().filter(move |(_, endings)| ends_with_any(name, endings)).map(|(kind, _)| kind.as_str())
    }

    /// Totals of counts, and the items behind which a count of that total means something else.
    pub fn not_behind(&self) -> &BTreeMap<Arc<str>, Vec<Arc<str>>> {
        &self.not_behind
    }

    /// In sections of this kind a count is not the unit's, but a project's.
    pub fn is_not_of(&self, section: SectionKind, item: &str) -> bool {
        self.not_in.iter().any(|(kind, not)| *kind == section && **not == *item)
    }

    /// What sentences divide by the names of the economic classification.
    pub fn expenses(&self) -> &Expenses {
        &self.expenses
    }

    /// Parts of words, names and lines that tell something wherever they stand in one.
    pub fn parts(&self) -> &WordParts {
        &self.parts
    }

    /// The only total that a bare 占 of the item may mean, where the item has more than one above it.
    pub fn base_by_total(&self, item: &str) -> Option<&Arc<str>> {
        self.by_total.get(item)
    }
}

#[cfg(test)]
mod tests {
    use super::super::problem::Wrong;
    use super::*;
    use crate::model::Measure;

    fn known() -> (Vocabulary, CodeLists) {
        let vocabulary = Vocabulary::parse(include_str!("../../../mappings/vocabulary.yaml")).expect("vocabulary");
        let codes = CodeLists::parse(
            include_str!("../../../mappings/codes/functional.csv"),
            include_str!("../../../mappings/codes/functional_names.csv"),
            include_str!("../../../mappings/codes/economic.csv"),
        );
        (vocabulary, codes.expect("codes"))
    }

    #[test]
    fn a_phrase_is_found_with_all_the_parts_it_may_play() {
        let (vocabulary, codes) = known();
        let lexicon = Lexicon::parse(include_str!("../../../mappings/lexicon.yaml"), &vocabulary, &codes);
        let lexicon = lexicon.expect("lexicon");
        let longest = |text: &str| {
            let folded = fold(text);
            lexicon.find(&folded).into_iter().find(|found| found.start == 0 && found.end == folded.len())
        };
        let item = |text: &str| longest(text)?.senses.label.as_ref()?.items.first().cloned();
        for (phrase, expected) in [
            ("“三公”经费", "“三公”经费"),
            ("三公经费支出", "“三公”经费"),
            ("因公出国（境）费用", "因公出国（境）费"),
            ("财政拨款收入", "本年收入合计"),
            ("日常公用经费", "公用经费"),
            ("收、支总计", "收入总计"),
            ("工资福利支出", "基本支出"),
        ] {
            assert_eq!(item(phrase).as_deref(), Some(expected), "{phrase}");
        }
        for (phrase, expected) in [
            ("完成年初预算的", WordSense::Completion(false)),
            ("完成全年预算的", WordSense::Completion(true)),
            ("支出决算", WordSense::Measure(Measure::Final)),
            ("与上年持平", WordSense::Statement),
            ("主要原因是", WordSense::Reason),
            ("本单位", WordSense::Itself),
        ] {
            assert_eq!(longest(phrase).and_then(|found| found.senses.word), Some(expected), "{phrase}");
        }
        assert!(longest("教育支出").is_some_and(|found| found.senses.category));
    }

    #[test]
    fn an_entry_that_leads_nowhere_is_refused_by_name() {
        let (vocabulary, codes) = known();
        let yaml = include_str!("../../../mappings/lexicon.yaml");
        for (old, new, message) in [
            ("items: [政府采购执行率]", "items: [政府采购进度]", "政府采购进度"),
            ("  distribute:", "  distribut:", "distribut"),
            ("  assets:", "  asset:", "asset"),
        ] {
            assert!(yaml.contains(old), "{old}");
            let error = Lexicon::parse(&yaml.replace(old, new), &vocabulary, &codes).expect_err(new);
            let named = match &*error.wrong {
                Wrong::NoItem { name, .. } => name,
                Wrong::LexiconKey { key, .. } => key,
                other => panic!("{other:?}"),
            };
            assert_eq!(named, message);
            assert!(error.line > 0 && error.source.contains(message), "{error:?}");
        }
    }
}
