// How far a set of jobs progressed.

import type { Credential, Job, State } from './api.ts';

export const STEPS: State[] = ['LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED', 'COMPLETE'];

export interface Step {
  state: State;
  count: number;
  /** The share of the jobs that reached the previous step. */
  share: number;
  /** Median time since the previous step, in milliseconds. */
  median?: number;
}

export interface Overview {
  total: number;
  states: Map<State, number>;
  steps: Step[];
  bounced: Job[];
  stuck: Job[];
}

export function median(values: number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) return undefined;
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2;
}

/** When a job reached a state or passed it. A step may be skipped: an SDK continues without a stop. */
function reached(job: Job, state: State): number | undefined {
  const wanted = STEPS.indexOf(state);
  const times = job.transitions.filter((one) => STEPS.indexOf(one.state) >= wanted).map(({ time }) => Date.parse(time));
  if (times.length > 0) return Math.min(...times);
  return state === 'LINK_SENT' && job.state !== 'FAILED_TO_SEND' ? Date.parse(job.create_time) : undefined;
}

const OPEN_TOO_LONG = 15 * 60_000;
const BOUNCES = ['BOUNCED', 'COMPLAINED', 'REJECTED'];

export function overview(jobs: Job[], now: number): Overview {
  const states = new Map<State, number>();
  for (const { state } of jobs) states.set(state, (states.get(state) ?? 0) + 1);
  let before = jobs.length;
  const steps = STEPS.map((state, index): Step => {
    const there = jobs.filter((job) => reached(job, state) !== undefined);
    const previous = STEPS[index - 1];
    const times = previous
      ? there.map((job) => (reached(job, state) ?? 0) - (reached(job, previous) ?? 0))
      : [];
    const middle = median(times);
    const step = { state, count: there.length, share: before === 0 ? 0 : there.length / before };
    before = there.length;
    return middle === undefined ? step : { ...step, median: middle };
  });
  const stuck = jobs.filter(({ state, update_time: time }) =>
    (state === 'LINK_OPENED' || state === 'REQUEST_DELIVERED') && now - Date.parse(time) > OPEN_TOO_LONG);
  const bounced = jobs.filter((job) => job.state === 'FAILED_TO_SEND' || BOUNCES.includes(job.email_status ?? ''));
  return { total: jobs.length, states, steps, bounced, stuck };
}

export interface Use {
  created: number;
  /** How many of them have signed in. */
  used: number;
  /** Whether older passkeys of the period were not counted. */
  cut: boolean;
}

export const useOf = (credentials: Credential[], cut: boolean): Use =>
  ({ created: credentials.length, used: credentials.filter(({ last_used_time: time }) => time !== undefined).length, cut });
