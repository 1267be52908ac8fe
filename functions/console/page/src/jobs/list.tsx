// The jobs of a realm, or of one identity, live.

import { useState } from 'preact/hooks';

import { Action } from '../allowed.tsx';
import { identityPath, page, realmPath, serverNow, type Job, type Place } from '../api.ts';
import { roughly } from '../durations.ts';
import { filterOf, isJobId } from '../filter.ts';
import { useLive, useNow } from '../live.ts';
import { Badge, Empty, Heading, Shown } from '../parts.tsx';
import { Pages, usePaging } from '../paging.tsx';
import { go, inRealm, Link, useAddress } from '../router.tsx';
import { METHODS, SPANS, STATES, W } from '../words.ts';
import { Track } from './track.tsx';

const EVERY = 1500;
const FINAL = ['COMPLETE', 'EXPIRED', 'REVOKED', 'FAILED_TO_SEND'];

export function Jobs({ place }: { place: Place }) {
  const address = useAddress();
  const asked = (name: string) => address.searchParams.get(name) ?? '';
  const [search, setSearch] = useState(asked('q'));
  const narrow = (name: string, value: string) => {
    const query = new URLSearchParams(address.search);
    query.delete('page');
    if (value) query.set(name, value);
    else query.delete(name);
    go(`${address.pathname}${query.size > 0 ? `?${query}` : ''}`, true);
  };
  const query = asked('q').trim();
  const job = isJobId(query) ? query : undefined;
  const path = `${query && !job ? identityPath(place, query) : `${realmPath(place)}/identities/-`}/credential-binding-jobs`;
  const length = SPANS.find(([name]) => name === asked('since'))?.[2];
  // To the minute: a period that moves on does not change the list at each request.
  const since = length === undefined ? undefined : Math.floor((serverNow() - length) / 60_000) * 60_000;
  const paging = usePaging(filterOf({ state: asked('state'), method: asked('method'), ...(since !== undefined && { since }), ...(job && { job }) }));
  const jobs = useLive(`${address.href} ${paging.token}`, async (signal) => {
    const got = await page<Job>(path, 'credential_binding_jobs', { page_size: '20', filter: paging.filter, page_token: paging.token }, signal);
    return job ? { ...got, items: got.items.filter(({ id }) => id === job) } : got;
  }, EVERY);
  const narrowed = ['q', 'state', 'method', 'since'].some((name) => asked(name));
  return (
    <>
      <Heading aside={<Action needs="credential-binding-jobs:create" class="first" to={inRealm(place, 'jobs', 'new')}>{W.jobs.create}</Action>}>{W.jobs.title}</Heading>
      <form class="filters" role="search" onSubmit={(event) => { event.preventDefault(); narrow('q', search.trim()); }}>
        <label class="wide">{W.jobs.search}<input type="search" value={search} onInput={({ currentTarget }) => setSearch(currentTarget.value)} spellcheck={false} autocomplete="off" /></label>
        <label>{W.jobs.state}
          <select value={asked('state')} onChange={({ currentTarget }) => narrow('state', currentTarget.value)}>
            <option value="">{W.any}</option>
            {Object.entries(STATES).map(([state, { name }]) => <option key={state} value={state}>{name}</option>)}
          </select>
        </label>
        <label>{W.jobs.method}
          <select value={asked('method')} onChange={({ currentTarget }) => narrow('method', currentTarget.value)}>
            <option value="">{W.any}</option>
            {Object.entries(METHODS).map(([method, name]) => <option key={method} value={method}>{name}</option>)}
          </select>
        </label>
        <label>{W.jobs.since}
          <select value={asked('since') || 'all'} onChange={({ currentTarget }) => narrow('since', currentTarget.value === 'all' ? '' : currentTarget.value)}>
            {SPANS.map(([value, name]) => <option key={value} value={value}>{name}</option>)}
          </select>
        </label>
      </form>
      <Shown of={jobs}>{({ items, next, total }) => (
        <>
          {items.length === 0
            ? narrowed || paging.number > 0
              ? <Empty title={W.jobs.noneFound} text={W.jobs.noneFoundText}><button type="button" onClick={() => { setSearch(''); go(address.pathname, true); }}>{W.jobs.clear}</button></Empty>
              : <Empty title={W.jobs.empty} text={W.jobs.emptyText}><Action needs="credential-binding-jobs:create" class="first" to={inRealm(place, 'jobs', 'new')}>{W.jobs.create}</Action></Empty>
            : <Table place={place} jobs={items} />}
          {narrowed && next && items.length < 20 && <p class="hint">{W.jobs.shortPage}</p>}
          <div class="paging">
            <span class="live"><i />{W.jobs.live}{total !== undefined && <> · {W.jobs.total(total)}</>}</span>
            <Pages paging={paging} next={next} />
          </div>
        </>
      )}</Shown>
    </>
  );
}

export function Table({ place, jobs }: { place: Place; jobs: Job[] }) {
  const now = useNow();
  return (
    <div class="table" role="table" aria-label={W.jobs.title}>
      <div role="row" class="head">
        {[W.jobs.identity, W.jobs.state, W.jobs.progress, W.jobs.method, W.jobs.age, W.jobs.expires].map((name) => <span role="columnheader" key={name}>{name}</span>)}
      </div>
      {jobs.map((job) => (
        <div role="row" key={job.id} class="row" data-job={job.id}>
          <span role="cell" class="who"><Link to={inRealm(place, 'jobs', job.identity_id, job.id)}>{job.identity_id}<small>{job.id.slice(-12)}</small></Link></span>
          <span role="cell" class="what"><Badge state={job.state} /></span>
          <span role="cell" class="how"><Track job={job} /></span>
          <span role="cell" class="method">{METHODS[job.delivery_method]}</span>
          <span role="cell" class="age">{roughly(now - Date.parse(job.create_time))}</span>
          <span role="cell" class="left">{FINAL.includes(job.state) ? '–' : W.jobs.in(roughly(Date.parse(job.expire_time) - now))}</span>
        </div>
      ))}
    </div>
  );
}
