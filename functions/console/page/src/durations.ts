// Short texts for durations.

const UNITS: [string, number][] = [['d', 86_400], ['h', 3600], ['min', 60], ['s', 1]];

/** At most two units, rounded to the smaller one: `6 d 23 h`, `7 d`, `4 min 10 s`, `< 1 s`. */
export function span(milliseconds: number): string {
  return parts(milliseconds).join(' ');
}

/** One unit, for a column. */
export const roughly = (milliseconds: number): string => parts(milliseconds)[0] ?? '';

function parts(milliseconds: number): string[] {
  if (milliseconds <= 0) return ['0 s'];
  if (milliseconds < 1000) return ['< 1 s'];
  let seconds = Math.round(milliseconds / 1000);
  const unit = () => UNITS.findIndex(([, size]) => seconds >= size);
  const [, small] = UNITS[unit() + 1] ?? ['s', 1];
  seconds = Math.round(seconds / small) * small;
  // Rounding may carry: 59 min 59.6 s is 1 h.
  return UNITS.slice(unit(), unit() + 2).flatMap(([name, size]) => {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    return count > 0 ? [`${count} ${name}`] : [];
  });
}

const WHOLE = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]] as const;

/** A lifetime in its largest whole unit, such as "7 days". */
export function lifetime(seconds: number): string {
  const [unit, size] = WHOLE.find(([, size]) => seconds % size === 0) ?? ['second', 1];
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size);
}
