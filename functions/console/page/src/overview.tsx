// How it goes: from link to passkey, over a span of time.

import { Action } from './allowed.tsx';
import { page, realmPath, serverNow, type Job, type Place, type State } from './api.ts';
import { span } from './durations.ts';
import { filterOf } from './filter.ts';
import { median, overview, type Overview as Numbers } from './funnel.ts';
import { Table } from './jobs/list.tsx';
import { useLive } from './live.ts';
import { Empty, Heading, Shown } from './parts.tsx';
import { go, inRealm, Link, useAddress } from './router.tsx';
import { SPANS, STATES, W } from './words.ts';

/** Pages of 200. More would take long, and cost the owner of the table. */
const PAGES = 5;

interface Counted {
  numbers: Numbers;
  jobs: Job[];
  truncated: boolean;
}

export function Overview({ place }: { place: Place }) {
  const address = useAddress();
  const chosen = address.searchParams.get('since') ?? '7d';
  const counted = useLive(`overview ${address.href}`, async (signal): Promise<Counted> => {
    const length = SPANS.find(([name]) => name === chosen)?.[2];
    const filter = length === undefined ? '' : filterOf({ since: Math.floor((serverNow() - length) / 60_000) * 60_000 });
    const jobs: Job[] = [];
    let next: string | undefined;
    for (let number = 0; number < PAGES && (number === 0 || next); number += 1) {
      const got = await page<Job>(`${realmPath(place)}/identities/-/credential-binding-jobs`, 'credential_binding_jobs', { page_size: '200', filter, page_token: next ?? '' }, signal);
      jobs.push(...got.items);
      next = got.next;
    }
    return { jobs, numbers: overview(jobs, serverNow()), truncated: next !== undefined };
  }, 15_000);
  return (
    <>
      <Heading aside={
        <select aria-label={W.jobs.since} value={chosen} onChange={({ currentTarget }) => go(`${address.pathname}?since=${currentTarget.value}`, true)}>
          {SPANS.map(([value, name]) => <option key={value} value={value}>{name}</option>)}
        </select>
      }>{W.overview.title}</Heading>
      <Shown of={counted}>{({ numbers, jobs, truncated }) => numbers.total === 0
        ? <Empty title={W.overview.empty} text={W.jobs.emptyText}><Action needs="credential-binding-jobs:create" class="first" to={inRealm(place, 'jobs', 'new')}>{W.jobs.create}</Action></Empty>
        : (
          <>
            {truncated && <p class="hint">{W.overview.truncated(numbers.total)}</p>}
            <Figures numbers={numbers} jobs={jobs} />
            <Funnel numbers={numbers} />
            <States place={place} numbers={numbers} />
            <div class="columns">
              <Bad place={place} title={W.overview.stuck} text={W.overview.stuckText} none={W.overview.noStuck} jobs={numbers.stuck} />
              <Bad place={place} title={W.overview.bounced} text={W.overview.bouncedText} none={W.overview.noBounced} jobs={numbers.bounced} />
            </div>
          </>
        )}
      </Shown>
    </>
  );
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function Figures({ numbers, jobs }: { numbers: Numbers; jobs: Job[] }) {
  const made = numbers.steps[3]?.count ?? 0;
  const times = jobs.flatMap(({ transitions, create_time: begin }) =>
    transitions.filter(({ state }) => state === 'COMPLETE').map(({ time }) => Date.parse(time) - Date.parse(begin)));
  const middle = median(times);
  return (
    <div class="figures">
      <p><strong>{numbers.total}</strong>{W.overview.jobs}</p>
      <p><strong>{percent(made / numbers.total)}</strong>{W.overview.made}</p>
      <p><strong>{middle === undefined ? '–' : span(middle)}</strong>{W.overview.median}</p>
      <p class={numbers.bounced.length > 0 ? 'bad' : ''}><strong>{numbers.bounced.length}</strong>{W.overview.undelivered}</p>
    </div>
  );
}

/** A river that gets narrower: its height at each step is the share of jobs that came so far. */
function Funnel({ numbers }: { numbers: Numbers }) {
  const [width, height, middle] = [900, 200, 100];
  const half = numbers.steps.map(({ count }) => Math.max(1, (count / numbers.total) * 84));
  const x = (index: number) => index * (width / 4);
  const edge = (sign: number) => half.map((now, index) => {
    const [from, to, next] = [x(index), x(index + 1), half[index + 1] ?? now];
    return sign < 0
      ? `L${from} ${middle - now} H${to - 80} C${to - 40} ${middle - now} ${to - 40} ${middle - next} ${to} ${middle - next}`
      : `H${to} C${to - 40} ${middle + next} ${to - 40} ${middle + now} ${to - 80} ${middle + now} H${from}`;
  });
  const river = `M0 ${middle - (half[0] ?? 0)} ${edge(-1).join(' ')} L${width} ${middle + (half[3] ?? 0)} ${edge(1).reverse().join(' ')} Z`;
  return (
    <section class="card funnel">
      <h2>{W.overview.funnel}</h2>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={W.overview.chart}>
        <path d={river} />
        {[1, 2, 3].map((index) => <line key={index} x1={x(index)} x2={x(index)} y1="0" y2={height} />)}
      </svg>
      <ol>
        {numbers.steps.map(({ state, count, share, median: middle }, index) => (
          <li key={state} data-state={state}>
            <strong>{count}</strong>
            <span>{STATES[state].name}</span>
            {index > 0 && <small>{percent(share)}{middle !== undefined && <> · {W.overview.after(span(middle))}</>}</small>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function States({ place, numbers }: { place: Place; numbers: Numbers }) {
  const all = Object.keys(STATES).filter((state) => numbers.states.get(state as State)) as State[];
  return (
    <section class="card states">
      <h2>{W.overview.states}</h2>
      <div class="bar" aria-hidden="true">
        {all.map((state) => <i key={state} data-state={state} style={{ flexGrow: numbers.states.get(state) ?? 0 }} />)}
      </div>
      <ul>
        {all.map((state) => (
          <li key={state}><Link to={`${inRealm(place, 'jobs')}?state=${state}`}><i data-state={state} />{STATES[state].name} <strong>{numbers.states.get(state)}</strong></Link></li>
        ))}
      </ul>
    </section>
  );
}

function Bad({ place, title, text, none, jobs }: { place: Place; title: string; text: string; none: string; jobs: Job[] }) {
  return (
    <section class="card">
      <h2>{title}{jobs.length > 0 && <span class="count">{jobs.length}</span>}</h2>
      <p class="hint">{jobs.length > 0 ? text : none}</p>
      {jobs.length > 0 && <div class="narrow"><Table place={place} jobs={jobs.slice(0, 5)} /></div>}
    </section>
  );
}
