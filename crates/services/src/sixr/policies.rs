//! Policies: the one that counts, its versions, and changing it.

use super::SixrError;
use crate::Services;
use chrono::{DateTime, Utc};
use landfall_domain::Scope;
use landfall_planning::sixr::{DEFAULT_POLICY, Engine, Policy, PolicyFaults};
use landfall_repositories::entities::sixr_policies;
use landfall_repositories::{Change, NewPolicy, StoreResult, Uow, retry};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Characters of a fingerprint that people see.
const SHOWN: usize = 12;

/// A policy as it is kept, or the standard one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyView {
    /// Its version; absent for the standard policy.
    pub version: Option<i32>,
    /// Its name.
    pub name: String,
    /// The TOML text.
    pub body: String,
    /// Fingerprint of the text.
    pub digest: String,
    /// Why it was changed.
    pub comment: Option<String>,
    /// Who changed it.
    pub created_by: Option<String>,
    /// When.
    pub created_at: Option<DateTime<Utc>>,
}

impl PolicyView {
    /// How recommendations name it: `standard` or its version, with the fingerprint of its text.
    pub fn label(&self) -> String {
        match self.version {
            Some(version) => format!("{version} ({})", self.digest),
            None => format!("standard ({})", self.digest),
        }
    }

    fn standard(name: &str) -> Self {
        Self {
            version: None,
            name: name.to_owned(),
            body: DEFAULT_POLICY.to_owned(),
            digest: digest(DEFAULT_POLICY),
            comment: None,
            created_by: None,
            created_at: None,
        }
    }
}

impl From<sixr_policies::Model> for PolicyView {
    fn from(row: sixr_policies::Model) -> Self {
        Self {
            version: Some(row.policy_version),
            name: row.name,
            body: row.body,
            digest: row.digest,
            comment: row.comment,
            created_by: row.created_by,
            created_at: Some(row.created_at),
        }
    }
}

/// The policy that counts, ready to judge, and how recommendations name it.
#[derive(Clone, Debug)]
pub(super) struct CurrentPolicy {
    pub(super) engine: Arc<Engine>,
    pub(super) label: String,
}

/// The policy that counts in the unit of work's client account.
pub(super) async fn current(uow: &Uow) -> Result<CurrentPolicy, SixrError> {
    let newest = uow.sixr().policy(None).await?.map(|policy| policy.policy_version);
    of_version(uow, newest).await
}

/// A version of the client account's policy, or the standard one.
pub(super) async fn of_version(uow: &Uow, version: Option<i32>) -> Result<CurrentPolicy, SixrError> {
    let view = match version {
        Some(_) => uow.sixr().policy(version).await?.map(PolicyView::from),
        None => None,
    };
    ready(&view.unwrap_or_else(|| PolicyView::standard("")))
}

fn ready(view: &PolicyView) -> Result<CurrentPolicy, SixrError> {
    Ok(CurrentPolicy {
        engine: Arc::new(Engine::new(Policy::read(&view.body)?)),
        label: view.label(),
    })
}

fn digest(text: &str) -> String {
    let mut text = hex::encode(Sha256::digest(text.as_bytes()));
    text.truncate(SHOWN);
    text
}

/// Says everything that is wrong with a policy.
///
/// # Errors
/// [`PolicyFaults`], all of them.
pub fn check_policy(body: &str) -> Result<(), PolicyFaults> {
    Policy::read(body).map(|_| ())
}

impl Services {
    /// The policy that counts, or a version of the client account's own.
    ///
    /// # Errors
    /// [`landfall_repositories::StoreError::NotFound`] for a version that does not exist.
    pub async fn sixr_policy(&self, scope: &Scope, version: Option<i32>) -> Result<PolicyView, SixrError> {
        let uow = self.store().begin_read(scope).await?;
        match uow.sixr().policy(version).await? {
            Some(row) => Ok(row.into()),
            None => Ok(PolicyView::standard(Policy::standard()?.name())),
        }
    }

    /// The newest hundred versions of the client account's own policy, the newest first.
    pub async fn sixr_policies(&self, scope: &Scope) -> StoreResult<Vec<PolicyView>> {
        let rows = self.store().begin_read(scope).await?.sixr().policies().await?;
        Ok(rows.into_iter().map(PolicyView::from).collect())
    }

    /// Keeps a policy as the next version of the client account's own. A text that is the present one already changes
    /// nothing. What was recommended before keeps the version that it was recommended by.
    ///
    /// # Errors
    /// [`SixrError::Policy`] with everything that is wrong with it.
    pub async fn put_sixr_policy(
        &self,
        scope: &Scope,
        body: &str,
        comment: Option<String>,
    ) -> Result<PolicyView, SixrError> {
        let policy = Policy::read(body)?;
        let digest = digest(body);
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let known = uow.sixr().policy(None).await?;
            if let Some(known) = known.filter(|known| known.digest == digest) {
                return Ok(known.into());
            }
            let new = NewPolicy {
                name: policy.name().to_owned(),
                body: body.to_owned(),
                digest: digest.clone(),
                comment: comment.clone(),
            };
            let row = uow.sixr().add_policy(new).await?;
            uow.change_log()
                .record(Change {
                    entity_type: "sixr_policy",
                    entity_id: row.id.to_string(),
                    action: "changed",
                    before: None,
                    after: Some(json!({ "version": row.policy_version, "digest": row.digest, "comment": row.comment })),
                })
                .await?;
            uow.commit().await?;
            Ok(row.into())
        })
        .await
    }
}
