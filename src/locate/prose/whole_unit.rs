//! Words for the unit itself: 局机关, 本级, 全镇.

use super::reading::Reading;
use super::tokens::Word;
use crate::mapping::{Senses, behind_any};

impl Reading<'_, '_> {
    /// 镇政府, and 全镇“三公”经费: in a town's own explanation all of the town is the unit, where an expense is named whose definition
    /// leaves no doubt that it is the unit's.
    pub(super) fn is_whole_of_unit(&self, at: usize) -> bool {
        let word = self.text(at);
        if self.is_head_office(&word) {
            return true;
        }
        // 镇政府 is the town itself, whatever follows.
        let parts = self.reader.words.lexicon.parts();
        let seated = parts.without_seat(&word);
        let is_town = |area: &&str| parts.towns.iter().any(|town| town == area);
        let Some(area) = behind_any(&word, &parts.all_of).or(seated).filter(is_town) else { return false };
        let own = self.reader.words.unit_names.iter().any(|name| {
            let name = name.text.as_str();
            parts.without_seat(name).unwrap_or(name).ends_with(area)
        });
        if own && seated.is_some() {
            return true;
        }
        let vocabulary = self.reader.vocabulary;
        let fixed = |item: &std::sync::Arc<str>| vocabulary.item(item).is_some_and(|item| item.fixed_funding);
        own && self.tokens.get(at + 1).is_some_and(|next| match &next.word {
            Word::Phrase(Senses { label: Some(label), .. }) => {
                !label.items.is_empty() && label.items.iter().all(fixed)
                    || label.counts.iter().any(|(_, item)| fixed(item))
            }
            _ => false,
        })
    }

    /// 局机关, 本级: the unit itself, where its own name ends so, in brackets or not.
    fn is_head_office(&self, word: &str) -> bool {
        let own = self.reader.words.unit_names.first().map_or("", |name| name.text.as_str());
        let bracketed = own.strip_suffix(')').and_then(|own| own.rsplit_once('('));
        let mut offices = self.reader.words.lexicon.parts().offices.iter().map(String::as_str);
        match bracketed {
            // 局机关 of 水利局（本级）
            Some((name, bracketed)) => {
                let stem = { offices.clone() }.find_map(|office| word.strip_suffix(office));
                let named = word == bracketed || stem.is_some_and(|stem| name.ends_with(stem));
                named && offices.any(|office| bracketed.ends_with(office))
            }
            None => own.ends_with(word) && own.len() > word.len() && offices.any(|office| word.ends_with(office)),
        }
    }
}
