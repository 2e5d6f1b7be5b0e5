//! What stands between a program and its database on a bad day: a network that is cut, or a pool that sweeps sessions.

use std::io::{self, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use tempfile::TempDir;

/// What it does with what the server says.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Behaviour {
    /// Passes so many bytes on, then closes all connections and takes no more.
    CutAfter(usize),
    /// Discards everything that a session keeps after each transaction.
    DiscardBetweenTransactions,
}

/// A socket that leads to the server.
pub(crate) struct Proxy {
    folder: TempDir,
    /// The address of the database through it.
    pub(crate) url: String,
}

impl Proxy {
    /// In front of the database of this address, which names a socket.
    pub(crate) fn before(url: &str, behaviour: Behaviour) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let parameter = |name: &str| {
            let (_, rest) = url.split_once(&format!("{name}=")).unwrap();
            rest.split('&').next().unwrap().to_owned()
        };
        let (host, port) = (parameter("host"), parameter("port"));
        let socket = format!(".s.PGSQL.{port}");
        let listener = UnixListener::bind(folder.path().join(&socket)).unwrap();
        let server = PathBuf::from(decoded(&host)).join(socket);
        let passed = Arc::new(AtomicUsize::new(0));
        thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(server)) = (client, UnixStream::connect(&server)) else {
                    return;
                };
                connect(client, server, behaviour, &passed);
            }
        });
        let url = url.replace(&host, &folder.path().to_string_lossy().replace('/', "%2F"));
        // The answer to a wish for TLS is no message.
        let url = format!("{url}&sslmode=disable");
        Self { folder, url }
    }

    /// Where its socket is.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A text in which characters are written as `%` and two digits.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn connect(client: UnixStream, server: UnixStream, behaviour: Behaviour, passed: &Arc<AtomicUsize>) {
    let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(std::net::Shutdown::Both);
    });
    let passed = Arc::clone(passed);
    thread::spawn(move || {
        let _ = match behaviour {
            Behaviour::CutAfter(most) => pass_until(&server, &client, most, &passed),
            Behaviour::DiscardBetweenTransactions => discard(&server, &client),
        };
        let _ = client.shutdown(std::net::Shutdown::Both);
        let _ = server.shutdown(std::net::Shutdown::Both);
    });
}

fn pass_until(
    mut server: &UnixStream,
    mut client: &UnixStream,
    most: usize,
    passed: &AtomicUsize,
) -> io::Result<()> {
    let mut piece = [0; 512];
    loop {
        let read = server.read(&mut piece)?;
        if read == 0 || passed.fetch_add(read, Ordering::Relaxed) > most {
            return Ok(());
        }
        client.write_all(&piece[..read])?;
    }
}

/// A message of the server: its kind and all of it.
fn message(mut server: &UnixStream) -> io::Result<(u8, Vec<u8>)> {
    let mut message = vec![0; 5];
    server.read_exact(&mut message)?;
    let length = u32::from_be_bytes([message[1], message[2], message[3], message[4]]);
    let mut body = vec![0; usize::try_from(length).unwrap() - 4];
    server.read_exact(&mut body)?;
    message.extend(body);
    Ok((message[0], message))
}

fn discard(mut server: &UnixStream, mut client: &UnixStream) -> io::Result<()> {
    loop {
        let (kind, whole) = message(server)?;
        // Ready for the next query, and in no transaction.
        if kind == b'Z' && whole.last() == Some(&b'I') {
            server.write_all(b"Q\0\0\0\x10DISCARD ALL\0")?;
            while message(server)?.0 != b'Z' {}
        }
        client.write_all(&whole)?;
    }
}
