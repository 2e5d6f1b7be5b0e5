//! Traffic that was observed between the machines, and the servers in the stores.

use super::super::table::{csv, scattered};
use super::{TIERS, names};

pub(super) fn traffic() -> Vec<u8> {
    let header = [
        "Timeslot",
        "Source server name",
        "Source application",
        "Source process",
        "Destination server name",
        "Destination IP",
        "Destination application",
        "Destination process",
        "Destination port",
    ];
    let mut rows = Vec::new();
    for source in TIERS {
        for (prefix, port) in source.needs {
            let Some(place) = TIERS.iter().position(|tier| tier.prefix == *prefix) else {
                continue;
            };
            let Some(target) = TIERS.get(place) else { continue };
            for (number, name) in names(source).enumerate() {
                let at = number % target.machines;
                for hour in ["00", "06", "12", "18"] {
                    rows.push([
                        format!("2026-09-14 {hour}:00"),
                        name.clone(),
                        source.application.to_owned(),
                        "service".to_owned(),
                        format!("{}{:02}", target.prefix, at + 1),
                        format!("10.40.{}.{}", place + 1, at + 11),
                        target.application.to_owned(),
                        "service".to_owned(),
                        port.to_string(),
                    ]);
                }
            }
        }
    }
    // Somebody outside, of whom only the address is known.
    let outside = [
        "2026-09-14 06:00",
        "shop-app01",
        "Online shop",
        "service",
        "",
        "203.0.113.80",
        "",
        "",
        "443",
    ];
    rows.push(outside.map(str::to_owned));
    csv(header, rows)
}

pub(super) fn stores() -> Vec<u8> {
    let header = [
        "Box",
        "Adress",
        "Runs on",
        "Mem",
        "Shop town",
        "Job",
        "Bought",
        "Remark",
    ];
    let towns = ["Gent", "Breda", "Aachen", "Lille", "Namur", "Venlo"];
    let rows = towns.iter().enumerate().flat_map(|(place, town)| {
        ["till", "label"]
            .into_iter()
            .enumerate()
            .map(move |(kind, usage)| {
                [
                    format!("{}-{usage}1", town.to_lowercase()),
                    format!("10.6{place}.1.{}", 10 + kind),
                    if place % 2 == 0 {
                        "win srv 2012"
                    } else {
                        "SLES 12 SP4"
                    }
                    .to_owned(),
                    format!("{}G", 8 << kind),
                    (*town).to_owned(),
                    usage.to_owned(),
                    format!("{}", 2013 + scattered(place * 2 + kind, 8)),
                    if place == 3 { "fan is loud" } else { "" }.to_owned(),
                ]
            })
    });
    csv(header, rows)
}
