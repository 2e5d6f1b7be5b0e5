//! What cells, names, ports and processes are read as.

use landfall_domain::AssetType;
use proptest::prelude::*;

use super::super::{
    AssetRef, DependencyHint, DependencyType, Evidence, NormalisedName, names_to_look_up, references,
};
use super::known;

/// `name`, `name:port`, `name:port/protocol`, with the kind behind a space.
fn cell(text: &str) -> Vec<String> {
    references(text)
        .into_iter()
        .map(|reference| {
            let port = reference.port.map(|port| format!(":{port}")).unwrap_or_default();
            let protocol = reference
                .protocol
                .map(|protocol| format!("/{protocol}"))
                .unwrap_or_default();
            let kind = reference.kind.map(|kind| format!(" {kind}")).unwrap_or_default();
            format!("{}{port}{protocol}{kind}", reference.name)
        })
        .collect()
}

#[test]
fn cells_name_other_assets_in_many_ways() {
    for (text, expected) in [
        ("DB001,LB001", &["DB001", "LB001"][..]),
        ("app-users;app-orders", &["app-users", "app-orders"]),
        ("SRV001, SRV002, DB001", &["SRV001", "SRV002", "DB001"]),
        ("web01|web02", &["web01", "web02"]),
        ("web01\nweb02", &["web01", "web02"]),
        ("Customer Portal", &["Customer Portal"]),
        ("Orders, Retail; Billing", &["Orders, Retail", "Billing"]),
        ("DB001,db001, DB001", &["DB001"]),
        ("[\"db01\", \"db02\"]", &["db01", "db02"]),
        ("[DB001, LB001]", &["DB001", "LB001"]),
        ("[db01:1433, db02]", &["db01:1433", "db02"]),
        (
            "[{\"name\": \"db01\", \"port\": 5432, \"protocol\": \"TCP\"}]",
            &["db01:5432/tcp"],
        ),
        (
            "{\"display_value\": \"db01\", \"link\": \"https://x/1\"}",
            &["db01"],
        ),
        ("db01:1433", &["db01:1433"]),
        ("db01:1433/tcp", &["db01:1433/tcp"]),
        ("10.0.0.5:3306, 10.0.0.6", &["10.0.0.5:3306", "10.0.0.6"]),
        ("fd00::4", &["fd00::4"]),
        ("[fd00::4]:5432", &["fd00::4:5432"]),
        ("[fd00::4]", &["[fd00::4]"]),
        (
            "jdbc:postgresql://db01.corp:5432/orders?ssl=true",
            &["db01.corp:5432 database"],
        ),
        (
            "jdbc:sqlserver://db01:1433;databaseName=orders",
            &["db01:1433 database"],
        ),
        ("jdbc:oracle:thin:@ora01:1521:ORCL", &["ora01:1521 database"]),
        ("jdbc:oracle:thin:@//ora01:1521/svc", &["ora01:1521 database"]),
        ("mongodb://user:secret@m1:27017/db", &["m1:27017 database"]),
        ("https://api.corp/orders", &["api.corp application"]),
        ("nfs://filer01/export", &["filer01 storage"]),
        ("00:50:56:01:02:03", &["00:50:56:01:02:03"]),
        ("N/A", &[]),
        ("none, -, db01", &["db01"]),
        ("", &[]),
        ("[]", &[]),
        (",;|", &[]),
    ] {
        assert_eq!(cell(text), expected, "{text}");
    }
}

#[test]
fn names_are_compared_in_one_form() {
    for (text, expected) in [
        (" DB001 ", Some("db001")),
        ("\"Web01.Corp.Example.\"", Some("web01.corp.example")),
        ("Customer   Portal", Some("customer portal")),
        ("10.0.0.05", Some("10.0.0.05")),
        ("2001:0DB8:0:0::1", Some("2001:db8::1")),
        ("::ffff:10.0.0.5", Some("10.0.0.5")),
        ("[fd00::4]", Some("fd00::4")),
        ("N/A", None),
        ("...", None),
        ("", None),
    ] {
        assert_eq!(
            NormalisedName::of(text).as_ref().map(NormalisedName::as_str),
            expected,
            "{text}"
        );
    }
    let hints = [
        DependencyHint::stated(
            AssetRef::named("Web01"),
            AssetRef::Named(vec!["db01".into(), "10.0.0.5".into()]),
            "x",
            1,
        ),
        DependencyHint::stated(known(1, AssetType::Server), AssetRef::named("web01."), "x", 2),
        DependencyHint::stated(AssetRef::named("n/a"), AssetRef::named("DB01"), "x", 3),
    ];
    let names = names_to_look_up(&hints);
    assert_eq!(
        names.iter().map(NormalisedName::as_str).collect::<Vec<_>>(),
        ["10.0.0.5", "db01", "web01"]
    );
}

#[test]
fn the_kind_comes_from_the_most_telling_evidence() {
    use DependencyType::{Application, Database, Hosting, Network, Storage};
    let none = Evidence::default();
    for (evidence, expected) in [
        (
            Evidence {
                port: Some(1433),
                ..none
            },
            Database,
        ),
        (
            Evidence {
                port: Some(1521),
                ..none
            },
            Database,
        ),
        (
            Evidence {
                port: Some(27_017),
                ..none
            },
            Database,
        ),
        (
            Evidence {
                port: Some(2049),
                ..none
            },
            Storage,
        ),
        (
            Evidence {
                port: Some(445),
                ..none
            },
            Storage,
        ),
        (
            Evidence {
                port: Some(636),
                ..none
            },
            Network,
        ),
        (
            Evidence {
                port: Some(25),
                ..none
            },
            Network,
        ),
        (
            Evidence {
                port: Some(443),
                ..none
            },
            Application,
        ),
        (
            Evidence {
                port: Some(54_321),
                process: Some("C:\\SQL\\sqlservr.exe"),
                ..none
            },
            Database,
        ),
        (
            Evidence {
                process: Some("oraclegate"),
                stated: Some(Network),
                ..none
            },
            Network,
        ),
        (
            Evidence {
                process: Some("nfsd"),
                ..none
            },
            Storage,
        ),
        (
            Evidence {
                to: Some(AssetType::Database),
                ..none
            },
            Database,
        ),
        (
            Evidence {
                to: Some(AssetType::LoadBalancer),
                stated: Some(Application),
                ..none
            },
            Network,
        ),
        (
            Evidence {
                from: Some(AssetType::Application),
                to: Some(AssetType::VirtualMachine),
                ..none
            },
            Hosting,
        ),
        (
            Evidence {
                from: Some(AssetType::Server),
                to: Some(AssetType::Server),
                ..none
            },
            Application,
        ),
        (
            Evidence {
                stated: Some(Hosting),
                port: Some(1433),
                ..none
            },
            Hosting,
        ),
        (
            Evidence {
                stated: Some(Network),
                port: Some(1433),
                ..none
            },
            Database,
        ),
        (none, Application),
    ] {
        assert_eq!(DependencyType::classify(evidence), expected, "{evidence:?}");
    }
    for kind in DependencyType::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
}

#[test]
fn public_addresses_are_told_from_private_ones() {
    for (text, public) in [
        ("52.1.2.3", true),
        ("2600:1f18::1", true),
        ("10.0.0.1", false),
        ("100.64.3.2", false),
        ("169.254.1.1", false),
        ("192.0.2.1", false),
        ("fd00::4", false),
        ("2001:db8::1", false),
        ("web01", false),
    ] {
        assert_eq!(
            NormalisedName::of(text).unwrap().is_public_address(),
            public,
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn any_cell_is_read_without_panic_and_every_name_is_one(text in "\\PC{0,60}") {
        for reference in references(&text) {
            prop_assert!(!reference.name.trim().is_empty());
            prop_assert_ne!(reference.port, Some(0));
        }
    }

    #[test]
    fn normalising_twice_changes_nothing(text in "\\PC{0,40}") {
        if let Some(name) = NormalisedName::of(&text) {
            prop_assert_eq!(NormalisedName::of(name.as_str()), Some(name));
        }
    }
}
