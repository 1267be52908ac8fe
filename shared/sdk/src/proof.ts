import type { Credential } from './error.js';

/** A key that the device made, before the server has accepted it. */
export interface Proof {
  /** The body of `:bind`, created for each attempt. */
  body: () => Promise<{ type: 'FIDO2' | 'JWT'; raw: unknown }>;
  /** The credential exists. */
  accepted: (credential: Credential) => Promise<void>;
  /** The credential will never exist, so the device's copy of the key is useless. */
  refused: () => Promise<void>;
}
