// A passkey policy in words. What this page does not know yet is shown as it is.

import type { ComponentChildren } from 'preact';

import type { Config } from '../api.ts';

const HOW: Record<string, string> = { required: 'required', preferred: 'wanted, not required', discouraged: 'not wanted', allowed: 'allowed', forbidden: 'forbidden' };
const ATTESTATION: Record<string, string> = {
  none: 'Nothing is asked about the device’s model.',
  indirect: 'The device may say what it is, perhaps anonymously.',
  direct: 'The device is asked to say what it is.',
  enterprise: 'The device is asked for its own serial identity, where it is enrolled for that.',
};
const TRUST: Record<string, string> = {
  any: 'Any device is accepted.',
  attested: 'Only devices that prove their model are accepted.',
  fido_mds: 'Only devices in the FIDO Metadata Service are accepted.',
};
const PROOFS: Record<string, string> = {
  FIDO2: 'a WebAuthn registration', WEBAUTHN: 'a WebAuthn registration over the ceremony token', JWT: 'a signed JWT',
};

const list = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(', ') : String(value));

function inWords(name: string, value: unknown): [string, ComponentChildren] {
  switch (name) {
    case 'mechanisms':
      return ['Proof', Array.isArray(value) ? `The device proves its key by ${value.map((one) => PROOFS[String(one)] ?? String(one)).join(', or ')}.` : list(value)];
    case 'user_verification':
      return ['User verification', `Fingerprint, face or PIN: ${HOW[String(value)] ?? String(value)}.`];
    case 'resident_key':
      return ['Discoverable', `A key that needs no user name: ${HOW[String(value)] ?? String(value)}.`];
    case 'attestation':
      return ['Attestation', ATTESTATION[String(value)] ?? String(value)];
    case 'trust':
      return ['Trust', typeof value === 'string' ? TRUST[value] ?? value : <code>{JSON.stringify(value)}</code>];
    case 'backup_eligible':
      return ['Backup', `Passkeys that are synced between devices: ${HOW[String(value)] ?? String(value)}.`];
    case 'algorithms':
      return ['Algorithms', list(value)];
    case 'origins':
      return ['Origins', list(value)];
    case 'aaguids': {
      const { allow = [], deny = [] } = (value ?? {}) as { allow?: string[]; deny?: string[] };
      return ['Models', <>{allow.length > 0 && <>Only <code>{allow.join(', ')}</code>. </>}{deny.length > 0 && <>Not <code>{deny.join(', ')}</code>.</>}{allow.length + deny.length === 0 && 'Any.'}</>];
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
