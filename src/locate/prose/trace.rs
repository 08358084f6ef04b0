//! Noting what each word of a sentence did, for whoever asks how a number got its key.

use super::Reader;
use super::functions::Function;
use super::naming::Named;
use super::reading::Reading;
use super::runs::Run;
use super::section::{Section, SectionFunding};
use super::sentence::{Against, Comparison, Direction, State, Time};
use super::text::Paragraph;
use super::tokens::{Token, Word};
use crate::mapping::{LabelSense, SectionKind, Senses, TimeWord, WordSense};
use crate::model::{Fate, Funding, Role, Says, Stands, Step, Trace};

/// What the words of the paragraph in hand did.
#[derive(Debug, Default)]
pub(super) struct Tracer {
    notes: Vec<Note>,
    /// The headings above the paragraph.
    headings: Vec<Step>,
}

/// One word: its bytes in the paragraph, and what governs behind it.
#[derive(Debug)]
struct Note {
    start: usize,
    end: usize,
    role: Role,
    says: Says,
    governs: Says,
    ends_sentence: bool,
}

impl Reading<'_, '_> {
    /// Notes the words `at..next`, which have just been read.
    pub(super) fn note(&mut self, at: usize, next: usize) {
        let Some(tracer) = &mut self.reader.tracer else { return };
        if tracer.headings.is_empty() {
            tracer.headings = self.reader.sections.all().iter().map(heading).collect();
        }
        for token in &self.tokens[at..next] {
            // What stands in a bracket has been noted by itself.
            if matches!(token.word, Word::Open(_)) {
                return;
            }
            let (role, says) = match part(token) {
                // In a free stretch every word is free.
                (role, _) if self.state.reason.is_some() && role.blocks() => (Role::Reason, Says::new()),
                part => part,
            };
            let ends_sentence = matches!(token.word, Word::Mark('。'));
            let governs = governing(&self.state);
            tracer.notes.push(Note { start: token.start, end: token.end, role, says, governs, ends_sentence });
        }
    }
}

impl Reader<'_> {
    /// Tells of each number of a paragraph which words led to it, and forgets them.
    pub(super) fn trace(&mut self, paragraph: &Paragraph, runs: &[Run]) {
        let Some(tracer) = &mut self.tracer else { return };
        let Tracer { notes, headings } = std::mem::take(tracer);
        for run in runs {
            let Some(at) = notes.iter().position(|note| (note.start..note.end).contains(&run.start)) else { continue };
            if matches!(&run.fate, Some((Fate::Ignored, rule)) if &**rule != "reason") {
                continue;
            }
            let begin = notes[..at].iter().rposition(|note| note.ends_sentence).map_or(0, |end| end + 1);
            let words = notes[begin..=at].iter().map(|note| Step {
                stands: Stands::Before,
                place: Some(paragraph.place(self.lines, note.start, note.end).0),
                written: paragraph.written(self.lines, note.start, note.end).into(),
                role: note.role,
                says: note.says.clone(),
                merged: note.governs.clone(),
            });
            let steps = headings.iter().cloned().chain(words).collect();
            let (place, _) = paragraph.place(self.lines, run.start, run.end);
            self.located.traces.push(Trace { place, form: self.frame.form.clone(), steps });
        }
    }
}

/// What a heading sets for the lines below it.
fn heading(section: &Section) -> Step {
    let mut says: Says = vec![("section", section_kind(section.kind).to_owned())];
    says.push((
        "funding",
        match &section.funding {
            SectionFunding::Told(Some(funding)) => funding.word().to_owned(),
            SectionFunding::Told(None) => "all".to_owned(),
            SectionFunding::Several => "several".to_owned(),
            SectionFunding::NotTold => "not_told".to_owned(),
        },
    ));
    if section.budget {
        says.push(("measure", "budget".to_owned()));
    }
    says.extend(section.subject.iter().map(|named| ("governs", shown(named))));
    let role = if section.doubt.is_some() { Role::Unknown } else { Role::Key };
    says.extend(section.doubt.iter().map(|word| ("not_understood", word.clone())));
    Step { stands: Stands::Heading, place: None, written: section.title.clone(), role, says, merged: Says::new() }
}

fn section_kind(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Ignored => "ignored",
        SectionKind::Contents => "contents",
        SectionKind::Totals => "totals",
        SectionKind::ThreePublic => "three_public",
        SectionKind::Assets => "assets",
        SectionKind::Performance => "performance",
        SectionKind::Review => "review",
        SectionKind::Whole | SectionKind::Other => "other",
    }
}

/// The part that a word may play, as the lexicon has it.
fn part(token: &Token<'_>) -> (Role, Says) {
    match &token.word {
        Word::Phrase(senses) => part_of_phrase(senses),
        Word::UnitName => (Role::Neutral, vec![("names", "reporting_unit".to_owned())]),
        Word::Number(_) => (Role::Number, Says::new()),
        Word::Year(year) => (Role::Time, vec![("year", year.to_string())]),
        Word::Years => (Role::Time, vec![("year", "several".to_owned())]),
        Word::Ordinal => (Role::Mark, Says::new()),
        Word::Mark(_) | Word::Open(_) | Word::Close => (Role::Mark, Says::new()),
        Word::Function(Function::Known(code)) => (Role::Code, vec![("function", code.to_string())]),
        // A 款 or 项 without its 类: below the one that governs.
        Word::Function(Function::Below(_)) => (Role::Code, vec![("function", "…".to_owned())]),
        Word::Unknown => (Role::Unknown, Says::new()),
    }
}

fn part_of_phrase(senses: &Senses) -> (Role, Says) {
    if let Some(label) = &senses.label {
        return (Role::Key, said_by(label));
    }
    if senses.category {
        return (Role::Code, vec![("function", "类".to_owned())]);
    }
    let Some(word) = senses.word else { return (Role::Unknown, Says::new()) };
    let one = |role: Role, name: &'static str, value: &str| (role, vec![(name, value.to_owned())]);
    match word {
        WordSense::Funding(funding) => one(Role::Key, "funding", funding.word()),
        WordSense::Measure(measure) => one(Role::Key, "measure", measure.word()),
        WordSense::CompletionOfTold => one(Role::Completion, "of", "told"),
        WordSense::Completion(adjusted) => {
            one(Role::Completion, "of", if adjusted { "adjusted_budget" } else { "budget" })
        }
        WordSense::Direction(up) => one(Role::Direction, "direction", if up { "up" } else { "down" }),
        WordSense::Time(time) => one(
            Role::Time,
            "time",
            match time {
                TimeWord::Current => "current",
                TimeWord::Prior => "prior",
                TimeWord::Other => "other",
            },
        ),
        WordSense::Comparison(_) => (Role::Comparison, Says::new()),
        WordSense::Share => (Role::Share, Says::new()),
        WordSense::Distribute
        | WordSense::Each
        | WordSense::PartsOpen
        | WordSense::PartsDivide
        | WordSense::PartsBehindAmount
        | WordSense::PartsClose => (Role::List, Says::new()),
        WordSense::PartsOrReason | WordSense::Reason | WordSense::Purpose => (Role::Reason, Says::new()),
        WordSense::Statement | WordSense::Deviation(_) | WordSense::Negation => (Role::Statement, Says::new()),
        WordSense::Blocker | WordSense::Average | WordSense::Example | WordSense::Cumulative => {
            (Role::Blocker, Says::new())
        }
        WordSense::Placeholder => (Role::Placeholder, Says::new()),
        WordSense::Aside
        | WordSense::Link
        | WordSense::Joiner
        | WordSense::Itself
        | WordSense::EndsExamples
        | WordSense::RepeatsUnit
        | WordSense::Announcement
        | WordSense::Caption => (Role::Neutral, Says::new()),
    }
}

fn said_by(label: &LabelSense) -> Says {
    let mut says = Says::new();
    says.extend(label.items.iter().map(|item| ("item", item.to_string())));
    says.extend(label.counts.iter().filter(|(_, item)| !item.is_empty()).map(|(_, item)| ("item", item.to_string())));
    says.extend(label.by_section.iter().map(|(_, item)| ("item_by_section", item.to_string())));
    says.extend(label.under.iter().map(|(_, item)| ("item_by_context", item.to_string())));
    says.extend(label.funding.map(|funding| ("funding", funding.word().to_owned())));
    says.extend(label.economic.iter().map(|code| ("economic", code.to_string())));
    says.extend(label.measure.map(|measure| ("measure", measure.word().to_owned())));
    says
}

/// What governs behind a word, as far as it was told.
fn governing(state: &State) -> Says {
    let mut says = Says::new();
    for named in &state.subject {
        says.push(("governs", shown(named)));
        says.extend(named.doubt.iter().map(|word| ("in_doubt", word.clone())));
    }
    match &state.time {
        Time::Ours => {}
        Time::Prior => says.push(("time", "prior".to_owned())),
        Time::Other(words) => says.push(("time", words.clone())),
    }
    says.extend(state.pending.measure.iter().map(|(measure, _)| ("measure", measure.word().to_owned())));
    says.extend(
        state
            .pending
            .completion
            .map(|adjusted| ("completion_of", if adjusted { "adjusted_budget" } else { "budget" }.to_owned())),
    );
    says.extend(state.pending.comparison.iter().map(|comparison| ("compared_with", compared(comparison))));
    says.extend(
        state.pending.share.iter().map(|share| ("share_of", share.base.as_ref().map_or_else(|| "…".to_owned(), shown))),
    );
    says.extend(state.pending.direction.iter().map(|direction| ("direction", directed(direction).to_owned())));
    says.extend(state.pending.funding.map(|funding| ("funding", Funding::word(funding).to_owned())));
    says.extend(state.list.iter().flat_map(|list| &list.total).map(|total| ("parts_of", shown(total))));
    says.extend(state.hard.iter().map(|hard| ("blocked_by", hard.word.clone())));
    says.extend(state.examples.iter().map(|word| ("example", word.clone())));
    says.extend(state.reason.as_ref().map(|_| ("reason", "…".to_owned())));
    says
}

fn compared(comparison: &Comparison) -> String {
    match &comparison.against {
        Some(Ok(Against::Prior)) => "prior_final".to_owned(),
        Some(Ok(Against::Budget(false))) => "budget".to_owned(),
        Some(Ok(Against::Budget(true))) => "adjusted_budget".to_owned(),
        Some(Ok(Against::PriorBudget)) => "prior_budget".to_owned(),
        Some(Err(words)) => words.clone(),
        None => format!("{}…", comparison.words),
    }
}

fn directed(direction: &Direction) -> &'static str {
    match direction {
        Direction::Up(_) => "up",
        Direction::Down(_) => "down",
        Direction::Both(_) => "up_or_down",
    }
}

/// A label with what it stands for: `公务接待费`, `本年支出合计 201 general_budget`.
fn shown(named: &Named) -> String {
    let mut items: Vec<&str> = named.items.iter().map(|item| &**item).collect();
    if items.is_empty() {
        items = named.counts.iter().map(|(_, item)| &**item).collect();
        items.dedup();
    }
    let mut shown = items.join("、");
    for part in [&named.function, &named.economic] {
        if !part.is_empty() {
            shown.push(' ');
            shown.push_str(part);
        }
    }
    if let Some(funding) = named.funding {
        shown.push(' ');
        shown.push_str(funding.word());
    }
    shown
}
