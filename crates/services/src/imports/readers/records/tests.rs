use super::*;

fn read(text: &str, delimiter: u8) -> Result<Vec<(u64, Vec<String>)>, FileFault> {
    let mut reader = RecordReader::new(text.as_bytes(), delimiter, &Limits::default());
    let mut records = Vec::new();
    while let Some(record) = reader.next()? {
        records.push((record.row, record.cells().map(str::to_owned).collect()));
    }
    Ok(records)
}

fn row(number: u64, cells: &[&str]) -> (u64, Vec<String>) {
    (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

#[test]
fn rows_are_counted_as_a_spreadsheet_does() {
    let expected = [row(1, &["a", "b"]), row(3, &["1\n2", ""]), row(6, &["", "x\"y"])];
    assert_eq!(read("a,b\n\n\"1\n2\",\n\n\n,\"x\"\"y\"", b',').unwrap(), expected);
    assert_eq!(
        read("a,b\r\n\r\n\"1\n2\",\r\n\r\n\r\n,\"x\"\"y\"\r\n", b',').unwrap(),
        expected
    );
    assert_eq!(
        read("a;b\r\r\"1\n2\";\r\r\r;\"x\"\"y\"\r", b';').unwrap(),
        expected
    );
    assert_eq!(read("", b',').unwrap(), []);
    assert_eq!(read("\n\r\n", b',').unwrap(), []);
}

#[test]
fn an_open_quote_is_refused_with_its_line() {
    let fault = read("a,b\n1,\"x\ny\"\n\"z\nw\",\"open\n1,2\n1,2\n", b',').unwrap_err();
    assert!(
        matches!(fault, FileFault::UnterminatedQuote { line: 5 }),
        "{fault}"
    );
    assert_eq!(read("a\n\"closed\"", b',').unwrap().len(), 2);
}

#[test]
fn an_open_quote_before_a_long_rest_is_refused_with_its_line() {
    let text = format!("a,b\n1,2\n3,\"open\n{}", "1,2\n".repeat(1 << 20));
    let fault = read(&text, b',').unwrap_err();
    assert!(
        matches!(fault, FileFault::UnterminatedQuote { line: 3 }),
        "{fault}"
    );
}

#[test]
fn limits_name_the_row() {
    let long = format!("a\nb\n{}\n", "x".repeat((1 << 20) + 1));
    assert!(matches!(
        read(&long, b',').unwrap_err(),
        FileFault::FieldTooLong {
            row: 3,
            column: 1,
            ..
        }
    ));
    let wide = format!("a,b\n{}\n", ",".repeat(5_000));
    assert!(matches!(
        read(&wide, b',').unwrap_err(),
        FileFault::TooManyColumns { row: 2, limit: 2_000 }
    ));
    let heavy = format!("{}\n", vec!["y".repeat(1 << 20); 17].join(","));
    assert!(matches!(
        read(&heavy, b',').unwrap_err(),
        FileFault::RecordTooLong { row: 1, .. }
    ));
    let allowed = format!("{}\n", vec!["y".repeat(1 << 20); 15].join(","));
    assert_eq!(read(&allowed, b',').unwrap()[0].1.len(), 15);
    assert_eq!(read(&",".repeat(1_999), b',').unwrap()[0].1.len(), 2_000);
    assert!(read(&",".repeat(2_000), b',').is_err());
}

/// An endless reader that counts what was taken from it.
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        buffer.fill(b'x');
        self.0 += buffer.len() as u64;
        Ok(buffer.len())
    }
}

#[test]
fn a_line_without_end_is_refused_in_bounded_memory() {
    let mut reader = RecordReader::new(Endless(0), b',', &Limits::default());
    assert_eq!(reader.next().map(|_| ()).unwrap_err().code(), "field_too_long");
    assert!(
        reader.input.0 < 3 << 20,
        "read {} bytes before refusing",
        reader.input.0
    );
    assert!(reader.cells.len() < 3 << 20);
}
