//! AWS's services on loopback, each at its own address: recorded responses behind TLS.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Response, StatusCode};
use axum::serve::Listener;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::Deserialize;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::Shared;

/// The variables that name the services' addresses.
const SERVICES: [&str; 5] = ["DYNAMODB", "SECRETS_MANAGER", "EVENTBRIDGE", "SESV2", "SQS"];

/// A call that was recorded.
#[derive(Clone, Deserialize)]
pub(crate) struct Call {
    target: String,
    request: String,
    status: u16,
    #[serde(rename = "type")]
    kind: Option<String>,
    answer: String,
}

/// The services.
pub(crate) struct Services {
    /// The variables that lead to them.
    pub(crate) urls: Vec<(String, String)>,
    state: Recorded,
}

/// The calls of the program that runs, each with its request as JSON, and how often each target was called in a way that was
/// not recorded, by expression.
#[derive(Clone, Default)]
struct Recorded {
    calls: Shared<Vec<(Value, Call)>>,
    others: Shared<HashMap<String, usize>>,
    connections: Arc<AtomicUsize>,
}

impl Services {
    /// Answers with these calls from now on.
    pub(crate) fn play(&self, calls: &[Call]) {
        let parsed = |call: &Call| (json(call.request.as_bytes()), call.clone());
        *self.state.calls.lock().unwrap() = calls.iter().map(parsed).collect();
        self.state.others.lock().unwrap().clear();
        self.state.connections.store(0, Ordering::SeqCst);
    }

    /// How many TLS connections were made since then.
    pub(crate) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }
}

pub(crate) async fn serve(chain: &Path, key: &Path) -> Services {
    let chain = CertificateDer::pem_file_iter(chain).unwrap().collect::<Result<Vec<_>, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(key).unwrap();
    let mut config = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (state, mut urls) = (Recorded::default(), Vec::new());
    for (index, service) in SERVICES.into_iter().enumerate() {
        let listener = TcpListener::bind(format!("127.0.0.{}:0", index + 2)).await.unwrap();
        urls.push((format!("AWS_ENDPOINT_URL_{service}"), format!("https://{}", listener.local_addr().unwrap())));
        let router = Router::new().fallback(answer).with_state(state.clone());
        let listener = TlsListener::new(listener, acceptor.clone(), state.connections.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    Services { urls, state }
}

/// The JSON of a request. The SDK writes the members of a map in any order.
fn json(request: &[u8]) -> Value {
    serde_json::from_slice(request).unwrap_or_default()
}

/// A request that was recorded gets its answer; any other one the next answer that its operation got with the same expression.
async fn answer(State(recorded): State<Recorded>, request: Request) -> Response<axum::body::Body> {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    let target = target.unwrap_or_else(|| request.uri().path()).to_owned();
    let body: Bytes = axum::body::to_bytes(request.into_body(), 1 << 24).await.unwrap();
    let calls = recorded.calls.lock().unwrap();
    let request = json(&body);
    let same = calls.iter().find(|(recorded, call)| call.target == target && *recorded == request);
    let call = same.map(|(_, call)| call).or_else(|| {
        let expressions =
            |request: &Value| ["UpdateExpression", "KeyConditionExpression"].map(|name| request[name].to_string());
        let wanted = expressions(&request);
        let similar = |(recorded, call): &&(Value, Call)| call.target == target && expressions(recorded) == wanted;
        let similar: Vec<&Call> = calls.iter().filter(similar).map(|(_, call)| call).collect();
        let mut others = recorded.others.lock().unwrap();
        let count = others.entry(format!("{target} {wanted:?}")).or_default();
        *count += 1;
        similar.get((*count - 1) % similar.len().max(1)).copied()
    });
    let Some(call) = call else {
        eprintln!("bench: not recorded: {target} {}", String::from_utf8_lossy(&body));
        std::process::exit(1);
    };
    let mut response = Response::new(call.answer.clone().into());
    *response.status_mut() = StatusCode::from_u16(call.status).unwrap();
    if let Some(kind) = &call.kind {
        response.headers_mut().insert(CONTENT_TYPE, kind.parse().unwrap());
    }
    response
}

/// Accepts TLS connections. Handshakes run side by side.
struct TlsListener {
    address: SocketAddr,
    streams: mpsc::UnboundedReceiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl TlsListener {
    fn new(listener: TcpListener, acceptor: TlsAcceptor, connections: Arc<AtomicUsize>) -> Self {
        let address = listener.local_addr().unwrap();
        let (sender, streams) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, peer)) = listener.accept().await {
                let (acceptor, sender, connections) = (acceptor.clone(), sender.clone(), connections.clone());
                stream.set_nodelay(true).unwrap();
                tokio::spawn(async move {
                    // A program that is killed may be in the middle of a handshake.
                    if let Ok(stream) = acceptor.accept(stream).await {
                        connections.fetch_add(1, Ordering::SeqCst);
                        drop(sender.send((stream, peer)));
                    }
                });
            }
        });
        Self { address, streams }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.streams.recv().await {
            Some(stream) => stream,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}
