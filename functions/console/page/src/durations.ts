// Spans of time in words, short.

const UNITS: [string, number][] = [['d', 86_400], ['h', 3600], ['min', 60], ['s', 1]];

/** Two units at most: `6 d 23 h`, `4 min 10 s`, `0 s`. */
export function span(milliseconds: number): string {
  let seconds = Math.max(0, Math.round(milliseconds / 1000));
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  if (first < 0) return '0 s';
  const parts: string[] = [];
  for (const [name, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(seconds / size);
    if (count > 0) parts.push(`${count} ${name}`);
    seconds -= count * size;
  }
  return parts.join(' ');
}

/** One unit: for a column. */
export const roughly = (milliseconds: number): string => span(milliseconds).split(' ').slice(0, 2).join(' ');

const WHOLE = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]] as const;

/** A lifetime in its largest whole unit, such as "7 days". */
export function lifetime(seconds: number): string {
  const [unit, size] = WHOLE.find(([, size]) => seconds % size === 0) ?? ['second', 1];
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size);
}
