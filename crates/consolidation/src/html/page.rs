//! A page that needs nothing but itself: for a project lead to show, to print, to keep.

use std::fmt::{Display, Write};

const STYLE: &str = include_str!("style.css");

/// A page that is being written.
pub(super) struct Page(String);

impl Page {
    pub(super) fn new(title: &str) -> Self {
        Self(format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body><main>\
             <h1>{title}</h1>\n"
        ))
    }

    fn push(&mut self, text: impl Display) {
        // Writing to a String does not fail.
        let _ = write!(self.0, "{text}");
    }

    pub(super) fn lead(&mut self, text: &str) {
        self.push(format_args!("<p class=\"lead\">{}</p>\n", escaped(text)));
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.push(format_args!("<p>{}</p>\n", escaped(text)));
    }

    pub(super) fn section(&mut self, title: &str, about: &str) {
        self.push(format_args!("<h2>{}</h2>\n", escaped(title)));
        if !about.is_empty() {
            self.paragraph(about);
        }
    }

    pub(super) fn figures(&mut self, figures: &[(&str, String)]) {
        self.push("<dl class=\"figures\">");
        for (name, value) in figures {
            self.push(format_args!(
                "<div><dd>{}</dd><dt>{}</dt></div>",
                escaped(value),
                escaped(name)
            ));
        }
        self.push("</dl>\n");
    }

    pub(super) fn fold(&mut self, title: &str) {
        self.push(format_args!("<details><summary>{}</summary>\n", escaped(title)));
    }

    pub(super) fn unfold(&mut self) {
        self.push("</details>\n");
    }

    /// A table. Headers with `#` are of numbers.
    pub(super) fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        self.push("<div class=\"wide\"><table><thead><tr>");
        for name in header {
            let class = if name.starts_with('#') {
                " class=\"number\""
            } else {
                ""
            };
            self.push(format_args!(
                "<th{class}>{}</th>",
                escaped(name.trim_start_matches('#'))
            ));
        }
        self.push("</tr></thead><tbody>\n");
        for row in rows {
            self.push("<tr>");
            for (name, cell) in header.iter().zip(row) {
                let class = if name.starts_with('#') {
                    " class=\"number\""
                } else {
                    ""
                };
                self.push(format_args!("<td{class}>{}</td>", escaped(cell)));
            }
            self.push("</tr>\n");
        }
        self.push("</tbody></table></div>\n");
    }

    pub(super) fn end(mut self) -> String {
        self.push("</main></body></html>\n");
        self.0
    }
}

/// Text as it may stand in a page.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A number with its thousands apart.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    if number < 0 {
        format!("−{grouped}")
    } else {
        grouped
    }
}

#[cfg(test)]
mod tests {
    use super::{escaped, grouped};

    #[test]
    fn numbers_have_their_thousands_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(grouped(-1_000), "−1\u{202f}000");
    }

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(escaped("<b a=\"x\">&"), "&lt;b a=&quot;x&quot;&gt;&amp;");
    }
}
