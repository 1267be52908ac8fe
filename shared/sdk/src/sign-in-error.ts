/** Why nobody was signed in. */
export type SignInErrorCode =
  /** The user cancelled, let the device wait for too long, or has no passkey of this site. */
  | 'cancelled'
  /** The caller's `signal`, or another call of `signIn` that replaced this one. */
  | 'aborted'
  /** The passkey is unknown to the server or was revoked. The device was told to stop offering it. */
  | 'unknown_passkey'
  /** The account is suspended. */
  | 'suspended'
  /** More than five minutes passed. Try again. */
  | 'timed_out'
  /** This browser has no passkeys, or none in autofill if that was asked for. */
  | 'not_supported'
  /** The page's origin is not in the config's `trusted_origins`. */
  | 'not_trusted_origin'
  /** The config does not exist, or its `sign_in` is not enabled. */
  | 'wrong_config'
  /** The server rejected the proof; `reason` says why. */
  | 'policy'
  /** No response from the server. */
  | 'network'
  /** The server asks to wait `retryAfter` seconds. */
  | 'busy'
  /** Anything else; `reason` names it. */
  | 'failed';

/** What is known of an error beyond its code. */
export interface SignInErrorFacts {
  /** The server's own word for it, such as `sign_count_regressed`, or the name of the device's error. */
  reason?: string | undefined;
  /** Identifies the request for the people who run the server. */
  requestId?: string | undefined;
  /** Seconds to wait before the next attempt. */
  retryAfter?: number | undefined;
}

/** A sign-in that failed. It holds no token, so it may be logged. */
export class SignInError extends Error {
  declare readonly code: SignInErrorCode;

  constructor(code: SignInErrorCode, facts: SignInErrorFacts = {}) {
    super(`Not signed in: ${code}${facts.reason ? ` (${facts.reason})` : ''}`);
    Object.assign(this, { name: 'SignInError', code, ...facts });
  }
}

export interface SignInError extends Readonly<SignInErrorFacts> {}
