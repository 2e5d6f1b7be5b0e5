//! The import template of AWS Application Discovery Service and Migration Hub. Sizes in MB and KB count in 1,024s.

use std::collections::BTreeSet;

use landfall_domain::AssetType;

use super::cells::{list, number_in, percent_in, said, size_in};
use super::columns::is_domain_name;
use super::facts::named_cards;
use super::fingerprint::Fingerprint;
use super::{
    DerivedValue, Format, Headers, IdentityFact, KnownColumn, Metric, MetricFact, NetworkFact, Recognised,
    Row, RowRole,
};
use crate::cleansing::SourceUnit::{self, Mib, Percent};

/// AWS Application Discovery Service.
pub(super) struct AwsAds;

const FINGERPRINT: Fingerprint = Fingerprint {
    all: &[
        &["ExternalId", "ServerId"],
        &["RAM.TotalSizeInMB", "CPU.NumberOfCores", "OS.Name"],
    ],
    some: &[
        "HostName",
        "IPAddress",
        "MACAddress",
        "VMware.MoRefId",
        "VMware.VCenterId",
        "VMware.VMName",
        "ApplicationWave",
        "SMBiosId",
    ],
    least: 2,
};

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::field("externalid", "source_id"),
    KnownColumn::field("smbiosid", "system_uuid"),
    KnownColumn::field("ipaddress", "ip_address"),
    KnownColumn::field("macaddress", "mac_address"),
    KnownColumn::field("hostname", "hostname"),
    KnownColumn::field("vmware.vmname", "name"),
    KnownColumn::field("cpu.numberofprocessors", "cpu_sockets"),
    KnownColumn::field("cpu.numberofcores", "cpu_cores"),
    KnownColumn::field("os.name", "operating_system"),
    KnownColumn::field("os.version", "os_version"),
    KnownColumn::field("ram.totalsizeinmb", "memory_gb").unit(Mib),
    KnownColumn::field("cpu.usagepct.avg", "cpu_utilization_percent").unit(Percent),
    KnownColumn::field("applications", "application_name"),
    KnownColumn::field("applicationwave", "migration_wave"),
    KnownColumn::field("tags", "tags"),
    KnownColumn::facts("vmware.morefid", "identities"),
    KnownColumn::facts("vmware.vcenterid", "identities"),
    KnownColumn::facts("serverid", "identities"),
    KnownColumn::facts("cpu.numberoflogicalcores", "metrics"),
    KnownColumn::facts("cpu.usagepct.max", "metrics"),
    KnownColumn::facts("ram.usedsizeinmb.avg", "metrics"),
    KnownColumn::facts("ram.usedsizeinmb.max", "metrics"),
    KnownColumn::facts("diskreadspersecondinkb.avg", "metrics"),
    KnownColumn::facts("diskreadspersecondinkb.max", "metrics"),
    KnownColumn::facts("diskwritespersecondinkb.avg", "metrics"),
    KnownColumn::facts("diskwritespersecondinkb.max", "metrics"),
    KnownColumn::facts("diskreadsopspersecond.avg", "metrics"),
    KnownColumn::facts("diskreadsopspersecond.max", "metrics"),
    KnownColumn::facts("diskwritesopspersecond.avg", "metrics"),
    KnownColumn::facts("diskwritesopspersecond.max", "metrics"),
    KnownColumn::facts("networkreadspersecondinkb.avg", "metrics"),
    KnownColumn::facts("networkreadspersecondinkb.max", "metrics"),
    KnownColumn::facts("networkwritespersecondinkb.avg", "metrics"),
    KnownColumn::facts("networkwritespersecondinkb.max", "metrics"),
];

/// Megabits in a second for KB in a second.
const MEGABITS: f64 = 8.0 * 1_024.0 / 1_000_000.0;
/// MB in a second for KB in a second.
const MEGABYTES: f64 = 1_024.0 / 1_000_000.0;

fn identifier(row: &Row) -> Option<String> {
    let vmware = || {
        let (machine, center) = said(row, &["VMware.MoRefId"]).zip(said(row, &["VMware.VCenterId"]))?;
        Some(format!("{machine}@{center}"))
    };
    said(row, &["ExternalId"])
        .map(std::borrow::Cow::into_owned)
        .or_else(vmware)
        .or_else(|| said(row, &["ServerId"]).map(std::borrow::Cow::into_owned))
}

fn name(row: &Row) -> Option<std::borrow::Cow<'_, str>> {
    said(row, &["VMware.VMName", "HostName", "ExternalId", "ServerId"])
        .or_else(|| said(row, &["IPAddress", "MACAddress", "VMware.MoRefId", "SMBiosId"]))
}

impl Format for AwsAds {
    fn id(&self) -> &'static str {
        "aws_ads"
    }

    fn label(&self) -> &'static str {
        "AWS Application Discovery Service import"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        FINGERPRINT.recognise(self, None, headers)
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if name(row).is_none() {
            return RowRole::skipped(
                "no_identity",
                "the row has no ExternalId, HostName, address or VMware id",
            );
        }
        let virtual_machine = said(row, &["VMware.MoRefId", "VMware.VMName"]).is_some();
        RowRole::asset(if virtual_machine {
            AssetType::VirtualMachine
        } else {
            AssetType::Server
        })
    }

    fn identities(&self, row: &Row) -> Vec<IdentityFact> {
        identifier(row)
            .map(|id| IdentityFact::new("source_id", id))
            .into_iter()
            .collect()
    }

    fn derived(&self, row: &Row) -> Vec<DerivedValue> {
        let mut values: Vec<DerivedValue> = name(row)
            .map(|name| DerivedValue::new("name", name))
            .into_iter()
            .collect();
        if said(row, &["VMware.MoRefId", "VMware.VMName"]).is_some() {
            values.push(DerivedValue::new("is_virtual", "true"));
        }
        if let Some(name) = said(row, &["HostName"]).filter(|name| is_domain_name(name)) {
            values.push(DerivedValue::new("fqdn", name));
        }
        let average = |metric| {
            self.metrics(row)
                .into_iter()
                .find(|fact| fact.metric == metric)
                .and_then(|fact| fact.average.or(fact.maximum))
        };
        let sum = |one, two| match (average(one), average(two)) {
            (None, None) => None,
            (one, two) => Some(one.unwrap_or(0.0) + two.unwrap_or(0.0)),
        };
        if let Some(ops) = sum(Metric::DiskReadOps, Metric::DiskWriteOps) {
            values.push(DerivedValue::with_unit("disk_iops", ops, SourceUnit::PerSecond));
        }
        if let Some(rate) = sum(Metric::NetworkInMbps, Metric::NetworkOutMbps) {
            values.push(DerivedValue::with_unit(
                "network_throughput_mbps",
                rate,
                SourceUnit::MegabitsPerSecond,
            ));
        }
        let (total, used) = (
            size_in(row, &["RAM.TotalSizeInMB"], Mib),
            size_in(row, &["RAM.UsedSizeInMB.Avg"], Mib),
        );
        if let Some((total, used)) = total
            .zip(used)
            .filter(|(total, used)| *total > 0.0 && used <= total)
        {
            values.push(DerivedValue::with_unit(
                "memory_utilization_percent",
                used / total * 100.0,
                Percent,
            ));
        }
        values
    }

    fn networks(&self, row: &Row) -> Vec<NetworkFact> {
        let ip_addresses = list(row, &["IPAddress"], &[',', ';']);
        let cards = list(row, &["MACAddress"], &[',', ';']);
        if cards.len() <= 1 {
            let mac_address = cards.into_iter().next();
            return named_cards([NetworkFact {
                mac_address,
                ip_addresses,
                ..NetworkFact::default()
            }]);
        }
        // Nothing says which address is on which card.
        let addresses = NetworkFact {
            ip_addresses,
            ..NetworkFact::default()
        };
        let cards = cards.into_iter().map(|mac| NetworkFact {
            mac_address: Some(mac),
            ..NetworkFact::default()
        });
        named_cards(std::iter::once(addresses).chain(cards))
    }

    fn metrics(&self, row: &Row) -> Vec<MetricFact> {
        let pair = |metric, stem: &str, factor: f64| {
            let value =
                |ending: &str| number_in(row, &[&format!("{stem}.{ending}")]).map(|value| value * factor);
            MetricFact::of(metric, value("Avg"), value("Max"))
        };
        let cpu = MetricFact::of(
            Metric::CpuUtilizationPercent,
            percent_in(row, &["CPU.UsagePct.Avg"]),
            percent_in(row, &["CPU.UsagePct.Max"]),
        );
        let facts = [
            cpu,
            pair(Metric::MemoryUsedGib, "RAM.UsedSizeInMB", 1.0 / 1_024.0),
            pair(Metric::DiskReadOps, "DiskReadsOpsPerSecond", 1.0),
            pair(Metric::DiskWriteOps, "DiskWritesOpsPerSecond", 1.0),
            pair(Metric::DiskReadMbPerSecond, "DiskReadsPerSecondInKB", MEGABYTES),
            pair(Metric::DiskWriteMbPerSecond, "DiskWritesPerSecondInKB", MEGABYTES),
            pair(Metric::NetworkInMbps, "NetworkReadsPerSecondInKB", MEGABITS),
            pair(Metric::NetworkOutMbps, "NetworkWritesPerSecondInKB", MEGABITS),
        ];
        facts.into_iter().flatten().collect()
    }

    fn tags(&self, row: &Row) -> Vec<(String, String)> {
        list(row, &["Tags"], &[','])
            .iter()
            .filter_map(|tag| tag.split_once(':'))
            .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn load_tags_and_identity_are_read() {
        let row = json!({
            "ExternalId": "srv-1", "VMware.MoRefId": "vm-1", "VMware.VCenterId": "vc", "RAM.TotalSizeInMB": "32768",
            "RAM.UsedSizeInMB.Avg": "16384", "CPU.UsagePct.Max": "60", "DiskReadsOpsPerSecond.Max": "300",
            "NetworkReadsPerSecondInKB.Avg": "1000", "Tags": "owner:finance, tier:1",
        });
        let row = row.as_object().unwrap();
        assert_eq!(AwsAds.identities(row), [IdentityFact::new("source_id", "srv-1")]);
        assert_eq!(
            AwsAds.tags(row),
            [("owner".into(), "finance".into()), ("tier".into(), "1".into())]
        );
        assert_eq!(
            AwsAds.role(row, &BTreeSet::new()),
            RowRole::asset(AssetType::VirtualMachine)
        );
        let metrics = AwsAds.metrics(row);
        let of = |metric| metrics.iter().find(|fact| fact.metric == metric).unwrap();
        assert_eq!(of(Metric::MemoryUsedGib).average, Some(16.0));
        assert_eq!(
            (
                of(Metric::CpuUtilizationPercent).average,
                of(Metric::CpuUtilizationPercent).maximum
            ),
            (None, Some(60.0))
        );
        assert_eq!(of(Metric::NetworkInMbps).average, Some(8.192));
        assert!(AwsAds.derived(row).contains(&DerivedValue::with_unit(
            "memory_utilization_percent",
            50.0,
            Percent
        )));
    }

    #[test]
    fn a_row_without_name_is_called_by_its_id_and_one_without_both_is_left_out() {
        let row = json!({"ExternalId": "srv-2", "HostName": ""});
        assert_eq!(
            AwsAds.derived(row.as_object().unwrap())[0],
            DerivedValue::new("name", "srv-2")
        );
        let row = json!({"ExternalId": "", "OS.Name": "Linux"});
        assert!(matches!(
            AwsAds.role(row.as_object().unwrap(), &BTreeSet::new()),
            RowRole::Skipped { .. }
        ));
    }

    #[test]
    fn addresses_without_a_card_of_their_own_stand_apart() {
        let row =
            json!({"IPAddress": "10.0.0.1,10.0.0.2", "MACAddress": "00:11:22:33:44:55,00:11:22:33:44:66"});
        let cards = AwsAds.networks(row.as_object().unwrap());
        assert_eq!(
            (
                cards.len(),
                cards[0].ip_addresses.len(),
                cards[2].mac_address.as_deref()
            ),
            (3, 2, Some("00:11:22:33:44:66"))
        );
    }
}
