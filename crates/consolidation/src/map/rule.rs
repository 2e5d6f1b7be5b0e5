//! How a value changes on the way, and how the old value is read off the new one.
//!
//! A rule is two SQL expressions: forward from the legacy column, and back from the target. Where back and forth does not give
//! the legacy value again, the value is archived, so no rule can lose one.

use super::shape::LegacyType;
use super::vocabulary::Vocabulary;

/// How a value changes on the way.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// Not at all, except for types: JSON text becomes a document, a time without zone one in UTC, a label lowercase.
    Keep,
    /// A word becomes a label.
    Label(&'static Vocabulary),
    /// A confidence of 0 to 100 becomes one of 0 to 1.
    Confidence,
    /// A percentage is held between 0 and 100.
    Percentage,
    /// A number that cannot be negative is dropped if it is.
    NotNegative,
    /// An amount of money becomes whole minor units.
    Cents,
    /// The id of another row, which must be the same tenant's; none if there is no such row.
    Reference {
        /// The legacy table of the other row.
        to: &'static str,
        /// Whether a row without it cannot be a row of the target.
        required: bool,
    },
    /// The id of a master flow, or the key of its row.
    MasterFlow,
    /// Expressions of its own: `{s}` is the legacy column, `{name}` a column of the target.
    Sql {
        /// Name of the rule.
        id: &'static str,
        /// What it does.
        description: &'static str,
        /// From the legacy column.
        forward: &'static str,
        /// From the target.
        inverse: &'static str,
    },
    /// The value is archived unless it is this SQL expression over the target row.
    Archive {
        /// The expression; `{name}` is a column of the target.
        implied: &'static str,
    },
}

impl Rule {
    /// Archived wherever there is a value.
    pub(crate) const ARCHIVE: Self = Self::Archive { implied: "NULL" };

    /// The client account as decided by the placement.
    pub(crate) const TENANT: Self = Self::Sql {
        id: "tenant",
        description: "Rows of an unknown client account go to the quarantine tenant, invented ones to the test tenant.",
        forward: "p.client",
        inverse: "{client_account_id}",
    };

    /// The row's own id, unless another row has it.
    pub(crate) const NEW_ID: Self = Self::Sql {
        id: "row_id",
        description: "The id stays, unless the row is the same thing as another one, whose id it takes, or another tenant's \
                      row has the same id.",
        forward: "{id}",
        inverse: "{id}",
    };

    /// A UUID becomes text.
    pub(crate) const UUID_AS_TEXT: Self = Self::Sql {
        id: "uuid_as_text",
        description: "The id becomes text, since other parties than users may stand there.",
        forward: "{s}::text",
        inverse: "CASE WHEN {approved_by} ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' THEN {approved_by}::uuid END",
    };

    /// The discovery flow, under whichever of its two ids it is named.
    pub(crate) const DISCOVERY_FLOW: Self = Self::Sql {
        id: "discovery_flow",
        description: "The flow's id, also where the key of its row was written, or else the one in `flow_id`; an unknown one \
                      is only archived.",
        forward: "COALESCE(rd.target, rf.target)",
        inverse: "{discovery_flow_id}",
    };

    /// The engagement as decided by the placement.
    pub(crate) const ENGAGEMENT: Self = Self::Sql {
        id: "engagement",
        description: "A missing or foreign engagement becomes one of the row's client account that is made for such rows.",
        forward: "p.engagement",
        inverse: "{engagement_id}",
    };

    /// Refers to a row that may be missing.
    pub(crate) const fn reference(to: &'static str) -> Self {
        Self::Reference { to, required: false }
    }

    /// Refers to a row without which this one cannot be kept.
    pub(crate) const fn required(to: &'static str) -> Self {
        Self::Reference { to, required: true }
    }

    /// Name of the rule, if it changes anything about values of this type.
    pub(crate) const fn id(&self, kind: LegacyType) -> Option<&'static str> {
        match self {
            Self::Keep => match kind {
                LegacyType::NaiveTimestamp => Some("naive_time_is_utc"),
                LegacyType::Enum => Some("lowercase_label"),
                LegacyType::Float => Some("finite_number"),
                _ => None,
            },
            Self::Label(vocabulary) => Some(vocabulary.rule),
            Self::Confidence => Some("confidence_0_to_1"),
            Self::Percentage => Some("percentage_0_to_100"),
            Self::NotNegative => Some("not_negative"),
            Self::Cents => Some("minor_units"),
            Self::Reference { .. } => Some("reference_within_tenant"),
            Self::MasterFlow => Some("master_flow"),
            Self::Sql { id, .. } => Some(id),
            Self::Archive { .. } => None,
        }
    }

    /// What the rule does, in a sentence.
    pub(crate) fn description(&self, kind: LegacyType) -> String {
        match self {
            Self::Keep => match kind {
                LegacyType::NaiveTimestamp => {
                    "A time without zone is one in UTC, as the predecessor wrote it.".to_owned()
                }
                LegacyType::Enum => "Labels in capitals become lowercase.".to_owned(),
                LegacyType::Float => "A number that is infinite or none is only archived.".to_owned(),
                LegacyType::Json => "JSON text becomes a document; a document inside a string is taken out; text of which a \
                                     document would lose something is archived as it is."
                    .to_owned(),
                _ => "The value stays.".to_owned(),
            },
            Self::Label(vocabulary) => format!(
                "Words become labels: {}. Other words stop the plan; the old word is archived.",
                vocabulary.described()
            ),
            Self::Confidence => "A confidence over 1 and up to 100 is divided by 100; one outside of both scales is only \
                                 archived."
                .to_owned(),
            Self::Percentage => "A percentage is held between 0 and 100.".to_owned(),
            Self::NotNegative => "A number that is negative, infinite or none is only archived.".to_owned(),
            Self::Cents => "An amount becomes whole minor units of the engagement's currency; the amount itself is archived."
                .to_owned(),
            Self::Reference { to, required: true } => {
                format!("Must be a row of {to} of the same tenant; otherwise the row is rejected into the archive.")
            }
            Self::Reference { to, .. } => {
                format!("Kept if it is a row of {to} of the same tenant; otherwise only archived.")
            }
            Self::MasterFlow => "The flow's id, also where the key of its row was written; an unknown one is only archived."
                .to_owned(),
            Self::Sql { description, .. } => (*description).to_owned(),
            Self::Archive { implied: "NULL" } => "The target has no place for it.".to_owned(),
            Self::Archive { implied } => format!("Archived where it is not `{implied}` of the target."),
        }
    }

    /// The value for the target, NULL where there is none. `source` is the legacy value, `reference` the column under which a
    /// joined row stands, `words` what the operator says that words mean.
    pub(crate) fn forward(
        &self,
        source: &str,
        kind: LegacyType,
        reference: &str,
        words: &[(String, String)],
    ) -> String {
        match self {
            Self::Keep => match kind {
                LegacyType::Json => format!("consolidation.json_in({source})"),
                LegacyType::NaiveTimestamp => format!("({source} AT TIME ZONE 'UTC')"),
                LegacyType::Enum => format!("lower({source}::text)"),
                LegacyType::Text => format!("{source}::text"),
                LegacyType::Float => {
                    format!("CASE WHEN {source} > '-Infinity' AND {source} < 'Infinity' THEN {source} END")
                }
                _ => source.to_owned(),
            },
            Self::Label(vocabulary) => vocabulary.forward(source, words),
            Self::Confidence => format!(
                "CASE WHEN {source} BETWEEN 0 AND 1 THEN {source} WHEN {source} > 1 AND {source} <= 100 THEN {source} / 100 END"
            ),
            Self::Percentage => format!(
                "CASE WHEN {source} BETWEEN 0 AND 100 THEN {source} WHEN {source} < 0 OR {source} = 'NaN' THEN 0 \
                 WHEN {source} > 100 THEN 100 END"
            ),
            // What is no number is greater than all numbers.
            Self::NotNegative if kind == LegacyType::Float => {
                format!("CASE WHEN {source} >= 0 AND {source} < 'Infinity' THEN {source} END")
            }
            Self::NotNegative => format!("CASE WHEN {source} >= 0 THEN {source} END"),
            Self::Cents => format!(
                "CASE WHEN {source} BETWEEN -9e16 AND 9e16 THEN round({source}::numeric * 100)::bigint END"
            ),
            Self::Reference { .. } | Self::MasterFlow => reference.to_owned(),
            Self::Sql { forward, .. } => forward.replace("{s}", source),
            Self::Archive { .. } => "NULL".to_owned(),
        }
    }

    /// The legacy value as the target tells it. `target` gives the column under its own name.
    pub(crate) fn inverse(
        &self,
        column: Option<&str>,
        kind: LegacyType,
        target: &dyn Fn(&str) -> String,
    ) -> String {
        let value = column.map(target).unwrap_or_default();
        match self {
            Self::Sql { inverse, .. } => fill(inverse, target),
            Self::Archive { implied } => fill(implied, target),
            Self::Cents => format!("({value}::float8 / 100)"),
            _ => match kind {
                LegacyType::NaiveTimestamp => format!("({value} AT TIME ZONE 'UTC')"),
                LegacyType::Enum => format!("upper({value}::text)"),
                LegacyType::Integer => {
                    format!("(CASE WHEN {value} > 2147483647 THEN 2147483647 ELSE {value} END)::integer")
                }
                LegacyType::Text => format!("{value}::text"),
                _ => value,
            },
        }
    }

    /// Whether the value is the id that the row has in the target.
    pub(crate) const fn is_new_id(&self) -> bool {
        matches!(self, Self::Sql { forward, .. } if matches!(forward.as_bytes(), b"{id}"))
    }
}

/// Replaces `{name}` by what the function gives for the name.
fn fill(template: &str, column: &dyn Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        filled.push_str(&column(name));
        rest = after;
    }
    filled.push_str(rest);
    filled
}
