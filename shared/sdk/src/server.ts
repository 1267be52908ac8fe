import { BindError, type BindErrorCode } from './error.js';
import type { Link } from './link.js';
import type { Problem, ProblemType } from './wire.js';

/** How long one answer may take. */
const ANSWER_WITHIN = 30_000;

/** The last segment of a problem's type. */
type ProblemKind = ProblemType extends infer Type ? (Type extends `https://bindery.dev/problems/${infer Kind}` ? Kind : never) : never;

/** Kinds that no holder of a link gets, or whose status says enough. */
type CodedByStatus =
  | 'code-expired' | 'code-redeemed' | 'disownment-expired' | 'idempotency-key-reused' | 'job-not-expired' | 'job-not-ready'
  | 'job-too-far' | 'mail-too-soon' | 'renewal-not-allowed' | 'request-in-progress' | 'sign-in-disabled' | 'sign-in-expired'
  | 'sign-in-used' | 'too-many-attempts' | 'too-many-mails' | 'unknown-credential';

/** @internal The codes of all other kinds: a new kind does not compile until it is in either list. */
export const CODE_OF_PROBLEM: Partial<Record<string, BindErrorCode>> = {
  'job-complete': 'already_bound',
  'job-expired': 'expired',
  'job-revoked': 'revoked',
  'link-replaced': 'revoked',
  'job-failed-to-send': 'failed_to_send',
  'identity-suspended': 'suspended',
  'ceremony-expired': 'timed_out',
  'untrusted-origin': 'not_trusted_origin',
  'unknown-link': 'wrong_link',
  'credential-exists': 'policy',
  'proof-refused': 'policy',
} satisfies Record<Exclude<ProblemKind, CodedByStatus>, BindErrorCode>;

/** An answer of the server. */
export interface Answer<Body> {
  body: Body;
  /** How far this device's clock is behind the server's, in milliseconds; 0 where the server does not tell. */
  behind: number;
}

/** Asks the server to do something with the link's job. */
export async function ask<Body>(
  { job }: Link,
  verb: 'preview' | 'previewDisown' | 'invokeAuthenticator' | 'open' | 'getInfo' | 'bind' | 'decline' | 'disown' | 'renew',
  secret: string,
  { body, signal }: { body?: unknown; signal?: AbortSignal | undefined } = {},
): Promise<Answer<Body>> {
  const embedded = verb === 'invokeAuthenticator';
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (!embedded) headers.Authorization = `Bearer ${secret}`;
  if (body) headers['Content-Type'] = 'application/json';
  const within = limit(signal);
  try {
    const response = await fetch(`${job}:${verb}${embedded ? `?token=${encodeURIComponent(secret)}` : ''}`, {
      method: embedded || verb.startsWith('preview') ? 'GET' : 'POST',
      headers,
      body: body ? JSON.stringify(body) : null,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: within.signal,
    });
    const text = await response.text();
    if (!response.ok) throw refusal(response, text);
    const behind = Date.parse(response.headers.get('Date') ?? '') - Date.now();
    return { body: JSON.parse(text), behind: behind || 0 };
  } catch (error) {
    if (signal?.aborted) throw new BindError('aborted');
    // No answer, half an answer, or somebody else's (a hotel's log-in page).
    throw error instanceof BindError ? error : new BindError('network');
  } finally {
    within.end();
  }
}

function limit(signal: AbortSignal | undefined) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, ANSWER_WITHIN);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  const end = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  };
  return { signal: controller.signal, end };
}

function refusal({ status, headers }: Response, text: string): BindError {
  const problem = problemIn(text);
  const kind = word(problem.type)?.split('/problems/')[1] ?? '';
  const reason = word(problem.reason) ?? (kind || word(problem.code));
  return new BindError(CODE_OF_PROBLEM[kind] ?? codeOfStatus(status), {
    reason,
    requestId: word(problem.request_id) ?? word(headers.get('X-Request-Id')),
    retryAfter: Number(headers.get('Retry-After')) || undefined,
    credentialId: kind === 'job-complete' ? word(problem.credential_id) : undefined,
  });
}

/** Something in between (a proxy, a firewall) answers in its own way. */
function problemIn(text: string): Partial<Record<keyof Problem, unknown>> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** A name or an id; prose could repeat anything. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w:/.=+-]{1,128}$/.test(value) ? value : undefined;
}

function codeOfStatus(status: number): BindErrorCode {
  if (status === 404) return 'wrong_link';
  return status === 429 || status >= 500 ? 'busy' : 'failed';
}
