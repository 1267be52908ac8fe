import { fromBase64url, toBase64url } from './base64url.js';
import { BindError, type BindErrorCode } from './error.js';
import type { Proof } from './proof.js';

const CODE_OF_DEVICE: Record<string, BindErrorCode> = {
  NotAllowedError: 'cancelled', // cancelled, timed out, or the window lost the focus: browsers do not say which
  AbortError: 'cancelled',
  InvalidStateError: 'already_registered',
  NotSupportedError: 'not_supported',
  ConstraintError: 'not_supported',
};

/** Whether the browser has WebAuthn, with whatever authenticator. */
export const hasWebAuthn = (): boolean =>
  isSecureContext && 'PublicKeyCredential' in globalThis && Boolean(navigator.credentials?.create);

/** Whether this device itself can make a passkey now: by fingerprint, face or screen lock. */
export async function canCreatePasskey(): Promise<boolean> {
  try {
    return hasWebAuthn() && (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable());
  } catch {
    return false;
  }
}

/** Has the user's device make a passkey. */
export async function createPasskey(
  options: PublicKeyCredentialCreationOptionsJSON,
  signal: AbortSignal | undefined,
): Promise<Proof> {
  const raw = registration(await create(options, signal));
  // The device would go on offering it at sign-in.
  const refused = async () => {
    const details = { rpId: options.rp.id ?? location.hostname, credentialId: raw.id };
    await PublicKeyCredential.signalUnknownCredential?.(details)?.catch(() => {});
  };
  if (signal?.aborted) {
    await refused();
    throw new BindError('aborted');
  }
  return { body: async () => ({ type: 'FIDO2', raw }), accepted: async () => {}, refused };
}

async function create(options: PublicKeyCredentialCreationOptionsJSON, signal: AbortSignal | undefined) {
  try {
    const request = { publicKey: creationOptions(options), ...(signal && { signal }) };
    return (await navigator.credentials.create(request)) as PublicKeyCredential;
  } catch (error) {
    if (signal?.aborted) throw new BindError('aborted');
    const { name } = error as Error;
    const code = CODE_OF_DEVICE[name];
    throw code ? new BindError(code) : new BindError('failed', { reason: name });
  }
}

// The two conversions below stand in for browsers that came before WebAuthn Level 3.

function creationOptions(json: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptions {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(json);
  return {
    ...(json as object as PublicKeyCredentialCreationOptions),
    challenge: fromBase64url(json.challenge),
    user: { ...json.user, id: fromBase64url(json.user.id) },
    excludeCredentials: (json.excludeCredentials ?? []).map((known) => ({
      ...(known as object as PublicKeyCredentialDescriptor),
      id: fromBase64url(known.id),
    })),
  };
}

function registration(credential: PublicKeyCredential): { id: string } {
  try {
    return credential.toJSON();
  } catch {
    // None there, or that of a password manager's look-alike object, which throws.
  }
  const response = credential.response as AuthenticatorAttestationResponse;
  const publicKey = response.getPublicKey?.();
  const json = {
    id: credential.id,
    rawId: toBase64url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      clientDataJSON: toBase64url(response.clientDataJSON),
      attestationObject: toBase64url(response.attestationObject),
      authenticatorData: response.getAuthenticatorData && toBase64url(response.getAuthenticatorData()),
      transports: response.getTransports?.() ?? [],
      publicKey: publicKey ? toBase64url(publicKey) : undefined,
      publicKeyAlgorithm: response.getPublicKeyAlgorithm?.(),
    },
  };
  return json;
}
