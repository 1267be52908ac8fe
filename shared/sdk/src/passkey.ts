import { fromBase64url } from './base64url.js';
import { BindError, type BindErrorCode } from './error.js';
import type { Proof } from './proof.js';
import { attempt, reader } from './read.js';

const CODE_OF_DEVICE: Record<string, BindErrorCode> = {
  NotAllowedError: 'cancelled', // cancelled, timed out, or the window lost the focus: browsers do not distinguish these
  AbortError: 'cancelled',
  InvalidStateError: 'already_registered',
  NotSupportedError: 'not_supported',
  ConstraintError: 'not_supported',
};

/** Whether the browser supports WebAuthn, with any authenticator. */
export const hasWebAuthn = (): boolean =>
  isSecureContext && 'PublicKeyCredential' in globalThis && Boolean(navigator.credentials?.create);

/** Whether this device itself can create a passkey now, with fingerprint, face or screen lock. */
export async function canCreatePasskey(): Promise<boolean> {
  try {
    return hasWebAuthn() && (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable());
  } catch {
    return false;
  }
}

/** Has the user's device create a passkey. */
export async function createPasskey(
  options: PublicKeyCredentialCreationOptionsJSON,
  signal: AbortSignal | undefined,
): Promise<Proof> {
  const { id, raw } = registration(await create(options, signal));
  // Otherwise the device would keep offering it at sign-in.
  const refused = async () => {
    try {
      const details = { rpId: options.rp.id ?? location.hostname, credentialId: id! };
      await PublicKeyCredential.signalUnknownCredential(details);
    } catch {
      // The browser or the password manager may not support the method.
    }
  };
  if (!raw || signal?.aborted) {
    await refused();
    throw raw ? new BindError('aborted') : new BindError('failed', { reason: 'credential_unreadable' });
  }
  return { body: async () => ({ type: 'FIDO2', raw }), accepted: async () => {}, refused };
}

async function create(options: PublicKeyCredentialCreationOptionsJSON, signal: AbortSignal | undefined) {
  try {
    const request = { publicKey: creationOptions(options), ...(signal && { signal }) };
    return await navigator.credentials.create(request);
  } catch (error) {
    if (signal?.aborted) throw new BindError('aborted');
    const { name } = error as Error;
    const code = CODE_OF_DEVICE[name];
    throw code ? new BindError(code) : new BindError('failed', { reason: name });
  }
}

/** Converts the options for browsers that predate WebAuthn Level 3. */
function creationOptions(json: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptions {
  return (
    attempt(() => PublicKeyCredential.parseCreationOptionsFromJSON(json)) ?? {
      ...(json as object as PublicKeyCredentialCreationOptions),
      challenge: fromBase64url(json.challenge),
      user: { ...json.user, id: fromBase64url(json.user.id) },
      excludeCredentials: json.excludeCredentials?.map((known) => ({
        ...(known as object as PublicKeyCredentialDescriptor),
        id: fromBase64url(known.id),
      })),
    }
  );
}

/**
 * The parts of a credential that the server needs, as RegistrationResponseJSON (WebAuthn Level 3 §5.1.8.2). Nothing
 * else is read, so nothing else can fail. Each part is taken from the credential itself, or else from its `toJSON()`.
 * `raw` is absent if a part is in neither; `id` is absent too if it cannot be read.
 */
function registration(credential: any): { id: string | undefined; raw: object | undefined } {
  const bytes = reader(credential);
  const id = bytes(({ rawId }) => rawId) ?? bytes((form) => form.id);
  const clientDataJSON = bytes(({ response }) => response.clientDataJSON);
  const attestationObject = bytes(({ response }) => response.attestationObject);
  const transports = [attempt(() => credential.response.getTransports())].flat().filter((name) => typeof name === 'string');
  const rk = attempt(() => credential.getClientExtensionResults().credProps.rk);
  const raw = {
    id,
    rawId: id,
    type: 'public-key',
    response: { clientDataJSON, attestationObject, transports },
    clientExtensionResults: typeof rk === 'boolean' ? { credProps: { rk } } : {},
  };
  return { id, raw: id && clientDataJSON && attestationObject ? raw : undefined };
}
