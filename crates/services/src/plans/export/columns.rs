//! Files for the tools that move servers.

use super::{Planned, Sheet, table};
use crate::plans::PlanError;
use landfall_domain::{AssetType, SixrStrategy};

/// AWS Application Migration Service, user guide, "Importing your data inventory", import parameters.
const MGN: [&str; 10] = [
    "mgn:account-id",
    "mgn:region",
    "mgn:wave:name",
    "mgn:wave:description",
    "mgn:app:name",
    "mgn:server:user-provided-id",
    "mgn:server:platform",
    "mgn:server:fqdn-for-action-framework",
    "mgn:server:tag:Name",
    "mgn:server:tag:Environment",
];

/// Cloud Migration Factory on AWS, intake form.
const CMF: [&str; 11] = [
    "wave_name",
    "app_name",
    "aws_accountid",
    "aws_region",
    "server_name",
    "server_os_family",
    "server_os_version",
    "server_fqdn",
    "server_tier",
    "server_environment",
    "r_type",
];

/// Azure Migrate, "Inventory to wave mapping": the import reads the column `Wave Name` alone.
const AZURE: [&str; 10] = [
    "Workload name",
    "Workload type",
    "Application",
    "Environment",
    "Operating system",
    "Cores",
    "Memory (MB)",
    "Storage (GB)",
    "Migration strategy",
    "Wave Name",
];

/// Assets that these tools move: machines, in a wave.
fn machines(sheet: &Sheet) -> impl Iterator<Item = &Planned> {
    sheet.assets.iter().filter(|planned| {
        planned.wave > 0
            && matches!(
                planned.asset.asset_type,
                AssetType::Server | AssetType::VirtualMachine | AssetType::Database | AssetType::Unknown
            )
    })
}

pub(super) fn mgn(sheet: &Sheet) -> Result<Vec<u8>, PlanError> {
    // The service rehosts: what is done otherwise is not its work.
    let rehosted = machines(sheet).filter(|planned| {
        planned
            .strategy
            .is_none_or(|strategy| strategy == SixrStrategy::Rehost)
    });
    let rows = rehosted.map(|planned| {
        let dates = sheet.wave(planned.wave).map(|wave| wave.dates);
        vec![
            text(sheet.target.account_id.as_ref()),
            text(sheet.target.region.as_ref()),
            wave_name(planned),
            dates
                .map(|dates| format!("{} to {}", dates.start, dates.end))
                .unwrap_or_default(),
            application(planned),
            planned.asset.id.to_string(),
            platform(planned).to_owned(),
            address(planned),
            planned.asset.name.clone(),
            text(planned.asset.environment.as_ref()),
        ]
    });
    table(&MGN, rows)
}

pub(super) fn cmf(sheet: &Sheet) -> Result<Vec<u8>, PlanError> {
    let rows = machines(sheet).map(|planned| {
        let asset = &planned.asset;
        vec![
            wave_name(planned),
            application(planned),
            text(sheet.target.account_id.as_ref()),
            text(sheet.target.region.as_ref()),
            asset.hostname.clone().unwrap_or_else(|| asset.name.clone()),
            platform(planned).to_lowercase(),
            [asset.operating_system.as_deref(), asset.os_version.as_deref()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
            address(planned),
            if asset.asset_type == AssetType::Database {
                "db".to_owned()
            } else {
                "app".to_owned()
            },
            text(asset.environment.as_ref()).to_lowercase(),
            planned
                .strategy
                .map(|strategy| capitalised(strategy.as_str()))
                .unwrap_or_default(),
        ]
    });
    table(&CMF, rows)
}

pub(super) fn azure(sheet: &Sheet) -> Result<Vec<u8>, PlanError> {
    let rows = sheet
        .assets
        .iter()
        .filter(|planned| planned.wave > 0)
        .map(|planned| {
            let asset = &planned.asset;
            vec![
                asset.name.clone(),
                asset.asset_type.to_string(),
                text(planned.application.as_ref()),
                text(asset.environment.as_ref()),
                text(asset.operating_system.as_ref()),
                asset.cpu_cores.map(|cores| cores.to_string()).unwrap_or_default(),
                asset
                    .memory_gb
                    .map(|gb| format!("{:.0}", gb * 1024.0))
                    .unwrap_or_default(),
                asset.storage_gb.map(|gb| gb.to_string()).unwrap_or_default(),
                planned
                    .strategy
                    .map(|strategy| capitalised(strategy.as_str()))
                    .unwrap_or_default(),
                wave_name(planned),
            ]
        });
    table(&AZURE, rows)
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn wave_name(planned: &Planned) -> String {
    format!("Wave {}", planned.wave)
}

/// Both AWS tools hang servers on applications: one without stands for itself.
fn application(planned: &Planned) -> String {
    planned
        .application
        .clone()
        .unwrap_or_else(|| planned.asset.name.clone())
}

fn platform(planned: &Planned) -> &'static str {
    match planned.asset.operating_system.as_deref().map(str::to_lowercase) {
        Some(system) if system.contains("windows") => "Windows",
        Some(_) => "Linux",
        None => "",
    }
}

fn address(planned: &Planned) -> String {
    let asset = &planned.asset;
    [&asset.fqdn, &asset.hostname, &asset.ip_address]
        .into_iter()
        .flatten()
        .next()
        .cloned()
        .unwrap_or_default()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
