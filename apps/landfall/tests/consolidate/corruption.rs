//! The proof is one: whatever is changed by force, in the target or in the archive, is found and named.

use crate::chance::Chance;
use crate::content::{self, texts};
use crate::program::Program;
use landfall_testkit::{LegacyDatabase, TestDatabase};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, Statement, TransactionTrait};
use serde_json::Value;

/// A column of the target whose values a run wrote.
#[derive(Clone, Debug)]
struct Column {
    table: String,
    name: String,
    data_type: String,
    is_nullable: bool,
    labels: Vec<String>,
}

/// One value that was changed by force.
#[derive(Debug)]
struct Corruption {
    column: Column,
    row: String,
    before: Option<String>,
    after: Option<String>,
    source_table: Option<String>,
}

/// A transaction in which no trigger and no foreign key stands in the way.
async fn by_force(connection: &DatabaseConnection) -> DatabaseTransaction {
    let transaction = connection.begin().await.unwrap();
    transaction
        .execute_unprepared("SET LOCAL session_replication_role = replica")
        .await
        .unwrap();
    transaction
}

async fn columns(connection: &DatabaseConnection) -> Vec<Column> {
    let question = "SELECT json_build_object('table', c.table_name, 'name', c.column_name, 'type', c.data_type, \
            'nullable', c.is_nullable = 'YES', 'labels', (SELECT coalesce(json_agg(m[1]), '[]') FROM pg_constraint k, \
                regexp_matches(pg_get_constraintdef(k.oid), '''([^'']+)''', 'g') AS m \
                WHERE k.contypid = to_regtype('landfall.' || c.domain_name)))::text \
        FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) \
        WHERE c.table_schema = 'landfall' AND t.table_type = 'BASE TABLE' AND c.table_name NOT LIKE 'consolidation%' \
          AND c.table_name <> 'seaql_migrations' AND NOT (c.table_name = 'legacy_archive' AND c.column_name IN \
              ('id', 'run_id', 'archived_at')) \
        ORDER BY c.table_name, c.ordinal_position";
    let mut columns = Vec::new();
    let mut filled: Vec<(String, bool)> = Vec::new();
    for line in texts(connection, question).await {
        let line: Value = serde_json::from_str(&line).unwrap();
        let table = line["table"].as_str().unwrap().to_owned();
        let known = filled.iter().find(|(known, _)| *known == table);
        let is_filled = if let Some((_, is_filled)) = known {
            *is_filled
        } else {
            let count = content::number(connection, &format!("SELECT count(*) FROM landfall.{table}")).await;
            filled.push((table.clone(), count > 0));
            count > 0
        };
        if is_filled {
            columns.push(Column {
                table,
                name: line["name"].as_str().unwrap().to_owned(),
                data_type: line["type"].as_str().unwrap().to_owned(),
                is_nullable: line["nullable"].as_bool().unwrap(),
                labels: serde_json::from_value(line["labels"].clone()).unwrap(),
            });
        }
    }
    columns
}

impl Column {
    /// An expression for another value, small where there is something small to change.
    fn other_value(&self, chance: &mut Chance) -> String {
        let name = format!("\"{}\"", self.name);
        if self.is_nullable && chance.below(6) == 0 {
            return "NULL".to_owned();
        }
        if !self.labels.is_empty() {
            return format!("'{}'", self.labels[chance.below(self.labels.len())]);
        }
        match self.data_type.as_str() {
            "uuid" => format!("md5(coalesce({name}::text, '') || 'x')::uuid"),
            "integer" | "bigint" => format!("coalesce({name}, 0) + 1"),
            "double precision" => {
                format!("CASE WHEN {name} > 0.5 THEN {name} - 0.0001 ELSE coalesce({name}, 0) + 0.0001 END")
            }
            "boolean" => format!("NOT coalesce({name}, false)"),
            "timestamp with time zone" => {
                format!("coalesce({name}, '2020-01-01Z') + interval '1 microsecond'")
            }
            "jsonb" => format!(
                "CASE jsonb_typeof({name}) WHEN 'object' THEN {name} || '{{\"by force\": 1}}' WHEN 'array' THEN {name} || '[1]' \
                 ELSE '{{}}' END"
            ),
            _ => match chance.below(3) {
                0 => format!("coalesce({name}, '') || 'x'"),
                1 => format!("coalesce({name}, '') || ' '"),
                _ => format!("upper(coalesce({name}, 'x'))"),
            },
        }
    }
}

/// Changes one value; none if the database refuses such a value, or it would be the same.
async fn corrupt(
    connection: &DatabaseConnection,
    columns: &[Column],
    chance: &mut Chance,
) -> Option<Corruption> {
    let tables: Vec<&str> = {
        let mut tables: Vec<&str> = columns.iter().map(|column| column.table.as_str()).collect();
        tables.dedup();
        tables
    };
    // Each table as likely as another, however many columns it has.
    let table = tables[chance.below(tables.len())];
    let of_table: Vec<&Column> = columns.iter().filter(|column| column.table == table).collect();
    let column = of_table[chance.below(of_table.len())].clone();
    let name = format!("\"{}\"", column.name);
    let archived = if table == "legacy_archive" {
        "source_table"
    } else {
        "NULL::text"
    };
    let transaction = by_force(connection).await;
    let question = format!(
        "SELECT ctid::text, {name}::text, {archived} FROM landfall.{table} ORDER BY md5(ctid::text || '{}') LIMIT 1",
        chance.below(1 << 20)
    );
    let row = transaction
        .query_one_raw(Statement::from_string(
            transaction.get_database_backend(),
            question,
        ))
        .await
        .unwrap()?;
    let (ctid, before): (String, Option<String>) =
        (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
    let value = column.other_value(chance);
    let update = format!(
        "UPDATE landfall.{table} SET {name} = {value} WHERE ctid = '{ctid}' AND {name} IS DISTINCT FROM ({value}) \
         RETURNING ctid::text, {name}::text"
    );
    let changed = transaction
        .query_one_raw(Statement::from_string(transaction.get_database_backend(), update))
        .await;
    // A constraint may forbid such a value, and the value may be that already.
    let changed = changed.ok().flatten()?;
    let corruption = Corruption {
        row: changed.try_get_by_index(0).unwrap(),
        after: changed.try_get_by_index(1).unwrap(),
        before,
        source_table: row.try_get_by_index(2).unwrap(),
        column,
    };
    transaction.commit().await.unwrap();
    (corruption.before != corruption.after).then_some(corruption)
}

/// Puts the value back.
async fn mend(connection: &DatabaseConnection, corruption: &Corruption) -> Result<(), DbErr> {
    let transaction = by_force(connection).await;
    let column = &corruption.column;
    let value = corruption.before.as_ref().map_or_else(
        || "NULL".to_owned(),
        |text| format!("'{}'", text.replace('\'', "''")),
    );
    let update = format!(
        "UPDATE landfall.{} SET \"{}\" = {value} WHERE ctid = '{}'",
        column.table, column.name, corruption.row
    );
    transaction.execute_unprepared(&update).await?;
    transaction.commit().await
}

impl Corruption {
    /// Whether a difference tells where it is: the table and column, or for the archive the legacy ones.
    fn is_named_by(&self, difference: &Value) -> bool {
        let is = |name: &str, value: &str| difference[name].as_str() == Some(value);
        if self.column.table == "legacy_archive" {
            return is("table", "legacy_archive")
                || self
                    .source_table
                    .as_deref()
                    .is_some_and(|table| is("source_table", table));
        }
        // A row under another key is a row that is missing and one too many.
        let is_key = matches!(
            self.column.name.as_str(),
            "id" | "client_account_id" | "flow_id" | "user_id"
        );
        is("table", &self.column.table) && (is_key || is("column", &self.column.name))
    }
}

#[track_caller]
fn assert_found(program: &Program, corruption: &Corruption, seed: u64) {
    let answer = program.consolidate(&["verify", "--json"]);
    assert_eq!(
        answer.code, 5,
        "seed {seed}: not found: {corruption:?}\n{}\n{}",
        answer.stdout, answer.stderr
    );
    let proof = answer.json();
    let differences = proof["differences"].as_array().unwrap();
    assert!(
        differences
            .iter()
            .any(|difference| corruption.is_named_by(difference)),
        "seed {seed}: {corruption:?} is named by none of {differences:#?}"
    );
}

async fn taken_over() -> (TestDatabase, Program, DatabaseConnection) {
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let program = Program::on(&database);
    program.consolidate(&["run"]).exits(0);
    let connection = content::connection(&database).await;
    (database, program, connection)
}

#[tokio::test]
async fn a_lost_row_an_added_row_and_swapped_values_are_found() {
    let (_database, program, connection) = taken_over().await;
    let faults = [
        (
            "DELETE FROM landfall.legacy_archive WHERE ctid = (SELECT min(ctid) FROM landfall.legacy_archive)",
            "legacy_archive",
        ),
        (
            "DELETE FROM landfall.raw_import_records WHERE ctid = (SELECT max(ctid) FROM landfall.raw_import_records)",
            "raw_import_records",
        ),
        (
            "INSERT INTO landfall.tags SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'name', 'more'))).* \
          FROM landfall.tags AS t LIMIT 1",
            "tags",
        ),
        // Sums and exclusive ors of the values alone stay the same.
        (
            "UPDATE landfall.assets AS a SET ip_address = b.ip_address FROM landfall.assets AS b \
          WHERE (a.name, b.name) IN (('srv-0000004', 'srv-0000010'), ('srv-0000010', 'srv-0000004'))",
            "assets",
        ),
    ];
    for (fault, table) in faults {
        let before = content::checksums(&connection).await;
        content::run(
            &connection,
            &format!("CREATE TABLE public.kept AS SELECT * FROM landfall.{table}"),
        )
        .await;
        let transaction = by_force(&connection).await;
        transaction.execute_unprepared(fault).await.unwrap();
        transaction.commit().await.unwrap();
        assert_ne!(content::checksums(&connection).await, before, "{fault}");
        program.consolidate(&["verify"]).exits(5).says(table);
        let transaction = by_force(&connection).await;
        let mend = format!(
            "DELETE FROM landfall.{table}; INSERT INTO landfall.{table} SELECT * FROM public.kept; DROP TABLE public.kept"
        );
        transaction.execute_unprepared(&mend).await.unwrap();
        transaction.commit().await.unwrap();
    }
    program.json(&["verify"]);
}

mod endurance {
    use super::{assert_found, columns, corrupt, mend, taken_over};
    use crate::chance::{Chance, times};

    /// Values unless more are asked for.
    const VALUES: u64 = 10;

    #[tokio::test]
    async fn every_single_value_that_is_changed_by_force_is_found_and_named() {
        let mut chance = Chance::from_settings();
        println!("seed {}", chance.seed());
        let (_database, program, connection) = taken_over().await;
        let columns = columns(&connection).await;
        assert!(columns.len() > 400, "{} columns", columns.len());
        let mut found = 0;
        let wanted = times("LANDFALL_SOAK_CORRUPTIONS", VALUES);
        while found < wanted {
            let Some(corruption) = corrupt(&connection, &columns, &mut chance).await else {
                continue;
            };
            assert_found(&program, &corruption, chance.seed());
            mend(&connection, &corruption).await.unwrap();
            found += 1;
            println!("  {}.{}", corruption.column.table, corruption.column.name);
        }
        program.json(&["verify"]);
        println!("{found} values changed by force, each found");
    }
}
