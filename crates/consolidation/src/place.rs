//! Where every row goes: decided for whole tables at once, before a row is moved.
//!
//! For each table whose rows others refer to there is a table `placed_…`: the legacy key, the key in the target, client account
//! and engagement, and whether the row is kept, merged into another, or rejected. All that needs more than one row to decide is
//! decided here, so that moving a row needs look-ups only.

mod copies;
mod discovered;
mod generated;
mod mock;
mod pairs;
mod recognized;
mod record;
mod tenants;

pub(crate) use discovered::DISCOVERED;
pub(crate) use generated::MADE;
pub(crate) use record::{CONTESTED, conflicting, record};

use crate::map::{LegacyTable, Rule, Tenant, legacy_tables};
use crate::options::{ConflictRule, MockRows, Options, Words};
use crate::statement::name;
use landfall_domain::ids::fixed;
use sqlx::{AssertSqlSafe, PgConnection};

/// What the statements of this module are made for.
#[derive(Clone, Debug)]
pub(crate) struct Placing {
    /// Schema of the legacy tables.
    pub(crate) source: String,
    /// Schema in which placements are made.
    pub(crate) work: String,
    /// Whether invented rows move to the test tenant.
    pub(crate) move_mock: bool,
    /// Which side wins.
    pub(crate) conflicts: ConflictRule,
    /// Whether imports are the same by name, size and time.
    pub(crate) natural: bool,
    /// What words mean.
    pub(crate) words: Words,
}

impl Placing {
    /// As the operator wants it.
    pub(crate) fn new(options: &Options, source: &str, work: &str) -> Self {
        Self {
            source: source.to_owned(),
            work: work.to_owned(),
            move_mock: options.mock_rows == MockRows::TestTenant,
            conflicts: options.conflicts,
            natural: options.merge_natural,
            words: options.words.clone(),
        }
    }

    /// Puts schemas and fixed ids into a statement: `{s}` and `{w}` are the schemas, `{quarantine}`, `{test}` client accounts.
    fn sql(&self, template: &str) -> String {
        template
            .replace("{s}", &name(&self.source))
            .replace("{w}", &self.work)
            .replace("{mock}", if self.move_mock { "true" } else { "false" })
            .replace(
                "{quarantine}",
                &format!("'{}'::uuid", fixed::QUARANTINE_CLIENT_ACCOUNT),
            )
            .replace("{test}", &format!("'{}'::uuid", fixed::TEST_CLIENT_ACCOUNT))
            .replace(
                "{test_engagement}",
                &format!("'{}'::uuid", fixed::TEST_ENGAGEMENT),
            )
    }

    /// Decides everything, within the transaction of the connection. The schema of placements must be there and empty.
    pub(crate) async fn decide(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        for statement in tenants::statements() {
            self.execute(connection, &self.with_winner(&statement)).await?;
        }
        self.mock_rows(connection).await?;
        for statement in pairs::statements(self) {
            self.execute(connection, &statement).await?;
        }
        for statement in copies::statements() {
            self.execute(connection, &statement).await?;
        }
        for statement in exceptions() {
            self.execute(connection, &statement).await?;
        }
        for statement in discovered::statements() {
            self.execute(connection, &statement).await?;
        }
        for statement in generated::statements() {
            self.execute(connection, &statement).await?;
        }
        Ok(())
    }

    async fn execute(&self, connection: &mut PgConnection, template: &str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(self.sql(template)))
            .execute(connection)
            .await
            .map(drop)
    }
}

/// The index by which placements are found.
fn indexed(table: &str) -> String {
    format!("CREATE INDEX ON {{w}}.{table} (key); ANALYZE {{w}}.{table}")
}

/// Rows of tables without placements of their own that are not simply kept: references without which they cannot be, and rows
/// that say the same as another.
fn exceptions() -> Vec<String> {
    let mut statements = vec![
        "CREATE TABLE {w}.special (source_table text NOT NULL, key text NOT NULL, outcome text NOT NULL, target text, \
         rule text NOT NULL, PRIMARY KEY (source_table, key))"
            .to_owned(),
    ];
    for table in legacy_tables()
        .iter()
        .filter(|table| table.tenant == Tenant::None)
    {
        if let Some(column) = table.person() {
            statements.push(format!(
                "INSERT INTO {{w}}.special SELECT '{table}', o.{key}::text, 'rejected', NULL, 'user_missing' FROM {{s}}.{table} o \
                 WHERE NOT EXISTS (SELECT FROM {{s}}.users u WHERE u.id = o.{column})",
                table = table.name,
                key = table.key,
            ));
        }
    }
    for table in legacy_tables() {
        let Tenant::Via {
            column: owner_column,
            owner,
        } = table.tenant
        else {
            continue;
        };
        if table.target.is_none() {
            continue;
        }
        for column in &table.columns {
            let Rule::Reference { to, required: true } = column.rule else {
                continue;
            };
            let own = column.name == owner_column && to == owner;
            let (same, rule) = if own {
                ("", "reference_missing")
            } else {
                (" AND r.client = p.client", "other_tenant")
            };
            statements.push(format!(
                "INSERT INTO {{w}}.special SELECT '{table}', o.{key}::text, 'rejected', NULL, \
                 CASE WHEN p.key IS NULL OR NOT EXISTS (SELECT FROM {{w}}.placed_{to} any_r WHERE any_r.key = o.{column}) \
                 THEN 'reference_missing' ELSE '{rule}' END \
                 FROM {{s}}.{table} o LEFT JOIN {{w}}.placed_{owner} p ON p.key = o.{owner_column} \
                 LEFT JOIN {{w}}.placed_{to} r ON r.key = o.{column}{same} WHERE r.key IS NULL OR p.key IS NULL \
                 ON CONFLICT DO NOTHING",
                table = table.name,
                key = name(table.key),
                column = name(column.name),
                owner_column = name(owner_column),
            ));
        }
    }
    for (table, same, rule) in [
        (
            "asset_dependencies",
            "asset_id, depends_on_asset_id, dependency_type",
            "repeated_dependency",
        ),
        ("asset_tags", "asset_id, tag_id", "repeated_tag"),
    ] {
        statements.push(repeated(table, same, rule));
    }
    statements.push("ANALYZE {w}.special".to_owned());
    statements
}

/// Of rows that say the same, the first one by id stays, and the others are merged into it.
fn repeated(table: &str, same: &str, rule: &str) -> String {
    format!(
        "INSERT INTO {{w}}.special SELECT '{table}', id::text, 'merged', first_id::text, '{rule}' FROM (\
         SELECT o.id, first_value(o.id) OVER (PARTITION BY {same} ORDER BY o.id) AS first_id FROM {{s}}.{table} o \
         WHERE NOT EXISTS (SELECT FROM {{w}}.special x WHERE x.source_table = '{table}' AND x.key = o.id::text)) ranked \
         WHERE id <> first_id"
    )
}

/// The legacy tables that have placements of their own.
pub(crate) fn placed_tables() -> impl Iterator<Item = &'static LegacyTable> {
    legacy_tables()
        .iter()
        .filter(|table| table.tenant == Tenant::Placed)
}
