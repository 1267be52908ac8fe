// The history of a person, newest first: from the identity, its jobs and its passkeys.

import type { Credential, Identity, Job, State } from '../api.ts';

export type Moment = { time: string; key: string } & (
  | { what: 'identity' }
  | { what: 'job'; job: Job; state: State }
  | { what: 'failure' | 'prefetch'; job: Job }
  | { what: 'created' | 'revoked'; credential: Credential }
);

export function timeline(identity: Identity, jobs: Job[], credentials: Credential[]): Moment[] {
  const moments: Moment[] = [{ what: 'identity', time: identity.create_time, key: 'identity' }];
  for (const job of jobs) {
    for (const { state, time } of job.transitions) moments.push({ what: 'job', job, state, time, key: `${job.id} ${state}` });
    if (job.last_failure) moments.push({ what: 'failure', job, time: job.last_failure.time, key: `${job.id} failure` });
    if (job.last_prefetch_time) moments.push({ what: 'prefetch', job, time: job.last_prefetch_time, key: `${job.id} prefetch` });
  }
  for (const credential of credentials) {
    moments.push({ what: 'created', credential, time: credential.create_time, key: `${credential.id} created` });
    // A credential changes only when it is revoked.
    if (credential.state === 'REVOKED') moments.push({ what: 'revoked', credential, time: credential.update_time, key: `${credential.id} revoked` });
  }
  return moments.sort((a, b) => Date.parse(b.time) - Date.parse(a.time));
}
