/// The unit of every amount of money in a dataset.
pub const AMOUNTS: &str = "万元";

/// The words for units of money, and what they mean.
const MONEY: [(&str, UnitOfMeasure); 5] = [
    ("元", UnitOfMeasure::Yuan),
    ("千元", UnitOfMeasure::ThousandYuan),
    (AMOUNTS, UnitOfMeasure::TenThousandYuan),
    ("亿元", UnitOfMeasure::HundredMillionYuan),
    // 150万, in a cell.
    ("万", UnitOfMeasure::TenThousandYuan),
];

/// The unit that a value is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitOfMeasure {
    /// 元; becomes 万元.
    Yuan,
    /// 千元; becomes 万元.
    ThousandYuan,
    /// 万元.
    TenThousandYuan,
    /// 亿元; becomes 万元.
    HundredMillionYuan,
    /// Percent, as written.
    Percent,
    /// Points of a score.
    Points,
    /// A count, measured as the vocabulary says (个, 人次, 辆 …).
    Count,
}

impl UnitOfMeasure {
    /// The words for units of money, from the smallest.
    pub const MONEY_WORDS: [&str; 4] = [MONEY[0].0, MONEY[1].0, MONEY[2].0, MONEY[3].0];

    /// What a word for a unit of money means; `None` for any other word.
    pub fn of_money(word: &str) -> Option<UnitOfMeasure> {
        MONEY.iter().find(|(known, _)| *known == word).map(|(_, unit)| *unit)
    }

    /// The word for it; empty for a count, whose word the vocabulary has.
    pub fn word(self) -> &'static str {
        match self {
            UnitOfMeasure::Percent => "%",
            UnitOfMeasure::Points => "分",
            UnitOfMeasure::Count => "",
            money => MONEY.iter().find(|(_, unit)| *unit == money).map_or("", |(word, _)| word),
        }
    }

    /// Places that the decimal point moves to the left to make 万元; `None` for what is no money.
    pub fn places_below_wan(self) -> Option<i32> {
        match self {
            UnitOfMeasure::Yuan => Some(4),
            UnitOfMeasure::ThousandYuan => Some(1),
            UnitOfMeasure::TenThousandYuan => Some(0),
            UnitOfMeasure::HundredMillionYuan => Some(-4),
            _ => None,
        }
    }

    /// An amount of money.
    pub fn is_money(self) -> bool {
        self.places_below_wan().is_some()
    }
}
