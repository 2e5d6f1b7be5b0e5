//! A small identity provider of the tests' own: discovery, keys that can be exchanged, and tokens.

use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p256::SecretKey;
use p256::pkcs8::EncodePrivateKey;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A provider that answers until it is dropped.
pub(crate) struct Issuer {
    pub(crate) address: String,
    served: Arc<Served>,
}

struct Served {
    address: String,
    keys: Mutex<Vec<Value>>,
    asked: AtomicUsize,
    is_down: AtomicBool,
    ended: AtomicBool,
}

/// A key of the provider.
pub(crate) struct Key {
    name: String,
    private: EncodingKey,
    /// The public half as the provider publishes it.
    pub(crate) public: Value,
}

impl Key {
    pub(crate) fn new(name: &str) -> Self {
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).unwrap();
        random[0] = 1; // below the order of the curve
        let secret = SecretKey::from_slice(&random).unwrap().to_pkcs8_der().unwrap();
        let private = EncodingKey::from_ec_der(secret.as_bytes());
        let mut public = Jwk::from_encoding_key(&private, Algorithm::ES256).unwrap();
        public.common.key_id = Some(name.to_owned());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Self {
            name: name.to_owned(),
            private,
            public: serde_json::to_value(public).unwrap(),
        }
    }

    /// A token with these claims.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = Header {
            kid: Some(self.name.clone()),
            ..Header::new(Algorithm::ES256)
        };
        encode(&header, claims, &self.private).unwrap()
    }
}

impl Issuer {
    /// A provider with these keys.
    pub(crate) fn start(keys: &[&Key]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let served = Arc::new(Served {
            address: address.clone(),
            keys: Mutex::default(),
            asked: AtomicUsize::new(0),
            is_down: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        });
        let issuer = Self {
            address,
            served: served.clone(),
        };
        issuer.publish(keys);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if served.ended.load(Ordering::Relaxed) {
                    return;
                }
                let _ = stream.and_then(|stream| served.answer(stream));
            }
        });
        issuer
    }

    /// Exchanges the keys.
    pub(crate) fn publish(&self, keys: &[&Key]) {
        *self.served.keys.lock().unwrap() = keys.iter().map(|key| key.public.clone()).collect();
    }

    /// How often the keys were asked for.
    pub(crate) fn asked(&self) -> usize {
        self.served.asked.load(Ordering::Relaxed)
    }

    /// Answers nothing any more, or again.
    pub(crate) fn set_down(&self, is_down: bool) {
        self.served.is_down.store(is_down, Ordering::Relaxed);
    }

    /// The claims of somebody's token that is good from now for an hour.
    pub(crate) fn claims(&self, subject: &str, now: i64) -> Value {
        json!({
            "iss": self.address, "sub": subject, "aud": "landfall", "iat": now, "nbf": now, "exp": now + 3_600,
            "email": format!("{subject}@example.com"), "email_verified": true, "given_name": "Ann",
        })
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.served.ended.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address.trim_start_matches("http://"));
    }
}

impl Served {
    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut first = String::new();
        reader.read_line(&mut first)?;
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            line.clear();
        }
        let path = first.split(' ').nth(1).unwrap_or_default();
        let (status, body) = match path {
            _ if self.is_down.load(Ordering::Relaxed) => ("503 Service Unavailable", json!({})),
            "/.well-known/openid-configuration" => (
                "200 OK",
                json!({ "issuer": self.address, "jwks_uri": format!("{}/keys", self.address) }),
            ),
            "/keys" => {
                self.asked.fetch_add(1, Ordering::Relaxed);
                ("200 OK", json!({ "keys": *self.keys.lock().unwrap() }))
            }
            _ => ("404 Not Found", json!({})),
        };
        let body = body.to_string();
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    }
}
