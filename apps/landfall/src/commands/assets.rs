//! `landfall assets`: a look at the inventory.

use crate::arguments::TenantFlags;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{json, line, table};
use crate::tenancy;
use clap::{Args, Subcommand};
use landfall_domain::{PageRequest, Scope};
use landfall_services::Services;
use landfall_services::assets::{Asset, AssetColumn, AssetFilter, AssetSort, Operator, field_values};
use serde_json::{Map, Value, json};

/// Flags of `assets`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List assets
    List(List),
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    conditions: Conditions,
    /// Sort by this field; with a minus before it, greatest first
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    sort: Option<String>,
    /// Assets at most
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// Write the assets as JSON, with all fields
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    tenant: TenantFlags,
}

/// Which assets are meant.
#[derive(Debug, Args)]
pub(crate) struct Conditions {
    /// Only assets with this value, such as `environment=production`; with nothing after `=`, those without a value
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    conditions: Vec<String>,
}

impl Conditions {
    /// The conditions as a filter: all must hold.
    pub(crate) fn filter(&self) -> Result<AssetFilter, Failure> {
        let mut filter = AssetFilter::all();
        for condition in &self.conditions {
            let Some((field, value)) = condition.split_once('=') else {
                return Err(Failure::usage(format_args!(
                    "'{condition}' is no condition: write FIELD=VALUE"
                )));
            };
            filter = filter
                .and(field.trim(), operator(value.trim()))
                .map_err(Failure::usage)?;
        }
        Ok(filter)
    }
}

fn operator(value: &str) -> Operator {
    if value.is_empty() {
        return Operator::IsNull;
    }
    // Numbers and booleans as themselves; everything else is text.
    match serde_json::from_str(value) {
        Ok(json @ (Value::Number(_) | Value::Bool(_))) => Operator::Eq(json),
        _ => Operator::Eq(Value::String(value.to_owned())),
    }
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let Action::List(list) = &arguments.action;
    let filter = list.conditions.filter()?;
    let sort = sort(list.sort.as_deref())?;
    let services = open(config, IfMissing::Refuse).await?;
    let selected = tenancy::select(&services, config, &list.tenant).await?;
    let (assets, total) = find(&services, &selected.scope(), &filter, sort, list.limit).await?;
    if list.json {
        let rows: Vec<Value> = assets.iter().map(row).collect();
        return json(&json!({ "total": total, "assets": rows }));
    }
    let mut rows = table(&[
        "Name",
        "Type",
        "IP address",
        "Operating system",
        "Environment",
        "Application",
        "Criticality",
    ]);
    for asset in &assets {
        rows.add_row(cells(asset));
    }
    line(rows)?;
    line(format_args!(
        "{} of {total} assets of {} / {}.",
        assets.len(),
        selected.client_account,
        selected.engagement
    ))
}

fn sort(given: Option<&str>) -> Result<AssetSort, Failure> {
    let Some(given) = given else {
        return Ok(AssetSort::default());
    };
    let (name, descending) = given
        .strip_prefix('-')
        .map_or((given, false), |name| (name, true));
    let column = AssetColumn::named(name).map_err(Failure::usage)?;
    Ok(AssetSort {
        column: Some(column),
        descending,
    })
}

async fn find(
    services: &Services,
    scope: &Scope,
    filter: &AssetFilter,
    sort: AssetSort,
    limit: usize,
) -> Result<(Vec<Asset>, u64), Failure> {
    let uow = services.store().begin_read(scope).await?;
    let total = uow.assets().count(filter).await?;
    let (mut found, mut request) = (Vec::new(), PageRequest::first(PageRequest::MAX));
    while found.len() < limit {
        let page = uow.assets().list(filter, sort, &request).await?;
        found.extend(page.items);
        let Some(next) = page.next else { break };
        request.after = Some(next);
    }
    found.truncate(limit);
    Ok((found, total))
}

fn cells(asset: &Asset) -> [String; 7] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        asset.name.clone(),
        asset.asset_type.to_string(),
        text(&asset.ip_address),
        text(&asset.operating_system),
        text(&asset.environment),
        text(&asset.application_name),
        text(if asset.business_criticality.is_some() {
            &asset.business_criticality
        } else {
            &asset.criticality
        }),
    ]
}

/// An asset with the values of its fields.
fn row(asset: &Asset) -> Value {
    let mut row = Map::from_iter([
        ("id".to_owned(), json!(asset.id)),
        ("name".to_owned(), json!(asset.name)),
        ("asset_type".to_owned(), json!(asset.asset_type)),
    ]);
    row.extend(field_values(asset).map(|(field, value)| (field.name.to_owned(), value.to_json())));
    row.insert("custom_attributes".to_owned(), asset.custom_attributes.clone());
    Value::Object(row)
}
