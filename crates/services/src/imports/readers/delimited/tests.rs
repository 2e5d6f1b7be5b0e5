use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn open(bytes: &[u8]) -> Result<(Delimited, Notes), FileFault> {
    let notes = Notes::default();
    let file = Delimited::open(
        ByteSource::Memory(bytes.into()),
        "assets.csv",
        &notes,
        &Limits::default(),
    )?;
    Ok((file, notes))
}

fn rows(bytes: &[u8]) -> Result<Vec<SourceRow>, FileFault> {
    open(bytes)?.0.table(&Notes::default())?.rows.collect()
}

fn codes(notes: &Notes) -> Vec<&'static str> {
    notes.list().into_iter().map(|note| note.code).collect()
}

#[test]
fn the_delimiter_is_the_one_that_makes_even_rows() {
    for (text, delimiter) in [
        ("a,b\n1,2\n3,4\n", b','),
        ("VM;Memory\nweb;16,384\ndb;4,096\n", b';'),
        ("a\tb, c\n1\t2\n", b'\t'),
        ("a|b\n1|2\n", b'|'),
        ("name,servers\nx,\"a;b\"\ny,c;d;e\n", b','),
        ("name;note, long\n1;\"a;b, c\"\n2;d\n", b';'),
        (
            "hostname,ip_address,os_type\nserver01,1.1.1.1\nserver02,bad,Ubuntu,extra\nserver03\n",
            b',',
        ),
        ("sep=|\na,b|c\n1|2\n", b'|'),
    ] {
        assert_eq!(open(text.as_bytes()).unwrap().0.delimiter, delimiter, "{text}");
    }
}

#[test]
fn type_lines_titles_and_blank_lines_above_the_header_are_skipped() {
    let (file, notes) =
        open(b"#TYPE Microsoft.HyperV.PowerShell.VirtualMachine\n\"Name\",\"State\"\n\"web\",\"2\"\n")
            .unwrap();
    assert_eq!(file.header.columns, ["Name", "State"]);
    assert_eq!(codes(&notes), ["type_line_skipped"]);
    let rows = rows(b"\n\nServers 2026\nName,IP\nweb,10.0.0.1\n").unwrap();
    assert_eq!(
        (rows[0].row_number, &rows[0].data["Name"]),
        (5, &Value::from("web"))
    );
}

#[test]
fn ragged_rows_are_kept_with_their_faults() {
    let rows =
        rows(b"hostname,ip_address,os_type\nserver01,192.168.1.10\nserver02,x,Ubuntu,extra\nserver03\n")
            .unwrap();
    let rules: Vec<_> = rows
        .iter()
        .map(|row| (row.row_number, row.faults[0].rule))
        .collect();
    assert_eq!(
        rules,
        [(2, "too_few_cells"), (3, "too_many_cells"), (4, "too_few_cells")]
    );
    assert_eq!(rows[1].data["Column 4"], "extra");
    assert!(!rows[0].data.contains_key("os_type"));
}

#[test]
fn empty_rows_are_faults_in_the_middle_and_left_out_at_the_end() {
    let (file, notes) = open(b"a,b\n,\n1,2\n,\n,\n").unwrap();
    let rows: Vec<_> = file.table(&notes).unwrap().rows.map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].row_number, rows[0].faults[0].rule), (2, "empty_row"));
    assert_eq!(rows[1].row_number, 3);
    assert_eq!((notes.list()[0].code, notes.list()[0].count), ("empty_rows", 2));
}

#[test]
fn files_that_are_no_table_are_refused_with_advice() {
    for (text, code) in [
        ("a,b,c\n", "no_rows"),
        ("\n\n , \n", "empty_file"),
        (
            "Dear all,\nplease find attached the list that we spoke about.\n",
            "not_tabular",
        ),
        (
            "This is a letter without any columns at all in it.\nAnd a second line.\n",
            "not_tabular",
        ),
        ("a,b\n1,\"2\n", "unterminated_quote"),
        ("web,10.0.0.1\ndb,10.0.0.2\n", "no_header"),
    ] {
        let fault = rows(text.as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!(fault.code(), code, "{text}: {fault}");
    }
    let wide = (0..5_000)
        .map(|n| format!("column_{n}"))
        .collect::<Vec<_>>()
        .join(",");
    assert_eq!(
        rows(format!("{wide}\n{wide}\n").as_bytes()).unwrap_err().code(),
        "too_many_columns"
    );
}

#[test]
fn a_list_of_names_is_a_table_of_one_column() {
    assert_eq!(rows(b"hostname\nweb-01\ndb-01\n").unwrap().len(), 2);
}

#[test]
fn cells_escaped_against_formulas_are_unescaped_and_formulas_stay_text() {
    let rows = rows(b"name,note\n'=web,=1+1\n'ok,'@x\n").unwrap();
    assert_eq!(rows[0].data["name"], "=web");
    assert_eq!(rows[0].data["note"], "=1+1");
    assert_eq!(
        (&rows[1].data["name"], &rows[1].data["note"]),
        (&Value::from("'ok"), &Value::from("@x"))
    );
}

#[test]
fn invisible_characters_are_kept_and_reported() {
    let (file, notes) = open("name,ip\nweb\u{200B}01,x\nweb\u{202E}02,y\n".as_bytes()).unwrap();
    let rows: Vec<_> = file.table(&notes).unwrap().rows.map(Result::unwrap).collect();
    assert_eq!(rows[0].data["name"], "web\u{200B}01");
    assert_eq!(
        (notes.list()[0].code, notes.list()[0].count),
        ("invisible_characters", 2)
    );
}

/// Text of a cell as CSV, always quoted.
fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

fn encode(text: &str, encoding: usize) -> Vec<u8> {
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        2 => [0xFF, 0xFE]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect(),
        _ => [0xFE, 0xFF]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
            .collect(),
    }
}

proptest! {
    #[test]
    fn cells_survive_any_delimiter_encoding_and_line_ending(
        cells in proptest::collection::vec(proptest::collection::vec("[a-zäß€,;|\"' \n0-9]{0,12}", 3), 1..8),
        delimiter in proptest::sample::select(vec![",", ";", "\t", "|"]),
        line_end in proptest::sample::select(vec!["\n", "\r\n", "\r"]),
        encoding in 0_usize..4,
    ) {
        let mut text = ["alpha", "beta", "gamma"].join(delimiter) + line_end;
        for row in &cells {
            // A first cell that is never empty, so that no row is.
            let row: Vec<String> = std::iter::once(quoted(&format!("x{}", row[0]))).chain(row[1..].iter().map(|c| quoted(c))).collect();
            text += &(row.join(delimiter) + line_end);
        }
        let read = rows(&encode(&text, encoding)).unwrap();
        prop_assert_eq!(read.len(), cells.len());
        for (row, cells) in read.iter().zip(&cells) {
            prop_assert!(row.faults.is_empty());
            prop_assert_eq!(row.data["alpha"].as_str().unwrap(), format!("x{}", cells[0]));
            prop_assert_eq!(row.data["beta"].as_str().unwrap(), crate::imports::readers::unescape_formula(&cells[1]));
            prop_assert_eq!(row.data["gamma"].as_str().unwrap(), crate::imports::readers::unescape_formula(&cells[2]));
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = rows(&bytes);
    }

    #[test]
    fn no_text_of_delimiters_and_quotes_makes_the_reader_panic(text in "[a,;\"\r\n\t| ]{0,300}") {
        let _ = rows(text.as_bytes());
    }
}
