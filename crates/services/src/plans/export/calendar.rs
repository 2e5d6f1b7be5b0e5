//! Waves, cut-overs and freeze windows as a calendar (RFC 5545, 2009).

use super::Sheet;
use chrono::{Days, NaiveDate};
use std::fmt::Write;

/// Octets of a line at most, without its end.
const LINE: usize = 75;

pub(super) fn ics(sheet: &Sheet) -> Vec<u8> {
    let mut calendar = Calendar {
        text: String::new(),
        stamp: sheet.plan.updated_at.format("%Y%m%dT%H%M%SZ").to_string(),
    };
    calendar.line("BEGIN:VCALENDAR");
    calendar.line("VERSION:2.0");
    calendar.line("PRODID:-//Landfall//Wave plan//EN");
    calendar.line(&format!("X-WR-CALNAME:{}", escaped(&sheet.plan.name)));
    for (id, wave) in &sheet.waves {
        let what = format!(
            "{} assets of {} applications, {} effort points. Risk {}.",
            wave.workloads, wave.applications, wave.effort_points, wave.risk.level
        );
        let name = format!("Wave {}", wave.number);
        calendar.event(&id.to_string(), &name, &what, wave.dates.start, wave.dates.end);
        let days = u64::from(sheet.settings.cutover_days.saturating_sub(1));
        let cutover = wave
            .dates
            .end
            .checked_sub_days(Days::new(days))
            .unwrap_or(wave.dates.end);
        calendar.event(
            &format!("{id}-cutover"),
            &format!("{name}: cut-over"),
            &what,
            cutover,
            wave.dates.end,
        );
    }
    for (number, window) in sheet.settings.freeze_windows.iter().enumerate() {
        let id = format!("{}-freeze-{number}", sheet.plan.id);
        let name = format!("Freeze {}", window.name);
        calendar.event(
            &id,
            name.trim(),
            "Nothing starts or cuts over.",
            window.from,
            window.to,
        );
    }
    calendar.line("END:VCALENDAR");
    calendar.text.into_bytes()
}

struct Calendar {
    text: String,
    stamp: String,
}

impl Calendar {
    fn event(&mut self, id: &str, summary: &str, description: &str, from: NaiveDate, to: NaiveDate) {
        // The end of an all-day event is the day after its last.
        let end = to.succ_opt().unwrap_or(to);
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{id}@landfall"));
        self.line(&format!("DTSTAMP:{}", self.stamp));
        self.line(&format!("DTSTART;VALUE=DATE:{}", from.format("%Y%m%d")));
        self.line(&format!("DTEND;VALUE=DATE:{}", end.format("%Y%m%d")));
        self.line(&format!("SUMMARY:{}", escaped(summary)));
        self.line(&format!("DESCRIPTION:{}", escaped(description)));
        self.line("TRANSP:TRANSPARENT");
        self.line("END:VEVENT");
    }

    /// Writes a line, folded where it is too long.
    fn line(&mut self, line: &str) {
        let mut length = 0;
        for character in line.chars() {
            if length + character.len_utf8() > LINE {
                self.text.push_str("\r\n ");
                length = 1;
            }
            let _ = self.text.write_char(character);
            length += character.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace("\r\n", "\\n")
        .replace(['\n', '\r'], "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_at_octets_and_unfold_to_what_they_were() {
        let mut calendar = Calendar {
            text: String::new(),
            stamp: String::new(),
        };
        let long = format!("SUMMARY:{}", "Überweisung ".repeat(20));
        calendar.line(&long);
        assert!(calendar.text.split("\r\n").all(|line| line.len() <= LINE));
        assert_eq!(calendar.text.replace("\r\n ", "").trim_end_matches("\r\n"), long);
    }

    #[test]
    fn text_is_escaped_as_the_standard_says() {
        assert_eq!(escaped("a,b;c\\d\ne"), "a\\,b\\;c\\\\d\\ne");
    }
}
