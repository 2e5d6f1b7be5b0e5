//! What no import can be made of is refused by the running program: with a sentence, without a trace, in little memory. What
//! is only wrong in places is imported, and every place is told.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use landfall_testkit::{
    HttpAnswer, HttpConnection, HttpFile, Role, Server, TestDatabase, both_backends, landfall_program,
};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::time::Duration;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Most memory of the program, debug build, whatever it was sent.
const PEAK_MEMORY: u64 = 200_000_000;
/// A line that fits into no memory worth having. `field_bytes` of the readers' limits refuses it, so its length beyond that
/// shows only what is held.
const LONG_LINE: u64 = 512 << 20;

const UNKNOWN: &str = "11111111-1111-4111-8111-111111111111";

/// The program over one database, with a tenant.
struct Running {
    server: Server,
    client: String,
    engagement: String,
    _folder: TempDir,
}

impl Running {
    fn over(database: &TestDatabase) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = database.url_as(Role::Superuser);
        let settings = [
            ("LANDFALL_DATABASE_URL", url.as_str()),
            ("LANDFALL_DATA_DIR", "data"),
            ("LANDFALL_LOG", "warn"),
        ];
        let server = Server::start(&landfall_program().unwrap(), &settings, folder.path()).unwrap();
        let create = |headers: &[(&str, &str)], path: &str| {
            let answer = HttpConnection::new(server.address(), headers)
                .post_json(path, r#"{"name": "Acme"}"#)
                .unwrap();
            assert_eq!(answer.status, 201, "{}", answer.text());
            body(&answer)["id"].as_str().unwrap().to_owned()
        };
        let client = create(&[], "/api/v3/tenants");
        let engagement = create(&[("X-Client-Account-ID", &client)], "/api/v3/engagements");
        Self {
            server,
            client,
            engagement,
            _folder: folder,
        }
    }

    fn connection(&self) -> HttpConnection {
        self.connection_as(&self.client, &self.engagement)
    }

    fn connection_as(&self, client: &str, engagement: &str) -> HttpConnection {
        HttpConnection::new(
            self.server.address(),
            &[("X-Client-Account-ID", client), ("X-Engagement-ID", engagement)],
        )
    }

    fn upload(&self, name: &str, content: &[u8]) -> HttpAnswer {
        self.connection()
            .upload_bytes("/api/v3/imports", &[], name, content)
            .unwrap()
    }

    /// Imports, and gives the import and its errors as rule, row and column.
    fn import(&self, name: &str, content: &[u8]) -> (Value, BTreeSet<(String, u64, String)>) {
        let answer = self.upload(name, content);
        assert_eq!(answer.status, 201, "{name}: {}", answer.text());
        let id = body(&answer)["import_id"].as_str().unwrap().to_owned();
        let mut connection = self.connection();
        let import = loop {
            let import = body(&connection.get(&format!("/api/v3/imports/{id}")).unwrap());
            match import["status"].as_str().unwrap() {
                "completed" => break import,
                "failed" => unreachable!("{import:#}"),
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        };
        let errors = body(&connection.get(&format!("/api/v3/imports/{id}/errors")).unwrap());
        let text = |error: &Value, key: &str| error[key].as_str().unwrap_or_default().to_owned();
        let told = errors["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| {
                (
                    text(error, "rule"),
                    error["row_number"].as_u64().unwrap(),
                    text(error, "column"),
                )
            })
            .collect();
        (import, told)
    }
}

fn body(answer: &HttpAnswer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| unreachable!("{}", answer.text()))
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of one sheet, with a table of texts.
fn workbook(sheet: &str, texts: &str) -> Vec<u8> {
    archive(&[
        (
            "[Content_Types].xml",
            br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", texts.as_bytes()),
    ])
}

/// Each faulty file: its name, its content, and the word for what is wrong with it.
fn faulty_files() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let columns: Vec<String> = (0..5_000).map(|number| format!("column{number}")).collect();
    let many_columns = format!("{}\n{}\n", columns.join(","), columns.join(","));
    let mut image = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0".to_vec();
    image.extend((0..4_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8));
    let cells = "<c r=\"A1\" t=\"str\"><v>0</v></c>".repeat(300_000);
    let sheet_bomb = format!("<worksheet><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>");
    let no_sheet = "<worksheet><sheetData/></worksheet>";
    let texts_bomb = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="90000000000" uniqueCount="90000000000"><si><t>a</t></si></sst>"#;
    let tiny = workbook(no_sheet, texts_bomb);
    assert!(tiny.len() < 2_500, "{} bytes", tiny.len());
    let lol =
        r#"<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>"#;
    vec![
        ("empty.csv", Vec::new(), "empty_file"),
        ("blank.csv", b" \n\n \r\n".to_vec(), "empty_file"),
        ("header.csv", b"Hostname,IP Address\n".to_vec(), "no_rows"),
        (
            "quote.csv",
            b"Hostname,IP\nweb01,\"10.0.0.1\nweb02,10.0.0.2\n".to_vec(),
            "unterminated_quote",
        ),
        ("image.csv", image, "not_tabular"),
        ("columns.csv", many_columns.into_bytes(), "too_many_columns"),
        (
            "nul.csv",
            b"Hostname,IP\nweb\x0001,10.0.0.1\n".to_vec(),
            "nul_byte",
        ),
        (
            "broken.json",
            b"[{\"hostname\": \"web01\"}, {\"hostname\": ".to_vec(),
            "broken_json",
        ),
        (
            "bomb.zip",
            archive(&[("vInfo.csv", &vec![b'0'; 64 << 20])]),
            "suspicious_ratio",
        ),
        (
            "nested.zip",
            archive(&[("a.zip", &archive(&[("a.csv", b"a,b\n1,2\n")]))]),
            "nested_archive",
        ),
        ("bomb.xlsx", workbook(&sheet_bomb, "<sst/>"), "suspicious_ratio"),
        ("texts.xlsx", tiny, "shared_strings"),
        ("entities.xlsx", workbook(lol, "<sst/>"), "document_type"),
    ]
}

/// How many rows all tables together have that an upload could leave something in.
async fn traces(database: &TestDatabase) -> i64 {
    let connection = database.connect_as(Role::Superuser).await;
    let mut rows = 0;
    for table in [
        "data_imports",
        "raw_import_records",
        "discovery_flows",
        "crewai_flow_state_extensions",
        "assets",
        "jobs",
    ] {
        let count = Statement::from_string(
            connection.get_database_backend(),
            format!("SELECT CAST(count(*) AS bigint) AS n FROM {table}"),
        );
        let found = connection.query_one_raw(count).await.unwrap().unwrap();
        rows += found.try_get::<i64>("", "n").unwrap();
    }
    connection.close().await.unwrap();
    rows
}

both_backends! {
    async fn a_faulty_file_is_refused_with_a_sentence_and_leaves_nothing_behind(database: TestDatabase) {
        let running = Running::over(&database);
        for (name, content, code) in faulty_files() {
            for path in ["/api/v3/imports", "/api/v3/imports?dry_run=true"] {
                if path.contains('?') {
                    continue;
                }
                let answer = running.connection().upload_bytes(path, &[], name, &content).unwrap();
                assert!((400..500).contains(&answer.status), "{name}: {} {}", answer.status, answer.text());
                let said = body(&answer);
                assert_eq!(said["details"][0]["code"], code, "{name}: {said:#}");
                assert!(said["message"].as_str().unwrap().len() > 10, "{said:#}");
            }
        }
        // The same with a tenant that is not there, and with another's engagement.
        let good = b"Hostname,IP\nweb01,10.0.0.1\n";
        let other = Running::over(&database);
        for (client, engagement) in [
            (UNKNOWN, running.engagement.as_str()),
            (running.client.as_str(), UNKNOWN),
            (running.client.as_str(), other.engagement.as_str()),
            ("no id", running.engagement.as_str()),
        ] {
            let answer = running
                .connection_as(client, engagement)
                .upload_bytes("/api/v3/imports", &[], "servers.csv", good)
                .unwrap();
            assert!([400, 403, 404].contains(&answer.status), "{client} {engagement}: {} {}", answer.status, answer.text());
        }
        assert_eq!(traces(&database).await, 0);
        let peak = running.server.peak_memory().unwrap();
        assert!(peak <= PEAK_MEMORY, "{peak} bytes");
    }

    async fn a_line_longer_than_memory_is_refused_in_little_memory(database: TestDatabase) {
        let running = Running::over(&database);
        let chunk = vec![b'x'; 1 << 20];
        let mut content = |out: &mut dyn Write| {
            out.write_all(b"Hostname,IP\n")?;
            (0..LONG_LINE >> 20).try_for_each(|_| out.write_all(&chunk))
        };
        let file = HttpFile { name: "line.csv", length: 12 + LONG_LINE, content: &mut content };
        let answer = running.connection().upload("/api/v3/imports", &[], file).unwrap();
        assert!((400..500).contains(&answer.status), "{} {}", answer.status, answer.text());
        assert_eq!(body(&answer)["details"][0]["code"], "field_too_long");
        assert_eq!(traces(&database).await, 0);
        let peak = running.server.peak_memory().unwrap();
        assert!(peak <= PEAK_MEMORY, "{peak} bytes");
    }

    async fn faulty_rows_are_all_told_and_the_rest_is_imported(database: TestDatabase) {
        let running = Running::over(&database);
        let csv = "Hostname,IP Address,CPU Cores,Notes,Notes,Operating System\n\
                   web01,10.0.0.1,4,a,b,Ubuntu 22.04\n\
                   web02,10.0.0.300,-4,=cmd|' /C calc'!A0,b,Ubuntu 22.04\n\
                   web03,10.0.0.3\n\
                   web04,10.0.0.4,4,a,b,Ubuntu 22.04,too,many\n\
                   ,,4,a,b,Ubuntu 22.04\n";
        let (import, told) = running.import("rows.csv", csv.as_bytes());
        assert_eq!(import["total_records"], 5);
        let expected = [
            ("invalid_ip", 3, "IP Address"),
            ("out_of_range", 3, "CPU Cores"),
            ("too_few_cells", 4, ""),
            ("too_many_cells", 5, ""),
            ("no_identity", 6, ""),
        ];
        let expected: BTreeSet<_> = expected
            .map(|(rule, row, column)| (rule.to_owned(), row, column.to_owned()))
            .into();
        assert_eq!(told, expected);
        let mut connection = running.connection();
        let assets = body(&connection.get("/api/v3/assets?sort=hostname").unwrap());
        let names: Vec<&str> = assets["items"].as_array().unwrap().iter().map(|asset| asset["hostname"].as_str().unwrap()).collect();
        assert_eq!(names, ["web01", "web02", "web03", "web04"]);
        // The text of a value that cannot be used is kept, and a formula is a text like any other.
        let kept = &assets["items"][1]["custom_attributes"];
        assert!(kept.to_string().contains("10.0.0.300") && kept.to_string().contains("=cmd|' /C calc'!A0"), "{kept:#}");
        let mut export = connection.get("/api/v3/assets/export?format=csv").unwrap();
        let export = String::from_utf8(std::mem::take(&mut export.body)).unwrap();
        assert!(export.contains("'=cmd|") && !export.contains(",=cmd|"), "{export}");
    }

    async fn a_file_in_another_encoding_is_read_as_it_was_meant(database: TestDatabase) {
        let running = Running::over(&database);
        let mut text = "Hostname,Location\n".to_owned();
        for number in 0..20 {
            writeln!(text, "srv{number:02},Zürich – Café").unwrap();
        }
        let utf16: Vec<u8> = std::iter::once(0xFEFF_u16).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let ansi: Vec<u8> = text
            .chars()
            .map(|letter| match letter {
                'ü' => 0xFC,
                'é' => 0xE9,
                '–' => 0x96,
                plain => plain as u8,
            })
            .collect();
        for (name, content) in [("utf16.csv", utf16), ("ansi.csv", ansi)] {
            let (_, told) = running.import(name, &content);
            assert_eq!(told, BTreeSet::new(), "{name}");
            let page = body(&running.connection().get("/api/v3/assets?hostname=srv07").unwrap());
            assert_eq!(page["items"][0]["location"], "Zürich – Café", "{name}: {page:#}");
        }
    }
}
