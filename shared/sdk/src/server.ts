import { BindError, type BindErrorCode } from './error.js';
import type { Link } from './link.js';
import type { Problem, ProblemType } from './wire.js';

/** The timeout of a request. */
const ANSWER_WITHIN = 30_000;

/** The last segment of a problem's type. */
type ProblemKind = ProblemType extends infer Type ? (Type extends `https://bindery.dev/problems/${infer Kind}` ? Kind : never) : never;

/** Kinds that the holder of a link never gets, or whose status is sufficient. */
type CodedByStatus =
  | 'code-expired' | 'code-redeemed' | 'disownment-expired' | 'idempotency-key-reused' | 'job-not-expired' | 'job-not-ready'
  | 'job-too-far' | 'mail-too-soon' | 'queue-full' | 'renewal-not-allowed' | 'request-in-progress' | 'sign-in-disabled' | 'sign-in-expired'
  | 'sign-in-used' | 'too-many-attempts' | 'too-many-mails' | 'unknown-credential';

/** @internal The codes of all other kinds: a new kind does not compile until it is in one of the lists. */
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

/** A response of the server. */
export interface Answer<Body> {
  body: Body;
  /** How far this device's clock is behind the server's, in milliseconds; 0 if the server sends no date. */
  behind: number;
}

/** Sends a request about the link's job. */
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
    // No response, an incomplete one, or one from another server, such as a hotel's sign-in page.
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

/** A proxy or a firewall in between sends its own kind of response. */
function problemIn(text: string): Partial<Record<keyof Problem, unknown>> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** Accepts names and ids only, because prose could repeat a secret. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w:/.=+-]{1,128}$/.test(value) ? value : undefined;
}

function codeOfStatus(status: number): BindErrorCode {
  if (status === 404) return 'wrong_link';
  return status === 429 || status >= 500 ? 'busy' : 'failed';
}
