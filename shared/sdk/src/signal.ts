// The Signal API (WebAuthn Level 3 §5.1.10): what a site tells the device about its passkeys. Neither the browser nor a
// password manager has to know it, and neither says what came of it.

import type { Passkey } from './assertion.js';

const signalled = async (send: () => Promise<unknown>): Promise<void> => {
  try {
    await send();
  } catch {
    // Not available here, or of no interest to the device.
  }
};

/** Tells the device that a passkey does not exist any more, so that it stops offering it. */
export const signalUnknownPasskey = (rpId: string, credentialId: string): Promise<void> =>
  signalled(() => PublicKeyCredential.signalUnknownCredential({ rpId, credentialId }));

/**
 * Tells the device which passkeys of a user exist, so that it hides all others. `credentialIds` are the
 * `webauthn.credential_id` of the user's active credentials, which your back end lists.
 */
export const signalAcceptedPasskeys = ({ rpId, userHandle }: Passkey, credentialIds: string[]): Promise<void> =>
  signalled(async () => {
    if (!userHandle) return;
    await PublicKeyCredential.signalAllAcceptedCredentials({ rpId, userId: userHandle, allAcceptedCredentialIds: credentialIds });
  });

/** Tells the device a user's present names, which it shows with the passkey. */
export const signalUserDetails = ({ rpId, userHandle }: Passkey, names: { name: string; displayName: string }): Promise<void> =>
  signalled(async () => {
    if (userHandle) await PublicKeyCredential.signalCurrentUserDetails({ rpId, userId: userHandle, ...names });
  });
