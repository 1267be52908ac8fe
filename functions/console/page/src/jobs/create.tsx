// A new job, and what becomes of it.

import { useEffect, useState } from 'preact/hooks';

import { Action } from '../allowed.tsx';
import { call, identityPath, page, realmPath, type Config, type Identity, type Job, type Place, type Problem, type Realm } from '../api.ts';
import { lifetime } from '../durations.ts';
import { problemOf, useLive } from '../live.ts';
import { Copy, Field, Heading, Loading, Shown, Trouble } from '../parts.tsx';
import { inRealm, Link } from '../router.tsx';
import { W } from '../words.ts';
import { Progress, useJob } from './job.tsx';
import { QrCode } from './qr.tsx';

interface Choices {
  identities: Identity[];
  configs: Config[];
  realm?: Realm;
}

interface Wanted {
  delivery_method: 'EMAIL' | 'RETURN';
  authenticator_config_id: string;
  expires_in_seconds?: number;
  post_binding_redirect_uri?: string;
}

interface Made {
  credential_binding_job: Job;
  credential_binding_link?: string;
}

const LIVES = [900, 3600, 86_400, 604_800, 2_592_000];
const shell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export function commands(place: Place, identity: string, job: Wanted): string[] {
  const body = JSON.stringify({ job });
  const word = (text: string) => (/^[\w.~-]+$/.test(text) ? text : shell(text));
  return [
    `curl -s ${shell(`${location.origin}${identityPath(place, identity)}/credential-binding-jobs`)} \\\n  -H "Authorization: Bearer $TOKEN" \\\n  -d ${shell(body)}`,
    `bindctl jobs create --tenant ${word(place.tenant)} --realm ${word(place.realm)} --identity ${word(identity)} --config ${word(job.authenticator_config_id)} --delivery ${job.delivery_method.toLowerCase()}${job.expires_in_seconds ? ` --expires-in ${job.expires_in_seconds}` : ''}`,
  ];
}

export function Create({ place }: { place: Place }) {
  const [made, setMade] = useState<Made>();
  const choices = useLive(`choices ${place.tenant} ${place.realm}`, async (signal): Promise<Choices> => {
    const [configs, identities, realm] = await Promise.all([
      page<Config>(`${realmPath(place)}/authenticator-configs`, 'authenticator_configs', { page_size: '200' }, signal),
      // Without these scopes the form still works: ids can be typed.
      page<Identity>(`${realmPath(place)}/identities`, 'identities', { page_size: '200' }, signal).catch(() => ({ items: [] })),
      call<Realm>(realmPath(place), { signal }).catch(() => undefined),
    ]);
    return { configs: configs.items, identities: identities.items, ...(realm && { realm }) };
  }, 0);
  if (made) return <Outcome place={place} made={made} choices={choices.value} another={() => setMade(undefined)} />;
  return (
    <>
      <p class="crumbs"><Link to={inRealm(place, 'jobs')}>{W.jobs.title}</Link></p>
      <Heading>{W.create.title}</Heading>
      <p class="lead">{W.create.text}</p>
      <Shown of={choices}>{(choices) => <Form place={place} choices={choices} made={setMade} />}</Shown>
    </>
  );
}

function Form({ place, choices, made }: { place: Place; choices: Choices; made: (made: Made) => void }) {
  const { identities, configs, realm } = choices;
  const asked = new URLSearchParams(location.search).get('identity') ?? '';
  const [identity, setIdentity] = useState(asked || (identities.length === 1 ? identities[0]?.id ?? '' : ''));
  const [config, setConfig] = useState(configs[0]?.id ?? '');
  const [method, setMethod] = useState<'EMAIL' | 'RETURN'>('EMAIL');
  const [life, setLife] = useState('');
  const [redirect, setRedirect] = useState('');
  const [key] = useState(() => crypto.randomUUID());
  const [attempt, setAttempt] = useState(0);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const found = identities.find(({ id }) => id === identity);
  const wanted: Wanted = {
    delivery_method: method,
    authenticator_config_id: config,
    ...(life && { expires_in_seconds: Number(life) }),
    ...(redirect && { post_binding_redirect_uri: redirect }),
  };
  // The same wish twice is one job, whatever the network does; another wish is another.
  const wish = JSON.stringify([identity, wanted]);
  useEffect(() => setAttempt((attempt) => attempt + 1), [wish]);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      made(await call<Made>(`${identityPath(place, identity)}/credential-binding-jobs`, {
        method: 'POST', body: { job: wanted }, headers: { 'idempotency-key': `${key}-${attempt}` },
      }));
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  const lives = LIVES.filter((seconds) => seconds <= (realm?.link_lifetime.max_seconds ?? Infinity));
  return (
    <form class="columns" onSubmit={submit}>
      <section class="card">
        <Field label={W.create.identity} hint={found ? `${found.display_name} · ${found.traits.primary_email_address ?? W.create.noAddress}` : identity && identities.length > 0 ? W.create.unknown : W.create.identityHint}>
          {(id) => <input id={id} list="identities" required value={identity} onInput={({ currentTarget }) => setIdentity(currentTarget.value.trim())} autocomplete="off" spellcheck={false} />}
        </Field>
        <Field label={W.create.config}>{(id) => (
          <select id={id} required value={config} onChange={({ currentTarget }) => setConfig(currentTarget.value)}>
            {configs.map(({ id, display_name: name }) => <option key={id} value={id}>{name} ({id})</option>)}
          </select>
        )}</Field>
        <fieldset class="choice">
          <legend>{W.create.delivery}</legend>
          {([['EMAIL', W.create.email, W.create.emailText], ['RETURN', W.create.return, W.create.returnText]] as const).map(([value, name, text]) => (
            <label key={value}>
              <input type="radio" name="delivery" value={value} checked={method === value} onChange={() => setMethod(value)} />
              <span><strong>{name}</strong><small>{text}</small></span>
            </label>
          ))}
        </fieldset>
        <Field label={W.create.expires}>{(id) => (
          <select id={id} value={life} onChange={({ currentTarget }) => setLife(currentTarget.value)}>
            <option value="">{W.create.usual}{realm && ` (${lifetime(realm.link_lifetime.default_seconds)})`}</option>
            {lives.map((seconds) => <option key={seconds} value={seconds}>{lifetime(seconds)}</option>)}
          </select>
        )}</Field>
        <Field label={W.create.redirect}>{(id) => (
          <select id={id} value={redirect} onChange={({ currentTarget }) => setRedirect(currentTarget.value)}>
            <option value="">{W.create.noRedirect}</option>
            {realm?.post_binding_redirect_uris.map((uri) => <option key={uri} value={uri}>{uri}</option>)}
          </select>
        )}</Field>
        {problem && <Trouble problem={problem} />}
        <div class="buttons"><Action needs="credential-binding-jobs:create" type="submit" class="first" disabled={busy}>{W.create.go}</Action></div>
        <datalist id="identities">{identities.map(({ id, display_name: name }) => <option key={id} value={id}>{name}</option>)}</datalist>
      </section>
      <section class="card terminal">
        <h2>{W.create.same}</h2>
        {commands(place, identity || '…', wanted).map((command) => <div key={command.slice(0, 4)}><pre tabIndex={0}>{command}</pre><Copy text={command} /></div>)}
      </section>
    </form>
  );
}

function Outcome({ place, made, choices, another }: { place: Place; made: Made; choices: Choices | undefined; another: () => void }) {
  const { credential_binding_job: job, credential_binding_link: link } = made;
  const live = useJob(place, job.identity_id, job.id);
  const address = choices?.identities.find(({ id }) => id === job.identity_id)?.traits.primary_email_address;
  return (
    <>
      <Heading aside={<><button type="button" onClick={another}>{W.create.another}</button><Link class="button" to={inRealm(place, 'jobs', job.identity_id, job.id)}>{W.create.open}</Link></>}>{W.create.done}</Heading>
      {link ? (
        <section class="card handed">
          <div>
            <h2>{W.create.link}</h2>
            <p>{W.create.linkOnce}</p>
            <p class="secret"><code id="link">{link}</code></p>
            <Copy text={link} />
          </div>
          <QrCode text={link} label={W.create.qr} />
        </section>
      ) : address && <p class="lead">{W.create.mailed(address)}</p>}
      {live.value ? <Progress job={live.value} /> : <Loading />}
      {live.problem && <Trouble problem={live.problem} again={live.again} />}
    </>
  );
}
