//! What holds for every text.

use landfall_domain::fields::{FIELDS, FieldValue, field};
use proptest::prelude::*;
use serde_json::json;

use super::row;
use crate::cleansing::*;

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-+0-9.,' %eE/a-zäöüA-Z:;€$()_]{0,40}",
        "[0-9]{1,4}[-/.][0-9]{1,4}[-/.][0-9]{1,4}( [0-9:]{1,8})?",
    ]
}

proptest! {
    #[test]
    fn cleansing_never_panics_and_loses_nothing(text in any_text(), style in 0_usize..3, order in 0_usize..4) {
        let style = [None, Some(DecimalStyle::Point), Some(DecimalStyle::Comma)][style];
        let orders = [None, Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst), Some(DateOrder::ExcelSerial)];
        let rules = TransformationRules {
            decimal_style: style,
            date_order: orders[order],
            unit: Some(SourceUnit::Mib),
            ..TransformationRules::default()
        };
        let _ = dates::parse(&text, orders[order]);
        for field in FIELDS {
            let mapping = ColumnMapping {
                source_field: "c".to_owned(),
                target: Some(field.name.to_owned()),
                rules: rules.clone(),
            };
            let cleanser = Cleanser::new(&[mapping]).unwrap();
            let cleansed = cleanser.cleanse(&row(json!({"c": text.clone()})), 1);
            for issue in &cleansed.issues {
                prop_assert!(cleansed.custom_attributes.contains_key(&issue.column));
            }
            for (field, value) in &cleansed.fields {
                if let (Some(most), Some(text)) = (field.max_length, value.as_text()) {
                    prop_assert!(text.chars().count() <= most);
                }
                prop_assert!(!value.to_json().to_string().contains("\\u0000"));
            }
        }
    }

    #[test]
    fn numbers_written_in_either_style_are_read_back(whole in 0_u64..1_000_000_000, cents in 0_u32..100, negative: bool) {
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let expected = (whole as f64 + f64::from(cents) / 100.0) * if negative { -1.0 } else { 1.0 };
        let sign = if negative { "-" } else { "" };
        for (style, group, decimal) in [
            (DecimalStyle::Point, ",", '.'),
            (DecimalStyle::Point, "'", '.'),
            (DecimalStyle::Comma, ".", ','),
            (DecimalStyle::Comma, "\u{a0}", ','),
            (DecimalStyle::Point, "", '.'),
        ] {
            let written = format!("{sign}{}{decimal}{cents:02}", grouped(whole, group));
            let (read, rest) = numbers::scan(&written, Some(style)).unwrap();
            prop_assert!((read - expected).abs() < 1e-6 && rest.is_empty(), "{} -> {}", written, read);
            let mut evidence = numbers::DecimalEvidence::default();
            evidence.observe(&written);
            prop_assert_eq!(evidence.decide(false), Some(style));
        }
    }

    #[test]
    fn cleansed_addresses_are_already_cleansed(v4 in any::<[u8; 4]>(), v6 in any::<[u16; 8]>(), mac in any::<[u8; 6]>()) {
        let rules = TransformationRules::default();
        let mac = mac.map(|b| format!("{b:02X}")).join("-");
        for (name, text) in [
            ("ip_address", std::net::Ipv4Addr::from(v4).to_string()),
            ("ip_address", std::net::Ipv6Addr::from(v6).to_string().to_uppercase()),
            ("mac_address", mac),
        ] {
            let field = field(name).unwrap();
            if let Reading::Value(FieldValue::Text(once)) = read(field, &rules, &text).unwrap() {
                prop_assert_eq!(read(field, &rules, &once).unwrap(), Reading::Value(FieldValue::Text(once)));
            }
        }
    }
}

fn grouped(number: u64, mark: &str) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push_str(mark);
        }
        grouped.push(digit);
    }
    grouped
}
