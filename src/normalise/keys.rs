//! Which figure is a part of which: the depth of each, and whether it has parts of its own.

use rust_decimal::Decimal;

use crate::mapping::{CodeLists, FormMapping, Vocabulary};
use crate::model::{Figure, Funding, Key, Map, Measure};

/// The keys of the figures of one form, by numbers: each is looked up some ten times.
pub(super) struct Keys<'k> {
    vocabulary: &'k Vocabulary,
    texts: Texts<'k>,
    /// For each figure its key, and the position of that among all different keys.
    parts: Vec<(Part, usize)>,
    /// All different keys.
    known: Map<Part, usize>,
}

impl<'k> Keys<'k> {
    pub(super) fn of(figures: &'k [Box<Figure>], vocabulary: &'k Vocabulary) -> Keys<'k> {
        let mut texts = Texts::default();
        let mut known: Map<Part, usize> = Map::default();
        known.reserve(figures.len());
        let mut parts = Vec::with_capacity(figures.len());
        for figure in figures {
            let part = texts.part(&figure.key, vocabulary);
            let next = known.len();
            parts.push((part, *known.entry(part).or_insert(next)));
        }
        Keys { vocabulary, texts, parts, known }
    }

    /// Whether two different numbers stand at one key.
    pub(super) fn have_two_values(&self, figures: &[Box<Figure>]) -> bool {
        let mut values: Vec<Option<Decimal>> = vec![None; self.known.len()];
        self.parts
            .iter()
            .zip(figures)
            .any(|((_, key), figure)| *values[*key].get_or_insert(figure.value) != figure.value)
    }

    /// How deep each figure stands: below the form's root by its item, or by its code.
    pub(super) fn levels(&self, form: &FormMapping) -> Vec<u8> {
        let root = form.context.item.as_deref().map_or(0, |item| self.vocabulary.ancestors(item).count());
        let levels = self.parts.iter().map(|(part, _)| {
            let (function, economic) =
                (self.texts.functions.text(part.function), self.texts.economics.text(part.economic));
            match (function.len(), economic.len()) {
                (0, 0) => self.texts.items.above(part.item).count().saturating_sub(root) as u8,
                (0, digits) => digits.div_ceil(2).saturating_sub(1) as u8,
                (digits, _) if function.starts_with(|c: char| c.is_ascii_digit()) => (digits / 2) as u8,
                _ => function.split('›').count() as u8,
            }
        });
        levels.collect()
    }

    /// For each figure, whether no other one is a part of it.
    pub(super) fn leaves(&self, figures: &[Box<Figure>], form: &FormMapping, codes: &CodeLists) -> Vec<bool> {
        let mut has_parts = vec![false; self.known.len()];
        let mut note = |whole: Part| {
            if let Some(key) = self.known.get(&whole) {
                has_parts[*key] = true;
            }
        };
        for (figure, (part, _)) in figures.iter().zip(&self.parts) {
            self.texts.wholes(*part).for_each(&mut note);
            // A class of basic expenditure is a part of 人员经费 or 公用经费, which stand beside it without a code.
            let group = codes.economic.group(&figure.key.economic, figure.fiscal_year);
            let item = group.and_then(|group| form.codes.as_ref()?.groups.get(group));
            let item = item.and_then(|item| self.texts.items.known.get(&**item));
            if let (Some(item), Some(economic)) = (item, self.texts.economics.known.get("")) {
                note(Part { item: *item, economic: *economic, ..*part });
            }
        }
        self.parts.iter().map(|(_, key)| !has_parts[*key]).collect()
    }
}

/// A key by the numbers of its texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Part {
    item: u32,
    function: u32,
    economic: u32,
    entity: u32,
    base: u32,
    funding: Option<Funding>,
    measure: Measure,
}

/// The texts of the keys of one form, numbered.
#[derive(Default)]
struct Texts<'k> {
    items: Numbers<'k>,
    functions: Numbers<'k>,
    economics: Numbers<'k>,
    /// Sub-units and projects; the unit itself stands above them.
    entities: Numbers<'k>,
    bases: Numbers<'k>,
}

/// Texts of one kind.
#[derive(Default)]
struct Numbers<'k> {
    known: Map<&'k str, u32>,
    /// By their numbers.
    texts: Vec<Text<'k>>,
    /// The number that was asked for last.
    last: u32,
}

/// A text of a key, or one that stands above it.
struct Text<'k> {
    text: &'k str,
    above: Option<u32>,
    /// A key has it.
    is_used: bool,
}

impl<'k> Numbers<'k> {
    /// The number of a text that a key has. `above` tells which text stands above one; it is asked once for each.
    fn of(&mut self, text: &'k str, above: &impl Fn(&'k str) -> Option<&'k str>) -> u32 {
        // Figures of a row or of a column stand side by side.
        if self.texts.get(self.last as usize).is_some_and(|last| last.text == text) {
            return self.last;
        }
        self.last = self.take_in(text, above);
        self.texts[self.last as usize].is_used = true;
        self.last
    }

    fn take_in(&mut self, text: &'k str, above: &impl Fn(&'k str) -> Option<&'k str>) -> u32 {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let number = self.texts.len() as u32;
        self.known.insert(text, number);
        self.texts.push(Text { text, above: None, is_used: false });
        self.texts[number as usize].above = above(text).map(|whole| self.take_in(whole, above));
        number
    }

    fn text(&self, number: u32) -> &'k str {
        self.texts[number as usize].text
    }

    /// The numbers of the texts above one, from the nearest outward.
    fn above(&self, number: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(self.texts[number as usize].above, |number| self.texts[*number as usize].above)
    }

    /// Those of them that a key has.
    fn used_above(&self, number: u32) -> impl Iterator<Item = u32> {
        self.above(number).filter(|number| self.texts[*number as usize].is_used)
    }
}

impl<'k> Texts<'k> {
    fn part(&mut self, key: &'k Key, vocabulary: &'k Vocabulary) -> Part {
        Part {
            item: self.items.of(&key.item, &|item| vocabulary.ancestors(item).next()),
            function: self.functions.of(&key.function, &shorter),
            economic: self.economics.of(&key.economic, &shorter),
            entity: self.entities.of(&key.entity, &|entity| (!entity.is_empty()).then_some("")),
            base: self.bases.of(&key.base, &|_| None),
            funding: key.funding,
            measure: key.measure,
        }
    }

    /// The keys that a figure is a part of: by its codes, its item, its funding and its entity, one step at a time. Those
    /// with a text that no key has are left out.
    fn wholes(&self, part: Part) -> impl Iterator<Item = Part> {
        let by_function = self.functions.used_above(part.function).map(move |function| Part { function, ..part });
        let by_economic = self.economics.used_above(part.economic).map(move |economic| Part { economic, ..part });
        let by_item = self.items.used_above(part.item).map(move |item| Part { item, ..part });
        let by_entity = self.entities.used_above(part.entity).map(move |entity| Part { entity, ..part });
        let by_funding = wider(part.funding).map(move |funding| Part { funding, ..part });
        let wholes = by_function.chain(by_economic).chain(by_item).chain(by_entity).chain(by_funding);
        wholes.filter(move |_| part.measure != Measure::Share)
    }
}

/// The fundings that one is a part of: a budget of the appropriation, and that of all funds.
fn wider(funding: Option<Funding>) -> impl Iterator<Item = Option<Funding>> {
    let appropriation =
        funding.filter(|funding| *funding != Funding::Appropriation).map(|_| Some(Funding::Appropriation));
    appropriation.into_iter().chain(funding.map(|_| None))
}

/// The code, or path of names, directly above one; the empty one stands above all.
fn shorter(code: &str) -> Option<&str> {
    match code.rfind('›') {
        _ if code.is_empty() => None,
        Some(at) => Some(&code[..at]),
        None if code.len() > 3 && code.is_ascii() => Some(&code[..code.len() - 2]),
        None => Some(""),
    }
}
