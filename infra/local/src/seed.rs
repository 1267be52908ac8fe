//! The seed data, written as a developer would: through the API. Configs have names instead of ids of ours, which the
//! API does not allow; they go through the table.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use binding::directory::{AuthenticatorConfig, Invocation, Policy};
use binding::ids::{ConfigId, RealmId, RealmRef, TenantId};
use cloud::env::Env;
use cloud::table::{Changed, Table};
use serde_json::json;

use crate::stack::Inner;

/// Tenant `demo`, realm `demo`, identity `ada`, configs `hosted` and `embedded`. What is there already stays.
pub(crate) async fn plant(stack: &Inner) -> Result<(), String> {
    let base = &stack.base;
    let token = stack.issuer.token(
        &json!({"tenant_id": "demo", "scope": "realms:read realms:update identities:read identities:update"}),
        stack.clock.now(),
    );
    let realm = json!({"realm": {
        "display_name": "Demo Inc.",
        "theme": {"support_url": "https://support.example.com/"},
        "post_binding_redirect_uris": [format!("{base}/_local/welcome"), "https://app.example.com/welcome"],
    }});
    let ada = json!({"identity": {
        "display_name": "Ada Lovelace",
        "traits": {"type": "traits_v0", "username": "ada", "primary_email_address": "ada@example.com"},
    }});
    for (path, body) in [("/v1/tenants/demo/realms/demo", realm), ("/v1/tenants/demo/realms/demo/identities/ada", ada)]
    {
        if stack.call("GET", path, &token, "").await? != 200 {
            let status = stack.call("PUT", path, &token, &body.to_string()).await?;
            if status != 200 {
                return Err(format!("the seed data was refused: {path} answered {status}"));
            }
        }
    }
    configs(stack).await
}

async fn configs(stack: &Inner) -> Result<(), String> {
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
    let failed = |error: &dyn std::error::Error| format!("the seed data was refused: {error}");
    let aws = cloud::aws::Aws::new(&env).map_err(|error| failed(&error))?;
    let table = Table::new(&aws, &env).map_err(|error| failed(&error))?;
    let demo = "demo";
    let realm = RealmRef {
        tenant: TenantId::parse(demo).map_err(|error| failed(&error))?,
        realm: RealmId::parse(demo).map_err(|error| failed(&error))?,
    };
    let embedded = Invocation::Embedded {
        invoke_url: stack.app.clone(),
        trusted_origins: vec![stack.app.clone(), stack.base.clone()],
        invocation_type: Some("automatic".to_owned()),
        authentication_methods: None,
    };
    for (id, name, invocation) in
        [("hosted", "Our page", Invocation::HostedWeb), ("embedded", "The app's page", embedded)]
    {
        let now = stack.clock.now();
        let mechanisms = invocation.usual_mechanisms();
        let config = AuthenticatorConfig {
            realm: realm.clone(),
            id: ConfigId::parse(id).map_err(|error| failed(&error))?,
            version: 1,
            display_name: name.to_owned(),
            invocation,
            relying_party_id: None,
            related_origins: false,
            relying_party_name: None,
            policy: Policy { mechanisms, ..Policy::default() },
            create_time: now,
            update_time: now,
        };
        // A config that is there already stays as it is.
        let (Changed::Yes | Changed::Meanwhile) = table.put_config(&config).await.map_err(|error| failed(&error))?;
    }
    Ok(())
}

impl Inner {
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
