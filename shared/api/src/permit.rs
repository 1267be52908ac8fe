//! The credentials of a caller, as they are passed to the handler of an operation.
//!
//! The type of an [operation](crate::operation) names one of these, and a function serves an operation only with a
//! handler that takes it ([`crate::routes`]), so a handler cannot forget a check.

use binding::access::Claims;
use binding::ceremony::CeremonyToken;
use binding::ids::{IdentityRef, JobRef, RealmRef};
use binding::link::LinkToken;
use binding::time::Timestamp;

/// The credential that a caller must present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// An access token of the path's tenant, with the operation's scope.
    AccessToken,
    /// The secret of a job's link, as a bearer token.
    Link,
    /// The secret of a job's link, in the query, for links that a browser follows.
    LinkInQuery,
    /// A ceremony token, as a bearer token.
    Ceremony,
    /// The secret of a job's link or a ceremony token, as a bearer token.
    LinkOrCeremony,
    /// None: the operation is public.
    Public,
}

/// Credentials that admit a caller.
pub trait Permit {
    /// How the caller presents them.
    const SCHEME: Scheme;
}

/// A caller whose access token is for the tenant in the path and has the operation's scope.
#[derive(Clone, Debug)]
pub struct Permitted<R> {
    /// The resource that the path names.
    pub on: R,
    /// The claims of the access token.
    pub claims: Claims,
}

/// A caller with a well-formed link secret. The table decides whether it is the secret of this job.
#[derive(Clone, Debug)]
pub struct LinkHolder {
    /// The job that the path names.
    pub job: JobRef,
    /// The secret.
    pub token: LinkToken,
}

/// A [`LinkHolder`] that follows a link: the secret is in the query.
#[derive(Clone, Debug)]
pub struct LinkVisitor(pub LinkHolder);

/// A device with a valid ceremony token of the job in the path.
#[derive(Clone, Debug)]
pub struct CeremonyHolder {
    /// The job that the path names.
    pub job: JobRef,
    /// The token.
    pub token: CeremonyToken,
    /// When the token was verified.
    pub now: Timestamp,
}

/// A device that has opened the link, or opens it with this request.
#[derive(Clone, Debug)]
pub enum Device {
    /// It has the link's secret.
    Link(LinkHolder),
    /// It has a ceremony token.
    Ceremony(CeremonyHolder),
}

impl Device {
    /// The job that the path names.
    #[must_use]
    pub fn job(&self) -> &JobRef {
        match self {
            Device::Link(link) => &link.job,
            Device::Ceremony(ceremony) => &ceremony.job,
        }
    }
}

/// Any caller.
#[derive(Clone, Copy, Debug)]
pub struct Anybody;

/// Any caller of a public operation, with what the path names.
#[derive(Clone, Debug)]
pub struct Public<R> {
    /// What the path names.
    pub on: R,
}

impl<R> Permit for Public<R> {
    const SCHEME: Scheme = Scheme::Public;
}

impl<R> Permit for Permitted<R> {
    const SCHEME: Scheme = Scheme::AccessToken;
}

impl Permit for LinkHolder {
    const SCHEME: Scheme = Scheme::Link;
}

impl Permit for LinkVisitor {
    const SCHEME: Scheme = Scheme::LinkInQuery;
}

impl Permit for CeremonyHolder {
    const SCHEME: Scheme = Scheme::Ceremony;
}

impl Permit for Device {
    const SCHEME: Scheme = Scheme::LinkOrCeremony;
}

impl Permit for Anybody {
    const SCHEME: Scheme = Scheme::Public;
}

/// A theme in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeRef {
    /// Its realm.
    pub realm: RealmRef,
    /// Its id.
    pub id: String,
}

/// The owner of the listed elements: one identity, or, with the identity id `-`, a whole realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// One identity.
    Identity(IdentityRef),
    /// All identities of a realm.
    Realm(RealmRef),
}
