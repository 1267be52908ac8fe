// The passkeys of a realm, or of one identity.

import { useState } from 'preact/hooks';

import { Action } from './allowed.tsx';
import { call, identityPath, page, realmPath, type Credential, type Place } from './api.ts';
import { useLive } from './live.ts';
import { Confirmed, Empty, Facts, Heading, Shown, Time } from './parts.tsx';
import { Pages, usePaging } from './paging.tsx';
import { go, inRealm, Link, useAddress } from './router.tsx';
import { W } from './words.ts';

export function Credentials({ place }: { place: Place }) {
  const address = useAddress();
  const asked = address.searchParams.get('q') ?? '';
  const paging = usePaging('');
  const [search, setSearch] = useState(asked);
  const path = `${asked ? identityPath(place, asked) : `${realmPath(place)}/identities/-`}/credentials`;
  const found = useLive(`${address.href} ${paging.token}`, (signal) =>
    page<Credential>(path, 'credentials', { page_size: '20', page_token: paging.token }, signal), 10_000);
  return (
    <>
      <Heading>{W.credentials.title}</Heading>
      <form class="filters" role="search" onSubmit={(event) => { event.preventDefault(); go(`${address.pathname}${search.trim() ? `?q=${encodeURIComponent(search.trim())}` : ''}`, true); }}>
        <label class="wide">{W.credentials.identity}<input type="search" value={search} onInput={({ currentTarget }) => setSearch(currentTarget.value)} spellcheck={false} autocomplete="off" /></label>
      </form>
      <Shown of={found}>{({ items, next, total }) => (
        <>
          {items.length === 0
            ? <Empty title={W.credentials.empty} text={W.credentials.emptyText}><Action needs="credential-binding-jobs:create" class="first" to={inRealm(place, 'jobs', 'new')}>{W.jobs.create}</Action></Empty>
            : <div class="cards">{items.map((one) => <Card key={one.id} place={place} credential={one} changed={found.again} />)}</div>}
          <div class="paging"><span class="fine grow">{total !== undefined && W.credentials.total(total)}</span><Pages paging={paging} next={next} /></div>
        </>
      )}</Shown>
    </>
  );
}

export function Card({ place, credential, changed }: { place: Place; credential: Credential; changed: () => void }) {
  const { webauthn } = credential;
  const active = credential.state === 'ACTIVE';
  const revoke = async () => {
    await call(`${identityPath(place, credential.identity_id)}/credentials/${encodeURIComponent(credential.id)}:revoke`, { method: 'POST' });
    changed();
  };
  return (
    <section class="card credential" id={credential.id} data-state={credential.state}>
      <div class="title">
        <h2>{webauthn ? webauthn.model ?? W.credentials.unknownModel : W.credentials.key}</h2>
        <span class="badge" data-state={active ? 'COMPLETE' : 'REVOKED'}>{active ? W.credentials.active : W.credentials.revoked}</span>
      </div>
      <p class="fine">{W.credentials.for} <Link to={inRealm(place, 'identities', credential.identity_id)}>{credential.identity_id}</Link></p>
      <Facts of={[
        ...(webauthn ? [
          [W.credentials.proven, <>{W.attestation[webauthn.attestation_type] ?? webauthn.attestation_type}<small>{webauthn.attestation_format}</small></>],
          [W.credentials.root, webauthn.verified_by ?? W.credentials.noRoot],
          [W.credentials.verified, webauthn.user_verified ? W.credentials.yes : W.credentials.no],
          [W.credentials.backup, W.credentials.backups(webauthn.backup_eligible, webauthn.backup_state)],
          [W.credentials.site, webauthn.rp_id],
          [W.credentials.transports, webauthn.transports.join(', ') || W.none],
        ] as [string, preact.ComponentChildren][] : []),
        ...(credential.algorithm ? [[W.credentials.algorithm, credential.algorithm] as [string, string]] : []),
        [W.credentials.made, <Time at={credential.create_time} />],
        [W.credentials.used, credential.last_used_time ? <><Time at={credential.last_used_time} /><small>{W.credentials.uses(credential.use_count ?? 1)}</small></> : W.credentials.unused],
        ...(credential.clone_suspected_time ? [[W.credentials.clone, <Time at={credential.clone_suspected_time} />] as [string, preact.ComponentChildren]] : []),
        [W.credentials.job, <Link to={inRealm(place, 'jobs', credential.identity_id, credential.job_id)}><code>{credential.job_id}</code></Link>],
      ]} />
      {active && <div class="buttons"><Confirmed danger needs="credentials:revoke" label={W.credentials.revoke} title={W.credentials.sure} text={W.credentials.sureText} act={revoke} /></div>}
    </section>
  );
}
