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
    let connector = connector(tls, connect);
    http_client_fn(move |_, _| connector.clone())
}

fn connector(tls: ClientConfig, connect: Duration) -> SharedHttpConnector {
    let mut tcp = connect::HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let tls = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp);
    let in_time = tower::service_fn(move |address: Uri| {
        let connected = tls.clone().call(address);
        Box::pin(async move { tokio::time::timeout(connect, connected).await.map_err(BoxError::from)? })
    });
    let client = Client::builder(TokioExecutor::new()).build(in_time);
    SharedHttpConnector::new(Http(client))
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Instant;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::env::Env;
    use crate::roots;

    const CONNECT: Duration = Duration::from_millis(300);

    fn to_test() -> SharedHttpConnector {
        connector(roots::tls(&Env::new([]), "eu-west-1").unwrap(), CONNECT)
    }

    async fn listener() -> (TcpListener, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        (listener, address)
    }

    /// Sends a request, and returns its connection as the SDK sees it.
    async fn send(to: &SharedHttpConnector, url: &str) -> Result<(u16, CaptureSmithyConnection), ConnectorError> {
        let capture = CaptureSmithyConnection::new();
        let mut request = HttpRequest::get(url).unwrap();
        request.add_extension(capture.clone());
        let response = to.call(request).await?;
        let status = response.status().as_u16();
        // A connection is free again when the body was read.
        let body = axum::body::Body::new(response.into_body());
        axum::body::to_bytes(body, 1024).await.unwrap();
        Ok((status, capture))
    }

    async fn serve(mut client: TcpStream) {
        let mut request = [0; 1024];
        while client.read(&mut request).await.is_ok_and(|length| length > 0) {
            client.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
        }
    }

    #[tokio::test]
    async fn connections_are_used_again_unless_the_sdk_asks_not_to() {
        let (listener, address) = listener().await;
        let opened = Arc::new(AtomicUsize::new(0));
        let counter = opened.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(client));
            }
        });
        let (connector, url) = (to_test(), format!("http://{address}/"));
        let mut connections = Vec::new();
        for poisoned in [false, true, false] {
            let (status, capture) = send(&connector, &url).await.unwrap();
            assert_eq!(status, 200);
            if poisoned {
                capture.get().unwrap().poison();
            }
            tokio::task::yield_now().await;
            connections.push(opened.load(Ordering::SeqCst));
        }
        assert_eq!(connections, [1, 1, 2]);
    }

    /// A handshake that gets no answer ends in time, and both failures may be repeated.
    #[tokio::test]
    async fn a_connection_that_is_not_established_fails_in_time() {
        let (silent, address) = listener().await;
        let begun = Instant::now();
        let error = send(&to_test(), &format!("https://{address}/")).await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        assert!((CONNECT..CONNECT * 10).contains(&begun.elapsed()), "{:?}", begun.elapsed());
        drop(silent);
        let error = send(&to_test(), &format!("https://{address}/")).await.unwrap_err();
        assert!(error.is_io(), "{error:?}");
    }

    /// A response that breaks off is a failure of the connection.
    #[tokio::test]
    async fn a_broken_response_may_be_repeated() {
        let (listener, address) = listener().await;
        tokio::spawn(async move {
            let (mut client, _) = listener.accept().await.unwrap();
            client.write_all(b"HTTP/1.1 200").await.unwrap();
        });
        let error = send(&to_test(), &format!("http://{address}/")).await.unwrap_err();
        assert!(error.is_io(), "{error:?}");
    }
}
