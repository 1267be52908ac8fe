// The identities of a realm.

import { useState } from 'preact/hooks';

import { Action } from '../allowed.tsx';
import { page, realmPath, type Identity, type Place } from '../api.ts';
import { useLive } from '../live.ts';
import { Day, Empty, Heading, Shown } from '../parts.tsx';
import { Pages, usePaging } from '../paging.tsx';
import { go, inRealm, Link, useAddress } from '../router.tsx';
import { ENROLLMENTS, W } from '../words.ts';
import { find, identityFilter, type Found } from './find.ts';

const I = W.identities;

export function Identities({ place }: { place: Place }) {
  const address = useAddress();
  const query = (address.searchParams.get('q') ?? '').trim();
  const [search, setSearch] = useState(query);
  const status = address.searchParams.get('status') ?? '';
  const enrollment = address.searchParams.get('enrollment') ?? '';
  const filter = identityFilter(query, { status, enrollment_status: enrollment });
  const paging = usePaging(filter);
  const [rounds, setRounds] = useState(1);
  const found = useLive(`${address.href} ${paging.token} ${rounds}`, async (signal): Promise<Found> => query
    ? find(place, query, filter, rounds, signal)
    : { cut: 0, ...await page<Identity>(`${realmPath(place)}/identities`, 'identities', { page_size: '20', page_token: paging.token, filter: paging.filter }, signal) },
  // A search reads many identities: it is not repeated by itself.
  query ? 0 : 10_000);
  const create = <Action needs="identities:create" class="first" to={inRealm(place, 'identities', '-', 'new')}>{I.create}</Action>;
  const show = (wish: { q?: string; status?: string; enrollment?: string }) => {
    const asked = new URLSearchParams(Object.entries({ q: query, status, enrollment, ...wish }).filter(([, value]) => value));
    setRounds(1);
    go(`${address.pathname}${asked.size > 0 ? `?${asked}` : ''}`, true);
  };
  return (
    <>
      <Heading aside={create}>{I.title}</Heading>
      <form class="filters two" role="search" onSubmit={(event) => { event.preventDefault(); show({ q: search.trim() }); }}>
        <label class="wide">{I.search}<input type="search" value={search} maxLength={200} onInput={({ currentTarget }) => setSearch(currentTarget.value)} spellcheck={false} autocomplete="off" /></label>
        <label>{I.status}
          <select value={status} onChange={({ currentTarget }) => show({ status: currentTarget.value })}>
            <option value="">{W.any}</option>
            {Object.entries(I.statuses).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
          </select>
        </label>
        <label>{I.enrollment}
          <select value={enrollment} onChange={({ currentTarget }) => show({ enrollment: currentTarget.value })}>
            <option value="">{W.any}</option>
            {Object.entries(ENROLLMENTS).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
          </select>
        </label>
        <button type="submit">{W.search}</button>
      </form>
      <Shown of={found}>{({ items, next, total, cut }) => (
        <>
          {items.length > 0 ? <Table place={place} identities={items} />
            : filter || paging.number > 0 ? <Empty title={I.noneFound} text={I.noneFoundText}><button type="button" onClick={() => { setSearch(''); show({ q: '', status: '', enrollment: '' }); }}>{I.clear}</button></Empty>
            : <Empty title={I.empty} text={I.emptyText}>{create}</Empty>}
          {cut > 0 && <p class="hint">{I.cut(cut)} <button type="button" class="small" onClick={() => setRounds(rounds + 1)}>{I.searchOn}</button></p>}
          {!query && filter && next && items.length < 20 && <p class="hint">{W.jobs.shortPage}</p>}
          {!query && <div class="paging"><span class="fine grow">{total !== undefined && I.total(total)}</span><Pages paging={paging} next={next} /></div>}
        </>
      )}</Shown>
    </>
  );
}

function Table({ place, identities }: { place: Place; identities: Identity[] }) {
  return (
    <div class="table people" role="table" aria-label={I.title}>
      <div role="row" class="head">{[I.name, I.username, I.mail, I.status, I.created].map((name) => <span role="columnheader" key={name}>{name}</span>)}</div>
      {identities.map(({ id, display_name: name, traits, status, create_time: time }) => (
        <div role="row" class="row" key={id} data-identity={id}>
          <span role="cell" class="who"><Link to={inRealm(place, 'identities', id)}>{name}<small>{id}</small></Link></span>
          <span role="cell" class="name">{traits.username}</span>
          <span role="cell" class="mail">{traits.primary_email_address ?? '–'}</span>
          <span role="cell" class="what"><Status of={status} /></span>
          <span role="cell" class="age"><Day at={time} /></span>
        </div>
      ))}
    </div>
  );
}

export const Status = ({ of }: { of: Identity['status'] }) => (
  <span class="badge" data-state={of === 'active' ? 'COMPLETE' : 'REVOKED'}>{I.statuses[of] ?? of}</span>
);
