//! Reports for people: what the portfolio is, which strategies it gets, what is risky, and which waves are planned. The same
//! facts as Markdown, JSON, or one HTML file with charts drawn in it.

mod facts;
mod html;
mod markdown;

pub use facts::{Count, PlanFacts, Portfolio, Report, Risk, Section};

use std::str::FromStr;

/// In which form a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// Markdown.
    Markdown,
    /// JSON.
    Json,
    /// One HTML file that needs nothing else.
    Html,
}

impl ReportFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Markdown, Self::Json, Self::Html];

    /// The word that asks for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
        }
    }
}

impl FromStr for ReportFormat {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == word)
            .ok_or_else(|| format!("'{word}' is no format of a report; known are md, json and html"))
    }
}

impl Report {
    /// The report as text.
    ///
    /// # Errors
    /// Never for Markdown and HTML; for JSON, what the serializer says.
    pub fn write(&self, format: ReportFormat) -> Result<String, serde_json::Error> {
        match format {
            ReportFormat::Markdown => Ok(markdown::write(self)),
            ReportFormat::Html => Ok(html::write(self)),
            ReportFormat::Json => serde_json::to_string_pretty(self),
        }
    }
}
