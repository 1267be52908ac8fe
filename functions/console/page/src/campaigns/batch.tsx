// One batch: its progress, its recipients, and the buttons that stop and go.

import { useState } from 'preact/hooks';

import { Action } from '../allowed.tsx';
import { batchPath, call, download, page, serverNow, type Batch, type BatchResult, type BatchSummary, type Place, type Problem } from '../api.ts';
import { lifetime } from '../durations.ts';
import { problemOf, useLive, useNow } from '../live.ts';
import { Badge, Confirmed, Facts, Heading, LiveMark, Shown, Time, Trouble } from '../parts.tsx';
import { Pages, usePaging } from '../paging.tsx';
import { River } from '../river.tsx';
import { inRealm, Link } from '../router.tsx';
import { MAIL, W } from '../words.ts';
import { Hours, Legend, ProgressBar } from './picture.tsx';
import { phaseOf, TONES } from './progress.ts';
import { REASONS } from './reasons.ts';

const C = W.campaigns;

/** How often a batch is requested, in milliseconds. A request reads each of its jobs. */
const paceOf = ({ state, counts: { total } }: Batch): number => (state === 'RUNNING' ? Math.max(2000, total * 20) : 60_000);

export function BatchPage({ place, id }: { place: Place; id: string }) {
  const batch = useLive(`batch ${id}`, (signal) => call<Batch>(batchPath(place, id), { signal }), paceOf);
  return (
    <>
      <p class="crumbs"><Link to={inRealm(place, 'campaigns')}>{C.title}</Link></p>
      <Heading aside={batch.value && <Controls place={place} batch={batch.value} changed={batch.again} />}>{C.batch}</Heading>
      <Shown of={batch}>{(value) => (
        <>
          <Progress batch={value} />
          <div class="pictures"><Funnel batch={value} /><Hours batch={value} /></div>
          <Recipients place={place} batch={value} />
          <Settings place={place} batch={value} />
          <p class="fine"><LiveMark of={batch} /></p>
        </>
      )}</Shown>
    </>
  );
}

function Controls({ place, batch, changed }: { place: Place; batch: Batch; changed: () => void }) {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const scope = 'credential-binding-jobs:update';
  const send = (verb: string) => call(`${batchPath(place, batch.id ?? '')}:${verb}`, { method: 'POST' }).then(changed);
  const click = async (verb: string) => {
    setBusy(true);
    setProblem(undefined);
    await send(verb).catch((error: unknown) => setProblem(problemOf(error)));
    setBusy(false);
  };
  if (batch.state !== 'RUNNING' || batch.control?.state === 'cancelled') return null;
  const sends = batch.control?.state === 'active';
  return (
    <>
      {problem && <Trouble problem={problem} />}
      {sends
        ? <Action needs={scope} disabled={busy} onClick={() => click('pause')}>{C.pause}</Action>
        : <Action needs={scope} disabled={busy} class="first" onClick={() => click('resume')}>{C.resume}</Action>}
      <Confirmed danger needs={scope} label={C.cancel} title={C.sureCancel} text={C.sureCancelText} act={() => send('cancel')} />
    </>
  );
}

function Progress({ batch }: { batch: Batch }) {
  const now = useNow(10_000);
  const phase = phaseOf(batch, now);
  return (
    <section class="card batch" data-phase={phase}>
      <div class="now" aria-live="polite"><Phase of={batch} /> <span>{C.phases[phase].says}</span>
        {phase === 'scheduled' ? <Time at={batch.start_time} /> : batch.control && batch.control.state !== 'active' && <Time at={batch.control.since} />}
      </div>
      <ProgressBar counts={batch.counts} />
      <Legend counts={batch.counts} />
      {batch.counts.deferred > 0 && <p class="hint">{C.deferred(batch.counts.deferred)}</p>}
      {batch.counts.complained > 0 && <p class="notice">{C.complained(batch.counts.complained)}</p>}
    </section>
  );
}

export function Phase({ of }: { of: Pick<Batch | BatchSummary, 'state' | 'control' | 'start_time'> }) {
  const phase = phaseOf(of, serverNow());
  return <span class="badge" data-state={TONES[phase]}>{C.phases[phase].name}</span>;
}

function Funnel({ batch: { counts: { total, invited, opened, complete } } }: { batch: Batch }) {
  const counts: [string, number][] = [[C.recipients, total], [C.parts.invited, invited], [C.parts.everOpened, Math.max(opened, complete)], [C.parts.complete, complete]];
  return <River title={C.funnel} label={C.funnelChart} total={total} steps={counts.map(([name, count], index) => ({ key: name, name, count, share: count / ((counts[index - 1] ?? [name, total])[1] || 1) }))} />;
}

interface Results {
  items: BatchResult[];
  next?: string;
  total?: number;
}

function Recipients({ place, batch }: { place: Place; batch: Batch }) {
  const paging = usePaging('');
  const path = `${batchPath(place, batch.id ?? '')}:listResults`;
  const results = useLive(`results ${batch.id} ${paging.token}`, (signal): Promise<Results> =>
    page<BatchResult>(path, 'job_results', { page_size: '20', page_token: paging.token }, signal), paceOf(batch));
  const [problem, setProblem] = useState<Problem>();
  const save = () => download(path, 'text/csv', `batch-${batch.id}.csv`).catch((error: unknown) => setProblem(problemOf(error)));
  return (
    <section class="part">
      <div class="title"><h2>{C.recipients}</h2><Action needs="credential-binding-jobs:read" class="small" onClick={save}>{C.csv}</Action></div>
      {problem && <Trouble problem={problem} />}
      <Shown of={results}>{({ items, next }) => (
        <>
          <div class="table recipients" role="table" aria-label={C.recipients}>
            <div role="row" class="head">{[W.jobs.identity, W.jobs.state, C.mail, C.reason].map((name) => <span role="columnheader" key={name}>{name}</span>)}</div>
            {items.map((result) => <Recipient key={result.identity_id} place={place} of={result} />)}
          </div>
          <div class="paging"><span class="fine grow">{C.total(batch.counts.total)}</span><Pages paging={paging} next={next} words={C.turn} /></div>
        </>
      )}</Shown>
    </section>
  );
}

function Recipient({ place, of: { identity_id: identity, id, state, email_status: mail, reason, reminders_sent: reminders } }: { place: Place; of: BatchResult }) {
  const to = id ? inRealm(place, 'jobs', identity, id) : inRealm(place, 'identities', identity);
  const why = reason && REASONS[reason];
  return (
    <div role="row" class="row" data-recipient={identity} data-reason={reason}>
      <span role="cell" class="who"><Link to={to}>{identity}{id && <small>{id.slice(-12)}</small>}</Link></span>
      <span role="cell" class="what">{state ? <Badge state={state} /> : <span class="badge" data-state={reason ? 'EXPIRED' : 'LINK_SENT'}>{reason ? C.notInvited : C.waiting}</span>}</span>
      <span role="cell" class={mail ? 'mail' : 'mail none'}>{mail ? MAIL[mail] ?? mail : '–'}{reminders ? <small>{C.reminded(reminders)}</small> : null}</span>
      <span role="cell" class={reason ? 'why' : 'why none'}>{reason ? <>{why?.says ?? reason}{why && <small>{why.remedy}</small>}</> : '–'}</span>
    </div>
  );
}

function Settings({ place, batch }: { place: Place; batch: Batch }) {
  const { job_template: template, pacing, quiet_hours: quiet, reminders, on_existing: existing } = batch;
  return (
    <section class="card">
      <h2>{C.settings}</h2>
      <Facts of={[
        [C.id, <code>{batch.id}</code>],
        [W.job.config, <Link to={`${inRealm(place, 'configs')}#${encodeURIComponent(template.authenticator_config_id)}`}>{template.authenticator_config_id}</Link>],
        ...(batch.create_time ? [[W.job.created, <Time at={batch.create_time} />] as [string, preact.ComponentChildren]] : []),
        [C.start, <Time at={batch.start_time} />],
        [C.pace, pacing.max_per_minute ? C.perMinute(pacing.max_per_minute) : C.noPace],
        ...(pacing.ramp ? [[C.ramp, pacing.ramp.join(', ')] as [string, string]] : []),
        [C.quiet, quiet ? C.quietHours(quiet.from, quiet.to, quiet.time_zone) : W.none],
        [C.reminders, reminders.length > 0 ? reminders.map(({ after_seconds: after }) => lifetime(after)).join(', ') : W.none],
        [W.create.expires, template.expires_in_seconds ? lifetime(template.expires_in_seconds) : W.create.usual],
        [W.create.redirect, template.post_binding_redirect_uri ?? W.none],
        [C.enrolled, C.onEnrolled[existing.enrolled]],
        [C.pending, C.onPending[existing.pending]],
      ]} />
    </section>
  );
}
