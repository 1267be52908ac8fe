// The types of requests and answers. Made from shared/api/openapi.json, which describes them, by
// `npm --prefix shared/sdk run build`.

export interface AaguidSettings { allow?: string[] | null; deny?: string[] | null }
export interface Aaguids { allow: string[]; deny: string[] }
export type Algorithm = 'ES256' | 'ES384' | 'ES512' | 'EdDSA' | 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384'
  | 'PS512' | 'ESP256' | 'ESP384' | 'ESP512' | 'Ed25519' | 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87';
export interface AndroidApp { namespace: string; package_name: string; sha256_cert_fingerprints: string[] }
export type AndroidStatus = 'if_available' | 'required';
export interface AppleAppSiteAssociation { webcredentials: AppleApps }
export interface AppleApps { apps: string[] }
export interface AssetLink { relation: string[]; target: AndroidApp }
export type AssetLinks = AssetLink[];
export type AttestationConveyance = 'none' | 'indirect' | 'direct' | 'enterprise' | 'required_if_device_bound';
export interface AuditEntry {
  create_time: string;
  id: string;
  objects: string[];
  operation: string;
  principal?: Principal;
  realm_id?: string;
  request_id?: string;
  tenant_id: string;
}
export interface AuditEntryList { audit_entries: AuditEntry[]; next_page_token?: string; total_size: number }
export interface AuthenticatorConfig {
  config: Invocation;
  create_time: string;
  display_name: string;
  id: string;
  passkey_policy: PasskeyPolicy;
  realm_id: string;
  relying_party?: RelyingParty;
  sign_in?: SignIn;
  tenant_id: string;
  update_time: string;
  version: number;
}
export interface AuthenticatorConfigList {
  authenticator_configs: AuthenticatorConfig[];
  next_page_token?: string;
  total_size: number;
}
export type BackupEligibility = 'allowed' | 'required' | 'forbidden';
export interface BatchControl { since: string; state: BatchControlState }
export type BatchControlState = 'active' | 'paused' | 'cancelled' | 'stopped_by_bounces';
export interface BatchCounts {
  bounced: number;
  complained: number;
  complete: number;
  deferred: number;
  failed: number;
  invited: number;
  opened: number;
  skipped: number;
  total: number;
  waiting: number;
}
export interface BatchCredentialBindingJob {
  control?: BatchControl;
  counts: BatchCounts;
  create_time?: string;
  hours: BatchHour[];
  id?: string;
  identity_ids: string[];
  job_template: BatchJobTemplate;
  on_existing: OnExisting;
  pacing: Pacing;
  plan?: PlannedRecipient[];
  quiet_hours?: QuietHours;
  realm_id: string;
  reminders: Reminder[];
  start_time: string;
  state?: BatchState;
  state_commentary: BatchErrors;
  tenant_id: string;
  update_time?: string;
}
export interface BatchCredentialBindingJobList {
  batch_credential_binding_jobs: BatchCredentialBindingJobSummary[];
  next_page_token?: string;
  total_size: number;
}
export interface BatchCredentialBindingJobResults {
  job_results: BatchResult[];
  next_page_token?: string;
  total_failure_count: number;
  total_pending_count: number;
  total_size: number;
  total_success_count: number;
}
export interface BatchCredentialBindingJobSummary {
  authenticator_config_id: string;
  control: BatchControl;
  counts: BatchSummaryCounts;
  create_time: string;
  id: string;
  pacing: Pacing;
  realm_id: string;
  start_time: string;
  state: BatchState;
  tenant_id: string;
  update_time: string;
}
export interface BatchDelete { ids: string[] }
export type BatchDelivery = 'EMAIL';
export interface BatchError { Description: string; IDs: string[]; ResourceType: string }
export interface BatchErrors { errors: Record<string, unknown> }
export interface BatchHour { complete: number; hour: string; invited: number; opened: number }
export interface BatchJobTemplate {
  authenticator_config_id: string;
  delivery_method: DeliveryMethod;
  expires_in_seconds?: number;
  locale?: string;
  post_binding_redirect_uri?: string;
}
export interface BatchOperationErrorsProblemDetail { errors: BatchError[]; type: 'BatchOperationErrors' }
export interface BatchResult {
  authenticator_config_id: string;
  batch_id: string;
  create_time?: string;
  credential_id?: string;
  delivery_method: DeliveryMethod;
  email_status?: EmailStatus;
  expire_time?: string;
  id?: string;
  identity_id: string;
  post_binding_redirect_uri?: string;
  realm_id: string;
  reason?: RecipientReason;
  reminders_sent?: number;
  state?: JobState;
  tenant_id: string;
  update_time?: string;
}
export interface BatchSettings {
  dry_run?: boolean | null;
  identity_ids: string[];
  job_template: BatchTemplateSettings;
  on_existing?: OnExistingSettings | null;
  pacing?: PacingSettings | null;
  quiet_hours?: QuietHoursSettings | null;
  reminders?: ReminderSettings[] | null;
  start_time?: string | null;
}
export type BatchState = 'RUNNING' | 'FAILED' | 'PARTIAL_SUCCESS' | 'SUCCESS';
export interface BatchSummaryCounts {
  bounced: number;
  complained: number;
  deferred: number;
  failed: number;
  invited: number;
  skipped: number;
  total: number;
  waiting: number;
}
export interface BatchTemplateSettings {
  authenticator_config?: InlineConfig | null;
  authenticator_config_id?: string | null;
  delivery_method?: BatchDelivery | null;
  expires_in_seconds?: number | null;
  locale?: string | null;
  post_binding_redirect_uri?: string | null;
}
export interface BeginSignIn { identity_id?: string | null; nonce?: string | null }
export interface BegunSignIn { request_options: RequestOptions; token: string }
export interface BindingRequest {
  authenticator_config: BindingRequestConfig;
  creation_options?: CreationOptions;
  identity: BindingRequestIdentity;
  jwt_binding?: JwtBinding;
  post_binding_redirect_uri?: string;
  realm: IdAndDisplayName;
  tenant: IdAndDisplayName;
  theme: Theme;
  token?: string;
}
export interface BindingRequestConfig { config: Invocation; id: string; realm_id: string; tenant_id: string }
export interface BindingRequestIdentity { display_name: string; id: string; traits: Traits }
export interface BoundCredential {
  algorithm: string;
  binding_receipt: string;
  clone_suspected_time?: string;
  create_time: string;
  csr_type: Mechanism;
  id: string;
  identity_id: string;
  job_id: string;
  jwk_json: string;
  jwk_thumbprint: string;
  last_used_time?: string;
  post_binding_redirect_uri?: string;
  realm_id: string;
  revoked_by?: Revoker;
  state: CredentialState;
  tenant_id: string;
  update_time: string;
  use_count?: number;
  webauthn?: WebauthnCredential;
}
export type CertificationStatus = 'FIDO_CERTIFIED_L1' | 'FIDO_CERTIFIED_L1plus' | 'FIDO_CERTIFIED_L2'
  | 'FIDO_CERTIFIED_L2plus' | 'FIDO_CERTIFIED_L3' | 'FIDO_CERTIFIED_L3plus';
export interface CertifiedTrust { level: TrustLevel; minimum_certification?: CertificationStatus }
export interface CertifiedTrustSettings { level: TrustLevel; minimum_certification?: MinimumCertification | null }
export interface ConfigSettings {
  config: InvocationSettings;
  display_name?: string | null;
  passkey_policy?: PolicySettings | null;
  relying_party?: RelyingPartySettings | null;
  sign_in?: SignInSettings | null;
}
export interface CreateBatch { batch_credential_binding_job: BatchSettings }
export interface CreateConfig { authenticator_config: ConfigSettings }
export interface CreateJob { job: JobSettings }
export interface CreatedJob { credential_binding_job: CredentialBindingJob; credential_binding_link?: string }
export interface CreationOptions {
  challenge: string;
  pubKeyCredParams: Record<string, unknown>[];
  rp: Record<string, unknown>;
  user: Record<string, unknown>;
}
export interface Credential {
  algorithm: string;
  clone_suspected_time?: string;
  create_time: string;
  csr_type: Mechanism;
  id: string;
  identity_id: string;
  job_id: string;
  jwk_json: string;
  jwk_thumbprint: string;
  last_used_time?: string;
  realm_id: string;
  revoked_by?: Revoker;
  state: CredentialState;
  tenant_id: string;
  update_time: string;
  use_count?: number;
  webauthn?: WebauthnCredential;
}
export interface CredentialBindingJob {
  authenticator_config_id: string;
  authenticator_config_version: number;
  batch_id?: string;
  binding_receipt?: string;
  create_time: string;
  credential_id?: string;
  delivery_method: DeliveryMethod;
  email_status?: EmailStatus;
  email_status_reason?: string;
  expire_time: string;
  id: string;
  identity_id: string;
  last_failure?: LastFailure;
  last_mail_time?: string;
  last_prefetch_time?: string;
  locale?: string;
  mail_count?: number;
  post_binding_redirect_uri?: string;
  prefetch_count?: number;
  realm_id: string;
  reminders?: Reminder[];
  reminders_sent?: number;
  renewed_by_job_id?: string;
  renews_job_id?: string;
  revoked_by?: Revoker;
  state: JobState;
  tenant_id: string;
  transitions: Transition[];
  update_time: string;
}
export interface CredentialBindingJobList {
  credential_binding_jobs: CredentialBindingJob[];
  next_page_token?: string;
  total_size: number;
}
export interface CredentialList { credentials: Credential[]; next_page_token?: string; total_size: number }
export interface CredentialProof {
  authenticator_config_id: string;
  authenticator_config_version: number;
  credential_id: string;
  expected: Expected;
  identity_id: string;
  job_id: string;
  jwk_thumbprint: string;
  passkey_policy: PasskeyPolicy;
  proof: StoredProof;
  realm_id: string;
  tenant_id: string;
  verified_time: string;
}
export type CredentialState = 'ACTIVE' | 'REVOKED';
export interface Declined { state: 'REVOKED' }
export type DeliveryMethod = 'EMAIL' | 'RETURN';
export interface DisownPreview {
  credential: NotedCredential;
  expire_time: string;
  help?: string;
  identity: DisplayName;
  locale: string;
  realm: DisplayName;
  removable?: boolean;
  theme: Theme;
}
export interface Disowned { state: 'REVOKED'; webauthn?: DisownedPasskey }
export interface DisownedPasskey { credential_id: string; rp_id: string }
export interface DisplayName { display_name: string }
export interface Email { from_name: string; passkey_notice: boolean; reply_to: string; subject: string }
export interface EmailSettings {
  from_name?: string | null;
  passkey_notice?: boolean | null;
  reply_to?: string | null;
  subject?: string | null;
}
export type EmailStatus = 'SENT' | 'DELAYED' | 'SOFT_BOUNCED' | 'DELIVERED' | 'BOUNCED' | 'REJECTED' | 'COMPLAINED';
export interface EmbeddedInvocation {
  authentication_methods: unknown[];
  invocation_type: InvocationType;
  invoke_url: string;
  trusted_origins: string[];
  type: 'embedded';
}
export interface Enrollment {
  enrolled: number;
  invite_failed: number;
  pending: number;
  realm_id: string;
  tenant_id: string;
  total: number;
  unenrolled: number;
}
export type EnrollmentStatus = 'ENROLLED' | 'PENDING' | 'INVITE_FAILED' | 'UNENROLLED';
export type Expected = ExpectedRegistration | ExpectedJwt;
export interface ExpectedJwt { aud: string; nonce: string }
export interface ExpectedRegistration { challenge: string; origins: string[]; rp_id: string }
export type FailureReason = 'mechanism_not_allowed' | 'malformed_response' | 'wrong_client_data_type'
  | 'challenge_mismatch' | 'origin_mismatch' | 'cross_origin' | 'malformed_attestation' | 'rp_id_mismatch'
  | 'user_not_present' | 'user_not_verified' | 'backup_flags_invalid' | 'algorithm_not_allowed'
  | 'credential_id_invalid' | 'attestation_format_not_supported' | 'attestation_invalid'
  | 'attestation_signature_invalid' | 'attestation_certificate_invalid' | 'attestation_chain_invalid'
  | 'attestation_downgraded' | 'attestation_untrusted' | 'attestation_expired' | 'attestation_revoked'
  | 'attestation_status_unknown' | 'aaguid_not_allowed' | 'backup_eligibility_not_allowed' | 'resident_key_missing'
  | 'authenticator_unknown' | 'authenticator_status_refused' | 'certification_too_low' | 'verifiers_disagree'
  | 'malformed_jwt' | 'jwt_header_not_allowed' | 'jwk_not_allowed' | 'signature_invalid' | 'subject_mismatch'
  | 'nonce_mismatch' | 'audience_mismatch' | 'time_outside_window' | 'malformed_authenticator_data'
  | 'user_handle_mismatch' | 'backup_eligibility_changed' | 'sign_count_regressed';
export interface Fido2Proof { raw: Record<string, unknown>; type: 'FIDO2' }
export interface FieldViolation { description: string; field: string }
export interface FieldViolationsProblemDetail { field_violations: FieldViolation[]; type: 'FieldViolations' }
export interface FinishSignIn { credential: unknown; token: string }
export interface HostedWebInvocation {
  authentication_methods: unknown[];
  trusted_origins: string[];
  type: 'hosted_web';
}
export interface IdAndDisplayName { display_name: string; id: string }
export interface Identity {
  create_time: string;
  display_name: string;
  enrollment_status?: EnrollmentStatus;
  external_id?: string;
  id: string;
  realm_id: string;
  status: IdentityStatus;
  tenant_id: string;
  traits: Traits;
  update_time: string;
}
export interface IdentityList { identities: Identity[]; next_page_token?: string; total_size: number }
export interface IdentitySettings {
  display_name?: string | null;
  external_id?: string | null;
  status?: IdentityStatus | null;
  traits: TraitsSettings;
}
export type IdentityStatus = 'active' | 'suspended';
export interface InlineConfig { config: InvocationSettings }
export interface Instruction {
  api_base_url: string;
  identity_id: string;
  job_id: string;
  realm_id: string;
  tenant_id: string;
  token: string;
}
export type Invocation = HostedWebInvocation | EmbeddedInvocation;
export type InvocationKind = 'hosted_web' | 'embedded';
export interface InvocationSettings {
  authentication_methods?: unknown[] | null;
  invocation_type?: InvocationType | null;
  invoke_url?: string | null;
  trusted_origins?: string[] | null;
  type: InvocationKind;
}
export type InvocationType = 'manual' | 'automatic';
export interface JobSettings {
  authenticator_config?: InlineConfig | null;
  authenticator_config_id?: string | null;
  delivery_method: DeliveryMethod;
  expires_in_seconds?: number | null;
  locale?: string | null;
  post_binding_redirect_uri?: string | null;
  reminders?: ReminderSettings[] | null;
}
export type JobState = 'LINK_SENT' | 'LINK_OPENED' | 'REQUEST_DELIVERED' | 'COMPLETE' | 'EXPIRED' | 'REVOKED'
  | 'FAILED_TO_SEND';
export interface JwtBinding { alg: string[]; aud: string; nonce: string }
export interface JwtProof { raw: string; type: 'JWT' }
export interface KeySet { keys: Record<string, unknown>[] }
export interface LastFailure { detail: string; reason: FailureReason; time: string }
export interface LifetimeSettings { default_seconds?: number | null; max_seconds?: number | null }
export interface LinkLifetime { default_seconds: number; max_seconds: number }
export type LinkRenewal = 'allowed' | 'forbidden';
export type MailKind = 'INVITATION' | 'RENEWAL' | 'REMINDER' | 'NOTICE';
export interface MailPreview {
  from_name: string;
  html: string;
  kind: MailKind;
  locale: string;
  subject: string;
  text: string;
}
export interface MailSettings { kind?: MailKind | null; locale?: string | null; realm?: RealmSettings | null }
export type Mechanism = 'FIDO2' | 'WEBAUTHN' | 'JWT';
export type MinimumCertification = 'FIDO_CERTIFIED' | 'FIDO_CERTIFIED_L1' | 'FIDO_CERTIFIED_L1plus'
  | 'FIDO_CERTIFIED_L2' | 'FIDO_CERTIFIED_L2plus' | 'FIDO_CERTIFIED_L3' | 'FIDO_CERTIFIED_L3plus';
export interface NotedCredential {
  create_time: string;
  model?: string;
  revoke_time?: string;
  revoked_by?: Revoker;
  state: CredentialState;
}
export type OnClone = 'refuse' | 'accept';
export type OnEnrolled = 'skip' | 'invite';
export interface OnExisting { enrolled: OnEnrolled; pending: OnPending }
export interface OnExistingSettings { enrolled?: OnEnrolled | null; pending?: OnPending | null }
export type OnPending = 'skip' | 'supersede';
export interface OwnTexts { help: string; intro: string; locale: string; name: string }
export interface OwnTextsSettings { help?: string | null; intro?: string | null; locale: string; name?: string | null }
export interface Pacing { max_per_minute?: number; ramp?: number[] }
export interface PacingSettings { max_per_minute?: number | null; ramp?: number[] | null }
export interface PageSettings { locale?: string | null; realm?: RealmSettings | null; state?: JobState | null }
export interface PasskeyEndpoints { enroll?: string; manage?: string }
export interface PasskeyPolicy {
  aaguids: Aaguids;
  algorithms?: Algorithm[];
  android_status?: AndroidStatus;
  attestation: AttestationConveyance;
  attestation_roots?: string[];
  backup_eligible: BackupEligibility;
  mechanisms: Mechanism[];
  origins?: string[];
  resident_key: Requirement;
  trust: Trust;
  user_verification: Requirement;
}
export interface PatchConfig {
  authenticator_config: { config?: { authentication_methods?: unknown[] | null; invocation_type?: 'manual' | 'automatic' | null; invoke_url?: string | null; trusted_origins?: string[] | null; type?: 'hosted_web' | 'embedded' | null } | null; display_name?: string | null; passkey_policy?: { aaguids?: { allow?: string[] | null; deny?: string[] | null } | null; algorithms?: Algorithm[] | null; android_status?: 'if_available' | 'required' | null; attestation?: 'none' | 'indirect' | 'direct' | 'enterprise' | 'required_if_device_bound' | null; attestation_roots?: string[] | null; backup_eligible?: 'allowed' | 'required' | 'forbidden' | null; mechanisms?: Mechanism[] | null; origins?: string[] | null; resident_key?: 'required' | 'preferred' | 'discouraged' | null; trust?: TrustLevel | { level: TrustLevel; minimum_certification?: MinimumCertification | null } | null; user_verification?: 'required' | 'preferred' | 'discouraged' | null } | null; relying_party?: { id?: string | null; name?: string | null; related_origins?: boolean | null } | null; sign_in?: { audience?: string | null; enabled?: boolean | null; on_clone?: 'refuse' | 'accept' | null } | null };
}
export interface PatchIdentity {
  identity: { display_name?: string | null; external_id?: string | null; status?: 'active' | 'suspended' | null; traits?: { locale?: string | null; primary_email_address?: string | null; type?: 'traits_v0' | null; username?: string | null; zoneinfo?: string | null } | null };
}
export interface PatchRealm {
  realm: { display_name?: string | null; email?: { from_name?: string | null; passkey_notice?: boolean | null; reply_to?: string | null; subject?: string | null } | null; link_lifetime?: { default_seconds?: number | null; max_seconds?: number | null } | null; link_renewal?: 'allowed' | 'forbidden' | null; locale?: string | null; post_binding_redirect_uris?: string[] | null; reminders?: ReminderSettings[] | null; return_delivery?: 'allowed' | 'scoped' | 'forbidden' | null; sign_in_events?: boolean | null; texts?: OwnTextsSettings[] | null; theme?: { button_color?: string | null; button_text_color?: string | null; logo_url_dark?: string | null; logo_url_light?: string | null; support_url?: string | null } | null };
}
export type Plan = 'invite' | 'defer' | 'skip';
export interface PlannedRecipient { identity_id: string; not_before?: string; plan: Plan; reason?: RecipientReason }
export interface PolicySettings {
  aaguids?: AaguidSettings | null;
  algorithms?: Algorithm[] | null;
  android_status?: AndroidStatus | null;
  attestation?: AttestationConveyance | null;
  attestation_roots?: string[] | null;
  backup_eligible?: BackupEligibility | null;
  mechanisms?: Mechanism[] | null;
  origins?: string[] | null;
  resident_key?: Requirement | null;
  trust?: TrustSettings | null;
  user_verification?: Requirement | null;
}
export interface Preview {
  expire_time: string;
  help?: string;
  identity: DisplayName;
  intro?: string;
  locale: string;
  post_binding_redirect_uri?: string;
  realm: DisplayName;
  renewable?: boolean;
  renewal?: Renewal;
  revoked_by?: Revoker;
  state: JobState;
  theme: Theme;
}
export interface PreviewMail { preview: MailSettings }
export interface PreviewPage { preview: PageSettings }
export interface Principal { client_id?: string; issuer?: string; subject?: string }
export interface Problem {
  code: string;
  credential_id?: string;
  detail: string;
  details: ProblemDetail[];
  instance: string;
  message: string;
  reason?: FailureReason;
  request_id: string;
  state?: JobState;
  status: number;
  title: string;
  type: ProblemType;
  webauthn?: DisownedPasskey;
}
export type ProblemDetail = FieldViolationsProblemDetail | BatchOperationErrorsProblemDetail
  | ResourceInfoProblemDetail;
export type ProblemType = 'about:blank' | 'https://bindery.dev/problems/ceremony-expired'
  | 'https://bindery.dev/problems/sign-in-expired' | 'https://bindery.dev/problems/untrusted-origin'
  | 'https://bindery.dev/problems/renewal-not-allowed' | 'https://bindery.dev/problems/sign-in-disabled'
  | 'https://bindery.dev/problems/unknown-link' | 'https://bindery.dev/problems/unknown-credential'
  | 'https://bindery.dev/problems/job-complete' | 'https://bindery.dev/problems/job-not-ready'
  | 'https://bindery.dev/problems/job-too-far' | 'https://bindery.dev/problems/credential-exists'
  | 'https://bindery.dev/problems/identity-suspended' | 'https://bindery.dev/problems/sign-in-used'
  | 'https://bindery.dev/problems/request-in-progress' | 'https://bindery.dev/problems/job-not-expired'
  | 'https://bindery.dev/problems/job-expired' | 'https://bindery.dev/problems/job-revoked'
  | 'https://bindery.dev/problems/job-failed-to-send' | 'https://bindery.dev/problems/link-replaced'
  | 'https://bindery.dev/problems/disownment-expired' | 'https://bindery.dev/problems/code-expired'
  | 'https://bindery.dev/problems/code-redeemed' | 'https://bindery.dev/problems/proof-refused'
  | 'https://bindery.dev/problems/idempotency-key-reused' | 'https://bindery.dev/problems/too-many-requests'
  | 'https://bindery.dev/problems/too-many-attempts' | 'https://bindery.dev/problems/mail-too-soon'
  | 'https://bindery.dev/problems/too-many-mails' | 'https://bindery.dev/problems/queue-full';
export type Proof = Fido2Proof | WebauthnProof | JwtProof;
export interface PutIdentity { identity: IdentitySettings }
export interface PutRealm { realm: RealmSettings }
export interface QuietHours { from: string; time_zone: string; to: string }
export interface QuietHoursSettings { from: string; time_zone: string; to: string }
export interface Realm {
  create_time: string;
  display_name: string;
  email: Email;
  id: string;
  link_lifetime: LinkLifetime;
  link_renewal: LinkRenewal;
  locale?: string;
  post_binding_redirect_uris: string[];
  reminders: Reminder[];
  return_delivery: ReturnDelivery;
  sign_in_events: boolean;
  tenant_id: string;
  texts: OwnTexts[];
  theme: Theme;
  update_time: string;
}
export interface RealmList { next_page_token?: string; realms: Realm[]; total_size: number }
export interface RealmSettings {
  display_name?: string | null;
  email?: EmailSettings | null;
  link_lifetime?: LifetimeSettings | null;
  link_renewal?: LinkRenewal | null;
  locale?: string | null;
  post_binding_redirect_uris?: string[] | null;
  reminders?: ReminderSettings[] | null;
  return_delivery?: ReturnDelivery | null;
  sign_in_events?: boolean | null;
  texts?: OwnTextsSettings[] | null;
  theme?: ThemeSettings | null;
}
export interface RealmTheme {
  button_color: string;
  button_text_color: string;
  create_time: string;
  email_realm_name: string;
  id: string;
  logo_url_dark: string;
  logo_url_light: string;
  realm_id: string;
  support_url: string;
  tenant_id: string;
  update_time: string;
}
export interface RealmThemeSettings {
  button_color?: string | null;
  button_text_color?: string | null;
  email_realm_name?: string | null;
  logo_url_dark?: string | null;
  logo_url_light?: string | null;
  support_url?: string | null;
}
export interface RecipientError { failed_permanently: boolean; last_error: string }
export type RecipientReason = 'no_email' | 'suspended' | 'not_found' | 'already_enrolled' | 'already_pending'
  | 'suppressed' | 'bounced' | 'policy' | 'cancelled';
export interface Redeem { code: string }
export interface RedeemedJob { credential_binding_job: CredentialBindingJob }
export interface RelatedOrigins { origins: string[] }
export interface RelyingParty { id?: string; name?: string; related_origins?: boolean }
export interface RelyingPartySettings { id?: string | null; name?: string | null; related_origins?: boolean | null }
export interface Reminder { after_seconds: number }
export interface ReminderSettings { after_seconds: number }
export interface Renewal { mail_time: string; state: JobState }
export interface Renewed { delivery_method: 'EMAIL'; expire_time: string }
export interface RequestOptions {
  allowCredentials: Record<string, unknown>[];
  challenge: string;
  hints?: string[];
  rpId: string;
  timeout?: number;
  userVerification: string;
}
export type Requirement = 'required' | 'preferred' | 'discouraged';
export interface Resend { expires_in_seconds?: number | null }
export interface ResourceInfoProblemDetail {
  description: string;
  id: string;
  resource_type: string;
  type: 'ResourceInfo';
}
export type ReturnDelivery = 'allowed' | 'scoped' | 'forbidden';
export type Revoker = 'OPERATOR' | 'RECIPIENT';
export interface SendTestMail { test_mail: TestMailSettings }
export interface SentTestMail { message_id: string }
export interface SignIn { audience?: string; enabled: boolean; on_clone: OnClone }
export interface SignInSettings { audience?: string | null; enabled?: boolean | null; on_clone?: OnClone | null }
export interface SignedIn {
  clone_suspected?: boolean;
  credential_id: string;
  identity_id: string;
  sign_in_token: string;
}
export interface StoredProof { raw: unknown; type: Mechanism }
export interface Tenant { create_time?: string; display_name: string; id: string; update_time?: string }
export interface TenantSettings { display_name?: string | null }
export interface TestMailSettings {
  kind?: MailKind | null;
  locale?: string | null;
  realm?: RealmSettings | null;
  to: string;
}
export interface Theme {
  button_color: string;
  button_text_color: string;
  logo_url_dark: string;
  logo_url_light: string;
  support_url: string;
}
export interface ThemeSettings {
  button_color?: string | null;
  button_text_color?: string | null;
  logo_url_dark?: string | null;
  logo_url_light?: string | null;
  support_url?: string | null;
}
export interface Traits {
  locale?: string;
  primary_email_address?: string;
  type: TraitsType;
  username: string;
  zoneinfo?: string;
}
export interface TraitsSettings {
  locale?: string | null;
  primary_email_address?: string | null;
  type?: TraitsType | null;
  username: string;
  zoneinfo?: string | null;
}
export type TraitsType = 'traits_v0';
export interface Transition { state: JobState; time: string }
export type Trust = TrustLevel | CertifiedTrust;
export type TrustLevel = 'any' | 'attested' | 'fido_mds';
export type TrustSettings = TrustLevel | CertifiedTrustSettings;
export interface UpdateTenant { tenant: TenantSettings }
export interface WebauthnCredential {
  aaguid: string;
  attestation_format: string;
  attestation_result?: string;
  attestation_type: string;
  backup_eligible: boolean;
  backup_state: boolean;
  credential_id: string;
  model?: string;
  public_key_cose: string;
  rp_id: string;
  sign_count: number;
  transports: string[];
  user_handle?: string;
  user_verified: boolean;
  verified_by?: string;
}
export interface WebauthnProof { raw: string; type: 'WEBAUTHN' }
export interface WriteTheme { theme: RealmThemeSettings }
