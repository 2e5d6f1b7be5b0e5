//! The registry of asset fields: each is declared once, and mapping targets, header matching, cleansing, validation, the
//! API's description and the documentation are derived from it.

pub mod header;
mod registry;
mod value;

pub use registry::FIELDS;
pub use value::FieldValue;

use serde::Serialize;

/// What kind of value a field holds, and with it how a source's text is read and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Free text.
    Text,
    /// An id given by a source or a maker, compared as a whole; makers' placeholders are no value.
    Identifier,
    /// UUID, stored in lowercase with hyphens.
    Uuid,
    /// Host name without domain.
    Hostname,
    /// Fully qualified domain name.
    Fqdn,
    /// One IPv4 or IPv6 address.
    IpAddress,
    /// MAC address, stored as lowercase with colons.
    MacAddress,
    /// Whole number.
    Integer,
    /// Number.
    Number,
    /// Percentage, 0–100.
    Percent,
    /// Yes or no.
    Boolean,
    /// Point in time.
    Timestamp,
    /// An [`crate::AssetType`].
    AssetType,
    /// A [`crate::SixrStrategy`].
    SixrStrategy,
    /// Name of an operating system; version and architecture in it fill their own fields where no column does.
    OperatingSystem,
    /// Processor architecture: x64, x86, arm64, …
    Architecture,
    /// On, Off or Suspended.
    PowerState,
    /// BIOS or UEFI.
    BootType,
    /// State in the life of the asset; synonyms become Active, Inactive, Retired, …, other words stay.
    Status,
    /// Low, Medium or High.
    Level,
    /// Number of a wave, also out of "Wave 2".
    Wave,
    /// Deployment environment; synonyms become one word (Production, Development, …).
    Environment,
    /// Criticality; synonyms become Low, Medium, High or Critical.
    Criticality,
    /// A money amount per month, in minor units (cents) of the engagement's currency.
    Money,
    /// Names of other assets that this one needs.
    AssetReferences,
    /// Text `key=value` pairs.
    Tags,
}

/// The type in which a value of a kind is stored and sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// A string.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A point in time.
    Timestamp,
    /// A list of strings.
    TextList,
}

impl FieldKind {
    /// The type in which values of this kind are stored: which [`FieldValue`] variant, column type and JSON type.
    pub const fn value_type(self) -> ValueType {
        match self {
            Self::Integer | Self::Wave | Self::Money => ValueType::Integer,
            Self::Number | Self::Percent => ValueType::Number,
            Self::Boolean => ValueType::Boolean,
            Self::Timestamp => ValueType::Timestamp,
            Self::AssetReferences | Self::Tags => ValueType::TextList,
            Self::Text
            | Self::Identifier
            | Self::Uuid
            | Self::Hostname
            | Self::Fqdn
            | Self::IpAddress
            | Self::MacAddress
            | Self::AssetType
            | Self::SixrStrategy
            | Self::OperatingSystem
            | Self::Architecture
            | Self::PowerState
            | Self::BootType
            | Self::Status
            | Self::Level
            | Self::Environment
            | Self::Criticality => ValueType::Text,
        }
    }
}

/// The unit in which a field is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// GiB (2^30 bytes).
    Gibibytes,
    /// Percent, 0–100.
    Percent,
    /// Count of things.
    Count,
    /// Operations per second.
    PerSecond,
    /// Megabits per second.
    MegabitsPerSecond,
    /// Minor units (cents) of the engagement's currency per month.
    MinorUnitsPerMonth,
}

/// What a person would look for together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldGroup {
    /// What it is called and how it is recognised.
    Identity,
    /// Where it is.
    Location,
    /// Operating system, cores, memory, storage.
    Technical,
    /// Measured load.
    Performance,
    /// Owners, application, criticality.
    Business,
    /// Money.
    Cost,
    /// Strategy, wave, complexity.
    Migration,
    /// Which assets need which.
    Relations,
}

/// Where a field's value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    /// A column of `assets` with the field's name.
    Column,
    /// A row of `asset_identities` of the kind with the field's name, for telling assets apart only.
    Identity,
    /// Rows of `asset_dependencies`, resolved after all assets are known.
    Dependency,
    /// Rows of `tags` and `asset_tags`.
    Tags,
}

/// One field of an asset.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Field {
    /// Its one name: column, JSON key, mapping target.
    pub name: &'static str,
    /// What kind of value it holds.
    pub kind: FieldKind,
    /// Unit of the stored value.
    pub unit: Option<Unit>,
    /// What it belongs to.
    pub group: FieldGroup,
    /// Where it is kept.
    pub storage: Storage,
    /// One sentence for a person.
    pub description: &'static str,
    /// Other names seen in the field, lowercase, words separated by one space, the likelier first.
    pub aliases: &'static [&'static str],
    /// Longest text in characters.
    pub max_length: Option<usize>,
    /// Least and greatest number allowed, in the unit of the stored value.
    pub range: Option<(f64, f64)>,
}

/// The field with this name.
pub fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}
