//! A DynamoDB other than the embedded one: DynamoDB Local, an emulator, or the cloud.
//!
//! In the stack the table has its name from the template. In the other engine it has a unique name, so that several
//! stacks can share one account. Requests are signed again, because a function's signature is for this stack's
//! address.

use std::fmt;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use axum::body::Bytes;
use serde_json::Value;

use crate::aws::wire::EngineError;
use crate::folder::Folder;

/// The engine at an address.
#[derive(Clone)]
pub struct Remote {
    url: String,
    region: String,
    credentials: Credentials,
    agent: ureq::Agent,
    /// The table's name in the template, and its name in the engine.
    table: (String, String),
    /// Whether the table outlives the stack.
    kept: bool,
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("url", &self.url).field("table", &self.table.1).finish_non_exhaustive()
    }
}

impl Remote {
    /// The engine in `AWS_ENDPOINT_URL_DYNAMODB`, if it is set, with the usual variables for region and credentials.
    /// The table's name is stored in the data folder, if there is one.
    ///
    /// # Errors
    /// When that name cannot be read or written.
    pub(crate) fn from_env(table: &str, folder: &Folder) -> Result<Option<Self>, String> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let Some(url) = variable("AWS_ENDPOINT_URL_DYNAMODB") else { return Ok(None) };
        let or_local = |name: &str| variable(name).unwrap_or_else(|| "local".to_owned());
        let credentials = Credentials::new(
            or_local("AWS_ACCESS_KEY_ID"),
            or_local("AWS_SECRET_ACCESS_KEY"),
            variable("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)))
            .build()
            .into();
        let region = variable("AWS_REGION").unwrap_or_else(|| "eu-central-1".to_owned());
        let (table, kept) = ((table.to_owned(), name(folder)?), folder.path(FILE).is_some());
        Ok(Some(Self { url, region, credentials, agent, table, kept }))
    }

    /// Deletes the table, unless a data folder preserves it for the next stack.
    pub(crate) fn clean_up(&self) {
        if self.kept {
            return;
        }
        let delete = serde_json::json!({"TableName": self.table.0}).to_string();
        if let Err(error) = self.send_blocking("DynamoDB_20120810.DeleteTable", delete.as_bytes()) {
            tracing::warn!(error, table = self.table.1, "the table is left behind");
        }
    }

    /// Sends a request with the table's name translated, and returns status and body with the name translated back.
    ///
    /// # Errors
    /// When the engine does not respond.
    pub(crate) async fn send(&self, target: &str, body: Bytes) -> Result<(u16, Bytes), EngineError> {
        let (remote, target) = (self.clone(), target.to_owned());
        let sent = tokio::task::spawn_blocking(move || remote.send_blocking(&target, &body)).await;
        let failed = |words: String| ("ServiceUnavailable".to_owned(), words);
        sent.map_err(|error| failed(error.to_string()))?.map_err(failed)
    }

    fn send_blocking(&self, target: &str, body: &[u8]) -> Result<(u16, Bytes), String> {
        let (here, there) = (self.table.0.as_str(), self.table.1.as_str());
        let body = renamed(body, here, there);
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target)];
        let mut request = self.agent.post(&self.url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        for (name, value) in self.signature(&headers, &body).map_err(|error| error.to_string())? {
            request = request.header(name, value);
        }
        let mut answer = request.send(&body[..]).map_err(|error| format!("{}: {error}", self.url))?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(64 << 20).read_to_vec().map_err(|error| error.to_string())?;
        Ok((status, renamed(&body, there, here).into()))
    }

    #[expect(clippy::disallowed_methods, reason = "a signature needs the real time, not the stack's")]
    fn signature(
        &self,
        headers: &[(&'static str, &str)],
        body: &[u8],
    ) -> Result<Vec<(String, String)>, Box<dyn std::error::Error>> {
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("dynamodb")
            .time(std::time::SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let request = SignableRequest::new("POST", &*self.url, headers.iter().copied(), SignableBody::Bytes(body))?;
        let (instructions, _) = sign(request, &params)?.into_parts();
        let (headers, _) = instructions.into_parts();
        Ok(headers.into_iter().map(|header| (header.name().to_owned(), header.value().to_owned())).collect())
    }
}

/// The file of the data folder that stores the table's name.
const FILE: &str = "table-name";
/// The prefix of table names; an id follows.
const PREFIX: &str = "bindery-local-";

/// The table's name in the engine: a new one, or the one in the data folder.
fn name(folder: &Folder) -> Result<String, String> {
    if let Some(known) = folder.read(FILE)? {
        let known = String::from_utf8_lossy(&known).into_owned();
        let whole = known.strip_prefix(PREFIX).is_some_and(|id| id.len() == crate::aws::wire::fresh_id().len());
        return if whole { Ok(known) } else { Err(folder.damaged(FILE, &format!("{known:?} is not a name of ours"))) };
    }
    let name = format!("{PREFIX}{}", crate::aws::wire::fresh_id());
    folder.write(FILE, name.as_bytes())?;
    Ok(name)
}

/// Replaces the table's name in a body, wherever the protocol has a name. A body that is not JSON stays unchanged.
fn renamed(body: &[u8], from: &str, to: &str) -> Vec<u8> {
    match serde_json::from_slice::<Value>(body) {
        Ok(mut value) => {
            rename(&mut value, from, to);
            value.to_string().into_bytes()
        }
        Err(_) => body.to_vec(),
    }
}

fn rename(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| rename(value, from, to)),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                if name == "TableName" && *member == from {
                    *member = to.into();
                }
                // Batches have one member for each table.
                let by_table = ["RequestItems", "Responses", "UnprocessedItems", "UnprocessedKeys"];
                if let Some(tables) = member.as_object_mut().filter(|_| by_table.contains(&name.as_str()))
                    && let Some(of_table) = tables.remove(from)
                {
                    tables.insert(to.to_owned(), of_table);
                }
                rename(member, from, to);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_tables_name_is_stored_and_never_replaced() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::open(home.path()).unwrap();
        let first = name(&folder).unwrap();
        assert_eq!(name(&folder).unwrap(), first);
        std::fs::write(home.path().join(FILE), &first[..20]).unwrap();
        assert!(name(&folder).unwrap_err().contains("table-name is damaged"));
    }

    #[test]
    fn the_table_has_another_name_in_the_engine() {
        let mut request = json!({
            "TransactItems": [{"Put": {"TableName": "Table", "Item": {"pk": {"S": "Table"}}}}],
            "RequestItems": {"Table": [{"PutRequest": {}}]},
        });
        rename(&mut request, "Table", "There");
        let expected = json!({
            "TransactItems": [{"Put": {"TableName": "There", "Item": {"pk": {"S": "Table"}}}}],
            "RequestItems": {"There": [{"PutRequest": {}}]},
        });
        assert_eq!(request, expected);
    }
}
