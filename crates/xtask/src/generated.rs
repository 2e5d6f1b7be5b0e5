//! Files that are made from the code and committed, so that a reader finds them and a change to them is reviewed.

use crate::Result;
use crate::workspace::root;
use std::fs;

/// Whether a generated file is written or only compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write it if it differs.
    Write,
    /// Fail if it differs.
    Check,
}

impl From<bool> for Mode {
    /// From the flag `--check`.
    fn from(check: bool) -> Self {
        if check { Self::Check } else { Self::Write }
    }
}

/// Brings the file at `path`, relative to the root, to `content`. `chore` is the command that writes it.
pub(crate) fn file(path: &str, content: &str, chore: &str, mode: Mode) -> Result {
    let place = root().join(path);
    let found = fs::read_to_string(&place).unwrap_or_default();
    if found == content {
        return Ok(());
    }
    if mode == Mode::Write {
        eprintln!("writes {path}");
        return Ok(fs::write(place, content)?);
    }
    let line = first_difference(&found, content);
    Err(
        format!("{path} is out of date from line {line} on: run `cargo xtask {chore}` and commit the file")
            .into(),
    )
}

/// The number of the first line that differs.
fn first_difference(found: &str, expected: &str) -> usize {
    let same = found
        .lines()
        .zip(expected.lines())
        .take_while(|(found, expected)| found == expected)
        .count();
    same + 1
}

/// Puts `content` between the lines `<!-- name -->` and `<!-- end of name -->`.
pub(crate) fn section(text: &str, name: &str, content: &str) -> Result<String> {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = text
        .split_once(&start)
        .ok_or_else(|| format!("the line `{}` is missing", start.trim()))?;
    let (_, after) = rest
        .split_once(&end)
        .ok_or_else(|| format!("the line `{end}` is missing"))?;
    Ok(format!("{before}{start}{content}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_everything_around_it_stays() {
        let text = "above\n<!-- list -->\nold\n<!-- end of list -->\nbelow\n";
        let expected = "above\n<!-- list -->\nnew\n<!-- end of list -->\nbelow\n";
        assert_eq!(section(text, "list", "new\n").unwrap(), expected);
        assert_eq!(section(expected, "list", "new\n").unwrap(), expected);
    }

    #[test]
    fn a_text_without_the_section_is_refused() {
        let error = section("above\n", "list", "new\n").unwrap_err();
        assert_eq!(error.to_string(), "the line `<!-- list -->` is missing");
    }

    #[test]
    fn the_first_difference_is_told_by_its_line() {
        assert_eq!(first_difference("a\nb\nc\n", "a\nx\nc\n"), 2);
        assert_eq!(first_difference("a\n", "a\nb\n"), 2);
    }
}
