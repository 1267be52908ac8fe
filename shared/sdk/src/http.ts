/** The timeout of a request. */
const ANSWER_WITHIN = 30_000;

/** A response of the server. */
export interface Answer<Body = any> {
  ok: boolean;
  status: number;
  /** The JSON of the body; for an error that is not JSON an empty object. */
  body: Body;
  /** How far this device's clock is behind the server's, in milliseconds; 0 if the server sends no date. */
  behind: number;
  /** The last segment of a problem's type. */
  kind: string | undefined;
  /** The parts of a problem that may be logged. */
  facts: { reason: string | undefined; requestId: string | undefined; retryAfter: number | undefined };
}

/**
 * Sends a request. Throws a `Failure`: `aborted` if the caller's signal was, `network` if there is no response, an
 * incomplete one, or one from another server, such as a hotel's sign-in page.
 */
export async function send(
  url: string,
  init: RequestInit,
  signal: AbortSignal | undefined,
  Failure: new (code: 'aborted' | 'network') => Error,
): Promise<Answer> {
  const within = new AbortController();
  const abort = () => within.abort();
  const timer = setTimeout(abort, ANSWER_WITHIN);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  try {
    const response = await fetch(url, {
      ...init,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: within.signal,
    });
    const { ok, status, headers } = response;
    const json = response.json();
    // A proxy or a firewall in between sends its own kind of response.
    const body = ok ? await json : ((await json.catch(() => {})) ?? {});
    const behind = Date.parse(headers.get('Date')!) - Date.now() || 0; // the date of null is NaN
    const kind = word(body.type)?.split('/problems/')[1];
    const reason = word(body.reason) ?? kind ?? word(body.code);
    const requestId = word(body.request_id) ?? word(headers.get('X-Request-Id'));
    const retryAfter = +headers.get('Retry-After')! || undefined;
    return { ok, status, kind, behind, body, facts: { reason, requestId, retryAfter } };
  } catch {
    throw new Failure(signal?.aborted ? 'aborted' : 'network');
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Accepts names and ids only, because prose could repeat a secret. */
export function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w:/.=+-]{1,128}$/.test(value) ? value : undefined;
}
