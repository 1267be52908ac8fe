// Keeps the displayed data up to date.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import { Problem, serverNow } from './api.ts';
import { W } from './words.ts';

/** The time by the server's clock, updated periodically. */
export function useNow(every = 1000): number {
  const [now, setNow] = useState(serverNow());
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

export interface Live<T> {
  value?: T;
  problem?: Problem;
  /** When the value arrived, in milliseconds by this machine's clock. */
  time?: number;
  /** Requests the value at once. */
  again: () => void;
}

export const problemOf = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(0, W.failed, error instanceof Error ? error.message : String(error));

/**
 * Requests a value, and repeats the request at this interval in milliseconds while the page is visible, or never if it
 * is 0. The old value stays during a new request. A new `key` is a different request.
 */
export function useLive<T>(key: string, ask: (signal: AbortSignal) => Promise<T>, every: number | ((value: T) => number)): Live<T> {
  const [state, setState] = useState<{ key: string; value?: T; time?: number; problem?: Problem }>({ key });
  const [round, setRound] = useState(0);
  const question = useRef(ask);
  question.current = ask;
  const pace = useRef(every);
  pace.current = every;
  useEffect(() => {
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async (): Promise<void> => {
      clearTimeout(timer);
      let wait = 5000;
      try {
        const value = await question.current(gone.signal);
        if (gone.signal.aborted) return;
        setState({ key, value, time: Date.now() });
        wait = typeof pace.current === 'function' ? pace.current(value) : pace.current;
      } catch (error) {
        if (gone.signal.aborted) return;
        const problem = problemOf(error);
        setState((before) => ({ ...(before.key === key ? before : { key }), problem }));
        // Only temporary errors are retried.
        if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) return;
        if (problem.retryAfter) wait = problem.retryAfter * 1000;
      }
      if (wait > 0 && !document.hidden) timer = setTimeout(next, wait);
    };
    const seen = () => {
      if (document.hidden) clearTimeout(timer);
      else void next();
    };
    void next();
    document.addEventListener('visibilitychange', seen);
    // The browser reports at once when the network is lost or restored.
    addEventListener('offline', seen);
    addEventListener('online', seen);
    return () => {
      removeEventListener('offline', seen);
      removeEventListener('online', seen);
      gone.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [key, round]);
  const again = useCallback(() => setRound((round) => round + 1), []);
  const now = state.key === key ? state : { key };
  return { ...now, again };
}
