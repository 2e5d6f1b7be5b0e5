//! A header divided into what it names and the unit it states.

use landfall_domain::fields::header::compact;

use crate::cleansing::SourceUnit;

/// A header, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Letters and digits alone.
    pub(super) compact: String,
    /// The same without words of units.
    pub(super) bare: String,
    /// The words without those of units.
    pub(super) words: Vec<String>,
    /// The unit stated.
    pub(super) unit: Option<SourceUnit>,
    /// The currency stated, ISO 4217.
    pub(super) currency: Option<&'static str>,
}

const CURRENCIES: [(&str, &str); 7] = [
    ("usd", "USD"),
    ("eur", "EUR"),
    ("euro", "EUR"),
    ("gbp", "GBP"),
    ("chf", "CHF"),
    ("jpy", "JPY"),
    ("inr", "INR"),
];

impl Header {
    pub(super) fn of(header: &str) -> Self {
        let mut read = Self {
            compact: compact(header),
            bare: String::new(),
            words: Vec::new(),
            unit: None,
            currency: None,
        };
        let words = words(header);
        let mut rest = words.iter().peekable();
        while let Some(word) = rest.next() {
            if let Some(unit) = unit(word) {
                let per_second = (rest.peek().is_some_and(|next| *next == "per" || *next == "pro"))
                    .then(|| rest.next())
                    .and_then(|_| {
                        rest.next_if(|next| matches!(next.as_str(), "second" | "sec" | "s" | "sekunde"))
                    });
                read.unit = Some(match (per_second, per_second_of(unit)) {
                    (Some(_), Some(rate)) => rate,
                    _ => unit,
                });
                // "in MB": the preposition belongs to the unit.
                if read.words.last().is_some_and(|last| last == "in") {
                    read.words.pop();
                }
            } else if let Some((_, currency)) = CURRENCIES.iter().find(|(name, _)| name == word) {
                read.currency = Some(currency);
            } else {
                read.words.push(word.clone());
            }
        }
        if read.words.is_empty() {
            read.words = words;
        }
        read.bare = read.words.concat();
        read
    }
}

fn unit(word: &str) -> Option<SourceUnit> {
    match word {
        "percent" | "percentage" | "pct" | "prozent" | "mbps" | "kbps" | "gbps" | "bytes" | "kilobytes"
        | "megabytes" | "gigabytes" | "terabytes" => SourceUnit::from_word(word),
        _ if matches!(word.len(), 2 | 3) && word.ends_with('b') => SourceUnit::from_word(word),
        _ => None,
    }
}

fn per_second_of(unit: SourceUnit) -> Option<SourceUnit> {
    Some(match unit {
        SourceUnit::Bytes => SourceUnit::BytesPerSecond,
        SourceUnit::Kb | SourceUnit::Kib => SourceUnit::KilobytesPerSecond,
        SourceUnit::Mb | SourceUnit::Mib => SourceUnit::MegabytesPerSecond,
        SourceUnit::Gb | SourceUnit::Gib => SourceUnit::GigabytesPerSecond,
        _ => return None,
    })
}

/// The words of a header in the form of [`compact`]: divided at marks, and where lowercase turns to uppercase.
pub(super) fn words(header: &str) -> Vec<String> {
    let mut words = Vec::new();
    let spaced = header.replace('%', " percent ");
    for part in spaced.split(|c: char| !c.is_alphanumeric()) {
        camel(part, &mut words);
    }
    // "CPU(s)": the plural belongs to its word.
    let mut index = 1;
    while index < words.len() {
        if words.get(index).is_some_and(|word| word == "s") {
            words.remove(index);
            if let Some(word) = words.get_mut(index - 1) {
                word.push('s');
            }
        } else {
            index += 1;
        }
    }
    words
}

fn camel(part: &str, words: &mut Vec<String>) {
    let letters: Vec<char> = part.chars().collect();
    let mut word = String::new();
    let mut index = 0;
    while let Some(letter) = letters.get(index) {
        if is_unit_at(&letters, index) {
            finish(&mut word, words);
            words.push(
                letters
                    .iter()
                    .skip(index)
                    .take(3)
                    .flat_map(|c| c.to_lowercase())
                    .collect(),
            );
            index += 3;
            continue;
        }
        if starts_word(&letters, index, &word) {
            finish(&mut word, words);
        }
        word.push(*letter);
        index += 1;
    }
    finish(&mut word, words);
}

fn finish(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(compact(word));
        word.clear();
    }
}

/// "MiB" in "TotalMiB": mixed case that is no word boundary.
fn is_unit_at(letters: &[char], index: usize) -> bool {
    matches!(
        (letters.get(index), letters.get(index + 1), letters.get(index + 2)),
        (Some('K' | 'M' | 'G' | 'T' | 'P'), Some('i'), Some('B' | 'b'))
    ) && letters.get(index + 3).is_none_or(|next| !next.is_lowercase())
}

/// Whether an uppercase letter starts a new word: after lowercase ("hostName"), or as the last of several before lowercase
/// (`IPAddress`). One lowercase letter is no word: "vCPU".
fn starts_word(letters: &[char], index: usize, word: &str) -> bool {
    let at = |place: usize| letters.get(place).copied().unwrap_or(' ');
    if index == 0 || !at(index).is_uppercase() {
        return false;
    }
    let before = at(index - 1);
    if before.is_lowercase() || before.is_ascii_digit() {
        return word.chars().count() > 1;
    }
    before.is_uppercase() && at(index + 1).is_lowercase() && at(index + 2).is_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_divided_into_words_and_unit() {
        for (header, expected, unit) in [
            ("RAM (GB)", "ram", Some(SourceUnit::Gb)),
            ("*Memory (In MB)", "memory", Some(SourceUnit::Mb)),
            ("Provisioned MiB", "provisioned", Some(SourceUnit::Mib)),
            (
                "TotalDiskAllocatedGiB",
                "total disk allocated",
                Some(SourceUnit::Gib),
            ),
            ("RAM.TotalSizeInMB", "ram total size", Some(SourceUnit::Mb)),
            ("CPU.UsagePct.Avg", "cpu usage avg", Some(SourceUnit::Percent)),
            (
                "Cpu Utilization Peak (%)",
                "cpu utilization peak",
                Some(SourceUnit::Percent),
            ),
            ("memory_gb", "memory", Some(SourceUnit::Gb)),
            (
                "Disk 1 read throughput (MB per second)",
                "disk 1 read throughput",
                Some(SourceUnit::MegabytesPerSecond),
            ),
            ("PrimaryIPAddress", "primary ip address", None),
            ("vCPUs", "vcpus", None),
            ("# CPU(s)", "cpus", None),
            ("Web DB", "web db", None),
            ("description", "description", None),
        ] {
            let read = Header::of(header);
            assert_eq!(read.words.join(" "), expected, "{header}");
            assert_eq!(read.unit, unit, "{header}");
            assert_eq!(read.bare, expected.replace(' ', ""), "{header}");
        }
        assert_eq!(Header::of("Annual Cost (USD)").currency, Some("USD"));
    }

    #[test]
    fn a_header_of_units_alone_keeps_its_words() {
        assert_eq!(Header::of("GB").words, ["gb"]);
    }
}
