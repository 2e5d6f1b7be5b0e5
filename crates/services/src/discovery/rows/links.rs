//! Tags and applications of the assets of a batch.

use super::{Rows, last_of_each};
use landfall_domain::AssetId;
use landfall_domain::ids::new_uuid;
use landfall_repositories::entities::{application_assets, applications, asset_tags, tags};
use landfall_repositories::{Bulk, StoreResult, Uow, application_key};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

impl Rows<'_> {
    pub(super) async fn write_tags(
        &self,
        bulk: &mut Bulk,
        uow: &Uow,
        tags: Vec<(AssetId, String, String)>,
    ) -> StoreResult<()> {
        if tags.is_empty() {
            return Ok(());
        }
        let names: BTreeSet<String> = tags.iter().map(|(_, _, name)| name.clone()).collect();
        let names: Vec<String> = names.into_iter().collect();
        let mut ids = uow.inventory().tags(&names).await?;
        let mut new = Vec::new();
        for (_, category, name) in &tags {
            ids.entry((category.clone(), name.clone())).or_insert_with(|| {
                let tag = self.tag(category.clone(), name.clone());
                let id = tag.id;
                new.push(tag);
                id
            });
        }
        bulk.add_tags(new).await?;
        let links = tags
            .into_iter()
            .filter_map(|(asset, category, name)| Some((asset, *ids.get(&(category, name))?)))
            .collect();
        let links = last_of_each(links, |link| *link);
        bulk.add_asset_tags(
            links
                .into_iter()
                .map(|(asset, tag)| self.asset_tag(asset, tag))
                .collect(),
        )
        .await?;
        Ok(())
    }

    fn tag(&self, category: String, name: String) -> tags::Model {
        tags::Model {
            client_account_id: self.scope.client_account_id,
            id: new_uuid(),
            engagement_id: self.scope.engagement_id,
            name,
            category,
            description: None,
            confidence_threshold: None,
            is_active: true,
            usage_count: None,
            last_used: None,
            created_at: self.now,
            updated_at: self.now,
        }
    }

    fn asset_tag(&self, asset: AssetId, tag: Uuid) -> asset_tags::Model {
        asset_tags::Model {
            client_account_id: self.scope.client_account_id,
            id: new_uuid(),
            engagement_id: self.scope.engagement_id,
            asset_id: asset,
            tag_id: tag,
            confidence_score: Some(1.0),
            assigned_method: Some("import".to_owned()),
            assigned_by: self.scope.actor.user_id,
            is_validated: false,
            validated_by: None,
            validated_at: None,
            data_import_id: Some(self.import.id),
            created_at: self.now,
            updated_at: self.now,
        }
    }

    pub(super) async fn write_applications(
        &self,
        bulk: &mut Bulk,
        uow: &Uow,
        members: Vec<(AssetId, String)>,
    ) -> StoreResult<()> {
        if members.is_empty() {
            return Ok(());
        }
        let mut names: HashMap<String, String> = HashMap::new();
        for (_, name) in &members {
            names.entry(application_key(name)).or_insert_with(|| name.clone());
        }
        let keys: Vec<String> = names.keys().cloned().collect();
        let mut ids = uow.inventory().applications(&keys).await?;
        let mut new = Vec::new();
        for (key, name) in names {
            ids.entry(key).or_insert_with_key(|key| {
                let application = self.application(name, key.clone());
                let id = application.id;
                new.push(application);
                id
            });
        }
        bulk.add_applications(new).await?;
        let members = members
            .into_iter()
            .filter_map(|(asset, name)| Some((asset, *ids.get(&application_key(&name))?)));
        let members = last_of_each(members.collect(), |member| *member);
        let rows = members
            .into_iter()
            .map(|(asset, application)| application_assets::Model {
                client_account_id: self.scope.client_account_id,
                id: new_uuid(),
                engagement_id: self.scope.engagement_id,
                application_id: application,
                asset_id: asset,
                source: "import".to_owned(),
                data_import_id: Some(self.import.id),
                created_at: self.now,
            });
        bulk.add_application_assets(rows.collect()).await?;
        Ok(())
    }

    fn application(&self, name: String, name_key: String) -> applications::Model {
        applications::Model {
            client_account_id: self.scope.client_account_id,
            id: new_uuid(),
            engagement_id: self.scope.engagement_id,
            master_flow_id: self.import.master_flow_id,
            name,
            name_key,
            description: None,
            business_service: None,
            business_owner: None,
            technical_owner: None,
            criticality: None,
            source: "import".to_owned(),
            attributes: json!({}),
            created_by_import_id: Some(self.import.id),
            version: 1,
            created_at: self.now,
            updated_at: self.now,
        }
    }
}
