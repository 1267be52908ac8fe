// What a dry run would do with the recipients.

import type { PlannedRecipient, RecipientReason } from '../../../../../shared/sdk/src/wire.ts';
import type { Batch, Place } from '../api.ts';
import { Time } from '../parts.tsx';
import { inRealm, Link } from '../router.tsx';
import { W } from '../words.ts';
import { REASONS } from './reasons.ts';
import type { Recipient } from './recipients.ts';

const C = W.campaigns;
/** The most people that are listed for one reason. */
const MOST = 10;

export function Plan({ place, plan: { plan = [] } }: { place: Place; plan: Batch }) {
  const of = (name: PlannedRecipient['plan']) => plan.filter(({ plan }) => plan === name);
  const [invited, deferred, skipped] = [of('invite'), of('defer'), of('skip')];
  const reasons = new Map<RecipientReason, PlannedRecipient[]>();
  for (const one of skipped) if (one.reason) reasons.set(one.reason, [...(reasons.get(one.reason) ?? []), one]);
  const earliest = deferred.map(({ not_before: time }) => time ?? '').sort()[0];
  return (
    <>
      <ul class="outcome">
        <li data-plan="invite"><strong>{invited.length}</strong> {C.planned.invite}</li>
        {deferred.length > 0 && <li data-plan="defer"><strong>{deferred.length}</strong> {C.planned.defer}{earliest && <> <Time at={earliest} /></>}</li>}
        <li data-plan="skip"><strong>{skipped.length}</strong> {C.planned.skip}</li>
      </ul>
      {[...reasons].map(([reason, people]) => (
        <details key={reason} data-reason={reason} open={reasons.size === 1}>
          <summary>{people.length} · {REASONS[reason]?.says ?? reason}</summary>
          {REASONS[reason] && <p class="hint">{REASONS[reason].remedy}</p>}
          <p class="ids">{people.slice(0, MOST).map(({ identity_id: id }) => <Link key={id} to={inRealm(place, 'identities', id)}>{id}</Link>)}{people.length > MOST && <span>{W.audit.more(people.length - MOST)}</span>}</p>
        </details>
      ))}
    </>
  );
}

/** Identities that the realm does not have, with the lines that name them. */
export function Unknown({ ids, leaveOut }: { ids: Recipient[]; leaveOut: () => void }) {
  return (
    <div class="trouble" role="alert">
      <h2>{C.unknown(ids.length)}</h2>
      <p>{C.unknownText}</p>
      <ul>{ids.slice(0, MOST).map(({ id, line }) => <li key={id}>{C.line(line)} <code>{id}</code></li>)}{ids.length > MOST && <li>{W.audit.more(ids.length - MOST)}</li>}</ul>
      <button type="button" onClick={leaveOut}>{C.leaveOut}</button>
    </div>
  );
}
