// The batches of a realm.

import { Action } from '../allowed.tsx';
import { batchesPath, page, type BatchSummary, type Place } from '../api.ts';
import { useLive } from '../live.ts';
import { Empty, Heading, LiveMark, Shown, Time } from '../parts.tsx';
import { Pages, usePaging } from '../paging.tsx';
import { inRealm, Link } from '../router.tsx';
import { W } from '../words.ts';
import { Phase } from './batch.tsx';

const C = W.campaigns;

export function Campaigns({ place }: { place: Place }) {
  const paging = usePaging('');
  const batches = useLive(`batches ${paging.token}`, (signal) =>
    page<BatchSummary>(batchesPath(place), 'batch_credential_binding_jobs', { page_size: '20', page_token: paging.token }, signal), 10_000);
  const create = <Action needs="credential-binding-jobs:create" class="first" to={inRealm(place, 'campaigns', 'new')}>{C.create}</Action>;
  return (
    <>
      <Heading aside={create}>{C.title}</Heading>
      <p class="lead">{C.text}</p>
      <Shown of={batches}>{({ items, next }) => (
        <>
          {items.length === 0
            ? <Empty title={C.empty} text={C.emptyText}>{create}</Empty>
            : (
              <div class="table batches" role="table" aria-label={C.title}>
                <div role="row" class="head">{[C.start, W.jobs.state, C.recipients, C.parts.bounced, W.job.config].map((name) => <span role="columnheader" key={name}>{name}</span>)}</div>
                {items.map((batch) => (
                  <div role="row" class="row" key={batch.id} data-batch={batch.id}>
                    <span role="cell" class="who"><Link to={inRealm(place, 'campaigns', batch.id ?? '')}><Time at={batch.start_time} /><small>{batch.id?.slice(-12)}</small></Link></span>
                    <span role="cell" class="what"><Phase of={batch} /></span>
                    <span role="cell" class="how"><Sent counts={batch.counts} /></span>
                    <span role="cell" class="age">{batch.counts.bounced}</span>
                    <span role="cell" class="method">{batch.authenticator_config_id}</span>
                  </div>
                ))}
              </div>
            )}
          <div class="paging"><span class="fine grow"><LiveMark of={batches} /></span><Pages paging={paging} next={next} /></div>
        </>
      )}</Shown>
    </>
  );
}

/** How many of the recipients were invited, or need no invitation. */
function Sent({ counts: { total, invited, skipped, failed } }: { counts: BatchSummary['counts'] }) {
  const parts = { sent: invited, skipped, failed, remaining: Math.max(0, total - invited - skipped - failed) };
  return (
    <>
      <span class="bar parts small" aria-hidden="true">{Object.entries(parts).map(([part, count]) => count > 0 && <i key={part} data-part={part} style={{ flexGrow: count }} />)}</span>
      <small>{C.invitedOf(invited, total)}</small>
    </>
  );
}
