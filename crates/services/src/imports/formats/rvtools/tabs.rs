//! The tabs of an export and how their rows belong together.

use crate::imports::formats::cells::said;
use crate::imports::formats::columns::normal;
use crate::imports::formats::{Joined, Place, Row};

/// Tabs that add to machines, and what tells them by their columns where the file has another name.
const SIDES: [(&str, &[&str]); 8] = [
    ("vCPU", &["vm", "sockets", "cores p/s"]),
    ("vMemory", &["vm", "size mib", "consumed"]),
    ("vDisk", &["vm", "disk mode", "capacity mib"]),
    ("vPartition", &["vm", "consumed mib", "capacity mib"]),
    ("vNetwork", &["vm", "nic label", "mac address"]),
    ("vSnapshot", &["vm", "date / time", "size mib (total)"]),
    ("vTools", &["vm", "tools version", "upgradeable"]),
    ("vFloppy", &[]),
];
/// Tabs that are about something else than single machines, or add nothing to an inventory.
const IGNORED: [&str; 22] = [
    "vcd",
    "vusb",
    "vhealth",
    "vswitch",
    "dvswitch",
    "vport",
    "dvport",
    "vsc_vmk",
    "vnic",
    "vhba",
    "vdatastore",
    "vrp",
    "vcluster",
    "vsource",
    "vlicense",
    "vmultipath",
    "vmetadata",
    "vfileinfo",
    "vconsolidate",
    "vrdm",
    "vcontainer",
    "vlistview",
];

/// How tabs belong together: by VM ID within the vCenter, else VM UUID, else name and host, else name.
pub(super) struct Tabs;

impl Joined for Tabs {
    fn place(&self, name: &str, columns: &[String]) -> Place {
        let headers: Vec<String> = columns.iter().map(|column| normal(column)).collect();
        let has = |header: &str| headers.iter().any(|known| known == header);
        let is_machines = (has("vm") && has("powerstate") && has("cpus") && has("memory"))
            || (has("vinfovmname") && has("vinfocpus") && has("vinfopowerstate"));
        match tab_name(name).as_str() {
            "vinfo" if is_machines => Place::Machines,
            "vhost" if has("host") || has("vhostname") => Place::Hosts,
            tab => match SIDES.iter().find(|(side, _)| side.eq_ignore_ascii_case(tab)) {
                Some((side, _)) if has("vm") || has(&format!("{tab}vmname")) => Place::Side(side),
                _ if IGNORED.contains(&tab) => Place::Ignored,
                _ if is_machines
                    && (has("vi sdk server")
                        || has("os according to the vmware tools")
                        || has("vinfoostools")) =>
                {
                    Place::Machines
                }
                _ => by_columns(&has),
            },
        }
    }

    fn keys(&self, row: &Row) -> Vec<String> {
        let text = |names: &[&str]| said(row, names).map(|text| text.to_lowercase());
        let vcenter = super::vcenter(row);
        let id = text(&["VM ID", "vInfoVMID", "vInfoObjectID"]).map(|id| format!("id:{id}@{vcenter}"));
        let uuid = text(&[
            "VM UUID",
            "vInfoUUID",
            "vDiskUUID",
            "vPartitionUUID",
            "vMemoryUUID",
            "vCPUUUID",
            "vNetworkUUID",
        ])
        .map(|uuid| format!("uuid:{uuid}"));
        let name = text(&[
            "VM",
            "vInfoVMName",
            "vDiskVMName",
            "vPartitionVMName",
            "vMemoryVMName",
            "vCPUVMName",
            "vNetworkVMName",
        ]);
        let host = text(&[
            "Host",
            "vInfoHost",
            "vDiskHost",
            "vPartitionHost",
            "vMemoryHost",
            "vCPUHost",
            "vNetworkHost",
        ]);
        let on_host = name
            .as_ref()
            .zip(host)
            .map(|(name, host)| format!("host:{name}@{host}"));
        let name = name.map(|name| format!("name:{name}"));
        [id, uuid, on_host, name].into_iter().flatten().collect()
    }

    fn is_key_column(&self, name: &str) -> bool {
        let name = normal(name);
        ["vm", "vm id", "vm uuid", "vi sdk uuid", "vi sdk server", "host"].contains(&name.as_str())
            || (name.starts_with('v') && (name.ends_with("vmname") || name.ends_with("uuid")))
    }
}

/// The tab out of the name of a sheet or file: `vInfo`, `tabvInfo`, `RVTools_tabvInfo.csv`.
fn tab_name(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let stem = lower.rsplit_once('.').map_or(lower.as_str(), |(stem, _)| stem);
    let stem = stem.strip_prefix("rvtools_").unwrap_or(stem);
    stem.strip_prefix("tab").unwrap_or(stem).to_owned()
}

fn by_columns(has: &impl Fn(&str) -> bool) -> Place {
    let side = SIDES
        .iter()
        .find(|(_, headers)| !headers.is_empty() && headers.iter().all(|header| has(header)));
    side.map_or(Place::Foreign, |(side, _)| Place::Side(side))
}
