//! Values of options and of `juesuan.yaml`, as people write them.

use clap::ValueEnum;
use juesuan::model::Checks;

/// The largest file that is read unless another size is set; no honest submission comes near it.
pub(crate) const LARGEST: u64 = 512 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// For machines
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FailOn {
    /// Findings of severity error, or documents that could not be read
    Error,
    /// Warnings too
    Warning,
    /// Nothing
    Never,
}

impl LogFormat {
    /// As it is typed.
    pub(crate) fn word(self) -> &'static str {
        match self {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        }
    }
}

impl FailOn {
    /// As it is typed.
    pub(crate) fn word(self) -> &'static str {
        match self {
            FailOn::Error => "error",
            FailOn::Warning => "warning",
            FailOn::Never => "never",
        }
    }
}

/// Entries as they are typed, `facts::last_digit=off,forms::*=info`.
///
/// # Errors
/// What is wrong with the first wrong one.
pub(crate) fn checks(written: &str) -> Result<Checks, String> {
    let entries = written.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    let pairs: Vec<(&str, &str)> = entries
        .map(|entry| {
            let (code, severity) = entry.split_once('=').ok_or_else(|| format!("`{entry}` lacks `=SEVERITY`"))?;
            Ok((code.trim(), severity.trim()))
        })
        .collect::<Result<_, String>>()?;
    Checks::new(pairs).map_err(|(_, message)| message)
}

/// Bytes of a size as people write it: `64MiB` (2²⁰), `64MB` (10⁶), `4096`.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn file_size(written: &str) -> Result<u64, String> {
    let written = written.trim();
    let end = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(written.len());
    let (number, unit) = written.split_at(end);
    let factor: Option<u64> = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "kb" => Some(1_000),
        "mb" => Some(1_000_000),
        "gb" => Some(1_000_000_000),
        "kib" => Some(1 << 10),
        "mib" => Some(1 << 20),
        "gib" => Some(1 << 30),
        _ => None,
    };
    let bytes = number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    bytes.filter(|bytes| *bytes > 0).ok_or_else(|| {
        format!("`{written}` is no size; write a whole number with B, KB, MB, GB, KiB, MiB or GiB, as in 64MiB")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (written, bytes) in [("4096", 4096), ("1 KB", 1000), ("64MiB", 64 << 20), ("2gib", 2 << 30)] {
            assert_eq!(file_size(written), Ok(bytes), "{written}");
        }
        for written in ["", "MiB", "-1", "1.5MB", "0", "99999999999GiB", "64M"] {
            assert!(file_size(written).is_err(), "{written}");
        }
    }
}
