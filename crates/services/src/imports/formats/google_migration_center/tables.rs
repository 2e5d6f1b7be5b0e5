//! How the tables belong together: by `MachineId`.

use crate::imports::formats::cells::said;
use crate::imports::formats::columns::normal;
use crate::imports::formats::google_migration_center::samples::Samples;
use crate::imports::formats::joined::Plain;
use crate::imports::formats::{Collector, Joined, Place, Row};

/// See the module.
pub(super) struct Tables;

impl Joined for Tables {
    fn place(&self, _name: &str, columns: &[String]) -> Place {
        let headers: Vec<String> = columns.iter().map(|column| normal(column)).collect();
        let has = |wanted: &[&str]| {
            wanted
                .iter()
                .all(|header| headers.iter().any(|known| known == header))
        };
        if !has(&["machineid"]) {
            Place::Foreign
        } else if has(&["machinename"]) {
            Place::Machines
        } else if has(&["disklabel"]) {
            Place::Side("diskInfo")
        } else if has(&["key", "value"]) {
            Place::Side("tagInfo")
        } else if has(&["timestamp"]) {
            Place::Side("perfInfo")
        } else {
            Place::Foreign
        }
    }

    fn keys(&self, row: &Row) -> Vec<String> {
        said(row, &["MachineId"])
            .map(|id| format!("id:{id}"))
            .into_iter()
            .collect()
    }

    fn is_key_column(&self, name: &str) -> bool {
        normal(name) == "machineid"
    }

    fn collect(&self, side: &str) -> Box<dyn Collector> {
        if side == "perfInfo" {
            Box::<Samples>::default()
        } else {
            Box::<Plain>::default()
        }
    }
}
