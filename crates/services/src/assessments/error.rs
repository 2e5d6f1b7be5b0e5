//! Why an assessment was not done.

use landfall_planning::assessments::{QuestionnaireError, UnknownQuestion};
use landfall_planning::sizing::{CatalogueError, OptionsError};
use landfall_repositories::{StoreError, Transient};

/// Why something was not done with an assessment or with what belongs to one.
#[derive(Debug, thiserror::Error)]
pub enum AssessmentError {
    /// What was given as questionnaire is none.
    #[error(transparent)]
    Questionnaire(#[from] QuestionnaireError),
    /// The questionnaire has no such question or answer.
    #[error(transparent)]
    Unknown(#[from] UnknownQuestion),
    /// What was given as price catalogue is none.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// An option is outside of its range.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// A name is in use.
    #[error("there is {what} called '{name}' already")]
    NameTaken {
        /// What, with its article.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// It has been assessed by this questionnaire.
    #[error("it has been assessed by the questionnaire '{0}' already: change that assessment instead")]
    AlreadyAssessed(String),
    /// It has been reviewed.
    #[error("it has been reviewed already: change that review instead")]
    AlreadyReviewed,
    /// Something is approved before it is complete.
    #[error("{0} questions are not answered: an assessment is reviewed, approved or rejected when all are")]
    Incomplete(usize),
    /// A computed assessment is not answered by people.
    #[error("this assessment is computed from the inventory and has no questions")]
    Computed,
    /// An archetype needs criteria.
    #[error("an archetype needs at least one criteria tag: without one everything would be its member")]
    NoCriteria,
    /// A stakeholder's e-mail address is in use.
    #[error("there is a stakeholder with the e-mail address '{0}' already")]
    EmailTaken(String),
    /// What is stored cannot be read back.
    #[error("what is stored of {what} {id} cannot be read: {reason}")]
    Unreadable {
        /// What, such as `the assessment`.
        what: &'static str,
        /// Its id.
        id: uuid::Uuid,
        /// What the reader says.
        reason: String,
    },
    /// The work stopped and can be taken up again.
    #[error("the work was interrupted: {0}")]
    Interrupted(String),
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Transient for AssessmentError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}
