// The arithmetic of a batch: what became of its recipients, and whether it sends.

import type { Batch, BatchSummary, State } from '../api.ts';
import type { W } from '../words.ts';

/** Whether a batch sends invitations, and how it ended. */
export type Phase = keyof typeof W.campaigns.phases;

export function phaseOf({ state, control, start_time: start }: Pick<Batch | BatchSummary, 'state' | 'control' | 'start_time'>, now: number): Phase {
  if (control?.state === 'cancelled') return 'cancelled';
  if (state !== 'RUNNING') return state === 'SUCCESS' ? 'done' : state === 'FAILED' ? 'failed' : 'partly';
  if (control?.state === 'paused') return 'paused';
  if (control?.state === 'stopped_by_bounces') return 'stopped';
  return Date.parse(start) > now ? 'scheduled' : 'sending';
}

/** The color of a phase, as a state of a job has it. */
export const TONES: Record<Phase, State> = {
  scheduled: 'LINK_SENT', sending: 'REQUEST_DELIVERED', paused: 'LINK_OPENED', stopped: 'FAILED_TO_SEND', cancelled: 'EXPIRED',
  done: 'COMPLETE', partly: 'LINK_OPENED', failed: 'FAILED_TO_SEND',
};

export const PARTS = ['complete', 'opened', 'sent', 'bounced', 'skipped', 'failed', 'remaining'] as const;
export type Part = (typeof PARTS)[number];

/** The recipients in disjoint parts, whose sum is the total. */
export function partsOf({ total, invited, opened, complete, bounced, skipped, failed }: Batch['counts']): Record<Part, number> {
  // A job can be complete without having been opened, and a mail can bounce after a reminder although its link was opened.
  const inProgress = Math.max(0, opened - complete);
  const unopened = Math.max(0, invited - complete - inProgress);
  const lost = Math.min(bounced, unopened);
  return {
    complete, opened: inProgress, sent: unopened - lost, bounced: lost, skipped, failed,
    remaining: Math.max(0, total - invited - skipped - failed),
  };
}

export interface Bar {
  /** The start of the span, in milliseconds. */
  from: number;
  invited: number;
  opened: number;
  complete: number;
}

const HOUR = 3_600_000;
/** The most bars of a chart. */
const MOST_BARS = 72;

/** The hours of a batch without gaps, or spans of several hours if there would be too many. */
export function barsOf(hours: Batch['hours']): { bars: Bar[]; hoursPerBar: number } {
  const times = hours.map(({ hour }) => Date.parse(hour));
  if (times.length === 0) return { bars: [], hoursPerBar: 1 };
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const hoursPerBar = [1, 6, 24, 24 * 7].find((size) => (last - first) / HOUR / size < MOST_BARS) ?? 24 * 30;
  const size = hoursPerBar * HOUR;
  const begin = Math.floor(first / size) * size;
  const bars = Array.from({ length: Math.floor((last - begin) / size) + 1 }, (_, index): Bar => ({ from: begin + index * size, invited: 0, opened: 0, complete: 0 }));
  for (const { hour, invited, opened, complete } of hours) {
    const bar = bars[Math.floor((Date.parse(hour) - begin) / size)];
    if (!bar) continue;
    bar.invited += invited;
    bar.opened += opened;
    bar.complete += complete;
  }
  return { bars, hoursPerBar };
}
