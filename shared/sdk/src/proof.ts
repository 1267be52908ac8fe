import type { Credential } from './error.js';

/** A key that the device made, on its way to the server. */
export interface Proof {
  /** The body of `:bind`. Asked for before each try. */
  body: () => Promise<{ type: 'FIDO2' | 'JWT'; raw: unknown }>;
  /** The credential exists. */
  accepted: (credential: Credential) => Promise<void>;
  /** It will never exist: what the device keeps of it is of no use. */
  refused: () => Promise<void>;
}
