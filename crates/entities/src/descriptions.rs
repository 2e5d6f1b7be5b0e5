//! What the entities say about their tables, as data: for comparing them with a database, and for work on every table alike.

use sea_orm::{
    ColumnTrait, ColumnType, EntityTrait, IdenStatic, Identity, Iterable, PrimaryKeyToColumn, RelationTrait,
};

/// What one entity says about its table.
#[derive(Clone, Debug)]
pub struct EntityDescription {
    /// The table.
    pub table: String,
    /// Its columns in order.
    pub columns: Vec<ColumnDescription>,
    /// Columns of the primary key in order.
    pub primary_key: Vec<String>,
    /// Foreign keys, in order of declaration.
    pub foreign_keys: Vec<ForeignKeyDescription>,
}

/// What an entity says about a column.
#[derive(Clone, Debug)]
pub struct ColumnDescription {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: ColumnType,
    /// Whether it may be NULL.
    pub nullable: bool,
}

/// What an entity says about a foreign key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignKeyDescription {
    /// Columns here.
    pub columns: Vec<String>,
    /// The other table.
    pub table: String,
    /// Columns there.
    pub references: Vec<String>,
}

macro_rules! describe_all {
    ($($module:ident)+) => {
        /// Every entity.
        pub fn all() -> Vec<EntityDescription> {
            vec![$(describe(crate::$module::Entity),)+]
        }
    };
}

describe_all!(
    access_audit_log api_keys application_assets application_proposals application_tags applications archetype_tags
    archetypes assessments asset_dependencies asset_disks asset_field_sources asset_identities asset_metrics
    asset_networks asset_tags assets auth_tokens change_log client_access client_accounts cmdb_sixr_analyses compat_usage
    consolidation_batches consolidation_conflicts consolidation_ledger consolidation_map consolidation_quarantine
    consolidation_runs consolidation_steps custom_target_fields data_import_sessions data_imports discovery_flows
    engagement_access engagements idempotency_keys import_field_mappings jobs legacy_archive mapping_profiles master_flows
    migration_logs migration_waves migrations plan_changes plan_versions plan_violations plans price_catalogues
    questionnaires raw_import_records reviews role_change_approvals security_audit_logs sixr_analyses
    sixr_analysis_parameters sixr_iterations sixr_parameters sixr_policies sixr_question_responses sixr_questions
    sixr_recommendations stakeholder_roles stakeholders tags tech_debt_findings unresolved_dependencies user_account_associations
    user_identities user_profiles user_roles users wave_plan_assets wave_plans
);

fn describe<E: EntityTrait>(entity: E) -> EntityDescription {
    let column = |column: E::Column| {
        let definition = column.def();
        ColumnDescription {
            name: column.as_str().to_owned(),
            kind: definition.get_column_type().clone(),
            nullable: definition.is_null(),
        }
    };
    let belongs_to = |relation: E::Relation| {
        let relation = relation.def();
        (!relation.is_owner).then(|| ForeignKeyDescription {
            columns: names(&relation.from_col),
            table: relation.to_tbl.sea_orm_table().to_string(),
            references: names(&relation.to_col),
        })
    };
    EntityDescription {
        table: entity.table_name().to_owned(),
        columns: E::Column::iter().map(column).collect(),
        primary_key: E::PrimaryKey::iter()
            .map(|key| key.into_column().as_str().to_owned())
            .collect(),
        foreign_keys: E::Relation::iter().filter_map(belongs_to).collect(),
    }
}

fn names(columns: &Identity) -> Vec<String> {
    columns.iter().map(ToString::to_string).collect()
}
