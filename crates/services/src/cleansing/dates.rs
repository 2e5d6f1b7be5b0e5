//! Points in time as exports write them. A text without a zone is read as UTC.

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Fault, numbers};

/// What the numbers of a column's dates mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 31/12/2024.
    DayFirst,
    /// 12/31/2024.
    MonthFirst,
    /// Days since 30 December 1899, as Excel stores dates.
    ExcelSerial,
}

/// A point in time.
///
/// Read in any column: ISO 8601, `2024/01/31 10:20:30`, `31.01.2024`, `31-Jan-2024`, `January 31, 2024`. Dates of slashes
/// or hyphens with the year last need the column's order, unless one of their numbers cannot be a month. Bare numbers are
/// dates only in a column of Excel serials.
///
/// # Errors
/// No date, or one that could be two.
pub fn parse(text: &str, order: Option<DateOrder>) -> Result<DateTime<Utc>, Fault> {
    let text = text.trim();
    if order == Some(DateOrder::ExcelSerial)
        && let Ok((serial, "")) = numbers::scan(text, None)
    {
        return excel(serial).ok_or_else(|| no_date(text));
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.with_timezone(&Utc));
    }
    let (date, rest) = date_at_start(text, order)?;
    let rest = rest.trim_start_matches(['T', ',', ' ']);
    let (time, offset) = time_of_day(rest).ok_or_else(|| no_date(text))?;
    let naive = NaiveDateTime::new(date, time);
    naive
        .and_local_timezone(offset)
        .single()
        .map(|time| time.with_timezone(&Utc))
        .ok_or_else(|| no_date(text))
}

fn excel(serial: f64) -> Option<DateTime<Utc>> {
    // 2,958,465 is the last day of the year 9999.
    if !(1.0..2_958_466.0).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
    let seconds = (serial * 86_400.0).round() as i64;
    let start = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN);
    Some(
        start
            .checked_add_signed(Duration::try_seconds(seconds)?)?
            .and_utc(),
    )
}

/// The parts of a date: three numbers, or two and the name of a month.
fn date_at_start(text: &str, order: Option<DateOrder>) -> Result<(NaiveDate, &str), Fault> {
    let mut parts: [(&str, char); 3] = [("", ' '); 3];
    let mut rest = text;
    for part in &mut parts {
        let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        // "2024-01-31T10" has no mark between the day and the time.
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let end = if digits > 0 { digits } else { word };
        let (head, tail) = rest.split_at(end);
        let mark = tail.chars().next().unwrap_or(' ');
        *part = (head, mark);
        rest = tail.trim_start_matches(['.', '/', '-', ' ', ',']);
    }
    let [(first, mark), (second, second_mark), (third, _)] = parts;
    let numbers = (number(first), number(second), number(third));
    let date = match numbers {
        (Some(year), Some(month), Some(day)) if first.len() == 4 && matches!(mark, '-' | '/' | '.') => {
            NaiveDate::from_ymd_opt(year, positive(month), positive(day))
        }
        (Some(a), Some(b), Some(year)) if mark == second_mark && matches!(mark, '.' | '/' | '-') => {
            let (day, month) = day_and_month(a, b, mark, order).ok_or_else(|| ambiguous(text))?;
            NaiveDate::from_ymd_opt(full_year(year, third), positive(month), positive(day))
        }
        (Some(day), None, Some(year)) => month_name(second)
            .and_then(|month| NaiveDate::from_ymd_opt(full_year(year, third), month, positive(day))),
        (None, Some(day), Some(year)) => month_name(first)
            .and_then(|month| NaiveDate::from_ymd_opt(full_year(year, third), month, positive(day))),
        _ => None,
    };
    date.map(|date| (date, rest)).ok_or_else(|| no_date(text))
}

fn number(text: &str) -> Option<i32> {
    if text.len() > 4 { None } else { text.parse().ok() }
}

fn positive(number: i32) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// Two digits stand for 1970 to 2069.
fn full_year(year: i32, written: &str) -> i32 {
    match (written.len(), year) {
        (2, 0..70) => 2000 + year,
        (2, _) => 1900 + year,
        _ => year,
    }
}

fn day_and_month(a: i32, b: i32, mark: char, order: Option<DateOrder>) -> Option<(i32, i32)> {
    match order {
        _ if mark == '.' => Some((a, b)),
        Some(DateOrder::DayFirst) => Some((a, b)),
        Some(DateOrder::MonthFirst) => Some((b, a)),
        _ if a > 12 || a == b => Some((a, b)),
        _ if b > 12 => Some((b, a)),
        _ => None,
    }
}

fn month_name(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    const GERMAN: [(&str, u32); 4] = [("mär", 3), ("mai", 5), ("okt", 10), ("dez", 12)];
    let start: String = word.chars().take(3).flat_map(char::to_lowercase).collect();
    MONTHS
        .iter()
        .zip(1..)
        .find(|(name, _)| **name == start)
        .map(|(_, month)| month)
        .or_else(|| {
            GERMAN
                .iter()
                .find(|(name, _)| *name == start)
                .map(|(_, month)| *month)
        })
}

/// A time of day with an optional zone; nothing is midnight, UTC.
fn time_of_day(text: &str) -> Option<(NaiveTime, FixedOffset)> {
    let utc = FixedOffset::east_opt(0)?;
    let text = text.trim();
    if text.is_empty() {
        return Some((NaiveTime::MIN, utc));
    }
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.')))
        .unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let mut rest = rest.trim();
    let mut time = ["%H:%M:%S%.f", "%H:%M"]
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(clock, format).ok())?;
    for (mark, afternoon) in [("AM", false), ("PM", true)] {
        if rest.get(..2).is_some_and(|head| head.eq_ignore_ascii_case(mark)) {
            rest = rest.get(2..)?.trim();
            time = twelve_hours(time, afternoon)?;
            break;
        }
    }
    let offset = match rest {
        "" | "Z" | "z" | "UTC" | "GMT" => utc,
        zone => zone.parse::<FixedOffset>().ok()?,
    };
    Some((time, offset))
}

fn twelve_hours(time: NaiveTime, afternoon: bool) -> Option<NaiveTime> {
    use chrono::Timelike;
    match (time.hour(), afternoon) {
        (12, false) => time.with_hour(0),
        (12, true) | (_, false) => Some(time),
        (hour @ 1..=11, true) => time.with_hour(hour + 12),
        _ => None,
    }
}

fn no_date(text: &str) -> Fault {
    let shown: String = text.chars().take(40).collect();
    Fault::new(
        "timestamp",
        format!("'{shown}' is not a date; expected one such as 2024-01-31 or 2024-01-31 10:20:30"),
    )
}

fn ambiguous(text: &str) -> Fault {
    let shown: String = text.chars().take(40).collect();
    Fault::new(
        "date_order",
        format!("'{shown}' could be two dates: state in the mapping whether day or month comes first"),
    )
}

/// What a column's dates show about their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DateEvidence {
    /// Dates whose first number cannot be a month.
    pub day_first: u64,
    /// Dates whose second number cannot be a month.
    pub month_first: u64,
    /// Dates that could be both.
    pub either: u64,
}

impl DateEvidence {
    /// Takes one value of the column into account.
    pub fn observe(&mut self, text: &str) {
        let mut parts = text.trim().splitn(3, ['/', '-']);
        let (Some(first), Some(second), Some(third)) = (parts.next(), parts.next(), parts.next()) else {
            return;
        };
        if first.len() > 2 || second.len() > 2 || !third.starts_with(|c: char| c.is_ascii_digit()) {
            return;
        }
        match (number(first), number(second)) {
            (Some(13..=31), Some(1..=12)) => self.day_first += 1,
            (Some(1..=12), Some(13..=31)) => self.month_first += 1,
            (Some(1..=12), Some(1..=12)) => self.either += 1,
            _ => {}
        }
    }

    /// The order of the column; `None` if its dates show nothing or contradict each other.
    pub fn decide(&self) -> Option<DateOrder> {
        match (self.day_first, self.month_first) {
            (1.., 0) => Some(DateOrder::DayFirst),
            (0, 1..) => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: Option<DateOrder>) -> String {
        match parse(text, order) {
            Ok(time) => time.format("%Y-%m-%d %H:%M:%S").to_string(),
            Err(fault) => fault.rule.to_owned(),
        }
    }

    #[test]
    fn dates_are_read_in_every_usual_way() {
        for (text, expected) in [
            ("2024-01-15", "2024-01-15 00:00:00"),
            ("2017-11-28T19:32:21.560802Z", "2017-11-28 19:32:21"),
            ("2024-01-15T10:20:30+02:00", "2024-01-15 08:20:30"),
            ("2024-01-15 10:20", "2024-01-15 10:20:00"),
            ("2024/01/15 10:20:30", "2024-01-15 10:20:30"),
            ("15.01.2024", "2024-01-15 00:00:00"),
            ("5.1.24 08:00", "2024-01-05 08:00:00"),
            ("15-Jan-2024", "2024-01-15 00:00:00"),
            ("January 15, 2024", "2024-01-15 00:00:00"),
            ("15 März 2024", "2024-03-15 00:00:00"),
            ("31/12/2024", "2024-12-31 00:00:00"),
            ("12/31/2024 10:20 PM", "2024-12-31 22:20:00"),
        ] {
            assert_eq!(read(text, None), expected, "{text}");
        }
    }

    #[test]
    fn the_order_of_the_column_decides_dates_that_could_be_two() {
        assert_eq!(read("01/02/03", None), "date_order");
        assert_eq!(read("01/02/03", Some(DateOrder::DayFirst)), "2003-02-01 00:00:00");
        assert_eq!(
            read("01/02/03", Some(DateOrder::MonthFirst)),
            "2003-01-02 00:00:00"
        );
        assert_eq!(read("45306", None), "timestamp");
        assert_eq!(
            read("45306.5", Some(DateOrder::ExcelSerial)),
            "2024-01-15 12:00:00"
        );
        for text in [
            "",
            "yesterday",
            "2024-13-01",
            "99/99/2024",
            "2024-02-30",
            "10.0.0.1",
            "2024-01-01 25:00",
        ] {
            assert_eq!(read(text, None), "timestamp", "{text}");
        }
    }

    #[test]
    fn one_clear_date_decides_the_column() {
        let mut dates = DateEvidence::default();
        for date in ["01/02/2024", "03/04/2024"] {
            dates.observe(date);
        }
        assert_eq!(dates.decide(), None);
        dates.observe("25/12/2024");
        assert_eq!(dates.decide(), Some(DateOrder::DayFirst));
        dates.observe("12/25/2024");
        assert_eq!(dates.decide(), None);
    }
}
