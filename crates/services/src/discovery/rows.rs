//! The rows that a batch of resolved records writes.

mod links;

use super::facts::{format_of, source_of};
use super::identity::keys_of;
use super::merge::{IMPORT_PRECEDENCE, applications_of, tags_of};
use super::progress::signed;
use super::resolve::Resolved;
use crate::cleansing::Cleansed;
use crate::imports::formats::{DiskFact, Format, MetricFact, NetworkFact};
use chrono::{DateTime, NaiveDateTime, Utc};
use landfall_domain::ids::new_uuid;
use landfall_domain::{AssetId, Scope};
use landfall_repositories::entities::{
    asset_disks, asset_field_sources, asset_identities, asset_metrics, asset_networks, data_imports,
};
use landfall_repositories::{Bulk, RawRow, RecordOutcome, StoreResult, Uow};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::net::IpAddr;

/// Disks, adapters and measurements of the assets of a batch.
#[derive(Debug, Default)]
pub(crate) struct Details {
    disks: Vec<(AssetId, DiskFact)>,
    networks: Vec<(AssetId, NetworkFact)>,
    metrics: Vec<(AssetId, MetricFact)>,
}

impl Details {
    /// What the rows say about the assets that they became.
    pub(crate) fn of(format: &dyn Format, rows: &[RawRow], outcomes: &[RecordOutcome]) -> Self {
        Self::of_linked(
            format,
            rows.iter()
                .zip(outcomes)
                .map(|(row, outcome)| (row, outcome.asset_id)),
        )
    }

    /// What rows say about the assets that they are linked to.
    pub(crate) fn of_linked<'r>(
        format: &dyn Format,
        rows: impl Iterator<Item = (&'r RawRow, Option<AssetId>)>,
    ) -> Self {
        let mut details = Self::default();
        for (row, asset) in rows {
            let (Some(asset), Value::Object(raw)) = (asset, &row.raw_data) else {
                continue;
            };
            details
                .disks
                .extend(format.disks(raw).into_iter().map(|disk| (asset, disk)));
            details
                .networks
                .extend(format.networks(raw).into_iter().map(|network| (asset, network)));
            details
                .metrics
                .extend(format.metrics(raw).into_iter().map(|metric| (asset, metric)));
        }
        details
    }
}

/// Writes a batch: assets first, then everything that refers to them.
pub(crate) async fn write_batch(
    bulk: &mut Bulk,
    uow: &Uow,
    import: &data_imports::Model,
    resolved: Resolved,
    details: Details,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let Resolved {
        drafts,
        identities,
        sources,
        namespace,
        outcomes,
        tags,
        applications,
    } = resolved;
    let rows = Rows {
        scope: bulk.scope().clone(),
        import,
        namespace,
        now,
    };
    let (new, known): (Vec<_>, Vec<_>) = drafts.into_iter().partition(|draft| draft.is_new);
    bulk.add_assets(new.into_iter().map(|draft| draft.row).collect())
        .await?;
    bulk.replace_assets(known.into_iter().map(|draft| draft.row).collect())
        .await?;
    bulk.add_identities(
        identities
            .into_iter()
            .map(|(asset, key)| rows.identity(asset, key))
            .collect(),
    )
    .await?;
    bulk.add_field_sources(
        sources
            .into_iter()
            .map(|(asset, index, values)| rows.source(asset, index, values))
            .collect(),
    )
    .await?;
    rows.write_details(bulk, details).await?;
    rows.write_tags(bulk, uow, tags).await?;
    rows.write_applications(bulk, uow, applications).await?;
    bulk.settle_records(import.id, outcomes, now).await?;
    Ok(())
}

/// Writes again what an import said about assets beside their fields, from its kept statements and records.
pub(crate) async fn restate(
    bulk: &mut Bulk,
    uow: &Uow,
    import: &data_imports::Model,
    statements: &[(AssetId, Cleansed)],
    details: Details,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let rows = Rows {
        scope: bulk.scope().clone(),
        import,
        namespace: source_of(import),
        now,
    };
    let format = format_of(import).id();
    let tags = statements.iter().flat_map(|(asset, record)| {
        tags_of(record)
            .into_iter()
            .map(|(category, name)| (*asset, category, name))
    });
    let applications = statements.iter().flat_map(|(asset, record)| {
        applications_of(record, format)
            .into_iter()
            .map(|name| (*asset, name))
    });
    let identities = statements.iter().flat_map(|(asset, record)| {
        keys_of(record, &rows.namespace)
            .into_iter()
            .map(|key| rows.identity(*asset, key))
            .collect::<Vec<_>>()
    });
    bulk.add_identities(identities.collect()).await?;
    rows.write_details(bulk, details).await?;
    rows.write_tags(bulk, uow, tags.collect()).await?;
    rows.write_applications(bulk, uow, applications.collect()).await
}

struct Rows<'a> {
    scope: Scope,
    import: &'a data_imports::Model,
    /// Kept as the source of identities and statements: what ids are unique in.
    namespace: String,
    now: DateTime<Utc>,
}

impl Rows<'_> {
    fn identity(&self, asset: AssetId, key: super::identity::Key) -> asset_identities::Model {
        asset_identities::Model {
            client_account_id: self.scope.client_account_id,
            engagement_id: self.scope.engagement_id,
            asset_id: asset,
            kind: key.kind.to_owned(),
            value: key.value,
            source: self.namespace.clone(),
            data_import_id: Some(self.import.id),
            created_at: self.now,
        }
    }

    fn source(&self, asset: AssetId, record_index: i64, values: Value) -> asset_field_sources::Model {
        asset_field_sources::Model {
            client_account_id: self.scope.client_account_id,
            id: new_uuid(),
            engagement_id: self.scope.engagement_id,
            asset_id: asset,
            data_import_id: Some(self.import.id),
            record_index: Some(record_index),
            source: self.namespace.clone(),
            precedence: IMPORT_PRECEDENCE,
            field_values: values,
            recorded_at: self.now,
        }
    }

    async fn write_details(&self, bulk: &mut Bulk, details: Details) -> StoreResult<()> {
        // One statement must not name the same disk or adapter twice: the later mention stays.
        let disks = last_of_each(details.disks, |(asset, disk)| {
            (*asset, disk.is_partition, disk.label.clone())
        });
        bulk.put_disks(
            disks
                .into_iter()
                .map(|(asset, disk)| self.disk(asset, disk))
                .collect(),
        )
        .await?;
        let networks = last_of_each(details.networks, |(asset, network)| {
            (*asset, network.label.clone())
        });
        bulk.put_networks(
            networks
                .into_iter()
                .map(|(asset, network)| self.network(asset, network))
                .collect(),
        )
        .await?;
        let metrics = last_of_each(details.metrics, |(asset, metric)| {
            (*asset, metric.metric.as_str())
        });
        bulk.add_metrics(
            metrics
                .into_iter()
                .map(|(asset, metric)| self.metric(asset, &metric))
                .collect(),
        )
        .await?;
        Ok(())
    }

    fn disk(&self, asset: AssetId, disk: DiskFact) -> asset_disks::Model {
        asset_disks::Model {
            client_account_id: self.scope.client_account_id,
            id: new_uuid(),
            engagement_id: self.scope.engagement_id,
            asset_id: asset,
            data_import_id: Some(self.import.id),
            label: disk.label,
            kind: if disk.is_partition { "partition" } else { "disk" }.to_owned(),
            size_gb: disk.capacity_gib,
            used_gb: disk.used_gib,
            storage_type: disk.kind,
            is_thin: None,
            controller: None,
            path: None,
            attributes: json!({}),
            created_at: self.now,
            updated_at: self.now,
        }
    }

    fn network(&self, asset: AssetId, network: NetworkFact) -> asset_networks::Model {
        let addresses: Vec<IpAddr> = network
            .ip_addresses
            .iter()
            .filter_map(|text| text.parse().ok())
            .collect();
        let first =
            |wanted: fn(&IpAddr) -> bool| addresses.iter().find(|ip| wanted(ip)).map(ToString::to_string);
        let mut attributes = Map::new();
        if network.ip_addresses.len() > 1 {
            attributes.insert("ip_addresses".to_owned(), json!(network.ip_addresses));
        }
        asset_networks::Model {
            client_account_id: self.scope.client_account_id,
            id: new_uuid(),
            engagement_id: self.scope.engagement_id,
            asset_id: asset,
            data_import_id: Some(self.import.id),
            label: network.label,
            mac_address: network
                .mac_address
                .map(|mac| mac.to_lowercase().replace('-', ":")),
            ipv4_address: first(IpAddr::is_ipv4),
            ipv6_address: first(IpAddr::is_ipv6),
            network: network.network,
            switch_name: None,
            is_connected: network.connected,
            attributes: Value::Object(attributes),
            created_at: self.now,
            updated_at: self.now,
        }
    }

    fn metric(&self, asset: AssetId, metric: &MetricFact) -> asset_metrics::Model {
        asset_metrics::Model {
            client_account_id: self.scope.client_account_id,
            id: new_uuid(),
            engagement_id: self.scope.engagement_id,
            asset_id: asset,
            data_import_id: Some(self.import.id),
            metric: metric.metric.as_str().to_owned(),
            unit: unit_of(metric.metric.as_str()).to_owned(),
            window_start: metric.from.as_deref().and_then(time_of),
            window_end: metric.to.as_deref().and_then(time_of),
            average: metric.average,
            maximum: metric.maximum,
            p50: None,
            p95: metric.p95,
            samples: metric.samples.map(signed),
            created_at: self.now,
            updated_at: self.now,
        }
    }
}

/// The last item of each key, in the order of the items.
fn last_of_each<T, K: std::hash::Hash + Eq>(items: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut places: HashMap<K, usize> = HashMap::with_capacity(items.len());
    let mut kept: Vec<T> = Vec::with_capacity(items.len());
    for item in items {
        match places.entry(key(&item)) {
            std::collections::hash_map::Entry::Occupied(place) => {
                if let Some(slot) = kept.get_mut(*place.get()) {
                    *slot = item;
                }
            }
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(kept.len());
                kept.push(item);
            }
        }
    }
    kept
}

fn unit_of(metric: &str) -> &'static str {
    match metric.rsplit('_').next() {
        Some("percent") => "percent",
        Some("gib") => "gib",
        Some("ops") => "per_second",
        Some("second") => "mb_per_second",
        Some("mbps") => "megabits_per_second",
        _ => "count",
    }
}

/// Times of measurements as exports write them, taken as UTC where no zone is given.
fn time_of(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Utc));
    }
    let formats = [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
    ];
    formats
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .map(|time| time.and_utc())
}
