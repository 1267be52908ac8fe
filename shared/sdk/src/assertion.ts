import { fromBase64url } from './base64url.js';
import { attempt, reader } from './read.js';
import { SignInError, type SignInErrorCode } from './sign-in-error.js';

const CODE_OF_DEVICE: Record<string, SignInErrorCode> = {
  NotAllowedError: 'cancelled', // cancelled, timed out, or no passkey: browsers do not distinguish these
  AbortError: 'aborted',
  NotSupportedError: 'not_supported',
};

/** Whether the browser supports WebAuthn. */
export const hasWebAuthn = (): boolean =>
  isSecureContext && 'PublicKeyCredential' in globalThis && Boolean(navigator.credentials?.get);

/** Whether the browser can offer passkeys in the autofill of an input whose `autocomplete` ends in `webauthn`. */
export async function canAutofill(): Promise<boolean> {
  try {
    return hasWebAuthn() && (await PublicKeyCredential.isConditionalMediationAvailable());
  } catch {
    return false;
  }
}

/** A passkey, as browsers identify it. */
export interface Passkey {
  /** The relying party id. */
  rpId: string;
  /** The user handle, in base64url; absent if the device did not return it. */
  userHandle?: string;
}

/** The device's response: `AuthenticationResponseJSON` (WebAuthn Level 3 §5.1.8.4). */
export interface Answered {
  raw: object;
  userHandle: string | undefined;
}

/** Has the user's device sign with a passkey. */
export async function assert(
  options: PublicKeyCredentialRequestOptionsJSON,
  autofill: boolean,
  signal: AbortSignal,
): Promise<Answered> {
  let credential;
  try {
    const mediation = autofill ? { mediation: 'conditional' as const } : {};
    credential = await navigator.credentials.get({ publicKey: requestOptions(options), ...mediation, signal });
  } catch (error) {
    if (signal.aborted) throw new SignInError('aborted');
    const { name } = error as Error;
    const code = CODE_OF_DEVICE[name];
    throw code ? new SignInError(code) : new SignInError('failed', { reason: name });
  }
  return answered(credential);
}

/** The parts of a credential that the server needs. Nothing else is read, so nothing else can fail. */
function answered(credential: unknown): Answered {
  const bytes = reader(credential);
  const id = bytes(({ rawId }) => rawId) ?? bytes((form) => form.id);
  const clientDataJSON = bytes(({ response }) => response.clientDataJSON);
  const authenticatorData = bytes(({ response }) => response.authenticatorData);
  const signature = bytes(({ response }) => response.signature);
  const userHandle = bytes(({ response }) => response.userHandle);
  if (!id || !clientDataJSON || !authenticatorData || !signature) {
    throw new SignInError('failed', { reason: 'credential_unreadable' });
  }
  const response = { clientDataJSON, authenticatorData, signature, ...(userHandle && { userHandle }) };
  return { raw: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} }, userHandle };
}

/** Converts the options for browsers that predate WebAuthn Level 3. */
function requestOptions(json: PublicKeyCredentialRequestOptionsJSON): PublicKeyCredentialRequestOptions {
  return (
    attempt(() => PublicKeyCredential.parseRequestOptionsFromJSON(json)) ?? {
      ...(json as object as PublicKeyCredentialRequestOptions),
      challenge: fromBase64url(json.challenge),
      allowCredentials: json.allowCredentials?.map((known) => ({
        ...(known as object as PublicKeyCredentialDescriptor),
        id: fromBase64url(known.id),
      })),
    }
  );
}
