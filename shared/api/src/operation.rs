//! The operations: name, method, path, and required credentials of each.
//!
//! Routers, OpenAPI, the comparison with template.yaml and clients use this list. To add an operation, add it to the
//! list, describe its bodies in `openapi/operations.rs`, serve it with [`crate::routes`] and route to its function in
//! template.yaml. Tests compare the four.

use std::borrow::Cow;
use std::marker::PhantomData;

use binding::ids::{BatchRef, ConfigRef, CredentialRef, IdentityRef, JobRef, RealmRef, TenantId};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::permit::{
    Anybody, CeremonyHolder, Device, LinkHolder, LinkVisitor, Owner, Permit, Permitted, Public, Scheme, ThemeRef,
};

/// An operation whose handler takes a `P`.
#[derive(Debug)]
pub struct Operation<P> {
    /// Its name, path and access.
    pub route: Route,
    permit: PhantomData<fn() -> P>,
}

/// An operation of any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Its name (`operationId`).
    pub id: &'static str,
    /// The method, in capitals.
    pub method: &'static str,
    /// The path as callers write it, with `{parameters}` and `:verb`.
    pub path: &'static str,
    /// The credential that a caller must present.
    pub scheme: Scheme,
    /// The scope that an access token must have.
    pub scope: Option<&'static str>,
    /// A short description.
    pub summary: &'static str,
}

impl<P: Permit> Operation<P> {
    const fn new(id: &'static str, method: &'static str, path: &'static str, summary: &'static str) -> Self {
        let route = Route { id, method, path, scheme: P::SCHEME, scope: None, summary };
        Self { route, permit: PhantomData }
    }

    const fn scope(mut self, scope: &'static str) -> Self {
        self.route.scope = Some(scope);
        self
    }
}

impl Operation<Anybody> {
    /// A file that a page loads. It is served like an operation but is not part of the API.
    #[must_use]
    pub const fn file(path: &'static str) -> Self {
        Self::new("", "GET", path, "")
    }
}

/// RFC 3986 §2.3, unreserved characters: everything else is percent-encoded.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes a text as a segment of a path, or as a value in a query or a form.
#[must_use]
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

impl Route {
    /// The path in functions and template.yaml, where `{id}:verb` is `{id}/verb`.
    #[must_use]
    pub fn template(&self) -> Cow<'static, str> {
        if self.path.contains(':') { self.path.replace(':', "/").into() } else { self.path.into() }
    }

    /// The names of the path's parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
    }

    /// The path with these ids, percent-encoded, in place of its parameters, in order. A parameter without an id stays
    /// unchanged.
    #[must_use]
    pub fn at<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> String {
        self.parameters()
            .zip(ids)
            .fold(self.path.to_owned(), |path, (name, id)| path.replacen(&format!("{{{name}}}"), &encoded(id), 1))
    }
}

macro_rules! realm {
    ($($more:literal)?) => { concat!("/v1/tenants/{tenant_id}/realms/{realm_id}" $(, $more)?) };
}

macro_rules! config {
    ($($more:literal)?) => { concat!(realm!(), "/authenticator-configs/{config_id}" $(, $more)?) };
}

macro_rules! identity {
    ($($more:literal)?) => { concat!(realm!(), "/identities/{identity_id}" $(, $more)?) };
}

macro_rules! job {
    ($($more:literal)?) => { concat!(identity!(), "/credential-binding-jobs/{job_id}" $(, $more)?) };
}

macro_rules! credential {
    ($($more:literal)?) => { concat!(identity!(), "/credentials/{credential_id}" $(, $more)?) };
}

macro_rules! batches {
    ($($more:literal)?) => { concat!(realm!(), "/batch-credential-binding-jobs" $(, $more)?) };
}

macro_rules! operations {
    ($(#[doc = $summary:literal] $name:ident: $permit:ty = $id:literal $method:ident $path:expr $(, $scope:literal)?;)+) => {
        $(
            #[doc = $summary]
            pub const $name: Operation<$permit> =
                Operation::<$permit>::new($id, stringify!($method), $path, $summary.trim_ascii())$(.scope($scope))?;
        )+

        /// All operations.
        pub const ALL: &[Route] = &[$($name.route),+];
    };
}

operations! {
    /// Read a tenant
    GET_TENANT: Permitted<TenantId> = "getTenant" GET "/v1/tenants/{tenant_id}", "tenants:read";
    /// Change a tenant
    PATCH_TENANT: Permitted<TenantId> = "patchTenant" PATCH "/v1/tenants/{tenant_id}", "tenants:update";
    /// List realms
    LIST_REALMS: Permitted<TenantId> = "listRealms" GET "/v1/tenants/{tenant_id}/realms", "realms:read";
    /// Create a realm
    CREATE_REALM: Permitted<TenantId> = "createRealm" POST "/v1/tenants/{tenant_id}/realms", "realms:create";
    /// Read a realm
    GET_REALM: Permitted<RealmRef> = "getRealm" GET realm!(), "realms:read";
    /// Create a realm or replace its settings
    PUT_REALM: Permitted<RealmRef> = "putRealm" PUT realm!(), "realms:update";
    /// Change a realm (JSON Merge Patch)
    PATCH_REALM: Permitted<RealmRef> = "patchRealm" PATCH realm!(), "realms:update";
    /// Delete a realm that has no identities
    DELETE_REALM: Permitted<RealmRef> = "deleteRealm" DELETE realm!(), "realms:delete";
    /// Preview a mail of a realm
    PREVIEW_MAIL: Permitted<RealmRef> = "previewMail" POST realm!(":previewMail"), "realms:read";
    /// Preview the hosted page of a realm
    PREVIEW_PAGE: Permitted<RealmRef> = "previewPage" POST realm!(":previewPage"), "realms:read";
    /// Send a test mail
    SEND_TEST_MAIL: Permitted<RealmRef> = "sendTestMail" POST realm!(":sendTestMail"), "realms:update";
    /// Create a realm's theme
    CREATE_THEME: Permitted<RealmRef> = "createTheme" POST realm!("/themes"), "themes:create";
    /// Read a realm's theme
    GET_ACTIVE_THEME: Permitted<RealmRef> = "getActiveTheme" GET realm!("/themes/active"), "themes:read";
    /// Read a theme
    GET_THEME: Permitted<ThemeRef> = "getTheme" GET realm!("/themes/{theme_id}"), "themes:read";
    /// Change a theme
    PATCH_THEME: Permitted<ThemeRef> = "patchTheme" PATCH realm!("/themes/{theme_id}"), "themes:update";
    /// Create an identity
    CREATE_IDENTITY: Permitted<RealmRef> = "createIdentity" POST realm!("/identities"), "identities:create";
    /// List identities
    LIST_IDENTITIES: Permitted<RealmRef> = "listIdentities" GET realm!("/identities"), "identities:read";
    /// Count the identities of a realm by enrollment status
    GET_ENROLLMENT: Permitted<RealmRef> = "getEnrollment" GET realm!("/enrollment"), "identities:read";
    /// Read an identity
    GET_IDENTITY: Permitted<IdentityRef> = "getIdentity" GET identity!(), "identities:read";
    /// Create or replace an identity with your own id
    PUT_IDENTITY: Permitted<IdentityRef> = "putIdentity" PUT identity!(), "identities:update";
    /// Update an identity (JSON Merge Patch)
    PATCH_IDENTITY: Permitted<IdentityRef> = "patchIdentity" PATCH identity!(), "identities:update";
    /// Erase an identity, its jobs and credentials
    ERASE_IDENTITY: Permitted<IdentityRef> = "eraseIdentity" DELETE identity!(), "identities:delete";
    /// Erase identities, their jobs and credentials
    BATCH_DELETE_IDENTITIES: Permitted<RealmRef> =
        "batchDeleteIdentities" POST realm!("/identities:batchDelete"), "identities:delete";
    /// Create a config
    CREATE_AUTHENTICATOR_CONFIG: Permitted<RealmRef> =
        "createAuthenticatorConfig" POST realm!("/authenticator-configs"), "authenticator-configs:create";
    /// List configs
    LIST_AUTHENTICATOR_CONFIGS: Permitted<RealmRef> =
        "listAuthenticatorConfigs" GET realm!("/authenticator-configs"), "authenticator-configs:read";
    /// Read a config
    GET_AUTHENTICATOR_CONFIG: Permitted<ConfigRef> =
        "getAuthenticatorConfig" GET config!(), "authenticator-configs:read";
    /// Create a config's next version
    PATCH_AUTHENTICATOR_CONFIG: Permitted<ConfigRef> =
        "patchAuthenticatorConfig" PATCH config!(), "authenticator-configs:update";
    /// Delete a config
    DELETE_AUTHENTICATOR_CONFIG: Permitted<ConfigRef> =
        "deleteAuthenticatorConfig" DELETE config!(), "authenticator-configs:delete";
    /// Create a job
    CREATE_JOB: Permitted<IdentityRef> =
        "createJob" POST identity!("/credential-binding-jobs"), "credential-binding-jobs:create";
    /// List jobs of an identity, or of the realm (identity -)
    LIST_JOBS: Permitted<Owner> =
        "listJobs" GET identity!("/credential-binding-jobs"), "credential-binding-jobs:read";
    /// Read a job, or wait for a state
    GET_JOB: Permitted<JobRef> = "getJob" GET job!(), "credential-binding-jobs:read";
    /// Revoke a job
    REVOKE_JOB: Permitted<JobRef> = "revokeJob" POST job!(":revoke"), "credential-binding-jobs:revoke";
    /// Publish a job's present state again
    PUBLISH_JOB: Permitted<JobRef> = "publishJob" POST job!(":publish"), "credential-binding-jobs:update";
    /// Resend a job's link by mail
    RESEND: Permitted<JobRef> = "resend" POST job!(":resend"), "credential-binding-jobs:create";
    /// Redeem the code on a redirect URI
    REDEEM: Permitted<RealmRef> =
        "redeem" POST realm!("/credential-binding-jobs:redeem"), "credential-binding-jobs:read";
    /// Invite identities by a batch of jobs
    CREATE_BATCH: Permitted<RealmRef> =
        "createBatchCredentialBindingJob" POST batches!(), "credential-binding-jobs:create";
    /// List batches
    LIST_BATCHES: Permitted<RealmRef> =
        "listBatchCredentialBindingJobs" GET batches!(), "credential-binding-jobs:read";
    /// Read a batch
    GET_BATCH: Permitted<BatchRef> =
        "getBatchCredentialBindingJob" GET batches!("/{batch_id}"), "credential-binding-jobs:read";
    /// List the results of a batch's recipients
    LIST_BATCH_RESULTS: Permitted<BatchRef> =
        "listBatchCredentialBindingJobResults" GET batches!("/{batch_id}:listResults"), "credential-binding-jobs:read";
    /// Pause a batch
    PAUSE_BATCH: Permitted<BatchRef> =
        "pauseBatchCredentialBindingJob" POST batches!("/{batch_id}:pause"), "credential-binding-jobs:update";
    /// Resume a batch
    RESUME_BATCH: Permitted<BatchRef> =
        "resumeBatchCredentialBindingJob" POST batches!("/{batch_id}:resume"), "credential-binding-jobs:update";
    /// Cancel a batch
    CANCEL_BATCH: Permitted<BatchRef> =
        "cancelBatchCredentialBindingJob" POST batches!("/{batch_id}:cancel"), "credential-binding-jobs:update";
    /// List credentials of an identity, or of the realm (identity -)
    LIST_CREDENTIALS: Permitted<Owner> = "listCredentials" GET identity!("/credentials"), "credentials:read";
    /// Read a credential
    GET_CREDENTIAL: Permitted<CredentialRef> = "getCredential" GET credential!(), "credentials:read";
    /// Read the proof of a credential
    GET_CREDENTIAL_PROOF: Permitted<CredentialRef> =
        "getCredentialProof" GET credential!("/proof"), "credentials:read";
    /// Revoke a credential
    REVOKE_CREDENTIAL: Permitted<CredentialRef> =
        "revokeCredential" POST credential!(":revoke"), "credentials:revoke";
    /// List the changes made in a realm
    LIST_AUDIT_ENTRIES: Permitted<RealmRef> = "listAuditEntries" GET realm!("/audit-entries"), "audit:read";
    /// List the changes made to a tenant
    LIST_TENANT_AUDIT_ENTRIES: Permitted<TenantId> =
        "listTenantAuditEntries" GET "/v1/tenants/{tenant_id}/audit-entries", "audit:read";
    /// Rejected: only jobs create credentials
    REFUSE_CREDENTIALS: Permitted<Owner> = "refuseCredentials" POST identity!("/credentials");
    /// Read what a link is for, without opening it
    PREVIEW: LinkHolder = "preview" GET job!(":preview");
    /// Read which passkey a notice is about
    PREVIEW_DISOWN: LinkHolder = "previewDisown" GET job!(":previewDisown");
    /// Open a link after the user's click
    OPEN: LinkHolder = "open" POST job!(":open");
    /// Decline an invitation
    DECLINE: LinkHolder = "decline" POST job!(":decline");
    /// Remove a new passkey that its owner did not create
    DISOWN: LinkHolder = "disown" POST job!(":disown");
    /// Request a new link by mail instead of an expired one
    RENEW: LinkHolder = "renew" POST job!(":renew");
    /// Open an app's link: JSON for an SDK, a redirect for a browser
    INVOKE_AUTHENTICATOR: LinkVisitor = "invokeAuthenticator" GET job!(":invokeAuthenticator");
    /// Check an app's link; counted as an automated scan
    LOOK_AT_LINK: LinkVisitor = "lookAtLink" HEAD job!(":invokeAuthenticator");
    /// Get the binding request
    GET_INFO: Device = "getInfo" POST job!(":getInfo");
    /// Prove a key and create the passkey
    BIND: CeremonyHolder = "bind" POST job!(":bind");
    /// Begin a sign-in with a passkey
    BEGIN_SIGN_IN: Public<ConfigRef> = "beginSignIn" POST config!(":beginSignIn");
    /// Finish a sign-in with a passkey
    FINISH_SIGN_IN: Public<ConfigRef> = "finishSignIn" POST config!(":finishSignIn");
    /// The hosted page
    HOSTED_PAGE: Anybody = "hostedPage" GET "/bind";
    /// The hosted page's headers
    LOOK_AT_HOSTED_PAGE: Anybody = "lookAtHostedPage" HEAD "/bind";
    /// Origins that may use passkeys of this host
    RELATED_ORIGINS: Anybody = "relatedOrigins" GET "/.well-known/webauthn";
    /// Where users create and manage passkeys
    PASSKEY_ENDPOINTS: Anybody = "passkeyEndpoints" GET "/.well-known/passkey-endpoints";
    /// Android apps that may use passkeys of this host
    ANDROID_APPS: Anybody = "androidApps" GET "/.well-known/assetlinks.json";
    /// Apple apps that may use passkeys of this host
    APPLE_APPS: Anybody = "appleApps" GET "/.well-known/apple-app-site-association";
    /// The keys that sign receipts and sign-in tokens
    KEY_SET: Anybody = "keySet" GET "/.well-known/jwks.json";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use binding::ids::{IdentityId, JobId, RealmId, TenantId};

    use super::*;

    #[test]
    fn operation_names_and_routes_are_unique() {
        let ids: BTreeSet<&str> = ALL.iter().map(|route| route.id).collect();
        let routes: BTreeSet<(&str, Cow<'_, str>)> = ALL.iter().map(|route| (route.method, route.template())).collect();
        assert_eq!((ids.len(), routes.len()), (ALL.len(), ALL.len()));
    }

    /// References are formatted as paths of the API, in links and in signed data.
    #[test]
    fn a_reference_is_the_path_of_its_operation() {
        let id = "01a20a52-8cdd-7ce4-b7e8-52164f112b0f";
        let realm = RealmRef { tenant: TenantId::parse("acme").unwrap(), id: RealmId::parse("staff").unwrap() };
        assert_eq!(GET_REALM.route.at(["acme", "staff"]), realm.to_string());
        let identity = IdentityRef { realm, id: IdentityId::parse("ada").unwrap() };
        assert_eq!(GET_IDENTITY.route.at(["acme", "staff", "ada"]), identity.to_string());
        let job = JobRef { identity, id: JobId::parse(id).unwrap() };
        assert_eq!(GET_JOB.route.at(["acme", "staff", "ada", id]), job.to_string());
    }

    #[test]
    fn ids_cannot_escape_their_path_segment() {
        let path = GET_IDENTITY.route.at(["acme", "{identity_id}", "a/../b?c=d&é %"]);
        assert_eq!(path, "/v1/tenants/acme/realms/%7Bidentity_id%7D/identities/a%2F..%2Fb%3Fc%3Dd%26%C3%A9%20%25");
    }
}
