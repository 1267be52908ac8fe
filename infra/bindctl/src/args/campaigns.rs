//! `bindctl campaigns`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::Listing;

const ABOUT_THE_FILE: &str = "\
The file is CSV (RFC 4180) in UTF-8, with a header. Its columns, in any order:
  id         identity id; required
  address    mail address; required
  name       name of the person
  username   user name (default for a new identity: the id)
  locale     language of mails (BCP 47), such as de
  time_zone  IANA time zone, such as Europe/Berlin

The whole file is checked before anything is sent. Then each identity is created, or changed where the file differs; an \
empty cell keeps the present value. Last, batches of 1 000 are created. If the command is stopped, run it again: it \
goes on where it stopped, and nobody is invited twice.

The ids of the batches are stored in the campaign file, which the other commands take.";

#[derive(Debug, Subcommand)]
pub(crate) enum Campaigns {
    /// Invite the people in a CSV file
    #[command(after_help = ABOUT_THE_FILE)]
    Create(Box<CreateCampaign>),
    /// List the batches of the realm
    List {
        /// Filter, such as 'state eq "RUNNING"'
        #[arg(long)]
        filter: Option<String>,
        #[command(flatten)]
        listing: Listing,
    },
    /// Show the progress of a campaign or a batch
    Status {
        #[command(flatten)]
        campaign: Campaign,
        /// Follow the campaign until everybody was invited or ruled out
        #[arg(long)]
        watch: bool,
    },
    /// Stop sending invitations until the campaign or batch is resumed
    Pause(Campaign),
    /// Resume a campaign or batch that was paused, or that bounces stopped
    Resume(Campaign),
    /// Send no more invitations; links that were sent keep working
    Cancel(Campaign),
    /// Print the result of each person
    Results {
        #[command(flatten)]
        campaign: Campaign,
        /// Print CSV
        #[arg(long, conflicts_with = "json")]
        csv: bool,
    },
}

/// A campaign or one of its batches.
#[derive(Debug, ClapArgs)]
pub(crate) struct Campaign {
    /// Campaign file that `campaigns create` wrote, or the id of a batch
    pub(crate) campaign: String,
}

/// The people and settings of a campaign.
#[derive(Debug, ClapArgs)]
pub(crate) struct CreateCampaign {
    /// CSV file with the people
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: PathBuf,
    /// Campaign file (default: the CSV file with the ending .campaign.json)
    #[arg(long, value_name = "FILE")]
    pub(crate) campaign_file: Option<PathBuf>,
    /// Name of the campaign; with another name, the same file is sent again
    #[arg(long, default_value = "")]
    pub(crate) name: String,
    /// Authenticator config id
    #[arg(long)]
    pub(crate) config: String,
    /// Where users are redirected after binding
    #[arg(long, value_name = "URI")]
    pub(crate) redirect: Option<String>,
    /// Seconds until each link expires (default: the realm's)
    #[arg(long, value_name = "SECONDS")]
    pub(crate) expires_in: Option<u64>,
    /// Send nothing before this time, such as 2026-03-02T08:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) start: Option<String>,
    /// Maximum number of invitations a minute (default: the installation's)
    #[arg(long, value_name = "NUMBER")]
    pub(crate) max_per_minute: Option<u32>,
    /// Maximum number of invitations of the realm on the first day (UTC), the second, and so on, such as 200,500,1000
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    pub(crate) ramp: Vec<u32>,
    /// Daily span in which nothing is sent, such as 20:00-08:00
    #[arg(long, value_name = "SPAN", requires = "time_zone")]
    pub(crate) quiet_hours: Option<String>,
    /// Time zone of the quiet hours for people without one, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", requires = "quiet_hours")]
    pub(crate) time_zone: Option<String>,
    /// Remind people so many seconds after the invitation; repeat the option for each, at most three (default: the
    /// realm's)
    #[arg(long = "reminder", value_name = "SECONDS")]
    pub(crate) reminders: Vec<u64>,
    /// Also invite people who have a passkey
    #[arg(long)]
    pub(crate) invite_enrolled: bool,
    /// Also invite people who have another job that can still create a passkey, and revoke that job
    #[arg(long)]
    pub(crate) supersede_pending: bool,
    /// Change and send nothing; print what would be done
    #[arg(long, conflicts_with = "watch")]
    pub(crate) dry_run: bool,
    /// Follow the campaign until everybody was invited or ruled out
    #[arg(long)]
    pub(crate) watch: bool,
}
