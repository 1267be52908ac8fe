// Pictures of a batch: its progress as a bar, and what happened in each hour.

import type { Batch } from '../api.ts';
import { W } from '../words.ts';
import { barsOf, PARTS, partsOf } from './progress.ts';

const C = W.campaigns;

export function ProgressBar({ counts }: { counts: Batch['counts'] }) {
  const parts = partsOf(counts);
  return (
    <div class="bar parts" aria-hidden="true">
      {PARTS.filter((part) => parts[part] > 0).map((part) => <i key={part} data-part={part} style={{ flexGrow: parts[part] }} />)}
    </div>
  );
}

export function Legend({ counts }: { counts: Batch['counts'] }) {
  const parts = partsOf(counts);
  return (
    <ul class="legend">
      {PARTS.filter((part) => parts[part] > 0).map((part) => <li key={part} data-part={part}><i />{C.parts[part]} <strong>{parts[part]}</strong></li>)}
    </ul>
  );
}

const SERIES = ['invited', 'opened', 'complete'] as const;
const HOUR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

export function Hours({ batch }: { batch: Batch }) {
  const { bars, hoursPerBar } = barsOf(batch.hours);
  if (bars.length === 0) return null;
  const most = Math.max(1, ...bars.flatMap((bar) => SERIES.map((name) => bar[name])));
  const [height, width, gap] = [120, 36, 8];
  return (
    <section class="card hours">
      <h2>{C.byHour(hoursPerBar)}</h2>
      <div class="scroll">
        <svg viewBox={`0 0 ${Math.max(bars.length, 12) * (width + gap)} ${height + 2}`} preserveAspectRatio="none" role="img" aria-label={C.hoursChart}>
          {bars.map((bar, index) => SERIES.map((name, column) => {
            const size = (bar[name] / most) * height;
            return size > 0 && <rect key={`${bar.from} ${name}`} data-series={name} x={index * (width + gap) + column * (width / 3)} y={height - size} width={width / 3 - 1} height={size}><title>{`${HOUR.format(bar.from)}: ${bar[name]} ${C.series[name]}`}</title></rect>;
          }))}
          <line x1="0" x2="100%" y1={height + 1} y2={height + 1} />
        </svg>
      </div>
      <p class="axis fine"><span>{HOUR.format(bars[0]?.from)}{bars.length > 1 && <> – {HOUR.format(bars.at(-1)?.from)}</>}</span><span>{C.mostInBar(most)}</span></p>
      <ul class="legend">{SERIES.map((name) => <li key={name} data-series={name}><i />{C.series[name]}</li>)}</ul>
      <details>
        <summary>{C.asTable}</summary>
        <table class="plain">
          <thead><tr><th scope="col">{C.from}</th>{SERIES.map((name) => <th key={name} scope="col">{C.series[name]}</th>)}</tr></thead>
          <tbody>
            {bars.filter((bar) => SERIES.some((name) => bar[name] > 0)).map((bar) => (
              <tr key={bar.from}><td>{HOUR.format(bar.from)}</td>{SERIES.map((name) => <td key={name}>{bar[name]}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
