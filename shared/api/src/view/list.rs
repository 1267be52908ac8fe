//! Lists, a page at a time.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::{AuthenticatorConfig, Credential, Identity, Job};
use crate::scalar::Base64Url;

/// How far the elements of a list are counted.
pub const COUNT_BOUND: u32 = 1000;

/// A page of a list, whatever its elements are.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The elements.
    pub elements: Vec<T>,
    /// How many there are in all, at most 1000. Absent for filtered lists.
    pub total_size: Option<u32>,
    /// The token of the next page.
    pub next_page_token: Option<Base64Url>,
}

/// An answer that is a page of a list. The lists differ in the name of the member with their elements.
pub trait List: Serialize {
    /// An element.
    type Element: DeserializeOwned;

    /// The member with the elements.
    const MEMBER: &'static str;

    /// The answer with a page.
    fn of(page: Page<Self::Element>) -> Self;

    /// The page of an answer.
    fn into_page(self) -> Page<Self::Element>;
}

macro_rules! lists {
    ($($(#[$doc:meta])* $list:ident { $member:ident: $element:ty } as $published:tt)+) => {$(
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
            #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
            pub $member: Vec<$element>,
            /// How many elements there are, counted up to 1000. Absent for a list with a filter.
            #[cfg_attr(feature = "schema", schemars(range(max = COUNT_BOUND)))]
            pub total_size: Option<u32>,
            /// The `page_token` of the next page. Absent on the last page.
            pub next_page_token: Option<Base64Url>,
        }

        impl List for $list {
            type Element = $element;

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
    /// A page of identities.
    IdentityList { identities: Identity } as "IdentityList"
    /// A page of authenticator configs.
    AuthenticatorConfigList { authenticator_configs: AuthenticatorConfig } as "AuthenticatorConfigList"
    /// A page of jobs.
    JobList { credential_binding_jobs: Job } as "CredentialBindingJobList"
    /// A page of credentials.
    CredentialList { credentials: Credential } as "CredentialList"
}
