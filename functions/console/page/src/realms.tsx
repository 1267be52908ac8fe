// Which realm: those of the tenant, another one by its id, or a new one.

import { useState } from 'preact/hooks';

import { Action, useMay } from './allowed.tsx';
import { call, page, Problem, realmPath, realmsPath, type Place, type Realm } from './api.ts';
import { problemOf, useLive } from './live.ts';
import { Field, Shown, Trouble } from './parts.tsx';
import { go, inRealm, Link } from './router.tsx';
import { W } from './words.ts';

const LAST_REALM = 'bindery.realm';
/** The most realms of one answer. */
const MOST = 200;

function remembered(): string {
  try {
    return localStorage.getItem(LAST_REALM) ?? '';
  } catch {
    return ''; // a browser without storage
  }
}

function remember(realm: string): void {
  try {
    localStorage.setItem(LAST_REALM, realm);
  } catch { /* a browser without storage */ }
}

export function Realms({ tenant: known, local }: { tenant: string | undefined; local: boolean }) {
  const [tenant, setTenant] = useState(known ?? '');
  const [realm, setRealm] = useState(remembered() || (local ? 'demo' : ''));
  const mayList = useMay('realms:read') && known !== undefined;
  const open = (event: Event) => {
    event.preventDefault();
    remember(realm);
    go(inRealm({ tenant, realm }));
  };
  return (
    <>
      <p>{W.choose.text}</p>
      {mayList && <List tenant={known} />}
      <form onSubmit={open}>
        {mayList && <h2>{W.choose.other}</h2>}
        {!known && <label>{W.choose.tenant}<input required value={tenant} onInput={({ currentTarget }) => setTenant(currentTarget.value.trim())} /></label>}
        <label>{W.choose.realm}<input required value={realm} onInput={({ currentTarget }) => setRealm(currentTarget.value.trim())} autocomplete="off" spellcheck={false} /></label>
        <button type="submit" class={mayList ? '' : 'first'}>{W.choose.go}</button>
      </form>
      {known && <NewRealm tenant={known} />}
    </>
  );
}

function List({ tenant }: { tenant: string }) {
  const realms = useLive(`realms ${tenant}`, (signal) => page<Realm>(realmsPath(tenant), 'realms', { page_size: String(MOST) }, signal), 0);
  return (
    <Shown of={realms}>{({ items, next }) => (
      <>
        {items.length === 0 && <p>{W.choose.none}</p>}
        <ul class="realms">
          {items.map(({ id, display_name: name }) => (
            <li key={id} data-realm={id} onClickCapture={() => remember(id)}><Link to={inRealm({ tenant, realm: id })}>{name}<small>{id}</small></Link></li>
          ))}
        </ul>
        {next && <p class="hint">{W.choose.cut(items.length)}</p>}
      </>
    )}</Shown>
  );
}

export function NewRealm({ tenant, id: asked = '' }: { tenant: string; id?: string }) {
  const [name, setName] = useState('');
  const [id, setId] = useState(asked);
  const [problem, setProblem] = useState<Problem>();
  const create = async (event: Event) => {
    event.preventDefault();
    setProblem(undefined);
    try {
      go(inRealm({ tenant, realm: (await make(tenant, id, name)).id }));
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <details class="card" open={asked !== ''}>
      <summary>{W.choose.create}</summary>
      <form onSubmit={create}>
        <Field label={W.choose.name}>{(field) => <input id={field} required maxLength={128} value={name} onInput={({ currentTarget }) => setName(currentTarget.value)} />}</Field>
        <Field label={W.choose.id} hint={`${W.optional} ${W.choose.idHint}`}>{(field) => <input id={field} maxLength={128} spellcheck={false} value={id} onInput={({ currentTarget }) => setId(currentTarget.value.trim())} />}</Field>
        {problem && <Trouble problem={problem} />}
        <Action needs={id ? 'realms:update' : 'realms:create'} type="submit" class="first">{W.choose.create}</Action>
      </form>
    </details>
  );
}

async function make(tenant: string, id: string, name: string): Promise<Realm> {
  const body = { realm: { display_name: name } };
  if (!id) return call<Realm>(realmsPath(tenant), { method: 'POST', body });
  const path = realmPath({ tenant, realm: id });
  // PUT would replace the settings of a realm that has this id.
  const taken = await call<Realm>(path).catch((error: unknown) => {
    if (error instanceof Problem && (error.status === 404 || error.status === 403)) return undefined;
    throw error;
  });
  if (taken) throw new Problem(409, W.choose.exists, W.choose.existsText);
  return call<Realm>(path, { method: 'PUT', body });
}

/** Whether the realm of the address exists: `undefined` while nobody knows. */
export function useRealm(place: Place): { realm?: Realm; unknown: boolean } {
  const may = useMay('realms:read');
  const found = useLive(`frame ${place.tenant} ${place.realm} ${may}`, async (signal) => (may ? call<Realm>(realmPath(place), { signal }) : undefined), 0);
  return { ...(found.value && { realm: found.value }), unknown: found.problem?.status === 404 };
}

export function UnknownRealm({ place }: { place: Place }) {
  return (
    <>
      <p role="alert">{W.choose.unknownText(place.realm, place.tenant)}</p>
      <p><Link class="button first" to="/console">{W.choose.all}</Link></p>
      <NewRealm tenant={place.tenant} id={place.realm} />
    </>
  );
}
