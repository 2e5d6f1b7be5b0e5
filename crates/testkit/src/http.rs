//! A client for the tests' own server: one connection that is kept open, one request at a time, on the standard library.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long the server may be silent.
const SILENCE: Duration = Duration::from_mins(10);
/// Separates the parts of a form; no test's file holds it.
const BOUNDARY: &str = "landfall-test-form-boundary";

/// An open connection to a server of this machine.
#[derive(Debug)]
pub struct HttpConnection {
    address: SocketAddr,
    /// Sent with every request.
    headers: Vec<(String, String)>,
    stream: Option<BufReader<TcpStream>>,
}

/// What the server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// The names in lowercase.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl HttpAnswer {
    /// The body as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A file to be uploaded whose content is written while it is sent, so that it may be larger than the memory.
pub struct HttpFile<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its length in bytes.
    pub length: u64,
    /// Writes that many bytes.
    pub content: &'a mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
}

impl std::fmt::Debug for HttpFile<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpFile")
            .field("name", &self.name)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

impl HttpConnection {
    /// A connection that sends these headers with every request. It is opened with the first one, and again when the server
    /// has closed it.
    pub fn new(address: SocketAddr, headers: &[(&str, &str)]) -> Self {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Self {
            address,
            headers,
            stream: None,
        }
    }

    /// Asks for a resource.
    pub fn get(&mut self, path: &str) -> io::Result<HttpAnswer> {
        self.send("GET", path, None, 0, &mut |_| Ok(()))
    }

    /// Sends a JSON document.
    pub fn post_json(&mut self, path: &str, body: &str) -> io::Result<HttpAnswer> {
        let length = body.len() as u64;
        self.send("POST", path, Some("application/json"), length, &mut |out| {
            out.write_all(body.as_bytes())
        })
    }

    /// Sends a form with fields and one file in the field `file`.
    pub fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        file: HttpFile<'_>,
    ) -> io::Result<HttpAnswer> {
        let HttpFile {
            name: filename,
            length,
            content,
        } = file;
        let mut before = String::new();
        for (name, value) in fields {
            let _ = write!(
                before,
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        let _ = write!(
            before,
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let after = format!("\r\n--{BOUNDARY}--\r\n");
        let length = before.len() as u64 + length + after.len() as u64;
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send("POST", path, Some(&kind), length, &mut |out| {
            out.write_all(before.as_bytes())?;
            content(out)?;
            out.write_all(after.as_bytes())
        })
    }

    /// Sends a form with a file that is in memory.
    pub fn upload_bytes(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        content: &[u8],
    ) -> io::Result<HttpAnswer> {
        let length = content.len() as u64;
        self.upload(
            path,
            fields,
            HttpFile {
                name,
                length,
                content: &mut |out| out.write_all(content),
            },
        )
    }

    fn send(
        &mut self,
        method: &str,
        path: &str,
        content_type: Option<&str>,
        length: u64,
        body: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<HttpAnswer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.open()?,
        };
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {length}\r\n",
            self.address
        );
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if let Some(kind) = content_type {
            let _ = write!(head, "Content-Type: {kind}\r\n");
        }
        head.push_str("\r\n");
        let sent = {
            let mut out = BufWriter::with_capacity(64 * 1024, stream.get_ref());
            out.write_all(head.as_bytes())
                .and_then(|()| body(&mut out))
                .and_then(|()| out.flush())
        };
        // A server that refuses a body may answer before it has read it, and stop reading: the answer counts.
        let answer = match (read_answer(&mut stream), sent) {
            (Ok(answer), _) => answer,
            (Err(_), Err(not_sent)) => return Err(not_sent),
            (Err(not_read), Ok(())) => return Err(not_read),
        };
        if answer.header("connection") != Some("close") {
            self.stream = Some(stream);
        }
        Ok(answer)
    }

    fn open(&self) -> io::Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(SILENCE))?;
        stream.set_write_timeout(Some(SILENCE))?;
        Ok(BufReader::with_capacity(64 * 1024, stream))
    }
}

fn read_answer(stream: &mut BufReader<TcpStream>) -> io::Result<HttpAnswer> {
    loop {
        let first = line(stream)?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("'{first}' is no HTTP answer")))?;
        let mut headers = Vec::new();
        loop {
            let header = line(stream)?;
            if header.is_empty() {
                break;
            }
            let (name, value) = header.split_once(':').unwrap_or((header.as_str(), ""));
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = HttpAnswer {
            status,
            headers,
            body: Vec::new(),
        };
        // 100 Continue and its like come before the answer.
        if !(100..200).contains(&status) {
            answer.body = read_body(stream, &answer)?;
            return Ok(answer);
        }
    }
}

fn read_body(stream: &mut BufReader<TcpStream>, answer: &HttpAnswer) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if answer.header("transfer-encoding") == Some("chunked") {
        loop {
            let size = line(stream)?;
            let size = u64::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
            stream.take(size).read_to_end(&mut body)?;
            line(stream)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
    let length = answer
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let read = stream.take(length).read_to_end(&mut body)?;
    if (read as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(body)
}

fn line(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread;

    /// Answers each request of one connection, once `read` bytes of it are there, with the next of the answers.
    fn server(read: usize, answers: &'static [&'static str]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            for answer in answers {
                stream.read_exact(&mut vec![0; read]).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        address
    }

    #[test]
    fn an_answer_that_comes_before_the_body_was_read_counts() {
        let refusal = "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig";
        let mut connection = HttpConnection::new(server(10, Box::leak(Box::new([refusal]))), &[]);
        let mut content = |out: &mut dyn Write| (0..10_000).try_for_each(|_| out.write_all(&[b'x'; 10_000]));
        let file = HttpFile {
            name: "a.csv",
            length: 100_000_000,
            content: &mut content,
        };
        let answer = connection.upload("/", &[("name", "a")], file).unwrap();
        assert_eq!((answer.status, answer.text().as_str()), (413, "big"));
    }

    #[test]
    fn bodies_in_chunks_and_bodies_with_a_length_are_read_from_one_connection() {
        let request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:00000\r\nContent-Length: 0\r\nX: y\r\n\r\n";
        let answers: &[&str] = &[
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno",
        ];
        let mut connection = HttpConnection::new(server(request.len(), answers), &[("X", "y")]);
        let first = connection.get("/").unwrap();
        assert_eq!((first.status, first.text().as_str()), (200, "abcde"));
        let second = connection.get("/").unwrap();
        assert_eq!((second.status, second.text().as_str()), (404, "no"));
    }
}
