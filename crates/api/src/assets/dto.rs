//! Assets on the wire. Their fields are the registry's: names, types, units and bounds are declared there.

use crate::dependencies::dto::DependencyOut;
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::check_names;
use crate::page::PageOut;
use chrono::{DateTime, Utc};
use landfall_compat::Resource;
use landfall_domain::ImportId;
use landfall_domain::fields::{FIELDS, Field, Storage, ValueType};
use landfall_services::assets::{Asset, AssetDetail, AssetPatch, FieldProvenance, Statement, field_values};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use validator::Validate;

/// Attributes of an asset that are no field.
const CUSTOM_ATTRIBUTES: &str = "custom_attributes";

/// An asset: a key for each field that has a value, and what Landfall keeps about it.
#[derive(Debug)]
pub(crate) struct AssetOut(Asset);

/// An asset with its tags.
#[derive(Debug)]
pub(crate) struct AssetDetailOut(AssetDetail);

impl From<Asset> for AssetOut {
    fn from(row: Asset) -> Self {
        Self(row)
    }
}

impl From<AssetDetail> for AssetDetailOut {
    fn from(detail: AssetDetail) -> Self {
        Self(detail)
    }
}

impl Serialize for AssetOut {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        entries(&self.0, &mut map)?;
        map.end()
    }
}

impl Serialize for AssetDetailOut {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        entries(&self.0.asset, &mut map)?;
        map.serialize_entry("tags", &self.0.tags)?;
        map.end()
    }
}

fn entries<M: SerializeMap>(asset: &Asset, map: &mut M) -> Result<(), M::Error> {
    map.serialize_entry("id", &asset.id)?;
    for (field, value) in field_values(asset) {
        map.serialize_entry(field.name, &value.to_json())?;
    }
    map.serialize_entry(CUSTOM_ATTRIBUTES, &asset.custom_attributes)?;
    map.serialize_entry("migration_status", &asset.migration_status)?;
    map.serialize_entry("completeness_score", &asset.completeness_score)?;
    map.serialize_entry("discovery_source", &asset.discovery_source)?;
    map.serialize_entry("master_flow_id", &asset.master_flow_id)?;
    map.serialize_entry("discovery_flow_id", &asset.discovery_flow_id)?;
    map.serialize_entry("created_by_import_id", &asset.created_by_import_id)?;
    map.serialize_entry("version", &asset.version)?;
    map.serialize_entry("created_at", &asset.created_at)?;
    map.serialize_entry("updated_at", &asset.updated_at)
}

/// The fields that an asset's row holds.
fn columns() -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(|field| field.storage == Storage::Column)
}

/// A field's schema, as its declaration says. Values that can be taken away may be null in a change.
fn schema_of(field: &Field, nullable: bool) -> ObjectBuilder {
    let (kind, format) = match field.kind.value_type() {
        ValueType::Integer => (Type::Integer, Some(KnownFormat::Int64)),
        ValueType::Number => (Type::Number, Some(KnownFormat::Double)),
        ValueType::Boolean => (Type::Boolean, None),
        ValueType::Timestamp => (Type::String, Some(KnownFormat::DateTime)),
        ValueType::Text | ValueType::TextList => (Type::String, None),
    };
    let unit = field.unit.and_then(|unit| serde_json::to_value(unit).ok());
    let unit = unit.and_then(|unit| {
        unit.as_str()
            .map(|unit| format!(" Unit: {}.", unit.replace('_', " ")))
    });
    let description = format!("{}{}", field.description, unit.unwrap_or_default());
    let builder = ObjectBuilder::new()
        .format(format.map(SchemaFormat::KnownFormat))
        .description(Some(description))
        .minimum(field.range.map(|(least, _)| least))
        .maximum(field.range.map(|(_, greatest)| greatest))
        .max_length(field.max_length);
    if nullable {
        builder.schema_type(SchemaType::Array(vec![kind, Type::Null]))
    } else {
        builder.schema_type(kind)
    }
}

fn text(description: &str, format: Option<KnownFormat>) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(format.map(SchemaFormat::KnownFormat))
        .description(Some(description))
}

fn described(description: &str) -> ObjectBuilder {
    let id = |description| text(description, Some(KnownFormat::Uuid));
    let mut builder = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(description));
    builder = builder.property("id", id("Its id.")).required("id");
    for field in columns() {
        builder = builder.property(field.name, schema_of(field, false));
    }
    let attributes = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("Columns of sources that are no field."));
    let whole = |description| {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .description(Some(description))
    };
    builder
        .required("name")
        .required("asset_type")
        .property(CUSTOM_ATTRIBUTES, attributes)
        .required(CUSTOM_ATTRIBUTES)
        .property(
            "migration_status",
            text("Where it stands in its migration.", None),
        )
        .property(
            "completeness_score",
            ObjectBuilder::new().schema_type(Type::Number).description(Some(
                "Share of the fields a planner needs that have a value, 0 to 1.",
            )),
        )
        .property(
            "discovery_source",
            text("Format or system that it came from.", None),
        )
        .property("master_flow_id", id("The master flow that found it."))
        .property("discovery_flow_id", id("The discovery flow that found it."))
        .property("created_by_import_id", id("The import that stated it first."))
        .property("version", whole("Grows with each change; also the ETag."))
        .required("version")
        .property(
            "created_at",
            text("When it was made.", Some(KnownFormat::DateTime)),
        )
        .property(
            "updated_at",
            text("When it was changed last.", Some(KnownFormat::DateTime)),
        )
}

macro_rules! schema {
    ($name:ident, $label:literal, $schema:expr) => {
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $schema.build().into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($label)
            }
        }
    };
}

schema!(
    AssetOut,
    "AssetOut",
    described("An asset. A field without a value is left out.")
);
schema!(AssetDetailOut, "AssetDetailOut", {
    let tags = utoipa::openapi::schema::ArrayBuilder::new()
        .items(ObjectBuilder::new().schema_type(Type::String))
        .description(Some("Tags as `category=name`."));
    described("An asset with its tags. A field without a value is left out.").property("tags", tags)
});
schema!(AssetPatchIn, "AssetPatchIn", {
    let example = serde_json::json!({"environment": "Production", "memory_gb": 16, "business_owner": null});
    let nullable = |name: &str| !matches!(name, "name" | "asset_type");
    settable(
        "Values to be changed. What is absent stays, null takes a value away.",
        nullable,
    )
    .examples([example])
});
schema!(AssetIn, "AssetIn", {
    let example = serde_json::json!({
        "hostname": "web07", "ip_address": "10.0.0.7", "asset_type": "server", "environment": "Production",
        "cpu_cores": 4, "memory_gb": 16, "custom_attributes": {"rack_unit": "U7"}
    });
    settable(
        "An asset as a person states it. It needs one of `name`, `hostname`, `fqdn` and `application_name`.",
        |_| false,
    )
    .examples([example])
});

/// An object of the fields that can be set.
fn settable(description: &str, nullable: impl Fn(&str) -> bool) -> ObjectBuilder {
    let mut builder = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(description));
    for field in columns() {
        builder = builder.property(field.name, schema_of(field, nullable(field.name)));
    }
    let attributes = ObjectBuilder::new().schema_type(Type::Object);
    builder
        .property(
            CUSTOM_ATTRIBUTES,
            attributes.description(Some("Attributes by name; null takes one away.")),
        )
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

/// An asset as a person states it; read as a change of nothing.
pub(crate) struct AssetIn;

/// A change of an asset.
pub(crate) struct AssetPatchIn;

impl AssetPatchIn {
    /// Reads a body. Old names are taken as well.
    pub(super) fn read(body: Value) -> ApiResult<AssetPatch> {
        let Value::Object(mut fields) = body else {
            return Err(ApiError::malformed("a change is a JSON object of field to value"));
        };
        crate::extract::modernized(Resource::Assets, &mut fields);
        let attributes = fields.remove(CUSTOM_ATTRIBUTES);
        let known: Vec<String> = columns()
            .map(|field| field.name.to_owned())
            .chain([CUSTOM_ATTRIBUTES.to_owned()])
            .collect();
        check_names(
            fields.keys().map(String::as_str),
            &known,
            "field of an asset that can be set",
        )?;
        let custom_attributes = match attributes {
            None => serde_json::Map::new(),
            Some(Value::Object(attributes)) => attributes,
            Some(_) => {
                let message = "custom_attributes must be an object of name to value";
                return Err(ApiError::validation(vec![Detail::of(
                    CUSTOM_ATTRIBUTES,
                    "type",
                    message,
                )]));
            }
        };
        Ok(AssetPatch {
            fields,
            custom_attributes,
        })
    }
}

/// How many rows.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Rows of each list, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
}

/// What an asset needs, and what needs it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NeighboursOut {
    /// What the asset needs.
    pub(super) needs: PageOut<DependencyOut>,
    /// What needs the asset.
    pub(super) needed_by: PageOut<DependencyOut>,
}

/// All that was said about one field.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProvenanceOut {
    /// The field, or `custom_attributes.` with the name of an attribute.
    #[schema(example = "memory_gb")]
    field: String,
    /// Who said what; the one that counts first.
    statements: Vec<StatementOut>,
}

/// What one source said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatementOut {
    /// Format or system that the import came from, or `person`.
    source: String,
    /// The import; absent if a person said it.
    import_id: Option<ImportId>,
    /// The row of the import, from 0.
    record_index: Option<i64>,
    /// When.
    recorded_at: DateTime<Utc>,
    /// A greater one outweighs a smaller one; among equals the newest counts.
    precedence: i32,
    /// What was said.
    #[schema(value_type = Object)]
    value: Value,
    /// Whether this is the value that counts.
    wins: bool,
}

impl From<FieldProvenance> for ProvenanceOut {
    fn from(provenance: FieldProvenance) -> Self {
        let FieldProvenance { field, statements } = provenance;
        Self {
            field,
            statements: statements.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Statement> for StatementOut {
    fn from(statement: Statement) -> Self {
        let Statement {
            source,
            data_import_id,
            record_index,
            recorded_at,
            precedence,
            value,
            wins,
        } = statement;
        Self {
            source,
            import_id: data_import_id,
            record_index,
            recorded_at,
            precedence,
            value,
            wins,
        }
    }
}
