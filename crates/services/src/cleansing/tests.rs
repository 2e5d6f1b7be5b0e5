//! Whole rows.

mod properties;

use landfall_domain::fields::{FIELDS, FieldValue};
use serde_json::{Map, Value, json};

use super::*;

fn mapping(source: &str, target: &str) -> ColumnMapping {
    ColumnMapping {
        source_field: source.to_owned(),
        target: Some(target.to_owned()),
        rules: TransformationRules::default(),
    }
}

fn ruled(source: &str, target: &str, rules: &Value) -> ColumnMapping {
    ColumnMapping {
        rules: TransformationRules::from_json(rules).unwrap(),
        ..mapping(source, target)
    }
}

fn row(json: Value) -> Map<String, Value> {
    match json {
        Value::Object(map) => map,
        _ => panic!("a row is an object"),
    }
}

fn cleanse(mappings: &[ColumnMapping], json: Value) -> Cleansed {
    Cleanser::new(mappings).unwrap().cleanse(&row(json), 7)
}

fn value(cleansed: &Cleansed, name: &str) -> Value {
    cleansed.get(name).map_or(Value::Null, FieldValue::to_json)
}

#[test]
fn a_row_becomes_fields_in_their_units_and_the_rest_stays_under_its_names() {
    let cleansed = cleanse(
        &[
            mapping("VM", "name"),
            mapping("Powerstate", "power_state"),
            ruled(
                "Memory",
                "memory_gb",
                &json!({"unit": "mib", "decimal_style": "point"}),
            ),
            ruled(
                "Provisioned MiB",
                "storage_gb",
                &json!({"unit": "mib", "decimal_style": "point"}),
            ),
            mapping("Primary IP Address", "ip_address"),
            mapping("OS", "operating_system"),
        ],
        json!({
            "VM": "APDC03", "Powerstate": "poweredOn", "Memory": "16,384", "Provisioned MiB": "206,848",
            "Primary IP Address": "10.0.0.7", "OS": "Microsoft Windows Server 2012 (64-bit)",
            "Heartbeat": "green", "Annotation": "", "Num": 3,
        }),
    );
    assert_eq!(value(&cleansed, "name"), "APDC03");
    assert_eq!(value(&cleansed, "power_state"), "On");
    assert_eq!(value(&cleansed, "memory_gb"), 16.0);
    assert_eq!(value(&cleansed, "storage_gb"), 202.0);
    assert_eq!(
        value(&cleansed, "operating_system"),
        "Microsoft Windows Server 2012"
    );
    assert_eq!(value(&cleansed, "os_version"), "2012");
    assert_eq!(value(&cleansed, "os_architecture"), "x64");
    assert_eq!(
        Value::Object(cleansed.custom_attributes),
        json!({"Heartbeat": "green", "Num": 3})
    );
    assert!(cleansed.issues.is_empty());
    assert_eq!(cleansed.changes, 6);
}

#[test]
fn what_cannot_be_used_is_reported_with_its_row_column_value_and_rule_and_kept() {
    let cleansed = cleanse(
        &[
            mapping("host", "hostname"),
            mapping("ip", "ip_address"),
            mapping("cores", "cpu_cores"),
            mapping("ram", "memory_gb"),
            mapping("crit", "criticality"),
            mapping("serial", "serial_number"),
            mapping("cpu", "cpu_utilization_percent"),
        ],
        json!({
            "host": "web01", "ip": "invalid_ip", "cores": "-4", "ram": "NaN", "crit": "very much",
            "serial": "A".repeat(129), "cpu": "104%",
        }),
    );
    let mut seen: Vec<(&str, &str)> = cleansed
        .issues
        .iter()
        .map(|i| (i.column.as_str(), i.rule))
        .collect();
    seen.sort_unstable();
    assert_eq!(
        seen,
        [
            ("cores", "range"),
            ("cpu", "range"),
            ("crit", "criticality"),
            ("ip", "ip_address"),
            ("ram", "number"),
            ("serial", "length"),
        ]
    );
    assert!(
        cleansed
            .issues
            .iter()
            .all(|issue| issue.row_number == 7 && !issue.message.is_empty())
    );
    assert_eq!(cleansed.custom_attributes["ip"], "invalid_ip");
    assert_eq!(cleansed.custom_attributes.len(), 6);
    assert_eq!(value(&cleansed, "hostname"), "web01");
    assert!(cleansed.get("ip_address").is_none());
}

#[test]
fn nothing_is_invented_for_what_a_source_does_not_say() {
    let targets: Vec<ColumnMapping> = FIELDS
        .iter()
        .map(|field| mapping(field.name, field.name))
        .collect();
    let nothing: Map<String, Value> = FIELDS
        .iter()
        .map(|field| (field.name.to_owned(), json!("N/A")))
        .collect();
    let cleansed = Cleanser::new(&targets).unwrap().cleanse(&nothing, 1);
    assert!(
        cleansed.fields.is_empty() && cleansed.issues.is_empty() && cleansed.custom_attributes.is_empty()
    );
    let critical = cleanse(&[mapping("c", "criticality")], json!({"c": "Critical"}));
    assert_eq!(value(&critical, "criticality"), "Critical");
}

#[test]
fn of_two_columns_for_one_field_the_first_usable_wins_and_the_other_is_kept() {
    let mappings = [
        ruled("OS config", "operating_system", &json!({"priority": 2})),
        ruled("OS tools", "operating_system", &json!({"priority": 1})),
        mapping("IP 1", "ip_address"),
        mapping("IP 2", "ip_address"),
    ];
    let cleansed = cleanse(
        &mappings,
        json!({"OS config": "Other Linux", "OS tools": "Ubuntu 22.04", "IP 1": "bad", "IP 2": "10.0.0.2"}),
    );
    assert_eq!(value(&cleansed, "operating_system"), "Ubuntu 22.04");
    assert_eq!(cleansed.custom_attributes["OS config"], "Other Linux");
    assert_eq!(value(&cleansed, "ip_address"), "10.0.0.2");
    assert_eq!(cleansed.issues.len(), 1);
    let second = cleanse(&mappings, json!({"OS config": "Other Linux", "OS tools": ""}));
    assert_eq!(value(&second, "operating_system"), "Other Linux");
}

#[test]
fn lists_from_several_columns_are_joined() {
    let cleansed = cleanse(
        &[
            mapping("depends_on", "dependencies"),
            mapping("servers", "dependencies"),
            mapping("t", "tags"),
        ],
        json!({"depends_on": "app-users", "servers": "web-01;web-02;app-users", "t": {"env": "prod"}}),
    );
    assert_eq!(
        value(&cleansed, "dependencies"),
        json!(["app-users", "web-01", "web-02"])
    );
    assert_eq!(value(&cleansed, "tags"), json!(["env=prod"]));
}

#[test]
fn host_names_are_divided_and_give_the_asset_its_name() {
    let dotted = cleanse(&[mapping("h", "hostname")], json!({"h": "WEB01.Corp.Example"}));
    assert_eq!(value(&dotted, "hostname"), "web01");
    assert_eq!(value(&dotted, "fqdn"), "web01.corp.example");
    assert_eq!(value(&dotted, "name"), "WEB01");

    let bare = cleanse(&[mapping("DNS Name", "fqdn")], json!({"DNS Name": "Web01"}));
    assert_eq!(value(&bare, "hostname"), "web01");
    assert!(bare.get("fqdn").is_none());

    let both = cleanse(
        &[mapping("h", "hostname"), mapping("f", "fqdn")],
        json!({"h": "web01", "f": "web01.corp.example"}),
    );
    assert_eq!(value(&both, "hostname"), "web01");
    assert_eq!(value(&both, "fqdn"), "web01.corp.example");

    let contradicting = cleanse(
        &[mapping("h", "hostname"), mapping("f", "fqdn")],
        json!({"h": "web01.a.example", "f": "web01.b.example"}),
    );
    assert_eq!(value(&contradicting, "fqdn"), "web01.b.example");
    assert_eq!(contradicting.custom_attributes["hostname"], "web01.a.example");

    let asset = cleanse(
        &[mapping("a", "asset_name"), mapping("h", "hostname")],
        json!({"a": "Web server 1", "h": "web01"}),
    );
    assert_eq!(value(&asset, "name"), "Web server 1");
}

#[test]
fn a_version_or_architecture_that_a_column_states_is_not_overwritten() {
    let cleansed = cleanse(
        &[
            mapping("os", "operating_system"),
            mapping("v", "os_version"),
            mapping("a", "os_architecture"),
        ],
        json!({"os": "Windows Server 2022 (64-bit)", "v": "10.0.20348", "a": "x86"}),
    );
    assert_eq!(
        value(&cleansed, "operating_system"),
        "Windows Server 2022 (64-bit)"
    );
    assert_eq!(value(&cleansed, "os_version"), "10.0.20348");
    assert_eq!(value(&cleansed, "os_architecture"), "x86");
}

#[test]
fn words_of_the_source_are_translated_before_they_are_read() {
    let cleansed = cleanse(
        &[
            ruled(
                "operational_status",
                "status",
                &json!({"value_map": {"1": "Operational", "6": "Retired"}}),
            ),
            ruled(
                "IsPhysical",
                "is_virtual",
                &json!({"value_map": {"TRUE": "no", "false": "yes"}}),
            ),
        ],
        json!({"operational_status": 6, "IsPhysical": true}),
    );
    assert_eq!(value(&cleansed, "status"), "Retired");
    assert_eq!(value(&cleansed, "is_virtual"), false);
}

#[test]
fn a_value_that_says_more_than_its_field_holds_is_kept_beside_it() {
    let cleansed = cleanse(
        &[
            mapping("r", "six_r_strategy"),
            mapping("t", "asset_type"),
            mapping("ip", "ip_address"),
        ],
        json!({"r": "Relocate", "t": "Printer", "ip": "10.0.0.1, 10.0.0.2"}),
    );
    assert_eq!(value(&cleansed, "six_r_strategy"), "rehost");
    assert_eq!(value(&cleansed, "asset_type"), "other");
    assert_eq!(
        Value::Object(cleansed.custom_attributes),
        json!({"r": "Relocate", "t": "Printer", "ip": "10.0.0.1, 10.0.0.2"})
    );
    assert!(cleansed.issues.is_empty());
}

#[test]
fn money_is_minor_units_and_other_currencies_are_not_mixed_in() {
    let mappings = [ruled(
        "Annual Cost (USD)",
        "current_monthly_cost",
        &json!({"unit": "per_year", "currency": "USD"}),
    )];
    let json = json!({"Annual Cost (USD)": "3400"});
    let free = Cleanser::new(&mappings).unwrap().cleanse(&row(json.clone()), 1);
    assert_eq!(value(&free, "current_monthly_cost"), 28_333);
    let euro = Cleanser::new(&mappings)
        .unwrap()
        .with_currency("EUR", 2)
        .cleanse(&row(json), 1);
    assert!(euro.get("current_monthly_cost").is_none());
    assert_eq!(euro.issues[0].rule, "currency");
}

#[test]
fn a_mapping_to_no_field_is_refused() {
    let error = Cleanser::new(&[mapping("x", "client_account_id")]).err().unwrap();
    assert_eq!(
        error.to_string(),
        "column 'x' is mapped to 'client_account_id', which is no asset field"
    );
}

#[test]
fn columns_are_found_in_any_order() {
    let mappings = [
        mapping("b", "name"),
        mapping("d", "hostname"),
        mapping("a", "datacenter"),
    ];
    let cleansed = cleanse(
        &mappings,
        json!({"c": "x", "d": "h", "a": "dc", "e": "y", "b": "n"}),
    );
    assert_eq!(cleansed.fields.len(), 3);
    assert_eq!(cleansed.custom_attributes.len(), 2);
}
