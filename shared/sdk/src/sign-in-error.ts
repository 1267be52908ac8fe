/** Why a sign-in failed. */
export type SignInErrorCode =
  /** The user cancelled, did not respond to the device in time, or has no passkey for this site. */
  | 'cancelled'
  /** The caller's `signal` aborted it, or another call of `signIn` replaced it. */
  | 'aborted'
  /** The passkey is unknown to the server or was revoked. The device was asked to stop offering it. */
  | 'unknown_passkey'
  /** The account is suspended. */
  | 'suspended'
  /** More than five minutes passed. Try again. */
  | 'timed_out'
  /** This browser does not support passkeys, or not in autofill if that was requested. */
  | 'not_supported'
  /** The page's origin is not in the config's `trusted_origins`. */
  | 'not_trusted_origin'
  /** The config does not exist, or its `sign_in` is not enabled. */
  | 'wrong_config'
  /** The server rejected the proof; `reason` gives the cause. */
  | 'policy'
  /** The server did not respond. */
  | 'network'
  /** The server asks the client to wait `retryAfter` seconds. */
  | 'busy'
  /** Any other error; `reason` is its name. */
  | 'failed';

/** Further details of an error. */
export interface SignInErrorFacts {
  /** The server's reason, such as `sign_count_regressed`, or the name of the device's error. */
  reason?: string | undefined;
  /** The request's id, for the operators of the server. */
  requestId?: string | undefined;
  /** Seconds to wait before the next attempt. */
  retryAfter?: number | undefined;
}

/** A sign-in that failed. It contains no token, so it may be logged. */
export class SignInError extends Error {
  declare readonly code: SignInErrorCode;

  constructor(code: SignInErrorCode, facts: SignInErrorFacts = {}) {
    super(`Not signed in: ${code}${facts.reason ? ` (${facts.reason})` : ''}`);
    Object.assign(this, { name: 'SignInError', code, ...facts });
  }
}

export interface SignInError extends Readonly<SignInErrorFacts> {}
