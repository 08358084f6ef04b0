use std::sync::Arc;

use compact_str::CompactString;
use rust_decimal::Decimal;

use super::{Checked, Finding, Key, Place, UnitOfMeasure, Versions};

/// A value with the labels that name it: what locating hands to normalising. The value is still text.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The merged key, complete.
    pub key: Key,
    /// The characters of the value, as they stand.
    pub written: CompactString,
    /// The exact number, where the format stores one.
    pub number: Option<super::SheetNumber>,
    /// The unit that governs it.
    pub unit: UnitOfMeasure,
    /// The sign that a direction word gives: `true` turns the value negative.
    pub negative: bool,
    /// The words that named it, outermost first, parted by ` › `.
    pub label: String,
    /// Where the value stands.
    pub place: Place,
    /// Offset of the value in the file, in characters; only for plain text.
    pub offset: Option<usize>,
    /// The rule that made it, for people: the mapping's name and what kind of path it was.
    pub rule: Arc<str>,
    /// Remarks such as `unit_assumed`, parted by blanks in the dataset.
    pub flags: Vec<&'static str>,
    /// What leaves it over unless the amounts beside it prove that it is what the key says.
    pub doubt: Option<Unproved>,
}

/// What the words of a claim leave open, so that it stands only where the amounts beside it leave one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unproved {
    /// Words that may name something else than the key does: 主要原因是压减支出10%，与上年相比减少3万元.
    Words(Arc<str>),
    /// Behind the last part of a list: it may be that part's, or the whole's.
    PartOrWhole,
    /// 总收入: the item of the key, which is the year's, or this wider one, with what was carried over.
    WhichTotal(Arc<str>),
    /// 本年收入 that is told to hold what was carried over: the item of the key after all, or this wider one.
    HoldsCarried(Arc<str>),
    /// A share of 总收入, or among the parts of 收入总计: of the base of the key, which is the year's total, or of this wider one.
    WhichBase(Arc<str>),
    /// A rate or a difference beside two budgets: which of them it is against.
    WhichBudget,
    /// 增减额 that says not of what: the key tells what stands beside it; `open` where a budget and last year's amounts do, or words
    /// that are not understood.
    WhichDifference {
        /// More than one reading is left.
        open: bool,
    },
    /// Words alone do not say for certain what it is: a difference's sign, a rate without its percent sign.
    Kind,
    /// A percentage in a bracket of its own: a share, or the rate of the change before it.
    InBracket,
    /// A part told behind a reason with a number, or behind free words: of the total before them, or of what they speak of.
    BehindReason,
    /// A part of a total that was divided before (其中：基本支出…，项目支出…。按功能分类：…): of that total, or of the last of its parts.
    BehindParts,
    /// A row named without its code, by a name that many codes bear: the one below the row that stands above it.
    ByPlace,
    /// A whole number without a unit behind a direction, below the unit that the head of the text tells: 增加20.
    NoUnit,
}

impl From<&str> for Unproved {
    fn from(words: &str) -> Unproved {
        Unproved::Words(words.into())
    }
}

impl Unproved {
    /// What a leftover says of it.
    pub fn words(&self) -> &str {
        match self {
            Unproved::Words(words) => words,
            Unproved::PartOrWhole | Unproved::BehindParts => "of the last part, or of the whole?",
            Unproved::WhichTotal(_) | Unproved::WhichBase(_) => "of the year, or with what was carried over?",
            Unproved::HoldsCarried(_) => "the year's, and yet with what was carried over?",
            Unproved::WhichDifference { .. } => "a difference that says not of what",
            Unproved::WhichBudget => "against which of two budgets is not told",
            Unproved::Kind => "not what the amounts beside it prove",
            Unproved::InBracket => "a percentage of nothing named",
            Unproved::BehindReason => "parts that do not come to what stands before them",
            Unproved::ByPlace => "a name that many codes bear, and the rows beside it do not add up to the one above",
            Unproved::NoUnit => "no unit",
        }
    }
}

/// One value with its key, exact decimal and place.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Form it stands in.
    pub form: Arc<str>,
    /// Fiscal year it belongs to.
    pub fiscal_year: i32,
    /// What it is about.
    pub key: Key,
    /// In canonical units: amounts in 万元, rates in percent, counts as such. At most 6 decimals.
    pub value: Decimal,
    /// 万元, %, 分, or the vocabulary's unit of the count.
    pub unit_of_measure: Arc<str>,
    /// The characters of the value as they stand.
    pub value_as_written: CompactString,
    /// Decimals that were written.
    pub decimals: u32,
    /// The words that named it, outermost first.
    pub label: String,
    /// Where it stands.
    pub place: Place,
    /// The rule that made it.
    pub rule: Arc<str>,
    /// Remarks, parted by blanks.
    pub flags: String,
    /// Its entity stands for the whole unit (or it has none), so that it may enter the facts.
    pub speaks_for_unit: bool,
    /// Depth: 0 for a total, 1 类, 2 款, 3 项; or the depth of the item below the form's root.
    pub level: u8,
    /// No other figure of the same form and measure is a part of it.
    pub leaf: bool,
}

/// One indicator of a score table.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Form it stands in.
    pub form: Arc<str>,
    /// The project, in forms of projects.
    pub entity: Arc<str>,
    /// The scoring scheme, where it is certain.
    pub scheme: Option<Arc<str>>,
    /// It is the total of the table, no indicator.
    pub total: bool,
    /// First level of the indicator tree.
    pub level1: String,
    /// Second level; empty for a row of the first.
    pub level2: String,
    /// Third level; names that share one score are joined by `、`.
    pub level3: String,
    /// 分值.
    pub weight: Option<Decimal>,
    /// 自评得分.
    pub self_score: Option<Decimal>,
    /// Where the score (else the weight) stands.
    pub place: Place,
}

/// A field of a form that holds text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextField {
    /// Form it stands in.
    pub form: Arc<str>,
    /// The sub-unit or project.
    pub entity: Arc<str>,
    /// The field's name.
    pub item: String,
    /// `target` or `actual` for indicators; else empty.
    pub measure: &'static str,
    /// The text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// The rule that made it.
    pub rule: Arc<str>,
    /// Left out of every dataset, report and log unless personal data are asked for.
    pub personal: bool,
}

/// A number inside a recognised form that no rule could name with certainty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Form it stands in.
    pub form: Arc<str>,
    /// Where it stands.
    pub place: Place,
    /// The characters of the number.
    pub value_as_written: String,
    /// The words on its path, outermost first.
    pub labels: String,
    /// The word that blocked it, or what was missing.
    pub blocked_by: String,
}

/// What became of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It is one or more figures.
    Figure,
    /// It is a weight or a score.
    Score,
    /// It belongs to a text field.
    Text,
    /// A rule declares that it is no value.
    Ignored,
    /// No rule could name it.
    Leftover,
    /// It is reported as doubtful.
    Finding,
    /// It stands in no recognised form.
    Outside,
}

impl Fate {
    /// Every fate, in the order in which they are reported.
    pub const ALL: [Fate; 7] =
        [Fate::Figure, Fate::Score, Fate::Text, Fate::Ignored, Fate::Leftover, Fate::Finding, Fate::Outside];

    /// The word in datasets and accounts.
    pub fn word(self) -> &'static str {
        match self {
            Fate::Figure => "figure",
            Fate::Score => "score",
            Fate::Text => "text",
            Fate::Ignored => "ignored",
            Fate::Leftover => "leftover",
            Fate::Finding => "finding",
            Fate::Outside => "outside",
        }
    }
}

/// One run of digits (or a Chinese numeral where a value is expected) and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberRecord {
    /// Its characters; personal data are masked.
    pub text: CompactString,
    /// Where it stands.
    pub place: Place,
    /// Offset in the file, in characters; only for plain text.
    pub offset: Option<usize>,
    /// What became of it.
    pub fate: Fate,
    /// The rule that decided, or what blocked it.
    pub rule: Arc<str>,
    /// The form it stands in; empty outside forms.
    pub form: Arc<str>,
}

/// A form that a document holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormSeen {
    /// The form.
    pub form: Arc<str>,
    /// Whether the unit entered anything.
    pub status: FormStatus,
    /// The title or labels that made it known.
    pub known_by: String,
    /// Where it begins.
    pub place: Place,
    /// Figures (and scores) in it.
    pub figures: usize,
    /// Leftovers in it.
    pub leftovers: usize,
}

/// What is in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormStatus {
    /// At least one figure or self score.
    Filled,
    /// Present, but the unit entered nothing.
    Blank,
    /// Present, with numbers of which none could be named; or seen twice with different content.
    Ambiguous,
}

impl FormStatus {
    /// The word in datasets.
    pub fn word(self) -> &'static str {
        match self {
            FormStatus::Filled => "filled",
            FormStatus::Blank => "blank",
            FormStatus::Ambiguous => "ambiguous",
        }
    }
}

/// Everything that was made of one document: what [`crate::pipeline::extract`] returns.
#[derive(Clone, Debug, Default)]
pub struct Submission {
    /// The reporting unit, as written.
    pub unit: String,
    /// Its id: from the registry, else the normalised name.
    pub unit_id: String,
    /// The fiscal year; `None` where it could not be told.
    pub fiscal_year: Option<i32>,
    /// The document speaks of a whole county.
    pub scope_total: bool,
    /// Figures in document order.
    #[allow(clippy::vec_box, reason = "figures are large, and are handed on from room to room")]
    pub figures: Vec<Box<Figure>>,
    /// Indicators in document order.
    pub scores: Vec<Score>,
    /// Text fields in document order.
    pub texts: Vec<TextField>,
    /// Leftovers in document order.
    pub leftovers: Vec<Leftover>,
    /// Findings in document order.
    pub findings: Vec<Finding>,
    /// How the rules were kept that were due, form by form.
    pub checked: Vec<Checked>,
    /// Forms in document order.
    pub forms: Vec<FormSeen>,
    /// The account of numbers, in document order.
    pub numbers: Vec<NumberRecord>,
}

impl Submission {
    /// Takes in what was made of a region, and the account that was handed to it.
    pub(crate) fn take(&mut self, mut other: Submission) {
        self.figures.append(&mut other.figures);
        self.scores.append(&mut other.scores);
        self.texts.append(&mut other.texts);
        self.leftovers.append(&mut other.leftovers);
        self.findings.append(&mut other.findings);
        self.forms.append(&mut other.forms);
        self.numbers = other.numbers;
    }

    /// How many numbers met each fate, in the order of [`Fate::ALL`].
    pub fn account(&self) -> [usize; 7] {
        let mut account = [0; 7];
        for number in &self.numbers {
            if let Some(at) = Fate::ALL.iter().position(|fate| *fate == number.fate) {
                account[at] += 1;
            }
        }
        account
    }
}

/// One document and everything that was made of it: the rows that a dataset is built from.
///
/// Pure data of the bytes, the name and the settings: no clock, no file system, no order of documents.
#[derive(Clone, Debug)]
pub struct Extracted {
    /// SHA-256 of the bytes, in hexadecimal.
    pub document_id: String,
    /// The path as it is told to people and stored, with `/` between its parts.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// What the bytes turned out to be (`xlsx`, `xls`, `docx`, `txt`, or the kind that cannot be read: `pdf` …); empty
    /// where that could not be told.
    pub format: String,
    /// The detected text encoding; empty for formats that are no text.
    pub encoding: String,
    /// Whether it was read.
    pub status: DocumentStatus,
    /// Why it was not, or not whole: begins with one of the reason words (`empty`, `damaged`, `encrypted` …).
    pub reason: String,
    /// What read it.
    pub versions: Versions,
    /// What was made of it; empty for a document that was not read.
    pub submission: Submission,
}

/// Whether a document was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentStatus {
    /// Read whole; all that was found is in the dataset or accounted for.
    Ok,
    /// Something could not be read with certainty; findings or leftovers say what.
    Partial,
    /// Nothing of it is in the dataset.
    Quarantined,
    /// No submission by its nature: a lock file, a system's own file.
    Skipped,
    /// Replaced by new content at the same path.
    Superseded,
}

impl DocumentStatus {
    /// Every status, in the order in which they are reported.
    pub const ALL: [DocumentStatus; 5] = [
        DocumentStatus::Ok,
        DocumentStatus::Partial,
        DocumentStatus::Quarantined,
        DocumentStatus::Skipped,
        DocumentStatus::Superseded,
    ];

    /// The word in datasets.
    pub fn word(self) -> &'static str {
        match self {
            DocumentStatus::Ok => "ok",
            DocumentStatus::Partial => "partial",
            DocumentStatus::Quarantined => "quarantined",
            DocumentStatus::Skipped => "skipped",
            DocumentStatus::Superseded => "superseded",
        }
    }
}
