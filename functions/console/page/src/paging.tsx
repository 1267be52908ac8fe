// Lists by page token, forward and back.
//
// A token leads to the next page only. The tokens of the pages before are in the history entry's state, so that Back,
// Forward and a reload of the browser work too; the filter is there because a token is valid for the same filter only.

import { go, useAddress } from './router.tsx';
import { W } from './words.ts';

interface Trail {
  tokens: string[];
  filter: string;
}

export interface Paging {
  /** The page token of this page: empty for the first one. */
  token: string;
  /** Counted from 0. */
  number: number;
  /** The filter of this walk through the list, or of a new one. */
  filter: string;
  turn: (by: 'next' | 'previous' | 'first', next?: string) => void;
}

function trail(): Trail | undefined {
  const state: unknown = history.state;
  const found = state as Partial<Trail> | null;
  return Array.isArray(found?.tokens) && typeof found.filter === 'string' ? { tokens: found.tokens, filter: found.filter } : undefined;
}

export function usePaging(fresh: string): Paging {
  const address = useAddress();
  const kept = trail();
  const tokens = kept?.tokens ?? [];
  const filter = kept?.filter ?? fresh;
  return {
    token: tokens.at(-1) ?? '',
    number: tokens.length,
    filter,
    turn: (by, next = '') => {
      const after = by === 'first' ? [] : by === 'previous' ? tokens.slice(0, -1) : [...tokens, next];
      const query = new URLSearchParams(address.search);
      query.delete('page');
      if (after.length > 0) query.set('page', String(after.length + 1));
      go(`${address.pathname}${query.size > 0 ? `?${query}` : ''}`, false, after.length > 0 ? { tokens: after, filter } : null);
    },
  };
}

/** `words` are those of a list that is not newest first. */
export function Pages({ paging: { number, turn }, next, words = { first: W.newest, previous: W.newer, next: W.more } }: {
  paging: Paging; next: string | undefined; words?: Record<'first' | 'previous' | 'next', string>;
}) {
  if (number === 0 && !next) return null;
  return (
    <>
      <span class="fine">{W.pageNumber(number + 1)}</span>
      {number > 1 && <button type="button" onClick={() => turn('first')}>{words.first}</button>}
      <button type="button" disabled={number === 0} onClick={() => turn('previous')}>{words.previous}</button>
      <button type="button" disabled={!next} onClick={() => turn('next', next)}>{words.next}</button>
    </>
  );
}
