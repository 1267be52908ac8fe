//! The link that a user follows: the address of a page, with a job's id and secret.

use crate::directory::Invocation;
use crate::ids::JobRef;
use crate::key::redacted;

pub use crate::public_url::PublicUrl;
pub use crate::secret::{LinkKey, LinkToken, LinkTokenHash};

impl PublicUrl {
    /// A job's link, in the form for the config's page.
    #[must_use]
    pub fn link(&self, invocation: &Invocation, job: &JobRef, token: &LinkToken) -> Link {
        match invocation {
            Invocation::HostedWeb => self.hosted_link(job, token),
            Invocation::Embedded { .. } => self.embedded_link(job, token),
        }
    }

    /// The link to the hosted page. The secret is in the fragment, which no server, proxy or log sees.
    #[must_use]
    pub fn hosted_link(&self, job: &JobRef, token: &LinkToken) -> Link {
        Link(format!("{}/bind#{job}?token={}", self.origin(), token.expose()))
    }

    /// The hosted page's link by which a recipient who did not expect a job's link revokes the job.
    #[must_use]
    pub fn decline_link(&self, job: &JobRef, token: &LinkToken) -> Link {
        self.errand_link("decline", job, token)
    }

    /// The hosted page's link by which a user disowns a passkey that somebody else created.
    #[must_use]
    pub fn disown_link(&self, job: &JobRef, token: &LinkToken) -> Link {
        self.errand_link("disown", job, token)
    }

    /// The secret comes last, so that a truncated link is invalid and never a different link.
    fn errand_link(&self, errand: &str, job: &JobRef, token: &LinkToken) -> Link {
        Link(format!("{}/bind#{job}?do={errand}&token={}", self.origin(), token.expose()))
    }

    /// The link that an app's SDK applies, or that redirects a browser to the app.
    #[must_use]
    pub fn embedded_link(&self, job: &JobRef, token: &LinkToken) -> Link {
        Link(format!("{}{job}:invokeAuthenticator?token={}", self.origin(), token.expose()))
    }
}

/// A complete link with its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// The link's text. Only the user or the caller may receive it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

redacted!(Link);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::tests::job_ref;
    use crate::key::Key as _;

    #[test]
    fn a_truncated_link_is_invalid() {
        let token = LinkKey::new(&[7; 32]).unwrap().derive(&job_ref("ada"), 1);
        let url = PublicUrl::parse("https://bind.example.com").unwrap();
        for link in [url.decline_link(&job_ref("ada"), &token), url.disown_link(&job_ref("ada"), &token)] {
            assert!(link.expose().contains("?do=") && link.expose().ends_with(&token.expose()), "{}", link.expose());
            let (_, query) = link.expose().split_once('?').unwrap();
            assert_eq!(LinkToken::in_query(query), Some(token.clone()));
            assert!((0..query.len()).all(|length| LinkToken::in_query(&query[..length]).is_none()));
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let token = LinkKey::new(&[7; 32]).unwrap().derive(&job_ref("ada"), 1);
        let link = PublicUrl::parse("https://bind.example.com").unwrap().hosted_link(&job_ref("ada"), &token);
        assert_eq!(format!("{link:?}"), "Link(…)");
    }

    #[test]
    fn a_link_leads_to_the_configs_page() {
        let (ours, job) = (PublicUrl::parse("https://bind.example.com").unwrap(), job_ref("ada"));
        let token = LinkKey::new(&[7; 32]).unwrap().derive(&job, 1);
        let secret = token.expose();
        let hosted = format!("https://bind.example.com/bind#{job}?token={secret}");
        let errand = |errand: &str| format!("https://bind.example.com/bind#{job}?do={errand}&token={secret}");
        let embedded = format!("https://bind.example.com{job}:invokeAuthenticator?token={secret}");
        let app = Invocation::Embedded {
            invoke_url: "https://app.example.com".to_owned(),
            trusted_origins: Vec::new(),
            invocation_type: None,
        };
        assert_eq!(ours.link(&Invocation::HostedWeb, &job, &token).expose(), hosted);
        assert_eq!(ours.link(&app, &job, &token).expose(), embedded);
        assert_eq!(ours.decline_link(&job, &token).expose(), errand("decline"));
        assert_eq!(ours.disown_link(&job, &token).expose(), errand("disown"));
        assert_eq!(ours.audience(&job), format!("https://bind.example.com{job}"));
    }
}
