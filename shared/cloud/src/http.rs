//! The HTTP client of all AWS calls: HTTP/1.1 over TLS by rustls on ring.
//!
//! The SDK's own client always contains HTTP/2, which is a tenth of a function's size, and which these services do not
//! need.

use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use axum::http::Uri;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::connect::{Connect, capture_connection};
use hyper_util::client::legacy::{Client, Error, connect};
use hyper_util::rt::TokioExecutor;
use rustls::ClientConfig;
use tower::Service as _;

/// A client that establishes a connection within `connect`. All SDK clients share its connections.
pub(crate) fn client(tls: ClientConfig, connect: Duration) -> SharedHttpClient {
    let mut tcp = connect::HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let tls = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp);
    let in_time = tower::service_fn(move |address: Uri| {
        let connected = tls.clone().call(address);
        Box::pin(async move { tokio::time::timeout(connect, connected).await.map_err(BoxError::from)? })
    });
    let client = Client::builder(TokioExecutor::new()).build(in_time);
    let connector = SharedHttpConnector::new(Http(client));
    http_client_fn(move |_, _| connector.clone())
}

struct Http<C>(Client<C, SdkBody>);

impl<C> std::fmt::Debug for Http<C> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Http")
    }
}

impl<C: Connect + Clone + Send + Sync + 'static> HttpConnector for Http<C> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        // After an error that another host may not have, the SDK asks not to use the connection again.
        let connection = capture_connection(&mut request);
        if let Some(capture) = request.extensions().get::<CaptureSmithyConnection>() {
            capture.set_connection_retriever(move || {
                connection.connection_metadata().as_ref()?;
                let connection = connection.clone();
                let poison = move || {
                    if let Some(connected) = connection.connection_metadata().as_ref() {
                        connected.poison();
                    }
                };
                Some(ConnectionMetadata::builder().proxied(false).poison_fn(poison).build())
            });
        }
        let response = self.0.request(request);
        HttpConnectorFuture::new(async move {
            let response = response.await.map_err(failed)?.map(SdkBody::from_body_1_x);
            HttpResponse::try_from(response).map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// No connection, or a broken one. The request was valid, so the SDK may try again.
fn failed(error: Error) -> ConnectorError {
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        if cause.is::<tokio::time::error::Elapsed>() {
            return ConnectorError::timeout(error.into());
        }
        source = cause.source();
    }
    ConnectorError::io(error.into())
}
