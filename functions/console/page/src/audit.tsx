// The audit log: the changes made with access tokens, and the callers.

import { useState } from 'preact/hooks';

import { page, realmPath, type AuditEntry, type Place } from './api.ts';
import { useLive } from './live.ts';
import { Empty, Heading, Shown, Time } from './parts.tsx';
import { Pages, usePaging } from './paging.tsx';
import { go, useAddress } from './router.tsx';
import { W } from './words.ts';

const EXACT = ['operation', 'principal.subject', 'principal.client_id', 'request_id'];

/** The filter that finds a text in every attribute that identifies an entry. */
export const auditFilter = (text: string): string => (text === '' ? '' : EXACT.map((name) => `${name} eq ${JSON.stringify(text)}`).join(' or '));

export function Audit({ place }: { place: Place }) {
  const address = useAddress();
  const asked = address.searchParams.get('q') ?? '';
  const [search, setSearch] = useState(asked);
  const paging = usePaging(auditFilter(asked));
  const found = useLive(`${address.href} ${paging.token}`, (signal) =>
    page<AuditEntry>(`${realmPath(place)}/audit-entries`, 'audit_entries', { page_size: '20', filter: paging.filter, page_token: paging.token }, signal), 10_000);
  const find = (text: string) => go(`${address.pathname}${text ? `?q=${encodeURIComponent(text)}` : ''}`, true);
  return (
    <>
      <Heading>{W.audit.title}</Heading>
      <p class="lead">{W.audit.text}</p>
      <form class="filters" role="search" onSubmit={(event) => { event.preventDefault(); find(search.trim()); }}>
        <label class="wide">{W.audit.search}<input type="search" value={search} onInput={({ currentTarget }) => setSearch(currentTarget.value)} spellcheck={false} autocomplete="off" /></label>
      </form>
      <Shown of={found}>{({ items, next, total }) => (
        <>
          {items.length > 0 ? <Entries place={place} entries={items} />
            : asked || paging.number > 0
              ? <Empty title={W.audit.noneFound} text={W.audit.noneFoundText}><button type="button" onClick={() => { setSearch(''); find(''); }}>{W.jobs.clear}</button></Empty>
              : <Empty title={W.audit.empty} text={W.audit.emptyText} />}
          <div class="paging"><span class="fine grow">{total !== undefined && W.audit.total(total)}</span><Pages paging={paging} next={next} /></div>
        </>
      )}</Shown>
    </>
  );
}

function Entries({ place, entries }: { place: Place; entries: AuditEntry[] }) {
  const below = (path: string) => path.replace(realmPath(place), '') || W.audit.realm;
  return (
    <div class="table audit" role="table" aria-label={W.audit.title}>
      <div class="head" role="row">
        {[W.audit.time, W.audit.operation, W.audit.objects, W.audit.principal].map((name) => <span key={name} role="columnheader">{name}</span>)}
      </div>
      {entries.map(({ id, create_time: time, operation, objects, principal, request_id: request }) => (
        <div class="row" role="row" key={id}>
          <span role="cell"><Time at={time} /></span>
          <span role="cell"><code>{operation}</code></span>
          <span role="cell" class="objects">{objects.slice(0, 3).map((path) => <code key={path}>{below(path)}</code>)}{objects.length > 3 && <small>{W.audit.more(objects.length - 3)}</small>}</span>
          <span role="cell" class="by">{principal?.subject ?? principal?.client_id ?? W.audit.nobody}<small>{principal?.subject && principal.client_id !== principal.subject && principal.client_id} {request && <>{W.requestId} <code>{request}</code></>}</small></span>
        </div>
      ))}
    </div>
  );
}
