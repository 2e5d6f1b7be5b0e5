//! A bar for each step, with rows per second and the time that is left.

use crate::output::say;
use indicatif::{ProgressBar, ProgressStyle};
use landfall_consolidation::{Progress, Step};
use std::sync::Mutex;

/// Bars on a terminal, one line per step elsewhere, nothing where programs read.
pub(super) struct Bars {
    quiet: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Bars {
    pub(super) const fn new(quiet: bool) -> Self {
        Self {
            quiet,
            bar: Mutex::new(None),
        }
    }

    fn with(&self, act: impl FnOnce(&ProgressBar)) {
        if let Ok(bar) = self.bar.lock()
            && let Some(bar) = bar.as_ref()
        {
            act(bar);
        }
    }
}

impl Progress for Bars {
    fn begin(&self, step: Step, rows: u64) {
        if self.quiet {
            return;
        }
        let bar = if rows == 0 {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::new(rows)
        };
        let template = if rows == 0 {
            "{prefix:>9} {spinner} {elapsed} {msg}"
        } else {
            "{prefix:>9} {wide_bar} {human_pos}/{human_len} {per_sec} {eta} {msg:28}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_prefix(step.as_str());
        if bar.is_hidden() {
            say(format_args!("{step} …"));
        } else {
            bar.enable_steady_tick(std::time::Duration::from_millis(200));
        }
        if let Ok(mut current) = self.bar.lock() {
            *current = Some(bar);
        }
    }

    fn at(&self, what: &str) {
        self.with(|bar| bar.set_message(what.to_owned()));
    }

    fn advance(&self, rows: u64) {
        self.with(|bar| bar.inc(rows));
    }

    fn end(&self, _step: Step) {
        self.with(ProgressBar::finish);
    }
}
