// The settings of a config while they are edited, and the changes that a save makes, as a list and as a request.

import type { Config } from '../api.ts';
import type { PasskeyPolicy } from '../../../../../shared/sdk/src/wire.ts';

export type Policy = PasskeyPolicy;

/** The members that a request can set. Members that the form does not know stay unchanged. */
export interface Draft {
  display_name: string;
  config: { type: 'hosted_web' | 'embedded'; invoke_url?: string; trusted_origins?: string[] } & Record<string, unknown>;
  relying_party?: { id?: string; name?: string; related_origins?: boolean };
  passkey_policy: Policy;
}

export const NEW: Draft = {
  display_name: '',
  config: { type: 'hosted_web' },
  passkey_policy: {
    mechanisms: ['FIDO2'], user_verification: 'required', resident_key: 'required', attestation: 'none', trust: 'any',
    aaguids: { allow: [], deny: [] }, backup_eligible: 'allowed',
  },
};

export const draftOf = ({ display_name, config, relying_party, passkey_policy }: Config): Draft => ({
  // An empty list is the default, so it is omitted.
  display_name, config: Object.fromEntries(Object.entries(config).filter(([, value]) => !Array.isArray(value) || value.length > 0)) as Draft['config'],
  ...(relying_party && { relying_party }), passkey_policy,
});

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The merge patch that turns `before` into `after` (RFC 7396): changed members, and null for removed ones. */
export function patchOf(before: object, after: object): Tree {
  const [from, to] = [before as Tree, after as Tree];
  const patch: Tree = {};
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [old, now] = [from[name], to[name]];
    if (now === undefined) patch[name] = null;
    else if (isTree(old) && isTree(now)) {
      const part = patchOf(old, now);
      if (Object.keys(part).length > 0) patch[name] = part;
    } else if (!same(old, now)) patch[name] = now;
  }
  return patch;
}

export interface Difference {
  path: string;
  before?: unknown;
  after?: unknown;
}

/** Every member that differs, by its path. */
export function differences(before: object, after: object, above = ''): Difference[] {
  const [from, to] = [before as Tree, after as Tree];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name): Difference[] => {
    const [old, now] = [from[name], to[name]];
    const path = above + name;
    if (isTree(old) && isTree(now)) return differences(old, now, `${path}.`);
    if (same(old, now)) return [];
    return [{ path, ...(old !== undefined && { before: old }), ...(now !== undefined && { after: now }) }];
  });
}

/** A draft from JSON text, or the reason why the text is invalid. */
export function read(text: string): Draft | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (!isTree(value)) return 'Expected an object.';
  for (const name of ['config', 'passkey_policy']) if (!isTree(value[name])) return `Expected an object as ${name}.`;
  if (typeof value.display_name !== 'string') return 'Expected a text as display_name.';
  const { mechanisms, aaguids } = value.passkey_policy as Tree;
  if (!Array.isArray(mechanisms) || !isTree(aaguids)) return 'Expected mechanisms and aaguids in passkey_policy.';
  return value as unknown as Draft;
}
