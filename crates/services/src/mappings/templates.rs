//! Mapping profiles as templates: kept under a name, listed, and applied to other imports.

use super::ProfileColumn;
use super::flow_mappings::{FlowMappingError, FlowMappings, MappingStatement};
use crate::Services;
use crate::cleansing::TransformationRules;
use crate::discovery::FlowKey;
use landfall_domain::fields::header::compact;
use landfall_domain::{PageRequest, Scope};
use landfall_repositories::NewProfile;
pub use landfall_repositories::entities::mapping_profiles::Model as MappingTemplate;
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

impl Services {
    /// Templates, newest first, at most five hundred.
    pub async fn mapping_templates(&self, scope: &Scope) -> Result<Vec<MappingTemplate>, FlowMappingError> {
        let uow = self.store().begin_read(scope).await?;
        let page = uow.profiles().list(&PageRequest::first(PageRequest::MAX)).await?;
        Ok(page.items)
    }

    /// Keeps the mappings of a flow under a name. They are also what the next file with these headers is mapped by.
    pub async fn save_template(
        &self,
        scope: &Scope,
        key: FlowKey,
        name: String,
        description: Option<String>,
    ) -> Result<MappingTemplate, FlowMappingError> {
        let known = self.flow_mappings(scope, key).await?;
        let import = known.import()?;
        let uow = self.store().begin(scope).await?;
        let import = uow.imports().get(import).await?;
        let columns = profile_columns(&known);
        let template = uow
            .profiles()
            .save(NewProfile {
                name,
                description,
                fingerprint: import
                    .header_fingerprint
                    .clone()
                    .unwrap_or_else(|| super::fingerprint(&headers(&known))),
                source_format: import.source_format,
                columns: json!(headers(&known)),
                mappings: json!(columns),
            })
            .await?;
        uow.commit().await?;
        Ok(template)
    }

    /// Decides on the columns of a flow as a template says. Columns that the template does not know stay as they are.
    pub async fn apply_template(
        &self,
        scope: &Scope,
        key: FlowKey,
        template: Uuid,
    ) -> Result<FlowMappings, FlowMappingError> {
        let uow = self.store().begin_read(scope).await?;
        let template = uow.profiles().get(template).await?;
        drop(uow);
        let decided: Vec<ProfileColumn> = serde_json::from_value(template.mappings).unwrap_or_default();
        let by_header: BTreeMap<String, &ProfileColumn> = decided
            .iter()
            .filter(|column| !column.is_undecided)
            .map(|column| (compact(&column.source_field), column))
            .collect();
        let known = self.flow_mappings(scope, key).await?;
        if known.mappings.is_empty() {
            self.suggest_mappings(scope, known.import()?).await?;
        }
        let known = self.flow_mappings(scope, key).await?;
        let statements: BTreeMap<String, MappingStatement> = known
            .mappings
            .iter()
            .filter_map(|mapping| {
                let column = by_header.get(&compact(&mapping.source_field))?;
                let statement = MappingStatement {
                    target: column.target_field.clone().unwrap_or_default(),
                    ..MappingStatement::default()
                };
                Some((mapping.source_field.clone(), statement))
            })
            .collect();
        let applied = self.state_mappings(scope, key, statements).await?;
        let uow = self.store().begin(scope).await?;
        uow.profiles().mark_used(template.id).await?;
        uow.commit().await?;
        Ok(applied)
    }
}

fn headers(known: &FlowMappings) -> Vec<&str> {
    known
        .mappings
        .iter()
        .map(|mapping| mapping.source_field.as_str())
        .collect()
}

/// The mappings as a profile keeps them.
pub(crate) fn profile_columns(known: &FlowMappings) -> Vec<ProfileColumn> {
    known
        .mappings
        .iter()
        .map(|mapping| ProfileColumn {
            source_field: mapping.source_field.clone(),
            target_field: mapping
                .target_field
                .clone()
                .filter(|_| mapping.status.is_accepted()),
            rules: TransformationRules::from_json(&mapping.transformation_rules).unwrap_or_default(),
            is_undecided: mapping.status == landfall_domain::MappingStatus::Suggested,
        })
        .collect()
}
