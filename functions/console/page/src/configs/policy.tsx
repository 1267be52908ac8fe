// A passkey policy in words. What this page does not know yet is shown as it is.

import type { ComponentChildren } from 'preact';

import { W } from '../words.ts';
import type { Policy as Items } from './draft.ts';

const P = W.policy;
const how = (value: unknown): string => P.how[value as keyof typeof P.how] ?? String(value);
const list = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(', ') : String(value));

function trust(value: unknown): string {
  const { level, minimum_certification: minimum } = (typeof value === 'object' && value !== null ? value : { level: value }) as { level: string; minimum_certification?: string };
  const words = P.trusts[level as keyof typeof P.trusts] ?? level;
  return minimum ? `${words} ${P.atLeast(certification(minimum))}` : words;
}

/** `FIDO_CERTIFIED_L1plus` as people write it: FIDO Certified L1+. */
export const certification = (status: string): string => status.replace('FIDO_CERTIFIED', 'FIDO Certified').replaceAll('_', ' ').replace('plus', '+');

function inWords(name: string, value: unknown): [string, ComponentChildren] {
  switch (name) {
    case 'mechanisms':
      return [P.proof, Array.isArray(value) ? P.proves(value.map((one) => P.proofs[one as keyof typeof P.proofs] ?? String(one))) : list(value)];
    case 'user_verification':
      return [P.verification, P.verified(how(value))];
    case 'resident_key':
      return [P.discoverable, P.discovered(how(value))];
    case 'attestation':
      return [P.attestation, P.attestations[value as keyof typeof P.attestations] ?? String(value)];
    case 'trust':
      return [P.trust, trust(value)];
    case 'backup_eligible':
      return [P.backup, P.synced(how(value))];
    case 'algorithms':
      return [P.algorithms, list(value)];
    case 'origins':
      return [P.origins, list(value)];
    case 'android_status':
      return [P.android, P.androids[value as keyof typeof P.androids] ?? String(value)];
    case 'attestation_roots': {
      const roots = Array.isArray(value) ? value.map(String) : [];
      const named = roots.filter((root) => /^[a-z]+$/.test(root));
      return [P.roots, [...named, ...(roots.length > named.length ? [P.certificates(roots.length - named.length)] : [])].join(', ')];
    }
    case 'aaguids': {
      const { allow = [], deny = [] } = (value ?? {}) as { allow?: string[]; deny?: string[] };
      return [P.models, <>{allow.length > 0 && <>{P.only} <code>{allow.join(', ')}</code>. </>}{deny.length > 0 && <>{P.not} <code>{deny.join(', ')}</code>.</>}{allow.length + deny.length === 0 && P.any}</>];
    }
    default:
      return [name.replaceAll('_', ' '), <code key="value">{typeof value === 'string' ? value : JSON.stringify(value)}</code>];
  }
}

export function Policy({ of }: { of: Items }) {
  return (
    <dl class="facts">
      {Object.entries(of).filter(([, value]) => value !== undefined && value !== null).map(([name, value]) => {
        const [label, words] = inWords(name, value);
        return <div key={name}><dt>{label}</dt><dd>{words}</dd></div>;
      })}
    </dl>
  );
}
