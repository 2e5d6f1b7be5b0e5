//! Client accounts and engagements to be made.

use chrono::{DateTime, Utc};
use landfall_domain::{ClientAccountId, EngagementId, UserId};
use landfall_entities::{client_accounts, engagements};

/// A client account to be made.
#[derive(Clone, Debug, Default)]
pub struct NewClientAccount {
    /// Its id; a new one if absent.
    pub id: Option<ClientAccountId>,
    /// Its name, unique as far as its slug is.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Branch of business.
    pub industry: Option<String>,
    /// Who made it.
    pub created_by: Option<UserId>,
}

/// An engagement to be made.
#[derive(Clone, Debug, Default)]
pub struct NewEngagement {
    /// Its id; a new one if absent.
    pub id: Option<EngagementId>,
    /// Its name, unique in the client account.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// ISO 4217 code of the currency of all its money; `USD` if absent.
    pub currency: Option<String>,
    /// Who made it.
    pub created_by: Option<UserId>,
}

impl NewClientAccount {
    pub(super) fn into_model(self, now: DateTime<Utc>) -> client_accounts::Model {
        client_accounts::Model {
            id: self.id.unwrap_or_else(ClientAccountId::new),
            slug: slug(&self.name),
            name: self.name,
            description: self.description,
            is_active: true,
            created_at: now,
            updated_at: now,
            industry: self.industry,
            company_size: None,
            headquarters_location: None,
            primary_contact_name: None,
            primary_contact_email: None,
            primary_contact_phone: None,
            subscription_tier: None,
            billing_contact_email: None,
            settings: None,
            branding: None,
            business_objectives: None,
            it_guidelines: None,
            decision_criteria: None,
            agent_preferences: None,
            created_by: self.created_by,
            version: 1,
        }
    }
}

impl NewEngagement {
    pub(super) fn into_model(self, client: ClientAccountId, now: DateTime<Utc>) -> engagements::Model {
        engagements::Model {
            client_account_id: client,
            id: self.id.unwrap_or_else(EngagementId::new),
            slug: slug(&self.name),
            name: self.name,
            description: self.description,
            is_active: true,
            created_at: now,
            updated_at: now,
            engagement_type: None,
            status: Some("active".to_owned()),
            priority: None,
            start_date: None,
            target_completion_date: None,
            actual_completion_date: None,
            engagement_lead_id: None,
            client_contact_name: None,
            client_contact_email: None,
            settings: None,
            migration_scope: None,
            team_preferences: None,
            created_by: self.created_by,
            currency: self.currency.unwrap_or_else(|| "USD".to_owned()),
            version: 1,
        }
    }
}

/// The name in lowercase letters and digits of any script, with one hyphen for everything between them.
fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() {
        name.to_lowercase()
    } else {
        words.join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_has_one_hyphen_between_words_and_keeps_other_scripts() {
        assert_eq!(slug("  Acme & Söhne, GmbH "), "acme-söhne-gmbh");
        assert_eq!(slug("日本 銀行"), "日本-銀行");
        assert_eq!(slug("?!"), "?!");
    }
}
