//! How a column shows which decimal mark it uses.

use serde::{Deserialize, Serialize};

use super::{DecimalStyle, span};

/// What one number shows about its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing: no mark.
    Plain,
    /// The decimal mark is a point, for certain.
    Point,
    /// The decimal mark is a comma, for certain.
    Comma,
    /// One comma before three digits: thousands or decimals.
    PerhapsComma,
    /// One point before three digits: thousands or decimals.
    PerhapsPoint,
}

impl Shape {
    pub(super) fn of(number: &str) -> Self {
        let (points, commas) = number.bytes().fold((0, 0), |(points, commas), byte| match byte {
            b'.' => (points + 1, commas),
            b',' => (points, commas + 1),
            _ => (points, commas),
        });
        match (points, commas) {
            (0, 0) => Self::Plain,
            (0, 1) if could_group(number, ',') => Self::PerhapsComma,
            (0, 1) => Self::Comma,
            (1, 0) if could_group(number, '.') => Self::PerhapsPoint,
            (1, 0) | (0, _) => Self::Point,
            (_, 0) => Self::Comma,
            _ if number.rfind('.') > number.rfind(',') => Self::Point,
            _ => Self::Comma,
        }
    }
}

/// Whether the only mark could group thousands: one to three digits before it, not a lone zero, and three after it.
fn could_group(number: &str, mark: char) -> bool {
    number.split_once(mark).is_some_and(|(before, after)| {
        (1..=3).contains(&before.len()) && !before.starts_with('0') && after.len() == 3
    })
}

/// What a column's numbers show about their decimal mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DecimalEvidence {
    /// Numbers with a point that is certainly decimal.
    pub points: u64,
    /// Numbers with a comma that is certainly decimal.
    pub commas: u64,
    /// Numbers with one point before three digits.
    pub perhaps_points: u64,
    /// Numbers with one comma before three digits.
    pub perhaps_commas: u64,
}

impl DecimalEvidence {
    /// Takes one value of the column into account; texts that do not start like a number say nothing.
    pub fn observe(&mut self, text: &str) {
        if !text.bytes().any(|b| b == b',' || b == b'.') {
            return;
        }
        let text = text.trim_start_matches(|c: char| c.is_whitespace() || "+-$€£".contains(c));
        match Shape::of(&text[..span(text)]) {
            Shape::Plain => {}
            Shape::Point => self.points += 1,
            Shape::Comma => self.commas += 1,
            Shape::PerhapsPoint => self.perhaps_points += 1,
            Shape::PerhapsComma => self.perhaps_commas += 1,
        }
    }

    /// The style of the column, or `None` if its numbers show nothing or contradict each other (less than nineteen in
    /// twenty agree). `whole`: the column counts things or small units, so that three digits after a point are thousands.
    pub fn decide(&self, whole: bool) -> Option<DecimalStyle> {
        let certain = self.points + self.commas;
        if certain > 0 {
            return match (self.points * 20 >= certain * 19, self.commas * 20 >= certain * 19) {
                (true, _) => Some(DecimalStyle::Point),
                (_, true) => Some(DecimalStyle::Comma),
                _ => None,
            };
        }
        match (self.perhaps_points, self.perhaps_commas) {
            (0, 0) => None,
            (0, _) => Some(DecimalStyle::Point),
            (_, 0) if whole => Some(DecimalStyle::Comma),
            (_, 0) => Some(DecimalStyle::Point),
            _ => None,
        }
    }

    /// Whether the column mixes both styles.
    pub fn is_mixed(&self) -> bool {
        self.points > 0 && self.commas > 0
    }
}

#[cfg(test)]
mod tests {
    use super::{
        DecimalEvidence,
        DecimalStyle::{Comma, Point},
    };

    fn evidence(values: &[&str]) -> DecimalEvidence {
        let mut evidence = DecimalEvidence::default();
        for value in values {
            evidence.observe(value);
        }
        evidence
    }

    #[test]
    fn a_column_decides_its_style_from_all_its_values() {
        assert_eq!(evidence(&["16,384", "4,096"]).decide(true), Some(Point));
        assert_eq!(evidence(&["16.384", "4.096"]).decide(true), Some(Comma));
        assert_eq!(evidence(&["16.384", "4.096"]).decide(false), Some(Point));
        assert_eq!(evidence(&["1.234", "0,5"]).decide(false), Some(Comma));
        assert_eq!(evidence(&["1,234", "0.5"]).decide(false), Some(Point));
        assert_eq!(evidence(&["12", "7"]).decide(true), None);
        let mixed = evidence(&["1,5", "1.5"]);
        assert!(mixed.decide(false).is_none() && mixed.is_mixed());
    }
}
