/// The versions of all that decided what was made of a document. The part that differs from what would read it now is
/// why it is read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// The program.
    pub program: String,
    /// The mapping files that can matter to it: the shared ones, what makes forms known, and the forms that it holds.
    pub mapping: String,
    /// The code lists.
    pub codes: String,
    /// What the registry says of its unit; empty where it says nothing.
    pub registry: String,
}

impl Versions {
    /// What stands in the column `mapping_version` of a dataset: mapping files and code lists.
    pub fn of_mapping(&self) -> String {
        [&*self.mapping, &*self.codes].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    }

    /// The first part in which two differ, as a word: `program`, `mapping`, `codes` or `registry`; `None` where they
    /// are the same.
    pub fn differs_in(&self, other: &Versions) -> Option<&'static str> {
        [
            ("program", &self.program, &other.program),
            ("mapping", &self.mapping, &other.mapping),
            ("codes", &self.codes, &other.codes),
            ("registry", &self.registry, &other.registry),
        ]
        .into_iter()
        .find_map(|(word, a, b)| (a != b).then_some(word))
    }
}
