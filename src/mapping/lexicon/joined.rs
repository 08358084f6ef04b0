//! Phrases and the parts they play, as the files, the vocabulary and the code lists tell them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::Vocabulary;
use super::super::nearest::nearest;
use super::super::phrases::PhraseList;
use super::super::problem::{Misfit, WordKind, Wrong};
use super::file::{File, LabelEntry, SectionKindKey};
use super::senses::{ComparisonWord, Counts, LabelSense, SectionKind, Senses, TimeWord, Unit, WordSense};
use crate::model::words::Words;
use crate::model::{AMOUNTS, Funding, Measure, UnitOfMeasure, fold};

/// The phrases while they are gathered, in order of appearance.
pub(super) struct Phrases {
    pub(super) phrases: Words,
    /// By the keys of the phrases.
    pub(super) senses: Vec<Senses>,
    /// What a phrase plays of which folding leaves nothing: it stands in no text.
    pub(super) nothing: Senses,
}

/// The built-in files hold more than nine thousand phrases of some 27 bytes: every start makes room for them once.
const PHRASES: usize = 12_000;

impl Phrases {
    pub(super) fn with_room() -> Phrases {
        Phrases {
            phrases: Words::with_room_for(PHRASES, PHRASES * 27),
            senses: Vec::with_capacity(PHRASES),
            nothing: Senses::default(),
        }
    }

    pub(super) fn at(&mut self, phrase: &str) -> &mut Senses {
        let key = self.phrases.key(&fold(phrase)) as usize;
        if key == self.senses.len() {
            self.senses.push(Senses::default());
        }
        self.senses.get_mut(key).unwrap_or(&mut self.nothing)
    }

    /// Gives phrases a part in sentences; a part that was given before stays.
    pub(super) fn words(&mut self, phrases: &[String], word: WordSense) {
        for phrase in phrases {
            self.at(phrase).word.get_or_insert(word);
        }
    }

    pub(super) fn word_groups(
        &mut self,
        role: &str,
        groups: &BTreeMap<String, PhraseList>,
        sense: impl Fn(&str) -> Option<WordSense>,
    ) -> Result<(), Misfit> {
        for (key, phrases) in groups {
            let word = sense(key).ok_or_else(|| no_key(role, key))?;
            self.words(phrases, word);
        }
        Ok(())
    }
}

/// Phrases that play the parts of others; one that plays parts already may only be an alias of itself.
pub(super) fn add_aliases(phrases: &mut Phrases, aliases: &BTreeMap<String, String>) -> Result<(), Misfit> {
    for (alias, known) in aliases {
        let Some(of) = phrases.phrases.known(&fold(known)) else {
            let near = nearest(&fold(known), phrases.phrases.iter().map(|phrase| (phrase, ())), |()| String::new());
            let near = near.into_iter().map(|near| near.label).collect();
            return Err(Misfit::new(known, Wrong::AliasOfNothing { label: known.clone(), near }));
        };
        let senses = phrases.senses[of as usize].clone();
        match phrases.phrases.known(&fold(alias)).map(|key| phrases.senses[key as usize].to_string()) {
            Some(means) if means != senses.to_string() => {
                return Err(Misfit::new(alias, Wrong::AliasMeansAnother { alias: alias.clone(), means }));
            }
            _ => *phrases.at(alias) = senses,
        }
    }
    Ok(())
}

pub(super) fn add_words(phrases: &mut Phrases, file: &File) -> Result<(), Misfit> {
    // The order decides where a phrase has two parts in sentences: the first stays.
    phrases.word_groups("fundings", &file.fundings, |key| Funding::from_word(key).map(WordSense::Funding))?;
    phrases.word_groups("measures", &file.measures, |key| Measure::from_word(key).map(WordSense::Measure))?;
    phrases.word_groups("completions", &file.completions, |key| match key {
        "budget" => Some(WordSense::Completion(false)),
        "adjusted_budget" => Some(WordSense::Completion(true)),
        "told" => Some(WordSense::CompletionOfTold),
        _ => None,
    })?;
    phrases.word_groups("comparisons", &file.comparisons, |key| {
        Some(WordSense::Comparison(match key {
            "open" => ComparisonWord::Open,
            "open_if_closed" => ComparisonWord::OpenIfClosed,
            "close" => ComparisonWord::Close,
            "prior" => ComparisonWord::Prior,
            "blocked" => ComparisonWord::Other,
            _ => return None,
        }))
    })?;
    phrases.word_groups("directions", &file.directions, |key| match key {
        "up" => Some(WordSense::Direction(true)),
        "down" => Some(WordSense::Direction(false)),
        _ => None,
    })?;
    phrases.word_groups("deviations", &file.deviations, |key| match key {
        "above" => Some(WordSense::Deviation(true)),
        "below" => Some(WordSense::Deviation(false)),
        _ => None,
    })?;
    phrases.words(&file.shares, WordSense::Share);
    phrases.word_groups("lists", &file.lists, |key| match key {
        "distribute" => Some(WordSense::Distribute),
        "each" => Some(WordSense::Each),
        _ => None,
    })?;
    phrases.word_groups("parts", &file.parts, |key| match key {
        "open" => Some(WordSense::PartsOpen),
        "divide" => Some(WordSense::PartsDivide),
        "open_or_reason" => Some(WordSense::PartsOrReason),
        "behind_amount" => Some(WordSense::PartsBehindAmount),
        "close" => Some(WordSense::PartsClose),
        _ => None,
    })?;
    phrases.word_groups("times", &file.times, |key| {
        Some(WordSense::Time(match key {
            "current" => TimeWord::Current,
            "prior" => TimeWord::Prior,
            "blocked" => TimeWord::Other,
            _ => return None,
        }))
    })?;
    for (list, word) in [
        (&file.statements, WordSense::Statement),
        (&file.reasons, WordSense::Reason),
        (&file.purposes, WordSense::Purpose),
        (&file.negations, WordSense::Negation),
        (&file.announcements, WordSense::Announcement),
        (&file.blockers, WordSense::Blocker),
        (&file.authorities, WordSense::Blocker),
        (&file.subordinates, WordSense::Blocker),
        (&file.others, WordSense::Blocker),
        (&file.exclusions, WordSense::Blocker),
        (&file.corrections, WordSense::Blocker),
        (&file.arrivals, WordSense::Blocker),
        (&file.averages, WordSense::Average),
        (&file.examples, WordSense::Example),
        (&file.placeholders, WordSense::Placeholder),
        (&file.captions, WordSense::Caption),
    ] {
        phrases.words(list, word);
    }
    phrases.word_groups("links", &file.links, |key| match key {
        "plain" => Some(WordSense::Link),
        "joiner" => Some(WordSense::Joiner),
        "itself" => Some(WordSense::Itself),
        "cumulative" => Some(WordSense::Cumulative),
        "ends_examples" => Some(WordSense::EndsExamples),
        "repeats_unit" => Some(WordSense::RepeatsUnit),
        _ => None,
    })?;
    phrases.words(&file.asides, WordSense::Aside);
    for phrase in &file.particles {
        phrases.at(phrase).particle = true;
    }
    phrases.words(&file.narrows, WordSense::Link);
    for phrase in &file.narrows {
        phrases.at(phrase).narrows = true;
    }
    phrases.words(&file.approximate, WordSense::Link);
    for phrase in &file.approximate {
        phrases.at(phrase).approximate = true;
    }
    for phrase in &file.told_years {
        phrases.at(phrase).told_year = true;
    }
    phrases.words(&file.puts_by, WordSense::Link);
    for phrase in &file.puts_by {
        phrases.at(phrase).puts_by = true;
    }
    phrases.words(&file.purposes_of_clauses, WordSense::Link);
    for phrase in &file.purposes_of_clauses {
        phrases.at(phrase).purpose_of_clause = true;
    }
    phrases.words(&file.wholes, WordSense::Link);
    for phrase in &file.wholes {
        phrases.at(phrase).whole = true;
    }
    phrases.words(&file.thresholds, WordSense::Link);
    for phrase in &file.thresholds {
        phrases.at(phrase).threshold = true;
    }
    for phrase in &file.authorities {
        phrases.at(phrase).authority = true;
    }
    for phrase in &file.subordinates {
        phrases.at(phrase).subordinate = true;
    }
    for phrase in &file.others {
        phrases.at(phrase).others = true;
    }
    for phrase in &file.exclusions {
        phrases.at(phrase).excludes = true;
    }
    for phrase in &file.arrivals {
        phrases.at(phrase).arrives = true;
    }
    for phrase in &file.corrections {
        phrases.at(phrase).corrects = true;
    }
    for (key, list) in &file.units {
        for phrase in list {
            phrases.at(phrase).unit = Some(unit(key));
        }
    }
    for (SectionKindKey(key), list) in &file.headings {
        let kind = section_kind(key)?;
        for phrase in list {
            phrases.at(phrase).heading = Some(kind);
        }
    }
    for phrase in &file.heading_words {
        phrases.at(phrase).heading_word = true;
    }
    Ok(())
}

pub(super) fn section_kind(key: &str) -> Result<SectionKind, Misfit> {
    Ok(match key {
        "ignored" => SectionKind::Ignored,
        "contents" => SectionKind::Contents,
        "totals" => SectionKind::Totals,
        "three_public" => SectionKind::ThreePublic,
        "assets" => SectionKind::Assets,
        "performance" => SectionKind::Performance,
        "review" => SectionKind::Review,
        "whole" => SectionKind::Whole,
        "other" => SectionKind::Other,
        _ => return Err(no_key("headings", key)),
    })
}

pub(super) fn unit(key: &str) -> Unit {
    if let Some(unit) = UnitOfMeasure::of_money(key) {
        return Unit::Money(unit);
    }
    match key {
        "short" => Unit::Short,
        "percent" => Unit::Percent,
        "points" => Unit::PercentagePoints,
        "分" => Unit::Points,
        "other" => Unit::Other,
        counted => Unit::Count(fold(counted).into()),
    }
}

pub(super) fn no_key(list: &str, key: &str) -> Misfit {
    Misfit::new(key, Wrong::LexiconKey { list: list.to_owned(), key: key.to_owned() })
}

pub(super) fn no_item(item: &str, vocabulary: &Vocabulary) -> Misfit {
    Misfit::new(item, Wrong::NoItem { name: item.to_owned(), near: vocabulary.nearest(item) })
}

pub(super) fn no_measure(word: &str) -> Misfit {
    let expected = Measure::ALL.iter().map(|measure| measure.word()).collect();
    Misfit::new(word, Wrong::NoWord { kind: WordKind::Measure, word: word.to_owned(), expected })
}

/// The item belongs to income or expenditure, and may be paid by one fund or another.
pub(crate) fn is_funded(vocabulary: &Vocabulary, item: &str) -> bool {
    vocabulary.item(item).is_some_and(|item| !item.fixed_funding && item.side.is_some())
}

pub(super) fn item_name(item: &str, vocabulary: &Vocabulary) -> Result<Arc<str>, Misfit> {
    vocabulary.item(item).map(|item| item.name.clone()).ok_or_else(|| no_item(item, vocabulary))
}

pub(super) fn count_pairs(counts: &BTreeMap<String, String>, vocabulary: &Vocabulary) -> Result<Counts, Misfit> {
    counts.iter().map(|(unit, item)| Ok((Arc::from(fold(unit)), item_name(item, vocabulary)?))).collect()
}

pub(super) fn add_label(phrases: &mut Phrases, entry: &LabelEntry, vocabulary: &Vocabulary) -> Result<(), Misfit> {
    let items: Vec<Arc<str>> = entry.items.iter().map(|item| item_name(item, vocabulary)).collect::<Result<_, _>>()?;
    let counts = count_pairs(&entry.counts, vocabulary)?;
    let funding = match &entry.funding {
        Some(word) => Some(Funding::from_word(word).ok_or_else(|| Misfit::new(word, Wrong::no_funding(word)))?),
        None => None,
    };
    let measure = match &entry.measure {
        Some(word) => Some(Measure::from_word(word).ok_or_else(|| no_measure(word))?),
        None => None,
    };
    let under = entry
        .under
        .iter()
        .map(|(governing, item)| Ok((item_name(governing, vocabulary)?, item_name(item, vocabulary)?)))
        .collect::<Result<Vec<_>, Misfit>>()?;
    let by_section = entry
        .by_section
        .iter()
        .map(|(section, item)| Ok((section_kind(section)?, item_name(item, vocabulary)?)))
        .collect::<Result<Vec<_>, Misfit>>()?;
    let base = entry.base.as_deref().map(|item| item_name(item, vocabulary)).transpose()?;
    let mut all_counts = Vec::new();
    let mut all_items = items;
    for (unit, item) in counts {
        if &*unit == AMOUNTS {
            all_items.push(item);
        } else {
            all_counts.push((unit, item));
        }
    }
    if let Some(unit) = &entry.unit {
        // The item of a count that the section tells is told by `by_section`; the unit says that it is a count.
        all_counts.push((Arc::from(fold(unit)), Arc::from("")));
    }
    let said = Arc::new(LabelSense {
        funded: all_items.iter().any(|item| is_funded(vocabulary, item)),
        items: all_items.into(),
        counts: all_counts.into(),
        funding,
        economic: entry.economic.as_deref().map(Arc::from),
        measure,
        under,
        by_section,
        base,
        only: entry.only,
        takes_object: entry.takes_object,
    });
    for phrase in &entry.phrases {
        match &mut phrases.at(phrase).label {
            Some(label) => Arc::make_mut(label).join(&said),
            label => *label = Some(Arc::clone(&said)),
        }
    }
    Ok(())
}
