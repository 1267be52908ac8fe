//! A Lambda Runtime API on loopback.

use std::collections::VecDeque;
use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use tokio::sync::{Mutex, mpsc};

use crate::Shared;

/// The service.
pub(crate) struct Lambda {
    pub(crate) address: String,
    state: Api,
    answers: Mutex<mpsc::UnboundedReceiver<Answer>>,
}

/// An answer to an event.
pub(crate) struct Answer {
    pub(crate) handed: Instant,
    pub(crate) answered: Instant,
    pub(crate) body: String,
}

#[derive(Clone)]
struct Api {
    events: Shared<VecDeque<String>>,
    handed: Shared<Instant>,
    answers: mpsc::UnboundedSender<Answer>,
}

impl Lambda {
    /// Sets the events of the next program.
    pub(crate) fn offer(&self, events: Vec<String>) {
        *self.state.events.lock().unwrap() = events.into();
    }

    /// Waits for the next answer.
    pub(crate) async fn answer(&self) -> Answer {
        self.answers.lock().await.recv().await.unwrap()
    }
}

pub(crate) async fn serve() -> Lambda {
    let (sender, answers) = mpsc::unbounded_channel();
    let state = Api { events: Shared::default(), handed: Shared::new(Instant::now().into()), answers: sender };
    let router = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(fail))
        .route("/2018-06-01/runtime/init/error", post(fail))
        .with_state(state.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Lambda { address, state, answers: Mutex::new(answers) }
}

async fn next(State(api): State<Api>) -> impl IntoResponse {
    let Some(event) = api.events.lock().unwrap().pop_front() else { return std::future::pending().await };
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:local:000000000000:function:bench"),
        ("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0"),
        ("content-type", "application/json"),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    *api.handed.lock().unwrap() = Instant::now();
    (headers, event)
}

async fn answer(State(api): State<Api>, body: String) {
    let (handed, answered) = (*api.handed.lock().unwrap(), Instant::now());
    api.answers.send(Answer { handed, answered, body }).unwrap();
}

async fn fail(body: String) {
    eprintln!("bench: a program failed: {body}");
    std::process::exit(1);
}
