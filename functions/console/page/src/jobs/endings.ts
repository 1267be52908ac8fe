// How a job can end without a passkey.

import type { Job, State } from '../api.ts';

const ENDINGS: State[] = ['EXPIRED', 'REVOKED', 'FAILED_TO_SEND'];

/** The terminal states besides COMPLETE that a job has or can still reach. A mail can fail only before the opening. */
export function endings({ state, delivery_method: method }: Pick<Job, 'state' | 'delivery_method'>): State[] {
  if (state === 'COMPLETE') return [];
  if (ENDINGS.includes(state)) return [state];
  return ENDINGS.filter((end) => end !== 'FAILED_TO_SEND' || (method === 'EMAIL' && state === 'LINK_SENT'));
}
