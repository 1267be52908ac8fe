// Why a proof was rejected, in words, and what to do about it: one entry for each reason of the API.

import type { FailureReason } from '../api.ts';

// Remedies that several reasons share.
const OTHER_DEVICE = 'Use another device, or allow this one in a new version of the config and create a new job.';
const OTHER_KEY = 'The user can try again with another device or security key.';
const POLICY = 'Change the policy in a new version of the config, then create a new job.';
const CLIENT = 'Fix the app or SDK that made the proof.';
const ATTACK = 'If it happens again, the device may be forged or tampered with. Revoke the job.';
const RETRY = 'The user can open the link and try again.';
const WHERE = 'Add the origin to the config’s trusted origins, or create the passkey on a page that is allowed.';

export interface Failure {
  says: string;
  remedy: string;
}

export const FAILURES: Record<FailureReason, Failure> = {
  aaguid_not_allowed: { says: 'The policy does not allow this model of authenticator.', remedy: OTHER_DEVICE },
  algorithm_not_allowed: { says: 'The policy does not allow the algorithm of the key.', remedy: POLICY },
  attestation_certificate_invalid: { says: 'The certificate of the authenticator’s attestation is invalid.', remedy: ATTACK },
  attestation_chain_invalid: { says: 'The certificates of the attestation do not form a chain.', remedy: ATTACK },
  attestation_downgraded: { says: 'The policy requires attestation, and the device sent none.', remedy: 'Ask the user to allow the browser to share the device’s model, or to use another device. Password managers do not attest.' },
  attestation_expired: { says: 'A certificate of the attestation has expired or is not valid yet.', remedy: OTHER_KEY },
  attestation_format_not_supported: { says: 'The format of the attestation is not supported.', remedy: OTHER_KEY },
  attestation_invalid: { says: 'The attestation is invalid.', remedy: ATTACK },
  attestation_revoked: { says: 'The manufacturer revoked the device’s attestation key.', remedy: 'Use another device. Do not trust this one.' },
  attestation_signature_invalid: { says: 'The signature of the attestation is invalid.', remedy: ATTACK },
  attestation_status_unknown: { says: 'The list of revoked attestation keys is missing or too old.', remedy: 'The operator of the installation updates the Android status list. Then the user can try again.' },
  attestation_untrusted: { says: 'The attestation does not chain to a trusted root certificate.', remedy: 'Use another device, or add the manufacturer’s root certificate in a new version of the config and create a new job.' },
  audience_mismatch: { says: 'The JWT was made for another job.', remedy: CLIENT },
  authenticator_status_refused: { says: 'FIDO lists this model of authenticator as revoked or compromised.', remedy: 'Use another model.' },
  authenticator_unknown: { says: 'FIDO does not list this model of authenticator.', remedy: 'Use a listed model, or update the installation’s FIDO metadata if the model is new.' },
  backup_eligibility_not_allowed: { says: 'The policy does not allow synced passkeys, or allows only synced ones.', remedy: 'Save the passkey on a device or security key, or in a password manager if only synced ones are allowed.' },
  backup_eligibility_changed: { says: 'The passkey reports otherwise than before whether it can be backed up.', remedy: ATTACK },
  backup_flags_invalid: { says: 'The authenticator reports that the passkey is backed up, but also that it cannot be.', remedy: OTHER_KEY },
  certification_too_low: { says: 'The policy requires a higher certification of the authenticator.', remedy: OTHER_DEVICE },
  challenge_mismatch: { says: 'The device answered another request.', remedy: RETRY },
  credential_id_invalid: { says: 'The authenticator’s id of the passkey is invalid.', remedy: OTHER_KEY },
  cross_origin: { says: 'The passkey was created in a frame of another site.', remedy: 'Create passkeys on the page itself, not in a frame of another site.' },
  jwk_not_allowed: { says: 'The key in the JWT is missing or not allowed.', remedy: CLIENT },
  jwt_header_not_allowed: { says: 'The JWT has a header that is not allowed.', remedy: CLIENT },
  malformed_attestation: { says: 'The attestation is malformed.', remedy: OTHER_KEY },
  malformed_authenticator_data: { says: 'The authenticator data of the device is malformed.', remedy: OTHER_KEY },
  malformed_jwt: { says: 'The JWT is malformed.', remedy: CLIENT },
  malformed_response: { says: 'The device’s answer is malformed.', remedy: 'The user can try again with another browser. In an app, fix the code that sends the proof.' },
  mechanism_not_allowed: { says: 'The policy does not allow this way to prove a key.', remedy: 'Allow the mechanism in a new version of the config, or use another one in the app.' },
  nonce_mismatch: { says: 'The JWT was made for another request.', remedy: RETRY },
  origin_mismatch: { says: 'The passkey was created on a page whose origin is not allowed.', remedy: WHERE },
  resident_key_missing: { says: 'The policy requires a discoverable passkey, and the device created none.', remedy: 'The security key may be full or too old. Use another one, or set Discoverable to Preferred and create a new job.' },
  rp_id_mismatch: { says: 'The passkey was created for another site.', remedy: 'Use the relying party id of the config in the app.' },
  sign_count_regressed: { says: 'The signature counter did not increase. Another device may have a copy of the passkey.', remedy: 'Revoke the passkey and create a new job.' },
  signature_invalid: { says: 'The signature of the JWT is invalid.', remedy: CLIENT },
  subject_mismatch: { says: 'The JWT was made for another identity.', remedy: CLIENT },
  time_outside_window: { says: 'The JWT is too old or from the future.', remedy: 'Set the device’s clock and try again.' },
  user_handle_mismatch: { says: 'The device named another user.', remedy: 'Use the passkey of this identity.' },
  user_not_present: { says: 'Nobody touched the authenticator.', remedy: RETRY },
  user_not_verified: { says: 'The policy requires a fingerprint, a face or a PIN, and the device checked none.', remedy: 'Set up a screen lock or a PIN for the security key, then try again.' },
  verifiers_disagree: { says: 'Two verifiers disagree about the proof.', remedy: 'Report this to the developers of Bindery.' },
  wrong_client_data_type: { says: 'The device did not create a passkey.', remedy: 'In an app, call navigator.credentials.create, not get.' },
};
