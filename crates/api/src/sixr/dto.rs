//! 6R on the wire.

mod analysis;
mod policy;
mod request;
mod result;
mod run;
mod setting;

pub(super) use analysis::{
    AnalysisOut, AnalysisQuery, DiffOut, DiffQuery, IterationOut, PageQuery, TotalsOut,
};
pub(super) use policy::{CheckOut, PolicyIn, PolicyOut, PolicyQuery};
pub(super) use request::{AnalysisIn, AnswersIn, IterateIn, OverrideIn};
pub(super) use result::DetailOut;
pub(super) use run::{RunIn, RunOut};
pub(super) use setting::{AnswerOut, InputOut, QuestionOut, SettingOut, SettingsIn};
