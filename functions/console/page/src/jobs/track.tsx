// The state machine, small for a row and large for a page.

import type { Job, State } from '../api.ts';
import { STEPS } from '../funnel.ts';
import { STATES, W } from '../words.ts';
import { endings } from './endings.ts';

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

const MOMENT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The machine as a picture: the steps in a row, and below them how the job can end otherwise. */
export function Machine({ job }: { job: Job }) {
  const time = (state: State) => {
    const moved = job.transitions.find((one) => one.state === state);
    return moved ? MOMENT.format(new Date(moved.time)) : '';
  };
  const done = Math.max(1, stepsDone(job));
  const ends = endings(job);
  const box = (state: State, x: number, y: number, been: boolean) => (
    <g key={state} class={`node ${job.state === state ? 'lit' : been ? 'been' : ''}`} data-state={state}>
      <rect x={x} y={y} width="164" height="56" rx="12" />
      <text x={x + 82} y={y + (time(state) ? 25 : 33)}>{STATES[state].name}</text>
      {time(state) && <text class="time" x={x + 82} y={y + 43}>{time(state)}</text>}
    </g>
  );
  const arrow = (key: string, been: boolean, line: string, head: string) => (
    <g key={key} class={been ? 'way been' : 'way'}><path d={line} /><path class="head" d={head} /></g>
  );
  const from = 90 + (done - 1) * 204;
  return (
    <div class="machine">
      <svg viewBox={`0 0 792 ${ends.length > 0 ? 210 : 72}`} role="img" aria-label={W.job.picture(STATES[job.state].name)}>
        {[0, 1, 2].map((step) => arrow(`step ${step}`, step + 1 < done, `M${173 + step * 204} 36 h28`, `M${209 + step * 204} 36 l-10 -6 v12 z`))}
        {ends.map((state, index) => arrow(state, job.state === state, `M${from} 65 V105 H${90 + index * 204} V134`, `M${90 + index * 204} 144 l-6 -10 h12 z`))}
        {STEPS.map((state, index) => box(state, 8 + index * 204, 8, index < done))}
        {ends.map((state, index) => box(state, 8 + index * 204, 146, false))}
      </svg>
      <ol class="steps">
        {job.transitions.map(({ state }) => (
          <li key={state} data-state={state} class={state === job.state ? 'lit' : 'been'}>
            <span>{STATES[state].name}</span><span>{time(state)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
