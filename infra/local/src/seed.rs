//! The seed data, written through the API. Only configs are written to the table directly, because their ids are names,
//! which the API does not allow.

use std::collections::HashSet;
use std::sync::Arc;

use api::operation::{PUT_IDENTITY, PUT_REALM};
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use binding::directory::{AuthenticatorConfig, Invocation, Policy, UnusedMembers};
use binding::ids::{ConfigId, RealmId, RealmRef, TenantId};
use binding::sign_in::SignInSettings;
use binding::time::Timestamp;
use cloud::env::Env;
use cloud::table::{Changed, Table};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::deployment::Deployment;

/// The data folder's file with a record of the seed data.
const FILE: &str = "seeds.json";

/// The seed data that was written.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Planted {
    /// Whether all of it was written. It is not written again, so that what the user deletes stays deleted.
    all: bool,
    /// The addresses in the seed data; more than one only while they are being replaced.
    addresses: Vec<Addresses>,
}

/// The addresses in the seed data: the stack's, and the sample app's.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
struct Addresses {
    base: String,
    app: String,
}

/// Writes tenant `demo`, realm `demo`, identity `ada`, configs `hosted` and `embedded`. Existing data is not changed,
/// except that addresses of an earlier start on other ports are replaced by the current ones.
pub(crate) async fn plant(stack: &Deployment) -> Result<(), String> {
    if !stack.options.no_seed {
        write(stack).await?;
    }
    stack.aws.counts.clear();
    stack.failures.clear();
    Ok(())
}

/// Resets a stack to its state after the first start: seed data only.
pub(crate) async fn reset(stack: &Arc<Deployment>) -> Result<(), String> {
    // Recorded before the table is deleted.
    stack.folder.write_json(FILE, &Planted::default())?;
    stack.reset().await?;
    plant(stack).await
}

async fn write(stack: &Deployment) -> Result<(), String> {
    let now = Addresses { base: stack.base.clone(), app: stack.app.clone() };
    let before: Planted = stack.folder.json(FILE)?.unwrap_or_default();
    let done = Planted { all: true, addresses: vec![now.clone()] };
    let earlier: Vec<Addresses> = before.addresses.into_iter().filter(|addresses| *addresses != now).collect();
    if before.all && earlier.is_empty() {
        return Ok(());
    }
    let both = earlier.iter().cloned().chain([now.clone()]).collect();
    stack.folder.write_json(FILE, &Planted { all: before.all, addresses: both })?;
    let table = table(stack)?;
    if !before.all {
        directory(stack).await?;
        configs(stack, &table).await?;
    }
    for earlier in &earlier {
        refresh(stack, &table, earlier, &now).await?;
    }
    stack.folder.write_json(FILE, &done)
}

async fn directory(stack: &Deployment) -> Result<(), String> {
    let base = &stack.base;
    let token = stack.issuer.token(
        &json!({"tenant_id": "demo", "scope": "realms:read realms:update identities:read identities:update"}),
        stack.clock.now(),
    );
    let realm = json!({"realm": {
        "display_name": "Demo Inc.",
        "theme": {"support_url": "https://support.example.com/"},
        "post_binding_redirect_uris": [welcome(base), "https://app.example.com/welcome".to_owned()],
    }});
    let ada = json!({"identity": {
        "display_name": "Ada Lovelace",
        "traits": {"type": "traits_v0", "username": "ada", "primary_email_address": "ada@example.com"},
    }});
    for (path, body) in
        [(PUT_REALM.route.at(["demo", "demo"]), realm), (PUT_IDENTITY.route.at(["demo", "demo", "ada"]), ada)]
    {
        if stack.call("GET", &path, &token, "").await? != 200 {
            let status = stack.call("PUT", &path, &token, &body.to_string()).await?;
            if status != 200 {
                return Err(format!("the seed data was refused: {path} answered {status}"));
            }
        }
    }
    Ok(())
}

/// The stack's own redirect URI.
fn welcome(base: &str) -> String {
    format!("{base}/_local/welcome")
}

fn table(stack: &Deployment) -> Result<Table, String> {
    let env = Env::new(
        [
            ("AWS_REGION", "local"),
            ("AWS_ACCESS_KEY_ID", "seed"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_ENDPOINT_URL", &stack.base),
            ("TABLE_NAME", "Table"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let aws = cloud::aws::Aws::new(&env).map_err(|error| failed(&error))?;
    Table::new(&aws, &env).map_err(|error| failed(&error))
}

fn failed(error: &dyn std::error::Error) -> String {
    format!("the seed data was refused: {error}")
}

fn realm() -> Result<RealmRef, String> {
    let demo = "demo";
    Ok(RealmRef {
        tenant: TenantId::parse(demo).map_err(|error| failed(&error))?,
        id: RealmId::parse(demo).map_err(|error| failed(&error))?,
    })
}

async fn configs(stack: &Deployment, table: &Table) -> Result<(), String> {
    let embedded = Invocation::Embedded {
        invoke_url: stack.app.clone(),
        trusted_origins: vec![stack.app.clone(), stack.base.clone()],
        invocation_type: Some("automatic".to_owned()),
    };
    for (id, name, invocation) in
        [("hosted", "Our page", Invocation::HostedWeb), ("embedded", "The app's page", embedded)]
    {
        let now = stack.clock.now();
        let mechanisms = invocation.usual_mechanisms();
        let config = AuthenticatorConfig {
            realm: realm()?,
            id: ConfigId::parse(id).map_err(|error| failed(&error))?,
            version: 1,
            display_name: name.to_owned(),
            invocation,
            unused_members: UnusedMembers::default(),
            relying_party_id: None,
            related_origins: false,
            relying_party_name: None,
            policy: Policy { mechanisms, ..Policy::default() },
            sign_in: SignInSettings { enabled: true, ..SignInSettings::default() },
            create_time: now,
            update_time: now,
        };
        // An existing config is not changed.
        let (Changed::Yes | Changed::Meanwhile) = table.put_config(&config).await.map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// Replaces the addresses of an earlier start in the seed data, and changes nothing else.
async fn refresh(stack: &Deployment, table: &Table, earlier: &Addresses, now: &Addresses) -> Result<(), String> {
    let time = stack.clock.now();
    if let Some(mut realm) = table.realm(&realm()?).await.map_err(|error| failed(&error))? {
        let uris = &mut realm.post_binding_redirect_uris;
        if replaced(uris, &[(welcome(&earlier.base), welcome(&now.base))]) {
            let seen = realm.update_time;
            realm.update_time = time.max(Timestamp::from_millis(seen.millis() + 1));
            let Changed::Yes = table.put_realm(&realm, Some(seen)).await.map_err(|error| failed(&error))? else {
                return Err("the seeded realm was changed meanwhile; start again".to_owned());
            };
        }
    }
    let id = ConfigId::parse("embedded").map_err(|error| failed(&error))?;
    let Some(mut config) = table.config(&realm()?, &id).await.map_err(|error| failed(&error))? else { return Ok(()) };
    let Invocation::Embedded { invoke_url, trusted_origins, .. } = &mut config.invocation else { return Ok(()) };
    let mut changed =
        replaced(trusted_origins, &[(earlier.app.clone(), now.app.clone()), (earlier.base.clone(), now.base.clone())]);
    if *invoke_url == earlier.app {
        invoke_url.clone_from(&now.app);
        changed = true;
    }
    if changed {
        config.version += 1;
        config.update_time = time.max(config.update_time);
        let Changed::Yes = table.put_config(&config).await.map_err(|error| failed(&error))? else {
            return Err("the seeded config was changed meanwhile; start again".to_owned());
        };
    }
    Ok(())
}

/// Replaces values in a list, and returns whether it changed.
fn replaced(list: &mut Vec<String>, changes: &[(String, String)]) -> bool {
    let before = list.clone();
    for value in &mut *list {
        if let Some((_, now)) = changes.iter().find(|(earlier, _)| earlier == value) {
            value.clone_from(now);
        }
    }
    let mut seen = HashSet::new();
    list.retain(|value| seen.insert(value.clone()));
    *list != before
}

impl Deployment {
    async fn call(&self, method: &str, path: &str, token: &str, body: &str) -> Result<u16, String> {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|error| error.to_string())?;
        headers.insert(header::AUTHORIZATION, value);
        let uri: Uri = path.parse().map_err(|error| format!("{path}: {error}"))?;
        let gateway = self.gateway().ok_or("the gateway is not up")?;
        let body = Bytes::copy_from_slice(body.as_bytes());
        Ok(gateway.answer(method, &uri, &headers, body).await.status().as_u16())
    }
}
