// The form of a config: every item of the policy.

import { useState } from 'preact/hooks';

import type { CertificationStatus, TrustLevel } from '../../../../../shared/sdk/src/wire.ts';
import { Field } from '../parts.tsx';
import { W } from '../words.ts';
import type { Draft, Policy } from './draft.ts';
import { certification } from './policy.tsx';
import { apply, presetOf, PRESETS } from './presets.ts';

const C = W.configs;
const P = W.policy;

const CERTIFICATIONS = {
  FIDO_CERTIFIED_L1: 1, FIDO_CERTIFIED_L1plus: 1, FIDO_CERTIFIED_L2: 1, FIDO_CERTIFIED_L2plus: 1, FIDO_CERTIFIED_L3: 1, FIDO_CERTIFIED_L3plus: 1,
} satisfies Record<CertificationStatus, 1>;

const lines = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter(Boolean);
/** Root sets and base64, one per line, or certificates in PEM. */
const roots = (text: string): string[] =>
  (text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----|[^\n]+/g) ?? []).map((root) => root.trim()).filter(Boolean);

/** An object without a member that is empty: the API then uses its default. */
function without<T extends object, K extends keyof T>(from: T, name: K, value: T[K] | undefined): T {
  const { [name]: _, ...rest } = from;
  const empty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  return (empty ? rest : { ...rest, [name]: value }) as T;
}

export function Fields({ draft, change }: { draft: Draft; change: (draft: Draft) => void }) {
  const { config, passkey_policy: policy, relying_party: party = {} } = draft;
  const setPolicy = (passkey_policy: Policy) => change({ ...draft, passkey_policy });
  const setParty = (party: NonNullable<Draft['relying_party']>) => change(without({ ...draft }, 'relying_party', Object.keys(party).length > 0 ? party : undefined));
  const embedded = config.type === 'embedded';
  const place = (type: Draft['config']['type']) => {
    const { invoke_url: url = '', trusted_origins: origins = [] } = config;
    change({ ...draft, config: type === 'embedded' ? { ...config, type, invoke_url: url, trusted_origins: origins } : { type } });
  };
  return (
    <>
      <section class="card">
        <Field label={C.name}>{(id) => <input id={id} required maxLength={128} value={draft.display_name} onInput={({ currentTarget }) => change({ ...draft, display_name: currentTarget.value })} />}</Field>
        <fieldset class="choice">
          <legend>{C.where}</legend>
          {([['hosted_web', C.hosted, C.hostedText], ['embedded', C.embedded, C.embeddedText]] as const).map(([type, name, text]) => (
            <label key={type}><input type="radio" name="where" checked={config.type === type} onChange={() => place(type)} /><span><strong>{name}</strong><small>{text}</small></span></label>
          ))}
        </fieldset>
        {embedded && (
          <>
            <Field label={C.invoke} hint={C.invokeHint}>{(id) => <input id={id} required spellcheck={false} placeholder="https://app.example.com" value={config.invoke_url ?? ''} onInput={({ currentTarget }) => change({ ...draft, config: { ...config, invoke_url: currentTarget.value.trim() } })} />}</Field>
            <Lines label={C.origins} hint={C.originsHint} value={config.trusted_origins ?? []} set={(trusted_origins) => change({ ...draft, config: { ...config, trusted_origins } })} />
          </>
        )}
      </section>
      <section class="card">
        <h2>{C.policy}</h2>
        <fieldset class="choice">
          <legend>{C.preset}</legend>
          {PRESETS.map((preset) => (
            <label key={preset}><input type="radio" name="preset" checked={presetOf(policy) === preset} onChange={() => setPolicy(apply(preset, policy))} /><span><strong>{C.presets[preset].name}</strong><small>{C.presets[preset].text}</small></span></label>
          ))}
        </fieldset>
        {presetOf(policy) === undefined && <p class="hint after">{C.ownPolicy}</p>}
        <div class="pair">
          <Choice label={P.verification} hint={P.hints.verification} value={policy.user_verification} options={P.requirements} set={(user_verification) => setPolicy({ ...policy, user_verification })} />
          <Choice label={P.discoverable} hint={P.hints.discoverable} value={policy.resident_key} options={P.requirements} set={(resident_key) => setPolicy({ ...policy, resident_key })} />
          <Choice label={P.backup} hint={P.hints.backup} value={policy.backup_eligible} options={P.backups} set={(backup_eligible) => setPolicy({ ...policy, backup_eligible })} />
          <Choice label={P.attestation} hint={P.hints.attestation} value={policy.attestation} options={P.attestationNames} set={(attestation) => setPolicy({ ...policy, attestation })} />
          <Trusted policy={policy} set={setPolicy} />
        </div>
        <fieldset class="checks">
          <legend>{P.proof}</legend>
          {(Object.entries(P.proofNames) as [Policy['mechanisms'][number], string][]).map(([way, name]) => (
            <label class="check" key={way}><input type="checkbox" checked={policy.mechanisms.includes(way)} onChange={({ currentTarget: { checked } }) => setPolicy({ ...policy, mechanisms: checked ? [...policy.mechanisms, way] : policy.mechanisms.filter((one) => one !== way) })} />{name}</label>
          ))}
        </fieldset>
      </section>
      <section class="card">
        <h2>{C.models}</h2>
        <Lines label={P.allow} hint={P.hints.allow} value={policy.aaguids.allow ?? []} set={(allow) => setPolicy({ ...policy, aaguids: { ...policy.aaguids, allow } })} />
        <Lines label={P.deny} hint={P.hints.deny} value={policy.aaguids.deny ?? []} set={(deny) => setPolicy({ ...policy, aaguids: { ...policy.aaguids, deny } })} />
        <Lines label={P.roots} hint={P.hints.roots} split={roots} value={policy.attestation_roots ?? []} set={(roots) => setPolicy(without(policy, 'attestation_roots', roots))} />
        <Choice label={P.android} hint={P.hints.android} value={policy.android_status ?? 'if_available'} options={P.androids} set={(status) => setPolicy(without(policy, 'android_status', status === 'required' ? status : undefined))} />
      </section>
      <section class="card">
        <h2>{C.more}</h2>
        <Lines label={P.algorithms} hint={P.hints.algorithms} value={policy.algorithms ?? []} set={(names) => setPolicy(without(policy, 'algorithms', names as NonNullable<Policy['algorithms']>))} />
        <Lines label={P.origins} hint={P.hints.origins} value={policy.origins ?? []} set={(origins) => setPolicy(without(policy, 'origins', origins))} />
        <div class="pair">
          <Field label={C.rpId} hint={C.rpIdHint}>{(id) => <input id={id} spellcheck={false} value={party.id ?? ''} onInput={({ currentTarget }) => setParty(without(party, 'id', currentTarget.value.trim()))} />}</Field>
          <Field label={C.rpName} hint={C.rpNameHint}>{(id) => <input id={id} maxLength={64} value={party.name ?? ''} onInput={({ currentTarget }) => setParty(without(party, 'name', currentTarget.value))} />}</Field>
        </div>
        <label class="check"><input type="checkbox" checked={party.related_origins ?? false} onChange={({ currentTarget }) => setParty(without(party, 'related_origins', currentTarget.checked || undefined))} />{C.related}</label>
      </section>
    </>
  );
}

function Choice<T extends string>({ label, hint, value, options, set }: { label: string; hint: string; value: T; options: Record<T, string>; set: (value: T) => void }) {
  return (
    <Field label={label} hint={hint}>{(id) => (
      <select id={id} value={value} onChange={({ currentTarget }) => set(currentTarget.value as T)}>
        {(Object.entries(options) as [T, string][]).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
      </select>
    )}</Field>
  );
}

function Trusted({ policy, set }: { policy: Policy; set: (policy: Policy) => void }) {
  const { level, minimum_certification: minimum } = typeof policy.trust === 'string' ? { level: policy.trust } : policy.trust;
  return (
    <>
      <Choice<TrustLevel> label={P.trust} hint={P.hints.trust} value={level} options={P.trustNames} set={(trust) => set({ ...policy, trust })} />
      {level === 'fido_mds' && (
        <Field label={P.minimum}>{(id) => (
          <select id={id} value={minimum ?? ''} onChange={({ currentTarget: { value } }) => set({ ...policy, trust: value ? { level, minimum_certification: value as CertificationStatus } : level })}>
            <option value="">{P.noMinimum}</option>
            {Object.keys(CERTIFICATIONS).map((status) => <option key={status} value={status}>{certification(status)}</option>)}
          </select>
        )}</Field>
      )}
    </>
  );
}

/** Texts, one per line. What is typed stays as it is while it means the value, so that an empty line can be typed. */
function Lines({ label, hint, value, set, split = lines }: { label: string; hint: string; value: string[]; set: (value: string[]) => void; split?: (text: string) => string[] }) {
  const [typed, setTyped] = useState(value.join('\n'));
  const text = JSON.stringify(split(typed)) === JSON.stringify(value) ? typed : value.join('\n');
  const type = (text: string) => {
    setTyped(text);
    set(split(text));
  };
  return (
    <Field label={`${label}, ${C.onePerLine}`} hint={hint}>{(id) => (
      <textarea id={id} class="code" rows={Math.min(8, Math.max(2, value.length))} spellcheck={false} value={text} onInput={({ currentTarget }) => type(currentTarget.value)} />
    )}</Field>
  );
}
