import type { BoundCredential } from './wire.js';

/** Why a link created no passkey. */
export type BindErrorCode =
  /** The link has expired. A new one is needed. */
  | 'expired'
  /** The link was revoked, or replaced by a newer one. */
  | 'revoked'
  /** The link's mail could not be delivered, which ended the job. */
  | 'failed_to_send'
  /** The user's account is suspended. The link works again when the account is active. */
  | 'suspended'
  /** The link has already created its passkey. */
  | 'already_bound'
  /** This device already has a passkey for this user. */
  | 'already_registered'
  /** The user cancelled, or did not respond to the device in time. The link still works. */
  | 'cancelled'
  /** More than fifteen minutes passed. The link still works; a URL that it redirected to does not. */
  | 'timed_out'
  /** The caller's `signal` aborted it. */
  | 'aborted'
  /** This browser or device cannot create a key that the policy accepts. */
  | 'not_supported'
  /** The page is not among the `trusted_origins` of the authenticator config. */
  | 'not_trusted_origin'
  /** It is not a job's link, it is incomplete, or its server is not in `apiOrigins`. */
  | 'wrong_link'
  /** The server did not respond. */
  | 'network'
  /** The server asks the client to wait; see `retryAfter`. */
  | 'busy'
  /** The server refused the key; `reason` gives the cause. */
  | 'policy'
  /** Any other error; `reason` is its name. */
  | 'failed';

/** Further details of an error. */
export interface BindErrorFacts {
  /** The server's reason, such as `user_not_verified`, or the name of the device's error. */
  reason?: string | undefined;
  /** The request's id, for the operators of the server. */
  requestId?: string | undefined;
  /** Seconds to wait before the next attempt. */
  retryAfter?: number | undefined;
  /** @internal The credential, if the refused proof is the one that created it. */
  credentialId?: string | undefined;
}

const TOKENS = /\btoken=[^&\s:)'"]*/g;

/** An attempt that created no passkey. It contains no link or token, so it may be logged. */
export class BindError extends Error {
  declare readonly code: BindErrorCode;
  /**
   * Present if the device made its key but the server's response was lost: sends the same key again. A new attempt
   * would ask the user's device for another key.
   */
  declare resume?: (signal?: AbortSignal) => Promise<Bound>;

  constructor(code: BindErrorCode, facts: BindErrorFacts = {}) {
    const { reason } = facts;
    super(`No passkey was bound: ${code}${reason ? ` (${reason})` : ''}`);
    Object.assign(this, { name: 'BindError', code, ...facts });
    // A stack frame of an inline script contains the page's complete address.
    this.stack = this.stack?.replace(TOKENS, 'token=…');
  }
}

export interface BindError extends Readonly<BindErrorFacts> {}

type Ids = 'id' | 'tenant_id' | 'realm_id' | 'identity_id' | 'job_id';

/** A credential as the server returns it. After a lost response only its ids are known. */
export type Credential = Pick<BoundCredential, Ids> & Partial<Omit<BoundCredential, Ids>>;

/** The result of a link. */
export interface Bound {
  credential: Credential;
  /** Where the developer wants the user to be redirected. */
  redirectUri?: string;
}
