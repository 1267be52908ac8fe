// A funnel as a river that gets narrower: its height at each step is the share of all that came so far.

import { span } from './durations.ts';
import { W } from './words.ts';

export interface Reached {
  key: string;
  name: string;
  count: number;
  /** The share of those that reached the previous step. */
  share: number;
  /** Median time since the previous step, in milliseconds. */
  median?: number;
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

export function River({ title, label, total, steps }: { title: string; label: string; total: number; steps: Reached[] }) {
  const [width, height, middle] = [900, 200, 100];
  const half = steps.map(({ count }) => Math.max(1, (count / total) * 84));
  const x = (index: number) => index * (width / steps.length);
  const edge = (sign: number) => half.map((now, index) => {
    const [from, to, next] = [x(index), x(index + 1), half[index + 1] ?? now];
    return sign < 0
      ? `L${from} ${middle - now} H${to - 80} C${to - 40} ${middle - now} ${to - 40} ${middle - next} ${to} ${middle - next}`
      : `H${to} C${to - 40} ${middle + next} ${to - 40} ${middle + now} ${to - 80} ${middle + now} H${from}`;
  });
  const river = `M0 ${middle - (half[0] ?? 0)} ${edge(-1).join(' ')} L${width} ${middle + (half.at(-1) ?? 0)} ${edge(1).reverse().join(' ')} Z`;
  return (
    <section class="card funnel">
      <h2>{title}</h2>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <path d={river} />
        {steps.slice(1).map(({ key }, index) => <line key={key} x1={x(index + 1)} x2={x(index + 1)} y1="0" y2={height} />)}
      </svg>
      <ol>
        {steps.map(({ key, name, count, share, median }, index) => (
          <li key={key} data-state={key}>
            <strong>{count}</strong>
            <span>{name}</span>
            {index > 0 && <small>{percent(share)}{median !== undefined && <> · {W.overview.after(span(median))}</>}</small>}
          </li>
        ))}
      </ol>
    </section>
  );
}
