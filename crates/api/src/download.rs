//! Answers that are files, sent while they are made.

use crate::error::{ApiError, ApiResult};
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::mpsc::Receiver;

/// A file in pieces. Its first piece is waited for, so that a failure before it is an ordinary error; a later one breaks the
/// connection, since the status was sent already.
pub(crate) async fn download<E>(
    mut pieces: Receiver<Result<Vec<u8>, E>>,
    media_type: &'static str,
    filename: &str,
) -> ApiResult<HttpResponse>
where
    E: std::error::Error + Into<ApiError> + 'static,
{
    let first = pieces
        .recv()
        .await
        .transpose()
        .map_err(Into::into)?
        .unwrap_or_default();
    let rest = stream::unfold(pieces, |mut pieces| async move {
        let piece = pieces.recv().await?.map(Bytes::from);
        if let Err(error) = &piece {
            tracing::error!(%error, "a download broke off");
        }
        Some((piece, pieces))
    });
    let body = futures_util::StreamExt::chain(stream::iter([Ok(Bytes::from(first))]), rest);
    let body = futures_util::StreamExt::map(body, |piece| {
        piece.map_err(|error| Box::<dyn std::error::Error>::from(error.to_string()))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{filename}\""),
        ))
        .streaming(body))
}
