// The state machine, small for a row and large for a page.

import type { Job, State } from '../api.ts';
import { STEPS } from '../funnel.ts';
import { STATES, W } from '../words.ts';

const ENDINGS: State[] = ['EXPIRED', 'REVOKED', 'FAILED_TO_SEND'];

/** How many of the four steps a job has been at. */
export function stepsDone(job: Job): number {
  const been = [...job.transitions.map(({ state }) => state), job.state].map((state) => STEPS.indexOf(state) + 1);
  return Math.max(job.state === 'FAILED_TO_SEND' ? 0 : 1, ...been);
}

export function Track({ job }: { job: Job }) {
  const done = stepsDone(job);
  return (
    <span class="track" data-state={job.state} aria-hidden="true">
      {STEPS.map((step, index) => <i key={step} class={index < done ? 'done' : ''} />)}
    </span>
  );
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The machine as a picture: the way down the middle, and how it can end otherwise. */
export function Machine({ job }: { job: Job }) {
  const time = (state: State) => {
    const moved = job.transitions.find((one) => one.state === state);
    return moved ? CLOCK.format(new Date(moved.time)) : '';
  };
  const done = Math.max(1, stepsDone(job));
  const ended = ENDINGS.includes(job.state) || job.state === 'COMPLETE';
  const box = (state: State, x: number, y: number, been: boolean) => (
    <g key={state} class={`node ${job.state === state ? 'lit' : been ? 'been' : ''}`} data-state={state}>
      <rect x={x} y={y} width="164" height="56" rx="12" />
      <text x={x + 82} y={y + (time(state) ? 25 : 33)}>{STATES[state].name}</text>
      {time(state) && <text class="time" x={x + 82} y={y + 43}>{time(state)}</text>}
    </g>
  );
  return (
    <div class="machine">
      <svg viewBox="0 0 792 210" role="img" aria-label={W.job.picture(STATES[job.state].name)}>
        {[0, 1, 2].map((step) => (
          <path key={step} class={step + 1 < done ? 'way been' : 'way'} d={`M${172 + step * 204} 36 h32 m-6 -5 l6 5 l-6 5`} />
        ))}
        {ENDINGS.map((state, index) => (job.state === state || (!ended && (done === 1 || state !== 'FAILED_TO_SEND'))) && (
          <path
            key={state}
            class={job.state === state ? 'way been' : 'way'}
            d={`M${90 + (done - 1) * 204} 64 V105 H${90 + index * 204} V144 m-5 -6 l5 6 l5 -6`}
          />
        ))}
        {STEPS.map((state, index) => box(state, 8 + index * 204, 8, index < done))}
        {ENDINGS.map((state, index) => box(state, 8 + index * 204, 146, false))}
      </svg>
      <ol class="steps">
        {(job.transitions.length > 0 ? job.transitions : [{ state: job.state, time: job.create_time }]).map(({ state }) => (
          <li key={state} data-state={state} class={state === job.state ? 'lit' : 'been'}>
            <span>{STATES[state].name}</span><span>{time(state)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
