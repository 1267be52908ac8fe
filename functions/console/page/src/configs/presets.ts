// Policies to start from.

import type { Policy } from './draft.ts';

export type Preset = 'any' | 'company' | 'fido' | 'nist';
export const PRESETS: Preset[] = ['any', 'company', 'fido', 'nist'];

/** FIPS 186-5 approves ECDSA with these curves and EdDSA. */
const APPROVED: Policy['algorithms'] = ['ES256', 'ES384', 'EdDSA'];

/**
 * Applies a preset to a policy. Members that a preset does not set stay: origins, denied models, and for company keys
 * the allowed models and the root certificates. Members that the API would reject together with it are removed.
 */
export function apply(preset: Preset, policy: Policy): Policy {
  const { algorithms: _a, attestation_roots: roots, android_status: status, ...rest } = policy;
  if (preset === 'any') {
    return {
      ...rest, user_verification: 'required', resident_key: 'required', attestation: 'none', trust: 'any',
      backup_eligible: 'allowed', aaguids: { ...policy.aaguids, allow: [] },
    };
  }
  // A JWT proves nothing about a device.
  const ways = policy.mechanisms.filter((way) => way !== 'JWT');
  const attested: Policy = {
    ...rest, mechanisms: ways.length > 0 ? ways : ['FIDO2'], user_verification: 'required',
    // Some devices attest only keys that are not discoverable.
    resident_key: 'preferred', attestation: 'direct', trust: 'attested', backup_eligible: 'forbidden',
    ...(status && { android_status: status }),
  };
  switch (preset) {
    case 'company':
      return { ...attested, ...(roots && { attestation_roots: roots }) };
    case 'fido':
      return { ...attested, trust: { level: 'fido_mds', minimum_certification: 'FIDO_CERTIFIED_L1' }, backup_eligible: 'allowed' };
    case 'nist':
      return { ...attested, trust: { level: 'fido_mds', minimum_certification: 'FIDO_CERTIFIED_L1' }, algorithms: APPROVED };
  }
}

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, sorted(one)]))
    : value;

/** The preset that a policy matches, if any. */
export const presetOf = (policy: Policy): Preset | undefined =>
  PRESETS.find((preset) => JSON.stringify(sorted(apply(preset, policy))) === JSON.stringify(sorted(policy)));
