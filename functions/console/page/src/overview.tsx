// How it goes: from link to passkey, over a span of time.

import { useMay } from './allowed.tsx';
import { call, page, realmPath, serverNow, type Credential, type Enrollment, type EnrollmentStatus, type Job, type Place, type State } from './api.ts';
import { span } from './durations.ts';
import { filterOf } from './filter.ts';
import { median, overview, useOf, type Overview as Numbers, type Use } from './funnel.ts';
import { Table } from './jobs/list.tsx';
import { useLive } from './live.ts';
import { NextSteps } from './next.tsx';
import { Empty, Heading, Shown } from './parts.tsx';
import { percent, River } from './river.tsx';
import { go, inRealm, Link, useAddress } from './router.tsx';
import { ENROLLMENTS, SPANS, STATES, W } from './words.ts';

/** Pages of 200. More would take long, and cost the owner of the table. */
const PAGES = 5;
/** How often they are requested again, in milliseconds for each page. */
const EVERY = 15_000;
/** How often the newest 200 passkeys are requested, in milliseconds. */
const PASSKEYS_EVERY = 60_000;

/** The filter for what was created in a period. */
const within = (period: string): string => {
  const length = SPANS.find(([name]) => name === period)?.[2];
  return length === undefined ? '' : filterOf({ since: Math.floor((serverNow() - length) / 60_000) * 60_000 });
};

interface Counted {
  numbers: Numbers;
  jobs: Job[];
  truncated: boolean;
}

export function Overview({ place }: { place: Place }) {
  const address = useAddress();
  const chosen = address.searchParams.get('since') ?? '7d';
  const counted = useLive(`overview ${address.href}`, async (signal): Promise<Counted> => {
    const filter = within(chosen);
    const jobs: Job[] = [];
    let next: string | undefined;
    for (let number = 0; number < PAGES && (number === 0 || next); number += 1) {
      const got = await page<Job>(`${realmPath(place)}/identities/-/credential-binding-jobs`, 'credential_binding_jobs', { page_size: '200', filter, page_token: next ?? '' }, signal);
      jobs.push(...got.items);
      next = got.next;
    }
    return { jobs, numbers: overview(jobs, serverNow()), truncated: next !== undefined };
  }, ({ jobs }) => EVERY * Math.max(1, Math.ceil(jobs.length / 200)));
  const mayCredentials = useMay('credentials:read');
  const use = useLive(`passkeys ${address.href} ${mayCredentials}`, async (signal): Promise<Use | undefined> => {
    if (!mayCredentials) return undefined;
    const { items, next } = await page<Credential>(`${realmPath(place)}/identities/-/credentials`, 'credentials', { page_size: '200', filter: within(chosen) }, signal);
    return useOf(items, next !== undefined);
  }, PASSKEYS_EVERY).value;
  return (
    <>
      <Heading aside={
        <select aria-label={W.jobs.since} value={chosen} onChange={({ currentTarget }) => go(`${address.pathname}?since=${currentTarget.value}`, true)}>
          {SPANS.map(([value, name]) => <option key={value} value={value}>{name}</option>)}
        </select>
      }>{W.overview.title}</Heading>
      <Shown of={counted}>{({ numbers, jobs, truncated }) => numbers.total === 0
        ? <Empty title={W.overview.empty} text={W.jobs.emptyText}><NextSteps place={place} /></Empty>
        : (
          <>
            {truncated && <p class="hint">{W.overview.truncated(numbers.total)}</p>}
            <Figures numbers={numbers} jobs={jobs} use={use} />
            <River title={W.overview.funnel} label={W.overview.chart} total={numbers.total} steps={numbers.steps.map((step) => ({ ...step, key: step.state, name: STATES[step.state].name }))} />
            <States place={place} numbers={numbers} />
            <People place={place} />
            <div class="columns">
              <Bad place={place} title={W.overview.stuck} text={W.overview.stuckText} none={W.overview.noStuck} jobs={numbers.stuck} />
              <Bad place={place} title={W.overview.bounced} text={W.overview.bouncedText} none={W.overview.noBounced} jobs={numbers.bounced} />
            </div>
          </>
        )}
      </Shown>
    </>
  );
}

function Figures({ numbers, jobs, use }: { numbers: Numbers; jobs: Job[]; use: Use | undefined }) {
  const made = numbers.steps[3]?.count ?? 0;
  const times = jobs.flatMap(({ transitions, create_time: begin }) =>
    transitions.filter(({ state }) => state === 'COMPLETE').map(({ time }) => Date.parse(time) - Date.parse(begin)));
  const middle = median(times);
  return (
    <div class="figures">
      <p><strong>{numbers.total}</strong>{W.overview.jobs}</p>
      <p><strong>{percent(made / numbers.total)}</strong>{W.overview.made}</p>
      <p><strong>{middle === undefined ? '–' : span(middle)}</strong>{W.overview.median}</p>
      {use && <p data-figure="created"><strong>{use.created}{use.cut && '+'}</strong>{W.overview.created}</p>}
      {use && <p data-figure="used"><strong>{use.used}</strong>{use.cut ? W.overview.usedOfNewest(use.created) : W.overview.used}</p>}
      <p class={numbers.bounced.length > 0 ? 'bad' : ''}><strong>{numbers.bounced.length}</strong>{W.overview.undelivered}</p>
    </div>
  );
}

function States({ place, numbers }: { place: Place; numbers: Numbers }) {
  const all = Object.keys(STATES).filter((state) => numbers.states.get(state as State)) as State[];
  return (
    <section class="card states">
      <h2>{W.overview.states}</h2>
      <div class="bar" aria-hidden="true">
        {all.map((state) => <i key={state} data-state={state} style={{ flexGrow: numbers.states.get(state) ?? 0 }} />)}
      </div>
      <ul>
        {all.map((state) => (
          <li key={state}><Link to={`${inRealm(place, 'jobs')}?state=${state}`}><i data-state={state} />{STATES[state].name} <strong>{numbers.states.get(state)}</strong></Link></li>
        ))}
      </ul>
    </section>
  );
}

/** The identities of the realm by enrollment status. The server keeps the counts. */
function People({ place }: { place: Place }) {
  const may = useMay('identities:read');
  const counts = useLive(`enrollment ${place.tenant} ${place.realm} ${may}`, async (signal) =>
    (may ? call<Enrollment>(`${realmPath(place)}/enrollment`, { signal }) : undefined), PASSKEYS_EVERY).value;
  if (!counts || counts.total === 0) return null;
  const all = (Object.keys(ENROLLMENTS) as EnrollmentStatus[])
    .map((status) => ({ status, count: counts[status.toLowerCase() as Lowercase<EnrollmentStatus>] }))
    .filter(({ count }) => count > 0);
  return (
    <section class="card states" id="people">
      <h2>{W.overview.people}</h2>
      <div class="bar" aria-hidden="true">
        {all.map(({ status, count }) => <i key={status} data-enrollment={status} style={{ flexGrow: count }} />)}
      </div>
      <ul>
        {all.map(({ status, count }) => (
          <li key={status}><Link to={`${inRealm(place, 'identities')}?enrollment=${status}`}><i data-enrollment={status} />{ENROLLMENTS[status]} <strong>{count}</strong></Link></li>
        ))}
      </ul>
    </section>
  );
}

function Bad({ place, title, text, none, jobs }: { place: Place; title: string; text: string; none: string; jobs: Job[] }) {
  return (
    <section class="card">
      <h2>{title}{jobs.length > 0 && <span class="count">{jobs.length}</span>}</h2>
      <p class="hint">{jobs.length > 0 ? text : none}</p>
      {jobs.length > 0 && <div class="narrow"><Table place={place} jobs={jobs.slice(0, 5)} /></div>}
    </section>
  );
}
