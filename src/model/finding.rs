use std::sync::Arc;

use super::{CheckRule, Place};

/// What a check, a recogniser, a locator or a reader has to say about a document.
///
/// Plain data under a stable code; `wording` says it to a person in Chinese or English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about, stable across versions.
    pub code: FindingCode,
    /// The form it was found in; empty where it concerns the whole document.
    pub form: String,
    /// Where the things it speaks of stand.
    pub places: Vec<Place>,
    /// What it is about: a label, a title, a file name.
    pub subject: String,
    /// What should have been there, where that can be told.
    pub expected: Option<String>,
    /// What is there.
    pub actual: Option<String>,
    /// By how much they differ.
    pub difference: Option<String>,
    /// The rule of `checks.yaml` that it is about.
    pub rule: Option<Arc<CheckRule>>,
}

impl Finding {
    /// A finding about `subject` at `place`.
    pub fn at(code: FindingCode, place: Place, subject: impl Into<String>) -> Finding {
        Finding { places: vec![place], ..Finding::new(code, subject) }
    }

    /// A finding about `subject` that concerns the whole document.
    pub fn new(code: FindingCode, subject: impl Into<String>) -> Finding {
        Finding {
            code,
            form: String::new(),
            places: Vec::new(),
            subject: subject.into(),
            expected: None,
            actual: None,
            difference: None,
            rule: None,
        }
    }

    /// The same finding with what is there.
    pub fn with_actual(mut self, actual: impl Into<String>) -> Finding {
        self.actual = Some(actual.into());
        self
    }

    /// The same finding with what should have been there.
    pub fn with_expected(mut self, expected: impl Into<String>) -> Finding {
        self.expected = Some(expected.into());
        self
    }

    /// How grave it is: as its rule says, else as its code does. What bends a rule by one last digit is no error.
    pub fn severity(&self) -> Severity {
        match &self.rule {
            Some(rule) if self.code == FindingCode::RuleBroken => rule.severity,
            Some(rule) => rule.severity.min(self.code.severity()),
            None => self.code.severity(),
        }
    }

    /// The word for it in datasets: that of its rule, else that of its code.
    pub fn word(&self) -> &str {
        self.rule.as_ref().map_or(self.code.word(), |rule| &rule.code)
    }
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing, nobody's fault.
    Info,
    /// Ask the unit.
    Warning,
    /// The submission goes back.
    Error,
}

impl Severity {
    /// Every severity, the least grave first.
    pub const ALL: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Error];

    /// The word in datasets.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Every code a finding may carry, in one table: name, word in datasets, severity.
macro_rules! finding_codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $severity:ident;)*) => {
        /// What a finding is about. Codes are stable; new ones may be added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FindingCode { $($(#[$doc])* $name,)* }

        impl FindingCode {
            /// Every code.
            pub const ALL: &'static [FindingCode] = &[$(FindingCode::$name,)*];

            /// The word in datasets.
            pub fn word(self) -> &'static str {
                match self { $(FindingCode::$name => $word,)* }
            }

            /// The code of a word in datasets.
            pub fn of_word(word: &str) -> Option<FindingCode> {
                match word { $($word => Some(FindingCode::$name),)* _ => None }
            }

            /// How grave it is.
            pub fn severity(self) -> Severity {
                match self { $(FindingCode::$name => Severity::$severity,)* }
            }
        }
    };
}

finding_codes! {
    /// A document could not be read at all; `subject` is the reason.
    Quarantined = "read::quarantined", Error;
    /// Bytes that the text's encoding does not know; `subject` is the encoding.
    DamagedText = "read::damaged_text", Warning;
    /// A page declares another charset than its bytes are in; `expected` is the declared one.
    DeclaredEncoding = "read::declared_encoding", Warning;
    /// A cell that no reader could make sense of.
    UnreadableCell = "read::unreadable_cell", Warning;
    /// The cells of rows of text cannot be told apart; the places are those where that begins, `subject` is what stands at the first.
    UndividedCells = "read::undivided_cells", Warning;
    /// A cell holds an error value such as `#REF!`.
    ErrorValue = "read::error_value", Warning;
    /// A formula whose result was never stored.
    FormulaWithoutValue = "read::formula_without_value", Warning;
    /// Parts of a document were not read; `subject` says which.
    PartNotRead = "read::part_not_read", Warning;
    /// The stored number has digits that its format does not show.
    HiddenDigits = "value::hidden_digits", Info;
    /// The stored number was a binary fraction a hair away from what is shown, and was read as shown.
    ScaledFormat = "value::scaled_format", Warning;
    /// A cell that should hold a number holds something that cannot be read as one; `subject` is what is wrong.
    MalformedNumber = "value::malformed_number", Warning;
    /// A number whose kind does not fit its place: a percentage among amounts.
    WrongKind = "value::wrong_kind", Warning;
    /// A placeholder of the template stands where a number should.
    Placeholder = "value::placeholder", Warning;
    /// One key, two different numbers in one form: both are left over.
    TwoValues = "value::two_values", Warning;
    /// The points of indicators are not those that their group or the whole table is said to have.
    WeightsDoNotSum = "scores::weights_do_not_sum", Warning;
    /// The scores of indicators are not those that their group or the whole table is said to have.
    ScoresDoNotSum = "scores::scores_do_not_sum", Error;
    /// An indicator scores more than it has points.
    ScoreAboveWeight = "scores::score_above_weight", Error;
    /// Figures break a rule of `checks.yaml`; `rule` says which.
    RuleBroken = "checks::broken", Error;
    /// A percentage is off by one unit of its last place.
    RuleInLastDigit = "checks::last_digit", Warning;
    /// Both words of the template, or a direction and a sign: the sign is not told.
    SignNotTold = "value::sign_not_told", Warning;
    /// Two readings are possible; `subject` names them.
    Ambiguous = "locate::ambiguous", Warning;
    /// Labels on one path contradict each other; `subject` names them.
    Contradiction = "locate::contradiction", Warning;
    /// A list of labels and a list of numbers of different lengths.
    ListMismatch = "locate::list_mismatch", Warning;
    /// Two units of measure govern one number.
    TwoUnits = "locate::two_units", Warning;
    /// An amount that no unit has: 元 may stand below 单位：万元, or the other way about. The figure is as it was stated.
    DoubtfulUnit = "value::doubtful_unit", Warning;
    /// An amount in a sentence without its unit, read in that of its neighbours.
    UnitMissing = "value::unit_missing", Warning;
    /// Amounts of a table are thousands of times those of the same items elsewhere: its unit line is wrong; they are left over.
    OtherUnit = "value::other_unit", Error;
    /// A unit line whose unit is not understood.
    UnknownUnit = "locate::unknown_unit", Warning;
    /// A classification code that the list does not have.
    UnknownCode = "code::unknown", Info;
    /// The name beside a code is that of another code; no figure.
    CodeContradictsName = "code::contradicts_name", Error;
    /// The name beside a code is the one it had in another year.
    NameOfAnotherYear = "code::name_of_another_year", Info;
    /// The name beside a code is worded as no list has it.
    OtherWording = "code::other_wording", Info;
    /// Title and folder, or two titles, tell different units.
    UnitContradiction = "recognise::unit_contradiction", Warning;
    /// Title and folder, or two titles, tell different fiscal years.
    YearContradiction = "recognise::year_contradiction", Warning;
    /// A file's name tells another form than the titles in it; these were read.
    FormContradiction = "recognise::form_contradiction", Warning;
    /// The reporting unit or the fiscal year could not be told.
    ScopeUnknown = "recognise::scope_unknown", Error;
    /// A file or folder is called a draft, or given up: its figures are left over; or a template or a copy: they are as they stand.
    DraftByName = "recognise::draft_by_name", Warning;
    /// Directly below a form's rows stands a line of cells that is none of its table: the table came apart, and what is below is not read.
    TableBroken = "recognise::table_broken", Warning;
    /// A table or section that has numbers but belongs to no known form; `subject` is its title.
    NumbersOutsideForms = "recognise::numbers_outside_forms", Info;
    /// A hidden worksheet has numbers; they were not used.
    HiddenSheet = "recognise::hidden_sheet", Info;
    /// The same key has different values in documents of one unit and year.
    FactConflict = "facts::conflict", Error;
    /// The same key differs by one unit of the last place.
    FactLastDigit = "facts::last_digit", Warning;
    /// A form that the unit's other years or documents lead to expect is missing.
    FormMissing = "forms::missing", Warning;
    /// A form stands more than once in one unit's year.
    FormAmbiguous = "forms::ambiguous", Warning;
    /// Names of units that look like one another.
    SimilarUnits = "units::similar_names", Info;
    /// A program error cost this document; please report it.
    Crashed = "program::crashed", Error;
}

impl FindingCode {
    /// Whether it tells of numbers that contradict one another, though all of them were read.
    pub fn tells_a_contradiction(self) -> bool {
        use FindingCode::*;
        matches!(self, WeightsDoNotSum | ScoresDoNotSum | ScoreAboveWeight | RuleBroken | RuleInLastDigit)
    }

    /// Whether it tells of a file, a part of one or a number that is not in the dataset. Such a one is all that is left
    /// of it, and is never held back.
    pub fn tells_a_loss(self) -> bool {
        use FindingCode::*;
        match self {
            Quarantined | DamagedText | UnreadableCell | UndividedCells | ErrorValue | FormulaWithoutValue
            | PartNotRead | MalformedNumber | WrongKind | Placeholder | TwoValues | SignNotTold | Ambiguous
            | Contradiction | ListMismatch | TwoUnits | OtherUnit | UnknownUnit | CodeContradictsName
            | ScopeUnknown | Crashed => true,
            UnitContradiction | YearContradiction | FormContradiction | DeclaredEncoding | HiddenDigits
            | ScaledFormat | DoubtfulUnit | UnitMissing | DraftByName | TableBroken | UnknownCode
            | NameOfAnotherYear | OtherWording | NumbersOutsideForms | HiddenSheet | FactConflict | FactLastDigit
            | FormMissing | FormAmbiguous | SimilarUnits | WeightsDoNotSum | ScoresDoNotSum | ScoreAboveWeight
            | RuleBroken | RuleInLastDigit => false,
        }
    }
}
