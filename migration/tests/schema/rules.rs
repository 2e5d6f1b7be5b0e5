//! What the schema refuses on both databases, and what it must take.

use crate::rows::{
    ID, STRANGER, TENANT, insert, number, one_row_in_every_table, run, table, uuid, without_foreign_keys,
};
use landfall_testkit::{Backend, Role, TestDatabase};
use migration::expected_tables;
use sea_orm_migration::sea_orm::ConnectionTrait;

/// Whether the table takes a row with these values. Foreign keys are not looked at.
async fn takes(database: &TestDatabase, name: &str, given: &[(&str, &str)]) -> bool {
    let connection = database.connect_as(Role::Superuser).await;
    let transaction = without_foreign_keys(&connection).await;
    let taken = transaction
        .execute_unprepared(&insert(database.backend(), &table(name), TENANT, given))
        .await
        .is_ok();
    transaction.rollback().await.unwrap();
    taken
}

landfall_testkit::both_backends! {
    async fn every_table_takes_a_row_with_its_required_columns_alone(database: TestDatabase) {
        one_row_in_every_table(&database).await;
        let connection = database.connect_as(Role::Superuser).await;
        for table in expected_tables() {
            let question = format!("SELECT count(*) FROM {}", table.name);
            assert_eq!(number(&connection, &question).await.unwrap(), 1, "{}", table.name);
        }
    }

    async fn values_of_the_wrong_type_are_refused(database: TestDatabase) {
        for (table, column, value) in [
            ("data_imports", "file_size", "'large'"),
            ("data_imports", "progress_percentage", "'half'"),
            ("data_imports", "summary", "'{broken'"),
            ("data_imports", "imported_by", "'ann'"),
            ("assets", "is_virtual", "'maybe'"),
            ("discovery_flows", "assessment_ready", "7"),
        ] {
            assert!(!takes(&database, table, &[(column, value)]).await, "{table}.{column} = {value}");
        }
    }

    async fn words_that_are_no_label_are_refused(database: TestDatabase) {
        for (table, column) in [
            ("assets", "asset_type"),
            ("assets", "six_r_strategy"),
            ("data_imports", "status"),
            ("crewai_flow_state_extensions", "flow_status"),
            ("jobs", "state"),
            ("import_field_mappings", "match_type"),
        ] {
            assert!(!takes(&database, table, &[(column, "'Server'")]).await, "{table}.{column}");
        }
        assert!(takes(&database, "assets", &[("asset_type", "'server'"), ("six_r_strategy", "'rearchitect'")]).await);
    }

    async fn numbers_out_of_range_are_refused(database: TestDatabase) {
        for (table, column, value) in [
            ("data_imports", "file_size", "-1"),
            ("data_imports", "progress_percentage", "100.5"),
            ("discovery_flows", "progress_percentage", "-1"),
            ("import_field_mappings", "confidence_score", "1.1"),
            ("asset_dependencies", "port", "65536"),
            ("asset_dependencies", "weight", "-0.1"),
            ("assets", "memory_gb", "-1"),
            ("engagements", "currency", "'EURO'"),
        ] {
            assert!(!takes(&database, table, &[(column, value)]).await, "{table}.{column} = {value}");
        }
    }

    async fn a_file_of_more_than_two_gibibytes_has_a_size(database: TestDatabase) {
        assert!(takes(&database, "data_imports", &[("file_size", "3000000000"), ("total_records", "3000000000")]).await);
    }

    async fn a_row_cannot_refer_to_another_tenants_row(database: TestDatabase) {
        one_row_in_every_table(&database).await;
        let connection = database.connect_as(Role::Superuser).await;
        let backend = database.backend();
        // The stranger has an account and an engagement of the same id, but no import.
        run(&connection, &insert(backend, &table("client_accounts"), STRANGER, &[("slug", "'y'")])).await.unwrap();
        run(&connection, &insert(backend, &table("engagements"), STRANGER, &[])).await.unwrap();
        let other = uuid(backend, "44444444-4444-7444-8444-444444444444");
        let record = [("id", other.as_str()), ("record_index", "2")];
        run(&connection, &insert(backend, &table("raw_import_records"), TENANT, &record)).await.unwrap();
        let refused = run(&connection, &insert(backend, &table("raw_import_records"), STRANGER, &record)).await;
        assert!(refused.unwrap_err().to_string().to_lowercase().contains("foreign key"));
    }

    async fn parts_go_with_their_asset_and_assets_stay_while_something_needs_them(database: TestDatabase) {
        one_row_in_every_table(&database).await;
        let connection = database.connect_as(Role::Superuser).await;
        let id = uuid(database.backend(), ID);
        // Nothing refers to the asset but its parts.
        run(&connection, "DELETE FROM raw_import_records").await.unwrap();
        run(&connection, &format!("DELETE FROM assets WHERE id = {id}")).await.unwrap();
        for part in ["asset_disks", "asset_identities", "asset_field_sources", "asset_dependencies", "application_assets"] {
            assert_eq!(number(&connection, &format!("SELECT count(*) FROM {part}")).await.unwrap(), 0, "{part}");
        }
        let refused = run(&connection, &format!("DELETE FROM crewai_flow_state_extensions WHERE flow_id = {id}")).await;
        assert!(refused.is_err(), "a flow was deleted although a discovery flow belongs to it");
    }

    async fn a_person_can_be_removed_and_what_they_did_stays(database: TestDatabase) {
        one_row_in_every_table(&database).await;
        let connection = database.connect_as(Role::Superuser).await;
        let id = uuid(database.backend(), ID);
        run(&connection, &format!("UPDATE assets SET created_by = {id}")).await.unwrap();
        run(&connection, &format!("DELETE FROM users WHERE id = {id}")).await.unwrap();
        assert_eq!(number(&connection, &format!("SELECT count(*) FROM assets WHERE created_by = {id}")).await.unwrap(), 1);
        assert_eq!(number(&connection, "SELECT count(*) FROM engagement_access").await.unwrap(), 0);
    }

    async fn one_queued_job_has_a_key_and_a_finished_one_frees_it(database: TestDatabase) {
        let connection = database.connect_as(Role::Superuser).await;
        let backend = database.backend();
        let second = uuid(backend, STRANGER);
        let job = |id: &str, state: &str| insert(backend, &table("jobs"), TENANT, &[("id", id), ("dedup_key", "'k'"), ("state", state)]);
        run(&connection, &job(&uuid(backend, ID), "'succeeded'")).await.unwrap();
        run(&connection, &job(&second, "'queued'")).await.unwrap();
        let third = uuid(backend, TENANT);
        assert!(run(&connection, &job(&third, "'queued'")).await.is_err());
    }
}

#[test]
fn sqlite_and_postgres_literals_of_an_id_are_the_same_id() {
    assert_eq!(uuid(Backend::Sqlite, ID), "x'33333333333373338333333333333333'");
}
