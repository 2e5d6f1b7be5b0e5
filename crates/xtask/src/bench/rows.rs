//! The generated inventory: unique machines with the columns that a CMDB export has, the same for the same number of rows.

use std::io::{self, Write};

/// The header of the file.
pub(crate) const COLUMNS: [&str; 25] = [
    "Name",
    "Hostname",
    "FQDN",
    "IP Address",
    "MAC Address",
    "Serial Number",
    "Operating System",
    "OS Version",
    "CPU Cores",
    "Memory",
    "Storage",
    "Environment",
    "Location",
    "Data Center",
    "Rack",
    "Manufacturer",
    "Model",
    "Virtual",
    "Cluster",
    "Business Owner",
    "Technical Owner",
    "Department",
    "Application",
    "Criticality",
    "Description",
];

const SYSTEMS: [(&str, &str); 6] = [
    ("Red Hat Enterprise Linux", "8.9"),
    ("Ubuntu", "22.04 LTS"),
    ("Microsoft Windows Server 2019 Standard", "10.0.17763"),
    ("SUSE Linux Enterprise Server", "15 SP5"),
    ("Microsoft Windows Server 2012 R2", "6.3.9600"),
    ("Oracle Linux", "7.9"),
];
const ENVIRONMENTS: [&str; 5] = ["Production", "prod", "Test", "Development", "DR"];
const SITES: [(&str, &str); 4] = [
    ("Frankfurt", "FRA1"),
    ("Paris", "PAR2"),
    ("Dublin", "DUB1"),
    ("Warsaw", "WAW3"),
];
const HARDWARE: [(&str, &str); 4] = [
    ("Dell", "PowerEdge R740"),
    ("HPE", "ProLiant DL380 Gen10"),
    ("Lenovo", "ThinkSystem SR650"),
    ("VMware", "VMware7,1"),
];
const DEPARTMENTS: [&str; 5] = [
    "Finance",
    "Logistics",
    "Human Resources",
    "Sales",
    "Research, Development",
];
const OWNERS: [&str; 6] = [
    "Ada Keller",
    "Jan Novak",
    "Mina Rossi",
    "Tom O'Hara",
    "Zoë Lindt",
    "Erik Dahl",
];
const CRITICALITIES: [&str; 4] = ["Low", "Medium", "High", "Critical"];
/// Machines of one application.
const MACHINES_PER_APPLICATION: u64 = 20;

/// Writes the header and `rows` machines as CSV.
pub(crate) fn write_csv(rows: u64, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", COLUMNS.join(","))?;
    (0..rows).try_for_each(|number| write_machine(number, out))
}

fn write_machine(number: u64, out: &mut impl Write) -> io::Result<()> {
    let mut draw = Draw(number);
    let (system, version) = draw.of(&SYSTEMS);
    let (city, site) = draw.of(&SITES);
    let (maker, model) = draw.of(&HARDWARE);
    let host = format!("srv{number:07}");
    let [_, a, b, c] = u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes();
    let cores = 1_u64 << draw.below(6);
    let memory = match draw.below(3) {
        0 => format!("{} GB", cores * 4),
        1 => format!("{} MB", cores * 4096),
        _ => format!("{}", cores * 8),
    };
    let storage = match draw.below(3) {
        0 => format!("{} GB", 50 + draw.below(950)),
        1 => format!("{}.5 TB", 1 + draw.below(8)),
        _ => format!("\"{},{:03} GB\"", 1 + draw.below(9), draw.below(1000)),
    };
    writeln!(
        out,
        "{host},{host},{host}.corp.example.com,10.{a}.{b}.{c},00:50:56:{a:02x}:{b:02x}:{c:02x},SN{:012X},{system},{version},\
         {cores},{memory},{storage},{},{city},{site},{site}-R{:03},{maker},\"{model}\",{},CL-{site}-{:02},{},{},\"{}\",\
         Application {:05},{},\"Machine {number} of {city}, \"\"{}\"\" class\"",
        (draw.next() & 0xFFFF_FFFF_0000) | (number & 0xFFFF) | (number >> 16 << 48),
        draw.of(&ENVIRONMENTS),
        draw.below(400),
        if maker == "VMware" { "Yes" } else { "No" },
        draw.below(40),
        draw.of(&OWNERS),
        draw.of(&OWNERS),
        draw.of(&DEPARTMENTS),
        number / MACHINES_PER_APPLICATION,
        draw.of(&CRITICALITIES),
        draw.of(&["gold", "silver", "bronze"]),
    )
}

/// Draws that follow from a machine's number: the finalizer of `SplitMix64` over a counter.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn of<T: Copy, const N: usize>(&mut self, list: &[T; N]) -> T {
        let place = usize::try_from(self.next() % N as u64).unwrap_or_default();
        list[place % N]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_is_another_machine_with_every_column_and_the_file_is_the_same_each_time() {
        let text = |rows| {
            let mut out = Vec::new();
            write_csv(rows, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let file = text(70_000);
        assert_eq!(file, text(70_000));
        assert!(file.starts_with(&text(100)));
        let serials: HashSet<&str> = file
            .lines()
            .skip(1)
            .map(|line| line.split(',').nth(5).unwrap())
            .collect();
        assert_eq!(serials.len(), 70_000);
        let quotes_are_even = |line: &str| line.matches('"').count().is_multiple_of(2);
        let commas = |line: &str| {
            line.split('"')
                .step_by(2)
                .map(|part| part.matches(',').count())
                .sum::<usize>()
        };
        assert!(
            file.lines()
                .all(|line| quotes_are_even(line) && commas(line) == COLUMNS.len() - 1)
        );
    }
}
