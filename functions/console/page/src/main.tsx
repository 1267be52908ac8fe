// The console: who is signed in, which realm, which page.

import './style/base.css';
import './style/parts.css';
import './style/pages.css';

import { render, type ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Scopes } from './allowed.tsx';
import { Audit } from './audit.tsx';
import { SESSION_ENDED, type Place } from './api.ts';
import { BatchPage } from './campaigns/batch.tsx';
import { CreateBatch } from './campaigns/create.tsx';
import { Campaigns } from './campaigns/list.tsx';
import { EditConfig } from './configs/edit.tsx';
import { Configs } from './configs/list.tsx';
import { Credentials } from './credentials.tsx';
import { Events } from './events.tsx';
import { EditIdentity, NewIdentity } from './identities/edit.tsx';
import { Identities } from './identities/list.tsx';
import { PersonPage } from './identities/person.tsx';
import { Create } from './jobs/create.tsx';
import { JobPage } from './jobs/job.tsx';
import { Jobs } from './jobs/list.tsx';
import { InLogs } from './logs.tsx';
import { Overview } from './overview.tsx';
import { Heading, Loading } from './parts.tsx';
import { RealmPage } from './realm/realm.tsx';
import { Realms, UnknownRealm, useRealm } from './realms.tsx';
import { go, inRealm, Link, segments, useAddress } from './router.tsx';
import { CALLBACK, comeBack, current, forget, settings as fetchSettings, signIn, type Session, type Settings } from './session.ts';
import { W } from './words.ts';

function App() {
  const [settings, setSettings] = useState<Settings>();
  const [session, setSession] = useState<Session | undefined>(current());
  const [ended, setEnded] = useState(false);
  const [trouble, setTrouble] = useState('');
  const address = useAddress();
  useEffect(() => {
    const begin = async () => {
      const found = await fetchSettings();
      setSettings(found);
      if (location.pathname !== CALLBACK) return;
      const query = new URLSearchParams(location.search);
      // The code is out of the address, and out of the history, before anything is done with it.
      history.replaceState(null, '', CALLBACK);
      const page = await comeBack(found, query);
      setSession(current());
      go(page, true);
    };
    begin().catch((error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)));
    const end = () => {
      forget();
      setSession((session) => {
        if (session) setEnded(true);
        return undefined;
      });
    };
    addEventListener(SESSION_ENDED, end);
    return () => removeEventListener(SESSION_ENDED, end);
  }, []);
  useEffect(() => {
    if (!session) return;
    const timer = setTimeout(() => dispatchEvent(new Event(SESSION_ENDED)), Math.min(session.ends - Date.now(), 2 ** 31 - 1));
    return () => clearTimeout(timer);
  }, [session]);

  if (!settings) return <Gate title={trouble ? W.failed : W.signIn.wait}>{trouble ? <p role="alert">{trouble}</p> : <Loading />}</Gate>;
  if (!settings.client_id) {
    return <Gate title={W.signIn.unset}><p>{W.signIn.unsetText}</p><p><code>{location.origin + CALLBACK}</code></p></Gate>;
  }
  if (!session) {
    const begin = () => signIn(settings, location.pathname + location.search + location.hash)
      .catch((error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)));
    if (address.pathname === CALLBACK && !trouble) return <Gate title={W.signIn.wait}><Loading /></Gate>;
    return (
      <Gate title={trouble ? W.signIn.failed : ended ? W.signIn.expired : W.signIn.title} state={ended ? 'expired' : 'out'}>
        <p role={trouble ? 'alert' : undefined}>{trouble || (ended ? W.signIn.expiredText : W.signIn.text)}</p>
        <button type="button" class="first" id="sign-in" onClick={begin}>{W.signIn.go}</button>
      </Gate>
    );
  }
  const signOut = () => {
    forget();
    setEnded(false);
    setSession(undefined);
    go('/console', true);
  };
  const [tenant, realm, ...rest] = segments(address.pathname);
  return (
    <Scopes.Provider value={session.scopes}>
      {tenant && realm
        ? <Frame key={`${tenant}/${realm}`} place={{ tenant, realm }} rest={rest} settings={settings} signOut={signOut} />
        : <Gate title={W.choose.title}><Realms tenant={session.tenant} local={settings.local} /><button type="button" class="plain" onClick={signOut}>{W.nav.signOut}</button></Gate>}
    </Scopes.Provider>
  );
}

function Gate({ title, state, children }: { title: string; state?: string; children: ComponentChildren }) {
  return <main class="gate" data-session={state}><Mark /><h1 tabIndex={-1}>{title}</h1>{children}</main>;
}

const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect x="1" y="1" width="30" height="30" rx="9" /><path d="M10 8v16 M10 9.5h7a3.7 3.7 0 0 1 0 7.4h-7 M10 16.9h8a3.6 3.6 0 0 1 0 7.2h-8" />
  </svg>
);

function Frame({ place, rest, settings, signOut }: { place: Place; rest: string[]; settings: Settings; signOut: () => void }) {
  const pages = ['overview', 'identities', 'jobs', 'campaigns', 'credentials', 'configs', 'realm', 'audit', ...(settings.local || settings.logs ? ['events'] as const : [])] as const;
  const here = rest[0] ?? 'overview';
  const { realm, unknown } = useRealm(place);
  if (unknown) return <Gate title={W.choose.unknown}><UnknownRealm place={place} /></Gate>;
  return (
    <div class="frame">
      <a class="skip" href="#page" onClick={(event) => { event.preventDefault(); document.querySelector<HTMLElement>('main h1')?.focus(); }}>{W.nav.skip}</a>
      <header class="side">
        <Link class="brand" to={inRealm(place)}><Mark /><span>{W.product}</span></Link>
        <nav aria-label={W.nav.label}>
          {pages.map((page) => (
            <Link key={page} to={page === 'overview' ? inRealm(place) : inRealm(place, page)} aria-current={page === here ? 'page' : undefined}>{W.nav[page]}</Link>
          ))}
        </nav>
        <div class="where">
          <p><strong>{realm?.display_name ?? place.realm}</strong><small>{W.nav.inTenant(place.realm, place.tenant)}</small></p>
          <Link to="/console">{W.nav.switch}</Link>
          <button type="button" class="plain" onClick={signOut}>{W.nav.signOut}</button>
        </div>
      </header>
      <main id="page"><Page key={place.tenant + place.realm + here} place={place} rest={rest} settings={settings} /></main>
    </div>
  );
}

function Page({ place, rest, settings: { local, logs } }: { place: Place; rest: string[]; settings: Settings }) {
  const [name, one, two] = rest;
  if (name === undefined) return <Overview place={place} />;
  if (name === 'identities' && one === undefined) return <Identities place={place} />;
  if (name === 'identities' && one === '-') return <NewIdentity place={place} />;
  if (name === 'identities' && one && two === 'edit') return <EditIdentity key={one} place={place} id={one} />;
  if (name === 'identities' && one && two === undefined) return <PersonPage key={one} place={place} id={one} />;
  if (name === 'jobs' && one === undefined) return <Jobs place={place} />;
  if (name === 'jobs' && one === 'new' && two === undefined) return <Create place={place} />;
  if (name === 'jobs' && one && two) return <JobPage place={place} identity={one} id={two} />;
  if (name === 'campaigns' && one === undefined) return <Campaigns place={place} />;
  if (name === 'campaigns' && one === 'new') return <CreateBatch place={place} />;
  if (name === 'campaigns' && one && two === undefined) return <BatchPage key={one} place={place} id={one} />;
  if (name === 'credentials') return <Credentials place={place} />;
  if (name === 'configs' && one) return <EditConfig key={one} place={place} id={one} />;
  if (name === 'configs') return <Configs place={place} />;
  if (name === 'realm') return <RealmPage place={place} />;
  if (name === 'audit') return <Audit place={place} />;
  if (name === 'events' && local) return <Events />;
  if (name === 'events' && logs) return <InLogs place={place} logs={logs} />;
  return <><Heading>{W.notFound.title}</Heading><p class="lead">{W.notFound.text}</p></>;
}

const root = document.getElementById('console');
if (root) render(<App />, root);
