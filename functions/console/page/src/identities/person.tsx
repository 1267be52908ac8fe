// One person: who it is, their jobs and passkeys, and what happened when.

import { Action, useMay } from '../allowed.tsx';
import { call, identityPath, page, type Credential, type Identity, type Job, type Place } from '../api.ts';
import { Card } from '../credentials.tsx';
import { Table } from '../jobs/list.tsx';
import { useLive } from '../live.ts';
import { Confirmed, Copy, Facts, Heading, Shown, Time } from '../parts.tsx';
import { go, inRealm, Link } from '../router.tsx';
import { FAILURES, STATES, W } from '../words.ts';
import { Status } from './list.tsx';
import { timeline, type Moment } from './timeline.ts';

const I = W.identities;
/** The newest jobs and passkeys that the page shows. */
const NEWEST = 20;

interface Person {
  identity: Identity;
  jobs: Job[];
  moreJobs: boolean;
  credentials: Credential[];
  moreCredentials: boolean;
}

export function PersonPage({ place, id }: { place: Place; id: string }) {
  const mayJobs = useMay('credential-binding-jobs:read');
  const mayCredentials = useMay('credentials:read');
  const person = useLive(`person ${id} ${mayJobs} ${mayCredentials}`, async (signal): Promise<Person> => {
    const path = identityPath(place, id);
    const newest = { page_size: String(NEWEST) };
    const [identity, jobs, credentials] = await Promise.all([
      call<Identity>(path, { signal }),
      mayJobs ? page<Job>(`${path}/credential-binding-jobs`, 'credential_binding_jobs', newest, signal) : { items: [] },
      mayCredentials ? page<Credential>(`${path}/credentials`, 'credentials', newest, signal) : { items: [] },
    ]);
    return { identity, jobs: jobs.items, moreJobs: 'next' in jobs, credentials: credentials.items, moreCredentials: 'next' in credentials };
  }, 5000);
  const identity = person.value?.identity;
  return (
    <>
      <p class="crumbs"><Link to={inRealm(place, 'identities')}>{I.title}</Link></p>
      <Heading aside={identity && <Actions place={place} identity={identity} again={person.again} />}>{identity?.display_name ?? I.person}</Heading>
      <Shown of={person}>{(value) => <Details place={place} person={value} again={person.again} />}</Shown>
    </>
  );
}

function Actions({ place, identity, again }: { place: Place; identity: Identity; again: () => void }) {
  const path = identityPath(place, identity.id);
  const suspended = identity.status === 'suspended';
  const turn = async () => {
    await call(path, { method: 'PATCH', body: { identity: { status: suspended ? 'active' : 'suspended' } } });
    again();
  };
  const erase = async () => {
    await call(path, { method: 'DELETE' });
    go(inRealm(place, 'identities'));
  };
  return (
    <>
      {!suspended && <Action needs="credential-binding-jobs:create" class="first" to={`${inRealm(place, 'jobs', 'new')}?identity=${encodeURIComponent(identity.id)}`}>{W.jobs.create}</Action>}
      <Action needs="identities:update" to={inRealm(place, 'identities', identity.id, 'edit')}>{I.edit}</Action>
      {suspended
        ? <Confirmed needs="identities:update" label={I.reactivate} title={I.sureReactivate} text={I.reactivateText} act={turn} />
        : <Confirmed needs="identities:update" label={I.suspend} title={I.sureSuspend} text={I.suspendedText} act={turn} />}
      <Confirmed danger needs="identities:delete" label={I.erase} title={I.sureErase} text={I.eraseText} word={identity.id} act={erase} />
    </>
  );
}

function Details({ place, person: { identity, jobs, moreJobs, credentials, moreCredentials }, again }: { place: Place; person: Person; again: () => void }) {
  const mayJobs = useMay('credential-binding-jobs:read');
  const mayCredentials = useMay('credentials:read');
  const lacks = (scope: string) => <p class="hint">{W.needs} <code>{scope}</code></p>;
  const asked = `?q=${encodeURIComponent(identity.id)}`;
  return (
    <div class="person">
      <div class="stack">
        {identity.status === 'suspended' && <p class="notice">{I.suspendedText}</p>}
        <section class="card">
          <Facts of={[
            [I.status, <Status of={identity.status} />],
            [I.id, <><code>{identity.id}</code> <Copy text={identity.id} /></>],
            [I.username, identity.traits.username],
            [I.mail, identity.traits.primary_email_address ?? I.noMail],
            ...(identity.traits.locale ? [[I.language, identity.traits.locale] as [string, string]] : []),
            [I.created, <Time at={identity.create_time} />],
            [I.changed, <Time at={identity.update_time} />],
          ]} />
        </section>
        <section class="part">
          <h2>{I.jobs}</h2>
          {!mayJobs ? lacks('credential-binding-jobs:read') : jobs.length === 0 ? <p class="hint">{I.noJobs}</p> : <Table place={place} jobs={jobs} />}
          {moreJobs && <p class="more"><Link to={inRealm(place, 'jobs') + asked}>{I.allJobs}</Link></p>}
        </section>
        <section class="part">
          <h2>{I.passkeys}</h2>
          {!mayCredentials ? lacks('credentials:read') : credentials.length === 0 ? <p class="hint">{I.noPasskeys}</p>
            : <div class="cards">{credentials.map((one) => <Card key={one.id} place={place} credential={one} changed={again} />)}</div>}
          {moreCredentials && <p class="more"><Link to={inRealm(place, 'credentials') + asked}>{I.allPasskeys}</Link></p>}
        </section>
      </div>
      <section class="card">
        <h2>{I.timeline}</h2>
        {(moreJobs || moreCredentials) && <p class="hint">{I.latest(NEWEST)}</p>}
        <ol class="timeline">{timeline(identity, jobs, credentials).map((moment) => <Entry key={moment.key} place={place} moment={moment} />)}</ol>
      </section>
    </div>
  );
}

function Entry({ place, moment }: { place: Place; moment: Moment }) {
  const toJob = ({ identity_id: identity, id }: Job, text: string) => <Link to={inRealm(place, 'jobs', identity, id)}>{text}</Link>;
  switch (moment.what) {
    case 'job':
      return <Line at={moment.time} state={moment.state}>{toJob(moment.job, STATES[moment.state]?.name ?? moment.state)}</Line>;
    case 'failure':
      return <Line at={moment.time} state="REVOKED">{toJob(moment.job, I.moments.failure)}<small>{moment.job.last_failure && FAILURES[moment.job.last_failure.reason]}</small></Line>;
    case 'prefetch':
      return <Line at={moment.time} state="EXPIRED">{toJob(moment.job, I.moments.prefetch)}</Line>;
    case 'identity':
      return <Line at={moment.time} state="LINK_SENT">{I.moments.identity}</Line>;
    default:
      return <Line at={moment.time} state={moment.what === 'created' ? 'COMPLETE' : 'REVOKED'}>{I.moments[moment.what]}<small>{moment.credential.webauthn?.model ?? moment.credential.algorithm}</small></Line>;
  }
}

const Line = ({ at, state, children }: { at: string; state: string; children: preact.ComponentChildren }) => (
  <li data-state={state}><span>{children}</span><Time at={at} /></li>
);
