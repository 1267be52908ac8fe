// The events that the local stack published, and the API's last failed requests.

import { useState } from 'preact/hooks';

import { call } from './api.ts';
import { useLive } from './live.ts';
import { Badge, Copy, Empty, Facts, Heading, LiveMark, Shown, Time } from './parts.tsx';
import { inRealm, Link } from './router.tsx';
import { STATES, W } from './words.ts';

const E = W.events;
const EVERY = 2000;
const PAGE_SIZE = 20;

interface Subject {
  id: string;
  identity_id?: string;
  state?: string;
  status?: string;
  email_status?: string;
}

interface Published {
  id: string;
  time: string;
  'detail-type': string;
  detail: {
    metadata: { event_id: string; occurred_time: string; tenant_id: string; realm_id: string; replay?: true };
    data: Partial<Record<'credential_binding_job' | 'credential' | 'identity', Subject>> & { previous_state?: string; previous_status?: string };
  };
}

interface Failure {
  time: string;
  method: string;
  path: string;
  status: number;
  title?: string;
  detail?: string;
  request_id?: string;
}

interface Activity {
  entries: { entry: Published & Failure }[];
  page: number;
  pages: number;
  total: number;
}

/** A state of a job as its badge; any other state or status in words. */
const State = ({ of }: { of: string | undefined }) =>
  of === undefined ? null : of in STATES ? <Badge state={of as keyof typeof STATES} /> : <strong>{inWords(of)}</strong>;

/** `SOFT_BOUNCED` as `Soft bounced`. */
const inWords = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).toLowerCase().replaceAll('_', ' ');

function Event({ event }: { event: Published }) {
  const { metadata: { event_id: id, occurred_time: time, tenant_id: tenant, realm_id: realm, replay }, data } = event.detail;
  const { credential_binding_job: job, credential, identity } = data;
  const type = event['detail-type'];
  const subject = job ?? credential ?? identity;
  const who = job?.identity_id ?? credential?.identity_id ?? identity?.id;
  const isMail = type === 'Credential Binding Email Status Change';
  const before = isMail ? undefined : data.previous_state ?? data.previous_status;
  const isChange = type.endsWith('Change');
  return (
    <details class="card event">
      <summary>
        <Time at={time} />
        <span>{E.types[type] ?? type}{replay && <small>{E.replay}</small>}</span>
        <span class="change">{isChange && <>{before && <><State of={before} /> → </>}<State of={isMail ? subject?.email_status : subject?.state ?? subject?.status} /></>}</span>
        <span class="who">{who}<small>{realm}</small></span>
      </summary>
      <div class="stack">
        <Facts of={[
          [E.identity, who ? <Link to={inRealm({ tenant, realm }, 'identities', who)}>{who}</Link> : W.none],
          [E.realm, E.inTenant(realm, tenant)],
          [E.job, job ? <Link to={inRealm({ tenant, realm }, 'jobs', job.identity_id ?? '-', job.id)}><code>{job.id}</code></Link> : W.none],
          [E.eventId, <><code>{id}</code> <Copy text={id} /></>],
        ]} />
        <pre tabIndex={0}>{JSON.stringify(event.detail, null, 2)}</pre>
      </div>
    </details>
  );
}

function FailedRequest({ of: { time, method, path, status, title, detail, request_id: id } }: { of: Failure }) {
  return (
    <details class="card event">
      <summary>
        <Time at={time} />
        <span>{status} {title}</span>
        <span class="change"><code>{method} {path.split('/').slice(-2).join('/')}</code></span>
      </summary>
      <div class="stack">
        <Facts of={[
          [E.request, <code>{method} {path}</code>],
          [E.detail, detail ?? W.none],
          [W.requestId, id ? <><code>{id}</code> <Copy text={id} /></> : W.none],
        ]} />
      </div>
    </details>
  );
}

export function Events() {
  const [kind, setKind] = useState<'event' | 'failure'>('event');
  const [page, setPage] = useState(1);
  const query = new URLSearchParams({ kind, page: String(page), page_size: String(PAGE_SIZE) });
  const list = useLive(`${query}`, (signal) => call<Activity>(`/_local/activity?${query}`, { signal }), EVERY);
  const show = (now: typeof kind) => { setKind(now); setPage(1); };
  const empty = E.none[kind];
  return (
    <>
      <Heading>{E.title}</Heading>
      <p class="lead">{E.text}</p>
      <div class="tabs" role="group" aria-label={E.show}>
        {(['event', 'failure'] as const).map((name) => (
          <button type="button" key={name} aria-pressed={kind === name} onClick={() => show(name)}>{E.kinds[name]}</button>
        ))}
      </div>
      <Shown of={list}>{({ entries, pages, total, page: now }) => total === 0 ? <Empty title={empty.title} text={empty.text} /> : (
        <>
          <div class="stack tight">
            {entries.map(({ entry }, index) => kind === 'event'
              ? <Event key={`${entry.id} ${index}`} event={entry} />
              : <FailedRequest key={`${entry.time} ${entry.request_id}`} of={entry} />)}
          </div>
          <div class="paging">
            <span class="fine grow"><LiveMark of={list} /> · {E.total(total)}</span>
            {pages > 1 && (
              <>
                <span class="fine">{W.pageNumber(now)}</span>
                <button type="button" disabled={now <= 1} onClick={() => setPage(now - 1)}>{W.newer}</button>
                <button type="button" disabled={now >= pages} onClick={() => setPage(now + 1)}>{W.more}</button>
              </>
            )}
          </div>
        </>
      )}</Shown>
    </>
  );
}
