import { expect, test } from 'vitest';

import { differences, NEW, patchOf, read } from '../src/configs/draft.ts';
import { apply, presetOf, PRESETS } from '../src/configs/presets.ts';

/** RFC 7396 §2, transcribed from its pseudocode. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result = { ...(typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {}) } as Record<string, unknown>;
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merge(result[name], value);
  }
  return result;
}

const embedded = {
  ...NEW, display_name: 'App', config: { type: 'embedded' as const, invoke_url: 'https://a.example', trusted_origins: ['https://a.example'] },
  relying_party: { id: 'a.example' },
};

test('a merge patch turns one config into the other, and contains nothing else', () => {
  const all = [NEW, embedded, ...PRESETS.map((preset) => ({ ...NEW, passkey_policy: apply(preset, NEW.passkey_policy) }))];
  for (const before of all) for (const after of all) expect(merge(before, patchOf(before, after))).toEqual(after);
  expect(patchOf(embedded, embedded)).toEqual({});
  expect(patchOf(embedded, { ...embedded, display_name: 'Our app' })).toEqual({ display_name: 'Our app' });
  expect(patchOf(embedded, NEW)).toEqual({ display_name: '', config: { type: 'hosted_web', invoke_url: null, trusted_origins: null }, relying_party: null });
});

test('differences have a path, the old value and the new one', () => {
  const after = { ...NEW, passkey_policy: { ...NEW.passkey_policy, algorithms: ['ES256' as const], aaguids: { allow: ['x'], deny: [] } } };
  expect(differences(NEW, after)).toEqual([
    { path: 'passkey_policy.aaguids.allow', before: [], after: ['x'] },
    { path: 'passkey_policy.algorithms', after: ['ES256'] },
  ]);
  expect(differences(after, NEW)[1]).toEqual({ path: 'passkey_policy.algorithms', before: ['ES256'] });
});

test('a preset is recognized, and keeps the members that it does not set', () => {
  expect(presetOf(NEW.passkey_policy)).toBe('any');
  const own = {
    ...NEW.passkey_policy, mechanisms: ['JWT' as const, 'WEBAUTHN' as const], origins: ['https://a.example'],
    aaguids: { allow: ['a'], deny: ['b'] }, attestation_roots: ['apple'],
  };
  expect(presetOf(own)).toBeUndefined();
  for (const preset of PRESETS) {
    const policy = apply(preset, own);
    expect(presetOf(policy)).toBe(preset);
    expect(policy.origins).toEqual(own.origins);
    expect(policy.aaguids.deny).toEqual(['b']);
    // Combinations that the API rejects: trust or models without attestation, a JWT with trust, roots beside the
    // metadata.
    if (policy.attestation === 'none') expect([policy.trust, policy.aaguids.allow]).toEqual(['any', []]);
    if (policy.trust !== 'any') expect(policy.mechanisms).toEqual(['WEBAUTHN']);
    expect(policy.attestation_roots).toEqual(preset === 'company' ? ['apple'] : undefined);
  }
  expect(apply('company', { ...own, mechanisms: ['JWT'] }).mechanisms).toEqual(['FIDO2']);
});

test('invalid JSON is rejected with a reason', () => {
  expect(read(JSON.stringify(NEW))).toEqual(NEW);
  expect(read('{')).toMatch(/JSON/);
  expect(read('[]')).toBe('Expected an object.');
  expect(read('{"display_name": "x", "config": {}}')).toBe('Expected an object as passkey_policy.');
  expect(read('{"display_name": "x", "config": {}, "passkey_policy": {}}')).toBe('Expected mechanisms and aaguids in passkey_policy.');
});
