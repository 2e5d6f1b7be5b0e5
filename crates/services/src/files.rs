//! Uploaded files: staged on disk while they arrive, then kept under a key until the import is deleted.

use landfall_domain::{ClientAccountId, ImportId, Scope};
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;
use tokio::io::AsyncReadExt;

/// Bytes moved at once.
const CHUNK: usize = 256 * 1024;

/// Why a file could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The disk or bucket failed.
    #[error("the file could not be kept or read: {0}")]
    Storage(#[from] object_store::Error),
    /// The disk failed.
    #[error("the file could not be kept or read: {0}")]
    Disk(#[from] std::io::Error),
}

/// Where uploads are kept.
#[derive(Clone, Debug)]
pub struct FileStore {
    objects: Arc<dyn ObjectStore>,
    staging: PathBuf,
    /// Set when objects are plain files, which can be read where they are.
    local_root: Option<PathBuf>,
}

/// A file that has arrived but belongs to no import yet. It is deleted when dropped.
#[derive(Debug)]
pub struct StagedFile {
    /// Where it is.
    pub file: NamedTempFile,
    /// What its sender calls it.
    pub filename: String,
    /// What its sender says it is.
    pub mime_type: Option<String>,
}

impl StagedFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Its length in bytes.
    pub fn size(&self) -> Result<u64, FileError> {
        Ok(self.file.as_file().metadata()?.len())
    }
}

/// A file that can be read from disk: in place, or a copy that is deleted when dropped.
#[derive(Debug)]
pub enum ReadableFile {
    /// The kept file itself.
    InPlace(PathBuf),
    /// A copy from a bucket.
    Copy(NamedTempFile),
}

impl ReadableFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        match self {
            Self::InPlace(path) => path,
            Self::Copy(file) => file.path(),
        }
    }
}

impl FileStore {
    /// Keeps files in a folder of this machine, which is made if missing.
    pub fn local(root: &Path) -> Result<Self, FileError> {
        let staging = root.join("staging");
        std::fs::create_dir_all(&staging)?;
        let uploads = root.join("uploads");
        std::fs::create_dir_all(&uploads)?;
        let uploads = uploads.canonicalize()?;
        let objects = LocalFileSystem::new_with_prefix(&uploads)?.with_automatic_cleanup(true);
        Ok(Self {
            objects: Arc::new(objects),
            staging,
            local_root: Some(uploads),
        })
    }

    /// Keeps files in a bucket, for several nodes; files in use are copied to `staging`.
    pub fn bucket(objects: Arc<dyn ObjectStore>, staging: PathBuf) -> Result<Self, FileError> {
        std::fs::create_dir_all(&staging)?;
        Ok(Self {
            objects,
            staging,
            local_root: None,
        })
    }

    /// An empty file to write an upload into.
    pub fn stage(&self, filename: &str, mime_type: Option<&str>) -> Result<StagedFile, FileError> {
        Ok(StagedFile {
            file: NamedTempFile::new_in(&self.staging)?,
            filename: filename.to_owned(),
            mime_type: mime_type.map(str::to_owned),
        })
    }

    /// Keeps a staged file for an import and returns its key. Costs one copy, in chunks.
    pub async fn keep(
        &self,
        scope: &Scope,
        import: ImportId,
        staged: &StagedFile,
    ) -> Result<String, FileError> {
        let key = format!("{}/{}/{import}", scope.client_account_id, scope.engagement_id);
        let path = ObjectPath::from(key.clone());
        let mut source = tokio::fs::File::open(staged.path()).await?;
        let mut buffer = vec![0; CHUNK];
        let first = read_full(&mut source, &mut buffer).await?;
        if first < CHUNK {
            buffer.truncate(first);
            self.objects.put(&path, PutPayload::from(buffer)).await?;
            return Ok(key);
        }
        let mut upload = WriteMultipart::new(self.objects.put_multipart(&path).await?);
        let mut length = first;
        while length > 0 {
            upload.write(&buffer[..length]);
            upload.wait_for_capacity(8).await?;
            length = read_full(&mut source, &mut buffer).await?;
        }
        upload.finish().await?;
        Ok(key)
    }

    /// A kept file, readable from disk.
    pub async fn open(&self, key: &str) -> Result<ReadableFile, FileError> {
        if let Some(root) = &self.local_root {
            return Ok(ReadableFile::InPlace(root.join(key)));
        }
        let mut copy = NamedTempFile::new_in(&self.staging)?;
        let mut chunks = self.objects.get(&ObjectPath::from(key)).await?.into_stream();
        while let Some(chunk) = futures_util::StreamExt::next(&mut chunks).await {
            std::io::Write::write_all(&mut copy, &chunk?)?;
        }
        Ok(ReadableFile::Copy(copy))
    }

    /// Deletes a kept file; one that is gone already is no error.
    pub async fn delete(&self, key: &str) -> Result<(), FileError> {
        match self.objects.delete(&ObjectPath::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whole tenants.
impl FileStore {
    /// Deletes every file of a client account. Gives how many there were.
    pub async fn delete_all_of(&self, client: ClientAccountId) -> Result<u64, FileError> {
        let folder = ObjectPath::from(client.to_string());
        let mut found = self.objects.list(Some(&folder));
        let mut deleted = 0;
        while let Some(file) = futures_util::StreamExt::next(&mut found).await {
            match self.objects.delete(&file?.location).await {
                Ok(()) => deleted += 1,
                Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(deleted)
    }
}

async fn read_full(source: &mut tokio::fs::File, buffer: &mut [u8]) -> Result<usize, std::io::Error> {
    let mut length = 0;
    while length < buffer.len() {
        match source.read(&mut buffer[length..]).await? {
            0 => break,
            read => length += read,
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfall_domain::{Actor, EngagementId};
    use std::io::Write;

    #[tokio::test]
    async fn a_kept_file_is_the_staged_one_byte_for_byte_whatever_its_length() {
        let folder = tempfile::tempdir().unwrap();
        let files = FileStore::local(folder.path()).unwrap();
        let scope = Scope {
            client_account_id: ClientAccountId::new(),
            engagement_id: EngagementId::new(),
            actor: Actor::system("test"),
        };
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17] {
            let content: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let mut staged = files.stage("a.csv", None).unwrap();
            staged.file.write_all(&content).unwrap();
            let key = files.keep(&scope, ImportId::new(), &staged).await.unwrap();
            let kept = files.open(&key).await.unwrap();
            assert_eq!(std::fs::read(kept.path()).unwrap(), content, "length {length}");
            files.delete(&key).await.unwrap();
            files.delete(&key).await.unwrap();
        }
    }
}
