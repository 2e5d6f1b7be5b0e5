//! The signals to stop.

use std::io;

/// Waits until the process is asked to stop: by Ctrl-C, or by SIGTERM where there are signals.
#[cfg(unix)]
pub(crate) async fn requested() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = terminate.recv() => Ok(()),
    }
}

/// Waits until the process is asked to stop, by Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn requested() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
