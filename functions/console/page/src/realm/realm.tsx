// A realm: how its links look, live and are mailed.

import { useState } from 'preact/hooks';

import { Action } from '../allowed.tsx';
import { call, realmPath, type Place, type Problem, type Realm } from '../api.ts';
import { problemOf, useLive } from '../live.ts';
import { Field, Heading, Shown, Trouble } from '../parts.tsx';
import { useUnsaved } from '../router.tsx';
import { Preview } from './preview.tsx';
import { Texts } from './texts.tsx';
import { W } from '../words.ts';

export function RealmPage({ place }: { place: Place }) {
  const realm = useLive(`realm ${place.tenant} ${place.realm}`, (signal) => call<Realm>(realmPath(place), { signal }), 0);
  return (
    <>
      <Heading>{W.realm.title}</Heading>
      <Shown of={realm}>{(realm) => <Form key={realm.id} place={place} realm={realm} />}</Shown>
    </>
  );
}

function Form({ place, realm: loaded }: { place: Place; realm: Realm }) {
  const [realm, setRealm] = useState(loaded);
  const [redirects, setRedirects] = useState(loaded.post_binding_redirect_uris.join('\n'));
  const [problem, setProblem] = useState<Problem>();
  const [saved, setSaved] = useState(false);
  const [kept, setKept] = useState(() => JSON.stringify([loaded, redirects]));
  useUnsaved(kept !== JSON.stringify([realm, redirects]));
  const change = (part: Partial<Realm>) => {
    setSaved(false);
    setRealm((realm) => ({ ...realm, ...part }));
  };
  const save = async (event: Event) => {
    event.preventDefault();
    setProblem(undefined);
    try {
      const uris = redirects.split('\n').map((line) => line.trim()).filter(Boolean);
      // PUT sets all of it: what this page does not know goes back as it came.
      const answer = await call<Realm>(realmPath(place), { method: 'PUT', body: { realm: { ...realm, post_binding_redirect_uris: uris } } });
      setRealm(answer);
      setKept(JSON.stringify([answer, redirects]));
      setSaved(true);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const theme = (name: keyof Realm['theme'], label: string, placeholder: string) => (
    <Field label={label}>{(id) => <input id={id} value={realm.theme[name]} placeholder={placeholder} spellcheck={false} onInput={({ currentTarget }) => change({ theme: { ...realm.theme, [name]: currentTarget.value } })} />}</Field>
  );
  const email = (name: 'from_name' | 'reply_to' | 'subject', label: string) => (
    <Field label={label}>{(id) => <input id={id} value={realm.email[name]} onInput={({ currentTarget }) => change({ email: { ...realm.email, [name]: currentTarget.value } })} />}</Field>
  );
  const life = (name: keyof Realm['link_lifetime'], label: string) => (
    <Field label={label}>{(id) => <input id={id} type="number" min={60} value={realm.link_lifetime[name]} onInput={({ currentTarget }) => change({ link_lifetime: { ...realm.link_lifetime, [name]: currentTarget.valueAsNumber } })} />}</Field>
  );
  return (
    <form class="columns" onSubmit={save}>
      <div class="stack">
        <section class="card">
          <Field label={W.realm.name}>{(id) => <input id={id} required maxLength={128} value={realm.display_name} onInput={({ currentTarget }) => change({ display_name: currentTarget.value })} />}</Field>
        </section>
        <section class="card">
          <h2>{W.realm.theme}</h2>
          <div class="pair">{theme('button_color', W.realm.button, '#3a4fd0')}{theme('button_text_color', W.realm.buttonText, '#ffffff')}</div>
          {theme('logo_url_light', W.realm.logoLight, 'https://…')}
          {theme('logo_url_dark', W.realm.logoDark, 'https://…')}
          {theme('support_url', W.realm.support, 'https://…')}
        </section>
        <section class="card">
          <h2>{W.realm.email}</h2>
          {email('from_name', W.realm.fromName)}{email('reply_to', W.realm.replyTo)}{email('subject', W.realm.subject)}
          <label class="check"><input type="checkbox" checked={realm.email.passkey_notice} onChange={({ currentTarget }) => change({ email: { ...realm.email, passkey_notice: currentTarget.checked } })} />{W.realm.notice}</label>
        </section>
        <Texts realm={realm} change={change} />
        <section class="card">
          <h2>{W.realm.links}</h2>
          <Field label={W.realm.redirects}>{(id) => <textarea id={id} class="code" rows={4} spellcheck={false} value={redirects} onInput={({ currentTarget }) => { setSaved(false); setRedirects(currentTarget.value); }} />}</Field>
          <div class="pair">{life('default_seconds', W.realm.defaultLife)}{life('max_seconds', W.realm.maxLife)}</div>
          <Field label={W.realm.returnDelivery}>{(id) => (
            <select id={id} value={realm.return_delivery} onChange={({ currentTarget }) => change({ return_delivery: currentTarget.value as Realm['return_delivery'] })}>
              {Object.entries(W.realm.deliveries).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
            </select>
          )}</Field>
          <label class="check"><input type="checkbox" checked={realm.link_renewal === 'allowed'} onChange={({ currentTarget }) => change({ link_renewal: currentTarget.checked ? 'allowed' : 'forbidden' })} />{W.realm.renewal}</label>
        </section>
        {problem && <Trouble problem={problem} />}
        <div class="buttons"><span role="status">{saved && W.saved}</span><Action needs="realms:update" type="submit" class="first">{W.save}</Action></div>
      </div>
      <div class="stack"><Preview place={place} realm={realm} /></div>
    </form>
  );
}
