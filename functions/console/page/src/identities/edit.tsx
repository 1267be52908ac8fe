// A new identity, or the edits of one.

import { useState } from 'preact/hooks';

import { Action } from '../allowed.tsx';
import { call, identityPath, Problem, realmPath, type Identity, type Place } from '../api.ts';
import { problemOf, useLive } from '../live.ts';
import { Field, Heading, Shown, Trouble } from '../parts.tsx';
import { edited, go, inRealm, Link, useUnsaved } from '../router.tsx';
import { W } from '../words.ts';

const I = W.identities;

interface Values {
  id: string;
  name: string;
  username: string;
  mail: string;
  locale: string;
}

const EMPTY: Values = { id: '', name: '', username: '', mail: '', locale: '' };

async function create(place: Place, { id, name, username, mail, locale }: Values): Promise<Identity> {
  const identity = {
    display_name: name,
    traits: { type: 'traits_v0', username, ...(mail && { primary_email_address: mail }), ...(locale && { locale }) },
  };
  if (!id) return call<Identity>(`${realmPath(place)}/identities`, { method: 'POST', body: { identity } });
  // PUT would replace an identity that has this id.
  const taken = await call<Identity>(identityPath(place, id)).catch((error: unknown) => {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  });
  if (taken) throw new Problem(409, I.exists, I.existsText);
  return call<Identity>(identityPath(place, id), { method: 'PUT', body: { identity } });
}

const change = (place: Place, { id, name, username, mail, locale }: Values): Promise<Identity> => call<Identity>(identityPath(place, id), {
  method: 'PATCH',
  body: { identity: { display_name: name, traits: { username, primary_email_address: mail || null, locale: locale || null } } },
});

export function NewIdentity({ place }: { place: Place }) {
  return (
    <>
      <p class="crumbs"><Link to={inRealm(place, 'identities')}>{I.title}</Link></p>
      <Heading>{I.create}</Heading>
      <Form place={place} values={EMPTY} isNew />
    </>
  );
}

export function EditIdentity({ place, id }: { place: Place; id: string }) {
  const identity = useLive(`edit ${id}`, (signal) => call<Identity>(identityPath(place, id), { signal }), 0);
  return (
    <>
      <p class="crumbs"><Link to={inRealm(place, 'identities')}>{I.title}</Link> / <Link to={inRealm(place, 'identities', id)}>{id}</Link></p>
      <Heading>{I.editTitle}</Heading>
      <Shown of={identity}>{({ id, display_name: name, traits }) =>
        <Form place={place} values={{ id, name, username: traits.username, mail: traits.primary_email_address ?? '', locale: traits.locale ?? '' }} />}
      </Shown>
    </>
  );
}

function Form({ place, values: before, isNew = false }: { place: Place; values: Values; isNew?: boolean }) {
  const [values, setValues] = useState(before);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  useUnsaved(JSON.stringify(values) !== JSON.stringify(before));
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const { id } = await (isNew ? create : change)(place, values);
      edited();
      go(inRealm(place, 'identities', id));
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  const text = (name: keyof Values, label: string, hint: string, more: Record<string, unknown> = {}) => (
    <Field label={label} hint={hint}>{(id) => (
      <input id={id} autocomplete="off" spellcheck={false} {...more} value={values[name]} onInput={({ currentTarget: { value } }) => setValues((values) => ({ ...values, [name]: value.trimStart() }))} />
    )}</Field>
  );
  return (
    <form class="card form" onSubmit={save}>
      {text('name', I.name, '', { required: true, maxLength: 128 })}
      {text('username', I.username, I.usernameHint, { required: true, maxLength: 128 })}
      {text('mail', I.mail, `${W.optional} ${I.mailHint}`, { type: 'email', maxLength: 254 })}
      {text('locale', I.language, `${W.optional} ${I.languageHint}`, { maxLength: 35 })}
      {isNew && text('id', I.id, `${W.optional} ${I.idHint}`, { maxLength: 128 })}
      {problem && <Trouble problem={problem} />}
      <div class="buttons">
        <Link class="button" to={isNew ? inRealm(place, 'identities') : inRealm(place, 'identities', before.id)}>{W.cancel}</Link>
        <Action needs={isNew && !values.id ? 'identities:create' : 'identities:update'} type="submit" class="first" disabled={busy}>{isNew ? I.create : W.save}</Action>
      </div>
    </form>
  );
}
