//! PostgreSQL's catalogue, which every user may read.

use super::shape::{
    ColumnShape, DatabaseShape, ENABLED, FORCED, ForeignKeyShape, IndexShape, OFF, TableShape, policy_text,
};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseConnection, DbBackend, QueryResult, Statement};

const TABLES: &str = "SELECT relname::text AS table_name, relrowsecurity AS enabled, relforcerowsecurity AS forced, \
    (SELECT count(*) FROM pg_constraint k WHERE k.conrelid = c.oid AND contype = 'c') AS conditions \
    FROM pg_class c WHERE relnamespace = 'landfall'::regnamespace AND relkind IN ('r', 'p')";
const COLUMNS: &str = "SELECT relname::text AS table_name, attname::text AS column_name, \
    format_type(atttypid, atttypmod) || COALESCE(' COLLATE ' || quote_ident(collname), '') AS kind, \
    NOT attnotnull AS nullable FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_type t ON t.oid = atttypid \
    LEFT JOIN pg_collation o ON o.oid = attcollation AND attcollation <> typcollation \
    WHERE relnamespace = 'landfall'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped";
/// Names of columns by their numbers, in the order of the numbers; an expression in an index has no name.
const NAMES: &str = "(SELECT string_agg(COALESCE(attname::text, '(expression)'), ',' ORDER BY position) FROM unnest($numbers) WITH ORDINALITY AS n(number, position) \
    LEFT JOIN pg_attribute ON attrelid = $table AND attnum = number AND attnum > 0)";
const KEYS: &str = "SELECT c.relname::text AS table_name, contype::text AS kind, t.relname::text AS target, confdeltype::text AS on_delete, \
    $here AS here, $there AS there FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid LEFT JOIN pg_class t ON t.oid = confrelid \
    WHERE c.relnamespace = 'landfall'::regnamespace AND contype IN ('p', 'f')";
const INDEXES: &str = "SELECT c.relname::text AS table_name, indisunique AS is_unique, indpred IS NOT NULL AS is_partial, \
    indisvalid AS is_valid, $columns AS columns FROM pg_index i JOIN pg_class c ON c.oid = indrelid \
    WHERE c.relnamespace = 'landfall'::regnamespace AND NOT indisprimary";
const POLICIES: &str = "SELECT c.relname::text AS table_name, polname::text AS policy, polcmd::text AS command, polpermissive AS permissive, \
    polroles = '{0}' AS for_all, COALESCE(pg_get_expr(polqual, polrelid), 'none') AS seen, \
    COALESCE(pg_get_expr(polwithcheck, polrelid), 'none') AS written \
    FROM pg_policy p JOIN pg_class c ON c.oid = polrelid WHERE c.relnamespace = 'landfall'::regnamespace";
const GRANTS: &str = "SELECT c.relname::text AS table_name, COALESCE(r.rolname::text, 'PUBLIC') AS role, privilege_type AS privilege \
    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee \
    WHERE c.relnamespace = 'landfall'::regnamespace AND c.relkind IN ('r', 'p') \
    AND (a.grantee = 0 OR r.rolname IN ('landfall_app', 'landfall_system'))";
const LABEL_TYPES: &str = "SELECT typname::text AS name, COALESCE(pg_get_constraintdef(k.oid), '') AS definition \
    FROM pg_type t LEFT JOIN pg_constraint k ON k.contypid = t.oid \
    WHERE t.typnamespace = 'landfall'::regnamespace AND typtype = 'd'";

/// Reads the schema `landfall`, with seven questions however many tables there are.
pub(super) async fn read(connection: &DatabaseConnection) -> Result<DatabaseShape, DbErr> {
    let mut shape = DatabaseShape::default();
    // Where there is no schema, `'landfall'::regnamespace` is an error.
    if rows(
        connection,
        "SELECT 1 AS n FROM pg_namespace WHERE nspname = 'landfall'",
    )
    .await?
    .is_empty()
    {
        return Ok(shape);
    }
    for row in rows(connection, TABLES).await? {
        let security = match (row.try_get("", "enabled")?, row.try_get("", "forced")?) {
            (true, true) => FORCED,
            (true, false) => ENABLED,
            _ => OFF,
        };
        let conditions: i64 = row.try_get("", "conditions")?;
        let table = TableShape {
            row_level_security: Some(security),
            condition_count: usize::try_from(conditions).unwrap_or_default(),
            is_strict: true,
            ..TableShape::default()
        };
        shape.tables.insert(row.try_get("", "table_name")?, table);
    }
    for row in rows(connection, COLUMNS).await? {
        if let Some(table) = table(&mut shape, &row)? {
            let column = ColumnShape {
                kind: row.try_get("", "kind")?,
                nullable: row.try_get("", "nullable")?,
            };
            table.columns.insert(row.try_get("", "column_name")?, column);
        }
    }
    read_keys(connection, &mut shape).await?;
    read_indexes(connection, &mut shape).await?;
    read_security(connection, &mut shape).await?;
    for row in rows(connection, LABEL_TYPES).await? {
        let definition: String = row.try_get("", "definition")?;
        // A label holds no quote, so every second piece is one.
        let labels = definition.split('\'').skip(1).step_by(2).map(str::to_owned);
        shape
            .label_types
            .entry(row.try_get("", "name")?)
            .or_default()
            .extend(labels);
    }
    Ok(shape)
}

async fn read_keys(connection: &DatabaseConnection, shape: &mut DatabaseShape) -> Result<(), DbErr> {
    let sql = KEYS
        .replace("$here", &names("conkey", "conrelid"))
        .replace("$there", &names("confkey", "confrelid"));
    for row in rows(connection, &sql).await? {
        let Some(table) = table(shape, &row)? else {
            continue;
        };
        let columns = split(&row.try_get::<String>("", "here")?);
        if row.try_get::<String>("", "kind")? == "p" {
            table.primary_key = columns;
            continue;
        }
        table.foreign_keys.insert(ForeignKeyShape {
            columns,
            table: row.try_get("", "target")?,
            references: split(&row.try_get::<String>("", "there")?),
            cascades: row.try_get::<String>("", "on_delete")? == "c",
        });
    }
    Ok(())
}

async fn read_indexes(connection: &DatabaseConnection, shape: &mut DatabaseShape) -> Result<(), DbErr> {
    let sql = INDEXES.replace("$columns", &names("indkey::int2[]", "indrelid"));
    for row in rows(connection, &sql).await? {
        let Some(table) = table(shape, &row)? else {
            continue;
        };
        let mut columns = split(&row.try_get::<String>("", "columns")?);
        // An interrupted CONCURRENTLY leaves an index that answers no question.
        if !row.try_get::<bool>("", "is_valid")? {
            columns.push("(not valid)".to_owned());
        }
        table.indexes.insert(IndexShape {
            columns,
            unique: row.try_get("", "is_unique")?,
            partial: row.try_get("", "is_partial")?,
        });
    }
    Ok(())
}

async fn read_security(connection: &DatabaseConnection, shape: &mut DatabaseShape) -> Result<(), DbErr> {
    for row in rows(connection, POLICIES).await? {
        let Some(table) = table(shape, &row)? else {
            continue;
        };
        let (command, seen, written): (String, String, String) = (
            row.try_get("", "command")?,
            row.try_get("", "seen")?,
            row.try_get("", "written")?,
        );
        let mut text = policy_text(&command, row.try_get("", "permissive")?, &seen, &written);
        if !row.try_get::<bool>("", "for_all")? {
            text.push_str(", for some roles only");
        }
        table.policies.insert(row.try_get("", "policy")?, text);
    }
    for row in rows(connection, GRANTS).await? {
        let Some(table) = table(shape, &row)? else {
            continue;
        };
        table
            .grants
            .entry(row.try_get("", "role")?)
            .or_default()
            .insert(row.try_get("", "privilege")?);
    }
    Ok(())
}

fn names(numbers: &str, table: &str) -> String {
    NAMES.replace("$numbers", numbers).replace("$table", table)
}

fn split(names: &str) -> Vec<String> {
    names.split(',').map(str::to_owned).collect()
}

fn table<'a>(shape: &'a mut DatabaseShape, row: &QueryResult) -> Result<Option<&'a mut TableShape>, DbErr> {
    Ok(shape.tables.get_mut(&row.try_get::<String>("", "table_name")?))
}

async fn rows(connection: &DatabaseConnection, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    connection
        .query_all_raw(Statement::from_string(DbBackend::Postgres, sql))
        .await
}
