import { assert, canAutofill, hasWebAuthn, type Passkey } from './assertion.js';
import { send } from './http.js';
import { signalUnknownPasskey } from './signal.js';
import { SignInError, type SignInErrorCode } from './sign-in-error.js';
import { assertWithSoftwareKey, type SoftwareCredential } from './software-key.js';
import type * as Wire from './wire.js';

export { canAutofill, type Passkey } from './assertion.js';
export { signalAcceptedPasskeys, signalUserDetails } from './signal.js';
export { SignInError, type SignInErrorCode } from './sign-in-error.js';
export type { SoftwareCredential } from './software-key.js';

/** When an offer in autofill is renewed, in milliseconds: the server's token is valid for five minutes. */
const RENEW_AFTER = 4 * 60_000;

export interface SignInOptions {
  /**
   * The address of the authenticator config:
   * `https://bind.example.com/v1/tenants/TENANT/realms/REALM/authenticator-configs/CONFIG`.
   */
  config: string | URL;
  /** The identity that signs in, if the page knows it. Otherwise the user chooses a passkey. */
  identityId?: string;
  /**
   * A value that the app's back end chose, at most 128 bytes, which the sign-in token contains; or a function that fetches
   * one, which is called for each attempt and each renewal of an offer in autofill.
   */
  nonce?: string | (() => string | Promise<string>);
  /**
   * Offers passkeys in the autofill of the page's input with `autocomplete="username webauthn"`, and waits until the user
   * chooses one. Another call of `signIn` ends it.
   */
  autofill?: boolean;
  /** Signs with the software key of this credential (`csr_type` is `JWT`) instead of a passkey. */
  softwareKeyOf?: SoftwareCredential;
  /** Ends requests and the device's dialogue. */
  signal?: AbortSignal;
}

/** A successful sign-in. */
export interface SignedIn {
  /** The sign-in token, which your back end verifies. The other members prove nothing. */
  token: string;
  identityId: string;
  credentialId: string;
  /** Present if another device may have a copy of the passkey, and the config accepts that. */
  cloneSuspected?: true;
  /** The passkey, for `signalAcceptedPasskeys` and `signalUserDetails`. Absent for a software key. */
  passkey?: Passkey;
}

/** The offer in autofill. A page can have only one. */
let offer: AbortController | undefined;

/**
 * Signs a user in with a passkey.
 *
 * @throws {SignInError} and nothing else.
 */
export async function signIn(options: SignInOptions): Promise<SignedIn> {
  try {
    return await (options.autofill ? offered(options) : attempted(options, options.signal));
  } catch (error) {
    throw error instanceof SignInError ? error : new SignInError('failed', { reason: (error as Error)?.name });
  }
}

async function attempted(options: SignInOptions, signal: AbortSignal | undefined): Promise<SignedIn> {
  offer?.abort();
  if (!options.softwareKeyOf && !hasWebAuthn()) throw new SignInError('not_supported');
  return finish(options, await begin(options, signal), signal ?? new AbortController().signal);
}

/** Waits in autofill; the offer is renewed before the server's token expires, while somebody looks at the page. */
async function offered(options: SignInOptions): Promise<SignedIn> {
  offer?.abort();
  const mine = (offer = new AbortController());
  const end = () => mine.abort();
  options.signal?.addEventListener('abort', end);
  try {
    if (!(await canAutofill())) throw new SignInError('not_supported');
    for (;;) {
      if (options.signal?.aborted || mine.signal.aborted) throw new SignInError('aborted');
      const begun = await begin(options, mine.signal);
      const turn = new AbortController();
      const endTurn = () => turn.abort();
      mine.signal.addEventListener('abort', endTurn);
      const timer = setTimeout(endTurn, RENEW_AFTER);
      try {
        return await finish(options, begun, turn.signal, () => clearTimeout(timer));
      } catch (error) {
        const renewed = (error as SignInError).code === 'aborted' && !mine.signal.aborted;
        if (!renewed) throw error;
      } finally {
        clearTimeout(timer);
        mine.signal.removeEventListener('abort', endTurn);
      }
      await visible();
    }
  } finally {
    options.signal?.removeEventListener('abort', end);
    if (offer === mine) offer = undefined;
  }
}

const visible = () =>
  new Promise<void>((seen) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', look);
      seen();
    };
    document.addEventListener('visibilitychange', look);
    look();
  });

interface Begun {
  token: string;
  options: PublicKeyCredentialRequestOptionsJSON;
  behind: number;
}

async function begin({ config, identityId, nonce }: SignInOptions, signal: AbortSignal | undefined): Promise<Begun> {
  const chosen = typeof nonce === 'function' ? await nonce() : nonce;
  const { body, behind } = await post(config, 'beginSignIn', { identity_id: identityId, nonce: chosen }, signal);
  const { token, request_options } = body as Wire.BegunSignIn;
  const options = request_options as object as PublicKeyCredentialRequestOptionsJSON;
  return { token, options, behind };
}

async function finish(
  { config, autofill, softwareKeyOf }: SignInOptions,
  { token, options, behind }: Begun,
  signal: AbortSignal,
  answered?: () => void,
): Promise<SignedIn> {
  const proof = softwareKeyOf
    ? { raw: await assertWithSoftwareKey(softwareKeyOf, token, behind) }
    : await assert(options, Boolean(autofill), signal);
  answered?.();
  if (!proof.raw) throw new SignInError('not_supported', { reason: 'no_software_key' });
  const { body } = await post(config, 'finishSignIn', { token, credential: proof.raw }, signal);
  const { sign_in_token, identity_id, credential_id, clone_suspected } = body as Wire.SignedIn;
  return {
    token: sign_in_token,
    identityId: identity_id,
    credentialId: credential_id,
    ...(clone_suspected && { cloneSuspected: true }),
    ...('userHandle' in proof && {
      passkey: { rpId: options.rpId ?? location.hostname, ...(proof.userHandle && { userHandle: proof.userHandle }) },
    }),
  };
}

const CODE_OF_PROBLEM: Partial<Record<string, SignInErrorCode>> = {
  'unknown-credential': 'unknown_passkey',
  'identity-suspended': 'suspended',
  'sign-in-expired': 'timed_out',
  'sign-in-used': 'timed_out',
  'sign-in-disabled': 'wrong_config',
  'untrusted-origin': 'not_trusted_origin',
  'proof-refused': 'policy',
};

async function post(config: string | URL, verb: string, content: object, signal: AbortSignal | undefined) {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(content) };
  const answer = await send(`${config}:${verb}`, init, signal, SignInError);
  const { ok, status, body, kind, facts } = answer;
  if (ok) return answer;
  if (body.webauthn) await signalUnknownPasskey(body.webauthn.rp_id, body.webauthn.credential_id);
  const busy = status === 429 || status >= 500;
  throw new SignInError(CODE_OF_PROBLEM[kind!] ?? (busy ? 'busy' : status === 404 ? 'wrong_config' : 'failed'), facts);
}
