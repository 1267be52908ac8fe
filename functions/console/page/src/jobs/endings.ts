// How a job can end without a passkey.

import type { Job, State } from '../api.ts';

const ENDINGS: State[] = ['EXPIRED', 'REVOKED', 'FAILED_TO_SEND'];

/** The ends besides COMPLETE that a job has reached or can still reach. Only a mail that nobody opened can fail. */
export function endings({ state, delivery_method: method }: Pick<Job, 'state' | 'delivery_method'>): State[] {
  if (state === 'COMPLETE') return [];
  if (ENDINGS.includes(state)) return [state];
  return ENDINGS.filter((end) => end !== 'FAILED_TO_SEND' || (method === 'EMAIL' && state === 'LINK_SENT'));
}
