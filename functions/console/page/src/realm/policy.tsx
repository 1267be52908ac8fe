// A passkey policy in words. What this page does not know yet is shown as it is.

import type { ComponentChildren } from 'preact';

import type { Config } from '../api.ts';
import { W } from '../words.ts';

const P = W.policy;
const how = (value: unknown): string => P.how[String(value)] ?? String(value);

const list = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(', ') : String(value));

function inWords(name: string, value: unknown): [string, ComponentChildren] {
  switch (name) {
    case 'mechanisms':
      return [P.proof, Array.isArray(value) ? P.proves(value.map((one) => P.proofs[String(one)] ?? String(one))) : list(value)];
    case 'user_verification':
      return [P.verification, P.verified(how(value))];
    case 'resident_key':
      return [P.discoverable, P.discovered(how(value))];
    case 'attestation':
      return [P.attestation, P.attestations[String(value)] ?? String(value)];
    case 'trust':
      return [P.trust, typeof value === 'string' ? P.trusts[value] ?? value : <code>{JSON.stringify(value)}</code>];
    case 'backup_eligible':
      return [P.backup, P.synced(how(value))];
    case 'algorithms':
      return [P.algorithms, list(value)];
    case 'origins':
      return [P.origins, list(value)];
    case 'aaguids': {
      const { allow = [], deny = [] } = (value ?? {}) as { allow?: string[]; deny?: string[] };
      return [P.models, <>{allow.length > 0 && <>{P.only} <code>{allow.join(', ')}</code>. </>}{deny.length > 0 && <>{P.not} <code>{deny.join(', ')}</code>.</>}{allow.length + deny.length === 0 && P.any}</>];
    }
    default:
      return [name.replaceAll('_', ' '), <code key="value">{typeof value === 'string' ? value : JSON.stringify(value)}</code>];
  }
}

export function Policy({ config }: { config: Config }) {
  return (
    <dl class="facts">
      {Object.entries(config.passkey_policy).map(([name, value]) => {
        const [label, words] = inWords(name, value);
        return <div key={name}><dt>{label}</dt><dd>{words}</dd></div>;
      })}
    </dl>
  );
}
