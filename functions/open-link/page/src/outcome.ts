// What the page says of an attempt that made no passkey.

import { BindError, type BindErrorCode } from '../../../../shared/sdk/src/error.js';
import { fill, show } from './view.js';
import { other, remedy, states, text, type State } from './words.js';

// Other codes are the states of the same name.
const stateOfCode: Partial<Record<BindErrorCode, State>> = {
  already_bound: 'used',
  already_registered: 'exists',
  failed_to_send: 'failed-to-send',
  network: 'offline',
  not_supported: 'unsupported',
  timed_out: 'cancelled',
  wrong_link: 'wrong-link',
};

const busyWith: Record<string, 'tooMany' | 'mailedNow'> = { 'too-many-attempts': 'tooMany', 'mail-too-soon': 'mailedNow' };

export async function showOutcome(error: unknown): Promise<void> {
  const { code, reason = '', requestId: request, retryAfter } =
    error instanceof BindError ? error : new BindError('failed', { reason: (error as Error).name });
  const state = stateOfCode[code] ?? (code in states ? (code as State) : 'refused');
  if (state === 'busy') {
    const cause = busyWith[reason];
    show(state, { ...(cause && other[cause]), note: waitingTime(retryAfter) }, { request });
  } else if (state === 'refused') {
    const lead = code === 'policy' && (await remedy(reason));
    show(state, lead ? { lead } : code === 'policy' ? {} : other.trouble, { reason, request });
  } else {
    show(state);
  }
}

function waitingTime(seconds = 0): string {
  if (!(seconds > 0)) return '';
  const [amount, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  const format = new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit, unitDisplay: 'long' });
  return fill(text.wait, { time: format.format(amount) });
}
