use serde_saphyr::{Error, Location};

use super::nearest::distance;

/// What is wrong with a mapping file, and where: shown with the line itself. `wording` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it is called in messages.
    pub file: String,
    /// Line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The line itself.
    pub source: String,
    /// What is wrong.
    pub wrong: Box<Wrong>,
}

/// Everything that can be wrong with a mapping file; one kind for each thing to be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The file cannot be read: what the system says.
    Unreadable(String),
    /// It is no UTF-8.
    NotUtf8,
    /// What another kind of file (a configuration) has to say.
    Told(String),
    /// No YAML: what the parser says, where nothing better is known.
    Yaml(String),
    /// A tab where only blanks may indent.
    Tab,
    /// `：` where `:` and a blank belong; the word before it.
    FullWidthColon(String),
    /// A text with `: ` in it that is not quoted.
    ColonInText(String),
    /// A text that begins with a character of YAML's own and is not quoted.
    SpecialCharacter(char),
    /// Something else stands where this belongs.
    Expected(Shape),
    /// A key that the language does not have; those it has there, and the nearest of them.
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that may stand there.
        expected: Vec<&'static str>,
        /// The nearest of them.
        near: Option<&'static str>,
    },
    /// A key that must be there is missing.
    MissingKey(&'static str),
    /// A key is there twice.
    DuplicateKey(String),
    /// A word that is none of those that may stand there.
    NoWord {
        /// What was expected.
        kind: WordKind,
        /// The word.
        word: String,
        /// Those that may stand there.
        expected: Vec<&'static str>,
    },
    /// No item of the vocabulary; the nearest labels.
    NoItem {
        /// The name.
        name: String,
        /// The nearest known labels.
        near: Vec<String>,
    },
    /// A check names a form that is not there.
    NoForm {
        /// The name.
        name: String,
        /// The forms that are there.
        known: Vec<String>,
    },
    /// A check that says nothing, or two things: its name.
    NoRelation(String),
    /// No range of years.
    YearRange(String),
    /// `extends` names no file.
    NoFileToExtend(String),
    /// `extends` leads back to the file itself.
    ExtendsItself,
    /// `adds_to` names no file.
    NoFileToAddTo(String),
    /// A file that adds to another says what only the other may say: the key.
    NotInAddition(&'static str),
    /// A label is claimed twice in one file.
    LabelTwice(String),
    /// Nothing is left of a label when ordinals, blanks and quotes are off.
    EmptyLabel(String),
    /// A label leads to two items.
    LabelOfTwoItems {
        /// The label.
        label: String,
        /// The items.
        items: [String; 2],
    },
    /// An item is there twice.
    ItemTwice(String),
    /// An item's parent is not known above it.
    ParentNotAbove {
        /// The item.
        item: String,
        /// The parent.
        parent: String,
    },
    /// An alias of a label that is not known there; the nearest ones.
    AliasOfNothing {
        /// The label that is not known.
        label: String,
        /// The nearest known labels.
        near: Vec<String>,
    },
    /// An alias that is known already, with another meaning.
    AliasMeansAnother {
        /// The alias.
        alias: String,
        /// What it means.
        means: String,
    },
    /// An alias in a form of prose: its words are the lexicon's.
    AliasInProse,
    /// A title names two forms in the same years.
    TitleOfTwoForms {
        /// The title.
        title: String,
        /// The forms.
        forms: [String; 2],
    },
    /// Two files of one form serve the same years: the second is never used.
    YearsOverlap {
        /// The form.
        form: String,
        /// The other file.
        other: String,
    },
    /// A form without titles, labels and headings is never recognised.
    NeverRecognised(String),
    /// A `when` that can never be the first to fit.
    NeverFits(String),
    /// A `when` of which nothing knows any of the labels it waits for; the nearest known ones.
    UnderUnknown {
        /// The label whose meaning hangs on them.
        label: String,
        /// The labels that are not known.
        under: Vec<String>,
        /// The nearest known labels.
        near: Vec<String>,
    },
    /// A field that says neither item nor text nor personal.
    FieldSaysNothing(String),
    /// An item that the form may not give, as its `items` say.
    ItemNotOfForm {
        /// The item.
        item: String,
        /// The items of the form.
        roots: Vec<String>,
    },
    /// A key of the lexicon that it does not have: section and key.
    LexiconKey {
        /// The list.
        list: String,
        /// The key.
        key: String,
    },
    /// A classification list that cannot be read.
    Codes(String),
    /// A pattern that is no regular expression.
    Pattern(String),
    /// No example of a form reads anything. A remark: the file loads.
    ReadsNothing {
        /// The form.
        form: String,
        /// How many numbers its examples have.
        numbers: usize,
        /// The words that left numbers over, each once, the most frequent first.
        blocked_by: Vec<String>,
        /// Why a document as a whole was refused; empty if none was.
        refused: String,
    },
    /// A form has no example, so that nothing of it was tried. A remark: the file loads.
    NoExample(String),
    /// An example that is read otherwise.
    Example {
        /// Figures that are missing.
        missing: Vec<String>,
        /// Figures that nobody expects.
        invented: Vec<String>,
        /// What was left over: value, place, and the word that blocked.
        left: Vec<[String; 3]>,
        /// Why the document as a whole was refused; empty if it was not.
        refused: String,
    },
}

/// What YAML has in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Keys with values.
    Mapping,
    /// A list.
    List,
    /// A text.
    Text,
    /// A number.
    Number,
}

/// Words of the language of which only some may stand in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// `appropriation`, `general_budget` …
    Funding,
    /// `budget`, `final` …
    Measure,
    /// 元, 万元 …
    Money,
    /// `income` or `expenditure`.
    Side,
    /// `amount` or `rate`.
    Difference,
    /// `functional` or `economic`.
    Classification,
    /// Any other, as the parser knows them.
    Other,
}

impl Problem {
    /// A problem at a spot of a file.
    pub fn at(file: &str, text: &str, location: Location, wrong: Wrong) -> Problem {
        Problem::on(file, text, location.line() as usize, location.column() as usize, wrong)
    }

    fn on(file: &str, text: &str, line: usize, column: usize, wrong: Wrong) -> Problem {
        let source =
            text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim_start_matches('\u{feff}').to_owned();
        Problem { file: file.to_owned(), line, column, source, wrong: Box::new(wrong) }
    }

    /// A problem of a file as a whole.
    pub fn of(file: &str, wrong: Wrong) -> Problem {
        Problem { file: file.to_owned(), line: 0, column: 0, source: String::new(), wrong: Box::new(wrong) }
    }

    /// A problem with a word that stands somewhere in a file: where it stands last, comments left out.
    ///
    /// For files whose words are kept without their places, because loading them takes time and mistakes in them are rare.
    pub(super) fn naming(file: &str, text: &str, word: &str, wrong: Wrong) -> Problem {
        let found = text.lines().enumerate().filter_map(|(number, line)| {
            let code = if line.trim_start().starts_with('#') { "" } else { line };
            let at = whole_word(code, word)?;
            Some((number + 1, code[..at].chars().count() + 1))
        });
        match found.last() {
            Some((line, column)) => Problem::on(file, text, line, column, wrong),
            None => Problem::of(file, wrong),
        }
    }

    /// What the YAML parser found, told by what an author most likely did.
    pub fn yaml(file: &str, text: &str, error: &Error) -> Problem {
        let error = error.without_snippet();
        let Some(location) = error.location() else {
            return Problem::of(file, Wrong::Yaml(error.to_string()));
        };
        let (line, column) = (location.line() as usize, location.column() as usize);
        let source = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        let (column, wrong) = mistake(error, source).unwrap_or_else(|| (column, as_told(error)));
        Problem::on(file, text, line, column.max(1), wrong)
    }
}

/// Where a text has a word that is not a part of a longer one, in bytes.
fn whole_word(text: &str, word: &str) -> Option<usize> {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .map(|(at, _)| at)
        .find(|at| !text[..*at].ends_with(part_of_word) && !text[at + word.len()..].starts_with(part_of_word))
}

/// The mistakes that authors make most: with the column where they stand.
fn mistake(error: &Error, source: &str) -> Option<(usize, Wrong)> {
    let column = |at: usize| source[..at].chars().count() + 1;
    let indent = &source[..source.len() - source.trim_start().len()];
    if let Some(tab) = indent.find('\t') {
        return Some((column(tab), Wrong::Tab));
    }
    if matches!(
        error,
        Error::DuplicateMappingKey { .. } | Error::SerdeUnknownVariant { .. } | Error::SerdeMissingField { .. }
    ) {
        return None;
    }
    if let Some(at) = source.find('：').filter(|at| !is_quoted(source, *at) && stands_for_colon(error, source, *at)) {
        let word = source[..at].rsplit(['{', ',', '-']).next().unwrap_or_default().trim();
        return Some((column(at), Wrong::FullWidthColon(word.to_owned())));
    }
    if let Some(text) = colon_in_text(error, source) {
        let at = source.find(&text).unwrap_or_default();
        return Some((column(at), Wrong::ColonInText(text)));
    }
    special_character(error, source).map(|(at, character)| (column(at), Wrong::SpecialCharacter(character)))
}

/// A full-width colon is what the parser stumbled over: a key has no other colon behind it, or has one within it.
fn stands_for_colon(error: &Error, source: &str, at: usize) -> bool {
    match error {
        Error::SerdeUnknownField { field, .. } => field.contains('：'),
        _ => !source[..at].contains(": "),
    }
}

fn is_quoted(source: &str, at: usize) -> bool {
    source[..at].matches('"').count() % 2 == 1 || source[..at].matches('\'').count() % 2 == 1
}

/// `- 单位: 万元` where a text belongs, `单位: 万元: { … }` where a key belongs.
fn colon_in_text(error: &Error, source: &str) -> Option<String> {
    let line = source.trim();
    match error {
        Error::Unexpected { expected, .. } if expected.contains("string") => {
            let item = line.strip_prefix("- ")?;
            let text = item.split(" #").next()?.trim();
            (text.contains(": ") && !text.starts_with(['{', '[', '"', '\''])).then(|| text.to_owned())
        }
        _ => {
            let (key, rest) = line.split_once(": ")?;
            let (second, _) = rest.split_once(':').filter(|(second, _)| !second.contains(['{', '[', '"', '\'']))?;
            (!key.starts_with(['"', '\'', '{', '-'])).then(|| format!("{key}: {second}"))
        }
    }
}

/// A value (or an entry of a list) that begins with a character of YAML's own.
fn special_character(error: &Error, source: &str) -> Option<(usize, char)> {
    if matches!(error, Error::Unexpected { .. } | Error::SerdeUnknownField { .. }) {
        return None;
    }
    let begins = source.char_indices().filter(|(at, character)| {
        let before = source[..*at].trim_end_matches(' ');
        let opens = before.ends_with([':', '[', ',', '-', '{']) || before.is_empty();
        opens && matches!(character, '*' | '&' | '@' | '%' | '`' | '!')
    });
    begins.into_iter().next()
}

/// What the parser says, in our words.
fn as_told(error: &Error) -> Wrong {
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            let near = expected.iter().map(|known| (distance(known, field), *known)).min();
            let near = near.filter(|(steps, known)| steps * 2 <= known.chars().count()).map(|(_, known)| known);
            Wrong::UnknownKey { key: field.clone(), expected: expected.clone(), near }
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            Wrong::NoWord { kind: WordKind::Other, word: variant.clone(), expected: expected.clone() }
        }
        Error::SerdeMissingField { field, .. } => Wrong::MissingKey(field),
        Error::DuplicateMappingKey { key, .. } => Wrong::DuplicateKey(key.clone().unwrap_or_default()),
        Error::Unexpected { expected, .. } if expected.contains("mapping") => Wrong::Expected(Shape::Mapping),
        Error::Unexpected { expected, .. } if expected.contains("sequence") => Wrong::Expected(Shape::List),
        Error::Unexpected { expected, .. } if expected.contains("string") => Wrong::Expected(Shape::Text),
        other => {
            let message = other.to_string();
            let told = message.rfind(" at line ").map_or(message.as_str(), |end| &message[..end]);
            Wrong::Yaml(told.to_owned())
        }
    }
}

impl Wrong {
    /// An example, of which nothing is known yet but its place.
    pub(super) fn no_example() -> Wrong {
        Wrong::Example { missing: Vec::new(), invented: Vec::new(), left: Vec::new(), refused: String::new() }
    }

    /// A word that is no funding.
    pub(super) fn no_funding(word: &str) -> Wrong {
        let expected = vec!["appropriation", "general_budget", "government_fund", "state_capital"];
        Wrong::NoWord { kind: WordKind::Funding, word: word.to_owned(), expected }
    }
}

/// Something wrong, and the word of the file that it is about.
#[derive(Clone, Debug)]
pub(super) struct Misfit {
    word: String,
    wrong: Box<Wrong>,
}

impl Misfit {
    /// Something wrong with a word.
    pub(super) fn new(word: &str, wrong: Wrong) -> Misfit {
        Misfit { word: word.to_owned(), wrong: Box::new(wrong) }
    }

    /// The same with the place of the word in its file.
    pub(super) fn in_file(self, file: &str, text: &str) -> Problem {
        Problem::naming(file, text, &self.word, *self.wrong)
    }
}
