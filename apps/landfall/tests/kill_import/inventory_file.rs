//! A file in which everything happens that an import does: new assets, rows that join known ones, rows without identity, rows
//! that claim another's name, values that cannot be used, missing cells, tags, applications, dependencies, old systems.

use std::fmt::Write;

/// Rows of the file.
pub(crate) const ROWS: u32 = 3_000;

/// The file.
pub(crate) fn text() -> String {
    let mut csv =
        "Hostname,FQDN,IP Address,Serial Number,Operating System,CPU Cores,Memory,Storage (GB),Environment,\
                   Application,Depends On,Tags,Favourite Colour\n"
            .to_owned();
    for number in 0..ROWS {
        // Every 23rd row states a machine of an earlier batch again, with another size.
        let machine = if number % 23 == 22 { number / 2 } else { number };
        let host = format!("node{machine:04}");
        // Every 41st claims the serial number of its neighbour.
        let serial = if number % 41 == 40 { machine - 1 } else { machine };
        let ip = match number % 29 {
            28 => "10.0.0.300".to_owned(),
            _ => format!("10.1.{}.{}", machine / 250, machine % 250 + 1),
        };
        let cores = if number % 31 == 30 {
            "-4".to_owned()
        } else {
            (1 << (number % 6)).to_string()
        };
        let system = [
            "Windows Server 2008 R2",
            "Red Hat Enterprise Linux 7.9",
            "Ubuntu 22.04",
            "Windows Server 2019",
        ][number as usize % 4];
        if number % 37 == 36 {
            // Nothing to recognise it by.
            let _ = writeln!(csv, ",,,,{system},2,4 GB,50,Test,,,,");
            continue;
        }
        if number % 53 == 52 {
            // It ends too early.
            let _ = writeln!(csv, "{host},{host}.example.net");
            continue;
        }
        let _ = writeln!(
            csv,
            "{host},{host}.example.net,{ip},SER{serial:05},{system},{cores},{} GB,{},{},Application {},\
             \"node{:04}, node{:04}, elsewhere{}\",\"tier={}; managed\",colour {}",
            4 + number % 60,
            20 + number % 900,
            ["Production", "Test", "Development"][number as usize % 3],
            number % 70,
            number * 7 % ROWS,
            number * 13 % ROWS,
            number % 5,
            number % 3,
            number % 11,
        );
    }
    csv
}
