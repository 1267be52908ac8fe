import type { BoundCredential } from './wire.js';

/** Why no passkey came of a link. */
export type BindErrorCode =
  /** The link has expired: a new one is needed. */
  | 'expired'
  /** The link was withdrawn, or replaced by a newer one. */
  | 'revoked'
  /** The link's mail could not be delivered, which ended the job. */
  | 'failed_to_send'
  /** The user's account is suspended. The link works again when the account is active. */
  | 'suspended'
  /** The link has made its passkey already. */
  | 'already_bound'
  /** This device has a passkey for this user already. */
  | 'already_registered'
  /** The user cancelled, or let the device wait for too long. The link still works. */
  | 'cancelled'
  /** More than fifteen minutes passed. The link that was sent still works; a URL that it led to does not. */
  | 'timed_out'
  /** The caller's own `signal`. */
  | 'aborted'
  /** This browser or device can make no key that the policy accepts. */
  | 'not_supported'
  /** The page is not among the `trusted_origins` of the authenticator config. */
  | 'not_trusted_origin'
  /** Not a link of a job, not whole, or of a server that `apiOrigins` does not name. */
  | 'wrong_link'
  /** No answer from the server. */
  | 'network'
  /** The server asks to wait; see `retryAfter`. */
  | 'busy'
  /** The server refused the key; `reason` says why. */
  | 'policy'
  /** Anything else; `reason` has the name of it. */
  | 'failed';

/** What is known of an error beyond its code. */
export interface BindErrorFacts {
  /** The server's own word for it, such as `user_not_verified`, or the name of the device's error. */
  reason?: string | undefined;
  /** Names the request for the people who run the server. */
  requestId?: string | undefined;
  /** Seconds to wait before the next try. */
  retryAfter?: number | undefined;
  /** @internal The credential, where the refused proof is the very one that made it. */
  credentialId?: string | undefined;
}

const TOKENS = /\btoken=[^&\s:)'"]*/g;

/** An attempt that made no passkey. No part of it holds the link or a token, so it may be logged. */
export class BindError extends Error {
  declare readonly code: BindErrorCode;
  /**
   * There if the device made its key and the server's answer was lost: sends the same key once more. To begin anew
   * instead would ask the user's device for another one.
   */
  declare resume?: (signal?: AbortSignal) => Promise<Bound>;

  constructor(code: BindErrorCode, facts: BindErrorFacts = {}) {
    const { reason } = facts;
    super(`No passkey was bound: ${code}${reason ? ` (${reason})` : ''}`);
    Object.assign(this, { name: 'BindError', code, ...facts });
    // A frame of a page's inline script names the page's whole address.
    this.stack = this.stack?.replace(TOKENS, 'token=…');
  }
}

export interface BindError extends Readonly<BindErrorFacts> {}

type Ids = 'id' | 'tenant_id' | 'realm_id' | 'identity_id' | 'job_id';

/** A credential as the server shows it. After a lost answer only its ids are known. */
export type Credential = Pick<BoundCredential, Ids> & Partial<Omit<BoundCredential, Ids>>;

/** What came of a link. */
export interface Bound {
  credential: Credential;
  /** Where the developer wants the user to go from here. */
  redirectUri?: string;
}
