use proptest::prelude::*;
use serde_json::json;

use super::*;

fn table(text: &str) -> Result<(Table, Notes), FileFault> {
    table_within(text, &Limits::default())
}

fn table_within(text: &str, limits: &Limits) -> Result<(Table, Notes), FileFault> {
    let notes = Notes::default();
    let source = ByteSource::Memory(text.as_bytes().into());
    let table = Json::open(source, "assets.json", &notes, limits)?.table(&notes)?;
    Ok((table, notes))
}

fn rows(text: &str) -> Result<Vec<SourceRow>, FileFault> {
    table(text)?.0.rows.collect()
}

fn names(text: &str) -> Vec<(u64, String)> {
    rows(text)
        .unwrap()
        .into_iter()
        .map(|row| (row.row_number, row.data["name"].as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn every_layout_gives_the_same_records() {
    let expected = [(1, "web".to_owned()), (2, "db]}".to_owned())];
    for text in [
        r#"[{"name":"web","x":{"y":[1,{"z":2}]}}, {"name":"db]}"}]"#,
        "{\"name\":\"web\"}\n{\"name\":\"db]}\"}\n",
        "{\"name\":\"web\"} {\"name\":\"db]}\"}",
        "{\n  \"name\": \"web\"\n}\n{\n  \"name\": \"db]}\"\n}\n",
        r#"{"result":[{"name":"web"},{"name":"db]}"}]}"#,
        r#"{"count": 2, "next": null, "results": [ {"name":"web"}, {"name":"db]}"} ], "links": {"a": [1]}}"#,
        "\u{feff}[{\"name\":\"web\"},{\"name\":\"db]}\"}]\r\n",
    ] {
        assert_eq!(names(text), expected, "{text}");
    }
}

#[test]
fn a_record_with_a_column_named_like_an_envelope_is_a_record() {
    let rows = rows("{\"name\":\"web\",\"data\":[{\"a\":1}]}\n{\"name\":\"db\",\"data\":[]}\n").unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].data["data"], json!([{"a": 1}]));
}

#[test]
fn a_broken_line_is_a_fault_of_its_row_only() {
    let rows = rows("{\"name\":\"a\"}\n{\"name\": oops}\n\n{\"name\":\"b\"}\n").unwrap();
    let faults: Vec<_> = rows
        .iter()
        .map(|row| (row.row_number, row.faults.first().map(|fault| fault.rule)))
        .collect();
    assert_eq!(faults, [(1, None), (2, Some("invalid_json")), (4, None)]);
}

#[test]
fn broken_files_are_refused_with_their_place() {
    for (text, code) in [
        (r#"[{"name":"a"},"#, "broken_json"),
        (r#"[{"name":"a"} {"name":"b"}]"#, "broken_json"),
        (r#"[{"name":"a"}] trailing"#, "broken_json"),
        (r#"{"result":[{"name":"a"}] "#, "broken_json"),
        (r#"[{"name":"a""#, "broken_json"),
        (r#"[{"name":oops}]"#, "broken_json"),
        ("[1,2,3]", "not_an_object"),
        ("[[1]]", "not_an_object"),
        ("[]", "no_rows"),
        (r#"{"result":[]}"#, "no_rows"),
        ("[{}]", "not_tabular"),
    ] {
        let fault = rows(text).map(|_| ()).unwrap_err();
        assert_eq!(fault.code(), code, "{text}: {fault}");
    }
}

#[test]
fn columns_are_those_of_the_first_records_and_later_ones_are_noted() {
    let mut records: Vec<String> = (0..AHEAD)
        .map(|n| format!("{{\"name\":\"{n}\",\"c{}\":1}}", n % 3))
        .collect();
    records.push("{\"name\":\"last\",\"new\":1}".to_owned());
    let text = format!("[{}]", records.join(","));
    let (table, notes) = table(&text).unwrap();
    let mut columns = table.columns.clone();
    columns.sort();
    assert_eq!(columns, ["c0", "c1", "c2", "name"]);
    let last = table.rows.last().unwrap().unwrap();
    assert_eq!(last.data["new"], 1);
    assert_eq!(notes.list()[0].code, "late_column");
}

#[test]
fn a_record_beyond_the_limit_is_refused() {
    let limits = Limits {
        record_bytes: 1_000,
        ..Limits::default()
    };
    for text in [
        format!("[{{\"name\":\"{}\"}}]", "x".repeat(2_000)),
        format!("{{\"name\":\"{}", "x".repeat(2_000)),
    ] {
        assert_eq!(
            table_within(&text, &limits).map(|_| ()).unwrap_err().code(),
            "record_too_long"
        );
    }
    let wide = (0..3_000)
        .map(|n| format!("\"c{n}\":1"))
        .collect::<Vec<_>>()
        .join(",");
    assert_eq!(
        rows(&format!("[{{{wide}}}]")).unwrap_err().code(),
        "too_many_columns"
    );
}

#[test]
fn nesting_beyond_reason_is_refused_without_overflow() {
    let deep = format!("[{{\"a\":{}1{}}}]", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(rows(&deep).unwrap_err().code(), "broken_json");
}

proptest! {
    #[test]
    fn records_survive_whatever_their_texts(texts in proptest::collection::vec("[a\"\\\\{}\\[\\],:\n€]{0,12}", 1..6)) {
        let records: Vec<Value> = texts.iter().map(|text| json!({ "name": text, "n": 1 })).collect();
        let array = serde_json::to_string_pretty(&records).unwrap();
        let lines = records.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        for text in [array, lines] {
            let read: Vec<String> =
                rows(&text).unwrap().iter().map(|row| row.data["name"].as_str().unwrap().to_owned()).collect();
            prop_assert_eq!(&read, &texts);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[\\[{][a\"\\\\{}\\[\\],: \n1]{0,200}") {
        let _ = rows(&text);
    }
}
