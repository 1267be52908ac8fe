// What the page says of an attempt that made no passkey.

import { BindError, type BindErrorCode } from '../../../../shared/sdk/src/error.js';
import { fill, show } from './view.js';
import { otherWords, text, type State } from './words.js';

const stateOfCode: Partial<Record<BindErrorCode, State>> = {
  already_bound: 'used',
  already_registered: 'exists',
  busy: 'busy',
  cancelled: 'cancelled',
  expired: 'expired',
  failed_to_send: 'failed-to-send',
  network: 'offline',
  not_supported: 'unsupported',
  revoked: 'revoked',
  timed_out: 'cancelled',
  wrong_link: 'wrong-link',
};

export function showOutcome(error: unknown): void {
  const { code, reason, requestId: request, retryAfter } =
    error instanceof BindError ? error : new BindError('failed', { reason: (error as Error).name });
  const state = stateOfCode[code] ?? 'refused';
  if (state === 'busy') {
    const words = reason === 'too-many-attempts' ? otherWords.tooMany : {};
    show(state, { ...words, note: waitingTime(retryAfter) }, { request });
  } else if (state === 'refused') {
    const byServer = code === 'policy' && reason !== 'mechanism_not_allowed';
    show(state, byServer ? {} : otherWords.trouble, { reason, request });
  } else {
    show(state);
  }
}

function waitingTime(seconds = 0): string {
  if (!(seconds > 0)) return '';
  const [amount, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return fill(text.wait, { time: new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(amount) });
}
