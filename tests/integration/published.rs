//! Conformance to the structure of the published API v1: `../shared/data/published-api-v1.json` beside the project. The
//! file is not part of the project; without it, these tests are skipped and print that.
//!
//! Operations: getTenant, patchTenant, listRealms, createRealm, patchRealm, createTheme, getActiveTheme, getTheme, patchTheme,
//! batchDeleteIdentities.

use std::path::Path;

use api::operation;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::world::{ADA, Answer, REALM, World};

fn document() -> Option<Value> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/published-api-v1.json");
    match std::fs::read_to_string(&file) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(error) => {
            eprintln!("SKIPPED: no published document to compare with: {}: {error}", file.display());
            None
        }
    }
}

/// A path without the names of its parameters.
fn bare(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |bare, part| format!("{bare}{{}}{}", part.split_once('}').unwrap().1))
}

/// The operations of the published document: method, path, document.
fn published(document: &Value) -> Vec<(String, String, &Value)> {
    let methods = ["get", "post", "put", "patch", "delete"];
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            let item = item.as_object().unwrap().iter().filter(|(method, _)| methods.contains(&method.as_str()));
            item.map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
        })
        .collect()
}

#[test]
fn every_published_operation_exists_with_its_scope() {
    let Some(document) = document() else { return };
    let mut missing = Vec::new();
    for (method, path, published) in published(&document) {
        let name = format!("{method} {}", bare(&path));
        let ours = operation::ALL.iter().find(|route| route.method == method && bare(route.path) == bare(&path));
        let Some(ours) = ours else {
            missing.push(name);
            continue;
        };
        let wanted = published["security"][0].as_object().unwrap().values().next().unwrap()[0].as_str();
        assert_eq!(ours.scope, wanted, "{name}");
    }
    assert_eq!(missing, [""; 0]);
}

/// Compares responses with the published document.
struct Yardstick(Value);

impl Yardstick {
    fn schema(&self, method: &str, path: &str, status: &str) -> Option<Value> {
        let (path, _) = self.0["paths"].as_object().unwrap().iter().find(|(known, _)| bare(known) == path)?;
        let response = &self.0["paths"][path][method.to_lowercase()]["responses"][status];
        response.pointer("/content/application~1json/schema").cloned()
    }

    fn validator(&self, mut schema: Value) -> Validator {
        schema["components"] = self.0["components"].clone();
        jsonschema::validator_for(&schema).unwrap()
    }

    /// Sends a request, and checks that the response has the form that the document describes for this status.
    async fn call(&self, world: &World, method: &str, path: &str, body: &Value, status: u16) -> Value {
        let answer = world.call(method, path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        self.check(method, path, &answer);
        answer.json
    }

    fn check(&self, method: &str, path: &str, answer: &Answer) {
        // The names of the collections in the path.
        let named =
            ["tenants", "realms", "identities", "credentials", "credential-binding-jobs", "authenticator-configs"];
        let path = path.split('?').next().unwrap();
        let mut segments: Vec<String> = Vec::new();
        for segment in path.split('/') {
            let below = segments.last().is_some_and(|last| named.contains(&last.as_str()) || last == "themes");
            let (id, verb) = segment.split_once(':').map_or((segment, ""), |(id, verb)| (id, verb));
            let verb = if verb.is_empty() { String::new() } else { format!(":{verb}") };
            segments.push(if below && id != "active" { format!("{{}}{verb}") } else { segment.to_owned() });
        }
        let path = segments.join("/");
        let status = answer.status.to_string();
        let Some(schema) = self.schema(method, &path, &status) else {
            assert!(answer.text.is_empty(), "{method} {path} {status} has no body in the document: {}", answer.text);
            return;
        };
        // A known error of the document: the 404 of a job's creation is typed as a bare ResourceInfo.
        if schema["$ref"] == "#/components/schemas/ResourceInfo" {
            return;
        }
        let validator = self.validator(schema);
        let errors: Vec<String> =
            validator.iter_errors(&answer.json).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{method} {path} {status}: {errors:?} {}", answer.text);
        if answer.status >= 400 {
            assert_eq!(answer.json["message"], answer.json["detail"]);
        }
    }
}

/// The requests are the document's examples.
#[tokio::test(flavor = "multi_thread")]
async fn responses_have_the_published_form() {
    let Some(document) = document() else { return };
    let yardstick = Yardstick(document);
    let world = World::new().await;
    let call = async |method: &str, path: &str, body: Value| yardstick.call(&world, method, path, &body, 200).await;
    let fails = async |method: &str, path: &str, body: Value, status: u16| {
        yardstick.call(&world, method, path, &body, status).await
    };
    let tenant = "/v1/tenants/demo";

    assert_eq!(call("GET", tenant, Value::Null).await["display_name"], "demo");
    let named = call("PATCH", tenant, json!({"tenant": {"display_name": "Test Tenant"}})).await;
    assert_eq!((&named["id"], &named["display_name"]), (&json!("demo"), &json!("Test Tenant")));
    assert_eq!(call("GET", tenant, Value::Null).await, named);
    fails("PATCH", tenant, json!({"tenant": {"display_name": 7}}), 400).await;

    let body = json!({"realm": {"display_name": "Test Realm", "classification": "SECURE_CUSTOMER"}});
    let realm = call("POST", &format!("{tenant}/realms"), body).await;
    let base = format!("{tenant}/realms/{}", realm["id"].as_str().unwrap());
    let realms = call("GET", &format!("{tenant}/realms?page_size=1"), Value::Null).await;
    assert_eq!((&realms["realms"][0], &realms["total_size"]), (&realm, &json!(2)), "newest first");
    let next = format!("{tenant}/realms?page_size=1&page_token={}", realms["next_page_token"].as_str().unwrap());
    assert_eq!(call("GET", &next, Value::Null).await["realms"][0]["id"], "demo");
    let renamed = call("PATCH", &base, json!({"realm": {"display_name": "Renamed"}})).await;
    assert_eq!((&renamed["display_name"], &renamed["create_time"]), (&json!("Renamed"), &realm["create_time"]));
    assert_eq!(call("GET", &base, Value::Null).await, renamed);
    let missing = fails("GET", &format!("{tenant}/realms/nowhere"), Value::Null, 404).await;
    assert_eq!((&missing["code"], &missing["details"][0]["resource_type"]), (&json!("not_found"), &json!("Realm")));
    fails("PATCH", &format!("{tenant}/realms/nowhere"), json!({"realm": {"display_name": "X"}}), 404).await;

    let look = json!({"theme": {
        "email_realm_name": "Realm Administrators", "logo_url_light": "https://example.com/logo_url_light.png",
        "logo_url_dark": "https://example.com/logo_url_dark.png", "support_url": "https://example.com/support",
        "button_color": "#4673D3", "button_text_color": "#FFFFFF",
    }});
    let theme = call("POST", &format!("{base}/themes"), look.clone()).await;
    for (name, value) in look["theme"].as_object().unwrap() {
        assert_eq!(&theme[name], value);
    }
    assert_eq!(fails("POST", &format!("{base}/themes"), look, 409).await["code"], "conflict");
    let path = format!("{base}/themes/{}", theme["id"].as_str().unwrap());
    for path in [&path, &format!("{base}/themes/active")] {
        assert_eq!(call("GET", path, Value::Null).await, theme);
    }
    let changed = call("PATCH", &path, json!({"theme": {"email_realm_name": "Others"}})).await;
    assert_eq!((&changed["email_realm_name"], &changed["button_color"]), (&json!("Others"), &json!("#4673D3")));
    let shown = call("GET", &base, Value::Null).await;
    assert_eq!((&shown["theme"]["button_color"], &shown["email"]["from_name"]), (&json!("#4673D3"), &json!("Others")));
    fails("GET", &format!("{base}/themes/72d0af37-a9bb-410c-b8a7-9aa127fd8739"), Value::Null, 404).await;
    fails("PATCH", &path, json!({"theme": {"button_color": "red"}}), 400).await;

    let body = json!({"identity": {
        "display_name": "Test Identity",
        "traits": {"type": "traits_v0", "username": "test", "primary_email_address": "test@example.com"},
    }});
    let identity = call("POST", &format!("{base}/identities"), body.clone()).await;
    let path = format!("{base}/identities/{}", identity["id"].as_str().unwrap());
    assert_eq!(fails("POST", &format!("{base}/identities"), body, 409).await["details"][0]["id"], identity["id"]);
    assert_eq!(call("GET", &path, Value::Null).await, identity);
    let body = json!({"identity": {
        "display_name": "Test Identity", "traits": {"type": "traits_v0", "primary_email_address": "new@example.com"},
    }});
    let patched = call("PATCH", &path, body).await;
    assert_eq!((&patched["traits"]["username"], &patched["status"]), (&json!("test"), &json!("active")));
    let listed = call("GET", &format!("{base}/identities?filter=traits.username+eq+%22test%22"), Value::Null).await;
    assert_eq!((&listed["identities"], &listed["total_size"]), (&json!([patched]), &json!(1)));
    fails("GET", &format!("{base}/identities/nobody"), Value::Null, 404).await;

    for (config, expected) in [
        (
            json!({"type": "embedded", "invoke_url": "http://localhost:8092", "trusted_origins": ["http://localhost:8092"]}),
            json!({
                "type": "embedded", "invoke_url": "http://localhost:8092", "invocation_type": "automatic",
                "trusted_origins": ["http://localhost:8092"], "authentication_methods": [
                    {"type": "email_one_time_password"}, {"type": "software_passkey"}, {"type": "webauthn_passkey"},
                ],
            }),
        ),
        (
            json!({
                "type": "hosted_web", "authentication_methods": [{"type": "software_passkey"}],
                "trusted_origins": ["http://localhost:8092"],
            }),
            json!({
                "type": "hosted_web", "authentication_methods": [{"type": "software_passkey"}],
                "trusted_origins": ["http://localhost:8092"],
            }),
        ),
        (
            json!({"type": "hosted_web"}),
            json!({
                "type": "hosted_web", "authentication_methods": [{"type": "webauthn_passkey"}], "trusted_origins": [],
            }),
        ),
    ] {
        let body = json!({"authenticator_config": {"display_name": "Pet", "config": config}});
        let made = call("POST", &format!("{base}/authenticator-configs"), body).await;
        assert_eq!(made["config"], expected);
        let path = format!("{base}/authenticator-configs/{}", made["id"].as_str().unwrap());
        assert_eq!(call("GET", &path, Value::Null).await, made);
        let patched = call("PATCH", &path, json!({"authenticator_config": {"display_name": "Cat"}})).await;
        assert_eq!((&patched["config"], &patched["display_name"]), (&expected, &json!("Cat")));
    }
    let configs = call("GET", &format!("{base}/authenticator-configs"), Value::Null).await;
    let config = configs["authenticator_configs"][2]["id"].clone();
    fails("GET", &format!("{base}/authenticator-configs/none"), Value::Null, 404).await;

    let body = json!({"job": {"delivery_method": "RETURN", "authenticator_config_id": config}});
    let jobs = format!("{path}/credential-binding-jobs");
    let job = call("POST", &jobs, body).await["credential_binding_job"].clone();
    let body = json!({"job": {"delivery_method": "EMAIL", "authenticator_config_id": config}});
    call("POST", &jobs, body.clone()).await;
    assert_eq!(call("GET", &jobs, Value::Null).await["total_size"], 2);
    let one = format!("{jobs}/{}", job["id"].as_str().unwrap());
    assert_eq!(call("GET", &one, Value::Null).await, job);
    assert_eq!(call("POST", &format!("{one}:revoke"), json!({})).await["state"], "REVOKED");
    call("PATCH", &path, json!({"identity": {"traits": {"primary_email_address": null}}})).await;
    let refused = fails("POST", &jobs, body, 422).await;
    assert!(refused["message"].as_str().unwrap().starts_with("Identity missing email address"));
    assert_eq!(refused["details"][0]["resource_type"], "Identity");
    assert!(refused["instance"].as_str().unwrap().ends_with("/credential-binding-jobs"));
    let of_all = format!("{base}/identities/-/credential-binding-jobs/{}", job["id"].as_str().unwrap());
    let missing = fails("GET", &of_all, Value::Null, 404).await;
    assert_eq!(missing["details"][0]["resource_type"], "CredentialBindingJob");

    let credential = world.enrol(&world.invite().await).await;
    let credentials = format!("{ADA}/credentials");
    let id = credential["id"].as_str().unwrap();
    let thumbprint = credential["jwk_thumbprint"].as_str().unwrap().replace('=', "%3D");
    let found = call("GET", &format!("{credentials}?filter=jwk_thumbprint+eq+%22{thumbprint}%22"), Value::Null).await;
    assert_eq!((&found["credentials"][0]["id"], &found["total_size"]), (&json!(id), &json!(1)));
    call("GET", &format!("{credentials}/{id}"), Value::Null).await;
    call("POST", &format!("{credentials}/{id}:revoke"), json!({})).await;
    let verb = fails("POST", &format!("{credentials}/{}:revoke", job["id"].as_str().unwrap()), json!({}), 404).await;
    assert!(verb["instance"].as_str().unwrap().ends_with(":revoke"), "{verb}");

    let ids = json!({"ids": [identity["id"], "nobody"]});
    let refused = fails("POST", &format!("{base}/identities:batchDelete"), ids, 404).await;
    let expected = json!([{"type": "BatchOperationErrors", "errors": [
        {"Description": "identities not found", "IDs": ["nobody"], "ResourceType": "Identity"},
    ]}]);
    assert_eq!(refused["details"], expected);
    call("GET", &path, Value::Null).await;
    call("POST", &format!("{base}/identities:batchDelete"), json!({"ids": [identity["id"]]})).await;
    fails("GET", &path, Value::Null, 404).await;
    call("GET", REALM, Value::Null).await;
}
