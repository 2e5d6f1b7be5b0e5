use serde_json::{Value, json};

use super::*;
use crate::imports::formats::{Place, recognise};

fn role(row: &Value, include: &[&str]) -> RowRole {
    RvTools.role(
        row.as_object().unwrap(),
        &include.iter().map(|word| (*word).to_owned()).collect(),
    )
}

fn code(row: &Value, include: &[&str]) -> &'static str {
    match role(row, include) {
        RowRole::Skipped { reason_code, .. } => reason_code,
        RowRole::Asset { asset_type } => asset_type.unwrap().as_str(),
        other => panic!("{other:?}"),
    }
}

fn headers(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

#[test]
fn old_new_and_machine_headers_are_recognised_with_their_version() {
    for (text, version) in [
        (
            "VM,Powerstate,CPUs,Memory,Provisioned MB,In Use MB,Owner,Datacenter,vCenter UUID",
            "3.x",
        ),
        (
            "VM,Powerstate,SRM Placeholder,CPUs,Memory,Provisioned MiB,In Use MiB,Cost centre,Datacenter,VI SDK UUID",
            "4.x",
        ),
        (
            "vInfoVMName,vInfoPowerstate,vInfoCPUs,vInfoMemory,vInfoProvisioned,vInfoOSTools",
            "4.x",
        ),
    ] {
        let (format, recognised) = recognise(&headers(text));
        assert_eq!(
            (format.id(), recognised.version.as_deref()),
            ("rvtools", Some(version)),
            "{text}"
        );
        assert!(recognised.score > 0.8);
    }
}

#[test]
fn machines_are_assets_and_the_rest_only_if_included() {
    assert_eq!(
        code(&json!({"VM": "web", "Template": "False"}), &[]),
        "virtual_machine"
    );
    let template = json!({"VM": "gold", "Template": "True"});
    assert_eq!(code(&template, &[]), "templates");
    assert_eq!(code(&template, &["templates"]), "virtual_machine");
    assert_eq!(
        code(&json!({"VM": "x", "SRM Placeholder": "TRUE"}), &[]),
        "placeholders"
    );
    assert_eq!(
        code(&json!({"VM": "vCLS-5c6d", "Template": "False"}), &[]),
        "vcls"
    );
    let host = json!({"Host": "esx01", "# Cores": "16", "ESX Version": "VMware ESXi 7.0"});
    assert_eq!(code(&host, &[]), "hosts");
    assert_eq!(code(&host, &["hosts"]), "server");
    assert_eq!(code(&json!({"VM": "", "CPUs": "2"}), &[]), "no_name");
}

#[test]
fn a_machine_is_known_by_its_id_within_the_vcenter() {
    let identities = |row: Value| RvTools.identities(row.as_object().unwrap());
    let with_id =
        identities(json!({"VM ID": "vm-1", "VI SDK UUID": "AB", "VM UUID": "u", "SMBIOS UUID": "s"}));
    assert_eq!(
        with_id,
        [
            IdentityFact::new("source_id", "vm-1@ab"),
            IdentityFact::new("system_uuid", "s")
        ]
    );
    let with_uuid = identities(json!({"VM UUID": "U-1"}));
    assert_eq!(
        with_uuid,
        [
            IdentityFact::new("source_id", "u-1"),
            IdentityFact::new("system_uuid", "U-1")
        ]
    );
    assert_eq!(identities(json!({"VM": "web"})), []);
}

#[test]
fn disks_cards_and_values_come_from_the_tabs() {
    let row = json!({
        "VM": "web", "Primary IP Address": "",
        "vDisk": [{"Disk": "Hard disk 1", "Capacity MiB": "81,920"}, {"Disk": "Hard disk 2", "Capacity MiB": "40960"}],
        "vPartition": [{"Disk": "/", "Capacity MiB": "81920", "Consumed MiB": "20.480"}],
        "vNetwork": [{"NIC label": "Network adapter 1", "Network": "app", "Mac Address": "00:50:56:aa:00:01", "IPv4 Address": "10.0.0.1, 10.0.0.2", "Connected": "TRUE"}],
        "vCPU": [{"Sockets": "2"}],
    });
    let row = row.as_object().unwrap();
    let disks = RvTools.disks(row);
    assert_eq!(
        (
            disks.len(),
            disks[0].capacity_gib,
            disks[2].used_gib,
            disks[2].is_partition
        ),
        (3, Some(80.0), Some(20.0), true)
    );
    let cards = RvTools.networks(row);
    assert_eq!((cards[0].ip_addresses.len(), cards[0].connected), (2, Some(true)));
    let derived = RvTools.derived(row);
    let value = |field: &str| {
        derived
            .iter()
            .find(|value| value.field == field)
            .map(|value| value.value.as_str())
    };
    assert_eq!(
        (
            value("storage_gb"),
            value("storage_used_gb"),
            value("cpu_sockets"),
            value("ip_address")
        ),
        (Some("120"), Some("20"), Some("2"), Some("10.0.0.1"))
    );
}

#[test]
fn without_the_tab_networks_are_those_of_the_machine() {
    let row =
        json!({"VM": "web", "Primary IP Address": "10.0.0.1", "Network #1": "app", "Network #2": "backup"});
    let cards = RvTools.networks(row.as_object().unwrap());
    assert_eq!(cards.len(), 2);
    assert_eq!(
        (cards[0].ip_addresses[0].as_str(), cards[1].network.as_deref()),
        ("10.0.0.1", Some("backup"))
    );
}

#[test]
fn tabs_are_known_by_their_names_and_by_their_columns() {
    let place = |name: &str, columns: &str| Tabs.place(name, &headers(columns));
    let machines = "VM,Powerstate,CPUs,Memory,VI SDK Server";
    assert_eq!(place("vInfo", machines), Place::Machines);
    assert_eq!(place("RVTools_tabvInfo.csv", machines), Place::Machines);
    assert_eq!(place("upload.csv", machines), Place::Machines);
    assert_eq!(place("tabvDisk", "VM,Disk,Capacity MiB"), Place::Side("vDisk"));
    assert_eq!(
        place("disks.csv", "VM,Disk,Disk Mode,Capacity MiB"),
        Place::Side("vDisk")
    );
    assert_eq!(place("vHost", "Host,# CPU"), Place::Hosts);
    assert_eq!(place("vHealth", "Name,Message"), Place::Ignored);
    assert_eq!(place("Sheet1", "hostname,ip"), Place::Foreign);
}

#[test]
fn keys_go_from_the_strongest_to_the_weakest() {
    let row = json!({"VM": "Web", "Host": "esx01", "VM ID": "vm-1", "VM UUID": "U", "VI SDK UUID": "S"});
    assert_eq!(
        Tabs.keys(row.as_object().unwrap()),
        ["id:vm-1@s", "uuid:u", "host:web@esx01", "name:web"]
    );
}
