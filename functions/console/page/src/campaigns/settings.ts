// The settings of a new batch, as the form has them and as the API takes them.

import type { BatchSettings, FieldViolation, OnEnrolled, OnPending } from '../../../../../shared/sdk/src/wire.ts';
import type { Recipient } from './recipients.ts';

/** The most recipients of a batch. */
export const LARGEST = 1000;

export interface Draft {
  list: string;
  config: string;
  pace: string;
  /** In the browser's time zone, as `datetime-local` has it. */
  start: string;
  life: string;
  redirect: string;
  enrolled: OnEnrolled;
  pending: OnPending;
  quiet: boolean;
  zone: string;
  from: string;
  to: string;
  /** Days after the invitation, such as `3, 6`. */
  reminders: string;
}

const DAY = 86_400;

/** The settings of a draft. Invalid values are sent unchanged: the server names the field and the remedy. */
export function settingsOf({ config, pace, start, life, redirect, enrolled, pending, quiet, zone, from, to, reminders }: Draft, ids: string[]): BatchSettings {
  const days = reminders.split(/[\s,;]+/).filter(Boolean).map(Number);
  const begin = new Date(start);
  return {
    identity_ids: ids,
    job_template: {
      authenticator_config_id: config,
      ...(life && { expires_in_seconds: Number(life) }),
      ...(redirect && { post_binding_redirect_uri: redirect }),
    },
    ...(start && !Number.isNaN(begin.getTime()) && { start_time: begin.toISOString() }),
    ...(pace && { pacing: { max_per_minute: Number(pace) } }),
    ...(quiet && { quiet_hours: { time_zone: zone, from, to } }),
    ...(days.length > 0 && { reminders: days.map((count) => ({ after_seconds: Math.round(count * DAY) })) }),
    on_existing: { enrolled, pending },
  };
}

export const bodyOf = (settings: BatchSettings, dry: boolean): object => ({ batch_credential_binding_job: { ...settings, ...(dry && { dry_run: true }) } });

const INDEX = /\bidentity_ids\[(\d+)\]$/;

/** The recipients that the violations are about, or none if there are other violations. */
export function unknownIn(fields: FieldViolation[], recipients: Recipient[]): Recipient[] {
  const found = fields.map(({ field }) => recipients[Number(INDEX.exec(field)?.[1] ?? -1)]);
  return found.length > 0 && found.every((one) => one !== undefined) ? found : [];
}
