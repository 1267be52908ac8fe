//! The command line.

pub(crate) mod campaigns;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

const AFTER: &str = "\
Without settings, bindctl talks to `cargo local` on this machine, as tenant demo in realm demo.

Exit codes: 0 done; 1 refused by the API; 2 the command cannot be carried out as it was given; 3 no answer, or the service
is unavailable: try again; 4 the job that was watched ended without a passkey, or the campaign was stopped.";

/// Passkey enrolment from the command line: realms, identities, configs, jobs, campaigns and credentials of Bindery
#[derive(Debug, Parser)]
#[command(name = "bindctl", version, after_help = AFTER, max_term_width = 120)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The connection: address, credentials, tenant and realm.
#[derive(Debug, ClapArgs)]
pub(crate) struct Settings {
    /// Address of the API, such as https://bind.example.com; with DirectCalls, the output ApiUrl
    #[arg(long, env = "BINDCTL_URL", global = true, help_heading = "Connection")]
    pub(crate) url: Option<String>,
    /// Token endpoint of the OAuth issuer
    #[arg(long, env = "BINDCTL_TOKEN_URL", global = true, help_heading = "Connection")]
    pub(crate) token_url: Option<String>,
    /// Client id for the client credentials grant; its secret comes from BINDCTL_CLIENT_SECRET or the profile
    #[arg(long, env = "BINDCTL_CLIENT_ID", global = true, help_heading = "Connection")]
    pub(crate) client_id: Option<String>,
    /// Scopes to request, separated by spaces (default: those that the issuer grants)
    #[arg(long, env = "BINDCTL_SCOPE", global = true, help_heading = "Connection")]
    pub(crate) scope: Option<String>,
    /// Audience to request, if the issuer requires one
    #[arg(long, env = "BINDCTL_AUDIENCE", global = true, help_heading = "Connection")]
    pub(crate) audience: Option<String>,
    /// Profile that `bindctl login` wrote; it is used when no URL is given
    #[arg(long, env = "BINDCTL_PROFILE", default_value = "default", global = true, help_heading = "Connection")]
    pub(crate) profile: String,
    /// Tenant id
    #[arg(long, env = "BINDCTL_TENANT", global = true)]
    pub(crate) tenant: Option<String>,
    /// Realm id
    #[arg(long, env = "BINDCTL_REALM", global = true)]
    pub(crate) realm: Option<String>,
    /// Send at most this many requests a second, so that other callers of the tenant keep the rest of its limit
    #[arg(
        long, env = "BINDCTL_REQUESTS_PER_SECOND", default_value_t = 50, value_name = "N", global = true,
        value_parser = clap::value_parser!(u32).range(1..=10_000), help_heading = "Connection"
    )]
    pub(crate) requests_per_second: u32,
    /// Print JSON, as the API returns it
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check client credentials and store them, with URL, tenant and realm, in a profile (a file with mode 0600)
    Login,
    /// Remove a profile
    Logout,
    /// A realm's settings
    #[command(subcommand)]
    Realms(Realms),
    /// The people who get passkeys
    #[command(subcommand)]
    Identities(Identities),
    /// Authenticator configs: where a link leads, and the policy that a passkey must meet
    #[command(subcommand)]
    Configs(Configs),
    /// Credential binding jobs
    #[command(subcommand)]
    Jobs(Jobs),
    /// Campaigns: invite many people from a file
    #[command(subcommand)]
    Campaigns(campaigns::Campaigns),
    /// Passkeys
    #[command(subcommand)]
    Credentials(Credentials),
    /// Codes that redirect URIs carry
    #[command(subcommand)]
    Codes(Codes),
    /// Events of the local stack
    #[command(subcommand)]
    Events(Events),
    /// Print completions for a shell; load them in its start-up file
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Realms {
    /// List the realms of the tenant
    List {
        #[command(flatten)]
        listing: Listing,
    },
    /// Show the realm's settings
    Get,
    /// Delete the realm, which must have no identities, with its authenticator configs
    Delete,
    /// Create the realm, or replace its settings
    Put {
        /// Name that users see
        #[arg(long)]
        display_name: Option<String>,
        /// URI that users may be redirected to after binding; repeat the option for each
        #[arg(long = "redirect", value_name = "URI")]
        redirects: Vec<String>,
        #[command(flatten)]
        body: Body,
    },
}

/// A body with members that no flag sets.
#[derive(Debug, ClapArgs)]
pub(crate) struct Body {
    /// JSON object with the settings, from a file or - for standard input; flags take precedence
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

/// The limit of a list.
#[derive(Debug, ClapArgs)]
pub(crate) struct Listing {
    /// Maximum number of elements, newest first
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) limit: u32,
}

/// The members of an identity.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct Traits {
    /// User name; passkeys are shown with it
    #[arg(long)]
    pub(crate) username: Option<String>,
    /// Name of the person (default for a new identity: the user name)
    #[arg(long)]
    pub(crate) display_name: Option<String>,
    /// Mail address that links are sent to
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// Language of mails and pages (BCP 47), such as de
    #[arg(long)]
    pub(crate) locale: Option<String>,
    /// IANA time zone, such as Europe/Berlin, for the quiet hours of campaigns
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Identities {
    /// List identities
    List {
        /// Filter, such as 'traits.username eq "ada"'
        #[arg(long)]
        filter: Option<String>,
        #[command(flatten)]
        listing: Listing,
    },
    /// Show an identity
    Get {
        /// Identity id
        id: String,
    },
    /// Create an identity, or replace the one with the given id
    Create {
        /// Identity id (default: generated by the API)
        id: Option<String>,
        #[command(flatten)]
        traits: Traits,
    },
    /// Change the given members and keep the others
    Update {
        /// Identity id
        id: String,
        #[command(flatten)]
        traits: Traits,
    },
    /// Suspend an identity: it gets no passkeys and no mails until it is activated
    Suspend {
        /// Identity id
        id: String,
    },
    /// Activate a suspended identity
    Activate {
        /// Identity id
        id: String,
    },
    /// Erase an identity with its jobs and passkeys
    Delete {
        /// Identity id
        id: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum ConfigType {
    /// Bindery's own page
    HostedWeb,
    /// A page of an app, with the SDK
    Embedded,
}

/// An authenticator config.
#[derive(Debug, ClapArgs)]
pub(crate) struct Config {
    /// Display name
    #[arg(long)]
    pub(crate) display_name: Option<String>,
    /// Type: which page a link leads to
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) kind: Option<ConfigType>,
    /// Page of the app that a link leads to (embedded)
    #[arg(long)]
    pub(crate) invoke_url: Option<String>,
    /// Origin whose pages may bind (embedded); repeat the option for each
    #[arg(long = "trusted-origin", value_name = "ORIGIN")]
    pub(crate) trusted_origins: Vec<String>,
    /// Whether passkeys sign in under this config
    #[arg(long, value_name = "BOOL")]
    pub(crate) sign_in: Option<bool>,
    /// Claim `aud` of sign-in tokens (default: the address of the config)
    #[arg(long, value_name = "AUDIENCE")]
    pub(crate) sign_in_audience: Option<String>,
    #[command(flatten)]
    pub(crate) body: Body,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Configs {
    /// List authenticator configs
    List {
        /// Filter, such as 'config.type eq "embedded"'
        #[arg(long)]
        filter: Option<String>,
        #[command(flatten)]
        listing: Listing,
    },
    /// Show an authenticator config
    Get {
        /// Config id
        id: String,
        /// A version, such as that of a job (default: the latest)
        #[arg(long)]
        version: Option<u32>,
    },
    /// Create an authenticator config
    Create(Config),
    /// Change the given members and keep the others
    Update {
        /// Config id
        id: String,
        #[command(flatten)]
        config: Config,
    },
    /// Delete an authenticator config
    Delete {
        /// Config id
        id: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Delivery {
    /// The link is mailed to the identity
    Email,
    /// The link is printed, once
    Return,
}

/// A job and its identity.
#[derive(Debug, ClapArgs)]
pub(crate) struct JobOf {
    /// Job id
    pub(crate) id: String,
    /// Identity id
    #[arg(long)]
    pub(crate) identity: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Jobs {
    /// Create a job: ask an identity for a new passkey
    Create {
        /// Identity id
        #[arg(long)]
        identity: String,
        /// Authenticator config id
        #[arg(long)]
        config: String,
        /// How the link reaches the user
        #[arg(long)]
        delivery: Delivery,
        /// Seconds until the link expires (default: the realm's)
        #[arg(long, value_name = "SECONDS")]
        expires_in: Option<u64>,
        /// Where the user is redirected after binding
        #[arg(long, value_name = "URI")]
        redirect: Option<String>,
        /// Language of mail and page (BCP 47)
        #[arg(long)]
        locale: Option<String>,
        /// For a day, the same key and request return the same job (default: a new key)
        #[arg(long, value_name = "KEY")]
        idempotency_key: Option<String>,
        /// Watch the job until it ends
        #[arg(long)]
        watch: bool,
    },
    /// List jobs
    List {
        /// Only jobs of this identity
        #[arg(long, default_value = "-")]
        identity: String,
        /// Filter, such as 'state eq "EXPIRED"'
        #[arg(long)]
        filter: Option<String>,
        #[command(flatten)]
        listing: Listing,
    },
    /// Show a job with its timeline
    Get(JobOf),
    /// Follow a job until it ends and print each change
    Watch(JobOf),
    /// Revoke a job; its link stops working
    Revoke(JobOf),
    /// Mail the link again
    Resend {
        #[command(flatten)]
        job: JobOf,
        /// New lifetime of the job from now, in seconds
        #[arg(long, value_name = "SECONDS")]
        expires_in: Option<u64>,
    },
}

/// A credential and its identity.
#[derive(Debug, ClapArgs)]
pub(crate) struct CredentialOf {
    /// Credential id
    pub(crate) id: String,
    /// Identity id
    #[arg(long)]
    pub(crate) identity: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Credentials {
    /// List passkeys
    List {
        /// Only passkeys of this identity
        #[arg(long, default_value = "-")]
        identity: String,
        /// Filter, such as 'state eq "ACTIVE"'
        #[arg(long)]
        filter: Option<String>,
        #[command(flatten)]
        listing: Listing,
    },
    /// Show a passkey
    Get(CredentialOf),
    /// Print the proof of a passkey, for `cargo local verify-credential`
    Proof(CredentialOf),
    /// Revoke a passkey
    Revoke(CredentialOf),
    /// Print active passkeys for another system (docs/export.md)
    Export {
        /// Only passkeys of this identity
        #[arg(long, default_value = "-")]
        identity: String,
        /// Form of the output
        #[arg(long, default_value = "records")]
        format: ExportFormat,
        /// Include the attestation object and the client data of each passkey (records)
        #[arg(long)]
        attestation: bool,
        /// Identity schema of the identities (kratos)
        #[arg(long, value_name = "ID", default_value = "default")]
        schema_id: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Credential records (WebAuthn Level 3 §4), a line of JSON for each; with --json an array
    Records,
    /// Bodies for `POST /admin/identities` of Ory Kratos, a line of JSON for each identity; with --json an array
    Kratos,
    /// The body for `POST /api/webauthn/import` of FusionAuth
    Fusionauth,
    /// The file for `authelia storage user webauthn import`
    Authelia,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Codes {
    /// Exchange the code of the redirect URI for its job; works once
    Redeem {
        /// The code
        code: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Events {
    /// Print events as they are published (`cargo local` only)
    Tail {
        /// Print the existing events and exit
        #[arg(long)]
        no_follow: bool,
    },
}
