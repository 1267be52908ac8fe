// One job, as it progresses.

import { useState } from 'preact/hooks';

import { useMay } from '../allowed.tsx';
import { call, identityPath, jobPath, realmPath, serverNow, type Problem, type Config, type Identity, type Job, type Place, type Realm } from '../api.ts';
import { configPath } from '../configs/list.tsx';
import { Policy } from '../configs/policy.tsx';
import { lifetime, span } from '../durations.ts';
import { problemOf, useLive, useNow, type Live } from '../live.ts';
import { Badge, Confirmed, Copy, Facts, Field, Heading, LiveMark, Shown, Time, Trouble } from '../parts.tsx';
import { inRealm, Link } from '../router.tsx';
import { MAIL, METHODS, STATES, W } from '../words.ts';
import { LIVES } from './create.tsx';
import { FAILURES } from './failures.ts';
import { Machine } from './track.tsx';

const FINAL = ['COMPLETE', 'EXPIRED', 'REVOKED', 'FAILED_TO_SEND'];

/** A job under way is requested every second or so; one at its end rarely, because its mail status can still change. */
export const useJob = (place: Place, identity: string, id: string): Live<Job> =>
  useLive(`${identity}/${id}`, (signal) => call<Job>(jobPath(place, { identity_id: identity, id }), { signal }), ({ state }) => (FINAL.includes(state) ? 10_000 : 1200));

export function JobPage({ place, identity, id }: { place: Place; identity: string; id: string }) {
  const job = useJob(place, identity, id);
  const mayIdentity = useMay('identities:read');
  const mayRealm = useMay('realms:read');
  const person = useLive(`person of ${identity} ${mayIdentity}`, async (signal) => (mayIdentity ? call<Identity>(identityPath(place, identity), { signal }) : undefined), 0).value;
  const realm = useLive(`realm of ${place.realm} ${mayRealm}`, async (signal) => (mayRealm ? call<Realm>(realmPath(place), { signal }) : undefined), 0).value;
  const [done, setDone] = useState<{ says: string; time: string }>();
  return (
    <>
      <p class="crumbs"><Link to={inRealm(place, 'jobs')}>{W.jobs.title}</Link> / <Link to={inRealm(place, 'identities', identity)}>{identity}</Link></p>
      <Heading aside={job.value && <Actions place={place} job={job.value} realm={realm} address={person?.traits.primary_email_address} again={job.again} sent={(says, time) => setDone({ says, time })} />}>{W.job.title}</Heading>
      {done && <p class="notice good" role="status">{done.says} <Time at={done.time} /></p>}
      <Shown of={job}>{(value) => (
        <>
          <Details place={place} job={value} person={person} realm={realm} />
          <p class="fine"><LiveMark of={job} /></p>
        </>
      )}</Shown>
    </>
  );
}

function Actions({ place, job, realm, address, again, sent }: {
  place: Place; job: Job; realm: Realm | undefined; address: string | undefined; again: () => void; sent: (says: string, time: string) => void;
}) {
  const [life, setLife] = useState('');
  const ended = FINAL.includes(job.state);
  const resend = async () => {
    const { update_time: time } = await call<Job>(`${jobPath(place, job)}:resend`, { method: 'POST', ...(life && { body: { expires_in_seconds: Number(life) } }) });
    sent(W.job.resent(address), time);
    again();
  };
  const publish = async () => {
    await call(`${jobPath(place, job)}:publish`, { method: 'POST' });
    sent(W.job.published, new Date(serverNow()).toISOString());
  };
  const revoke = async () => {
    await call(`${jobPath(place, job)}:revoke`, { method: 'POST' });
    again();
  };
  const lives = LIVES.filter((seconds) => seconds <= (realm?.link_lifetime.max_seconds ?? Infinity));
  return (
    <>
      <Confirmed needs="credential-binding-jobs:update" label={W.job.publish} title={W.job.surePublish} text={W.job.surePublishText} act={publish} />
      {!ended && job.delivery_method === 'EMAIL' && (
        <Confirmed needs="credential-binding-jobs:create" label={W.job.resend} title={W.job.sureResend} text={W.job.sureResendText} act={resend}>
          <Field label={W.create.expires} hint={W.job.longer}>{(id) => (
            <select id={id} value={life} onChange={({ currentTarget }) => setLife(currentTarget.value)}>
              <option value="">{W.job.sameLife}</option>
              {lives.map((seconds) => <option key={seconds} value={seconds}>{W.job.fromNow(lifetime(seconds))}</option>)}
            </select>
          )}</Field>
        </Confirmed>
      )}
      {!ended && <Confirmed danger needs="credential-binding-jobs:revoke" label={W.job.revoke} title={W.job.sureRevoke} text={W.job.sureRevokeText} act={revoke} />}
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

function Details({ place, job, person, realm }: { place: Place; job: Job; person: Identity | undefined; realm: Realm | undefined }) {
  const opened = job.transitions.find(({ state }) => state === 'LINK_OPENED');
  const toJob = (id: string) => <Link to={inRealm(place, 'jobs', job.identity_id, id)}><code>{id}</code></Link>;
  const mailed = job.delivery_method === 'EMAIL';
  const failure = job.last_failure && FAILURES[job.last_failure.reason];
  const rows = (...of: ([string, preact.ComponentChildren] | false | undefined | '')[]) => of.filter((row): row is [string, preact.ComponentChildren] => Boolean(row));
  return (
    <>
      <Progress job={job} />
      {job.last_failure && (
        <section class="card failure" data-reason={job.last_failure.reason}>
          <h2>{W.job.failure}</h2>
          <p>{failure?.says ?? job.last_failure.reason}</p>
          {failure && job.state !== 'COMPLETE' && <p><strong>{W.job.remedy}</strong> {failure.remedy}</p>}
          <p class="fine"><code>{job.last_failure.reason}</code> {job.last_failure.detail} <Time at={job.last_failure.time} /></p>
        </section>
      )}
      <div class="columns">
        <section class="card">
          <h2>{W.job.history}</h2>
          <Facts of={rows(
            mailed && [W.job.address, person?.traits.primary_email_address ?? (person ? W.create.noAddress : W.job.unknownAddress)],
            mailed && [W.job.language, job.locale ?? person?.traits.locale ?? W.job.usualLanguage],
            mailed && [W.job.mails, <>{job.mail_count}{job.last_mail_time && <small>{W.job.lastMail} <Time at={job.last_mail_time} /></small>}</>],
            mailed && [W.job.mail, <>{job.email_status ? MAIL[job.email_status] ?? job.email_status : W.job.mailNone}{job.email_status_reason && <small>{job.email_status_reason}</small>}</>],
            [W.job.prefetches, job.prefetch_count ? <>{W.job.times(job.prefetch_count)}{job.last_prefetch_time && <small><Time at={job.last_prefetch_time} /></small>}</> : W.job.noPrefetch],
            [W.job.openings, opened ? <Time at={opened.time} /> : W.job.notOpened],
            !job.last_failure && [W.job.failure, W.job.noFailure],
            [W.job.credential, job.credential_id ? <Link to={`${inRealm(place, 'credentials')}?q=${encodeURIComponent(job.identity_id)}#${job.credential_id}`}><code>{job.credential_id}</code></Link> : W.job.noCredential],
            job.renews_job_id && [W.job.renews, toJob(job.renews_job_id)],
            job.renewed_by_job_id && [W.job.renewedBy, toJob(job.renewed_by_job_id)],
          )} />
        </section>
        <section class="card">
          <h2>{W.job.title}</h2>
          <Facts of={rows(
            [W.job.id, <><code>{job.id}</code> <Copy text={job.id} /></>],
            [W.job.identity, <Link to={inRealm(place, 'identities', job.identity_id)}>{person?.display_name ?? job.identity_id}</Link>],
            realm && [W.job.realm, realm.display_name],
            [W.job.method, METHODS[job.delivery_method]],
            [W.job.config, <Link to={`${inRealm(place, 'configs')}#${encodeURIComponent(job.authenticator_config_id)}`}>{job.authenticator_config_id}</Link>],
            [W.job.created, <Time at={job.create_time} />],
            [W.job.expires, <Time at={job.expire_time} />],
            [W.job.redirect, job.post_binding_redirect_uri ?? W.none],
          )} />
        </section>
      </div>
      <PolicyOf place={place} job={job} />
    </>
  );
}

/** The policy of the config version that the job was created with. */
function PolicyOf({ place, job }: { place: Place; job: Job }) {
  const may = useMay('authenticator-configs:read');
  const version = job.authenticator_config_version;
  const [problem, setProblem] = useState<Problem>();
  const config = useLive(`policy ${job.id} ${may}`, async (signal) => {
    if (!may) return undefined;
    try {
      return await call<Config>(`${configPath(place, job.authenticator_config_id)}?version=${version}`, { signal });
    } catch (error) {
      if (!signal.aborted) setProblem(problemOf(error));
      return undefined;
    }
  }, 0).value;
  return (
    <section class="card policy">
      <div class="title"><h2>{W.job.policy}</h2><span class="fine">{W.configs.version(version)}</span></div>
      {problem ? <Trouble problem={problem} /> : config && <Policy of={config.passkey_policy} />}
    </section>
  );
}
