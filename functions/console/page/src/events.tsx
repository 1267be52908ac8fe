// What the local stack's bus was told.

import { call } from './api.ts';
import { useLive } from './live.ts';
import { Empty, Heading, Shown, Time } from './parts.tsx';
import { W } from './words.ts';

interface Told {
  id: string;
  time: string;
  'detail-type': string;
  detail: { data?: { credential_binding_job?: { state?: string; identity_id?: string } }; metadata?: { event_id?: string } };
}

const NEWEST = 100;

export function Events() {
  const events = useLive('events', (signal) => call<Told[]>('/_local/events', { signal }), 2000);
  return (
    <>
      <Heading>{W.events.title}</Heading>
      <p class="lead">{W.events.text}</p>
      <Shown of={events}>{(all) => all.length === 0 ? <Empty title={W.events.empty} text={W.events.emptyText} /> : (
        <div class="stack tight">
          {all.length > NEWEST && <p class="hint">{W.events.cut(NEWEST)}</p>}
          {all.slice(-NEWEST).reverse().map((event, index) => (
            <details class="card event" key={`${event.id} ${index}`}>
              <summary><span>{event['detail-type']}</span><code>{event.detail.metadata?.event_id ?? event.id}</code><Time at={event.time} /></summary>
              <pre tabIndex={0}>{JSON.stringify(event.detail, null, 2)}</pre>
            </details>
          ))}
        </div>
      )}</Shown>
    </>
  );
}
