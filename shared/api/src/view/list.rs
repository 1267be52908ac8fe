//! Pages of lists.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::{AuditEntry, AuthenticatorConfig, BatchSummary, Credential, Identity, Job, Realm};
use crate::scalar::Base64Url;

/// The number up to which the elements of a list are counted.
pub const COUNT_BOUND: u32 = 1000;

/// A page of a list with elements of any type.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The elements.
    pub elements: Vec<T>,
    /// How many elements the list has, at most 1000. For a filtered list, how many were found so far.
    pub total_size: u32,
    /// The token of the next page.
    pub next_page_token: Option<Base64Url>,
}

/// A response that is a page of a list. The lists differ in the name of the member that holds the elements.
pub trait List: Serialize {
    /// An element.
    type Element: DeserializeOwned;

    /// The maximum number of elements of a page.
    const LARGEST_PAGE: usize;

    /// The name of the member that holds the elements.
    const MEMBER: &'static str;

    /// Creates the response for a page.
    fn of(page: Page<Self::Element>) -> Self;

    /// The page in a response.
    fn into_page(self) -> Page<Self::Element>;
}

macro_rules! lists {
    ($($(#[$doc:meta])* $list:ident { $member:ident: $element:ty } as $published:tt, $largest:literal)+) => {$(
        $(#[$doc])*
        #[skip_serializing_none]
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(
            feature = "schema",
            derive(schemars::JsonSchema),
            schemars(rename = $published, deny_unknown_fields)
        )]
        pub struct $list {
            /// The elements of this page.
            #[cfg_attr(feature = "schema", schemars(length(max = $largest)))]
            pub $member: Vec<$element>,
            /// How many elements the list has, counted up to 1000. For a list with a filter, how many were found so
            /// far: the first page reads at most 2000 elements to count them, and later pages add what they find.
            #[cfg_attr(feature = "schema", schemars(range(max = COUNT_BOUND)))]
            pub total_size: u32,
            /// The `page_token` of the next page. Absent on the last page.
            pub next_page_token: Option<Base64Url>,
        }

        impl List for $list {
            type Element = $element;

            const LARGEST_PAGE: usize = $largest;

            const MEMBER: &'static str = stringify!($member);

            fn of(Page { elements, total_size, next_page_token }: Page<$element>) -> Self {
                Self { $member: elements, total_size, next_page_token }
            }

            fn into_page(self) -> Page<$element> {
                let Self { $member: elements, total_size, next_page_token } = self;
                Page { elements, total_size, next_page_token }
            }
        }
    )+};
}

lists! {
    /// A page of realms.
    RealmList { realms: Realm } as "RealmList", 200
    /// A page of identities.
    IdentityList { identities: Identity } as "IdentityList", 200
    /// A page of authenticator configs.
    AuthenticatorConfigList { authenticator_configs: AuthenticatorConfig } as "AuthenticatorConfigList", 100
    /// A page of jobs.
    JobList { credential_binding_jobs: Job } as "CredentialBindingJobList", 200
    /// A page of batches.
    BatchList { batch_credential_binding_jobs: BatchSummary } as "BatchCredentialBindingJobList", 100
    /// A page of credentials.
    CredentialList { credentials: Credential } as "CredentialList", 200
    /// A page of the audit log.
    AuditEntryList { audit_entries: AuditEntry } as "AuditEntryList", 200
}
