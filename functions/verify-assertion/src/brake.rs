//! Rate limits for sign-ins, by address and by identity. Each running copy of the function counts separately
//! ([`binding::throttle`]); a web ACL (`WebAclArn`) counts for the whole installation.

use std::net::IpAddr;
use std::sync::PoisonError;

use api::problem::Problem;
use binding::access::Admission;
use binding::ids::IdentityRef;
use binding::throttle::{Rate, Throttle};
use binding::time::Timestamp;

use crate::Deps;

/// Requests from one address. Many people can share it, and pages with autofill begin a sign-in when they load.
const BY_ADDRESS: Rate = Rate { burst: 600, interval_millis: 100 };

/// Sign-ins for one identity, whether or not it exists.
const BY_IDENTITY: Rate = Rate { burst: 30, interval_millis: 2_000 };

/// The counters.
#[derive(Debug)]
pub(crate) struct Brakes {
    addresses: Throttle,
    identities: Throttle,
}

impl Default for Brakes {
    fn default() -> Self {
        Self { addresses: Throttle::new(BY_ADDRESS), identities: Throttle::new(BY_IDENTITY) }
    }
}

impl Deps {
    /// Counts a request from the viewer's address.
    ///
    /// # Errors
    /// A 429 when the rate is exceeded.
    pub(crate) fn brake_address(&self, admission: &Admission, now: Timestamp) -> Result<(), Problem> {
        let Some(address) = admission.viewer else { return Ok(()) };
        let mut brakes = self.brakes.lock().unwrap_or_else(PoisonError::into_inner);
        brakes.addresses.count(&network(address).to_string(), now).map_err(Problem::too_many_sign_ins)
    }

    /// Counts the begin of a sign-in for an identity.
    ///
    /// # Errors
    /// A 429 when the rate is exceeded. A sign-in without an identity is not limited here.
    pub(crate) fn brake_identity(&self, identity: &IdentityRef, now: Timestamp) -> Result<(), Problem> {
        let mut brakes = self.brakes.lock().unwrap_or_else(PoisonError::into_inner);
        brakes.identities.count(&identity.to_string(), now).map_err(Problem::too_many_sign_ins)
    }
}

/// The network of one customer of a provider: an IPv4 address, or the first 64 bits of an IPv6 address.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::from((u128::from(v6) & !u128::from(u64::MAX)).to_be_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_customer_are_counted_together() {
        for (address, counted) in [
            ("203.0.113.9", "203.0.113.9"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ] {
            assert_eq!(network(address.parse().unwrap()).to_string(), counted);
        }
    }
}
