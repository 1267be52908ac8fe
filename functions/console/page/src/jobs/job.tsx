// One job, as it goes.

import { useState } from 'preact/hooks';

import { call, jobPath, realmPath, type Config, type Job, type Place, type Problem } from '../api.ts';
import { span } from '../durations.ts';
import { problemOf, useLive, useNow, type Live } from '../live.ts';
import { Badge, Confirmed, Copy, Facts, Heading, Shown, Time, Trouble } from '../parts.tsx';
import { inRealm, Link } from '../router.tsx';
import { Policy } from '../configs/policy.tsx';
import { FAILURES, MAIL, METHODS, STATES, W } from '../words.ts';
import { Machine } from './track.tsx';

const FINAL = ['COMPLETE', 'EXPIRED', 'REVOKED', 'FAILED_TO_SEND'];

/** A job under way is asked for every second or so; one at its end rarely, for what becomes of its mail. */
export const useJob = (place: Place, identity: string, id: string): Live<Job> =>
  useLive(`${identity}/${id}`, (signal) => call<Job>(jobPath(place, { identity_id: identity, id }), { signal }), ({ state }) => (FINAL.includes(state) ? 10_000 : 1200));

export function JobPage({ place, identity, id }: { place: Place; identity: string; id: string }) {
  const job = useJob(place, identity, id);
  return (
    <>
      <p class="crumbs"><Link to={inRealm(place, 'jobs')}>{W.jobs.title}</Link> / <Link to={inRealm(place, 'identities', identity)}>{identity}</Link></p>
      <Heading aside={job.value && <Actions place={place} job={job.value} again={job.again} />}>{W.job.title}</Heading>
      <Shown of={job}>{(job) => <Details place={place} job={job} />}</Shown>
    </>
  );
}

function Actions({ place, job, again }: { place: Place; job: Job; again: () => void }) {
  if (FINAL.includes(job.state)) return null;
  const post = (verb: string) => async () => {
    await call(`${jobPath(place, job)}:${verb}`, { method: 'POST' });
    again();
  };
  return (
    <>
      {job.delivery_method === 'EMAIL' && <Confirmed needs="credential-binding-jobs:create" label={W.job.resend} title={W.job.sureResend} text={W.job.sureResendText} act={post('resend')} />}
      <Confirmed danger needs="credential-binding-jobs:revoke" label={W.job.revoke} title={W.job.sureRevoke} text={W.job.sureRevokeText} act={post('revoke')} />
    </>
  );
}

export function Progress({ job }: { job: Job }) {
  const now = useNow();
  const left = Date.parse(job.expire_time) - now;
  return (
    <section class="card progress" data-state={job.state}>
      <div class="now" aria-live="polite">
        <Badge state={job.state} /> <span>{STATES[job.state].says}</span>
        {job.revoked_by && <span>{W.job.revokedBy[job.revoked_by] ?? job.revoked_by}</span>}
      </div>
      {!FINAL.includes(job.state) && <p class="countdown"><strong>{span(left)}</strong> {W.job.left}</p>}
      <Machine job={job} />
    </section>
  );
}

function Details({ place, job }: { place: Place; job: Job }) {
  const opened = job.transitions.find(({ state }) => state === 'LINK_OPENED');
  const toJob = (id: string) => <Link to={inRealm(place, 'jobs', job.identity_id, id)}><code>{id}</code></Link>;
  return (
    <>
      <Progress job={job} />
      <div class="columns">
        <section class="card">
          <h2>{W.job.history}</h2>
          <Facts of={[
            ...(job.delivery_method === 'EMAIL' ? [[W.job.mail, <>{job.email_status ? MAIL[job.email_status] ?? job.email_status : W.job.mailNone}{job.email_status_reason && <small>{job.email_status_reason}</small>}</>] as [string, preact.ComponentChildren]] : []),
            [W.job.prefetches, job.prefetch_count ? <>{W.job.times(job.prefetch_count)}{job.last_prefetch_time && <small><Time at={job.last_prefetch_time} /></small>}</> : W.job.noPrefetch],
            [W.job.openings, opened ? <Time at={opened.time} /> : W.job.notOpened],
            [W.job.failure, job.last_failure
              ? <>{FAILURES[job.last_failure.reason] ?? job.last_failure.reason}<small>{job.last_failure.detail} <Time at={job.last_failure.time} /></small></>
              : W.job.noFailure],
            [W.job.credential, job.credential_id ? <Link to={`${inRealm(place, 'credentials')}?q=${encodeURIComponent(job.identity_id)}#${job.credential_id}`}><code>{job.credential_id}</code></Link> : W.job.noCredential],
            ...(job.renews_job_id ? [[W.job.renews, toJob(job.renews_job_id)] as [string, preact.ComponentChildren]] : []),
            ...(job.renewed_by_job_id ? [[W.job.renewedBy, toJob(job.renewed_by_job_id)] as [string, preact.ComponentChildren]] : []),
          ]} />
        </section>
        <section class="card">
          <h2>{W.job.title}</h2>
          <Facts of={[
            [W.job.id, <><code>{job.id}</code> <Copy text={job.id} /></>],
            [W.job.identity, <Link to={inRealm(place, 'identities', job.identity_id)}>{job.identity_id}</Link>],
            [W.job.method, METHODS[job.delivery_method]],
            [W.job.config, <Link to={`${inRealm(place, 'configs')}#${encodeURIComponent(job.authenticator_config_id)}`}>{job.authenticator_config_id}</Link>],
            [W.job.created, <Time at={job.create_time} />],
            [W.job.expires, <Time at={job.expire_time} />],
            [W.job.redirect, job.post_binding_redirect_uri ?? W.none],
          ]} />
        </section>
      </div>
      <PolicyOf place={place} config={job.authenticator_config_id} />
    </>
  );
}

function PolicyOf({ place, config }: { place: Place; config: string }) {
  const [problem, setProblem] = useState<Problem>();
  const found = useLive(`policy ${config}`, async (signal) => {
    try {
      return await call<Config>(`${realmPath(place)}/authenticator-configs/${encodeURIComponent(config)}`, { signal });
    } catch (error) {
      if (!signal.aborted) setProblem(problemOf(error));
      return undefined;
    }
  }, 0);
  return (
    <section class="card">
      <h2>{W.job.policy}</h2>
      {problem ? <Trouble problem={problem} /> : found.value && <Policy of={found.value.passkey_policy} />}
    </section>
  );
}
