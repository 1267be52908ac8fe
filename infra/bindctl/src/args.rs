//! The command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

const AFTER: &str = "\
Without settings, bindctl talks to `cargo local` on this machine, as tenant demo in realm demo.

Exit codes: 0 done; 1 refused by the API; 2 the command cannot be carried out as it was given; 3 no answer, or the service
is unavailable: try again; 4 the job that was watched ended without a passkey.";

/// Passkey enrolment from the command line: realms, identities, configs, jobs and credentials of Bindery
#[derive(Debug, Parser)]
#[command(name = "bindctl", version, after_help = AFTER, max_term_width = 120)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where to, and as whom.
#[derive(Debug, ClapArgs)]
pub(crate) struct Settings {
    /// Address of the API, such as https://bind.example.com
    #[arg(long, env = "BINDCTL_URL", global = true, help_heading = "Connection")]
    pub(crate) url: Option<String>,
    /// Token endpoint of the OAuth issuer
    #[arg(long, env = "BINDCTL_TOKEN_URL", global = true, help_heading = "Connection")]
    pub(crate) token_url: Option<String>,
    /// Client id for the client credentials grant; its secret comes from BINDCTL_CLIENT_SECRET or the profile
    #[arg(long, env = "BINDCTL_CLIENT_ID", global = true, help_heading = "Connection")]
    pub(crate) client_id: Option<String>,
    /// Scopes to ask for, separated by spaces (default: what the issuer gives)
    #[arg(long, env = "BINDCTL_SCOPE", global = true, help_heading = "Connection")]
    pub(crate) scope: Option<String>,
    /// Audience to ask for, where the issuer wants one
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
    /// Print JSON, as the API gives it
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check client credentials and keep them, with URL, tenant and realm, in a profile (a file with mode 0600)
    Login,
    /// Remove a profile
    Logout,
    /// A realm's settings
    #[command(subcommand)]
    Realms(Realms),
    /// The people who get passkeys
    #[command(subcommand)]
    Identities(Identities),
    /// Authenticator configs: where a link leads, and what a passkey must be
    #[command(subcommand)]
    Configs(Configs),
    /// Credential binding jobs
    #[command(subcommand)]
    Jobs(Jobs),
    /// Passkeys
    #[command(subcommand)]
    Credentials(Credentials),
    /// What users bring back to the redirect URI
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
    /// Create the realm, or replace its settings
    Put {
        /// Name that users see
        #[arg(long)]
        display_name: Option<String>,
        /// URI that users may be sent to afterwards; give it once for each
        #[arg(long = "redirect", value_name = "URI")]
        redirects: Vec<String>,
        #[command(flatten)]
        body: Body,
    },
}

/// A body that flags cannot say.
#[derive(Debug, ClapArgs)]
pub(crate) struct Body {
    /// JSON object with the settings, from a file or - for standard input; flags win over it
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

/// How much of a list.
#[derive(Debug, ClapArgs)]
pub(crate) struct Listing {
    /// How many at most, newest first
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) limit: u32,
}

/// What is known of a person.
#[derive(Debug, ClapArgs)]
pub(crate) struct Traits {
    /// User name; passkeys are shown with it
    #[arg(long)]
    pub(crate) username: Option<String>,
    /// Name that the person goes by (default when created: the user name)
    #[arg(long)]
    pub(crate) display_name: Option<String>,
    /// Mail address that links go to
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// Language of mails and pages (BCP 47), such as de
    #[arg(long)]
    pub(crate) locale: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Identities {
    /// List identities
    List {
        /// Only these, such as 'traits.username eq "ada"'
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
    /// Create an identity; with an id that is there already, replace it
    Create {
        /// Identity id (default: one that the API makes)
        id: Option<String>,
        #[command(flatten)]
        traits: Traits,
    },
    /// Change what is given, and leave the rest
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
    /// Activate an identity that was suspended
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
    /// Name in lists
    #[arg(long)]
    pub(crate) display_name: Option<String>,
    /// Where the link leads
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) kind: Option<ConfigType>,
    /// Page of the app that a link leads to (embedded)
    #[arg(long)]
    pub(crate) invoke_url: Option<String>,
    /// Origin whose pages may bind (embedded); give it once for each
    #[arg(long = "trusted-origin", value_name = "ORIGIN")]
    pub(crate) trusted_origins: Vec<String>,
    #[command(flatten)]
    pub(crate) body: Body,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Configs {
    /// List authenticator configs
    List {
        /// Only these, such as 'config.type eq "embedded"'
        #[arg(long)]
        filter: Option<String>,
        #[command(flatten)]
        listing: Listing,
    },
    /// Show an authenticator config
    Get {
        /// Config id
        id: String,
        /// This version, for example the one of a job, not the latest
        #[arg(long)]
        version: Option<u32>,
    },
    /// Create an authenticator config
    Create(Config),
    /// Change what is given, and leave the rest
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

/// One job.
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
        /// How the link gets to the user
        #[arg(long)]
        delivery: Delivery,
        /// Seconds until the link expires (default: the realm's)
        #[arg(long, value_name = "SECONDS")]
        expires_in: Option<u64>,
        /// Where the user goes afterwards
        #[arg(long, value_name = "URI")]
        redirect: Option<String>,
        /// Language of mail and page (BCP 47)
        #[arg(long)]
        locale: Option<String>,
        /// For a day, the same key and request give the same job (default: a new key)
        #[arg(long, value_name = "KEY")]
        idempotency_key: Option<String>,
        /// Then watch the job until it ends
        #[arg(long)]
        watch: bool,
    },
    /// List jobs
    List {
        /// Of this identity only
        #[arg(long, default_value = "-")]
        identity: String,
        /// Only these, such as 'state eq "EXPIRED"'
        #[arg(long)]
        filter: Option<String>,
        #[command(flatten)]
        listing: Listing,
    },
    /// Show a job with its timeline
    Get(JobOf),
    /// Follow a job until it ends, printing each change
    Watch(JobOf),
    /// Revoke a job; its link stops working
    Revoke(JobOf),
    /// Mail the link again
    Resend {
        #[command(flatten)]
        job: JobOf,
        /// Let it live this many seconds from now
        #[arg(long, value_name = "SECONDS")]
        expires_in: Option<u64>,
    },
}

/// One credential.
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
        /// Of this identity only
        #[arg(long, default_value = "-")]
        identity: String,
        /// Only these, such as 'state eq "ACTIVE"'
        #[arg(long)]
        filter: Option<String>,
        #[command(flatten)]
        listing: Listing,
    },
    /// Show a passkey
    Get(CredentialOf),
    /// Print what it was proven with, for `cargo local verify-credential`
    Proof(CredentialOf),
    /// Revoke a passkey
    Revoke(CredentialOf),
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
    /// Print events as they come (`cargo local` only)
    Tail {
        /// Print those that are there, and end
        #[arg(long)]
        no_follow: bool,
    },
}
